/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual layout as a whole: the addresses that the kernel's algorithm can have
 * given, and whether entries are mapped onto themselves. The order of the entries in the
 * map means nothing, because kexec_load permutes it.
 */
#include "check/engine.h"
#include "check/place.h"
#include "emulate/layout.h"

#define PAGE_MASK (~(EFIMAP_PAGE_SIZE - 1))

/*
 * Does the map hold every region that was mapped? Only efi=debug keeps boot-services
 * entries (arch/x86/platform/efi/quirks.c: efi_free_boot_services), and before 4.9 they
 * were never exported. A kexec'ed kernel sets RUNTIME on some but not on all, so one
 * without it proves that the first kernel had efi=debug as well.
 */
bool check_is_whole_layout(const struct check *c)
{
	const struct efimap *map = c->map;

	if (!c->complete || !c->efi_debug ||
	    !efimap_kernel_has(map, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES, false) ||
	    map->n_names != map->n_entries ||
	    map->names[map->n_names - 1] != map->n_names - 1)
		return false;
	if (c->booted_by == EFIMAP_BOOTED_BY_FIRMWARE)
		return true;
	for (size_t i = 0; i < map->n_entries; i++)
		if (efimap_entry_is_boot_services(&map->entries[i]) &&
		    !efimap_entry_is_runtime(&map->entries[i]))
			return true;
	return false;
}

/* The first that is wrong says where it should be. */
static void say_misplaced(struct say *say, const struct efimap_entry *entry, bool fits,
			  uint64_t expected)
{
	if (!say->entry && fits)
		say_hex(say, SAY_EXPECTED, expected);
	else if (!say->entry)
		say_as(say, AS_FULL);
	say_entry(say, entry);
}

/*
 * From the top of the window downwards, as the kernel went. Each step starts from where
 * the entry before is, not from where it should be, so that one wrong address is one.
 */
static bool is_any_misplaced(const struct check *c, bool exact, struct say *say)
{
	const struct efimap_entry *before = NULL;
	uint64_t va = EFIMAP_VA_START;

	for (size_t k = c->n_by_virt; k-- > 0;) {
		const size_t i = c->by_virt[k].index;
		const struct efimap_entry *entry = &c->map->entries[i];
		const uint64_t virt = entry->virt & PAGE_MASK;
		uint64_t expected = 0;
		bool fits;

		if (check_place(c, i) != CHECK_PLACE_WINDOW ||
		    (c->flags[i] & CHECK_CUT_OFF) ||
		    (before && check_is_same(entry, before)))
			continue;
		fits = efimap_layout_next(va, entry->phys & PAGE_MASK, entry->pages,
					  &expected) == 0;
		if (!fits || virt > expected || (exact && virt != expected))
			say_misplaced(say, entry, fits, expected);
		va = virt;
		before = entry;
	}
	return say->entry;
}

/*
 * What lies outside the window, or is merely not congruent, has a finding of its own. A
 * row that is exact says where the entry is, another how high it can be.
 */
static bool is_beside_its_row(const struct check *c, size_t position)
{
	const struct efimap_entry *entry = &c->map->entries[position];
	const struct efimap_layout_row *row = &c->layout->rows[position];

	return check_place(c, position) == CHECK_PLACE_WINDOW &&
	       !efimap_layout_row_admits(row, entry) &&
	       (row->kind == EFIMAP_LAYOUT_EXACT || entry->virt > row->bound);
}

/* The same along the walk that is shown, which is by index where that is plausible. */
static bool is_any_beside_its_row(const struct check *c, struct say *say)
{
	for (size_t i = 0; i < c->layout->n_rows; i++)
		if (is_beside_its_row(c, i))
			say_misplaced(say, &c->map->entries[i],
				      c->layout->rows[i].kind != EFIMAP_LAYOUT_OVERFLOW,
				      c->layout->rows[i].bound);
	return say->entry;
}

bool rule_layout_exact(const struct check *c, struct say *say)
{
	if (c->layout)
		return c->layout->complete && is_any_beside_its_row(c, say);
	if (c->complete && c->efi_debug)
		(void)say_unreleased(say, EFIMAP_CHANGE_SHOWS_BOOT_SERVICES);
	return check_is_whole_layout(c) && is_any_misplaced(c, true, say);
}

bool rule_layout_bound(const struct check *c, struct say *say)
{
	if (c->layout)
		return !c->layout->complete && is_any_beside_its_row(c, say);
	return !(check_is_whole_layout(c) && check_speaks(c, EFIMAP_RULE_LAYOUT_EXACT)) &&
	       is_any_misplaced(c, false, say);
}

/* Is the entry mapped onto itself, or not, whichever is asked? One without a place is
 * neither. */
static bool is_on_side(const struct check *c, size_t position, bool identity)
{
	const enum check_place place = check_place(c, position);

	return place != CHECK_PLACE_NONE && place != CHECK_PLACE_ZERO &&
	       place != CHECK_PLACE_NONCANONICAL &&
	       (place == CHECK_PLACE_IDENTITY) == identity;
}

static size_t count_side(const struct check *c, bool identity)
{
	size_t count = 0;

	for (size_t i = 0; i < c->map->n_entries; i++)
		count += is_on_side(c, i, identity);
	return count;
}

static void say_side(const struct check *c, bool identity, struct say *say)
{
	for (size_t i = 0; i < c->map->n_entries; i++)
		if (is_on_side(c, i, identity))
			say_entry(say, &c->map->entries[i]);
}

/* In a map that should be all identity the others are wrong, else these are. */
bool rule_identity_partial(const struct check *c, struct say *say)
{
	const size_t n_identity = count_side(c, true), n_other = count_side(c, false);

	say_side(c, !c->identity, say);
	say_number(say, SAY_ALL, n_identity + n_other);
	if (c->identity)
		say_as(say, AS_EXPECTED);
	return c->options->expect != EFIMAP_EXPECT_IDENTITY && n_other > 0 &&
	       (c->identity || n_identity > 0);
}

bool rule_identity_native(const struct check *c, struct say *say)
{
	const bool virtual = c->options->expect == EFIMAP_EXPECT_VIRTUAL;

	if (count_side(c, true) == 0 || count_side(c, false) > 0 ||
	    c->options->expect == EFIMAP_EXPECT_IDENTITY || (c->mixed_mode && !virtual))
		return false;
	if (!c->native && !virtual)
		return say_skip(say, AS_USUAL);
	if (virtual || c->booted_by == EFIMAP_BOOTED_BY_KEXEC)
		say_severity(say, EFIMAP_ERROR);
	if (c->kernel_32bit)
		say_as(say, AS_32BIT);
	say_side(c, true, say);
	return true;
}

/* What Linux always does says nothing about any one entry. */
bool rule_nonidentity(const struct check *c, struct say *say)
{
	const size_t n_other = count_side(c, false);

	say_number(say, SAY_OTHERS, n_other);
	say_number(say, SAY_ALL, n_other + count_side(c, true));
	if (c->options->expect == EFIMAP_EXPECT_IDENTITY) {
		say_as(say, AS_EXPECTED);
		say_side(c, false, say);
		return n_other > 0;
	}
	if (c->kernel_32bit)
		say_as(say, AS_32BIT);
	return n_other > 0 && (c->kernel_32bit || !c->identity);
}
