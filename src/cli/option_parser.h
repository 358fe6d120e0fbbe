/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_OPTION_PARSER_H
#define CLI_OPTION_PARSER_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "cli/exit_status.h"
#include "input/given_files.h"
#include "show/text_style.h"

enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

struct command;

/**
 * struct common - the options that commands share; the first member of each command's struct
 * @color:    argument of --color; every command has @color, @quiet and @verbose
 * @lines:    each JSON document is on one line
 * @fail_on:  the argument of --fail-on
 * @boot:     number of the boot to read from a kernel log, as for read_source()
 * @loaders:  EFIMAP_LOADER_BIT() of the argument of --loader; 0 if it is not given
 * @source:   the SOURCE, "/" by default
 * @file:     the argument of -O, NULL for standard output
 * @redirect: the argument of -O of a command that writes only to standard output (OPTION_REDIRECT)
 */
struct common {
	const struct command *command;
	enum when color;
	bool quiet;
	bool verbose;
	bool json;
	bool lines;
	bool noheadings;
	bool if_efi;
	struct fail_on fail_on;
	int boot;
	struct given_names given;
	unsigned int loaders;
	const char *source;
	const char *file;
	const char *redirect;
	char **operands;
	size_t n_operands;
};

/** enum option_kind - the type of the member that an option sets, and the value that it gets */
enum option_kind {
	/** the function &struct command_option.take stores the argument */
	OPTION_TAKE,
	/** bool: set if the option is given */
	OPTION_FLAG,
	/** const char *: the argument */
	OPTION_TEXT,
	/** uint64_t: decimal, or hexadecimal with 0x; values outside @range are usage errors */
	OPTION_NUMBER,
	/** unsigned int or enum: the index of the word; other words are usage errors */
	OPTION_CHOICE,
	/** bool: whether the argument is the second of two words; other words are usage errors */
	OPTION_SWITCH,
};

struct range {
	uint64_t least;
	uint64_t most;
};

/** enum option_group - a part of --help; the first and the last part have no heading */
enum option_group {
	GROUP_INPUT,
	GROUP_OUTPUT,
	GROUP_STATUS,
	GROUP_HELP,
	N_GROUPS,
};

/**
 * struct command_option - an option of a command
 * @letter:  short name of the option, or 0
 * @operand: name of the argument in --help; NULL if the option has no argument
 * @at:      offset of the member in the command's struct
 * @what:    OPTION_TEXT: the object that the argument names, for the usage error about an empty
 *           argument; NULL to allow an empty argument
 * @range:   OPTION_NUMBER: the valid range
 * @take:    OPTION_TAKE: the function that stores the argument
 * @words:   OPTION_CHOICE, OPTION_SWITCH: the valid words, NULL-terminated; "" stands for a value
 *           that has no word. OPTION_TAKE: words for shell completion, or NULL.
 * @given:   argument to use if the user gives none; makes the argument @operand optional
 */
struct command_option {
	const char *name;
	char letter;
	const char *operand;
	const char *help;
	enum option_kind kind;
	size_t at;
	union {
		const char *what;
		const struct range *range;
		void (*take)(void *args, const struct argp_state *state, const char *operand);
	};
	const char *const *words;
	const char *given;
	enum option_group group;
};

/* Return the offset of a member. Compilation fails if @holds, a check of its type, is false. */
#define MEMBER_AT(type, member, holds)                                                             \
	(offsetof(struct type, member) + 0 * sizeof(char[(holds) ? 1 : -1]))
#define MEMBER_IS(type, member, what)                                                              \
	__builtin_types_compatible_p(__typeof__(((struct type *)0)->member), what)

/* Initialise the members of struct command_option that describe the member to set. */
#define FLAG_AT(type, member)                                                                      \
	.kind = OPTION_FLAG, .at = MEMBER_AT(type, member, MEMBER_IS(type, member, bool))
#define NAME_AT(type, member, text)                                                                \
	.kind = OPTION_TEXT, .what = (text),                                                       \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, const char *))
#define NUMBER_AT(type, member, bounds)                                                            \
	.kind = OPTION_NUMBER, .range = (bounds),                                                  \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, uint64_t))
#define CHOICE_AT(type, member, list)                                                              \
	.kind = OPTION_CHOICE, .words = (list),                                                    \
	.at = MEMBER_AT(type, member, sizeof(((struct type *)0)->member) == sizeof(int))
#define SWITCH_AT(type, member, list)                                                              \
	.kind = OPTION_SWITCH, .words = (list),                                                    \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, bool))

#define OPTION_JSON(text)                                                                          \
	{ "json",                                                                                  \
	  'J',                                                                                     \
	  NULL,                                                                                    \
	  "write a JSON document" text,                                                            \
	  FLAG_AT(common, json),                                                                   \
	  .group = GROUP_OUTPUT },                                                                 \
	{                                                                                          \
		"format", 0, "FORMAT", "text (the default) or json",                               \
			SWITCH_AT(common, json, text_or_json), .group = GROUP_OUTPUT               \
	}
/* --json and --format for commands that may write several documents. @text names the operands. */
#define OPTION_JSON_LINES(text)                                                                    \
	{ "json",                                                                                  \
	  'J',                                                                                     \
	  NULL,                                                                                    \
	  "write a JSON document, or a line for each " text,                                       \
	  .take = take_format,                                                                     \
	  .given = "json",                                                                         \
	  .group = GROUP_OUTPUT },                                                                 \
	{                                                                                          \
		"format", 0, "FORMAT", "text (the default), json or ndjson (lines)",               \
			.take = take_format, .words = text_json_or_lines, .group = GROUP_OUTPUT    \
	}
#define OPTION_OUTPUT(text)                                                                        \
	{                                                                                          \
		"output-file", 'O', "FILE", text, NAME_AT(common, file, "the output file"),        \
			.group = GROUP_OUTPUT                                                      \
	}
/* -O for commands that write only to standard output, which run_command() redirects. */
#define OPTION_REDIRECT                                                                            \
	{                                                                                          \
		"output-file", 'O', "FILE", "write atomically to FILE, or to standard output (-)", \
			NAME_AT(common, redirect, "the output file"), .group = GROUP_OUTPUT        \
	}
#define OPTION_IF_EFI                                                                              \
	{                                                                                          \
		"if-efi", 0, NULL, "exit with 0 instead of 4 if booted without EFI",               \
			FLAG_AT(common, if_efi), .group = GROUP_STATUS                             \
	}
#define OPTION_BOOT                                                                                \
	{                                                                                          \
		"boot", 0, "N", "boot of a kernel log: 1 is the first, -1 the last",               \
			.take = take_boot                                                          \
	}
#define OPTION_LOADER(text)                                                                        \
	{                                                                                          \
		"loader", 0, "LOADER", text, CHOICE_AT(common, loaders, loader_words)              \
	}
extern const struct range address_range;
extern const char *const text_or_json[], *const text_json_or_lines[], *const loader_words[];

void take_boot(void *args, const struct argp_state *state, const char *operand);
void take_kernel(void *args, const struct argp_state *state, const char *operand);
void take_format(void *args, const struct argp_state *state, const char *operand);
/* The operands of --fail-on: the words of answers, and "map" */
extern const char *const fail_on_words[];
void take_fail_on(void *args, const struct argp_state *state, const char *operand);

#define SOURCE_IS                                                                                  \
	"SOURCE is / (the running system, the default), a directory that contains sys/ "           \
	"and proc/ of a machine, a kernel log, a snapshot, or - (standard input)."

enum operands {
	OPERAND_SOURCE,
	OPERANDS_SOURCES,
	/** any number of words that the command parses itself */
	OPERANDS_WORDS,
};

/**
 * struct command - a command
 * @summary:     a line for --help
 * @quiet:       effect of -q, for --help; NULL if it has none
 * @verbose:     effect of -v, for --help; NULL if it has none
 * @options:     options of the command, terminated by an element without a name
 * @operands:    number and kind of the operands, which are stored in &struct common.operands; the
 *               SOURCE of OPERAND_SOURCE is also stored in &struct common.source
 * @missing:     usage error if there is no operand; NULL if none is needed
 * @args_doc:    as in struct argp; NULL means "[SOURCE]"
 * @doc:         as in struct argp
 * @help_filter: as in struct argp
 * @size:        size in bytes of the command's struct, which starts with a &struct common; 0 if
 *               the command needs only a &struct common
 * @check:       called after the command line was parsed, to report usage errors and to complete
 *               the options; or NULL
 */
struct command {
	const char *name;
	const char *summary;
	const char *quiet;
	const char *verbose;
	const struct command_option *options;
	enum operands operands;
	const char *missing;
	const char *args_doc;
	const char *doc;
	char *(*help_filter)(int key, const char *text, void *input);
	size_t size;
	void (*check)(void *args, const struct argp_state *state);
	enum status (*run)(void *args);
};

/** command_argp() - return the parser of a command; its options are valid until the next call */
struct argp command_argp(const struct command *command);
void common_parse(const struct argp *argp, int argc, char **argv, struct common *common);
/** common_options - the options of every command, which are also valid without a command */
#define N_COMMON_OPTIONS 6
extern const struct command_option common_options[];

bool common_color(const struct common *common);
/** common_text() - return text output options as specified by @common, with notes enabled */
struct text_options common_text(const struct common *common);
/** common_width() - return $COLUMNS, else the width of the terminal, else 0 for no limit */
unsigned int common_width(void);

uint64_t common_number(const struct argp_state *state, const char *option, const char *text,
		       const struct range *range);
unsigned int common_choice(const struct argp_state *state, const char *option, const char *operand,
			   const char *const *words);

#endif
