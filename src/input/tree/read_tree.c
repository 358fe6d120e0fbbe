/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files of a capture, and functions that read them from any kind of root. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "input/log/capture_from_log.h"
#include "input/parse_values.h"
#include "input/source_limits.h"
#include "input/tree/capture_file.h"
#include "input/tree/read_tree.h"
#include "input/tree/installed_kernels.h"
#include "input/tree/kdump_configuration.h"
#include "input/tree/kexec_state.h"
#include "input/tree/numbered_directories.h"

static int read_one_file(struct efimap_root *root, struct efimap *map,
			 const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	const struct efimap_place place = { file->source, EFIMAP_NO_INDEX, where };
	struct efimap_problem problem;
	int ret = efimap_file_get(root, file, where, &content);

	if (ret)
		return efimap_source_add_fault(map, file->source, where, ret);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	ret = file->keep(map, file, &content, &problem);
	if (ret <= 0)
		return ret;
	map->states[file->source] = EFIMAP_STATE_BROKEN;
	return efimap_fault_problem(map, &place, &problem);
}

/* drivers/firmware/efi/efi.c creates the files in sys/firmware/efi. */

static int keep_pointer(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	uint64_t *value = (void *)((char *)map + file->field);

	return !efimap_parse_hex(content->data, content->len, UINT64_MAX, value, problem);
}

static int keep_platform_size(struct efimap *map, const struct efimap_capture_file *file,
			      struct efimap_file *content, struct efimap_problem *problem)
{
	return !efimap_parse_platform_size(content->data, content->len, &map->platform_size,
					   problem);
}

/* For the SETUP_EFI data, kexec-tools looks only for a line that contains "SMBIOS=0x". */
static bool is_smbios(struct efimap_text line)
{
	return efimap_text_find(&line, "SMBIOS=0x");
}

/*
 * Read systab. If any line is bad, add no lines to the capture, and report one: the first SMBIOS
 * line if it is bad, otherwise the first bad line.
 */
static int keep_systab(struct efimap *map, const struct efimap_capture_file *file,
		       struct efimap_file *content, struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	bool is_good = true, has_smbios = false;
	struct efimap_problem found;
	struct efimap_named named;
	struct efimap_text line;
	int ret = 0;

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected lines such as ACPI20=0x3f77d014");
	while (!ret && efimap_lines_next(&lines, &line.at, &line.len)) {
		const bool decides = !has_smbios && is_smbios(line);

		has_smbios |= decides;
		if (efimap_parse_systab_line(line.at, line.len, lines.line, &named, &found)) {
			ret = efimap_add_systab(map, named.name, named.name_len, named.value);
			continue;
		}
		if (is_good || decides)
			*problem = found;
		is_good = false;
	}
	if (!is_good)
		map->n_systab = 0;
	return ret ? ret : !is_good;
}

static int take_any_name(void *context, const char *name, mode_t type)
{
	bool *is_empty = context;

	*is_empty = false;
	return 1;
}

/*
 * Handle a missing sys/firmware/efi on the running system. If sysfs is mounted, sys/firmware is
 * missing or empty only if a container hides it: Docker and Podman mount an empty file system over
 * it, and systemd-nspawn shows only other directories of sysfs. If sys/kernel is also missing,
 * sysfs is not mounted, which is an error.
 */
static int check_missing_efi(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	bool is_empty = true, is_kernel_empty = true;
	int ret = efimap_root_list(root, "sys/firmware", "", take_any_name, &is_empty);

	if (ret == -ENOENT &&
	    efimap_root_list(root, "sys/kernel", "", take_any_name,
			     &is_kernel_empty) == -ENOENT)
		return efimap_err_set(err, ENOENT, "/sys/firmware",
				      "missing; is sysfs mounted on /sys?");
	if (ret == -ENOENT || (!ret && is_empty)) {
		map->is_firmware_hidden = true;
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_DENIED;
	}
	return 0;
}

static int read_efi(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	const char *where = efimap_source_path(file->source);
	bool is_empty = true;
	int ret = efimap_root_list(root, where, "", take_any_name, &is_empty);

	if (ret == -ENOENT && efimap_first_origin(map) == EFIMAP_ORIGIN_LIVE)
		return check_missing_efi(root, map, err);
	if (ret)
		return efimap_source_add_fault(map, file->source, where, ret);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	return 0;
}

/* If the state of sys/firmware/efi is BROKEN, read_efi() has already reported a fault. */
static int read_pointer(struct efimap_root *root, struct efimap *map,
			const struct efimap_capture_file *file, struct efimap_err *err)
{
	if (map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_BROKEN)
		return 0;
	return read_one_file(root, map, file, err);
}

/*
 * In proc/iomem, all addresses are zero for a reader without CAP_SYS_ADMIN (kernel/resource.c:
 * r_show). If all addresses are zero, no lines are stored, and the state is set to MASKED.
 */

static int add_iomem_lines(struct efimap *map, const struct efimap_file *file, bool *ret_is_masked,
			   struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = file->data, .len = file->len };
	struct efimap_iomem_line line;
	uint32_t max_depth = 0;
	const char *text;
	size_t len;
	int ret = 0;

	while (!ret && efimap_lines_next(&lines, &text, &len)) {
		if (lines.line > EFIMAP_MAX_LINES)
			return !efimap_problem_set(problem, EFIMAP_FAULT_TOO_LONG, lines.line,
						   "more than %u lines", EFIMAP_MAX_LINES);
		if (!efimap_parse_iomem_line(text, len, lines.line, max_depth, &line, problem))
			return 1;
		max_depth = line.depth + 1;
		*ret_is_masked &= line.span.first == 0 && line.span.last == 0;
		/* A driver may put control characters in the name of a resource. */
		efimap_text_clean(file->data + (line.name - file->data), line.name_len);
		ret = efimap_add_iomem(map, line.span, line.depth, line.name, line.name_len);
	}
	return ret;
}

static int keep_iomem(struct efimap *map, const struct efimap_capture_file *file,
		      struct efimap_file *content, struct efimap_problem *problem)
{
	bool is_masked = true;
	int ret;

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected one line per range");
	ret = add_iomem_lines(map, content, &is_masked, problem);
	if (ret || is_masked)
		map->n_iomem = 0;
	if (!ret && is_masked)
		map->states[file->source] = EFIMAP_STATE_MASKED;
	return ret;
}

#define MIN_BITS 32U
#define MAX_BITS 64U
/*
 * Maximum length of a DMI string in bytes. SMBIOS sets no limit, but strings that identify machines
 * are shorter.
 */
#define MAX_DMI_TEXT 255U

static int keep_cmdline(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	size_t next;
	size_t len = efimap_text_line(content->data, content->len, &next);

	if (content->len == 0)
		return !efimap_problem_set(problem, EFIMAP_FAULT_EMPTY, 0,
					   "empty, expected the kernel parameters");
	if (next < content->len)
		return !efimap_problem_set(
			problem, EFIMAP_FAULT_SYNTAX, 2,
			"more than one line, expected one line with the kernel parameters");
	efimap_text_clean(content->data, len);
	return efimap_set_cmdline(map, content->data, len);
}

/* The release is followed by the name of the host on which the kernel was built. */
static int filter_version(char *data, size_t *len)
{
	static const char start[] = "Linux version ";
	struct efimap_text text = { data, *len };

	if (efimap_text_take(&text, start)) {
		for (*len = sizeof(start) - 1; text.len && !efimap_text_is_space(text.at[0]);)
			efimap_text_skip(&text, 1);
		*len = (size_t)(text.at - data);
	}
	return 0;
}

static int keep_version(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	const char *text;
	size_t len;

	if (!efimap_parse_release(content->data, content->len, &text, &len, problem))
		return 1;
	return efimap_set_release(map, text, len);
}

static int keep_boot_id(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	size_t len;

	if (!efimap_parse_boot_id(content->data, content->len, &len, problem))
		return 1;
	return efimap_set_boot_id(map, content->data, len);
}

/* @flags is " fpu vme … pdpe1gb …", and @flag starts with a space. */
static bool has_flag(struct efimap_text flags, const char *flag)
{
	while (efimap_text_find(&flags, flag))
		if (!flags.len || flags.at[0] == ' ')
			return true;
	return false;
}

/* Parse "address sizes\t: 46 bits physical, 48 bits virtual". */
static bool parse_sizes(struct efimap_text text, unsigned int *ret_bits)
{
	uint64_t bits;

	if (!efimap_text_take(&text, "address sizes\t: ") ||
	    !efimap_text_take_number(&text, MAX_BITS, &bits) || bits < MIN_BITS ||
	    !efimap_text_begins(text, " bits physical"))
		return false;
	*ret_bits = (unsigned int)bits;
	return true;
}

static bool is_cpuinfo_used(struct efimap_text line)
{
	return efimap_text_begins(line, "flags\t\t:") ||
	       efimap_text_begins(line, "fdiv_bug\t:") ||
	       efimap_text_begins(line, "address sizes\t:");
}

static int filter_cpuinfo(char *data, size_t *len)
{
	return efimap_lines_filter(data, len, is_cpuinfo_used);
}

/*
 * Read the record of the first CPU, because the flags and address sizes are the same for all CPUs.
 * The kernel clears the la57 flag if 5-level paging is disabled (arch/x86/kernel/cpu/common.c). If
 * the "address sizes" line is missing, as on architectures other than x86, the state is set to
 * ABSENT.
 */
static int keep_cpuinfo(struct efimap *map, const struct efimap_capture_file *file,
			struct efimap_file *content, struct efimap_problem *problem)
{
	struct efimap_lines lines = { .data = content->data, .len = content->len };
	bool lacks = false, narrow = false, la57 = false;
	struct efimap_text line;

	while (efimap_lines_next(&lines, &line.at, &line.len)) {
		struct efimap_text flags = line;

		if (efimap_text_take(&flags, "flags\t\t:")) {
			lacks |= !has_flag(flags, " pdpe1gb");
			la57 |= has_flag(flags, " la57");
		}
		/*
		 * Only a 32-bit kernel prints fdiv_bug (arch/x86/kernel/cpu/proc.c: show_cpuinfo).
		 */
		narrow |= efimap_text_begins(line, "fdiv_bug\t:");
		if (!parse_sizes(line, &map->phys_bits))
			continue;
		map->no_gib_pages = lacks;
		map->kernel_32bit = narrow;
		map->la57 = la57;
		return 0;
	}
	map->states[file->source] = EFIMAP_STATE_ABSENT;
	return 0;
}

/*
 * Store a DMI string. A file that is not a single, non-empty line of at most MAX_DMI_TEXT bytes is
 * ignored.
 */
static int keep_dmi(struct efimap *map, const struct efimap_capture_file *file,
		    struct efimap_file *content, struct efimap_problem *problem)
{
	size_t next;
	const size_t line = efimap_text_line(content->data, content->len, &next);

	if (line == 0 || line > MAX_DMI_TEXT || next < content->len)
		return 0;
	efimap_text_clean(content->data, line);
	map->states[file->source] = EFIMAP_STATE_PRESENT;
	return efimap_set_dmi(map, (enum efimap_dmi)file->field, content->data, line);
}

/* The machine in utsname: x86_64, i686, aarch64, … (since Linux 6.1). */
static int keep_architecture(struct efimap *map, const struct efimap_capture_file *file,
			     struct efimap_file *content, struct efimap_problem *problem)
{
	const struct efimap_text text = { .at = content->data, .len = content->len };
	const bool is_32bit = text.len >= 4 && text.at[0] == 'i' &&
			      memcmp(text.at + 2, "86", 2) == 0;

	map->is_foreign_architecture = !is_32bit && !efimap_text_begins(text, "x86_64");
	return 0;
}

/* Read one of several files of a source. An unreadable or invalid file does not cause a fault. */
static int read_one_of_several(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	efimap_auto_file struct efimap_file content = { 0 };
	char where[EFIMAP_WHERE_SIZE];
	int ret = efimap_file_get(root, file, where, &content);

	if (!ret)
		return file->keep(map, file, &content, NULL);
	if ((ret == -EACCES || ret == -EPERM) &&
	    map->states[file->source] == EFIMAP_STATE_ABSENT)
		map->states[file->source] = EFIMAP_STATE_DENIED;
	return efimap_errno_is_fatal(ret) ? ret : 0;
}

/*
 * The setup_data payloads in sys/kernel/boot_params (arch/x86/kernel/ksysfs.c) may contain keys and
 * seeds, so a capture contains only the size of each payload, except for EFIMAP_SETUP_EFI nodes.
 */

/*
 * The rest of boot_params contains, among other data, disk signatures and the serial number of the
 * screen (EDID).
 */
static int filter_boot_params(char *data, size_t *len)
{
	static const struct {
		size_t start, end;
	} used[] = { { 0, EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR },
		     { EFIMAP_BOOT_PARAMS_AT_ACPI_RSDP_ADDR + 8, EFIMAP_BOOT_PARAMS_AT_EFI_INFO },
		     { EFIMAP_BOOT_PARAMS_AT_INIT_SIZE + 4, EFIMAP_BOOT_PARAMS_BYTES } };

	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++)
		if (*len > used[i].start)
			memset(data + used[i].start, 0,
			       (*len < used[i].end ? *len : used[i].end) - used[i].start);
	return 0;
}

static int keep_boot_params(struct efimap *map, const struct efimap_capture_file *file,
			    struct efimap_file *content, struct efimap_problem *problem)
{
	if (content->len != EFIMAP_BOOT_PARAMS_BYTES)
		return !efimap_problem_set(
			problem, content->len ? EFIMAP_FAULT_SYNTAX : EFIMAP_FAULT_EMPTY, 0,
			"%zu bytes, expected %d", content->len, EFIMAP_BOOT_PARAMS_BYTES);
	efimap_boot_params_decode((const uint8_t *)content->data, &map->boot_params);
	return 0;
}

static void payload_path(uint32_t index, char path[EFIMAP_WHERE_SIZE])
{
	snprintf(path, EFIMAP_WHERE_SIZE, "%s/%u/data",
		 efimap_source_path(EFIMAP_SRC_SETUP_DATA), index);
}

static int read_payload(struct efimap_root *root, const char *path,
			struct efimap_setup_node *node)
{
	efimap_auto_file struct efimap_file file = { 0 };
	int ret = efimap_root_read(root, path, EFIMAP_READ_WHOLE, EFIMAP_PAYLOAD_BYTES, NULL,
				   &file);

	if (ret)
		return ret;
	node->len = file.len;
	node->payload_size = file.len < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)file.len :
								  EFIMAP_EFI_PAYLOAD_SIZE;
	memcpy(node->payload, file.data, node->payload_size);
	return 0;
}

static int add_setup_node(struct efimap_root *root, struct efimap *map,
			  const union efimap_record *record)
{
	struct efimap_setup_node node = record->node;
	char path[EFIMAP_WHERE_SIZE];
	const struct efimap_place place = { EFIMAP_SRC_SETUP_DATA, node.index, path };
	int ret;

	payload_path(node.index, path);
	if (node.type == EFIMAP_SETUP_EFI)
		ret = read_payload(root, path, &node);
	else
		ret = efimap_root_file_size(root, path, &node.len);
	/*
	 * A missing payload is not a fault. It may have been left out deliberately because it can
	 * contain keys, or removed by "sos clean", which removes all files that are not text.
	 */
	if (ret == -ENOENT)
		ret = 0;
	if (ret)
		return efimap_fault_errno(map, &place, ret);
	return efimap_add_setup_node(map, &node);
}

/*
 * Return whether the payload of a SETUP_EFI node is missing. sos keeps an empty file if a read
 * fails, so an empty payload in an offline capture counts as missing.
 */
static bool lacks_payload(struct efimap_root *root, const struct efimap *map)
{
	for (size_t i = 0; i < map->n_setup_data; i++) {
		const struct efimap_setup_node *node = &map->setup_data[i];
		char path[EFIMAP_WHERE_SIZE];
		uint64_t size;

		payload_path(node->index, path);
		if (node->type == EFIMAP_SETUP_EFI && node->len == 0 &&
		    (efimap_is_offline(map) ||
		     efimap_root_file_size(root, path, &size) == -ENOENT))
			return true;
	}
	return false;
}

static const struct efimap_record_kind setup_data_records = {
	.source = EFIMAP_SRC_SETUP_DATA,
	.files = { { "type", EFIMAP_RECORD_VALUE(struct efimap_setup_node, type) } },
	.add = add_setup_node,
};

static int read_setup_data(struct efimap_root *root, struct efimap *map,
			   const struct efimap_capture_file *file, struct efimap_err *err)
{
	int ret = efimap_records_read(root, map, file->records, err);

	if (ret == 0 && efimap_has(map, EFIMAP_SRC_SETUP_DATA) && lacks_payload(root, map))
		map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_ABSENT;
	return ret;
}

#define VALUE .part = EFIMAP_READ_VALUE, .limit = EFIMAP_VALUE_SIZE
#define WHOLE(bytes) .part = EFIMAP_READ_WHOLE, .limit = (bytes)
#define HEAD(bytes) .part = EFIMAP_READ_HEAD, .limit = (bytes)
#define FILTERED(part_and_limit, name) part_and_limit, .filter = efimap_filter_##name
#define PLACES(...) .places = (const char *const[]){ __VA_ARGS__, NULL }
/* In sysfs, sys/class/dmi/id is a link, but in a collected tree it may be a directory. */
#define DMI(name) PLACES("sys/devices/virtual/dmi/id/" name, "sys/class/dmi/id/" name)

#define LINE_BYTES 4096U
#define KEXEC(part_and_limit, how, member, ...)                                              \
	{ .source = EFIMAP_SRC_KEXEC, part_and_limit, .read = read_one_of_several,           \
	  .keep = efimap_##how, .field = offsetof(struct efimap_kexec_state, member),         \
	  PLACES(__VA_ARGS__) }

/* /proc/meminfo is about 1.5 KiB long on all machines. */
#define MEMINFO_BYTES ((size_t)64 << 10)
/* The configurations of distribution kernels are 150 to 300 KiB long. */
#define CONFIG_BYTES ((size_t)1 << 20)
/* A list of 3000 packages is 500 KiB long. */
#define PACKAGES_BYTES ((size_t)4 << 20)
/* The kexec program of distributions is 200 KiB long, or 1 MiB if it is linked statically. */
#define PROGRAM_BYTES ((size_t)2 << 20)
/* The address sizes are at the end of a CPU's record, which is 1 to 3 KiB long. */
#define CPUINFO_BYTES 8192U

/* Files are read, and faults are reported, in this order. */
static const struct efimap_capture_file files[] = {
	{ .source = EFIMAP_SRC_EFI, .read = read_efi },
	{ .source = EFIMAP_SRC_FW_VENDOR, VALUE, .read = read_pointer,
	  .keep = keep_pointer, .field = offsetof(struct efimap, fw_vendor) },
	{ .source = EFIMAP_SRC_RUNTIME, VALUE, .read = read_pointer,
	  .keep = keep_pointer, .field = offsetof(struct efimap, runtime) },
	{ .source = EFIMAP_SRC_CONFIG_TABLE, VALUE, .read = read_pointer,
	  .keep = keep_pointer, .field = offsetof(struct efimap, config_table) },
	{ .source = EFIMAP_SRC_SYSTAB, VALUE, .read = read_pointer,
	  .keep = keep_systab },
	{ .source = EFIMAP_SRC_FW_PLATFORM_SIZE, VALUE, .read = read_pointer,
	  .keep = keep_platform_size },
	{ .source = EFIMAP_SRC_RUNTIME_MAP, .records = &efimap_runtime_map_records },
	{ .source = EFIMAP_SRC_MEMMAP, .records = &efimap_memmap_records },
	{ .source = EFIMAP_SRC_IOMEM, WHOLE(EFIMAP_FILE_BYTES), .keep = keep_iomem },
	{ .source = EFIMAP_SRC_CMDLINE, WHOLE(EFIMAP_MAX_CMDLINE), .keep = keep_cmdline },
	{ .source = EFIMAP_SRC_VERSION, WHOLE(LINE_BYTES), .filter = filter_version,
	  .keep = keep_version },
	{ .source = EFIMAP_SRC_VERSION, VALUE, .read = read_one_of_several,
	  .keep = keep_architecture, PLACES("proc/sys/kernel/arch") },
	{ .source = EFIMAP_SRC_BOOT_ID, WHOLE(LINE_BYTES), .keep = keep_boot_id },
	{ .source = EFIMAP_SRC_BOOT_PARAMS, WHOLE(EFIMAP_BOOT_PARAMS_BYTES),
	  .filter = filter_boot_params, .keep = keep_boot_params },
	{ .source = EFIMAP_SRC_SETUP_DATA, .read = read_setup_data,
	  .records = &setup_data_records },
	{ .source = EFIMAP_SRC_KERNEL_LOG, WHOLE(EFIMAP_FILE_BYTES),
	  .read = efimap_read_kernel_log,
	  PLACES("dmesg.txt", "var/log/dmesg", "sos_commands/kernel/dmesg*") },
	{ .source = EFIMAP_SRC_CPUINFO, HEAD(CPUINFO_BYTES), .filter = filter_cpuinfo,
	  .keep = keep_cpuinfo },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = read_one_of_several, .keep = keep_dmi,
	  .field = EFIMAP_DMI_SYS_VENDOR, DMI("sys_vendor") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = read_one_of_several, .keep = keep_dmi,
	  .field = EFIMAP_DMI_PRODUCT_NAME, DMI("product_name") },
	{ .source = EFIMAP_SRC_DMI, VALUE, .read = read_one_of_several, .keep = keep_dmi,
	  .field = EFIMAP_DMI_BIOS_VERSION, DMI("bios_version") },
	{ .source = EFIMAP_SRC_KERNELS, .read = efimap_read_installed_kernels },
	KEXEC(VALUE, keep_kexec_flag, loaded,
	      "sys/kernel/kexec/loaded", "sys/kernel/kexec_loaded"),
	KEXEC(VALUE, keep_kexec_flag, crash_loaded,
	      "sys/kernel/kexec/crash_loaded", "sys/kernel/kexec_crash_loaded"),
	KEXEC(VALUE, keep_crash_size, crash_size,
	      "sys/kernel/kexec/crash_size", "sys/kernel/kexec_crash_size"),
	KEXEC(VALUE, keep_elfcorehdr_size, elfcorehdr_size,
	      "sys/kernel/kexec/crash_elfcorehdr_size", "sys/kernel/crash_elfcorehdr_size"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_flag, load_disabled,
	      "proc/sys/kernel/kexec_load_disabled"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_limit, reboot_limit,
	      "proc/sys/kernel/kexec_load_limit_reboot"),
	KEXEC(WHOLE(LINE_BYTES), keep_kexec_limit, panic_limit,
	      "proc/sys/kernel/kexec_load_limit_panic"),
	KEXEC(VALUE, keep_lockdown, lockdown, "sys/kernel/security/lockdown"),
	KEXEC(FILTERED(WHOLE(MEMINFO_BYTES), meminfo), keep_meminfo, cma_total, "proc/meminfo"),
	KEXEC(VALUE, keep_possible_cpus, cpus_possible, "sys/devices/system/cpu/possible"),
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(LINE_BYTES), .read = efimap_read_kho,
	  PLACES("sys/kernel/debug/kho/out/scratch_phys",
		 "sys/kernel/debug/kho/out/scratch_len") },
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(CONFIG_BYTES),
	  .filter = efimap_filter_kernel_config, .read = efimap_read_kernel_config },
	{ .source = EFIMAP_SRC_KEXEC, WHOLE(CONFIG_BYTES),
	  .filter = efimap_filter_kdump_configuration,
	  .read = efimap_read_kdump_configuration,
	  PLACES("etc/default/kdump-tools", "etc/sysconfig/kdump") },
	KEXEC(FILTERED(HEAD(PROGRAM_BYTES), kexec_program), keep_kexec_program, tools,
	      "usr/sbin/kexec", "sbin/kexec", "usr/bin/kexec"),
	/* Only the name of the file is needed. */
	{ .source = EFIMAP_SRC_KEXEC, HEAD(1), .read = efimap_read_systemd,
	  PLACES("usr/lib/systemd/libsystemd-shared-*",
		 "usr/lib/x86_64-linux-gnu/systemd/libsystemd-shared-*",
		 "lib/systemd/libsystemd-shared-*") },
	/*
	 * In the next two rows, the second path, at the top of a sos report, is a link to the
	 * first.
	 */
	KEXEC(FILTERED(WHOLE(PACKAGES_BYTES), dpkg_list), keep_dpkg_list, tools,
	      "sos_commands/dpkg/dpkg_-l*", "installed-debs"),
	KEXEC(FILTERED(WHOLE(PACKAGES_BYTES), rpm_list), keep_rpm_list, tools,
	      "sos_commands/rpm/sh_-c_rpm*", "installed-rpms"),
};

#define N_FILES (sizeof(files) / sizeof(files[0]))

static int read_row(struct efimap_root *root, struct efimap *map,
		    const struct efimap_capture_file *file, struct efimap_err *err)
{
	if (file->read)
		return file->read(root, map, file, err);
	if (file->records)
		return efimap_records_read(root, map, file->records, err);
	return read_one_file(root, map, file, err);
}

int efimap_read_tree(struct efimap_root *root, const char *name, enum efimap_origin origin,
		      struct efimap **ret_map, struct efimap_err *err)
{
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_new(name, origin, &map);

	if (!ret && root->replay)
		map->first_origin = root->replay->from;
	if (!ret)
		ret = efimap_set_inner(map, root->inner);
	for (size_t i = 0; i < N_FILES && !ret; i++)
		ret = read_row(root, map, &files[i], err);
	if (ret)
		return ret;
	efimap_seal(map);
	*ret_map = efimap_steal(map);
	return 0;
}
