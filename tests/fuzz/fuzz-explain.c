/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input is a text that "efimapctl explain" searches for known messages. The found messages must
 * be in the order of the text, and parts of it. If no message is found in a line, none may be found
 * after a log prefix is added to the line.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "rules/error_texts.h"

static struct known_messages find(const char *text, size_t size)
{
	struct known_messages found;

	found = find_messages(text, size);
	fuzz_check(count_faults(&found) <= found.n);
	for (size_t i = 0; i < found.n; i++) {
		fuzz_check(i == 0 || found.list[i - 1].line.at <= found.list[i].line.at);
		fuzz_check(found.list[i].line.at >= text &&
			   found.list[i].line.at + found.list[i].line.len <= text + size);
	}
	return found;
}

static void try_line(const char *line, size_t len)
{
	auto_out struct out prefixed = EFIMAP_OUT_MEM;
	struct known_messages alone, after;

	out_puts(&prefixed, "[    1.234567] ");
	out_write(&prefixed, line, len);
	after = find(prefixed.data, prefixed.used);
	alone = find(line, len);
	fuzz_check(after.n == 0 || alone.n > 0);
	known_messages_free(&after);
	known_messages_free(&alone);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data, *end;
	struct known_messages found = find(text, size);

	known_messages_free(&found);
	end = memchr(text, '\n', size);
	try_line(text, end ? (size_t)(end - text) : size);
	return 0;
}
