/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A parsed number must not change when it is printed and parsed again. Each index must have only
 * one valid directory name.
 */
#include <inttypes.h>

#include "fuzz.h"
#include "input/parse_values.h"

static void check_value(const char *text, size_t size)
{
	struct capture_fault fault = { 0 };
	uint64_t value = 4711, again = 0;
	char spelled[32];

	if (!parse_hex_value(text, size, UINT64_MAX, &value, &fault)) {
		fuzz_check(value == 4711);
		fuzz_check(fault.text[0] && strlen(fault.text) < sizeof(fault.text));
		for (const char *c = fault.text; *c; c++)
			fuzz_check((unsigned char)*c >= ' ' && *c != 0x7f);
		return;
	}
	fuzz_check(size >= 3);
	snprintf(spelled, sizeof(spelled), "0x%" PRIx64 "\n", value);
	fuzz_check(parse_hex_value(spelled, strlen(spelled), value, &again, &fault));
	fuzz_check(again == value);
	fuzz_check(value == 0 ||
		   !parse_hex_value(spelled, strlen(spelled), value - 1, &again, &fault));
}

static void check_index(const char *text, size_t size)
{
	char name[256], spelled[32];
	uint32_t index;

	if (size >= sizeof(name))
		return;
	memcpy(name, text, size);
	name[size] = '\0';
	if (!parse_index(name, &index))
		return;
	snprintf(spelled, sizeof(spelled), "%" PRIu32, index);
	fuzz_check(strcmp(name, spelled) == 0);
	fuzz_check(index != EFIMAP_NO_INDEX);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	struct capture_fault fault;
	const char *release;
	size_t len = size + 1;
	unsigned int bits;

	check_value(text, size);
	check_index(text, size);
	if (parse_label(text, size, &len, &fault))
		fuzz_check(len > 0 && len <= EFIMAP_LABEL_MAX && len <= size);
	if (parse_platform_size(text, size, &bits, &fault))
		fuzz_check(bits == 32 || bits == 64);
	if (parse_release(text, size, &release, &len, &fault))
		fuzz_check(release > text && release + len <= text + size);
	if (parse_boot_id(text, size, &len, &fault))
		fuzz_check(len == 36);
	return 0;
}
