/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_SIGNATURE_POLICY_H
#define LINUX_SIGNATURE_POLICY_H

#include "capture/capture.h"

/*
 * Whether an image needs a signature.
 *
 * @EFIMAP_SIGNATURE_NEEDED_UNLESS_IMA: an unsigned image is loaded only if IMA appraises it
 */
enum signature_need {
	EFIMAP_SIGNATURE_NOT_NEEDED,
	EFIMAP_SIGNATURE_NEEDED,
	EFIMAP_SIGNATURE_NEEDED_UNLESS_IMA,
	EFIMAP_SIGNATURE_UNKNOWN,
};

/*
 * The policy of the running kernel. @why is a clause such as "the running kernel is locked down",
 * or
 * "" unless a signature is needed.
 */
struct signature_policy {
	enum signature_need need;
	const char *why;
};

struct signature_policy signature_policy_of(const struct efimap *map, bool is_locked_down);

/* Return the state of Secure Boot in boot_params or, if boot_params lacks it, in the kernel log. */
enum secure_boot secure_boot_of(const struct efimap *map);

/*
 * Return whether ima_appraise= makes IMA permit every image, as the modes fix, log and off do,
 * unless Secure Boot is enabled. The kernel ignores an invalid mode.
 */
bool has_permissive_ima_mode(const struct efimap *map);

/*
 * Return the files, as EFIMAP_IMA_…, that IMA may appraise. By default, IMA has no policy and
 * appraises no file (security/integrity/ima/ima_policy.c: ima_match_rules). Rules for initrds do
 * not affect kexec_load (security/integrity/ima/ima_policy.c: ima_appraise_flag).
 */
unsigned int ima_rules_of(const struct efimap *map);

#endif
