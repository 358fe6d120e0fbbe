/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the lines of a log to its boots, and from these to the one that is taken: a serial
 * console shows the kernel that crashed and the one that saved its memory. Must not know
 * how a line looks, but for the one with which a boot begins.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "model/traits.h"
#include "read/log/log_state.h"
#include "read/read.h"

/* As many lines as two maps can have entries, that of the firmware and that of runtime */
#define MAX_KEPT ((size_t)8 << 20)
#define FIRST_KEPT ((size_t)32 << 10)

int efimap_log_boot_new(struct efimap_log_boot **ret_boot)
{
	struct efimap_log_boot *boot = calloc(1, sizeof(*boot));
	int ret;

	if (!boot)
		return -ENOMEM;
	ret = efimap_new("", EFIMAP_ORIGIN_LOG, &boot->facts);
	if (ret) {
		free(boot);
		return ret;
	}
	*ret_boot = boot;
	return 0;
}

void efimap_log_boot_free(struct efimap_log_boot *boot)
{
	if (!boot)
		return;
	efimap_free(boot->facts);
	free(boot->kept);
	efimap_log_lists_free(&boot->lists);
	efimap_log_list_free(&boot->shell.list);
	free(boot);
}

int efimap_log_keep(struct efimap_log_boot *boot, struct efimap_text message)
{
	const size_t wanted = boot->kept_len + message.len + 1;

	if (wanted > MAX_KEPT)
		return -E2BIG;
	if (wanted > boot->capacity) {
		const size_t capacity = 2 * wanted < FIRST_KEPT ? FIRST_KEPT : 2 * wanted;
		char *kept = realloc(boot->kept, capacity);

		if (!kept)
			return -ENOMEM;
		boot->kept = kept;
		boot->capacity = capacity;
	}
	memcpy(boot->kept + boot->kept_len, message.at, message.len);
	boot->kept[wanted - 1] = '\n';
	boot->kept_len = wanted;
	return 0;
}

void efimap_log_raise(struct efimap_log_boot *boot, enum efimap_log_worth worth)
{
	if (boot->worth < worth)
		boot->worth = worth;
}

void efimap_log_count_bad(struct efimap_log_bad *bad, const struct efimap_log_line *line)
{
	const size_t max = sizeof(bad->first) - 1,
		     len = line->message.len < max ? line->message.len : max;

	if (bad->count < UINT32_MAX)
		bad->count++;
	if (bad->count > 1)
		return;
	bad->line = line->number;
	memcpy(bad->first, line->message.at, len);
	efimap_text_clean(bad->first, len);
	bad->first[len] = '\0';
}

static int boot_take_row(struct efimap_log_boot *boot, const struct efimap_log_row *row,
			 const struct efimap_log_line *line, struct efimap_text rest)
{
	struct efimap_log_line known = *line;
	int ret = 1;

	known.rest = rest;
	known.type = row->type;
	if (row->take)
		ret = row->take(boot, &known);
	if (ret > 0 && boot->seen[row->kind] < UINT32_MAX)
		boot->seen[row->kind]++;
	return ret < 0 ? ret : 0;
}

/* Text of strangers, whose blanks mails and terminals have changed. */
static int boot_take_complaint(struct efimap_log_boot *boot, struct efimap_text message)
{
	char text[EFIMAP_COMPLAINT_MAX - 1];
	bool after_blank = false;
	size_t len = 0;

	efimap_text_trim(&message);
	for (size_t i = 0; i < message.len && len < sizeof(text); i++) {
		const bool blank = efimap_text_is_blank(message.at[i]);

		if (!blank || !after_blank)
			text[len++] = blank ? ' ' : message.at[i];
		after_blank = blank;
	}
	efimap_text_clean(text, len);
	boot->seen[EFIMAP_LOG_COMPLAINT] = 1;
	efimap_log_raise(boot, EFIMAP_LOG_SOME_WORDS);
	return efimap_add_complaint(boot->facts, text, len, 1);
}

/*
 * struct log_said - what a line says
 * @row:       its kind, or NULL
 * @rest:      behind the words of @row
 * @complains: a rule knows it
 */
struct log_said {
	const struct efimap_log_row *row;
	struct efimap_text rest;
	bool complains;
};

/* Few of millions of lines begin as one that says anything; so many bytes tell most others. */
static const size_t n_told[] = { [LOG_BEGINS_ROW] = 4, [LOG_BEGINS_COMPLAINT] = 8 };

/* struct log_sums - of the bytes that a message begins with, as &struct efimap_log has them */
struct log_sums {
	unsigned int of[LOG_BEGINS_COMPLAINT + 1];
};

/* Without blanks, of which there can be more in a message. No words are shorter. */
static struct log_sums log_sums_of(const char *text, size_t len)
{
	struct log_sums sums = { { 0 } };
	unsigned int sum = 0;

	for (size_t i = 0, told = 0; i < len && told < n_told[LOG_BEGINS_COMPLAINT]; i++) {
		if (efimap_text_is_blank(text[i]))
			continue;
		sum = (sum * 31 + (unsigned char)text[i]) % EFIMAP_LOG_SUMS;
		if (++told == n_told[LOG_BEGINS_ROW])
			sums.of[LOG_BEGINS_ROW] = sum;
	}
	sums.of[LOG_BEGINS_COMPLAINT] = sum;
	return sums;
}

static void note_begins(struct efimap_log *log, enum efimap_log_begins what, const char *words)
{
	log->begins[what][log_sums_of(words, strlen(words)).of[what]] = true;
}

static void prepare_log(struct efimap_log *log)
{
	size_t count;
	const struct efimap_log_row *rows = efimap_log_rows(&count);

	for (size_t i = 0; i < count; i++)
		note_begins(log, LOG_BEGINS_ROW, rows[i].starts);
	for (size_t i = 0; i < efimap_n_says; i++)
		note_begins(log, LOG_BEGINS_COMPLAINT, efimap_says[i].words);
	log->is_ready = true;
}

static bool boot_line_says(const struct efimap_log_line *line, struct log_said *ret_said)
{
	const struct efimap_text message = line->message;

	ret_said->row = efimap_log_row_of(message, NULL, &ret_said->rest);
	ret_said->complains =
		efimap_complaint_rule(message.at, message.len) != EFIMAP_RULE_COUNT;
	return ret_said->row || ret_said->complains;
}

/* The same of a log that may be long */
static bool log_line_says(struct efimap_log *log, const struct efimap_log_line *line,
			  struct log_said *ret_said)
{
	const struct efimap_text message = line->message;
	const struct log_sums sums = log_sums_of(message.at, message.len);

	*ret_said = (struct log_said){ 0 };
	if (log->begins[LOG_BEGINS_ROW][sums.of[LOG_BEGINS_ROW]])
		ret_said->row = efimap_log_row_of(message, log->row, &ret_said->rest);
	if (ret_said->row)
		log->row = ret_said->row;
	ret_said->complains =
		log->begins[LOG_BEGINS_COMPLAINT][sums.of[LOG_BEGINS_COMPLAINT]] &&
		efimap_complaint_rule(message.at, message.len) != EFIMAP_RULE_COUNT;
	return ret_said->row || ret_said->complains;
}

static int boot_take_said(struct efimap_log_boot *boot, const struct efimap_log_line *line,
			  const struct log_said *said)
{
	const int ret = said->row ? boot_take_row(boot, said->row, line, said->rest) : 0;

	return ret || !said->complains ? ret : boot_take_complaint(boot, line->message);
}

int efimap_log_boot_take(void *context, const struct efimap_log_line *line)
{
	struct log_said said;

	return boot_line_says(line, &said) ? boot_take_said(context, line, &said) : 0;
}

/* After its last line: parse what was kept. */
static int end_boot(struct efimap_log_boot *boot)
{
	struct efimap_lines lines = { .data = boot->kept, .len = boot->kept_len };
	struct efimap_log_line line = { 0 };
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &line.message.at, &line.message.len)) {
		const struct efimap_log_row *row =
			efimap_log_row_of(line.message, NULL, &line.rest);

		ret = row && row->late ? row->late(boot, &line) : 0;
	}
	efimap_log_lists_end(&boot->lists);
	free(efimap_steal(boot->kept));
	boot->kept_len = boot->capacity = 0;
	return ret;
}

/* Has nothing been said but a release, or that another kernel follows? */
static bool is_boot_silent(const struct efimap_log_boot *boot)
{
	for (size_t kind = 0; kind < EFIMAP_LOG_KINDS; kind++)
		if (kind != EFIMAP_LOG_VERSION && kind != EFIMAP_LOG_KEXEC &&
		    kind != EFIMAP_LOG_DMI && boot->seen[kind])
			return false;
	return true;
}

/* Of boots of one rank the last is taken. A crash kernel tells of a part of the memory.
 */
static unsigned int boot_rank(const struct efimap_log_boot *boot)
{
	const bool is_partial = boot->worth == EFIMAP_LOG_SOME_WORDS ||
				boot->worth == EFIMAP_LOG_SOME_MAP;

	return 2 * boot->worth + (is_partial && !efimap_is_crash_kernel(boot->facts));
}

/* Is the boot that ends to be taken, rather than one before it? */
static bool is_to_be_taken(const struct efimap_log *log)
{
	if (log->wanted == EFIMAP_BOOT_LAST)
		return !log->best || log->current->worth > EFIMAP_LOG_NO_WORD;
	if (log->wanted != EFIMAP_BOOT_BEST)
		return log->n_boots == log->wanted;
	return !log->best || boot_rank(log->current) >= boot_rank(log->best);
}

static void close_boot(struct efimap_log *log)
{
	struct efimap_log_boot *boot = log->current;

	if (!boot)
		return;
	/* What a kernel was told is something, even if it says nothing of EFI. */
	if (boot->seen[EFIMAP_LOG_VERSION] && boot->seen[EFIMAP_LOG_CMDLINE])
		efimap_log_raise(boot, EFIMAP_LOG_SOME_WORDS);
	if (is_boot_silent(boot)) {
		efimap_log_boot_free(efimap_steal(log->current));
		log->n_boots--;
		return;
	}
	if (!is_to_be_taken(log)) {
		efimap_log_boot_free(efimap_steal(log->current));
		return;
	}
	log->current = NULL;
	efimap_log_boot_free(log->best);
	log->best = boot;
	log->number = log->n_boots;
}

static int begin_boot(struct efimap_log *log)
{
	bool follows;
	int ret;

	/* A release that stands twice, as console and journal both print it. */
	if (log->current && is_boot_silent(log->current) &&
	    !log->current->seen[EFIMAP_LOG_KEXEC])
		return 0;
	follows = log->current && log->current->seen[EFIMAP_LOG_KEXEC];
	close_boot(log);
	ret = efimap_log_boot_new(&log->current);
	if (ret)
		return ret;
	log->current->follows = follows;
	if (log->n_boots < UINT32_MAX)
		log->n_boots++;
	return 0;
}

int efimap_log_take(void *context, const struct efimap_log_line *line)
{
	struct efimap_log *log = context;
	struct log_said said;
	int ret = 0;

	if (!log->is_ready)
		prepare_log(log);
	if (!log_line_says(log, line, &said))
		return 0;
	if (!log->current || (said.row && said.row->kind == EFIMAP_LOG_VERSION))
		ret = begin_boot(log);
	return ret ? ret : boot_take_said(log->current, line, &said);
}

int efimap_log_end(struct efimap_log *log)
{
	close_boot(log);
	return log->best ? end_boot(log->best) : 0;
}

void efimap_log_free(struct efimap_log *log)
{
	efimap_log_boot_free(log->current);
	efimap_log_boot_free(log->best);
	*log = (struct efimap_log){ 0 };
}
