/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Each allocation of a check fails in turn. The check must return -ENOMEM. */
#include "linux/real_captures.h"
#include "compare/compare.h"
#include "linux/virtual_layout.h"
#include "compare/received.h"
#include "answer/verify.h"

/* More allocations than any check in this file makes */
#define MAX_CALLS 100000

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

/* The allocation that fails: 1 is the next allocation, and 0 is none. */
static unsigned int left;
static bool failed;

static bool fails(void)
{
	if (left == 0 || --left > 0)
		return false;
	failed = true;
	return true;
}

void *__wrap_malloc(size_t size)
{
	return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return fails() ? NULL : __real_realloc(old, size);
}

struct captures {
	struct efimap *first;
	struct efimap *second;
};

static int verify(const struct captures *captures)
{
	const struct verify_options options = { 0 };
	auto_report struct report *report = NULL;
	const int ret = verify_capture(captures->second, &options, &report);

	assert_int_equal(report == NULL, ret < 0);
	return ret;
}

static int compare(const struct captures *captures)
{
	auto_comparison struct comparison *result = NULL;
	const int ret = compare_captures(captures->first, captures->second, NULL, &result);

	assert_int_equal(result == NULL, ret < 0);
	return ret;
}

static int received(const struct captures *captures)
{
	struct received *received = NULL;
	const int ret = judge_received(captures->second, &received);

	assert_int_equal(received == NULL, ret < 0);
	received_free(received);
	return ret;
}

static int predict(const struct captures *captures)
{
	auto_layout struct layout layout = { 0 };
	const int ret = predict_layout(captures->second, &layout);

	assert_int_equal(layout.rows == NULL, ret < 0);
	return ret;
}

static const struct {
	const char *name;
	int (*check)(const struct captures *captures);
} checks[] = {
	{ "verify", verify },
	{ "compare", compare },
	{ "received", received },
	{ "predict", predict },
};

static void try_all(const char *pair, const struct captures *captures)
{
	for (size_t i = 0; i < ARRAY_SIZE(checks); i++) {
		unsigned int calls = 0;

		assert_int_equal(checks[i].check(captures), 0);
		do {
			int ret;

			failed = false;
			left = ++calls;
			ret = checks[i].check(captures);
			left = 0;
			if (ret != (failed ? -ENOMEM : 0))
				fail_msg("%s of %s, allocation %u: returned %d, expected %d",
					 checks[i].name, pair, calls, ret, failed ? -ENOMEM : 0);
		} while (failed && calls < MAX_CALLS);
		assert_true(calls > 1 && calls < MAX_CALLS);
	}
}

TEST(every_allocation_fails)
{
	static const char *const pairs[][2] = {
		{ "ovmf-q35-6.1-efidebug-first", "ovmf-q35-6.1-efidebug-second" },
		{ "ovmf-q35-6.1-kexec-second", "ovmf32-q35-6.1-mixed-first" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(pairs); i++) {
		auto_map struct efimap *first = capture_new(pairs[i][0]);
		auto_map struct efimap *second = capture_new(pairs[i][1]);

		try_all(pairs[i][1], &(struct captures){ first, second });
	}
}
