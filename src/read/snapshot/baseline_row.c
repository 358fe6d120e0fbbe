/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One accepted finding of an efimap-baseline document, and what all parts of it share. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/sort.h"
#include "read/read.h"
#include "read/snapshot/baseline.h"
#include "read/text.h"

/* addresses, or values of evidence, in one row */
#define MAX_PLACES EFIMAP_MAX_ENTRIES
#define MAX_FACTS 1000U

static const char *severity_name(unsigned int number)
{
	return efimap_severity_name((enum efimap_severity)number);
}

static const char *consequence_name(unsigned int number)
{
	return efimap_consequence_name((enum efimap_consequence)number);
}

/* A misspelt member would accept more than was meant. */
int efimap_baseline_members(const struct efimap_node *node, const char *const *names,
			 size_t count)
{
	struct efimap_node member = efimap_node_first(node);
	char quote[EFIMAP_QUOTE_SIZE];
	int ret = efimap_node_expect(node, EFIMAP_JSON_OBJECT);

	for (; member.value && !ret; member = efimap_node_next(&member)) {
		size_t i = 0;

		while (i < count && strcmp(member.key, names[i]) != 0)
			i++;
		if (i == count)
			ret = efimap_node_fail(node, "%s is no member of it",
					       efimap_text_quote(quote, member.key,
								 strlen(member.key)));
	}
	return ret;
}

/* A text that may be missing or null. */
int efimap_baseline_text(const struct efimap_node *parent, const char *key,
		     struct efimap_baseline *baseline, const char **ret_text)
{
	const struct efimap_node node = efimap_node_member(parent, key);
	const char *text;
	size_t len;
	int ret;

	if (!node.value || efimap_node_is_null(&node))
		return 0;
	ret = efimap_node_text(&node, BASELINE_MAX_TEXT, &text, &len);
	if (ret)
		return ret;
	*ret_text = efimap_arena_strndup(&baseline->arena, text, len);
	return *ret_text ? 0 : -ENOMEM;
}

static int take_rule(const struct efimap_node *record, struct efimap_accepted *row)
{
	const struct efimap_node node = efimap_node_member(record, "rule");
	char quote[EFIMAP_QUOTE_SIZE];
	const char *name;
	size_t len;
	int ret = efimap_node_text(&node, BASELINE_MAX_TEXT, &name, &len);

	if (ret)
		return ret;
	efimap_text_quote(quote, name, len);
	row->rule = efimap_rule_find(name);
	if (!row->rule)
		return efimap_node_fail(&node, "there is no rule %s (efimapctl explain lists "
					"them)", quote);
	if (strcmp(efimap_rule_command(row->rule->id), "verify") != 0)
		return efimap_node_fail(&node, "%s is a rule of %s, not of verify", quote,
					efimap_rule_command(row->rule->id));
	if (!efimap_rule_is_acceptable(row->rule))
		return efimap_node_fail(&node, "%s cannot be accepted: it says that the map "
					"could not be read", quote);
	return 0;
}

static int take_grade(const struct efimap_node *record, struct efimap_accepted *row)
{
	const struct efimap_node severity = efimap_node_member(record, "severity");
	const struct efimap_node consequence = efimap_node_member(record, "consequence");
	unsigned int number = EFIMAP_CONSEQ_NO_BOOT;
	int ret = efimap_node_choice(&severity, severity_name, EFIMAP_ERROR + 1, &number);

	if (ret)
		return ret;
	row->severity = (enum efimap_severity)number;
	number = EFIMAP_CONSEQ_NO_BOOT;
	if (consequence.value)
		ret = efimap_node_choice(&consequence, consequence_name,
					 EFIMAP_CONSEQ_NO_BOOT + 1, &number);
	row->consequence = (enum efimap_consequence)number;
	return ret;
}

static int take_phys(const struct efimap_node *list, struct efimap_baseline *baseline,
		     struct efimap_accepted *row)
{
	struct efimap_node node = efimap_node_first(list);
	size_t count;
	int ret = efimap_node_list(list, MAX_PLACES, &count);

	if (ret)
		return ret;
	if (count == 0)
		return efimap_node_fail(list, "empty; to accept the rule wherever it speaks, "
					"leave the member out");
	row->phys = efimap_arena_alloc(&baseline->arena, count * sizeof(*row->phys));
	if (!row->phys)
		return -ENOMEM;
	for (; node.value && !ret; node = efimap_node_next(&node))
		ret = efimap_node_hex(&node, UINT64_MAX, &row->phys[row->n_phys++]);
	if (!ret)
		qsort(row->phys, count, sizeof(*row->phys), efimap_order_at);
	return ret;
}

static int take_facts(const struct efimap_node *list, struct efimap_baseline *baseline,
		      struct efimap_accepted *row)
{
	struct efimap_node node = efimap_node_first(list);
	size_t count;
	int ret = efimap_node_list(list, MAX_FACTS, &count);

	if (ret)
		return ret;
	row->facts = efimap_arena_alloc(&baseline->arena, (count + 1) * sizeof(*row->facts));
	if (!row->facts)
		return -ENOMEM;
	for (; node.value && !ret; node = efimap_node_next(&node)) {
		const char *text;
		size_t len;

		ret = efimap_node_text(&node, BASELINE_MAX_TEXT, &text, &len);
		if (!ret) {
			text = efimap_arena_strndup(&baseline->arena, text, len);
			row->facts[row->n_facts++] = text;
			ret = text ? 0 : -ENOMEM;
		}
	}
	return ret;
}

static int take_place(const struct efimap_node *record, struct efimap_baseline *baseline,
		      struct efimap_accepted *row)
{
	const struct efimap_node phys = efimap_node_member(record, "phys_addr");
	const struct efimap_node facts = efimap_node_member(record, "evidence");

	if (phys.value && facts.value)
		return efimap_node_fail(record, "it has both phys_addr and evidence");
	row->anywhere = !phys.value && !facts.value;
	if (phys.value)
		return take_phys(&phys, baseline, row);
	return facts.value ? take_facts(&facts, baseline, row) : 0;
}

static int take_count(const struct efimap_node *record, struct efimap_accepted *row)
{
	const struct efimap_node node = efimap_node_member(record, "count");
	uint64_t count = row->anywhere ? EFIMAP_BASELINE_ANY_COUNT : 1;
	int ret = 0;

	if (node.value)
		ret = efimap_node_number(&node, EFIMAP_BASELINE_ANY_COUNT - 1, &count);
	if (!ret && count == 0)
		ret = efimap_node_fail(&node, "found 0, expected 1 or more");
	row->count = (uint32_t)count;
	return ret;
}

int efimap_baseline_row(const struct efimap_node *record, struct efimap_baseline *baseline,
			 struct efimap_machine *machine)
{
	static const char *const names[] = { "rule",	 "severity", "consequence", "phys_addr",
					     "evidence", "count",    "comment" };
	struct efimap_accepted row = { 0 };
	int ret = BASELINE_MEMBERS(record, names);

	if (!ret)
		ret = take_rule(record, &row);
	if (!ret)
		ret = take_grade(record, &row);
	if (!ret)
		ret = take_place(record, baseline, &row);
	if (!ret)
		ret = take_count(record, &row);
	if (!ret)
		ret = efimap_baseline_text(record, "comment", baseline, &row.comment);
	return ret ? ret : efimap_baseline_add_accepted(baseline, machine, &row);
}
