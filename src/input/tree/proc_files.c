/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Read the files of the running kernel in /proc. */
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/source_limits.h"
#include "input/tree/capture_file.h"

#define MIN_BITS 32U
#define MAX_BITS 64U
/* Characters of the flags and of the blanks between them. Others show a damaged list. */
#define FLAG " 0123456789_abcdefghijklmnopqrstuvwxyz"

/*
 * Store the lines of proc/iomem. For a reader without CAP_SYS_ADMIN, all addresses are zero
 * (kernel/resource.c: r_show). In this case, no lines are stored, and the state is set to MASKED.
 */
int keep_iomem(struct efimap *map, const struct capture_file *file, struct tree_file *content,
	       struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct iomem_line line;
	uint32_t max_depth = 0;
	bool is_masked = true;
	const char *text;
	size_t len;
	int ret = 0;

	if (content->len == 0)
		return !fault_set(fault, EFIMAP_STATE_EMPTY, 0,
				  "empty, expected one line per range");
	/* The kernel ends each line with a newline. A last line without one may be cut. */
	map->is_iomem_cut = content_is_cut(content);
	if (map->is_iomem_cut)
		while (lines.len && lines.data[lines.len - 1] != '\n')
			lines.len--;
	if (lines.len == 0)
		return !fault_set(fault, EFIMAP_STATE_SYNTAX, 1,
				  "the first line has no end, expected one line per range");
	while (!ret && lines_next(&lines, &text, &len)) {
		if (lines.line > EFIMAP_MAX_LINES) {
			ret = !fault_set(fault, EFIMAP_STATE_TOO_LONG, lines.line,
					 "more than %u lines", EFIMAP_MAX_LINES);
			break;
		}
		if (!parse_iomem_line(text, len, lines.line, max_depth, &line, fault)) {
			ret = 1;
			break;
		}
		max_depth = line.depth + 1;
		is_masked &= line.span.first == 0 && line.span.last == 0;
		/* A driver may put control characters in the name of a resource. */
		text_clean(content->data + (line.name - content->data), line.name_len);
		capture_add_iomem(map, line.span, line.depth, line.name, line.name_len);
	}
	if (ret || is_masked)
		map->n_iomem = 0;
	if (!ret && is_masked)
		map->states[file->source] = EFIMAP_STATE_MASKED;
	return ret;
}

int keep_cmdline(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	size_t next;
	size_t len = text_line(content->data, content->len, &next);

	if (content->len == 0)
		return !fault_set(fault, EFIMAP_STATE_EMPTY, 0,
				  "empty, expected the kernel parameters");
	if (next < content->len)
		return !fault_set(
			fault, EFIMAP_STATE_SYNTAX, 2,
			"more than one line, expected one line with the kernel parameters");
	/* Without its end, the line may lack elfcorehdr=, crashkernel= or noefi. */
	if (content_is_cut(content))
		return !fault_set(fault, EFIMAP_STATE_SYNTAX, 0,
				  "the line has no end, so parameters may be missing");
	cmdline_clean(content->data, len);
	map->cmdline = arena_strndup(&map->arena, content->data, len);
	return 0;
}

/* Shorten @data to @kept bytes, and the newline at its end if it has one. */
static void keep_newline(char *data, size_t *len, size_t kept)
{
	if (kept < *len && data[*len - 1] == '\n')
		data[kept++] = '\n';
	*len = kept;
}

/*
 * Keep only the words that efimapctl uses, without the name of the host on which the kernel was
 * built. Convert the output of "uname -a" ("Linux HOST RELEASE ...") to the format of proc/version
 * ("Linux version RELEASE ..."). Replace other text, which may contain the name of a host, with
 * "?".
 */
void filter_version(char *data, size_t *len)
{
	static const char start[] = "Linux version ";
	const size_t at = sizeof(start) - 1;
	struct text rest = { data, *len };
	size_t kept;

	if (!*len)
		return;
	if (text_begins(rest, start)) {
		kept = filter_release_words(data + at, *len - at);
		keep_newline(data, len, at + kept);
		return;
	}
	if (text_take(&rest, "Linux ") && text_take_word(&rest).len) {
		text_skip_blanks(&rest);
		kept = filter_release_words(data + (*len - rest.len), rest.len);
		/* The result fits if a date follows the release, as in the output of uname. */
		if (kept && text_span(rest, EFIMAP_DIGITS) && at + kept <= *len) {
			memmove(data + at, rest.at, kept);
			memcpy(data, start, at);
			keep_newline(data, len, at + kept);
			return;
		}
	}
	data[0] = '?';
	*len = 1;
}

int keep_version(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	/* Older recordings have no newline. The version of a Debian package is at the end. */
	const bool is_cut =
		content_is_cut(content) &&
		!text_contains((struct text){ content->data, content->len }, " Debian ");
	struct version_words words;
	const char *text;
	size_t len;

	if (!parse_release(content->data, content->len, &text, &len, fault))
		return 1;
	if (is_cut)
		return !fault_set(fault, EFIMAP_STATE_EMPTY, 0, EFIMAP_NO_NEWLINE);
	set_release(map, text, len);
	words = take_version_words(content->data, content->len, &map->release);
	map->is_preempt_rt = words.is_preempt_rt;
	map->clang = words.clang;
	map->is_foreign_architecture |= words.is_foreign_architecture;
	return 0;
}

int keep_date(struct efimap *map, const struct capture_file *file, struct tree_file *content,
	      struct capture_fault *fault)
{
	map->read_on = find_date((struct text){ content->data, content->len });
	return 0;
}

int keep_boot_id(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	size_t len;

	if (!parse_boot_id(content->data, content->len, &len, fault))
		return 1;
	map->boot_id = arena_strndup(&map->arena, content->data, len);
	return 0;
}

/* @flags is a text such as " fpu vme … pdpe1gb …". @flag starts with a space. */
static bool has_flag(struct text flags, const char *flag)
{
	while (text_find(&flags, flag))
		if (!flags.len || flags.at[0] == ' ')
			return true;
	return false;
}

static bool is_cpuinfo_used(struct text line)
{
	return text_begins(line, "flags\t\t:") || text_begins(line, "fdiv_bug\t:") ||
	       text_begins(line, "address sizes\t:");
}

void filter_cpuinfo(char *data, size_t *len)
{
	lines_filter(data, len, is_cpuinfo_used);
}

/*
 * Read the record of the first CPU, because the flags and address sizes are the same for all CPUs.
 * The kernel clears the la57 flag if 5-level paging is disabled (arch/x86/kernel/cpu/common.c). If
 * the "address sizes" line is missing, as on architectures other than x86, the state is set to
 * ABSENT.
 */
int keep_cpuinfo(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line;
	uint64_t bits;

	while (lines_next(&lines, &line.at, &line.len)) {
		struct text flags = line;

		if (text_take(&flags, "flags\t\t:") && text_span(flags, FLAG) == flags.len) {
			/* Every CPU with 64 bits has lm, so a list without it was cut. */
			map->has_cpu_flags |= has_flag(flags, " lm");
			map->no_gib_pages = !has_flag(flags, " pdpe1gb");
			map->lacks_nx = !has_flag(flags, " nx");
			map->la57 = has_flag(flags, " la57");
			map->has_sev = has_flag(flags, " sev");
			map->is_bare_machine = !has_flag(flags, " hypervisor");
			map->is_tdx_guest = has_flag(flags, " tdx_guest");
		}
		/* Only 32-bit kernels print fdiv_bug (arch/x86/kernel/cpu/proc.c: show_cpuinfo). */
		if (text_begins(line, "fdiv_bug\t:"))
			map->kernel_32bit = map->has_cpu_flags = true;
		/* "address sizes\t: 46 bits physical, 48 bits virtual" */
		if (!text_take(&line, "address sizes\t: ") ||
		    !text_take_number(&line, MAX_BITS, &bits) || bits < MIN_BITS ||
		    !text_begins(line, " bits physical"))
			continue;
		map->phys_bits = (unsigned int)bits;
		return 0;
	}
	map->states[file->source] = EFIMAP_STATE_ABSENT;
	return 0;
}

/*
 * Parse proc/sys/kernel/arch (Linux 6.1 or later), such as x86_64, i686 or aarch64. A part of the
 * name of an x86 kernel is malformed, and so are two letters, which name no architecture with EFI.
 */
int keep_architecture(struct efimap *map, const struct capture_file *file,
		      struct tree_file *content, struct capture_fault *fault)
{
	const struct text text = { .at = content->data, .len = content->len };
	const size_t len = text_span(text, EFIMAP_LETTERS EFIMAP_DIGITS "_");
	const bool is_32bit = len >= 4 && text.at[0] == 'i' && memcmp(text.at + 2, "86", 2) == 0;
	const bool is_cut = (len < 4 && text.at[0] == 'i') ||
			    (len < strlen("x86_64") && memcmp(text.at, "x86_64", len) == 0);

	if (len <= 2 || is_cut || len == text.len || text.at[len] != '\n')
		return !fault_set(fault, EFIMAP_STATE_SYNTAX, 0,
				  "expected the name of an architecture");
	map->is_foreign_architecture = !is_32bit && !text_begins(text, "x86_64");
	return 0;
}
