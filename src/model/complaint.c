/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The rule that knows a message. Must not know where messages come from. */
#include "base/words.h"
#include "model/complaint.h"

/* As none begins another, only the one that the message would stand behind can begin it. */
enum efimap_rule_id efimap_complaint_rule(size_t n, const char *text, size_t len)
{
	size_t used;
	int order = -1;

	while (n > 0 && order < 0)
		order = efimap_words_compare(text, len, efimap_says[--n].words, &used);
	return order == 0 ? efimap_says[n].rule : EFIMAP_RULE_COUNT;
}
