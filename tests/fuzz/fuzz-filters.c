/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first line is the path of a file, and the following bytes are its content. The filter of the
 * file changes the content in place, so the result must not be longer.
 */
#include "fuzz.h"
#include "input/binary/parse_kernel_image.h"
#include "input/file_readers.h"
#include "input/load_record.h"
#include "member.h"

static file_filter_fn *find_filter(const char *path)
{
	/* The places of these files are not in the table. */
	static const struct {
		const char *path;
		file_filter_fn *filter;
	} others[] = {
		{ "boot/config", filter_kernel_config },
		{ "boot/vmlinuz", filter_image },
		{ EFIMAP_LOAD_RECORD, filter_load_record },
	};

	for (size_t i = 0; i < n_capture_files; i++)
		for (const char *const *place = capture_files[i].places; place && *place; place++)
			if (strcmp(*place, path) == 0)
				return capture_files[i].filter;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (strcmp(others[i].path, path) == 0)
			return others[i].filter;
	return NULL;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const size_t line = length_to(data, size, '\n');
	size_t len = line < size ? size - line - 1 : 0, kept = len;
	char path[MAX_PATH], *content;
	file_filter_fn *filter;

	snprintf(path, sizeof(path), "%.*s", (int)line, (const char *)data);
	filter = find_filter(path);
	if (!filter)
		return 0;
	/* No byte follows the content, so that AddressSanitizer detects a longer result. */
	content = malloc(len ? len : 1);
	fuzz_check(content);
	memcpy(content, data + size - len, len);
	filter(content, &kept);
	fuzz_check(kept <= len);
	free(content);
	return 0;
}
