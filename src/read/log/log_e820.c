/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of the e820 table in a kernel's log. The kernel makes sys/firmware/memmap of the
 * same table, in other words. Keeps nothing.
 * Source: arch/x86/kernel/e820.c: e820__print_table, e820_print_type, e820_type_to_string
 */
#include "base/num.h"
#include "read/parse.h"
#include "read/text.h"

#define MAX_WORD 31U

/* e820__print_table's word, and e820_type_to_string's for memmap. 6.17 prints the latter. */
static const struct {
	const char *printed;
	const char *label;
} labels[] = {
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

static const char unknown_type[] = "Unknown E820 type";

static const char *label_of(struct efimap_text word)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (efimap_text_is(word, labels[i].printed))
			return labels[i].label;
	return efimap_text_take(&word, "type ") && word.len ? unknown_type : NULL;
}

/* Sixteen digits: one less, and a byte was lost. */
static bool take_address(struct efimap_text *text, uint64_t *ret_value)
{
	if (text->len < 16 || efimap_num_parse_bare_hex(text->at, 16, UINT64_MAX, ret_value,
							NULL) != EFIMAP_NUM_OK)
		return false;
	efimap_text_skip(text, 16);
	return true;
}

/* Since 3.5: "[mem 0x0000000000000000-0x000000000009efff] usable" */
static bool parse_new(struct efimap_text text, struct efimap_log_e820 *range)
{
	if (!efimap_text_take(&text, "[mem 0x") || !take_address(&text, &range->start) ||
	    !efimap_text_take(&text, "-0x") || !take_address(&text, &range->end) ||
	    !efimap_text_take(&text, "]"))
		return false;
	efimap_text_trim(&text);
	range->label = label_of(text);
	return range->label;
}

/* Before: "0000000000000000 - 000000000009ec00 (usable)", the end is the byte behind */
static bool parse_old(struct efimap_text text, struct efimap_log_e820 *range)
{
	if (!take_address(&text, &range->start) || !efimap_text_take(&text, " - ") ||
	    !take_address(&text, &range->end) || !efimap_text_take(&text, " ("))
		return false;
	efimap_text_trim(&text);
	if (text.len < 2 || text.len > MAX_WORD || text.at[text.len - 1] != ')' ||
	    range->end <= range->start)
		return false;
	range->end--;
	text.len--;
	range->label = label_of(text);
	return range->label;
}

bool efimap_log_is_e820_gap(struct efimap_text rest)
{
	efimap_text_skip_blanks(&rest);
	return efimap_text_begins(rest, "[gap 0x");
}

bool efimap_parse_log_e820(struct efimap_text rest, struct efimap_log_e820 *ret_range)
{
	struct efimap_log_e820 range = { 0 };

	efimap_text_trim(&rest);
	if (!parse_new(rest, &range) && !parse_old(rest, &range))
		return false;
	*ret_range = range;
	return true;
}
