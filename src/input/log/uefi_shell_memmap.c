/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parse the output of "memmap" in the UEFI shell: a line for each descriptor, then the number of
 * pages of each type, then the total size. The lines are not numbered, so only the sums show
 * whether a line was lost.
 *
 *   RT_Code    00000000BF6DD000-00000000BF7CCFFF 00000000000000F0 800000000000000F
 *     RT_Code   :            240 Pages (983,040 Bytes)
 *   Total Memory:            255 MB (267,517,952 Bytes)
 *
 * Source: edk2 ShellPkg/Library/UefiShellDebug1CommandsLib/MemMap.c; older names are from
 * EdkShell memmap/memmap.c.
 */

#include "base/number.h"
#include "input/log/uefi_shell_memmap.h"

/* Number of digits in each hexadecimal number. A number with fewer digits was truncated. */
#define SHELL_DIGITS 16U
#define MAX_DECIMALS 20U

static void forget_shell_list(struct efimap_log_shell *shell)
{
	efimap_log_list_free(&shell->list);
	*shell = (struct efimap_log_shell){ 0 };
}

int efimap_log_take_shell_head(struct efimap_log_boot *boot,
			       const struct efimap_log_line *line)
{
	forget_shell_list(&boot->shell);
	boot->shell.is_open = true;
	boot->shell.line = line->number;
	return 1;
}

static bool take_shell_column(struct efimap_text *text, uint64_t *ret_value)
{
	if (!text->len || !efimap_is_blank(text->at[0]))
		return false;
	efimap_text_skip_blanks(text);
	return efimap_text_take_hex(text, SHELL_DIGITS, ret_value);
}

/* Return whether the range matches the number of pages. If not, a digit is wrong. */
static bool is_range_right(const struct efimap_entry *entry, uint64_t last)
{
	const uint64_t bytes = last - entry->phys + 1;

	return entry->phys % EFIMAP_PAGE_SIZE == 0 && bytes % EFIMAP_PAGE_SIZE == 0 &&
	       bytes / EFIMAP_PAGE_SIZE == entry->pages;
}

static bool parse_shell_row(struct efimap_text rest, struct efimap_entry *entry)
{
	uint64_t last;

	if (!take_shell_column(&rest, &entry->phys) || !efimap_text_take(&rest, "-") ||
	    !efimap_text_take_hex(&rest, SHELL_DIGITS, &last) ||
	    !take_shell_column(&rest, &entry->pages) ||
	    !take_shell_column(&rest, &entry->attribute))
		return false;
	efimap_text_trim_marks(&rest);
	return rest.len == 0 && is_range_right(entry, last);
}

/* Parse a number such as "4,641". Older shells print no commas. */
static bool take_grouped(struct efimap_text *text, uint64_t *ret_value)
{
	char digits[MAX_DECIMALS];
	size_t count = 0;

	for (; text->len && efimap_text_is_one_of(text->at[0], EFIMAP_DIGITS ",");
	     efimap_text_skip(text, 1)) {
		if (text->at[0] == ',')
			continue;
		if (count == sizeof(digits))
			return false;
		digits[count++] = text->at[0];
	}
	return efimap_number_parse_dec(digits, count, UINT64_MAX, ret_value, NULL) ==
	       EFIMAP_NUMBER_OK;
}

static bool parse_shell_sum(struct efimap_text rest, uint64_t *ret_pages)
{
	return efimap_text_take_mark(&rest, ":") && take_grouped(&rest, ret_pages) &&
	       efimap_text_take(&rest, " Pages");
}

/* Return whether "Total Memory:" includes memory of this type. */
static bool is_in_total(uint32_t type)
{
	return type != EFIMAP_TYPE_RESERVED && type != EFIMAP_TYPE_UNUSABLE &&
	       type != EFIMAP_TYPE_MMIO && type != EFIMAP_TYPE_MMIO_PORT;
}

static void note_miscount(struct efimap_log_shell *shell,
			  const struct efimap_log_line *line)
{
	if (!shell->is_miscounted)
		shell->line = line->number;
	shell->is_miscounted = true;
}

/*
 * Check the page count of a type that "Total Memory:" excludes. For the other types, only the total
 * is checked, because some shells count persistent memory as available memory.
 */
static int take_shell_sum(struct efimap_log_shell *shell,
			  const struct efimap_log_line *line, uint64_t pages)
{
	if (!shell->is_open)
		return 0;
	if (!is_in_total(line->type) && shell->pages[line->type] != pages)
		note_miscount(shell, line);
	return 1;
}

static int take_shell_row(struct efimap_log_boot *boot, const struct efimap_entry *entry,
			  uint32_t number)
{
	struct efimap_log_shell *shell = &boot->shell;
	int ret;

	if (!shell->is_open)
		forget_shell_list(shell);
	ret = efimap_log_list_add(&shell->list, entry);
	if (ret)
		return ret;
	shell->is_open = true;
	shell->line = number;
	shell->pages[entry->type] += entry->pages;
	efimap_log_raise(boot, entry->type == EFIMAP_TYPE_CONVENTIONAL
				       ? EFIMAP_LOG_BEST_MAP
				       : EFIMAP_LOG_SOME_WORDS);
	return 1;
}

/*
 * Return whether a line is probably a damaged row, not a kernel message that begins with the name
 * of a type.
 */
static bool was_shell_row(struct efimap_text rest)
{
	efimap_text_skip_blanks(&rest);
	return !rest.len || efimap_text_is_one_of(rest.at[0], EFIMAP_DIGITS "ABCDEF");
}

int efimap_log_take_shell_type(struct efimap_log_boot *boot,
			       const struct efimap_log_line *line)
{
	struct efimap_log_shell *shell = &boot->shell;
	struct efimap_entry entry = { .type = line->type,
				      .virt_from = EFIMAP_VIRT_UNKNOWN };
	uint64_t pages;

	if (parse_shell_sum(line->rest, &pages))
		return take_shell_sum(shell, line, pages);
	entry.index = shell->is_open ? (uint32_t)shell->list.count : 0;
	if (parse_shell_row(line->rest, &entry))
		return take_shell_row(boot, &entry, line->number);
	if (!shell->is_open || !was_shell_row(line->rest))
		return 0;
	efimap_log_count_bad(&shell->bad, line);
	efimap_log_raise(boot, EFIMAP_LOG_SOME_WORDS);
	return 1;
}

int efimap_log_take_shell_total(struct efimap_log_boot *boot,
				const struct efimap_log_line *line)
{
	struct efimap_log_shell *shell = &boot->shell;
	struct efimap_text rest = line->rest;
	uint64_t pages = 0, bytes;

	if (!shell->is_open || !efimap_text_find(&rest, "(") || !take_grouped(&rest, &bytes))
		return 0;
	for (uint32_t type = 0; type < EFIMAP_TYPE_FIRST_UNDEFINED; type++)
		pages += is_in_total(type) ? shell->pages[type] : 0;
	if (pages * EFIMAP_PAGE_SIZE != bytes)
		note_miscount(shell, line);
	shell->is_open = false;
	shell->has_total = true;
	return 1;
}
