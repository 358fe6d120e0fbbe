/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Make the values of a capture that documents contain. */
#include "capture/installed_kernels.h"
#include "document/capture_json.h"
#include "document/json_values.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"

/* Return null, true or false. */
static json_t *known_json(enum known known)
{
	return known == EFIMAP_NOT_KNOWN ? json_null() : json_boolean(known == EFIMAP_KNOWN_YES);
}

static void put_kernel(json_t *object, const struct efimap *map)
{
	const bool has_release = capture_has(map, EFIMAP_SRC_VERSION) || *map->release.text;

	json_put(object, "release", json_text(has_release ? map->release.text : NULL));
	json_put(object, "booted_by", json_text(booted_by_name(find_booted_by(map))));
}

json_t *kernel_json(const struct efimap *map)
{
	json_t *object = json_object();

	put_kernel(object, map);
	return object;
}

static json_t *cpu_json(const struct efimap *map)
{
	json_t *object;

	if (!capture_has(map, EFIMAP_SRC_CPUINFO))
		return json_null();
	object = json_object();
	json_put(object, "physical_bits", json_count(map->phys_bits));
	if (map->no_gib_pages)
		json_put(object, "no_gib_pages", json_true());
	if (map->kernel_32bit)
		json_put(object, "kernel_32bit", json_true());
	if (map->la57)
		json_put(object, "la57", json_true());
	return object;
}

static json_t *tables_json(const struct efimap *map)
{
	json_t *object = json_object();

	for (size_t i = 0; i < map->n_tables; i++)
		json_put(object, map->tables[i].name, json_hex(map->tables[i].value));
	return object;
}

static json_t *installed_json(const struct installed_kernel *kernel)
{
	const struct kernel_image *header = &kernel->header;
	json_t *object = json_object();

	json_put(object, "image", json_text(header->name));
	json_put(object, "release", json_text_or_null(header->release));
	json_put(object, "size", json_count(kernel->size));
	json_put(object, "min_size", json_count(header->file_size));
	json_put(object, "unified", json_boolean(kernel->is_unified));
	json_put(object, "crash", json_boolean(kernel->is_crash));
	json_put(object, "loaded", json_boolean(kernel->is_loaded));
	json_put(object, "protocol", json_hex(header->version));
	json_put(object, "init_size", json_hex(header->init_size));
	json_put(object, "pref_address", json_hex(header->pref_address));
	json_put(object, "alignment", json_hex(header->alignment));
	json_put(object, "relocatable", json_boolean(header->is_relocatable));
	json_put(object, "xloadflags", json_hex(header->xloadflags));
	json_put(object, "setup_size", json_hex(header->setup_size));
	json_put(object, "initrd", json_text_or_null(kernel->initrd));
	json_put(object, "initrd_size",
		 kernel->has_initrd_size ? json_count(kernel->initrd_size) : json_null());
	return object;
}

static json_t *unread_json(const struct unread_kernel *kernel)
{
	json_t *object = json_object();

	json_put(object, "image", json_text_or_null(kernel->image));
	json_put(object, "file", json_text(kernel->fault.where));
	json_put(object, "release", json_text_or_null(kernel->release));
	json_put(object, "crash", json_boolean(kernel->is_crash));
	json_put(object, "setting", json_text_or_null(kernel->setting));
	json_put(object, "denied", json_boolean(kernel->fault.state == EFIMAP_STATE_DENIED));
	json_put(object, "message", json_text(kernel->fault.text));
	return object;
}

static void put_flag(json_t *object, const char *key, const struct value *value)
{
	json_put(object, key, value->is_known ? json_boolean(value->number) : json_null());
}

/* Add a number, of which -1 means that there is no limit. */
static void put_number(json_t *object, const char *key, const struct value *value)
{
	json_put(object, key, value->is_known ? json_integer(value->number) : json_null());
}

static json_t *kexec_json(const struct kexec_state *state)
{
	const struct value *values = state->values;
	const struct version *tools = &state->tools;
	const bool has_size = values[EFIMAP_VALUE_ELFCOREHDR_SIZE].is_known &&
			      values[EFIMAP_VALUE_ELFCOREHDR_SIZE].number > 0;
	json_t *object = json_object(), *areas = json_array();

	for (size_t i = 0; i < state->n_scratch; i++)
		json_array_append_new(areas, span_json(state->scratch[i]));
	json_put(object, "tools_version",
		 tools->major ? json_sprintf("%u.%u.%u", tools->major, tools->minor, tools->patch)
			      : json_null());
	json_put(object, "tools_installed", known_json(state->has_tools));
	put_flag(object, "loaded", &values[EFIMAP_VALUE_LOADED]);
	put_flag(object, "crash_loaded", &values[EFIMAP_VALUE_CRASH_LOADED]);
	put_number(object, "crash_size", &values[EFIMAP_VALUE_CRASH_SIZE]);
	put_flag(object, "load_disabled", &values[EFIMAP_VALUE_LOAD_DISABLED]);
	put_number(object, "load_limit_reboot", &values[EFIMAP_VALUE_REBOOT_LIMIT]);
	put_number(object, "load_limit_panic", &values[EFIMAP_VALUE_PANIC_LIMIT]);
	json_put(object, "lockdown",
		 json_text(state->lockdown ? lockdown_name(state->lockdown) : NULL));
	json_put(object, "kexec_load", known_json(state->config.options[EFIMAP_CONFIG_KEXEC]));
	json_put(object, "kexec_file_load",
		 known_json(state->config.options[EFIMAP_CONFIG_KEXEC_FILE]));
	json_put(object, "cma_total",
		 state->has_cma_total || state->lacks_cma_total ? json_count(state->cma_total)
								: json_null());
	json_put(object, "kho", known_json(state->kho));
	json_put(object, "kho_scratch", areas);
	json_put(object, "crash_elfcorehdr_size",
		 has_size ? json_integer(values[EFIMAP_VALUE_ELFCOREHDR_SIZE].number)
			  : json_null());
	put_number(object, "cpus_possible", &values[EFIMAP_VALUE_CPUS_POSSIBLE]);
	json_put(object, "crash_service",
		 json_text(state->crash.service ? crash_service_name(state->crash.service) : NULL));
	return object;
}

static json_t *states_json(const struct efimap *map)
{
	json_t *object = json_object();

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++)
		json_put(object, source_name(i), json_text(state_name(map->states[i])));
	return object;
}

static json_t *fault_json(const struct capture_fault *fault)
{
	json_t *object = json_object();

	json_put(object, "source", json_text(source_name(fault->source)));
	json_put(object, "kind", json_text(fault_state_name(fault->state)));
	json_put(object, "index",
		 fault->index == EFIMAP_NO_INDEX ? json_null() : json_count(fault->index));
	json_put(object, "line", json_count(fault->line));
	json_put(object, "path", json_text(fault->where));
	json_put(object, "message", json_text(fault->text));
	return object;
}

json_t *facts_json(const struct efimap *map)
{
	const bool has_cmdline = capture_has(map, EFIMAP_SRC_CMDLINE) || *map->cmdline;
	json_t *kernels = json_array(), *unread = json_array(), *faults = json_array();
	json_t *object = json_object();

	for (size_t i = 0; i < map->n_kernels; i++)
		json_array_append_new(kernels, installed_json(&map->kernels[i]));
	for (size_t i = 0; i < map->n_unread_kernels; i++)
		json_array_append_new(unread, unread_json(&map->unread_kernels[i]));
	for (size_t i = 0; i < map->n_faults; i++)
		json_array_append_new(faults, fault_json(&map->faults[i]));
	json_put(object, "mapping", json_text(mapping_name(mapping_mode(map))));
	put_kernel(object, map);
	json_put(object, "cmdline", json_text(has_cmdline ? map->cmdline : NULL));
	json_put(object, "cpu", cpu_json(map));
	json_put(object, "tables", tables_json(map));
	json_put(object, "kernels", kernels);
	json_put(object, "unread_kernels", unread);
	json_put(object, "kexec",
		 capture_has(map, EFIMAP_SRC_KEXEC) ? kexec_json(map->kexec) : json_null());
	json_put(object, "states", states_json(map));
	json_put(object, "faults", faults);
	return object;
}
