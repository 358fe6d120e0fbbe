/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parsers of lines: systab and /proc/iomem. A line is judged alone, but for the depth
 * that the one before allows; must not keep or add anything.
 */
#include <string.h>

#include "base/num.h"
#include "read/parse.h"
#include "read/text.h"

#define MAX_KEY 32U
/* kernel/resource.c: r_show() prints at most 5 levels, two blanks each. */
#define BLANKS_PER_LEVEL 2U
#define SEPARATOR " : "
#define SEPARATOR_LEN 3U

bool efimap_lines_next(struct efimap_lines *lines, const char **ret_text, size_t *ret_len)
{
	size_t next;

	if (lines->len == 0)
		return false;
	*ret_text = lines->data;
	*ret_len = efimap_text_line(lines->data, lines->len, &next);
	lines->data += next;
	lines->len -= next;
	if (lines->line < UINT32_MAX)
		lines->line++;
	return true;
}

static bool is_key(const char *text, size_t len)
{
	if (len == 0 || len > MAX_KEY)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];

		if (!(c >= 'A' && c <= 'Z') && !(c >= 'a' && c <= 'z') &&
		    !(c >= '0' && c <= '9') && c != '_')
			return false;
	}
	return true;
}

bool efimap_parse_systab_line(const char *text, size_t len, uint32_t line,
			      struct efimap_named *ret_named, struct efimap_problem *problem)
{
	const char *equals = len ? memchr(text, '=', len) : NULL;
	size_t key = equals ? (size_t)(equals - text) : 0;
	char quote[EFIMAP_QUOTE_SIZE];
	uint64_t value;

	if (!is_key(text, key) ||
	    efimap_num_parse_hex(text + key + 1, len - key - 1, UINT64_MAX, &value, NULL) !=
		    EFIMAP_NUM_OK)
		return efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, line,
					  "found %s, expected KEY=0x and 1 to 16 "
					  "hexadecimal digits",
					  efimap_text_quote(quote, text, len));
	*ret_named = (struct efimap_named){ text, key, value };
	return true;
}

/* Digits up to @end_char; their number and the character are skipped. */
static bool take_address(const char **text, size_t *len, char end_char, uint64_t *ret_value)
{
	const char *end = *len ? memchr(*text, end_char, *len) : NULL;
	size_t digits = end ? (size_t)(end - *text) : 0;

	if (efimap_num_parse_bare_hex(*text, digits, UINT64_MAX, ret_value, NULL) !=
	    EFIMAP_NUM_OK)
		return false;
	*text += digits;
	*len -= digits;
	return true;
}

static bool parse_fields(const char *text, size_t len, struct efimap_iomem_line *line)
{
	if (!take_address(&text, &len, '-', &line->span.first))
		return false;
	text++;
	len--;
	if (!take_address(&text, &len, ' ', &line->span.last))
		return false;
	if (len <= SEPARATOR_LEN || memcmp(text, SEPARATOR, SEPARATOR_LEN) != 0)
		return false;
	line->name = text + SEPARATOR_LEN;
	line->name_len = len - SEPARATOR_LEN;
	return true;
}

bool efimap_parse_iomem_line(const char *text, size_t len, uint32_t line,
			     uint32_t max_depth, struct efimap_iomem_line *ret_line,
			     struct efimap_problem *problem)
{
	struct efimap_iomem_line parsed = { 0 };
	char quote[EFIMAP_QUOTE_SIZE];
	size_t blanks = 0;

	while (blanks < len && text[blanks] == ' ')
		blanks++;
	if (blanks % BLANKS_PER_LEVEL || !parse_fields(text + blanks, len - blanks, &parsed))
		return efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, line,
					  "found %s, expected \"START-END : NAME\" in "
					  "hexadecimal, two blanks before it per level",
					  efimap_text_quote(quote, text, len));
	if (blanks / BLANKS_PER_LEVEL > max_depth)
		return efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, line,
					  "%s lies more than one level below the line "
					  "before it",
					  efimap_text_quote(quote, text, len));
	if (parsed.span.last < parsed.span.first)
		return efimap_problem_set(problem, EFIMAP_FAULT_SYNTAX, line,
					  "the range in %s ends before it starts",
					  efimap_text_quote(quote, text, len));
	parsed.depth = (uint32_t)(blanks / BLANKS_PER_LEVEL);
	*ret_line = parsed;
	return true;
}
