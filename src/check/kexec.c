/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kexec was given and what it did: the kernel image, and the segments against the
 * entries and the configuration tables. Silent without --kernel and --kexec-log.
 */
#include "check/pages.h"
#include "check/table.h"
#include "model/boot_params.h"

/* The reason why kexec-tools would not pass EFI to it, or NULL. */
static const char *why_passed_no_efi(const struct efimap_image *image)
{
	if (image->version < EFIMAP_BOOT_PROTOCOL_XLF)
		return "its boot protocol is older than 2.12";
	if (!(image->xloadflags & EFIMAP_XLF_KERNEL_64))
		return "it has no 64-bit entry point (XLF_KERNEL_64)";
	if (!(image->xloadflags & EFIMAP_XLF_EFI_KEXEC))
		return "it lacks XLF_EFI_KEXEC";
	return NULL;
}

bool rule_image_without_efi(const struct check *c, struct say *say)
{
	const struct efimap_image *image = c->options->image;
	const char *why = image ? why_passed_no_efi(image) : NULL;

	if (!why)
		return false;
	say_text(say, SAY_IMAGE, image->name);
	say_text(say, SAY_WHY, why);
	say_number(say, SAY_MAJOR, image->version >> 8);
	say_number(say, SAY_MINOR, image->version & 0xffu);
	say_hex(say, SAY_XLOADFLAGS, image->xloadflags);
	return true;
}

/*
 * Is it started on page tables that it cannot leave? A kernel of four levels copies what
 * the first entry of the top level points to (arch/x86/boot/compressed/pgtable_64.c).
 */
bool rule_five_level_paging(const struct check *c, struct say *say)
{
	const struct efimap_image *image = c->options->image;

	if (!image || !c->map->five_levels ||
	    !(image->xloadflags & EFIMAP_XLF_KERNEL_64) ||
	    image->xloadflags & EFIMAP_XLF_5LEVEL_ENABLED)
		return false;
	say_text(say, SAY_IMAGE, image->name);
	say_text(say, SAY_RELEASE, c->map->release.text);
	say_hex(say, SAY_XLOADFLAGS, image->xloadflags);
	if (!(image->xloadflags & EFIMAP_XLF_5LEVEL)) {
		say_as(say, AS_UNSAID);
		return true;
	}
	return efimap_kernel_has(c->map, EFIMAP_CHANGE_MARKS_TOP_LEVEL, false) &&
	       !check_next_has(c, EFIMAP_CHANGE_MASKS_TOP_LEVEL, true);
}

bool check_has_segments(const struct check *c)
{
	return c->options->segments;
}

bool kexec_names_hits(const struct check *c)
{
	return check_has_segments(c) && check_speaks(c, EFIMAP_RULE_SEGMENT_COLLISION);
}

/* A table that lies in an entry comes after it: one cause, one finding. */
void check_walk_targets(struct check *c)
{
	check_walk_entries(c);
	for (const struct table *table = check_tables; table->log_name; table++)
		check_visit(c, &(const struct subject){ .thing = table });
}

size_t kexec_find_segment(const struct check *c, struct efimap_span span)
{
	const struct efimap_segments *segments = c->options->segments;

	for (size_t i = 0; i < segments->count; i++)
		if (efimap_span_overlaps(segments->spans[i], span))
			return i;
	return EFIMAP_NO_SEGMENT;
}

void kexec_say_segment(const struct check *c, struct say *say, size_t segment)
{
	const struct efimap_span span = c->options->segments->spans[segment];

	say_number(say, SAY_SEGMENT, segment);
	say_hex(say, SAY_SEGMENT_START, span.first);
	say_hex(say, SAY_SEGMENT_END, span.last);
}

static size_t find_collision(const struct check *c, const struct efimap_entry *entry,
			     struct efimap_span *ret_span)
{
	return efimap_entry_is_runtime(entry) && pages_of(entry, ret_span)
		       ? kexec_find_segment(c, *ret_span)
		       : EFIMAP_NO_SEGMENT;
}

/* No kernel up to 6.12 applies the table after a kexec: it refuses what lies there, mostly. */
static bool is_tolerable(const struct check *c, const struct table *table)
{
	return table_is(table, "MEMATTR") && c->is_next_named &&
	       !check_next_has(c, EFIMAP_CHANGE_UPDATES_MAPPINGS, true);
}

/* struct contents - tables that lie in an entry: all, and those that the next kernel misses */
struct contents {
	size_t n_tables;
	size_t n_read;
	size_t n_grave;
	bool depends;
};

static struct contents say_contents(const struct check *c, struct efimap_span span,
				    struct say *say)
{
	struct contents contents = { 0 };
	uint64_t address;

	for (const struct table *table = check_tables; table->log_name; table++) {
		if (!table_find(c->map, table, &address) || !efimap_span_has(span, address))
			continue;
		contents.n_tables++;
		contents.n_read += table_is_read(c, table);
		contents.n_grave += table_is_read(c, table) && !is_tolerable(c, table);
		contents.depends |= table_depends_on_next(c, table);
		say_evidence(say, "kernel log", "%s=0x%" PRIx64, table->log_name, address);
	}
	return contents;
}

static bool lands_on_entry(const struct check *c, const struct efimap_entry *entry,
			   struct say *say)
{
	struct efimap_span span;
	const size_t segment = find_collision(c, entry, &span);
	struct contents contents;

	if (segment == EFIMAP_NO_SEGMENT)
		return false;
	contents = say_contents(c, span, say);
	kexec_say_segment(c, say, segment);
	say_next(say, contents.depends);
	say_as(say, AS_ENTRY);
	if (!efimap_entry_is_boot_services(entry))
		return true;
	if (contents.n_tables > 0 && contents.n_read == 0)
		say_as(say, AS_UNREAD);
	else if (contents.n_tables > 0 && contents.n_grave == 0)
		say_severity(say, EFIMAP_WARNING);
	return true;
}

static bool is_in_collision(const struct check *c, uint64_t address)
{
	struct efimap_span span;

	for (size_t i = 0; i < c->map->n_entries; i++)
		if (find_collision(c, &c->map->entries[i], &span) != EFIMAP_NO_SEGMENT &&
		    efimap_span_has(span, address))
			return true;
	return false;
}

static bool lands_on_table(const struct check *c, const struct table *table,
			   struct say *say)
{
	size_t segment;
	uint64_t address;

	if (!table_find(c->map, table, &address) || !table_is_read(c, table))
		return false;
	segment = kexec_find_segment(c, (struct efimap_span){ address, address });
	if (segment == EFIMAP_NO_SEGMENT || is_in_collision(c, address))
		return false;
	kexec_say_segment(c, say, segment);
	say_text(say, SAY_LOG_NAME, table->log_name);
	say_hex(say, SAY_ADDRESS, address);
	say_next(say, table_depends_on_next(c, table));
	if (is_tolerable(c, table))
		say_severity(say, EFIMAP_WARNING);
	return true;
}

bool rule_segment_collision(const struct check *c, struct say *say)
{
	return say->entry ? lands_on_entry(c, say->entry, say)
			 : lands_on_table(c, say->thing, say);
}

/* Both loaders give the image the memory that it takes to start, in whole pages. */
static bool is_of_other_image(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;
	const struct efimap_image *image = c->options->image;
	struct efimap_span span;
	uint64_t expected;

	if (!image || image->init_size == 0 || segments->kernel == EFIMAP_NO_SEGMENT)
		return false;
	span = segments->spans[segments->kernel];
	expected = efimap_whole_pages(image->init_size);
	kexec_say_segment(c, say, segments->kernel);
	say_text(say, SAY_IMAGE, image->name);
	say_hex(say, SAY_BYTES, span.last - span.first + 1);
	say_hex(say, SAY_EXPECTED, expected);
	say_as(say, AS_IMAGE);
	return span.last - span.first != expected - 1;
}

bool rule_kexec_log_mismatch(const struct check *c, struct say *say)
{
	const struct efimap_segments *segments = c->options->segments;

	if (!segments)
		return false;
	if (is_of_other_image(c, say))
		return true;
	say_as(say, AS_USUAL);
	for (size_t i = 0; i < segments->count && c->map->n_memmap > 0; i++) {
		kexec_say_segment(c, say, i);
		if (!table_find_ram(c, segments->spans[i].first) ||
		    !table_find_ram(c, segments->spans[i].last))
			return true;
	}
	return false;
}
