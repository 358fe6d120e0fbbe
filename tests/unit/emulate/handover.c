/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The bytes handed over, against what the second kernels of the captures received. */
#include <endian.h>
#include <errno.h>

#include "emulate/capture.h"
#include "emulate/handover.h"
#include "emulate/kernfs.h"

static uint64_t le64(const uint8_t *at)
{
	uint64_t value;

	memcpy(&value, at, sizeof(value));
	return le64toh(value);
}

static uint32_t le32(const uint8_t *at)
{
	uint32_t value;

	memcpy(&value, at, sizeof(value));
	return le32toh(value);
}

static struct efimap *make(const char *name,
			   const struct efimap_handover_options *options,
			   struct efimap_handover *handover)
{
	struct efimap *map = capture_new(name);

	assert_int_equal(efimap_handover_make(map, options, handover), 0);
	return map;
}

static void assert_descriptor(const uint8_t *at, const struct efimap_entry *entry)
{
	assert_int_equal(le32(at), entry->type);
	assert_int_equal(le32(at + 4), 0);
	assert_int_equal(le64(at + 8), entry->phys);
	assert_int_equal(le64(at + 16), entry->virt);
	assert_int_equal(le64(at + 24), entry->pages);
	assert_int_equal(le64(at + 32), entry->attribute);
}

struct pair {
	const char *first;
	const char *second;
	enum efimap_loader loader;
	uint64_t memmap;
};

static const struct pair pairs[] = {
	{ "ovmf-q35-6.1-kexec-first", "ovmf-q35-6.1-kexec-second",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x101000 },
	{ "ovmf-q35-6.1-crash-first", "ovmf-q35-6.1-crash-second",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x4b001000 },
	{ "ovmf-q35-6.1-efidebug-first", "ovmf-q35-6.1-efidebug-second",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x101000 },
	{ "ovmf-q35-6.12-ptdump-first", "ovmf-q35-6.12-ptdump-second",
	  EFIMAP_LOADER_KEXEC_TOOLS, 0x101000 },
	{ "ovmf-q35-6.12-kexec-file-first", "ovmf-q35-6.12-kexec-file-second",
	  EFIMAP_LOADER_KERNEL, 0x3feee050 },
};

/*
 * Payload and efi_info byte for byte, descriptors in the order of the second map. With
 * efi=debug the second kernel adds EFI_MEMORY_RUNTIME to boot services that it keeps.
 */
static void test_received(void **state)
{
	for (size_t p = 0; p < ARRAY_SIZE(pairs); p++) {
		const struct efimap_handover_options options = {
			.loader = pairs[p].loader,
			.memmap_addr = pairs[p].memmap,
		};
		uint8_t payload[EFIMAP_EFI_PAYLOAD_SIZE],
			params[EFIMAP_BOOT_PARAMS_BYTES];
		struct efimap_entry second[TREE_MAX];
		struct efimap_handover handover;
		struct efimap *map;

		print_message("%s\n", pairs[p].first);
		map = make(pairs[p].first, &options, &handover);
		assert_int_equal(handover.reason, EFIMAP_HANDOVER_PASSES);
		assert_int_equal(handover.unknown, 0);
		assert_int_equal(handover.lost, 0);
		assert_int_equal(tree_read(pairs[p].second,
					   "sys/kernel/boot_params/setup_data/0/data",
					   payload, sizeof(payload)),
				 sizeof(payload));
		assert_memory_equal(handover.node + EFIMAP_SETUP_DATA_HEADER, payload,
				    sizeof(payload));
		assert_memory_equal(handover.node, "\0\0\0\0\0\0\0\0\4\0\0\0\x60\0\0\0",
				    16);
		assert_int_equal(tree_read(pairs[p].second, "sys/kernel/boot_params/data",
					   params, sizeof(params)),
				 sizeof(params));
		assert_true(handover.has_info);
		assert_memory_equal(handover.efi_info,
				    params + EFIMAP_BOOT_PARAMS_AT_EFI_INFO,
				    sizeof(handover.efi_info));
		assert_int_equal(tree_map(pairs[p].second, second), handover.n_entries);
		assert_int_equal(handover.memmap_size,
				 handover.n_entries * handover.desc_size);
		for (size_t i = 0; i < handover.n_entries; i++) {
			const struct efimap_entry *entry =
				&map->entries[handover.order[i]];

			second[i].attribute &= entry->attribute;
			assert_descriptor(handover.memmap + i * handover.desc_size,
					  &second[i]);
			assert_descriptor(handover.memmap + i * handover.desc_size,
					  entry);
		}
		efimap_handover_free(&handover);
		efimap_free(map);
	}
}

/* The node as it lies in memory, with the pointers of this machine. */
static void test_golden_node(void **state)
{
	static const uint8_t want[32] = {
		0x18, 0xaa, 0x52, 0x3f, 0, 0, 0, 0, 0x98, 0xbb, 0x5e, 0x3f, 0, 0, 0, 0,
		0x98, 0xbc, 0x5e, 0x3f, 0, 0, 0, 0, 0,	  0,	0x52, 0x3f, 0, 0, 0, 0,
	};
	static const uint8_t zero[64] = { 0 };
	struct efimap_handover handover;
	struct efimap *map = make("ovmf-q35-6.1-kexec-first", NULL, &handover);

	assert_int_equal(sizeof(handover.node), 112);
	assert_memory_equal(handover.node + 16, want, sizeof(want));
	assert_memory_equal(handover.node + 48, zero, sizeof(zero));
	assert_int_equal(handover.desc_size, 40);
	assert_int_equal(handover.memmap_size, 320);
	efimap_handover_free(&handover);
	efimap_free(map);
}

static void test_order_and_size(void **state)
{
	static const uint32_t kernfs[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	const struct efimap_handover_options by_index = {
		.order = EFIMAP_HANDOVER_ORDER_INDEX,
		.desc_size = 64,
	};
	const struct efimap_handover_options by_name = {
		.loader = EFIMAP_LOADER_KERNEL,
		.order = EFIMAP_HANDOVER_ORDER_KERNFS,
	};
	struct efimap_handover handover;
	struct efimap *map = make("ovmf-q35-6.1-kexec-first", &by_index, &handover);

	assert_int_equal(handover.memmap_size, 8 * 64);
	for (size_t i = 0; i < 8; i++) {
		assert_int_equal(handover.order[i], i);
		assert_descriptor(handover.memmap + i * 64, &map->entries[i]);
		for (size_t pad = 40; pad < 64; pad++)
			assert_int_equal(handover.memmap[i * 64 + pad], 0);
	}
	efimap_handover_free(&handover);
	assert_int_equal(efimap_handover_make(map, &by_name, &handover), 0);
	assert_int_equal(handover.desc_size, 48);
	for (size_t i = 0; i < 8; i++)
		assert_int_equal(handover.order[i], kernfs[i]);
	efimap_handover_free(&handover);
	efimap_free(map);
}

/* A kernel that kexec-tools has booted has descriptors of 40 bytes to pass on. */
static void test_third_kernel(void **state)
{
	const struct efimap_handover_options kernel = { .loader = EFIMAP_LOADER_KERNEL };
	struct efimap_handover handover;
	struct efimap *map = make("ovmf-q35-6.1-kexec-second", &kernel, &handover);

	assert_int_equal(handover.desc_size, 40);
	efimap_handover_free(&handover);
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_ABSENT;
	assert_int_equal(efimap_handover_make(map, &kernel, &handover), 0);
	assert_int_equal(handover.desc_size, 48);
	assert_false(handover.has_info);
	efimap_handover_free(&handover);
	efimap_free(map);
}

static void test_bad_desc_size(void **state)
{
	static const uint64_t bad[] = { 1, 39, 4097, UINT64_C(1) << 32, UINT64_MAX };
	struct efimap_handover handover;
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		const struct efimap_handover_options options = { .desc_size = bad[i] };

		assert_int_equal(efimap_handover_make(map, &options, &handover), -EINVAL);
	}
	for (uint64_t size = 40; size <= 4096; size += 4056) {
		const struct efimap_handover_options options = { .desc_size = size };

		assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
		assert_int_equal(handover.desc_size, size);
		efimap_handover_free(&handover);
	}
	efimap_free(map);
}

static void test_too_big(void **state)
{
	const struct efimap_handover_options options = { .desc_size = 4096 };
	const struct efimap_entry entry = { .pages = 1 };
	struct efimap_handover handover;
	struct efimap *map = NULL;

	assert_int_equal(efimap_new("made", EFIMAP_ORIGIN_TREE, &map), 0);
	for (uint32_t i = 0; i < EFIMAP_HANDOVER_MAX / 4096; i++)
		assert_int_equal(efimap_add_entry(map, &entry), 0);
	assert_int_equal(efimap_handover_make(map, &options, &handover), 0);
	assert_int_equal(handover.memmap_size, EFIMAP_HANDOVER_MAX);
	efimap_handover_free(&handover);
	assert_int_equal(efimap_add_entry(map, &entry), 0);
	assert_int_equal(efimap_handover_make(map, &options, &handover), -E2BIG);
	efimap_free(map);
}

struct smbios_row {
	const char *name;
	const char *lines[2];
	uint64_t kexec_tools;
	uint64_t kernel;
};

static const struct smbios_row smbios_rows[] = {
	{ "none", { NULL }, 0, UINT64_MAX },
	{ "SMBIOS3 only", { "SMBIOS3" }, 0, UINT64_MAX },
	{ "SMBIOS after SMBIOS3", { "SMBIOS3", "SMBIOS" }, 0x101, 0x101 },
	{ "a name that ends in SMBIOS", { "OLDSMBIOS" }, 0x100, UINT64_MAX },
	{ "the first of two", { "OLDSMBIOS", "SMBIOS" }, 0x100, 0x101 },
};

static void test_smbios(void **state)
{
	const struct efimap_handover_options kernel = { .loader = EFIMAP_LOADER_KERNEL };

	for (size_t i = 0; i < ARRAY_SIZE(smbios_rows); i++) {
		const struct smbios_row *row = &smbios_rows[i];
		struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");
		struct efimap_handover handover;

		print_message("%s\n", row->name);
		map->n_systab = 0;
		for (size_t line = 0; line < 2 && row->lines[line]; line++)
			assert_int_equal(efimap_add_systab(map, row->lines[line],
							   strlen(row->lines[line]),
							   0x100 + line),
					 0);
		assert_int_equal(efimap_handover_make(map, NULL, &handover), 0);
		assert_int_equal(le64(handover.node + 40), row->kexec_tools);
		assert_int_equal(handover.reason, EFIMAP_HANDOVER_PASSES);
		efimap_handover_free(&handover);
		assert_int_equal(efimap_handover_make(map, &kernel, &handover), 0);
		assert_int_equal(le64(handover.node + 40), row->kernel);
		assert_int_equal(le64(handover.node + 24), 0);
		efimap_handover_free(&handover);
		efimap_free(map);
	}
}

/* Directories that could not be read keep their place in the count, not in the bytes. */
static void test_lost(void **state)
{
	struct efimap *map = capture_new("ovmf-q35-6.1-kexec-first");
	struct efimap_handover handover;

	map->n_entries -= 3;
	assert_int_equal(efimap_handover_make(map, NULL, &handover), 0);
	assert_int_equal(handover.lost, 3);
	assert_int_equal(handover.n_entries, 5);
	efimap_handover_free(&handover);
	efimap_free(map);
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_received),
		cmocka_unit_test(test_golden_node),
		cmocka_unit_test(test_order_and_size),
		cmocka_unit_test(test_third_kernel),
		cmocka_unit_test(test_bad_desc_size),
		cmocka_unit_test(test_too_big),
		cmocka_unit_test(test_smbios),
		cmocka_unit_test(test_lost),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
