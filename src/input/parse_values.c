/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parse the values in the files of a capture, and convert errors to faults. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "capture/kernel_release.h"
#include "capture/recording.h"
#include "input/parse_values.h"
#include "input/source_limits.h"

#define BOOT_ID_LEN 36U
#define MAX_KEY 32U
#define MAX_VERSION_NUMBER 9999U
/* Number of spaces per level of indentation in /proc/iomem (kernel/resource.c: r_show). */
#define BLANKS_PER_LEVEL 2U

__attribute__((format(printf, 4, 0))) static void set_fault(struct capture_fault *fault,
							    enum state state, uint32_t line,
							    const char *fmt, va_list args)
{
	fault->state = state;
	fault->line = line;
	vsnprintf(fault->text, sizeof(fault->text), fmt, args);
	/* Truncation may have split a multibyte character, so replace invalid bytes. */
	text_clean(fault->text, strlen(fault->text));
}

bool fault_set(struct capture_fault *fault, enum state state, uint32_t line, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	set_fault(fault, state, line, fmt, args);
	va_end(args);
	return false;
}

static bool refuse_text(struct capture_fault *fault, uint32_t line, struct text found,
			const char *expected)
{
	char quote[EFIMAP_QUOTE_SIZE];

	return fault_set(fault, EFIMAP_STATE_SYNTAX, line, "found %s, expected %s",
			 text_quote(quote, found.at, found.len), expected);
}

/* Check the size of a value, and exclude a trailing newline from @len. */
static bool check_value_size(const char *data, size_t *len, const char *expected,
			     struct capture_fault *fault)
{
	if (*len == 0)
		return fault_set(fault, EFIMAP_STATE_EMPTY, 0, "empty, expected %s", expected);
	if (*len >= EFIMAP_VALUE_SIZE)
		return fault_set(fault, EFIMAP_STATE_TOO_LONG, 0, "%u bytes or more, expected %s",
				 EFIMAP_VALUE_SIZE, expected);
	if (data[*len - 1] == '\n')
		(*len)--;
	return true;
}

bool parse_hex_value(const char *data, size_t len, uint64_t max, uint64_t *ret_value,
		     struct capture_fault *fault)
{
	static const char expected[] = "0x and 1 to 16 hexadecimal digits";
	char quote[EFIMAP_QUOTE_SIZE];
	enum number_fault why;
	size_t column;

	if (!check_value_size(data, &len, expected, fault))
		return false;
	why = number_parse_hex(data, len, max, ret_value, &column);
	if (why == EFIMAP_NUMBER_OK)
		return true;
	if (why == EFIMAP_NUMBER_RANGE)
		return fault_set(fault, EFIMAP_STATE_SYNTAX, 0,
				 "found %s, expected at most 0x%" PRIx64,
				 text_quote(quote, data, len), max);
	return fault_set(fault, EFIMAP_STATE_SYNTAX, 0, "found %s (column %zu), expected %s",
			 text_quote(quote, data, len), column, expected);
}

bool parse_label(const char *data, size_t len, size_t *ret_len, struct capture_fault *fault)
{
	char quote[EFIMAP_QUOTE_SIZE];

	if (!check_value_size(data, &len, "a memory type such as \"System RAM\"", fault))
		return false;
	if (len == 0)
		return fault_set(fault, EFIMAP_STATE_EMPTY, 0,
				 "an empty line, expected a memory type");
	/* A type has no other characters (arch/x86/kernel/e820.c: e820_type_to_string). */
	if (len > EFIMAP_LABEL_MAX ||
	    text_span((struct text){ data, len }, EFIMAP_LETTERS EFIMAP_DIGITS " ()-_") < len)
		return fault_set(fault, EFIMAP_STATE_SYNTAX, 0,
				 "found %s, expected at most %d letters, digits, spaces "
				 "or any of ()-_",
				 text_quote(quote, data, len), EFIMAP_LABEL_MAX);
	*ret_len = len;
	return true;
}

bool parse_platform_size(const char *data, size_t len, unsigned int *ret_bits,
			 struct capture_fault *fault)
{
	static const char expected[] = "64 or 32";

	if (!check_value_size(data, &len, expected, fault))
		return false;
	if (len != 2 || (memcmp(data, "64", 2) != 0 && memcmp(data, "32", 2) != 0))
		return refuse_text(fault, 0, (struct text){ data, len }, expected);
	*ret_bits = data[0] == '6' ? 64 : 32;
	return true;
}

bool parse_index(const char *name, uint32_t *ret_index)
{
	uint64_t value;

	if (name[0] == '0' && name[1] != '\0')
		return false;
	if (number_parse_dec(name, strlen(name), EFIMAP_NO_INDEX - 1, &value, NULL) !=
	    EFIMAP_NUMBER_OK)
		return false;
	*ret_index = (uint32_t)value;
	return true;
}

void lines_filter(char *data, size_t *len, bool (*is_used)(struct text line))
{
	size_t at = 0, kept = 0;

	while (at < *len) {
		size_t next;
		const struct text line = {
			data + at,
			text_line(data + at, *len - at, &next),
		};

		if (is_used(line)) {
			memmove(data + kept, data + at, next);
			kept += next;
		}
		at += next;
	}
	*len = kept;
}

bool parse_release_word(struct text text, size_t *ret_len, struct capture_fault *fault)
{
	size_t end = 0;

	while (end < text.len && !text_is_space(text.at[end]))
		end++;
	text.len = end;
	if (!release_is_valid(text.at, end))
		return refuse_text(fault, 1, text, EFIMAP_RELEASE_EXPECTED);
	*ret_len = end;
	return true;
}

bool parse_release(const char *data, size_t len, const char **ret_text, size_t *ret_len,
		   struct capture_fault *fault)
{
	static const char expected[] = "\"Linux version RELEASE\"";
	const struct text text = { data, len };
	struct text rest = text;

	if (len == 0)
		return fault_set(fault, EFIMAP_STATE_EMPTY, 0, "empty, expected %s", expected);
	if (!text_take(&rest, "Linux version ") || !rest.len || *rest.at == ' ')
		return refuse_text(fault, 1, text, expected);
	if (!parse_release_word(rest, ret_len, fault))
		return false;
	*ret_text = rest.at;
	return true;
}

bool parse_version(struct text text, struct version *ret_version)
{
	uint64_t numbers[3] = { 0 };

	if (text_take_version(&text, MAX_VERSION_NUMBER, numbers) < 2 || numbers[0] == 0)
		return false;
	*ret_version = (struct version){ (unsigned int)numbers[0], (unsigned int)numbers[1],
					 (unsigned int)numbers[2] };
	return true;
}

static uint32_t make_date(uint64_t year, uint64_t month, uint64_t day)
{
	if (year < 1970 || year > 9999 || !month || month > 12 || !day || day > 31)
		return 0;
	return (uint32_t)(year * 10000 + month * 100 + day);
}

/* Return a date such as "2026-11-30" at the start of a text, or 0. */
static uint32_t take_iso_date(struct text text)
{
	uint64_t year, month, day;

	return text_take_number(&text, 9999, &year) && text_take(&text, "-") &&
			       text_take_number(&text, 12, &month) && text_take(&text, "-") &&
			       text_take_number(&text, 31, &day)
		       ? make_date(year, month, day)
		       : 0;
}

/* Return the number of a month such as "Nov", or 0. */
static uint64_t month_of(struct text word)
{
	static const char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec";

	for (unsigned int i = 0; i < 12 && word.len == 3; i++)
		if (memcmp(word.at, names + (size_t)3 * i, 3) == 0)
			return i + 1;
	return 0;
}

uint32_t find_date(struct text text)
{
	uint64_t month = 0, day = 0, number;
	char before = ' ';

	while (text.len) {
		const size_t len = text_span(text, EFIMAP_LETTERS EFIMAP_DIGITS ":.,+-");
		struct text word = { text.at, len };
		const uint32_t date = take_iso_date(word);

		if (date)
			return date;
		if (month_of(word)) {
			month = month_of(word);
		} else if (text_span(word, EFIMAP_DIGITS) == len &&
			   text_take_number(&word, 9999, &number)) {
			/* A number in brackets, as in "kexec[2026]:", is that of a process. */
			if (len > 2 && before == ' ' && make_date(number, month, day))
				return make_date(number, month, day);
			day = len > 2 ? day : number;
		}
		text_skip(&text, len);
		before = text.len ? text.at[0] : ' ';
		text_skip(&text, text.len > 0);
	}
	return 0;
}

bool parse_boot_id(const char *data, size_t len, size_t *ret_len, struct capture_fault *fault)
{
	static const char expected[] = "36 characters: lower-case hexadecimal digits and dashes";
	struct text id = { data, len };

	if (!check_value_size(data, &id.len, expected, fault))
		return false;
	if (id.len != BOOT_ID_LEN || text_span(id, EFIMAP_LOWER_HEX "-") != id.len)
		return refuse_text(fault, 0, id, expected);
	*ret_len = id.len;
	return true;
}

bool parse_systab_line(const char *text, size_t len, uint32_t line, struct named *ret_named,
		       struct capture_fault *fault)
{
	const struct text line_text = { text, len };
	struct text rest = line_text;
	const size_t key = text_span(rest, EFIMAP_LETTERS EFIMAP_DIGITS "_");
	uint64_t value;

	text_skip(&rest, key);
	if (key == 0 || key > MAX_KEY || !text_take(&rest, "=0x") ||
	    !text_take_hex(&rest, 1, &value) || rest.len)
		return refuse_text(fault, line, line_text, "KEY=0x and 1 to 16 hexadecimal digits");
	*ret_named = (struct named){ text, key, value };
	return true;
}

bool parse_iomem_line(const char *text, size_t len, uint32_t line, uint32_t max_depth,
		      struct iomem_line *ret_line, struct capture_fault *fault)
{
	struct text rest = { text, len };
	const size_t blanks = text_span(rest, " ");
	struct iomem_line parsed = { 0 };
	char quote[EFIMAP_QUOTE_SIZE];

	text_skip(&rest, blanks);
	if (blanks % BLANKS_PER_LEVEL || !text_take_hex(&rest, 1, &parsed.span.first) ||
	    !text_take(&rest, "-") || !text_take_hex(&rest, 1, &parsed.span.last) ||
	    !text_take(&rest, " : ") || !rest.len)
		return refuse_text(fault, line, (struct text){ text, len },
				   "\"START-END : NAME\" with hexadecimal START and END, "
				   "indented by two spaces per level");
	if (blanks / BLANKS_PER_LEVEL > max_depth)
		return fault_set(fault, EFIMAP_STATE_SYNTAX, line,
				 "%s is indented more than one level deeper than the previous line",
				 text_quote(quote, text, len));
	if (parsed.span.last < parsed.span.first)
		return fault_set(fault, EFIMAP_STATE_SYNTAX, line,
				 "the range in %s ends before it starts",
				 text_quote(quote, text, len));
	parsed.depth = (uint32_t)(blanks / BLANKS_PER_LEVEL);
	parsed.name = rest.at;
	parsed.name_len = rest.len;
	*ret_line = parsed;
	return true;
}

static const struct meaning {
	int code;
	enum state state;
	const char *text;
} meanings[] = {
	{ ENOENT, EFIMAP_STATE_ABSENT, "no such file" },
	{ EACCES, EFIMAP_STATE_DENIED, "permission denied" },
	{ EPERM, EFIMAP_STATE_DENIED, "permission denied" },
	{ E2BIG, EFIMAP_STATE_TOO_LONG, "longer than the limit" },
	{ ELOOP, EFIMAP_STATE_NOT_A_FILE, "a symbolic link that forms a loop or is not followed" },
	{ EXDEV, EFIMAP_STATE_NOT_A_FILE, "a symbolic link whose target is not in the capture" },
	{ EFIMAP_NOT_RECORDED, EFIMAP_STATE_ABSENT, "missing in the snapshot" },
	{ EISDIR, EFIMAP_STATE_NOT_A_FILE, "a directory where a file is expected" },
	{ ENXIO, EFIMAP_STATE_NOT_A_FILE, "a FIFO, socket or device, which is not opened" },
	{ EAGAIN, EFIMAP_STATE_NOT_A_FILE, "a FIFO, socket or device, which is not read" },
	{ ENOTDIR, EFIMAP_STATE_NOT_A_FILE, "a file where a directory is expected" },
};

bool errno_is_fatal(int ret)
{
	return ret == -ENOMEM || ret == -EMFILE || ret == -ENFILE;
}

static const struct meaning *find_meaning(int ret)
{
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == -ret)
			return &meanings[i];
	return NULL;
}

enum state errno_state(int ret)
{
	const struct meaning *meaning = find_meaning(ret);

	if (!ret)
		return EFIMAP_STATE_PRESENT;
	return meaning ? meaning->state : EFIMAP_STATE_IO;
}

const char *errno_text(int ret)
{
	const struct meaning *meaning = find_meaning(ret);

	return meaning ? meaning->text : strerror(-ret);
}

int fault_set_errno(struct capture_fault *fault, int ret)
{
	fault_set(fault, errno_state(ret), 0, "%s", errno_text(ret));
	return errno_is_fatal(ret) ? ret : 0;
}

int capture_add_errno(struct efimap *map, struct capture_fault *fault, int ret)
{
	ret = fault_set_errno(fault, ret);
	if (!ret)
		capture_add_fault(map, fault);
	return ret;
}

int capture_add_unread(struct efimap *map, struct capture_fault *fault, int ret)
{
	/*
	 * A missing file has no fault. A file that the recording of a running system lacks counts
	 * as missing, unless it belongs to EFIMAP_SRC_KEXEC: the machine may have had the file, and
	 * without a fault, no answer would mention the file.
	 */
	if (ret == -ENOENT || (ret == -EFIMAP_NOT_RECORDED && fault->source != EFIMAP_SRC_KEXEC))
		return 0;
	return capture_add_errno(map, fault, ret);
}

void capture_add_lines_fault(struct efimap *map, enum source source, enum state state,
			     uint32_t line, const char *fmt, ...)
{
	struct capture_fault fault = { EFIMAP_SRC_KERNEL_LOG, EFIMAP_NO_INDEX,
				       .where = path_of_source(source) };
	va_list args;

	va_start(args, fmt);
	set_fault(&fault, state, line, fmt, args);
	va_end(args);
	capture_add_fault(map, &fault);
}

int source_add_errno(struct efimap *map, enum source source, const char *where, int ret)
{
	static const char efi[] = "sys/firmware/efi";
	struct capture_fault fault = { source, EFIMAP_NO_INDEX, .where = where };
	/* If the kernel lacked such a file, the next kernel would certainly lose EFI. */
	const bool is_lost = ret == -EFIMAP_NOT_RECORDED && strncmp(where, efi, strlen(efi)) == 0;

	ret = fault_set_errno(&fault, ret);
	if (ret)
		return ret;
	map->states[source] = fault.state;
	if (!is_lost && (fault.state == EFIMAP_STATE_ABSENT || fault.state == EFIMAP_STATE_DENIED))
		return 0;
	map->states[source] = EFIMAP_STATE_MALFORMED;
	capture_add_fault(map, &fault);
	return 0;
}

void source_where(const struct efimap *map, const char *path, char where[EFIMAP_WHERE_SIZE])
{
	const size_t len = strlen(map->name);

	snprintf(where, EFIMAP_WHERE_SIZE, "%s%s%s", map->name,
		 len && map->name[len - 1] == '/' ? "" : "/", path);
}

bool boot_parse(const char *text, int *ret_boot)
{
	const bool is_from_end = text[0] == '-';
	const char *digits = text + is_from_end;
	const uint64_t most = is_from_end ? EFIMAP_BOOT_MAX_BACK : INT_MAX;
	uint64_t number;

	if (number_parse_dec(digits, strlen(digits), most, &number, NULL) != EFIMAP_NUMBER_OK ||
	    number == 0)
		return false;
	*ret_boot = is_from_end ? -(int)number : (int)number;
	return true;
}
