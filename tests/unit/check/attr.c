/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Type and attributes of each entry, each rule with its exceptions. */
#include "check/scene.h"

#define FAMILIES "shape phys virt layout attr"
#define RUN EFIMAP_ATTR_RUNTIME

static void healthy(struct scene *s)
{
}

static void no_run_bit_in_code(struct scene *s)
{
	s->entries[2].attribute &= ~RUN;
}

static void no_run_bit_at_all(struct scene *s)
{
	for (size_t i = 0; i < s->n_entries; i++)
		s->entries[i].attribute &= ~RUN;
}

static void no_run_bit_in_boot_services(struct scene *s)
{
	s->entries[5].attribute = 0xf;
}

static void no_run_bit_in_boot_services_with_debug(struct scene *s)
{
	no_run_bit_in_boot_services(s);
	s->cmdline = "efi=nosoftreserve,debug";
	/* The gaps of this map are those of one without efi=debug. */
	s->options.disabled[EFIMAP_RULE_LAYOUT_EXACT] = true;
}

static void no_run_bit_in_boot_services_without_cmdline(struct scene *s)
{
	no_run_bit_in_boot_services(s);
	s->cmdline = "";
	s->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_ABSENT;
}

static void no_run_bit_in_data_with_debug(struct scene *s)
{
	no_run_bit_in_boot_services_with_debug(s);
	s->entries[4].attribute = 0xf;
}

/* What mixed mode exports besides: 1, 2, 3, 4 and 7 without RUNTIME. */
static void mixed_exports(struct scene *s)
{
	static const uint32_t types[] = { 1, 2, 3, 4, 7 };

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		scene_add(s, types[i], 0x1000000 * (i + 1), 0, 0x10, 0xf);
	scene_make_mixed(s);
}

static void mixed_without_run_bit_in_data(struct scene *s)
{
	scene_make_mixed(s);
	s->entries[3].attribute = 0xf;
}

static void set_type(struct scene *s, size_t position, uint32_t type)
{
	s->entries[position].type = type;
}

static void extra_of_type(struct scene *s, uint32_t type, uint64_t attribute)
{
	scene_add(s, type, 0x10000000, UINT64_C(0xfffffffec0000000), 0x10, attribute);
}

static void loader_code(struct scene *s)
{
	extra_of_type(s, 1, RUN | 0xf);
}

static void loader_data(struct scene *s)
{
	extra_of_type(s, 2, RUN | 0xf);
}

static void conventional(struct scene *s)
{
	extra_of_type(s, 7, RUN | 0xf);
}

static void code_as_conventional(struct scene *s)
{
	set_type(s, 2, 7);
}

static void mixed_conventional_with_run(struct scene *s)
{
	conventional(s);
	scene_make_mixed(s);
}

static void unusable(struct scene *s)
{
	extra_of_type(s, 8, RUN | 0xf);
}

static void unaccepted(struct scene *s)
{
	extra_of_type(s, 15, RUN | 0xf);
}

static void pal(struct scene *s)
{
	extra_of_type(s, 13, RUN | 0xf);
}

static void unusable_without_run(struct scene *s)
{
	extra_of_type(s, 8, 0xf);
}

static void persistent(struct scene *s)
{
	extra_of_type(s, 14, RUN | 0xf);
}

static void nvs(struct scene *s)
{
	extra_of_type(s, 10, RUN | 0xf);
}

static void first_undefined(struct scene *s)
{
	extra_of_type(s, 16, RUN | 0xf);
}

static void last_undefined(struct scene *s)
{
	extra_of_type(s, 0x6fffffff, RUN | 0xf);
}

static void first_oem(struct scene *s)
{
	extra_of_type(s, 0x70000000, RUN | 0xf);
}

static void highest_type(struct scene *s)
{
	extra_of_type(s, UINT32_MAX, RUN | 0xf);
}

static void code_of_undefined_type(struct scene *s)
{
	set_type(s, 2, 16);
}

static void data_without_cache_bits(struct scene *s)
{
	s->entries[3].attribute = RUN;
}

static void data_without_cache_bits_but_others(struct scene *s)
{
	s->entries[3].attribute = RUN | EFIMAP_ATTR_XP | EFIMAP_ATTR_RO;
}

static void data_with_uce_only(struct scene *s)
{
	s->entries[3].attribute = RUN | EFIMAP_ATTR_UCE;
}

static void mmio_without_cache_bits(struct scene *s)
{
	s->entries[0].attribute = RUN;
}

static void reserved_without_cache_bits(struct scene *s)
{
	extra_of_type(s, 0, RUN);
}

static void unknown_bit(struct scene *s)
{
	s->entries[2].attribute |= UINT64_C(1) << 21;
}

static void every_known_bit(struct scene *s)
{
	s->entries[2].attribute = RUN | EFIMAP_ATTR_CACHE | EFIMAP_ATTR_WP | EFIMAP_ATTR_RP |
				  EFIMAP_ATTR_XP | EFIMAP_ATTR_NV | EFIMAP_ATTR_MORE_RELIABLE |
				  EFIMAP_ATTR_RO | EFIMAP_ATTR_SP | EFIMAP_ATTR_CPU_CRYPTO |
				  EFIMAP_ATTR_HOT_PLUGGABLE | EFIMAP_ATTR_ISA_MASK |
				  EFIMAP_ATTR_ISA_VALID;
}

static void without(struct scene *s, uint32_t type)
{
	size_t kept = 0;

	for (size_t i = 0; i < s->n_entries; i++)
		if (s->entries[i].type != type)
			s->entries[kept++] = s->entries[i];
	for (size_t i = 0; i < kept; i++)
		s->entries[i].index = (uint32_t)i;
	s->n_entries = kept;
}

static void without_code(struct scene *s)
{
	without(s, 5);
}

static void without_data(struct scene *s)
{
	without(s, 6);
}

static void with_one_data(struct scene *s)
{
	set_type(s, 1, 11);
	set_type(s, 3, 11);
}

/* The one that cannot be read may be the code. */
static void without_code_but_a_broken_file(struct scene *s)
{
	without_code(s);
	scene_fault(s, EFIMAP_FAULT_SYNTAX, 7, "sys/firmware/efi/runtime-map/7/attribute");
}

static void without_code_but_an_odd_name(struct scene *s)
{
	without_code(s);
	scene_fault(s, EFIMAP_FAULT_NAME, EFIMAP_NO_INDEX, "sys/firmware/efi/runtime-map/x");
}

static void without_code_and_a_sixth_file(struct scene *s)
{
	without_code(s);
	scene_fault(s, EFIMAP_FAULT_EXTRA, 0, "sys/firmware/efi/runtime-map/0/perms");
}

static void without_code_and_runtime_off(struct scene *s)
{
	without_code(s);
	s->cmdline = "efi=noruntime";
}

/* One that firmware cannot run in may be the code that is missing; PAL code has its place. */
static void unusable_instead_of_code(struct scene *s)
{
	without_code(s);
	set_type(s, 0, 8);
}

static void lowest_unusable_instead_of_code(struct scene *s)
{
	without_code(s);
	set_type(s, 6, 8);
}

static void pal_instead_of_code(struct scene *s)
{
	without_code(s);
	pal(s);
	s->entries[7].index = 7;
}

static void unusable_without_run_instead_of_code(struct scene *s)
{
	without_code(s);
	extra_of_type(s, 8, 0xf);
}

static void code_without_pages(struct scene *s)
{
	s->entries[2].pages = 0;
}

static void judges_entries(void **state)
{
	static const struct scene_row rows[] = {
		{ "healthy", healthy, "" },
		{ "no RUNTIME in code", no_run_bit_in_code,
		  "runtime-bit-missing warning none 2\n" },
		{ "no RUNTIME at all", no_run_bit_at_all,
		  "runtime-bit-missing warning none 0\n"
		  "runtime-bit-missing warning none 1\n"
		  "runtime-bit-missing warning none 2\n"
		  "runtime-bit-missing warning none 3\n"
		  "runtime-bit-missing warning none 4\n"
		  "runtime-bit-missing warning none 5\n"
		  "runtime-bit-missing warning none 6\n"
		  "runtime-bit-missing warning none 7\n" },
		{ "no RUNTIME in boot services", no_run_bit_in_boot_services,
		  "runtime-bit-missing warning none 5\n" },
		{ "the same with efi=debug", no_run_bit_in_boot_services_with_debug, "" },
		{ "the same without command line", no_run_bit_in_boot_services_without_cmdline,
		  "" },
		{ "no RUNTIME in data with efi=debug", no_run_bit_in_data_with_debug,
		  "runtime-bit-missing warning none 4\n" },
		{ "what mixed mode exports", mixed_exports, "" },
		{ "no RUNTIME in data, mixed mode", mixed_without_run_bit_in_data,
		  "runtime-bit-missing warning none 3\n" },
		{ "loader code", loader_code,
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "loader data", loader_data,
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "conventional", conventional,
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "code as conventional", code_as_conventional,
		  "type-ram-runtime error runtime-services-fail 2\n" },
		{ "conventional, mixed mode", mixed_conventional_with_run,
		  "type-ram-runtime error runtime-services-fail 8\n" },
		{ "unusable", unusable, "type-impossible error runtime-services-fail 8\n" },
		{ "unaccepted", unaccepted, "type-impossible error runtime-services-fail 8\n" },
		{ "PAL code", pal, "type-impossible warning runtime-services-fail 8\n" },
		{ "unusable without RUNTIME", unusable_without_run,
		  "runtime-bit-missing warning none 8\n" },
		{ "persistent", persistent, "" },
		{ "ACPI NVS", nvs, "" },
		{ "first undefined", first_undefined,
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "last undefined", last_undefined,
		  "type-reserved-range warning runtime-services-fail 8\n" },
		{ "first of the OEM", first_oem, "" },
		{ "highest", highest_type, "" },
		{ "code of undefined type", code_of_undefined_type,
		  "no-runtime-code error runtime-services-fail\n"
		  "type-reserved-range warning runtime-services-fail 2\n" },
		{ "data without cacheability", data_without_cache_bits,
		  "attr-no-cache warning none 3\n" },
		{ "data with XP and RO only", data_without_cache_bits_but_others,
		  "attr-no-cache warning none 3\n" },
		{ "data with UCE only", data_with_uce_only, "" },
		{ "MMIO without cacheability", mmio_without_cache_bits, "" },
		{ "reserved without cacheability", reserved_without_cache_bits, "" },
		{ "unknown bit", unknown_bit, "attr-unknown-bits warning none 2\n" },
		{ "every known bit", every_known_bit, "" },
		{ "without code", without_code,
		  "no-runtime-code error runtime-services-fail\n" },
		{ "without data", without_data,
		  "no-runtime-data error runtime-services-fail\n" },
		{ "with one data", with_one_data, "" },
		{ "without code, a file is broken", without_code_but_a_broken_file,
		  "map-value-syntax error none 7\n" },
		{ "without code, an odd name", without_code_but_an_odd_name,
		  "map-name-odd warning none\n" },
		{ "without code, a sixth file", without_code_and_a_sixth_file,
		  "no-runtime-code error runtime-services-fail\n" },
		{ "unusable instead of code", unusable_instead_of_code,
		  "type-impossible error runtime-services-fail 0\n" },
		{ "the lowest is unusable", lowest_unusable_instead_of_code,
		  "type-impossible error runtime-services-fail 6\n" },
		{ "PAL code instead of code", pal_instead_of_code,
		  "no-runtime-code error runtime-services-fail\n"
		  "type-impossible warning runtime-services-fail 7\n" },
		{ "unusable, not runtime, instead of code", unusable_without_run_instead_of_code,
		  "no-runtime-code error runtime-services-fail\n"
		  "runtime-bit-missing warning none 7\n" },
		{ "without code, runtime off", without_code_and_runtime_off, "" },
		{ "code without pages", code_without_pages,
		  "pages-zero error runtime-services-fail 2\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), FAMILIES);
}

/* Code may stand in a line that is lost or spoilt; other faults have nothing to do with it. */
static void code_that_a_log_lost_is_not_missed(void **state)
{
	static const struct {
		enum efimap_map_from from;
		enum efimap_source source;
		enum efimap_fault_kind kind;
		bool speaks;
		/* Of what it does not tell, if not of the map. */
		enum efimap_source unknown;
	} rows[] = {
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, false },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, false },
		{ EFIMAP_MAP_FROM_RECEIVED, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, false },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_EXTRA, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_MISSING, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_MEMMAP, EFIMAP_FAULT_SYNTAX, true },
		{ EFIMAP_MAP_FROM_FILES, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, true },
		{ EFIMAP_MAP_FROM_RUNTIME, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_SYNTAX, true,
		  EFIMAP_SRC_MEMMAP },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct efimap_fault fault = { .source = rows[i].source,
						    .kind = rows[i].kind,
						    .index = EFIMAP_NO_INDEX,
						    .where = efimap_source_path(
							    rows[i].unknown ?
								    rows[i].unknown :
								    EFIMAP_SRC_KERNEL_LOG),
						    .text = "as the test has it" };
		efimap_auto_report struct efimap_report *report = NULL;
		struct scene scene;

		scene_init(&scene, "attr");
		without_code(&scene);

		efimap_auto_map struct efimap *map = scene_build(&scene, 0);

		map->map_from = rows[i].from;
		assert_int_equal(efimap_add_fault(map, &fault), 0);
		assert_int_equal(efimap_verify(map, &scene.options, &report), 0);
		if (scene_count(report, EFIMAP_RULE_NO_RUNTIME_CODE) != rows[i].speaks)
			fail_msg("row %zu", i);
	}
}

static void hear_kept(struct scene *s)
{
	s->hears_notes = true;
	s->families = "attr";
}

static void nothing_kept(struct scene *s)
{
	hear_kept(s);
	s->n_entries = 5;
}

static void plain_boot_services(struct scene *s)
{
	hear_kept(s);
	s->cmdline = "efi=debug";
	for (size_t i = 5; i < 8; i++)
		s->entries[i].attribute = 0xf;
}

static void all_ram(struct efimap *map)
{
	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	assert_int_equal(efimap_add_memmap(map, 0, 0, 0x9ffff, "System RAM", 10), 0);
	assert_int_equal(efimap_add_memmap(map, 1, 0x3d117000, 0x3d117fff, "Reserved", 8), 0);
	assert_int_equal(efimap_add_memmap(map, 2, 0x3d118000, 0x3d2fffff, "System RAM", 10),
			 0);
}

/* Before 4.9 a kernel exports none. */
static void shown_by_an_old_kernel(struct scene *s)
{
	hear_kept(s);
	s->release = "4.8.17";
	s->says = "3 boot-services entries are in the map";
}

static void one_shown_by_an_old_kernel(struct scene *s)
{
	shown_by_an_old_kernel(s);
	s->n_entries = 6;
	s->says = "1 boot-services entry is in the map";
}

static void one_kept(struct scene *s)
{
	hear_kept(s);
	s->n_entries = 6;
	s->says = "keeps 1 boot-services entry in the map";
}

static void some_in_ram(struct scene *s)
{
	hear_kept(s);
	s->more = all_ram;
}

static void some_in_ram_alone(struct scene *s)
{
	some_in_ram(s);
	s->options.disabled[EFIMAP_RULE_BOOT_SERVICES_IN_RAM] = true;
}

/* So many ranges in so many entries that a sweep keeps only the first of each entry. */
static void many_ranges(struct efimap *map)
{
	struct efimap_entry entry = { 0, 4, 0x100000000, 0, 0x40, 0x800000000000000f };

	map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	for (uint32_t i = 0; i < 0x40; i++) {
		const uint64_t page = 0x100000000 + ((uint64_t)i << 12);
		const bool last = i == 0x3f;

		assert_int_equal(efimap_add_memmap(map, i, page, page + 0xfff,
						   last ? "System RAM" : "Reserved",
						   last ? 10 : 8), 0);
	}
	for (entry.index = 8; entry.index < 60; entry.index++) {
		entry.virt = UINT64_C(0xfffffffe00000000) + entry.index * UINT64_C(0x200000);
		assert_int_equal(efimap_add_entry(map, &entry), 0);
		assert_int_equal(efimap_add_name(map, entry.index), 0);
	}
}

static void in_ram_behind_many(struct scene *s)
{
	hear_kept(s);
	s->more = many_ranges;
}

static void notes_what_linux_kept(void **state)
{
	static const struct scene_row rows[] = {
		{ "kept", hear_kept, "boot-services-kept note none 5,6,7\n" },
		{ "nothing kept", nothing_kept, "" },
		{ "one kept", one_kept, "boot-services-kept note none 5\n" },
		{ "shown by an old kernel", shown_by_an_old_kernel,
		  "boot-services-kept warning none 5,6,7\n" },
		{ "one shown by an old kernel", one_shown_by_an_old_kernel,
		  "boot-services-kept warning none 5\n" },
		{ "without RUNTIME", plain_boot_services, "" },
		{ "in RAM, named there", some_in_ram, "boot-services-kept note none 6\n" },
		{ "in RAM behind many ranges", in_ram_behind_many,
		  "boot-services-kept note none 5,6,7\n" },
		{ "in RAM, nobody names it", some_in_ram_alone,
		  "boot-services-kept note none 5,6,7\n" },
	};

	scene_run(rows, ARRAY_SIZE(rows), "attr");
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(judges_entries),
		cmocka_unit_test(code_that_a_log_lost_is_not_missed),
		cmocka_unit_test(notes_what_linux_kept),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
