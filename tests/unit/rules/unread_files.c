/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <string.h>

#include "rules/load_case.h"
#include "rules/unread_files.h"
#include "test.h"

/* Without a rule that reads it, a missing file would have no effect. Facts are not listed. */
TEST(each_file_that_answers_need_has_an_effect)
{
	for (unsigned int file = 0; file < EFIMAP_N_NEEDED_FILES; file++) {
		uint32_t outcomes = 0;

		for (unsigned int question = 0; question <= EFIMAP_QUESTION_KDUMP; question++) {
			const struct load_case load = { .question = question,
							.loader = EFIMAP_LOADER_ANY };

			outcomes |= unseen_of_file(file, &load).outcomes;
		}
		if (!(needed_files[file].asked & EFIMAP_ASKED_FACTS) &&
		    worst_outcome(outcomes) < EFIMAP_OUTCOME_NO_RUNTIME)
			fail_msg("%s: no rule reads the file", needed_files[file].id);
	}
}
