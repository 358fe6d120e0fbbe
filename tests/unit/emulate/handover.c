/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The bytes handed over, against what the second kernels of the captures received, and
 * when a loader silently passes nothing; the kernfs order, against measured directories.
 */
#include <endian.h>

#include "emulate/capture.h"
#include "emulate/handover.h"
#include "emulate/tree.h"

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

static const struct efimap_handover_options tools = { .loader = EFIMAP_LOADER_KEXEC_TOOLS },
					    kernel = { .loader = EFIMAP_LOADER_KERNEL };

static struct efimap_handover make(const struct efimap *map,
				   const struct efimap_handover_options *options)
{
	struct efimap_handover handover;

	assert_int_equal(efimap_handover_make(map, options, &handover), 0);
	return handover;
}

static struct efimap *stock(void)
{
	return capture_new("ovmf-q35-6.1-kexec-first");
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
TEST(test_received)
{
	for (size_t p = 0; p < ARRAY_SIZE(pairs); p++) {
		const struct efimap_handover_options options = {
			.loader = pairs[p].loader,
			.memmap_addr = pairs[p].memmap,
		};
		uint8_t payload[EFIMAP_EFI_PAYLOAD_SIZE],
			params[EFIMAP_BOOT_PARAMS_BYTES];
		struct efimap_entry second[TREE_MAX];
		efimap_auto_map struct efimap *map = capture_new(pairs[p].first);
		efimap_auto_handover struct efimap_handover handover = make(map, &options);

		print_message("%s\n", pairs[p].first);
		assert_int_equal(handover.reason, EFIMAP_HANDOVER_PASSES);
		assert_int_equal(handover.unknown, 0);
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
	}
}

TEST(test_desc_sizes)
{
	efimap_auto_map struct efimap *map = stock();

	for (uint64_t size = 40; size <= 4096; size += 4056) {
		const struct efimap_handover_options options = { .desc_size = size };
		efimap_auto_handover struct efimap_handover handover = make(map, &options);

		assert_int_equal(handover.desc_size, size);
	}
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

TEST(test_smbios)
{
	for (size_t i = 0; i < ARRAY_SIZE(smbios_rows); i++) {
		const struct smbios_row *row = &smbios_rows[i];
		efimap_auto_handover struct efimap_handover by_tools = { 0 }, by_kernel = { 0 };
		efimap_auto_map struct efimap *map = stock();

		print_message("%s\n", row->name);
		map->n_systab = 0;
		for (size_t line = 0; line < 2 && row->lines[line]; line++)
			assert_int_equal(efimap_add_systab(map, row->lines[line],
							   strlen(row->lines[line]),
							   0x100 + line),
					 0);
		by_tools = make(map, &tools);
		assert_int_equal(le64(by_tools.node + 40), row->kexec_tools);
		assert_int_equal(by_tools.reason, EFIMAP_HANDOVER_PASSES);
		by_kernel = make(map, &kernel);
		assert_int_equal(le64(by_kernel.node + 40), row->kernel);
		assert_int_equal(le64(by_kernel.node + 24), 0);
	}
}

/* Directories that could not be read keep their place in the count, not in the bytes. */
TEST(test_lost)
{
	efimap_auto_map struct efimap *map = stock();
	efimap_auto_handover struct efimap_handover handover = { 0 };

	map->n_entries -= 3;
	handover = make(map, NULL);
	assert_int_equal(handover.n_entries, 5);
}

struct reason_row {
	const char *name;
	enum efimap_origin origin;
	enum efimap_source source;
	enum efimap_state source_state;
	enum efimap_handover_reason kexec_tools;
	enum efimap_handover_reason kernel;
};

#define LIVE EFIMAP_ORIGIN_LIVE
#define TREE EFIMAP_ORIGIN_TREE
#define PASSES EFIMAP_HANDOVER_PASSES

static const struct reason_row reason_rows[] = {
	{ "no EFI", LIVE, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, EFIMAP_HANDOVER_NOT_EFI,
	  EFIMAP_HANDOVER_NOT_EFI },
	{ "systab missing", LIVE, EFIMAP_SRC_SYSTAB, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_SYSTAB, PASSES },
	{ "systab denied", LIVE, EFIMAP_SRC_SYSTAB, EFIMAP_STATE_DENIED,
	  EFIMAP_HANDOVER_NO_SYSTAB, PASSES },
	{ "fw_vendor missing", LIVE, EFIMAP_SRC_FW_VENDOR, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_FW_VENDOR, PASSES },
	{ "runtime missing in a tree", TREE, EFIMAP_SRC_RUNTIME, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_RUNTIME, PASSES },
	{ "config_table missing", LIVE, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_CONFIG_TABLE, PASSES },
	{ "config_table malformed", LIVE, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_BROKEN,
	  PASSES, PASSES },
	{ "boot_params missing", LIVE, EFIMAP_SRC_BOOT_PARAMS, EFIMAP_STATE_ABSENT,
	  EFIMAP_HANDOVER_NO_PARAMS, PASSES },
	{ "boot_params not collected", TREE, EFIMAP_SRC_BOOT_PARAMS, EFIMAP_STATE_ABSENT,
	  PASSES, PASSES },
	{ "boot_params denied in a tree", TREE, EFIMAP_SRC_BOOT_PARAMS,
	  EFIMAP_STATE_DENIED, EFIMAP_HANDOVER_NO_PARAMS, PASSES },
	{ "nothing wrong", LIVE, EFIMAP_SRC_IOMEM, EFIMAP_STATE_ABSENT, PASSES, PASSES },
};

static void assert_reasons(const struct efimap *map, enum efimap_handover_reason by_tools,
			   enum efimap_handover_reason by_kernel)
{
	efimap_auto_handover struct efimap_handover first = make(map, &tools);
	efimap_auto_handover struct efimap_handover second = make(map, &kernel);

	assert_int_equal(first.reason, by_tools);
	assert_int_equal(second.reason, by_kernel);
}

TEST(test_sources)
{
	for (size_t i = 0; i < ARRAY_SIZE(reason_rows); i++) {
		efimap_auto_map struct efimap *map = stock();

		print_message("%s\n", reason_rows[i].name);
		map->origin = reason_rows[i].origin;
		map->states[reason_rows[i].source] = reason_rows[i].source_state;
		assert_reasons(map, reason_rows[i].kexec_tools, reason_rows[i].kernel);
	}
}

TEST(test_values)
{
	static const uint8_t zero[EFIMAP_EFI_INFO_BYTES] = { 0 };
	efimap_auto_map struct efimap *other = stock(), *map = stock();
	efimap_auto_handover struct efimap_handover handover = { 0 };

	other->boot_params.efi_info.desc_version = 2;
	assert_reasons(other, EFIMAP_HANDOVER_VERSION, PASSES);
	handover = make(other, NULL);
	assert_memory_equal(handover.efi_info, zero, sizeof(zero));
	other->boot_params.efi_info.memmap_size = 0;
	assert_reasons(other, EFIMAP_HANDOVER_NO_INFO, EFIMAP_HANDOVER_NO_INFO);

	map->config_table = UINT64_MAX;
	assert_reasons(map, EFIMAP_HANDOVER_ALL_ONES, PASSES);
	map->config_table = 0;
	assert_reasons(map, PASSES, PASSES);
	map->systab[2].value = UINT64_MAX;
	assert_reasons(map, EFIMAP_HANDOVER_ALL_ONES, PASSES);
}

TEST(test_no_map)
{
	efimap_auto_map struct efimap *map = stock();

	map->n_entries = 0;
	/* Directories that cannot be read are passed on all the same. */
	assert_reasons(map, PASSES, PASSES);
	map->n_names = 0;
	assert_reasons(map, EFIMAP_HANDOVER_NO_MAP, EFIMAP_HANDOVER_NO_MAP);
}

TEST(test_32bit_kernel)
{
	const enum efimap_handover_reason reason = EFIMAP_HANDOVER_KERNEL_32BIT;
	efimap_auto_map struct efimap *map = capture_new("ovmf32-q35-6.1-i386-first");

	assert_reasons(map, reason, reason);
	/* Nor does it matter what else would stop a loader. */
	map->states[EFIMAP_SRC_SYSTAB] = EFIMAP_STATE_ABSENT;
	assert_reasons(map, reason, reason);
	map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_ABSENT;
	assert_reasons(map, EFIMAP_HANDOVER_NOT_EFI, EFIMAP_HANDOVER_NOT_EFI);
}

static void assert_order(const uint32_t *names, size_t count, const uint32_t *want)
{
	uint32_t order[TREE_MAX];

	assert_int_equal(efimap_kernfs_order(names, count, order), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(names[order[i]], want[i]);
}

TEST(test_measured)
{
	static const uint32_t names[] = { 0, 1, 2, 3, 4, 5, 6, 7 };
	static const uint32_t shuffled[] = { 3, 1, 7, 0, 6, 2, 5, 4 };
	static const uint32_t eight[] = { 7, 5, 3, 1, 6, 4, 2, 0 };
	static const uint32_t five[] = { 3, 1, 4, 2, 0 };

	assert_order(names, 8, eight);
	assert_order(shuffled, 8, eight);
	assert_order(names, 5, five);
	assert_int_equal(efimap_kernfs_order(names, 0, NULL), 0);
}

/* Found by search: two numbers with the same hash are listed as strcmp() orders them. */
TEST(test_collision)
{
	static const uint32_t names[] = { 802047428, 3416513654 };
	static const uint32_t want[] = { 3416513654, 802047428 };

	assert_order(names, 2, want);
}
