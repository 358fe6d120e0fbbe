/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Rules about the boot of the running kernel, and about firmware data for the next kernel. */

#include "rules/engine.h"

bool rule_mixed_mode(const struct facts_for_rules *c, struct match *match)
{
	if (capture_has(c->map, EFIMAP_SRC_FW_PLATFORM_SIZE))
		set_number(match, VALUE_SIZE, c->map->platform_size);
	else if (capture_has(c->map, EFIMAP_SRC_BOOT_PARAMS))
		set_text(match, VALUE_SIGNATURE, c->map->boot_params.efi_info.signature);
	return c->mixed_mode;
}

/* Report only noefi and efi=noruntime. Other rules report other reasons for missing services. */
bool rule_runtime_off(const struct facts_for_rules *c, struct match *match)
{
	if (!runtime_is_off_by_parameter(c))
		return false;
	set_text(match, VALUE_OPTION, c->runtime_off);
	set_text(match, VALUE_CMDLINE, c->map->cmdline);
	return true;
}

bool rule_runtime_services_disabled(const struct facts_for_rules *c, struct match *match)
{
	if (!c->map->runtime_services_disabled)
		return false;
	finish_finding(match);
	use_variant(match, VARIANT_FAULTED);
	return true;
}
