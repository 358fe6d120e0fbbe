/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: severities
 *
 * The severity of a finding follows from its outcome (severity_of()). The constants are
 * in ascending order, so a severity can be compared with a threshold.
 */
#ifndef EFIMAP_SEVERITY_H
#define EFIMAP_SEVERITY_H

/**
 * enum severity - severity of a finding
 * @EFIMAP_NOTE:    the finding has no outcome for the next kernel, or an unknown outcome
 * @EFIMAP_WARNING: the outcome is "entry-dropped" or "memory-at-risk"
 * @EFIMAP_ERROR:   the outcome is "runtime-services-fail" or worse
 */
enum severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/** severity_name() - return "note", "warning" or "error" for an &enum severity */
const char *severity_name(unsigned int severity);

#endif
