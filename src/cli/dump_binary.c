/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump --format=setup-data and --format=efi-memmap. Which bytes they are is the emulate
 * room's business; here it is said why a loader would pass none.
 */
#include <errno.h>

#include "cli/dump_binary.h"

enum {
	KEY_LOADER = 0x200,
	KEY_ORDER,
	KEY_DESC_SIZE,
};

static const struct argp_option options[] = {
	{ "loader", KEY_LOADER, "LOADER", 0,
	  "with setup-data and efi-memmap: who hands over, kexec-tools (kexec_load, the default) "
	  "or kernel (kexec_file_load)", 0 },
	{ "order", KEY_ORDER, "ORDER", 0,
	  "with efi-memmap: descriptors by index, or as kernfs lists them; default: as the loader "
	  "does", 0 },
	{ "desc-size", KEY_DESC_SIZE, "N", 0,
	  "with efi-memmap: bytes of a descriptor; default: as the loader has it", 0 },
	{ 0 },
};

static enum efimap_handover_order parse_order(const struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "index", "kernfs" };

	return common_choice(state, "order", arg, names, 2) ? EFIMAP_HANDOVER_ORDER_KERNFS :
							      EFIMAP_HANDOVER_ORDER_INDEX;
}

static error_t dump_binary_option(int key, char *arg, struct argp_state *state)
{
	struct dump_binary *binary = state->input;

	switch (key) {
	case KEY_LOADER:
		binary->how.loader = common_loader(state, arg);
		break;
	case KEY_ORDER:
		binary->how.order = parse_order(state, arg);
		binary->is_of_memmap = true;
		break;
	case KEY_DESC_SIZE:
		binary->how.desc_size = common_number(state, "desc-size", arg,
						      EFIMAP_DESC_SIZE, EFIMAP_DESC_SIZE_MAX);
		binary->is_of_memmap = true;
		break;
	default:
		return ARGP_ERR_UNKNOWN;
	}
	binary->is_chosen = true;
	return 0;
}

const struct argp dump_binary_argp = { .options = options, .parser = dump_binary_option };

/* The file that kexec-tools would fail on, EFIMAP_SRC_COUNT for another reason. */
static enum efimap_source source_of(enum efimap_handover_reason reason)
{
	switch (reason) {
	case EFIMAP_HANDOVER_NO_PARAMS:
		return EFIMAP_SRC_BOOT_PARAMS;
	case EFIMAP_HANDOVER_NO_SYSTAB:
		return EFIMAP_SRC_SYSTAB;
	case EFIMAP_HANDOVER_NO_FW_VENDOR:
		return EFIMAP_SRC_FW_VENDOR;
	case EFIMAP_HANDOVER_NO_RUNTIME:
		return EFIMAP_SRC_RUNTIME;
	case EFIMAP_HANDOVER_NO_CONFIG_TABLE:
		return EFIMAP_SRC_CONFIG_TABLE;
	default:
		return EFIMAP_SRC_COUNT;
	}
}

/* Nothing to hand over is 4; something that cannot be read or used is 5 or 3. */
static enum status status_of(const struct efimap *map, enum efimap_handover_reason reason)
{
	const enum efimap_source source = source_of(reason);

	switch (reason) {
	case EFIMAP_HANDOVER_NOT_EFI:
	case EFIMAP_HANDOVER_NO_INFO:
	case EFIMAP_HANDOVER_NO_MAP:
	case EFIMAP_HANDOVER_RUNTIME_OFF:
	case EFIMAP_HANDOVER_KERNEL_32BIT:
		return STATUS_NOT_APPLICABLE;
	default:
		break;
	}
	return source != EFIMAP_SRC_COUNT && map->states[source] == EFIMAP_STATE_DENIED ?
		       STATUS_DENIED :
		       STATUS_UNREADABLE;
}

/* kexec prints what it does not like, and that there is no kexec_file_load. */
static bool is_silent(enum efimap_loader loader, enum efimap_handover_reason reason)
{
	return reason != EFIMAP_HANDOVER_VERSION &&
	       !(reason == EFIMAP_HANDOVER_KERNEL_32BIT && loader == EFIMAP_LOADER_KERNEL);
}

static enum status refuse_silent(const struct efimap *map, enum efimap_loader loader,
				 enum efimap_handover_reason reason)
{
	say("%s: %s passes no EFI to the next kernel%s: %s", map->name,
	    loader == EFIMAP_LOADER_KERNEL ? "the kernel (kexec_file_load)" : "kexec-tools",
	    is_silent(loader, reason) ? ", and says nothing of it" : "",
	    efimap_handover_reason_text(reason));
	return status_of(map, reason);
}

/* Zeros where the loader writes an address would be somebody else's bytes. */
static enum status refuse_unknown(const struct efimap *map, uint32_t unknown)
{
	enum status status = STATUS_OK;
	char path[1024];

	for (unsigned int i = 0; i < EFIMAP_SRC_COUNT; i++) {
		const enum efimap_source source = (enum efimap_source)i;

		if (!(unknown & EFIMAP_HANDOVER_UNKNOWN(source)))
			continue;
		source_path(map, efimap_source_path(source), path, sizeof(path));
		say("%s: %s, so what the loader writes of it is not known", path,
		    map->states[source] == EFIMAP_STATE_ABSENT ? "not there" :
		    map->states[source] == EFIMAP_STATE_DENIED ? "permission denied" :
								 "malformed");
		status = status_worse(status, map->states[source] == EFIMAP_STATE_DENIED ?
						      STATUS_DENIED :
						      STATUS_UNREADABLE);
	}
	return status;
}

static enum status save_bytes(const char *file, const void *data, size_t size)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;

	efimap_out_write(&out, data, size);
	return output_finish(file, READ_BY_UMASK, 0, &out);
}

static enum status write_made(const struct dump_binary *binary, const struct efimap *map,
			      const char *file)
{
	efimap_auto_handover struct efimap_handover handover = { 0 };
	enum status status;
	int ret = efimap_handover_make(map, &binary->how, &handover);

	if (ret < 0)
		return say_errno(map->name, ret);
	if (handover.reason != EFIMAP_HANDOVER_PASSES)
		return refuse_silent(map, binary->how.loader, handover.reason);
	if (binary->memmap)
		return save_bytes(file, handover.memmap, handover.memmap_size);
	status = refuse_unknown(map, handover.unknown);
	return status != STATUS_OK ? status :
				     save_bytes(file, handover.node, sizeof(handover.node));
}

enum status dump_binary_write(const struct dump_binary *binary, const char *source,
			      const char *file)
{
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_open_map(source, &map);

	if (status != STATUS_OK)
		return status;
	return source_has_virt(map) ? write_made(binary, map, file) : STATUS_NOT_APPLICABLE;
}
