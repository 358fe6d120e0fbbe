/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write the result of "efimapctl received" as text. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/escape_text.h"
#include "infer/booted_by.h"
#include "rules/matched_messages.h"
#include "show/form_output.h"
#include "show/received_output.h"
#include "show/report_output.h"

/* Return whether a reboot through the firmware may bring EFI back, whichever cause applies. */
static bool is_ended_by_reboot(const struct received *received)
{
	static const char *const lasting[] = { "noruntime-in-second-kernel", "kernel-without-efi",
					       "kernel-without-runtime-map",
					       "firmware-without-efi" };

	for (size_t i = 0; i < received->n_causes; i++)
		for (size_t k = 0; k < sizeof(lasting) / sizeof(*lasting); k++)
			if (received->causes[i].certainty != EFIMAP_CAUSE_EXCLUDED &&
			    strcmp(received->causes[i].name, lasting[k]) == 0)
				return false;
	return true;
}

/* Add the causes that the files do not exclude, the most certain first; with -v, all causes. */
static void say_causes(const struct received *received, bool is_verbose, struct arena *arena,
		       struct form *form)
{
	unsigned int number = 0;

	for (size_t i = 0; i < received->n_causes; i++) {
		const struct cause *cause = &received->causes[i];
		const bool is_certain = cause->certainty == EFIMAP_CAUSE_CERTAIN;
		struct form_line line = { .label = EFIMAP_LABEL_WHY, .rule = cause->name };

		if (cause->certainty == EFIMAP_CAUSE_EXCLUDED) {
			line.text = arena_printf(arena, "excluded: %s.", cause->why);
		} else if (is_certain && strstr(received->report->answer, cause->why)) {
			/* The sentence states this cause. */
			continue;
		} else {
			line.text = arena_printf(arena, "%u. %s.", ++number, cause->why);
		}
		if (cause->certainty != EFIMAP_CAUSE_EXCLUDED || is_verbose)
			form_add(form, arena, line);
		if (is_verbose && cause->certainty == EFIMAP_CAUSE_POSSIBLE)
			form_say(form, arena, EFIMAP_LABEL_WHY,
				 arena_printf(arena, "How to tell: %s.", cause->how_to_check));
	}
}

/* Add what to do: correct a certain cause, or find out which of the possible causes applies. */
static void say_remedy(const struct received *received, struct arena *arena, struct form *form)
{
	const struct cause *first = received->causes;
	const bool is_lost = received->verdict == EFIMAP_VERDICT_NOT_RECEIVED ||
			     received->verdict == EFIMAP_VERDICT_RECEIVED_UNUSABLE;

	if (is_lost)
		form_say(form, arena, EFIMAP_LABEL_LOST, LOST_SERVICES ".");
	if (received->verdict == EFIMAP_VERDICT_CANNOT_TELL && received->died_of) {
		form_say(form, arena, EFIMAP_LABEL_DO, EFIMAP_AFTER_DEATH ":");
		form_run(form, arena, EFIMAP_CHECK_LOAD);
	} else if (received->verdict == EFIMAP_VERDICT_CANNOT_TELL && received->is_offline)
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "Run efimapctl received on the machine while this kernel is running.");
	if (!is_lost)
		return;
	if (received->n_causes && first->certainty == EFIMAP_CAUSE_CERTAIN) {
		form_say(form, arena, EFIMAP_LABEL_DO,
			 arena_printf(arena, "%c%s.", toupper((unsigned char)first->fix[0]),
				      first->fix + 1));
		return;
	}
	if (received->verdict == EFIMAP_VERDICT_NOT_RECEIVED && received->n_causes) {
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "Look for noefi and efi=noruntime in the parameters of the kernel that "
			 "started this one:");
		form_run(form, arena, "journalctl -k -b -1 | grep 'Command line'");
		form_say(form, arena, EFIMAP_LABEL_DO,
			 "If they are not there: boot normally, and look for the cause:");
		form_run(form, arena, "efimapctl verify");
		return;
	}
	form_say(form, arena, EFIMAP_LABEL_DO,
		 is_ended_by_reboot(received) ? "Reboot normally."
					      : "Look for the cause (-v says how to tell).");
}

void received_write_text(const struct received *received, const struct text_options *options,
			 struct out *out)
{
	static const char *const loaders[] = {
		[EFIMAP_LOADED_BY_KEXEC_LOAD] = "loaded by kexec_load",
		[EFIMAP_LOADED_BY_KEXEC_FILE_LOAD] = "loaded by kexec_file_load",
	};
	const struct efi_payload *payload = &received->payload;
	const struct efi_info *info = &received->info;
	auto_out struct out text = EFIMAP_OUT_MEM;
	struct arena arena = { NULL };
	struct form form = report_form(received->report, received->verdict, "received", &arena);

	if (received->verdict != EFIMAP_VERDICT_NOT_APPLICABLE) {
		if (received->report->certainty == EFIMAP_CONDITION)
			form_say(&form, &arena, EFIMAP_LABEL_IF,
				 "the runtime map is that of the first kernel; otherwise, firmware "
				 "calls fail (efimapctl compare FIRST SECOND).");
		say_causes(received, options->verbose, &arena, &form);
		say_remedy(received, &arena, &form);
		form_say(&form, &arena, EFIMAP_LABEL_KERNEL, loaders[received->loaded_by]);
	} else {
		form_say(&form, &arena, EFIMAP_LABEL_DO, "Nothing.");
	}
	form_write_text(&form, options, out);
	arena_free(&arena);
	if (received->verdict == EFIMAP_VERDICT_NOT_APPLICABLE)
		return;
	if (options->verbose && (received->has_payload || received->has_info))
		out_putc(out, '\n');
	if (options->verbose && received->has_payload) {
		out_printf(&text,
			   "setup_data: fw_vendor 0x%" PRIx64 ", runtime 0x%" PRIx64
			   ", tables 0x%" PRIx64 ", smbios 0x%" PRIx64,
			   payload->fw_vendor, payload->runtime, payload->tables, payload->smbios);
		text_sentence(out, &text, 0, options->width);
	}
	if (options->verbose && received->has_info) {
		out_puts(&text, "efi_info: signature ");
		out_escaped(&text, *info->signature ? info->signature : "none");
		out_printf(&text,
			   ", systab 0x%" PRIx64 ", memmap 0x%" PRIx64 ", size %" PRIu32
			   ", desc_size %" PRIu32 ", desc_version %" PRIu32,
			   info->systab, info->memmap, info->memmap_size, info->desc_size,
			   info->desc_version);
		text_sentence(out, &text, 0, options->width);
	}
	report_write_text(received->report, options, out);
}
