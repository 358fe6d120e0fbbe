/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The efimap-pagetable document. It must not know how tables are built. */
#include "format/emulation.h"
#include "format/json.h"
#include "format/report_json.h"

static void put_index(struct json *json, const struct efimap *map, size_t position)
{
	if (position == EFIMAP_NO_POSITION)
		json_put_text(json, "index", NULL);
	else
		json_put_count(json, "index", map->entries[position].index);
}

static void put_leaves(struct json *json, const struct efimap_pagetable *table)
{
	json_open_line_object(json, "leaves");
	json_put_count(json, "4k", table->leaves[EFIMAP_LEAF_4K]);
	json_put_count(json, "2m", table->leaves[EFIMAP_LEAF_2M]);
	json_put_count(json, "1g", table->leaves[EFIMAP_LEAF_1G]);
	json_close(json);
}

static void put_pointers(struct json *json, const struct efimap_pagetable_view *view)
{
	json_open_array(json, "pointers");
	for (size_t i = 0; i < view->n_pointers; i++) {
		const struct efimap_pointer *pointer = &view->pointers[i];

		json_open_line_object(json, NULL);
		json_put_text(json, "name", pointer->name);
		json_put_hex(json, "value", pointer->value);
		json_put_text(json, "reach", efimap_reach_name(pointer->reach));
		put_index(json, view->map, pointer->position);
		json_close(json);
	}
	json_close(json);
}

static void put_skipped(struct json *json, const struct efimap_pagetable_view *view)
{
	json_open_array(json, "left_out");
	for (size_t i = 0; i < view->table->n_skips && !json->out->error; i++) {
		const struct efimap_pagetable_skip *skip = &view->table->skips[i];

		json_open_line_object(json, NULL);
		put_index(json, view->map, skip->position);
		json_put_text(json, "mapping", skip->identity ? "identity" : "virtual");
		json_put_text(json, "why", efimap_pagetable_reason_text(skip->reason));
		json_close(json);
	}
	json_close(json);
}

int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out)
{
	const struct efimap_pagetable *table = view->table;
	struct json json;

	json_begin(&json, "efimap-pagetable", view->map->name, false, out);
	json_put_text(&json, "mode", efimap_pagetable_mode_name(view->mode));
	json_put_hex(&json, "base", table->base);
	json_put_count(&json, "pages", table->n_pages);
	json_put_count(&json, "bytes", table->n_pages * EFIMAP_PAGE_SIZE);
	put_leaves(&json, table);
	put_pointers(&json, view);
	put_skipped(&json, view);
	if (view->report) {
		findings_put(&json, view->report);
	} else {
		json_open_array(&json, "findings");
		json_close(&json);
	}
	return json_end(&json);
}
