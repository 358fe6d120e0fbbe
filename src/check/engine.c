/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks over what rules look at, asks the predicate of each rule, grades what it finds,
 * has it worded, limits it and records it. Knows no rule by name; the facts that rules
 * start from are in facts.c.
 */
#include <errno.h>
#include <stdarg.h>

#include "base/cleanup.h"
#include "check/engine.h"

/*
 * A map with a malformed file is still a map, and so is memmap (memmap-bad-range names
 * the file); the other sources are all or nothing.
 */
static bool is_usable(const struct efimap *map, enum efimap_source source)
{
	if (map->states[source] != EFIMAP_STATE_BROKEN)
		return efimap_has(map, source);
	return source == EFIMAP_SRC_MEMMAP ||
	       (source == EFIMAP_SRC_RUNTIME_MAP && map->n_names > 0);
}

/* The first that is needed and cannot be used, EFIMAP_SRC_COUNT for none */
static enum efimap_source find_missing(const struct check *c, uint32_t needs)
{
	unsigned int source = 0;

	while (source < EFIMAP_SRC_COUNT &&
	       (!(needs & EFIMAP_NEEDS(source)) || is_usable(c->map, source)))
		source++;
	return source;
}

bool check_speaks(const struct check *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;

	return !c->options->disabled[rule] && find_missing(c, needs) == EFIMAP_SRC_COUNT &&
	       !(c->lacks & needs);
}

void check_skip(struct check *c, enum efimap_rule_id rule, const char *fmt, ...)
{
	va_list args;
	const char *why;

	if (c->error || c->skipped[rule] || c->options->disabled[rule])
		return;
	c->skipped[rule] = true;
	va_start(args, fmt);
	why = efimap_arena_vprintf(&c->report->arena, fmt, args);
	va_end(args);
	check_fail(c, why ? efimap_report_skip(c->report, rule, "%s", why) : -ENOMEM);
}

const char *check_root(const struct efimap *map, enum efimap_source source)
{
	return efimap_is_offline(map) || source == EFIMAP_SRC_KERNEL_LOG ? "" : "/";
}

/* On a running system nothing is overlooked; of a capture some things are known all the same. */
static bool is_known_absent(const struct efimap *map, enum efimap_source source)
{
	if (!efimap_is_offline(map))
		return true;
	return source == EFIMAP_SRC_RUNTIME_MAP &&
	       map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_PRESENT &&
	       !check_why_uncollected(map);
}

static void skip_for(struct check *c, enum efimap_rule_id rule, enum efimap_source source)
{
	const char *path = efimap_source_path(source);
	const char *root = check_root(c->map, source);

	switch (c->map->states[source]) {
	case EFIMAP_STATE_DENIED:
		check_skip(c, rule, "%s%s may not be read without root", root, path);
		return;
	case EFIMAP_STATE_MASKED:
		check_skip(c, rule, "%s%s: addresses are hidden from unprivileged users",
			   root, path);
		return;
	case EFIMAP_STATE_BROKEN:
		check_skip(c, rule, "%s%s is malformed", root, path);
		return;
	case EFIMAP_STATE_ABSENT:
	case EFIMAP_STATE_PRESENT:
		break;
	}
	if (is_known_absent(c->map, source))
		check_skip(c, rule, "this kernel has no %s%s", root, path);
	else if (efimap_first_origin(c->map) == EFIMAP_ORIGIN_LOG)
		check_skip(c, rule, "%s is not in the kernel log", path);
	else
		check_skip(c, rule, "%s was not collected", path);
}

bool check_wants(struct check *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;
	const enum efimap_source missing = find_missing(c, needs);

	if (c->error || c->options->disabled[rule])
		return false;
	if (missing != EFIMAP_SRC_COUNT)
		skip_for(c, rule, missing);
	else if (c->lacks & needs)
		check_skip(c, rule, "it needs %s", efimap_rule_lacks(c->map, needs));
	return missing == EFIMAP_SRC_COUNT && !(c->lacks & needs);
}

/* Keep only the worst grade and the entries of what goes beyond the limit. */
static void add_to_rest(struct check *c, struct check_rest *rest,
			struct check_grade grade, const uint32_t *indices, size_t count)
{
	rest->findings++;
	if (grade.severity > rest->grade.severity)
		rest->grade.severity = grade.severity;
	if (grade.consequence > rest->grade.consequence)
		rest->grade.consequence = grade.consequence;
	for (size_t i = 0; i < count && !c->error; i++) {
		check_fail(c,
			   efimap_array_reserve(&rest->indices, rest->n_indices,
						&rest->capacity, sizeof(*rest->indices)));
		if (!c->error)
			rest->indices[rest->n_indices++] = indices[i];
	}
}

/*
 * No loader takes the map of a 32-bit kernel: the next one has neither its entries nor
 * services to lose. What is wrong with memory itself reaches any.
 */
static enum efimap_consequence reach_of(const struct check *c,
					enum efimap_consequence consequence)
{
	return c->kernel_32bit && (consequence == EFIMAP_CONSEQ_NO_RUNTIME ||
				   consequence == EFIMAP_CONSEQ_ENTRY_DROPPED)
		       ? EFIMAP_CONSEQ_NO_EFI
		       : consequence;
}

/* May one more finding of a rule be made? Else the one that names the rest counts it. */
static bool may_find(struct check *c, enum efimap_rule_id rule, struct check_grade *grade,
		     const uint32_t *indices, size_t count)
{
	struct check_rest *rest = &c->rest[rule];

	grade->consequence = reach_of(c, grade->consequence);
	if (c->error)
		return false;
	if (rest->spoken < CHECK_MAX_FINDINGS) {
		rest->spoken++;
		return true;
	}
	add_to_rest(c, rest, *grade, indices, count);
	return false;
}

/* @message is the report's; NULL is -ENOMEM. */
static struct efimap_finding *add_finding(struct check *c, enum efimap_rule_id rule,
					  struct check_grade grade,
					  const uint32_t *indices, size_t count,
					  const char *message)
{
	struct efimap_finding *finding = NULL;

	check_fail(c, message ? 0 : -ENOMEM);
	if (!c->error)
		check_fail(c, efimap_report_add(c->report, rule, grade.severity,
						grade.consequence, &finding));
	if (c->error)
		return NULL;
	finding->message = message;
	check_fail(c, efimap_finding_set_entries(c->report, finding, indices, count));
	return c->error ? NULL : finding;
}

/* Speak about what was over CHECK_MAX_FINDINGS. */
static void speak_of_rest(struct check *c)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT && !c->error; rule++) {
		struct check_rest *rest = &c->rest[rule];

		if (rest->findings == 0)
			continue;
		add_finding(
			c, rule, rest->grade, rest->indices, rest->n_indices,
			efimap_arena_printf(&c->report->arena,
					    "%zu more findings of this rule, after the "
					    "first %d that are listed one by one",
					    rest->findings, CHECK_MAX_FINDINGS));
	}
}

static const struct rule_variant *variant_of(const struct say *say)
{
	const struct rule_variant *variants = &rule_variants[say->rule->variants];

	_Static_assert(AS_COUNT <= UINT8_MAX, "a variant has room for its name");
	for (size_t i = 1; i < say->rule->n_variants; i++)
		if (variants[i].as == say->as)
			return &variants[i];
	return variants;
}

static struct check_grade grade_of(const struct say *say,
				   const struct rule_variant *variant)
{
	int consequence = variant->consequence;

	if (variant->unneeded >= 0 && !say->is_needed)
		consequence = variant->unneeded;
	if (say->consequence >= 0)
		consequence = say->consequence;
	return (struct check_grade){
		.severity = (enum efimap_severity)(
			say->severity >= 0 ? say->severity : variant->severity),
		.consequence = (enum efimap_consequence)consequence,
	};
}

static void add_fact(struct check *c, struct efimap_finding *finding, const char *source,
		     const char *value)
{
	if (source && value && !c->error)
		check_fail(c, efimap_finding_add_evidence(c->report, finding, source,
							  "%s", value));
}

/* A sentence with a value that nobody named is a mistake in rules/ or in its predicate.
 */
static void record(struct check *c, struct say *say)
{
	const struct rule_variant *variant = variant_of(say);
	struct check_grade grade = grade_of(say, variant);
	const enum efimap_rule_id rule = rule_id_of(say->rule);
	struct efimap_finding *finding;
	const char *message;

	if (!may_find(c, rule, &grade, say->entries.indices, say->entries.count))
		return;
	message = say_words(say, variant->finding);
	check_fail(c, message ? 0 : -EINVAL);
	finding = c->error ? NULL
			   : add_finding(c, rule, grade, say->entries.indices,
					 say->entries.count, message);
	if (!finding)
		return;
	for (size_t i = 0; i < variant->n_facts; i++)
		add_fact(c, finding, say_words(say, rule_facts[variant->facts + i].source),
			 say_words(say, rule_facts[variant->facts + i].value));
	for (size_t i = 0; i < say->n_evidence; i++)
		add_fact(c, finding, say->evidence[i].source, say->evidence[i].value);
	if (finding->consequence != EFIMAP_CONSEQ_NONE)
		finding->answer = say_words(say, variant->answer);
	finding->first = say_words(say, variant->first);
	finding->second = say_words(say, variant->second);
}

void say_now(struct say *say)
{
	const struct subject nothing = { 0 };
	struct say next;

	record(say->check, say);
	say_begin(&next, say->check, say->rule, &nothing);
	say_free(say);
	*say = next;
}

/* Those found together by one rule, in one way: the first names its values. */
static struct say *find_gathered(struct check *c, const struct say *say)
{
	for (size_t i = 0; i < c->n_gathered; i++)
		if (c->gathered[i].rule == say->rule && c->gathered[i].as == say->as)
			return &c->gathered[i];
	return NULL;
}

static void gather(struct check *c, struct say *say)
{
	struct say *all = find_gathered(c, say);

	if (!all) {
		check_fail(c, efimap_array_reserve(&c->gathered, c->n_gathered,
						   &c->gathered_capacity, sizeof(*all)));
		if (c->error)
			return;
		c->gathered[c->n_gathered++] = *say;
		say->entries = (struct list){ 0 };
		say->evidence = NULL;
		return;
	}
	all->is_needed |= say->is_needed;
	for (size_t i = 0; i < say->entries.count && !c->error; i++)
		say_index(all, say->entries.indices[i]);
}

static void speak_of_gathered(struct check *c)
{
	for (size_t i = 0; i < c->n_gathered; i++) {
		if (!c->error)
			record(c, &c->gathered[i]);
		say_free(&c->gathered[i]);
	}
	c->n_gathered = 0;
}

static void speak_of_skip(struct say *say)
{
	const char *why = say_words(say, variant_of(say)->skip);

	check_fail(say->check, why ? 0 : -EINVAL);
	if (why)
		check_skip(say->check, rule_id_of(say->rule), "%s", why);
}

static void ask_rule(struct check *c, const struct rule_binding *rule,
		     const struct subject *on)
{
	efimap_cleanup(say_free) struct say say;
	bool holds;

	say_begin(&say, c, rule, on);
	holds = rule_predicates[rule_id_of(rule)](c, &say) && !c->error;
	if (say.is_skip)
		speak_of_skip(&say);
	if (!holds)
		return;
	if (on->entry && say.entries.count == 0) {
		say_entry(&say, on->entry);
		if (on->other)
			say_entry(&say, on->other);
	}
	if (variant_of(&say)->together)
		gather(c, &say);
	else if (!c->error)
		record(c, &say);
}

void check_visit(struct check *c, const struct subject *on)
{
	for (size_t i = 0; i < c->n_asked && !c->error; i++)
		ask_rule(c, c->asked[i], on);
}

void check_walk_capture(struct check *c)
{
	check_visit(c, &(const struct subject){ 0 });
}

/* Those that have all of these flags */
static void walk_flagged(struct check *c, uint8_t flags)
{
	for (size_t i = 0; i < c->map->n_entries && !c->error; i++)
		if ((c->flags[i] & flags) == flags)
			check_visit(c, &(const struct subject){ i, &c->map->entries[i] });
}

void check_walk_entries(struct check *c)
{
	walk_flagged(c, 0);
}

void check_walk_sound_entries(struct check *c)
{
	walk_flagged(c, CHECK_PHYS_SOUND);
}

void check_walk_sound_neighbours(struct check *c)
{
	const struct efimap_entry *low = NULL;

	for (size_t i = 0; i < c->map->n_entries && !c->error; i++) {
		const struct efimap_entry *high = &c->map->entries[i];

		if (!(c->flags[i] & CHECK_PHYS_SOUND))
			continue;
		if (low)
			check_visit(c, &(const struct subject){ i, high, low, NULL });
		low = high;
	}
}

/* Which rules go along on this walk? */
static void find_asked(struct check *c, const struct check_plan *plan,
		       enum looks_at looks_at)
{
	c->n_asked = 0;
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct rule_binding *rule = &rule_bindings[id];

		if (rule->looks_at == looks_at &&
		    (plan->families & CHECK_FAMILY(efimap_rules[id].family)) &&
		    (plan->wants ? plan->wants(c, id) : check_wants(c, id)))
			c->asked[c->n_asked++] = rule;
	}
	for (size_t i = 0; i < c->n_asked; i++)
		c->tried[rule_id_of(c->asked[i])] = true;
}

static void run_walk(struct check *c, const struct check_plan *plan,
		     enum looks_at looks_at)
{
	const struct check_walk *walk = &plan->walks[looks_at];

	if (walk->is_there && !walk->is_there(c))
		return;
	find_asked(c, plan, looks_at);
	if (c->n_asked > 0 && !walk->walk)
		check_fail(c, -EINVAL);
	else if (c->n_asked > 0)
		walk->walk(c);
	speak_of_gathered(c);
}

static void count_tried(struct check *c)
{
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++)
		c->report->n_tried += c->tried[id] && !c->skipped[id];
}

static int run_plan(struct check *c, const struct check_plan *plan)
{
	for (unsigned int looks_at = 0; plan->walks && looks_at < LOOKS_COUNT; looks_at++)
		if (c->error == 0)
			run_walk(c, plan, looks_at);
	if (c->error == 0)
		speak_of_rest(c);
	count_tried(c);
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
		ret = check_look(&c, plan->last_span);
	if (ret == 0 && plan->look)
		ret = plan->look(&c);
	if (ret == 0)
		ret = run_plan(&c, plan);
	check_free(&c);
	return ret < 0 ? ret : efimap_report_seal(report, options->fail_on);
}
