/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a guest sends: a capture in text, whole, cut off, or something else. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test.h"
#include "guest_text.h"

#define MAP "sys/firmware/efi/runtime-map/0/"
#define WHOLE                                                                            \
	"noise before it\n"                                                              \
	"-- " MAP "type --\n0x5\n-- " MAP "attribute --\n0x800000000000000f\n"           \
	"-- " MAP "phys_addr --\n0x7a000000\n-- " MAP "virt_addr --\n"              \
	"0xfffffffeff000000\n-- " MAP "num_pages --\n0x2\n"                              \
	"-- proc/version --\nLinux version 6.1.0-56-amd64 (x)\n"

static int read_text(const char *text, struct efimap **ret_map, struct efimap_err *err)
{
	char *copy = strdup(text), *at = copy;
	int ret;

	assert_non_null(copy);
	ret = guest_text_read(&at, copy + strlen(copy), "guest", ret_map, err);
	free(copy);
	return ret;
}

static struct efimap *read_whole(const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;

	if (read_text(text, &map, &err))
		fail_msg("%s", err.text);
	return map;
}

TEST(reads_capture)
{
	struct efimap *map = read_whole(WHOLE "-- END --\nnoise behind it\n");

	assert_non_null(map);
	assert_int_equal(map->n_entries, 1);
	assert_int_equal(map->entries[0].virt, 0xfffffffeff000000);
	assert_int_equal(map->entries[0].pages, 2);
	assert_string_equal(map->release.text, "6.1.0-56-amd64");
	efimap_free(map);
}

/* A kernel that started another has sent one before. */
TEST(reads_two)
{
	char text[] = WHOLE "-- END --\n" WHOLE "-- END --\n", *at = text;
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map;

	for (int i = 0; i < 3; i++) {
		assert_int_equal(
			guest_text_read(&at, text + sizeof(text) - 1, "guest", &map, &err), 0);
		assert_int_equal(map != NULL, i < 2);
		efimap_free(map);
	}
}

/* A guest that stops in between has not come to its end. */
TEST(needs_end)
{
	static const char *const texts[] = {
		"", "noise\n", WHOLE, WHOLE "-- EN", WHOLE "-- END --",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct efimap *map = read_whole(texts[i]);

		assert_int_equal(map != NULL, i == ARRAY_SIZE(texts) - 1);
		efimap_free(map);
	}
}

TEST(takes_backslashes_away)
{
	struct efimap *map =
		read_whole(WHOLE "-- proc/cmdline --\n\\-- END --\n-- END --\n");

	assert_string_equal(map->cmdline, "-- END --");
	efimap_free(map);
	map = read_whole(WHOLE "-- proc/cmdline --\n\\x\n-- END --\n");
	assert_string_equal(map->cmdline, "\\x");
	efimap_free(map);
}

TEST(reads_bytes)
{
	struct efimap *map =
		read_whole(WHOLE "-- hex proc/cmdline --\n000000 61 62 63 64 65 66 67 "
				 "68 69 6a 6b 6c 6d 6e 6f 70\n000010 71 0a\n000012\n"
				 "-- END --\n");

	assert_string_equal(map->cmdline, "abcdefghijklmnopq");
	efimap_free(map);
}

TEST(refuses_bytes)
{
	static const char *const texts[] = {
		"000001 61\n", "00000x 61\n", "000000 6\n000000\n",
		"000000 6x\n", "000000-61\n", "\n",
	};
	struct efimap_err err = EFIMAP_ERR_INIT;
	char text[256];

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		struct efimap *map = NULL;

		err = (struct efimap_err)EFIMAP_ERR_INIT;
		snprintf(text, sizeof(text),
			 "-- hex proc/cmdline --\n%s000001\n-- END --\n", texts[i]);
		if (read_text(text, &map, &err) != -EBADMSG)
			fail_msg("taken: %s", texts[i]);
		assert_int_equal(err.line, 2);
	}
}

TEST(goes_nowhere_else)
{
	struct efimap *map = read_whole(WHOLE "-- ../../proc/cmdline --\nx\n-- END --\n");

	assert_string_equal(map->cmdline, "");
	efimap_free(map);
}
