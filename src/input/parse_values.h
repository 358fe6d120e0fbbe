/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: parsers of values
 *
 * From bytes to values: they take no path, open nothing, and keep nothing. Each is
 * strict: what the kernel prints is accepted, nothing else, and a &struct efimap_problem
 * says what was found and what was expected.
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

/**
 * struct efimap_problem - why bytes could not be parsed
 * @line: counted from 1; 0 when lines mean nothing there
 */
struct efimap_problem {
	enum efimap_fault_kind kind;
	uint32_t line;
	char text[192];
};

/** efimap_problem_set() - fill @problem; always false, for "return efimap_problem_set()" */
bool efimap_problem_set(struct efimap_problem *problem, enum efimap_fault_kind kind,
			uint32_t line, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));

/*
 * All parsers return true and fill their ret_… arguments, or return false, fill @problem
 * and leave the others alone.
 */

/** efimap_parse_hex() - "0x3f5ec000\n": one attribute, at most @max; newline optional */
bool efimap_parse_hex(const char *data, size_t len, uint64_t max, uint64_t *ret_value,
		      struct efimap_problem *problem);

#define EFIMAP_LABEL_MAX 63

/** efimap_parse_label() - "System RAM\n": printable ASCII; @ret_len without the newline */
bool efimap_parse_label(const char *data, size_t len, size_t *ret_len,
			struct efimap_problem *problem);

bool efimap_parse_platform_size(const char *data, size_t len, unsigned int *ret_bits,
				struct efimap_problem *problem);

/** efimap_parse_index() - a directory's name as a number: canonical decimal, or false */
bool efimap_parse_index(const char *name, uint32_t *ret_index);

/** efimap_parse_release_word() - "6.1.0 (…) …": a release as long as the first word */
bool efimap_parse_release_word(struct efimap_text text, size_t *ret_len,
			       struct efimap_problem *problem);
/** efimap_parse_release() - the third word of "Linux version 6.1.0 (…) …" */
bool efimap_parse_release(const char *data, size_t len, const char **ret_text,
			  size_t *ret_len, struct efimap_problem *problem);

/** efimap_parse_version() - "2.0.29-2+b2": two or three numbers, whatever follows them */
bool efimap_parse_version(struct efimap_text text, struct efimap_version *ret_version);

/** efimap_parse_boot_id() - 36 characters: hexadecimal digits and dashes */
bool efimap_parse_boot_id(const char *data, size_t len, size_t *ret_len,
			  struct efimap_problem *problem);

/**
 * struct efimap_lines - a position in a text of lines
 * @line: number of the line read last; 0 before the first
 *
 * Start with { .data = …, .len = … }.
 */
struct efimap_lines {
	const char *data;
	size_t len;
	uint32_t line;
};

/** efimap_lines_next() - the next line without its end; false after the last */
static inline bool efimap_lines_next(struct efimap_lines *lines, const char **ret_text,
				     size_t *ret_len)
{
	size_t next;

	if (lines->len == 0)
		return false;
	*ret_text = lines->data;
	*ret_len = efimap_text_line(lines->data, lines->len, &next);
	lines->data += next;
	lines->len -= next;
	if (lines->line < UINT32_MAX)
		lines->line++;
	return true;
}

/** struct efimap_named - a name in the bytes parsed, and its value */
struct efimap_named {
	const char *name;
	size_t name_len;
	uint64_t value;
};

/** efimap_parse_systab_line() - "ACPI20=0x3f77d014" */
bool efimap_parse_systab_line(const char *text, size_t len, uint32_t line,
			      struct efimap_named *ret_named, struct efimap_problem *problem);

/** struct efimap_iomem_line - one line of /proc/iomem; @name points into the bytes parsed */
struct efimap_iomem_line {
	struct efimap_span span;
	uint32_t depth;
	const char *name;
	size_t name_len;
};

/**
 * efimap_parse_iomem_line() - "  3f4ec000-3f76bfff : Reserved"
 * @max_depth: one more than the depth of the line before, 0 for the first
 */
bool efimap_parse_iomem_line(const char *text, size_t len, uint32_t line,
			     uint32_t max_depth, struct efimap_iomem_line *ret_line,
			     struct efimap_problem *problem);

/* From what happened to what the capture says */

struct efimap_place {
	enum efimap_source source;
	uint32_t index;
	const char *where;
};

/** efimap_errno_is_fatal() - no fault of the file: out of memory or of descriptors */
bool efimap_errno_is_fatal(int ret);

/** efimap_fault_errno() - note that a file could not be read */
int efimap_fault_errno(struct efimap *map, const struct efimap_place *place, int ret);

int efimap_fault_problem(struct efimap *map, const struct efimap_place *place,
			 const struct efimap_problem *problem);

/**
 * efimap_source_add_fault() - set the state of a source whose file could not be read
 *
 * Absent and denied are states without a fault; everything else is broken, with one.
 */
int efimap_source_add_fault(struct efimap *map, enum efimap_source source,
			    const char *where, int ret);

/** EFIMAP_WHERE_SIZE - enough for the place of an error; a longer one is cut */
#define EFIMAP_WHERE_SIZE 512
/** efimap_source_where() - for an error about the whole capture: what lies at @path in it */
void efimap_source_where(const struct efimap *map, const char *path,
			 char where[EFIMAP_WHERE_SIZE]);

/**
 * efimap_boot_parse() - a boot of a kernel's log, as efimap_read() takes it: "1", "-1"
 *
 * Return: false for 0, and for what is no number or beyond EFIMAP_BOOT_MAX_BACK.
 */
bool efimap_boot_parse(const char *text, int *ret_boot);

#endif
