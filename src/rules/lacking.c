/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* List what an answer needs and was not read. */
#include <string.h>

#include "base/enum_name.h"
#include "infer/hardware.h"
#include "infer/linux_changes.h"
#include "infer/load_limits.h"
#include "infer/why_no_map.h"
#include "rules/lacking.h"
#include "rules/memory_spans.h"
#include "rules/read_facts.h"

/*
 * A file, or a directory of files, that an answer needs.
 *
 * @name:      name in one to four words, for lists of files that were not read
 * @source:    the source to which the file belongs. A file of another source than EFIMAP_SRC_KEXEC
 *             is all of that source.
 * @questions: set of EFIMAP_NEEDED_BY_...
 * @value:     the single value that the file contains, or EFIMAP_NO_VALUE
 * @may_be_absent: a machine may lack the file
 */
struct needed_file {
	const char *name;
	enum source source;
	uint32_t questions;
	enum value_id value;
	bool may_be_absent;
};

/* The table needed_files[], generated from src/capture/sources.table */
#include "capture/needed_files.h"

static const char *const lacking_reason_names[] = {
	[EFIMAP_LACKING_NOT_COLLECTED] = "not-collected",
	[EFIMAP_LACKING_DENIED] = "denied",
	[EFIMAP_LACKING_CUT] = "cut",
	[EFIMAP_LACKING_UNREADABLE] = "unreadable",
};
EFIMAP_NAME_OF(lacking_reason)

/* The files in the order of the list. The image and the initrd stand before IMAGE_PLACE. */
static const enum needed_file_id order[EFIMAP_N_NEEDED_FILES] = {
	EFIMAP_NEEDED_RUNTIME_MAP,   EFIMAP_NEEDED_MEMMAP,	 EFIMAP_NEEDED_IOMEM,
	EFIMAP_NEEDED_KERNEL_LOG,    EFIMAP_NEEDED_CMDLINE,	 EFIMAP_NEEDED_KERNEL_CONFIG,
	EFIMAP_NEEDED_LOAD_DISABLED, EFIMAP_NEEDED_REBOOT_LIMIT, EFIMAP_NEEDED_PANIC_LIMIT,
	EFIMAP_NEEDED_LOCKDOWN,	     EFIMAP_NEEDED_IMA_POLICY,	 EFIMAP_NEEDED_KEXEC_TOOLS,
	EFIMAP_NEEDED_BOOT_ENTRIES,  EFIMAP_NEEDED_MEMINFO,	 EFIMAP_NEEDED_CRASH_LOADED,
	EFIMAP_NEEDED_CRASH_SIZE,    EFIMAP_NEEDED_KDUMP,
};
#define IMAGE_PLACE EFIMAP_NEEDED_KERNEL_CONFIG
/* The files after Secure Boot are those of kdump only. */
#define SECURE_BOOT_PLACE EFIMAP_NEEDED_CRASH_LOADED

/* Return whether a file that was read shows that it lacks a part that matters. */
static bool shows_gap(const struct efimap *map, enum needed_file_id file,
		      const struct load_case *load)
{
	switch (file) {
	case EFIMAP_NEEDED_RUNTIME_MAP:
		return !is_map_complete(map);
	case EFIMAP_NEEDED_MEMMAP:
		return !has_all_of(map, EFIMAP_SRC_MEMMAP) || memmap_may_lack_range(map);
	case EFIMAP_NEEDED_IOMEM:
		return iomem_lacks_lines(map);
	case EFIMAP_NEEDED_KERNEL_LOG:
		/* The beginning of the log lists the tables that such a kernel writes to. */
		return load && release_has(&load->release, EFIMAP_CHANGE_WIPES_INITRD, false) &&
		       !map->log_has_start && map->n_tables == 0;
	case EFIMAP_NEEDED_KERNEL_CONFIG:
		return !kexec_of(map)->config.is_complete ||
		       (load && load_has_image(load) && !load_config(map, load).is_complete);
	case EFIMAP_NEEDED_CMDLINE:
		return map->is_cmdline_cut || map->is_cmdline_short;
	default:
		return false;
	}
}

static bool is_needed(const struct efimap *map, enum needed_file_id file,
		      enum load_question question, const struct load_case *load)
{
	if (!(needed_files[file].questions >> question & 1))
		return false;
	switch (file) {
	case EFIMAP_NEEDED_RUNTIME_MAP:
		return !runs_without_efi(map);
	case EFIMAP_NEEDED_IMA_POLICY:
		/* A copy of most machines lacks it, because they have none. */
		return !capture_is_offline(map) || map->files[file] != EFIMAP_FILE_NOT_COLLECTED ||
		       fact_is_yes(ima_seems_to_appraise(
			       map, EFIMAP_IMA_KERNEL | EFIMAP_IMA_ALL_FILES | EFIMAP_IMA_INITRD));
	case EFIMAP_NEEDED_KEXEC_TOOLS:
		return load && load->is_loader_assumed;
	case EFIMAP_NEEDED_LOCKDOWN:
		/* A kernel that is locked down during its boot prints a message. */
		return !(log_is_whole(map) && map->log_has_start);
	default:
		return true;
	}
}

static enum lacking_reason reason_of(bool is_denied, bool is_unreadable)
{
	return is_denied       ? EFIMAP_LACKING_DENIED
	       : is_unreadable ? EFIMAP_LACKING_UNREADABLE
			       : EFIMAP_LACKING_NOT_COLLECTED;
}

static bool is_lacking(const struct efimap *map, enum needed_file_id file,
		       const struct load_case *load, enum lacking_reason *ret_reason)
{
	const struct needed_file *row = &needed_files[file];
	const enum state source = map->states[row->source];
	const enum file_state state = map->files[file];
	/* Several files may contain a value. */
	const bool is_read = row->source != EFIMAP_SRC_KEXEC ? capture_has(map, row->source)
			     : row->value ? kexec_of(map)->values[row->value].is_known
					  : state == EFIMAP_FILE_READ;

	*ret_reason =
		reason_of(state == EFIMAP_FILE_DENIED || source == EFIMAP_STATE_DENIED ||
				  source == EFIMAP_STATE_MASKED,
			  state == EFIMAP_FILE_UNREADABLE || source == EFIMAP_STATE_MALFORMED);
	if (is_read)
		*ret_reason = EFIMAP_LACKING_CUT;
	/* The configuration of the next kernel was not read. */
	if (is_read && file == EFIMAP_NEEDED_KERNEL_CONFIG && kexec_of(map)->config.is_complete)
		*ret_reason = EFIMAP_LACKING_NOT_COLLECTED;
	if (is_read)
		return shows_gap(map, file, load);
	return !(row->may_be_absent && state == EFIMAP_FILE_ABSENT);
}

static void add(struct lacking *items, size_t *count, const char *source,
		enum lacking_reason reason)
{
	items[(*count)++] = (struct lacking){ source, reason };
}

/* Add the kernel image and the initrd of a load. */
static void add_files(const struct load_case *load, struct lacking *items, size_t *count)
{
	const struct installed_kernel *kernel = load->kernel;

	if (load->is_from_log && load->plan.image)
		return;
	if (!load_has_image(load))
		add(items, count, "kernel image", EFIMAP_LACKING_NOT_COLLECTED);
	else if (load_is_head(load))
		add(items, count, "kernel image", EFIMAP_LACKING_CUT);
	if (!load->is_from_log && !kernel->is_unified && !kernel->has_initrd_size)
		add(items, count, "initrd",
		    reason_of(kernel->is_initrd_denied,
			      kernel->initrd_error && !kernel->is_initrd_missing));
}

size_t find_lacking(const struct efimap *map, enum load_question question,
		    const struct load_case *load, const struct capture_fault *image,
		    struct arena *arena, const struct lacking **ret_items)
{
	struct lacking *items = arena_alloc(arena, (EFIMAP_N_NEEDED_FILES + 3) * sizeof(*items));
	enum lacking_reason reason;
	size_t count = 0;

	for (size_t i = 0; i < EFIMAP_N_NEEDED_FILES; i++) {
		if (order[i] == IMAGE_PLACE && load)
			add_files(load, items, &count);
		else if (order[i] == IMAGE_PLACE && image)
			add(items, &count, "kernel image",
			    reason_of(image->state == EFIMAP_STATE_DENIED,
				      image->state != EFIMAP_STATE_ABSENT));
		if (order[i] == SECURE_BOOT_PLACE && !runs_without_efi(map) &&
		    fact_is_unknown(secure_boot(map)))
			add(items, &count, "Secure Boot", EFIMAP_LACKING_NOT_COLLECTED);
		if (is_needed(map, order[i], question, load) &&
		    is_lacking(map, order[i], load, &reason))
			add(items, &count, needed_files[order[i]].name, reason);
	}
	/* Another file of the machine matters only for "ok". */
	if (count == 0 && map->unread &&
	    (map->unread_with == EFIMAP_N_NEEDED_FILES ||
	     needed_files[map->unread_with].questions >> question & 1))
		add(items, &count, map->unread, reason_of(map->is_unread_denied, true));
	*ret_items = items;
	return count;
}
