/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is odd about a binary of the hand-over, as findings. What is odd the emulate room
 * has said already; here it gets a rule.
 */
#include <inttypes.h>
#include <stdio.h>

#include "base/cleanup.h"
#include "check/decode_check.h"

/* So many findings of one rule; more would say the same of other bytes. */
#define MAX_FINDINGS 100

/* struct row - the rule of an oddity; @text takes the value */
struct row {
	enum efimap_rule_id rule;
	const char *field;
	const char *text;
};

/* By enum efimap_oddity_kind; a row without text is no finding. */
static const struct row rows[EFIMAP_ODD_COUNT] = {
	[EFIMAP_ODD_SETUP_LOOP] = { EFIMAP_RULE_SETUP_DATA_LOOP, "next",
		"the chain of setup_data comes back to the node at this address" },
	[EFIMAP_ODD_SETUP_OVERLAP] = { EFIMAP_RULE_SETUP_DATA_LOOP, "node",
		"the chain of setup_data runs into a node that it has passed: it is followed "
		"no further" },
	[EFIMAP_ODD_SETUP_TRUNCATED] = { EFIMAP_RULE_SETUP_DATA_TRUNCATED, "len",
		"the length of a setup_data node goes beyond the end of the file" },
	[EFIMAP_ODD_SETUP_EFI_DUP] = { EFIMAP_RULE_SETUP_DATA_EFI_DUP, "type",
		"there are several setup_data nodes of type 4: the kernel takes the last, its "
		"decompressor the first" },
	[EFIMAP_ODD_SETUP_EFI_LEN] = { EFIMAP_RULE_SETUP_DATA_EFI_LEN, "len",
		"the setup_data node of type 4 has another length than 96 bytes" },
	[EFIMAP_ODD_TABLES_ZERO] = { EFIMAP_RULE_SETUP_DATA_TABLES_ZERO, "tables",
		"setup_data has no configuration table" },
	[EFIMAP_ODD_VENDOR_ZERO] = { EFIMAP_RULE_SETUP_DATA_VENDOR_ZERO, "fw_vendor",
		"setup_data has no fw_vendor" },
	[EFIMAP_ODD_RESERVED] = { EFIMAP_RULE_SETUP_DATA_RESERVED, "reserved",
		"reserved bytes of setup_data are set" },
	[EFIMAP_ODD_SIGNATURE] = { EFIMAP_RULE_EFI_INFO_SIGNATURE, "efi_loader_signature",
		"the signature of efi_info is neither EL64 nor EL32" },
	[EFIMAP_ODD_DESC_SIZE] = { EFIMAP_RULE_EFI_INFO_DESC_SIZE, "efi_memdesc_size",
		"the size of a descriptor is below 40 bytes or no multiple of 8" },
	[EFIMAP_ODD_MEMMAP_SIZE] = { EFIMAP_RULE_EFI_INFO_DESC_SIZE, "efi_memmap_size",
		"the size of the memory map is no multiple of that of a descriptor" },
	[EFIMAP_ODD_VERSION] = { EFIMAP_RULE_EFI_INFO_VERSION, "efi_memdesc_version",
		"the descriptor version is not 1" },
	[EFIMAP_ODD_MEMMAP_ZERO] = { EFIMAP_RULE_EFI_INFO_ADDR_ZERO, "efi_memmap",
		"efi_info has a size but no address of the memory map" },
	[EFIMAP_ODD_SYSTAB_ZERO] = { EFIMAP_RULE_EFI_INFO_ADDR_ZERO, "efi_systab",
		"efi_info has no address of the system table" },
	[EFIMAP_ODD_TRAILING] = { EFIMAP_RULE_TRAILING_BYTES, "bytes",
		"there are bytes behind what was decoded" },
};

static int speak(struct efimap_report *report, const struct row *row,
		 const struct efimap_oddity *oddity)
{
	const struct efimap_rule *rule = efimap_rule_get(row->rule);
	const bool cut = oddity->kind == EFIMAP_ODD_SETUP_EFI_LEN &&
			 oddity->value < EFIMAP_EFI_PAYLOAD_FIELDS;
	char source[64];
	struct efimap_finding *finding;
	int ret = efimap_report_add(report, row->rule, cut ? EFIMAP_ERROR : rule->severity,
				    cut ? EFIMAP_CONSEQ_NO_BOOT : rule->consequence, &finding);

	if (ret == 0)
		ret = efimap_finding_set_message(report, finding, "%s", row->text);
	snprintf(source, sizeof(source), "byte 0x%" PRIx64 ", %s", oddity->offset, row->field);
	if (ret == 0)
		ret = efimap_finding_add_evidence(report, finding, source, "0x%" PRIx64,
						  oddity->value);
	return ret;
}

int efimap_decode_check(const struct efimap_decoded *decoded,
			struct efimap_report **ret_report)
{
	efimap_auto_report struct efimap_report *report = NULL;
	size_t spoken[EFIMAP_ODD_COUNT] = { 0 };
	int ret = efimap_report_new(&report);

	for (size_t i = 0; i < decoded->n_oddities && ret == 0; i++) {
		const struct efimap_oddity *oddity = &decoded->oddities[i];

		if (rows[oddity->kind].text && spoken[oddity->kind]++ < MAX_FINDINGS)
			ret = speak(report, &rows[oddity->kind], oddity);
	}
	if (ret == 0)
		ret = efimap_report_seal(report, EFIMAP_ERROR);
	if (ret < 0)
		return ret;
	*ret_report = efimap_steal(report);
	return 0;
}
