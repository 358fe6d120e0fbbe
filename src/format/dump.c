/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* dump: gather what is known of each entry, then hand it to the writer that was asked
 * for. */
#include <errno.h>

#include "format/dump.h"

int efimap_dump_write(const struct efimap *map, const struct efimap_report *report,
		      const struct efimap_dump_options *options, struct efimap_out *out)
{
	struct efimap_dump_options chosen = *options;
	size_t defaults[EFIMAP_MAX_COLUMNS];
	struct dump_view view;
	int r;

	if (!chosen.n_columns) {
		chosen.n_columns = columns_default(defaults);
		chosen.columns = defaults;
	}
	r = dump_view_open(map, report, chosen.bytes, &view);
	if (r) {
		dump_view_close(&view);
		return r;
	}
	switch (chosen.format) {
	case EFIMAP_DUMP_TABLE:
		r = dump_write_table(&view, &chosen, out);
		break;
	case EFIMAP_DUMP_JSON:
	case EFIMAP_DUMP_NDJSON:
		r = dump_write_json(&view, chosen.format == EFIMAP_DUMP_NDJSON, out);
		break;
	case EFIMAP_DUMP_CSV:
	case EFIMAP_DUMP_PAIRS:
	case EFIMAP_DUMP_RAW:
		r = dump_write_lines(&view, &chosen, out);
		break;
	default:
		r = -EINVAL;
		break;
	}
	dump_view_close(&view);
	return r;
}
