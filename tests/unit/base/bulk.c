/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Large arrays: all of them can be written, advice is for all of it, what is too much fails. */
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "test.h"
#include "base/bulk.h"
#include "base/cleanup.h"

int __wrap_madvise(void *address, size_t length, int advice);

static struct {
	unsigned int calls;
	uintptr_t first;
	uintptr_t end;
} advised;

int __wrap_madvise(void *address, size_t length, int advice)
{
	advised.calls++;
	advised.first = (uintptr_t)address;
	advised.end = advised.first + length;
	assert_int_equal(advice, MADV_HUGEPAGE);
	return 0;
}

static void size_rows(void **state)
{
	static const struct {
		const char *name;
		size_t count;
		size_t size;
		unsigned int calls;
	} rows[] = {
		{ "none", 0, 16, 0 },
		{ "one", 1, 16, 0 },
		{ "one byte less", EFIMAP_BULK_MIN - 1, 1, 0 },
		{ "as large", EFIMAP_BULK_MIN, 1, 1 },
		{ "large, of odd elements", EFIMAP_BULK_MIN / 16, 48, 1 },
	};

	const uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t bytes = rows[i].count * rows[i].size;
		efimap_auto_free unsigned char *array = NULL;

		advised.calls = 0;
		array = efimap_bulk_new(rows[i].count, rows[i].size);
		if (!array || advised.calls != rows[i].calls)
			fail_msg("%s: %u calls", rows[i].name, advised.calls);
		memset(array, 0xa5, bytes);
		if (!rows[i].calls)
			continue;
		/* whole pages, none left out at an end, and not one more */
		assert_int_equal(advised.first % page, 0);
		assert_int_equal(advised.end % page, 0);
		assert_true(advised.first <= (uintptr_t)array);
		assert_true((uintptr_t)array - advised.first < page);
		assert_true(advised.end >= (uintptr_t)array + bytes);
		assert_true(advised.end - ((uintptr_t)array + bytes) < page);
	}
}

static void too_much_fails(void **state)
{
	assert_null(efimap_bulk_new(SIZE_MAX / 2, 3));
	assert_null(efimap_bulk_new(SIZE_MAX / 2 + 1, 1));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(size_rows),
		cmocka_unit_test(too_much_fails),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
