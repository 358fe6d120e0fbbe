/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Has EFI reached this kernel? Decided by what the loader left in boot_params and
 * setup_data, and by what the kernel made of it; the causes are in handover_causes.c.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "check/handover_judge.h"
#include "check/setup.h"
#include "check/unseen.h"
#include "model/outcome.h"

static bool was_sent_map(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
	       map->boot_params.efi_info.memmap_size != 0;
}

/* Does sys/firmware/efi being absent mean that this kernel runs without EFI? */
static bool runs_without_efi(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_ABSENT &&
	       (!efimap_is_offline(map) || efimap_has(map, EFIMAP_SRC_MEMMAP));
}

static bool was_sent(const struct efimap *map)
{
	if (efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) && !was_sent_map(map))
		return false;
	if (setup_knows_nodes(map) && !efimap_has_efi_node(map))
		return false;
	return was_sent_map(map) || efimap_has_efi_node(map) || !runs_without_efi(map);
}

static void set(struct efimap_receipt *receipt, enum efimap_received received,
		const char *reason)
{
	receipt->received = received;
	receipt->reason = reason;
}

/* EFI has arrived, and that is all that is known */
static void set_unseen(struct efimap_receipt *receipt, const char *reason)
{
	set(receipt, EFIMAP_RECEIVED_YES, reason);
	receipt->report->unseen = reason;
}

static void judge_kexec(const struct efimap *map, struct efimap_receipt *receipt)
{
	if (was_sent_map(map) && setup_knows_nodes(map) && !efimap_has_efi_node(map)) {
		set(receipt, EFIMAP_RECEIVED_NO,
		    "a memory map was handed over, but not the addresses that belong to it");
	} else if (!was_sent(map)) {
		set(receipt, EFIMAP_RECEIVED_NO,
		    "it was started by kexec, which passed no EFI and said no word about that");
		handover_add_unsent(receipt, map);
	} else if (runs_without_efi(map) || handover_map_is_too_big(map)) {
		set(receipt, EFIMAP_RECEIVED_NO,
		    "EFI was handed over, but this kernel cannot use it");
		handover_add_unused(receipt, map);
	} else if (efimap_first_origin(map) == EFIMAP_ORIGIN_LOG && map->n_entries == 0) {
		set_unseen(receipt, "EFI was handed over; with which map, this kernel log does "
				    "not show");
	} else if (map->n_names == 0 && map->n_entries == 0 &&
		   map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT) {
		set(receipt, EFIMAP_RECEIVED_YES,
		    "EFI was handed over, but this kernel has no runtime map to hand on");
		handover_add_no_map(receipt, map);
	} else if (!setup_has_whole_map(map)) {
		set_unseen(receipt, "EFI was handed over; its runtime map could not be read as "
				    "a whole");
	} else {
		set(receipt, EFIMAP_RECEIVED_YES, "EFI was handed over, with its runtime map");
	}
}

/* There are a dozen of them, in an order that means something: keep it within a fit. */
static void sort_causes(struct efimap_receipt *receipt)
{
	struct efimap_cause sorted[EFIMAP_MAX_CAUSES] = { { 0 } };
	size_t count = 0;

	for (int fit = EFIMAP_FIT_CERTAIN; fit <= EFIMAP_FIT_EXCLUDED; fit++)
		for (size_t i = 0; i < receipt->n_causes; i++)
			if ((int)receipt->causes[i].fit == fit)
				sorted[count++] = receipt->causes[i];
	for (size_t i = 0; i < count; i++)
		receipt->causes[i] = sorted[i];
}

/* Without a map there are no runtime services, whatever else has arrived. */
static int conclude(struct efimap_receipt *receipt)
{
	struct efimap_report *report = receipt->report;
	const bool has_map = receipt->received == EFIMAP_RECEIVED_YES && receipt->n_causes == 0;
	const bool is_certain = receipt->n_causes &&
				receipt->causes[0].fit == EFIMAP_FIT_CERTAIN;
	int ret;

	if (receipt->received == EFIMAP_RECEIVED_NOT_APPLICABLE)
		return efimap_report_answer(report, EFIMAP_CONSEQ_UNKNOWN, "This kernel: %s",
					    receipt->reason);
	ret = efimap_report_conclude(report, EFIMAP_SUBJECT_THIS,
				     "has EFI runtime services, handed over by the kernel before");
	if (ret < 0 || has_map || report->outcome >= EFIMAP_CONSEQ_NO_EFI)
		return ret;
	return efimap_report_answer(report, EFIMAP_CONSEQ_NO_EFI,
				    "This kernel: runs without EFI%s: %s",
				    receipt->received == EFIMAP_RECEIVED_YES ?
					    " runtime services" : "",
				    is_certain ? receipt->causes[0].why : receipt->reason);
}

int efimap_handover_judge(const struct efimap *map, struct efimap_receipt **ret_receipt)
{
	efimap_auto_receipt struct efimap_receipt *receipt = calloc(1, sizeof(*receipt));
	const struct efimap_setup setup = setup_of(map);
	int ret = receipt ? efimap_report_new(&receipt->report) : -ENOMEM;

	if (ret < 0)
		return ret;
	receipt->loaded_by = efimap_loaded_by(map);
	receipt->has_payload = efimap_efi_payload_find(map, &receipt->payload);
	receipt->has_info = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS);
	receipt->info = map->boot_params.efi_info;
	switch (efimap_booted_by(map)) {
	case EFIMAP_BOOTED_BY_KEXEC:
		judge_kexec(map, receipt);
		sort_causes(receipt);
		break;
	case EFIMAP_BOOTED_BY_FIRMWARE:
		set(receipt, EFIMAP_RECEIVED_NOT_APPLICABLE,
		    "the firmware started it, so nothing was handed over to it");
		break;
	case EFIMAP_BOOTED_BY_UNKNOWN:
		set(receipt, EFIMAP_RECEIVED_NOT_APPLICABLE,
		    "not known who started it, because sys/kernel/boot_params was not read");
		break;
	}
	ret = check_unseen_handover(map, receipt->report);
	if (ret < 0)
		return ret;
	ret = efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC
		      ? setup_check(map, &setup, receipt->report)
		      : efimap_report_seal(receipt->report, EFIMAP_ERROR);
	if (ret == 0)
		ret = conclude(receipt);
	if (ret == 0)
		*ret_receipt = efimap_steal(receipt);
	return ret;
}
