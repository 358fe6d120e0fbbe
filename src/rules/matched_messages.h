/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef RULES_MATCHED_MESSAGES_H
#define RULES_MATCHED_MESSAGES_H

#include "capture/capture.h"
#include "rules/rule_catalogue.h"

/* Maximum size of a kernel message in bytes, with the '\0'. Longer messages are truncated. */
#define EFIMAP_KERNEL_MESSAGE_MAX 256U

/* Maximum number of different messages for each rule. Further messages are only counted. */
#define EFIMAP_MAX_KERNEL_MESSAGES 16U

/*
 * A kernel message, or several messages with the same text.
 *
 * @text:  the message, in which one space replaces each sequence of spaces and tabs, because mail
 *         programs and terminals change the number of spaces
 * @count: number of occurrences. For the last listed message of a rule, this number includes the
 *         rule's messages that are not listed.
 */
struct kernel_message {
	const char *text;
	uint32_t count;
	enum rule_id rule;
};

struct kernel_messages {
	struct kernel_message *list;
	size_t count;
	size_t capacity;
	struct arena texts;
};

/* Find all messages that rules match. */
void match_kernel_messages(const struct efimap *map, struct kernel_messages *messages);
void free_kernel_messages(struct kernel_messages *messages);

/*
 * Return whether the log contains a message that @rule matches. If @rule is EFIMAP_RULE_COUNT,
 * return whether the log contains a message that any rule matches.
 */
bool has_kernel_message(const struct efimap *map, enum rule_id rule);

#define EFIMAP_DIED_OF_MEMORY "out of memory"

/* Return why the kernel of a log died, or NULL. Messages of rules show more, so they come first. */
const char *find_death(const struct efimap *map);

/* Return a cause that initrd-table-in-ram predicts if find_death() returned @died_of, or NULL. */
const char *find_cause_of_death(const struct efimap *map, const char *died_of);

/* What to do about a kexec'd kernel that died: a sentence without a full stop, and a command */
#define EFIMAP_AFTER_DEATH "Reboot normally to the first kernel, and check the load of this kernel"
#define EFIMAP_CHECK_LOAD "efimapctl verify --kernel=KERNEL --initrd=INITRD"

#endif
