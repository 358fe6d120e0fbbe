/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Implement the public functions of libefimap with functions of other modules. The public captures,
 * reports and comparisons are the objects of those modules, so nothing is copied.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <efimap/efimap.h>

#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "compare/compare.h"
#include "document/snapshot.h"
#include "infer/address_translation.h"
#include "input/binary/kernel_image.h"
#include "input/log/kexec_debug_output.h"
#include "input/read_source.h"
#include "linux/encode_setup_data.h"
#include "rules/layout.h"
#include "rules/received.h"
#include "answer/verify.h"
#include "show/comparison.h"
#include "show/dump.h"
#include "show/dump_columns.h"
#include "show/explain.h"
#include "show/picture/picture.h"
#include "show/picture/svg.h"
#include "show/report.h"
#include "show/text_style.h"

const char *efimap_version(void)
{
	return EFIMAP_VERSION;
}

/* Convert between the public and the internal type of a capture. */
static const struct efimap *map_of(const struct efimap_capture *capture)
{
	return (const void *)capture;
}

static struct efimap_capture *capture_of(struct efimap *map)
{
	return (void *)map;
}

#define N_NAMES(names) (sizeof(names) / sizeof((names)[0]))

/*
 * Set an error that lists the accepted names. @what describes the names, for example "loader".
 * Return -EINVAL; or another negative errno, without setting @err, if the list cannot be built.
 */
static int refuse_name(struct efimap_err *err, const char *what, const char *name,
		       const char *const *names, size_t n_names)
{
	efimap_auto_out struct efimap_out list = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < n_names; i++)
		efimap_out_printf(&list, "%s\"%s\"",
				  i == 0 ? "" : (i + 1 == n_names ? " or " : ", "), names[i]);
	if (list.error)
		return list.error;
	return efimap_err_set(err, EINVAL, what, "\"%s\" is unknown, expected %.*s", name,
			      (int)list.used, list.data);
}

/* Return the index of @name in @names. If @name is unknown, set an error and return @n_names. */
static size_t find_name(const char *name, const char *what, const char *const *names,
			size_t n_names, struct efimap_err *err)
{
	for (size_t i = 0; i < n_names; i++)
		if (strcmp(names[i], name) == 0)
			return i;
	refuse_name(err, what, name, names, n_names);
	return n_names;
}

_Static_assert(sizeof(struct efimap_entry) == 48, "struct efimap_entry is part of the ABI");

int efimap_capture_read(const char *source, struct efimap_capture **ret_capture,
			struct efimap_err *err)
{
	struct efimap *map;
	const int ret = efimap_read(source, EFIMAP_BOOT_DEFAULT, &map, err);

	if (!ret)
		*ret_capture = capture_of(map);
	return ret;
}

int efimap_capture_read_from(const char *name, efimap_read_fn *read, void *context,
			     struct efimap_capture **ret_capture, struct efimap_err *err)
{
	struct efimap *map;
	const int ret = efimap_read_stream(name, EFIMAP_BOOT_DEFAULT, read, context, &map, err);

	if (!ret)
		*ret_capture = capture_of(map);
	return ret;
}

void efimap_capture_free(struct efimap_capture *capture)
{
	efimap_free((struct efimap *)(void *)capture);
}

const char *efimap_capture_name(const struct efimap_capture *capture)
{
	return map_of(capture)->name;
}

const struct efimap_entry *efimap_capture_entries(const struct efimap_capture *capture,
						  size_t *ret_count)
{
	const struct efimap *map = map_of(capture);

	*ret_count = map->n_entries;
	return map->n_entries ? map->entries : NULL;
}

const char *efimap_capture_state(const struct efimap_capture *capture, const char *source,
				 struct efimap_err *err)
{
	const char *names[EFIMAP_SRC_COUNT];
	size_t found;

	for (enum efimap_source i = 0; i < EFIMAP_SRC_COUNT; i++)
		names[i] = efimap_source_name(i);
	found = find_name(source, "source", names, N_NAMES(names), err);
	return found < EFIMAP_SRC_COUNT ? efimap_state_name(map_of(capture)->states[found]) : NULL;
}

/* Return 0 if the runtime map was read completely, otherwise the reason as a negative errno. */
static int map_error(const struct efimap *map)
{
	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source != EFIMAP_SRC_EFI && fault->source != EFIMAP_SRC_RUNTIME_MAP)
			continue;
		if (fault->kind != EFIMAP_FAULT_EXTRA)
			return fault->kind == EFIMAP_FAULT_DENIED ? -EACCES : -EBADMSG;
	}
	if (efimap_is_map_denied(map))
		return -EACCES;
	return map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT ? -ENODATA : 0;
}

static struct efimap_translated translated_of(const struct efimap_hit *hit)
{
	return (struct efimap_translated){
		.entry = hit->entry,
		.offset = hit->offset,
		.address = hit->address,
		.is_known = !hit->wraps && !hit->unknown,
	};
}

int efimap_capture_translate(const struct efimap_capture *capture, const char *kind,
			     uint64_t address, struct efimap_translated *ret_translated,
			     size_t room, size_t *ret_count, struct efimap_err *err)
{
	static const char *const kinds[] = {
		[EFIMAP_TO_VIRT] = "physical", [EFIMAP_TO_PHYS] = "virtual",
	};
	efimap_auto_translator struct efimap_translator translator = { 0 };
	const struct efimap *map = map_of(capture);
	const size_t direction = find_name(kind, "kind of address", kinds, N_NAMES(kinds), err);
	struct efimap_answer answer;
	int ret = direction < N_NAMES(kinds) ? map_error(map) : -EINVAL;

	if (!ret)
		ret = efimap_translator_make(map->entries, map->n_entries, &translator);
	if (ret)
		return ret;
	efimap_translate(&translator, (enum efimap_direction)direction, address, &answer);
	if (!answer.n_hits)
		return efimap_err_set(err, ENOENT, map->name, "no entry covers the %s address "
				      "0x%jx", kind, (uintmax_t)address);
	for (size_t i = 0; i < answer.n_hits && i < room; i++)
		ret_translated[i] = translated_of(&answer.hits[i]);
	*ret_count = answer.n_hits;
	return 0;
}

const char *efimap_rule_at(size_t index)
{
	return index < EFIMAP_RULE_COUNT ? efimap_rule_get((enum efimap_rule_id)index)->name :
					   NULL;
}

const char *efimap_rule_text(const char *rule, const char *key)
{
	const struct efimap_rule *found = efimap_rule_find(rule);

	if (!found)
		return NULL;
	if (strcmp(key, "severity") == 0)
		return efimap_severity_name(found->severity);
	if (strcmp(key, "consequence") == 0)
		return efimap_outcome_name(found->consequence);
	if (strcmp(key, "command") == 0)
		return efimap_rule_command(found->id);
	for (const struct explain_section *section = explain_sections; section->key; section++)
		if (strcmp(section->key, key) == 0)
			return efimap_rule_explains(found, section->text);
	return NULL;
}

/*
 * Options for efimap_capture_verify().
 *
 * @verify:    internal options, which may point to @installed and @segments
 * @kernel:    path of the kernel image, to which @installed points; owned; NULL if not set
 * @installed: the kernel that is to be loaded
 * @log:       path of the kexec log, to which @segments points; owned; NULL if not set
 * @segments:  physical ranges of the segments in the kexec log
 * @is_only:   apply only the rules in @only
 * @skip:      rules that are excluded, even if they are in @only
 */
struct efimap_options {
	struct efimap_verify_options verify;
	char *kernel;
	struct efimap_installed_kernel installed;
	char *log;
	struct efimap_segments segments;
	bool is_only;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
};

int efimap_options_new(struct efimap_options **ret_options)
{
	struct efimap_options *options = calloc(1, sizeof(*options));

	if (!options)
		return -ENOMEM;
	options->verify = (struct efimap_verify_options)EFIMAP_VERIFY_OPTIONS_INIT;
	*ret_options = options;
	return 0;
}

void efimap_options_free(struct efimap_options *options)
{
	if (!options)
		return;
	free(options->kernel);
	free(options->log);
	free(options);
}

void efimap_options_set_fail_on(struct efimap_options *options, enum efimap_severity severity)
{
	options->verify.fail_on = severity;
}

int efimap_options_set_expect(struct efimap_options *options, const char *expect,
			      struct efimap_err *err)
{
	static const char *const names[] = {
		[EFIMAP_EXPECT_AUTO] = "auto",
		[EFIMAP_EXPECT_IDENTITY] = "identity",
		[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	};
	const size_t found = find_name(expect, "expected addresses", names, N_NAMES(names), err);

	if (found == N_NAMES(names))
		return -EINVAL;
	options->verify.expect = (enum efimap_expect)found;
	return 0;
}

/* Set an error that lists the rules of verify whose names begin with the first word of @name. */
static int refuse_rule(struct efimap_err *err, const char *name)
{
	const size_t len = strcspn(name, "-");
	efimap_auto_out struct efimap_out list = EFIMAP_OUT_MEM;

	for (size_t i = 0; i < EFIMAP_RULE_COUNT && len; i++) {
		const char *other = efimap_rule_get((enum efimap_rule_id)i)->name;

		if (strncmp(other, name, len) == 0 &&
		    strcmp(efimap_rule_command((enum efimap_rule_id)i), "verify") == 0)
			efimap_out_printf(&list, "%s\"%s\"", list.used ? ", " : "", other);
	}
	if (list.error)
		return list.error;
	if (!list.used)
		efimap_out_puts(&list, "a name that efimap_rule_at() returns");
	return efimap_err_set(err, ENOENT, "rule", "\"%s\" is unknown, expected %.*s", name,
			      (int)list.used, list.data);
}

/* Add rule @name to @marks (options->only or options->skip), and update the disabled rules. */
static int mark_rule(struct efimap_options *options, bool marks[EFIMAP_RULE_COUNT],
		     const char *name, struct efimap_err *err)
{
	const struct efimap_rule *rule = efimap_rule_find(name);

	if (!rule)
		return refuse_rule(err, name);
	if (strcmp(efimap_rule_command(rule->id), "verify") != 0)
		return efimap_err_set(err, EINVAL, "rule", "\"%s\" is a rule of efimapctl %s, not "
				      "of verify", name, efimap_rule_command(rule->id));
	marks[rule->id] = true;
	options->is_only |= marks == options->only;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		options->verify.disabled[i] =
			options->skip[i] || (options->is_only && !options->only[i]);
	return 0;
}

int efimap_options_only(struct efimap_options *options, const char *rule,
			struct efimap_err *err)
{
	return mark_rule(options, options->only, rule, err);
}

int efimap_options_skip(struct efimap_options *options, const char *rule,
			struct efimap_err *err)
{
	return mark_rule(options, options->skip, rule, err);
}

int efimap_options_set_kernel(struct efimap_options *options, const char *file,
			      struct efimap_err *err)
{
	efimap_auto_free char *name = strdup(file);
	struct efimap_installed_kernel kernel;
	const int ret = name ? efimap_kernel_image_read(name, &kernel, err) : -ENOMEM;

	if (ret)
		return ret;
	free(options->kernel);
	options->kernel = efimap_steal(name);
	options->installed = kernel;
	options->verify.kernels = &options->installed;
	options->verify.n_kernels = 1;
	return 0;
}

int efimap_options_set_kexec_log(struct efimap_options *options, const char *file,
				 struct efimap_err *err)
{
	efimap_auto_free char *name = strdup(file);
	struct efimap_segments segments;
	const int ret = name ? efimap_kexec_log_read(name, &segments, err) : -ENOMEM;

	if (ret)
		return ret;
	free(options->log);
	options->log = efimap_steal(name);
	options->segments = segments;
	options->verify.segments = &options->segments;
	return 0;
}

int efimap_capture_verify(const struct efimap_capture *capture,
			  const struct efimap_options *options,
			  struct efimap_report **ret_report)
{
	return efimap_verify(map_of(capture), options ? &options->verify : NULL, ret_report);
}

int efimap_capture_compare(const struct efimap_capture *first,
			   const struct efimap_capture *second,
			   const struct efimap_options *options,
			   struct efimap_comparison **ret_comparison)
{
	return efimap_compare(map_of(first), map_of(second),
			      options ? options->verify.fail_on : EFIMAP_ERROR, ret_comparison);
}

const char *efimap_report_verdict(const struct efimap_report *report)
{
	return efimap_verdict_name(efimap_verdict_of(report));
}

const char *efimap_report_outcome(const struct efimap_report *report)
{
	return efimap_outcome_name(report->outcome);
}

const char *efimap_report_answer(const struct efimap_report *report)
{
	return report->answer;
}

const char *efimap_report_reason(const struct efimap_report *report)
{
	return efimap_reason_of(report);
}

size_t efimap_report_count(const struct efimap_report *report, enum efimap_severity severity)
{
	return report->counts[severity];
}

const struct efimap_finding *efimap_report_finding(const struct efimap_report *report,
						   size_t index)
{
	return index < report->n_findings ? &report->findings[index] : NULL;
}

const char *efimap_report_skipped(const struct efimap_report *report, size_t index,
				  const char **ret_why)
{
	if (index >= report->n_skipped)
		return NULL;
	*ret_why = report->skipped[index].why;
	return report->skipped[index].rule->name;
}

const char *efimap_finding_rule(const struct efimap_finding *finding)
{
	return finding->rule->name;
}

enum efimap_severity efimap_finding_severity(const struct efimap_finding *finding)
{
	return finding->severity;
}

const char *efimap_finding_consequence(const struct efimap_finding *finding)
{
	return efimap_outcome_name(finding->consequence);
}

const char *efimap_finding_message(const struct efimap_finding *finding)
{
	return finding->message;
}

const uint32_t *efimap_finding_entries(const struct efimap_finding *finding, size_t *ret_count)
{
	*ret_count = finding->n_entries;
	return finding->n_entries ? finding->entries : NULL;
}

const char *efimap_finding_evidence(const struct efimap_finding *finding, size_t index,
				    const char **ret_value)
{
	if (index >= finding->n_evidence)
		return NULL;
	*ret_value = finding->evidence[index].value;
	return finding->evidence[index].source;
}

void efimap_finding_first_second(const struct efimap_finding *finding,
				 const char **ret_first, const char **ret_second)
{
	*ret_first = finding->first;
	*ret_second = finding->second;
}

const char *efimap_comparison_verdict(const struct efimap_comparison *comparison)
{
	return efimap_verdict_name(efimap_verdict_of_comparison(comparison));
}

const struct efimap_report *
efimap_comparison_report(const struct efimap_comparison *comparison)
{
	return comparison->report;
}

int efimap_write_fd(void *context, const void *data, size_t size)
{
	return efimap_write_all(*(const int *)context, data, size);
}

static int give_away(const struct efimap_out *out, efimap_write_fn *write, void *context)
{
	return out->error ? out->error : write(context, out->data, out->used);
}

struct document;
typedef int document_fn(const struct efimap *map, const struct document *document,
			struct efimap_out *out);
typedef int picture_fn(const struct efimap_plot_input *input,
		       const struct efimap_plot_options *options, struct efimap_out *out);

/*
 * A document about a capture.
 *
 * @requires_map: the runtime map must be complete
 * @rows:         the format for efimap_dump_write()
 * @picture:      the function that draws the map
 */
struct document {
	const char *name;
	document_fn *write;
	bool requires_map;
	enum efimap_dump_format rows;
	picture_fn *picture;
};

static int write_snapshot(const struct efimap *map, const struct document *document,
			  struct efimap_out *out)
{
	return efimap_snapshot_write(map, false, out);
}

static int write_received(const struct efimap *map, const struct document *document,
			  struct efimap_out *out)
{
	efimap_auto_received struct efimap_received *received = NULL;
	const int ret = efimap_check_received(map, &received);

	if (ret)
		return ret;
	return efimap_received_write_json(map->name, received, false, out);
}

static int write_rows(const struct efimap *map, const struct document *document,
		      struct efimap_out *out)
{
	efimap_auto_prediction struct efimap_prediction prediction = { 0 };
	struct efimap_dump_options how = { .format = document->rows,
					   .text = { .headings = true, .fixed = true } };
	efimap_auto_report struct efimap_report *report = NULL;
	struct efimap_dump_layout layout;
	int ret = efimap_verify(map, NULL, &report);

	if (ret == 0 && efimap_dump_needs_layout(&how)) {
		ret = efimap_predict(map, &prediction);
		layout = (struct efimap_dump_layout){ &prediction.layout, prediction.report };
		how.layout = &layout;
	}
	if (ret)
		return ret;
	return efimap_dump_write(map, report, &how, out);
}

static int write_picture(const struct efimap *map, const struct document *document,
			 struct efimap_out *out)
{
	const struct efimap_plot_options how = { 0 };
	efimap_auto_report struct efimap_report *report = NULL;
	const int ret = efimap_verify(map, NULL, &report);
	const struct efimap_plot_input input = { .map = map, .report = report };

	if (ret)
		return ret;
	return document->picture(&input, &how, out);
}

static const struct document documents[] = {
	{ .name = "efimap-snapshot", .write = write_snapshot },
	{ .name = "efimap-received", .write = write_received },
	{ "efimap-dump", write_rows, true, EFIMAP_DUMP_JSON, NULL },
	{ "table", write_rows, true, EFIMAP_DUMP_TABLE, NULL },
	{ "pairs", write_rows, true, EFIMAP_DUMP_PAIRS, NULL },
	{ "raw", write_rows, true, EFIMAP_DUMP_RAW, NULL },
	{ "svg", write_picture, true, 0, efimap_plot_write_svg },
};

/*
 * Return 0 if the document can be generated from this capture, or a negative errno. A binary
 * source may lack a runtime map, so only documents of decoded fields can be generated from it.
 */
static int document_error(const struct efimap *map, const struct document *document)
{
	const bool has_fields = document->write == write_rows &&
				(document->rows == EFIMAP_DUMP_JSON ||
				 document->rows == EFIMAP_DUMP_TABLE);

	if (map->binary)
		return has_fields ? 0 : -ENODATA;
	return document->requires_map ? map_error(map) : 0;
}

static const struct document *find_document(const char *name, struct efimap_err *err)
{
	const char *names[N_NAMES(documents)];
	size_t found;

	for (size_t i = 0; i < N_NAMES(documents); i++)
		names[i] = documents[i].name;
	found = find_name(name, "document", names, N_NAMES(names), err);
	return found < N_NAMES(names) ? &documents[found] : NULL;
}

int efimap_capture_write(const struct efimap_capture *capture, const char *document,
			 efimap_write_fn *write, void *context, struct efimap_err *err)
{
	const struct document *found = find_document(document, err);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = found ? document_error(map_of(capture), found) : -EINVAL;

	if (!ret)
		ret = found->write(map_of(capture), found, &out);
	if (ret)
		return ret;
	return give_away(&out, write, context);
}

int efimap_report_write(const struct efimap_report *report,
			const struct efimap_capture *capture, const char *document,
			efimap_write_fn *write, void *context, struct efimap_err *err)
{
	static const char *const names[] = { "efimap-report", "text" };
	const struct efimap_text_options how = { .notes = true };
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const size_t found = find_name(document, "document", names, N_NAMES(names), err);
	int ret = -EINVAL;

	if (found == 0)
		ret = efimap_report_write_json(map_of(capture)->name, report, false, &out);
	else if (found == 1)
		ret = efimap_report_write_text(report, &how, &out);
	if (ret)
		return ret;
	return give_away(&out, write, context);
}

int efimap_comparison_write(const struct efimap_comparison *comparison,
			    const struct efimap_capture *first,
			    const struct efimap_capture *second, const char *document,
			    efimap_write_fn *write, void *context, struct efimap_err *err)
{
	static const char *const names[] = { "efimap-comparison", "text" };
	const struct efimap_text_options how = { .notes = true };
	const struct efimap *a = map_of(first), *b = map_of(second);
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const size_t found = find_name(document, "document", names, N_NAMES(names), err);
	int ret = -EINVAL;

	if (found == 0)
		ret = efimap_comparison_write_json(a->name, b->name, comparison, false, &out);
	else if (found == 1)
		ret = efimap_comparison_write_text(a, b, comparison, &how, &out);
	if (ret)
		return ret;
	return give_away(&out, write, context);
}

/* As in efimapctl --loader, the last two names are synonyms of the first two. */
static int find_loader(const char *name, enum efimap_loader *ret_loader, struct efimap_err *err)
{
	static const char *const names[] = { "kexec-load", "kexec-file-load", "kexec-tools",
					     "kernel" };
	static const enum efimap_loader loaders[] = {
		EFIMAP_LOADER_KEXEC_TOOLS, EFIMAP_LOADER_KERNEL, EFIMAP_LOADER_KEXEC_TOOLS,
		EFIMAP_LOADER_KERNEL,
	};
	const size_t found = find_name(name, "loader", names, N_NAMES(names), err);

	if (found == N_NAMES(names))
		return -EINVAL;
	*ret_loader = loaders[found];
	return 0;
}

static int give_part(const struct efimap *map,
		     const struct efimap_encoded_setup_data *encoded, const char *part,
		     efimap_write_fn *write, void *context, struct efimap_err *err)
{
	if (encoded->reason != EFIMAP_IS_PASSED)
		return efimap_err_set(err, ENODATA, map->name, "%s",
				      efimap_not_passed_text(encoded->reason));
	if (strcmp(part, "efi-memmap") == 0)
		return write(context, encoded->memmap, encoded->memmap_size);
	/* Fail instead of writing 0 for an address that the capture lacks. */
	if (encoded->unknown)
		return efimap_err_set(
			err, ENODATA, map->name,
			"%s is unknown, so the data that the loader passes cannot be "
			"computed",
			efimap_source_path(
				(enum efimap_source)__builtin_ctz(encoded->unknown)));
	return write(context, encoded->node, sizeof(encoded->node));
}

/*
 * Check whether the runtime map is complete enough to generate the data that a loader passes. A
 * missing map is not an error here, because it is one of the reasons why a loader passes nothing.
 */
static int check_complete(const struct efimap *map, struct efimap_err *err)
{
	const int ret = map_error(map);

	if (ret && ret != -ENODATA)
		return efimap_err_set(err, -ret, map->name, "the runtime map is incomplete");
	for (size_t i = 0; i < map->n_entries; i++)
		if (map->entries[i].virt_from == EFIMAP_VIRT_UNKNOWN)
			return efimap_err_set(err, ENODATA, map->name,
					      "virtual addresses are unknown: kernel "
					      "logs do not show them");
	return 0;
}

int efimap_capture_write_kexec_data(const struct efimap_capture *capture,
				    const char *loader, const char *part,
				    efimap_write_fn *write, void *context,
				    struct efimap_err *err)
{
	struct efimap_setup_data_options how = { 0 };
	efimap_auto_encoded_setup_data struct efimap_encoded_setup_data encoded = { 0 };
	const struct efimap *map = map_of(capture);
	static const char *const parts[] = { "setup-data", "efi-memmap" };
	int ret = find_loader(loader, &how.loader, err);

	if (ret || find_name(part, "part", parts, N_NAMES(parts), err) == N_NAMES(parts))
		return -EINVAL;
	ret = check_complete(map, err);
	if (ret)
		return ret;
	ret = efimap_encode_setup_data(map, &how, &encoded);
	if (ret)
		return ret;
	return give_part(map, &encoded, part, write, context, err);
}
