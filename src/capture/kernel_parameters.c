/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parse the kernel's command line as the kernel does, including its quirks (lib/cmdline.c:
 * next_arg, parse_option_str; kernel/params.c: parse_args, parameq).
 */
#include <ctype.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"

/* Like the kernel's isspace() (include/linux/ctype.h), accept 0xa0 in addition to ASCII spaces. */
static bool is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == '\xa0';
}

void cmdline_clean(char *cmdline, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (cmdline[i] >= '\t' && cmdline[i] <= '\r')
			cmdline[i] = ' ';
	text_clean(cmdline, len);
}

/*
 * Return the length of a parameter. Set @ret_equals to the position of the first "=", or to 0 if
 * there is none. As in next_arg, an "=" at the start of a word is part of the name, and each '"'
 * toggles quoting. @in_quote is true if a '"' precedes @word.
 */
static size_t param_length(const char *word, bool in_quote, size_t *ret_equals)
{
	size_t equals = 0, i;

	for (i = 0; word[i]; i++) {
		if (is_space(word[i]) && !in_quote)
			break;
		if (equals == 0 && word[i] == '=')
			equals = i;
		if (word[i] == '"')
			in_quote = !in_quote;
	}
	*ret_equals = equals;
	return i;
}

bool parameter_next(const char **rest, struct kernel_parameter *arg)
{
	const char *word = *rest;
	size_t equals, len, end;
	bool quoted;

	while (word && is_space(*word))
		word++;
	*rest = word;
	if (!word || !*word)
		return false;
	/* The kernel removes quotes around a word or a value (lib/cmdline.c: next_arg). */
	quoted = *word == '"';
	word += quoted;
	len = end = param_length(word, quoted, &equals);
	if (quoted && len > 0 && word[len - 1] == '"')
		end--;
	*arg = (struct kernel_parameter){ .name = word, .name_len = equals ? equals : end };
	if (equals) {
		size_t start = equals + 1;

		if (start < len && word[start] == '"') {
			start++;
			if (end == len && word[len - 1] == '"')
				end--;
		}
		arg->value = word + start;
		arg->value_len = end > start ? end - start : 0;
	}
	/* The words after "--" are arguments of init, not kernel parameters. */
	if (!arg->value && arg->name_len == 2 && memcmp(arg->name, "--", 2) == 0)
		return false;
	*rest = word + len;
	arg->text = word - quoted;
	arg->text_len = len + quoted;
	return true;
}

static int fold(char c)
{
	return c == '-' ? '_' : c;
}

/* Compare two names. As in the kernel, "-" and "_" are equal. */
static bool parameter_has_name(const struct kernel_parameter *a, const struct kernel_parameter *b)
{
	if (a->name_len != b->name_len)
		return false;
	for (size_t i = 0; i < a->name_len; i++) {
		if (fold(a->name[i]) != fold(b->name[i]))
			return false;
	}
	return true;
}

bool parameter_is(const struct kernel_parameter *arg, const char *names)
{
	struct kernel_parameter other = { .name = names };

	for (; *other.name; other.name += other.name_len + (other.name[other.name_len] == ',')) {
		other.name_len = strcspn(other.name, ",");
		if (parameter_has_name(arg, &other))
			return true;
	}
	return false;
}

void parameter_split_device(const struct kernel_parameter *arg, struct text *ret_device,
			    struct text *ret_path)
{
	const char *end = arg->value_len && *arg->value == '('
				  ? memchr(arg->value, ')', arg->value_len)
				  : NULL;

	*ret_device = (struct text){ "", 0 };
	*ret_path = (struct text){ arg->value, arg->value_len };
	if (!end)
		return;
	*ret_device = (struct text){ arg->value + 1, (size_t)(end - arg->value - 1) };
	text_skip(ret_path, (size_t)(end + 1 - arg->value));
}

bool parameter_take_boot_image(const char **cmdline, struct kernel_parameter *ret_arg)
{
	if (!parameter_next(cmdline, ret_arg) || !parameter_is(ret_arg, "BOOT_IMAGE") ||
	    !ret_arg->value)
		return false;
	for (size_t i = 0; i < ret_arg->text_len; i++)
		if (text_is_one_of(ret_arg->text[i], "\"'\\;&|<>"))
			return false;
	return true;
}

struct text boot_image_of(const struct efimap *map)
{
	const char *rest = map->cmdline;
	struct kernel_parameter arg;
	struct text device, path = { "", 0 };

	if (capture_has(map, EFIMAP_SRC_CMDLINE) && parameter_take_boot_image(&rest, &arg))
		parameter_split_device(&arg, &device, &path);
	return path;
}

bool parameter_has_option(const struct kernel_parameter *arg, const char *option)
{
	size_t len = strlen(option), left = arg->value_len;
	const char *at = arg->value;

	while (at) {
		const char *comma = memchr(at, ',', left);
		size_t this = comma ? (size_t)(comma - at) : left;

		if (this == len && memcmp(at, option, len) == 0)
			return true;
		left -= comma ? this + 1 : this;
		at = comma ? comma + 1 : NULL;
	}
	return false;
}

bool cmdline_has(const char *cmdline, const char *word)
{
	const char *rest = cmdline, *wanted = word;
	struct kernel_parameter arg, sought;

	if (!parameter_next(&wanted, &sought))
		return false;
	while (parameter_next(&rest, &arg)) {
		if (!parameter_has_name(&arg, &sought))
			continue;
		if (!sought.value)
			return true;
		if (arg.value && arg.value_len == sought.value_len &&
		    memcmp(arg.value, sought.value, arg.value_len) == 0)
			return true;
	}
	return false;
}

bool has_parameter(const struct efimap *map, const char *word)
{
	return cmdline_has(map->cmdline, word);
}

bool cmdline_has_efi_option(const char *cmdline, const char *flag)
{
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg))
		if (parameter_is(&arg, "efi") && parameter_has_option(&arg, flag))
			return true;
	return false;
}

bool has_efi_option(const struct efimap *map, const char *flag)
{
	return cmdline_has_efi_option(map->cmdline, flag);
}

bool is_parameter_unknown(const struct efimap *map, const char *name)
{
	struct text log = { map->log, map->log_len };
	size_t next;

	while (text_find(&log, EFIMAP_UNKNOWN_PARAMETERS)) {
		struct text line = { log.at, text_line(log.at, log.len, &next) };

		while (line.len) {
			struct text word = text_take_word(&line);

			if (text_take(&word, name) &&
			    (!word.len || text_is_one_of(word.at[0], "=\"")))
				return true;
		}
		text_skip(&log, next);
	}
	return false;
}

const char *find_disabling_parameter(const char *cmdline, const char *reason)
{
	struct kernel_parameter arg;

	while (parameter_next(&cmdline, &arg)) {
		if (parameter_is(&arg, "noefi"))
			reason = "noefi";
		if (!parameter_is(&arg, "efi"))
			continue;
		if (parameter_has_option(&arg, "noruntime"))
			reason = "efi=noruntime";
		if (parameter_has_option(&arg, "runtime"))
			reason = NULL;
	}
	return reason;
}

bool take_integer(struct text *text, uint64_t *ret_value)
{
	struct text hex = *text;
	uint64_t base = text_begins(hex, "0") ? 8 : 10, value = 0;
	size_t len;

	if ((text_take(&hex, "0x") || text_take(&hex, "0X")) &&
	    text_span(hex, EFIMAP_HEX_DIGITS) > 0) {
		*text = hex;
		base = 16;
	}
	len = text_span(*text, base == 16   ? EFIMAP_HEX_DIGITS
			       : base == 10 ? EFIMAP_DIGITS
					    : "01234567");
	for (size_t i = 0; i < len; i++) {
		const int digit = tolower((unsigned char)text->at[i]);

		value = value * base +
			(uint64_t)(strchr(EFIMAP_LOWER_HEX, digit) - EFIMAP_LOWER_HEX);
	}
	text_skip(text, len);
	*ret_value = value;
	return len > 0;
}

bool take_size(struct text *text, uint64_t *ret_size)
{
	static const char suffixes[] = "KMGTPE";
	const char *suffix = NULL;
	uint64_t size;

	if (!take_integer(text, &size))
		return false;
	if (text->len > 0)
		suffix =
			memchr(suffixes, toupper((unsigned char)text->at[0]), sizeof(suffixes) - 1);
	if (suffix)
		text_skip(text, 1);
	for (const char *at = suffixes; suffix && at <= suffix; at++)
		if (__builtin_mul_overflow(size, 1024U, &size))
			return false;
	*ret_size = size;
	return true;
}
