/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The EFI stub's table of where the initrd is. It lies in LoaderData, which nobody keeps, and
 * which no entry of the runtime map covers; every later kernel finds its address again.
 */
#include "check/engine.h"
#include "check/table.h"

/* include/linux/efi.h: struct linux_efi_initrd, base and size */
#define INITRD_TABLE_BYTES 16

static bool find_initrd_table(const struct check *c, struct efimap_span *ret_span)
{
	static const struct table table = { "INITRD", "INITRD table" };
	uint64_t address;

	return table_is_any_read(c) && table_find(c->map, &table, &address) &&
	       efimap_span_make(address, INITRD_TABLE_BYTES, ret_span) == 0;
}

/* What is not named can be any kernel. */
static bool may_wipe(const struct check *c)
{
	return !c->is_next_named || check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, true);
}

/* The image and the initrd are read after the table is; what else is loaded was used by then. */
static bool is_harmed(const struct efimap_segments *segments, size_t i)
{
	return i != EFIMAP_NO_SEGMENT && (segments->kernel == EFIMAP_NO_SEGMENT ||
					  i == segments->kernel || i == segments->initrd);
}

static bool say_hit(const struct check *c, struct say *say, struct efimap_span span)
{
	const size_t segment = kexec_find_segment(c, span);

	if (!may_wipe(c) || !is_harmed(c->options->segments, segment))
		return false;
	kexec_say_segment(c, say, segment);
	say_as(say, check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, false) ? AS_HIT : AS_PERHAPS);
	return true;
}

/* arch/x86/kernel/setup.c: get_ramdisk_image */
static bool say_bare(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;

	say_as(say, AS_BARE);
	return segments->kernel != EFIMAP_NO_SEGMENT && segments->initrd == EFIMAP_NO_SEGMENT;
}

static void say_loader(const struct check *c, struct say *say, unsigned int loaders)
{
	static const char *const names[] = { "kexec_load (kexec -c)",
					     "kexec_file_load (kexec -s)",
					     "either loader" };
	const unsigned int first = loaders & EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS) ?
					   EFIMAP_LOADER_KEXEC_TOOLS :
					   EFIMAP_LOADER_KERNEL;

	say_text(say, SAY_LOADER, names[loaders - 1]);
	say_hex(say, SAY_SEGMENT_START, c->foreseen[first].first);
	say_hex(say, SAY_SEGMENT_END, c->foreseen[first].last);
}

/* Where nothing is loaded yet: which loader will put the image there, and which elsewhere? */
static bool say_if_foreseen(const struct check *c, struct say *say, struct efimap_span span)
{
	unsigned int hit = 0, clear = 0;

	for (unsigned int i = 0; i < EFIMAP_LOADER_COUNT; i++) {
		if (!c->is_foreseen[i])
			continue;
		if (efimap_span_overlaps(c->foreseen[i], span))
			hit |= EFIMAP_LOADER_BIT(i);
		else
			clear |= EFIMAP_LOADER_BIT(i);
	}
	if (!hit && clear != c->loaders)
		return false;
	say_loader(c, say, hit ? hit : clear);
	say_as(say, hit ? AS_FORESEEN : AS_CLEAR);
	return true;
}

bool rule_initrd_in_ram(const struct check *c, const struct subject *on, struct say *say)
{
	const struct efimap_range *range;
	struct efimap_span span;

	if (!find_initrd_table(c, &span))
		return false;
	range = table_find_ram(c, span.first);
	if (!range)
		return false;
	say_hex(say, SAY_ADDRESS, span.first);
	say_range(say, range);
	say_next(say, true);
	if (c->options->segments)
		return say_hit(c, say, span) || say_bare(c, say);
	if (!check_next_has(c, EFIMAP_CHANGE_WIPES_INITRD, false))
		say_as(say, AS_LOW);
	else
		(void)say_if_foreseen(c, say, span);
	return true;
}
