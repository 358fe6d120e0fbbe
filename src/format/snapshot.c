/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-snapshot document: everything that is in a capture, record by record on a
 * line each. The counterpart is src/read/snapshot.c; what has to be equal on both sides is
 * tested as a round trip. Must not judge, nor leave out what looks wrong.
 */
#include <errno.h>

#include <efimap/fingerprint.h>
#include <efimap/format.h>
#include <efimap/snapshot.h>
#include <efimap/traits.h>

#include "json.h"

static bool is_present(const struct efimap *map, enum efimap_source source)
{
	return map->states[source] == EFIMAP_STATE_PRESENT;
}

/* A text that only counts while its source was read: an empty one can be a fact. */
static json_t *text_of(const struct efimap *map, enum efimap_source source,
		       const char *text)
{
	return json_text(is_present(map, source) || *text ? text : NULL);
}

static json_t *kernel_value(const struct efimap *map)
{
	json_t *kernel = json_object();

	json_member(&kernel, "release",
		    text_of(map, EFIMAP_SRC_VERSION, map->release.text));
	json_member(&kernel, "booted_by",
		    json_text(efimap_booted_by_name(efimap_booted_by(map))));
	return kernel;
}

static json_t *cpu_value(const struct efimap *map)
{
	json_t *cpu = json_object();

	json_member(&cpu, "physical_bits",
		    is_present(map, EFIMAP_SRC_CPUINFO) ? json_count(map->phys_bits)
							: json_null());
	return cpu;
}

static json_t *dmi_value(const struct efimap *map)
{
	json_t *dmi = json_object();

	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		json_member(&dmi, efimap_dmi_name((enum efimap_dmi)i),
			    json_text(*map->dmi[i] ? map->dmi[i] : NULL));
	return dmi;
}

static json_t *states_value(const struct efimap *map)
{
	json_t *states = json_object();

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		json_member(&states, efimap_source_name((enum efimap_source)i),
			    json_text(efimap_state_name(map->states[i])));
	return states;
}

/* Of a name that stands twice every reader takes the first. */
static json_t *pairs_value(const struct efimap_pair *pairs, size_t count)
{
	json_t *object = json_object();

	for (size_t i = 0; i < count; i++)
		if (object && !json_object_get(object, pairs[i].name))
			json_member(&object, pairs[i].name, json_hex(pairs[i].value));
	return object;
}

static json_t *pointer_value(const struct efimap *map, enum efimap_source source,
			     uint64_t value)
{
	return is_present(map, source) ? json_hex(value) : json_null();
}

static json_t *efi_value(const struct efimap *map)
{
	json_t *efi = json_object();

	json_member(&efi, "fw_platform_size",
		    is_present(map, EFIMAP_SRC_FW_PLATFORM_SIZE) ?
			    json_count(map->platform_size) :
			    json_null());
	json_member(&efi, "fw_vendor",
		    pointer_value(map, EFIMAP_SRC_FW_VENDOR, map->fw_vendor));
	json_member(&efi, "runtime", pointer_value(map, EFIMAP_SRC_RUNTIME, map->runtime));
	json_member(&efi, "config_table",
		    pointer_value(map, EFIMAP_SRC_CONFIG_TABLE, map->config_table));
	json_member(&efi, "systab", pairs_value(map->systab, map->n_systab));
	return efi;
}

static json_t *names_value(const struct efimap *map)
{
	json_t *names = json_array();

	for (size_t i = 0; i < map->n_names; i++)
		json_element(&names, json_count(map->names[i]));
	return names;
}

static json_t *entry_value(const struct efimap_entry *entry)
{
	json_t *value = json_object();

	json_member(&value, "index", json_count(entry->index));
	json_member(&value, "type", json_hex(entry->type));
	json_member(&value, "attribute", json_hex(entry->attribute));
	json_member(&value, "phys_addr", json_hex(entry->phys));
	json_member(&value, "virt_addr",
		    entry->virt_from == EFIMAP_VIRT_UNKNOWN ? json_null() :
							      json_hex(entry->virt));
	if (entry->virt_from != EFIMAP_VIRT_READ)
		json_member(&value, "virt_addr_predicted",
			    json_boolean(entry->virt_from == EFIMAP_VIRT_PREDICTED));
	json_member(&value, "num_pages", json_hex(entry->pages));
	return value;
}

static json_t *range_value(const struct efimap_range *range)
{
	json_t *value = json_object();

	json_member(&value, "index", json_count(range->index));
	json_member(&value, "start", json_hex(range->start));
	json_member(&value, "end", json_hex(range->end));
	json_member(&value, "type", json_text(range->label));
	return value;
}

static json_t *resource_value(const struct efimap_resource *line)
{
	json_t *value = json_object();

	json_member(&value, "depth", json_count(line->depth));
	json_member(&value, "start", json_hex(line->span.first));
	json_member(&value, "end", json_hex(line->span.last));
	json_member(&value, "name", json_text(line->name));
	return value;
}

static json_t *fault_value(const struct efimap_fault *fault)
{
	json_t *value = json_object();

	json_member(&value, "source", json_text(efimap_source_name(fault->source)));
	json_member(&value, "kind", json_text(efimap_fault_kind_name(fault->kind)));
	json_member(&value, "index", fault->index == EFIMAP_NO_INDEX ?
					     json_null() :
					     json_count(fault->index));
	json_member(&value, "line", json_count(fault->line));
	json_member(&value, "path", json_text(fault->where));
	json_member(&value, "message", json_text(fault->text));
	return value;
}

/* Only a kernel's log has one; a map from files says nothing of where it is from. */
static void put_origin_of_map(struct json *json, const struct efimap *map)
{
	if (map->map_from != EFIMAP_MAP_FROM_FILES)
		json_put(json, "runtime_map_from",
			 json_text(efimap_map_from_name(map->map_from)));
	if (!map->n_firmware)
		return;
	json_open_array(json, "firmware_map");
	for (size_t i = 0; i < map->n_firmware && !json->out->error; i++)
		json_put(json, NULL, entry_value(&map->firmware[i]));
	json_close(json);
}

static void put_maps(struct json *json, const struct efimap *map)
{
	put_origin_of_map(json, map);
	json_open_array(json, "runtime_map");
	for (size_t i = 0; i < map->n_entries && !json->out->error; i++)
		json_put(json, NULL, entry_value(&map->entries[i]));
	json_close(json);
	json_put(json, "names", names_value(map));
	json_open_array(json, "memmap");
	for (size_t i = 0; i < map->n_memmap && !json->out->error; i++)
		json_put(json, NULL, range_value(&map->memmap[i]));
	json_close(json);
	json_open_array(json, "iomem");
	for (size_t i = 0; i < map->n_iomem && !json->out->error; i++)
		json_put(json, NULL, resource_value(&map->iomem[i]));
	json_close(json);
}

static json_t *efi_info_value(const struct efimap_efi_info *info)
{
	json_t *value = json_object();

	json_member(&value, "signature", json_text(info->signature));
	json_member(&value, "systab", json_hex(info->systab));
	json_member(&value, "desc_size", json_hex(info->desc_size));
	json_member(&value, "desc_version", json_count(info->desc_version));
	json_member(&value, "memmap", json_hex(info->memmap));
	json_member(&value, "memmap_size", json_hex(info->memmap_size));
	return value;
}

static json_t *payload_value(const struct efimap_setup_node *node)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * EFIMAP_EFI_PAYLOAD_SIZE + 1];
	size_t used = 0;

	for (size_t i = 0; i < node->payload_size && i < EFIMAP_EFI_PAYLOAD_SIZE; i++) {
		text[used++] = digits[node->payload[i] >> 4];
		text[used++] = digits[node->payload[i] & 15];
	}
	text[used] = '\0';
	return json_text(text);
}

static json_t *node_value(const struct efimap_setup_node *node)
{
	json_t *value = json_object();

	json_member(&value, "index", json_count(node->index));
	json_member(&value, "type", json_hex(node->type));
	json_member(&value, "length", json_hex(node->len));
	/* All other payloads can be keys; see the header. */
	if (node->type == EFIMAP_SETUP_EFI)
		json_member(&value, "payload", payload_value(node));
	return value;
}

static void put_boot_params(struct json *json, const struct efimap *map)
{
	const struct efimap_boot_params *params = &map->boot_params;
	bool known = is_present(map, EFIMAP_SRC_BOOT_PARAMS);

	json_open_object(json, "boot_params");
	json_put(json, "efi_info", known ? efi_info_value(&params->efi_info) : json_null());
	json_put(json, "acpi_rsdp_addr",
		 known ? json_hex(params->acpi_rsdp_addr) : json_null());
	json_put(json, "setup_data_addr", known ? json_hex(params->setup_data) : json_null());
	json_put(json, "version", known ? json_hex(params->version) : json_null());
	json_put(json, "xloadflags", known ? json_hex(params->xloadflags) : json_null());
	json_put(json, "type_of_loader",
		 known ? json_hex(params->type_of_loader) : json_null());
	json_put(json, "secure_boot", known ? json_count(params->secure_boot) : json_null());
	json_put(json, "e820_entries",
		 known ? json_count(params->e820_entries) : json_null());
	json_open_array(json, "setup_data");
	for (size_t i = 0; i < map->n_setup_data && !json->out->error; i++)
		json_put(json, NULL, node_value(&map->setup_data[i]));
	json_close(json);
	json_close(json);
}

static void put_end(struct json *json, const struct efimap *map)
{
	char text[EFIMAP_FINGERPRINT_SIZE];
	int ret = efimap_fingerprint(map, text);

	json_open_array(json, "faults");
	for (size_t i = 0; i < map->n_faults && !json->out->error; i++)
		json_put(json, NULL, fault_value(&map->faults[i]));
	json_close(json);
	if (ret == -ENOMEM)
		json_put(json, "fingerprint", NULL);
	else
		json_put(json, "fingerprint", json_text(ret ? NULL : text));
}

int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, EFIMAP_SNAPSHOT_DOCUMENT, map->first_name, compact, out);
	json_put(&json, "origin", json_text(efimap_origin_name(efimap_first_origin(map))));
	json_put(&json, "boot_id", text_of(map, EFIMAP_SRC_BOOT_ID, map->boot_id));
	json_put(&json, "kernel", kernel_value(map));
	json_put(&json, "cmdline", text_of(map, EFIMAP_SRC_CMDLINE, map->cmdline));
	json_put(&json, "cpu", cpu_value(map));
	json_put(&json, "dmi", dmi_value(map));
	json_put(&json, "states", states_value(map));
	json_put(&json, "efi", efi_value(map));
	json_put(&json, "tables", pairs_value(map->tables, map->n_tables));
	if (map->services_lost)
		json_put(&json, "services_lost", json_true());
	put_maps(&json, map);
	put_boot_params(&json, map);
	put_end(&json, map);
	return json_end(&json);
}
