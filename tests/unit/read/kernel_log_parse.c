/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line of table addresses in the dialects of fifteen years of kernels. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "../test.h"
#include "read/parse.h"

struct row {
	const char *name;
	const char *text;
	const char *tables;
};

static const struct row rows[] = {
	{ "6.1", "[    0.000000] efi: SMBIOS=0x3f520000 ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 ",
	  "SMBIOS 3f520000,ACPI 3f77d000,ACPI 2.0 3f77d014," },
	{ "without a time",
	  "efi: TPMFinalLog=0x8cb4c000 MOKvar=0x8cc43000 INITRD=0x852c2318 RNG=0x8c716018",
	  "TPMFinalLog 8cb4c000,MOKvar 8cc43000,INITRD 852c2318,RNG 8c716018," },
	{ "before 5.10: two blanks", "efi:  ACPI 2.0=0x79993000  SMBIOS 3.0=0x7a1ce000",
	  "ACPI 2.0 79993000,SMBIOS 3.0 7a1ce000," },
	{ "with a level", "<6>[    0.000000] efi: ESRT=0x74dd6f98", "ESRT 74dd6f98," },
	{ "only a level", "<6>efi: ESRT=0x74dd6f98", "ESRT 74dd6f98," },
	{ "dmesg -T", "[Fri Nov 20 07:51:48 2026] efi: ESRT=0x1", "ESRT 1," },
	{ "journalctl -k", "Nov 20 07:51:48 host kernel: efi: ESRT=0x1", "ESRT 1," },
	{ "a remark in parentheses", "efi: ESRT=0x1 (unusable) MEMATTR=0x2",
	  "ESRT 1,MEMATTR 2," },
	{ "a remark that does not end", "efi: ESRT=0x1 (unus MEMATTR=0x2", "ESRT 1," },
	{ "underscore", "efi: UGA_x=0x1", "UGA_x 1," },
	{ "stops at what is no address", "efi: A=0x1 B=zz C=0x3", "A 1," },
	{ "17 digits", "efi: A=0x10000000000000000 B=0x2", "" },
	{ "a name of 32", "efi: A2345678901234567890123456789012=0x1",
	  "A2345678901234567890123456789012 1," },
	{ "a name of 33", "efi: A23456789012345678901234567890123=0x1", "" },
	{ "version", "efi: EFI v2.70 by EDK II", "" },
	{ "memory map", "efi: mem41: [Reserved |attr=0x070000000000000f] range=[0x0-0xf]", "" },
	{ "old memory map", "efi: mem00: type=3, attr=0xf, range=[0x0-0x8000) (0MB)", "" },
	{ "removed", "efi: Remove mem57: MMIO range=[0xe0000000-0xefffffff] (256MB)", "" },
	{ "nothing", "efi: ", "" },
	{ "only the tag", "efi:", "" },
	{ "empty", "", "no EFI line" },
	{ "another message", "[    0.000000] e820: update", "no EFI line" },
	{ "another driver's", "[    1.000000] foo: efi: ESRT=0x1", "no EFI line" },
	{ "the command line", "[    0.000000] Command line: efi: ESRT=0x1", "no EFI line" },
	{ "a bracket of somebody else's", "[    1.0] foo [x] efi: ESRT=0x1", "no EFI line" },
};

static void tables_text(const char *line, size_t len, char *text, size_t size)
{
	struct efimap_text rest;
	struct efimap_named named;
	size_t used = 0;

	text[0] = '\0';
	if (!efimap_log_message(line, len, "efi:", &rest)) {
		snprintf(text, size, "no EFI line");
		return;
	}
	while (efimap_parse_log_table(&rest, &named) && used < size)
		used += (size_t)snprintf(text + used, size - used, "%.*s %" PRIx64 ",",
					 (int)named.name_len, named.name, named.value);
}

static void dialects(void **state)
{
	char text[256];

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		tables_text(rows[i].text, strlen(rows[i].text), text, sizeof(text));
		if (strcmp(text, rows[i].tables) != 0)
			fail_msg("%s: %s", rows[i].name, text);
	}
}

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialects),
	};

	return cmocka_run_group_tests_name("read/kernel_log_parse", tests, NULL, NULL) != 0;
}
