/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Findings about the data that a loader wrote. */
#include "rules/facts_for_rules.h"
#include "rules/received_setup_data.h"
#include "test.h"

struct left {
	struct efimap_setup_node nodes[3];
	size_t n_nodes;
	struct efimap_efi_info info;
	struct efimap_setup setup;
};

/* A SETUP_RNG_SEED node precedes the SETUP_EFI node. The map has 8 descriptors. */
static void left_init(struct left *left)
{
	*left = (struct left){
		.nodes = { { .index = 0, .type = 9, .len = 32 },
			   { .index = 1,
			     .type = EFIMAP_SETUP_EFI,
			     .len = 96,
			     .payload_size = 96,
			     .payload = { 0x18, 0xaa } } },
		.info = { "EL64", 0x3f5eb018, 40, 1, 0x101000, 320 },
	};
	left->nodes[1].payload[16] = 0x98;
	left->n_nodes = 2;
	left->setup = (struct efimap_setup){
		.efi = &left->nodes[1],
		.n_efi = 1,
		.info = &left->info,
		.has_count = true,
		.n_entries = 8,
	};
}

static void shorter(struct left *left)
{
	left->nodes[1].len = left->nodes[1].payload_size = 32;
}

static void cut(struct left *left)
{
	left->nodes[1].len = left->nodes[1].payload_size = 31;
}

/* The byte after the end of the payload must be ignored. */
static void shorter_without_tables(struct left *left)
{
	shorter(left);
	left->nodes[1].payload[16] = 0;
	left->nodes[1].payload[32] = 1;
}

static void cut_without_tables(struct left *left)
{
	shorter_without_tables(left);
	cut(left);
}

static void neither_address(struct left *left)
{
	left->info.memmap = 0;
	left->info.systab = 0;
}

static void no_systab(struct left *left)
{
	left->info.systab = 0;
}
/* arch/x86/xen/efi.c: xen_efi_init() provides a system table, but no map. */
static void xen_boot(struct left *left)
{
	left->info = (struct efimap_efi_info){ .signature = "Xen", .systab = 0x1000 };
	left->n_nodes = 1;
	left->setup.efi = NULL;
	left->setup.n_efi = 0;
}

static const struct row {
	const char *name;
	void (*change)(struct left *left);
	const char *expected;
} rows[] = {
	{ "32 bytes", shorter, "setup-data-efi-len note none\n" },
	{ "31 bytes", cut, "setup-data-efi-len error does-not-boot\n" },
	{ "32 bytes, no tables", shorter_without_tables,
	  "setup-data-tables-zero error does-not-boot\nsetup-data-efi-len note "
	  "none\n" },
	{ "31 bytes, no tables", cut_without_tables,
	  "setup-data-efi-len error does-not-boot\n" },
	{ "a boot under Xen", xen_boot, "" },
	{ "neither address", neither_address,
	  "efi-info-addr-zero error boots-without-efi\n"
	  "efi-info-addr-zero error boots-without-efi\n" },
	{ "no system table", no_systab, "efi-info-addr-zero error boots-without-efi\n" },
};

static void list_findings(const struct efimap_report *report, char text[512])
{
	for (size_t f = 0; f < report->n_findings; f++)
		snprintf(text + strlen(text), 512 - strlen(text), "%s %s %s\n",
			 report->findings[f].rule->name,
			 efimap_severity_name(report->findings[f].severity),
			 efimap_outcome_name(report->findings[f].consequence));
}

TEST(data_of_a_loader_is_checked)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_report struct efimap_report *report = NULL;
		efimap_auto_map struct efimap *map = NULL;
		char text[512] = "";
		struct left left;

		assert_int_equal(efimap_new("test", EFIMAP_ORIGIN_TREE, &map), 0);
		left_init(&left);
		rows[i].change(&left);
		assert_int_equal(efimap_report_new(&report), 0);
		assert_int_equal(check_setup_data(map, &left.setup, report), 0);
		list_findings(report, text);
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}
