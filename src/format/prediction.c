/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-prediction document. It must not know how addresses are computed. */
#include "format/emulation.h"
#include "format/json.h"
#include "format/report_json.h"

static void put_address(struct json *json, const char *key, bool is_known, uint64_t value)
{
	if (is_known)
		json_put_hex(json, key, value);
	else
		json_put_text(json, key, NULL);
}

static void put_entry(struct json *json, const struct efimap_entry *entry,
		      const struct efimap_layout *layout, const struct efimap_layout_row *row)
{
	json_open_line_object(json, NULL);
	json_put_count(json, "index", entry->index);
	json_put_hex(json, "phys_addr", entry->phys);
	put_address(json, "virt_addr", layout->has_virt, entry->virt);
	put_address(json, "predicted", row->kind == EFIMAP_LAYOUT_EXACT, row->predicted);
	put_address(json, "bound",
		    row->kind == EFIMAP_LAYOUT_EXACT || row->kind == EFIMAP_LAYOUT_BOUND,
		    row->bound);
	json_put_bool(json, "possible",
		      !layout->has_virt || efimap_layout_row_admits(row, entry));
	json_close(json);
}

int efimap_prediction_write_json(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 struct efimap_out *out)
{
	struct json json;

	json_begin(&json, "efimap-prediction", map->name, false, out);
	json_put_text(&json, "order", efimap_layout_order_name(layout->order));
	json_open_array(&json, "entries");
	for (size_t i = 0; i < layout->n_rows && !out->error; i++)
		put_entry(&json, &map->entries[i], layout, &layout->rows[i]);
	json_close(&json);
	findings_put(&json, report);
	return json_end(&json);
}
