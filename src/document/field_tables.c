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

FIELD_GET(get_type_name, struct map_entry, text,
	  memory_type_name(row->type, ret_value->buffer.text), true)

/* ret_value->place contains the bits whose names are still to be loaded. */
static bool get_attribute_name(const void *record, size_t at, struct field_value *ret_value)
{
	if (at == 0)
		ret_value->place = ((const struct map_entry *)record)->attribute;
	ret_value->text = attr_next_name(&ret_value->place, ret_value->buffer.text);
	return ret_value->text;
}

static bool get_phys_end(const void *record, size_t at, struct field_value *ret_value)
{
	struct span span;

	if (entry_phys(record, &span))
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
	const struct map_entry *entry = record;

	return !__builtin_mul_overflow(entry->pages, EFIMAP_PAGE_SIZE, &ret_value->number) &&
	       ret_value->number <= MAX_JSON_NUMBER;
}

FIELD_GET(get_virt, struct map_entry, number, row->virt, row->virt_from != EFIMAP_VIRT_UNKNOWN)
FIELD_GET(get_virt_predicted, struct map_entry, number, row->virt_from == EFIMAP_VIRT_PREDICTED,
	  row->virt_from != EFIMAP_VIRT_READ)

#define ENTRY(member) FIELD_AT(struct map_entry, member)
static const struct field entry_rows[] = {
	{ "index", FIELD_NUMBER, ENTRY(index), .max = MAX_INDEX },
	{ "type", FIELD_HEX, ENTRY(type) },
	{ "type_name", FIELD_TEXT, .get = get_type_name },
	{ "attribute", FIELD_HEX, ENTRY(attribute) },
	{ "attribute_names", FIELD_TEXT, FIELD_LIST, .get = get_attribute_name },
	{ "phys_addr", FIELD_HEX, ENTRY(phys) },
	{ "phys_end", FIELD_HEX, .get = get_phys_end, .flags = FIELD_NULL },
	{ "virt_addr", FIELD_HEX, FIELD_NULL, ENTRY(virt), .get = get_virt },
	{ "virt_addr_predicted", FIELD_BOOL, FIELD_OMIT, .get = get_virt_predicted },
	{ "num_pages", FIELD_HEX, ENTRY(pages) },
	{ "size", FIELD_NUMBER, FIELD_NULL, .get = get_size },
};
const struct fields entry_fields = { FIELDS("entry", entry_rows), .is_selectable = true };

#define INFO(member) FIELD_AT(struct efi_info, member)
static const struct field efi_info_rows[] = {
	{ "signature", FIELD_CHARS, INFO(signature) },
	{ "systab", FIELD_HEX, INFO(systab) },
	{ "desc_size", FIELD_HEX, INFO(desc_size) },
	{ "desc_version", FIELD_NUMBER, INFO(desc_version) },
	{ "memmap", FIELD_HEX, INFO(memmap) },
	{ "memmap_size", FIELD_HEX, INFO(memmap_size) },
};
const struct fields efi_info_fields = { FIELDS("efi_info", efi_info_rows) };

#define PAYLOAD(member) FIELD_AT(struct efi_payload, member)
static const struct field efi_payload_rows[] = {
	{ "fw_vendor", FIELD_HEX, PAYLOAD(fw_vendor) },
	{ "runtime", FIELD_HEX, PAYLOAD(runtime) },
	{ "tables", FIELD_HEX, PAYLOAD(tables) },
	{ "smbios", FIELD_HEX, PAYLOAD(smbios) },
};
const struct fields efi_payload_fields = { FIELDS("payload", efi_payload_rows) };

#define MAP(member) FIELD_AT(struct efimap, member)
#define MAP_LIST(member, count) FIELD_LIST_AT(struct efimap, member, count)
FIELD_GET(get_booted_by, struct efimap, number, find_booted_by(row), true)
FIELD_GET(get_release, struct efimap, text, row->release.text,
	  capture_has(row, EFIMAP_SRC_VERSION) || *row->release.text)
FIELD_GET(get_cmdline, struct efimap, text, row->cmdline,
	  capture_has(row, EFIMAP_SRC_CMDLINE) || *row->cmdline)
FIELD_GET(get_phys_bits, struct efimap, number, row->phys_bits,
	  capture_has(row, EFIMAP_SRC_CPUINFO))

static const struct field kernel_rows[] = {
	{ "release", FIELD_TEXT, FIELD_NULL, .get = get_release },
	{ "booted_by", FIELD_WORD, .get = get_booted_by, WORD(booted_by, EFIMAP_BOOTED_BY_KEXEC) },
};
const struct fields kernel_fields = { FIELDS("kernel", kernel_rows) };

FIELD_GET(get_initrd_size, struct installed_kernel, number, row->initrd_size, row->has_initrd_size)

#define KERNEL(member) FIELD_AT(struct installed_kernel, member)
#define HEADER(member) KERNEL(header.member)
static const struct field installed_kernel_rows[] = {
	{ "image", FIELD_TEXT, HEADER(name) },
	{ "release", FIELD_CHARS, FIELD_NULL, HEADER(release) },
	{ "size", FIELD_NUMBER, KERNEL(size) },
	{ "min_size", FIELD_NUMBER, HEADER(file_size) },
	{ "unified", FIELD_BOOL, KERNEL(is_unified) },
	{ "crash", FIELD_BOOL, KERNEL(is_crash) },
	{ "loaded", FIELD_BOOL, KERNEL(is_loaded) },
	{ "protocol", FIELD_HEX, HEADER(version) },
	{ "init_size", FIELD_HEX, HEADER(init_size) },
	{ "pref_address", FIELD_HEX, HEADER(pref_address) },
	{ "alignment", FIELD_HEX, HEADER(alignment) },
	{ "relocatable", FIELD_BOOL, HEADER(is_relocatable) },
	{ "xloadflags", FIELD_HEX, HEADER(xloadflags) },
	{ "setup_size", FIELD_HEX, HEADER(setup_size) },
	{ "initrd", FIELD_TEXT, FIELD_NULL, KERNEL(initrd) },
	{ "initrd_size", FIELD_NUMBER, FIELD_NULL, KERNEL(initrd_size), .get = get_initrd_size },
};
static const struct fields installed_kernel_fields = {
	FIELDS("installed_kernel", installed_kernel_rows),
};

#define STATE(name, source)                                                                        \
	{                                                                                          \
		name, FIELD_WORD, MAP(states[EFIMAP_SRC_##source]),                                \
			WORD(state, EFIMAP_STATE_MALFORMED)                                        \
	}
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

FIELD_GET(get_unread_denied, struct unread_kernel, number, row->fault.state == EFIMAP_STATE_DENIED,
	  true)

#define UNREAD(member) FIELD_AT(struct unread_kernel, member)
static const struct field unread_kernel_rows[] = {
	{ "image", FIELD_TEXT, FIELD_NULL, UNREAD(image) },
	{ "file", FIELD_TEXT, UNREAD(fault.where) },
	{ "release", FIELD_CHARS, FIELD_NULL, UNREAD(release) },
	{ "crash", FIELD_BOOL, UNREAD(is_crash) },
	{ "setting", FIELD_TEXT, FIELD_NULL, UNREAD(setting) },
	{ "denied", FIELD_BOOL, .get = get_unread_denied },
	{ "message", FIELD_CHARS, UNREAD(fault.text) },
};
static const struct fields unread_kernel_fields = { FIELDS("unread_kernel", unread_kernel_rows) };

static const struct field scratch_rows[] = {
	{ "start", FIELD_HEX, FIELD_AT(struct span, first) },
	{ "end", FIELD_HEX, FIELD_AT(struct span, last) },
};
static const struct fields scratch_fields = { FIELDS("scratch", scratch_rows) };

static bool get_tools_version(const void *record, size_t at, struct field_value *ret_value)
{
	const struct version *tools = &((const struct kexec_state *)record)->tools;

	snprintf(ret_value->buffer.text, sizeof(ret_value->buffer.text), "%u.%u.%u", tools->major,
		 tools->minor, tools->patch);
	ret_value->text = ret_value->buffer.text;
	return tools->major != 0;
}

FIELD_GET(get_scratch, struct kexec_state, record, &row->scratch[at], at < row->n_scratch)
/* Define a get function for a single value, which is null if it is unknown. */
#define VALUE_GET(name, id, has_value)                                                             \
	FIELD_GET(name, struct kexec_state, number, (uint64_t)row->values[id].number,              \
		  row->values[id].is_known && (has_value))

VALUE_GET(get_loaded, EFIMAP_VALUE_LOADED, true)
VALUE_GET(get_crash_loaded, EFIMAP_VALUE_CRASH_LOADED, true)
VALUE_GET(get_crash_size, EFIMAP_VALUE_CRASH_SIZE, true)
VALUE_GET(get_load_disabled, EFIMAP_VALUE_LOAD_DISABLED, true)
VALUE_GET(get_reboot_limit, EFIMAP_VALUE_REBOOT_LIMIT, true)
VALUE_GET(get_panic_limit, EFIMAP_VALUE_PANIC_LIMIT, true)
VALUE_GET(get_elfcorehdr_size, EFIMAP_VALUE_ELFCOREHDR_SIZE,
	  row->values[EFIMAP_VALUE_ELFCOREHDR_SIZE].number > 0)
VALUE_GET(get_cpus_possible, EFIMAP_VALUE_CPUS_POSSIBLE, true)
FIELD_GET(get_cma_total, struct kexec_state, number, row->cma_total,
	  row->has_cma_total || row->lacks_cma_total)

#define KEXEC(member) FIELD_AT(struct kexec_state, member)
/* A member of type enum known, which is written as true, false or null. */
#define KNOWN(member) FIELD_BOOL, FIELD_NULL, KEXEC(member), .min = EFIMAP_KNOWN_NO
static const struct field kexec_state_rows[] = {
	{ "tools_version", FIELD_TEXT, FIELD_NULL, .get = get_tools_version },
	{ "tools_installed", KNOWN(has_tools) },
	{ "loaded", FIELD_BOOL, FIELD_NULL, .get = get_loaded },
	{ "crash_loaded", FIELD_BOOL, FIELD_NULL, .get = get_crash_loaded },
	{ "crash_size", FIELD_NUMBER, FIELD_NULL, .get = get_crash_size },
	{ "load_disabled", FIELD_BOOL, FIELD_NULL, .get = get_load_disabled },
	{ "load_limit_reboot", FIELD_NUMBER, FIELD_NULL | FIELD_MINUS_ONE, .get = get_reboot_limit,
	  .max = INT32_MAX },
	{ "load_limit_panic", FIELD_NUMBER, FIELD_NULL | FIELD_MINUS_ONE, .get = get_panic_limit,
	  .max = INT32_MAX },
	{ "lockdown", FIELD_WORD, FIELD_NULL, KEXEC(lockdown),
	  WORD(lockdown, EFIMAP_LOCKDOWN_CONFIDENTIALITY), .min = EFIMAP_LOCKDOWN_NONE },
	{ "kexec_load", KNOWN(config.options[EFIMAP_CONFIG_KEXEC]) },
	{ "kexec_file_load", KNOWN(config.options[EFIMAP_CONFIG_KEXEC_FILE]) },
	{ "cma_total", FIELD_NUMBER, FIELD_NULL, KEXEC(cma_total), .get = get_cma_total },
	{ "kho", KNOWN(kho) },
	{ "kho_scratch", FIELD_OBJECT, FIELD_LIST, .get = get_scratch, .of = &scratch_fields },
	{ "crash_elfcorehdr_size", FIELD_NUMBER, FIELD_NULL, .get = get_elfcorehdr_size },
	{ "cpus_possible", FIELD_NUMBER, FIELD_NULL, .get = get_cpus_possible, .max = UINT32_MAX },
	{ "crash_service", FIELD_WORD, FIELD_NULL, KEXEC(crash.service),
	  WORD(crash_service, EFIMAP_CRASH_SERVICE_SUSE),
	  .min = EFIMAP_CRASH_SERVICE_KDUMP_CONFIG },
};
static const struct fields kexec_state_fields = { FIELDS("kexec_state", kexec_state_rows) };

static const struct field cpu_rows[] = {
	{ "physical_bits", FIELD_NUMBER, FIELD_NULL, .get = get_phys_bits, .min = 32, .max = 64 },
	{ "no_gib_pages", FIELD_BOOL, FIELD_OMIT, MAP(no_gib_pages) },
	{ "kernel_32bit", FIELD_BOOL, FIELD_OMIT, MAP(kernel_32bit) },
	{ "la57", FIELD_BOOL, FIELD_OMIT, MAP(la57) },
};
static const struct fields cpu_fields = { FIELDS("cpu", cpu_rows) };

#define FAULT(member) FIELD_AT(struct capture_fault, member)
static const struct field fault_rows[] = {
	{ "source", FIELD_WORD, FAULT(source), WORD(source, EFIMAP_SRC_COUNT - 1) },
	{ "kind", FIELD_WORD, FAULT(state), WORD(fault_state, EFIMAP_STATE_LINES_IGNORED) },
	{ "index", FIELD_NUMBER, FIELD_NULL, FAULT(index), .max = MAX_INDEX,
	  .none = EFIMAP_NO_INDEX },
	{ "line", FIELD_NUMBER, FAULT(line) },
	{ "path", FIELD_TEXT, FAULT(where) },
	{ "message", FIELD_CHARS, FAULT(text) },
};
static const struct fields fault_fields = { FIELDS("fault", fault_rows) };

FIELD_GET(get_mapping, struct efimap, number, mapping_mode(row), true)

FIELD_GET(get_cpu, struct efimap, record, row, capture_has(row, EFIMAP_SRC_CPUINFO))
FIELD_GET(get_kexec, struct efimap, record, row->kexec, capture_has(row, EFIMAP_SRC_KEXEC))

/* Facts that are derived from the files of a capture. A snapshot contains only the files. */
static const struct field facts_rows[] = {
	{ "mapping", FIELD_WORD, .get = get_mapping, WORD(mapping, EFIMAP_MAPPING_MIXED) },
	{ .kind = FIELD_INLINE, .of = &kernel_fields },
	{ "cmdline", FIELD_TEXT, FIELD_NULL, .get = get_cmdline },
	{ "cpu", FIELD_OBJECT, FIELD_NULL, MAP(phys_bits), .get = get_cpu, .of = &cpu_fields },
	{ "tables", FIELD_PAIRS, MAP_LIST(tables, n_tables) },
	{ "kernels", FIELD_OBJECT, FIELD_LIST, MAP_LIST(kernels, n_kernels),
	  .of = &installed_kernel_fields },
	{ "unread_kernels", FIELD_OBJECT, FIELD_LIST, MAP_LIST(unread_kernels, n_unread_kernels),
	  .of = &unread_kernel_fields },
	{ "kexec", FIELD_OBJECT, FIELD_NULL, .get = get_kexec, .of = &kexec_state_fields },
	{ "states", FIELD_OBJECT, .of = &states_fields },
	{ "faults", FIELD_OBJECT, FIELD_LIST, MAP_LIST(faults, n_faults), .of = &fault_fields },
};
const struct fields facts_fields = { FIELDS("facts", facts_rows) };

#define EVIDENCE(member) FIELD_AT(struct evidence, member)
static const struct field evidence_rows[] = {
	{ "source", FIELD_TEXT, EVIDENCE(source) },
	{ "value", FIELD_TEXT, EVIDENCE(value) },
};
static const struct fields evidence_fields = { FIELDS("evidence", evidence_rows) };

FIELD_GET(get_finding_rule, struct finding, text, row->rule->name, true)

/* Get the position of an answer that a finding concerns. */
static bool get_answer_number(const void *record, size_t at, struct field_value *ret_value)
{
	const struct finding *finding = record;

	for (unsigned int i = 0; i < 64; i++) {
		if (!(finding->answers >> i & 1) || at-- > 0)
			continue;
		ret_value->number = i;
		return true;
	}
	return false;
}

#define FINDING(member) FIELD_AT(struct finding, member)
#define FINDING_LIST(member, count) FIELD_LIST_AT(struct finding, member, count)
static const struct field finding_rows[] = {
	{ "rule", FIELD_TEXT, .get = get_finding_rule },
	{ "severity", FIELD_WORD, FINDING(severity), .word = severity_name,
	  .n_words = EFIMAP_ERROR + 1 },
	{ "outcome", FIELD_WORD, FINDING(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT),
	  .parts = FINDING_ALONE | FINDING_SIDES },
	{ "outcome", FIELD_WORD, FINDING(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT),
	  .parts = FINDING_ANSWERS },
	{ "certainty", FIELD_WORD, FINDING(certainty), WORD(certainty, EFIMAP_UNKNOWN) },
	{ "answers", FIELD_NUMBER, FIELD_LIST, .get = get_answer_number, .parts = FINDING_ANSWERS },
	{ "entries", FIELD_NUMBER, FIELD_LIST, FINDING_LIST(entries, n_entries) },
	{ "message", FIELD_TEXT, FINDING(message) },
	{ "first", FIELD_TEXT, FIELD_NULL, .parts = FINDING_SIDES, FINDING(first) },
	{ "second", FIELD_TEXT, FIELD_NULL, .parts = FINDING_SIDES, FINDING(second) },
	{ "evidence", FIELD_OBJECT, FIELD_LIST, FINDING_LIST(evidence, n_evidence),
	  .of = &evidence_fields },
};
static const struct fields finding_fields = { FIELDS("finding", finding_rows) };

FIELD_GET(get_start_max, struct load_segment, number, row->start_max, row->start_max != row->start)

#define SEGMENT(member) FIELD_AT(struct load_segment, member)
static const struct field segment_rows[] = {
	{ "what", FIELD_WORD, SEGMENT(kind), WORD(segment_kind, EFIMAP_SEGMENT_UNKNOWN) },
	{ "start", FIELD_HEX, SEGMENT(start) },
	{ "start_max", FIELD_HEX, FIELD_OMIT, .get = get_start_max },
	{ "end", FIELD_HEX, SEGMENT(end) },
};
static const struct fields segment_fields = { FIELDS("load_segment", segment_rows) };

FIELD_GET(get_advice_text, struct advice, text,
	  row->text ? row->text : "Run efimapctl verify on the machine", true)

#define ADVICE(member) FIELD_AT(struct advice, member)
static const struct field advice_rows[] = {
	{ "command", FIELD_TEXT, FIELD_NULL, ADVICE(command) },
	{ "text", FIELD_TEXT, .get = get_advice_text },
	{ "then", FIELD_TEXT, FIELD_NULL, ADVICE(then) },
};
static const struct fields advice_fields = { FIELDS("advice", advice_rows) };

#define ANSWER(member) FIELD_AT(struct load_answer, member)

static const char *const role_names[] = { "running", "newest", "configured", "given", "assumed" };

/* Return the name of the role number @at in the set @roles, or NULL if the set has fewer roles. */
static const char *find_role(unsigned int roles, size_t at)
{
	for (size_t i = 0; i < sizeof(role_names) / sizeof(role_names[0]); i++)
		if (roles >> i & 1 && at-- == 0)
			return role_names[i];
	return NULL;
}

FIELD_GET(get_role, struct load_answer, text, find_role(row->kernel.roles, at),
	  find_role(row->kernel.roles, at))

static const struct field answer_kernel_rows[] = {
	{ "release", FIELD_TEXT, FIELD_NULL, ANSWER(kernel.release) },
	{ "image", FIELD_TEXT, FIELD_NULL, ANSWER(kernel.image) },
	{ "roles", FIELD_TEXT, FIELD_LIST, .get = get_role },
};
static const struct fields answer_kernel_fields = { FIELDS("load_kernel", answer_kernel_rows) };

FIELD_GET(get_state, struct load_answer, number, row->state, row->question == EFIMAP_QUESTION_KDUMP)
FIELD_GET(get_severity, struct load_answer, number, word_severity(row->word), true)
FIELD_GET(get_outcome, struct load_answer, number, effects_outcome(row->range), row->is_judged)
FIELD_GET(get_certainty, struct load_answer, number,
	  row->is_judged ? effects_certainty(row->range) : EFIMAP_UNKNOWN,
	  !row->is_judged || effects_certainty(row->range) != EFIMAP_CERTAIN ||
		  effects_outcome(row->range) != EFIMAP_OUTCOME_NONE)
FIELD_GET(get_reason_rule, struct answer_reason, text, row->rule->name, true)

#define REASON(member) FIELD_AT(struct answer_reason, member)
static const struct field reason_rows[] = {
	{ "rule", FIELD_TEXT, .get = get_reason_rule },
	{ "outcome", FIELD_WORD, REASON(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT) },
	{ "certainty", FIELD_WORD, REASON(certainty), WORD(certainty, EFIMAP_UNKNOWN) },
	{ "text", FIELD_TEXT, REASON(text) },
};
static const struct fields reason_fields = { FIELDS("reason", reason_rows) };

#define LACKING(member) FIELD_AT(struct lacking, member)
static const struct field lacking_rows[] = {
	{ "source", FIELD_TEXT, LACKING(source) },
	{ "reason", FIELD_WORD, LACKING(reason), WORD(lacking_reason, EFIMAP_LACKING_UNREADABLE) },
};
static const struct fields lacking_fields = { FIELDS("lacking", lacking_rows) };

FIELD_GET(get_more, struct form_line, number, row->n_more, row->n_more)

#define LINE(member) FIELD_AT(struct form_line, member)
static const struct field line_rows[] = {
	{ "label", FIELD_WORD, LINE(label), WORD(form_label, EFIMAP_LABEL_KERNEL) },
	{ "text", FIELD_TEXT, LINE(text) },
	{ "rule", FIELD_TEXT, FIELD_OMIT, LINE(rule) },
	{ "more", FIELD_NUMBER, FIELD_OMIT, .get = get_more },
	{ "command", FIELD_BOOL, LINE(is_command) },
};
static const struct fields line_fields = { FIELDS("form_line", line_rows) };

static const struct field answer_rows[] = {
	{ "question", FIELD_WORD, ANSWER(question), WORD(question, EFIMAP_QUESTION_KDUMP) },
	{ "word", FIELD_WORD, ANSWER(word), WORD(word, EFIMAP_WORD_OK) },
	{ "severity", FIELD_WORD, .get = get_severity,
	  WORD(word_severity, EFIMAP_WORD_IS_UNKNOWN) },
	{ "counts", FIELD_BOOL, ANSWER(counts) },
	{ "sentence", FIELD_TEXT, ANSWER(form.sentence) },
	{ "state", FIELD_WORD, FIELD_OMIT, .get = get_state,
	  WORD(kdump_state, EFIMAP_KDUMP_UNKNOWN) },
	{ "kernel", FIELD_OBJECT, .of = &answer_kernel_fields },
	{ "loader", FIELD_WORD, ANSWER(loader), WORD(loader_option, EFIMAP_LOADER_ANY) },
	{ "lines", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct load_answer, form.lines, form.n_lines), .of = &line_fields },
	{ "lacking", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct load_answer, lacking, n_lacking), .of = &lacking_fields },
	{ "advice", FIELD_OBJECT, FIELD_POINTER | FIELD_NULL, ANSWER(advice),
	  .of = &advice_fields },
	{ "segments", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct load_answer, segments, n_segments), .of = &segment_fields },
	{ "outcome", FIELD_WORD, FIELD_NULL, .get = get_outcome,
	  WORD(outcome, EFIMAP_OUTCOME_NO_BOOT) },
	{ "certainty", FIELD_WORD, FIELD_NULL, .get = get_certainty,
	  WORD(certainty, EFIMAP_UNKNOWN) },
	{ "reasons", FIELD_OBJECT, FIELD_LIST,
	  FIELD_LIST_AT(struct load_answer, reasons, n_reasons), .of = &reason_fields },
};
const struct fields load_answer_fields = { FIELDS("load_answer", answer_rows) };

#define REPORT(member) FIELD_AT(struct report, member)
#define REPORT_LIST(member, count) FIELD_LIST_AT(struct report, member, count)
static const struct field counts_rows[] = {
	{ "error", FIELD_NUMBER, REPORT(counts[EFIMAP_ERROR]) },
	{ "warning", FIELD_NUMBER, REPORT(counts[EFIMAP_WARNING]) },
	{ "note", FIELD_NUMBER, REPORT(counts[EFIMAP_NOTE]) },
};
static const struct fields counts_fields = { FIELDS("counts", counts_rows) };

FIELD_GET(get_report_verdict, struct report, number, report_verdict(row), true)
FIELD_GET(get_unchecked, struct report, text, row->unchecked, at == 0 && *row->unchecked)
FIELD_GET(get_report_reason, struct report, text, reason_of_report(row), *reason_of_report(row))

#define MACHINE(member) FIELD_AT(struct report, machine.member)
static const struct field machine_rows[] = {
	{ "firmware", FIELD_TEXT, MACHINE(firmware) },
	{ "secure_boot", FIELD_TEXT, MACHINE(secure_boot) },
	{ "lockdown", FIELD_TEXT, MACHINE(lockdown) },
	{ "booted_by", FIELD_TEXT, MACHINE(booted_by) },
	{ "kernel", FIELD_TEXT, FIELD_NULL, MACHINE(kernel) },
};
static const struct fields machine_fields = { FIELDS("machine", machine_rows) };

FIELD_GET(get_kexec_word, struct report, number, row->words[EFIMAP_QUESTION_KEXEC],
	  row->words[EFIMAP_QUESTION_KEXEC] < EFIMAP_WORD_COUNT)
FIELD_GET(get_kdump_word, struct report, number, row->words[EFIMAP_QUESTION_KDUMP],
	  row->words[EFIMAP_QUESTION_KDUMP] < EFIMAP_WORD_COUNT)

/* The worst word of each question */
static const struct field words_rows[] = {
	{ "kexec", FIELD_WORD, FIELD_OMIT, .get = get_kexec_word, WORD(word, EFIMAP_WORD_OK) },
	{ "kdump", FIELD_WORD, FIELD_OMIT, .get = get_kdump_word, WORD(word, EFIMAP_WORD_OK) },
};
static const struct fields words_fields = { FIELDS("words", words_rows) };

static const struct field report_rows[] = {
	{ "outcome", FIELD_WORD, REPORT(outcome), WORD(outcome, EFIMAP_OUTCOME_NO_BOOT),
	  .parts = REPORT_OUTCOME },
	{ "certainty", FIELD_WORD, REPORT(certainty), WORD(certainty, EFIMAP_UNKNOWN),
	  .parts = REPORT_CERTAINTY },
	{ "verdict", FIELD_WORD, .get = get_report_verdict,
	  WORD(verdict, EFIMAP_VERDICT_UNREADABLE), .parts = REPORT_VERDICT },
	{ "reason", FIELD_TEXT, FIELD_OMIT, .get = get_report_reason, .parts = REPORT_VERDICT },
	{ "machine", FIELD_OBJECT, .of = &machine_fields, .parts = REPORT_LOADS },
	{ "words", FIELD_OBJECT, .of = &words_fields, .parts = REPORT_LOADS },
	{ "answers", FIELD_OBJECT, FIELD_LIST, REPORT_LIST(answers, n_answers),
	  .of = &load_answer_fields, .parts = REPORT_LOADS },
	{ "answer", FIELD_TEXT, REPORT(answer), .parts = REPORT_ANSWER },
	{ "unseen", FIELD_TEXT, FIELD_LIST, .get = get_unchecked, .parts = REPORT_CERTAINTY },
	{ "counts", FIELD_OBJECT, .of = &counts_fields, .parts = REPORT_COUNTS },
	{ "findings", FIELD_OBJECT, FIELD_LIST, REPORT_LIST(findings, n_findings),
	  .of = &finding_fields, .of_parts = FINDING_ALONE, .parts = REPORT_FINDINGS },
	{ "findings", FIELD_OBJECT, FIELD_LIST, REPORT_LIST(findings, n_findings),
	  .of = &finding_fields, .of_parts = FINDING_ANSWERS, .parts = REPORT_ANSWERED },
	{ "findings", FIELD_OBJECT, FIELD_LIST, REPORT_LIST(findings, n_findings),
	  .of = &finding_fields, .of_parts = FINDING_SIDES, .parts = REPORT_SIDES },
};
const struct fields report_fields = { FIELDS("report", report_rows) };
