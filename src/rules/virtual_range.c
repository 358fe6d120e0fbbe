/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual range of each entry: where it lies, its alignment, whether it agrees with
 * phys modulo 2 MiB, and whether two overlap. Addresses that the kernel's layout
 * algorithm can have given are in layout.c.
 */
#include "linux/virtual_layout.h"
#include "rules/engine.h"

#define IN_PAGE (EFIMAP_PAGE_SIZE - 1)
#define IN_STEP (EFIMAP_LAYOUT_STEP - 1)
#define GIB (UINT64_C(1) << 30)
#define IN_GIB (GIB - 1)

bool rule_virt_zero(const struct check *c, struct say *say)
{
	return check_place(c, say->position) == CHECK_PLACE_ZERO;
}

bool rule_virt_noncanonical(const struct check *c, struct say *say)
{
	return check_place(c, say->position) == CHECK_PLACE_NONCANONICAL;
}

bool rule_virt_straddles_efi_va_range(const struct check *c, struct say *say)
{
	return check_place(c, say->position) == CHECK_PLACE_STRADDLE;
}

bool rule_virt_kernel_range(const struct check *c, struct say *say)
{
	return check_place(c, say->position) == CHECK_PLACE_KERNEL;
}

/*
 * A 32-bit kernel has no window: the one place that is wrong is any of others. Addresses
 * of efi=old_map are the one legitimate map outside: a note, because it does not survive
 * kexec.
 */
bool rule_virt_outside_efi_va_range(const struct check *c, struct say *say)
{
	size_t n_old_map = 0;

	for (size_t i = 0; i < c->map->n_entries; i++) {
		const enum check_place place = check_place(c, i);

		n_old_map += place == CHECK_PLACE_OLD_MAP;
		if (place != CHECK_PLACE_OUTSIDE)
			continue;
		say_as(say, c->kernel_32bit ? AS_32BIT : AS_USUAL);
		say_entry(say, &c->map->entries[i]);
		say_now(say);
	}
	say_as(say, AS_OLD_MAP);
	say_number(say, SAY_OLD_MAP, n_old_map);
	say_text(say, SAY_RELEASE,
		 efimap_kernel_is_known(c->map) ? c->map->release.text : "not known");
	return n_old_map > 0;
}

/* An offset that phys has too is the fault of phys (phys-unaligned). */
static bool is_unaligned(const struct efimap_entry *entry)
{
	return (entry->virt & IN_PAGE) != 0 &&
	       ((entry->virt ^ entry->phys) & IN_PAGE) != 0;
}

bool rule_virt_unaligned(const struct check *c, struct say *say)
{
	say_hex(say, SAY_OFFSET, say->entry->virt & IN_PAGE);
	return check_place(c, say->position) > CHECK_PLACE_NONCANONICAL &&
	       is_unaligned(say->entry);
}

/* One cause, one finding: what has an offset is not asked for more. */
static bool has_page_in_window(const struct check *c, const struct say *say)
{
	return check_place(c, say->position) == CHECK_PLACE_WINDOW &&
	       !is_unaligned(say->entry) && !(c->flags[say->position] & CHECK_CUT_OFF);
}

/* Does a whole aligned block of so many bytes lie in its virtual range? */
static bool has_block(const struct efimap_entry *entry, uint64_t bytes)
{
	const uint64_t lead = (bytes - entry->virt % bytes) % bytes;
	struct efimap_span span;

	return efimap_entry_virt(entry, &span) == 0 && efimap_span_bytes(span) >= bytes &&
	       efimap_span_bytes(span) - bytes >= lead;
}

static bool is_incongruent(const struct efimap_entry *entry)
{
	return ((entry->virt ^ entry->phys) & IN_STEP & ~IN_PAGE) != 0;
}

/*
 * Which of the two addresses is the wrong one cannot be seen. With a wrong virt_addr the
 * first call into code faults, with a wrong phys_addr it never returns.
 */
bool rule_virt_incongruent(const struct check *c, struct say *say)
{
	if (say->entry->type != EFIMAP_TYPE_RUNTIME_CODE && check_needs_entry(say->entry))
		say_as(say, AS_DATA);
	else if (!check_needs_entry(say->entry) &&
		 !has_block(say->entry, EFIMAP_LAYOUT_STEP))
		say_as(say, AS_SMALL);
	say_hex(say, SAY_OFFSET, say->entry->virt & IN_STEP);
	say_hex(say, SAY_EXPECTED, say->entry->phys & IN_STEP & ~IN_PAGE);
	return has_page_in_window(c, say) && is_incongruent(say->entry);
}

/*
 * populate_pud() takes a 1 GiB page for such a block whatever phys is. What differs
 * modulo 2 MiB does so modulo 1 GiB too.
 */
bool rule_virt_1g_incongruent(const struct check *c, struct say *say)
{
	const struct efimap_entry *entry = say->entry;

	return !c->map->no_gib_pages && has_page_in_window(c, say) &&
	       !is_incongruent(entry) &&
	       ((entry->virt ^ entry->phys) & IN_GIB & ~IN_PAGE) != 0 &&
	       has_block(entry, GIB);
}

/* Of those that begin below it, the one that reaches highest overlaps if any does. */
void check_walk_virtual_pairs(struct check *c)
{
	struct efimap_span highest = { 0, 0 };
	const struct efimap_entry *reaches = NULL;

	for (size_t k = 0; k < c->n_by_virt && !c->error; k++) {
		const size_t i = c->by_virt[k].index;
		const struct efimap_entry *entry = &c->map->entries[i];
		struct efimap_span span;

		if (efimap_entry_virt(entry, &span) < 0)
			continue;
		if (reaches && span.first <= highest.last)
			check_visit(c,
				    &(const struct subject){ i, entry, reaches, NULL });
		if (!reaches || span.last > highest.last) {
			highest = span;
			reaches = entry;
		}
	}
}

/* Two identity ranges that overlap do so physically: phys-overlap. */
bool rule_virt_overlap(const struct check *c, struct say *say)
{
	const size_t other = (size_t)(say->other - c->map->entries);

	if ((c->flags[say->position] & CHECK_CUT_OFF) && say->entry->virt == say->other->virt)
		say_as(say, AS_CUT_OFF);
	return !check_is_same(say->entry, say->other) &&
	       !(check_place(c, say->position) == CHECK_PLACE_IDENTITY &&
		 check_place(c, other) == CHECK_PLACE_IDENTITY);
}
