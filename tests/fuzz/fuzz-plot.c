/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Markup must be well-formed, and all output must be ASCII and smaller than MAX_BYTES. */
#include "fuzz.h"
#include "compare/compare.h"
#include "answer/verify.h"
#include "show/picture/picture.h"
#include "capture.h"
#include "show/picture/svg.h"
#include "show/picture/terminal.h"

#define MAX_DEPTH 64
/* Pictures with a thousand bands, are smaller than this. */
#define MAX_BYTES ((size_t)16 << 20)

struct tag {
	const char *name;
	size_t len;
};

static void check_text(const struct efimap_out *out)
{
	fuzz_check(out->used < MAX_BYTES);
	for (size_t i = 0; i < out->used; i++)
		fuzz_check(out->data[i] == '\n' || (out->data[i] >= ' ' && out->data[i] <= '~'));
}

/* Return the position of ">". A tag must not contain "<", and quotation marks must be closed. */
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

static void check_markup(const struct efimap_out *out)
{
	const char *at = out->data, *end = out->data + out->used;
	struct tag stack[MAX_DEPTH];
	size_t depth = 0;

	check_text(out);
	for (; at < end; at++) {
		struct tag tag;
		const char *close;

		fuzz_check(*at != '&' || memchr(at, ';', (size_t)(end - at) < 8 ?
								 (size_t)(end - at) : 8));
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

static void draw(const struct efimap_plot_input *input, unsigned int rows)
{
	const struct efimap_plot_options options = { .rows = rows, .width = 80 + rows % 160,
						     .notes = true };
	efimap_auto_out struct efimap_out text = EFIMAP_OUT_MEM, svg = EFIMAP_OUT_MEM;

	fuzz_check(efimap_plot_write_text(input, &options, &text) == 0);
	check_text(&text);
	fuzz_check(efimap_plot_write_svg(input, &options, &svg) == 0);
	check_markup(&svg);
}

static void draw_two(const struct efimap *map, const uint8_t *data, size_t size)
{
	const size_t half = size / FUZZ_RECORD / 2 * FUZZ_RECORD;
	efimap_auto_map struct efimap *second = fuzz_capture(data + half, size - half, true);
	efimap_auto_comparison struct efimap_comparison *comparison = NULL;

	fuzz_check(efimap_compare(map, second, EFIMAP_ERROR, &comparison) == 0);
	draw(&(struct efimap_plot_input){ .map = map,
					  .second = second,
					  .comparison = comparison }, 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_report struct efimap_report *report = NULL;
	efimap_auto_map struct efimap *map = NULL;

	/* More records reach no additional code. */
	if (size / FUZZ_RECORD > 256)
		return 0;
	map = fuzz_capture(data, size, false);
	fuzz_check(efimap_verify(map, NULL, &report) == 0);
	draw(&(struct efimap_plot_input){ .map = map, .report = report },
	     size % 2 ? 0 : EFIMAP_PLOT_MIN_ROWS + (unsigned int)(size % 64));
	draw_two(map, data, size);
	return 0;
}
