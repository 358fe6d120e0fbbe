/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the output of a monitoring plugin
 *
 * A report as Nagios and Icinga read it: a status line with performance data, and further
 * lines, all in less than 4 kB (Monitoring Plugins Development Guidelines, "Plugin
 * Output").
 */
#ifndef FORMAT_NAGIOS_H
#define FORMAT_NAGIOS_H

#include "base/out.h"
#include "format/metrics.h"
#include "model/capture.h"
#include "model/report.h"

/** EFIMAP_NAGIOS_MAX - bytes that are written at most */
#define EFIMAP_NAGIOS_MAX 4000

/**
 * struct efimap_nagios - what to write
 * @level:   the state
 * @map:     the capture, NULL where there is none
 * @report:  on it, NULL where there is none
 * @fail_on: the severity that is critical
 * @notes:   list notes too
 * @said:    lines on what stood in the way, NULL for none: the first of them is the
 *           reason where there is no other
 */
struct efimap_nagios {
	enum efimap_level level;
	const struct efimap *map;
	const struct efimap_report *report;
	enum efimap_severity fail_on;
	bool notes;
	const char *said;
};

/** efimap_nagios_write() - write it; 0, the error of @out, or -ENOMEM */
int efimap_nagios_write(const struct efimap_nagios *nagios, struct efimap_out *out);

#endif
