/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of a list of memory in a kernel's log, in all the shapes that kernels have given
 * it. Flags are taken by name, for their columns have moved. Keeps nothing.
 * Source: arch/x86/platform/efi/efi.c: efi_print_memmap (print_efi_memmap, do_add_efi_memmap
 * before); drivers/firmware/efi/efi-init.c: reserve_regions (arm64, riscv, loongarch);
 * drivers/firmware/efi/efi.c: efi_md_typeattr_format
 */
#include <string.h>

#include "base/num.h"
#include "read/parse.h"
#include "read/text.h"

/* More would be more directories than kernfs can name; the largest map seen has 521. */
#define MAX_NUMBER 9999999U
#define HEX64 16U
#define HEX48 12U

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

/* Up to @stop, which is taken too. */
static bool take_until(struct efimap_text *text, char stop, struct efimap_text *ret_piece)
{
	const char *end = text->len ? memchr(text->at, stop, text->len) : NULL;

	if (!end)
		return false;
	*ret_piece = (struct efimap_text){ text->at, (size_t)(end - text->at) };
	efimap_text_skip(text, ret_piece->len + 1);
	return true;
}

static bool take_number(struct efimap_text *text, uint64_t max, uint64_t *ret_value)
{
	size_t digits = 0;

	while (digits < text->len && text->at[digits] >= '0' && text->at[digits] <= '9')
		digits++;
	/* "mem07": the kernel pads to two digits, which is no canonical number. */
	while (digits > 1 && *text->at == '0') {
		efimap_text_skip(text, 1);
		digits--;
	}
	if (efimap_num_parse_dec(text->at, digits, max, ret_value, NULL) != EFIMAP_NUM_OK)
		return false;
	efimap_text_skip(text, digits);
	return true;
}

/* "0x" and digits, between @min and 16 of them. */
static bool take_hex(struct efimap_text *text, size_t min, uint64_t *ret_value)
{
	uint64_t value = 0;
	size_t digits = 0;

	if (!efimap_text_take(text, "0x"))
		return false;
	for (; digits < text->len && digits < HEX64; digits++) {
		const char c = text->at[digits];

		if (c >= '0' && c <= '9')
			value = value << 4 | (uint64_t)(c - '0');
		else if (c >= 'a' && c <= 'f')
			value = value << 4 | (uint64_t)(c - 'a' + 10);
		else
			break;
	}
	if (digits < min)
		return false;
	efimap_text_skip(text, digits);
	*ret_value = value;
	return true;
}

static bool parse_type(struct efimap_text name, uint32_t *ret_type)
{
	uint64_t number;

	efimap_text_trim(&name);
	if (efimap_text_take(&name, "type=")) {
		if (!take_number(&name, UINT32_MAX, &number) || name.len)
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

static bool add_flag(struct efimap_text name, uint64_t *attribute)
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
static bool parse_flags(struct efimap_text flags, uint64_t *ret_attribute)
{
	uint64_t attribute = 0;
	struct efimap_text flag;

	if (efimap_text_take(&flags, "attr="))
		return take_hex(&flags, HEX64, ret_attribute) && flags.len == 0;
	while (take_until(&flags, '|', &flag))
		if (!add_flag(flag, &attribute))
			return false;
	if (!add_flag(flags, &attribute))
		return false;
	*ret_attribute = attribute;
	return true;
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
		       parse_flags(inside, &entry->attribute);
	}
	if (!efimap_text_take(text, "type=") || !take_number(text, UINT32_MAX, &number) ||
	    !efimap_text_take(text, ", attr=") || !take_hex(text, 1, &entry->attribute) ||
	    !efimap_text_take(text, ","))
		return false;
	entry->type = (uint32_t)number;
	return true;
}

/* The last byte, or the one behind it. It has no pages when it ends before it starts. */
static bool set_range(struct efimap_entry *entry, uint64_t start, uint64_t end, bool half_open)
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
	return take_number(&text, UINT64_MAX, &size) && efimap_text_take(&text, "MB)") &&
	       size == pages >> 8;
}

static bool parse_x86(struct efimap_text text, struct efimap_log_mem *mem)
{
	uint64_t start = 0, end = 0, number = 0;
	bool half_open;

	if (!efimap_text_take(&text, "mem") || !take_number(&text, MAX_NUMBER, &number) ||
	    !efimap_text_take(&text, ":"))
		return false;
	mem->numbered = true;
	mem->entry.index = (uint32_t)number;
	efimap_text_skip_blanks(&text);
	if (!take_type(&text, &mem->entry))
		return false;
	efimap_text_skip_blanks(&text);
	if (!efimap_text_take(&text, "range=[") || !take_hex(&text, HEX64, &start) ||
	    !efimap_text_take(&text, "-") || !take_hex(&text, HEX64, &end))
		return false;
	half_open = efimap_text_take(&text, ")");
	if (!half_open && !efimap_text_take(&text, "]"))
		return false;
	return set_range(&mem->entry, start, end, half_open) &&
	       is_size_right(text, mem->entry.pages);
}

/* "  0x0000e1050000-0x0000e105ffff [Memory Mapped I/O  |RUN|…]*" */
static bool parse_other(struct efimap_text text, struct efimap_log_mem *mem)
{
	uint64_t start = 0, end = 0;

	if (!take_hex(&text, HEX48, &start) || !efimap_text_take(&text, "-") ||
	    !take_hex(&text, HEX48, &end))
		return false;
	efimap_text_skip_blanks(&text);
	return take_type(&text, &mem->entry) && set_range(&mem->entry, start, end, false);
}

static bool begins_x86(struct efimap_text text)
{
	return efimap_text_take(&text, "mem") && text.len && text.at[0] >= '0' &&
	       text.at[0] <= '9';
}

bool efimap_log_is_removed(struct efimap_text rest)
{
	static const char said[] = "] (invalid)";

	efimap_text_trim(&rest);
	if (!begins_x86(rest) || rest.len < sizeof(said) - 1)
		return false;
	efimap_text_skip(&rest, rest.len - (sizeof(said) - 1));
	return efimap_text_is(rest, said);
}

bool efimap_log_is_mem(struct efimap_text rest)
{
	struct efimap_text text = rest;

	efimap_text_skip_blanks(&text);
	return begins_x86(text) || (text.len > 2 && rest.len - text.len > 1 &&
				    efimap_text_begins(text, "0x"));
}

bool efimap_parse_log_mem(struct efimap_text rest, struct efimap_log_mem *ret_mem)
{
	struct efimap_log_mem mem = { .entry.virt_from = EFIMAP_VIRT_UNKNOWN };

	efimap_text_skip_blanks(&rest);
	if (!(begins_x86(rest) ? parse_x86(rest, &mem) : parse_other(rest, &mem)))
		return false;
	*ret_mem = mem;
	return true;
}
