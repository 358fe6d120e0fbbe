/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the files of the family pagetable share. */
#ifndef CHECK_PAGETABLE_TASK_H
#define CHECK_PAGETABLE_TASK_H

#include "check.h"
#include "runs.h"

/* struct task - what they need besides the capture */
struct task {
	struct runs runs;
	const struct efimap_ptdump *predicted;
};

/* pagetable_extra() - what the window maps and no entry explains */
void pagetable_extra(struct check *c, const struct task *task);
/* pagetable_level() - leaves of another size than predicted */
void pagetable_level(struct check *c, const struct task *task);

#endif
