/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: metrics
 *
 * The metrics of one machine are written in Prometheus' text format (version 0.0.4), for the
 * textfile collector of node_exporter. Names and labels are stable. No label contains addresses or
 * other data that changes between boots.
 */
#ifndef SHOW_PROMETHEUS_METRICS_H
#define SHOW_PROMETHEUS_METRICS_H

#include <stdint.h>

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "compare/comparison.h"
#include "rules/report.h"

/**
 * struct efimap_metrics - the data to write
 * @map:           the capture, or NULL if it could not be read
 * @report:        verify's report on the capture, or on why the capture could not be read
 * @comparison:    comparison with the capture of another kernel, or NULL
 * @verify_status: exit status of verify for @report
 * @drift_status:  exit status of compare for @comparison
 * @arch:          architecture, such as "x86_64"; "unknown" unless @map shows the running system
 * @captured:      time of the capture, in seconds since 1970; 0 if unknown
 * @now:           current time, in seconds since 1970
 */
struct efimap_metrics {
	const struct efimap *map;
	const struct efimap_report *report;
	const struct efimap_comparison *comparison;
	unsigned int verify_status;
	unsigned int drift_status;
	const char *arch;
	uint64_t captured;
	uint64_t now;
};

/**
 * efimap_metrics_write() - write all metrics
 *
 * If the check is incomplete and no finding reaches the threshold, findings, entries and bytes are
 * omitted, because a value of 0 would mean that there are none.
 */
int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out);

#endif
