/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Parts of the metrics, and how a line of them is written. */
#ifndef FORMAT_METRICS_PARTS_H
#define FORMAT_METRICS_PARTS_H

#include "format/metrics.h"

/** metrics_family() - HELP and TYPE of a gauge, before its series */
void metrics_family(struct efimap_out *out, const char *name, const char *help);
/** metrics_value() - a family that is one number */
void metrics_value(struct efimap_out *out, const char *name, const char *help,
		   uint64_t value);
/** metrics_label() - a value in quotes, escaped */
void metrics_label(struct efimap_out *out, const char *name, const char *value);

/** metrics_put_map() - entries and bytes by type, and the digest */
int metrics_put_map(const struct efimap *map, struct efimap_out *out);
/** metrics_put_drift() - what came of a comparison */
void metrics_put_drift(const struct efimap_comparison *comparison, struct efimap_out *out);

#endif
