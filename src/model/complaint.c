/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule that knows a message. Must not know where messages come from. */
#include "base/words.h"
#include "model/complaint.h"

/* As none begins another, only the one that the message would stand behind can begin it. */
enum efimap_rule_id efimap_complaint_rule(const char *text, size_t len)
{
	size_t low = 0, high = efimap_n_says, used;

	while (low < high) {
		const size_t middle = (low + high) / 2;
		const int order =
			efimap_words_compare(text, len, efimap_says[middle].words, &used);

		if (order == 0)
			return efimap_says[middle].rule;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return EFIMAP_RULE_COUNT;
}
