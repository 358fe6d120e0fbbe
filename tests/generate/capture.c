/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "machine.h"

#define LOADER_KEXEC 0xd0
#define SETUP_PCI 3
#define SETUP_CC_BLOB 7
#define SETUP_RNG_SEED 9

void must(int error)
{
	if (error) {
		fprintf(stderr, "generate: out of memory\n");
		exit(1);
	}
}

static void set(struct efimap *map, enum source source)
{
	map->states[source] = EFIMAP_STATE_PRESENT;
}

static void put_map(struct efimap *map, const struct kernel *kernel)
{
	set(map, EFIMAP_SRC_EFI);
	if (!kernel->has_map)
		return;
	set(map, EFIMAP_SRC_RUNTIME_MAP);
	for (size_t i = 0; i < kernel->n_entries; i++) {
		must(capture_add_entry(map, &kernel->entries[i]));
		must(capture_add_name(map, kernel->entries[i].index));
	}
}

static void put_memmap(struct efimap *map, const struct kernel *kernel)
{
	set(map, EFIMAP_SRC_MEMMAP);
	for (size_t i = 0; i < kernel->e820.count; i++) {
		const struct range *range = &kernel->e820.at[i];

		must(capture_add_memmap(map, (uint32_t)i, range->span.first, range->span.last,
					range->label, strlen(range->label)));
	}
}

/* Outer lines precede inner lines, so around[] is a stack of the lines around the current line. */
static void put_iomem(struct efimap *map, const struct kernel *kernel, bool masked)
{
	struct span around[8];
	uint32_t depth = 0;

	map->states[EFIMAP_SRC_IOMEM] = masked ? EFIMAP_STATE_MASKED : EFIMAP_STATE_PRESENT;
	for (size_t i = 0; i < kernel->lines.count; i++) {
		const struct range *line = &kernel->lines.at[i];

		while (depth > 0 && !span_contains(around[depth - 1], line->span))
			depth--;
		must(capture_add_iomem(map, masked ? (struct span){ 0, 0 } : line->span, depth,
				       line->label, strlen(line->label)));
		if (depth < 8)
			around[depth++] = line->span;
	}
}

static void put_line(struct efimap *map, const char *name, uint64_t value)
{
	if (value != 0)
		must(capture_add_systab(map, name, strlen(name), value));
}

static void put_pointers(struct efimap *map, const struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;

	map->runtime = kernel->runtime;
	map->config_table = machine->config_table;
	set(map, EFIMAP_SRC_RUNTIME);
	set(map, EFIMAP_SRC_CONFIG_TABLE);
	set(map, EFIMAP_SRC_SYSTAB);
	if (!kernel->xen) {
		map->fw_vendor = machine->fw_vendor;
		set(map, EFIMAP_SRC_FW_VENDOR);
	}
	put_line(map, "ACPI20", machine->rsdp);
	put_line(map, "ACPI", machine->rsdp & 16 ? 0 : machine->rsdp);
	put_line(map, "SMBIOS3", machine->smbios3);
	put_line(map, "SMBIOS", machine->smbios);
	if (kernel_is_at_least(kernel, 4, 0)) {
		map->platform_size = machine->is_32bit ? 32 : 64;
		set(map, EFIMAP_SRC_FW_PLATFORM_SIZE);
	}
}

static void put_cmdline(struct efimap *map, const struct kernel *kernel)
{
	char text[256];
	int used = snprintf(
		text, sizeof(text), "BOOT_IMAGE=/boot/vmlinuz root=/dev/sda2 ro quiet%s%s%s%s%s",
		kernel->has_crash ? " crashkernel=160M" : "", kernel->debug ? " efi=debug" : "",
		kernel->noruntime ? " efi=noruntime" : "",
		kernel->old_map && (kernel->machine->systab & 32) ? " efi=old_map" : "",
		kernel_is_crash(kernel) ? " irqpoll nr_cpus=1 elfcorehdr=0x65000000" : "");

	set(map, EFIMAP_SRC_CMDLINE);
	must(capture_set_cmdline(map, text, (size_t)used));
}

static void put_release(struct efimap *map, const struct kernel *kernel)
{
	static const char *const tails[] = { "", "-amd64", "-rc3+", ".el9.x86_64" };
	char text[64];
	int used = snprintf(text, sizeof(text), "%u.%u.%u%s", kernel->major, kernel->minor,
			    kernel->patch, tails[kernel->patch % 4]);

	set(map, EFIMAP_SRC_VERSION);
	must(set_release(map, text, (size_t)used));
}

/* The first digit of a boot ID is the number of the kernel, so that each boot has another ID. */
static void put_boot_id(struct efimap *map, const struct kernel *kernel)
{
	char text[] = "00000000-0000-4000-8000-000000000000";

	for (; kernel; kernel = kernel->before)
		text[0]++;
	set(map, EFIMAP_SRC_BOOT_ID);
	must(capture_set_boot_id(map, text, sizeof(text) - 1));
}

static void put_number(uint8_t *at, uint64_t value)
{
	for (unsigned int i = 0; i < 8; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

static void put_node(struct efimap *map, const struct kernel *kernel, uint32_t type, uint64_t len)
{
	struct setup_node node = { .index = (uint32_t)map->n_setup_data, .type = type, .len = len };

	if (type == EFIMAP_SETUP_EFI) {
		node.payload_size = EFIMAP_EFI_PAYLOAD_SIZE;
		for (unsigned int i = 0; i < 4; i++)
			put_number(node.payload + 8 * i, kernel->payload[i]);
	}
	set(map, EFIMAP_SRC_SETUP_DATA);
	must(capture_add_setup_node(map, &node));
}

static void put_setup_data(struct efimap *map, const struct kernel *kernel)
{
	const bool kexec = kernel->start != START_FIRMWARE;

	if (kexec && kernel_is_at_least(kernel, 6, 1))
		put_node(map, kernel, SETUP_RNG_SEED, 0);
	if (kexec)
		put_node(map, kernel, EFIMAP_SETUP_EFI, EFIMAP_EFI_PAYLOAD_SIZE);
	else if (kernel->machine->systab & 64)
		put_node(map, kernel, SETUP_PCI, 0x8030);
	if (kernel->machine->is_encrypted && !kexec)
		put_node(map, kernel, SETUP_CC_BLOB, 16);
}

static void put_boot_params(struct efimap *map, const struct kernel *kernel)
{
	const struct machine *machine = kernel->machine;
	const bool kexec = kernel->start != START_FIRMWARE;
	struct boot_params *params = &map->boot_params;

	memcpy(params->efi_info.signature,
	       kernel->xen	   ? "Xen"
	       : machine->is_32bit ? "EL32"
				   : "EL64",
	       4);
	params->efi_info.systab = machine->systab;
	params->efi_info.desc_size = kernel->desc_size;
	params->efi_info.desc_version = 1;
	params->efi_info.memmap = kernel->memmap;
	params->efi_info.memmap_size = kernel->memmap_size;
	params->acpi_rsdp_addr = kernel_is_at_least(kernel, 5, 0) ? machine->rsdp : 0;
	params->setup_data = kexec ? UINT64_C(0x100000) : 0;
	params->version = kernel_is_at_least(kernel, 5, 4) ? 0x20f : 0x20d;
	params->xloadflags = 0x1f;
	params->type_of_loader = kexec ? LOADER_KEXEC : 0x21;
	set(map, EFIMAP_SRC_BOOT_PARAMS);
}

/*
 * Return whether a kernel replaces the address of MEMATTR, because it received an SMBIOS address
 * (arch/x86/platform/efi/quirks.c: efi_reuse_config, since Linux 6.13.3).
 */
static bool replaces_memattr(const struct kernel *kernel)
{
	return kernel->start != START_FIRMWARE && kernel->payload[3] &&
	       (kernel_is_at_least(kernel, 6, 14) ||
		(kernel_is_at_least(kernel, 6, 13) && kernel->patch >= 3));
}

static void put_log(struct efimap *map, const struct kernel *kernel)
{
	set(map, EFIMAP_SRC_KERNEL_LOG);
	for (size_t i = 0; i < kernel->machine->n_tables; i++) {
		const char *name = kernel->machine->tables[i].name;
		const bool is_replaced = strcmp(name, "MEMATTR") == 0 && replaces_memattr(kernel);

		must(capture_add_table(map, name, strlen(name),
				       is_replaced ? UINT64_MAX
						   : kernel->machine->tables[i].address));
	}
}

/*
 * Add a random selection of the sources. The command line of a crash kernel and the release of a
 * kernel with efi=old_map are always added. If the boot_params of a kexec'd kernel are added, its
 * setup_data are added as well.
 */
static void put_some(struct efimap *map, const struct kernel *kernel, struct dice *dice)
{
	if (!dice_hit(dice, 3))
		put_pointers(map, kernel);
	if (!dice_hit(dice, 8))
		put_memmap(map, kernel);
	if (!dice_hit(dice, 8))
		put_iomem(map, kernel, dice_hit(dice, 10));
	if (kernel_is_crash(kernel) || !dice_hit(dice, 5))
		put_cmdline(map, kernel);
	if (kernel->old_map || !dice_hit(dice, 5))
		put_release(map, kernel);
	if (!dice_hit(dice, 25)) {
		put_boot_params(map, kernel);
		if (kernel->start != START_FIRMWARE || !dice_hit(dice, 50))
			put_setup_data(map, kernel);
	}
	if (!dice_hit(dice, 40))
		put_log(map, kernel);
}

struct efimap *capture_make(const struct kernel *kernel, struct dice *dice, bool complete)
{
	struct efimap *map;

	must(capture_create("generated", EFIMAP_ORIGIN_TREE, &map));
	put_map(map, kernel);
	if (complete || !kernel->has_map) {
		put_pointers(map, kernel);
		put_memmap(map, kernel);
		put_iomem(map, kernel, false);
		put_cmdline(map, kernel);
		put_release(map, kernel);
		put_boot_params(map, kernel);
		put_setup_data(map, kernel);
		put_log(map, kernel);
		put_boot_id(map, kernel);
	} else {
		put_some(map, kernel, dice);
	}
	if (complete || dice_hit(dice, 70)) {
		map->phys_bits = kernel->machine->phys_bits;
		set(map, EFIMAP_SRC_CPUINFO);
	}
	seal(map);
	return map;
}
