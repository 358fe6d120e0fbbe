/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the list of configuration tables: find its lines, join a wrapped list, and detect values
 * that cannot be the address of a table.
 *
 * Source: drivers/firmware/efi/efi.c: efi_config_parse_tables, match_config_table. Linux 5.10 or
 * later prints one space after each address, and earlier kernels print two. Unusable tables are in
 * parentheses.
 */
#include <stdio.h>
#include <string.h>

#include "base/closest_word.h"
#include "input/log/configuration_tables.h"
#include "input/parse_values.h"

#define MAX_TABLES 256U
/* Maximum number of lines in one list. With 72 columns, a list of all tables has 8 lines. */
#define MAX_LINES 16U
#define MAX_NAME 32U
#define MAX_FAULTS 8U
#define MAX_QUOTE 64

struct table_name {
	char name[16];
	uint8_t alignment;
};

/*
 * Names and alignments of the tables. Source: drivers/firmware/efi/efi.c: common_tables;
 * arch/x86/platform/efi/efi.c: arch_tables. Memory that boot services allocate is aligned to 8
 * bytes (UEFI 2.10, 7.2.4: EFI_BOOT_SERVICES.AllocatePool). ACPI and SMBIOS tables can be inside
 * other tables, where they are aligned to 4 bytes.
 */
static const struct table_name known[] = {
	{ "ACPI 2.0", 4 },    { "ACPI", 4 },	     { "SMBIOS", 4 },	  { "SMBIOS 3.0", 4 },
	{ "MPS", 4 },	      { "UGA", 4 },	     { "HCDP", 4 },	  { "UVsystab", 4 },
	{ "PROP", 8 },	      { "ESRT", 8 },	     { "MEMATTR", 8 },	  { "RNG", 8 },
	{ "TPMEventLog", 8 }, { "TPMFinalLog", 8 },  { "CCFinalLog", 8 }, { "MEMRESERVE", 8 },
	{ "INITRD", 8 },      { "RTPROP", 8 },	     { "MOKvar", 8 },	  { "CocoSecret", 8 },
	{ "Unaccepted", 8 },  { "OvmfDebugLog", 8 },
};

static const struct table_name *find_known(struct text name)
{
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (text_is(name, known[i].name))
			return &known[i];
	return NULL;
}

/* A table in the list, "NAME=0xADDRESS". */
struct table_pair {
	struct text name;
	uint64_t address;
};

/*
 * Parse and skip the next pair. If there is none, advance @rest to the position at which a pair was
 * expected, and return false.
 */
static bool take_pair(struct text *rest, struct table_pair *ret_pair)
{
	struct text left, name;
	const char *end;

	/* Skip a table in parentheses, such as "(INITRD=0x7f6e4000 unusable)". */
	text_skip_blanks(rest);
	if (text_begins(*rest, "(") && !text_find(rest, ")"))
		text_skip(rest, rest->len);
	text_skip_blanks(rest);
	left = *rest;
	end = left.len ? memchr(left.at, '=', left.len) : NULL;
	if (!end)
		return false;
	name = (struct text){ left.at, (size_t)(end - left.at) };
	if (!name.len || name.len > MAX_NAME || !text_span(name, EFIMAP_LETTERS) ||
	    text_span(name, EFIMAP_LETTERS EFIMAP_DIGITS " ._-/") != name.len ||
	    name.at[name.len - 1] == ' ')
		return false;
	text_skip(&left, name.len + 1);
	if (!text_take(&left, "0x") || !text_take_hex(&left, 1, &ret_pair->address) ||
	    (left.len && !is_blank(left.at[0])))
		return false;
	ret_pair->name = name;
	*rest = left;
	return true;
}

/* Count the tables with known names. @ret_rest is the part of the text that cannot be parsed. */
static size_t count_known(struct text text, struct text *ret_rest)
{
	struct table_pair pair;
	size_t count = 0;

	while (take_pair(&text, &pair))
		count += find_known(pair.name) != NULL;
	*ret_rest = text;
	return count;
}

bool log_tables_open(struct log_tables *list, const struct log_line *line)
{
	struct text rest = line->rest;
	struct table_pair pair;

	if (!take_pair(&rest, &pair) || line->rest.len > sizeof(list->text))
		return false;
	memcpy(list->text, line->rest.at, line->rest.len);
	list->len = line->rest.len;
	list->n_lines = 1;
	list->line = line->number;
	list->width = line->all.len;
	return true;
}

/* Return whether a text may be the beginning of a pair that continues on the next line. */
static bool may_begin_pair(struct text text)
{
	const size_t name = text_span(text, EFIMAP_LETTERS EFIMAP_DIGITS " .");

	text_skip(&text, name);
	return name <= MAX_NAME && (!text.len || text_is(text, "=") || text_is(text, "=0"));
}

/*
 * Store in @ret_joined the concatenation of @list, @between and @line. Return the number of tables
 * with known names that the line adds, or 0 if the result is too long or not a list.
 */
static size_t try_join(const struct log_tables *list, const char *between, struct text line,
		       struct log_tables *ret_joined)
{
	const struct text before = { list->text, list->len };
	const size_t len = list->len + strlen(between) + line.len;
	struct text rest;
	size_t had, has;

	if (len > sizeof(ret_joined->text))
		return 0;
	*ret_joined = *list;
	memcpy(ret_joined->text + list->len, between, strlen(between));
	if (line.len)
		memcpy(ret_joined->text + len - line.len, line.at, line.len);
	ret_joined->len = len;
	ret_joined->n_lines++;
	had = count_known(before, &rest);
	has = count_known((struct text){ ret_joined->text, len }, &rest);
	return has > had && may_begin_pair(rest) ? has - had : 0;
}

bool log_tables_continue(struct log_tables *list, const struct log_line *line)
{
	/* Some programs add a time stamp to each part of a broken line. */
	const struct text texts[] = { line->all, line->message };
	struct log_tables at_blank, inside;
	size_t n_at_blank = 0, n_inside = 0;

	if (list->n_lines >= MAX_LINES)
		return false;
	/* The line break may be at a space or inside a word. */
	for (size_t i = 0; i < 2 && !n_at_blank && !n_inside; i++) {
		n_at_blank = try_join(list, " ", texts[i], &at_blank);
		n_inside = try_join(list, "", texts[i], &inside);
	}
	if (!n_at_blank && !n_inside)
		return false;
	/* If both attempts add equally many tables, the line break was probably at a space. */
	*list = n_inside > n_at_blank ? inside : at_blank;
	list->width = line->all.len;
	return true;
}

static void add_damage(uint32_t line, struct text what, struct efimap *facts)
{
	char quote[MAX_QUOTE + 1];

	text_trim(&what);
	if (!what.len || facts->n_faults >= MAX_FAULTS)
		return;
	snprintf(quote, sizeof(quote), "%.*s", (int)what.len, what.at);
	text_clean(quote, strlen(quote));
	capture_add_lines_fault(facts, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_LINES_MALFORMED, line,
				"the list of configuration tables is damaged: \"%s\" is ignored",
				quote);
}

bool log_tables_stray(const struct log_line *line, struct efimap *facts)
{
	struct text rest;

	if (!count_known(line->message, &rest) || rest.len)
		return false;
	add_damage(line->number, line->message, facts);
	return true;
}

static unsigned int count_digits(uint64_t address)
{
	unsigned int digits = 0;

	for (; address; address >>= 4)
		digits++;
	return digits;
}

/* Return whether a table may be in legacy BIOS memory, as in SMBIOS=0xf0000. */
static bool is_of_legacy_bios(const struct table_pair *pair)
{
	const struct table_name *name = find_known(pair->name);

	return name && name->alignment == 4 && pair->address >> 20 == 0;
}

/*
 * Return whether the address of @last may be truncated: the list has other addresses outside of
 * legacy BIOS memory, and each of them has more digits.
 */
static bool is_shortest(const struct log_tables *list, const struct table_pair *last)
{
	struct text rest = { list->text, list->len };
	struct table_pair pair;
	size_t others = 0;

	while (take_pair(&rest, &pair)) {
		if (pair.name.at == last->name.at || is_of_legacy_bios(&pair))
			continue;
		if (count_digits(pair.address) <= count_digits(last->address))
			return false;
		others++;
	}
	return others > 0;
}

/*
 * Return whether an unknown name is probably a damaged name: it is similar to a known name, or two
 * entries without the text between them. A later kernel may have tables with other names.
 */
static bool is_damaged_name(struct text name)
{
	char word[MAX_NAME + 1];
	struct closest closest = { .word = word };

	snprintf(word, sizeof(word), "%.*s", (int)name.len, name.at);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		closest_try(&closest, known[i].name);
	return closest.best || strchr(word, ' ');
}

static void add_pair(const struct log_tables *list, const struct table_pair *pair, struct text rest,
		     struct efimap *facts)
{
	const struct text text = { pair->name.at, (size_t)(rest.at - pair->name.at) };
	const struct table_name *name = find_known(pair->name);
	/* A list of several lines with an unknown name probably contains an unrelated line. */
	const bool has_bad_name = !name && (list->n_lines > 1 || is_damaged_name(pair->name));
	const bool may_be_truncated = name && !rest.len && list->text[list->len - 1] != ' ' &&
				      !is_of_legacy_bios(pair) && is_shortest(list, pair);
	/*
	 * The addresses 0 and 2^64 - 1 mean that there is no table. efi_reuse_config() writes
	 * 2^64 - 1 to hide MEMATTR.
	 */
	const bool is_impossible =
		name && pair->address != 0 && pair->address != UINT64_MAX &&
		(pair->address % name->alignment != 0 || pair->address < EFIMAP_PAGE_SIZE ||
		 pair->address >= EFIMAP_PHYS_LIMIT);

	if (has_bad_name || may_be_truncated || is_impossible)
		add_damage(list->line, text, facts);
	else
		capture_add_table(facts, pair->name.at, pair->name.len, pair->address);
}

/* The kernel prints up to two blanks at the end, which a program may remove. */
void log_tables_check_column(const struct log_tables *list, size_t column, struct efimap *facts)
{
	const bool has_blank = list->len && list->text[list->len - 1] == ' ';

	if (!list->width || list->width > column || list->width + 2 < column ||
	    (has_blank && list->width < column))
		return;
	if (!has_blank && list->width == column && facts->n_tables)
		facts->n_tables--;
	capture_add_lines_fault(facts, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_LINES_MALFORMED,
				list->line,
				"the lines of the log are cut at column %zu, so the end of the "
				"list of configuration tables may be missing",
				column);
}

void log_tables_close(struct log_tables *list, struct efimap *facts)
{
	struct text rest = { list->text, list->len };
	struct table_pair pair;

	if (!list->n_lines)
		return;
	while (facts->n_tables < MAX_TABLES && take_pair(&rest, &pair))
		add_pair(list, &pair, rest, facts);
	if (facts->n_tables < MAX_TABLES)
		add_damage(list->line, rest, facts);
	list->n_lines = 0;
}
