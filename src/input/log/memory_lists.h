/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_MEMORY_LISTS_H
#define INPUT_LOG_MEMORY_LISTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "capture/capture.h"
#include "capture/entry.h"
#include "input/log/configuration_tables.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"

/* 1 MiB, the end of low memory on a PC. */
#define EFIMAP_LOG_LOW_MEMORY (UINT64_C(1) << 20)

/*
 * The kinds of lines. messages.c contains the text with which each kind of line starts. Lines
 * of the kind ABOUT are about EFI, e820 or kexec, and only rules use them. Lines of the kind TOOL
 * are those of kexec itself. They may contain paths, and are not recorded.
 */
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
	EFIMAP_LOG_SETUP_DATA,
	EFIMAP_LOG_NX,
	EFIMAP_LOG_DMI,
	EFIMAP_LOG_LOST,
	EFIMAP_LOG_RSDP,
	EFIMAP_LOG_KEXEC,
	EFIMAP_LOG_OTHER_ARCH,
	EFIMAP_LOG_NO_UEFI,
	EFIMAP_LOG_EFIVARS,
	EFIMAP_LOG_TOOL,
	EFIMAP_LOG_ABOUT,
};
#define EFIMAP_LOG_KINDS (EFIMAP_LOG_ABOUT + 1)

/* The lines of a memory list, sorted by index. Indices are unique. */
struct efimap_log_list {
	struct efimap_entry *entries;
	size_t count;
	size_t capacity;
};

/**
 * efimap_log_list_add() - add a line to a list
 *
 * In a file to which two programs write, lines may be duplicated or out of order. A line that is
 * already in the list is ignored.
 *
 * Return: 0; -EEXIST if a different line has the same index or the index is too low at this
 * position, probably because another list begins; -E2BIG if the list is full; or -ENOMEM.
 */
int efimap_log_list_add(struct efimap_log_list *list, const struct efimap_entry *entry);

void efimap_log_list_free(struct efimap_log_list *list);

/**
 * enum efimap_log_section - the list to which a line belongs
 * @EFIMAP_LOG_GIVEN:   the EFI memory map that was passed to the kernel
 * @EFIMAP_LOG_RESTART: a second list, whose header was lost or does not exist
 * @EFIMAP_LOG_MAPPED:  the list after "EFI runtime memory map:"
 */
enum efimap_log_section {
	EFIMAP_LOG_GIVEN,
	EFIMAP_LOG_RESTART,
	EFIMAP_LOG_MAPPED,
};

/**
 * struct efimap_log_lists - both lists of a boot; zeroed if empty
 * @firmware: the EFI memory map that was passed to the kernel
 * @runtime:  the regions that the kernel mapped, in the order of mapping
 * @section:  the list to which the next line belongs
 */
struct efimap_log_lists {
	struct efimap_log_list firmware;
	struct efimap_log_list runtime;
	enum efimap_log_section section;
};

/*
 * Add a line to the list of the current section. Return the same values as efimap_log_list_add().
 */
int efimap_log_lists_add(struct efimap_log_lists *lists,
			 const struct efimap_entry *entry);

/* Process "EFI runtime memory map:", the header of the second list. */
void efimap_log_lists_head(struct efimap_log_lists *lists);
/* Determine, after the last line, which list is the EFI memory map. */
void efimap_log_lists_end(struct efimap_log_lists *lists);

#define EFIMAP_LOG_QUOTE 96

/* Lines that cannot be parsed or that contradict other lines. @first is the first such line. */
struct efimap_log_bad {
	uint32_t count;
	uint32_t line;
	char first[EFIMAP_LOG_QUOTE];
};

/**
 * struct efimap_boot_messages - what the messages of a boot contain
 * @seen:        number of used lines of each kind
 * @shows_efi:   a line shows that the kernel was booted with EFI
 * @facts:       data such as the release, the tables and memmap
 * @lists:       memory lists
 * @tables:      the list of configuration tables while its lines are read
 * @esrt:        address of the ESRT that the kernel reserved; 0 if not printed
 * @efi_node:    address of the SETUP_EFI node; 0 if not printed
 * @follows:     the previous boot contains "Starting new kernel"
 * @is_plain:    the lines of the EFI memory map have no numbers, so the architecture is not x86
 * @bad_release: why the last invalid "Linux version" line could not be parsed
 * @messages:    all messages, each with a newline
 */
struct efimap_boot_messages {
	uint32_t seen[EFIMAP_LOG_KINDS];
	bool shows_efi;
	struct efimap *facts;
	struct efimap_log_lists lists;
	struct efimap_log_tables tables;
	uint64_t esrt;
	uint64_t efi_node;
	bool follows;
	bool is_plain;
	struct efimap_log_bad bad_mem;
	struct efimap_log_bad bad_e820;
	struct efimap_problem bad_release;
	struct efimap_out messages;
};

/**
 * efimap_log_parse_fn - parse a line
 *
 * Return: a negative errno on failure, 1 if the line was used, or 0 if it was ignored.
 */
typedef int efimap_log_parse_fn(struct efimap_boot_messages *boot,
				const struct efimap_log_line *line);

/*
 * Close the list of tables, and use the address in the separate message about the ESRT. If the boot
 * has this message but no list, add a fault. Return 0 or a negative errno.
 */
int efimap_log_end_tables(struct efimap_boot_messages *boot);
void efimap_log_count_bad(struct efimap_log_bad *bad, const struct efimap_log_line *line);

#endif
