/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: metrics
 *
 * What is known of one machine in the text format of Prometheus (version 0.0.4), for the
 * textfile collector of node_exporter. Names and labels are stable. No label holds what an input
 * controls: there are as many series for a broken map as for a sound one.
 */
#ifndef SHOW_PROMETHEUS_METRICS_H
#define SHOW_PROMETHEUS_METRICS_H

#include <stdint.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "compare/comparison.h"
#include "rules/report.h"

/**
 * struct efimap_metrics - what to write
 * @map:        the capture, NULL where it could not be read
 * @report:     verify's report on it, or on why it could not be read
 * @comparison: of another kernel with it, NULL where none was asked for
 * @arch:       of the machine, "x86_64"; "unknown" where the capture does not say
 * @now:        seconds since 1970
 */
struct efimap_metrics {
	const struct efimap *map;
	const struct efimap_report *report;
	const struct efimap_comparison *comparison;
	const char *arch;
	uint64_t now;
};

/**
 * efimap_metrics_write() - write all of them
 *
 * Findings, entries and bytes are left out where the map could not be judged: a zero
 * would say that there are none. Where a family is written, all its series are.
 */
int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out);

#endif
