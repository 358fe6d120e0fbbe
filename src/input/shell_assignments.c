/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read files of shell assignments without a shell. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "input/shell_assignments.h"

/*
 * A position in a file.
 *
 * @value_end:  end of the last assignment, before a comment
 * @is_unknown: only a shell can determine the current value
 */
struct scanner {
	char *at;
	char *value_end;
	char *end;
	bool is_unknown;
};

static bool is_at(const struct scanner *scanner, char c)
{
	return scanner->at < scanner->end && *scanner->at == c;
}

static bool is_at_one_of(const struct scanner *scanner, const char *set)
{
	return scanner->at < scanner->end && text_is_one_of(*scanner->at, set);
}

static size_t span_of(const struct scanner *scanner, const char *set)
{
	const struct text rest = { scanner->at, (size_t)(scanner->end - scanner->at) };

	return text_span(rest, set);
}

/* Skip spaces, tabs, line continuations and a comment. */
static void skip_blanks(struct scanner *scanner)
{
	for (;;) {
		scanner->at += span_of(scanner, " \t");
		if (!is_at(scanner, '\\') || scanner->end - scanner->at < 2 ||
		    scanner->at[1] != '\n')
			break;
		scanner->at += 2;
	}
	if (is_at(scanner, '#'))
		while (scanner->at < scanner->end && *scanner->at != '\n')
			scanner->at++;
}

/*
 * Skip the expansion at "$" or "`", and mark the value as unknown. For "$NAME", skip only the "$".
 * Return false if the end cannot be found, for example because the expansion contains quotes.
 * Replace the expansion that prints the boot ID (integration/README.md) with an ID of zeros, which
 * is not longer than the expansion, and any other expansion with "$".
 */
static bool take_expansion(struct scanner *scanner, char **to)
{
	static const char boot_id[] = "$(cat /proc/sys/kernel/random/boot_id)";
	static const char openers[] = "({`", closers[] = ")}`";
	struct text rest = { scanner->at, (size_t)(scanner->end - scanner->at) };
	unsigned int depth = 1;
	const char *kind;

	if (text_take(&rest, boot_id)) {
		scanner->at += sizeof(boot_id) - 1;
		*to = stpcpy(*to, "00000000-0000-0000-0000-000000000000");
		return true;
	}
	scanner->is_unknown = true;
	if (is_at(scanner, '$'))
		scanner->at++;
	*(*to)++ = '$';
	if (!is_at_one_of(scanner, openers))
		return true;
	kind = strchr(openers, *scanner->at);
	for (scanner->at++; scanner->at < scanner->end && depth; scanner->at++) {
		if (is_at_one_of(scanner, "\"'\\#\n"))
			return false;
		if (is_at(scanner, closers[kind - openers]))
			depth--;
		else if (is_at(scanner, *kind))
			depth++;
	}
	return depth == 0;
}

/*
 * Copy the character after a backslash. In double quotes, the backslash is also copied, unless "$",
 * "`", '"', another backslash or a newline follows. A backslash before a newline joins the lines. A
 * backslash at the end of the file is an ordinary character.
 */
static void take_backslash(struct scanner *scanner, bool is_quoted, char **to)
{
	scanner->at++;
	if (scanner->at == scanner->end) {
		*(*to)++ = '\\';
		return;
	}
	if (is_quoted && !is_at_one_of(scanner, "$`\"\\\n"))
		*(*to)++ = '\\';
	if (*scanner->at != '\n')
		*(*to)++ = *scanner->at;
	scanner->at++;
}

static bool take_double_quotes(struct scanner *scanner, char **to)
{
	scanner->at++;
	while (scanner->at < scanner->end) {
		if (is_at(scanner, '"')) {
			scanner->at++;
			return true;
		}
		if (is_at(scanner, '\\')) {
			take_backslash(scanner, true, to);
		} else if (is_at_one_of(scanner, "$`")) {
			if (!take_expansion(scanner, to))
				return false;
		} else {
			*(*to)++ = *scanner->at++;
		}
	}
	return false;
}

static bool take_value(struct scanner *scanner, char **to)
{
	if (is_at(scanner, '~'))
		scanner->is_unknown = true;
	while (scanner->at < scanner->end && !is_at_one_of(scanner, " \t\n;&|<>()")) {
		bool is_good = true;

		if (is_at(scanner, '\'')) {
			for (scanner->at++; scanner->at < scanner->end && !is_at(scanner, '\'');)
				*(*to)++ = *scanner->at++;
			is_good = scanner->at < scanner->end;
			scanner->at += is_good;
		} else if (is_at(scanner, '"')) {
			is_good = take_double_quotes(scanner, to);
		} else if (is_at(scanner, '\\')) {
			take_backslash(scanner, false, to);
		} else if (is_at_one_of(scanner, "$`")) {
			is_good = take_expansion(scanner, to);
		} else {
			*(*to)++ = *scanner->at++;
		}
		if (!is_good)
			return false;
	}
	return true;
}

/* Remove the words of a list that contain "$", which is there for an expansion. */
static void keep_literal_words(char *list)
{
	struct text rest = { list, strlen(list) };
	char *end = list;

	for (;;) {
		const struct text word = text_take_word(&rest);

		if (!word.len)
			break;
		if (memchr(word.at, '$', word.len))
			continue;
		memmove(end, word.at, word.len);
		end += word.len;
		*end++ = ' ';
	}
	*end = '\0';
}

/* Read "NAME=VALUE", which must be followed by ";", a comment, or the end of the line or file. */
static bool take_assignment(struct scanner *scanner, struct shell_variable *variables,
			    size_t n_variables)
{
	const size_t len = span_of(scanner, EFIMAP_LETTERS EFIMAP_DIGITS "_");
	struct shell_variable *variable = NULL;
	bool is_appended;
	char *value, *to;

	if (len == 0 || text_is_one_of(*scanner->at, EFIMAP_DIGITS))
		return false;
	for (size_t i = 0; i < n_variables && !variable; i++)
		if (text_is((struct text){ scanner->at, len }, variables[i].name))
			variable = &variables[i];
	scanner->at += len;
	/* After "+=", the value is unknown, because it may be appended to another file's value. */
	is_appended = is_at(scanner, '+');
	scanner->is_unknown = is_appended;
	scanner->at += is_appended;
	if (!is_at(scanner, '='))
		return false;
	/* Overwrite the text with the value, beginning at "=" so that the final NUL has space. */
	value = to = scanner->at++;
	if (!take_value(scanner, &to))
		return false;
	scanner->value_end = scanner->at;
	skip_blanks(scanner);
	if (scanner->at < scanner->end && !is_at_one_of(scanner, "\n;"))
		return false;
	scanner->at += scanner->at < scanner->end;
	if (!variable)
		return true;
	variable->is_set = true;
	variable->is_appended |= is_appended;
	variable->value = NULL;
	for (char *c = value; variable->is_list && c < to; c++)
		if (*c == '\t' || (*c == '\n' && !variable->is_one_line))
			*c = ' ';
	variable->literal = NULL;
	if (!text_is_clean(value, (size_t)(to - value)))
		return true;
	*to = '\0';
	if (!scanner->is_unknown) {
		variable->value = value;
	} else if (variable->is_list && !is_appended) {
		keep_literal_words(value);
		variable->literal = value;
	}
	return true;
}

/* Advance to the next assignment. Return false at the end of the file. */
static bool find_assignment(struct scanner *scanner)
{
	for (;;) {
		skip_blanks(scanner);
		if (scanner->at == scanner->end)
			return false;
		if (!is_at(scanner, '\n'))
			return true;
		scanner->at++;
	}
}

bool shell_read(char *text, size_t len, struct shell_variable *variables, size_t n_variables)
{
	struct scanner scanner = { .at = text, .end = text + len };
	bool is_good = true;

	while (is_good && find_assignment(&scanner))
		is_good = take_assignment(&scanner, variables, n_variables);
	if (is_good)
		return true;
	for (size_t i = 0; i < n_variables; i++) {
		variables[i].is_set = false;
		variables[i].value = NULL;
		variables[i].literal = NULL;
	}
	return false;
}

void shell_filter(char *data, size_t *len, const char *const *names)
{
	/* Values are unquoted in place, so a copy is scanned. */
	auto_free char *copy = memory_new(*len + 1);
	struct scanner scanner = { .at = copy };
	size_t kept = 0;
	bool is_endless;

	memcpy(copy, data, *len);
	scanner.end = copy + *len;
	is_endless = *len && data[*len - 1] != '\n';
	while (find_assignment(&scanner)) {
		const size_t at = (size_t)(scanner.at - copy);
		const struct text name = {
			data + at,
			span_of(&scanner, EFIMAP_LETTERS EFIMAP_DIGITS "_"),
		};
		const char *const *known = names;
		size_t size;

		if (!take_assignment(&scanner, NULL, 0)) {
			const char *refused = memmem(copy, *len, "\r\n", 2) ? "\r\n"
					      : is_endless		    ? "("
									    : "(\n";

			*len = strlen(refused);
			memcpy(data, refused, *len);
			return;
		}
		while (*known && !text_is(name, *known))
			known++;
		if (!*known)
			continue;
		/*
		 * Keep the assignment, but not what follows it on its line. A last line without an
		 * end gets none, so that the result is not longer than the text.
		 */
		size = (size_t)(scanner.value_end - copy) - at;
		memmove(data + kept, data + at, size);
		kept += size;
		if (scanner.at > scanner.value_end && (scanner.at < scanner.end || !is_endless))
			data[kept++] = '\n';
	}
	/* The text that was removed from the end had no newline, so the result has none either. */
	if (is_endless && (!kept || data[kept - 1] == '\n'))
		data[kept++] = '#';
	*len = kept;
}

bool is_shell_true(const char *value)
{
	char *end;

	errno = 0;
	return strtoimax(value, &end, 10) != 0 && !errno && !end[strspn(end, " \t\n\v\f\r")];
}

bool is_split_by_eval(const char *text, size_t len)
{
	bool is_quoted = true;

	for (size_t i = 0; i < len; i++) {
		if (text[i] == '\\' && i + 1 < len && text_is_one_of(text[i + 1], "\"\\"))
			i++;
		else if (text[i] == '"')
			is_quoted = !is_quoted;
		else if (!is_quoted && text_is_one_of(text[i], EFIMAP_SHELL_SEPARATORS))
			return true;
	}
	return !is_quoted;
}
