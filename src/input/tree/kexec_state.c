/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the data that determines whether and how kernels can be loaded: files of the running kernel,
 * and the versions of installed programs. A malformed value is unknown, and its file has a fault.
 */
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "input/file_readers.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"

/* Maximum size of memory in bytes. The kernel never prints larger sizes. */
#define MAX_BYTES (UINT64_C(1) << 53)
#define MAX_CPUS 65536U

static struct text first_line(const struct tree_file *content)
{
	size_t next;

	return (struct text){ content->data, text_line(content->data, content->len, &next) };
}

/* Set @fault for a value other than the expected one, and return 1. */
static int refuse(struct capture_fault *fault, struct text found, const char *expected)
{
	char quote[EFIMAP_QUOTE_SIZE];

	if (!found.len)
		return !fault_set(fault, EFIMAP_STATE_EMPTY, 0, "empty, expected %s", expected);
	return !fault_set(fault, EFIMAP_STATE_SYNTAX, 0, "found %s, expected %s",
			  text_quote(quote, found.at, found.len), expected);
}

bool parse_flag(struct text line, int64_t *ret_number)
{
	*ret_number = text_is(line, "1");
	return *ret_number || text_is(line, "0");
}

/* Parse a file in /sys/module/kernel/parameters, in which param_get_bool() prints Y or N. */
bool parse_switch(struct text line, int64_t *ret_number)
{
	*ret_number = text_is(line, "Y");
	return *ret_number || text_is(line, "N");
}

static bool parse_up_to(struct text line, uint64_t most, int64_t *ret_number)
{
	uint64_t number;

	if (!text_take_number(&line, most, &number) || line.len)
		return false;
	*ret_number = (int64_t)number;
	return true;
}

/* Parse a number, or -1 if there is no limit (kernel/kexec_core.c: kexec_limit_handler). */
bool parse_limit(struct text line, int64_t *ret_number)
{
	*ret_number = EFIMAP_LIMIT_NONE;
	return text_is(line, "-1") || parse_up_to(line, INT32_MAX, ret_number);
}

/* Parse a list of CPUs such as "0-7,16-23". The value is their number. */
bool parse_cpus(struct text line, int64_t *ret_number)
{
	uint64_t first, last, next = 0;

	*ret_number = 0;
	do {
		if (!text_take_number(&line, MAX_CPUS - 1, &first) || first < next)
			return false;
		last = first;
		if (text_take(&line, "-") &&
		    (!text_take_number(&line, MAX_CPUS - 1, &last) || last < first))
			return false;
		*ret_number += (int64_t)(last - first + 1);
		next = last + 1;
	} while (text_take(&line, ","));
	return line.len == 0;
}

bool parse_size(struct text line, int64_t *ret_number)
{
	return parse_up_to(line, MAX_BYTES, ret_number);
}

bool parse_number(struct text line, int64_t *ret_number)
{
	return parse_up_to(line, INT32_MAX, ret_number);
}

static void keep_number(struct efimap *map, enum value_id id, int64_t number)
{
	kexec_state(map)->values[id] = (struct value){ true, .number = number };
}

/* Read a file with a single value. */
int keep_value(struct efimap *map, const struct capture_file *file, struct tree_file *content,
	       struct capture_fault *fault)
{
	int64_t number;

	/*
	 * The kernel ends each value with a newline. Without the newline, the digits may be the
	 * first digits of another number.
	 */
	if (content_is_cut(content))
		return refuse(fault, first_line(content), "a newline at the end");
	if (!file->parse(first_line(content), &number))
		return refuse(fault, first_line(content), file->expected);
	keep_number(map, file->value, number);
	return 0;
}

/*
 * Take the name that sysctl(8) prints for the file at @path, and the " = " that follows the name.
 */
static bool take_setting(struct text *line, const char *path)
{
	struct text name = { path, strlen(path) };
	struct text rest = *line;

	if (!text_take(&name, "proc/sys/") || rest.len < name.len)
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (rest.at[i] != (name.at[i] == '/' ? '.' : name.at[i]))
			return false;
	text_skip(&rest, name.len);
	*line = rest;
	return text_take(line, " = ");
}

/*
 * Parse a line of sysctl(8), such as "kernel.kexec_load_disabled = 0", which contains the value of
 * a file in /proc/sys.
 */
static enum value_id parse_sysctl(struct text line, int64_t *ret_number)
{
	for (size_t i = 0; i < n_capture_files; i++) {
		const struct capture_file *file = &capture_files[i];
		struct text rest = line;

		if (file->parse && take_setting(&rest, file->places[0]))
			return file->parse(rest, ret_number) ? file->value : EFIMAP_NO_VALUE;
	}
	return EFIMAP_NO_VALUE;
}

static bool is_sysctl_used(struct text line)
{
	int64_t ignored;

	return parse_sysctl(line, &ignored) != EFIMAP_NO_VALUE;
}

void filter_sysctl(char *data, size_t *len)
{
	lines_filter(data, len, is_sysctl_used);
}

int keep_sysctl(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line;
	int64_t number = 0;

	while (lines_next(&lines, &line.at, &line.len)) {
		const enum value_id id = parse_sysctl(line, &number);

		if (id != EFIMAP_NO_VALUE && lines.data[-1] == '\n')
			keep_number(map, id, number);
	}
	return 0;
}

/* Parse "none [integrity] confidentiality" (security/lockdown/lockdown.c: lockdown_read). */
int keep_lockdown(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		  struct capture_fault *fault)
{
	struct text line = first_line(content);

	if (!text_find(&line, "["))
		line.len = 0;
	for (unsigned int i = EFIMAP_LOCKDOWN_NONE; i <= EFIMAP_LOCKDOWN_CONFIDENTIALITY; i++) {
		struct text rest = line;

		if (!text_take(&rest, lockdown_name(i)) || !text_begins(rest, "]"))
			continue;
		kexec_state(map)->lockdown = (enum lockdown)i;
		return 0;
	}
	return refuse(fault, first_line(content),
		      "none, integrity and confidentiality, one of them in []");
}

/* Parse a line such as "CmaTotal: 131072 kB". */
static bool parse_meminfo(struct text line, const char *name, uint64_t *ret_bytes)
{
	uint64_t kib;

	if (!text_take(&line, name))
		return false;
	text_skip_blanks(&line);
	if (!text_take_number(&line, MAX_BYTES >> 10, &kib) || !text_is(line, " kB"))
		return false;
	*ret_bytes = kib << 10;
	return true;
}

static bool is_meminfo_used(struct text line)
{
	return text_begins(line, "CmaTotal:") || text_begins(line, "DirectMap2M:") ||
	       text_begins(line, "MemTotal:") || text_begins(line, "MemAvailable:");
}

void filter_meminfo(char *data, size_t *len)
{
	lines_filter(data, len, is_meminfo_used);
}

/*
 * Read the total memory, the available memory and the size of CMA. A kernel
 * without CONFIG_CMA prints no "CmaTotal:" line (fs/proc/meminfo.c: meminfo_proc_show). A file that
 * lacks this line was read to its end if it contains "DirectMap2M:"
 * (arch/x86/mm/pat/set_memory.c: arch_report_meminfo).
 */
int keep_meminfo(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		 struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct kexec_state *kexec = kexec_state(map);
	bool has_end = false, has_available = false;
	uint64_t total = 0, available = 0;
	struct text line, damaged = { 0 };

	while (lines_next(&lines, &line.at, &line.len)) {
		if (parse_meminfo(line, "CmaTotal:", &kexec->cma_total))
			kexec->has_cma_total = true;
		else if (parse_meminfo(line, "MemAvailable:", &available))
			has_available = true;
		else if (text_begins(line, "DirectMap2M:"))
			has_end = true;
		else if (!parse_meminfo(line, "MemTotal:", &total))
			damaged = line;
	}
	kexec->lacks_cma_total = has_end && !kexec->has_cma_total && !damaged.len;
	if (damaged.len)
		return refuse(fault, damaged, "a line such as \"CmaTotal: 131072 kB\"");
	if (!has_available || available > total)
		return refuse(fault, first_line(content), "the lines MemTotal and MemAvailable");
	kexec->memory.total = total;
	kexec->memory.available = available;
	return kexec->lacks_cma_total && log_contains(map, "cma: Reserved ") &&
	       refuse(fault, first_line(content),
		      "a line CmaTotal, because the kernel log shows a CMA area");
}

/*
 * Two files in debugfs contain the addresses and the sizes of the KHO scratch areas, one "0x…" per
 * line (kernel/liveupdate/kexec_handover_debugfs.c: scratch_phys_show, scratch_len_show). The files
 * exist only if KHO is enabled.
 */

static size_t parse_scratch_lines(const struct tree_file *content,
				  uint64_t values[EFIMAP_MAX_SCRATCH])
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct text line;
	size_t count = 0;

	while (lines_next(&lines, &line.at, &line.len)) {
		if (count == EFIMAP_MAX_SCRATCH || lines.data[-1] != '\n' ||
		    number_parse_hex(line.at, line.len, UINT64_MAX, &values[count], NULL))
			return 0;
		count++;
	}
	return count;
}

int read_kho(struct root *root, struct efimap *map, const struct capture_file *file,
	     struct err *err)
{
	auto_file struct tree_file addresses = { 0 }, sizes = { 0 };
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, .where = file->places[0] };
	uint64_t starts[EFIMAP_MAX_SCRATCH], lengths[EFIMAP_MAX_SCRATCH];
	struct kexec_state *kexec;
	size_t count;
	int ret = root_read(root, fault.where, file->part, file->limit, NULL, &addresses);

	if (!ret) {
		fault.where = file->places[1];
		ret = root_read(root, fault.where, file->part, file->limit, NULL, &sizes);
	}
	if (ret)
		return capture_add_unread(map, &fault, ret);
	kexec = kexec_state(map);
	kexec->kho = EFIMAP_KNOWN_YES;
	count = parse_scratch_lines(&addresses, starts);
	if (parse_scratch_lines(&sizes, lengths) != count)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (span_make(starts[i], lengths[i], &kexec->scratch[i]))
			return 0;
	kexec->n_scratch = count;
	return 0;
}

/* Older kernels name the backend "efi" (drivers/firmware/efi/efi-pstore.c: efi_pstore_info). */
int keep_pstore_backend(struct efimap *map, const struct capture_file *file,
			struct tree_file *content, struct capture_fault *fault)
{
	const struct text line = first_line(content);
	struct kexec_state *kexec = kexec_state(map);

	if (!line.len)
		return refuse(fault, first_line(content), "the name of a backend");
	if (content_is_cut(content))
		return refuse(fault, first_line(content), "a newline at the end");
	kexec->has_efi_pstore = text_is(line, "efi_pstore") || text_is(line, "efi")
					? EFIMAP_KNOWN_YES
					: EFIMAP_KNOWN_NO;
	return 0;
}

/*
 * Return the files that a rule of IMA appraises (security/integrity/ima/ima_policy.c:
 * ima_parse_rule, ima_match_rules). A rule without func= applies whenever a file is used. A rule
 * for users other than root does not affect kexec, because root runs kexec and owns its files.
 */
static enum ima_rules parse_ima_rule(struct text line)
{
	enum ima_rules files = EFIMAP_IMA_ALL_FILES;
	bool is_appraised = false;

	while (line.len) {
		struct text word = text_take_word(&line);
		uint64_t id;

		if (text_begins(word, "#"))
			break;
		is_appraised |= text_is(word, "appraise");
		if (text_is(word, "func=KEXEC_KERNEL_CHECK"))
			files = EFIMAP_IMA_KERNEL;
		else if (text_is(word, "func=KEXEC_INITRAMFS_CHECK"))
			files = EFIMAP_IMA_INITRD;
		/* With the following conditions, the rule does not apply when root reads a file. */
		else if ((text_take(&word, "func=") && !text_is(word, "FILE_CHECK")) ||
			 (text_take(&word, "mask=") && !text_find(&word, "MAY_READ")) ||
			 ((text_take(&word, "fowner=") || text_take(&word, "uid=")) &&
			  text_take_number(&word, UINT32_MAX, &id) && id != 0))
			return 0;
	}
	return is_appraised ? files : 0;
}

static bool is_ima_policy_used(struct text line)
{
	return parse_ima_rule(line) != 0;
}

/*
 * If no rule is kept, write an empty line, because an empty file means that no policy is loaded. If
 * the last line has no end, the last line of the result has no end either.
 */
void filter_ima_policy(char *data, size_t *len)
{
	const bool is_empty = !*len, is_terminated = *len && data[*len - 1] == '\n';

	lines_filter(data, len, is_ima_policy_used);
	if (is_empty)
		return;
	if (!is_terminated && (!*len || data[*len - 1] == '\n'))
		data[(*len)++] = '#';
	else if (!*len)
		data[(*len)++] = '\n';
}

/*
 * Read the loaded policy of IMA, which the kernel exports only with CONFIG_IMA_READ_POLICY. If this
 * policy cannot be read, read the policy that systemd loads. An empty file means that no policy is
 * loaded, or that tar copied the file, because tar copies each file of securityfs as an empty file.
 * Only rules that appraise kernel images or initrds are used.
 */
int read_ima_policy(struct root *root, struct efimap *map, const struct capture_file *file,
		    struct err *err)
{
	auto_file struct tree_file loaded = { 0 }, content = { 0 };
	struct capture_file rest = *file;
	char where[EFIMAP_WHERE_SIZE];
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, where };
	int ret = root_read(root, file->places[0], file->part, file->limit, file->filter, &loaded);
	const bool is_loaded = !ret && loaded.len > 0;
	/* Without CONFIG_IMA_READ_POLICY, the kernel denies access, also if it has a policy. */
	const int error = ret == -ENOENT || ret == -EACCES || ret == -EPERM ? 0 : ret;
	const struct tree_file *policy = is_loaded ? &loaded : &content;
	struct kexec_state *kexec;
	struct lines lines;
	struct text line;
	unsigned int rules = 0;

	if (errno_is_fatal(ret))
		return ret;
	if (!error)
		root->unread = NULL;
	rest.places++;
	if (!is_loaded)
		ret = file_get(root, &rest, where, &content, NULL);
	if (ret && error) {
		fault.where = file->places[0];
		ret = error;
	}
	note_file(map, file, ret);
	if (ret)
		return capture_add_unread(map, &fault, ret);
	if (!policy->len)
		return 0;
	lines = (struct lines){ .data = policy->data, .len = policy->len };
	while (lines_next(&lines, &line.at, &line.len))
		rules |= parse_ima_rule(line);
	/*
	 * A copy may lack the end of the file, and with it a rule for kernel images. The kernel
	 * ends each rule of the loaded policy with a newline.
	 */
	if ((is_loaded ? content_is_cut(policy) : copy_may_be_cut(map, policy)) &&
	    !(rules & EFIMAP_IMA_KERNEL)) {
		fault.where = is_loaded ? file->places[0] : fault.where;
		fault_set(&fault, EFIMAP_STATE_EMPTY, 0, EFIMAP_NO_NEWLINE);
		capture_add_fault(map, &fault);
		note_file(map, file, 1);
		return 0;
	}
	kexec = kexec_state(map);
	kexec->ima.rules = rules;
	kexec->ima.has_loaded_policy = is_loaded;
	return 0;
}

/* Of the kexec program, keep only the text "kexec-tools VERSION" that "kexec --version" prints. */
void filter_kexec_program(char *data, size_t *len)
{
	static const char start[] = "kexec-tools ";
	struct text rest = { data, *len };
	struct version version;
	size_t kept = 0;

	while (!kept && text_find(&rest, start))
		if (parse_version(rest, &version))
			kept = sizeof(start) - 1 + text_span(rest, EFIMAP_DIGITS ".");
	if (kept)
		memmove(data, rest.at - (sizeof(start) - 1), kept);
	*len = kept;
}

/*
 * kexec-tools counts as installed even if the version is not found. A capture may lack a program
 * that the machine has, so only the running system shows that kexec-tools is not installed.
 */
int read_kexec_program(struct root *root, struct efimap *map, const struct capture_file *file,
		       struct err *err)
{
	auto_file struct tree_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	struct capture_fault fault = { file->source, EFIMAP_NO_INDEX, .where = where };
	struct text rest;
	struct kexec_state *kexec;
	int ret = file_get(root, file, where, &content, NULL);

	note_file(map, file, ret);
	if (ret == -ENOENT && !capture_is_offline(map)) {
		kexec = kexec_state(map);
		kexec->has_tools = EFIMAP_KNOWN_NO;
	}
	if (ret)
		return capture_add_unread(map, &fault, ret);
	kexec = kexec_state(map);
	kexec->has_tools = EFIMAP_KNOWN_YES;
	rest = (struct text){ content.data, content.len };
	while (text_find(&rest, "kexec-tools "))
		if (parse_version(rest, &kexec->tools))
			return 0;
	note_file(map, file, 1);
	fault_set(&fault, EFIMAP_STATE_ABSENT, 0, "it contains no version");
	capture_add_fault(map, &fault);
	return 0;
}

/*
 * Store the version of a package if it is kexec-tools. Return false for another package. Skip the
 * epoch in a version such as "1:2.0.25-3+deb12u3".
 */
static bool take_package(struct kexec_state *found, struct text name, struct text version)
{
	struct text behind = version;
	uint64_t number;

	if (!text_is(name, "kexec-tools"))
		return false;
	if (text_take_number(&behind, UINT32_MAX, &number) && text_take(&behind, ":"))
		version = behind;
	found->has_tools = EFIMAP_KNOWN_YES;
	parse_version(version, &found->tools);
	return true;
}

/*
 * Parse a line of dpkg -l or of rpm -qa. Return the length of the part that was used, which ends
 * with the numbers of the version, or 0 if the line is about another package.
 *
 *   ii  kexec-tools  1:2.0.25-3+deb12u3  amd64  tools to …
 *   kexec-tools-2.0.26-8.el9.x86_64  Tue …
 */
static size_t take_package_line(struct kexec_state *found, struct text line)
{
	struct text rest = line;
	const struct text state = text_take_word(&rest);
	struct text name = text_take_word(&rest), version = text_take_word(&rest);
	static const char tools[] = "kexec-tools";
	bool is_found = state.len >= 2 && state.len <= 3 && state.at[1] == 'i';

	if (!is_found) {
		name = (struct text){ tools, strlen(tools) };
		version = line;
		is_found = text_take(&version, tools) && text_take(&version, "-");
	}
	version.len = text_span(version, EFIMAP_DIGITS ".:");
	return is_found && take_package(found, name, version)
		       ? (size_t)(version.at + version.len - line.at)
		       : 0;
}

/* Keep only what take_package_line() uses. */
void filter_packages(char *data, size_t *len)
{
	struct lines lines = { .data = data, .len = *len };
	struct kexec_state ignored = { 0 };
	struct text line;
	char *to = data;

	while (lines_next(&lines, &line.at, &line.len)) {
		const bool is_cut = lines.data[-1] != '\n';
		const size_t used = is_cut ? 0 : take_package_line(&ignored, line);

		memmove(to, line.at, used);
		to += used;
		if (used)
			*to++ = '\n';
	}
	*len = (size_t)(to - data);
}

int keep_packages(struct efimap *map, const struct capture_file *file, struct tree_file *content,
		  struct capture_fault *fault)
{
	struct lines lines = { .data = content->data, .len = content->len };
	struct kexec_state found = { 0 }, *kexec;
	struct text line;
	bool is_found = false;

	while (lines_next(&lines, &line.at, &line.len))
		is_found |= take_package_line(&found, line) > 0;
	if (!is_found)
		return 0;
	kexec = kexec_state(map);
	/* Data from installed files takes precedence over the package list. */
	if (!kexec->has_tools)
		kexec->has_tools = found.has_tools;
	if (!kexec->tools.major)
		kexec->tools = found.tools;
	return 0;
}
