/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the kernel messages that rules match. */
#include <stdlib.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/installed_kernels.h"
#include "infer/booted_by.h"
#include "infer/linux_changes.h"
#include "rules/matched_messages.h"

/* Find the next line that matches a rule. Return EFIMAP_RULE_COUNT if there is none. */
static enum rule_id next_message(struct text *log, struct text *ret_message)
{
	enum rule_id rule = EFIMAP_RULE_COUNT;
	size_t next;

	while (log->len && rule == EFIMAP_RULE_COUNT) {
		*ret_message = (struct text){ log->at, text_line(log->at, log->len, &next) };
		text_skip(log, next);
		rule = find_message_rule(ret_message->at, ret_message->len);
	}
	return rule;
}

/* Add a message to the list. If it is already listed, or the list is full, only count it. */
static void add_message(struct kernel_messages *messages, enum rule_id rule, struct text message)
{
	struct kernel_message added = { .rule = rule, .count = 1 };
	struct kernel_message *same = NULL, *last = NULL;
	char text[EFIMAP_KERNEL_MESSAGE_MAX];
	bool after_blank = false;
	size_t len = 0, of_rule = 0;

	text_trim(&message);
	for (size_t i = 0; i < message.len && len + 1 < sizeof(text); i++) {
		const bool blank = is_blank(message.at[i]);

		if (!blank || !after_blank)
			text[len++] = (char)(blank ? ' ' : message.at[i]);
		after_blank = blank;
	}
	text_clean(text, len);
	text[len] = '\0';
	for (size_t i = 0; i < messages->count && !same; i++) {
		if (messages->list[i].rule != rule)
			continue;
		last = &messages->list[i];
		of_rule++;
		if (strcmp(last->text, text) == 0)
			same = last;
	}
	if (same || of_rule >= EFIMAP_MAX_KERNEL_MESSAGES) {
		last->count += last->count < UINT32_MAX;
		return;
	}
	added.text = arena_strndup(&messages->texts, text, len);
	array_append(&messages->list, &messages->count, &messages->capacity, &added, sizeof(added));
}

void match_kernel_messages(const struct efimap *map, struct kernel_messages *messages)
{
	struct text log = { map->log, map->log_len }, message;
	enum rule_id rule;

	while ((rule = next_message(&log, &message)) != EFIMAP_RULE_COUNT)
		add_message(messages, rule, message);
}

void free_kernel_messages(struct kernel_messages *messages)
{
	free(messages->list);
	arena_free(&messages->texts);
	*messages = (struct kernel_messages){ 0 };
}

bool has_kernel_message(const struct efimap *map, enum rule_id rule)
{
	struct text log = { map->log, map->log_len }, message;
	enum rule_id found;

	while ((found = next_message(&log, &message)) != EFIMAP_RULE_COUNT)
		if (rule == found || rule == EFIMAP_RULE_COUNT)
			return true;
	return false;
}

static const char died_of_panic[] = "a panic";

const char *find_death(const struct efimap *map)
{
	/* The last messages of a kernel, and why it stopped. A test of kdump shows no fault. */
	static const char *const deaths[][2] = {
		{ "Kernel panic - not syncing: sysrq triggered crash", NULL },
		{ "Cannot allocate trampoline", "no memory below 1 MiB" },
		{ "Real mode trampoline was not allocated", "no memory below 1 MiB" },
		{ "System is deadlocked on memory", EFIMAP_DIED_OF_MEMORY },
		{ "Kernel panic - not syncing: Out of memory", EFIMAP_DIED_OF_MEMORY },
		{ "IO-APIC + timer doesn't work", "no timer interrupt" },
		{ "Unable to mount root fs", "no root file system" },
		{ "No working init found", "no working init" },
		{ "Attempted to kill init", "init ended" },
		{ "Kernel panic - not syncing", died_of_panic },
	};

	if (find_first_origin(map) != EFIMAP_ORIGIN_LOG ||
	    has_kernel_message(map, EFIMAP_RULE_COUNT))
		return NULL;
	for (size_t i = 0; i < sizeof(deaths) / sizeof(deaths[0]); i++)
		if (log_contains(map, deaths[i][0]))
			return deaths[i][1];
	return NULL;
}

const char *find_cause_of_death(const struct efimap *map, const char *died_of)
{
	uint64_t address;

	if (died_of != died_of_panic || find_booted_by(map) != EFIMAP_BOOTED_BY_KEXEC ||
	    !kernel_has(map, EFIMAP_CHANGE_WIPES_INITRD, false) ||
	    log_contains(map, "Freeing unused kernel image") ||
	    !find_named_address(map->tables, map->n_tables, "INITRD", &address))
		return NULL;
	for (size_t i = 0; i < map->n_memmap; i++)
		if (address >= map->memmap[i].start && address <= map->memmap[i].end &&
		    strcmp(map->memmap[i].label, "System RAM") == 0)
			return "during boot, this kernel zeroed 16 bytes at the EFI INITRD table, "
			       "which is in System RAM, and possibly in its image";
	return NULL;
}
