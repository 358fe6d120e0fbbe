/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The text of /sys/kernel/debug/page_tables/efi. It must not know who reads it nor what
 * was predicted. Source: arch/x86/mm/dump_pagetables.c: note_page(), printk_prot():
 *
 *   0xfffffffeff5ec000-0xfffffffeff6ec000           1M     RW                     x  pte
 *
 * Two addresses, the end exclusive (0 for 2^64), the size, then a word for each flag that
 * is set and the level. What is absent has neither "RW" nor "ro".
 */
#include <errno.h>
#include <stdbool.h>

#include "model/ptdump.h"
#include "read/parse.h"
#include "read/text.h"

/* A line of the kernel has 93 bytes. */
#define MAX_LINE 256

struct flag_word {
	const char *text;
	uint64_t set;
};

static const struct flag_word flag_words[] = {
	{ "USR", EFIMAP_PTE_USER },
	{ "RW", EFIMAP_PTE_RW },
	{ "ro", 0 },
	{ "PWT", EFIMAP_PTE_PWT },
	{ "PCD", EFIMAP_PTE_PCD },
	{ "PSE", EFIMAP_PTE_PSE },
	{ "PAT", EFIMAP_PTE_PAT_LARGE },
	{ "GLB", EFIMAP_PTE_GLOBAL },
	{ "NX", EFIMAP_PTE_NX },
	{ "x", 0 },
};

static bool is_size(struct efimap_text word)
{
	uint64_t number;

	return efimap_text_take_number(&word, UINT64_MAX, &number) && word.len == 1 &&
	       efimap_text_is_one_of(word.at[0], "BKMGTPE");
}

static bool find_level(struct efimap_text word, enum efimap_ptlevel *ret_level)
{
	for (enum efimap_ptlevel level = EFIMAP_PTLEVEL_PTE; level <= EFIMAP_PTLEVEL_PGD;
	     level++) {
		if (!efimap_text_is(word, efimap_ptlevel_name(level)))
			continue;
		*ret_level = level;
		return true;
	}
	return false;
}

static const struct flag_word *find_flag(struct efimap_text word)
{
	for (size_t i = 0; i < sizeof(flag_words) / sizeof(flag_words[0]); i++)
		if (efimap_text_is(word, flag_words[i].text))
			return &flag_words[i];
	return NULL;
}

static bool take_address(struct efimap_text *rest, uint64_t *ret_address)
{
	return efimap_text_take(rest, "0x") &&
	       efimap_text_take_hex(rest, 16, ret_address);
}

static bool take_range(struct efimap_text *rest, struct efimap_span *ret_span)
{
	uint64_t first, end;

	if (!take_address(rest, &first) || !efimap_text_take(rest, "-") ||
	    !take_address(rest, &end))
		return false;
	/* The last line ends at 2^64, printed as 0. */
	if (end - 1 < first)
		return false;
	*ret_span = (struct efimap_span){ first, end - 1 };
	return true;
}

/* What a line holds; the reason when it is none. */
static const char *parse_dump_line(struct efimap_text line, struct efimap_ptrun *run,
				   bool *present)
{
	const struct flag_word *flag;
	struct efimap_text word;

	*run = (struct efimap_ptrun){ 0 };
	*present = false;
	if (!take_range(&line, &run->span))
		return "expected 0xSTART-0xEND with 16 digits each";
	if (!is_size(efimap_text_take_word(&line)))
		return "expected a size after the range";
	while ((word = efimap_text_take_word(&line)).len) {
		if (find_level(word, &run->level))
			return efimap_text_take_word(&line).len ? "text after the level" : NULL;
		flag = find_flag(word);
		if (!flag)
			return "unknown flag";
		run->flags |= flag->set;
		*present = true;
	}
	return "expected pte, pmd, pud, p4d or pgd at the end";
}

static bool is_marker(struct efimap_text line)
{
	if (line.len == 0 || efimap_text_begins(line, "... "))
		return true;
	return efimap_text_take(&line, "---[ ") && efimap_text_ends(line, " ]---");
}

static int add_line(struct efimap_ptdump *dump, struct efimap_text line, const char *where,
		    uint64_t number, struct efimap_err *err)
{
	struct efimap_ptrun run;
	const char *reason;
	bool present;
	int ret;

	reason = line.len > MAX_LINE ? "line too long" : parse_dump_line(line, &run, &present);
	if (reason)
		return efimap_err_at_line(err, EBADMSG, where, number,
					  "not a line of a page table dump: %s", reason);
	ret = present ? efimap_ptdump_add(dump, &run) : 0;
	if (ret == -EINVAL)
		return efimap_err_at_line(err, EBADMSG, where, number,
					  "range does not lie above the one before it");
	return ret ? efimap_err_at_line(err, -ret, where, number, "out of memory") : 0;
}

int efimap_ptdump_parse(const char *text, size_t size, const char *where,
			struct efimap_ptdump *ret_dump, struct efimap_err *err)
{
	efimap_auto_ptdump struct efimap_ptdump dump = { 0 };
	struct efimap_lines lines = { .data = text, .len = size };
	struct efimap_text line;
	bool has_range = false;
	int ret;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		if (lines.line > EFIMAP_PTDUMP_MAX_LINES)
			return efimap_err_at_line(err, E2BIG, where, lines.line,
						  "more than %u lines",
						  EFIMAP_PTDUMP_MAX_LINES);
		if (is_marker(line))
			continue;
		ret = add_line(&dump, line, where, lines.line, err);
		if (ret)
			return ret;
		has_range = true;
	}
	if (!has_range)
		return efimap_err_set(err, EBADMSG, where,
				      "not a page table dump: no line with a range");
	*ret_dump = dump;
	dump = (struct efimap_ptdump){ 0 };
	return 0;
}
