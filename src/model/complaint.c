/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule that knows a message. Must not know where messages come from. */
#include "base/words.h"
#include "model/complaint.h"

/* As none begins another, only the one that the message would stand behind can begin it. */
enum efimap_rule_id efimap_complaint_rule(const char *text, size_t len)
{
	const size_t count = efimap_words_count(text, len, efimap_says, efimap_n_says,
						sizeof(*efimap_says));
	size_t used;

	return count && efimap_words_compare(text, len, efimap_says[count - 1].words, &used) == 0 ?
		       efimap_says[count - 1].rule : EFIMAP_RULE_COUNT;
}
