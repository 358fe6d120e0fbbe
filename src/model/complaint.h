/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: what a kernel's log complains of
 *
 * A rule with the key "Says" (rules/symptoms.rules) knows messages by their first words. The
 * log's reader keeps those messages, and no other; a capture has them as they were printed, so
 * that a later version of the tool, which knows more of them, judges it anew.
 */
#ifndef MODEL_COMPLAINT_H
#define MODEL_COMPLAINT_H

#include <stddef.h>
#include <stdint.h>

#include "model/rule_ids.h"

/** EFIMAP_SAYS_MAX - bytes of the words, with the zero byte */
#define EFIMAP_SAYS_MAX 80

/**
 * struct efimap_says - words and who knows them
 * @words: what the message begins with; an array, for a pointer would be relocated
 */
struct efimap_says {
	char words[EFIMAP_SAYS_MAX];
	enum efimap_rule_id rule;
};

/** efimap_says - all of them, in the order of their bytes; none begins another */
extern const struct efimap_says efimap_says[];
extern const size_t efimap_n_says;

/**
 * efimap_complaint_rule() - the rule that knows this message
 * @n:    its words are among so many of efimap_says, the first ones
 * @text: the message, without what dmesg puts before it; no '\0' ends it
 *
 * Return: EFIMAP_RULE_COUNT when none does.
 */
enum efimap_rule_id efimap_complaint_rule(size_t n, const char *text, size_t len);

/** EFIMAP_COMPLAINT_MAX - bytes of a message that are kept, with the zero byte */
#define EFIMAP_COMPLAINT_MAX 256U

/** EFIMAP_MAX_COMPLAINTS - kept of the messages that one rule knows; of more, the count */
#define EFIMAP_MAX_COMPLAINTS 16U

/**
 * struct efimap_complaint - a message, or several that are the same
 * @text:  as it was printed
 * @count: how often; of the last that is kept, with those that are not
 * @rule:  that knows it; EFIMAP_RULE_COUNT for one that only a later version of the tool does
 */
struct efimap_complaint {
	const char *text;
	uint32_t count;
	enum efimap_rule_id rule;
};

#endif
