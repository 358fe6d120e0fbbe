/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What stands below the table of dump: one line on the whole map, then the findings. */
#include "format/dump.h"
#include "format/text.h"
#include "model/traits.h"

static const char *mapping_words(const struct efimap *map)
{
	switch (efimap_mapping(map)) {
	case EFIMAP_MAPPING_EFI_WINDOW:
		return "mapped in the EFI window";
	case EFIMAP_MAPPING_IDENTITY:
		return "mapped onto itself (identity)";
	case EFIMAP_MAPPING_DIRECT_MAP:
		return efimap_is_32bit_kernel(map) ?
			       "mapped among the addresses of a 32-bit kernel" :
			       "mapped in the kernel's direct map";
	case EFIMAP_MAPPING_MIXED:
		return "mapped in more than one way";
	case EFIMAP_MAPPING_UNKNOWN:
		break;
	}
	return "mapped in no way that Linux uses";
}

static const char *booted_words(enum efimap_booted_by booted_by)
{
	switch (booted_by) {
	case EFIMAP_BOOTED_BY_FIRMWARE:
		return "booted by firmware";
	case EFIMAP_BOOTED_BY_KEXEC:
		return "booted by kexec";
	case EFIMAP_BOOTED_BY_UNKNOWN:
		break;
	}
	return "not known what booted it";
}

static void put_total(const struct efimap *map, bool plain, struct efimap_out *out)
{
	uint64_t total = 0, bytes;

	for (size_t i = 0; i < map->n_entries; i++) {
		uint64_t pages = map->entries[i].pages;

		if (__builtin_mul_overflow(pages, EFIMAP_PAGE_SIZE, &bytes) ||
		    __builtin_add_overflow(total, bytes, &total)) {
			efimap_out_puts(out, plain ? "2^64 bytes or more" : "16E or more");
			return;
		}
	}
	if (plain)
		efimap_out_printf(out, "%llu bytes", (unsigned long long)total);
	else
		text_size(out, total);
}

/* A kernel's log shows no virtual address: where there is one, it was computed. */
static void put_mapping(const struct efimap *map, struct efimap_out *out)
{
	size_t predicted = 0, unknown = 0;

	for (size_t i = 0; i < map->n_entries; i++) {
		predicted += map->entries[i].virt_from == EFIMAP_VIRT_PREDICTED;
		unknown += map->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN;
	}
	if (unknown < map->n_entries)
		efimap_out_puts(out, mapping_words(map));
	if (unknown && unknown < map->n_entries)
		efimap_out_printf(out, ", %zu of %zu virtual addresses not known", unknown,
				  map->n_entries);
	else if (unknown)
		efimap_out_puts(out, "virtual addresses not known");
	if (predicted)
		efimap_out_puts(out, ", virtual addresses predicted");
}

void dump_put_total(const struct efimap *map, bool bytes, struct efimap_out *out)
{
	const char *release = map->release.text;

	text_plural(out, map->n_entries, "entry", "entries");
	if (map->n_entries) {
		efimap_out_puts(out, ", ");
		put_total(map, bytes, out);
		efimap_out_puts(out, "; ");
		put_mapping(map, out);
	}
	efimap_out_puts(out, "; ");
	efimap_out_puts(out, booted_words(efimap_booted_by(map)));
	efimap_out_puts(out, "; kernel ");
	efimap_out_safe(out, release && *release ? release : "unknown");
}

static bool lists_findings(const struct efimap_report *report, bool notes)
{
	return report->counts[EFIMAP_ERROR] || report->counts[EFIMAP_WARNING] ||
	       (notes && report->counts[EFIMAP_NOTE]);
}

int dump_write_summary(const struct dump_view *view,
		       const struct efimap_dump_options *options, struct efimap_out *out)
{
	struct efimap_text_options text = {
		.color = options->color,
		.notes = options->notes,
	};

	dump_put_total(view->map, view->bytes, out);
	efimap_out_putc(out, '\n');
	if (lists_findings(view->report, options->notes))
		efimap_out_putc(out, '\n');
	return efimap_report_write_text(view->report, &text, out);
}
