/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Read the data that determines whether and how kernels can be loaded: files of the running kernel,
 * and the versions of installed programs. A malformed value is unknown, and its file has a fault.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "capture/kernel_parameters.h"
#include "input/kept_parameters.h"
#include "input/parse_values.h"
#include "input/tree/capture_file.h"
#include "input/tree/readers.h"

/* Maximum size of memory in bytes. The kernel never prints larger sizes. */
#define MAX_BYTES (UINT64_C(1) << 53)
#define MAX_CPUS 65536U
#define MAX_SYSTEMD 9999U
/* OVERCOMMIT_NEVER: the kernel enforces CommitLimit. */
#define MAX_OVERCOMMIT 2U

static void *member_of(struct efimap *map, const struct efimap_capture_file *file)
{
	return (char *)efimap_kexec_state(map) + file->field;
}

static struct efimap_text first_line(const struct efimap_file *content)
{
	size_t next;

	return (struct efimap_text){ content->data,
				     efimap_text_line(content->data, content->len, &next) };
}

/* Set @fault for a value other than the expected one, and return 1. */
static int refuse(struct efimap_fault *fault, const struct efimap_file *content,
		  const char *expected)
{
	const struct efimap_text line = first_line(content);
	char quote[EFIMAP_QUOTE_SIZE];

	if (!content->len)
		return !efimap_fault_set(fault, EFIMAP_STATE_EMPTY, 0, "empty, expected %s",
					   expected);
	return !efimap_fault_set(fault, EFIMAP_STATE_SYNTAX, 0, "found %s, expected %s",
				   efimap_text_quote(quote, line.at, line.len), expected);
}

int efimap_keep_kexec_flag(struct efimap *map, const struct efimap_capture_file *file,
			   struct efimap_file *content, struct efimap_fault *fault)
{
	const struct efimap_text line = first_line(content);

	if (!efimap_text_is(line, "0") && !efimap_text_is(line, "1"))
		return refuse(fault, content, "0 or 1");
	*(enum efimap_known *)member_of(map, file) =
		line.at[0] == '1' ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	return 0;
}

int efimap_keep_size(struct efimap *map, const struct efimap_capture_file *file,
		     struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_text line = first_line(content);
	struct efimap_kexec_state *kexec;
	uint64_t bytes;

	if (!efimap_text_take_number(&line, MAX_BYTES, &bytes) || line.len)
		return refuse(fault, content, "a size in bytes");
	*(uint64_t *)member_of(map, file) = bytes;
	kexec = efimap_kexec_state(map);
	kexec->has_crash_size |= member_of(map, file) == &kexec->crash_size;
	return 0;
}

int efimap_keep_overcommit(struct efimap *map, const struct efimap_capture_file *file,
			   struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_text line = first_line(content);
	uint64_t mode;

	if (!efimap_text_take_number(&line, MAX_OVERCOMMIT, &mode) || line.len)
		return refuse(fault, content, "0, 1 or 2");
	efimap_kexec_state(map)->limits_commit =
		mode == MAX_OVERCOMMIT ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	return 0;
}

int efimap_keep_ima_count(struct efimap *map, const struct efimap_capture_file *file,
			  struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_text line = first_line(content);
	uint64_t count;

	if (!efimap_text_take_number(&line, INT32_MAX, &count) || line.len)
		return refuse(fault, content, "a number of measurements");
	efimap_kexec_state(map)->ima_list.count = count;
	return 0;
}

/* Parse a number, or -1 if there is no limit (kernel/kexec_core.c: kexec_limit_handler). */
static bool parse_limit(struct efimap_text line, int32_t *ret_limit)
{
	const bool is_unlimited = efimap_text_is(line, "-1");
	uint64_t number = 0;

	if (!is_unlimited && (!efimap_text_take_number(&line, INT32_MAX, &number) || line.len))
		return false;
	*ret_limit = is_unlimited ? EFIMAP_LIMIT_NONE : (int32_t)number;
	return true;
}

int efimap_keep_kexec_limit(struct efimap *map, const struct efimap_capture_file *file,
			    struct efimap_file *content, struct efimap_fault *fault)
{
	int32_t limit;

	if (!parse_limit(first_line(content), &limit))
		return refuse(fault, content, "-1 or a number");
	*(int32_t *)member_of(map, file) = limit;
	return 0;
}

/* Parse a line of sysctl(8), such as "kernel.kexec_load_disabled = 0". */
static bool take_sysctl(struct efimap_text line, struct efimap_kexec_state *kexec)
{
	uint64_t number;

	if (efimap_text_take(&line, "kernel.kexec_load_limit_reboot = "))
		return parse_limit(line, &kexec->reboot_limit);
	if (efimap_text_take(&line, "kernel.kexec_load_limit_panic = "))
		return parse_limit(line, &kexec->panic_limit);
	if (efimap_text_take(&line, "vm.overcommit_memory = ")) {
		if (!efimap_text_take_number(&line, MAX_OVERCOMMIT, &number) || line.len)
			return false;
		kexec->limits_commit = number == MAX_OVERCOMMIT ? EFIMAP_KNOWN_YES :
								  EFIMAP_KNOWN_NO;
		return true;
	}
	if (!efimap_text_take(&line, "kernel.kexec_load_disabled = ") ||
	    !efimap_text_take_number(&line, 1, &number) || line.len)
		return false;
	kexec->load_disabled = number ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	return true;
}

static bool is_sysctl_used(struct efimap_text line)
{
	struct efimap_kexec_state ignored;

	return take_sysctl(line, &ignored);
}

int efimap_filter_sysctl(char *data, size_t *len)
{
	return efimap_lines_filter(data, len, is_sysctl_used);
}

int efimap_keep_sysctl(struct efimap *map, const struct efimap_capture_file *file,
		       struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	struct efimap_text line;

	while (efimap_lines_next(&lines, &line.at, &line.len))
		take_sysctl(line, efimap_kexec_state(map));
	return 0;
}

/* Parse "none [integrity] confidentiality" (security/lockdown/lockdown.c: lockdown_read). */
int efimap_keep_lockdown(struct efimap *map, const struct efimap_capture_file *file,
			 struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_text line = first_line(content);

	if (!efimap_text_find(&line, "["))
		line.len = 0;
	for (unsigned int i = EFIMAP_LOCKDOWN_NONE; i <= EFIMAP_LOCKDOWN_CONFIDENTIALITY; i++) {
		struct efimap_text rest = line;

		if (!efimap_text_take(&rest, efimap_lockdown_name(i)) ||
		    !efimap_text_begins(rest, "]"))
			continue;
		efimap_kexec_state(map)->lockdown = (enum efimap_lockdown)i;
		return 0;
	}
	return refuse(fault, content, "none, integrity and confidentiality, one of them in []");
}

/* Parse a line such as "CmaTotal: 131072 kB". */
static bool parse_meminfo(struct efimap_text line, const char *name, uint64_t *ret_bytes)
{
	uint64_t kib;

	if (!efimap_text_take(&line, name))
		return false;
	efimap_text_skip_blanks(&line);
	if (!efimap_text_take_number(&line, MAX_BYTES >> 10, &kib) ||
	    !efimap_text_is(line, " kB"))
		return false;
	*ret_bytes = kib << 10;
	return true;
}

static bool is_meminfo_used(struct efimap_text line)
{
	return efimap_text_begins(line, "CmaTotal:") || efimap_text_begins(line, "DirectMap2M:") ||
	       efimap_text_begins(line, "MemTotal:") ||
	       efimap_text_begins(line, "MemAvailable:") ||
	       efimap_text_begins(line, "CommitLimit:") ||
	       efimap_text_begins(line, "Committed_AS:");
}

int efimap_filter_meminfo(char *data, size_t *len)
{
	return efimap_lines_filter(data, len, is_meminfo_used);
}

/*
 * Read the total memory, the available memory, the commit limit and the size of CMA. A kernel
 * without CONFIG_CMA prints no "CmaTotal:" line (fs/proc/meminfo.c: meminfo_proc_show), so the size
 * of CMA is 0 if a complete file lacks this line. The file is complete if it contains
 * "DirectMap2M:" (arch/x86/mm/pat/set_memory.c: arch_report_meminfo).
 */
int efimap_keep_meminfo(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	bool is_known = false, has_end = false, has_available = false, has_committed = false;
	uint64_t bytes = 0, total = 0, available = 0, limit = 0, committed = 0;
	struct efimap_kexec_state *kexec;
	struct efimap_text line;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		is_known |= parse_meminfo(line, "CmaTotal:", &bytes);
		has_available |= parse_meminfo(line, "MemAvailable:", &available);
		parse_meminfo(line, "MemTotal:", &total);
		parse_meminfo(line, "CommitLimit:", &limit);
		has_committed |= parse_meminfo(line, "Committed_AS:", &committed);
		has_end |= efimap_text_begins(line, "DirectMap2M:");
	}
	if (!is_known && !has_end && !has_available)
		return refuse(fault, content, "a line such as MemAvailable");
	kexec = efimap_kexec_state(map);
	kexec->has_cma_total = is_known || has_end;
	kexec->cma_total = bytes;
	if (has_available && available <= total) {
		kexec->mem_total = total;
		kexec->mem_available = available;
	}
	if (limit && has_committed) {
		kexec->commit_limit = limit;
		kexec->committed = committed;
	}
	return 0;
}

/* Return the number of CPUs in a list such as "0-7,16-23", or 0 if the list is malformed. */
static unsigned int count_cpus(struct efimap_text line)
{
	uint64_t first, last, next = 0;
	unsigned int count = 0;

	do {
		if (!efimap_text_take_number(&line, MAX_CPUS - 1, &first) || first < next)
			return 0;
		last = first;
		if (efimap_text_take(&line, "-") &&
		    (!efimap_text_take_number(&line, MAX_CPUS - 1, &last) || last < first))
			return 0;
		count += (unsigned int)(last - first + 1);
		next = last + 1;
	} while (efimap_text_take(&line, ","));
	return line.len ? 0 : count;
}

int efimap_keep_cpus(struct efimap *map, const struct efimap_capture_file *file,
		     struct efimap_file *content, struct efimap_fault *fault)
{
	const unsigned int count = count_cpus(first_line(content));

	if (!count)
		return refuse(fault, content, "a list of CPUs such as 0-7");
	*(unsigned int *)member_of(map, file) = count;
	return 0;
}

/*
 * Two files in debugfs contain the addresses and the sizes of the KHO scratch areas, one "0x…" per
 * line (kernel/liveupdate/kexec_handover_debugfs.c: scratch_phys_show, scratch_len_show). The files
 * exist only if KHO is enabled.
 */

static size_t parse_scratch_lines(const struct efimap_file *content,
				  uint64_t values[EFIMAP_MAX_SCRATCH])
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	struct efimap_text line;
	size_t count = 0;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		if (count == EFIMAP_MAX_SCRATCH ||
		    efimap_number_parse_hex(line.at, line.len, UINT64_MAX, &values[count], NULL))
			return 0;
		count++;
	}
	return count;
}

int efimap_read_kho(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file addresses = { 0 }, sizes = { 0 };
	struct efimap_fault fault = { file->source, EFIMAP_NO_INDEX, .where = file->places[0] };
	uint64_t starts[EFIMAP_MAX_SCRATCH], lengths[EFIMAP_MAX_SCRATCH];
	struct efimap_kexec_state *kexec;
	size_t count;
	int ret = efimap_root_read(root, fault.where, file->part, file->limit, NULL, &addresses);

	if (!ret) {
		fault.where = file->places[1];
		ret = efimap_root_read(root, fault.where, file->part, file->limit, NULL, &sizes);
	}
	if (ret)
		return efimap_add_unread(map, &fault, ret);
	kexec = efimap_kexec_state(map);
	kexec->kho = EFIMAP_KNOWN_YES;
	count = parse_scratch_lines(&addresses, starts);
	if (parse_scratch_lines(&sizes, lengths) != count)
		return 0;
	for (size_t i = 0; i < count; i++)
		if (efimap_span_make(starts[i], lengths[i], &kexec->scratch[i]))
			return 0;
	kexec->n_scratch = count;
	return 0;
}

/* Parse a file in /sys/module/kernel/parameters, in which param_get_bool() prints Y or N. */
int efimap_keep_kernel_switch(struct efimap *map, const struct efimap_capture_file *file,
			      struct efimap_file *content, struct efimap_fault *fault)
{
	const struct efimap_text line = first_line(content);

	if (!efimap_text_is(line, "Y") && !efimap_text_is(line, "N"))
		return refuse(fault, content, "Y or N");
	*(enum efimap_known *)member_of(map, file) =
		line.at[0] == 'Y' ? EFIMAP_KNOWN_YES : EFIMAP_KNOWN_NO;
	return 0;
}

/* Older kernels name the backend "efi" (drivers/firmware/efi/efi-pstore.c: efi_pstore_info). */
int efimap_keep_pstore_backend(struct efimap *map, const struct efimap_capture_file *file,
			       struct efimap_file *content, struct efimap_fault *fault)
{
	const struct efimap_text line = first_line(content);
	struct efimap_kexec_state *kexec = efimap_kexec_state(map);

	if (!line.len)
		return refuse(fault, content, "the name of a backend");
	kexec->has_efi_pstore = efimap_text_is(line, "efi_pstore") || efimap_text_is(line, "efi") ?
					EFIMAP_KNOWN_YES :
					EFIMAP_KNOWN_NO;
	return 0;
}

/*
 * Return the files that a rule of IMA appraises (security/integrity/ima/ima_policy.c:
 * ima_parse_rule, ima_match_rules). A rule without func= applies whenever a file is used. A rule
 * for users other than root does not affect kexec, because root runs kexec and owns its files.
 */
static enum efimap_ima_rules parse_ima_rule(struct efimap_text line)
{
	enum efimap_ima_rules files = EFIMAP_IMA_ALL_FILES;
	bool is_appraised = false;

	while (line.len) {
		struct efimap_text word = efimap_text_take_word(&line);
		uint64_t id;

		if (efimap_text_begins(word, "#"))
			break;
		is_appraised |= efimap_text_is(word, "appraise");
		if (efimap_text_is(word, "func=KEXEC_KERNEL_CHECK"))
			files = EFIMAP_IMA_KERNEL;
		else if (efimap_text_is(word, "func=KEXEC_INITRAMFS_CHECK"))
			files = EFIMAP_IMA_INITRD;
		/* With the following conditions, the rule does not apply when root reads a file. */
		else if ((efimap_text_take(&word, "func=") &&
			  !efimap_text_is(word, "FILE_CHECK")) ||
			 (efimap_text_take(&word, "mask=") &&
			  !efimap_text_find(&word, "MAY_READ")) ||
			 ((efimap_text_take(&word, "fowner=") || efimap_text_take(&word, "uid=")) &&
			  efimap_text_take_number(&word, UINT32_MAX, &id) && id != 0))
			return 0;
	}
	return is_appraised ? files : 0;
}

static bool is_ima_policy_used(struct efimap_text line)
{
	return parse_ima_rule(line) != 0;
}

int efimap_filter_ima_policy(char *data, size_t *len)
{
	const bool is_empty = !*len;
	const int ret = efimap_lines_filter(data, len, is_ima_policy_used);

	/* If no rule is kept, write an empty line: an empty file means that no policy is loaded. */
	if (!ret && !is_empty && !*len)
		data[(*len)++] = '\n';
	return ret;
}

/*
 * Read the loaded policy of IMA, which the kernel exports only with CONFIG_IMA_READ_POLICY. If this
 * policy cannot be read, read the policy that systemd loads. An empty file means that no policy is
 * loaded, or that tar copied the file, because tar copies each file of securityfs as an empty file.
 * Only rules that appraise kernel images or initrds are used.
 */
int efimap_read_ima_policy(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file loaded = { 0 }, content = { 0 };
	struct efimap_fault fault = { file->source, EFIMAP_NO_INDEX };
	int ret = efimap_root_read(root, file->places[0], file->part, file->limit, file->filter,
				   &loaded);
	const bool is_loaded = !ret && loaded.len > 0;
	const struct efimap_file *policy = is_loaded ? &loaded : &content;
	struct efimap_kexec_state *kexec;
	struct efimap_lines lines;
	struct efimap_text line;
	unsigned int rules = 0;

	if (efimap_errno_is_fatal(ret))
		return ret;
	for (size_t i = 1; !is_loaded && file->places[i]; i++) {
		fault.where = file->places[i];
		ret = efimap_root_read(root, fault.where, file->part, file->limit, file->filter,
				       &content);
		if (ret != -ENOENT && ret != -EFIMAP_NOT_RECORDED)
			break;
	}
	if (ret)
		return efimap_add_unread(map, &fault, ret);
	lines = (struct efimap_lines){ .data = policy->data, .len = policy->len };
	while (efimap_lines_next(&lines, &line.at, &line.len))
		rules |= parse_ima_rule(line);
	kexec = efimap_kexec_state(map);
	kexec->signatures.has_policy = true;
	kexec->signatures.ima_rules = rules;
	kexec->signatures.has_loaded_policy = is_loaded;
	return 0;
}

#define CMDLINE_START "CONFIG_CMDLINE=\""
/*
 * The heading of a section that follows all used options whose absence matters (Linux 3.10 to 7.3).
 * Without it, the configuration was cut, and an option without a line may be on.
 */
#define LATE_HEADING "# Library routines"

/*
 * The options in a configuration of a kernel.
 *
 * @ima_extra:   value of CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB in bytes
 * @cmdline_off: YES if CONFIG_CMDLINE disables EFI runtime services, NO if it enables them
 */
struct config {
	struct efimap_kernel_config kernel;
	enum efimap_known load, file_load, kho, kho_default, runtime_map, kcore;
	enum efimap_known sig, sig_force, verify_sig, bzimage_sig, platform_keyring;
	enum efimap_known ima_arch_policy, ima_secure_boot, ima_appraise, ima_kexec_sigs, ima_kexec;
	enum efimap_known cmdline_override, preempt_rt;
	bool has_cma_default;
	uint64_t ima_extra;
	enum efimap_known cmdline_off;
};

#define OPTION(name, member) { name, offsetof(struct config, member) }

static const struct {
	const char *name;
	size_t at;
} options[] = {
	OPTION("CONFIG_KEXEC", load),
	OPTION("CONFIG_KEXEC_FILE", file_load),
	OPTION("CONFIG_KEXEC_HANDOVER", kho),
	OPTION("CONFIG_KEXEC_HANDOVER_ENABLE_DEFAULT", kho_default),
	OPTION("CONFIG_EFI_RUNTIME_MAP", runtime_map),
	OPTION("CONFIG_EFI_DISABLE_RUNTIME", kernel.disables_runtime),
	OPTION("CONFIG_AMD_MEM_ENCRYPT", kernel.supports_sev),
	OPTION("CONFIG_INTEL_TDX_GUEST", kernel.supports_tdx),
	OPTION("CONFIG_PROC_KCORE", kcore),
	OPTION("CONFIG_KEXEC_SIG", sig),
	OPTION("CONFIG_KEXEC_SIG_FORCE", sig_force),
	OPTION("CONFIG_KEXEC_VERIFY_SIG", verify_sig),
	OPTION("CONFIG_IMA_ARCH_POLICY", ima_arch_policy),
	OPTION("CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT", ima_secure_boot),
	OPTION("CONFIG_IMA_APPRAISE", ima_appraise),
	OPTION("CONFIG_IMA_APPRAISE_REQUIRE_KEXEC_SIGS", ima_kexec_sigs),
	OPTION("CONFIG_IMA_KEXEC", ima_kexec),
	OPTION("CONFIG_KEXEC_BZIMAGE_VERIFY_SIG", bzimage_sig),
	OPTION("CONFIG_INTEGRITY_PLATFORM_KEYRING", platform_keyring),
	OPTION("CONFIG_CMDLINE_OVERRIDE", cmdline_override),
	OPTION("CONFIG_PREEMPT_RT", preempt_rt),
	/* The name of the option before it was merged into Linux 5.3 */
	OPTION("CONFIG_PREEMPT_RT_FULL", preempt_rt),
};

/* Copy noefi, efi=runtime and efi=noruntime from CONFIG_CMDLINE. Return false if it has none. */
static bool take_cmdline(struct efimap_text line, char ret_kept[EFIMAP_MAX_CMDLINE])
{
	size_t len = 0;

	if (!efimap_text_take(&line, CMDLINE_START) || !efimap_text_ends(line, "\"") ||
	    line.len >= EFIMAP_MAX_CMDLINE)
		return false;
	/* Kconfig writes a backslash before a quote or a backslash. */
	for (size_t i = 0; i + 1 < line.len; i++)
		if (line.at[i] != '\\')
			ret_kept[len++] = line.at[i];
	ret_kept[len] = '\0';
	ret_kept[efimap_keep_efi_parameters(ret_kept, ret_kept)] = '\0';
	return *ret_kept != '\0';
}

/*
 * Parse a line such as "CONFIG_KEXEC=y", "# CONFIG_KEXEC is not set" or
 * "CONFIG_CMA_SIZE_MBYTES=16". Return false for a line that is not used.
 */
static bool take_config_line(struct efimap_text line, struct config *config)
{
	struct efimap_text off = line;
	const bool is_off = efimap_text_take(&off, "# ");
	char cmdline[EFIMAP_MAX_CMDLINE];
	uint64_t number;

	if (take_cmdline(line, cmdline)) {
		config->cmdline_off = efimap_disabling_parameter(cmdline, NULL) ? EFIMAP_KNOWN_YES :
										  EFIMAP_KNOWN_NO;
		return true;
	}
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
		struct efimap_text rest = is_off ? off : line;

		if (efimap_text_take(&rest, options[i].name) &&
		    efimap_text_is(rest, is_off ? " is not set" : "=y")) {
			*(enum efimap_known *)(void *)((char *)config + options[i].at) =
				is_off ? EFIMAP_KNOWN_NO : EFIMAP_KNOWN_YES;
			return true;
		}
	}
	if (efimap_text_take(&line, "CONFIG_IMA_KEXEC_EXTRA_MEMORY_KB=") &&
	    efimap_text_take_number(&line, MAX_BYTES >> 10, &number) && !line.len) {
		config->ima_extra = number << 10;
		return number > 0;
	}
	if (!efimap_text_take(&line, "CONFIG_CMA_SIZE_MBYTES=") ||
	    !efimap_text_take_number(&line, MAX_BYTES >> 20, &number) || line.len)
		return false;
	config->has_cma_default = true;
	config->kernel.cma_default = number << 20;
	return true;
}

/* Keep only the used lines, LATE_HEADING and, of CONFIG_CMDLINE, the used parameters. */
int efimap_filter_kernel_config(char *data, size_t *len)
{
	struct efimap_lines lines = { .data = data, .len = *len };
	struct config ignored = { .has_cma_default = false };
	struct efimap_text line;
	char *end = data;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		const bool has_newline = lines.data[-1] == '\n';
		char cmdline[EFIMAP_MAX_CMDLINE];

		if (take_cmdline(line, cmdline)) {
			end = mempcpy(end, CMDLINE_START, strlen(CMDLINE_START));
			end = mempcpy(end, cmdline, strlen(cmdline));
			*end++ = '"';
		} else if (take_config_line(line, &ignored) ||
			   efimap_text_is(line, LATE_HEADING)) {
			memmove(end, line.at, line.len);
			end += line.len;
		} else {
			continue;
		}
		if (has_newline)
			*end++ = '\n';
	}
	*len = (size_t)(end - data);
	return 0;
}

/*
 * Return whether an option is on. Kconfig writes no line for an option whose dependencies are off,
 * so the option is off if a configuration without its line is complete.
 */
static enum efimap_known option_is_on(enum efimap_known found, bool is_complete)
{
	return found || !is_complete ? found : EFIMAP_KNOWN_NO;
}

static void keep_config(struct efimap *map, const struct config *config)
{
	struct efimap_kexec_state *kexec = efimap_kexec_state(map);
	struct efimap_signature_settings *signatures = &kexec->signatures;
	const bool is_complete = config->kernel.is_complete;
	const bool is_forced = config->sig_force == EFIMAP_KNOWN_YES ||
			       config->verify_sig == EFIMAP_KNOWN_YES;

	signatures->can_verify = config->verify_sig == EFIMAP_KNOWN_YES ?
					 EFIMAP_KNOWN_YES :
					 option_is_on(config->sig, is_complete);
	signatures->is_forced = is_forced ? EFIMAP_KNOWN_YES :
					    option_is_on(config->sig_force, is_complete);
	signatures->has_arch_policy = option_is_on(config->ima_arch_policy, is_complete);
	signatures->has_secure_boot_check =
		option_is_on(config->ima_secure_boot, is_complete);
	signatures->has_appraisal = option_is_on(config->ima_appraise, is_complete);
	signatures->requires_ima = config->ima_kexec_sigs == EFIMAP_KNOWN_YES;
	signatures->verifies_images = config->bzimage_sig;
	if (config->bzimage_sig == EFIMAP_KNOWN_YES)
		signatures->trusts_firmware = config->platform_keyring;
	kexec->has_load = config->load;
	kexec->has_file_load = config->file_load;
	/* KHO support in the kernel does not mean that KHO is enabled, so YES is not stored. */
	if (config->kho == EFIMAP_KNOWN_NO && !kexec->kho)
		kexec->kho = EFIMAP_KNOWN_NO;
	kexec->is_kho_default = config->kho_default == EFIMAP_KNOWN_YES;
	kexec->exports_map = config->runtime_map;
	kexec->disables_runtime = config->kernel.disables_runtime;
	kexec->supports_sev = config->kernel.supports_sev;
	kexec->has_kcore = config->kcore;
	kexec->has_cma_default = config->has_cma_default;
	kexec->cma_default = config->kernel.cma_default;
	kexec->ima_list.is_passed = config->ima_kexec;
	kexec->ima_list.extra = config->ima_extra;
}

static bool parse_config(const struct efimap_file *content, struct config *config)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	enum efimap_known *disables = &config->kernel.disables_runtime;
	struct efimap_text line;
	bool has_option = false;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		has_option |= take_config_line(line, config);
		config->kernel.is_complete |= efimap_text_is(line, LATE_HEADING);
	}
	/* In kernels without CONFIG_EFI_DISABLE_RUNTIME, CONFIG_PREEMPT_RT has the same effect. */
	*disables = option_is_on(*disables, config->kernel.is_complete &&
						    config->preempt_rt != EFIMAP_KNOWN_YES);
	if (config->cmdline_off)
		*disables = config->cmdline_off;
	config->kernel.is_disabled_by_cmdline = config->cmdline_off == EFIMAP_KNOWN_YES;
	config->kernel.ignores_parameters = config->cmdline_override == EFIMAP_KNOWN_YES;
	return has_option;
}

/*
 * Read the configuration of a release. Some distributions have only /proc/config.gz, in which the
 * running kernel shows its configuration (CONFIG_IKCONFIG_PROC). For the running release, this file
 * is read first, because a configuration in /boot can be from another build of this release.
 *
 * A configuration that exists but cannot be read has a fault. Without a configuration, @config is
 * not modified. Return 1 if a configuration was read, otherwise 0 or a negative errno.
 */
static int read_config(struct efimap_root *root, struct efimap *map,
		       const struct efimap_capture_file *file, const char *release,
		       struct config *config)
{
	static const struct {
		const char *start;
		const char *end;
	} places[] = { { "boot/config-", "" }, { "lib/modules/", "/config" },
		       { "usr/lib/modules/", "/config" } };
	efimap_auto_file struct efimap_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE] = "";
	struct efimap_fault fault = { file->source, EFIMAP_NO_INDEX, .where = path };
	int ret = -ENOENT;

	if (strcmp(release, map->release.text) == 0) {
		snprintf(path, sizeof(path), "proc/config.gz");
		ret = efimap_root_read(root, path, EFIMAP_READ_GZIP, file->limit, file->filter,
				       &content);
	}
	for (size_t i = 0; *release && (ret == -ENOENT || ret == -EFIMAP_NOT_RECORDED) &&
			   i < sizeof(places) / sizeof(places[0]);
	     i++) {
		snprintf(path, sizeof(path), "%s%s%s", places[i].start, release, places[i].end);
		ret = efimap_root_read(root, path, file->part, file->limit, file->filter,
				       &content);
	}
	if (ret == -EBADMSG) {
		efimap_fault_set(&fault, EFIMAP_STATE_SYNTAX, 0, "not a complete gzip file");
		return efimap_add_fault(map, &fault);
	}
	if (ret)
		return efimap_add_unread(map, &fault, ret);
	if (!parse_config(&content, config)) {
		efimap_fault_set(&fault, content.len ? EFIMAP_STATE_SYNTAX : EFIMAP_STATE_EMPTY, 0,
				 "contains no option that efimapctl uses");
		return efimap_add_fault(map, &fault);
	}
	return 1;
}

#define IMAGE_PREFIX "vmlinuz-"

struct config_search {
	struct efimap_root *root;
	struct efimap *map;
	const struct efimap_capture_file *file;
};

/*
 * Read the configuration of another image in /boot, which --kernel may name. No other answer
 * depends on the configuration, so it is ignored if it cannot be read.
 */
static int take_image_name(void *context, const char *name, mode_t type)
{
	const struct config_search *search = context;
	const char *release = name + strlen(IMAGE_PREFIX);
	struct efimap *map = search->map;
	struct config config = { .has_cma_default = false };
	efimap_auto_file struct efimap_file content = { 0 };
	char path[EFIMAP_WHERE_SIZE];
	int ret;

	if (!efimap_release_is_valid(release, strlen(release)) ||
	    map->n_configs == EFIMAP_MAX_CONFIGS || strcmp(release, map->release.text) == 0)
		return 0;
	for (size_t i = 0; i < map->n_kernels; i++)
		if (strcmp(release, map->kernels[i].header.release) == 0)
			return 0;
	snprintf(path, sizeof(path), "boot/config-%s", release);
	ret = efimap_root_read(search->root, path, search->file->part, search->file->limit,
			       search->file->filter, &content);
	if (ret || !parse_config(&content, &config))
		return efimap_errno_is_fatal(ret) ? ret : 0;
	if (!map->configs)
		map->configs = efimap_arena_alloc(&map->arena,
						  EFIMAP_MAX_CONFIGS * sizeof(*map->configs));
	if (!map->configs)
		return -ENOMEM;
	map->configs[map->n_configs].config = config.kernel;
	snprintf(map->configs[map->n_configs++].release, EFIMAP_MAX_RELEASE + 1, "%s", release);
	return 0;
}

/* Read the configurations of the running and installed kernels, and of other images in /boot. */
int efimap_read_kernel_config(struct efimap_root *root, struct efimap *map,
			      const struct efimap_capture_file *file, struct efimap_err *err)
{
	struct config_search search = { root, map, file };
	struct config running = { .has_cma_default = false };
	int ret = read_config(root, map, file, map->release.text, &running);

	if (ret > 0)
		keep_config(map, &running);
	for (size_t i = 0; i < map->n_kernels && ret >= 0; i++) {
		struct efimap_installed_kernel *kernel = &map->kernels[i];
		const struct efimap_installed_kernel *same = map->kernels;
		const char *release = kernel->header.release;
		struct config next = running;

		while (strcmp(same->header.release, release) != 0)
			same++;
		if (same != kernel) {
			kernel->config = same->config;
			continue;
		}
		if (strcmp(release, map->release.text) != 0) {
			next = (struct config){ .has_cma_default = false };
			ret = read_config(root, map, file, release, &next);
		}
		kernel->config = next.kernel;
	}
	if (ret >= 0)
		ret = efimap_root_list(root, "boot", IMAGE_PREFIX, take_image_name, &search);
	return efimap_errno_is_fatal(ret) ? ret : 0;
}

/* Of the kexec program, keep only the text "kexec-tools VERSION" that "kexec --version" prints. */
int efimap_filter_kexec_program(char *data, size_t *len)
{
	static const char start[] = "kexec-tools ";
	struct efimap_text rest = { data, *len };
	struct efimap_version version;
	size_t kept = 0;

	while (!kept && efimap_text_find(&rest, start))
		if (efimap_parse_version(rest, &version))
			kept = sizeof(start) - 1 + efimap_text_span(rest, EFIMAP_DIGITS ".");
	if (kept)
		memmove(data, rest.at - (sizeof(start) - 1), kept);
	*len = kept;
	return 0;
}

/* kexec-tools counts as installed even if the version is not found. */
int efimap_keep_kexec_program(struct efimap *map, const struct efimap_capture_file *file,
			      struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_text rest = { content->data, content->len };
	struct efimap_kexec_state *kexec = efimap_kexec_state(map);

	kexec->has_tools = EFIMAP_KNOWN_YES;
	while (efimap_text_find(&rest, "kexec-tools "))
		if (efimap_parse_version(rest, &kexec->tools))
			break;
	return 0;
}

/* Parse a name such as "libsystemd-shared-257.so" or "libsystemd-shared-257.9-2.fc42.so". */
int efimap_read_systemd(struct efimap_root *root, struct efimap *map,
			const struct efimap_capture_file *file, struct efimap_err *err)
{
	static const char name[] = "libsystemd-shared-";
	efimap_auto_file struct efimap_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	struct efimap_fault fault = { file->source, EFIMAP_NO_INDEX, .where = where };
	struct efimap_text rest = { where, 0 };
	uint64_t version;
	int ret = efimap_file_get(root, file, where, &content, NULL);

	if (ret)
		return efimap_add_unread(map, &fault, ret);
	rest.len = strlen(where);
	if (!efimap_text_find(&rest, name) ||
	    !efimap_text_take_number(&rest, MAX_SYSTEMD, &version))
		return 0;
	efimap_kexec_state(map)->systemd = (unsigned int)version;
	return 0;
}

/*
 * Store the version of a package if it is kexec-tools, systemd or SUSE's kdump. Return false for
 * another package. Skip the epoch in a version such as "1:2.0.25-3+deb12u3".
 */
static bool take_package(struct efimap_kexec_state *found, struct efimap_text name,
			 struct efimap_text version)
{
	struct efimap_text behind = version;
	uint64_t number, numbers[3] = { 0 };

	if (efimap_text_take_number(&behind, UINT32_MAX, &number) &&
	    efimap_text_take(&behind, ":"))
		version = behind;
	if (efimap_text_is(name, "kexec-tools")) {
		found->has_tools = EFIMAP_KNOWN_YES;
		efimap_parse_version(version, &found->tools);
	} else if (efimap_text_is(name, "kdump")) {
		/* Missing numbers are 0, as in "1.9-2". */
		efimap_text_take_version(&version, 99, numbers);
		found->suse_least = EFIMAP_SUSE_KDUMP((unsigned int)numbers[0],
						      (unsigned int)numbers[1],
						      (unsigned int)numbers[2]);
		return found->suse_least != 0;
	} else if (efimap_text_is(name, "systemd")) {
		if (efimap_text_take_number(&version, MAX_SYSTEMD, &number))
			found->systemd = (unsigned int)number;
		/* The list is sorted, so kexec-tools is not installed if systemd comes first. */
		if (!found->has_tools)
			found->has_tools = EFIMAP_KNOWN_NO;
	} else {
		return false;
	}
	return true;
}

/*
 * Parse a line of dpkg -l or of rpm -qa. Return the number of words that were used, or 0 if the
 * line is about another package.
 *
 *   ii  kexec-tools  1:2.0.25-3+deb12u3  amd64  tools to …
 *   kexec-tools-2.0.26-8.el9.x86_64  Tue …
 */
static size_t take_package_line(struct efimap_kexec_state *found, struct efimap_text line)
{
	static const char *const names[] = { "kdump", "kexec-tools", "systemd" };
	struct efimap_text rest = line;
	const struct efimap_text state = efimap_text_take_word(&rest);
	struct efimap_text name = efimap_text_take_word(&rest);

	if (state.len >= 2 && state.len <= 3 && state.at[1] == 'i')
		return take_package(found, name, efimap_text_take_word(&rest)) ? 3 : 0;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		name = (struct efimap_text){ names[i], strlen(names[i]) };
		rest = line;
		/* The digit rules out other packages, such as systemd-libs. */
		if (efimap_text_take(&rest, names[i]) && efimap_text_take(&rest, "-") &&
		    rest.len && efimap_text_is_one_of(rest.at[0], EFIMAP_DIGITS))
			return take_package(found, name, rest);
	}
	return 0;
}

/* Keep only the words that take_package_line() uses. */
int efimap_filter_packages(char *data, size_t *len)
{
	struct efimap_lines lines = { .data = data, .len = *len };
	struct efimap_kexec_state ignored = { 0 };
	struct efimap_text line;
	char *to = data;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		const size_t n_words = take_package_line(&ignored, line);
		struct efimap_text rest = line;

		if (!n_words)
			continue;
		for (size_t i = 0; i < n_words; i++)
			efimap_text_take_word(&rest);
		memmove(to, line.at, line.len - rest.len);
		to += line.len - rest.len;
		if (to < data + *len)
			*to++ = '\n';
	}
	*len = (size_t)(to - data);
	return 0;
}

int efimap_keep_packages(struct efimap *map, const struct efimap_capture_file *file,
			 struct efimap_file *content, struct efimap_fault *fault)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	struct efimap_kexec_state found = { 0 }, *kexec;
	struct efimap_text line;
	bool is_found = false;

	while (efimap_lines_next(&lines, &line.at, &line.len))
		is_found |= take_package_line(&found, line) > 0;
	if (!is_found)
		return 0;
	kexec = efimap_kexec_state(map);
	if (found.suse_least)
		kexec->suse_least = kexec->suse_most = found.suse_least;
	/* Data from installed files takes precedence over the package list. */
	if (!kexec->has_tools)
		kexec->has_tools = found.has_tools;
	if (!kexec->tools.major)
		kexec->tools = found.tools;
	if (!kexec->systemd)
		kexec->systemd = found.systemd;
	return 0;
}
