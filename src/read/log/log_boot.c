/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What the lines of one boot say, gathered. Must not know where lines come from, nor what
 * a kernel makes of what it prints.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "model/traits.h"
#include "read/log/log_boot.h"
#include "read/parse.h"
#include "read/read.h"
#include "read/text.h"

/* Tables that we keep; the kernel knows some twenty. */
#define MAX_TABLES 256U
/* As in proc/cmdline, see kernel.c */
#define MAX_CMDLINE ((size_t)64 << 10)
/* As many lines as two maps can have entries, that of the firmware and that of runtime */
#define MAX_LINES ((size_t)8 << 20)
#define FIRST_LINES ((size_t)32 << 10)

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
	boot->is_x86 = true;
	*ret_boot = boot;
	return 0;
}

void efimap_log_boot_free(struct efimap_log_boot *boot)
{
	if (!boot)
		return;
	efimap_free(boot->facts);
	free(boot->lines);
	efimap_log_list_free(&boot->firmware);
	efimap_log_list_free(&boot->runtime);
	free(boot);
}

/* A line that was cut before it is none; one that says something else is kept. */
static int take_version(struct efimap_log_boot *boot, struct efimap_text rest)
{
	size_t len;

	if (!rest.len || !efimap_parse_release_word(rest, &len, &boot->bad_release))
		return 0;
	return efimap_set_release(boot->facts, rest.at, len);
}

/* Printed twice, and either can be lost or cut. */
static int take_cmdline(struct efimap_log_boot *boot, struct efimap_text rest)
{
	efimap_auto_free char *text = NULL;

	efimap_text_trim(&rest);
	if (rest.len <= strlen(boot->facts->cmdline) || rest.len > MAX_CMDLINE)
		return 0;
	text = malloc(rest.len);
	if (!text)
		return -ENOMEM;
	memcpy(text, rest.at, rest.len);
	efimap_text_clean(text, rest.len);
	return efimap_set_cmdline(boot->facts, text, rest.len);
}

static int take_e820(struct efimap_log_boot *boot, const char *text, size_t len,
		     struct efimap_text rest)
{
	struct efimap *facts = boot->facts;
	struct efimap_log_e820 range;
	const struct efimap_range *last =
		facts->n_memmap ? &facts->memmap[facts->n_memmap - 1] : NULL;

	if (efimap_log_is_e820_gap(rest))
		return 0;
	if (!efimap_parse_log_e820(rest, &range)) {
		efimap_log_quote(&boot->n_bad_e820, boot->bad_e820, text, len);
		return 0;
	}
	/* A log with every line twice. */
	if (last && last->start == range.start && last->end == range.end &&
	    strcmp(last->label, range.label) == 0)
		return 0;
	if (facts->n_memmap >= EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	return efimap_add_memmap(facts, (uint32_t)facts->n_memmap, range.start, range.end,
				 range.label, strlen(range.label));
}

/* What stands behind "efi:"; parsed in the end, if this is the boot that is taken. */
static int keep_line(struct efimap_log_boot *boot, const struct efimap_text *rest)
{
	const size_t wanted = boot->n_lines + rest->len + 1;

	if (wanted > MAX_LINES)
		return -E2BIG;
	if (wanted > boot->capacity) {
		const size_t capacity = 2 * wanted < FIRST_LINES ? FIRST_LINES : 2 * wanted;
		char *lines = realloc(boot->lines, capacity);

		if (!lines)
			return -ENOMEM;
		boot->lines = lines;
		boot->capacity = capacity;
	}
	memcpy(boot->lines + boot->n_lines, rest->at, rest->len);
	boot->lines[wanted - 1] = '\n';
	boot->n_lines = wanted;
	return 0;
}

static bool is_of_ram(const struct efimap_text *rest)
{
	static const char name[] = "[Conventional", number[] = "type=7,";

	return memmem(rest->at, rest->len, name, sizeof(name) - 1) ||
	       memmem(rest->at, rest->len, number, sizeof(number) - 1);
}

static int keep_mem(struct efimap_log_boot *boot, const struct efimap_text *rest)
{
	boot->is_efi = boot->has_mem = true;
	boot->has_runtime |= boot->is_headed;
	if (!boot->has_ram)
		boot->has_ram = is_of_ram(rest);
	return keep_line(boot, rest);
}

int efimap_log_add_facts(struct efimap *facts, struct efimap_text rest)
{
	struct efimap_named named;
	int ret = 0;

	if (efimap_parse_log_gives_up(rest))
		facts->services_lost = true;
	if (efimap_parse_log_mismatch(rest))
		facts->width_mismatch = true;
	while (!ret && facts->n_tables < MAX_TABLES && efimap_parse_log_table(&rest, &named))
		ret = efimap_add_table(facts, named.name, named.name_len, named.value);
	return ret;
}

static int take_efi(struct efimap_log_boot *boot, struct efimap_text rest)
{
	if (efimap_log_is_removed(rest)) {
		boot->is_efi = true;
		return 0;
	}
	if (efimap_log_is_mem(rest))
		return keep_mem(boot, &rest);
	if (efimap_text_begins(rest, " EFI v"))
		boot->is_efi = true;
	if (efimap_text_begins(rest, EFIMAP_LOG_HEAD)) {
		boot->is_headed = true;
		return keep_line(boot, &rest);
	}

	const size_t before = boot->facts->n_tables;
	const int ret = efimap_log_add_facts(boot->facts, rest);

	boot->is_efi |= boot->facts->n_tables > before;
	return ret;
}

/* "AMD …" before 5.19 */
bool efimap_log_says_encrypted(const char *text, size_t len)
{
	struct efimap_text rest;

	return efimap_log_message(text, len, "Memory Encryption Features active:", &rest) ||
	       efimap_log_message(text, len, "AMD Memory Encryption Features active:", &rest);
}

int efimap_log_boot_take(struct efimap_log_boot *boot, enum efimap_log_kind kind,
			 const char *text, size_t len)
{
	struct efimap_text rest;

	switch (kind) {
	case EFIMAP_LOG_VERSION:
		return efimap_log_message(text, len, "Linux version ", &rest) ?
			       take_version(boot, rest) :
			       0;
	case EFIMAP_LOG_CMDLINE:
		if (efimap_log_message(text, len, "Kernel command line:", &rest) ||
		    efimap_log_message(text, len, "Command line:", &rest))
			return take_cmdline(boot, rest);
		return 0;
	case EFIMAP_LOG_E820:
		return efimap_log_message(text, len, "BIOS-e820:", &rest) ?
			       take_e820(boot, text, len, rest) :
			       0;
	case EFIMAP_LOG_CRYPT:
		boot->facts->encrypted |= efimap_log_says_encrypted(text, len);
		return 0;
	case EFIMAP_LOG_EFI:
		break;
	}
	/* "EFI:" before 3.4 */
	if (efimap_log_message(text, len, "efi:", &rest) ||
	    efimap_log_message(text, len, "EFI:", &rest))
		return take_efi(boot, rest);
	return 0;
}

bool efimap_log_boot_is_empty(const struct efimap_log_boot *boot)
{
	return !boot->is_efi && !boot->facts->n_memmap && !boot->facts->n_tables &&
	       !*boot->facts->cmdline && !boot->n_bad_e820;
}

unsigned int efimap_log_boot_rank(const struct efimap_log_boot *boot)
{
	const bool crash = efimap_is_crash_kernel(boot->facts);

	if (boot->has_runtime || boot->has_ram)
		return 5;
	if (boot->has_mem)
		return crash ? 3 : 4;
	if (boot->is_efi || boot->facts->n_memmap)
		return crash ? 1 : 2;
	return 0;
}
