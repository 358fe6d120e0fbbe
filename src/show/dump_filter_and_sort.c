/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Filter the entries of a dump by cells or addresses, and sort them by the cells of a column. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/number.h"
#include "base/sort.h"
#include "show/dump_columns.h"
#include "show/dump_filter_and_sort.h"
#include "show/dump_view.h"

int dump_join_incomplete(const struct efimap *map, struct efimap *ret_shown)
{
	const size_t count = map->n_entries + map->n_incomplete_entries;
	struct efimap_entry *entries = efimap_array_new(count, sizeof(*entries));

	if (!entries)
		return -ENOMEM;
	if (map->n_entries)
		memcpy(entries, map->entries, map->n_entries * sizeof(*entries));
	for (size_t i = 0; i < map->n_incomplete_entries; i++) {
		struct efimap_entry *entry = &entries[map->n_entries + i];

		*entry = map->incomplete_entries[i];
		if (entry->missing_values & EFIMAP_MISSING_VIRT)
			entry->virt_from = EFIMAP_VIRT_UNKNOWN;
	}
	efimap_sort(entries, count, sizeof(*entries), efimap_order_at_32);
	*ret_shown = *map;
	ret_shown->entries = entries;
	ret_shown->n_entries = count;
	return 0;
}

struct key {
	size_t position;
	struct efimap_out text;
	uint64_t number;
	bool is_number;
};

/* Parse a number such as "0x1000", "4096" or "4K". */
static bool parse_amount(const char *text, size_t len, uint64_t *ret_number)
{
	static const char units[] = "KMGT";
	const char *unit = len > 1 ? strchr(units, text[len - 1]) : NULL;

	if (len > 2 && text[0] == '0' && text[1] == 'x')
		return efimap_number_parse_hex(text, len, UINT64_MAX, ret_number, NULL) ==
		       EFIMAP_NUMBER_OK;
	if (efimap_number_parse_dec(text, unit ? len - 1 : len, UINT64_MAX, ret_number, NULL) !=
	    EFIMAP_NUMBER_OK)
		return false;
	return !unit ||
	       !__builtin_mul_overflow(*ret_number, UINT64_C(1024) << 10 * (unit - units),
				       ret_number);
}

/* Make the key of a cell. Sizes are compared in bytes. */
static int make_key(const struct dump_view *view, size_t position, size_t column,
		    struct key *ret_key)
{
	struct dump_view plain = *view;
	struct efimap_out *text = &ret_key->text;

	plain.bytes = true;
	text->used = 0;
	dump_put_cell(&plain, position, column, text);
	efimap_out_putc(text, '\0');
	if (text->error)
		return text->error;
	ret_key->position = position;
	ret_key->is_number = parse_amount(text->data, text->used - 1, &ret_key->number);
	return 0;
}

static const struct {
	const char *sign;
	unsigned int accepts;
} relations[] = {
	/* An operator must precede its prefixes, as "<=" precedes "<". */
	{ "==", EFIMAP_DUMP_EQUAL | EFIMAP_DUMP_ALIKE },
	{ "=", EFIMAP_DUMP_EQUAL | EFIMAP_DUMP_ALIKE },
	{ "!=", EFIMAP_DUMP_BELOW | EFIMAP_DUMP_ABOVE | EFIMAP_DUMP_UNLIKE },
	{ "<=", EFIMAP_DUMP_BELOW | EFIMAP_DUMP_EQUAL },
	{ "<", EFIMAP_DUMP_BELOW },
	{ ">=", EFIMAP_DUMP_ABOVE | EFIMAP_DUMP_EQUAL },
	{ ">", EFIMAP_DUMP_ABOVE },
};

static size_t skip_blanks(const char *text)
{
	return strspn(text, " ");
}

/* Return the length of the operator at the start of @text, or 0 if there is none. */
static size_t parse_relation(const char *text, unsigned int *ret_accepts)
{
	for (size_t i = 0; i < sizeof(relations) / sizeof(relations[0]); i++) {
		const size_t len = strlen(relations[i].sign);

		if (strncmp(text, relations[i].sign, len) == 0) {
			*ret_accepts = relations[i].accepts;
			return len;
		}
	}
	return 0;
}

/* Parse a word or a quoted string. Return the rest of the text, or NULL on a syntax error. */
static const char *parse_value(const char *text, struct efimap_dump_term *term)
{
	const bool is_quoted = *text == '"' || *text == '\'';
	const char *end;

	text += is_quoted;
	end = is_quoted ? strchr(text, text[-1]) : text + strcspn(text, " ,");
	if (!end || (end == text && !is_quoted))
		return NULL;
	term->value = text;
	term->len = (size_t)(end - text);
	term->is_number = parse_amount(text, term->len, &term->number);
	return end + is_quoted;
}

/* Parse a term. Return the rest of the text, or NULL with @err set. */
static const char *parse_term(const char *text, struct efimap_dump_term *term,
			      struct efimap_err *err)
{
	const bool is_not = *text == '!';
	const char *name = text + is_not + skip_blanks(text + is_not), *at;
	const size_t len = strcspn(name, " ,!=<>");
	bool needs_number;
	size_t sign;

	*term = (struct efimap_dump_term){ .column = EFIMAP_MAX_COLUMNS };
	term->accepts = is_not ? EFIMAP_DUMP_EMPTY : EFIMAP_DUMP_THERE;
	if ((len != 4 || strncasecmp(name, "ADDR", len) != 0) &&
	    dump_find_column(name, len, &term->column, err) < 0)
		return NULL;
	at = name + len + skip_blanks(name + len);
	sign = is_not ? 0 : parse_relation(at, &term->accepts);
	if (sign) {
		at = parse_value(at + sign + skip_blanks(at + sign), term);
		at = at ? at + skip_blanks(at) : NULL;
	}
	needs_number = term->column == EFIMAP_MAX_COLUMNS ||
		       (term->accepts & (EFIMAP_DUMP_BELOW | EFIMAP_DUMP_ABOVE) &&
			!(term->accepts & EFIMAP_DUMP_UNLIKE));
	if (!at || (needs_number && !term->is_number) ||
	    (term->column == EFIMAP_MAX_COLUMNS && !(term->accepts & EFIMAP_DUMP_ALIKE))) {
		efimap_err_set(err, EINVAL, NULL, "'%.*s': expected %s", (int)strcspn(name, ","),
			       name, term->column == EFIMAP_MAX_COLUMNS ?
					     "ADDR=ADDRESS, for example "
					     "ADDR=0x7f7e1000" :
					     "COLUMN, !COLUMN, COLUMN=VALUE, "
					     "COLUMN!=VALUE, or COLUMN<NUMBER "
					     "(also <=, > and >=)");
		return NULL;
	}
	return at;
}

int efimap_dump_filter_parse(const char *text, struct efimap_dump_filter *ret_filter,
			     struct efimap_err *err)
{
	ret_filter->n_terms = 0;
	for (;;) {
		if (ret_filter->n_terms == EFIMAP_MAX_TERMS)
			return efimap_err_set(err, EINVAL, NULL, "more than %d terms",
					      EFIMAP_MAX_TERMS);
		text = parse_term(text + skip_blanks(text), &ret_filter->terms[ret_filter->n_terms],
				  err);
		if (!text)
			return -EINVAL;
		ret_filter->n_terms++;
		if (!*text)
			return 0;
		if (*text == ',')
			text++;
		else if (strncasecmp(text, "and ", 4) == 0)
			text += 4;
		else
			return efimap_err_set(err, EINVAL, NULL,
					      "'%s': expected \"and\" or a comma between terms",
					      text);
	}
}

static bool is_element(const struct efimap_dump_term *term, const char *cell)
{
	for (;;) {
		const size_t len = strcspn(cell, ",");

		if (len == term->len && strncasecmp(cell, term->value, len) == 0)
			return true;
		if (!cell[len])
			return false;
		cell += len + 1;
	}
}

static enum efimap_dump_relation relation_of(const struct key *key,
					     const struct efimap_dump_term *term)
{
	if (!term->value)
		return *key->text.data ? EFIMAP_DUMP_THERE : EFIMAP_DUMP_EMPTY;
	if (!term->is_number || !key->is_number)
		return is_element(term, key->text.data) ? EFIMAP_DUMP_ALIKE : EFIMAP_DUMP_UNLIKE;
	if (key->number == term->number)
		return EFIMAP_DUMP_EQUAL;
	return key->number < term->number ? EFIMAP_DUMP_BELOW : EFIMAP_DUMP_ABOVE;
}

/* Return 1 if the entry matches all terms, 0 if it does not, or a negative errno. */
static int is_chosen(const struct dump_view *view, const struct efimap_dump_filter *filter,
		     size_t position, struct key *key)
{
	const struct efimap_entry *entry = &view->map->entries[position];

	for (size_t i = 0; filter && i < filter->n_terms; i++) {
		const struct efimap_dump_term *term = &filter->terms[i];
		int ret;

		if (term->column == EFIMAP_MAX_COLUMNS) {
			if (!efimap_entry_covers_phys(entry, term->number) &&
			    !efimap_entry_covers_virt(entry, term->number))
				return 0;
			continue;
		}
		ret = make_key(view, position, term->column, key);
		if (ret < 0)
			return ret;
		if (!(term->accepts & relation_of(key, term)))
			return 0;
	}
	return 1;
}

int efimap_dump_order_parse(const char *text, struct efimap_dump_order *ret_order,
			    struct efimap_err *err)
{
	const size_t len = strcspn(text, ":");
	size_t column;

	if (dump_find_column(text, len, &column, err) < 0)
		return -EINVAL;
	if (text[len] && strcasecmp(text + len, ":desc") != 0 &&
	    strcasecmp(text + len, ":asc") != 0)
		return efimap_err_set(err, EINVAL, NULL,
				      "'%s': expected COLUMN, COLUMN:asc or COLUMN:desc", text);
	*ret_order = (struct efimap_dump_order){
		.column = column,
		.is_given = true,
		.is_descending = text[len] && strcasecmp(text + len, ":desc") == 0,
	};
	return 0;
}

/*
 * In ascending order, cells that are not numbers precede numbers. Equal cells keep the order of
 * their entries.
 */
static int compare_keys(const void *a, const void *b, void *descending)
{
	const struct key *one = a, *other = b;
	int order = (int)one->is_number - (int)other->is_number;

	if (order == 0 && one->is_number)
		order = efimap_order(one->number, other->number);
	else if (order == 0)
		order = strcmp(one->text.data, other->text.data);
	if (order)
		return *(const bool *)descending ? -order : order;
	return efimap_order(one->position, other->position);
}

static int sort_rows(struct dump_view *view, const struct efimap_dump_order *order)
{
	struct key *keys = efimap_array_new(view->n_rows, sizeof(*keys));
	bool is_descending = order->is_descending;
	int ret = keys ? 0 : -ENOMEM;

	for (size_t i = 0; i < view->n_rows && !ret; i++) {
		keys[i].text = (struct efimap_out)EFIMAP_OUT_MEM;
		ret = make_key(view, view->rows[i], order->column, &keys[i]);
	}
	if (!ret)
		qsort_r(keys, view->n_rows, sizeof(*keys), compare_keys, &is_descending);
	for (size_t i = 0; keys && i < view->n_rows; i++) {
		view->rows[i] = ret ? view->rows[i] : keys[i].position;
		efimap_out_free(&keys[i].text);
	}
	free(keys);
	return ret;
}

int dump_choose_rows(struct dump_view *view, const struct efimap_dump_options *options)
{
	struct key key = { .text = EFIMAP_OUT_MEM };
	size_t count = 0;
	int ret = 0;

	for (size_t i = 0; i < view->n_rows && ret >= 0; i++) {
		ret = is_chosen(view, options->filter, view->rows[i], &key);
		if (ret > 0)
			view->rows[count++] = view->rows[i];
	}
	view->n_rows = count;
	efimap_out_free(&key.text);
	if (ret < 0)
		return ret;
	return options->order.is_given ? sort_rows(view, &options->order) : 0;
}
