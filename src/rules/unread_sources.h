/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What could not be read of a capture, and what that means for the rules. */
#ifndef RULES_UNREAD_SOURCES_H
#define RULES_UNREAD_SOURCES_H

#include <stdbool.h>

#include "capture/capture.h"
#include "rules/report.h"
#include "rules/verify_options.h"

/**
 * enum efimap_unread - what it means that a file of a capture could not be read
 * @EFIMAP_UNREAD_JUDGED:  it is of the runtime map, memmap or a pointer: rules say so
 * @EFIMAP_UNREAD_SHOWN:   of another source that is shown: dump cannot do without
 * @EFIMAP_UNREAD_BESIDE:  of a source that only completes the picture
 * @EFIMAP_UNREAD_NOTHING: it is not malformed: denied, or more than we know
 */
enum efimap_unread {
	EFIMAP_UNREAD_JUDGED,
	EFIMAP_UNREAD_SHOWN,
	EFIMAP_UNREAD_BESIDE,
	EFIMAP_UNREAD_NOTHING,
};

/** efimap_fault_unread() - what one fault means */
enum efimap_unread efimap_fault_unread(const struct efimap_fault *fault);

/**
 * check_root_can_read() - is what was denied still there for whoever may? Zeros are all that a
 * capture has; a file that is in a tree can be read by somebody.
 */
bool check_root_can_read(const struct efimap *map, enum efimap_source source);

/* Silence of a rule that cannot see is no good news. */

/*
 * check_unseen() - the report falls short where something of a capture that decides about the
 * rules that @options leave may not be read, or where something could not be that no rule of
 * verify judges; 0 or a negative errno
 */
int check_unseen(const struct efimap *map, const struct efimap_verify_options *options,
		 struct efimap_report *report);
/* check_unseen_pair() - likewise of two, named, of which compare judges no file by itself */
int check_unseen_pair(const struct efimap *first, const struct efimap *second,
		      struct efimap_report *report);
/* check_unseen_handover() - likewise of a kernel of which received asks who started it */
int check_unseen_handover(const struct efimap *map, struct efimap_report *report);
/* check_unseen_map() - likewise where the runtime map itself was not seen whole */
int check_unseen_map(const struct efimap *map, struct efimap_report *report);
/* check_map_denied() - the map itself may not be read: nothing is judged */
int check_map_denied(const struct efimap *map, struct efimap_report *report);

#endif
