/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "capture/boot_params.h"
#include "input/read_source.h"
#include "guest/runtime_services.h"
#include "guest_files.h"
#include "guest_memory.h"

#define GIB (UINT64_C(1) << 30)
#define MIB (UINT64_C(1) << 20)
#define SETUP_BYTES 1024
#define IMAGE_BYTES 4096

/* One setup sector, and a header of protocol 2.15 */
static uint8_t image[SETUP_BYTES + IMAGE_BYTES] = {
	[0x1f1] = 1,
	[0x1fe] = 0x55,
	[0x1ff] = 0xaa,
	[0x200] = 0xeb,
	[0x201] = 0x6a,
	[0x202] = 'H',
	[0x203] = 'd',
	[0x204] = 'r',
	[0x205] = 'S',
	[0x206] = 0x0f,
	[0x207] = 0x02,
	[0x236] = 0x7f,
	/* init_size is 32 MiB. */
	[0x263] = 0x02,
	[SETUP_BYTES] = 0x90,
};
static const uint8_t initrd[] = "an initramfs";

/* These options must exist as long as the machine_options that point to them. */
static struct rehearse asked;

#define auto_machine auto_cleanup(machine_free)

static struct machine_options make_options(bool is_first_kernel)
{
	asked = (struct rehearse){
		.is_first_kernel = is_first_kernel,
		.memory = 4 * GIB,
		.append = "more words",
	};
	return (struct machine_options){
		.asked = &asked,
		.kernel = { "bzImage", image, sizeof(image) },
		.initrd = { "initrd", initrd, sizeof(initrd) },
	};
}

static struct efimap *read_fixture(const char *name)
{
	struct err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;
	char path[4096];

	snprintf(path, sizeof(path), "%s/%s", getenv("EFIMAP_FIXTURES"), name);
	if (read_source(path, 1, NULL, &map, &err))
		fail_msg("%s: %s", path, err.text);
	return map;
}

static uint64_t number_at(const uint8_t *at, size_t size)
{
	uint64_t value = 0;

	memcpy(&value, at, size);
	return value;
}

static const uint8_t *bytes_at(const struct machine *machine, uint64_t at)
{
	for (size_t i = 0; i < machine->n_pieces; i++) {
		const struct machine_piece *piece = &machine->pieces[i];

		if (at >= piece->at && at - piece->at < piece->size)
			return piece->data + (at - piece->at);
	}
	return NULL;
}

static const uint8_t *params_of(const struct machine *machine)
{
	const uint8_t *params =
		bytes_at(machine, number_at(machine->rom + MACHINE_ROM_SIZE - 256, 4));

	assert_non_null(params);
	return params;
}

static void make_fixture(const char *name, const struct machine_options *options,
			 struct efimap **map, struct machine *machine)
{
	struct err err = EFIMAP_ERR_INIT;

	*map = read_fixture(name);
	if (machine_make(*map, options, machine, &err))
		fail_msg("%s: %s", name, err.text);
}

static const char *const sources[] = {
	"logs/001-asustek-zenbook-ux391fa.txt",
	"real/ovmf-q35-6.1-kexec-first",
	"real/ovmf-q35-6.1-kexec-second",
};

TEST(keeps_pieces_apart)
{
	for (size_t s = 0; s < ARRAY_SIZE(sources); s++) {
		const struct machine_options options = make_options(false);
		auto_machine struct machine machine = { 0 };
		auto_map struct efimap *map = NULL;

		make_fixture(sources[s], &options, &map, &machine);
		for (size_t i = 0; i < machine.n_pieces; i++) {
			const struct machine_piece *a = &machine.pieces[i];

			assert_true(a->size <= a->reserved);
			for (size_t k = 0; k < i; k++)
				assert_true(a->at + a->reserved <= machine.pieces[k].at ||
					    machine.pieces[k].at + machine.pieces[k].reserved <=
						    a->at);
		}
	}
}

/*
 * RAM in overlapping ranges is counted once. The entries of the last two cases end at 2^64 and
 * above it, respectively.
 */
TEST(places_in_free_memory)
{
	static const struct {
		uint64_t phys, pages, kernel;
	} cases[] = {
		{ 0, 1, 16 * MIB },
		{ 16 * MIB, 1, 18 * MIB },
		{ 18 * MIB - 4096, 1, 18 * MIB },
		{ 3 * GIB, (UINT64_MAX - 3 * GIB) / 4096 + 1, 16 * MIB },
		{ 3 * GIB, UINT64_MAX / 4096, 16 * MIB },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct machine_options options = make_options(false);
		auto_map struct efimap *map = read_fixture("real/ovmf-q35-6.1-kexec-first");
		const struct map_entry entry = { .type = EFIMAP_TYPE_RUNTIME_DATA,
						 .phys = cases[i].phys,
						 .pages = cases[i].pages };
		struct err err = EFIMAP_ERR_INIT;
		auto_machine struct machine machine = { 0 };

		capture_add_entry(map, &entry);
		map->n_memmap = 0;
		capture_add_memmap(map, 0, 0, 5 * GIB - 1, "System RAM", 10);
		capture_add_memmap(map, 1, MIB, 6 * GIB - 1, "System RAM", 10);
		if (machine_make(map, &options, &machine, &err))
			fail_msg("case %zu: %s", i, err.text);
		assert_int_equal(number_at(machine.rom + MACHINE_ROM_SIZE - 252, 4),
				 cases[i].kernel);
		/* The guest has 4 GiB of the 6 GiB of RAM. */
		assert_int_equal(machine.left_out, 2 * GIB);
	}
}

/* The guest gets the bytes that "efimapctl dump" writes for the same capture and loader. */
TEST(passes_what_loaders_pass)
{
	static const enum kexec_loader loaders[] = { EFIMAP_LOADER_KEXEC_TOOLS,
						     EFIMAP_LOADER_KERNEL };

	for (size_t i = 0; i < ARRAY_SIZE(loaders); i++) {
		const struct setup_data_options loader = { .loader = loaders[i] };
		struct machine_options options = make_options(false);
		auto_encoded_setup_data struct encoded_setup_data encoded = { 0 };
		auto_machine struct machine machine = { 0 };
		auto_map struct efimap *map = NULL;
		const uint8_t *params;

		asked.loader = loaders[i];
		make_fixture("real/ovmf-q35-6.1-kexec-first", &options, &map, &machine);
		encoded = encode_setup_data(map, &loader);
		params = params_of(&machine);
		assert_memory_equal(bytes_at(&machine, number_at(params + 0x250, 8)), encoded.node,
				    sizeof(encoded.node));
		assert_memory_equal(bytes_at(&machine, number_at(params + 0x1c0 + 16, 4)),
				    encoded.memmap, encoded.memmap_size);
		assert_memory_equal(params + 0x1c0, encoded.efi_info, 16);
	}
}

TEST(passes_another_map)
{
	struct machine_options options = make_options(false);
	auto_map struct efimap *other = read_fixture("real/ovmf-q35-6.1-crash-first");
	auto_map struct efimap *map = NULL;
	const struct setup_data_options loader = { 0 };
	auto_encoded_setup_data struct encoded_setup_data encoded = { 0 };
	auto_machine struct machine machine = { 0 };
	const uint8_t *params;

	options.passed = other;
	make_fixture("real/ovmf-q35-6.12-kexec-file-first", &options, &map, &machine);
	encoded = encode_setup_data(other, &loader);
	params = params_of(&machine);
	assert_memory_equal(bytes_at(&machine, number_at(params + 0x250, 8)), encoded.node,
			    sizeof(encoded.node));
	assert_memory_equal(bytes_at(&machine, number_at(params + 0x1c0 + 16, 4)), encoded.memmap,
			    encoded.memmap_size);
	assert_int_equal(machine.n_rows, other->n_memmap);
	assert_memory_equal(bytes_at(&machine, map->boot_params.efi_info.systab), "IBI SYST", 8);
}

/*
 * The addresses in the runtime services table point to code. There is a probe at the start and at
 * the end of each region that is not a boot services region.
 */
TEST(puts_services)
{
	const struct machine_options options = make_options(false);
	const struct map_entry *code;
	const uint8_t *rows, *text;
	auto_machine struct machine machine = { 0 };
	auto_map struct efimap *map = NULL;
	size_t n_probes = 0;

	make_fixture("real/ovmf-q35-6.1-kexec-first", &options, &map, &machine);
	code = map->entries;
	for (size_t i = 0; i < map->n_entries; i++) {
		n_probes += map->entries[i].type != EFIMAP_TYPE_BOOT_DATA &&
			    map->entries[i].type != EFIMAP_TYPE_BOOT_CODE;
		if (map->entries[i].type == EFIMAP_TYPE_RUNTIME_CODE)
			code = &map->entries[i];
	}
	assert_int_equal(code->type, EFIMAP_TYPE_RUNTIME_CODE);
	rows = bytes_at(&machine, map->runtime);
	assert_int_equal((number_at(rows + 24, 8) - code->virt) / 4096, 1);
	text = bytes_at(&machine, code->phys);
	assert_int_equal(text[0], 0x06);
	assert_int_equal(text[4095], 0x06);
	assert_int_equal(number_at(text + 4096 + 24, 8), map->boot_params.efi_info.systab);
	assert_int_equal(number_at(text + 4096 + 40, 8), 2 * n_probes);
}

/* In the image, the empty tables follow the head, and code follows the tables, without padding. */
TEST(places_tables_after_head)
{
	const size_t start = sizeof(struct services_head);
	const size_t end = start + sizeof(struct services_tables);

	assert_true(end < sizeof(guest_services));
	for (size_t i = start; i < end; i++)
		assert_int_equal(guest_services[i], 0);
	assert_int_not_equal(guest_services[end], 0);
}

TEST(starts_as_firmware)
{
	const struct machine_options options = make_options(true);
	auto_machine struct machine machine = { 0 };
	auto_map struct efimap *map = NULL;
	const uint8_t *params, *systab;

	make_fixture(sources[0], &options, &map, &machine);
	params = params_of(&machine);
	assert_int_equal(number_at(params + 0x250, 8), 0);
	assert_memory_equal(params + 0x1c0, "EL64", 4);
	assert_int_equal(number_at(params + 0x1c0 + 20, 4), map->n_firmware * 48);
	systab = bytes_at(&machine, number_at(params + 0x1c0 + 4, 4));
	assert_non_null(systab);
	assert_memory_equal(systab, "IBI SYST", 8);
	/* The addresses of the vendor, the services and the tables are still physical. */
	assert_non_null(bytes_at(&machine, number_at(systab + 24, 8)));
	assert_memory_equal(bytes_at(&machine, number_at(systab + 88, 8)), "RUNTSERV", 8);
	assert_non_null(bytes_at(&machine, number_at(systab + 112, 8)));
	assert_memory_equal(bytes_at(&machine, number_at(params + 0x228, 4)), "console=ttyS0", 13);
}

TEST(leaves_tables_virtual)
{
	const struct machine_options options = make_options(false);
	auto_machine struct machine machine = { 0 };
	auto_map struct efimap *map = NULL;
	const uint8_t *systab;

	make_fixture("real/ovmf-q35-6.1-kexec-first", &options, &map, &machine);
	systab = bytes_at(&machine, map->boot_params.efi_info.systab);
	assert_non_null(systab);
	assert_true(is_in_efi_va_range(number_at(systab + 24, 8)));
	assert_true(is_in_efi_va_range(number_at(systab + 88, 8)));
	assert_true(is_in_efi_va_range(number_at(bytes_at(&machine, map->runtime) + 24, 8)));
}

TEST(cuts_memory)
{
	static const uint64_t sizes[] = { 3 * GIB, 4 * GIB, 8 * GIB };

	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct machine_options options = make_options(true);
		uint64_t memory = 0, end = 0;
		auto_machine struct machine machine = { 0 };
		auto_map struct efimap *map = NULL;

		asked.memory = sizes[i];
		make_fixture(sources[0], &options, &map, &machine);
		for (size_t k = 0; k < machine.n_rows; k++) {
			assert_true(k == 0 ||
				    machine.rows[k].span.first >= machine.rows[k - 1].span.first);
			if (machine.rows[k].type != 1)
				continue;
			memory += span_bytes(machine.rows[k].span);
			end = machine.rows[k].span.last + 1;
		}
		assert_true(memory <= sizes[i]);
		/* Memory that does not fit below MACHINE_LOW_END starts at 4 GiB. */
		assert_true(end <= (sizes[i] > MACHINE_LOW_END
					    ? 4 * GIB + sizes[i] - MACHINE_LOW_END
					    : sizes[i]));
		assert_true(machine.left_out > 0);
	}
}

TEST(address_bits_of_the_processor)
{
	static const struct {
		const char *name;
		uint64_t config_table;
		unsigned int bits;
		bool has_beyond;
	} cases[] = {
		{ "real/ovmf-q35-7.2-file-first", 0, 40, false },
		{ "real/ovmf-q35-7.2-file-first", (UINT64_C(1) << 40) - 8, 40, false },
		{ "real/ovmf-q35-7.2-file-first", UINT64_C(1) << 40, 40, true },
		{ "real/ovmf-q35-7.2-file-first", UINT64_MAX, 40, true },
		/*
		 * Without cpuinfo, the guest has as many physical address bits as its memory and
		 * devices need, but at least 40.
		 */
		{ "real/ovmf-q35-6.1-kexec-first", UINT64_C(1) << 40, 40, true },
		{ "real/ovmf-q35-6.1-kexec-first", (UINT64_C(1) << 40) - 8, 40, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct machine_options options = make_options(false);
		auto_map struct efimap *map = read_fixture(cases[i].name);
		auto_machine struct machine machine = { 0 };

		if (cases[i].config_table)
			map->config_table = cases[i].config_table;
		assert_int_equal(machine_make(map, &options, &machine, NULL), 0);
		assert_int_equal(machine.phys_bits, cases[i].bits);
		assert_int_equal(machine.has_beyond, cases[i].has_beyond);
	}
}

/* AMD machines may have devices at 1 TiB and above. */
TEST(has_addresses_of_all_devices)
{
	const struct map_entry device = { .type = EFIMAP_TYPE_MMIO,
					  .phys = UINT64_C(1) << 40,
					  .pages = 1,
					  .virt = 0xfffffffe00000000,
					  .attribute = UINT64_C(1) << 63 };
	const struct machine_options options = make_options(false);
	auto_map struct efimap *map = read_fixture("real/ovmf-q35-6.1-kexec-first");
	auto_machine struct machine machine = { 0 };

	capture_add_entry(map, &device);
	assert_int_equal(machine_make(map, &options, &machine, NULL), 0);
	assert_int_equal(machine.phys_bits, 41);
	assert_false(machine.has_beyond);
}

TEST(puts_nothing_where_addresses_wrap)
{
	const struct map_entry entry = { .type = EFIMAP_TYPE_RUNTIME_DATA,
					 .phys = UINT64_MAX - 4095,
					 .pages = 0x200,
					 .virt = 0xfffffffe00000000,
					 .attribute = UINT64_C(1) << 63 };
	const struct machine_options options = make_options(false);
	auto_map struct efimap *map = read_fixture("real/ovmf-q35-6.1-kexec-first");
	auto_machine struct machine machine = { 0 };

	capture_add_entry(map, &entry);
	/* The physical address of the runtime services table would be 1 MiB above 2^64. */
	map->runtime = entry.virt + 4096 + MIB;
	assert_int_equal(machine_make(map, &options, &machine, NULL), 0);
	for (size_t i = 0; i < machine.n_pieces; i++)
		if (machine.pieces[i].size >= 8)
			assert_memory_not_equal(machine.pieces[i].data, "RUNTSERV", 8);
}

/* NumberOfTableEntries does not change if the tables are outside of the guest's memory. */
TEST(counts_tables_that_are_elsewhere)
{
	static const uint64_t addresses[] = { 0, 0x7ffffffff000, 0xa0000000 };
	uint64_t counts[ARRAY_SIZE(addresses)];

	for (size_t i = 0; i < ARRAY_SIZE(addresses); i++) {
		const struct machine_options options = make_options(false);
		auto_map struct efimap *map = read_fixture("real/ovmf-q35-6.1-kexec-first");
		auto_machine struct machine machine = { 0 };
		const uint8_t *systab;

		if (addresses[i])
			map->config_table = addresses[i];
		assert_int_equal(machine_make(map, &options, &machine, NULL), 0);
		systab = bytes_at(&machine, map->boot_params.efi_info.systab);
		counts[i] = number_at(systab + 104, 8);
		assert_true(counts[i] > 0);
		assert_int_equal(counts[i], counts[0]);
	}
}

/* If a log has no e820 map, the guest receives the map that the EFI stub would create. */
TEST(makes_e820_of_firmware_map)
{
	const struct machine_options options = make_options(true);
	auto_machine struct machine machine = { 0 };
	auto_map struct efimap *map = read_fixture("real/ovmf-q35-6.1-efidebug-first/dmesg.txt");

	map->n_memmap = 0;
	assert_int_equal(machine_make(map, &options, &machine, NULL), 0);
	assert_int_equal(machine.n_rows, map->n_firmware);
	for (size_t i = 0; i < machine.n_rows; i++) {
		const struct map_entry *entry = &map->firmware[i];
		const bool is_free = entry_is_boot_services(entry) ||
				     entry->type == EFIMAP_TYPE_CONVENTIONAL ||
				     entry->type == EFIMAP_TYPE_LOADER_CODE ||
				     entry->type == EFIMAP_TYPE_LOADER_DATA;

		assert_int_equal(machine.rows[i].span.first, entry->phys);
		assert_int_equal(span_bytes(machine.rows[i].span), entry->pages * 4096);
		assert_int_equal(machine.rows[i].type == 1, is_free);
	}
}

static void assert_refused(const char *name, const struct machine_options *options, int error,
			   const char *why)
{
	struct err err = EFIMAP_ERR_INIT;
	auto_map struct efimap *map = read_fixture(name);
	auto_machine struct machine machine = { 0 };

	assert_int_equal(machine_make(map, options, &machine, &err), -error);
	if (!strstr(err.text, why))
		fail_msg("%s: the error \"%s\" does not contain \"%s\"", name, err.text, why);
}

TEST(refuses_invalid_machines)
{
	struct machine_options options = make_options(false);

	asked.memory = 256 * MIB;
	assert_refused(sources[0], &options, ENOTSUP, "try a larger --mem");
	options = make_options(false);
	options.kernel.size = 100;
	assert_refused(sources[0], &options, EBADMSG, "");
	options = make_options(true);
	assert_refused("real/ovmf-q35-6.1-kexec-first", &options, ENOTSUP,
		       "complete EFI memory map");
	options = make_options(false);
	assert_refused("logs/063-dell-poweredge-r7425.txt", &options, ENOTSUP, "");
}
