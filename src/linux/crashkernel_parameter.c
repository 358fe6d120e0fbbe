/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Compute the sizes that crashkernel= and cma= request on a machine. crashkernel= is parsed as in
 * Linux 6.12 to 7.3 (kernel/crash_reserve.c: parse_crashkernel()).
 */
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "linux/crashkernel_parameter.h"

#define MIB (UINT64_C(1) << 20)

/*
 * Linux 6.1 or later, unlike 5.10, rounds the size of System RAM up to a multiple of this size. The
 * requested size is known only if it is the same with and without rounding.
 */
#define RAM_ALIGN (128 * MIB)

/* Evaluate "START-[END]:SIZE,...", where the first range that contains @ram applies. */
static bool evaluate_ranges(struct text text, uint64_t ram, uint64_t *ret_size)
{
	bool is_found = false;

	*ret_size = 0;
	do {
		uint64_t start, size, end = UINT64_MAX;

		if (!take_size(&text, &start) || !text_take(&text, "-"))
			return false;
		if (!text_begins(text, ":") && !take_size(&text, &end))
			return false;
		if (!text_take(&text, ":") || !take_size(&text, &size))
			return false;
		if (!is_found && ram >= start && ram < end) {
			*ret_size = size;
			is_found = true;
		}
	} while (text_take(&text, ","));
	return text.len == 0;
}

uint64_t ram_bytes(const struct efimap *map)
{
	uint64_t ram = 0;

	for (size_t i = 0; i < map->n_memmap; i++)
		if (range_is_ram(&map->memmap[i]) && !range_is_plugged(map, &map->memmap[i]) &&
		    __builtin_add_overflow(ram, span_bytes(map->memmap[i].span), &ram))
			return UINT64_MAX;
	return ram;
}

static bool evaluate(const struct efimap *map, struct text text, uint64_t *ret_size)
{
	uint64_t ram, other;

	if (!memchr(text.at, ':', text.len))
		return take_size(&text, ret_size) && text.len == 0;
	ram = ram_bytes(map);
	return ram > 0 && evaluate_ranges(text, ram, &other) &&
	       !__builtin_add_overflow(ram, RAM_ALIGN - 1, &ram) &&
	       evaluate_ranges(text, ram & ~(RAM_ALIGN - 1), ret_size) && *ret_size == other;
}

bool find_crashkernel_size(const struct efimap *map, uint64_t *ret_size)
{
	struct kernel_parameter arg = { 0 };
	const char *rest = map->cmdline;
	bool is_known = false;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg))
		if (parameter_is(&arg, "crashkernel") && arg.value)
			is_known =
				evaluate(map, (struct text){ arg.value, arg.value_len }, ret_size);
	return is_known;
}

bool has_only_additional_crashkernel(const struct efimap *map)
{
	struct kernel_parameter arg = { 0 };
	const char *rest = map->cmdline;
	bool is_additional = false;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg)) {
		if (!parameter_is(&arg, "crashkernel"))
			continue;
		is_additional =
			parameter_has_option(&arg, "low") || parameter_has_option(&arg, "cma");
		if (!is_additional)
			return false;
	}
	return is_additional;
}

bool has_reserved_crashkernel(const struct efimap *map)
{
	return log_contains(map, " for crashkernel (") || log_contains(map, "crashkernel reserved");
}

uint64_t find_crashkernel_cma(const struct efimap *map)
{
	struct kernel_parameter arg = { 0 };
	const char *rest = map->cmdline;
	uint64_t sum = 0, size;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg)) {
		struct text text = { arg.value, arg.value_len };

		if (!parameter_is(&arg, "crashkernel") || !parameter_has_option(&arg, "cma"))
			continue;
		if (!take_size(&text, &size) || __builtin_add_overflow(sum, size, &sum))
			return UINT64_MAX;
	}
	return sum;
}

bool find_logged_crashkernel_cma(const struct efimap *map, uint64_t *ret_size)
{
	struct text log = { map->log, map->log_len };
	uint64_t mib;

	if (!text_find(&log, "crashkernel CMA "))
		return false;
	log.len = text_line(log.at, log.len, &(size_t){ 0 });
	/* "reserved: 64 MB" or "reservation failed: 64 MB requested, 32 MB reserved" */
	if (!text_take(&log, "reserved: ") && !text_find(&log, "requested, "))
		return false;
	if (!take_integer(&log, &mib) || !text_begins(log, " MB") || mib > UINT64_MAX >> 20)
		return false;
	*ret_size = mib << 20;
	return true;
}

bool find_cma_size(const struct efimap *map, uint64_t *ret_size)
{
	struct kernel_parameter arg = { 0 };
	const char *rest = map->cmdline;
	bool is_known = false;

	while (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_next(&rest, &arg)) {
		struct text text = { arg.value, arg.value_len };

		if (parameter_is(&arg, "cma") && arg.value)
			is_known = take_size(&text, ret_size) &&
				   (text.len == 0 || text_begins(text, "@"));
	}
	return is_known;
}
