/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the accepted findings from an efimap-baseline document. Users edit baselines, so an unknown
 * rule or member is an error. A misspelt rule would silently accept nothing, and a misspelt member
 * would accept more than intended.
 */
#include <string.h>

#include "base/cleanup.h"
#include "base/sort.h"
#include "base/text_scan.h"
#include "capture/fingerprint.h"
#include "document/field_tables.h"
#include "input/input_file.h"
#include "input/json/json_reader.h"
#include "input/json/json_values.h"
#include "input/json/read_baseline.h"
#include "rules/baseline.h"

static int take_rule(const struct efimap_node *record, struct efimap_accepted *row)
{
	const struct efimap_node node = efimap_node_member(record, "rule");
	char quote[EFIMAP_QUOTE_SIZE];
	struct efimap_text name;
	int ret = efimap_node_text(&node, FIELD_MAX_TEXT, &name);

	if (ret)
		return ret;
	efimap_text_quote(quote, name.at, name.len);
	row->rule = efimap_rule_find(name.at);
	if (!row->rule)
		return efimap_node_fail(
			&node, "unknown rule %s (efimapctl explain lists all rules)",
			quote);
	if (strcmp(efimap_rule_command(row->rule->id), "verify") != 0)
		return efimap_node_fail(&node, "%s is a rule of %s, not of verify", quote,
					efimap_rule_command(row->rule->id));
	return 0;
}

static int take_accepted_row(const struct efimap_node *record, struct efimap_baseline *baseline,
			     struct efimap_machine *machine)
{
	struct efimap_accepted row = { 0 };
	const struct fields *fields = &efimap_accepted_fields;
	int ret = efimap_node_only(record, fields);

	if (ret)
		return ret;
	ret = take_rule(record, &row);
	if (ret)
		return ret;
	ret = efimap_node_fields(record, fields, 0, &baseline->arena, &row);
	if (ret)
		return ret;
	efimap_sort(row.phys, row.n_phys, sizeof(*row.phys), efimap_order_at);
	return efimap_baseline_add_accepted(baseline, machine, &row);
}

static int check_fingerprint(const struct efimap_node *match,
			     const struct efimap_machine *machine)
{
	static const char prefix[] = EFIMAP_FINGERPRINT_PREFIX;
	const struct efimap_node node = efimap_node_member(match, "fingerprint");
	const char *text = machine->fingerprint ? machine->fingerprint : "";
	struct efimap_text digits = { text, strlen(text) };
	char quote[EFIMAP_QUOTE_SIZE];

	if (digits.len == EFIMAP_FINGERPRINT_SIZE - 1 && efimap_text_take(&digits, prefix) &&
	    efimap_text_span(digits, EFIMAP_LOWER_HEX) == digits.len)
		return 0;
	return efimap_node_fail(
		&node,
		"found %s, expected %s and 64 lower-case hexadecimal digits, as in a snapshot",
		efimap_text_quote(quote, text, strlen(text)), prefix);
}

/* A machine is matched either by a fingerprint alone, or by all DMI strings. */
static int check_dmi(const struct efimap_node *match, const struct efimap_machine *machine,
		     enum efimap_dmi which)
{
	const char *name = efimap_dmi_name(which);
	const struct efimap_node node = efimap_node_member(match, name);
	char quote[EFIMAP_QUOTE_SIZE];

	if (machine->fingerprint)
		return node.value ? efimap_node_fail(match, "unknown member %s",
						     efimap_text_quote(quote, name, strlen(name))) :
				    0;
	if (!machine->dmi[which])
		return efimap_node_expect(&node, JSON_STRING);
	return *machine->dmi[which] ?
		       0 : efimap_node_fail(&node, "empty, expected at least one character");
}

static int check_match(const struct efimap_node *match, const struct efimap_machine *machine)
{
	int ret = efimap_node_only(match, &efimap_match_fields);

	if (!ret && efimap_node_member(match, "fingerprint").value)
		ret = check_fingerprint(match, machine);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT && !ret; i++)
		ret = check_dmi(match, machine, (enum efimap_dmi)i);
	return ret;
}

static int take_machine(const struct efimap_node *record, struct efimap_baseline *baseline)
{
	const struct efimap_node match = efimap_node_member(record, "match");
	const struct efimap_node list = efimap_node_member(record, "accepted");
	struct efimap_machine *machine = NULL;
	const struct fields *fields = &efimap_machine_fields;
	int ret = efimap_node_only(record, fields);

	if (ret)
		return ret;
	ret = efimap_baseline_add_machine(baseline, &machine);
	if (ret)
		return ret;
	ret = efimap_node_fields(record, fields, 0, &baseline->arena, machine);
	if (ret)
		return ret;
	ret = check_match(&match, machine);
	if (ret)
		return ret;
	ret = efimap_node_list(&list, EFIMAP_BASELINE_MAX_ROWS);
	if (ret)
		return ret;
	if (json_array_size(list.value) > EFIMAP_BASELINE_MAX_ROWS - baseline->n_rows)
		return efimap_node_fail(&list, "more than %u findings in the document",
					EFIMAP_BASELINE_MAX_ROWS);
	for (size_t i = 0; i < json_array_size(list.value) && !ret; i++) {
		const struct efimap_node row = efimap_node_element(&list, i);

		ret = take_accepted_row(&row, baseline, machine);
	}
	return ret;
}

static int take_all_machines(const struct efimap_document *doc, struct efimap_baseline *baseline)
{
	const struct efimap_node root = efimap_node_root(doc);
	const struct efimap_node list = efimap_node_member(&root, "machines");
	int ret = efimap_node_list(&list, EFIMAP_BASELINE_MAX_ROWS);

	for (size_t i = 0; i < json_array_size(list.value) && !ret; i++) {
		const struct efimap_node machine = efimap_node_element(&list, i);

		ret = take_machine(&machine, baseline);
	}
	return ret;
}

int efimap_baseline_read(const char *name, struct efimap_baseline **ret_baseline,
			 struct efimap_err *err)
{
	static const struct efimap_document_kind kind = {
		.name = EFIMAP_BASELINE_DOCUMENT,
		.version = EFIMAP_BASELINE_VERSION,
		.writer = "efimapctl verify --write-baseline",
	};
	struct efimap_input input efimap_auto_input = EFIMAP_INPUT_INIT;
	struct efimap_document doc efimap_auto_document = { .err = err };
	efimap_auto_baseline struct efimap_baseline *baseline = NULL;
	int ret = efimap_input_open(name, &input, err);

	if (!ret)
		ret = efimap_document_read(&input, &kind, &doc);
	if (!ret)
		ret = efimap_baseline_new(&baseline);
	if (!ret)
		ret = take_all_machines(&doc, baseline);
	if (ret)
		return efimap_err_set(err, -ret, name, "%s", strerror(-ret));
	*ret_baseline = efimap_steal(baseline);
	return 0;
}
