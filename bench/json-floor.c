/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The least that a streaming parser takes for a document: yajl, told of each value and
 * doing nothing with it.
 */
#include <stdio.h>

#include <yajl/yajl_parse.h>

static int see(void *context)
{
	return 1;
}

static int see_bool(void *context, int value)
{
	return 1;
}

static int see_number(void *context, const char *text, size_t len)
{
	return 1;
}

static int see_text(void *context, const unsigned char *text, size_t len)
{
	return 1;
}

int main(int argc, char **argv)
{
	static const yajl_callbacks callbacks = {
		see, see_bool, NULL, NULL, see_number, see_text, see, see_text, see, see, see,
	};
	yajl_handle parser = yajl_alloc(&callbacks, NULL, NULL);
	FILE *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	static unsigned char window[1 << 16];
	size_t len;

	if (!parser || !file)
		return 2;
	while ((len = fread(window, 1, sizeof(window), file)) > 0)
		if (yajl_parse(parser, window, len) != yajl_status_ok)
			return 1;
	return yajl_complete_parse(parser) == yajl_status_ok ? 0 : 1;
}
