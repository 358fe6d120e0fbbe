/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-dump document. The entries are written one by one, so that a map of any size
 * takes the memory of one entry.
 */
#include <efimap/traits.h>

#include "dump.h"
#include "json.h"

static json_t *kernel_value(const struct efimap *map)
{
	const char *release = map->release.text;
	json_t *kernel = json_object();

	json_member(&kernel, "release", json_text(release && *release ? release : NULL));
	json_member(&kernel, "booted_by",
		    json_text(efimap_booted_by_name(efimap_booted_by(map))));
	return kernel;
}

static json_t *attribute_names(uint64_t attribute)
{
	json_t *names = json_array();
	const char *name;
	size_t from = 0;
	char buf[24];

	while ((name = entry_attr_name(&attribute, &from, buf)))
		json_element(&names, json_text(name));
	return names;
}

static json_t *labels_value(struct labels *labels, size_t position)
{
	json_t *texts = json_array();
	const char *label;

	labels_start(labels, position);
	while ((label = labels_next(labels)))
		json_element(&texts, json_text(label));
	return texts;
}

static json_t *rules_value(const struct dump_view *view, size_t position)
{
	const struct efimap_rule *rule;
	json_t *names = json_array();
	size_t from = 0;

	while ((rule = dump_view_rule(view, position, &from)))
		json_element(&names, json_text(rule->name));
	return names;
}

static json_t *entry_value(struct dump_view *view, size_t position)
{
	const struct efimap_entry *entry = &view->map->entries[position];
	char type_name[EFIMAP_TYPE_NAME_SIZE];
	json_t *value = json_object();
	struct efimap_span span;
	bool ends = !efimap_entry_phys(entry, &span);

	json_member(&value, "index", json_count(entry->index));
	json_member(&value, "type", json_hex(entry->type));
	json_member(&value, "type_name",
		    json_text(efimap_type_name(entry->type, type_name)));
	json_member(&value, "attribute", json_hex(entry->attribute));
	json_member(&value, "attribute_names", attribute_names(entry->attribute));
	json_member(&value, "phys_addr", json_hex(entry->phys));
	json_member(&value, "phys_end", ends ? json_hex(span.last) : json_null());
	json_member(&value, "virt_addr", json_hex(entry->virt));
	json_member(&value, "num_pages", json_hex(entry->pages));
	json_member(&value, "memmap", labels_value(&view->memmap, position));
	json_member(&value, "iomem", labels_value(&view->iomem, position));
	json_member(&value, "rules", rules_value(view, position));
	return value;
}

int dump_write_json(struct dump_view *view, bool compact, struct efimap_out *out)
{
	const struct efimap *map = view->map;
	struct json json;

	json_begin(&json, "efimap-dump", map->name, compact, out);
	json_put(&json, "mapping", json_text(efimap_mapping_name(efimap_mapping(map))));
	json_put(&json, "kernel", kernel_value(map));
	json_open_array(&json, "entries");
	for (size_t i = 0; i < map->n_entries && !out->error; i++)
		json_put(&json, NULL, entry_value(view, i));
	json_close(&json);
	return json_end(&json);
}
