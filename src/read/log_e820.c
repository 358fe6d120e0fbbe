/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * One line of the e820 table in a kernel's log. The kernel makes sys/firmware/memmap of the
 * same table, in other words. Keeps nothing.
 * Source: arch/x86/kernel/e820.c: e820_print_type, e820_type_to_string
 */
#include <string.h>

#include <efimap/num.h>

#include "parse.h"

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

static const char *label_of(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (strlen(labels[i].printed) == len &&
		    memcmp(labels[i].printed, word, len) == 0)
			return labels[i].label;
	return len > 5 && memcmp(word, "type ", 5) == 0 ? unknown_type : NULL;
}

static bool skip(struct efimap_lines *text, const char *word)
{
	const size_t len = strlen(word);

	if (text->len < len || memcmp(text->data, word, len) != 0)
		return false;
	text->data += len;
	text->len -= len;
	return true;
}

/* Sixteen digits: one less, and a byte was lost. */
static bool take_address(struct efimap_lines *text, uint64_t *ret_value)
{
	if (text->len < 16 || efimap_num_parse_bare_hex(text->data, 16, UINT64_MAX, ret_value,
							NULL) != EFIMAP_NUM_OK)
		return false;
	text->data += 16;
	text->len -= 16;
	return true;
}

static void trim(struct efimap_lines *text)
{
	while (text->len && text->data[0] == ' ') {
		text->data++;
		text->len--;
	}
	while (text->len && text->data[text->len - 1] == ' ')
		text->len--;
}

/* Since 3.5: "[mem 0x0000000000000000-0x000000000009efff] usable" */
static bool parse_new(struct efimap_lines text, struct efimap_log_e820 *range)
{
	if (!skip(&text, "[mem 0x") || !take_address(&text, &range->start) ||
	    !skip(&text, "-0x") || !take_address(&text, &range->end) || !skip(&text, "]"))
		return false;
	trim(&text);
	range->label = label_of(text.data, text.len);
	return range->label;
}

/* Before: "0000000000000000 - 000000000009ec00 (usable)", the end is the byte behind */
static bool parse_old(struct efimap_lines text, struct efimap_log_e820 *range)
{
	if (!take_address(&text, &range->start) || !skip(&text, " - ") ||
	    !take_address(&text, &range->end) || !skip(&text, " ("))
		return false;
	trim(&text);
	if (text.len < 2 || text.len > MAX_WORD || text.data[text.len - 1] != ')' ||
	    range->end <= range->start)
		return false;
	range->end--;
	range->label = label_of(text.data, text.len - 1);
	return range->label;
}

bool efimap_parse_log_e820(const char *rest, size_t len, struct efimap_log_e820 *ret_range)
{
	struct efimap_lines text = { .data = rest, .len = len };
	struct efimap_log_e820 range = { 0 };

	trim(&text);
	if (!parse_new(text, &range) && !parse_old(text, &range))
		return false;
	*ret_range = range;
	return true;
}
