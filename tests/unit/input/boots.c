/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "input/log/boots.h"
#include "input/log/messages.h"

TEST(rows_in_order)
{
	struct efimap_text rest;

	for (size_t i = 0; i < efimap_n_log_rows; i++) {
		const struct efimap_log_row *row = &efimap_log_rows[i];
		const struct efimap_text text = { row->starts, strlen(row->starts) };

		assert_null(strstr(row->starts, "  "));
		assert_ptr_equal(efimap_log_row_of(text, &rest), row);
		assert_int_equal(rest.len, 0);
		assert_true(i == 0 || strcmp(row[-1].starts, row->starts) < 0);
	}
	assert_null(efimap_log_row_of((struct efimap_text){ "", 0 }, &rest));
	assert_null(efimap_log_row_of((struct efimap_text){ "\xff", 1 }, &rest));
}

TEST(rows_with_tabs_and_rest)
{
	static const char rest[] = "0123456789abcdef";

	for (size_t i = 0; i < efimap_n_log_rows; i++) {
		const struct efimap_log_row *row = &efimap_log_rows[i];
		char text[2 * sizeof(row->starts) + sizeof(rest)] = "";
		struct efimap_text found;
		size_t used = 0;

		for (const char *at = row->starts; *at; at++) {
			text[used++] = *at;
			if (*at == ' ')
				text[used++] = '\t';
		}
		strcpy(text + used, rest);
		used += sizeof(rest) - 1;
		assert_ptr_equal(efimap_log_row_of((struct efimap_text){ text, used }, &found),
				 row);
		assert_int_equal(found.len, sizeof(rest) - 1);
	}
}

static struct efimap_boot_messages *read_boot(struct efimap_log *log, const char *text, size_t len)
{
	assert_int_equal(efimap_log_lines(text, len, efimap_log_take, log), 0);
	assert_int_equal(efimap_log_end(log), 0);
	assert_non_null(log->boot);
	return log->boot;
}

/* Lines after the first 4 MiB of a boot are ignored, but a new boot is still found. */
TEST(limit_of_a_boot)
{
	static const char line[] = "[    1.000000] any message of any program, which is 79 bytes"
				   " long with its prefix\n";
	static const char first[] = "Linux version 6.1.0\nCommand line: a\nefi: ESRT=0x1018\n";
	static const char late[] = "efi: MEMATTR=0x2018\n";
	const size_t size = (size_t)5 << 20;
	char *text = malloc(size + sizeof(first) + 2 * sizeof(late) + sizeof(first));
	size_t used = sizeof(first) - 1;

	assert_non_null(text);
	memcpy(text, first, used);
	while (used < size) {
		memcpy(text + used, line, sizeof(line) - 1);
		used += sizeof(line) - 1;
	}
	memcpy(text + used, late, sizeof(late) - 1);
	used += sizeof(late) - 1;

	efimap_auto_log struct efimap_log log = { .wanted = 1 };
	const struct efimap_boot_messages *boot = read_boot(&log, text, used);

	assert_int_equal(boot->facts->n_tables, 1);
	assert_int_equal(boot->facts->n_faults, 1);
	assert_int_equal(boot->facts->faults[0].kind, EFIMAP_FAULT_EXTRA);
	/* The first line that is ignored does not fit into 4 MiB. */
	assert_int_equal(boot->facts->faults[0].line,
			 3 + ((4 << 20) - (sizeof(first) - 1)) / (sizeof(line) - 1) + 1);
	assert_true(boot->messages.used < (size_t)4 << 20);

	efimap_auto_log struct efimap_log both = { .wanted = 2 };

	memcpy(text + used, first, sizeof(first) - 1);
	boot = read_boot(&both, text, used + sizeof(first) - 1);
	assert_int_equal(both.n_boots, 2);
	assert_int_equal(boot->facts->n_faults, 0);
	assert_int_equal(boot->facts->n_tables, 1);
	free(text);
}

/* Every message is kept, also one that no reader uses. */
TEST(keeps_all_messages)
{
	static const char text[] = "Nov 20 07:51:48 host kernel: Linux version 6.1.0\n\n"
				   "Nov 20 07:51:48 host kernel: usb 1-1: new device\n";
	efimap_auto_log struct efimap_log log = { .wanted = 0 };
	const char wanted[] = "Linux version 6.1.0\nusb 1-1: new device\nefi: EFI v2.7\n";
	char all[sizeof(text) + 40];
	const struct efimap_boot_messages *boot;

	snprintf(all, sizeof(all), "%sefi: EFI v2.7\n", text);
	boot = read_boot(&log, all, strlen(all));
	assert_int_equal(boot->messages.used, sizeof(wanted) - 1);
	assert_memory_equal(boot->messages.data, wanted, sizeof(wanted) - 1);
}
