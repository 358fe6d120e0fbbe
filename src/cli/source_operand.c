/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read SOURCE for a command, and report the reason if SOURCE cannot be used or is incomplete. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "answer/words.h"
#include "base/cleanup.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "input/parse_values.h"
#include "input/read_source.h"
#include "rules/outcome.h"
#include "rules/unread_verdict.h"
#include "show/form_output.h"
#include "show/report_text.h"
#include "show/text_style.h"

/* Maximum number of messages about faults. More messages would push the first off the screen. */
#define MAX_FAULT_LINES 10

const char *source_path(const struct efimap *map, const char *where)
{
	static char path[1024];
	const char *log = path_of_source(EFIMAP_SRC_KERNEL_LOG);
	const bool is_file = map->origin != EFIMAP_ORIGIN_SNAPSHOT &&
			     map->origin != EFIMAP_ORIGIN_LOG &&
			     strncmp(where, log, strlen(log)) != 0;
	size_t len = strlen(map->name);

	while (len > 0 && map->name[len - 1] == '/')
		len--;
	/* In a snapshot or a log, and for the kernel log, @where is not the path of a file. */
	if (!is_file)
		snprintf(path, sizeof(path), "%s: %s", map->name, where);
	else
		snprintf(path, sizeof(path), "%.*s/%s%s%s", (int)len, map->name, map->inner,
			 *map->inner ? "/" : "", where);
	return path;
}

bool source_has_efi_or_kexec(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] != EFIMAP_STATE_ABSENT ||
	       find_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
}

enum status source_refuse_denied(const struct efimap *map)
{
	if (capture_hides_firmware(map)) {
		put_message("%s: %s", map->name, EFIMAP_FIRMWARE_HIDDEN);
		return STATUS_DENIED;
	}
	if (!is_map_denied(map) &&
	    !capture_has_fault(map, EFIMAP_SRC_RUNTIME_MAP, EFIMAP_STATE_BIT(EFIMAP_STATE_DENIED)))
		return STATUS_OK;
	put_message("%s: permission denied; run as root",
		    source_path(map, path_of_source(EFIMAP_SRC_RUNTIME_MAP)));
	return STATUS_DENIED;
}

static void report_fault(const char *file, const struct capture_fault *fault)
{
	if (fault->line)
		put_message("%s:%u: %s", file, fault->line, fault->text);
	else
		put_message("%s: %s", file, fault->text);
}

enum status source_report_faults(const struct efimap *map, uint32_t sources)
{
	size_t count = 0;

	for (size_t i = 0; i < map->n_faults; i++) {
		const struct capture_fault *fault = &map->faults[i];

		if (!(sources & EFIMAP_NEEDS(fault->source)) ||
		    fault->state == EFIMAP_STATE_DENIED || fault_is_of_lines(fault))
			continue;
		if (count++ < MAX_FAULT_LINES)
			report_fault(source_path(map, fault->where), fault);
	}
	if (count > MAX_FAULT_LINES)
		put_message("%s: %zu further problems are not listed", map->name,
			    count - MAX_FAULT_LINES);
	return count > 0 ? STATUS_UNREADABLE : STATUS_OK;
}

enum status source_refuse_incomplete(const struct efimap *map)
{
	return source_report_faults(map, EFIMAP_NEEDS(EFIMAP_SRC_EFI) |
						 EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP));
}

void source_report_boot(const struct common *common, const struct efimap *map)
{
	if (map->n_boots > 1 && !common->boot && !common->quiet)
		put_message("%s: contains %" PRIu32 " boots, and boot %" PRIu32 " is selected"
			    "; use --boot=N to select another one",
			    map->name, map->n_boots, map->boot);
}

bool source_has_virt(const struct efimap *map)
{
	const size_t unknown = count_virt(map, EFIMAP_VIRT_UNKNOWN);
	const bool is_predicted = count_virt(map, EFIMAP_VIRT_PREDICTED) > 0;

	if (unknown)
		put_message("%s: kernel logs do not show virtual addresses, and the virtual "
			    "addresses of %zu of %zu entries cannot be predicted",
			    map->name, unknown, map->n_entries);
	else if (is_predicted)
		put_message("%s: virtual addresses are predicted, because kernel logs do "
			    "not show them",
			    map->name);
	return unknown == 0;
}

void source_report_hidden(const struct efimap *map)
{
	static const enum source sources[] = { EFIMAP_SRC_MEMMAP, EFIMAP_SRC_IOMEM };

	for (size_t i = 0; i < sizeof(sources) / sizeof(sources[0]); i++) {
		const enum source source = sources[i];
		const char *remedy =
			root_can_read(map, source) ? "run as root" : "capture it as root";
		const char *path = source_path(map, path_of_source(source));

		if (map->states[source] == EFIMAP_STATE_DENIED)
			put_message("%s: skipped, because permission was denied; %s", path, remedy);
		else if (map->states[source] == EFIMAP_STATE_MASKED)
			put_message("%s: skipped, because the kernel hides the addresses from "
				    "unprivileged users; %s",
				    path, remedy);
	}
}

void source_report_denied(const struct efimap *map, const struct recording *recording)
{
	const char *memmap = path_of_source(EFIMAP_SRC_MEMMAP);
	const char *iomem = path_of_source(EFIMAP_SRC_IOMEM);
	size_t count = 0;

	for (size_t i = 0; i < recording->n_files; i++) {
		const struct recorded_file *file = &recording->files[i];
		const bool is_log = strcmp(file->path, EFIMAP_RECORDED_LOG) == 0;

		if (errno_state(file->error) != EFIMAP_STATE_DENIED ||
		    strncmp(file->path, memmap, strlen(memmap)) == 0 ||
		    strcmp(file->path, iomem) == 0)
			continue;
		if (count++ < MAX_FAULT_LINES)
			put_message("%s: skipped, because permission was denied%s",
				    is_log ? path_of_source(EFIMAP_SRC_KERNEL_LOG)
					   : source_path(map, file->path),
				    map->origin == EFIMAP_ORIGIN_SNAPSHOT ? "; capture it as root"
				    : geteuid() == 0			  ? " to root"
									  : "; run as root");
	}
	if (count > MAX_FAULT_LINES)
		put_message("%s: permission to read %zu further files was denied", map->name,
			    count - MAX_FAULT_LINES);
}

struct report *source_report_error(int error, const struct err *err)
{
	struct report *report = report_new();

	report->words[EFIMAP_QUESTION_KEXEC] = report->words[EFIMAP_QUESTION_KDUMP] =
		EFIMAP_WORD_COUNT;
	const bool is_denied = status_of_error(error) == STATUS_DENIED;
	char text[sizeof(err->where) + sizeof(err->text) + 64];

	err_format(err, text, sizeof(text));
	report->refused = true;
	report_note_unread(report, is_denied ? EFIMAP_VERDICT_DENIED : EFIMAP_VERDICT_UNREADABLE,
			   "%s", text);
	report_set_answer(report, EFIMAP_OUTCOME_UNKNOWN, "%s", text);
	return report;
}

bool source_is_excused(const struct common *common, const struct efimap *map)
{
	return common->if_efi && runs_without_efi(map);
}

enum status source_excuse(const struct common *common, const struct efimap *map, enum status status)
{
	if (status == STATUS_NOT_APPLICABLE && map && source_is_excused(common, map))
		return STATUS_OK;
	return status;
}

enum status source_check_map(const struct common *common, const struct efimap *map,
			     bool must_be_complete)
{
	const bool is_any = map->n_entries > 0;
	const struct no_map no_map = find_no_map(map);

	/* The EFI memory map of another architecture can be shown, but checks do not support it. */
	if (no_map.kind == EFIMAP_MAP_FOREIGN && !must_be_complete && is_any)
		return STATUS_OK;
	if (no_map.why && no_map.kind != EFIMAP_MAP_ABSENT) {
		if (!common->quiet || !source_is_excused(common, map))
			put_message("%s: %s", map->name, no_map.why);
		return STATUS_NOT_APPLICABLE;
	}
	if ((must_be_complete || !is_any) && source_refuse_incomplete(map) != STATUS_OK)
		return STATUS_UNREADABLE;
	/* The kernel numbers entries without gaps, so an entry in a gap was not collected. */
	if (must_be_complete && capture_is_offline(map) && map->n_names &&
	    map->names[map->n_names - 1] >= map->n_names) {
		put_message("%s: the runtime map lacks %zu of %" PRIu32 " entries",
			    source_path(map, path_of_source(EFIMAP_SRC_RUNTIME_MAP)),
			    map->names[map->n_names - 1] + 1 - map->n_names,
			    map->names[map->n_names - 1] + 1);
		return STATUS_UNREADABLE;
	}
	if (source_refuse_denied(map) != STATUS_OK)
		return STATUS_DENIED;
	if (no_map.kind != EFIMAP_MAP_ABSENT)
		return STATUS_OK;
	put_message("%s: no runtime map: %s",
		    source_path(map, path_of_source(EFIMAP_SRC_RUNTIME_MAP)), no_map.why);
	return STATUS_NOT_APPLICABLE;
}

static void report_lines(const struct common *common, const struct efimap *map)
{
	source_report_boot(common, map);
	for (size_t i = 0; i < map->n_faults; i++)
		if (fault_is_of_lines(&map->faults[i]))
			report_fault(map->name, &map->faults[i]);
}

enum status source_record(const char *source, const struct common *common,
			  struct recording *recording, struct efimap **ret_map)
{
	struct err err = EFIMAP_ERR_INIT;
	int ret = read_and_record(source, common->boot, common->command->name, recording, ret_map,
				  &err);

	if (ret < 0)
		return report_error(ret, source, &err);
	report_lines(common, *ret_map);
	return STATUS_OK;
}

enum status source_open(const struct common *common, bool must_be_complete, struct efimap **ret_map)
{
	enum status status = source_record(common->source, common, NULL, ret_map);

	if (status == STATUS_OK)
		status = source_check_map(common, *ret_map, must_be_complete);
	if (status == STATUS_OK && !must_be_complete && !common->quiet)
		source_report_hidden(*ret_map);
	return status;
}
