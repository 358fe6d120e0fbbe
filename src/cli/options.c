/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Options that a command does not have, found before argp looks at the line: getopt(3)
 * repeats them as they stand, control characters and all, and knows no nearest one.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

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
