/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Define the tables of structs that several documents contain. */
#include <stdio.h>
#include <string.h>

#include "answer/answers.h"
#include "capture/boot_params.h"
#include "capture/installed_kernels.h"
#include "document/field_tables.h"
#include "infer/booted_by.h"
#include "infer/mapping_mode.h"
#include "rules/report.h"

#define MAX_INDEX (EFIMAP_NO_INDEX - 1)

FIELD_GET(get_type_name, struct efimap_entry, text,
	  efimap_type_name(row->type, ret_value->buffer.text),
	  true)

/*
 * Load the next attribute name. ret_value->place contains the bits whose names are still to be
 * loaded.
 */
static bool get_attribute_name(const void *record, size_t at, struct field_value *ret_value)
{
	if (at == 0)
		ret_value->place = ((const struct efimap_entry *)record)->attribute;
	ret_value->text = efimap_attr_next_name(&ret_value->place, ret_value->buffer.text);
	return ret_value->text;
}

static bool get_phys_end(const void *record, size_t at, struct field_value *ret_value)
{
	struct efimap_span span;

	if (efimap_entry_phys(record, &span))
		return false;
	ret_value->number = span.last;
	return true;
}

/*
 * Larger sizes are null, because jq and other programs that store numbers as doubles would round
 * them.
 */
#define MAX_JSON_NUMBER (UINT64_C(1) << 53)

static bool get_size(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_entry *entry = record;

	return !__builtin_mul_overflow(entry->pages, EFIMAP_PAGE_SIZE, &ret_value->number) &&
	       ret_value->number <= MAX_JSON_NUMBER;
}

FIELD_GET(get_virt, struct efimap_entry, number, row->virt,
	  row->virt_from != EFIMAP_VIRT_UNKNOWN)
FIELD_GET(get_virt_predicted, struct efimap_entry, number,
	  row->virt_from == EFIMAP_VIRT_PREDICTED,
	  row->virt_from != EFIMAP_VIRT_READ)

#define ENTRY(member) FIELD_AT(struct efimap_entry, member)
static const struct field entry_rows[] = {
	{ "index", ABOUT("number of the entry; in runtime-map, the name of its directory"),
	  FIELD_NUMBER, ENTRY(index), .max = MAX_INDEX },
	{ "type", ABOUT("EFI_MEMORY_TYPE in the notation of sysfs"), FIELD_HEX,
	  ENTRY(type),
	  .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "type_name", ABOUT("name of the type"), FIELD_TEXT, .get = get_type_name,
	  .parts = ENTRY_SHOWN },
	{ "attribute", ABOUT("EFI_MEMORY_* bits in the notation of sysfs"), FIELD_HEX,
	  ENTRY(attribute),
	  .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "attribute_names",
	  ABOUT("names of the bits, as in the kernel log; bits without a name come last, "
		"as one number"),
	  FIELD_TEXT, FIELD_LIST, .get = get_attribute_name, .parts = ENTRY_SHOWN },
	{ "phys_addr", ABOUT("physical start in the notation of sysfs"), FIELD_HEX,
	  ENTRY(phys),
	  .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "phys_end",
	  ABOUT("last physical address; null if the entry has no pages or ends above "
		"2^64 - 1"),
	  FIELD_HEX, .get = get_phys_end, .parts = ENTRY_SHOWN,
	  .flags = FIELD_NULL },
	{ "virt_addr", ABOUT("virtual start in the notation of sysfs; null if unknown"),
	  FIELD_HEX, FIELD_NULL, ENTRY(virt), .get = get_virt, .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "virt_addr_predicted",
	  ABOUT("true if virt_addr was predicted, false if virt_addr is unknown; absent if "
		"virt_addr was read"),
	  FIELD_BOOL, FIELD_OMIT, .get = get_virt_predicted, .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "num_pages", ABOUT("number of 4096-byte pages in the notation of sysfs"),
	  FIELD_HEX, ENTRY(pages),
	  .parts = ENTRY_KEPT | ENTRY_SHOWN },
	{ "size", ABOUT("size in bytes; null if the size exceeds 2^53"), FIELD_NUMBER,
	  FIELD_NULL, .get = get_size,
	  .parts = ENTRY_SHOWN },
};
const struct fields efimap_entry_fields = { FIELDS("entry", entry_rows),
						  .is_selectable = true };

#define INFO(member) FIELD_AT(struct efimap_efi_info, member)
static const struct field efi_info_rows[] = {
	{ "signature", ABOUT("EL64, EL32, or another value as found"), FIELD_CHARS,
	  INFO(signature) },
	{ "systab", ABOUT("physical address of the system table"), FIELD_HEX, INFO(systab) },
	{ "desc_size", ABOUT("size of a descriptor in bytes"), FIELD_HEX, INFO(desc_size) },
	{ "desc_version", ABOUT("version of the descriptor format"),
	  FIELD_NUMBER, INFO(desc_version) },
	{ "memmap", ABOUT("physical address of the EFI memory map"), FIELD_HEX, INFO(memmap) },
	{ "memmap_size", ABOUT("size of the EFI memory map in bytes"),
	  FIELD_HEX, INFO(memmap_size) },
};
const struct fields efimap_efi_info_fields = { FIELDS("efi_info", efi_info_rows) };

#define PAYLOAD(member) FIELD_AT(struct efimap_efi_payload, member)
static const struct field efi_payload_rows[] = {
	{ "fw_vendor", ABOUT("physical address of the vendor string"), FIELD_HEX,
	  PAYLOAD(fw_vendor) },
	{ "runtime",
	  ABOUT("physical address of the runtime services table; not used by Linux 5.7 "
		"or later"),
	  FIELD_HEX, PAYLOAD(runtime) },
	{ "tables", ABOUT("physical address of the configuration table"),
	  FIELD_HEX, PAYLOAD(tables) },
	{ "smbios", ABOUT("physical address of the SMBIOS entry point; 0 or all ones if "
			  "there is none"), FIELD_HEX,
	  PAYLOAD(smbios) },
};
const struct fields efimap_efi_payload_fields = { FIELDS("payload", efi_payload_rows) };

#define MAP(member) FIELD_AT(struct efimap, member)
#define MAP_LIST(member, count) FIELD_LIST_AT(struct efimap, member, count)
FIELD_GET(get_booted_by, struct efimap, number, efimap_booted_by(row), true)
FIELD_GET(get_release, struct efimap, text, row->release.text,
	  efimap_has(row, EFIMAP_SRC_VERSION) || *row->release.text)
FIELD_GET(get_cmdline, struct efimap, text, row->cmdline,
	  efimap_has(row, EFIMAP_SRC_CMDLINE) || *row->cmdline)
FIELD_GET(get_phys_bits, struct efimap, number, row->phys_bits,
	  efimap_has(row, EFIMAP_SRC_CPUINFO))

static const struct field kernel_rows[] = {
	{ "release", ABOUT("kernel release; null if unknown"), FIELD_TEXT, FIELD_NULL,
	  .get = get_release },
	{ "booted_by", ABOUT("origin of this kernel: started by firmware or kexec, or unknown"),
	  FIELD_WORD, .get = get_booted_by, WORD(booted_by, EFIMAP_BOOTED_BY_KEXEC) },
};
const struct fields efimap_kernel_fields = { FIELDS("kernel", kernel_rows) };

FIELD_GET(get_initrd_size, struct efimap_installed_kernel, number, row->initrd_size,
	  row->has_initrd_size)

#define KERNEL(member) FIELD_AT(struct efimap_installed_kernel, member)
#define HEADER(member) KERNEL(header.member)
static const struct field installed_kernel_rows[] = {
	{ "image", ABOUT("path of the image"), FIELD_TEXT, HEADER(name) },
	{ "release", ABOUT("kernel release, as printed by uname -r; null if unknown"),
	  FIELD_CHARS, FIELD_NULL, HEADER(release) },
	{ "size", ABOUT("size of the image file in bytes"), FIELD_NUMBER, KERNEL(size) },
	{ "min_size",
	  ABOUT("minimum size of the image file in bytes, according to its header; 0 if "
		"unknown"),
	  FIELD_NUMBER, HEADER(file_size) },
	{ "unified",
	  ABOUT("whether the image is a unified kernel image, whose section .linux "
		"contains the header"),
	  FIELD_BOOL, KERNEL(is_unified) },
	{ "crash",
	  ABOUT("whether the kdump service is configured to load the image, or has loaded it"),
	  FIELD_BOOL, KERNEL(is_crash) },
	{ "loaded", ABOUT("whether a record shows that the kdump service has loaded the image"),
	  FIELD_BOOL, KERNEL(is_loaded) },
	{ "protocol",
	  ABOUT("version of the image's boot protocol; Documentation/arch/x86/boot.rst "
		"in the kernel source describes the members from protocol to setup_size"),
	  FIELD_HEX, HEADER(version) },
	{ "init_size",
	  ABOUT("number of bytes of contiguous memory that the kernel needs to boot; "
		"before protocol 2.10, this member, pref_address and alignment are 0, "
		"and relocatable is false"),
	  FIELD_HEX, HEADER(init_size) },
	{ "pref_address", ABOUT("preferred load address"), FIELD_HEX,
	  HEADER(pref_address) },
	{ "alignment", ABOUT("alignment of the load address"), FIELD_HEX, HEADER(alignment) },
	{ "relocatable",
	  ABOUT("whether the kernel can be loaded at an address other than the preferred "
		"one"),
	  FIELD_BOOL, HEADER(is_relocatable) },
	{ "xloadflags", ABOUT("capabilities (xloadflags); 0 before protocol 2.12"),
	  FIELD_HEX, HEADER(xloadflags) },
	{ "setup_size", ABOUT("number of bytes before the protected-mode kernel"), FIELD_HEX,
	  HEADER(setup_size) },
	{ "initrd",
	  ABOUT("path of the initrd; null if unknown, or if the initrd is inside a unified "
		"kernel image"),
	  FIELD_TEXT, FIELD_NULL, KERNEL(initrd) },
	{ "initrd_size",
	  ABOUT("size of the initrd in bytes; 0 if the kernel is loaded without an initrd; null "
		"if unknown"),
	  FIELD_NUMBER, FIELD_NULL, KERNEL(initrd_size), .get = get_initrd_size },
};
static const struct fields installed_kernel_fields = {
	FIELDS("installed_kernel", installed_kernel_rows),
};

#define STATE(name, source)                                                           \
	{ name, ABOUT("absent: the source does not exist or was not collected; present: "   \
	  "the source was read; denied: permission was denied; masked: the kernel hides "   \
	  "addresses in the source; broken: the source is malformed"),                         \
	  FIELD_WORD, MAP(states[EFIMAP_SRC_##source]),                                    \
	  WORD(state, EFIMAP_STATE_MALFORMED) }
static const struct field states_rows[] = {
	STATE("efi", EFI),
	STATE("runtime_map", RUNTIME_MAP),
	STATE("fw_vendor", FW_VENDOR),
	STATE("runtime", RUNTIME),
	STATE("config_table", CONFIG_TABLE),
	STATE("systab", SYSTAB),
	STATE("fw_platform_size", FW_PLATFORM_SIZE),
	STATE("memmap", MEMMAP),
	STATE("iomem", IOMEM),
	STATE("cmdline", CMDLINE),
	STATE("version", VERSION),
	STATE("boot_params", BOOT_PARAMS),
	STATE("setup_data", SETUP_DATA),
	STATE("kernel_log", KERNEL_LOG),
	STATE("boot_id", BOOT_ID),
	STATE("cpuinfo", CPUINFO),
	STATE("dmi", DMI),
	STATE("kernels", KERNELS),
	STATE("kexec", KEXEC),
};
_Static_assert(sizeof(states_rows) / sizeof(states_rows[0]) == EFIMAP_SRC_COUNT,
	       "a row for every source");
static const struct fields states_fields = { FIELDS("states", states_rows) };

FIELD_GET(get_unread_denied, struct efimap_unread_kernel, number,
	  row->fault.state == EFIMAP_STATE_DENIED, true)

#define UNREAD(member) FIELD_AT(struct efimap_unread_kernel, member)
static const struct field unread_kernel_rows[] = {
	{ "image", ABOUT("path of the image; null if unknown"), FIELD_TEXT, FIELD_NULL,
	  UNREAD(image) },
	{ "file", ABOUT("path of the file that cannot be read: the image, the initrd or the "
		"configuration of the kdump service"),
	  FIELD_TEXT, UNREAD(fault.where) },
	{ "release", ABOUT("release in the name of the image; null if unknown"), FIELD_CHARS,
	  FIELD_NULL, UNREAD(release) },
	{ "crash", ABOUT("whether the kdump service is configured to load the image"),
	  FIELD_BOOL, UNREAD(is_crash) },
	{ "setting", ABOUT("setting that names the file; null if there is none"), FIELD_TEXT,
	  FIELD_NULL, UNREAD(setting) },
	{ "denied", ABOUT("whether permission to read the file was denied"), FIELD_BOOL,
	  .get = get_unread_denied },
	{ "message", ABOUT("reason why the file cannot be read"), FIELD_CHARS,
	  UNREAD(fault.text) },
};
static const struct fields unread_kernel_fields = { FIELDS("unread_kernel", unread_kernel_rows) };

static const struct field scratch_rows[] = {
	{ "start", ABOUT("first byte"), FIELD_HEX, FIELD_AT(struct efimap_span, first) },
	{ "end", ABOUT("last byte"), FIELD_HEX, FIELD_AT(struct efimap_span, last) },
};
static const struct fields scratch_fields = { FIELDS("scratch", scratch_rows) };

static bool get_tools_version(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_version *tools = &((const struct efimap_kexec_state *)record)->tools;

	snprintf(ret_value->buffer.text, sizeof(ret_value->buffer.text), "%u.%u.%u", tools->major,
		 tools->minor, tools->patch);
	ret_value->text = ret_value->buffer.text;
	return tools->major != 0;
}

static bool get_scratch(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_kexec_state *kexec = record;

	ret_value->record = at < kexec->n_scratch ? &kexec->scratch[at] : NULL;
	return at == FIELD_WHOLE ? kexec->n_scratch : at < kexec->n_scratch;
}

FIELD_GET(get_crash_size, struct efimap_kexec_state, number, row->crash_size,
	  row->has_crash_size)
FIELD_GET(get_cma_total, struct efimap_kexec_state, number, row->cma_total,
	  row->has_cma_total)
FIELD_GET(get_crash_args, struct efimap_kexec_state, text, row->crash_args,
	  row->has_crash_args)
FIELD_GET(get_reboot_limit, struct efimap_kexec_state, number, (uint64_t)row->reboot_limit,
	  row->reboot_limit != EFIMAP_LIMIT_UNKNOWN)
FIELD_GET(get_panic_limit, struct efimap_kexec_state, number, (uint64_t)row->panic_limit,
	  row->panic_limit != EFIMAP_LIMIT_UNKNOWN)

#define KEXEC(member) FIELD_AT(struct efimap_kexec_state, member)
/* A member of type enum efimap_known, which is written as true, false or null. */
#define KNOWN(member) FIELD_BOOL, FIELD_NULL, KEXEC(member), .min = EFIMAP_KNOWN_NO
#define LIMIT_ABOUT                                                                      \
	ABOUT("number of loads that the kernel still allows, -1 if unlimited; null if "  \
	      "unknown")
static const struct field kexec_state_rows[] = {
	{ "tools_version", ABOUT("version of the installed kexec-tools; null if unknown"),
	  FIELD_TEXT, FIELD_NULL, .get = get_tools_version },
	{ "tools_installed", ABOUT("whether kexec-tools is installed; null if unknown"),
	  KNOWN(has_tools) },
	{ "systemd_version", ABOUT("major version of the installed systemd; null if "
				   "unknown"),
	  FIELD_NUMBER, FIELD_NULL, KEXEC(systemd) },
	{ "loaded", ABOUT("whether a kernel is loaded for kexec; null if unknown"),
	  KNOWN(loaded) },
	{ "crash_loaded", ABOUT("whether a crash kernel is loaded; null if unknown"),
	  KNOWN(crash_loaded) },
	{ "crash_size", ABOUT("number of bytes that are reserved for a crash kernel; "
			      "null if unknown"),
	  FIELD_NUMBER, FIELD_NULL, KEXEC(crash_size), .get = get_crash_size },
	{ "load_disabled", ABOUT("whether the sysctl kernel.kexec_load_disabled is 1; null if "
		"unknown"),
	  KNOWN(load_disabled) },
	{ "load_limit_reboot", LIMIT_ABOUT, FIELD_NUMBER, FIELD_NULL | FIELD_MINUS_ONE,
	  KEXEC(reboot_limit), .get = get_reboot_limit, .max = INT32_MAX },
	{ "load_limit_panic", LIMIT_ABOUT, FIELD_NUMBER, FIELD_NULL | FIELD_MINUS_ONE,
	  KEXEC(panic_limit), .get = get_panic_limit, .max = INT32_MAX },
	{ "lockdown", ABOUT("lockdown mode in /sys/kernel/security/lockdown; null if unknown"),
	  FIELD_WORD,
	  FIELD_NULL, KEXEC(lockdown), WORD(lockdown, EFIMAP_LOCKDOWN_CONFIDENTIALITY),
	  .min = EFIMAP_LOCKDOWN_NONE },
	{ "kexec_load", ABOUT("whether the kernel has the system call kexec_load; null "
	  "if unknown"), KNOWN(has_load) },
	{ "kexec_file_load", ABOUT("whether the kernel has the system call "
				   "kexec_file_load; null if unknown"),
	  KNOWN(has_file_load) },
	{ "cma_total", ABOUT("size of the areas of the contiguous memory allocator (CMA) "
			     "in bytes; null if unknown"),
	  FIELD_NUMBER, FIELD_NULL, KEXEC(cma_total), .get = get_cma_total },
	{ "kho", ABOUT("whether Kexec HandOver (KHO) is enabled; null if unknown"),
	  KNOWN(kho) },
	{ "kho_scratch", ABOUT("scratch areas of KHO, in the order in which the kernel lists "
		"them; empty if there are none or if they are unknown"),
	  FIELD_OBJECT, FIELD_LIST, .get = get_scratch,
	  .of = &scratch_fields },
	{ "crash_elfcorehdr_size", ABOUT("value of /sys/kernel/crash_elfcorehdr_size; "
					 "null if unknown"),
	  FIELD_NUMBER, FIELD_NULL, KEXEC(elfcorehdr_size) },
	{ "cpus_possible", ABOUT("number of CPUs that /sys/devices/system/cpu/possible "
	  "lists; null if unknown"), FIELD_NUMBER, FIELD_NULL, KEXEC(cpus_possible) },
	{ "crash_service", ABOUT("kdump service that loads the crash kernel; null if unknown "
	  "or disabled"), FIELD_WORD, FIELD_NULL, KEXEC(crash_service),
	  WORD(crash_service, EFIMAP_CRASH_SERVICE_SUSE),
	  .min = EFIMAP_CRASH_SERVICE_KDUMP_CONFIG },
	{ "crash_args", ABOUT("options with which the kdump service calls kexec: "
	  "KDUMP_KEXEC_ARGS or KEXEC_ARGS; null if unknown"),
	  FIELD_TEXT, FIELD_NULL, KEXEC(crash_args), .get = get_crash_args },
};
static const struct fields kexec_state_fields = {
	FIELDS("kexec_state", kexec_state_rows), .on_lines = true,
};

static const struct field cpu_rows[] = {
	{ "physical_bits", ABOUT("number of physical address bits according to "
	  "/proc/cpuinfo; null if unknown"),
	  FIELD_NUMBER, FIELD_NULL, .get = get_phys_bits, .min = 32, .max = 64 },
	{ "no_gib_pages", ABOUT("whether the flags in /proc/cpuinfo lack pdpe1gb (1 GiB pages); "
		"an absent member means false"),
	  FIELD_BOOL, FIELD_OMIT, MAP(no_gib_pages) },
	{ "kernel_32bit", ABOUT("whether /proc/cpuinfo is from a 32-bit kernel, as its "
	  "fdiv_bug line shows; an absent member means false"),
	  FIELD_BOOL, FIELD_OMIT, MAP(kernel_32bit) },
	{ "la57", ABOUT("whether the flags in /proc/cpuinfo have la57 (5-level paging); "
	  "an absent member means false"), FIELD_BOOL, FIELD_OMIT, MAP(la57) },
};
static const struct fields cpu_fields = { FIELDS("cpu", cpu_rows) };

#define FAULT(member) FIELD_AT(struct efimap_fault, member)
static const struct field fault_rows[] = {
	{ "source", ABOUT("source that has the fault"), FIELD_WORD,
	  FAULT(source), WORD(source, EFIMAP_SRC_COUNT - 1) },
	{ "kind", ABOUT("kind of the fault"), FIELD_WORD, FAULT(state),
	  WORD(fault_state, EFIMAP_STATE_LINES_IGNORED) },
	{ "index", ABOUT("number of the record that has the fault; null if the fault is "
			 "not in a record"),
	  FIELD_NUMBER,
	  FIELD_NULL, FAULT(index), .max = MAX_INDEX, .none = EFIMAP_NO_INDEX },
	{ "line", ABOUT("number of the line that has the fault; 0 if the fault is not in a line"),
	  FIELD_NUMBER,
	  FAULT(line) },
	{ "path", ABOUT("path below the root, or a name such as \"the kernel log\""),
	  FIELD_TEXT, FAULT(where) },
	{ "message", ABOUT("description of the fault, such as the value that was found and the "
		"value that was expected"), FIELD_CHARS,
	  FAULT(text) },
};
static const struct fields fault_fields = { FIELDS("fault", fault_rows) };

FIELD_GET(get_mapping, struct efimap, number, efimap_mapping(row), true)

FIELD_GET(get_cpu, struct efimap, record, row, efimap_has(row, EFIMAP_SRC_CPUINFO))
FIELD_GET(get_kexec, struct efimap, record, row->kexec, efimap_has(row, EFIMAP_SRC_KEXEC))

/* Facts that are derived from the files of a capture. A snapshot contains only the files. */
static const struct field facts_rows[] = {
	{ "mapping", ABOUT("kind of mapping of the entries"), FIELD_WORD, .get = get_mapping,
	  WORD(mapping, EFIMAP_MAPPING_MIXED) },
	{ .kind = FIELD_INLINE, .of = &efimap_kernel_fields },
	{ "cmdline", ABOUT("kernel parameters; null if unknown"), FIELD_TEXT, FIELD_NULL,
	  .get = get_cmdline },
	{ "cpu", ABOUT("processor; null if unknown"), FIELD_OBJECT, FIELD_NULL, MAP(phys_bits),
	  .get = get_cpu, .of = &cpu_fields },
	{ "tables", ABOUT("configuration tables whose addresses are in the kernel log"),
	  FIELD_PAIRS, MAP_LIST(tables, n_tables) },
	{ "kernels",
	  ABOUT("kernels that kexec may start: first the image of the running release, then the "
		"newest image and the image that the kdump service is configured to load"),
	  FIELD_OBJECT, FIELD_LIST, MAP_LIST(kernels, n_kernels),
	  .of = &installed_kernel_fields },
	{ "unread_kernels",
	  ABOUT("kernels that kexec may start but whose image, initrd or kdump configuration "
		"cannot be read"),
	  FIELD_OBJECT, FIELD_LIST, MAP_LIST(unread_kernels, n_unread_kernels),
	  .of = &unread_kernel_fields },
	{ "kexec", ABOUT("state of kexec and of its limits; null if unknown"),
	  FIELD_OBJECT, FIELD_NULL, .get = get_kexec, .of = &kexec_state_fields },
	{ "states", ABOUT("state of each source"), FIELD_OBJECT, .of = &states_fields },
	{ "faults", ABOUT("missing, unusable and unexpected data, in the order of reading"),
	  FIELD_OBJECT, FIELD_LIST, MAP_LIST(faults, n_faults), .of = &fault_fields },
};
const struct fields efimap_facts_fields = { FIELDS("facts", facts_rows), .on_lines = true };

#define EVIDENCE(member) FIELD_AT(struct efimap_evidence, member)
static const struct field evidence_rows[] = {
	{ "source", ABOUT("file or other source of the value"), FIELD_TEXT, EVIDENCE(source) },
	{ "value", ABOUT("value as in the source"), FIELD_TEXT,
	  EVIDENCE(value) },
};
static const struct fields evidence_fields = { FIELDS("evidence", evidence_rows) };

FIELD_GET(get_finding_rule, struct efimap_finding, text, row->rule->name, true)

#define FINDING(member) FIELD_AT(struct efimap_finding, member)
#define FINDING_LIST(member, count) FIELD_LIST_AT(struct efimap_finding, member, count)
#define ABOUT_RULE "rule ID; see efimapctl explain"
static const struct field finding_rows[] = {
	{ "rule", ABOUT(ABOUT_RULE), FIELD_TEXT, .get = get_finding_rule },
	{ "severity",
	  ABOUT("error: the consequence is runtime-services-fail, boots-without-efi, cannot-load "
		"or does-not-boot; warning: it is entry-dropped or memory-at-risk; note: it is "
		"none or unknown"),
	  FIELD_WORD, FINDING(severity), .word = efimap_severity_name,
	  .n_words = EFIMAP_ERROR + 1 },
	{ "consequence", ABOUT("worst consequence for the next kernel"), FIELD_WORD,
	  FINDING(consequence), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT) },
	{ "certainty",
	  ABOUT("will: the fault and its effect are certain; may: the effect is a matter of "
		"chance; unknown: data that affects the outcome was not read"),
	  FIELD_WORD, FINDING(certainty), WORD(certainty, EFIMAP_CANNOT_TELL) },
	{ "entries", ABOUT("indices of the entries that the finding is about"),
	  FIELD_NUMBER, FIELD_LIST,
	  FINDING_LIST(entries, n_entries) },
	{ "message", ABOUT("the finding, as one sentence without a full stop"),
	  FIELD_TEXT, FINDING(message) },
	{ "first", ABOUT("value in FIRST"), FIELD_TEXT, FIELD_NULL,
	  .parts = FINDING_SIDES, FINDING(first) },
	{ "second", ABOUT("value in SECOND"), FIELD_TEXT, FIELD_NULL,
	  .parts = FINDING_SIDES, FINDING(second) },
	{ "evidence", ABOUT("facts that support the finding"), FIELD_OBJECT, FIELD_LIST,
	  FINDING_LIST(evidence, n_evidence), .of = &evidence_fields },
};
static const struct fields finding_fields = { FIELDS("finding", finding_rows) };

FIELD_GET(get_skipped_rule, struct efimap_skip, text, row[at].rule->name, at < row->n_alike)

static const struct field skip_rows[] = {
	{ "reason", ABOUT("reason why the rules were skipped"), FIELD_TEXT,
	  FIELD_AT(struct efimap_skip, why) },
	{ "rules", ABOUT("rules that were skipped for this reason"), FIELD_TEXT, FIELD_LIST,
	  .get = get_skipped_rule },
};
static const struct fields skip_fields = { FIELDS("skip", skip_rows) };

FIELD_GET(get_start_max, struct efimap_segment, number, row->start_max,
	  row->start_max != row->start)

#define SEGMENT(member) FIELD_AT(struct efimap_segment, member)
static const struct field segment_rows[] = {
	{ "what", ABOUT("content of the segment"), FIELD_WORD, SEGMENT(kind),
	  WORD(segment_kind, EFIMAP_SEGMENT_UNKNOWN) },
	{ "start", ABOUT("lowest possible start address"), FIELD_HEX, SEGMENT(start) },
	{ "start_max",
	  ABOUT("highest possible start address; absent if the start is exact"),
	  FIELD_HEX, FIELD_OMIT, .get = get_start_max },
	{ "end", ABOUT("highest possible address of the last byte"), FIELD_HEX,
	  SEGMENT(end) },
};
static const struct fields segment_fields = { FIELDS("load_segment", segment_rows) };

#define ADVICE(member) FIELD_AT(struct efimap_advice, member)
static const struct field advice_rows[] = {
	{ "command",
	  ABOUT("a command, quoted for a shell, in which KERNEL and INITRD stand for files "
		"that are not known; null if no command applies"),
	  FIELD_TEXT, FIELD_NULL, ADVICE(command) },
	{ "text", ABOUT("advice as one or two sentences, without the last full stop"),
	  FIELD_TEXT, ADVICE(text) },
	{ "then", ABOUT("the answer after following the advice, such as \"will boot with EFI "
			"runtime services\"; null if it was not computed"),
	  FIELD_TEXT, FIELD_NULL, ADVICE(then) },
};
static const struct fields advice_fields = { FIELDS("advice", advice_rows) };

#define ANSWER(member) FIELD_AT(struct efimap_load_answer, member)

static const char *const role_names[] = { "running", "newest", "configured", "given", "assumed" };

/* Return the name of the role number @at in the set @roles, or NULL if the set has fewer roles. */
static const char *find_role(unsigned int roles, size_t at)
{
	for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++)
		if (roles >> i & 1 && at-- == 0)
			return role_names[i];
	return NULL;
}

FIELD_GET(get_role, struct efimap_load_answer, text, find_role(row->kernel.roles, at),
	  find_role(row->kernel.roles, at))

static const struct field answer_kernel_rows[] = {
	{ "release", ABOUT("release of the kernel; null if unknown"), FIELD_TEXT, FIELD_NULL,
	  ANSWER(kernel.release) },
	{ "image", ABOUT("path of the image; null if no image is known"), FIELD_TEXT,
	  FIELD_NULL, ANSWER(kernel.image) },
	{ "roles",
	  ABOUT("running: the release of the running kernel; newest: no installed kernel is "
		"newer; configured: the kdump service is configured to load it; given: an option "
		"names it; assumed: no image is known, so a kernel like the running one is "
		"assumed"),
	  FIELD_TEXT, FIELD_LIST, .get = get_role },
};
static const struct fields answer_kernel_fields = { FIELDS("load_kernel", answer_kernel_rows) };

FIELD_GET(get_state, struct efimap_load_answer, number, row->state,
	  row->question == EFIMAP_QUESTION_KDUMP)
FIELD_GET(get_answer_rule, struct efimap_load_answer, text,
	  efimap_rule_get(row->rules[at])->name, at < row->n_rules)

#define ABOUT_CERTAINTY                                                                        \
	ABOUT("will: the fault and its effect are certain; may: the fault is certain, but its "  \
	      "effect is a matter of chance, or the outcome none depends on something that no "   \
	      "file shows; unknown: data that affects the outcome was not read")

static const struct field answer_rows[] = {
	{ "question",
	  ABOUT("kexec: whether the next kernel will boot with EFI; kdump: whether the crash "
		"kernel will boot with EFI"),
	  FIELD_WORD, ANSWER(question), WORD(question, EFIMAP_QUESTION_KDUMP) },
	{ "state",
	  ABOUT("for kdump, what a panic would start now; not-reserved: crashkernel= is given, "
		"but no memory is reserved; not-configured: crashkernel= is not given"),
	  FIELD_WORD, FIELD_OMIT, .get = get_state, WORD(kdump_state, EFIMAP_KDUMP_UNKNOWN) },
	{ "kernel", ABOUT("kernel that is loaded"), FIELD_OBJECT,
	  .of = &answer_kernel_fields },
	{ "loader", ABOUT("system call that loads the kernel; any: the answer is not "
		"specific to one system call"),
	  FIELD_WORD, ANSWER(loader), WORD(loader_option, EFIMAP_LOADER_ANY) },
	{ "outcome", ABOUT("outcome of the load; for kdump, even if no crash kernel is loaded"),
	  FIELD_WORD, ANSWER(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT) },
	{ "certainty", ABOUT_CERTAINTY, FIELD_WORD, ANSWER(certainty),
	  WORD(certainty, EFIMAP_CANNOT_TELL) },
	{ "answer", ABOUT("answer as one sentence"), FIELD_TEXT, ANSWER(answer) },
	{ "advice", ABOUT("advice for a better outcome; null if there is none"), FIELD_OBJECT,
	  FIELD_POINTER | FIELD_NULL, ANSWER(advice), .of = &advice_fields },
	{ "segments",
	  ABOUT("ranges in which the loader places the segments; empty if they were not "
		"computed"),
	  FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct efimap_load_answer, segments, n_segments),
	  .of = &segment_fields },
	{ "rules", ABOUT("rule ids of the findings that decide the outcome"), FIELD_TEXT,
	  FIELD_LIST, .get = get_answer_rule },
	{ "unseen", ABOUT("data that was not read, but may change the outcome"), FIELD_TEXT,
	  FIELD_LIST, FIELD_LIST_AT(struct efimap_load_answer, unseen, n_unseen) },
};
const struct fields efimap_load_answer_fields = { FIELDS("load_answer", answer_rows) };

#define REPORT(member) FIELD_AT(struct efimap_report, member)
#define REPORT_LIST(member, count) FIELD_LIST_AT(struct efimap_report, member, count)
static const struct field counts_rows[] = {
	{ "error", ABOUT("number of errors"), FIELD_NUMBER,
	  REPORT(counts[EFIMAP_ERROR]) },
	{ "warning", ABOUT("number of warnings"),
	  FIELD_NUMBER, REPORT(counts[EFIMAP_WARNING]) },
	{ "note", ABOUT("number of notes"), FIELD_NUMBER, REPORT(counts[EFIMAP_NOTE]) },
};
static const struct fields counts_fields = { FIELDS("counts", counts_rows) };

FIELD_GET(get_report_verdict, struct efimap_report, number, efimap_verdict_of(row), true)
FIELD_GET(get_report_reason, struct efimap_report, text, efimap_reason_of(row),
	  *efimap_reason_of(row))

/* Get the first of the skipped rules that share the next reason. */
static bool get_skipped(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_report *report = record;
	const size_t first = (size_t)ret_value->place;

	if (first >= report->n_skipped)
		return false;
	ret_value->record = &report->skipped[first];
	ret_value->place += report->skipped[first].n_alike;
	return true;
}

static const struct field report_rows[] = {
	{ "outcome",
	  ABOUT("worst outcome of the answers, or of the findings if there are no answers"),
	  FIELD_WORD, REPORT(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT),
	  .parts = REPORT_OUTCOME },
	{ "certainty",
	  ABOUT("will: the captures show the outcome; may: a deciding fact is unknown"),
	  FIELD_WORD, REPORT(certainty), WORD(certainty, EFIMAP_CANNOT_TELL),
	  .parts = REPORT_CERTAINTY },
	{ "answers", ABOUT("answers: one for each question about each kernel, or two if the "
		"system calls have different outcomes"),
	  FIELD_OBJECT, FIELD_LIST, REPORT_LIST(answers, n_answers),
	  .of = &efimap_load_answer_fields, .parts = REPORT_LOADS },
	{ "answer", ABOUT("answer as one sentence"), FIELD_TEXT, REPORT(answer),
	  .parts = REPORT_ANSWER },
	{ "verdict",
	  ABOUT("pass: no error, no warning, and no unknown answer; warn: a warning; fail: an "
		"error, or an outcome that is runtime-services-fail or worse, or --for=kdump "
		"was given and no crash kernel is loaded; incomplete: an answer is unknown; "
		"denied: permission to read a source was denied, so findings may be missing; "
		"unreadable: a source is malformed, so findings may be missing; "
		"not-applicable: booted without EFI"),
	  FIELD_WORD, .get = get_report_verdict, WORD(verdict, EFIMAP_VERDICT_UNREADABLE),
	  .parts = REPORT_VERDICT },
	{ "reason",
	  ABOUT("reason why no rule was checked, or the missing data; absent otherwise"),
	  FIELD_TEXT, FIELD_OMIT, .get = get_report_reason, .parts = REPORT_VERDICT },
	{ "counts", ABOUT("number of findings by severity"), FIELD_OBJECT, .of = &counts_fields,
	  .parts = REPORT_COUNTS },
	{ "findings", ABOUT("findings, errors first"), FIELD_OBJECT, FIELD_LIST,
	  REPORT_LIST(findings, n_findings), .of = &finding_fields,
	  .of_parts = FINDING_ALONE, .parts = REPORT_FINDINGS },
	{ "findings",
	  ABOUT("findings, errors first; their entry numbers are those of FIRST, or of "
		"SECOND for drift-extra"),
	  FIELD_OBJECT, FIELD_LIST, REPORT_LIST(findings, n_findings),
	  .of = &finding_fields, .of_parts = FINDING_SIDES, .parts = REPORT_SIDES },
	{ "skipped", ABOUT("rules that could not be checked, by reason"), FIELD_OBJECT, FIELD_LIST,
	  .get = get_skipped, .of = &skip_fields, .parts = REPORT_SKIPPED },
};
const struct fields efimap_report_fields = { FIELDS("report", report_rows) };
