/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: parsers of lines in a kernel's log
 *
 * In all the dialects since 3.x, and strict, so that a line that lost a byte is refused.
 * Each takes what follows the words by which its line was recognised, and keeps nothing; what
 * one that returns false has filled says nothing.
 * No problem is ever told: a log is free text.
 */
#ifndef READ_LOG_LOG_PARSE_H
#define READ_LOG_LOG_PARSE_H

#include <stdbool.h>
#include <stdint.h>

#include "model/entry.h"
#include "read/parse.h"
#include "read/text.h"

/**
 * efimap_log_parse_numbered() - "07: [Boot Data|RUN|WB|…] range=[0x…-0x…] (3MB)" of x86
 *
 * Its number becomes the index; virt is not known.
 */
bool efimap_log_parse_numbered(struct efimap_text rest, struct efimap_entry *entry);

/**
 * efimap_log_parse_plain() - "0000e1050000-0x0000e105ffff [Memory Mapped I/O|RUN|…]*" of
 * other architectures, which number no line
 */
bool efimap_log_parse_plain(struct efimap_text rest, struct efimap_entry *entry);

/** efimap_log_add_flag() - set the bit of a name in such a line; none for blanks */
bool efimap_log_add_flag(struct efimap_text name, uint64_t *attribute);

/**
 * efimap_log_is_removed() - "47: [Reserved|…] range=[0x0-0x0] (invalid)": does the line
 * name a descriptor that the kernel threw away?
 *
 * Its number is that in the firmware's map before: the lists that follow count without it
 * (efi.c: efi_memmap_entry_valid, efi_clean_memmap; Linux 4.10 and later).
 */
bool efimap_log_is_removed(struct efimap_text rest);

/** struct efimap_log_e820 - one range, both ends inclusive, and memmap's word for it */
struct efimap_log_e820 {
	uint64_t start;
	uint64_t end;
	const char *label;
};

bool efimap_log_parse_e820(struct efimap_text rest, struct efimap_log_e820 *range);

/**
 * efimap_log_parse_table() - the next "NAME=0xADDRESS"
 * @rest: then what follows the address
 *
 * Names may have blanks and dots: "ACPI 2.0=0x3f77d014".
 */
bool efimap_log_parse_table(struct efimap_text *rest, struct efimap_named *ret_named);

#endif
