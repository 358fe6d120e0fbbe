/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markup must be well-formed, and all output must be ASCII and smaller than MAX_BYTES. */
#include "fuzz.h"
#include "answer/verify.h"
#include "capture.h"
#include "show/picture_svg.h"
#include "show/picture_text.h"

#define MAX_DEPTH 64
/* A picture with a thousand rows is smaller than this limit. */
#define MAX_BYTES ((size_t)16 << 20)

struct tag {
	const char *name;
	size_t len;
};

static void check_text(const struct out *out)
{
	fuzz_check(out->used < MAX_BYTES);
	for (size_t i = 0; i < out->used; i++)
		fuzz_check(out->data[i] == '\n' || (out->data[i] >= ' ' && out->data[i] <= '~'));
}

/* Return the position of the ">" that ends the tag. Quotation marks in the tag must be closed. */
static const char *end_of_tag(const char *at, const char *end)
{
	char quote = 0;

	for (at++; at < end; at++) {
		fuzz_check(*at != '<');
		if (quote && *at == quote)
			quote = 0;
		else if (quote)
			continue;
		else if (*at == '"' || *at == '\'')
			quote = *at;
		else if (*at == '>')
			return at;
	}
	fuzz_check(at < end);
	return end;
}

static void check_markup(const struct out *out)
{
	const char *at = out->data, *end = out->data + out->used;
	struct tag stack[MAX_DEPTH];
	size_t depth = 0;

	check_text(out);
	for (; at < end; at++) {
		struct tag tag;
		const char *close;

		fuzz_check(*at != '&' ||
			   memchr(at, ';', (size_t)(end - at) < 8 ? (size_t)(end - at) : 8));
		if (*at != '<')
			continue;
		close = end_of_tag(at, end);
		tag.name = at[1] == '/' ? at + 2 : at + 1;
		tag.len = strcspn(tag.name, " />\n");
		if (at[1] == '/') {
			fuzz_check(depth > 0);
			depth--;
			fuzz_check(stack[depth].len == tag.len &&
				   strncmp(stack[depth].name, tag.name, tag.len) == 0);
		} else if (at[1] != '?' && at[1] != '!' && close[-1] != '/') {
			fuzz_check(depth < MAX_DEPTH);
			stack[depth++] = tag;
		}
		at = close;
	}
	fuzz_check(depth == 0);
}

static void draw(const struct efimap *map, const struct report *report, unsigned int columns)
{
	const struct picture_options options = { .width = columns, .ascii = true };
	auto_out struct out text = EFIMAP_OUT_MEM, svg = EFIMAP_OUT_MEM;

	fuzz_check(picture_write_text(map, report, &options, &text) == 0);
	check_text(&text);
	fuzz_check(picture_write_svg(map, report, &svg) == 0);
	check_markup(&svg);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	auto_report struct report *report = NULL;
	auto_map struct efimap *map = NULL;

	/* Inputs with more records are slow, and reach no additional code. */
	if (size / FUZZ_RECORD > 256)
		return 0;
	map = fuzz_capture(data, size, false);
	fuzz_check(verify_capture(map, NULL, &report) == 0);
	draw(map, report, 60 + (unsigned int)(size % 160));
	return 0;
}
