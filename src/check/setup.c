/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The rules on setup_data nodes and efi_info, as plain structs. Knows no capture: decode
 * judges bytes with them too.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>

#include "check/setup.h"
#include "emulate/handover.h"
#include "model/boot_params.h"

/* A chain of any length has one finding a rule and kind; more would say the same. */
struct judge {
	const struct efimap_setup *setup;
	struct efimap_report *report;
	int error;
};

__attribute__((format(printf, 7, 8)))
static void say(struct judge *j, enum efimap_rule_id rule, enum efimap_severity severity,
		enum efimap_consequence consequence, const char *source, uint64_t value,
		const char *fmt, ...)
{
	struct efimap_finding *finding;
	const char *message;
	va_list args;

	if (j->error)
		return;
	va_start(args, fmt);
	message = efimap_arena_vprintf(&j->report->arena, fmt, args);
	va_end(args);
	j->error = message ? efimap_report_add(j->report, rule, severity, consequence,
					       &finding) :
			     -ENOMEM;
	if (!j->error)
		j->error = efimap_finding_set_message(j->report, finding, "%s", message);
	if (!j->error)
		j->error = efimap_finding_add_evidence(j->report, finding, source,
						       "0x%" PRIx64, value);
}

static void say_usual(struct judge *j, enum efimap_rule_id rule, const char *source,
		      uint64_t value, const char *message)
{
	const struct efimap_rule *data = efimap_rule_get(rule);

	say(j, rule, data->severity, data->consequence, source, value, "%s", message);
}

static void length(struct judge *j, const struct efimap_setup_node *node)
{
	const bool cut = node->len < EFIMAP_EFI_PAYLOAD_FIELDS;

	if (node->len == EFIMAP_EFI_PAYLOAD_SIZE)
		return;
	say(j, EFIMAP_RULE_SETUP_DATA_EFI_LEN, cut ? EFIMAP_ERROR : EFIMAP_WARNING,
	    cut ? EFIMAP_CONSEQ_NO_BOOT : EFIMAP_CONSEQ_NONE, "setup_data.len", node->len,
	    "the setup_data node of type 4 has %" PRIu64 " bytes, %d are expected%s",
	    node->len, EFIMAP_EFI_PAYLOAD_SIZE,
	    cut ? ": not all addresses are there" : "");
}

static void payload(struct judge *j, const struct efimap_setup_node *node)
{
	struct efimap_efi_payload payload;

	if (node->payload_size < EFIMAP_EFI_PAYLOAD_FIELDS)
		return;
	efimap_efi_payload_decode(node->payload, &payload);
	if (payload.tables == 0)
		say_usual(j, EFIMAP_RULE_SETUP_DATA_TABLES_ZERO, "setup_data.tables", 0,
			  "setup_data has no configuration table");
	if (payload.fw_vendor == 0)
		say_usual(j, EFIMAP_RULE_SETUP_DATA_VENDOR_ZERO, "setup_data.fw_vendor", 0,
			  "setup_data has no fw_vendor");
	for (uint32_t i = EFIMAP_EFI_PAYLOAD_FIELDS; i < node->payload_size; i++) {
		if (node->payload[i] == 0)
			continue;
		say_usual(j, EFIMAP_RULE_SETUP_DATA_RESERVED, "setup_data.reserved",
			  node->payload[i], "reserved bytes of setup_data are set");
		return;
	}
}

static void nodes(struct judge *j)
{
	const struct efimap_setup_node *last = NULL;
	size_t found = 0;

	for (size_t i = 0; i < j->setup->n_nodes; i++) {
		if (j->setup->nodes[i].type != EFIMAP_SETUP_EFI)
			continue;
		last = &j->setup->nodes[i];
		found++;
	}
	if (found > 1)
		say_usual(j, EFIMAP_RULE_SETUP_DATA_EFI_DUP, "setup_data", found,
			  "there are several setup_data nodes of type 4: the kernel takes "
			  "the last, its decompressor the first");
	if (last) {
		length(j, last);
		payload(j, last);
	} else if (j->setup->is_kexec && j->setup->info && j->setup->info->memmap_size) {
		say_usual(j, EFIMAP_RULE_SETUP_DATA_NO_EFI, "setup_data", 0,
			  "an EFI memory map was handed over, but no setup_data node of "
			  "type 4");
	}
}

static bool is_signed(const struct efimap_efi_info *info, const char *signature)
{
	for (size_t i = 0; i < sizeof(info->signature) - 1; i++)
		if (info->signature[i] != signature[i])
			return false;
	return true;
}

/* x86 has other checks for a boot without EFI, in which all of it is zero. */
static bool is_empty(const struct efimap_efi_info *info)
{
	return info->memmap_size == 0 && info->memmap == 0 && info->systab == 0;
}

static void addresses(struct judge *j, const struct efimap_efi_info *info)
{
	if (!is_signed(info, "EL64") && !is_signed(info, "EL32"))
		say_usual(j, EFIMAP_RULE_EFI_INFO_SIGNATURE, "efi_info.signature",
			  (unsigned char)info->signature[0],
			  "the signature of efi_info is neither EL64 nor EL32");
	if (info->desc_version != 1)
		say_usual(j, EFIMAP_RULE_EFI_INFO_VERSION, "efi_info.desc_version",
			  info->desc_version, "the descriptor version is not 1");
	if (info->systab == 0)
		say_usual(j, EFIMAP_RULE_EFI_INFO_ADDR_ZERO, "efi_info.systab", 0,
			  "efi_info has no address of the system table");
	if (info->memmap == 0)
		say_usual(j, EFIMAP_RULE_EFI_INFO_ADDR_ZERO, "efi_info.memmap", 0,
			  "efi_info has a size but no address of the memory map");
}

static void count(struct judge *j, const struct efimap_efi_info *info)
{
	const size_t passed = info->memmap_size / info->desc_size;
	const size_t have = j->setup->n_entries;
	const bool fewer = have < passed;

	if (!j->setup->is_kexec || !j->setup->has_count || have == passed)
		return;
	say(j, EFIMAP_RULE_EFI_INFO_COUNT, fewer ? EFIMAP_WARNING : EFIMAP_NOTE,
	    fewer ? EFIMAP_CONSEQ_ENTRY_DROPPED : EFIMAP_CONSEQ_NONE, "efi_info.memmap_size",
	    info->memmap_size,
	    "%zu descriptors were handed over and the runtime map has %zu entries: %s", passed,
	    have, fewer ? "the kernel has removed some" : "the kernel has split some");
}

static void info(struct judge *j)
{
	const struct efimap_efi_info *info = j->setup->info;

	if (!info || is_empty(info))
		return;
	addresses(j, info);
	if (info->desc_size < EFIMAP_DESC_SIZE || info->desc_size % 8 != 0 ||
	    info->memmap_size % info->desc_size != 0)
		say(j, EFIMAP_RULE_EFI_INFO_DESC_SIZE, EFIMAP_ERROR, EFIMAP_CONSEQ_NO_BOOT,
		    "efi_info.desc_size", info->desc_size,
		    "descriptors of %" PRIu32 " bytes do not make a map of %" PRIu32 " bytes",
		    info->desc_size, info->memmap_size);
	else
		count(j, info);
}

int efimap_setup_check(const struct efimap_setup *setup, struct efimap_report *report)
{
	struct judge j = { .setup = setup, .report = report };

	if (setup->nodes || setup->n_nodes == 0)
		nodes(&j);
	info(&j);
	return j.error;
}
