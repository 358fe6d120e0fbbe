/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What SECOND received in its SETUP_EFI node against what FIRST shows under
 * /sys/firmware/efi. Whether the node is well-formed is for setup.c.
 */
#include "check/sides.h"
#include "model/boot_params.h"

static void differs(struct compare *c, const char *name, struct check_grade grade,
		    uint64_t first, uint64_t second)
{
	if (!check_find(&c->check, EFIMAP_RULE_DRIFT_SETUP_DATA, grade,
			"%s is 0x%" PRIx64 " instead of 0x%" PRIx64, name,
			second, first))
		return;
	check_evidence(&c->check, name, "0x%" PRIx64, second);
	compare_sides_hex(c, first, second);
}

static void address(struct compare *c, enum efimap_source source, const char *name,
		    uint64_t first, uint64_t second)
{
	if (!efimap_has(c->first, source))
		return;
	c->tried++;
	if (first != second)
		differs(c, name,
			check_grade(EFIMAP_ERROR, compare_wrong_address(source, second)),
			first, second);
}

/* kexec_file_load writes 0; kernels since 5.7 do not read it (a570b0624b3f). */
static void runtime(struct compare *c, uint64_t second)
{
	const bool read = !efimap_kernel_has(c->second, EFIMAP_CHANGE_READS_RUNTIME, true);

	if (!efimap_has(c->first, EFIMAP_SRC_RUNTIME) || second == 0 ||
	    second == c->first->runtime)
		return;
	differs(c, "setup_data.runtime",
		read ? check_grade(EFIMAP_ERROR, EFIMAP_CONSEQ_NO_RUNTIME) :
		       check_grade(EFIMAP_WARNING, EFIMAP_CONSEQ_NONE),
		c->first->runtime, second);
}

/* Without the table, kexec-tools writes 0 and the kernel all ones. */
static void smbios(struct compare *c, uint64_t second)
{
	uint64_t first = 0;

	if (!efimap_has(c->first, EFIMAP_SRC_SYSTAB))
		return;
	if (!efimap_find_pair(c->first->systab, c->first->n_systab, "SMBIOS", &first) &&
	    (second == 0 || second == UINT64_MAX))
		return;
	address(c, EFIMAP_SRC_SYSTAB, "setup_data.smbios", first, second);
}

void compare_setup_data(struct compare *c)
{
	struct efimap_efi_payload payload;

	/* FIRST needs no nodes of its own: most kernels that the firmware starts have none. */
	if (!compare_is_handover(c) || !efimap_efi_payload_find(c->second, &payload))
		return;
	address(c, EFIMAP_SRC_FW_VENDOR, "setup_data.fw_vendor", c->first->fw_vendor,
		payload.fw_vendor);
	address(c, EFIMAP_SRC_CONFIG_TABLE, "setup_data.tables", c->first->config_table,
		payload.tables);
	runtime(c, payload.runtime);
	smbios(c, payload.smbios);
}
