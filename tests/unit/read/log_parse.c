/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Single lines of a log in the dialects of fifteen years of kernels, and lines that lost
 * a byte. */
#include <inttypes.h>

#include "../test.h"
#include "read/log/log_state.h"

#define R "range=[0x000000003f5ec000-0x000000003f6ebfff] (1MB)"
#define CODE " mem02: [Runtime Code|RUN|WB] "
/* With an end that is not included, as old kernels print it */
#define OLD "range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)"
#define LOW " [mem 0x0000000000000000-0x000000000009efff] "

/* A log of the line that these words and this text are; NULL where it says nothing */
static const struct efimap_log_boot *read_line(struct efimap_log *log, const char *words,
					       const char *text, size_t len)
{
	char message[512];
	const int size = snprintf(message, sizeof(message), "%s%.*s", words, (int)len, text);
	const struct efimap_log_line line = { .message = { message, (size_t)size } };

	assert_int_equal(efimap_log_take(log, &line), 0);
	assert_int_equal(efimap_log_end(log), 0);
	return log->best;
}

TEST(mem_dialects)
{
	static const struct {
		const char *text;
		uint32_t index, type;
		uint64_t phys, pages, attribute;
	} rows[] = {
		{ " mem02: [Runtime Code|RUN|  |  |  |  |  |  |  |  |  |   "
		  "|WB|WT|WC|UC] " R,
		  2, 5, 0x3f5ec000, 0x100, 0x800000000000000f },
		{ " mem02: [Runtime Code       |RUN|  |  |  |  |WP|  |   |WB|WT|  "
		  "|UC] " R,
		  2, 5, 0x3f5ec000, 0x100, 0x800000000000100d },
		{ " mem07: [Boot Data|UC] " R, 7, 4, 0x3f5ec000, 0x100, 1 },
		{ " mem123: [MMIO        "
		  "|RUN|HP|MR|CC|SP|NV|XP|RP|WP|RO|UCE|WB|WT|WC|UC] " R,
		  123, 11, 0x3f5ec000, 0x100, 0x80000000001ff01f },
		{ " mem41: [Reserved           |attr=0x070000000000000f] " R, 41, 0,
		  0x3f5ec000, 0x100, 0x070000000000000f },
		{ " mem00: [type=2147483649|   |WB] " R, 0, 0x80000001, 0x3f5ec000, 0x100,
		  8 },
		{ " mem26: [Conventional Memory|   |WB] range=[0x0000000000001000-"
		  "0x00000000000a0000) (0MB)",
		  26, 7, 0x1000, 0x9f, 8 },
		{ " mem10: type=11, attr=0x8000000000000001, range=[0x00000000ff990000-"
		  "0x0000000100000000) (6MB)",
		  10, 11, 0xff990000, 0x670, 0x8000000000000001 },
		{ " mem00: type=3, attr=0xf, "
		  "range=[0x0000000000000000-0x0000000000008000) "
		  "(0MB)",
		  0, 3, 0, 8, 0xf },
		{ " mem03: [Reserved|  ] range=[0x0000000000000000-0xffffffffffffffff] "
		  "(0MB)",
		  3, 0, 0, 0, 0 },
		{ " mem03: [Unaccepted|WB] " R " ", 3, 15, 0x3f5ec000, 0x100, 8 },
		{ " mem03:\t[type=15|WB]\t" R, 3, 15, 0x3f5ec000, 0x100, 8 },
		{ "   0x00003f5ec000-0x00003f6ebfff [Runtime Code|RUN|WB]", 0, 5,
		  0x3f5ec000, 0x100, 0x8000000000000008 },
		{ "   0x0040000000000000-0x00400000000fffff [Memory Mapped I/O  |RUN|  "
		  "|UC]*",
		  0, 11, 0x40000000000000, 0x100, 0x8000000000000001 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_log struct efimap_log log = { 0 };
		const char *text = rows[i].text;
		const struct efimap_log_boot *boot = read_line(&log, "efi:", text, strlen(text));
		struct efimap_entry entry;

		if (!boot || boot->lists.firmware.count != 1 || boot->bad_mem.count)
			fail_msg("%s", text);
		entry = boot->lists.firmware.entries[0];
		assert_int_equal(entry.index, rows[i].index);
		assert_int_equal(entry.type, rows[i].type);
		assert_int_equal(entry.phys, rows[i].phys);
		assert_int_equal(entry.pages, rows[i].pages);
		assert_int_equal(entry.attribute, rows[i].attribute);
		assert_int_equal(entry.virt, 0);
		assert_int_equal(entry.virt_from, EFIMAP_VIRT_UNKNOWN);
	}
}

/* Each has lost or changed something that a reader could pass over. */
TEST(mem_spoilt)
{
	static const char *const rows[] = {
		" mem02: [Runtime Code|RUN|WB",
		" mem02: [Runtime Code|RUN|WB]",
		" mem02: [Runtime Code] " R,
		" mem02: [Runtim Code|RUN|WB] " R,
		" mem02: [Runtime Code|RN|WB] " R,
		" mem02: [Runtime Code|attr=0x7000000000000f] " R,
		CODE "range=[0x00000003f5ec000-0x000000003f6ebfff] (1MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff (1MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff] (2MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff] (1M",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff] xx",
		CODE "range=[0x000000003f5ec001-0x000000003f6ebfff] (1MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebffe] (1MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff) (1MB)",
		" mem02: type=5, attr=0xf " OLD,
		" mem02: type=5 attr=0xf, " OLD,
		" mem10000000: [Runtime Code|RUN|WB] " R,
		" mem0x2: [Runtime Code|RUN|WB] " R,
		" mem02: [Runtime Code|RUN|WB|XX] " R,
		" mem02: [type=5x|RUN|WB] " R,
		" mem02: [type=|RUN|WB] " R,
		" mem02: [type=4294967296|RUN|WB] " R,
		" mem02: [Runtime Code|attr=0x070000000000000fz] " R,
		CODE "range=[3f5ec000-0x000000003f6ebfff] (1MB)",
		CODE "range=[0x000000003f5ec000-3f6ebfff] (1MB)",
		CODE "range=[0x000000003f5ec000+0x000000003f6ebfff] (1MB)",
		CODE "range=[0x000000003f5ec000-0x000000003f6ebfff] (xMB)",
		" mem02: typ=5, attr=0xf, " OLD,
		" mem02: type=x, attr=0xf, " OLD,
		" mem02: type=5, attr=0x, " OLD,
		" mem02: type=5, attr=15, " OLD,
		"   0x3f5ec000-0x3f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000+0x00003f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000-0x3f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000-0x00003f6ebfff [Runtim Code|RUN|WB]",
		"   0x00003f5ec000-0x00003f6ebffe [Runtime Code|RUN|WB]",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t cut = 0; cut < 2; cut++) {
			efimap_auto_log struct efimap_log log = { 0 };
			const struct efimap_log_boot *boot =
				read_line(&log, "efi:", rows[i], strlen(rows[i]) - cut);

			if (boot && (boot->lists.firmware.count || !boot->bad_mem.count))
				fail_msg("%s", rows[i]);
		}
}

TEST(e820_words)
{
	static const struct {
		const char *text;
		uint64_t start, end;
		const char *label;
	} rows[] = {
		{ LOW "usable", 0, 0x9efff, "System RAM" },
		{ " [mem 0x0000000000100000-0xffffffffffffffff] reserved ", 0x100000,
		  UINT64_MAX, "Reserved" },
		{ LOW "System RAM", 0, 0x9efff, "System RAM" },
		{ LOW "device reserved", 0, 0x9efff, "Reserved" },
		{ LOW " System RAM", 0, 0x9efff, "System RAM" },
		{ LOW " persistent RAM (type 7)", 0, 0x9efff, "Persistent Memory" },
		{ LOW "soft reserved", 0, 0x9efff, "Soft Reserved" },
		{ LOW "ACPI data", 0, 0x9efff, "ACPI Tables" },
		{ LOW "ACPI NVS", 0, 0x9efff, "ACPI Non-volatile Storage" },
		{ LOW "unusable", 0, 0x9efff, "Unusable memory" },
		{ LOW "persistent (type 12)", 0, 0x9efff, "Persistent Memory (legacy)" },
		{ "[mem 0x0000000000000000-0x000000000009efff]   usable  ", 0, 0x9efff,
		  "System RAM" },
		{ LOW "type 20", 0, 0x9efff, "Unknown E820 type" },
		{ " 0000000000000000 - 000000000009ec00 (usable)", 0, 0x9ebff,
		  "System RAM" },
		{ " 00000000000e0000 - 0000000000100000 (type 9)", 0xe0000, 0xfffff,
		  "Unknown E820 type" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_log struct efimap_log log = { 0 };
		const char *text = rows[i].text;
		const struct efimap_log_boot *boot =
			read_line(&log, "BIOS-e820:", text, strlen(text));
		const struct efimap_range *range;

		if (boot->facts->n_memmap != 1 || boot->bad_e820.count)
			fail_msg("%s", text);
		range = boot->facts->memmap;
		assert_int_equal(range->start, rows[i].start);
		assert_int_equal(range->end, rows[i].end);
		assert_string_equal(range->label, rows[i].label);
	}
}

TEST(e820_spoilt)
{
	static const char *const rows[] = {
		"",
		" [mem 0x0000000000000000-0x000000000009efff]",
		LOW "usabl",
		" [mem 0x0000000000000000-0x000000000009efff usable",
		" [mem 0x000000000000000-0x000000000009efff] usable",
		" [mem 0x0000000000000000-0x00000000009efff] usable",
		" [mem 0x000000000000000g-0x000000000009efff] usable",
		" 0000000000000000 - 000000000009ec00 (usable",
		" 0000000000000000 - 0000000000000000 (usable)",
		" 0000000000000000 -000000000009ec00 (usable)",
		" 0000000000000000 - 00000000009ec00 (usable)",
		" 0000000000000000 - 000000000009ec00 [usable)",
		" 0000000000000000 - 000000000009ec00 (",
		" 0000000000000000 - 000000000009ec00 (something with a very long name)",
		" 000000000000000g - 000000000009ec00 (usable)",
		" [mem 0x0000000000000000+0x000000000009efff] usable",
		LOW "typo 20",
		LOW "type",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		efimap_auto_log struct efimap_log log = { 0 };
		const struct efimap_log_boot *boot =
			read_line(&log, "BIOS-e820:", rows[i], strlen(rows[i]));

		if (boot->facts->n_memmap || boot->bad_e820.count != 1)
			fail_msg("%s", rows[i]);
	}
}

struct table_row {
	const char *name;
	const char *text;
	const char *tables;
};

static const struct table_row table_rows[] = {
	{ "6.1", " SMBIOS=0x3f520000 ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 ",
	  "SMBIOS 3f520000,ACPI 3f77d000,ACPI 2.0 3f77d014," },
	{ "without a time",
	  " TPMFinalLog=0x8cb4c000 MOKvar=0x8cc43000 INITRD=0x852c2318 RNG=0x8c716018",
	  "TPMFinalLog 8cb4c000,MOKvar 8cc43000,INITRD 852c2318,RNG 8c716018," },
	{ "before 5.10: two blanks", "  ACPI 2.0=0x79993000  SMBIOS 3.0=0x7a1ce000",
	  "ACPI 2.0 79993000,SMBIOS 3.0 7a1ce000," },
	{ "a remark in parentheses", " ESRT=0x1 (unusable) MEMATTR=0x2",
	  "ESRT 1,MEMATTR 2," },
	{ "a remark that does not end", " ESRT=0x1 (unus MEMATTR=0x2", "ESRT 1," },
	{ "underscore", " UGA_x=0x1", "UGA_x 1," },
	{ "stops at what is no address", " A=0x1 B=zz C=0x3", "A 1," },
	{ "17 digits", " A=0x10000000000000000 B=0x2", "" },
	{ "a name of 32", " A2345678901234567890123456789012=0x1",
	  "A2345678901234567890123456789012 1," },
	{ "a name of 33", " A23456789012345678901234567890123=0x1", "" },
	{ "version", " EFI v2.70 by EDK II", "" },
	{ "memory map", " mem41: [Reserved |attr=0x070000000000000f] range=[0x0-0xf]",
	  "" },
	{ "old memory map", " mem00: type=3, attr=0xf, range=[0x0-0x8000) (0MB)", "" },
	{ "removed", " Remove mem57: MMIO range=[0xe0000000-0xefffffff] (256MB)", "" },
	{ "nothing", " ", "" },
};

static void tables_text(const char *rest, char *text, size_t size)
{
	efimap_auto_log struct efimap_log log = { 0 };
	const struct efimap_log_boot *boot = read_line(&log, "efi:", rest, strlen(rest));
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; boot && i < boot->facts->n_tables && used < size; i++) {
		const struct efimap_pair *pair = &boot->facts->tables[i];

		used += (size_t)snprintf(text + used, size - used, "%s %" PRIx64 ",", pair->name,
					 pair->value);
	}
}

TEST(tables)
{
	char text[256];

	for (size_t i = 0; i < ARRAY_SIZE(table_rows); i++) {
		tables_text(table_rows[i].text, text, sizeof(text));
		if (strcmp(text, table_rows[i].tables) != 0)
			fail_msg("%s: %s", table_rows[i].name, text);
	}
}
