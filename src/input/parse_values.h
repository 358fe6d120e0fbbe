/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: parsers of values
 *
 * A parser that succeeds returns true and sets its ret_… arguments. On failure, it returns false,
 * sets the state, the line and the text of @fault if it has this parameter, and leaves the ret_…
 * arguments unchanged.
 */
#ifndef INPUT_PARSE_VALUES_H
#define INPUT_PARSE_VALUES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/text_scan.h"
#include "capture/capture.h"
#include "capture/kernel_release.h"

/** fault_set() - set a fault, and return false, for use in a return statement */
bool fault_set(struct capture_fault *fault, enum state state, uint32_t line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/** parse_hex_value() - parse a sysfs attribute such as "0x3f5ec000", with or without a newline */
bool parse_hex_value(const char *data, size_t len, uint64_t max, uint64_t *ret_value,
		     struct capture_fault *fault);

#define EFIMAP_LABEL_MAX 63

/** parse_label() - parse a type such as "System RAM\n"; @ret_len excludes the newline */
bool parse_label(const char *data, size_t len, size_t *ret_len, struct capture_fault *fault);

bool parse_platform_size(const char *data, size_t len, unsigned int *ret_bits,
			 struct capture_fault *fault);

bool parse_index(const char *name, uint32_t *ret_index);

/** parse_release_word() - parse the first word of "6.1.0 (…) …" as a release */
bool parse_release_word(struct text text, size_t *ret_len, struct capture_fault *fault);
/** parse_release() - parse the third word of "Linux version 6.1.0 (…) …" */
bool parse_release(const char *data, size_t len, const char **ret_text, size_t *ret_len,
		   struct capture_fault *fault);

/** parse_version() - parse the first 2 or 3 numbers of a version such as "2.0.29-2+b2" */
bool parse_version(struct text text, struct version *ret_version);

/**
 * find_date() - find a date in a text: "2026-11-30", or the words of "Mon Nov 30 07:51:48 UTC 2026"
 *
 * A date without a year, as in "Nov 30 07:51:48", is ignored.
 *
 * Return: the first date as the number 20261130, or 0.
 */
uint32_t find_date(struct text text);

bool parse_boot_id(const char *data, size_t len, size_t *ret_len, struct capture_fault *fault);

/**
 * struct lines - a position in a text; initialised with { .data = …, .len = … }
 * @line: number of the last line that was read; 0 before the first line
 */
struct lines {
	const char *data;
	size_t len;
	uint32_t line;
};

/* Read the next line, without its newline. Return false after the last line. */
static inline bool lines_next(struct lines *lines, const char **ret_text, size_t *ret_len)
{
	size_t next;

	if (lines->len == 0)
		return false;
	*ret_text = lines->data;
	*ret_len = text_line(lines->data, lines->len, &next);
	lines->data += next;
	lines->len -= next;
	if (lines->line < UINT32_MAX)
		lines->line++;
	return true;
}

/* Remove the lines for which @is_used returns false. */
void lines_filter(char *data, size_t *len, bool (*is_used)(struct text line));

/* A name, which points into the parsed bytes, and its value. */
struct named {
	const char *name;
	size_t name_len;
	uint64_t value;
};

/** parse_systab_line() - parse a line such as "ACPI20=0x3f77d014" */
bool parse_systab_line(const char *text, size_t len, uint32_t line, struct named *ret_named,
		       struct capture_fault *fault);

/* A line of /proc/iomem. @name points into the parsed bytes. */
struct iomem_line {
	struct span span;
	uint32_t depth;
	const char *name;
	size_t name_len;
};

/**
 * parse_iomem_line() - parse a line such as "  3f4ec000-3f76bfff : Reserved"
 * @max_depth: the depth of the previous line plus one, or 0 for the first line
 */
bool parse_iomem_line(const char *text, size_t len, uint32_t line, uint32_t max_depth,
		      struct iomem_line *ret_line, struct capture_fault *fault);

/* Return whether an error is fatal: a lack of memory or of file descriptors stops reading. */
bool errno_is_fatal(int ret);

enum state errno_state(int ret);
const char *errno_text(int ret);

/**
 * fault_set_errno() - set the fault for a file that could not be read
 *
 * Return: 0, or @ret if @ret is fatal.
 */
int fault_set_errno(struct capture_fault *fault, int ret);

/** capture_add_errno() - add a fault for a file that could not be read, unless @ret is fatal */
int capture_add_errno(struct efimap *map, struct capture_fault *fault, int ret);

/* Like capture_add_errno(), but do not add a fault for a file that the machine lacks. */
int capture_add_unread(struct efimap *map, struct capture_fault *fault, int ret);

/**
 * capture_add_lines_fault() - add a fault for lines of the kernel log
 * @source: the source whose data is missing or malformed; the fault contains its path
 */
void capture_add_lines_fault(struct efimap *map, enum source source, enum state state,
			     uint32_t line, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));

/**
 * source_add_errno() - set the state of a source whose file could not be read
 *
 * A fault is added unless the file is absent or permission is denied. If @ret is fatal, it is
 * returned, and nothing is changed.
 */
int source_add_errno(struct efimap *map, enum source source, const char *where, int ret);

/** EFIMAP_WHERE_SIZE - buffer size for the location of an error; longer locations are truncated */
#define EFIMAP_WHERE_SIZE 512
/** source_where() - create the location of an error: the capture's name and @path */
void source_where(const struct efimap *map, const char *path, char where[EFIMAP_WHERE_SIZE]);

/**
 * boot_parse() - parse the number of a boot, such as "1" or "-1", for read_source()
 *
 * Return: true if the text is a number from -EFIMAP_BOOT_MAX_BACK to INT_MAX, except 0; otherwise
 * false.
 */
bool boot_parse(const char *text, int *ret_boot);

#endif
