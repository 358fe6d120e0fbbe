/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines of a translation that no capture brings about, and its errors. */
#include <errno.h>

#include "test.h"
#include "base/cleanup.h"
#include "format/emulation.h"
#include "sample.h"

static const struct efimap_answer nothing = { .n_hits = 0 };
static const struct efimap_answer inside = {
	.hits = { { .position = 2, .offset = 0x18, .address = 0xfffffffeff1ec018 } },
	.n_hits = 1,
};
static const struct efimap_answer odd = {
	.hits = { { .position = 0, .offset = 0, .wraps = true },
		  { .position = 7, .offset = 1, .address = 1 } },
	.n_hits = 2,
	.more = true,
	.disagrees = true,
};

static const char *write_all(struct efimap_out *out)
{
	struct efimap *map efimap_auto_map = sample_map();
	struct efimap_translation *translation;

	assert_int_equal(efimap_translation_new(map, false, out, &translation), 0);
	efimap_translation_add(translation, 0x3f5ec018, &inside, &nothing);
	efimap_translation_add(translation, UINT64_MAX, &nothing, &odd);
	efimap_translation_add(translation, 0x1000, &nothing, &nothing);
	assert_int_equal(efimap_translation_end(translation), 0);
	return sample_text(out);
}

TEST(lines_name_the_entry)
{
	struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

	assert_string_equal(
		write_all(&out),
		"0x3f5ec018 -> 0xfffffffeff1ec018  physical to virtual, entry 2 "
		"(RuntimeCode) + 0x18\n"
		"0xffffffffffffffff -> -  virtual to physical, entry 0 (MMIO) + 0x0, above "
		"2^64 - 1; the two directions disagree: entries overlap\n"
		"0xffffffffffffffff -> 0x1  virtual to physical, entry 7 (BootCode) + 0x1; "
		"the two directions disagree: entries overlap\n"
		"0xffffffffffffffff -> -  virtual to physical, and more entries than the 16 "
		"listed\n"
		"0x1000 -> -  in no entry\n");
}
