/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read SOURCE for a command, and report what cannot be used. */
#ifndef CLI_SOURCE_OPERAND_H
#define CLI_SOURCE_OPERAND_H

#include <stdbool.h>

#include "base/error.h"
#include "capture/capture.h"
#include "cli/messages_and_status.h"
#include "cli/option_parser.h"
#include "rules/report.h"
#include "rules/unread_sources.h"

/** source_say_faults() - a line for each from @first on; STATUS_UNREADABLE when there are any */
enum status source_say_faults(const struct efimap *map, enum efimap_fault_effect first);
/** source_say_hidden() - a line for each of memmap and iomem that may not be read */
void source_say_hidden(const struct efimap *map);
/** source_say_boot() - of a kernel's log with several boots: which of them it is */
void source_say_boot(const struct efimap *map);
/**
 * source_has_virt() - are all virtual addresses known, for a command that needs them?
 *
 * Says so when they are not, or only predicted.
 */
bool source_has_virt(const struct efimap *map);
/**
 * source_is_worth_keeping() - is there anything to look into?
 *
 * Not without EFI, except in a kernel that was kexec'ed: that it has none can be the very
 * thing.
 */
bool source_is_worth_keeping(const struct efimap *map);
/** source_refuse_denied() - STATUS_DENIED, which is said, where the runtime map is denied */
enum status source_refuse_denied(const struct efimap *map);
/**
 * source_read() - read SOURCE (NULL: the running system), and of a kernel's log this boot
 * (efimap_read()); says what went wrong
 */
enum status source_read(const char *source, int boot, struct efimap **ret_map);
/**
 * source_read_as() - efimap_read(), or efimap_read_binary() where an option says that SOURCE is
 * a binary
 */
int source_read_as(const char *source, const struct common *common, struct efimap **ret_map,
		   struct efimap_err *err);
/**
 * source_refuse_without_map() - for a command that needs only the runtime map, or the @whole of it
 *
 * Return: STATUS_OK, or another status where it cannot have the map; says why.
 */
enum status source_refuse_without_map(const struct efimap *map, bool whole);
/** source_open_map() - read SOURCE, for a command that needs its runtime map whole */
enum status source_open_map(const struct common *common, struct efimap **ret_map);
/**
 * source_open_shown() - the same for what could be read of it; says what is hidden besides
 * @takes_binary: also of a binary that holds no runtime map
 */
enum status source_open_shown(const struct common *common, bool takes_binary,
			      struct efimap **ret_map);
/** source_path() - "SOURCE/sys/firmware/efi", cut when it is very long; until the next call */
const char *source_path(const struct efimap *map, const char *where);

/**
 * struct side - what a SOURCE holds
 * @map:    NULL where it could not be read
 * @report: then one that says why; else NULL, or what is said of it
 */
struct side {
	const char *name;
	struct efimap *map;
	struct efimap_report *report;
};

/**
 * side_read() - read one, and of a kernel's log this boot (efimap_read()); says why it
 * cannot. 0, or -ENOMEM when not even that is known
 */
int side_read(const char *name, int boot, struct side *ret_side);
void side_free(struct side *side);
#define auto_side __attribute__((cleanup(side_free)))

/**
 * source_report_error() - the report on a source that could not even be looked at: JSON
 * has one for each source; 0 or -ENOMEM
 */
int source_report_error(int error, const struct efimap_err *err,
			struct efimap_report **ret_report);

#endif
