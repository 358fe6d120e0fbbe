/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * How rules speak that are not bound in rules/ yet: with a format of their own, then with
 * the facts behind the finding.
 */
#include <errno.h>
#include <stdarg.h>

#include "check/engine.h"

struct check_grade check_usual(enum efimap_rule_id rule)
{
	const struct efimap_rule *data = efimap_rule_get(rule);

	return check_grade(data->severity, data->consequence);
}

__attribute__((format(printf, 6, 0))) static bool
find(struct check *c, enum efimap_rule_id rule, struct check_grade grade,
     const uint32_t *indices, size_t count, const char *fmt, va_list args)
{
	c->finding = NULL;
	if (check_admit(c, rule, &grade, indices, count))
		c->finding =
			check_add(c, rule, grade, indices, count,
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
	c->error = value ? efimap_finding_add_evidence(c->report, c->finding, source,
						       "%s", value)
			 : -ENOMEM;
}
