/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what one boot of a kernel's log has said
 *
 * The kinds of lines, and the state that they fill: lists of memory, facts, and the lines that
 * are parsed at the end of the boot.
 */
#ifndef INPUT_LOG_LOG_BOOT_H
#define INPUT_LOG_LOG_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/entry.h"
#include "input/log/line_prefixes.h"
#include "input/log/table_list.h"
#include "input/parse_values.h"

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
/** efimap_log_lists_end() - no line follows: decide which list is the firmware's */
void efimap_log_lists_end(struct efimap_log_lists *lists);

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

#endif
