/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of this room share: exit statuses, the shape of a command, the options
 * that every command takes, and the few functions through which anything is said.
 */
#ifndef CLI_CLI_H
#define CLI_CLI_H

#include <argp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "base/error.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "compare/comparison.h"
#include "input/binary/boot_structures.h"
#include "input/read_source.h"
#include "rules/report.h"
#include "rules/unread_sources.h"
#include "show/text_style.h"

/** enum status - exit statuses, the same for every command (efimapctl(8), EXIT STATUS) */
enum status {
	STATUS_OK = 0,
	STATUS_FINDINGS = 1,
	STATUS_USAGE = 2,
	STATUS_UNREADABLE = 3,
	STATUS_NOT_APPLICABLE = 4,
	STATUS_DENIED = 5,
};

/** combine_status() - the one of two that the whole run ends with: 3, 5, 1, 4, 0 */
enum status combine_status(enum status a, enum status b);
/** status_of_error() - for a negative errno of the rooms below */
enum status status_of_error(int error);

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

/** commands - all of them, in the order in which --help lists them; ends with NULL */
extern const struct command *const commands[];
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

extern const struct command cmd_compare;
extern const struct command cmd_dump;
extern const struct command cmd_explain;
extern const struct command cmd_received;
extern const struct command cmd_metrics;
extern const struct command cmd_pagetable;
extern const struct command cmd_plot;
extern const struct command cmd_rehearse;
extern const struct command cmd_report;
extern const struct command cmd_snapshot;
extern const struct command cmd_translate;
extern const struct command cmd_verify;

/**
 * put_message() - a message about the run on standard error, after "efimapctl: "
 *
 * Control characters, which paths and captures can hold, come out as \xNN.
 */
void put_message(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** report_error() - the same from @err, or from @error where that tells nothing; and its status */
enum status report_error(int error, const char *name, struct efimap_err *err);
/** report_errno() - "NAME: " and the text of a negative errno; always STATUS_UNREADABLE */
enum status report_errno(const char *name, int error);
/** report_snapshot_too_long() - nothing could read the snapshot of @name; STATUS_UNREADABLE */
enum status report_snapshot_too_long(const char *name);
/** usage_error() - argp_error() for text that holds words of the command line; it ends us */
_Noreturn void usage_error(const struct argp_state *state, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/** stdio_prepare() - before anything else: descriptors 0 to 2, and a check at exit */
void stdio_prepare(void);

/** output_is_stdout() - does -O name standard output? NULL stands for no -O, and does */
bool output_is_stdout(const char *path);
/** output_text() - what was gathered in memory, for free(); NULL where there was no memory */
char *output_text(struct efimap_out *out);
/** OUTPUT_SUFFIX - bytes of "XXXXXX" in the name NAME.XXXXXX of an unfinished file */
#define OUTPUT_SUFFIX 7
/**
 * output_replace() - write what was gathered in memory to the file @name, atomically
 * @dir:  its directory, also one opened with O_PATH
 * @mode: of the new file, the umask applied
 *
 * All signals are blocked meanwhile. Return: 0 or a negative errno.
 */
int output_replace(int dir, const char *name, mode_t mode, const struct efimap_out *out);
/**
 * output_open_dir() - open a directory for reading; a descriptor or a negative errno
 * @make: make it where there is nothing, for us alone
 */
int output_open_dir(const char *path, bool make);
/** output_end() - flush standard output; says what went wrong */
enum status output_end(struct efimap_out *out);

/**
 * output_finish() - end what was written, or gathered in memory, for @file
 * @file: the operand of -O; NULL and "-" are standard output
 * @mode: of a new file, the umask applied
 * @ret:  of who wrote it: 0, or a negative errno, which means that it is not whole
 *
 * A regular file is replaced atomically, a device or FIFO is written directly, and a symbolic
 * link that leads to neither is refused. Reports errors.
 */
enum status output_finish(const char *file, mode_t mode, int ret, struct efimap_out *out);
/** output_save() - the same of bytes that anybody may read */
enum status output_save(const char *file, const void *data, size_t size);

/**
 * deadline_run() - @work(@input), but given up after @seconds (0: never) with
 * STATUS_UNREADABLE; it then runs in a process of its own
 */
enum status deadline_run(uint64_t seconds, enum status (*work)(void *), void *input);

/** source_say_faults() - a line for each from @first on; STATUS_UNREADABLE when there are any */
enum status source_say_faults(const struct efimap *map, enum efimap_fault_effect first);
/** source_say_hidden() - a line for each of memmap and iomem that may not be read */
void source_say_hidden(const struct efimap *map);
/** source_say_boot() - of a kernel's log with several boots: which of them it is */
void source_say_boot(const struct efimap *map);
/**
 * source_has_virt() - are all virtual addresses known, for a command that needs them?
 *
 * Says so when they are not, or only predicted.
 */
bool source_has_virt(const struct efimap *map);
/**
 * source_is_worth_keeping() - is there anything to look into?
 *
 * Not without EFI, except in a kernel that was kexec'ed: that it has none can be the very
 * thing.
 */
bool source_is_worth_keeping(const struct efimap *map);
/** source_refuse_denied() - STATUS_DENIED, which is said, where the runtime map is denied */
enum status source_refuse_denied(const struct efimap *map);
/**
 * source_read() - read SOURCE (NULL: the running system), and of a kernel's log this boot
 * (efimap_read()); says what went wrong
 */
enum status source_read(const char *source, int boot, struct efimap **ret_map);
/**
 * source_read_as() - efimap_read(), or efimap_read_binary() where an option says that SOURCE is
 * a binary
 */
int source_read_as(const char *source, const struct common *common, struct efimap **ret_map,
		   struct efimap_err *err);
/**
 * source_refuse_without_map() - for a command that needs only the runtime map, or the @whole of it
 *
 * Return: STATUS_OK, or another status where it cannot have the map; says why.
 */
enum status source_refuse_without_map(const struct efimap *map, bool whole);
/** source_open_map() - read SOURCE, for a command that needs its runtime map whole */
enum status source_open_map(const struct common *common, struct efimap **ret_map);
/**
 * source_open_shown() - the same for what could be read of it; says what is hidden besides
 * @takes_binary: also of a binary that holds no runtime map
 */
enum status source_open_shown(const struct common *common, bool takes_binary,
			      struct efimap **ret_map);
/** source_path() - "SOURCE/sys/firmware/efi", cut when it is very long; until the next call */
const char *source_path(const struct efimap *map, const char *where);

/**
 * struct side - what a SOURCE holds
 * @map:    NULL where it could not be read
 * @report: then one that says why; else NULL, or what is said of it
 */
struct side {
	const char *name;
	struct efimap *map;
	struct efimap_report *report;
};

/**
 * side_read() - read one, and of a kernel's log this boot (efimap_read()); says why it
 * cannot. 0, or -ENOMEM when not even that is known
 */
int side_read(const char *name, int boot, struct side *ret_side);
void side_free(struct side *side);
#define auto_side __attribute__((cleanup(side_free)))

/**
 * source_report_error() - the report on a source that could not even be looked at: JSON
 * has one for each source; 0 or -ENOMEM
 */
int source_report_error(int error, const struct efimap_err *err,
			struct efimap_report **ret_report);
/** status_is_excused() - --if-efi was given, and @report says that there is no EFI */
bool status_is_excused(const struct efimap_report *report, bool if_efi);
/** status_of_verdict() - of any command */
enum status status_of_verdict(enum efimap_verdict verdict);
/** status_of_report() - the exit status that a report leads to: nothing unknown passes */
enum status status_of_report(const struct efimap_report *report, bool if_efi);

/**
 * status_of_outcome() - the exit status of a report if --fail-on names outcomes
 * @status:   the status that the verdict on @report leads to
 * @outcomes: bits, as &struct common.outcomes; 0 changes nothing
 *
 * A source that cannot be read or may not be read keeps its status, and so does a machine that
 * was booted without EFI. Findings that a baseline accepts do not count.
 *
 * Return: STATUS_FINDINGS if one of @outcomes occurs. Otherwise STATUS_NOT_APPLICABLE if parts
 * of the map were not seen, else STATUS_OK.
 */
enum status status_of_outcome(enum status status, const struct efimap_report *report,
			      uint32_t outcomes);

/** progress_begin() - a long run of @total steps. Nothing is drawn yet */
void progress_begin(size_t total);
/** progress_step() - one of them is done; draws the line, unless it was drawn just now */
void progress_step(bool is_bad);
/** progress_make_room() - clear the line away, before anything is written to @fd */
void progress_make_room(int fd);
/** progress_end() - clear it away for good */
void progress_end(void);

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
