/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-dump document. The entries are written one by one, so that a map of any size
 * takes the memory of one entry.
 */
#include "format/dump.h"
#include "format/json.h"
#include "model/traits.h"

static void put_kernel(struct json *json, const struct efimap *map)
{
	const char *release = map->release.text;

	json_open_line_object(json, "kernel");
	json_put_text(json, "release", release && *release ? release : NULL);
	json_put_text(json, "booted_by", efimap_booted_by_name(efimap_booted_by(map)));
	json_close(json);
}

static void put_attribute_names(struct json *json, uint64_t attribute)
{
	const char *name;
	size_t from = 0;
	char buf[24];

	json_open_line_array(json, "attribute_names");
	while ((name = entry_attr_name(&attribute, &from, buf)))
		json_put_text(json, NULL, name);
	json_close(json);
}

static void put_labels(struct json *json, const char *key, struct labels *labels,
		       size_t position)
{
	const char *label;

	json_open_line_array(json, key);
	labels_start(labels, position);
	while ((label = labels_next(labels)))
		json_put_text(json, NULL, label);
	json_close(json);
}

static void put_rules(struct json *json, const struct dump_view *view, size_t position)
{
	const struct efimap_rule *rule;
	size_t from = 0;

	json_open_line_array(json, "rules");
	while ((rule = dump_view_rule(view, position, &from)))
		json_put_text(json, NULL, rule->name);
	json_close(json);
}

void dump_put_entry(struct json *json, struct dump_view *view, size_t position)
{
	const struct efimap_entry *entry = &view->map->entries[position];
	char type_name[EFIMAP_TYPE_NAME_SIZE];
	struct efimap_span span;

	json_open_line_object(json, NULL);
	json_put_count(json, "index", entry->index);
	json_put_hex(json, "type", entry->type);
	json_put_text(json, "type_name", efimap_type_name(entry->type, type_name));
	json_put_hex(json, "attribute", entry->attribute);
	put_attribute_names(json, entry->attribute);
	json_put_hex(json, "phys_addr", entry->phys);
	if (efimap_entry_phys(entry, &span) == 0)
		json_put_hex(json, "phys_end", span.last);
	else
		json_put_text(json, "phys_end", NULL);
	if (entry->virt_from == EFIMAP_VIRT_UNKNOWN)
		json_put_text(json, "virt_addr", NULL);
	else
		json_put_hex(json, "virt_addr", entry->virt);
	if (entry->virt_from != EFIMAP_VIRT_READ)
		json_put_bool(json, "virt_addr_predicted",
			      entry->virt_from == EFIMAP_VIRT_PREDICTED);
	json_put_hex(json, "num_pages", entry->pages);
	put_labels(json, "memmap", &view->memmap, position);
	put_labels(json, "iomem", &view->iomem, position);
	put_rules(json, view, position);
	json_close(json);
}

int dump_write_json(struct dump_view *view, bool compact, struct efimap_out *out)
{
	const struct efimap *map = view->map;
	struct json json;

	json_begin(&json, "efimap-dump", map->name, compact, out);
	json_put_text(&json, "mapping", efimap_mapping_name(efimap_mapping(map)));
	put_kernel(&json, map);
	json_open_array(&json, "entries");
	for (size_t i = 0; i < map->n_entries && !out->error; i++)
		dump_put_entry(&json, view, i);
	json_close(&json);
	return json_end(&json);
}
