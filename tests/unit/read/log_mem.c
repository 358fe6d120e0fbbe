/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lines of a list of memory: every dialect, and lines that lost a byte. */
#include <string.h>

#include "../test.h"
#include "read/parse.h"

#define TEXT(string) ((struct efimap_text){ string, strlen(string) })
#define R "range=[0x000000003f5ec000-0x000000003f6ebfff] (1MB)"

static void dialects(void **state)
{
	static const struct {
		const char *text;
		uint32_t index, type;
		uint64_t phys, pages, attribute;
	} rows[] = {
		{ " mem02: [Runtime Code|RUN|  |  |  |  |  |  |  |  |  |   |WB|WT|WC|UC] " R, 2, 5,
		  0x3f5ec000, 0x100, 0x800000000000000f },
		{ " mem02: [Runtime Code       |RUN|  |  |  |  |WP|  |   |WB|WT|  |UC] " R, 2, 5,
		  0x3f5ec000, 0x100, 0x800000000000100d },
		{ " mem07: [Boot Data|UC] " R, 7, 4, 0x3f5ec000, 0x100, 1 },
		{ " mem123: [MMIO        |RUN|HP|MR|CC|SP|NV|XP|RP|WP|RO|UCE|WB|WT|WC|UC] " R, 123,
		  11, 0x3f5ec000, 0x100, 0x80000000001ff01f },
		{ " mem41: [Reserved           |attr=0x070000000000000f] " R, 41, 0, 0x3f5ec000,
		  0x100, 0x070000000000000f },
		{ " mem00: [type=2147483649|   |WB] " R, 0, 0x80000001, 0x3f5ec000, 0x100, 8 },
		{ " mem26: [Conventional Memory|   |WB] range=[0x0000000000001000-"
		  "0x00000000000a0000) (0MB)", 26, 7, 0x1000, 0x9f, 8 },
		{ " mem10: type=11, attr=0x8000000000000001, range=[0x00000000ff990000-"
		  "0x0000000100000000) (6MB)", 10, 11, 0xff990000, 0x670, 0x8000000000000001 },
		{ " mem00: type=3, attr=0xf, range=[0x0000000000000000-0x0000000000008000) "
		  "(0MB)", 0, 3, 0, 8, 0xf },
		{ " mem03: [Reserved|  ] range=[0x0000000000000000-0xffffffffffffffff] (0MB)",
		  3, 0, 0, 0, 0 },
		{ " mem03: [Unaccepted|WB] " R " ", 3, 15, 0x3f5ec000, 0x100, 8 },
		{ " mem03:\t[type=15|WB]\t" R, 3, 15, 0x3f5ec000, 0x100, 8 },
		{ "   0x00003f5ec000-0x00003f6ebfff [Runtime Code|RUN|WB]", 0, 5, 0x3f5ec000, 0x100,
		  0x8000000000000008 },
		{ "   0x0040000000000000-0x00400000000fffff [Memory Mapped I/O  |RUN|  |UC]*",
		  0, 11, 0x40000000000000, 0x100, 0x8000000000000001 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_log_mem mem = { 0 };

		if (!efimap_log_is_mem(TEXT(rows[i].text)) ||
		    !efimap_parse_log_mem(TEXT(rows[i].text), &mem))
			fail_msg("%s", rows[i].text);
		assert_int_equal(mem.numbered, rows[i].text[1] == 'm');
		assert_int_equal(mem.entry.index, rows[i].index);
		assert_int_equal(mem.entry.type, rows[i].type);
		assert_int_equal(mem.entry.phys, rows[i].phys);
		assert_int_equal(mem.entry.pages, rows[i].pages);
		assert_int_equal(mem.entry.attribute, rows[i].attribute);
		assert_int_equal(mem.entry.virt, 0);
		assert_int_equal(mem.entry.virt_from, EFIMAP_VIRT_UNKNOWN);
	}
}

/* Each has lost or changed something that a reader could pass over. */
static void spoilt(void **state)
{
	static const char *const rows[] = {
		" mem02: [Runtime Code|RUN|WB",
		" mem02: [Runtime Code|RUN|WB]",
		" mem02: [Runtime Code] " R,
		" mem02: [Runtim Code|RUN|WB] " R,
		" mem02: [Runtime Code|RN|WB] " R,
		" mem02: [Runtime Code|attr=0x7000000000000f] " R,
		" mem02: [Runtime Code|RUN|WB] range=[0x00000003f5ec000-0x000000003f6ebfff] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff] (2MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff] (1M",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff] xx",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec001-0x000000003f6ebfff] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebffe] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff) (1MB)",
		" mem02: type=5, attr=0xf range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		" mem02: type=5 attr=0xf, range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		" mem10000000: [Runtime Code|RUN|WB] " R,
		" mem0x2: [Runtime Code|RUN|WB] " R,
		" mem02: [Runtime Code|RUN|WB|XX] " R,
		" mem02: [type=5x|RUN|WB] " R,
		" mem02: [type=|RUN|WB] " R,
		" mem02: [type=4294967296|RUN|WB] " R,
		" mem02: [Runtime Code|attr=0x070000000000000fz] " R,
		" mem02: [Runtime Code|RUN|WB] range=[3f5ec000-0x000000003f6ebfff] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-3f6ebfff] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000+0x000000003f6ebfff] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003F6EBFFF] (1MB)",
		" mem02: [Runtime Code|RUN|WB] range=[0x000000003f5ec000-0x000000003f6ebfff] (xMB)",
		" mem02: typ=5, attr=0xf, range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		" mem02: type=x, attr=0xf, range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		" mem02: type=5, attr=0x, range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		" mem02: type=5, attr=15, range=[0x000000003f5ec000-0x000000003f6ec000) (1MB)",
		"   0x3f5ec000-0x3f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000+0x00003f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000-0x3f6ebfff [Runtime Code|RUN|WB]",
		"   0x00003f5ec000-0x00003f6ebfff [Runtim Code|RUN|WB]",
		"   0x00003f5ec000-0x00003f6ebffe [Runtime Code|RUN|WB]",
	};
	struct efimap_log_mem mem;

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		for (size_t cut = 0; cut < 2; cut++) {
			const struct efimap_text text = { rows[i], strlen(rows[i]) - cut };

			if (efimap_parse_log_mem(text, &mem))
				fail_msg("%s", rows[i]);
		}
}

/* Other messages of EFI */
static void others(void **state)
{
	static const char *const rows[] = {
		" EFI v2.70 by EDK II", " memattr: Processing", " MEMATTR=0x1", " 0x1", "",
		" Remove mem124: MMIO range=[0xffc00000-0xffffffff] (4MB) from e820 map", " mem",
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_false(efimap_log_is_mem(TEXT(rows[i])));
}

UNIT_TESTS()
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dialects),
		cmocka_unit_test(spoilt),
		cmocka_unit_test(others),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
