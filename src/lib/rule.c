/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The catalogue of rules, by name and by what is asked of one. Its numbers stay inside:
 * a rule more is nothing that a program could be compiled against.
 */
#include <string.h>

#include "lib/lib.h"
#include "model/rule.h"

static const char *catalogue_severity(const struct efimap_rule *rule)
{
	return efimap_severity_name(rule->severity);
}

static const char *catalogue_consequence(const struct efimap_rule *rule)
{
	return efimap_consequence_name(rule->consequence);
}

static const char *catalogue_command(const struct efimap_rule *rule)
{
	return efimap_rule_command(rule->id);
}

/* What the catalogue says of a rule: a text, or a word that is derived. */
static const struct {
	const char *key;
	enum rule_text text;
	const char *(*word)(const struct efimap_rule *rule);
} keys[] = {
	{ "severity", 0, catalogue_severity },
	{ "consequence", 0, catalogue_consequence },
	{ "command", 0, catalogue_command },
	{ "tests", RULE_TESTS, NULL },
	{ "why", RULE_WHY, NULL },
	{ "breaks", RULE_BREAKS, NULL },
	{ "exceptions", RULE_EXCEPTIONS, NULL },
	{ "fix", RULE_FIX, NULL },
	{ "source", RULE_SOURCE, NULL },
	{ "experiment", RULE_EXPERIMENT, NULL },
};

const char *efimap_rule_at(size_t index)
{
	return index < EFIMAP_RULE_COUNT ? efimap_rule_get((enum efimap_rule_id)index)->name :
					   NULL;
}

const char *efimap_rule_text(const char *rule, const char *key)
{
	const struct efimap_rule *found = efimap_rule_find(rule);

	for (size_t i = 0; found && i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strcmp(keys[i].key, key) == 0)
			return keys[i].word ? keys[i].word(found) :
					      efimap_rule_explains(found, keys[i].text);
	return NULL;
}
