/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What could not be read of a capture, and what that means for the rules. */
#ifndef RULES_UNREAD_SOURCES_H
#define RULES_UNREAD_SOURCES_H

#include <stdbool.h>

#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/**
 * enum efimap_fault_effect - what it means that a file of a capture could not be read
 * @EFIMAP_EFFECT_FINDING:  it is of the runtime map, memmap or a pointer: rules say so
 * @EFIMAP_EFFECT_SHOWN:   of another source that is shown: dump cannot do without
 * @EFIMAP_EFFECT_SUPPLEMENTARY:  of a source that only completes the picture
 * @EFIMAP_EFFECT_NONE: it is not malformed: denied, or more than we know
 */
enum efimap_fault_effect {
	EFIMAP_EFFECT_FINDING,
	EFIMAP_EFFECT_SHOWN,
	EFIMAP_EFFECT_SUPPLEMENTARY,
	EFIMAP_EFFECT_NONE,
};

/** efimap_fault_effect_of() - return the effect of a fault */
enum efimap_fault_effect efimap_fault_effect_of(const struct efimap_fault *fault);

/**
 * root_can_read() - return whether root can still read a source that was denied
 *
 * A capture has only the zeros, but a file in a tree can be read by a privileged user.
 */
bool root_can_read(const struct efimap *map, enum efimap_source source);

/* If a rule could not see its data, the absence of a finding means nothing. */

/*
 * report_unread() - the report falls short where something of a capture that decides about the
 * rules that @options leave may not be read, or where something could not be that no rule of
 * verify judges; 0 or a negative errno
 */
int report_unread(const struct efimap *map, const struct efimap_verify_options *options,
		  struct efimap_report *report);
/* report_unread_pair() - likewise of two, named, of which compare judges no file by itself */
int report_unread_pair(const struct efimap *first, const struct efimap *second,
		       struct efimap_report *report);
/* report_unread_received() - likewise of a kernel of which received asks who started it */
int report_unread_received(const struct efimap *map, struct efimap_report *report);
/* report_unread_map() - likewise where the runtime map itself was not seen whole */
int report_unread_map(const struct efimap *map, struct efimap_report *report);
/* report_map_denied() - report that the map cannot be read, so that no rule is run */
int report_map_denied(const struct efimap *map, struct efimap_report *report);

/** source_path_prefix() - what is before the path of a source: "/" on the running system, or "" */
const char *source_path_prefix(const struct efimap *map, enum efimap_source source);

#endif
