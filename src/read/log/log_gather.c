/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the lines of a log to its boots, and from these to the one that is taken: a serial
 * console shows the kernel that crashed and the one that saved its memory. Only two are in
 * memory at any time. Must not know what lines say, but for where a boot begins.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "read/log/log_gather.h"
#include "read/parse.h"

#define ESC '\033'
/* Editors of other systems begin a file so. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

/* "ESC [ … letter", as dmesg --color and terminals write it: from @at on, how many bytes? */
static size_t escape_len(const char *text, size_t len, size_t at)
{
	size_t end = at + 1;

	if (end >= len || text[end] != '[')
		return 1;
	for (end++; end < len && (text[end] < '@' || text[end] > '~');)
		end++;
	return end < len ? end + 1 - at : len - at;
}

/* The line without colours and carriage returns. */
static size_t clean_line(const char *text, size_t len, char line[EFIMAP_LOG_LINE_MAX])
{
	size_t used = 0;

	for (size_t i = 0; i < len;) {
		if (text[i] == ESC) {
			i += escape_len(text, len, i);
			continue;
		}
		if (text[i] != '\r')
			line[used++] = text[i];
		i++;
	}
	return used;
}

static void close_boot(struct efimap_log *log)
{
	struct efimap_log_boot *boot = log->current;

	if (!boot)
		return;
	log->current = NULL;
	if (log->best && efimap_log_boot_rank(boot) < efimap_log_boot_rank(log->best)) {
		efimap_log_boot_free(boot);
		return;
	}
	efimap_log_boot_free(log->best);
	log->best = boot;
	log->number = log->n_boots;
}

static int begin_boot(struct efimap_log *log)
{
	int ret;

	/* A release that stands twice, as console and journal both print it. */
	if (log->current && efimap_log_boot_is_empty(log->current))
		return 0;
	close_boot(log);
	ret = efimap_log_boot_new(&log->current);
	if (!ret && log->n_boots < UINT32_MAX)
		log->n_boots++;
	return ret;
}

static bool is_first_line(const char *text, size_t len)
{
	struct efimap_text rest;

	return efimap_log_message(text, len, "Linux version ", &rest);
}

int efimap_log_gather(void *context, enum efimap_log_kind kind, const char *text, size_t len)
{
	struct efimap_log *log = context;
	struct efimap_text rest = { text, len };
	char line[EFIMAP_LOG_LINE_MAX];
	int ret = 0;

	efimap_text_take(&rest, BYTE_ORDER_MARK);
	text = rest.at;
	len = rest.len < sizeof(line) ? rest.len : sizeof(line);
	if (len && (text[len - 1] == '\r' || memchr(text, ESC, len))) {
		len = clean_line(text, len, line);
		text = line;
	}
	if (kind == EFIMAP_LOG_VERSION ? is_first_line(text, len) :
					 !log->current && kind != EFIMAP_LOG_CRYPT)
		ret = begin_boot(log);
	if (ret || !log->current)
		return ret;
	return efimap_log_boot_take(log->current, kind, text, len);
}

int efimap_log_end(struct efimap_log *log)
{
	if (log->current && efimap_log_boot_is_empty(log->current) && log->best) {
		efimap_log_boot_free(efimap_steal(log->current));
		log->n_boots--;
	}
	close_boot(log);
	return log->best ? efimap_log_boot_end(log->best) : 0;
}

void efimap_log_free(struct efimap_log *log)
{
	efimap_log_boot_free(log->current);
	efimap_log_boot_free(log->best);
	*log = (struct efimap_log){ 0 };
}
