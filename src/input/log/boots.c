/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Split a log into boots, for example of the first and the crash kernel, and choose one boot. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "input/log/boots.h"

static void boot_free(struct boot_messages *boot)
{
	if (!boot)
		return;
	capture_free(boot->facts);
	out_free(&boot->messages);
	free(boot->lists.firmware.entries);
	free(boot->lists.runtime.entries);
	free(boot);
}

/* Keep the current boot if it may be the wanted one. @is_last: no other boot follows in the log. */
static void close_boot(struct kernel_log *log, bool is_last)
{
	struct boot_messages *boot = log->current;

	if (!boot)
		return;
	log->current = NULL;
	boot->recorded_to = log->recorded ? log->recorded->used : 0;
	/* A release and a command line are useful even if there are no messages about EFI. */
	if (boot->has_version && boot->has_cmdline && boot->worth < EFIMAP_LOG_SOME_WORDS)
		boot->worth = EFIMAP_LOG_SOME_WORDS;
	/*
	 * Drop a boot without useful lines, unless it is the only one: an excerpt may consist of
	 * one line, and the log of a capture may show only the release.
	 */
	if (boot->is_silent && !(is_last && log->n_boots == 1)) {
		boot_free(boot);
		log->n_boots--;
		return;
	}
	log->has_word |= boot->worth > EFIMAP_LOG_NO_WORD;
	if (log->wanted < 0) {
		if (log->n_recent == (size_t)-log->wanted) {
			boot_free(log->recent[0]);
			log->n_recent--;
			memmove(&log->recent[0], &log->recent[1],
				log->n_recent * sizeof(log->recent[0]));
		}
		log->recent[log->n_recent++] = boot;
	} else if (log->wanted != EFIMAP_BOOT_DEFAULT
			   ? log->n_boots == (uint32_t)log->wanted
			   : !log->boot || boot->worth >= log->boot->worth) {
		boot_free(log->boot);
		log->boot = boot;
		log->number = log->n_boots;
	} else {
		boot_free(boot);
	}
}

static void begin_boot(struct kernel_log *log)
{
	struct boot_messages *old = log->current;
	const bool follows = old && old->seen[EFIMAP_LOG_KEXEC];
	const bool is_of_arm = old && old->ends_in_arm_start;
	const size_t previous = old ? old->recorded_at : 0;

	/*
	 * A log may contain the output of both a console and a journal. If the current boot has
	 * neither useful lines nor "Starting new kernel", the next "Linux version" line is probably
	 * a copy of the line that began the boot.
	 */
	if (old && old->has_version && old->is_silent && !follows)
		return;
	/* On arm and arm64, "Booting Linux on physical CPU" precedes "Linux version". */
	if (is_of_arm)
		old->seen[EFIMAP_LOG_ARM_START]--;
	close_boot(log, false);
	log->current = array_new(1, sizeof(*log->current));
	log->current->messages = (struct out)EFIMAP_OUT_MEM;
	log->current->is_silent = true;
	log->current->follows = follows;
	log->current->seen[EFIMAP_LOG_ARM_START] = is_of_arm;
	log->current->skips_lists = log->skips_lists;
	log->current->recorded_from = previous;
	log->current->recorded_at = log->recorded ? log->recorded->used : 0;
	if (log->n_boots < UINT32_MAX)
		log->n_boots++;
	log->current->facts = capture_create("", EFIMAP_ORIGIN_LOG);
}

static void take_line(struct kernel_log *log, const struct log_line *line,
		      const struct log_row *row)
{
	struct log_line known = *line;
	int ret;

	/* In the log of the running kernel, no lists are wrapped, and lines have no numbers. */
	if (log->is_one) {
		known.all = (struct text){ 0 };
		known.number = 0;
	}
	if (!log->current || (!log->is_one && row && row->kind == EFIMAP_LOG_VERSION))
		begin_boot(log);
	ret = log_parse(log->current, row, &known);
	/* log_end() returns -E2BIG if the current boot is chosen. */
	log->current->is_too_long |= ret < 0;
	/* The date of a line that is not recorded is not used, so a recording has the same date. */
	if (row && row->kind == EFIMAP_LOG_TOOL)
		return;
	if (ret && !log->is_one)
		log_keep_date(log->current, (struct text){ line->all.at, (size_t)(line->message.at -
										  line->all.at) });
	if (ret && log->recorded) {
		const struct text text = log->is_one ? known.message : known.all;

		for (; !log->is_one && log->n_recorded + 1 < known.number; log->n_recorded++)
			out_putc(log->recorded, '\n');
		out_write(log->recorded, text.at, text.len);
		if (line->is_wrapped)
			out_puts(log->recorded, EFIMAP_LOG_WRAPPED);
		if (!line->is_cut)
			out_putc(log->recorded, '\n');
		log->n_recorded++;
	}
}

/*
 * Return whether a text may be more words of the kernel parameters, and not a sentence of the
 * person who quotes the log: no word without "=" ends in a punctuation mark, and no word is "I", or
 * has a small letter behind a capital first one. A crash kernel may use the parameter "CRASH".
 */
static bool may_be_parameters(struct text text)
{
	struct text word;

	while ((word = text_take_word(&text)).len)
		if ((text_is_one_of(word.at[word.len - 1], ".,:;!?") &&
		     !text_contains(word, "=")) ||
		    text_is(word, "I") ||
		    (word.len > 1 && word.at[0] >= 'A' && word.at[0] <= 'Z' && word.at[1] >= 'a' &&
		     word.at[1] <= 'z'))
			return false;
	return true;
}

/*
 * Return whether a line may be the rest of the kernel parameters in the previous line, which a
 * program wrapped: the line has no prefix and no known start. If the previous line has no prefix
 * either, only a line with "=" may be a part of the kernel parameters.
 */
static bool continues_parameters(const struct kernel_log *log, const struct log_line *line)
{
	return log->follows_parameters && line->message.at == line->all.at &&
	       (log->has_prefix || text_contains(line->message, "=")) &&
	       may_be_parameters(line->message);
}

/* Note that the kernel parameters in the previous line were cut, also in the recording. */
static void cut_parameters(struct kernel_log *log)
{
	log->current->is_cmdline_cut = true;
	if (!log->recorded || log->recorded->used != log->parameters_recorded)
		return;
	log->recorded->used--;
	out_puts(log->recorded, EFIMAP_LOG_WRAPPED "\n");
}

void log_take(void *context, const struct log_line *line)
{
	struct kernel_log *log = context;
	struct log_line known = *line;
	const struct log_row *row = log_row_of(line->message, &known.rest);

	if (!row && continues_parameters(log, line))
		cut_parameters(log);
	take_line(log, &known, row);
	log->follows_parameters = !log->is_one && row && row->kind == EFIMAP_LOG_CMDLINE;
	log->parameters_recorded = log->recorded ? log->recorded->used : 0;
	log->has_prefix = line->message.at != line->all.at;
}

/* Choose the boot after boot log->number, if there is one. */
static void choose_next(struct kernel_log *log)
{
	if (log->number == log->n_boots)
		return;
	log->boot = steal(log->recent[log->n_recent - (log->n_boots - log->number)]);
	log->number++;
}

static int end_chosen(struct kernel_log *log)
{
	if (!log->boot)
		return 0;
	log_end_boot(log->boot);
	return log->boot->is_too_long ? -E2BIG : 0;
}

bool log_choose(struct kernel_log *log, int boot, const struct recording *replay)
{
	log->wanted = boot;
	if (!replay || !replay->boot)
		return true;
	log->only = replay->boot;
	log->n_before = replay->n_boots;
	log->wanted = -1;
	return boot == EFIMAP_BOOT_DEFAULT || boot == EFIMAP_BOOT_EACH ||
	       (int64_t)boot + (boot < 0 ? (int64_t)replay->n_boots + 1 : 0) == replay->boot;
}

int log_end(struct kernel_log *log)
{
	close_boot(log, true);
	if (log->wanted == EFIMAP_BOOT_EACH ||
	    (log->wanted < 0 && log->n_recent == (size_t)-log->wanted)) {
		log->number = log->n_boots - (uint32_t)log->n_recent;
		choose_next(log);
	}
	if (log->only) {
		log->number = log->only;
		log->n_boots = log->n_before;
	}
	return end_chosen(log);
}

int log_next(struct kernel_log *log)
{
	boot_free(steal(log->boot));
	if (log->wanted == EFIMAP_BOOT_EACH)
		choose_next(log);
	return end_chosen(log);
}

void log_free(struct kernel_log *log)
{
	boot_free(log->current);
	boot_free(log->boot);
	for (size_t i = 0; i < log->n_recent; i++)
		boot_free(log->recent[i]);
	*log = (struct kernel_log){ 0 };
}
