/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that a command does not have, found before argp looks at the line: getopt(3)
 * repeats them as they stand, control characters and all, and knows no nearest one. And what
 * was meant by any mistyped word: the candidate that is fewest edits away.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

/* Longer words are no typing errors; this also bounds the work. */
#define MAX_WORD 64

static size_t least(size_t a, size_t b, size_t c)
{
	size_t ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/* All that is looked for is written in lower case. */
static bool is_same(char typed, char wanted)
{
	return tolower((unsigned char)typed) == wanted;
}

/* The classic table of edits (insert, delete, replace), one row at a time. */
static size_t edit_distance(const char *a, size_t a_len, const char *b, size_t b_len)
{
	size_t row[MAX_WORD + 1];

	for (size_t j = 0; j <= b_len; j++)
		row[j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t above = row[j];

			row[j] = least(above + 1, row[j - 1] + 1,
				       diagonal + !is_same(a[i - 1], b[j - 1]));
			diagonal = above;
		}
	}
	return row[b_len];
}

void closest_try(struct closest *closest, const char *candidate)
{
	size_t word_len = strlen(closest->word), len = strlen(candidate), distance;

	if (word_len == 0 || word_len > MAX_WORD || len > MAX_WORD)
		return;
	distance = edit_distance(closest->word, word_len, candidate, len);
	/* Beyond a third of the word a guess would be wild. */
	if (distance > (len + 2) / 3)
		return;
	if (closest->best && distance >= closest->distance)
		return;
	closest->best = candidate;
	closest->distance = distance;
}

const char *closest_hint(const struct closest *closest, char *buf, size_t size)
{
	if (closest->best)
		snprintf(buf, size, "; did you mean '%s'?", closest->best);
	else
		*buf = '\0';
	return buf;
}

/* --- options that there are --- */

static bool is_last(const struct argp_option *option)
{
	return !option->name && !option->key;
}

static bool takes_next_word(const struct argp_option *option)
{
	return option->arg && !(option->flags & OPTION_ARG_OPTIONAL);
}

/* An option can be shortened, but one of that very name wins. */
static const struct argp_option *find_long(const struct argp *argp, struct closest *closest)
{
	const size_t len = strlen(closest->word);
	const struct argp_option *found = NULL;

	for (const struct argp_option *o = argp->options; o && !is_last(o); o++) {
		if (!o->name)
			continue;
		closest_try(closest, o->name);
		if (strncmp(o->name, closest->word, len) == 0 && (!found || !o->name[len]))
			found = o;
	}
	for (const struct argp_child *c = argp->children; c && c->argp; c++) {
		const struct argp_option *o = find_long(c->argp, closest);

		if (o && (!found || !o->name[len]))
			found = o;
	}
	return found;
}

static const struct argp_option *find_short(const struct argp *argp, char letter)
{
	const struct argp_option *found = NULL;

	for (const struct argp_option *o = argp->options; o && !is_last(o); o++)
		if (o->key == letter)
			return o;
	for (const struct argp_child *c = argp->children; !found && c && c->argp; c++)
		found = find_short(c->argp, letter);
	return found;
}

bool options_find(const struct argp *argp, const char *word, bool *ret_takes_next)
{
	const bool is_long = word[1] == '-';
	const size_t len = is_long ? strcspn(word + 2, "=") : 1;
	char name[64];
	struct closest closest = { .word = name };
	const struct argp_option *option;

	snprintf(name, sizeof(name), "%.*s", (int)len, word + 1 + is_long);
	option = is_long ? find_long(argp, &closest) : find_short(argp, *name);
	*ret_takes_next = option && takes_next_word(option) && !word[1 + is_long + len];
	return option && word[0] == '-' && *name && len < sizeof(name);
}

/* Words that belong to the option, itself not counted. */
static int check_long(const struct argp_state *state, const char *text)
{
	const size_t len = strcspn(text, "=");
	char name[64];
	struct closest closest = { .word = name };
	const struct argp_option *option;

	snprintf(name, sizeof(name), "%.*s", (int)len, text);
	option = find_long(state->root_argp, &closest);
	if (!option || len >= sizeof(name))
		usage_error(state, "unrecognized option '--%.*s'%s%s%s", (int)len, text,
			    closest.best ? "; did you mean '--" : "",
			    closest.best ? closest.best : "", closest.best ? "'?" : "");
	return !text[len] && takes_next_word(option);
}

/* Of a letter in the wrong case the other is meant: -o names columns, -O a file. */
static _Noreturn void refuse_letter(const struct argp_state *state, char letter)
{
	const unsigned char given = (unsigned char)letter;
	const char other = (char)(islower(given) ? toupper(given) : tolower(given));

	if (other != letter && find_short(state->root_argp, other))
		usage_error(state, "invalid option -- '%c'; did you mean '-%c'?", letter, other);
	usage_error(state, "invalid option -- '%c'", letter);
}

static int check_short(const struct argp_state *state, const char *letters)
{
	for (; *letters; letters++) {
		const struct argp_option *option = find_short(state->root_argp, *letters);

		if (!option)
			refuse_letter(state, *letters);
		if (option->arg)
			return !letters[1] && takes_next_word(option);
	}
	return 0;
}

void options_check(struct argp_state *state)
{
	/* argp does so later. */
	state->name = state->argv[0];
	for (int i = 1; i < state->argc; i++) {
		const char *word = state->argv[i];

		if (strcmp(word, "--") == 0)
			return;
		if (word[0] == '-' && word[1] == '-')
			i += check_long(state, word + 2);
		else if (word[0] == '-')
			i += check_short(state, word + 1);
	}
}
