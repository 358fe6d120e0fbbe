/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_SOURCE_OPERAND_H
#define CLI_SOURCE_OPERAND_H

#include <stdbool.h>

#include "base/error.h"
#include "capture/capture.h"
#include "capture/recording.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "rules/report.h"
#include "rules/unread_verdict.h"

/**
 * source_report_faults() - print at most ten faults of sources, but no denied files or log lines
 * @sources: a set of EFIMAP_NEEDS(), such as LISTED_SOURCES
 *
 * Return: STATUS_UNREADABLE if any fault was printed, otherwise STATUS_OK.
 */
enum status source_report_faults(const struct efimap *map, uint32_t sources);
/** source_refuse_incomplete() - report the faults of sys/firmware/efi and of the runtime map */
enum status source_refuse_incomplete(const struct efimap *map);
/** source_report_hidden() - report that memmap or iomem is hidden for lack of permission */
void source_report_hidden(const struct efimap *map);

/** source_report_denied() - report at most ten denied files other than memmap and iomem */
void source_report_denied(const struct efimap *map, const struct recording *recording);
/** source_report_boot() - report the boot of a log that was selected without --boot */
void source_report_boot(const struct common *common, const struct efimap *map);
/**
 * source_has_virt() - return whether all virtual addresses are known or predicted
 *
 * Print a message if any address is unknown or predicted.
 */
bool source_has_virt(const struct efimap *map);
/**
 * source_has_efi_or_kexec() - return whether a kernel may have EFI or was started by kexec
 *
 * A kernel that kexec started without EFI is included, because users may investigate the reason.
 */
bool source_has_efi_or_kexec(const struct efimap *map);
enum status source_refuse_denied(const struct efimap *map);
/**
 * source_record() - read SOURCE, and report the selected boot of a log, and missing, malformed and
 * ignored lines
 * @recording: an empty recording, which receives the data that is read; or NULL
 */
enum status source_record(const char *source, const struct common *common,
			  struct recording *recording, struct efimap **ret_map);
/** source_is_excused() - return whether --if-efi is given and the kernel was booted without EFI */
bool source_is_excused(const struct common *common, const struct efimap *map);
/** source_excuse() - return @status, or STATUS_OK for an excused STATUS_NOT_APPLICABLE */
enum status source_excuse(const struct common *common, const struct efimap *map,
			  enum status status);
/**
 * source_check_map() - check whether a runtime map exists
 * @must_be_complete: also check whether the map is complete
 *
 * Return: STATUS_OK, or another status after a message with the reason. With -q, there is no
 * message if source_is_excused() returns true.
 */
enum status source_check_map(const struct common *common, const struct efimap *map,
			     bool must_be_complete);
/**
 * source_open() - read SOURCE, and check the runtime map like source_check_map()
 *
 * If @must_be_complete is false, report that memmap or iomem is hidden for lack of permission,
 * unless -q is given.
 */
enum status source_open(const struct common *common, bool must_be_complete,
			struct efimap **ret_map);
/** source_path() - return a path in SOURCE for messages, which is valid until the next call */
const char *source_path(const struct efimap *map, const char *where);

/** source_report_error() - create a report with the error of a source */
struct report *source_report_error(int error, const struct err *err);

#endif
