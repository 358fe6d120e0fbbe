/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The line in which the kernel's log names the firmware's configuration tables
 * (drivers/firmware/efi/efi.c: efi_config_parse_tables and match_config_table):
 *
 *   efi: ACPI=0x3f77d000 ACPI 2.0=0x3f77d014 SMBIOS=0x3f520000 MEMATTR=0x3d117018
 *
 * Before 5.10 with two blanks between them. A log is free text that anybody writes
 * into: what does not look exactly so is passed over. Knows the syntax, no table.
 */
#include <string.h>

#include "base/num.h"
#include "read/parse.h"
#include "read/text.h"

#define MAX_NAME 32U

static bool is_name(const char *text, size_t len)
{
	if (len == 0 || len > MAX_NAME)
		return false;
	for (size_t i = 0; i < len; i++) {
		char c = text[i];
		bool letter = (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
		bool inside = (c >= '0' && c <= '9') || c == ' ' || c == '.' || c == '_' ||
			      c == '-' || c == '/';

		if (!letter && !(inside && i > 0))
			return false;
	}
	return text[len - 1] != ' ';
}

/* A remark in parentheses after an address says nothing that we use. */
static void skip_remark(struct efimap_text *rest)
{
	const char *end;

	if (!rest->len || rest->at[0] != '(')
		return;
	end = memchr(rest->at, ')', rest->len);
	efimap_text_skip(rest, end ? (size_t)(end - rest->at) + 1 : rest->len);
	efimap_text_skip_blanks(rest);
}

bool efimap_parse_log_table(struct efimap_text *rest, struct efimap_named *ret_named)
{
	uint64_t value;

	efimap_text_skip_blanks(rest);
	skip_remark(rest);

	const char *equals = rest->len ? memchr(rest->at, '=', rest->len) : NULL;
	size_t name_len = equals ? (size_t)(equals - rest->at) : 0;

	if (!equals || !is_name(rest->at, name_len))
		return false;

	const char *digits = equals + 1;
	size_t left = rest->len - name_len - 1;
	const char *blank = left ? memchr(digits, ' ', left) : NULL;
	size_t len = blank ? (size_t)(blank - digits) : left;

	if (efimap_num_parse_hex(digits, len, UINT64_MAX, &value, NULL) != EFIMAP_NUM_OK)
		return false;
	*ret_named = (struct efimap_named){ rest->at, name_len, value };
	efimap_text_skip(rest, name_len + 1 + len);
	return true;
}

/* arch/x86/platform/efi/quirks.c: efi_crash_gracefully_on_page_fault */
bool efimap_parse_log_mismatch(struct efimap_text rest)
{
	return efimap_text_begins(rest, " No EFI runtime due to 32/64-bit mismatch with kernel");
}

bool efimap_parse_log_gives_up(struct efimap_text rest)
{
	return efimap_text_begins(rest, " Froze efi_rts_wq and disabled EFI Runtime Services");
}
