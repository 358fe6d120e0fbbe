/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The expected results are those of lib/cmdline.c in Linux. */
#include "../map_with_ranges.h"
#include "capture/kernel_parameters.h"

TEST(word_rows)
{
	static const struct {
		const char *cmdline, *word;
		bool has;
	} rows[] = {
		{ "", "noefi", false },
		{ "   ", "noefi", false },
		{ "noefi", "noefi", true },
		{ "quiet noefi", "noefi", true },
		{ "  noefi\tquiet", "noefi", true },
		{ "xnoefi noefix", "noefi", false },
		{ "noefi=0", "noefi", true },
		{ "a=noefi", "noefi", false },
		{ "quiet -- noefi", "noefi", false },
		{ "quiet -- noefi", "--", false },
		{ "quiet --x noefi", "noefi", true },
		{ "--=x noefi", "noefi", true },
		{ "\"noefi\"", "noefi", true },
		{ "no\"efi\"", "noefi", false },
		{ "a=\"x noefi y\" b", "noefi", false },
		{ "a=\"x noefi y\" b", "b", true },
		{ "a=\"x noefi y\" b", "a=\"x noefi y\"", true },
		{ "\"a=x noefi y\" b", "a=\"x noefi y\"", true },
		{ "a=\"never closed noefi", "noefi", false },
		{ "a=\"never closed noefi", "a", true },
		{ "elfcorehdr=1621364K", "elfcorehdr", true },
		{ "elfcorehdr=1621364K", "elfcorehdr=1621364K", true },
		{ "elfcorehdr=1621364K", "elfcorehdr=1621364", false },
		{ "elfcorehdr=1621364", "elfcorehdr=1621364K", false },
		{ "efi=debug", "efi=debug", true },
		{ "efi", "efi=debug", false },
		{ "efi=", "efi=", true },
		{ "efi=x", "efi=", false },
		{ "efi=\"", "efi=", true },
		{ "efi=\"\"", "efi=", true },
		{ "mem-encrypt=on", "mem_encrypt=on", true },
		{ "mem_encrypt=on", "mem-encrypt", true },
		{ "a=b-c", "a=b_c", false },
		{ "=a b", "b", true },
		{ "==a", "=", true },
		{ "quiet\nnoefi", "noefi", true },
		{ "quiet\xa0noefi", "noefi", true },
		{ "a=b=c", "a", true },
		{ "a=b=c", "a=b=c", true },
		{ "noefi\"", "noefi", false },
		{ "a=\"b c\"", "a=b", false },
		{ "a=\"b c\"", "a=b c", false },
		{ "quiet", "", false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = with_cmdline(rows[i].cmdline);

		if (has_parameter(map, rows[i].word) != rows[i].has)
			fail_msg("[%s]: has %s: %d, expected %d", rows[i].cmdline, rows[i].word,
				 !rows[i].has, rows[i].has);
	}
}

TEST(efi_option_rows)
{
	static const struct {
		const char *cmdline, *flag;
		bool has;
	} rows[] = {
		{ "efi=debug", "debug", true },
		{ "efi=debug,noruntime", "debug", true },
		{ "efi=debug,noruntime", "noruntime", true },
		{ "efi=noruntime", "runtime", false },
		{ "efi=runtime", "noruntime", false },
		{ "efi=runtimes", "runtime", false },
		{ "efi=debug efi=runtime", "runtime", true },
		{ "efi=debug efi=runtime", "debug", true },
		{ "efi=\"debug,runtime\"", "runtime", true },
		{ "\"efi=debug,runtime\"", "runtime", true },
		{ "efi=,,debug", "debug", true },
		{ "efi=debug,", "debug", true },
		{ "efi= debug", "debug", false },
		{ "efi", "debug", false },
		{ "efi=", "debug", false },
		{ "xefi=debug e2e2=efi=debug", "debug", false },
		{ "quiet -- efi=debug", "debug", false },
		{ "efi=Debug", "debug", false },
		{ "", "debug", false },
		/* As in the kernel, only one quotation mark is removed from the end. */
		{ "\"efi=\"debug,runtime\"\"", "runtime", false },
		{ "\"efi=\"debug,runtime\"\"", "debug", true },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_map struct efimap *map = with_cmdline(rows[i].cmdline);

		if (has_efi_option(map, rows[i].flag) != rows[i].has)
			fail_msg("[%s]: has efi=%s: %d, expected %d", rows[i].cmdline, rows[i].flag,
				 !rows[i].has, rows[i].has);
	}
}
