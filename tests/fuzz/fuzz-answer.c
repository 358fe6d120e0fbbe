/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The first byte of the input contains flags. The next two bytes are the length of the console
 * output, which is at the end of the input. The remaining bytes are the archive that a guest sends
 * (IS_ARCHIVE) or the members of the archive (see member.h). If the guest's map lacks an expected
 * runtime services region, the outcome must not be "none".
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "show/rehearsal.h"
#include "document/snapshot.h"
#include "show/text_style.h"
#include "member.h"
#include "compare_run.h"

#define SETUP_BYTES 1024u

enum {
	IS_ARCHIVE = 1,
	IS_FIRST = 2,
	HAS_SECOND_KERNEL = 4,
	TIMED_OUT = 8,
	HAS_PASSED_MAP = 16,
	HEADER = 3,
};

static const uint8_t image[SETUP_BYTES + 4096] = {
	[0x1f1] = 1,	[0x1fe] = 0x55, [0x1ff] = 0xaa, [0x200] = 0xeb,
	[0x201] = 0x6a, [0x202] = 'H',	[0x203] = 'd',	[0x204] = 'r',
	[0x205] = 'S',	[0x206] = 0x0f, [0x207] = 0x02, [0x236] = 0x7f,
};
static const uint8_t initrd[] = "an initramfs";

/* The runtime map of a Debian 12 guest with OVMF */
static const struct map_entry entries[] = {
	{ 0, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, 0x8000000000000001 },
	{ 1, 6, 0x3fef4000, 0xfffffffeffaf4000, 0x84, 0x800000000000000f },
	{ 2, 5, 0x3f5ec000, 0xfffffffeff1ec000, 0x100, 0x800000000000000f },
	{ 3, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0x800000000000000f },
	{ 4, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, 0x800000000000000f },
};
#define N_ENTRIES (sizeof(entries) / sizeof(entries[0]))
static const struct map_entry conventional = { 0, 7, 0x100000, 0, 0x3d017, 0xf };

static struct efimap *make_source(size_t n_entries)
{
	struct efimap *map = capture_create("source", EFIMAP_ORIGIN_TREE);

	map->states[EFIMAP_SRC_EFI] = map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	capture_add_firmware(map, &conventional);
	for (size_t i = 0; i < n_entries; i++) {
		/* Linux walks the EFI memory map backwards, so the runtime map is reversed. */
		struct map_entry firmware = entries[n_entries - 1 - i];

		firmware.index = (uint32_t)i + 1;
		capture_add_entry(map, &entries[i]);
		capture_add_firmware(map, &firmware);
		capture_add_name(map, entries[i].index);
	}
	capture_add_memmap(map, 0, 0, 0x9ffff, "System RAM", 10);
	capture_add_memmap(map, 1, 0x100000, 0x3effffff, "System RAM", 10);
	capture_add_memmap(map, 2, 0x3f000000, 0x3fffffff, "Reserved", 8);
	seal(map);
	return map;
}

static void put_member(struct out *out, const char *name, const uint8_t *data, size_t size)
{
	out_printf(out, "070701%048x%08zx%032x%08zx%08x%s", 0, size, 0, strlen(name) + 1, 0, name);
	out_putc(out, '\0');
	while (!out->error && out->used % 4)
		out_putc(out, '\0');
	out_write(out, data, size);
	while (!out->error && out->used % 4)
		out_putc(out, '\0');
}

/*
 * Write the members as an archive. A member with the letter d, l, h, s or NUL becomes a trailer, so
 * the archive ends before the last member.
 */
static void put_members(struct out *out, const uint8_t *data, size_t size)
{
	size_t at = 0;

	while (at < size) {
		struct member member;

		at += next_member(data + at, size - at, &member);
		if (strchr("dlhs", member.letter))
			put_member(out, "TRAILER!!!", NULL, 0);
		else
			put_member(out, member.path, member.content, member.size);
	}
	put_member(out, "TRAILER!!!", NULL, 0);
	fuzz_check(out->error == 0);
}

static void check_text(const struct rehearsal *rehearsal)
{
	const struct text_options options = { .headings = true, .verbose = true };
	auto_out struct out out = EFIMAP_OUT_MEM;

	rehearsal_write_text(rehearsal, &options, &out);
	for (size_t i = 0; i < out.used; i++)
		fuzz_check(((uint8_t)out.data[i] >= ' ' && out.data[i] != 0x7f) ||
			   out.data[i] == '\n');
}

static void check_documents(const struct result *result)
{
	auto_out struct out out = EFIMAP_OUT_MEM;
	auto_out struct out snapshot = EFIMAP_OUT_MEM;

	rehearsal_write_json(&result->rehearsal, false, &out);
	snapshot_write(&result->recording, result->seen, false, &snapshot);
}

static bool is_somewhere(const struct map_entry *wanted, const struct efimap *map)
{
	struct span span, other;

	fuzz_check(entry_phys(wanted, &span) == 0);
	for (size_t i = 0; i < map->n_entries; i++)
		if (entry_phys(&map->entries[i], &other) == 0 && span_overlaps(span, other))
			return true;
	return false;
}

static void check_outcome(const struct result *result)
{
	const struct rehearsal *rehearsal = &result->rehearsal;
	const struct report *report = rehearsal->report;

	fuzz_check(report && report->answer && *report->answer && rehearsal->seen);
	fuzz_check(rehearsal->n_equal_entries <= rehearsal->n_expected_entries);
	if (report->outcome != EFIMAP_OUTCOME_NONE)
		return;
	fuzz_check(rehearsal->reached_init && rehearsal->has_efi);
	for (size_t i = 0; i < result->expected->n_entries; i++)
		fuzz_check(!entry_is_runtime_services(&result->expected->entries[i]) ||
			   is_somewhere(&result->expected->entries[i], rehearsal->seen));
}

static void check_answer(const struct trial *trial)
{
	auto_cleanup(result_free) struct result result = { 0 };
	struct err err = EFIMAP_ERR_INIT;
	const int ret = result_make(trial, &result, &err);

	fuzz_check(ret == 0 || (ret == -err.code && err.text[0]));
	if (ret)
		return;
	check_outcome(&result);
	check_text(&result.rehearsal);
	check_documents(&result);
}

/* Data that is created once, because creating it takes longer than running an input. */
struct fixed {
	struct rehearse asked;
	struct kernel_file kernel;
	struct machine machine;
	struct efimap *source;
	struct efimap *passed;
};

static const struct fixed *get_fixed(bool is_first_kernel)
{
	static struct fixed all[2];
	struct fixed *fixed = &all[is_first_kernel];
	struct machine_options options = { .asked = &fixed->asked,
					   .initrd = { "initrd", initrd, sizeof(initrd) } };

	if (fixed->source)
		return fixed;
	fixed->asked = (struct rehearse){ .is_first_kernel = is_first_kernel,
					  .memory = UINT64_C(1) << 30,
					  .append = "" };
	fixed->source = make_source(N_ENTRIES);
	fixed->passed = make_source(N_ENTRIES - 1);
	fuzz_check(kernel_file_parse("kernel", image, sizeof(image), &fixed->kernel, NULL) == 0);
	options.kernel = fixed->kernel.image;
	fuzz_check(machine_make(fixed->source, &options, &fixed->machine, NULL) == 0);
	return fixed;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	const uint8_t flags = size ? data[0] : 0;
	const struct fixed *fixed = get_fixed(flags & IS_FIRST);
	auto_out struct out line = EFIMAP_OUT_MEM;
	struct trial trial = { .asked = &fixed->asked,
			       .source = fixed->source,
			       .machine = &fixed->machine,
			       .kernel = &fixed->kernel,
			       .timed_out = flags & TIMED_OUT };
	size_t n_console;

	if (size < HEADER)
		return 0;
	n_console = (size_t)data[1] | (size_t)data[2] << 8;
	n_console = n_console < size - HEADER ? n_console : size - HEADER;
	trial.console = data + size - n_console;
	trial.console_size = n_console;
	trial.line = data + HEADER;
	trial.line_size = size - HEADER - n_console;
	if (flags & HAS_SECOND_KERNEL)
		trial.second_kernel = &fixed->kernel;
	if (flags & HAS_PASSED_MAP && !(flags & IS_FIRST))
		trial.passed = fixed->passed;
	if (!(flags & IS_ARCHIVE)) {
		put_members(&line, trial.line, trial.line_size);
		trial.line = (const uint8_t *)line.data;
		trial.line_size = line.used;
	}
	check_answer(&trial);
	return 0;
}
