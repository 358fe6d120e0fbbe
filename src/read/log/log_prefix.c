/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Where the message of a line of a kernel's log starts: behind time stamps, levels, host
 * names and whatever else dmesg, syslog, journald and serial consoles put before it. A log
 * is free text that anybody writes into: a word elsewhere in a line is no message.
 */
#include <string.h>

#include "read/parse.h"
#include "read/text.h"

static size_t without_blanks(const char *text, size_t len)
{
	while (len && (text[len - 1] == ' ' || text[len - 1] == '\t'))
		len--;
	return len;
}

/* "[    0.000000]", "[    T0]", "[Fri Nov 20 07:51:48 2026]", "<6>" at the end of @text */
static size_t without_bracket(const char *text, size_t len)
{
	const char open = text[len - 1] == ']' ? '[' : '<';
	const char *start = memrchr(text, open, len);
	size_t at = start ? (size_t)(start - text) : len;

	/* Text within brackets has none of its own. */
	if (at == len || memchr(text + at, text[len - 1], len - at - 1))
		return len;
	return at;
}

/*
 * "Nov 20 07:51:48 host kernel:": what stands before it is syslog's or journald's. Behind
 * the name of a program, "host logger[42]: kernel:", it is what that program wrote.
 */
static bool is_of_syslog(const char *text, size_t len)
{
	static const char kernel[] = "kernel:";
	const size_t size = sizeof(kernel) - 1;

	if (len < size || memcmp(text + len - size, kernel, size) != 0)
		return false;
	len -= size;
	for (size_t i = 1; i < len; i++)
		if (text[i - 1] == ':' && efimap_text_is_one_of(text[i], " \t"))
			return false;
	return len == 0 || efimap_text_is_one_of(text[len - 1], " \t");
}

/* "2026-11-20T07:51:48,000000+00:00" of dmesg --time-format=iso; "6,45,0,-;" of kmsg */
static bool is_stamp(const char *text, size_t len)
{
	if (text[0] < '0' || text[0] > '9')
		return false;
	for (size_t i = 0; i < len; i++)
		if (!efimap_text_is_one_of(text[i], "0123456789:.,+-TZ;c"))
			return false;
	return true;
}

/* "kern  :info  :" of dmesg -x; "user  :info  :" is what a program wrote to /dev/kmsg. */
static bool is_facility(const char *text, size_t len)
{
	static const char kern[] = "kern";
	size_t colons = 0;

	if (len < sizeof(kern) || memcmp(text, kern, sizeof(kern) - 1) != 0 ||
	    !efimap_text_is_one_of(text[sizeof(kern) - 1], " :"))
		return false;
	for (size_t i = 0; i < len; i++) {
		if (text[i] == ':')
			colons++;
		else if (text[i] != ' ' && (text[i] < 'a' || text[i] > 'z'))
			return false;
	}
	return colons == 2 && text[len - 1] == ':';
}

static bool is_prefix(const char *text, size_t len)
{
	size_t before;

	/* Something stands between a message and what is before it, but not in all of syslog. */
	if (len && !efimap_text_is_one_of(text[len - 1], " \t>];"))
		return is_of_syslog(text, len);
	for (;;) {
		len = without_blanks(text, len);
		if (len == 0)
			return true;
		if (text[len - 1] != ']' && text[len - 1] != '>')
			break;
		before = without_bracket(text, len);
		if (before == len)
			return false;
		len = before;
	}
	return is_of_syslog(text, len) || is_stamp(text, len) || is_facility(text, len);
}

/* "> > ": somebody answered a mail. Only where a line begins: no program can write that. */
static size_t quote_len(const char *text, size_t len)
{
	size_t marks = 0;

	for (size_t i = 0; i < len && efimap_text_is_one_of(text[i], " >"); i++)
		if (text[i] == '>')
			marks = i + 1;
	return marks;
}

bool efimap_log_message(const char *text, size_t len, const char *tag,
			struct efimap_text *ret_rest)
{
	const size_t tag_len = strlen(tag);
	const char *at = len ? memmem(text, len, tag, tag_len) : NULL;
	const size_t before = at ? (size_t)(at - text) : 0;
	const size_t quote = quote_len(text, before);

	if (!at || !is_prefix(text + quote, before - quote))
		return false;
	*ret_rest = (struct efimap_text){ at + tag_len, len - before - tag_len };
	return true;
}
