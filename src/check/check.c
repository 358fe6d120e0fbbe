/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How rules speak: whether one may be tried, findings, evidence, and the limit on how
 * often one rule is heard. Knows no rule by name; the facts are in facts.c.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#include "check/check.h"

/* The first error sticks; 0 is none. */
static void fail(struct check *c, int error)
{
	if (!c->error)
		c->error = error;
}

/*
 * A map with a malformed file is still a map, and so is memmap (memmap-bad-range names
 * the file); the other sources are all or nothing.
 */
static bool is_usable(const struct efimap *map, enum efimap_source source)
{
	if (map->states[source] != EFIMAP_STATE_BROKEN)
		return efimap_has(map, source);
	return source == EFIMAP_SRC_MEMMAP ||
	       (source == EFIMAP_SRC_RUNTIME_MAP && map->n_names > 0);
}

bool check_speaks(const struct check *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;

	if (c->options->disabled[rule])
		return false;
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++)
		if ((needs & EFIMAP_NEEDS(source)) && !is_usable(c->map, source))
			return false;
	return !(c->lacks & needs);
}

void check_skip(struct check *c, enum efimap_rule_id rule, const char *fmt, ...)
{
	va_list args;
	const char *why;

	if (c->error || c->skipped[rule] || c->options->disabled[rule])
		return;
	c->skipped[rule] = true;
	va_start(args, fmt);
	why = efimap_arena_vprintf(&c->report->arena, fmt, args);
	va_end(args);
	fail(c, why ? efimap_report_skip(c->report, rule, "%s", why) : -ENOMEM);
}

void check_spare(struct check *c, enum efimap_rule_id rule, enum efimap_change change)
{
	const struct efimap_kernel_change *what = efimap_kernel_change(change);

	if (!efimap_kernel_is_known(c->map))
		check_skip(c, rule, "the kernel's release is not known: before %s %s",
			   what->release, what->before);
}

const char *check_root(const struct efimap *map, enum efimap_source source)
{
	return efimap_is_offline(map) || source == EFIMAP_SRC_KERNEL_LOG ? "" : "/";
}

static void skip_for(struct check *c, enum efimap_rule_id rule, enum efimap_source source)
{
	const char *path = efimap_source_path(source);
	const char *root = check_root(c->map, source);

	switch (c->map->states[source]) {
	case EFIMAP_STATE_DENIED:
		check_skip(c, rule, "%s%s may not be read without root", root, path);
		return;
	case EFIMAP_STATE_MASKED:
		check_skip(c, rule, "%s%s: addresses are hidden from unprivileged users",
			   root, path);
		return;
	case EFIMAP_STATE_BROKEN:
		check_skip(c, rule, "%s%s is malformed", root, path);
		return;
	case EFIMAP_STATE_ABSENT:
	case EFIMAP_STATE_PRESENT:
		break;
	}
	if (efimap_first_origin(c->map) == EFIMAP_ORIGIN_LOG)
		check_skip(c, rule, "%s is not in the kernel log", path);
	else if (efimap_is_offline(c->map))
		check_skip(c, rule, "%s was not collected", path);
	else
		check_skip(c, rule, "this kernel has no %s%s", root, path);
}

bool check_is_torn(struct check *c, enum efimap_rule_id rule)
{
	if (c->torn)
		check_skip(c, rule, "lines are missing in the kernel log");
	return c->torn;
}

bool check_wants(struct check *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;

	if (c->error || c->options->disabled[rule])
		return false;
	for (unsigned int source = 0; source < EFIMAP_SRC_COUNT; source++) {
		if (!(needs & EFIMAP_NEEDS(source)) || is_usable(c->map, source))
			continue;
		skip_for(c, rule, source);
		return false;
	}
	if (!(c->lacks & needs))
		return true;
	check_skip(c, rule, "it needs %s", efimap_rule_lacks(c->map, needs));
	return false;
}

struct check_grade check_usual(enum efimap_rule_id rule)
{
	const struct efimap_rule *data = efimap_rule_get(rule);

	return check_grade(data->severity, data->consequence);
}

/* Keep only the worst grade and the entries of what goes beyond the limit. */
static void add_to_rest(struct check *c, struct check_rest *rest, struct check_grade grade,
			const uint32_t *indices, size_t count)
{
	rest->findings++;
	if (grade.severity > rest->grade.severity)
		rest->grade.severity = grade.severity;
	if (grade.consequence > rest->grade.consequence)
		rest->grade.consequence = grade.consequence;
	for (size_t i = 0; i < count && !c->error; i++) {
		fail(c, efimap_array_reserve(&rest->indices, rest->n_indices,
					     &rest->capacity, sizeof(*rest->indices)));
		if (!c->error)
			rest->indices[rest->n_indices++] = indices[i];
	}
}

static void speak(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		  const uint32_t *indices, size_t count, const char *message)
{
	struct efimap_finding *finding = NULL;

	c->finding = NULL;
	fail(c, message ? 0 : -ENOMEM);
	if (!c->error)
		fail(c, efimap_report_add(c->report, rule, grade.severity,
					  grade.consequence, &finding));
	if (!c->error)
		fail(c, efimap_finding_set_entries(c->report, finding, indices, count));
	if (!c->error)
		fail(c, efimap_finding_set_message(c->report, finding, "%s", message));
	if (!c->error)
		c->finding = finding;
}

/*
 * No loader takes the map of a 32-bit kernel: the next one has neither its entries nor
 * services to lose. What is wrong with memory itself reaches any.
 */
static enum efimap_consequence reach_of(const struct check *c,
					enum efimap_consequence consequence)
{
	return c->kernel_32bit && (consequence == EFIMAP_CONSEQ_NO_RUNTIME ||
				   consequence == EFIMAP_CONSEQ_ENTRY_DROPPED) ?
		       EFIMAP_CONSEQ_NO_EFI :
		       consequence;
}

__attribute__((format(printf, 6, 0)))
static bool find(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		 const uint32_t *indices, size_t count, const char *fmt, va_list args)
{
	struct check_rest *rest = &c->rest[rule];

	grade.consequence = reach_of(c, grade.consequence);
	c->finding = NULL;
	if (c->error)
		return false;
	if (rest->spoken == CHECK_MAX_FINDINGS) {
		add_to_rest(c, rest, grade, indices, count);
		return false;
	}
	rest->spoken++;
	speak(c, rule, grade, indices, count,
	      efimap_arena_vprintf(&c->report->arena, fmt, args));
	return c->finding;
}

bool check_find(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		const char *fmt, ...)
{
	va_list args;
	bool kept;

	va_start(args, fmt);
	kept = find(c, rule, grade, NULL, 0, fmt, args);
	va_end(args);
	return kept;
}

bool check_find_on(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		   const uint32_t *indices, size_t count, const char *fmt, ...)
{
	va_list args;
	bool kept;

	va_start(args, fmt);
	kept = find(c, rule, grade, indices, count, fmt, args);
	va_end(args);
	return kept;
}

bool check_find_entry(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
		      const struct efimap_entry *entry, const char *fmt, ...)
{
	va_list args;
	bool kept;

	va_start(args, fmt);
	kept = find(c, rule, grade, &entry->index, 1, fmt, args);
	va_end(args);
	return kept;
}

void check_evidence(struct check *c, const char *source, const char *fmt, ...)
{
	const char *value;
	va_list args;

	if (c->error || !c->finding)
		return;
	va_start(args, fmt);
	value = efimap_arena_vprintf(&c->report->arena, fmt, args);
	va_end(args);
	fail(c, value ? efimap_finding_add_evidence(c->report, c->finding, source, "%s", value)
		      : -ENOMEM);
}

void check_evidence_field(struct check *c, const struct efimap_entry *entry,
			  enum check_field field)
{
	const struct {
		const char *name;
		uint64_t value;
	} fields[] = {
		[CHECK_FIELD_TYPE] = { "type", entry->type },
		[CHECK_FIELD_PHYS] = { "phys_addr", entry->phys },
		[CHECK_FIELD_VIRT] = { "virt_addr", entry->virt },
		[CHECK_FIELD_PAGES] = { "num_pages", entry->pages },
		[CHECK_FIELD_ATTRIBUTE] = { "attribute", entry->attribute },
	};
	char source[sizeof("runtime-map/4294967295/num_pages")];

	if (c->error || !c->finding)
		return;
	snprintf(source, sizeof(source), "runtime-map/%" PRIu32 "/%s", entry->index,
		 fields[field].name);
	fail(c, efimap_finding_add_evidence(c->report, c->finding, source, "0x%" PRIx64,
					    fields[field].value));
}

void check_finish(struct check *c)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT && !c->error; rule++) {
		struct check_rest *rest = &c->rest[rule];

		if (rest->findings == 0)
			continue;
		speak(c, rule, rest->grade, rest->indices, rest->n_indices,
		      efimap_arena_printf(&c->report->arena,
					  "%zu more findings of this rule, after the "
					  "first %d that are listed one by one",
					  rest->findings, CHECK_MAX_FINDINGS));
	}
}
