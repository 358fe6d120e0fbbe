/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the boots in a kernel log
 *
 * While a log is read, only the data of the current boot and of the boot chosen so far is kept. If
 * the wanted boot is counted from the end, or if each boot is wanted, the data of the current boot
 * and of up to EFIMAP_MAX_EACH_BOOT earlier boots is kept.
 */
#ifndef INPUT_LOG_BOOTS_H
#define INPUT_LOG_BOOTS_H

#include "capture/recording.h"
#include "input/log/log_messages.h"
#include "input/source_limits.h"

/**
 * struct kernel_log - a log that is being read; initialised with zeros
 * @is_one:   all lines belong to one boot, even if a program writes "Linux version" into the log
 * @skips_lists: see struct boot_messages
 * @current:  the boot that is being read, which begins with "Linux version" and ends before the
 *            next such line, or NULL
 * @boot:     the boot chosen so far or, after log_end(), the chosen boot; NULL if there is
 *            none
 * @wanted:   the boot to choose, with the values of the parameter @boot of read_source()
 * @recent:   the last boots, oldest first, if @wanted counts from the end or is EFIMAP_BOOT_EACH
 * @has_word: the worth of at least one boot is above EFIMAP_LOG_NO_WORD
 * @number:   number of @boot, counted from 1
 * @follows_parameters: the previous line has the kernel parameters
 * @parameters_recorded: length of @recorded after the previous line
 * @has_prefix: the previous line has a prefix, such as a time stamp
 * @only, @n_before: members @boot and @n_boots of the recording from which the log is read
 * @recorded: if not NULL, the lines that a recording needs are appended to this buffer. Unless
 *            @is_one is set, each other line is replaced by an empty line, so that line numbers
 *            remain valid.
 */
struct kernel_log {
	bool is_one;
	bool skips_lists;
	struct boot_messages *current;
	struct boot_messages *boot;
	int wanted;
	struct boot_messages *recent[EFIMAP_MAX_EACH_BOOT];
	size_t n_recent;
	bool has_word;
	uint32_t n_boots;
	uint32_t number;
	bool follows_parameters;
	size_t parameters_recorded;
	bool has_prefix;
	uint32_t only;
	uint32_t n_before;
	struct out *recorded;
	uint32_t n_recorded;
};

/*
 * Choose the boot to read, before the first line. @replay: the recording from which the log is
 * read, or NULL. Return false if the boot was not recorded.
 */
bool log_choose(struct kernel_log *log, int boot, const struct recording *replay);

/* Process a line of a log. This is an log_line_fn whose @context is an kernel_log. */
void log_take(void *context, const struct log_line *line);

/*
 * Choose a boot after the last line. Return 0, even if there is no such boot, or -E2BIG if a memory
 * list of this boot is too long.
 */
int log_end(struct kernel_log *log);
/*
 * Choose the boot after log->boot, or none if log->wanted is not EFIMAP_BOOT_EACH. The return value
 * is that of log_end().
 */
int log_next(struct kernel_log *log);
void log_free(struct kernel_log *log);
#define auto_log __attribute__((cleanup(log_free)))

#endif
