/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "capture/boot_params.h"
#include "capture/kernel_release.h"
#include "infer/architecture.h"
#include "infer/mapping_mode.h"
#include "infer/booted_by.h"
#include "infer/runtime_services_off.h"

/* A value that is NULL or 0 was not collected. */
struct machine {
	const char *name;
	const char *cmdline, *release;
	unsigned int platform_size;
	uint64_t runtime;
	const char *signature;
	uint8_t loader;
	uint32_t node;
	struct map_entry entries[3];
	size_t n_entries;
	const char *cpuinfo;
	uint16_t version, xloadflags;
};

#define NATIVE                                                                                     \
	{ { .index = 0, .type = 11, .phys = 0xffc00000, .virt = 0xfffffffeffc00000 },              \
	  { .index = 1, .type = 6, .phys = 0x3fef4000, .virt = 0xfffffffeffaf4000 },               \
	  { .index = 2, .type = 3, .phys = 0, .virt = 0xfffffffefbe00000 } },                      \
		3
#define MIXED_MODE                                                                                 \
	{ { .index = 0, .type = 3, .phys = 0, .virt = 0 },                                         \
	  { .index = 1, .type = 7, .phys = 0x1000, .virt = 0x1000 },                               \
	  { .index = 2, .type = 5, .phys = 0x3e9ed000, .virt = 0x3e9ed000 } },                     \
		3

static struct efimap *build(const struct machine *machine)
{
	struct efimap *map = capture_create(machine->name, EFIMAP_ORIGIN_TREE);

	if (machine->cmdline)
		map->cmdline = capture_copy_text(map, machine->cmdline);
	if (machine->release)
		set_release(map, machine->release, strlen(machine->release));
	if (machine->platform_size) {
		map->platform_size = machine->platform_size;
		map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
	}
	if (machine->runtime) {
		map->runtime = machine->runtime;
		map->states[EFIMAP_SRC_RUNTIME] = EFIMAP_STATE_PRESENT;
	}
	if (machine->cpuinfo) {
		map->states[EFIMAP_SRC_CPUINFO] = EFIMAP_STATE_PRESENT;
		map->kernel_32bit = strcmp(machine->cpuinfo, "32") == 0;
	}
	if (machine->version) {
		map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		map->boot_params.version = machine->version;
		map->boot_params.xloadflags = machine->xloadflags;
	}
	if (machine->signature) {
		struct boot_params *params = &map->boot_params;

		map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		params->type_of_loader = machine->loader;
		snprintf(params->efi_info.signature, sizeof(params->efi_info.signature), "%s",
			 machine->signature);
	}
	if (machine->node) {
		struct setup_node node = { .type = machine->node };

		map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
		capture_add_setup_node(map, &node);
	}
	for (size_t i = 0; i < machine->n_entries; i++)
		capture_add_entry(map, &machine->entries[i]);
	seal(map);
	return map;
}

struct row {
	struct machine machine;
	enum mapping_mode mapping;
	enum find_booted_by booted_by;
	bool mixed_mode, crash;
	const char *off;
};

#define WINDOW EFIMAP_MAPPING_EFI_VA_RANGE
#define IDENTITY EFIMAP_MAPPING_IDENTITY
#define UNKNOWN EFIMAP_MAPPING_UNKNOWN
#define FIRMWARE EFIMAP_BOOTED_BY_FIRMWARE
#define KEXEC EFIMAP_BOOTED_BY_KEXEC
#define NOBODY EFIMAP_BOOTED_BY_UNKNOWN

static const struct row made_rows[] = {
	{ { "no data" }, UNKNOWN, NOBODY, false, false, NULL },
	{ { "only a physical runtime", NULL, "6.1.0", 64, 0x3f5ebb98 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "release unknown", NULL, NULL, 64, 0x3f5ebb98 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "physical runtime before 5.7", NULL, "5.6.19", 64, 0x3f5ebb98 },
	  UNKNOWN,
	  NOBODY,
	  false,
	  false,
	  NULL },
	{ { "physical runtime in mixed mode", NULL, "6.1.0", 32, 0x3e9ecf10 },
	  UNKNOWN,
	  NOBODY,
	  true,
	  false,
	  NULL },
	{ { "only a virtual runtime", NULL, "6.1.0", 64, 0xfffffffeff1ebb98 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "virtual runtime on an old kernel", NULL, "5.4.0", 64, 0xfffffffeff1ebb98 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "runtime at EFI_VA_END", NULL, NULL, 64, 0xffffffef00000000 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "runtime below EFI_VA_END", NULL, NULL, 64, 0xffffffeeffffffff },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "runtime at EFI_VA_START", NULL, NULL, 64, 0xffffffff00000000 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "only a setup_data node", NULL, NULL, 0, 0, NULL, 0, 4 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "another node", NULL, NULL, 0, 0, NULL, 0, 9 }, UNKNOWN, NOBODY, false, false, NULL },
	{ { "only elfcorehdr", "elfcorehdr=1K" }, UNKNOWN, KEXEC, false, true, NULL },
	{ { "not elfcorehdr", "xelfcorehdr=1K" }, UNKNOWN, NOBODY, false, false, NULL },
	{ { "only type_of_loader", NULL, NULL, 0, 0, "EL64", 0xd3 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "another loader", NULL, NULL, 0, 0, "EL64", 0x0d },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "type_of_loader has priority over a physical runtime", NULL, "6.1", 64, 0x3f5ebb98,
	    "EL64", 0xd0 },
	  UNKNOWN,
	  KEXEC,
	  false,
	  false,
	  NULL },
	{ { "type_of_loader has priority over a virtual runtime", NULL, "6.1", 64,
	    0xfffffffeff1ebb98, "EL64", 0x21 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "EL32 without platform size", NULL, NULL, 0, 0, "EL32", 0x21, 0, NATIVE },
	  WINDOW,
	  FIRMWARE,
	  true,
	  false,
	  NULL },
	{ { "platform size has priority over EL32", NULL, NULL, 64, 0, "EL32", 0x21 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "EL64 has priority over the map", NULL, NULL, 0, 0, "EL64", 0x21, 0, MIXED_MODE },
	  IDENTITY,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "no signature: the map", NULL, NULL, 0, 0, "", 0x21, 0, MIXED_MODE },
	  IDENTITY,
	  FIRMWARE,
	  true,
	  false,
	  NULL },
	{ { "identity without RAM is not mixed mode",
	    NULL,
	    NULL,
	    0,
	    0,
	    NULL,
	    0,
	    0,
	    { { .type = 5, .phys = 0x1000, .virt = 0x1000 } },
	    1 },
	  IDENTITY,
	  NOBODY,
	  false,
	  false,
	  NULL },
	{ { "i386, EL64 without platform size", NULL, "6.1.0-50-686", 0, 0, "EL64", 0x72 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  "a 32-bit kernel on 64-bit firmware" },
	{ { "i386, platform size has priority over EL64", NULL, "6.1.0-50-686", 32, 0, "EL64",
	    0x72 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "i386, on firmware of unknown width", NULL, "6.1.0-50-686", 0, 0, "", 0x72 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  NULL },
	{ { "Xen", "efi=runtime", NULL, 64, 0, "Xen", 0x90 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  "Xen" },
	{ { "noefi under Xen", "noefi", NULL, 64, 0, "Xen", 0x90 },
	  UNKNOWN,
	  FIRMWARE,
	  false,
	  false,
	  "noefi" },
};

static void check_row(const struct row *row)
{
	auto_map struct efimap *map = build(&row->machine);
	const char *name = row->machine.name, *off = why_runtime_services_off(map);

	if (mapping_mode(map) != row->mapping)
		fail_msg("%s: mapping %s, expected %s", name, mapping_name(mapping_mode(map)),
			 mapping_name(row->mapping));
	if (find_booted_by(map) != row->booted_by)
		fail_msg("%s: booted by %s, expected %s", name, booted_by_name(find_booted_by(map)),
			 booted_by_name(row->booted_by));
	if (is_mixed_mode(map) != row->mixed_mode)
		fail_msg("%s: mixed mode %d, expected %d", name, !row->mixed_mode, row->mixed_mode);
	if (is_crash_kernel(map) != row->crash)
		fail_msg("%s: crash kernel %d, expected %d", name, !row->crash, row->crash);
	if (strcmp(off ? off : "nothing", row->off ? row->off : "nothing") != 0)
		fail_msg("%s: runtime services disabled by %s, expected %s", name,
			 off ? off : "nothing", row->off ? row->off : "nothing");
}

TEST(made_machines)
{
	for (size_t i = 0; i < ARRAY_SIZE(made_rows); i++)
		check_row(&made_rows[i]);
}

TEST(mapping_of_entry_rows)
{
	static const struct {
		const char *name;
		uint64_t phys, virt;
		enum mapping_mode mapping;
	} rows[] = {
		{ "lowest address of the EFI range", 1, 0xffffffef00000000, WINDOW },
		{ "highest address of the EFI range", 1, 0xfffffffeffffffff, WINDOW },
		{ "above the EFI range", 1, 0xffffffff00000000, UNKNOWN },
		{ "kernel text", 1, 0xffffffff81000000, UNKNOWN },
		{ "below the EFI range", 1, 0xffffffeeffffffff, EFIMAP_MAPPING_DIRECT_MAP },
		{ "direct map", 1, 0xffff888000000001, EFIMAP_MAPPING_DIRECT_MAP },
		{ "direct map, 5 levels", 1, 0xff11000000000001, EFIMAP_MAPPING_DIRECT_MAP },
		{ "lowest kernel address", 1, 0xff00000000000000, EFIMAP_MAPPING_DIRECT_MAP },
		{ "non-canonical", 1, 0xfeffffffffffffff, UNKNOWN },
		{ "user range", 1, 0x20000000, UNKNOWN },
		{ "lowest address of a 32-bit kernel", 1, 0x40000000, EFIMAP_MAPPING_DIRECT_MAP },
		{ "below the addresses of a 32-bit kernel", 1, 0x3fffffff, UNKNOWN },
		{ "highest address of a 32-bit kernel", 1, 0xffffffff, EFIMAP_MAPPING_DIRECT_MAP },
		{ "above the addresses of a 32-bit kernel", 1, 0x100000000, UNKNOWN },
		{ "no virtual address", 0x1000, 0, UNKNOWN },
		{ "page 0, identity-mapped", 0, 0, IDENTITY },
		{ "identity-mapped", 0x3f5ec000, 0x3f5ec000, IDENTITY },
		{ "identity-mapped in the EFI range", 0xfffffffeff000000, 0xfffffffeff000000,
		  IDENTITY },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct map_entry entry = { .phys = rows[i].phys, .virt = rows[i].virt };

		if (entry_mapping(&entry) != rows[i].mapping)
			fail_msg("%s: %s, expected %s", rows[i].name,
				 mapping_name(entry_mapping(&entry)),
				 mapping_name(rows[i].mapping));
	}
}

struct off_row {
	const char *release, *cmdline, *off;
	bool has_map;
	bool mismatch; /* The log reports that kernel and firmware differ in width. */
	unsigned int platform_size;
	bool lacks_cmdline;
};

static struct efimap *expect_off(const struct off_row *row)
{
	const struct machine machine = {
		.name = row->release,
		.release = row->release,
		.cmdline = row->cmdline,
		.platform_size = row->mismatch ? row->platform_size : 64,
	};
	struct efimap *map = build(&machine);
	const char *off;

	map->width_mismatch = row->mismatch;
	map->states[EFIMAP_SRC_CMDLINE] =
		row->lacks_cmdline ? EFIMAP_STATE_ABSENT : EFIMAP_STATE_PRESENT;
	map->states[EFIMAP_SRC_RUNTIME_MAP] =
		row->has_map ? EFIMAP_STATE_PRESENT : EFIMAP_STATE_ABSENT;
	off = why_runtime_services_off(map);
	if (strcmp(off ? off : "nothing", row->off ? row->off : "nothing") != 0)
		fail_msg("%s %s: disabled by %s, expected %s", row->release, row->cmdline,
			 off ? off : "nothing", row->off ? row->off : "nothing");
	assert_false(row->mismatch && is_mixed_mode(map));
	return map;
}

TEST(off_by_cmdline_or_by_release)
{
	static const struct off_row rows[] = {
		{ "", "quiet", NULL },
		{ "", "noefi", "noefi" },
		{ "", "efi=noruntime", "efi=noruntime" },
		{ "", "efi=debug,noruntime", "efi=noruntime" },
		{ "", "efi=runtime", NULL },
		{ "", "noefi efi=runtime", NULL },
		{ "", "efi=runtime noefi", "noefi" },
		{ "", "efi=noruntime efi=runtime", NULL },
		{ "", "efi=runtime efi=noruntime", "efi=noruntime" },
		{ "", "efi=noruntime,runtime", NULL },
		{ "", "efi=runtime,noruntime", NULL },
		{ "", "noefi efi=noruntime", "efi=noruntime" },
		{ "", "efi=noruntime noefi", "noefi" },
		{ "", "noefi efi=debug", "noefi" },
		{ "3.13.6-1-ARCH", "quiet", "Linux before 3.14" },
		{ "3.13.6-1-ARCH", "noefi", "noefi" },
		{ "3.13.6-1-ARCH", "quiet", NULL, true },
		{ "3.14.0", "quiet", NULL },
		{ "3.10.0-1160.83.1.el7.x86_64", "quiet", NULL },
		{ "", "quiet -- noefi", NULL },
		{ "", "x=\"noefi\"", NULL },
		{ "6.1.0-44-rt-amd64", "", "PREEMPT_RT" },
		{ "6.6.44-rt39", "quiet", "PREEMPT_RT" },
		{ "5.14.0-427.el9.x86_64+rt", "", "PREEMPT_RT" },
		{ "4.18.0-553.rt7.342.el8_10.x86_64", "", "PREEMPT_RT" },
		{ "6.8.1-1015-realtime", "", "PREEMPT_RT" },
		{ "6.1.0-44-rt-amd64", "efi=runtime", NULL },
		{ "6.1.0-44-rt-amd64", "noefi", "noefi" },
		{ "6.1.0-44-rt-amd64", "", NULL, true },
		{ "6.1.0-44-rt-amd64", "", NULL, .lacks_cmdline = true },
		{ "6.1.0-44-amd64", "", NULL },
		{ "6.1.0-start", "", NULL },
		{ "6.1.0-rtx", "", NULL },
		{ "rt", "", NULL },
		{ "", "", NULL },
		{ "6.1.0-50-686-pae", "", "a 32-bit kernel on 64-bit firmware", false, true },
		{ "6.1.0-50-686-pae", "noefi", "noefi", false, true, 64 },
		{ "6.1.0", "", "a word size mismatch between firmware and kernel", false, true },
		{ "6.1.0", "", "a word size mismatch between firmware and kernel", false, true,
		  32 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		capture_free(expect_off(&rows[i]));
}

#define OTHER "an architecture other than x86"

TEST(other_architectures)
{
	static const struct off_row rows[] = {
		{ "6.1.0-44-arm64", "", OTHER },
		{ "6.12.9+bpo-cloud-arm64-16k", "efi=runtime", OTHER },
		{ "5.14.0-427.el9.aarch64", "", OTHER },
		{ "5.14.0-427.el9.aarch64+64k", "", OTHER },
		{ "6.12.9-riscv64", "", OTHER },
		{ "6.12.9-loong64", "", OTHER },
		{ "5.14.0-427.el9.ppc64le", "", OTHER },
		{ "5.14.0-427.el9.s390x", "", OTHER },
		{ "6.1.0-44-armmp-lpae", "", OTHER },
		{ "6.5.6-300.fc39.armv7hl+lpae", "", OTHER },
		{ "6.1.0-44-arm64", "noefi", "noefi" },
		{ "6.1.0-44-amd64", "", NULL },
		{ "6.1.0-arm64x", "", NULL },
		{ "6.1.0-xarm64", "", NULL },
		{ "arm64", "", NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = expect_off(&rows[i]);
		const char *off;

		assert_int_equal(is_other_architecture(map), rows[i].off != NULL);
		map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
		off = why_runtime_services_off(map);
		assert_true(!off || strcmp(off, OTHER) != 0);
	}
}

/* Addresses of Debian's 6.1 kernel for i386 on OVMF, in the direct map and from ioremap() */
#define LOW                                                                                        \
	.platform_size = 32, .n_entries = 2,                                                       \
	.entries = { { 0, 3, 0, 0xc0000000 }, { 1, 5, 0x3e9ed000, 0xf7b00000 } }
/* Addresses in the EFI runtime virtual address range */
#define IN_WINDOW                                                                                  \
	.platform_size = 32, .n_entries = 2,                                                       \
	.entries = { { 0, 6, 0x3fef4000, 0xfffffffeffaf4000 },                                     \
		     { 1, 5, 0x3f5ec000, 0xfffffffeff1ec000 } }
/* A single region with runtime code */
#define AT(phys_addr, virt_addr)                                                                   \
	.platform_size = 32, .n_entries = 1,                                                       \
	.entries = { { .type = 5, .phys = (phys_addr), .virt = (virt_addr) } }

#define HEADER(protocol, flags) .version = (protocol), .xloadflags = (flags)

static const struct {
	bool is_32bit;
	struct machine machine;
} width_rows[] = {
	{ false, { "no data" } },
	{ true, { "cpuinfo of a 32-bit kernel", .cpuinfo = "32" } },
	{ false, { "cpuinfo of a 64-bit kernel", .cpuinfo = "64" } },
	{ true, { "header of a 32-bit image", HEADER(0x20f, 0x4) } },
	{ false, { "header without flags, as after PVH boot", HEADER(0x20c, 0) } },
	{ true,
	  { "32-bit release, and a header without flags", HEADER(0x20c, 0),
	    .release = "6.1.0-50-686" } },
	{ false,
	  { "64-bit release has priority over flags", HEADER(0x20c, 0x4),
	    .release = "6.1.0-56-amd64" } },
	{ false,
	  { "64-bit release has priority over cpuinfo", .cpuinfo = "32",
	    .release = "6.1.0-56-amd64" } },
	{ false,
	  { "64-bit cpuinfo has priority over flags", .cpuinfo = "64", HEADER(0x20c, 0x4) } },
	{ false,
	  { "64-bit cpuinfo has priority over a release", .cpuinfo = "64",
	    .release = "6.1.0-50-686" } },
	{ false, { "64-bit addresses have priority over flags", HEADER(0x20f, 0x4), IN_WINDOW } },
	{ false, { "header of a 64-bit image", HEADER(0x20f, 0x7f) } },
	{ false, { "protocol before 2.12, without flags", HEADER(0x20b, 0x0) } },
	{ false, { "no header, as after the EFI stub", HEADER(0x1, 0) } },
	{ true, { "Debian with PAE", .release = "6.1.0-50-686-pae" } },
	{ true, { "Debian without PAE", .release = "6.1.0-50-686" } },
	{ true, { "Debian 8", .release = "3.16.0-6-586" } },
	{ true, { "Debian 6", .release = "2.6.32-5-486" } },
	{ true, { "Debian backport", .release = "6.12.30+deb12-686" } },
	{ true, { "Debian realtime", .release = "6.1.0-50-rt-686-pae" } },
	{ true, { "Fedora", .release = "5.6.13-300.fc32.i686" } },
	{ true, { "Fedora with PAE", .release = "4.9.3-200.fc25.i686+PAE" } },
	{ true, { "openSUSE", .release = "4.12.14-pae" } },
	{ true, { "i386", .release = "5.10.0-i386" } },
	{ true, { "i486", .release = "5.10.0-i486" } },
	{ true, { "i586", .release = "5.10.0.i586" } },
	{ false, { "Debian, 64 bits", .release = "6.1.0-56-amd64" } },
	{ false, { "build number 586", .release = "5.14.0-586.el9.x86_64" } },
	{ false, { "patch level 686", .release = "4.9.686" } },
	{ false, { "686 not at the end", .release = "5.4.0-686-generic" } },
	{ false, { "words that only begin with i686 and pae", .release = "6.1.0-i6867-paes" } },
	{ true, { "addresses of the direct map", LOW } },
	{ true, { "address with another user/kernel split", AT(0x1000, 0x40001000) } },
	{ true, { "highest 32-bit address", AT(0x1000, 0xfffff000) } },
	{ false, { "address too low for a kernel", AT(0x1000, 0x3ffff000) } },
	{ false, { "address above 4 GiB", AT(0x1000, 0x100000000) } },
	{ false, { "identity-mapped", AT(0xc0000000, 0xc0000000) } },
	{ false, { "EFI runtime virtual address range", IN_WINDOW } },
	{ true,
	  { "32-bit cpuinfo has priority over a header", .cpuinfo = "32", HEADER(0x20f, 0x7f) } },
	{ false,
	  { "64-bit header has priority over the release", HEADER(0x20f, 0x7f),
	    .release = "6.1.0-50-686-pae" } },
	{ false, { "64-bit header has priority over addresses", HEADER(0x20f, 0x7f), LOW } },
	{ false,
	  { "64-bit release has priority over addresses", .release = "6.1.0-56-amd64", LOW } },
	{ false, { "64-bit release of Fedora", .release = "6.5.6-300.fc39.x86_64", LOW } },
	{ true,
	  { "32-bit addresses, and a release without an architecture", LOW,
	    .release = "4.15.0-213-generic" } },
	{ true,
	  { "32-bit release has priority over addresses", .release = "6.1.0-50-686-pae",
	    IN_WINDOW } },
};

TEST(word_size_of_the_kernel)
{
	for (size_t i = 0; i < ARRAY_SIZE(width_rows); i++) {
		auto_map struct efimap *map = build(&width_rows[i].machine);

		if (is_32bit_kernel(map) != width_rows[i].is_32bit)
			fail_msg("%s: 32-bit kernel %d, expected %d", width_rows[i].machine.name,
				 !width_rows[i].is_32bit, width_rows[i].is_32bit);
		/* On x86, only a 64-bit kernel can run a 64-bit program. */
		map->origin = EFIMAP_ORIGIN_LIVE;
		if (IS_X86 && sizeof(void *) > 4 && is_32bit_kernel(map))
			fail_msg("%s: the running kernel is not a 32-bit kernel",
				 width_rows[i].machine.name);
	}
}

TEST(a_32_bit_kernel_is_never_in_mixed_mode)
{
	for (int size = 0; size < 2; size++) {
		for (size_t i = 0; i < ARRAY_SIZE(width_rows); i++) {
			auto_map struct efimap *map = build(&width_rows[i].machine);

			if (size) {
				map->platform_size = 32;
				map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
			} else {
				map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
				memcpy(map->boot_params.efi_info.signature, "EL32", 5);
			}
			if (is_mixed_mode(map) == width_rows[i].is_32bit)
				fail_msg("%s: mixed mode %d, expected %d",
					 width_rows[i].machine.name, width_rows[i].is_32bit,
					 !width_rows[i].is_32bit);
		}
	}
}

#define NO_NODE UINT64_MAX

static const struct loader_row {
	const char *name;
	bool has_params;
	uint32_t desc_size;
	uint8_t type_of_loader;
	uint64_t runtime; /* the runtime address in the SETUP_EFI payload, or NO_NODE */
	enum find_loaded_by expected;
} loader_rows[] = {
	{ "firmware", true, 48, 0x21, NO_NODE, EFIMAP_LOADED_BY_NONE },
	{ "nothing known", false, 0, 0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
	{ "kexec-tools", true, 40, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "kernel", true, 48, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel before 5.7", true, 48, 0xd0, 0x1000, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "kernel after kexec-tools", true, 40, 0xd0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "payload alone, kexec-tools", false, 0, 0, 1, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "payload alone, kernel", false, 0, 0, 0, EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "size alone", true, 40, 0xd0, NO_NODE, EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "no EFI received", true, 0, 0xd0, NO_NODE, EFIMAP_LOADED_BY_UNKNOWN },
};

static void add_node(struct efimap *map, uint64_t runtime, uint32_t size)
{
	struct setup_node node = { .type = EFIMAP_SETUP_EFI, .len = size, .payload_size = size };

	for (unsigned int i = 0; i < 8; i++)
		node.payload[8 + i] = (uint8_t)(runtime >> (8 * i));
	capture_add_setup_node(map, &node);
}

TEST(loaders_are_detected)
{
	for (size_t i = 0; i < ARRAY_SIZE(loader_rows); i++) {
		auto_map struct efimap *map = capture_create("test", EFIMAP_ORIGIN_TREE);
		if (loader_rows[i].has_params)
			map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
		map->boot_params.efi_info.desc_size = loader_rows[i].desc_size;
		map->boot_params.type_of_loader = loader_rows[i].type_of_loader;
		if (loader_rows[i].runtime != NO_NODE)
			add_node(map, loader_rows[i].runtime, EFIMAP_EFI_PAYLOAD_SIZE);
		if (find_loaded_by(map) != loader_rows[i].expected)
			fail_msg("%s: %s, expected %s", loader_rows[i].name,
				 loaded_by_name(find_loaded_by(map)),
				 loaded_by_name(loader_rows[i].expected));
	}
}

static const struct {
	const char *cmdline;
	enum find_loaded_by expected;
} elfcorehdr_rows[] = {
	{ "elfcorehdr=0x11000000 root=/dev/sda", EFIMAP_LOADED_BY_KEXEC_FILE_LOAD },
	{ "root=/dev/sda elfcorehdr=900536K", EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "root=/dev/sda elfcorehdr=900536K noefi", EFIMAP_LOADED_BY_KEXEC_LOAD },
	{ "root=/dev/sda elfcorehdr=0x11000000", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr=900536K root=/dev/sda", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr=", EFIMAP_LOADED_BY_UNKNOWN },
	{ "elfcorehdr", EFIMAP_LOADED_BY_UNKNOWN },
};

TEST(elfcorehdr_shows_the_loader)
{
	for (size_t i = 0; i < ARRAY_SIZE(elfcorehdr_rows); i++) {
		auto_map struct efimap *map = NULL;
		const char *cmdline = elfcorehdr_rows[i].cmdline;

		map = capture_create("test", EFIMAP_ORIGIN_LOG);
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		map->cmdline = capture_copy_text(map, cmdline);
		if (find_loaded_by(map) != elfcorehdr_rows[i].expected)
			fail_msg("%s: %s", cmdline, loaded_by_name(find_loaded_by(map)));
	}
}

TEST(the_last_complete_payload_is_used)
{
	auto_map struct efimap *map = NULL;
	struct efi_payload payload = { 1, 2, 3, 4 };

	map = capture_create("test", EFIMAP_ORIGIN_TREE);
	assert_false(efi_payload_find(map, &payload));
	add_node(map, 7, EFIMAP_EFI_PAYLOAD_FIELDS - 1);
	assert_false(efi_payload_find(map, &payload));
	assert_int_equal(payload.runtime, 2);
	add_node(map, 5, EFIMAP_EFI_PAYLOAD_FIELDS);
	add_node(map, 6, EFIMAP_EFI_PAYLOAD_SIZE);
	assert_true(efi_payload_find(map, &payload));
	assert_int_equal(payload.fw_vendor, 0);
	assert_int_equal(payload.runtime, 6);
}

TEST(efi_info_is_decoded)
{
	uint8_t data[EFIMAP_BOOT_PARAMS_BYTES] = { 0 };
	struct boot_params params;
	const struct efi_info *info = &params.efi_info;

	for (size_t i = 0; i < EFIMAP_EFI_INFO_BYTES; i++)
		data[EFIMAP_BOOT_PARAMS_AT_EFI_INFO + i] = (uint8_t)(0x80 + i);
	memcpy(data + EFIMAP_BOOT_PARAMS_AT_EFI_INFO, "X\n\0\x7f", 4);
	boot_params_decode(data, &params);
	assert_memory_equal(info->signature, "X?\0?", 5);
	assert_int_equal(info->systab, 0x9b9a999887868584);
	assert_int_equal(info->desc_size, 0x8b8a8988);
	assert_int_equal(info->desc_version, 0x8f8e8d8c);
	assert_int_equal(info->memmap, 0x9f9e9d9c93929190);
	assert_int_equal(info->memmap_size, 0x97969594);
}
