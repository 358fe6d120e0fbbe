/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "capture/kernel_release.h"
#include "infer/architecture.h"

/* A value that is NULL or 0 was not collected. */
struct machine {
	const char *name;
	const char *release;
	unsigned int platform_size;
	struct map_entry entries[2];
	size_t n_entries;
	const char *cpuinfo;
	uint16_t version, xloadflags;
};

static struct efimap *build(const struct machine *machine)
{
	struct efimap *map = capture_create(machine->name, EFIMAP_ORIGIN_TREE);

	if (machine->release)
		set_release(map, machine->release, strlen(machine->release));
	if (machine->platform_size) {
		map->platform_size = machine->platform_size;
		map->states[EFIMAP_SRC_FW_PLATFORM_SIZE] = EFIMAP_STATE_PRESENT;
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
	for (size_t i = 0; i < machine->n_entries; i++)
		capture_add_entry(map, &machine->entries[i]);
	seal(map);
	return map;
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
