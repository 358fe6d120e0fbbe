/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The log in a tree: which file it is, and that many tables are bounded. */
#include <inttypes.h>

#include "reading.h"

static const char *tables(struct tree *tree)
{
	static char text[1024];
	struct efimap *map = read_tree(tree);
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < map->n_tables; i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s %#" PRIx64 ",",
					 map->tables[i].name, map->tables[i].value);
	if (!map->n_tables)
		snprintf(text, sizeof(text), "%s",
			 efimap_state_name(map->states[EFIMAP_SRC_KERNEL_LOG]));
	efimap_free(map);
	return text;
}

TREE_TEST(places)
{
	struct tree *tree = *state;

	assert_string_equal(tables(tree), "absent");
	tree_text(tree, "sos_commands/kernel/lsmod", "efi: LSMOD=0x1\n");
	assert_string_equal(tables(tree), "absent");
	tree_text(tree, "sos_commands/kernel/dmesg_-T", "[Fri Nov 20 2026] efi: T=0x1\n");
	assert_string_equal(tables(tree), "T 0x1,");
	tree_text(tree, "sos_commands/kernel/dmesg", "efi: SOS=0x2\n");
	assert_string_equal(tables(tree), "SOS 0x2,");
	tree_text(tree, "var/log/dmesg", "efi: VAR=0x3\n");
	assert_string_equal(tables(tree), "VAR 0x3,");
	tree_text(tree, "dmesg.txt", "efi: TXT=0x4\n");
	assert_string_equal(tables(tree), "TXT 0x4,");
	tree_text(tree, "dmesg.txt", "nothing of it\n");
	assert_string_equal(tables(tree), "present");
	tree_text(tree, "dmesg.txt", "");
	assert_string_equal(tables(tree), "present");
}

TREE_TEST(odd)
{
	struct tree *tree = *state;

	tree_link(tree, "dmesg.txt", "/var/log/dmesg");
	assert_string_equal(tables(tree), "broken");
	remove(tree_at(tree, "dmesg.txt"));
	tree_dir(tree, "sos_commands/kernel/dmesg_dir");
	assert_string_equal(tables(tree), "broken");
}

TREE_TEST(facts)
{
	static const struct {
		const char *log;
		bool lost, encrypted, mismatch;
	} rows[] = {
		{ "efi: A=0x1\n", false, false },
		{ "[    1.39] efi: Froze efi_rts_wq and disabled EFI Runtime Services\n", true,
		  false },
		{ "efi: Froze efi_rts_wq and disabled EFI Runtime Service\n", false, false },
		{ "user: efi: Froze efi_rts_wq and disabled EFI Runtime Services\n", false,
		  false },
		{ "[    2.74] efi: EFI Runtime Services are disabled!\n", false, false },
		{ "[    0.1] Memory Encryption Features active: AMD SEV\n", false, true },
		{ "efi: A=0x1\n[    0.1] Memory Encryption Features active: AMD SEV\n", false,
		  true },
		{ "efi: A=0x1\nMemory Encryption Features active: Intel TDX\n", false, true },
		{ "efi: A=0x1\n" "AMD Memory Encryption Features active: SME\n", false, true },
		{ "efi: A=0x1\nuser: Memory Encryption Features active: SME\n", false, false },
		{ "efi: A=0x1\nMemory Encryption Features: SME is active: no\n", false, false },
		{ "efi: No EFI runtime due to 32/64-bit mismatch with kernel\n", false, false,
		  true },
		{ "user: efi: No EFI runtime due to 32/64-bit mismatch with kernel\n", false,
		  false },
		{ "efi: Setup done, disabling due to 32/64-bit mismatch\n", false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tree_text(*state, "dmesg.txt", rows[i].log);

		efimap_auto_map struct efimap *map = read_tree(*state);

		assert_int_equal(map->services_lost, rows[i].lost);
		assert_int_equal(map->encrypted, rows[i].encrypted);
		assert_int_equal(map->width_mismatch, rows[i].mismatch);
	}
}

/* Anybody can write into a log. */
TREE_TEST(limit)
{
	FILE *file = fopen(tree_at(*state, "dmesg.txt"), "w");
	efimap_auto_map struct efimap *map = NULL;

	assert_non_null(file);
	for (int i = 0; i < 100000; i++)
		fprintf(file, "efi: T%d=0x%x\n", i, i);
	assert_int_equal(fclose(file), 0);
	map = read_tree(*state);
	assert_int_equal(map->n_tables, 256);
	assert_string_equal(map->tables[255].name, "T255");
}
