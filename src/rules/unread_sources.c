/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Report data that exists but could not be read. Rules that lack data report nothing, which must
 * not be mistaken for a good result.
 */
#include <errno.h>
#include <string.h>

#include "base/output_buffer.h"
#include "infer/booted_by.h"
#include "infer/complete_map.h"
#include "rules/unread_sources.h"

/* Maximum number of files that a message names */
#define MAX_NAMED 4

const char *source_path_prefix(const struct efimap *map, enum efimap_source source)
{
	return efimap_is_offline(map) || source == EFIMAP_SRC_KERNEL_LOG ? "" : "/";
}

struct unseen {
	struct efimap_out *denied;
	size_t n_denied;
	bool is_readable_by_root; /* for at least one of the denied files */
	struct efimap_out *malformed;
	size_t n_malformed;
};

static bool is_pointer(enum efimap_source source)
{
	return source == EFIMAP_SRC_FW_VENDOR || source == EFIMAP_SRC_RUNTIME ||
	       source == EFIMAP_SRC_CONFIG_TABLE || source == EFIMAP_SRC_SYSTAB;
}

/*
 * In a capture, a file without content may be the result of a failed copy: sos leaves an empty
 * file. On the running system, kexec-tools reads the same file, so a rule reports the fault.
 */
bool is_pointer_uncopied(const struct efimap *map, const struct efimap_fault *fault)
{
	return efimap_is_offline(map) && is_pointer(fault->source) &&
	       (fault->state == EFIMAP_STATE_EMPTY || fault->state == EFIMAP_STATE_NOT_A_FILE ||
		fault->state == EFIMAP_STATE_IO);
}

static bool is_of_directory(const struct efimap_fault *fault)
{
	return strcmp(fault->where, efimap_source_path(fault->source)) == 0;
}

enum efimap_fault_effect efimap_fault_effect_of(const struct efimap_fault *fault)
{
	/* log-incomplete and log-tables-cut report faults of lines. */
	if (fault->state == EFIMAP_STATE_DENIED || efimap_fault_is_of_lines(fault))
		return EFIMAP_EFFECT_NONE;
	if (is_pointer(fault->source))
		return EFIMAP_EFFECT_FINDING;
	switch (fault->source) {
	case EFIMAP_SRC_EFI:
	case EFIMAP_SRC_RUNTIME_MAP:
		return EFIMAP_EFFECT_FINDING;
	case EFIMAP_SRC_MEMMAP:
		return is_of_directory(fault) ? EFIMAP_EFFECT_SHOWN : EFIMAP_EFFECT_FINDING;
	case EFIMAP_SRC_IOMEM:
		return EFIMAP_EFFECT_SHOWN;
	case EFIMAP_SRC_DMI:
	case EFIMAP_SRC_KERNELS:
	case EFIMAP_SRC_KEXEC:
		return EFIMAP_EFFECT_NONE;
	default:
		return EFIMAP_EFFECT_SUPPLEMENTARY;
	}
}

bool is_fault_unseen(const struct efimap *map, const struct efimap_fault *fault)
{
	if (fault->state == EFIMAP_STATE_DENIED || fault->source == EFIMAP_SRC_KEXEC)
		return true;
	return is_pointer(fault->source) ?
		       is_pointer_uncopied(map, fault) :
		       efimap_fault_effect_of(fault) == EFIMAP_EFFECT_SUPPLEMENTARY;
}

bool root_can_read(const struct efimap *map, enum efimap_source source)
{
	return map->origin == EFIMAP_ORIGIN_LIVE ||
	       (map->origin == EFIMAP_ORIGIN_TREE &&
		map->states[source] != EFIMAP_STATE_MASKED);
}

static void add_denied(struct unseen *unseen, const struct efimap *map,
		       enum efimap_source source, const char *path)
{
	unseen->is_readable_by_root |= root_can_read(map, source);
	if (unseen->n_denied++ >= MAX_NAMED)
		return;
	efimap_out_printf(unseen->denied, "%s%s%s", unseen->n_denied > 1 ? ", " : "",
			  source_path_prefix(map, source), path);
	if (map->states[source] == EFIMAP_STATE_MASKED)
		efimap_out_puts(unseen->denied, " (only zeros)");
}

static void add_unread(struct unseen *unseen, const struct efimap *map,
		       const struct efimap_fault *fault)
{
	if (unseen->n_malformed++ >= MAX_NAMED)
		return;
	efimap_out_printf(unseen->malformed, "%s%s%s",
			  unseen->n_malformed > 1 ? "; " : "",
			  source_path_prefix(map, fault->source), fault->where);
	if (fault->line)
		efimap_out_printf(unseen->malformed, ":%u", fault->line);
	efimap_out_printf(unseen->malformed, ": %s", fault->text);
}

static bool has_iomem_rule(const struct efimap_verify_options *options)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT; rule++)
		if (!options->disabled[rule] && (efimap_rule_get(rule)->needs &
						 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM)))
			return true;
	return false;
}

/* Sources without which verify has no verdict. An answer names what other sources do not show. */
#define REQUIRED                                                                           \
	(EFIMAP_NEEDS(EFIMAP_SRC_EFI) | EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |               \
	 EFIMAP_NEEDS(EFIMAP_SRC_MEMMAP) | EFIMAP_NEEDS(EFIMAP_SRC_IOMEM))

/*
 * Sources that may affect compare. The other sources only identify the boot and the machine, or
 * describe the loading of kernels.
 */
#define COMPARED                                                                           \
	(EFIMAP_NEEDS_SOURCES &                                                            \
	 ~(EFIMAP_NEEDS(EFIMAP_SRC_BOOT_ID) | EFIMAP_NEEDS(EFIMAP_SRC_DMI) |                 \
	   EFIMAP_NEEDS(EFIMAP_SRC_KERNELS) | EFIMAP_NEEDS(EFIMAP_SRC_KEXEC)))

/* For verify, malformed data of other sources is not noted. */
static void gather(const struct efimap *map, uint32_t sources,
		   enum efimap_fault_effect effect, struct unseen *unseen)
{
	const uint32_t malformed = effect == EFIMAP_EFFECT_SHOWN ?
					   sources | EFIMAP_NEEDS(EFIMAP_SRC_IOMEM) :
					   UINT32_MAX;

	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		if (sources & EFIMAP_NEEDS(source) &&
		    !(source == EFIMAP_SRC_EFI && efimap_is_firmware_hidden(map)) &&
		    (map->states[source] == EFIMAP_STATE_DENIED ||
		     map->states[source] == EFIMAP_STATE_MASKED))
			add_denied(unseen, map, source, efimap_source_path(source));
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];
		const enum efimap_fault_effect means = efimap_fault_effect_of(fault);

		if (fault->state == EFIMAP_STATE_DENIED && sources & EFIMAP_NEEDS(fault->source))
			add_denied(unseen, map, fault->source, fault->where);
		if (malformed & EFIMAP_NEEDS(fault->source) && means >= effect &&
		    means < EFIMAP_EFFECT_NONE)
			add_unread(unseen, map, fault);
	}
}

static void put_more(size_t count, struct efimap_out *out)
{
	if (count > MAX_NAMED)
		efimap_out_printf(out, " and %zu more", count - MAX_NAMED);
}

static void put_denied(const struct unseen *unseen, struct efimap_out *out)
{
	if (!unseen->n_denied)
		return;
	efimap_out_write(out, unseen->denied->data, unseen->denied->used);
	put_more(unseen->n_denied, out);
	efimap_out_printf(out, ": readable only by root; %s",
			  unseen->is_readable_by_root ?
				  "run as root" : "repeat the capture as root");
}

/*
 * Append a sentence about the unread data of a capture, if any, to @out. Return the worse of
 * @missed and the verdict for this data.
 */
static enum efimap_verdict put_unread(const struct efimap *map, uint32_t sources,
				     enum efimap_fault_effect effect, const char *name,
				     enum efimap_verdict missed, struct efimap_out *out)
{
	efimap_auto_out struct efimap_out denied = EFIMAP_OUT_MEM, malformed = EFIMAP_OUT_MEM;
	struct unseen unseen = { .denied = &denied, .malformed = &malformed };
	const bool is_hidden = efimap_is_firmware_hidden(map) &&
			       sources & EFIMAP_NEEDS(EFIMAP_SRC_EFI);

	gather(map, sources, effect, &unseen);
	if (!unseen.n_denied && !unseen.n_malformed && !is_hidden)
		return missed;
	efimap_out_printf(out, "%s%s%s", missed ? "; " : "", name ? name : "",
			  name ? ": " : "");
	if (unseen.n_malformed) {
		efimap_out_write(out, malformed.data, malformed.used);
		put_more(unseen.n_malformed, out);
		efimap_out_puts(out, unseen.n_denied || is_hidden ? "; " : "");
	}
	if (is_hidden)
		efimap_out_printf(out, "%s%s", EFIMAP_FIRMWARE_HIDDEN,
				  unseen.n_denied ? "; " : "");
	put_denied(&unseen, out);
	if (denied.error || malformed.error)
		out->error = -ENOMEM;
	return unseen.n_malformed || missed == EFIMAP_VERDICT_UNREADABLE ?
		       EFIMAP_VERDICT_UNREADABLE :
		       EFIMAP_VERDICT_DENIED;
}

static int miss(struct efimap_report *report, enum efimap_verdict missed,
		const struct efimap_out *reason)
{
	if (reason->error || missed == EFIMAP_VERDICT_PASS)
		return reason->error;
	return efimap_report_note_unread(report, missed, "%.*s", (int)reason->used, reason->data);
}

int report_map_denied(const struct efimap *map, struct efimap_report *report)
{
	efimap_auto_out struct efimap_out names = EFIMAP_OUT_MEM, reason = EFIMAP_OUT_MEM;
	struct unseen unseen = { .denied = &names };

	if (efimap_is_firmware_hidden(map))
		return efimap_report_try_no_rule(report, EFIMAP_VERDICT_DENIED, "%s",
						 EFIMAP_FIRMWARE_HIDDEN);
	add_denied(&unseen, map, EFIMAP_SRC_RUNTIME_MAP,
		   efimap_source_path(EFIMAP_SRC_RUNTIME_MAP));
	unseen.is_readable_by_root &= !efimap_has_fault(map, EFIMAP_SRC_RUNTIME_MAP,
							EFIMAP_STATE_BIT(EFIMAP_STATE_ABSENT));
	put_denied(&unseen, &reason);
	if (names.error || reason.error)
		return -ENOMEM;
	return efimap_report_try_no_rule(report, EFIMAP_VERDICT_DENIED, "%.*s", (int)reason.used,
					 reason.data);
}

static const char *why_log_incomplete(const struct efimap *map,
				      const struct efimap_fault *fault,
				      struct efimap_arena *arena)
{
	const struct efimap_entry *lines = map->n_firmware ? map->firmware : map->entries;
	const size_t n_lines = map->n_firmware ? map->n_firmware : map->n_entries;
	size_t total = 0;

	for (size_t i = 0; i < n_lines; i++)
		if (lines[i].index >= total)
			total = (size_t)lines[i].index + 1;
	if (total <= n_lines)
		return fault->text;
	return efimap_arena_printf(arena, "the log lacks %zu of %zu lines of the map",
				   total - n_lines, total);
}

static const char *why_unread(const struct efimap *map, const struct efimap_fault *fault,
			      struct efimap_arena *arena)
{
	return efimap_arena_printf(
		arena, "%s%s: %s", source_path_prefix(map, fault->source), fault->where,
		fault->state == EFIMAP_STATE_DENIED ? "readable only by root"
						   : fault->text);
}

/*
 * Return a clause about missing entries, or "". The kernel numbers entries without gaps, so an
 * entry whose number is missing was lost later.
 */
static const char *why_gap(const struct efimap *map, struct efimap_arena *arena)
{
	const size_t count = map->n_names;
	const size_t total = count ? (size_t)map->names[count - 1] + 1 : 0;

	if (total > count)
		return efimap_arena_printf(arena, "the runtime map lacks %zu of %zu entries",
					   total - count, total);
	return count > map->n_entries ?
		       "entries of the runtime map are missing from the snapshot" :
		       "";
}

/* Return what is missing or unreadable; "" if the map is complete; NULL if memory runs out. */
static const char *why_map_incomplete(const struct efimap *map,
				      struct efimap_arena *arena)
{
	const struct efimap_fault *fault = efimap_find_incomplete_log_fault(map);

	if (fault)
		return why_log_incomplete(map, fault, arena);
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].source == EFIMAP_SRC_RUNTIME_MAP)
			return why_unread(map, &map->faults[i], arena);
	return map->map_from == EFIMAP_MAP_FROM_FILES ? why_gap(map, arena) : "";
}

int report_unread_map(const struct efimap *map, struct efimap_report *report)
{
	const char *why = why_map_incomplete(map, &report->arena);

	if (!why)
		return -ENOMEM;
	report->unseen = why;
	return 0;
}

static int note_unread(const struct efimap *map, uint32_t sources, enum efimap_fault_effect effect,
		       struct efimap_report *report)
{
	efimap_auto_out struct efimap_out reason = EFIMAP_OUT_MEM;
	const enum efimap_verdict missed =
		put_unread(map, sources, effect, NULL, EFIMAP_VERDICT_PASS, &reason);

	return miss(report, missed, &reason);
}

int report_unread(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report *report)
{
	const uint32_t unasked =
		has_iomem_rule(options) ? 0 : EFIMAP_NEEDS(EFIMAP_SRC_IOMEM);
	const uint32_t log = map->map_from == EFIMAP_MAP_FROM_FILES ?
				     0 : EFIMAP_NEEDS(EFIMAP_SRC_KERNEL_LOG);

	return note_unread(map, (REQUIRED & ~unasked) | log, EFIMAP_EFFECT_SHOWN, report);
}

int report_unread_pair(const struct efimap *first, const struct efimap *second,
		       struct efimap_report *report)
{
	efimap_auto_out struct efimap_out reason = EFIMAP_OUT_MEM;
	enum efimap_verdict missed = EFIMAP_VERDICT_PASS;

	missed = put_unread(first, COMPARED, EFIMAP_EFFECT_FINDING, first->name, missed, &reason);
	missed = put_unread(second, COMPARED, EFIMAP_EFFECT_FINDING, second->name, missed, &reason);
	return miss(report, missed, &reason);
}

int report_unread_received(const struct efimap *map, struct efimap_report *report)
{
	const uint32_t sources = EFIMAP_NEEDS(EFIMAP_SRC_EFI) |
				 EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
				 EFIMAP_NEEDS(EFIMAP_SRC_BOOT_PARAMS) |
				 EFIMAP_NEEDS(EFIMAP_SRC_SETUP_DATA);
	const bool is_answered = efimap_booted_by(map) == EFIMAP_BOOTED_BY_FIRMWARE;

	return note_unread(map, is_answered ? 0 : sources, EFIMAP_EFFECT_FINDING, report);
}
