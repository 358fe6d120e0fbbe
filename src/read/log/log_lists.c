/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the lines of a boot to its two lists of memory: which line belongs to which, also
 * where the one that says so was lost. Must not know what a kernel makes of them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/log/log_boot.h"
#include "read/parse.h"
#include "read/text.h"

void efimap_log_quote(uint32_t *count, char quote[EFIMAP_LOG_QUOTE], const char *text,
		      size_t len)
{
	if (*count < UINT32_MAX)
		(*count)++;
	if (*count > 1)
		return;
	len = len < EFIMAP_LOG_QUOTE - 1 ? len : EFIMAP_LOG_QUOTE - 1;
	memcpy(quote, text, len);
	efimap_text_clean(quote, len);
	quote[len] = '\0';
}

/* After efi_fake_mem the firmware's list is printed again: the later one counts. */
static void replace_firmware(struct efimap_log_boot *boot)
{
	efimap_log_list_free(&boot->firmware);
	boot->firmware = boot->runtime;
	boot->runtime = (struct efimap_log_list){ 0 };
}

static void begin_runtime(struct efimap_log_boot *boot)
{
	if (boot->in_runtime && !boot->is_headed)
		replace_firmware(boot);
	boot->in_runtime = boot->is_headed = true;
}

static int add_mem(struct efimap_log_boot *boot, const struct efimap_entry *entry)
{
	int ret = efimap_log_list_add(boot->in_runtime ? &boot->runtime : &boot->firmware,
				      entry);

	if (ret != -EEXIST || boot->in_runtime)
		return ret;
	/* Numbers start again, and the line that says why was lost. */
	boot->in_runtime = true;
	return efimap_log_list_add(&boot->runtime, entry);
}

static int take_mem(struct efimap_log_boot *boot, struct efimap_text rest)
{
	struct efimap_log_mem mem;
	int ret = -EEXIST;

	if (efimap_parse_log_mem(rest, &mem)) {
		boot->is_x86 &= mem.numbered;
		if (!mem.numbered)
			mem.entry.index = (uint32_t)boot->firmware.count;
		ret = add_mem(boot, &mem.entry);
	}
	if (ret != -EEXIST)
		return ret;
	efimap_log_quote(&boot->n_bad, boot->bad, rest.at, rest.len);
	return 0;
}

int efimap_log_boot_end(struct efimap_log_boot *boot)
{
	struct efimap_lines lines = { .data = boot->lines, .len = boot->n_lines };
	struct efimap_text line;
	int ret = 0;

	boot->is_headed = false;
	while (!ret && efimap_lines_next(&lines, &line.at, &line.len)) {
		if (efimap_text_begins(line, EFIMAP_LOG_HEAD))
			begin_runtime(boot);
		else
			ret = take_mem(boot, line);
	}
	/* Of two lists without a word between them the second has no RAM if a kernel made it. */
	if (boot->in_runtime && !boot->is_headed && efimap_log_list_has_ram(&boot->runtime))
		replace_firmware(boot);
	free(efimap_steal(boot->lines));
	boot->n_lines = boot->capacity = 0;
	return ret;
}
