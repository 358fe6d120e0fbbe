/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_SOURCE_OPERAND_H
#define CLI_SOURCE_OPERAND_H

#include <stdbool.h>

#include "base/error.h"
#include "capture/capture.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "rules/report.h"
#include "rules/unread_sources.h"

/**
 * source_report_faults() - print the first faults whose effect is at least @first
 *
 * Faults without an effect are ignored.
 *
 * Return: STATUS_UNREADABLE if there are such faults, otherwise STATUS_OK.
 */
enum status source_report_faults(const struct efimap *map,
				 enum efimap_fault_effect first);
/** source_report_hidden() - report memmap and iomem if lack of permission hides them */
void source_report_hidden(const struct efimap *map);
void source_report_boot(const struct efimap *map);
/**
 * source_has_virt() - return whether all virtual addresses are known or predicted
 *
 * Print a message if addresses are unknown or only predicted.
 */
bool source_has_virt(const struct efimap *map);
/**
 * source_is_worth_keeping() - return whether a capture has EFI, or kexec started its kernel
 *
 * If kexec started a kernel without EFI, the missing EFI may be the problem. For a binary, the
 * result is false.
 */
bool source_is_worth_keeping(const struct efimap *map);
enum status source_refuse_denied(const struct efimap *map);
enum status source_read(const char *source, const struct common *common,
			struct efimap **ret_map);
/**
 * source_read_as() - call efimap_read(), or efimap_read_binary() if an option describes a binary
 */
int source_read_as(const char *source, const struct common *common, struct efimap **ret_map,
		   struct efimap_err *err);
/** source_is_excused() - return whether --if-efi is given and the machine was booted without EFI */
bool source_is_excused(const struct common *common, const struct efimap *map);
/** source_excuse() - return STATUS_OK instead of STATUS_NOT_APPLICABLE if --if-efi permits this */
enum status source_excuse(const struct common *common, const struct efimap *map,
			  enum status status);
/**
 * source_refuse_without_map() - check whether a runtime map exists
 * @must_be_complete: also check whether the map is complete
 *
 * Return: STATUS_OK, or another status after a message with the reason. With -q, there is no
 * message if source_is_excused() returns true.
 */
enum status source_refuse_without_map(const struct common *common, const struct efimap *map,
				      bool must_be_complete);
/** source_open_map() - read SOURCE for a command that requires the complete runtime map */
enum status source_open_map(const struct common *common, struct efimap **ret_map);
/**
 * source_open_shown() - read SOURCE for a command that accepts an incomplete map
 * @takes_binary: also accept a binary without a runtime map
 *
 * Unless -q is given, report sources that were skipped for lack of permission.
 */
enum status source_open_shown(const struct common *common, bool takes_binary,
			      struct efimap **ret_map);
/**
 * source_path() - return a path in SOURCE for messages, such as "SOURCE/sys/firmware/efi"
 *
 * The path is truncated if it is very long, and is valid until the next call.
 */
const char *source_path(const struct efimap *map, const char *where);

/**
 * struct side - the contents of a SOURCE
 * @map:    the capture, or NULL if it could not be read
 * @report: if @map is NULL, the report with the reason; otherwise the report on @map or NULL
 */
struct side {
	const char *name;
	struct efimap *map;
	struct efimap_report *report;
};

/**
 * side_read() - read a SOURCE, and report errors
 * @boot: as for efimap_read()
 *
 * Return: 0, or -ENOMEM if not even a report could be made.
 */
int side_read(const char *name, int boot, struct side *ret_side);
void side_free(struct side *side);
#define auto_side __attribute__((cleanup(side_free)))

/** source_report_error() - make the report on a source that could not be read, or return -ENOMEM */
int source_report_error(int error, const struct efimap_err *err,
			struct efimap_report **ret_report);

#endif
