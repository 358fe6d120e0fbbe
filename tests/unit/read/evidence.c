/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What archives and crash dumps begin with, and what only looks so. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../test.h"
#include "read/importer.h"

struct row {
	const char *name;
	const char *data;
	size_t len;
	const char *program;
};

#define BYTES(literal) literal, sizeof(literal) - 1
#define ARCHIVE "import-archive"
#define VMCORE "import-vmcore"

static const struct row rows[] = {
	{ "gzip", BYTES("\x1f\x8b\x08"), ARCHIVE },
	{ "xz", BYTES("\xfd" "7zXZ\0"), ARCHIVE },
	{ "zstd", BYTES("\x28\xb5\x2f\xfd"), ARCHIVE },
	{ "bzip2", BYTES("BZh9"), ARCHIVE },
	{ "half of xz", BYTES("\xfd" "7z"), NULL },
	{ "makedumpfile", BYTES("KDUMP   \6\0\0\0"), VMCORE },
	{ "diskdump", BYTES("DISKDUMP\6\0\0\0"), VMCORE },
	{ "flattened", BYTES("makedumpfile\0\0\0\0\0\0\0\0"), VMCORE },
	{ "a text about it", BYTES("makedumpfile -d 31"), NULL },
	{ "core", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0"), VMCORE },
	{ "big-endian core", BYTES("\x7f" "ELF\2\2\1\0\0\0\0\0\0\0\0\0\0\4"), VMCORE },
	{ "a program", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0"), NULL },
	{ "ELF, cut", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\4"), NULL },
	{ "nothing", BYTES(""), NULL },
};

static void recognised(void **state)
{
	const struct row *row = *state;
	const struct efimap_input input = { .fd = -1, .data = (char *)(uintptr_t)row->data,
					    .len = row->len };
	const struct efimap_importer *importer = efimap_importer_find(&input);

	if (!row->program)
		assert_null(importer);
	else
		assert_string_equal(importer->program, row->program);
}

static void tar(void **state)
{
	char data[512] = "sys/firmware/efi/systab";
	const struct efimap_input input = { .fd = -1, .data = data, .len = sizeof(data) };
	unsigned int sum = 8 * ' ';

	assert_null(efimap_importer_find(&input));
	for (size_t i = 0; i < sizeof(data); i++)
		sum += (unsigned char)data[i];
	snprintf(data + 148, 8, "%06o", sum);
	assert_string_equal(efimap_importer_find(&input)->program, ARCHIVE);
	data[0] ^= 1;
	assert_null(efimap_importer_find(&input));
	memset(data, 0, sizeof(data));
	assert_null(efimap_importer_find(&input));
}

#define N_ROWS (sizeof(rows) / sizeof(rows[0]))

UNIT_TESTS()
{
	struct CMUnitTest tests[N_ROWS + 1] = { cmocka_unit_test(tar) };

	for (size_t i = 0; i < N_ROWS; i++)
		tests[i + 1] = (struct CMUnitTest){ rows[i].name, recognised, NULL, NULL,
						    (void *)(uintptr_t)&rows[i] };
	return cmocka_run_group_tests_name("evidence", tests, NULL, NULL) != 0;
}
