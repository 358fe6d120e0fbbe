/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-snapshot document: everything that is in a capture, record by record on a
 * line each. The counterpart is src/read/snapshot.c; what has to be equal on both sides is
 * tested as a round trip. Must not judge, nor leave out what looks wrong.
 */
#include <errno.h>

#include "format/format.h"
#include "format/json.h"
#include "model/fingerprint.h"
#include "model/snapshot.h"
#include "model/traits.h"

/* A text that only counts while its source was read: an empty one can be a fact. */
static void put_text_of(struct json *json, const char *key, const struct efimap *map,
			enum efimap_source source, const char *text)
{
	json_put_text(json, key, efimap_has(map, source) || *text ? text : NULL);
}

static void put_hex_if(struct json *json, const char *key, bool known, uint64_t value)
{
	if (known)
		json_put_hex(json, key, value);
	else
		json_put_null(json, key);
}

static void put_count_if(struct json *json, const char *key, bool known, size_t value)
{
	if (known)
		json_put_count(json, key, value);
	else
		json_put_null(json, key);
}

static void put_kernel(struct json *json, const struct efimap *map)
{
	json_open_line_object(json, "kernel");
	put_text_of(json, "release", map, EFIMAP_SRC_VERSION, map->release.text);
	json_put_text(json, "booted_by", efimap_booted_by_name(efimap_booted_by(map)));
	json_close(json);
}

/* Of a log with more than one boot, which of them all this is about. */
static void put_log_boots(struct json *json, const struct efimap *map)
{
	if (map->n_boots < 2)
		return;
	json_open_line_object(json, "log_boots");
	json_put_count(json, "count", map->n_boots);
	json_put_count(json, "number", map->boot);
	json_close(json);
}

static void put_cpu(struct json *json, const struct efimap *map)
{
	json_open_line_object(json, "cpu");
	put_count_if(json, "physical_bits", efimap_has(map, EFIMAP_SRC_CPUINFO),
		     map->phys_bits);
	if (map->no_gib_pages)
		json_put_bool(json, "no_gib_pages", true);
	if (map->kernel_32bit)
		json_put_bool(json, "kernel_32bit", true);
	json_close(json);
}

static void put_dmi(struct json *json, const struct efimap *map)
{
	json_open_line_object(json, "dmi");
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		json_put_text(json, efimap_dmi_name((enum efimap_dmi)i),
			      *map->dmi[i] ? map->dmi[i] : NULL);
	json_close(json);
}

static void put_states(struct json *json, const struct efimap *map)
{
	json_open_line_object(json, "states");
	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		json_put_text(json, efimap_source_name((enum efimap_source)i),
			      efimap_state_name(map->states[i]));
	json_close(json);
}

/* No name stands twice: efimap_seal() keeps the first, as every reader does. */
static void put_pairs(struct json *json, const char *key, const struct efimap_pair *pairs,
		      size_t count)
{
	json_open_line_object(json, key);
	for (size_t i = 0; i < count; i++)
		json_put_hex(json, pairs[i].name, pairs[i].value);
	json_close(json);
}

static void put_efi(struct json *json, const struct efimap *map)
{
	json_open_line_object(json, "efi");
	put_count_if(json, "fw_platform_size",
		     efimap_has(map, EFIMAP_SRC_FW_PLATFORM_SIZE), map->platform_size);
	put_hex_if(json, "fw_vendor", efimap_has(map, EFIMAP_SRC_FW_VENDOR), map->fw_vendor);
	put_hex_if(json, "runtime", efimap_has(map, EFIMAP_SRC_RUNTIME), map->runtime);
	put_hex_if(json, "config_table", efimap_has(map, EFIMAP_SRC_CONFIG_TABLE),
		   map->config_table);
	put_pairs(json, "systab", map->systab, map->n_systab);
	json_close(json);
}

static void put_entry(struct json *json, const struct efimap_entry *entry)
{
	json_open_line_object(json, NULL);
	json_put_count(json, "index", entry->index);
	json_put_hex(json, "type", entry->type);
	json_put_hex(json, "attribute", entry->attribute);
	json_put_hex(json, "phys_addr", entry->phys);
	put_hex_if(json, "virt_addr", entry->virt_from != EFIMAP_VIRT_UNKNOWN, entry->virt);
	if (entry->virt_from != EFIMAP_VIRT_READ)
		json_put_bool(json, "virt_addr_predicted",
			      entry->virt_from == EFIMAP_VIRT_PREDICTED);
	json_put_hex(json, "num_pages", entry->pages);
	json_close(json);
}

static void put_range(struct json *json, const struct efimap_range *range)
{
	json_open_line_object(json, NULL);
	json_put_count(json, "index", range->index);
	json_put_hex(json, "start", range->start);
	json_put_hex(json, "end", range->end);
	json_put_text(json, "type", range->label);
	json_close(json);
}

static void put_resource(struct json *json, const struct efimap_resource *line)
{
	json_open_line_object(json, NULL);
	json_put_count(json, "depth", line->depth);
	json_put_hex(json, "start", line->span.first);
	json_put_hex(json, "end", line->span.last);
	json_put_text(json, "name", line->name);
	json_close(json);
}

static void put_fault(struct json *json, const struct efimap_fault *fault)
{
	json_open_line_object(json, NULL);
	json_put_text(json, "source", efimap_source_name(fault->source));
	json_put_text(json, "kind", efimap_fault_kind_name(fault->kind));
	put_count_if(json, "index", fault->index != EFIMAP_NO_INDEX, fault->index);
	json_put_count(json, "line", fault->line);
	json_put_text(json, "path", fault->where);
	json_put_text(json, "message", fault->text);
	json_close(json);
}

static void put_entries(struct json *json, const char *key,
			const struct efimap_entry *entries, size_t count)
{
	json_open_array(json, key);
	for (size_t i = 0; i < count && !json->out->error; i++)
		put_entry(json, &entries[i]);
	json_close(json);
}

static void put_maps(struct json *json, const struct efimap *map)
{
	/* Only a kernel's log has these; a map from files says nothing of where it is from. */
	if (map->map_from != EFIMAP_MAP_FROM_FILES)
		json_put_text(json, "runtime_map_from", efimap_map_from_name(map->map_from));
	if (map->n_firmware)
		put_entries(json, "firmware_map", map->firmware, map->n_firmware);
	put_entries(json, "runtime_map", map->entries, map->n_entries);
	json_open_line_array(json, "names");
	for (size_t i = 0; i < map->n_names && !json->out->error; i++)
		json_put_count(json, NULL, map->names[i]);
	json_close(json);
	json_open_array(json, "memmap");
	for (size_t i = 0; i < map->n_memmap && !json->out->error; i++)
		put_range(json, &map->memmap[i]);
	json_close(json);
	json_open_array(json, "iomem");
	for (size_t i = 0; i < map->n_iomem && !json->out->error; i++)
		put_resource(json, &map->iomem[i]);
	json_close(json);
}

static void put_efi_info(struct json *json, bool known, const struct efimap_efi_info *info)
{
	if (!known) {
		json_put_null(json, "efi_info");
		return;
	}
	json_open_line_object(json, "efi_info");
	json_put_text(json, "signature", info->signature);
	json_put_hex(json, "systab", info->systab);
	json_put_hex(json, "desc_size", info->desc_size);
	json_put_count(json, "desc_version", info->desc_version);
	json_put_hex(json, "memmap", info->memmap);
	json_put_hex(json, "memmap_size", info->memmap_size);
	json_close(json);
}

static void put_payload(struct json *json, const struct efimap_setup_node *node)
{
	static const char digits[] = "0123456789abcdef";
	char text[2 * EFIMAP_EFI_PAYLOAD_SIZE + 1];
	size_t used = 0;

	for (size_t i = 0; i < node->payload_size && i < EFIMAP_EFI_PAYLOAD_SIZE; i++) {
		text[used++] = digits[node->payload[i] >> 4];
		text[used++] = digits[node->payload[i] & 15];
	}
	text[used] = '\0';
	json_put_text(json, "payload", text);
}

static void put_node(struct json *json, const struct efimap_setup_node *node)
{
	json_open_line_object(json, NULL);
	json_put_count(json, "index", node->index);
	json_put_hex(json, "type", node->type);
	json_put_hex(json, "length", node->len);
	/* All other payloads can be keys; see the header. */
	if (node->type == EFIMAP_SETUP_EFI)
		put_payload(json, node);
	json_close(json);
}

static void put_boot_params(struct json *json, const struct efimap *map)
{
	const struct efimap_boot_params *params = &map->boot_params;
	const bool known = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS);

	json_open_object(json, "boot_params");
	put_efi_info(json, known, &params->efi_info);
	put_hex_if(json, "acpi_rsdp_addr", known, params->acpi_rsdp_addr);
	put_hex_if(json, "setup_data_addr", known, params->setup_data);
	put_hex_if(json, "version", known, params->version);
	put_hex_if(json, "xloadflags", known, params->xloadflags);
	put_hex_if(json, "type_of_loader", known, params->type_of_loader);
	put_count_if(json, "secure_boot", known, params->secure_boot);
	put_count_if(json, "e820_entries", known, params->e820_entries);
	json_open_array(json, "setup_data");
	for (size_t i = 0; i < map->n_setup_data && !json->out->error; i++)
		put_node(json, &map->setup_data[i]);
	json_close(json);
	json_close(json);
}

static void put_end(struct json *json, const struct efimap *map)
{
	char text[EFIMAP_FINGERPRINT_SIZE];
	int ret = efimap_fingerprint(map, text);

	json_open_array(json, "faults");
	for (size_t i = 0; i < map->n_faults && !json->out->error; i++)
		put_fault(json, &map->faults[i]);
	json_close(json);
	if (ret == -ENOMEM && !json->out->error)
		json->out->error = ret;
	json_put_text(json, "fingerprint", ret ? NULL : text);
}

int efimap_snapshot_write(const struct efimap *map, bool compact, struct efimap_out *out)
{
	struct json json;

	json_begin(&json, EFIMAP_SNAPSHOT_DOCUMENT, map->first_name, compact, out);
	json_put_text(&json, "origin", efimap_origin_name(efimap_first_origin(map)));
	put_text_of(&json, "boot_id", map, EFIMAP_SRC_BOOT_ID, map->boot_id);
	put_log_boots(&json, map);
	put_kernel(&json, map);
	put_text_of(&json, "cmdline", map, EFIMAP_SRC_CMDLINE, map->cmdline);
	put_cpu(&json, map);
	put_dmi(&json, map);
	put_states(&json, map);
	put_efi(&json, map);
	put_pairs(&json, "tables", map->tables, map->n_tables);
	if (map->services_lost)
		json_put_bool(&json, "services_lost", true);
	if (map->width_mismatch)
		json_put_bool(&json, "width_mismatch", true);
	if (map->encrypted)
		json_put_bool(&json, "encrypted", true);
	put_maps(&json, map);
	put_boot_params(&json, map);
	put_end(&json, map);
	return json_end(&json);
}
