/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is there and was withheld: rules that cannot see it are silent, and silence is no
 * good news. Knows no rule by name, and nothing of what is absent.
 */
#include <errno.h>
#include <stdio.h>

#include "base/out.h"
#include "check/check.h"

/* More names than this hide the first one. */
#define MAX_NAMED 4

struct unseen {
	struct efimap_out *names;
	size_t count;
	/* can whoever has the rights still read it where it was read? */
	bool is_there;
};

/* Zeros are all that a capture has; a file that is in a tree can be read by somebody. */
static bool is_readable_by_root(const struct efimap *map, enum efimap_source source)
{
	return map->origin == EFIMAP_ORIGIN_LIVE ||
	       (map->origin == EFIMAP_ORIGIN_TREE &&
		map->states[source] != EFIMAP_STATE_MASKED);
}

static void add(struct unseen *unseen, const struct efimap *map, enum efimap_source source,
		const char *path)
{
	unseen->is_there |= is_readable_by_root(map, source);
	if (unseen->count++ >= MAX_NAMED)
		return;
	efimap_out_printf(unseen->names, "%s%s%s", unseen->count > 1 ? ", " : "",
			  check_root(map, source), path);
	if (map->states[source] == EFIMAP_STATE_MASKED)
		efimap_out_puts(unseen->names, " (only zeros)");
}

static bool has_iomem_rule(const struct efimap_verify_options *options)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT; rule++)
		if (!options->disabled[rule] && (efimap_rule_get(rule)->needs &
						 EFIMAP_NEEDS(EFIMAP_SRC_IOMEM)))
			return true;
	return false;
}

/*
 * Two only tell machines apart, and iomem is looked at by rules of its own. Each of the
 * others can decide about rules that do not name it as their need: what kind of kernel this
 * is, who booted it, what excuses a finding or makes it worse.
 */
static bool decides(const struct efimap_verify_options *options, enum efimap_source source)
{
	if (source == EFIMAP_SRC_BOOT_ID || source == EFIMAP_SRC_DMI)
		return false;
	return source != EFIMAP_SRC_IOMEM || has_iomem_rule(options);
}

static void gather(const struct efimap *map, const struct efimap_verify_options *options,
		   struct unseen *unseen)
{
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		if (decides(options, source) &&
		    (map->states[source] == EFIMAP_STATE_DENIED ||
		     map->states[source] == EFIMAP_STATE_MASKED))
			add(unseen, map, source, efimap_source_path(source));
	for (size_t i = 0; i < map->n_faults; i++)
		if (map->faults[i].kind == EFIMAP_FAULT_DENIED &&
		    decides(options, map->faults[i].source))
			add(unseen, map, map->faults[i].source, map->faults[i].where);
}

static int miss_denied(const struct unseen *unseen, enum efimap_missed missed,
		       struct efimap_report *report)
{
	char more[sizeof(" and 18446744073709551615 more")] = "";

	if (unseen->count > MAX_NAMED)
		snprintf(more, sizeof(more), " and %zu more", unseen->count - MAX_NAMED);
	return efimap_report_miss(report, missed, "%.*s%s may not be read without root: %s",
				  (int)unseen->names->used, unseen->names->data, more,
				  unseen->is_there ? "run as root" : "capture it as root");
}

int check_map_denied(const struct efimap *map, struct efimap_report *report)
{
	efimap_auto_out struct efimap_out names = EFIMAP_OUT_MEM;
	struct unseen unseen = { .names = &names };

	add(&unseen, map, EFIMAP_SRC_RUNTIME_MAP, efimap_source_path(EFIMAP_SRC_RUNTIME_MAP));
	return names.error ? names.error :
			     miss_denied(&unseen, EFIMAP_MISSED_ALL_DENIED, report);
}

int check_unseen(const struct efimap *map, const struct efimap_verify_options *options,
		 struct efimap_report *report)
{
	efimap_auto_out struct efimap_out names = EFIMAP_OUT_MEM;
	struct unseen unseen = { .names = &names };

	gather(map, options, &unseen);
	if (!unseen.count || names.error)
		return names.error;
	return miss_denied(&unseen, EFIMAP_MISSED_DENIED, report);
}
