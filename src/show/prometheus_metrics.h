/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: metrics
 *
 * What is known of one machine in the text format of Prometheus (version 0.0.4), for the
 * textfile collector of node_exporter. Names and labels are stable. No label holds what an input
 * controls, or what changes from boot to boot: a broken map has as many series as a sound one.
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
 * @verify_status: exit status of verify for @report
 * @drift_status:  exit status of compare for @comparison
 * @arch:       of the machine, "x86_64"; "unknown" where the capture does not say
 * @captured:   when the capture was taken, in seconds since 1970; 0 if that is not known
 * @now:        seconds since 1970
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
 * efimap_metrics_write() - write all of them
 *
 * Findings, entries and bytes are left out if the map could not be judged: a zero would mean that
 * there are none. All series of a family are written, or none.
 */
int efimap_metrics_write(const struct efimap_metrics *metrics, struct efimap_out *out);

#endif
