/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/kernel_release.h"
#include "infer/linux_changes.h"
#include "test.h"

static const struct {
	enum change change;
	const char *before;
	const char *since;
	const char *later;
} rows[] = {
	{ EFIMAP_CHANGE_MAPS_EFI_VA_RANGE, "3.13.11", "3.14.0", "4.2.8" },
	{ EFIMAP_CHANGE_WALKS_BACKWARDS, "4.2.8", "4.3.0", "4.10.0" },
	{ EFIMAP_CHANGE_WALKS_BACKWARDS, "4.1.10", "4.1.11", "4.1.52" },
	{ EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, "4.8.17", "4.9.0-19-amd64", "4.10.0" },
	{ EFIMAP_CHANGE_READS_RUNTIME, "5.6.19", "5.7.0", "6.1.0-56-amd64" },
	{ EFIMAP_CHANGE_DEBUG_FREES_NONE, "5.6.19", "5.7.0", "5.10.0" },
	{ EFIMAP_CHANGE_READS_SYSCTL_PARAMETERS, "5.7.19", "5.8.0", "5.10.0-30-amd64" },
	{ EFIMAP_CHANGE_NO_OLD_MAP, "5.8.18", "5.9.0", "5.10.0-30-amd64" },
	{ EFIMAP_CHANGE_LOADS_FROM_TOP, "6.7.12", "6.8.0", "6.12.107" },
	{ EFIMAP_CHANGE_LOADS_ABOVE_PREF, "6.7.12", "6.8.0", "6.12.107" },
	{ EFIMAP_CHANGE_SMALLER_PURGATORY, "5.10.223", "6.1.0-50-amd64", "7.2.13" },
	{ EFIMAP_CHANGE_SMALL_PURGATORY_CODE, "6.9.2", "6.10.0", "6.12.107" },
	{ EFIMAP_CHANGE_SEEDS_NEXT_KERNEL, "5.10.223", "6.1.0-50-amd64", "7.2.13" },
	{ EFIMAP_CHANGE_UPDATES_ELFCOREHDR, "6.1.176", "6.12.107", "7.2.13" },
	{ EFIMAP_CHANGE_ALLOCATES_CONTIGUOUS, "6.16.12", "6.17.0", "7.2.13" },
	{ EFIMAP_CHANGE_HIDES_SETUP_DATA, "6.12.117", "7.2.13", "7.3.0-rc7" },
	{ EFIMAP_CHANGE_SKIPS_MEMATTR, "6.13.2", "6.13.3", "6.14.0" },
	{ EFIMAP_CHANGE_MARKS_TOP_LEVEL, "6.11.10", "6.13.0", "7.2.13" },
	{ EFIMAP_CHANGE_MARKS_TOP_LEVEL, "6.6.65", "6.6.66", "6.6.120" },
	{ EFIMAP_CHANGE_MARKS_TOP_LEVEL, "6.12.4", "6.12.5", "6.12.107+deb13-amd64" },
	{ EFIMAP_CHANGE_MASKS_TOP_LEVEL, "6.17.0", "6.19.0", "7.2.13" },
	{ EFIMAP_CHANGE_MASKS_TOP_LEVEL, "6.6.119", "6.6.120", "6.6.130" },
	{ EFIMAP_CHANGE_MASKS_TOP_LEVEL, "6.18.1", "6.18.2", "6.18.20" },
	{ EFIMAP_CHANGE_MASKS_TOP_LEVEL, "6.1.159", "6.1.160", "6.1.176" },
	{ EFIMAP_CHANGE_MASKS_TOP_LEVEL, "6.12.62", "6.12.63", "6.12.117" },
	{ EFIMAP_CHANGE_PASSES_RSDP, "6.19.14", "7.0.0", "7.2.13" },
	{ EFIMAP_CHANGE_PASSES_RSDP, "6.12.74", "6.12.75", "6.12.117" },
	{ EFIMAP_CHANGE_PASSES_NO_IMA_TO_CRASH, "6.15.11", "6.16.0", "7.2.13" },
	{ EFIMAP_CHANGE_PASSES_NO_IMA_TO_CRASH, "6.12.82", "6.12.83", "6.12.117" },
	{ EFIMAP_CHANGE_WIPES_INITRD, "6.18.5", "6.19.0", "7.2.13" },
	{ EFIMAP_CHANGE_LIMITS_LOADS, "6.2.16", "6.3.0", "7.2.13" },
	{ EFIMAP_CHANGE_READS_UNACCEPTED, "6.4.16", "6.5.0", "7.2.13" },
	{ EFIMAP_CHANGE_WIPES_SEED, "5.19.17", "6.2.0", "7.2.13" },
	{ EFIMAP_CHANGE_WIPES_SEED, "5.10.162", "5.10.163", "5.10.223" },
	{ EFIMAP_CHANGE_WIPES_SEED, "5.15.86", "5.15.87", "5.15.190" },
	{ EFIMAP_CHANGE_WIPES_SEED, "6.1.4", "6.1.5", "6.1.176" },
	{ EFIMAP_CHANGE_UPDATES_MAPPINGS, "6.12.117", "7.2.13", "7.3.0-rc7" },
	{ EFIMAP_CHANGE_PASSES_KHO, "6.12.117", "7.2.13", "7.3.0-rc7" },
	{ EFIMAP_CHANGE_DETECTS_FIRST_CPU, "6.8.12", "6.9.0", "7.2.13" },
	{ EFIMAP_CHANGE_RESERVES_ABOVE_4G, "5.1.21", "5.2.0", "5.10.0" },
	{ EFIMAP_CHANGE_LIMITS_OLD_MAP, "5.5.19", "5.6.0", "5.10.0" },
	{ EFIMAP_CHANGE_CONVERTS_TDX, "6.10.14", "6.11.0", "6.12.117" },
	{ EFIMAP_CHANGE_CONVERTS_SNP, "6.12.117", "6.13.0", "7.2.13" },
	{ EFIMAP_CHANGE_CONVERTS_HYPERV, "6.17.13", "6.18.0", "7.2.13" },
	{ EFIMAP_CHANGE_READS_INITRAMFS_OPTIONS, "6.17.3", "6.18.0", "7.2.13" },
};

static bool has(const char *release, enum change change, bool unknown)
{
	struct efimap *map auto_map;

	map = capture_create("x", EFIMAP_ORIGIN_TREE);
	set_release(map, release, strlen(release));
	return kernel_has(map, change, unknown);
}

TEST(boundaries)
{
	bool tried[EFIMAP_CHANGE_COUNT] = { false };

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const enum change change = rows[i].change;

		tried[change] = true;
		if (has(rows[i].before, change, true) || !has(rows[i].since, change, false) ||
		    !has(rows[i].later, change, false) || has("3.13.0", change, true) ||
		    !has("8.0.0-rc1", change, false))
			fail_msg("change of Linux %s: wrong result for an earlier or later release",
				 kernel_changes[change].release);
		assert_true(has("", change, true));
		assert_false(has("rolling", change, false));
	}
	for (size_t i = 0; i < EFIMAP_CHANGE_COUNT; i++)
		assert_true(tried[i]);
}

/* Releases between "Lacks" and "First" of a change (linux.changes) may have the change. */
TEST(spans)
{
	static const char *const within[] = { "6.13.0", "6.19.14", "7.1.9" };

	for (size_t i = 0; i < ARRAY_SIZE(within); i++) {
		assert_true(has(within[i], EFIMAP_CHANGE_UPDATES_MAPPINGS, true));
		assert_false(has(within[i], EFIMAP_CHANGE_UPDATES_MAPPINGS, false));
	}
	assert_true(has("6.1.0-50-amd64", EFIMAP_CHANGE_MASKS_TOP_LEVEL, true));
	assert_false(has("6.1.0-50-amd64", EFIMAP_CHANGE_MASKS_TOP_LEVEL, false));
}

/* Only a patch level of kernel.org shows that a kernel lacks a change of a later release. */
TEST(certainty)
{
	static const struct {
		const char *release;
		enum known expected;
	} rows_of_masks[] = {
		{ "6.12.63", EFIMAP_KNOWN_YES },
		{ "6.19.0-5-generic", EFIMAP_KNOWN_YES },
		{ "6.12.62", EFIMAP_KNOWN_NO },
		{ "5.10.223", EFIMAP_KNOWN_NO },
		{ "5.14.21-1-default", EFIMAP_KNOWN_NO },
		{ "5.14.21-150500.55.83-default", EFIMAP_NOT_KNOWN },
		{ "6.12.21-160000.5-default", EFIMAP_NOT_KNOWN },
		{ "6.5.13-6-pve", EFIMAP_NOT_KNOWN },
		{ "6.8.0-90-generic", EFIMAP_NOT_KNOWN },
		{ "5.14.0-570.el9.x86_64", EFIMAP_NOT_KNOWN },
		{ "6.1.0-50-amd64", EFIMAP_NOT_KNOWN },
		{ "", EFIMAP_NOT_KNOWN },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows_of_masks); i++) {
		const struct release release = release_parse(rows_of_masks[i].release);

		if (find_change(&release, EFIMAP_CHANGE_MASKS_TOP_LEVEL) !=
		    rows_of_masks[i].expected)
			fail_msg("%s: wrong result", rows_of_masks[i].release);
	}
}

TEST(every_row_is_complete)
{
	for (unsigned int i = 0; i < EFIMAP_CHANGE_COUNT; i++) {
		const struct kernel_change *row = &kernel_changes[i];

		assert_true(row->first.major >= 3);
		assert_true(*row->release && *row->before);
		assert_true(has(row->release, (enum change)i, false));
	}
}

#define TEN "0123456789"
#define SIXTY_FOUR TEN TEN TEN TEN TEN TEN "0123"

TEST(good_releases)
{
	static const char *const texts[] = {
		"6",
		"6.1.0-56-amd64",
		"6.12.0-0.rc1.20241003git7ec462100ef9.20.fc42.x86_64",
		"5.15.0-1063-aws",
		"6.4.0-150600.23.25-default",
		"6.9.0+",
		"6.12.113+deb12-amd64",
		"5.14.0-427.el9.aarch64+64k",
		"5.4.17-2136.300.7.el8uek.x86_64",
		"5.15.90.1-microsoft-standard-WSL2",
		"6.6.0-rc1-next-20230911",
		"6.5.0~rc1-1~exp1",
		"6.11.0^20240930",
		"6.9.1-zen1-1-linux@home",
		SIXTY_FOUR,
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (!release_is_valid(texts[i], strlen(texts[i])))
			fail_msg("\"%s\" is not a valid release", texts[i]);
}

TEST(bad_releases)
{
	static const char *const texts[] = {
		"",	 "v6.1",     "-6.1",	 "=6.1",	"6.1 ",		"6.1\n",
		"6.1/x", "6.1#1",    "6.1<b>",	 "6.1&amp;",	"6.1\"",	"6.1'",
		"6.1$x", "6.1`x`",   "6.1\\x",	 "6.1|x",	"6.1;x",	"6.1(x)",
		"6.1%s", "6.1\033c", "6.1\177c", "6.1\xc3\xbc", SIXTY_FOUR "4",
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (release_is_valid(texts[i], strlen(texts[i])))
			fail_msg("\"%s\" is a valid release, expected an invalid one", texts[i]);
	assert_false(release_is_valid("6.1\0x", 5));
	assert_true(release_is_valid("6.1<", 3));
}
