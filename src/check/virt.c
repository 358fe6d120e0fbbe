/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The virtual range of each entry by itself: where it lies, its alignment, and whether it
 * agrees with phys modulo 2 MiB. Entries against each other are in virt_layout.c.
 */
#include "check/place.h"
#include "emulate/layout.h"

#define IN_PAGE (EFIMAP_PAGE_SIZE - 1)
#define IN_STEP (EFIMAP_LAYOUT_STEP - 1)
#define GIB (UINT64_C(1) << 30)
#define IN_GIB (GIB - 1)

/* The rule for each place that is wrong, and what to say of it. */
static const struct {
	enum check_place place;
	enum efimap_rule_id rule;
	const char *text;
} places[] = {
	{ CHECK_PLACE_ZERO, EFIMAP_RULE_VIRT_ZERO,
	  "which means that it never got one; 0 is right for physical 0 only" },
	{ CHECK_PLACE_NONCANONICAL, EFIMAP_RULE_VIRT_NONCANONICAL,
	  "which is no address, or runs into some: bits 63 to 47 differ" },
	{ CHECK_PLACE_STRADDLE, EFIMAP_RULE_VIRT_WINDOW_STRADDLE,
	  "which crosses an end of the EFI window, 0xffffffef00000000 to 0xfffffffeffffffff" },
	{ CHECK_PLACE_KERNEL, EFIMAP_RULE_VIRT_KERNEL_RANGE,
	  "which belongs to the kernel itself; regions lie in 0xffffffef00000000 to "
	  "0xfffffffeffffffff" },
	{ CHECK_PLACE_OUTSIDE, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW,
	  "which is outside the EFI window, 0xffffffef00000000 to 0xfffffffeffffffff" },
};

#define N_PLACES (sizeof(places) / sizeof(places[0]))

struct wants {
	bool places[N_PLACES];
	bool unaligned;
	bool incongruent;
	bool incongruent_1g;
};

/* A 32-bit kernel has no window: the one place that is wrong is any of others. */
static const char *text_of(const struct check *c, size_t row)
{
	return c->kernel_32bit && places[row].place == CHECK_PLACE_OUTSIDE ?
		       "which a 32-bit kernel does not have; its own are 0x40000000 to "
		       "0xffffffff" :
		       places[row].text;
}

static void judge_place(struct check *c, const struct efimap_entry *entry,
			enum check_place place, const struct wants *wants)
{
	size_t row = 0;

	while (row < N_PLACES && places[row].place != place)
		row++;
	if (row == N_PLACES || !wants->places[row])
		return;
	if (!check_find_entry(c, places[row].rule,
			      check_grade(EFIMAP_ERROR,
					  check_at_stake(entry, EFIMAP_CONSEQ_NONE)),
			      entry, "%s at 0x%" PRIx64 " has virtual address 0x%" PRIx64 ", %s",
			      CHECK_TYPE(entry), entry->phys, entry->virt, text_of(c, row)))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
	if (place == CHECK_PLACE_STRADDLE || place == CHECK_PLACE_NONCANONICAL)
		check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

/* An offset that phys has too is the fault of phys (phys-unaligned). */
static bool is_unaligned(const struct efimap_entry *entry)
{
	return (entry->virt & IN_PAGE) != 0 && ((entry->virt ^ entry->phys) & IN_PAGE) != 0;
}

static void virt_unaligned(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_VIRT_UNALIGNED;

	if (check_find_entry(c, rule,
			     check_grade(EFIMAP_ERROR,
					 check_at_stake(entry, EFIMAP_CONSEQ_NONE)),
			     entry,
			     "%s at 0x%" PRIx64 " has virtual address 0x%" PRIx64 ", 0x%" PRIx64
			     " bytes above a page",
			     CHECK_TYPE(entry), entry->phys, entry->virt, entry->virt & IN_PAGE))
		check_evidence_field(c, entry, CHECK_FIELD_VIRT);
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
static struct check_grade grade_incongruent(const struct efimap_entry *entry)
{
	if (entry->type == EFIMAP_TYPE_RUNTIME_CODE)
		return check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT);
	if (check_needs_entry(entry))
		return check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NO_RUNTIME);
	return check_grade(has_block(entry, EFIMAP_LAYOUT_STEP) ? EFIMAP_ERROR : EFIMAP_WARNING,
			   EFIMAP_CONSEQ_NONE);
}

static void virt_incongruent(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_VIRT_INCONGRUENT;
	const struct check_grade grade = grade_incongruent(entry);

	if (!check_find_entry(c, rule, grade, entry,
			      "%s at 0x%" PRIx64 " has virtual address 0x%" PRIx64
			      ": modulo 2 MiB that is 0x%" PRIx64 " where Linux gives 0x%" PRIx64,
			      CHECK_TYPE(entry), entry->phys, entry->virt, entry->virt & IN_STEP,
			      entry->phys & IN_STEP & ~IN_PAGE))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
}

/* populate_pud() takes a 1 GiB page for such a block whatever phys is. */
static void virt_1g_incongruent(struct check *c, const struct efimap_entry *entry)
{
	const enum efimap_rule_id rule = EFIMAP_RULE_VIRT_1G_INCONGRUENT;

	if (((entry->virt ^ entry->phys) & IN_GIB & ~IN_PAGE) == 0 || !has_block(entry, GIB))
		return;
	if (!check_find_entry(c, rule,
			      check_grade(EFIMAP_WARNING,
					  check_at_stake(entry, EFIMAP_CONSEQ_NONE)),
			      entry,
			      "%s at 0x%" PRIx64 " has virtual address 0x%" PRIx64
			      " and holds an aligned GiB, for which Linux takes a 1 GiB page; "
			      "modulo 1 GiB the two differ",
			      CHECK_TYPE(entry), entry->phys, entry->virt))
		return;
	check_evidence_field(c, entry, CHECK_FIELD_PHYS);
	check_evidence_field(c, entry, CHECK_FIELD_VIRT);
	check_evidence_field(c, entry, CHECK_FIELD_PAGES);
}

/* One cause, one finding: what differs modulo 2 MiB does so modulo 1 GiB too. */
static void judge_congruence(struct check *c, const struct efimap_entry *entry,
			     const struct wants *wants)
{
	if (is_incongruent(entry)) {
		if (wants->incongruent)
			virt_incongruent(c, entry);
	} else if (wants->incongruent_1g) {
		virt_1g_incongruent(c, entry);
	}
}

static void judge_entry(struct check *c, size_t i, const struct wants *wants)
{
	const struct efimap_entry *entry = &c->map->entries[i];
	const enum check_place place = check_place(c, i);

	judge_place(c, entry, place, wants);
	if (place == CHECK_PLACE_NONE || place == CHECK_PLACE_ZERO ||
	    place == CHECK_PLACE_NONCANONICAL)
		return;
	if (is_unaligned(entry)) {
		if (wants->unaligned)
			virt_unaligned(c, entry);
	} else if (place == CHECK_PLACE_WINDOW && !(c->flags[i] & CHECK_CUT_OFF)) {
		judge_congruence(c, entry, wants);
	}
}

/* The one legitimate map outside the window: a note, because it does not survive kexec. */
static void note_old_map(struct check *c, size_t count)
{
	if (count == 0 || !check_wants(c, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW))
		return;
	check_find(c, EFIMAP_RULE_VIRT_OUTSIDE_WINDOW,
		   check_grade(EFIMAP_NOTE, EFIMAP_CONSEQ_NO_RUNTIME),
		   "%zu entries have addresses of efi=old_map, which no other kernel can use: "
		   "the next one turns runtime services off",
		   count);
	check_evidence(c, "proc/version", "%s",
		       efimap_kernel_is_known(c->map) ? c->map->release.text : "not known");
}

/*
 * A kexec'ed kernel that reserves a table in boot services memory cuts its entry in pieces,
 * which touch, and each keeps the address of the whole (drivers/firmware/efi/memmap.c:
 * efi_memmap_insert). Only what nobody calls any more can be cut.
 */
static bool is_cut_off(const struct efimap_entry *piece, const struct efimap_entry *from)
{
	struct efimap_span span;

	/* No piece starts at 0, for it lies above what it was cut off. */
	return efimap_entry_is_boot_services(piece) && piece->type == from->type &&
	       piece->virt == from->virt && efimap_entry_phys(from, &span) == 0 &&
	       span.last + 1 == piece->phys;
}

static void mark_cut_off(struct check *c)
{
	const struct efimap_key *keys =
		c->booted_by == EFIMAP_BOOTED_BY_KEXEC ? check_by_virt(c) : NULL;

	for (size_t k = 1; keys && k < c->n_by_virt; k++)
		if (is_cut_off(&c->map->entries[keys[k].index],
			       &c->map->entries[keys[k - 1].index]))
			c->flags[keys[k].index] |= CHECK_CUT_OFF;
}

static bool may_be_odd(const struct check *c)
{
	const uint32_t sound =
		CHECK_PLACE_BIT(CHECK_PLACE_WINDOW) | CHECK_PLACE_BIT(CHECK_PLACE_IDENTITY);

	return (c->sums.places & ~sound) || (c->sums.differing & IN_STEP) ||
	       c->sums.pages >= GIB / EFIMAP_PAGE_SIZE;
}

void check_virt(struct check *c)
{
	struct wants wants = {
		.unaligned = check_wants(c, EFIMAP_RULE_VIRT_UNALIGNED),
		.incongruent = check_wants(c, EFIMAP_RULE_VIRT_INCONGRUENT),
		.incongruent_1g = check_wants(c, EFIMAP_RULE_VIRT_1G_INCONGRUENT) &&
				  !c->map->no_gib_pages,
	};
	size_t n_old_map = 0;

	mark_cut_off(c);
	for (size_t row = 0; row < N_PLACES; row++)
		wants.places[row] = check_wants(c, places[row].rule);
	for (size_t i = 0; may_be_odd(c) && i < c->map->n_entries && !c->error; i++) {
		judge_entry(c, i, &wants);
		if (c->old_map && check_place(c, i) == CHECK_PLACE_OLD_MAP)
			n_old_map++;
	}
	note_old_map(c, n_old_map);
	check_virt_layout(c);
	check_virt_identity(c);
}
