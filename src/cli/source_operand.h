/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read SOURCE for a command, and report what cannot be used. */
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
 * source_say_faults() - Print a line for each fault with at least effect @first; return
 * STATUS_UNREADABLE if there are any
 */
enum status source_say_faults(const struct efimap *map, enum efimap_fault_effect first);
/**
 * source_say_hidden() - Print a line for each of memmap and iomem whose addresses may not be read
 */
void source_say_hidden(const struct efimap *map);
/** source_say_boot() - Print which boot of a kernel log was read, if there are several */
void source_say_boot(const struct efimap *map);
/**
 * source_has_virt() - Return whether all virtual addresses are known, for a command that needs
 * them
 *
 * Print a message if they are unknown or only predicted.
 */
bool source_has_virt(const struct efimap *map);
/**
 * source_is_worth_keeping() - Return whether a capture contains anything to examine
 *
 * A machine without EFI does not, unless it was started by kexec, because the missing EFI may be
 * the problem.
 */
bool source_is_worth_keeping(const struct efimap *map);
/**
 * source_refuse_denied() - Return STATUS_DENIED with a message if the runtime map may not be read
 */
enum status source_refuse_denied(const struct efimap *map);
/**
 * source_read() - Read SOURCE (NULL for the running system), and report errors
 * @boot: which boot of a kernel log to read: see efimap_read()
 */
enum status source_read(const char *source, int boot, struct efimap **ret_map);
/**
 * source_read_as() - Call efimap_read(), or efimap_read_binary() if an option says that SOURCE is
 * a binary
 */
int source_read_as(const char *source, const struct common *common, struct efimap **ret_map,
		   struct efimap_err *err);
/** source_is_excused() - --if-efi is given, and the machine was booted without EFI */
bool source_is_excused(const struct common *common, const struct efimap *map);
/** source_excuse() - STATUS_OK instead of STATUS_NOT_APPLICABLE if source_is_excused() */
enum status source_excuse(const struct common *common, const struct efimap *map,
			  enum status status);
/**
 * source_refuse_without_map() - Check that a runtime map exists, and with @whole that it is
 * complete
 *
 * Return: STATUS_OK, or another status after a message about the reason. With -q, a source that
 * source_is_excused() causes no message.
 */
enum status source_refuse_without_map(const struct common *common, const struct efimap *map,
				      bool whole);
/** source_open_map() - Read SOURCE for a command that needs the complete runtime map */
enum status source_open_map(const struct common *common, struct efimap **ret_map);
/**
 * source_open_shown() - Read SOURCE for a command that accepts an incomplete map; report what is
 * hidden
 * @takes_binary: also accept a binary without runtime map
 */
enum status source_open_shown(const struct common *common, bool takes_binary,
			      struct efimap **ret_map);
/**
 * source_path() - Return "SOURCE/sys/firmware/efi", truncated if very long; valid until the next
 * call
 */
const char *source_path(const struct efimap *map, const char *where);

/**
 * struct side - the content of a SOURCE
 * @map:    NULL if it could not be read
 * @report: if @map is NULL, why; otherwise NULL or the report on it
 */
struct side {
	const char *name;
	struct efimap *map;
	struct efimap_report *report;
};

/**
 * side_read() - Read a SOURCE, and report errors
 * @boot: which boot of a kernel log to read: see efimap_read()
 *
 * Return: 0, or -ENOMEM if not even a report could be made.
 */
int side_read(const char *name, int boot, struct side *ret_side);
void side_free(struct side *side);
#define auto_side __attribute__((cleanup(side_free)))

/**
 * source_report_error() - Make the report on a source that could not be read, because JSON has
 * one for each source; 0 or -ENOMEM
 */
int source_report_error(int error, const struct efimap_err *err,
			struct efimap_report **ret_report);

#endif
