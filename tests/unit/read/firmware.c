/* SPDX-License-Identifier: GPL-2.0-or-later */
/* sys/firmware/efi and its pointers. */
#include "reading.h"

#define EFI "sys/firmware/efi"

TREE_TEST(systab)
{
	static const struct content_row rows[] = {
		{ "empty", CONTENT(""), EFIMAP_STATE_BROKEN, "empty -1 " EFI "/systab:0" },
		{ "two lines: the first", CONTENT("ACPI\nMPS\nSMBIOS=0x1\n"),
		  EFIMAP_STATE_BROKEN, "syntax -1 " EFI "/systab:1 found \"ACPI\"" },
		{ "two lines: that of SMBIOS", CONTENT("ACPI\nSMBIOS=0xz\n"),
		  EFIMAP_STATE_BROKEN,
		  "syntax -1 " EFI "/systab:2 found \"SMBIOS=0xz\"" },
		{ "SMBIOS twice: its first line is read",
		  CONTENT("SMBIOS=0x1\nMPS\nSMBIOS=0xz\n"), EFIMAP_STATE_BROKEN,
		  "syntax -1 " EFI "/systab:2 found \"MPS\"" },
	};

	run_contents(*state, EFIMAP_SRC_SYSTAB, rows, ARRAY_SIZE(rows));
}

TREE_TEST(no_efi)
{
	read_and_check("absent", *state, EFIMAP_SRC_EFI, EFIMAP_STATE_ABSENT, "");
	tree_dir(*state, EFI);
	read_and_check("empty", *state, EFIMAP_SRC_EFI, EFIMAP_STATE_PRESENT, "");
	read_and_check("empty", *state, EFIMAP_SRC_RUNTIME, EFIMAP_STATE_ABSENT, "");
	remove(tree_at(*state, EFI));
	tree_link(*state, EFI, "/sys/firmware/efi");
	read_and_check("link", *state, EFIMAP_SRC_EFI, EFIMAP_STATE_BROKEN,
		       "not-a-file -1 " EFI);
}

/* What the running system would be if this tree were it; the error's text on failure. */
static const char *read_as_running(struct tree *tree, enum efimap_state *ret_state)
{
	static struct efimap_err err;
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	int ret;

	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_root_open_running(tree->path, &root), 0);
	ret = efimap_read_files(root, "/", EFIMAP_ORIGIN_LIVE, &map, &err);
	*ret_state = map ? map->states[EFIMAP_SRC_EFI] : EFIMAP_STATE_ABSENT;
	return ret ? err.text : "";
}

/* Booted without EFI is a claim that takes more than a directory that cannot be seen. */
TREE_TEST(hidden)
{
	enum efimap_state efi;

	assert_string_equal(read_as_running(*state, &efi),
			    "not there; is sysfs mounted on /sys?");
	tree_text(*state, "dev/kmsg", "");
	tree_dir(*state, "sys/firmware");
	assert_string_equal(read_as_running(*state, &efi), "");
	assert_int_equal(efi, EFIMAP_STATE_DENIED);
	tree_dir(*state, "sys/firmware/acpi");
	assert_string_equal(read_as_running(*state, &efi), "");
	assert_int_equal(efi, EFIMAP_STATE_ABSENT);
	tree_dir(*state, EFI);
	assert_string_equal(read_as_running(*state, &efi), "");
	assert_int_equal(efi, EFIMAP_STATE_PRESENT);
}
