/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse the options of kexec(8) in the configuration of a kdump service. */
#include <string.h>

#include "base/number.h"
#include "linux/kexec_options.h"

#define SPACES " \t\n"

/*
 * The long options of current kexec-tools on x86 (kexec/kexec.h: KEXEC_OPTIONS,
 * kexec/arch/i386/include/arch/options.h: KEXEC_ARCH_OPTIONS). An abbreviation must match only one
 * of these options. @letter is an identifier for take_letter() and take_argument(), not a short
 * option.
 */
static const struct long_option {
	const char *name;
	bool has_argument;
	char letter;
} long_options[] = {
	{ "help", false, 'U' },
	{ "version", false, 'U' },
	{ "force" },
	{ "no-checks" },
	{ "no-ifdown" },
	{ "no-sync" },
	{ "load" },
	{ "unload", false, 'U' },
	{ "exec", false, 'U' },
	{ "exec-live-update", false, 'U' },
	{ "load-preserve-context", false, 'U' },
	{ "load-jump-back-helper", false, 'U' },
	{ "load-live-update", false, 'U' },
	{ "entry", true, 'U' },
	{ "type", true, 'U' },
	{ "load-panic" },
	{ "mem-min", true, 'm' },
	{ "mem-max", true, 'M' },
	{ "reuseinitrd", false, 'U' },
	{ "kexec-file-syscall", false, 's' },
	{ "kexec-syscall", false, 'c' },
	{ "kexec-syscall-auto", false, 'a' },
	{ "debug" },
	{ "status", false, 'U' },
	{ "print-ckr-size", false, 'U' },
	{ "hotplug", false, 'H' },
	{ "no-cma", false, 'U' },
	{ "force-dtb" },
	{ "reset-vga" },
	{ "serial", true, 'U' },
	{ "serial-baud", true, 'U' },
	{ "console-vga" },
	{ "console-serial" },
	{ "elf32-core-headers" },
	{ "elf64-core-headers" },
	{ "pass-memmap-cmdline", false, 'U' },
	{ "noefi", false, 'N' },
	{ "reuse-video-type" },
	{ "command-line", true, 'U' },
	{ "append", true, 'U' },
	{ "reuse-cmdline", false, 'U' },
	{ "initrd", true, 'U' },
	{ "ramdisk", true, 'U' },
	{ "args-elf" },
	{ "args-linux" },
	{ "args-none" },
	{ "module", true },
	{ "real-mode", false, 'E' },
	{ "entry-32bit", false, 'E' },
	{ "dtb", true },
};

/* Return the option with the name @name, or the only option that begins with @name, or NULL. */
static const struct long_option *find_long(const char *name, size_t len)
{
	const struct long_option *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < sizeof(long_options) / sizeof(long_options[0]); i++) {
		if (strncmp(long_options[i].name, name, len) != 0)
			continue;
		if (!long_options[i].name[len])
			return &long_options[i];
		found = &long_options[i];
		count++;
	}
	return count == 1 ? found : NULL;
}

static void take_letter(char letter, struct kexec_options *options)
{
	switch (letter) {
	case 's':
		options->call = EFIMAP_KEXEC_CALL_FILE_LOAD;
		break;
	case 'c':
		options->call = EFIMAP_KEXEC_CALL_LOAD;
		break;
	case 'a':
		options->call = EFIMAP_KEXEC_CALL_AUTO;
		break;
	case 'H':
		options->is_hotplug = true;
		break;
	case 'N':
		options->is_noefi = true;
		break;
	case 'E':
		options->has_other_entry = true;
		break;
	case 'U': /* an option whose effect verify does not evaluate */
		options->has_unsupported = true;
		break;
	}
}

/*
 * Store the address of --mem-min or --mem-max. With an invalid address, kexec ends (kexec/kexec.c:
 * main). Octal and negative numbers, which kexec accepts, are not evaluated. With a maximum of 0,
 * kexec loads nothing. A maximum of 1 has the same effect, because it leaves no memory. A minimum
 * of 0 or "" has no effect.
 */
static void take_argument(char letter, const char *value, size_t len, struct kexec_options *options)
{
	const bool is_hex = len > 2 && value[0] == '0' && (value[1] | 0x20) == 'x';
	const bool is_octal = len > 1 && value[0] == '0' && !is_hex;
	uint64_t address = 0;

	if (letter != 'm' && letter != 'M')
		return;
	if (len &&
	    (is_octal || (is_hex ? number_parse_hex(value, len, UINT64_MAX, &address, NULL)
				 : number_parse_dec(value, len, UINT64_MAX, &address, NULL))))
		options->has_unsupported = true;
	else if (letter == 'm')
		options->mem_min = address;
	else
		options->mem_max = address ? address : 1;
}

/*
 * Store the effect of a long option. @word is "NAME" or "NAME=VALUE" after the hyphens. Return the
 * option if its argument is the next word, otherwise NULL.
 */
static const struct long_option *take_long(const char *word, size_t len,
					   struct kexec_options *options)
{
	const char *equals = memchr(word, '=', len);
	const struct long_option *option = find_long(word, equals ? (size_t)(equals - word) : len);

	if (!option) {
		options->has_unsupported = true;
		return NULL;
	}
	take_letter(option->letter, options);
	if (!option->has_argument || !equals)
		return option->has_argument ? option : NULL;
	equals++;
	take_argument(option->letter, equals, len - (size_t)(equals - word), options);
	return NULL;
}

/* Store the effects of bundled letters, as take_long() does. Only -t has an argument. */
static const struct long_option *take_letters(const char *letters, size_t len,
					      struct kexec_options *options)
{
	static const struct long_option type = { "type", true };

	for (size_t i = 0; i < len; i++) {
		if (strchr("acs", letters[i]))
			take_letter(letters[i], options);
		else if (!strchr("dfilpxy", letters[i]))
			options->has_unsupported = true;
		if (letters[i] == 't')
			return i + 1 == len ? &type : NULL;
	}
	return NULL;
}

struct kexec_options parse_kexec_options(const char *args)
{
	struct kexec_options options = { .call = EFIMAP_KEXEC_CALL_DEFAULT };
	const struct long_option *option = NULL;

	for (const char *word = args + strspn(args, SPACES); *word;) {
		const size_t len = strcspn(word, SPACES);

		if (option) {
			take_argument(option->letter, word, len, &options);
			option = NULL;
		} else if (len == 2 && strncmp(word, "--", 2) == 0) {
			options.has_unsupported = true;
			break;
		} else if (len > 2 && strncmp(word, "--", 2) == 0) {
			option = take_long(word + 2, len - 2, &options);
		} else if (len > 1 && word[0] == '-') {
			option = take_letters(word + 1, len - 1, &options);
		} else {
			options.has_unsupported = true;
		}
		word += len;
		word += strspn(word, SPACES);
	}
	/* The argument of the last option is an option that the service appends. */
	if (option)
		options.has_unsupported = true;
	return options;
}
