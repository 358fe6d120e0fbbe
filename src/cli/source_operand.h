/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef CLI_SOURCE_OPERAND_H
#define CLI_SOURCE_OPERAND_H

#include <stdbool.h>

#include "base/error.h"
#include "capture/capture.h"
#include "capture/recording.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "rules/error_texts.h"
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
/**
 * source_find_cause() - find what the messages of the selected boot of a log show
 * @text: the first lines of the log; searched instead of the selected boot if the log shows no
 *        kernel; or NULL
 *
 * Return: whether @map is a log with a known message.
 */
bool source_find_cause(const struct efimap *map, const struct out *text,
		       struct log_cause *ret_cause);
/**
 * source_explain_text() - explain a text that contains a known message, but shows no kernel
 * @error: the negative errno of read_or_text(), or 0
 * @map:   the capture, or NULL if @error is not 0
 * @text:  the first lines of SOURCE
 * @is_quoted: quote the line of SOURCE, which may contain private data, instead of the known
 * message
 *
 * Without a known message, nothing is printed. With --json, a log is not explained, and the message
 * of any other text is printed on standard error, with the command that explains it.
 *
 * Return: STATUS_NOT_APPLICABLE if the text was explained, otherwise STATUS_OK.
 */
enum status source_explain_text(const char *source, const struct common *common, int error,
				const struct efimap *map, const struct out *text, bool is_quoted,
				struct out *out);
/**
 * source_record_log() - read SOURCE as source_record() does, or explain a text without a kernel
 * @recording: receives the data that report redacts; or NULL
 * @ret_cause: what the messages show; its member text is NULL if SOURCE is no log, or if no message
 *             is known
 *
 * Return: STATUS_NOT_APPLICABLE if the text was explained; *ret_map is then NULL. Otherwise as
 * source_record().
 */
enum status source_record_log(const struct common *common, struct recording *recording,
			      struct efimap **ret_map, struct log_cause *ret_cause,
			      struct out *out);
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
