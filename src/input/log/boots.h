/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the boots in a kernel log
 *
 * Memory holds the lines of the current boot and of the boot chosen so far, at most 4 MiB of each.
 * If boots are counted from the end, memory holds the current boot and up to EFIMAP_BOOT_MAX_BACK
 * earlier boots.
 */
#ifndef INPUT_LOG_BOOTS_H
#define INPUT_LOG_BOOTS_H

#include <stdbool.h>
#include <stdint.h>

#include "input/log/messages.h"
#include "input/source_limits.h"

/**
 * enum efimap_log_worth - how useful a boot is, in ascending order
 * @EFIMAP_LOG_NO_WORD:    none of the following
 * @EFIMAP_LOG_SOME_WORDS: messages about EFI, e820 or kexec, or a release and a command line
 * @EFIMAP_LOG_MAP:        an EFI memory map, or a part of it
 */
enum efimap_log_worth {
	EFIMAP_LOG_NO_WORD,
	EFIMAP_LOG_SOME_WORDS,
	EFIMAP_LOG_MAP,
};

/**
 * struct efimap_boot_lines - a boot: the lines from one "Linux version" to the next
 * @text:      the lines without quotation marks; in a log of one boot, the messages without
 *             prefixes. Each ends with a newline.
 * @first:     number of the first line of @text in the log
 * @next:      number of the line after the last line of @text
 * @cut:       number of the first line that is not in @text because of the limit; 0 if there is
 *             none
 * @is_silent: the boot has no useful line. These are not useful without other lines: a release,
 *             DMI, the ACPI root pointer, a report of dropped messages, and the start of another
 *             kernel.
 * @starts:    the boot contains "Starting new kernel"
 * @follows:   the previous boot contains "Starting new kernel"
 */
struct efimap_boot_lines {
	struct efimap_out text;
	uint32_t first;
	uint32_t next;
	uint32_t cut;
	enum efimap_log_worth worth;
	bool is_silent;
	bool has_version;
	bool has_cmdline;
	bool starts;
	bool follows;
};

/**
 * struct efimap_log - a log that is being read; zeroed if empty
 * @is_one:   all lines belong to one boot, even if other programs write into the log
 * @current:  boot of the current line, or NULL
 * @best:     the boot chosen so far, or NULL
 * @wanted:   which boot to choose, as parameter @boot of efimap_read()
 * @recent:   the last boots, oldest first, if @wanted counts from the end
 * @has_word: the worth of at least one boot is above EFIMAP_LOG_NO_WORD
 * @number:   number of @best, counted from 1
 * @boot:     after efimap_log_end(), what the chosen boot contains, or NULL
 * @recorded: if not NULL, the lines that a recording needs are appended to this buffer. Unless
 *            @is_one is set, each other line is replaced by an empty line, so that line numbers
 *            remain valid.
 * @n_recorded: number of lines in @recorded
 * @tables:   the list of configuration tables that is being recorded
 */
struct efimap_log {
	bool is_one;
	struct efimap_boot_lines *current;
	struct efimap_boot_lines *best;
	int wanted;
	struct efimap_boot_lines *recent[EFIMAP_BOOT_MAX_BACK];
	size_t n_recent;
	bool has_word;
	uint32_t n_boots;
	uint32_t number;
	struct efimap_boot_messages *boot;
	struct efimap_out *recorded;
	uint32_t n_recorded;
	struct efimap_log_tables tables;
};

/* An efimap_log_line_fn whose @context is an efimap_log. */
int efimap_log_take(void *context, const struct efimap_log_line *line);
/* Choose a boot, and parse its lines. Return 0 or a negative errno. */
int efimap_log_end(struct efimap_log *log);
void efimap_log_free(struct efimap_log *log);
#define efimap_auto_log __attribute__((cleanup(efimap_log_free)))

#endif
