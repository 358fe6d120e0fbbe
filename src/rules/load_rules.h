/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Short forms for predicates about loads, which select one of several variants and set values. */
#ifndef RULES_LOAD_RULES_H
#define RULES_LOAD_RULES_H

#include "linux/memory_needs.h"
#include "rules/engine.h"
#include "rules/machine.h"
#include "rules/read_facts.h"

#define MIB (UINT64_C(1) << 20)

/* Return a needed size in MiB, rounded up. */
static inline uint64_t needed_mib(uint64_t bytes)
{
	return (bytes + MIB - 1) / MIB;
}

/* Match with a variant. */
static inline bool as(struct match *match, enum rule_variant_id variant)
{
	use_variant(match, variant);
	return true;
}

/* Match with a variant whose sentence contains {why}. */
static inline bool as_because(struct match *match, enum rule_variant_id variant, const char *why)
{
	set_text(match, VALUE_WHY, why);
	return as(match, variant);
}

/* Match with a variant whose advice is {advice}. An @advice of NULL means that there is none. */
static inline bool as_advised(struct match *match, enum rule_variant_id variant, const char *advice)
{
	if (advice)
		set_text(match, VALUE_ADVICE, advice);
	return as(match, variant);
}

static inline bool as_because_advised(struct match *match, enum rule_variant_id variant,
				      const char *why, const char *advice)
{
	as_advised(match, variant, advice);
	return as_because(match, variant, why);
}

/* Return the name of the kernel that a load starts. */
static inline const char *name_next_kernel(const struct load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP ? "the crash kernel" : "the next kernel";
}

/* Match with a variant whose sentence contains {next}, the name of the kernel of the load. */
static inline bool as_of_next(const struct facts_for_rules *c, struct match *match,
			      enum rule_variant_id variant)
{
	set_text(match, VALUE_NEXT, name_next_kernel(c->load));
	return as(match, variant);
}

/* Set {kernel}, {version} and {loader}. */
void report_kernel(const struct facts_for_rules *c, struct match *match);
/* Set {needed} and {available} to sizes in MiB. */
void report_memory(struct match *match, uint64_t needed, uint64_t available);
/* Set {bytes} and {expected} to the size of the image file, and to the size in its header. */
void report_image_size(const struct facts_for_rules *c, struct match *match);

/*
 * Return a clause with the property because of which an image cannot use EFI data from kexec, or
 * NULL. kexec_file_load also refuses such an image, unless it only lacks XLF_EFI_KEXEC.
 */
const char *why_passed_no_efi(const struct kernel_image *image);

/* Return the need of the crash kernel of a load. It has no upper bound if a size is unknown. */
struct need crash_need(const struct efimap *map, const struct load_case *load);

/*
 * Return the advice to set crashkernel= to a size and a suffix, "" or ",high". It explains the size
 * with @need, unless this has no upper bound.
 */
const char *advise_size(const struct machine *machine, uint64_t size, const char *suffix,
			struct need need);

/* Return the advice to boot the running kernel without 5-level paging. */
const char *advise_no5lvl(const struct machine *machine);

/* Return the advice for a crash kernel that needs more memory than is reserved. */
const char *advise_crashkernel(const struct machine *machine, struct need need);

/* Advice to remove a sysctl that forbids the load of a crash kernel (name_load_sysctl()) */
#define REMOVE_SYSCTL                                                                              \
	"Remove kernel.%s from /etc/sysctl.conf, /etc/sysctl.d and the kernel parameters"

static inline const char *name_load_sysctl(const struct efimap *map)
{
	return fact_is_yes(loads_disabled(map)) ? "kexec_load_disabled" : "kexec_load_limit_panic";
}

/* Find the address of the ACPI root pointer in systab. */
bool find_root_pointer(const struct efimap *map, uint64_t *ret_address);

/*
 * Return whether a load passes no EFI data, and may pass no ACPI root pointer. Its address is in
 * @ret_address. kexec_file_load passes it if it is in boot_params. For a crash kernel, old versions
 * of kexec-tools pass acpi_rsdp=.
 */
bool may_lose_root_pointer(const struct facts_for_rules *c, uint64_t *ret_address);

/* Run several predicates of one rule, each of which may result in a finding. Return false. */
static inline bool match_each(const struct facts_for_rules *c, struct match *match,
			      rule_predicate_fn *const *predicates, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (predicates[i](c, match))
			finish_finding(match);
	return false;
}

#endif
