/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the lines that assign an answer to a machine, and say what a log contains. */
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "base/text_scan.h"
#include "rules/error_texts.h"
#include "rules/matched_messages.h"
#include "show/form_output.h"
#include "show/machine_line.h"

/* Return the maker and the model of a machine, or "". */
static const char *name_machine(const struct efimap *map, struct arena *arena)
{
	const char *vendor = map->dmi[EFIMAP_DMI_SYS_VENDOR];
	const char *product = map->dmi[EFIMAP_DMI_PRODUCT_NAME];

	if (!*vendor && !*product)
		return map->log_model;
	return arena_printf(arena, "%s%s%s", vendor, *vendor && *product ? " " : "", product);
}

/* Append an item to a list, unless it is NULL or "". */
static void put_item(const char *item, struct out *out)
{
	if (item && *item)
		out_printf(out, "%s%s", out->used ? ", " : "", item);
}

/* Return the kind of a source and its date, in words that do not depend on the current date. */
static const char *name_kind(const struct efimap *map, struct arena *arena)
{
	static const char *const months[] = { "January",   "February", "March",	   "April",
					      "May",	   "June",     "July",	   "August",
					      "September", "October",  "November", "December" };
	const uint32_t date = map->read_on ? map->read_on : map->log_date;
	const enum origin origin = find_first_origin(map);
	const char *kind = origin == EFIMAP_ORIGIN_LIVE	 ? "a snapshot"
			   : origin == EFIMAP_ORIGIN_LOG ? "a log"
							 : "a copy";

	if (!date)
		return kind;
	return arena_printf(arena, "%s of %" PRIu32 " %s %" PRIu32, kind, date % 100,
			    months[date / 100 % 100 - 1], date / 10000);
}

void machine_line_write(const struct efimap *map, const struct report *report, const char *name,
			const struct text_options *options, struct out *out)
{
	const struct report_machine *machine = &report->machine;
	const bool has_secure_boot = strcmp(machine->secure_boot, "unknown") != 0;
	const bool is_locked =
		strcmp(machine->lockdown, "unknown") != 0 && strcmp(machine->lockdown, "none") != 0;
	auto_out struct out line = EFIMAP_OUT_MEM;
	struct arena arena = { NULL };
	const char *model = name_machine(map, &arena);

	/* Advice may ask to run efimapctl on the machine, so say that this is not the machine. */
	if (name && map->origin != EFIMAP_ORIGIN_LIVE)
		put_item(arena_printf(&arena, "%s (%s)", name, name_kind(map, &arena)), &line);
	else
		put_item(name, &line);
	put_item(machine->kernel, &line);
	if (*model)
		put_item(text_mark(&arena, model), &line);
	put_item(strcmp(machine->firmware, "efi") == 0	  ? "UEFI"
		 : strcmp(machine->firmware, "none") == 0 ? "no EFI"
							  : NULL,
		 &line);
	if (has_secure_boot)
		put_item(strcmp(machine->secure_boot, "enabled") == 0 ? "Secure Boot on"
								      : "Secure Boot off",
			 &line);
	if (is_locked)
		put_item(arena_printf(&arena, "lockdown %s", machine->lockdown), &line);
	form_write_fact("machine", out_text(&line), options, out);
	arena_free(&arena);
}

void log_line_write(const struct efimap *map, const char *source,
		    const struct text_options *options, struct out *out)
{
	const bool is_log = find_first_origin(map) == EFIMAP_ORIGIN_LOG;
	__attribute__((cleanup(known_messages_free))) struct known_messages found =
		find_messages(map->log, is_log ? map->log_len : 0);
	const size_t count = count_faults(&found);
	const char *died_of = find_death(map);
	auto_out struct out line = EFIMAP_OUT_MEM;

	if (!is_log)
		return;
	out_printf(&line, "%s the beginning of the boot; ", map->log_has_start ? "from" : "lacks");
	if (died_of)
		out_printf(&line, "this kernel stopped (%s); ", died_of);
	out_printf(&line, "%zu message%s of a fault of EFI, kexec or kdump%s", count,
		   count == 1 ? "" : "s", count ? ", which this command explains:" : "");
	form_write_fact("log", out_text(&line), options, out);
	if (count) {
		line.used = 0;
		out_puts(&line, "efimapctl explain - < ");
		out_shell_word(&line, strcmp(source, "-") == 0 ? "FILE" : source);
		form_write_command(out_text(&line), 0, options, out);
	}
}
