/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef CAPTURE_KERNEL_PARAMETERS_H
#define CAPTURE_KERNEL_PARAMETERS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text_scan.h"
#include "capture/capture.h"

/*
 * A kernel parameter. The pointers point into the command line.
 *
 * @name:  the part before "=", without quotes
 * @value: the part after "=", without quotes; NULL if there is no "="
 * @text:  the parameter as it was written, including quotes
 */
struct kernel_parameter {
	const char *name;
	size_t name_len;
	const char *value;
	size_t value_len;
	const char *text;
	size_t text_len;
};

/*
 * Replace the control characters that separate parameters, such as tabs, with spaces. Replace other
 * control characters and invalid UTF-8 with "?".
 */
void cmdline_clean(char *cmdline, size_t len);

/*
 * Parse the next parameter, and advance @rest past the parameter. After the last parameter of the
 * kernel, advance @rest to the end of the line or to "--", and return false. Return false, too, if
 * @rest is NULL, because the parameters are unknown.
 */
bool parameter_next(const char **rest, struct kernel_parameter *arg);

/* Return whether a parameter has one of the names, which are separated by commas. */
bool parameter_is(const struct kernel_parameter *arg, const char *names);

/*
 * Return whether the kernel log shows that the running kernel does not know a parameter, because it
 * lacks the feature (Linux 5.14 or later).
 */
bool is_parameter_unknown(const struct efimap *map, const char *name);

/* The start of this message. The parameters follow, and then a second quote. */
#define EFIMAP_UNKNOWN_PARAMETERS "Unknown kernel command line parameters \""

/*
 * Split the value of BOOT_IMAGE= into the device that GRUB writes in parentheses and the path.
 * Without "(DEVICE)", @ret_device is empty.
 */
void parameter_split_device(const struct kernel_parameter *arg, struct text *ret_device,
			    struct text *ret_path);

/*
 * Take the first parameter if it is BOOT_IMAGE=, with which GRUB names the file that it started.
 * Return false for any other parameter, and for a value with characters of a shell, because a
 * kdump service may change such a value, and redaction removes it.
 */
bool parameter_take_boot_image(const char **cmdline, struct kernel_parameter *ret_arg);

/* Return the path in BOOT_IMAGE= without the device, or an empty text. */
struct text boot_image_of(const struct efimap *map);

/* Return whether @option is one of the comma-separated values of a parameter. */
bool parameter_has_option(const struct kernel_parameter *arg, const char *option);

/*
 * Return whether a command line contains a parameter. @word is a name, such as "noefi", or a name
 * and a value, such as "efi=debug". As in the kernel, a name matches a parameter with any value,
 * such as "noefi=0".
 */
bool cmdline_has(const char *cmdline, const char *word);

bool has_parameter(const struct efimap *map, const char *word);

/* Return whether one of the parameters efi= in a command line has the option @flag. */
bool cmdline_has_efi_option(const char *cmdline, const char *flag);

bool has_efi_option(const struct efimap *map, const char *flag);

/*
 * Return the kernel parameter that disables runtime services, "noefi" or "efi=noruntime"; NULL if
 * "efi=runtime" enables them; or @reason if no parameter does either (drivers/firmware/efi/efi.c:
 * setup_noefi, parse_efi_cmdline). A later parameter overrides an earlier one. If the same "efi="
 * contains both noruntime and runtime, runtime takes precedence.
 */
const char *find_disabling_parameter(const char *cmdline, const char *reason);

/*
 * Parse and skip an integer as simple_strtoull() in the kernel does with base 0: 0x and 0X precede
 * hexadecimal digits, 0 precedes octal digits, and a value of more than 64 bits is truncated.
 */
bool take_integer(struct text *text, uint64_t *ret_value);

/* Parse and skip a size as memparse() in the kernel does. */
bool take_size(struct text *text, uint64_t *ret_size);

#endif
