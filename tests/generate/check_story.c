/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * On healthy machines, commands may report only notes and expected_warnings[]. The predicted
 * addresses and the encoded setup_data must match the capture.
 */
#include <inttypes.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "compare/compare.h"
#include "rules/facts_for_rules.h"
#include "linux/virtual_layout.h"
#include "compare/received.h"
#include "answer/verify.h"
#include "linux/encode_setup_data.h"
#include "show/dump.h"
#include "../encoded_memmap.h"
#include "faults.h"
#include "check_story.h"

static const struct range *find(const struct kernel *kernel, uint64_t address)
{
	return ranges_find(&kernel->e820, address);
}

static bool has_table_in_ram(const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->machine->n_tables; i++) {
		const struct range *range = find(kernel, kernel->machine->tables[i].address);

		if (range && strcmp(range->label, "System RAM") == 0)
			return true;
	}
	return false;
}

static bool has_gib(const struct kernel *kernel)
{
	for (size_t i = 0; i < kernel->n_entries; i++)
		if (kernel->entries[i].pages * EFIMAP_PAGE_SIZE >= GIB)
			return true;
	return false;
}

static bool has_many_ranges(const struct kernel *kernel)
{
	return kernel->e820.count > 128;
}

static bool is_unlisted(const struct kernel *kernel)
{
	return kernel->machine->loader == LOADER_RAM_ONLY &&
	       !find(kernel, kernel->machine->config_table);
}

static bool frees_what_it_received(const struct kernel *kernel)
{
	return kernel->before && kernel->n_entries < kernel->before->n_entries;
}

static bool is_not_accepted(const struct kernel *kernel)
{
	return kernel->machine->is_encrypted && !kernel_is_at_least(kernel, 6, 15);
}

static bool has_no_map(const struct kernel *kernel)
{
	return !kernel->has_map;
}

static bool has_old_map(const struct kernel *kernel)
{
	return kernel->old_map;
}

static bool has_narrow_firmware(const struct kernel *kernel)
{
	return kernel->machine->is_32bit;
}

/*
 * Without EFI data, kexec_file_load passes the RSDP address only in boot_params, which have no
 * field for this address before Linux 5.0.
 */
static bool loses_root_pointer(const struct kernel *kernel)
{
	return !kernel->has_map && !kernel_is_at_least(kernel, 5, 0);
}

/* Warnings that a healthy machine may have if @applies returns true for its kernel */
static const struct {
	enum rule_id rule;
	bool (*applies)(const struct kernel *kernel);
	const char *why;
} expected_warnings[] = {
	{ EFIMAP_RULE_TABLE_IN_RAM, has_table_in_ram,
	  "a firmware table in boot services memory, which memmap lists as System RAM" },
	{ EFIMAP_RULE_SEGMENT_COLLISION, has_table_in_ram,
	  "a firmware table in System RAM, over which the running kernel would be loaded" },
	{ EFIMAP_RULE_VIRT_1G_INCONGRUENT, has_gib,
	  "an MMIO region of at least 1 GiB, because Linux aligns addresses only to 2 MiB" },
	{ EFIMAP_RULE_MEMMAP_RANGE_COUNT, has_many_ranges, "more than 128 ranges in memmap" },
	{ EFIMAP_RULE_POINTER_UNMAPPED, is_unlisted,
	  "config_table in ACPI memory, if the boot loader passed only RAM" },
	{ EFIMAP_RULE_EFI_INFO_COUNT, frees_what_it_received,
	  "boot services regions that the first kernel exported (efi=debug) and the second "
	  "kernel freed" },
	{ EFIMAP_RULE_UNACCEPTED_MEMORY, is_not_accepted,
	  "a guest with unaccepted memory, and a kernel before 6.15" },
	{ EFIMAP_RULE_MAP_ABSENT, has_no_map, "a kernel that exports no runtime map" },
	{ EFIMAP_RULE_RUNTIME_OFF, has_no_map, "noefi or efi=noruntime on the command line" },
	{ EFIMAP_RULE_MIXED_MODE, has_narrow_firmware, "a 64-bit kernel on 32-bit firmware" },
	{ EFIMAP_RULE_LOAD_FORMAT, has_narrow_firmware, "kexec_file_load in mixed mode" },
	{ EFIMAP_RULE_NONIDENTITY, has_narrow_firmware, "a 32-bit kernel" },
	{ EFIMAP_RULE_VIRT_OUTSIDE_EFI_VA_RANGE, has_old_map, "a kernel with efi=old_map" },
	{ EFIMAP_RULE_DRIFT_NO_MAP, has_no_map, "a second kernel that exports no runtime map" },
	{ EFIMAP_RULE_RSDP_MISSING, loses_root_pointer,
	  "kexec_file_load on a kernel before 5.0 without a runtime map" },
};

#define N_EXPECTED (sizeof(expected_warnings) / sizeof(expected_warnings[0]))

const char *why_may_warn(enum rule_id rule)
{
	for (size_t i = 0; i < N_EXPECTED; i++)
		if (expected_warnings[i].rule == rule)
			return expected_warnings[i].why;
	return NULL;
}

bool may_warn(const struct kernel *kernel, enum rule_id rule)
{
	for (size_t i = 0; i < N_EXPECTED; i++)
		if (expected_warnings[i].rule == rule && expected_warnings[i].applies(kernel))
			return true;
	return false;
}

static bool has_payload(const struct efimap *map, const struct encoded_setup_data *encoded,
			enum kexec_loader loader)
{
	struct efi_payload payload;

	efi_payload_decode(encoded->node + EFIMAP_SETUP_DATA_HEADER, &payload);
	return payload.fw_vendor == map->fw_vendor && payload.tables == map->config_table &&
	       payload.runtime == (loader == EFIMAP_LOADER_KERNEL ? 0 : map->runtime);
}

static bool check_bytes(const struct efimap *map)
{
	static const enum kexec_loader loaders[] = { EFIMAP_LOADER_KEXEC_TOOLS,
						     EFIMAP_LOADER_KERNEL };
	bool good = true;

	for (size_t i = 0; good && i < 2; i++) {
		const struct setup_data_options options = { .loader = loaders[i] };
		auto_encoded_setup_data struct encoded_setup_data encoded = { 0 };

		must(encode_setup_data(map, &options, &encoded));
		good = has_descriptors(map, &encoded) && has_payload(map, &encoded, loaders[i]);
	}
	return good;
}

void story_generate(struct story *story, struct dice *dice)
{
	story->count = 1;
	machine_roll(&story->machine, dice);
	kernel_boot(&story->kernels[0], &story->machine, dice);
	while (story->count < 3 && dice_hit(dice, 50) &&
	       kernel_kexec(&story->kernels[story->count], &story->kernels[story->count - 1], dice))
		story->count++;
}

void print_findings(const struct report *report, enum severity from, FILE *out)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->severity >= from)
			fprintf(out, "  %s: %s [%s]\n", severity_name(finding->severity),
				finding->message, finding->rule->name);
	}
}

void print_capture(const struct efimap *map, FILE *out)
{
	const struct dump_options options = { .format = EFIMAP_DUMP_JSON };
	auto_out struct out text = EFIMAP_OUT_FD(fileno(out));

	fflush(out);
	must(dump_write(map, &options, &text));
	must(out_flush(&text));
}

static void count(struct tally *tally, const struct report *report)
{
	for (size_t i = 0; i < report->n_findings; i++)
		tally->matched[report->findings[i].rule->id][report->findings[i].severity]++;
}

static bool is_clean(const struct report *report, const struct kernel *kernel)
{
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct finding *finding = &report->findings[i];

		if (finding->severity != EFIMAP_NOTE &&
		    !(kernel && may_warn(kernel, finding->rule->id)))
			return false;
	}
	return true;
}

static void describe(const struct kernel *kernel, FILE *out)
{
	static const char *const starts[] = { "firmware", "kexec_load", "kexec_file_load",
					      "crash by kexec_load", "crash by kexec_file_load" };

	fprintf(out, "  kernel %u.%u.%u started by %s%s%s%s, %s firmware, loader %d\n",
		kernel->major, kernel->minor, kernel->patch, starts[kernel->start],
		kernel->debug ? ", efi=debug" : "", kernel->old_map ? ", old_map" : "",
		kernel->has_map ? "" : ", without a map",
		kernel->machine->is_32bit ? "32-bit" : "64-bit", (int)kernel->machine->loader);
}

static bool fail(FILE *out, const char *what, const struct kernel *kernel,
		 const struct report *report)
{
	if (out) {
		fprintf(out, "%s\n", what);
		describe(kernel, out);
		print_findings(report, EFIMAP_WARNING, out);
	}
	return false;
}

static bool check_capture(const struct kernel *kernel, const struct efimap *map,
			  struct tally *tally, FILE *out)
{
	auto_report struct report *report = NULL;
	/* If a user without privileges reads iomem, the kernel hides the addresses. */
	const enum verdict missed = map->states[EFIMAP_SRC_IOMEM] == EFIMAP_STATE_MASKED
					    ? EFIMAP_VERDICT_DENIED
					    : EFIMAP_VERDICT_PASS;

	must(verify_capture(map, NULL, &report));
	count(tally, report);
	tally->captures++;
	return (report->missed == missed && is_clean(report, kernel)) ||
	       fail(out, "verify: false alarm", kernel, report);
}

static bool check_prediction(const struct kernel *kernel, const struct efimap *map, FILE *out)
{
	auto_layout struct layout layout = { 0 };

	if (!kernel->has_map || kernel->old_map)
		return true;
	must(predict_layout(map, &layout));
	if (layout.n_impossible == 0)
		return true;
	if (out) {
		fprintf(out, "prediction: %zu virtual addresses are reported as impossible\n",
			layout.n_impossible);
		describe(kernel, out);
	}
	return false;
}

static bool check_received(const struct kernel *kernel, const struct efimap *map,
			   struct tally *tally, FILE *out)
{
	auto_received struct received *received = NULL;
	const enum verdict wanted = kernel->start == START_FIRMWARE ? EFIMAP_VERDICT_NOT_APPLICABLE
				    : kernel->has_map		    ? EFIMAP_VERDICT_RECEIVED
						      : EFIMAP_VERDICT_RECEIVED_UNUSABLE;

	must(judge_received(map, &received));
	count(tally, received->report);
	if (received->verdict == wanted && is_clean(received->report, kernel))
		return true;
	return fail(out, "received: false alarm", kernel, received->report);
}

static bool check_round_trip(const struct kernel *kernel, const struct efimap *map, FILE *out)
{
	if (kernel->xen || check_bytes(map))
		return true;
	if (out) {
		fprintf(out, "setup_data: the decoded data differs from the capture\n");
		describe(kernel, out);
	}
	return false;
}

static bool check_pair(const struct kernel *kernel, const struct efimap *first,
		       const struct efimap *second, struct tally *tally, FILE *out)
{
	auto_comparison struct comparison *comparison = NULL;

	must(compare_captures(first, second, NULL, &comparison));
	count(tally, comparison->report);
	tally->pairs++;
	if (comparison->relation == EFIMAP_RELATION_KEXEC && is_clean(comparison->report, kernel))
		return true;
	if (out)
		describe(kernel->before, out);
	return fail(out, "compare: false alarm", kernel, comparison->report);
}

static bool check_story(const struct story *story, struct dice *dice, struct tally *tally,
			FILE *out)
{
	struct efimap *before = NULL;
	bool good = true;

	for (size_t i = 0; i < story->count && good; i++) {
		const struct kernel *kernel = &story->kernels[i];
		struct efimap *map = capture_make(kernel, dice, true);

		good = check_capture(kernel, map, tally, out) &&
		       check_prediction(kernel, map, out) &&
		       check_received(kernel, map, tally, out) &&
		       check_round_trip(kernel, map, out) &&
		       (!before || check_pair(kernel, before, map, tally, out));
		if (!good && out && before)
			print_capture(before, out);
		if (!good && out)
			print_capture(map, out);
		capture_free(before);
		before = map;
	}
	capture_free(before);
	return good;
}

/* An incomplete capture may have fewer findings, but no false alarm. */
static bool check_parts(const struct story *story, struct dice *dice, struct tally *tally,
			FILE *out)
{
	const struct kernel *kernel = &story->kernels[story->count - 1];
	auto_map struct efimap *map = capture_make(kernel, dice, false);
	const bool good = check_capture(kernel, map, tally, out);

	if (!good && out)
		print_capture(map, out);
	return good;
}

bool check_valid(struct story *story, uint64_t seed, uint64_t number, struct tally *tally,
		 FILE *out)
{
	struct dice dice = dice_for(seed, number);

	tally->cases++;
	story_generate(story, &dice);
	return number % 4 == 0 ? check_story(story, &dice, tally, out)
			       : check_parts(story, &dice, tally, out);
}
