/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What single lines of a kernel's log say, in all the shapes that kernels have given
 * them. Keeps nothing, and knows no line but the one it is given.
 */
#include <string.h>

#include "read/log/log_parse.h"

/* More would be more directories than kernfs can name; the largest map seen has 521. */
#define MAX_NUMBER 9999999U
#define HEX64 16U
#define HEX48 12U
#define MAX_TABLE_NAME 32U
#define MAX_E820_WORD 31U

static bool take_until(struct efimap_text *text, char stop, struct efimap_text *ret_piece)
{
	const char *end = text->len ? memchr(text->at, stop, text->len) : NULL;

	if (!end)
		return false;
	*ret_piece = (struct efimap_text){ text->at, (size_t)(end - text->at) };
	efimap_text_skip(text, ret_piece->len + 1);
	return true;
}

static bool take_hex(struct efimap_text *text, size_t min, uint64_t *ret_value)
{
	return efimap_text_take(text, "0x") && efimap_text_take_hex(text, min, ret_value);
}

/*
 * A line of a list of memory. Flags are taken by name, for their columns have moved.
 * Source: arch/x86/platform/efi/efi.c: efi_print_memmap (print_efi_memmap,
 * do_add_efi_memmap before); drivers/firmware/efi/efi-init.c: reserve_regions (arm64,
 * riscv, loongarch); drivers/firmware/efi/efi.c: efi_md_typeattr_format
 */

/* memory_type_name[] of 3.18 and later, and its shorter words since 5.19 */
static const struct {
	const char *name;
	uint32_t type;
} type_names[] = {
	{ "Reserved", EFIMAP_TYPE_RESERVED },
	{ "Loader Code", EFIMAP_TYPE_LOADER_CODE },
	{ "Loader Data", EFIMAP_TYPE_LOADER_DATA },
	{ "Boot Code", EFIMAP_TYPE_BOOT_CODE },
	{ "Boot Data", EFIMAP_TYPE_BOOT_DATA },
	{ "Runtime Code", EFIMAP_TYPE_RUNTIME_CODE },
	{ "Runtime Data", EFIMAP_TYPE_RUNTIME_DATA },
	{ "Conventional", EFIMAP_TYPE_CONVENTIONAL },
	{ "Conventional Memory", EFIMAP_TYPE_CONVENTIONAL },
	{ "Unusable", EFIMAP_TYPE_UNUSABLE },
	{ "Unusable Memory", EFIMAP_TYPE_UNUSABLE },
	{ "ACPI Reclaim", EFIMAP_TYPE_ACPI_RECLAIM },
	{ "ACPI Reclaim Memory", EFIMAP_TYPE_ACPI_RECLAIM },
	{ "ACPI Mem NVS", EFIMAP_TYPE_ACPI_NVS },
	{ "ACPI Memory NVS", EFIMAP_TYPE_ACPI_NVS },
	{ "MMIO", EFIMAP_TYPE_MMIO },
	{ "Memory Mapped I/O", EFIMAP_TYPE_MMIO },
	{ "MMIO Port", EFIMAP_TYPE_MMIO_PORT },
	{ "MMIO Port Space", EFIMAP_TYPE_MMIO_PORT },
	{ "PAL Code", EFIMAP_TYPE_PAL_CODE },
	{ "Persistent", EFIMAP_TYPE_PERSISTENT },
	{ "Persistent Memory", EFIMAP_TYPE_PERSISTENT },
	{ "Unaccepted", EFIMAP_TYPE_UNACCEPTED },
};

static bool parse_type(struct efimap_text name, uint32_t *ret_type)
{
	uint64_t number;

	efimap_text_trim(&name);
	if (efimap_text_take(&name, "type=")) {
		if (!efimap_text_take_number(&name, UINT32_MAX, &number) || name.len)
			return false;
		*ret_type = (uint32_t)number;
		return true;
	}
	for (size_t i = 0; i < sizeof(type_names) / sizeof(type_names[0]); i++)
		if (efimap_text_is(name, type_names[i].name)) {
			*ret_type = type_names[i].type;
			return true;
		}
	return false;
}

bool efimap_log_add_flag(struct efimap_text name, uint64_t *attribute)
{
	efimap_text_trim(&name);
	if (name.len == 0)
		return true;
	for (const struct efimap_attr_name *flag = efimap_attr_names; flag->bit; flag++)
		if (efimap_text_is(name, flag->name)) {
			*attribute |= flag->bit;
			return true;
		}
	return false;
}

/* "RUN|  |WB|…" or, with bits that have no name, "attr=0x070000000000000f" */
static bool take_flags(struct efimap_text flags, uint64_t *attribute)
{
	struct efimap_text flag;

	if (efimap_text_take(&flags, "attr="))
		return take_hex(&flags, HEX64, attribute) && flags.len == 0;
	while (take_until(&flags, '|', &flag))
		if (!efimap_log_add_flag(flag, attribute))
			return false;
	return efimap_log_add_flag(flags, attribute);
}

/* "[Boot Data   |RUN|…]", or of before 3.18 "type=4, attr=0xf," */
static bool take_type(struct efimap_text *text, struct efimap_entry *entry)
{
	struct efimap_text inside, type;
	uint64_t number;

	if (efimap_text_take(text, "[")) {
		if (!take_until(text, ']', &inside) || !take_until(&inside, '|', &type))
			return false;
		return parse_type(type, &entry->type) &&
		       take_flags(inside, &entry->attribute);
	}
	if (!efimap_text_take(text, "type=") ||
	    !efimap_text_take_number(text, UINT32_MAX, &number) ||
	    !efimap_text_take(text, ", attr=") || !take_hex(text, 1, &entry->attribute) ||
	    !efimap_text_take(text, ","))
		return false;
	entry->type = (uint32_t)number;
	return true;
}

/* The last byte, or the one behind it. It has no pages when it ends before it starts. */
static bool set_range(struct efimap_entry *entry, uint64_t start, uint64_t end,
		      bool half_open)
{
	const uint64_t bytes = end - start + (half_open ? 0 : 1);

	if (start % EFIMAP_PAGE_SIZE || bytes % EFIMAP_PAGE_SIZE)
		return false;
	entry->phys = start;
	entry->pages = bytes / EFIMAP_PAGE_SIZE;
	return true;
}

/* " (3MB)": a size that contradicts the range is a line that lost a digit. */
static bool is_size_right(struct efimap_text text, uint64_t pages)
{
	uint64_t size;

	efimap_text_skip_blanks(&text);
	if (!efimap_text_take(&text, "("))
		return text.len == 0;
	return efimap_text_take_number(&text, UINT64_MAX, &size) &&
	       efimap_text_take(&text, "MB)") && size == pages >> 8;
}

bool efimap_log_parse_numbered(struct efimap_text rest, struct efimap_entry *entry)
{
	uint64_t start = 0, end = 0, number = 0;
	bool half_open;

	/* "mem07": padded to two digits, which is no canonical number. */
	if (!efimap_text_take_number(&rest, MAX_NUMBER, &number) || !efimap_text_take(&rest, ":"))
		return false;
	*entry = (struct efimap_entry){ .index = (uint32_t)number,
					.virt_from = EFIMAP_VIRT_UNKNOWN };
	efimap_text_skip_blanks(&rest);
	if (!take_type(&rest, entry))
		return false;
	efimap_text_skip_blanks(&rest);
	if (!efimap_text_take(&rest, "range=[") || !take_hex(&rest, HEX64, &start) ||
	    !efimap_text_take(&rest, "-") || !take_hex(&rest, HEX64, &end))
		return false;
	half_open = efimap_text_take(&rest, ")");
	if (!half_open && !efimap_text_take(&rest, "]"))
		return false;
	return set_range(entry, start, end, half_open) && is_size_right(rest, entry->pages);
}

bool efimap_log_parse_plain(struct efimap_text rest, struct efimap_entry *entry)
{
	uint64_t start = 0, end = 0;

	if (!efimap_text_take_hex(&rest, HEX48, &start) || !efimap_text_take(&rest, "-") ||
	    !take_hex(&rest, HEX48, &end))
		return false;
	efimap_text_skip_blanks(&rest);
	*entry = (struct efimap_entry){ .virt_from = EFIMAP_VIRT_UNKNOWN };
	return take_type(&rest, entry) && set_range(entry, start, end, false);
}

bool efimap_log_is_removed(struct efimap_text rest)
{
	efimap_text_trim(&rest);
	return efimap_text_ends(rest, "] (invalid)");
}

/*
 * The e820 table: the kernel makes sys/firmware/memmap of the same, in other words.
 * Source: arch/x86/kernel/e820.c: e820__print_table, e820_print_type, e820_type_to_string
 */

/* e820__print_table's word, and e820_type_to_string's for memmap. 6.17 prints the latter.
 */
static const struct {
	const char *printed;
	const char *label;
} e820_labels[] = {
	{ "usable", "System RAM" },
	{ "System RAM", "System RAM" },
	{ "reserved", "Reserved" },
	{ "device reserved", "Reserved" },
	{ "soft reserved", "Soft Reserved" },
	{ "ACPI data", "ACPI Tables" },
	{ "ACPI NVS", "ACPI Non-volatile Storage" },
	{ "unusable", "Unusable memory" },
	{ "persistent (type 7)", "Persistent Memory" },
	{ "persistent (type 12)", "Persistent Memory (legacy)" },
	{ "persistent RAM (type 7)", "Persistent Memory" },
	{ "persistent RAM (type 12)", "Persistent Memory (legacy)" },
};

static const char e820_unknown[] = "Unknown E820 type";

static const char *e820_label_of(struct efimap_text word)
{
	for (size_t i = 0; i < sizeof(e820_labels) / sizeof(e820_labels[0]); i++)
		if (efimap_text_is(word, e820_labels[i].printed))
			return e820_labels[i].label;
	return efimap_text_take(&word, "type ") && word.len ? e820_unknown : NULL;
}

/* Since 3.5: "[mem 0x0000000000000000-0x000000000009efff] usable" */
static bool take_e820(struct efimap_text text, struct efimap_log_e820 *range)
{
	if (!efimap_text_take(&text, "[mem 0x") ||
	    !efimap_text_take_hex(&text, HEX64, &range->start) ||
	    !efimap_text_take(&text, "-0x") || !efimap_text_take_hex(&text, HEX64, &range->end) ||
	    !efimap_text_take(&text, "]"))
		return false;
	efimap_text_trim(&text);
	range->label = e820_label_of(text);
	return range->label;
}

/* Before: "0000000000000000 - 000000000009ec00 (usable)", the end is the byte behind */
static bool take_old_e820(struct efimap_text text, struct efimap_log_e820 *range)
{
	if (!efimap_text_take_hex(&text, HEX64, &range->start) ||
	    !efimap_text_take(&text, " - ") || !efimap_text_take_hex(&text, HEX64, &range->end) ||
	    !efimap_text_take(&text, " ("))
		return false;
	efimap_text_trim(&text);
	if (text.len < 2 || text.len > MAX_E820_WORD || text.at[text.len - 1] != ')' ||
	    range->end <= range->start)
		return false;
	range->end--;
	text.len--;
	range->label = e820_label_of(text);
	return range->label;
}

bool efimap_log_parse_e820(struct efimap_text rest, struct efimap_log_e820 *range)
{
	efimap_text_trim(&rest);
	return take_e820(rest, range) || take_old_e820(rest, range);
}

/*
 * The line that names the firmware's configuration tables
 * (drivers/firmware/efi/efi.c: efi_config_parse_tables and match_config_table):
 *
 *   efi: ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 SMBIOS=0x3f520000 MEMATTR=0x3d117018
 *
 * Before 5.10 with two blanks between them.
 */

static bool is_table_name(struct efimap_text name)
{
	return name.len > 0 && name.len <= MAX_TABLE_NAME &&
	       efimap_text_span(name, EFIMAP_LETTERS) > 0 &&
	       efimap_text_span(name, EFIMAP_LETTERS EFIMAP_DIGITS " ._-/") == name.len &&
	       name.at[name.len - 1] != ' ';
}

/* A remark in parentheses after an address says nothing that we use. */
static void skip_remark(struct efimap_text *rest)
{
	const char *end;

	if (!rest->len || rest->at[0] != '(')
		return;
	end = memchr(rest->at, ')', rest->len);
	efimap_text_skip(rest, end ? (size_t)(end - rest->at) + 1 : rest->len);
	efimap_text_skip_blanks(rest);
}

bool efimap_log_parse_table(struct efimap_text *rest, struct efimap_named *ret_named)
{
	struct efimap_text name, left = *rest;
	uint64_t value;

	efimap_text_skip_blanks(&left);
	skip_remark(&left);
	*rest = left;
	if (!take_until(&left, '=', &name) || !is_table_name(name) || !take_hex(&left, 1, &value) ||
	    (left.len && left.at[0] != ' '))
		return false;
	*ret_named = (struct efimap_named){ name.at, name.len, value };
	*rest = left;
	return true;
}
