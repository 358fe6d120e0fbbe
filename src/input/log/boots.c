/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Split a log into boots, and choose one boot. A log may contain several boots. For example, the
 * log of a serial console may contain the messages of the first kernel and of the crash kernel.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "input/log/boots.h"
#include "input/log/message_types.h"
#include "rules/rule_catalogue.h"

static int boot_new(struct efimap_log_boot **ret_boot)
{
	efimap_auto_free struct efimap_log_boot *boot = calloc(1, sizeof(*boot));
	const int ret = boot ? efimap_new("", EFIMAP_ORIGIN_LOG, &boot->facts) : -ENOMEM;

	if (ret)
		return ret;
	boot->kept = (struct efimap_out)EFIMAP_OUT_MEM;
	*ret_boot = efimap_steal(boot);
	return 0;
}

static void boot_free(struct efimap_log_boot *boot)
{
	if (!boot)
		return;
	efimap_free(boot->facts);
	efimap_out_free(&boot->kept);
	efimap_log_list_free(&boot->lists.firmware);
	efimap_log_list_free(&boot->lists.runtime);
	free(boot);
}

static int boot_take_row(struct efimap_log_boot *boot, const struct efimap_log_row *row,
			 const struct efimap_log_line *line, struct efimap_text rest)
{
	const struct efimap_log_reader *reader = &efimap_log_readers[row->kind];
	struct efimap_log_line known = *line;
	int ret;

	known.rest = rest;
	ret = reader->take ? reader->take(boot, &known) : 1;
	if (ret <= 0)
		return ret;
	efimap_log_raise(boot, reader->worth);
	if (boot->seen[row->kind] < UINT32_MAX)
		boot->seen[row->kind]++;
	return 0;
}

/*
 * Add a message that matches a rule. Replace each sequence of spaces and tabs with one space,
 * because mail programs and terminals change the number of spaces.
 */
static int boot_take_rule_message(struct efimap_log_boot *boot,
				  struct efimap_text message)
{
	char text[EFIMAP_KERNEL_MESSAGE_MAX - 1];
	bool after_blank = false;
	size_t len = 0;

	efimap_text_trim(&message);
	for (size_t i = 0; i < message.len && len < sizeof(text); i++) {
		const bool blank = efimap_is_blank(message.at[i]);

		if (!blank || !after_blank)
			text[len++] = (char)(blank ? ' ' : message.at[i]);
		after_blank = blank;
	}
	efimap_text_clean(text, len);
	efimap_log_raise(boot, EFIMAP_LOG_SOME_WORDS);
	return efimap_add_kernel_message(boot->facts, text, len, 1,
					 efimap_find_message_rule(text, len));
}

static int end_boot(struct efimap_log_boot *boot)
{
	struct efimap_lines lines = { .data = boot->kept.data, .len = boot->kept.used };
	struct efimap_log_line line = { 0 };
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &line.message.at, &line.message.len)) {
		const struct efimap_log_row *row = efimap_log_row_of(line.message, &line.rest);

		if (row && efimap_log_readers[row->kind].late)
			ret = efimap_log_readers[row->kind].late(boot, &line);
	}
	efimap_log_lists_end(&boot->lists);
	efimap_out_free(&boot->kept);
	return ret;
}

/*
 * Return whether the boot has no useful line. These are not useful without other lines: a release,
 * DMI, the ACPI root pointer, a report of dropped messages, and the start of another kernel.
 */
static bool is_boot_silent(const struct efimap_log_boot *boot)
{
	for (size_t kind = 0; kind < EFIMAP_LOG_KINDS; kind++)
		if (kind != EFIMAP_LOG_VERSION && kind != EFIMAP_LOG_KEXEC &&
		    kind != EFIMAP_LOG_DMI && kind != EFIMAP_LOG_LOST &&
		    kind != EFIMAP_LOG_RSDP && boot->seen[kind])
			return false;
	return boot->facts->n_kernel_messages == 0;
}

/* A partial map has the rank of a complete map, because the last boot with a map is preferred. */
static enum efimap_log_worth boot_rank(const struct efimap_log_boot *boot)
{
	return boot->worth < EFIMAP_LOG_SOME_MAP ? boot->worth : EFIMAP_LOG_SOME_MAP;
}

static bool is_to_be_taken(const struct efimap_log *log, const struct efimap_log_boot *boot)
{
	if (log->wanted != EFIMAP_BOOT_DEFAULT)
		return log->n_boots == (uint32_t)log->wanted;
	return !log->best || boot_rank(boot) >= boot_rank(log->best);
}

static void keep_recent(struct efimap_log *log, struct efimap_log_boot *boot)
{
	if (log->n_recent == (size_t)-log->wanted) {
		boot_free(log->recent[0]);
		log->n_recent--;
		memmove(&log->recent[0], &log->recent[1],
			log->n_recent * sizeof(log->recent[0]));
	}
	log->recent[log->n_recent++] = boot;
}

static void keep_or_free(struct efimap_log *log, struct efimap_log_boot *boot)
{
	log->has_word |= boot->worth > EFIMAP_LOG_NO_WORD;
	if (log->wanted < 0) {
		keep_recent(log, boot);
		return;
	}
	if (!is_to_be_taken(log, boot)) {
		boot_free(boot);
		return;
	}
	boot_free(log->best);
	log->best = boot;
	log->number = log->n_boots;
}

static int close_boot(struct efimap_log *log)
{
	struct efimap_log_boot *boot = log->current;
	int ret;

	if (!boot)
		return 0;
	ret = efimap_log_end_tables(boot);
	if (ret)
		return ret;
	/* A release and a command line are useful even if there are no messages about EFI. */
	if (boot->seen[EFIMAP_LOG_VERSION] && boot->seen[EFIMAP_LOG_CMDLINE])
		efimap_log_raise(boot, EFIMAP_LOG_SOME_WORDS);
	log->current = NULL;
	if (is_boot_silent(boot)) {
		boot_free(boot);
		log->n_boots--;
		return 0;
	}
	keep_or_free(log, boot);
	return 0;
}

static int begin_boot(struct efimap_log *log)
{
	bool follows;
	int ret;

	/*
	 * A log may contain the output of both a console and a journal. If the current boot has
	 * neither useful lines nor "Starting new kernel", this "Linux version" line is probably a
	 * copy of the line that began the boot.
	 */
	if (log->current && is_boot_silent(log->current) &&
	    !log->current->seen[EFIMAP_LOG_KEXEC])
		return 0;
	follows = log->current && log->current->seen[EFIMAP_LOG_KEXEC];
	ret = close_boot(log);
	if (ret)
		return ret;
	ret = boot_new(&log->current);
	if (ret)
		return ret;
	log->current->follows = follows;
	if (log->n_boots < UINT32_MAX)
		log->n_boots++;
	return 0;
}

static int take_line(struct efimap_log *log, const struct efimap_log_line *line)
{
	const struct efimap_log_row *row;
	struct efimap_text rest;
	bool reports_problem;
	int ret = 0;

	log->is_used = log->current && log->current->tables.n_lines;
	if (log->is_used) {
		if (efimap_table_list_continue(&log->current->tables, line))
			return 0;
		ret = efimap_table_list_close(&log->current->tables, log->current->facts);
		if (ret)
			return ret;
	}
	row = efimap_log_row_of(line->message, &rest);
	reports_problem = efimap_find_message_rule(line->message.at, line->message.len) !=
			  EFIMAP_RULE_COUNT;
	if (!row && !reports_problem)
		return 0;
	log->is_used = true;
	if (!log->current || (!log->is_one && row && row->kind == EFIMAP_LOG_VERSION))
		ret = begin_boot(log);
	if (!ret && row)
		ret = boot_take_row(log->current, row, line, rest);
	if (!ret && reports_problem)
		ret = boot_take_rule_message(log->current, line->message);
	return ret;
}

static void keep_line(struct efimap_log *log, const struct efimap_log_line *line)
{
	const struct efimap_text text = log->is_one ? line->message : line->all;

	for (; log->n_kept + 1 < line->number; log->n_kept++)
		efimap_out_putc(log->kept, '\n');
	efimap_out_write(log->kept, text.at, text.len);
	efimap_out_putc(log->kept, '\n');
	log->n_kept++;
}

int efimap_log_take(void *context, const struct efimap_log_line *line)
{
	struct efimap_log *log = context;
	const int ret = take_line(log, line);

	if (!ret && log->kept && log->is_used)
		keep_line(log, line);
	return ret;
}

int efimap_log_end(struct efimap_log *log)
{
	const int ret = close_boot(log);

	if (ret)
		return ret;
	if (log->wanted < 0 && log->n_recent == (size_t)-log->wanted) {
		log->best = efimap_steal(log->recent[0]);
		log->number = log->n_boots - (uint32_t)log->n_recent + 1;
	}
	return log->best ? end_boot(log->best) : 0;
}

void efimap_log_free(struct efimap_log *log)
{
	boot_free(log->current);
	boot_free(log->best);
	for (size_t i = 0; i < log->n_recent; i++)
		boot_free(log->recent[i]);
	*log = (struct efimap_log){ 0 };
}
