/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Split a log into boots, and choose one boot. A log may contain several boots. For example, the
 * log of a serial console may contain the messages of the first kernel and of the crash kernel.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "input/log/boots.h"
#include "input/log/messages.h"

/*
 * Maximum size of the lines of one boot in bytes. This is enough for the ring buffer of most
 * kernels (CONFIG_LOG_BUF_SHIFT), and for an EFI memory map with EFIMAP_MAX_ENTRIES entries.
 */
#define MAX_BOOT ((size_t)4 << 20)

static void boot_free(struct efimap_boot_lines *boot)
{
	if (boot)
		efimap_out_free(&boot->text);
	free(boot);
}

/* Keep the current boot if it may be the wanted one. @is_last: the log ends with this boot */
static void close_boot(struct efimap_log *log, bool is_last)
{
	struct efimap_boot_lines *boot = log->current;

	if (!boot)
		return;
	log->current = NULL;
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
	} else if (log->wanted != EFIMAP_BOOT_DEFAULT ? log->n_boots == (uint32_t)log->wanted :
		   !log->best || boot->worth >= log->best->worth) {
		boot_free(log->best);
		log->best = boot;
		log->number = log->n_boots;
	} else {
		boot_free(boot);
	}
}

static int begin_boot(struct efimap_log *log, const struct efimap_log_line *line)
{
	const bool follows = log->current && log->current->starts;
	struct efimap_boot_lines *boot;

	/*
	 * A log may contain the output of both a console and a journal. If the current boot has
	 * neither useful lines nor "Starting new kernel", this "Linux version" line is probably a
	 * copy of the line that began the boot. Lines before the first such line are not useful.
	 */
	if (log->current && log->current->is_silent && !follows) {
		if (!log->current->has_version) {
			log->current->text.used = 0;
			log->current->first = log->current->next = line->number;
			log->current->cut = 0;
		}
		return 0;
	}
	close_boot(log, false);
	boot = calloc(1, sizeof(*boot));
	if (!boot)
		return -ENOMEM;
	*boot = (struct efimap_boot_lines){
		.text = EFIMAP_OUT_MEM,
		.first = line->number,
		.next = line->number,
		.is_silent = true,
		.follows = follows,
	};
	log->current = boot;
	if (log->n_boots < UINT32_MAX)
		log->n_boots++;
	return 0;
}

static void take_row(struct efimap_boot_lines *boot, const struct efimap_log_row *row,
		     struct efimap_text rest)
{
	enum efimap_log_worth worth = EFIMAP_LOG_NO_WORD;

	if (efimap_log_is_map_line(row, rest))
		worth = EFIMAP_LOG_MAP;
	else if (efimap_log_is_word(row))
		worth = EFIMAP_LOG_SOME_WORDS;
	if (boot->worth < worth)
		boot->worth = worth;
	switch (row->kind) {
	case EFIMAP_LOG_VERSION:
		boot->has_version = true;
		break;
	case EFIMAP_LOG_KEXEC:
		boot->starts = true;
		break;
	/* These lines are not useful without others. */
	case EFIMAP_LOG_NX:
	case EFIMAP_LOG_DMI:
	case EFIMAP_LOG_LOST:
	case EFIMAP_LOG_RSDP:
		break;
	case EFIMAP_LOG_CMDLINE:
		boot->has_cmdline = true;
		boot->is_silent = false;
		break;
	default:
		boot->is_silent = false;
	}
}

/* Keep a line of the current boot. Return false if it exceeds the limit. */
static bool keep_line(struct efimap_log *log, const struct efimap_log_line *line)
{
	const struct efimap_text text = log->is_one ? line->message : line->all;
	struct efimap_boot_lines *boot = log->current;
	const size_t n_empty =
		!log->is_one && line->number > boot->next ? line->number - boot->next : 0;

	if (!boot->cut && boot->text.used + n_empty + text.len >= MAX_BOOT)
		boot->cut = line->number;
	if (boot->cut)
		return false;
	for (size_t i = 0; i < n_empty; i++)
		efimap_out_putc(&boot->text, '\n');
	efimap_out_write(&boot->text, text.at, text.len);
	efimap_out_putc(&boot->text, '\n');
	boot->next += (uint32_t)n_empty + 1;
	return true;
}

/* Return whether the lines of a wrapped list of tables, which have no row, include this one. */
static bool is_of_tables(struct efimap_log *log, const struct efimap_log_row *row,
			 const struct efimap_log_line *line)
{
	struct efimap_log_tables *tables = &log->tables;

	if (tables->n_lines && efimap_log_tables_continue(tables, line))
		return true;
	tables->n_lines = 0;
	if (row && row->kind == EFIMAP_LOG_TABLES)
		efimap_log_tables_open(tables, line);
	return false;
}

static void record_line(struct efimap_log *log, const struct efimap_log_line *line)
{
	const struct efimap_text text = log->is_one ? line->message : line->all;

	for (; !log->is_one && log->n_recorded + 1 < line->number; log->n_recorded++)
		efimap_out_putc(log->recorded, '\n');
	efimap_out_write(log->recorded, text.at, text.len);
	efimap_out_putc(log->recorded, '\n');
	log->n_recorded++;
}

int efimap_log_take(void *context, const struct efimap_log_line *line)
{
	struct efimap_log *log = context;
	struct efimap_log_line known = *line;
	const struct efimap_log_row *row = efimap_log_row_of(line->message, &known.rest);
	const bool continues = is_of_tables(log, row, &known);
	int ret = 0;

	if (!log->current || (!log->is_one && row && row->kind == EFIMAP_LOG_VERSION))
		ret = begin_boot(log, line);
	if (ret || (!row && !continues) || !keep_line(log, line))
		return ret;
	if (row)
		take_row(log->current, row, known.rest);
	if (log->recorded && (continues || row->kind != EFIMAP_LOG_TOOL))
		record_line(log, &known);
	return log->current->text.error;
}

/* A boot whose lines are being parsed. @before: number of lines before those of the boot */
struct parsing {
	struct efimap_boot_messages *boot;
	uint32_t before;
};

static int parse_line(void *context, const struct efimap_log_line *line)
{
	struct parsing *parsing = context;
	struct efimap_boot_messages *boot = parsing->boot;
	struct efimap_log_line known = *line;
	const struct efimap_log_row *row;
	int ret = 0;

	known.number += parsing->before;
	efimap_out_write(&boot->messages, line->message.at, line->message.len);
	efimap_out_putc(&boot->messages, '\n');
	if (boot->tables.n_lines) {
		if (efimap_log_tables_continue(&boot->tables, &known))
			return 0;
		ret = efimap_log_tables_close(&boot->tables, boot->facts);
	}
	row = efimap_log_row_of(line->message, &known.rest);
	return ret || !row ? ret : efimap_log_parse(boot, row, &known);
}

static int parse_boot(const struct efimap_boot_lines *lines, bool is_one,
		      struct efimap_boot_messages *boot)
{
	struct parsing parsing = { boot, lines->first - 1 };
	struct efimap_lines messages = { .data = lines->text.data, .len = lines->text.used };
	struct efimap_log_line line = { 0 };
	int ret = 0;

	if (!is_one)
		ret = efimap_log_lines(lines->text.data, lines->text.used, parse_line, &parsing);
	while (is_one && !ret && efimap_lines_next(&messages, &line.message.at, &line.message.len))
		ret = parse_line(&parsing, &line);
	if (!ret)
		ret = efimap_log_end_tables(boot);
	if (!ret && lines->cut)
		ret = efimap_add_lines_fault(boot->facts, EFIMAP_SRC_KERNEL_LOG,
					     EFIMAP_STATE_LINES_IGNORED, lines->cut,
					     "this and the following lines are ignored, because "
					     "the boot has more than %zu MiB", MAX_BOOT >> 20);
	efimap_log_lists_end(&boot->lists);
	boot->follows = lines->follows;
	return ret ? ret : boot->messages.error;
}

int efimap_log_end(struct efimap_log *log)
{
	int ret;

	close_boot(log, true);
	if (log->wanted < 0 && log->n_recent == (size_t)-log->wanted) {
		log->best = efimap_steal(log->recent[0]);
		log->number = log->n_boots - (uint32_t)log->n_recent + 1;
	}
	for (size_t i = 0; i < log->n_recent; i++)
		boot_free(efimap_steal(log->recent[i]));
	if (!log->best)
		return 0;
	log->boot = calloc(1, sizeof(*log->boot));
	if (!log->boot)
		return -ENOMEM;
	log->boot->messages = (struct efimap_out)EFIMAP_OUT_MEM;
	ret = efimap_new("", EFIMAP_ORIGIN_LOG, &log->boot->facts);
	if (!ret)
		ret = parse_boot(log->best, log->is_one, log->boot);
	efimap_out_free(&log->best->text);
	return ret;
}

void efimap_log_free(struct efimap_log *log)
{
	boot_free(log->current);
	boot_free(log->best);
	for (size_t i = 0; i < log->n_recent; i++)
		boot_free(log->recent[i]);
	if (log->boot) {
		efimap_free(log->boot->facts);
		efimap_out_free(&log->boot->messages);
		efimap_log_list_free(&log->boot->lists.firmware);
		efimap_log_list_free(&log->boot->lists.runtime);
		free(log->boot);
	}
	*log = (struct efimap_log){ 0 };
}
