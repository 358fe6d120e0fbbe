/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * setup_data, its payload and efi_info, and the chain of a file: the one judge of these
 * bytes, whichever command asks.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/cleanup.h"
#include "capture/boot_params.h"
#include "infer/booted_by.h"
#include "rules/engine.h"
#include "rules/received_setup_data.h"

bool setup_knows_nodes(const struct efimap *map)
{
	/* The directory is only there when there are nodes. */
	return efimap_has(map, EFIMAP_SRC_SETUP_DATA) ||
	       (map->states[EFIMAP_SRC_SETUP_DATA] == EFIMAP_STATE_ABSENT &&
		efimap_has(map, EFIMAP_SRC_BOOT_PARAMS) &&
		map->boot_params.setup_data == 0);
}

bool setup_has_whole_map(const struct efimap *map)
{
	return efimap_has(map, EFIMAP_SRC_RUNTIME_MAP) && map->n_names <= map->n_entries;
}

struct efimap_setup setup_of(const struct efimap *map)
{
	struct efimap_setup setup = {
		.info = efimap_has(map, EFIMAP_SRC_BOOT_PARAMS)
				? &map->boot_params.efi_info
				: NULL,
		.has_count = setup_has_whole_map(map) && map->n_entries > 0,
		.n_entries = map->n_entries,
	};

	if (!setup_knows_nodes(map))
		return setup;
	for (size_t i = 0; i < map->n_setup_data; i++) {
		if (map->setup_data[i].type != EFIMAP_SETUP_EFI)
			continue;
		setup.efi = &map->setup_data[i];
		if (map->binary)
			setup.efi_at = map->binary->nodes[i].payload_at;
		setup.n_efi++;
	}
	/* The firmware starts a kernel without such a node. */
	setup.lacks_efi = setup.n_efi == 0 && efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
	return setup;
}

static const struct efimap_setup *asked_setup(const struct check *c)
{
	return c->data;
}

/* Where in a file a field lies, before its name; nothing of a capture. */
static void say_place(const struct check *c, struct say *say, uint64_t at)
{
	if (c->map->binary)
		say_format(say, SAY_PLACE, "byte 0x%" PRIx64 ", ", at);
	else
		say_text(say, SAY_PLACE, "");
}

bool rule_setup_data_no_efi(const struct check *c, struct say *say)
{
	const struct efimap_setup *setup = asked_setup(c);

	return setup->lacks_efi && setup->info && setup->info->memmap_size != 0;
}

bool rule_setup_data_efi_dup(const struct check *c, struct say *say)
{
	say_number(say, SAY_NODES, asked_setup(c)->n_efi);
	return asked_setup(c)->n_efi > 1;
}

bool rule_setup_data_efi_len(const struct check *c, struct say *say)
{
	const struct efimap_setup_node *efi = asked_setup(c)->efi;

	if (!efi || efi->len == EFIMAP_EFI_PAYLOAD_SIZE)
		return false;
	if (efi->len < EFIMAP_EFI_PAYLOAD_FIELDS)
		say_as(say, AS_CUT);
	say_place(c, say, asked_setup(c)->efi_at - sizeof(uint32_t));
	say_number(say, SAY_LEN, efi->len);
	say_hex(say, SAY_LEN_HEX, efi->len);
	return true;
}

/* Has the payload all of its addresses, and is the one at this offset 0? */
static bool is_zero(const struct check *c, struct say *say, uint64_t field)
{
	static const uint8_t zero[8];
	const struct efimap_setup_node *efi = asked_setup(c)->efi;

	say_place(c, say, asked_setup(c)->efi_at + field);
	return efi && efi->payload_size >= EFIMAP_EFI_PAYLOAD_FIELDS &&
	       memcmp(efi->payload + field, zero, sizeof(zero)) == 0;
}

bool rule_setup_data_tables_zero(const struct check *c, struct say *say)
{
	return is_zero(c, say, 16);
}

bool rule_setup_data_vendor_zero(const struct check *c, struct say *say)
{
	return is_zero(c, say, 0);
}

bool rule_setup_data_reserved(const struct check *c, struct say *say)
{
	const struct efimap_setup_node *efi = asked_setup(c)->efi;

	for (uint32_t i = EFIMAP_EFI_PAYLOAD_FIELDS; efi && i < efi->payload_size; i++) {
		if (efi->payload[i] == 0)
			continue;
		say_place(c, say, asked_setup(c)->efi_at + i);
		say_hex(say, SAY_VALUE, efi->payload[i]);
		return true;
	}
	return false;
}

/*
 * x86 has other checks for a boot without EFI, in which all of it is zero. Under Xen
 * there is a system table but no map: nothing was handed over (arch/x86/xen/efi.c:
 * xen_efi_init).
 */
static const struct efimap_efi_info *asked_info(const struct check *c)
{
	const struct efimap_efi_info *info = asked_setup(c)->info;

	if (!info || (info->memmap_size == 0 && info->memmap == 0 &&
		      (info->systab == 0 || strcasecmp(info->signature, "Xen") == 0)))
		return NULL;
	return info;
}

/* Where struct efi_info keeps it: arch/x86/include/uapi/asm/bootparam.h. */
static void say_info(const struct check *c, struct say *say, uint64_t field,
		     uint64_t value)
{
	say_place(c, say, EFIMAP_BOOT_PARAMS_AT_EFI_INFO + field);
	say_hex(say, SAY_VALUE, value);
}

bool rule_efi_info_signature(const struct check *c, struct say *say)
{
	const struct efimap_efi_info *info = asked_info(c);

	if (!info || strncmp(info->signature, "EL64", 4) == 0 ||
	    strncmp(info->signature, "EL32", 4) == 0)
		return false;
	say_info(c, say, 0, (unsigned char)info->signature[0]);
	return true;
}

bool rule_efi_info_version(const struct check *c, struct say *say)
{
	const struct efimap_efi_info *info = asked_info(c);

	if (!info || info->desc_version == 1)
		return false;
	say_info(c, say, 12, info->desc_version);
	return true;
}

bool rule_efi_info_addr_zero(const struct check *c, struct say *say)
{
	const struct efimap_efi_info *info = asked_info(c);

	if (info && info->systab == 0) {
		say_info(c, say, 4, 0);
		say_now(say);
	}
	if (!info || info->memmap != 0)
		return false;
	say_as(say, AS_MAP);
	say_info(c, say, 16, 0);
	return true;
}

static bool is_whole(const struct efimap_efi_info *info)
{
	return info->desc_size >= EFIMAP_DESC_SIZE && info->desc_size % 8 == 0 &&
	       info->memmap_size % info->desc_size == 0;
}

bool rule_efi_info_desc_size(const struct check *c, struct say *say)
{
	const struct efimap_efi_info *info = asked_info(c);

	if (!info || is_whole(info))
		return false;
	say_info(c, say, 8, info->desc_size);
	say_number(say, SAY_DESC_SIZE, info->desc_size);
	say_number(say, SAY_MAP_SIZE, info->memmap_size);
	return true;
}

bool rule_efi_info_count(const struct check *c, struct say *say)
{
	const struct efimap_setup *setup = asked_setup(c);
	const struct efimap_efi_info *info = asked_info(c);
	size_t passed;

	if (!info || !is_whole(info) || !setup->has_count)
		return false;
	passed = info->memmap_size / info->desc_size;
	say_number(say, SAY_PASSED, passed);
	say_number(say, SAY_HAVE, setup->n_entries);
	say_hex(say, SAY_VALUE, info->memmap_size);
	if (setup->n_entries > passed)
		say_as(say, AS_MORE);
	return setup->n_entries != passed;
}

/* A pointer that is odd, with the bytes that it is in */
static bool is_odd(enum efimap_binary_problem_kind kind, struct say *say)
{
	const struct efimap_binary_problem *problem = say->thing;

	say_hex(say, SAY_OFFSET, problem->offset);
	say_hex(say, SAY_VALUE, problem->value);
	return problem->kind == kind;
}

bool rule_setup_data_loop(const struct check *c, struct say *say)
{
	if (is_odd(EFIMAP_PROBLEM_SETUP_LOOP, say))
		return true;
	say_as(say, AS_OVERLAP);
	return is_odd(EFIMAP_PROBLEM_SETUP_OVERLAP, say);
}

bool rule_setup_data_truncated(const struct check *c, struct say *say)
{
	return is_odd(EFIMAP_PROBLEM_SETUP_TRUNCATED, say);
}

bool rule_trailing_bytes(const struct check *c, struct say *say)
{
	return is_odd(EFIMAP_PROBLEM_TRAILING, say);
}

void walk_binary_problems(struct check *c)
{
	const struct efimap_binary *binary = c->map->binary;

	for (size_t i = 0; i < binary->n_problems && !c->error; i++)
		check_visit(c, &(const struct subject){ .thing = &binary->problems[i] });
}

/* What they need is in the struct, or is not; there is no source to miss. */
static bool wants_all(struct check *c, enum efimap_rule_id rule)
{
	return true;
}

int setup_check(const struct efimap *map, const struct efimap_setup *setup,
		struct efimap_report *report)
{
	static const struct efimap_verify_options options = EFIMAP_VERIFY_OPTIONS_INIT;
	const struct check_plan plan = {
		.families = CHECK_FAMILY(FAMILY_SETUP_DATA),
		.wants = wants_all,
		.predicates = rule_predicates,
		.data = setup,
	};

	return check_run(map, &options, &plan, report);
}
