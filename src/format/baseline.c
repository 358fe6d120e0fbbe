/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-baseline document: a row on a line, so that a diff of two of them can be
 * read. The counterpart is src/read/baseline.c.
 */
#include "format/json.h"
#include "model/baseline.h"

static void put_match(struct json *json, const struct efimap_machine *machine)
{
	json_open_line_object(json, "match");
	if (machine->fingerprint)
		json_put_text(json, "fingerprint", machine->fingerprint);
	for (unsigned int i = 0; !machine->fingerprint && i < EFIMAP_DMI_COUNT; i++)
		json_put_text(json, efimap_dmi_name((enum efimap_dmi)i), machine->dmi[i]);
	json_close(json);
}

static void put_place(struct json *json, const struct efimap_accepted *row)
{
	if (row->anywhere)
		return;
	json_open_line_array(json, row->n_phys ? "phys_addr" : "evidence");
	for (size_t i = 0; i < row->n_phys; i++)
		json_put_hex(json, NULL, row->phys[i]);
	for (size_t i = 0; i < row->n_facts; i++)
		json_put_text(json, NULL, row->facts[i]);
	json_close(json);
}

/* What is as it would be without the member is left out. */
static void put_accepted(struct json *json, const struct efimap_accepted *row)
{
	const uint32_t usual = row->anywhere ? EFIMAP_BASELINE_ANY_COUNT : 1;

	json_open_line_object(json, NULL);
	json_put_text(json, "rule", row->rule->name);
	json_put_text(json, "severity", efimap_severity_name(row->severity));
	json_put_text(json, "consequence", efimap_consequence_name(row->consequence));
	put_place(json, row);
	if (row->count != usual)
		json_put_count(json, "count", row->count);
	if (row->comment)
		json_put_text(json, "comment", row->comment);
	json_close(json);
}

static void put_machine(struct json *json, const struct efimap_machine *machine)
{
	json_open_object(json, NULL);
	put_match(json, machine);
	if (machine->comment)
		json_put_text(json, "comment", machine->comment);
	json_open_array(json, "accepted");
	for (size_t i = 0; i < machine->n_accepted && !json->out->error; i++)
		put_accepted(json, &machine->accepted[i]);
	json_close(json);
	json_close(json);
}

int efimap_baseline_write(const struct efimap_baseline *baseline, const char *source,
			  struct efimap_out *out)
{
	struct json json;

	json_begin(&json, EFIMAP_BASELINE_DOCUMENT, source, false, out);
	json_open_array(&json, "machines");
	for (size_t i = 0; i < baseline->n_machines && !out->error; i++)
		put_machine(&json, &baseline->machines[i]);
	json_close(&json);
	return json_end(&json);
}
