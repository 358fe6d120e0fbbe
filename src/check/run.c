/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Running families of rules over one capture, from the facts that they start from to the
 * sealed report. Knows no family: whoever judges names them.
 */
#include "check/check.h"

static int run(struct check *c, const struct check_plan *plan)
{
	for (size_t i = 0; i < plan->n_families && c->error == 0; i++)
		plan->families[i](c);
	if (c->error == 0)
		check_finish(c);
	return c->error;
}

int check_run(const struct efimap *map, const struct efimap_verify_options *options,
	      const struct check_plan *plan, struct efimap_report *report)
{
	struct check c;
	int ret = 0;

	check_init(&c, map, options, report);
	c.data = plan->data;
	if (!plan->as_listed)
		ret = check_order(&c);
	if (ret == 0)
		ret = check_look(&c);
	if (ret == 0)
		ret = run(&c, plan);
	check_free(&c);
	return ret < 0 ? ret : efimap_report_seal(report, options->fail_on);
}
