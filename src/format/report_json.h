/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Findings as JSON, for every document that has some. */
#ifndef FORMAT_REPORT_JSON_H
#define FORMAT_REPORT_JSON_H

#include "format/json.h"
#include "model/report.h"

/** counts_put() - the member "counts": {"error": 0, "warning": 1, "note": 2} */
void counts_put(struct json *json, const struct efimap_report *report);

/** findings_put() - the member "findings", one line each */
void findings_put(struct json *json, const struct efimap_report *report);

/** findings_put_sides() - the same with "first" and "second", for a comparison */
void findings_put_sides(struct json *json, const struct efimap_report *report);

/** skipped_put() - the member "skipped", one line each */
void skipped_put(struct json *json, const struct efimap_report *report);

#endif
