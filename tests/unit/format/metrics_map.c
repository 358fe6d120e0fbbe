/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runtime map as metrics: types that firmware makes up, and more bytes than there are. */
#include <string.h>

#include "test.h"
#include "format/metrics_parts.h"
#include "format/sample.h"

static char *text_of(const struct efimap_entry *entries, size_t count)
{
	struct efimap *map efimap_auto_map = sample_empty("/");
	struct efimap_out out = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < count; i++) {
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
		assert_int_equal(efimap_add_name(map, entries[i].index), 0);
	}
	assert_int_equal(efimap_seal(map), 0);
	assert_int_equal(metrics_put_map(map, &out), 0);
	efimap_out_putc(&out, '\0');
	return out.data;
}

static void types_share_series(void **state)
{
	static const struct efimap_entry entries[] = {
		{ .index = 0, .type = 15, .pages = 1 },
		{ .index = 1, .type = 16, .pages = 1 },
		{ .index = 2, .type = 0x6fffffff, .pages = 1 },
		{ .index = 3, .type = 0x70000000, .pages = 1 },
		{ .index = 4, .type = 0x7fffffff, .pages = 1 },
		{ .index = 5, .type = 0x80000000, .pages = 1 },
		{ .index = 6, .type = 0xffffffff, .pages = 2 },
	};
	efimap_auto_free char *text = text_of(entries, ARRAY_SIZE(entries));

	assert_non_null(strstr(text, "\nefimap_entries{type=\"unaccepted\"} 1\n"
				     "efimap_entries{type=\"undefined\"} 2\n"
				     "efimap_entries{type=\"oem\"} 2\n"
				     "efimap_entries{type=\"os_loader\"} 2\n"));
	assert_non_null(strstr(text, "\nefimap_bytes{type=\"os_loader\"} 12288\n"));
}

static void bytes_stay_at_the_largest_number(void **state)
{
	static const struct efimap_entry one[] = {
		{ .index = 0, .type = 6, .pages = UINT64_MAX },
	};
	static const struct efimap_entry sum[] = {
		{ .index = 0, .type = 6, .pages = UINT64_C(1) << 51 },
		{ .index = 1, .type = 6, .pages = UINT64_C(1) << 51 },
		{ .index = 2, .type = 6, .pages = 1 },
	};
	efimap_auto_free char *text = text_of(one, 1), *more = text_of(sum, 3);
	static const char wanted[] =
		"\nefimap_bytes{type=\"runtime_services_data\"} 18446744073709551615\n";

	assert_non_null(strstr(text, wanted));
	assert_non_null(strstr(more, wanted));
}

static void the_digest_is_short_and_only_of_a_whole_map(void **state)
{
	static const struct efimap_entry entry = { .index = 0, .type = 6, .pages = 1 };
	struct efimap *map efimap_auto_map = sample_empty("/");
	efimap_auto_free char *text = text_of(&entry, 1);
	const char *digest = strstr(text, "\nefimap_map_digest_info{digest=\"");
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	assert_non_null(digest);
	digest += strlen("\nefimap_map_digest_info{digest=\"");
	assert_int_equal(strspn(digest, "0123456789abcdef"), 8);
	assert_int_equal(strncmp(digest + 8, "\"} 1\n", 5), 0);
	map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_ABSENT;
	assert_int_equal(metrics_put_map(map, &out), 0);
	efimap_out_putc(&out, '\0');
	assert_null(strstr(out.data, "digest"));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_share_series),
		cmocka_unit_test(bytes_stay_at_the_largest_number),
		cmocka_unit_test(the_digest_is_short_and_only_of_a_whole_map),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
