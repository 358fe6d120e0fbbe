/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Findings for editors and CI: a line each as compilers have it ("gcc"), and SARIF 2.1.0.
 * Both name a file. Of a tree that is the directory of an entry, or the file that was read;
 * of anything else the SOURCE. There are no lines in what sysfs holds, so it is the first.
 */
#include <string.h>

#include "format/format.h"
#include "format/json.h"

#define SARIF_SCHEMA                                                                   \
	"https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/"          \
	"sarif-schema-2.1.0.json"

/* Below the root: "sys/firmware/efi/runtime-map/3" */
static void put_file_below(const struct efimap_finding *finding, struct efimap_out *out)
{
	const char *map = efimap_source_path(EFIMAP_SRC_RUNTIME_MAP);
	const char *fact = finding->n_evidence ? finding->evidence[0].source : "";
	/* Of an entry, only a file of it is nearer than its directory. */
	const char *root = finding->n_entries ? map : "sys/";

	if (strncmp(fact, root, strlen(root)) == 0)
		efimap_out_puts(out, fact);
	else if (finding->n_entries)
		efimap_out_printf(out, "%s/%u", map, finding->entries[0]);
	else
		efimap_out_puts(out, map);
}

static void put_file(const char *source, const struct efimap *map,
		     const struct efimap_finding *finding, struct efimap_out *out)
{
	const bool is_tree = map && (map->origin == EFIMAP_ORIGIN_LIVE ||
				     map->origin == EFIMAP_ORIGIN_TREE);
	size_t len = strlen(source);

	if (!is_tree) {
		efimap_out_puts(out, strcmp(source, "-") == 0 ? "standard input" : source);
		return;
	}
	while (len > 0 && source[len - 1] == '/')
		len--;
	efimap_out_printf(out, "%.*s/%s%s", (int)len, source, map->inner,
			  *map->inner ? "/" : "");
	put_file_below(finding, out);
}

int efimap_report_write_gcc(const char *source, const struct efimap *map,
			    const struct efimap_report *report, struct efimap_out *out)
{
	for (size_t i = 0; i < report->n_findings && !out->error; i++) {
		const struct efimap_finding *finding = &report->findings[i];
		efimap_auto_out struct efimap_out file = EFIMAP_OUT_MEM;

		put_file(source, map, finding, &file);
		efimap_out_safe(out, efimap_out_text(&file, out));
		efimap_out_printf(out, ":1: %s: ", efimap_severity_name(finding->severity));
		efimap_out_safe(out, finding->message);
		efimap_out_printf(out, " [%s]\n", finding->rule->name);
	}
	return out->error;
}

/* --- SARIF --- */

/* An object with one text in it, as SARIF likes them */
static void put_within(struct json *json, const char *object, const char *key, const char *text)
{
	json_open(json, '{', object, true);
	json_put_text(json, key, text);
	json_close(json);
}

/* A path as a reference (RFC 3986): a colon in its first part would be a scheme. */
static void put_uri(struct json *json, const char *path)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";
	efimap_auto_out struct efimap_out uri = EFIMAP_OUT_MEM;

	efimap_out_puts(&uri, *path == '/' ? "file://" : "");
	for (; *path; path++)
		if (strchr(plain, *path))
			efimap_out_putc(&uri, *path);
		else
			efimap_out_printf(&uri, "%%%02X", (unsigned char)*path);
	put_within(json, "artifactLocation", "uri", efimap_out_text(&uri, json->out));
}

static void put_location(struct json *json, const char *source, const struct efimap *map,
			 const struct efimap_finding *finding)
{
	efimap_auto_out struct efimap_out file = EFIMAP_OUT_MEM;

	put_file(source, map, finding, &file);
	json_open(json, '[', "locations", false);
	json_open(json, '{', NULL, true);
	json_open(json, '{', "physicalLocation", true);
	put_uri(json, efimap_out_text(&file, json->out));
	json_open(json, '{', "region", true);
	json_put_count(json, "startLine", 1);
	json_close(json);
	json_close(json);
	json_close(json);
	json_close(json);
}

static void put_rules(struct json *json, const struct efimap_report *report)
{
	bool was_put[EFIMAP_RULE_COUNT] = { false };

	json_open(json, '[', "rules", false);
	for (size_t i = 0; i < report->n_findings; i++) {
		const struct efimap_rule *rule = report->findings[i].rule;

		if (was_put[rule->id])
			continue;
		was_put[rule->id] = true;
		json_open(json, '{', NULL, false);
		json_put_text(json, "id", rule->name);
		put_within(json, "shortDescription", "text",
			   efimap_rule_explains(rule, RULE_TESTS));
		put_within(json, "fullDescription", "text", efimap_rule_explains(rule, RULE_WHY));
		put_within(json, "help", "text", efimap_rule_explains(rule, RULE_FIX));
		put_within(json, "defaultConfiguration", "level",
			   efimap_severity_name(rule->severity));
		json_close(json);
	}
	json_close(json);
}

static void put_results(struct json *json, const char *source, const struct efimap *map,
			const struct efimap_report *report)
{
	json_open(json, '[', "results", false);
	for (size_t i = 0; i < report->n_findings && !json->out->error; i++) {
		const struct efimap_finding *finding = &report->findings[i];

		json_open(json, '{', NULL, false);
		json_put_text(json, "ruleId", finding->rule->name);
		json_put_text(json, "level", efimap_severity_name(finding->severity));
		put_within(json, "message", "text", finding->message);
		put_location(json, source, map, finding);
		put_within(json, "properties", "consequence",
			   efimap_consequence_name(finding->consequence));
		json_close(json);
	}
	json_close(json);
}

/* What was not seen is no silence: whoever shows the findings has to show that too. */
static void put_invocation(struct json *json, const struct efimap_report *report)
{
	const char *reason = efimap_reason_of(report);

	json_open(json, '[', "invocations", false);
	json_open(json, '{', NULL, false);
	json_put_bool(json, "executionSuccessful", efimap_report_is_judged(report));
	json_open(json, '[', "toolExecutionNotifications", false);
	if (*reason) {
		json_open(json, '{', NULL, false);
		json_put_text(json, "level",
			      efimap_report_is_judged(report) ? "warning" : "error");
		put_within(json, "message", "text", reason);
		json_close(json);
	}
	json_close(json);
	json_close(json);
	json_close(json);
}

int efimap_report_write_sarif(const char *source, const struct efimap *map,
			      const struct efimap_report *report, struct efimap_out *out)
{
	const char *version = strchr(EFIMAP_TOOL, ' ') + 1;
	struct json json;

	json_begin_plain(&json, false, out);
	json_put_text(&json, "$schema", SARIF_SCHEMA);
	json_put_text(&json, "version", "2.1.0");
	json_open(&json, '[', "runs", false);
	json_open(&json, '{', NULL, false);
	json_open(&json, '{', "tool", false);
	json_open(&json, '{', "driver", false);
	json_put_text(&json, "name", "efimapctl");
	json_put_text(&json, "version", version);
	put_rules(&json, report);
	json_close(&json);
	json_close(&json);
	put_invocation(&json, report);
	put_results(&json, source, map, report);
	return json_end(&json);
}
