/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shape of a command, the table of its options, and the options that several commands take. */
#ifndef CLI_OPTION_PARSER_H
#define CLI_OPTION_PARSER_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"
#include "cli/messages_and_status.h"
#include "input/binary/boot_structures.h"
#include "rules/report.h"
#include "show/text_style.h"

/** enum when - the operand of --color */
enum when {
	WHEN_AUTO,
	WHEN_ALWAYS,
	WHEN_NEVER,
};

struct command;

/**
 * struct common - the options that several commands take; their own structs begin with it
 * @command:  that it is of
 * @color:    these three are options of every command
 * @fail_on:  findings of this severity or worse lead to status 1
 * @outcomes: the outcomes that --fail-on names, as bits (1 << enum efimap_outcome). If there
 *            are any, they alone lead to status 1, and @fail_on is EFIMAP_ERROR
 * @timeout:  seconds after which its run is given up, 0 for no limit
 * @binary:   what the options say of a SOURCE that is a binary
 * @boot:     of a SOURCE that is a kernel's log, which boot: see efimap_read()
 * @source:   the SOURCE, "/" unless it is named
 * @file:     -O, NULL for standard output
 * @operands: those of the line
 */
struct common {
	const struct command *command;
	enum when color;
	bool quiet;
	bool verbose;
	bool json;
	bool noheadings;
	bool if_efi;
	enum efimap_severity fail_on;
	uint32_t outcomes;
	uint64_t timeout;
	struct efimap_binary_options binary;
	int boot;
	const char *source;
	const char *file;
	char **operands;
	size_t n_operands;
};

/** enum option_kind - what becomes of an operand, and of what type the member is */
enum option_kind {
	/** &struct command_option.take puts it where it belongs */
	OPTION_TAKE,
	/** bool: that the option was given */
	OPTION_FLAG,
	/** const char * */
	OPTION_TEXT,
	/** uint64_t: decimal, or 0x and hexadecimal; a usage error out of its range */
	OPTION_NUMBER,
	/** an enum: which of the words; any other is a usage error that names them */
	OPTION_CHOICE,
	/** bool: is it the second of two words? Likewise */
	OPTION_SWITCH,
};

/** struct range - bounds of a number */
struct range {
	uint64_t least;
	uint64_t most;
};

/**
 * struct command_option - an option of a command
 * @letter:  its short name, or 0
 * @operand: what --help calls it; NULL where it takes none
 * @at:      where in the command's struct the member lies
 * @what:    OPTION_TEXT: of what it is the name, which may not be empty; NULL: any text
 * @range:   OPTION_NUMBER
 * @take:    OPTION_TAKE
 * @words:   OPTION_CHOICE, OPTION_SWITCH: ends with NULL; "" is none, for a value without a word.
 *           OPTION_TAKE: NULL unless the operand is one of them
 * @values:  OPTION_CHOICE: what the words stand for; NULL: their place
 * @given:   the operand where none is given: @operand is NULL or can be left out
 * @is_last: --help lists it behind the others
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
	const unsigned int *values;
	const char *given;
	bool is_last;
};

/* Where a member lies: a compile error unless it is of the type that its kind writes. */
#define MEMBER_AT(type, member, holds)                                                     \
	(offsetof(struct type, member) + 0 * sizeof(char[(holds) ? 1 : -1]))
#define MEMBER_IS(type, member, what)                                                      \
	__builtin_types_compatible_p(__typeof__(((struct type *)0)->member), what)

/* What a row ends with: the member that it is put into, and how. */
#define FLAG_AT(type, member)                                                              \
	.kind = OPTION_FLAG,                                                               \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, bool))
#define NAME_AT(type, member, text)                                                        \
	.kind = OPTION_TEXT, .what = (text),                                               \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, const char *))
#define NUMBER_AT(type, member, bounds)                                                    \
	.kind = OPTION_NUMBER, .range = (bounds),                                          \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, uint64_t))
#define CHOICE_AT(type, member, list)                                                      \
	.kind = OPTION_CHOICE, .words = (list),                                            \
	.at = MEMBER_AT(type, member, sizeof(((struct type *)0)->member) == sizeof(int))
#define SWITCH_AT(type, member, list)                                                      \
	.kind = OPTION_SWITCH, .words = (list),                                            \
	.at = MEMBER_AT(type, member, MEMBER_IS(type, member, bool))

/* Rows that several commands have */
#define OPTION_JSON(text)                                                                  \
	{ "json", 'J', NULL, "write a JSON document" text, FLAG_AT(common, json) },          \
	{ "format", 0, "FORMAT", "text (the default) or json",                             \
	  SWITCH_AT(common, json, text_or_json) }
#define OPTION_OUTPUT(text) \
	{ "output-file", 'O', "FILE", text, NAME_AT(common, file, "the output file") }
#define OPTION_NOHEADINGS                                                                  \
	{ "noheadings", 'n', NULL, "write rows only: no headings, nothing below them",       \
	  FLAG_AT(common, noheadings) }
#define OPTION_FAIL_ON(text)                                                               \
	{ "fail-on", 0, "WHAT,...",                                                         \
	  text "error (the default), warning or note; or if one of these outcomes occurs "   \
	  "(efimapctl explain lists them)", .take = take_fail_on }
#define OPTION_IF_EFI                                                                      \
	{ "if-efi", 0, NULL, "status 0 instead of 4 when EFI was not booted",                \
	  FLAG_AT(common, if_efi) }
#define OPTION_BOOT                                                                        \
	{ "boot", 0, "N",                                                                    \
	  "of a kernel log take boot N: 1 is the first, -1 the last; without it, the last "  \
	  "that has a map, else the last", .take = take_boot }
#define OPTION_TIMEOUT(type)                                                               \
	{ "timeout", 0, "SECONDS", "give up after SECONDS, with status 3",              \
	  NUMBER_AT(type, timeout, &seconds_range) }
#define OPTION_AS                                                                          \
	{ "as", 0, "KIND",                                                                   \
	  "take SOURCE as a binary of this kind: setup-data, efi-payload, efi-memmap or "    \
	  "boot-params", CHOICE_AT(common, binary.as, efimap_binary_kind_names) }
#define OPTION_BASE                                                                        \
	{ "base", 0, "ADDR",                                                                 \
	  "physical address of the first byte of SOURCE, to follow a chain of setup_data",   \
	  NUMBER_AT(common, binary.base, &address_range) }
extern const struct range seconds_range, desc_size_range, address_range;
extern const char *const text_or_json[];

/**
 * common_check_binary() - a usage error where what options say of a binary does not go together
 */
void common_check_binary(const struct common *common, const struct argp_state *state);
/** take_boot() - &struct command_option.take of --boot */
void take_boot(void *args, const struct argp_state *state, const char *operand);
/** take_fail_on() - &struct command_option.take of --fail-on */
void take_fail_on(void *args, const struct argp_state *state, const char *operand);

/* For the text that explains a command */
#define SOURCE_IS                                                                     \
	"SOURCE is / (the running system, the default), a directory that holds sys/ and " \
	"proc/ of a machine, an archive of one, a kernel log, a crash dump, a snapshot, a "   \
	"page that report wrote, or - (standard input)."
/* Of those that look at a binary, too */
#define BINARY_IS                                                                     \
	" It can also be what a boot loader passes to a kernel: a setup_data node, a "        \
	"boot_params, or with --as the payload of a node or an EFI memory map."

/** enum operands - what a command takes beside options */
enum operands {
	/** one SOURCE, or none */
	OPERAND_SOURCE,
	/** any number of SOURCEs */
	OPERANDS_SOURCES,
	/** any number of words that the command looks at itself */
	OPERANDS_WORDS,
};

/**
 * struct command - one command
 * @name:    its word on the command line
 * @summary: a line for --help
 * @answers: the question that people have, at the top of --help; NULL for none
 * @options: the last has no name
 * @operands: &struct common.operands; one SOURCE is &struct common.source, too
 * @missing: the usage error where there is none; NULL where none is needed
 * @second:  what else a second SOURCE may have been meant for, for the usage error, or NULL
 * @args_doc: as in struct argp; NULL: "[SOURCE]"
 * @doc, @help_filter: as in struct argp
 * @size:    of the struct that they are put into, which begins with a &struct common; 0: that
 * @begin:   before the line is parsed; NULL for nothing
 * @check:   when it has been parsed: a usage error where options do not go with each other;
 *           NULL for nothing
 * @run:     do it
 */
struct command {
	const char *name;
	const char *summary;
	const char *answers;
	const struct command_option *options;
	enum operands operands;
	const char *missing;
	const char *second;
	const char *args_doc;
	const char *doc;
	char *(*help_filter)(int key, const char *text, void *input);
	size_t size;
	void (*begin)(int argc, char **argv, void *args);
	void (*check)(void *args, const struct argp_state *state);
	enum status (*run)(void *args);
};

/** command_argp() - make argp's table of a command's options; valid until the next call */
struct argp command_argp(const struct command *command);
/** command_parse() - struct argp.parser of every command; the input is its &struct common */
error_t command_parse(int key, char *arg, struct argp_state *state);
/** common_parse() - argp_parse(), which ends the program where it cannot do its work */
void common_parse(const struct argp *argp, int argc, char **argv, struct common *common);
/** common_options - the options of every command, and of the line without one */
#define N_COMMON_OPTIONS 6
extern const struct command_option common_options[];

/** terminal_is_capable() - a terminal that knows colours, and to draw over a line? */
bool terminal_is_capable(int fd);
/** common_color() - colours on standard output? */
bool common_color(const struct common *common);
/** common_text() - how commands write text that have no more to say of it, notes included */
struct efimap_text_options common_text(const struct common *common);
/** common_width() - columns of the terminal, 0 when there is no limit */
unsigned int common_width(void);
/** common_line_width() - the same of a terminal; 0 where a program may read the lines */
unsigned int common_line_width(void);

/**
 * options_find() - does a command have the option that a word names?
 * @word: "-J", "--json" or "--format=json", for example
 * @ret_takes_next: is the next word its operand?
 */
bool options_find(const struct command *command, const char *word, bool *ret_takes_next);

/** common_name() - an operand that names @what; a usage error where it is empty */
const char *common_name(const struct argp_state *state, const char *what, const char *operand);
/** common_address() - the operand of --@option, 0x and hexadecimal; or a usage error */
uint64_t common_address(const struct argp_state *state, const char *option, const char *text);
/** common_choice() - the operand of --@option, as OPTION_CHOICE has it */
unsigned int common_choice(const struct argp_state *state, const char *option,
			   const char *operand, const char *const *words);

/**
 * rules_find() - the rule called @name
 *
 * Any other name is a usage error, which guesses what was meant; with @topics also an outcome
 * or a cause.
 */
const struct efimap_rule *rules_find(const struct argp_state *state, const char *name,
				     bool topics);

/** struct closest - looks for the word most like a mistyped one */
struct closest {
	const char *word;
	const char *best;
	size_t distance;
};

/** closest_try() - take @candidate into account */
void closest_try(struct closest *closest, const char *candidate);
/** closest_hint() - "; did you mean 'dump'?", or "" when nothing is close; until the next call */
const char *closest_hint(const struct closest *closest);

#endif
