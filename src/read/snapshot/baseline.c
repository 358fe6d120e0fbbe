/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From an efimap-baseline document to the findings that it accepts: its head and its
 * machines. It is written by hand as often as by the tool, so what is wrong is named by its
 * place and never passed over: a misspelt rule would accept nothing, silently.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/fingerprint.h"
#include "read/input.h"
#include "read/snapshot/baseline.h"
#include "read/text.h"

/* For the values of one machine, which can be all of the document. */
#define MAX_MEMORY ((size_t)64 << 20)

static int check_head(const struct efimap_node *root)
{
	const struct efimap_node document = efimap_node_member(root, "document");
	const struct efimap_node version = efimap_node_member(root, "version");
	char quote[EFIMAP_QUOTE_SIZE];
	const char *text;
	uint64_t number;
	size_t len;
	int ret = efimap_node_text(&document, BASELINE_MAX_TEXT, &text, &len);

	if (ret)
		return ret;
	if (strcmp(text, EFIMAP_BASELINE_DOCUMENT) != 0)
		return efimap_node_fail(&document, "this is a document %s, expected \"%s\"",
					efimap_text_quote(quote, text, len),
					EFIMAP_BASELINE_DOCUMENT);
	ret = efimap_node_number(&version, INT64_MAX, &number);
	if (!ret && (number == 0 || number > EFIMAP_BASELINE_VERSION))
		ret = efimap_node_fail(&version, "found %ju, expected %d", (uintmax_t)number,
				       EFIMAP_BASELINE_VERSION);
	return ret;
}

static int take_fingerprint(const struct efimap_node *match,
			    struct efimap_baseline *baseline, struct efimap_machine *machine)
{
	static const char *const names[] = { "fingerprint" };
	static const char prefix[] = EFIMAP_FINGERPRINT_PREFIX;
	const struct efimap_node node = efimap_node_member(match, "fingerprint");
	char quote[EFIMAP_QUOTE_SIZE];
	const char *text;
	size_t len;
	int ret = BASELINE_MEMBERS(match, names);

	if (!ret)
		ret = efimap_node_text(&node, BASELINE_MAX_TEXT, &text, &len);
	if (ret)
		return ret;
	if (len != EFIMAP_FINGERPRINT_SIZE - 1 || strncmp(text, prefix, sizeof(prefix) - 1) != 0 ||
	    strspn(text + sizeof(prefix) - 1, "0123456789abcdef") != len - (sizeof(prefix) - 1))
		return efimap_node_fail(&node, "found %s, expected %s and 64 hexadecimal "
					"digits, as a snapshot has it",
					efimap_text_quote(quote, text, len), prefix);
	machine->fingerprint = efimap_arena_strndup(&baseline->arena, text, len);
	return machine->fingerprint ? 0 : -ENOMEM;
}

static int take_dmi(const struct efimap_node *match, struct efimap_baseline *baseline,
		    struct efimap_machine *machine)
{
	const char *names[EFIMAP_DMI_COUNT];
	int ret;

	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT; i++)
		names[i] = efimap_dmi_name((enum efimap_dmi)i);
	ret = BASELINE_MEMBERS(match, names);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT && !ret; i++) {
		const struct efimap_node node = efimap_node_member(match, names[i]);
		const char *text;
		size_t len;

		ret = efimap_node_text(&node, BASELINE_MAX_TEXT, &text, &len);
		if (!ret && len == 0)
			ret = efimap_node_fail(&node, "it is empty");
		if (ret)
			break;
		machine->dmi[i] = efimap_arena_strndup(&baseline->arena, text, len);
		ret = machine->dmi[i] ? 0 : -ENOMEM;
	}
	return ret;
}

static int take_machine(const struct efimap_node *record, void *context)
{
	static const char *const names[] = { "match", "comment", "accepted" };
	const struct efimap_node match = efimap_node_member(record, "match");
	const struct efimap_node list = efimap_node_member(record, "accepted");
	struct efimap_baseline *baseline = context;
	struct efimap_machine *machine = NULL;
	size_t count = 0;
	int ret = BASELINE_MEMBERS(record, names);

	if (!ret)
		ret = efimap_node_expect(&match, EFIMAP_JSON_OBJECT);
	if (!ret)
		ret = efimap_baseline_add_machine(baseline, &machine);
	if (!ret)
		ret = efimap_node_member(&match, "fingerprint").value ?
			      take_fingerprint(&match, baseline, machine) :
			      take_dmi(&match, baseline, machine);
	if (!ret)
		ret = efimap_baseline_text(record, "comment", baseline, &machine->comment);
	if (!ret)
		ret = efimap_node_list(&list, EFIMAP_BASELINE_MAX_ROWS, &count);
	if (!ret && count > EFIMAP_BASELINE_MAX_ROWS - baseline->n_rows)
		ret = efimap_node_fail(&list, "more than %u findings in the whole document",
				       EFIMAP_BASELINE_MAX_ROWS);
	for (struct efimap_node node = efimap_node_first(&list); node.value && !ret;
	     node = efimap_node_next(&node))
		ret = efimap_baseline_row(&node, baseline, machine);
	return ret;
}

int efimap_baseline_read(const char *name, struct efimap_baseline **ret_baseline,
			 struct efimap_err *err)
{
	static const char *const names[] = { "document", "version" };
	struct efimap_stream machines = {
		.key = "machines",
		.type = EFIMAP_JSON_OBJECT,
		.max = EFIMAP_BASELINE_MAX_ROWS,
		.take = take_machine,
	};
	struct efimap_plan plan = {
		.limit = EFIMAP_BASELINE_MAX_BYTES,
		.budget = MAX_MEMORY,
		.names = names,
		.n_names = sizeof(names) / sizeof(names[0]),
		.streams = &machines,
		.n_streams = 1,
		.head = check_head,
	};
	struct efimap_input input efimap_auto_input = EFIMAP_INPUT_INIT;
	struct efimap_document doc efimap_auto_document = { .err = err };
	efimap_auto_baseline struct efimap_baseline *baseline = NULL;
	int ret = efimap_input_open(name, &input, err);

	if (!ret)
		ret = efimap_baseline_new(&baseline);
	plan.context = baseline;
	if (!ret)
		ret = efimap_document_read(&input, &plan, &doc);
	if (!ret && !machines.is_there) {
		const struct efimap_node root = efimap_node_root(&doc);
		const struct efimap_node node = efimap_node_member(&root, machines.key);

		ret = efimap_node_expect(&node, EFIMAP_JSON_ARRAY);
	}
	if (ret)
		return efimap_err_set(err, -ret, name, "%s", strerror(-ret));
	*ret_baseline = efimap_steal(baseline);
	return 0;
}
