/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Facts about the running system. */
#ifndef RULES_READ_FACTS_H
#define RULES_READ_FACTS_H

#include "infer/linux_changes.h"
#include "rules/fact.h"
#include "rules/load_case.h"

/* Whether the single value of a file is @number. */
struct fact value_is(const struct efimap *map, enum value_id id, int64_t number);
/* Whether the running kernel contains a change. */
struct fact changed(const struct efimap *map, enum change change);
/* Whether a kernel with a release contains a change. */
struct fact contains(const struct release *release, enum change change);
/* Whether a parameter of the running kernel is given: cmdline_has(). */
struct fact parameter(const struct efimap *map, const char *word);
/* Whether an option is on in the configuration of the running kernel, or of the next kernel. */
struct fact config(const struct efimap *map, enum config_option option);
struct fact next_config(const struct efimap *map, const struct load_case *load,
			enum config_option option);
/* Whether the log contains a message. A kernel need not print it, so the fact is never no. */
struct fact logged(const struct efimap *map, const char *message);
struct fact kernel_is_32bit(const struct efimap *map);
/* Whether the running kernel was built by clang of a major version, or a later one. */
struct fact built_by_clang(const struct efimap *map, unsigned int version);
struct fact secure_boot(const struct efimap *map);
/* Whether the CPU has no NX. */
struct fact lacks_nx(const struct efimap *map);
/* Whether the running kernel uses 5-level paging. */
struct fact uses_five_levels(const struct efimap *map);
/* Whether boot_params contains the address of the RSDP. */
struct fact boot_params_has_rsdp(const struct efimap *map);
/* Whether meminfo shows the size of the memory: yes or unknown. */
struct fact memory_is_known(const struct efimap *map);
/* Whether the machine is a guest or dom0 of the hypervisor Xen, which executes kexec itself. */
struct fact under_xen(const struct efimap *map);

/* Whether the running kernel is locked down. Without its file, a message in the log shows it. */
struct fact locked_down(const struct efimap *map);
/* Whether something suggests that it is, although neither the file nor the log shows it. */
struct fact seems_locked_down(const struct efimap *map);

/* Whether kernel.kexec_load_disabled is 1. */
struct fact loads_disabled(const struct efimap *map);
/* Whether the limit of loads for a question (Linux 6.3 or later) permits no further load. */
struct fact load_limit_reached(const struct efimap *map, enum load_question question);
struct fact kernel_is_loaded(const struct efimap *map, enum load_question question);
/* Return the setting that forbids to load a kernel for kexec, and to unload it, or NULL. */
const char *why_kept(const struct efimap *map);

/*
 * Whether IMA appraises kernel images because Secure Boot is enabled, and the kernel verifies no
 * signatures itself (security/integrity/ima/ima_efi.c: sb_arch_rules).
 */
struct fact secure_boot_makes_ima_appraise(const struct efimap *map);
/* Whether the policy of IMA appraises files of one of the kinds in @rules (EFIMAP_IMA_…). */
struct fact ima_appraises(const struct efimap *map, unsigned int rules);
/* Whether something suggests this: a policy that was not loaded, a parameter or an option. */
struct fact ima_seems_to_appraise(const struct efimap *map, unsigned int rules);
/* Whether the log shows that IMA refused kexec_load. */
struct fact ima_refused_kexec_load(const struct efimap *map);
/* Whether a panic calls notifiers before it starts the crash kernel. */
struct fact runs_notifiers(const struct efimap *map);
/* Whether a panic may call EFI runtime services to store the kernel log. */
struct fact stores_log_in_efi(const struct efimap *map);
/* Whether the running kernel is a guest with SEV-SNP, or with TDX. */
struct fact snp_guest(const struct efimap *map);
struct fact tdx_guest(const struct efimap *map);
/* Whether it is a confidential guest of Hyper-V. */
struct fact isolated_hyperv_guest(const struct efimap *map);
/* Whether the machine is a host of SEV-SNP guests. */
struct fact snp_host(const struct efimap *map);

/*
 * Whether efi= in the parameters that a load probably has contains an option, or the parameters
 * contain a word: likely_cmdline().
 */
struct fact load_efi_option(const struct efimap *map, const struct load_case *load,
			    const char *option);
struct fact likely_parameter(const struct efimap *map, const struct load_case *load,
			     const char *word);
/*
 * Whether the next kernel uses runtime services only with efi=runtime. Without its configuration,
 * the running kernel shows this if it has the same release.
 */
struct fact runtime_is_off_by_default(const struct efimap *map, const struct load_case *load);
/* Whether its image suggests this. */
struct fact runtime_seems_off_by_default(const struct load_case *load);
/* Whether the identity map of the running kernel lacks the EFI configuration table. */
struct fact identity_map_lacks_table(const struct efimap *map);
/* Whether the next kernel reads the EFI configuration table before it handles page faults. */
struct fact reads_table_early(const struct efimap *map, const struct load_case *load);
/*
 * Return whether @cmdline prevents a crash kernel from starting the first CPU. kdumpctl and the
 * kdump service of SUSE set disable_cpu_apicid= to the APIC ID of the first CPU.
 */
bool cmdline_spares_first_cpu(const char *cmdline);
/* Whether the parameters of a load do this. */
struct fact load_spares_first_cpu(const struct load_case *load);

#endif
