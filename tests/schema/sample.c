/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints documents of every kind, among them odd ones, for tests/schema/check.py. */
#include <unistd.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "format/sample.h"
#include "model/baseline.h"

static struct efimap *odd_map(void)
{
	static const struct efimap_entry entries[] = {
		{ 0, 16, 0, 0, 0, 0 },
		{ 7, UINT32_MAX, UINT64_MAX, 0, UINT64_MAX, UINT64_MAX },
		{ UINT32_MAX - 1, 15, 0x1000, 0x1000, 1, 0x4000000000000300 },
	};
	struct efimap *map = sample_empty("odd \033[2J\377");

	for (size_t i = 0; i < ARRAY_SIZE(entries); i++)
		assert_int_equal(efimap_add_entry(map, &entries[i]), 0);
	for (uint32_t type = 0; type < EFIMAP_TYPE_FIRST_UNDEFINED; type++) {
		struct efimap_entry entry = { 100 + type, type, type << 12, 0, 1, 1 };

		assert_int_equal(efimap_add_entry(map, &entry), 0);
	}
	sample_memmap(map, 0, 0, UINT64_MAX, "\177\302\233");
	assert_int_equal(efimap_seal(map), 0);
	return map;
}

static void dump(struct efimap *map, const struct efimap_report *report,
		 struct efimap_out *out)
{
	struct efimap_dump_options options = { .format = EFIMAP_DUMP_JSON };

	assert_int_equal(efimap_dump_write(map, report, &options, out), 0);
	options.format = EFIMAP_DUMP_NDJSON;
	assert_int_equal(efimap_dump_write(map, report, &options, out), 0);
	efimap_free(map);
}

static void snapshot(struct efimap *map, struct efimap_out *out)
{
	struct efimap_setup_node node = { .index = 0, .type = 9, .len = 16 };
	const struct efimap_fault fault = {
		EFIMAP_SRC_RUNTIME_MAP, EFIMAP_FAULT_EMPTY, EFIMAP_NO_INDEX, 0, "path", "text",
	};

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		map->states[i] = EFIMAP_STATE_PRESENT;
	map->platform_size = 64;
	map->phys_bits = 46;
	map->no_gib_pages = true;
	map->kernel_32bit = true;
	map->encrypted = true;
	map->width_mismatch = true;
	map->n_boots = 3;
	map->boot = 2;
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	node = (struct efimap_setup_node){ 1, EFIMAP_SETUP_EFI, 96, 96, { 1, 0xff } };
	assert_int_equal(efimap_add_setup_node(map, &node), 0);
	assert_int_equal(efimap_add_fault(map, &fault), 0);
	assert_int_equal(efimap_add_systab(map, "ACPI20", 6, 0x3f77d014), 0);
	assert_int_equal(efimap_set_release(map, "6.1.0", 5), 0);
	assert_int_equal(efimap_set_boot_id(map, "6e4ae8c2-0000-0000-0000-000000000000", 36), 0);
	assert_int_equal(efimap_snapshot_write(map, false, out), 0);
	efimap_free(map);
}

/* The very least. */
static void bare_snapshot(struct efimap_out *out)
{
	struct efimap *map efimap_auto_map;

	assert_int_equal(efimap_new("/", EFIMAP_ORIGIN_LIVE, &map), 0);
	assert_int_equal(efimap_snapshot_write(map, true, out), 0);
}

static void no_judgement(enum efimap_missed missed, struct efimap_out *out)
{
	struct efimap_report *report efimap_auto_report = sample_clean_report();

	report->missed = missed;
	report->reason = "because";
	assert_int_equal(efimap_report_write_json("/", report, true, out), 0);
}

/* By map and by kind of machine; rows with either kind of place, and with none. */
static void baseline(struct efimap_out *out)
{
	static uint64_t phys[] = { 0, UINT64_MAX };
	static const char *facts[] = { "odd \033[2J\377", "" };
	const struct efimap_accepted rows[] = {
		{ .rule = efimap_rule_get(EFIMAP_RULE_TABLE_IN_RAM), .phys = phys, .n_phys = 2,
		  .count = 3, .comment = "why" },
		{ .rule = efimap_rule_get(EFIMAP_RULE_NO_RSDP), .severity = EFIMAP_ERROR,
		  .facts = facts, .n_facts = 2, .count = 1 },
		{ .rule = efimap_rule_get(EFIMAP_RULE_NONIDENTITY), .anywhere = true,
		  .count = EFIMAP_BASELINE_ANY_COUNT },
	};
	struct efimap_baseline *baseline efimap_auto_baseline;
	struct efimap_machine *machine;

	assert_int_equal(efimap_baseline_new(&baseline), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	machine->fingerprint = "sha256:"
			       "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_int_equal(efimap_baseline_add_accepted(baseline, machine, &rows[i]), 0);
	assert_int_equal(efimap_baseline_add_machine(baseline, &machine), 0);
	for (size_t i = 0; i < EFIMAP_DMI_COUNT; i++)
		machine->dmi[i] = "To be filled by O.E.M.";
	machine->comment = "all of them";
	assert_int_equal(efimap_baseline_write(baseline, "/", out), 0);
}

static void accepted(struct efimap_out *out)
{
	struct efimap_report *report efimap_auto_report = sample_report();
	const bool accepted[] = { false, true, true };

	assert_int_equal(report->n_findings, ARRAY_SIZE(accepted));
	assert_int_equal(efimap_report_accept(report, accepted, EFIMAP_NOTE), 0);
	assert_int_equal(efimap_report_write_json("/", report, false, out), 0);
}

static void translation(struct efimap_out *out)
{
	static const struct efimap_answer nothing = { .n_hits = 0 };
	static const struct efimap_answer hits = {
		.hits = { { .position = 2 }, { .position = 0, .wraps = true } },
		.n_hits = 2,
	};
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_translation *translation;

	assert_int_equal(efimap_translation_new(map, true, out, &translation), 0);
	efimap_translation_add(translation, UINT64_MAX, &hits, &nothing);
	assert_int_equal(efimap_translation_end(translation), 0);
}

static void prediction(const struct efimap_report *report, bool has_virt,
		       struct efimap_out *out)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_layout_row rows[8] = { { .kind = EFIMAP_LAYOUT_EXACT },
					     { .kind = EFIMAP_LAYOUT_BOUND },
					     { .kind = EFIMAP_LAYOUT_OVERFLOW },
					     { .kind = EFIMAP_LAYOUT_UNMAPPED } };
	const struct efimap_layout layout = { .rows = rows,
					      .n_rows = ARRAY_SIZE(rows),
					      .has_virt = has_virt };

	assert_int_equal(efimap_prediction_write_json(map, &layout, report, out), 0);
}

static void pagetable(const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_pagetable_skip skip = { .position = 1, .identity = true };
	const struct efimap_pagetable table = { .n_pages = 18, .skips = &skip, .n_skips = 1 };
	const struct efimap_pointer pointers[] = {
		{ "runtime", 0x3f5ebb98, EFIMAP_REACH_REACHABLE, 3 },
		{ "SMBIOS", 0, EFIMAP_REACH_NONE, EFIMAP_NO_POSITION },
	};
	const struct efimap_pagetable_view view = {
		map, EFIMAP_PAGETABLE_VIRTUAL, &table, pointers, ARRAY_SIZE(pointers), report,
	};

	assert_int_equal(efimap_pagetable_write_json(&view, out), 0);
}

static void decoded(const struct efimap_report *report, struct efimap_out *out)
{
	static const uint8_t data[256] = { 1, 2, 3 };
	struct efimap_setup_data nodes[] = {
		{ 0, 0x1080, 4, 96, true, { 1, 2, 3, 4 } },
		{ 128, 0, 2, 4, false, { 0 } },
		{ 160, 0, 9, 4, false, { 0 } },
	};
	struct efimap_entry entry = { 0, 5, 0x1000, 0x1000, 1, 0xf };
	struct efimap_decoded decoded = { .kind = EFIMAP_BLOB_SETUP_DATA, .nodes = nodes,
					  .n_nodes = ARRAY_SIZE(nodes), .entries = &entry,
					  .n_entries = 1, .desc_size = 40 };
	struct efimap_decoded_view view = { "file", data, sizeof(data), &decoded, report,
					    true };

	for (enum efimap_blob kind = EFIMAP_BLOB_SETUP_DATA; kind <= EFIMAP_BLOB_BOOT_PARAMS;
	     kind++) {
		decoded.kind = kind;
		assert_int_equal(efimap_decoded_write_json(&view, out), 0);
	}
}

/* One finding of every rule, severity and consequence. */
static struct efimap_report *full_report(void)
{
	static const uint32_t entries[] = { 0, 6 };
	struct efimap_report *report;

	assert_int_equal(efimap_report_new(&report), 0);
	for (int rule = 0; rule < EFIMAP_RULE_COUNT; rule++) {
		sample_finding(
			report, (enum efimap_rule_id)rule,
			(enum efimap_severity)(rule % (EFIMAP_ERROR + 1)),
			(enum efimap_consequence)(rule % (EFIMAP_CONSEQ_NO_BOOT + 1)),
			entries, (size_t)rule % 3, "message");
		assert_int_equal(
			efimap_report_skip(report, (enum efimap_rule_id)rule, "-"), 0);
	}
	assert_int_equal(efimap_report_seal(report, EFIMAP_ERROR), 0);
	return report;
}

static void comparison(struct efimap_report *report, enum efimap_loaded_by loaded_by,
		       struct efimap_out *out)
{
	struct efimap_match matches[] = { { 0, 0, EFIMAP_MARK_SAME },
					  { 0, EFIMAP_NO_ENTRY, EFIMAP_MARK_LOST } };
	const struct efimap_comparison comparison = {
		.report = report,
		.relation = (enum efimap_relation)loaded_by,
		.loaded_by = loaded_by,
		.matches = matches,
		.n_matches = ARRAY_SIZE(matches),
	};

	assert_int_equal(efimap_comparison_write_json("first", "/", &comparison, true, out), 0);
}

static void receipt(struct efimap_report *report, bool known, struct efimap_out *out)
{
	const struct efimap_receipt receipt = {
		.received = known ? EFIMAP_RECEIVED_NO : EFIMAP_RECEIVED_NOT_APPLICABLE,
		.reason = "because",
		.loaded_by = known ? EFIMAP_LOADED_BY_KEXEC_LOAD : EFIMAP_LOADED_BY_NONE,
		.causes = { { "map-too-big", EFIMAP_FIT_CERTAIN, "why", "check" } },
		.n_causes = known,
		.has_payload = known,
		.payload = { 1, UINT64_MAX, 0, 4 },
		.has_info = known,
		.info = { "EL64", 0x3f5eb018, 40, 1, 0x101000, 320 },
		.report = report,
	};

	assert_int_equal(efimap_receipt_write_json("/", &receipt, false, out), 0);
}

int main(void)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_FD(STDOUT_FILENO);
	struct efimap_report *usual efimap_auto_report = sample_report();
	struct efimap_report *clean efimap_auto_report = sample_clean_report();
	struct efimap_report *full efimap_auto_report = full_report();

	dump(sample_map(), usual, &out);
	dump(sample_map(), full, &out);
	dump(odd_map(), clean, &out);
	dump(sample_empty("/"), clean, &out);
	snapshot(sample_map(), &out);
	snapshot(odd_map(), &out);
	bare_snapshot(&out);
	baseline(&out);
	accepted(&out);
	translation(&out);
	decoded(clean, &out);
	pagetable(usual, &out);
	pagetable(NULL, &out);
	prediction(usual, true, &out);
	prediction(clean, false, &out);
	assert_int_equal(efimap_report_write_json("/", usual, false, &out), 0);
	assert_int_equal(efimap_report_write_json("/", clean, false, &out), 0);
	assert_int_equal(efimap_report_write_json("/", full, true, &out), 0);
	no_judgement(EFIMAP_MISSED_ALL, &out);
	no_judgement(EFIMAP_MISSED_ALL_DENIED, &out);
	no_judgement(EFIMAP_MISSED_ALL_UNREADABLE, &out);
	assert_int_equal(efimap_finding_set_sides(full, &full->findings[0], "0x1", NULL), 0);
	comparison(full, EFIMAP_LOADED_BY_KEXEC_LOAD, &out);
	comparison(clean, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD, &out);
	comparison(usual, EFIMAP_LOADED_BY_UNKNOWN, &out);
	receipt(full, true, &out);
	receipt(clean, false, &out);
	clean->missed = EFIMAP_MISSED_ALL;
	clean->reason = "because";
	comparison(clean, EFIMAP_LOADED_BY_NONE, &out);
	return efimap_out_flush(&out) != 0;
}
