/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Parse the segments in the output of "kexec -d", or in a kernel log of kexec_file_load():
 *
 *   segment[2].mem   = 0x3aa00000        kexec-tools kexec.c: print_segments()
 *   segment[2].memsz = 0x3f98000
 *   segment[2]: buf=0x... bufsz=0x... mem=0x3aa00000 memsz=0x3f98000
 *                                        kernel/kexec_file.c
 *   Loading segment 2: buf=0x... bufsz=0x... mem=0x3aa00000 memsz=0x3f98000
 *                                        kernel/kexec_file.c before Linux 6.8
 *   Loaded 64bit kernel at 0x3aa00000    kexec-bzImage64.c, x86-linux-setup.c;
 *   Loaded initrd at 0x3fcab000          arch/x86/kernel/kexec-bzimage64.c
 *
 * Alternatively, parse the message about a failed load, such as:
 *
 *   kexec_load failed: Invalid argument  kexec-tools kexec.c: my_load, do_kexec_file_load
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "input/log/kexec_debug_output.h"
#include "input/parse_values.h"

struct seen {
	uint64_t mem;
	uint64_t bytes;
	bool has_mem;
	bool has_bytes;
};

/*
 * struct log - the log that is being parsed
 * @announced:  number in the line "nr_segments = N"; 0 if there is no such line
 * @kernel:     address of the kernel, UINT64_MAX if unknown
 * @initrd:     address of the initrd, UINT64_MAX if unknown
 * @has_initrd: an initrd was loaded with the last kernel
 * @has_debug:  the log contains a line about decompression, which kexec -d prints
 * @has_begun:  the log contains a line that precedes the list of segments of a successful load
 * @is_by_kernel: kernel/kexec_file.c printed the line of the last segment
 * @is_uncounted: a kernel printed the segments that does not print their number
 * @failed:     the message with which kexec reported that the last load failed, or ""
 */
struct log {
	const char *where;
	uint64_t line;
	struct seen seen[EFIMAP_MAX_SEGMENTS];
	size_t count;
	uint64_t announced;
	uint64_t kernel;
	uint64_t initrd;
	bool has_initrd;
	bool has_debug;
	bool has_begun;
	bool is_by_kernel;
	bool is_uncounted;
	char failed[EFIMAP_FAILED_SIZE];
	struct err *err;
};

static int fail_expected(const struct log *log, const char *expected)
{
	return err_at_line(log->err, EBADMSG, log->where, log->line,
			   "a malformed segment: expected %s", expected);
}

/* Parse "0x3aa00000", which must be followed by a space or by the end of the text. */
static bool take_segment_number(struct text *text, uint64_t *ret_value)
{
	return text_take(text, "0x") && text_take_hex(text, 1, ret_value) &&
	       (!text->len || text->at[0] == ' ');
}

static bool take_assigned(struct text *text, uint64_t *ret_value)
{
	return text_take_mark(text, "=") && take_segment_number(text, ret_value);
}

/* "Loaded 64bit kernel" precedes "Loaded initrd", and both lines precede the segments. */
static void take_loaded(struct log *log, struct text line)
{
	const bool is_kernel = text_find(&line, "Loaded 64bit kernel at ");
	uint64_t address;

	if (!is_kernel && !text_find(&line, "Loaded initrd at "))
		return;
	log->has_initrd = !is_kernel;
	if (!take_segment_number(&line, &address))
		address = UINT64_MAX;
	log->initrd = is_kernel ? UINT64_MAX : address;
	log->kernel = is_kernel ? address : log->kernel;
}

/* Lines that kexec -d prints when a load begins. kernel/kexec_file.c also prints the first one. */
static const char *const beginnings[] = { "kernel_size: 0x", "kexec_load: entry = " };

/* The end of lines that kexec -d -s prints (kexec/zlib.c, kexec/lzma.c, kexec/zstd.c). */
static const char decompression[] = " decompression.";

/*
 * Messages of kexec-tools after which nothing is loaded (kexec.c: main, my_load,
 * do_kexec_file_load, add_segment_phys_virt, sort_segments). "syscall kexec_file_load not
 * available" is not in the table, because kexec -a prints this message, too, before it calls
 * kexec_load.
 *
 * @starts_line: @text counts only at the start of a line, because other programs may print it
 * @names_file:  a path follows, which is not kept
 */
static const struct {
	const char *text;
	bool starts_line;
	bool names_file;
} failures[] = {
	{ "kexec_load failed: ", false, false },
	{ "kexec_file_load failed: ", false, false },
	{ "Could not find a free area of memory", false, false },
	{ "Memory for crashkernel is not reserved", true, false },
	{ "No crash kernel segment found", true, false },
	{ "Could not get memory layout", true, false },
	{ "Base address: ", true, false },
	{ "Invalid memory segment ", true, false },
	{ "Overlapping memory segments at ", true, false },
	{ "sort_segments failed", true, false },
	{ "Cannot determine the file type of ", true, true },
	{ "Cannot load ", true, true },
};

static bool find_failure(struct text line, struct text *ret_failure)
{
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++) {
		const size_t len = strlen(failures[i].text);
		const char *found = memmem(line.at, line.len, failures[i].text, len);

		if (!found || (failures[i].starts_line && found != line.at))
			continue;
		*ret_failure = (struct text){
			found,
			failures[i].names_file ? len : (size_t)(line.at + line.len - found),
		};
		return true;
	}
	return false;
}

/*
 * Record the failure of a load. If kexec_file_load() fails, kexec 2.0.27 or later may try
 * kexec_load(), which counts as another load. Only the first failure of a load is kept, because it
 * names the cause.
 */
static void take_failure(struct log *log, struct text line)
{
	struct text rest;

	log->has_debug |= text_contains(line, decompression);
	for (size_t i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (!text_contains(line, beginnings[i]))
			continue;
		log->has_begun = true;
		log->failed[0] = '\0';
		log->count = 0;
		log->announced = 0;
	}
	if (log->failed[0] || !find_failure(line, &rest))
		return;
	text_trim(&rest);
	snprintf(log->failed, sizeof(log->failed), "%.*s", (int)rest.len, rest.at);
	text_clean(log->failed, strlen(log->failed));
}

/* The start of a segment that a kernel before Linux 6.8 prints. */
static const char uncounted[] = "Loading segment ";

static int parse_segment_line(struct log *log, struct text line)
{
	struct text count = line;
	struct seen *seen;
	uint64_t index;
	bool is_uncounted;

	take_failure(log, line);
	if (text_find(&count, "nr_segments = ") &&
	    text_take_number(&count, UINT64_MAX, &log->announced))
		log->count = 0;
	take_loaded(log, line);
	count = line;
	is_uncounted = text_find(&count, uncounted);
	if (is_uncounted)
		line = count;
	else if (!text_find(&line, "segment["))
		return 0;
	log->is_uncounted = is_uncounted;
	if (!text_take_number(&line, EFIMAP_MAX_SEGMENTS - 1, &index) ||
	    !(is_uncounted || text_take(&line, "]")))
		return fail_expected(log, is_uncounted ? "a number from 0 to 15"
						       : "a number from 0 to 15 in brackets");
	/* A number lower than the previous one starts another load. */
	if (index + 1 < log->count)
		log->count = log->announced = 0;
	if (index > log->count)
		return fail_expected(log, "consecutive segment numbers");
	seen = &log->seen[index];
	if (index == log->count) {
		*seen = (struct seen){ 0 };
		log->count++;
	}
	/* kernel/kexec_file.c prints all fields on one line. */
	log->is_by_kernel = text_take(&line, ":");
	if (log->is_by_kernel) {
		seen->has_mem = text_find(&line, " mem=") && take_segment_number(&line, &seen->mem);
		seen->has_bytes = seen->has_mem && text_take(&line, " memsz=") &&
				  take_segment_number(&line, &seen->bytes);
		return seen->has_bytes ? 0 : fail_expected(log, "mem=0x... memsz=0x...");
	}
	if (text_take(&line, ".memsz")) {
		seen->has_bytes = take_assigned(&line, &seen->bytes);
		return seen->has_bytes ? 0 : fail_expected(log, ".memsz = 0x...");
	}
	if (text_take(&line, ".mem")) {
		seen->has_mem = take_assigned(&line, &seen->mem);
		return seen->has_mem ? 0 : fail_expected(log, ".mem = 0x...");
	}
	return 0;
}

static size_t find_segment_at(const struct segments *segments, uint64_t address)
{
	for (size_t i = 0; i < segments->count; i++)
		if (segments->spans[i].first == address)
			return i;
	return EFIMAP_NO_SEGMENT;
}

static int finish(const struct log *log, struct segments *segments)
{
	memcpy(segments->failed, log->failed, sizeof(segments->failed));
	if (log->count == 0 && log->announced == 0) {
		if (log->failed[0])
			return 0;
		if (log->has_begun)
			return err_at_line(log->err, EBADMSG, log->where, log->line,
					   "ends before the segments: the log is truncated, "
					   "or the load failed");
		if (log->has_debug)
			return 0;
		return err_set(log->err, EBADMSG, log->where,
			       "contains no segments; expected the output of kexec -d");
	}
	/* If a load fails, an incomplete list of its segments does not matter. */
	if (log->count < log->announced && log->failed[0])
		return 0;
	if (log->count < log->announced)
		return err_at_line(log->err, EBADMSG, log->where, log->line,
				   "ends after %zu of %" PRIu64 " segments: the log is truncated",
				   log->count, log->announced);
	segments->name = log->where;
	segments->count = log->count;
	for (size_t i = 0; i < log->count; i++) {
		const struct seen *seen = &log->seen[i];

		if (!seen->has_mem || !seen->has_bytes)
			return err_set(log->err, EBADMSG, log->where,
				       "segment[%zu] lacks mem or memsz", i);
		if (span_make(seen->mem, seen->bytes, &segments->spans[i]) < 0)
			return err_set(log->err, EBADMSG, log->where,
				       "segment[%zu] is empty or ends above 2^64", i);
	}
	segments->kernel = find_segment_at(segments, log->kernel);
	segments->initrd = find_segment_at(segments, log->initrd);
	/* The kernel and the initrd are the last segments. */
	segments->is_partial =
		log->is_uncounted && (segments->kernel == EFIMAP_NO_SEGMENT ||
				      (log->has_initrd && segments->initrd == EFIMAP_NO_SEGMENT));
	segments->is_by_kernel = log->is_by_kernel;
	segments->is_bare = segments->kernel != EFIMAP_NO_SEGMENT && !log->has_initrd;
	return 0;
}

int kexec_log_parse(const char *text, size_t size, const char *where, struct segments *ret_segments,
		    struct err *err)
{
	struct log log = { .where = where, .kernel = UINT64_MAX, .initrd = UINT64_MAX, .err = err };
	struct segments segments = { 0 };
	struct lines lines = { .data = text, .len = size };
	struct text line;
	int ret = 0;

	while (ret == 0 && lines_next(&lines, &line.at, &line.len)) {
		log.line = lines.line;
		ret = parse_segment_line(&log, line);
	}
	if (ret == 0)
		ret = finish(&log, &segments);
	if (ret == 0)
		*ret_segments = segments;
	return ret;
}
