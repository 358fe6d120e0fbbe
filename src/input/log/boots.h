/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a kernel's log has said so far
 *
 * A log holds boots, one behind the other, and one of them becomes the capture. The state of
 * that one and of the boot that is being read is in memory. Where boots are counted from the
 * end, the last EFIMAP_BOOT_MAX_BACK are at most.
 */
#ifndef INPUT_LOG_BOOTS_H
#define INPUT_LOG_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/entry.h"
#include "input/log/line_prefixes.h"
#include "input/log/table_list.h"
#include "input/parse_values.h"
#include "input/read_source.h"

/** enum efimap_log_kind - what a line says; the words it begins with are in message_types.c */
enum efimap_log_kind {
	EFIMAP_LOG_VERSION,
	EFIMAP_LOG_CMDLINE,
	EFIMAP_LOG_E820,
	EFIMAP_LOG_E820_GAP,
	EFIMAP_LOG_GREETING,
	EFIMAP_LOG_TABLES,
	EFIMAP_LOG_ESRT,
	EFIMAP_LOG_MEM,
	EFIMAP_LOG_PLAIN_MEM,
	EFIMAP_LOG_RUNTIME_HEAD,
	EFIMAP_LOG_SERVICES_LOST,
	EFIMAP_LOG_WIDTH_MISMATCH,
	EFIMAP_LOG_ENCRYPTED,
	EFIMAP_LOG_SECURE_BOOT_UNKNOWN,
	EFIMAP_LOG_SECURE_BOOT_OFF,
	EFIMAP_LOG_SECURE_BOOT_ON,
	EFIMAP_LOG_MTRR,
	EFIMAP_LOG_EFI_FRAMEBUFFER,
	EFIMAP_LOG_RULE_MESSAGE,
	EFIMAP_LOG_SETUP_DATA,
	EFIMAP_LOG_DMI,
	EFIMAP_LOG_KEXEC,
	EFIMAP_LOG_OTHER_ARCH,
	EFIMAP_LOG_NO_UEFI,
	EFIMAP_LOG_SHELL_HEAD,
	EFIMAP_LOG_SHELL_TYPE,
	EFIMAP_LOG_SHELL_TOTAL,
};
#define EFIMAP_LOG_KINDS (EFIMAP_LOG_SHELL_TOTAL + 1)

/**
 * enum efimap_log_worth - how much a boot tells of the map
 * @EFIMAP_LOG_NO_WORD:    nothing of EFI or of memory
 * @EFIMAP_LOG_SOME_WORDS: something
 * @EFIMAP_LOG_SOME_MAP:   lines of a list of memory: what a kexec'ed kernel received
 * @EFIMAP_LOG_WHOLE_MAP:  a firmware's whole list, or that of what was mapped
 */
enum efimap_log_worth {
	EFIMAP_LOG_NO_WORD,
	EFIMAP_LOG_SOME_WORDS,
	EFIMAP_LOG_SOME_MAP,
	EFIMAP_LOG_WHOLE_MAP,
};

/*
 * The lists of memory: their lines come in order, but for those that were lost, and in
 * files that two writers share twice or out of order.
 */

/**
 * struct efimap_log_list - the lines so far, ascending by index, each index once
 * @entries:  owned
 */
struct efimap_log_list {
	struct efimap_entry *entries;
	size_t count;
	size_t capacity;
};

/**
 * efimap_log_list_add() - add a line
 *
 * The same line again is ignored. Return: 0; -EEXIST when another line has this number,
 * or when it stands too far from its place: another list begins; -E2BIG; -ENOMEM.
 */
int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry);

void efimap_log_list_free(struct efimap_log_list *list);

/**
 * enum efimap_log_section - the list that a line belongs to
 * @EFIMAP_LOG_GIVEN:   that which the kernel was given
 * @EFIMAP_LOG_RESTART: numbers started again, and the line that says why was lost
 * @EFIMAP_LOG_MAPPED:  that below "EFI runtime memory map:"
 */
enum efimap_log_section {
	EFIMAP_LOG_GIVEN,
	EFIMAP_LOG_RESTART,
	EFIMAP_LOG_MAPPED,
};

/**
 * struct efimap_log_lists - both of a boot; a zeroed one is empty
 * @firmware: what the kernel was given
 * @runtime:  what it mapped, in the order in which it did
 * @section:  of the next line
 */
struct efimap_log_lists {
	struct efimap_log_list firmware;
	struct efimap_log_list runtime;
	enum efimap_log_section section;
};

/** efimap_log_lists_add() - add a line to the list that it belongs to; returns as above */
int efimap_log_lists_add(struct efimap_log_lists *lists,
			 const struct efimap_entry *entry);

/** efimap_log_lists_head() - "EFI runtime memory map:": what follows is what was mapped */
void efimap_log_lists_head(struct efimap_log_lists *lists);

/** EFIMAP_LOG_QUOTE - bytes kept of the first line that cannot be read */
#define EFIMAP_LOG_QUOTE 96

/** struct efimap_log_bad - lines that could not be read or contradict others, and the
 * first, with its number where that is known */
struct efimap_log_bad {
	uint32_t count;
	uint32_t line;
	char first[EFIMAP_LOG_QUOTE];
};

/**
 * struct efimap_log_shell - what "memmap" of the UEFI shell printed, the last time
 * @list:          its lines, numbered as they came
 * @pages:         of each type, in these
 * @bad:           lines that cannot be read
 * @is_open:       more lines may come
 * @has_total:     the last one came, so that the list was not cut
 * @is_miscounted: its sums are not those of @list
 * @line:          of the file: the last of the list, or the first wrong sum
 */
struct efimap_log_shell {
	struct efimap_log_list list;
	uint64_t pages[EFIMAP_TYPE_FIRST_UNDEFINED];
	struct efimap_log_bad bad;
	bool is_open;
	bool has_total;
	bool is_miscounted;
	uint32_t line;
};

/**
 * struct efimap_log_boot - a boot: what is said between one "Linux version" and the next
 * @seen:        how many lines of each kind
 * @worth:       how much it tells
 * @facts:       release, command line and tables; memmap after efimap_log_end()
 * @kept:        messages about memory, with newlines: of a log with thousands of boots
 * those of one only are parsed, in the end
 * @lists:       of memory; after efimap_log_end()
 * @shell:       the firmware's list, printed before there was a kernel
 * @tables:      the list of configuration tables, while its lines are read
 * @esrt:        where the kernel says that it reserved the ESRT; 0 where it does not
 * @efi_node:    where a loader left the node of EFI in setup_data; 0 where none is printed
 * @follows:     the boot before it ended with "Starting new kernel"
 * @is_plain:    lines of lists have no numbers: not of x86
 * @bad_mem:     of the lists
 * @bad_e820:    of the e820 table
 * @bad_release: why the last line "Linux version" that could not be read could not
 */
struct efimap_log_boot {
	uint32_t seen[EFIMAP_LOG_KINDS];
	enum efimap_log_worth worth;
	struct efimap *facts;
	struct efimap_out kept;
	struct efimap_log_lists lists;
	struct efimap_log_shell shell;
	struct efimap_table_list tables;
	uint64_t esrt;
	uint64_t efi_node;
	bool follows;
	bool is_plain;
	struct efimap_log_bad bad_mem;
	struct efimap_log_bad bad_e820;
	struct efimap_problem bad_release;
};

/** efimap_log_take_fn - look at a line: 1, 0 if it is of no such kind after all, or an errno */
typedef int efimap_log_take_fn(struct efimap_log_boot *boot, const struct efimap_log_line *line);

/** efimap_log_keep() - keep a line's message for the end; 1, -E2BIG or -ENOMEM */
efimap_log_take_fn efimap_log_keep;
/** efimap_log_raise() - the boot tells so much, or more */
void efimap_log_raise(struct efimap_log_boot *boot, enum efimap_log_worth worth);
/**
 * efimap_log_end_tables() - close the list of tables, and add what other messages tell of tables
 *
 * Return: 0 or a negative errno.
 */
int efimap_log_end_tables(struct efimap_log_boot *boot);
/** efimap_log_count_bad() - count a line that cannot be read, and keep the first */
void efimap_log_count_bad(struct efimap_log_bad *bad, const struct efimap_log_line *line);

/**
 * struct efimap_log_row - how lines of a kind are recognised
 * @starts: what the message begins with; a blank stands for one or more
 * @kind:   what it then says
 * @type:   of memory, where the words are its name
 */
struct efimap_log_row {
	char starts[60];
	enum efimap_log_kind kind;
	uint32_t type;
};

/**
 * struct efimap_log_reader - how lines of a kind are understood
 * @take:   NULL: that it is there says all
 * @late:   parse it, in the end and of the boot that is taken, when @take has kept it
 * @worth:  the boot tells so much, or more
 */
struct efimap_log_reader {
	efimap_log_take_fn *take;
	efimap_log_take_fn *late;
	enum efimap_log_worth worth;
};

/* By kind: apart from the rows, which so have no address in them that must be relocated */
extern const struct efimap_log_reader efimap_log_readers[EFIMAP_LOG_KINDS];

/** efimap_log_rows - every row, sorted by @starts */
extern const struct efimap_log_row efimap_log_rows[];
extern const size_t efimap_n_log_rows;
/**
 * efimap_log_row_of() - find the row with the longest @starts that begins a message
 * @ret_rest: what follows these words in the message; only written if there is a row
 *
 * Return: the row, or NULL.
 */
const struct efimap_log_row *efimap_log_row_of(struct efimap_text message,
					       struct efimap_text *ret_rest);

/**
 * struct efimap_log - a log being read; a zeroed one is empty
 * @is_one:  it is of one boot, whatever programs write into it
 * @current: the boot that lines belong to, or NULL
 * @best:    the one that is taken, as far as the log was read, or NULL
 * @wanted:  which boot: see efimap_read()
 * @recent:  where @wanted is counted from the end, so many of the last boots, the oldest first
 * @has_word: a boot tells something of EFI or of memory
 * @number:  of @best, counted from 1
 */
struct efimap_log {
	bool is_one;
	struct efimap_log_boot *current;
	struct efimap_log_boot *best;
	int wanted;
	struct efimap_log_boot *recent[EFIMAP_BOOT_MAX_BACK];
	size_t n_recent;
	bool has_word;
	uint32_t n_boots;
	uint32_t number;
};

/** efimap_log_take() - an efimap_log_line_fn; @context is the struct efimap_log */
int efimap_log_take(void *context, const struct efimap_log_line *line);
/** efimap_log_end() - after the last line; 0 or a negative errno */
int efimap_log_end(struct efimap_log *log);
void efimap_log_free(struct efimap_log *log);
#define efimap_auto_log __attribute__((cleanup(efimap_log_free)))

/* What "memmap" of the UEFI shell prints (uefi_shell_memmap.c) */

/** efimap_log_take_shell_head() - "Type Start End # Pages Attributes": a list begins */
efimap_log_take_fn efimap_log_take_shell_head;
/** efimap_log_take_shell_type() - a line that begins with the name of a type: a
 * descriptor, or the sum of all of that type */
efimap_log_take_fn efimap_log_take_shell_type;
/** efimap_log_take_shell_total() - "Total Memory:", the last line */
efimap_log_take_fn efimap_log_take_shell_total;

/* A log as a SOURCE, or in place of what a tree lacks (capture_from_log.c) */

/**
 * efimap_log_add_all() - make of a boot what a capture holds
 *
 * What the kernel said, memmap from e820, that there is EFI, the firmware's map, and the runtime
 * map; a release and a command line where the capture has none; faults for what is missing.
 */
int efimap_log_add_all(const struct efimap_log_boot *boot, struct efimap *map);

#endif
