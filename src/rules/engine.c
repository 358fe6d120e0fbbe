/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks over what rules look at, asks the predicate of each rule, grades what it finds,
 * words it with the values that the predicate names, limits it and records it. Knows no rule by
 * name; the facts that rules start from are in capture_facts.c.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "base/output_buffer.h"
#include "infer/booted_by.h"
#include "infer/why_no_map.h"
#include "rules/engine.h"

/* --- may a rule be tried? --- */

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
	check_fail(c, why ? efimap_report_skip(c->report, rule, why) : -ENOMEM);
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
	       !efimap_why_unknown(map);
}

static void skip_for(struct check *c, enum efimap_rule_id rule, enum efimap_source source)
{
	static const char *const there[] = {
		[EFIMAP_STATE_DENIED] = " may not be read without root",
		[EFIMAP_STATE_MASKED] = ": addresses are hidden from unprivileged users",
		[EFIMAP_STATE_BROKEN] = " is malformed",
	};
	const char *path = efimap_source_path(source);
	const char *root = check_root(c->map, source);

	if (there[c->map->states[source]])
		check_skip(c, rule, "%s%s%s", root, path, there[c->map->states[source]]);
	else if (is_known_absent(c->map, source))
		check_skip(c, rule, "this kernel has no %s%s", root, path);
	else if (efimap_first_origin(c->map) == EFIMAP_ORIGIN_LOG)
		check_skip(c, rule, "%s is not in the kernel log", path);
	else
		check_skip(c, rule, "%s was not collected", path);
}

/* Is there what it looks at? */
static bool has_subjects(const struct check *c, enum efimap_rule_id rule)
{
	switch (rule_bindings[rule].looks_at) {
	case LOOKS_RECEIVED_DATA:
		/* Only then a loader of Linux has left something; a binary is what one leaves. */
		return c->booted_by == EFIMAP_BOOTED_BY_KEXEC || c->map->binary;
	case LOOKS_BINARY_PROBLEM:
		return c->map->binary;
	case LOOKS_LOG:
		return efimap_has(c->map, EFIMAP_SRC_KERNEL_LOG);
	default:
		return true;
	}
}

static bool has_image(const struct efimap_load_case *load)
{
	return load->image && !load->is_assumed;
}

bool check_wants(struct check *c, enum efimap_rule_id rule)
{
	const uint32_t needs = efimap_rule_get(rule)->needs;
	const enum efimap_source missing = find_missing(c, needs);

	if (!has_subjects(c, rule) || c->lacks & needs & EFIMAP_NEEDS_OPTIONS)
		return false;
	/* A binary is one source, and lacks none. */
	if (missing != EFIMAP_SRC_COUNT && c->map->binary)
		return false;
	if (missing != EFIMAP_SRC_COUNT)
		skip_for(c, rule, missing);
	else if (c->lacks & needs)
		check_skip(c, rule, "it needs %s", efimap_rule_lacks(c->map, needs));
	return check_speaks(c, rule);
}

/* --- the values that a predicate names, and sentences of them --- */

/* Nothing is named yet; free with say_free(). */
static void say_begin(struct say *say, struct check *c, const struct rule_binding *rule,
		      const struct subject *on)
{
	say->check = c;
	say->rule = rule;
	say->as = AS_USUAL;
	say->certainty = say->consequence = -1;
	say->is_skip = say->is_needed = false;
	say->position = on->position;
	say->entry = on->entry;
	say->other = on->other;
	say->thing = on->thing;
	say->entries = (struct list){ 0 };
	say->n_values = 0;
	say->evidence = NULL;
	say->n_evidence = say->evidence_capacity = 0;
}

/* Each rule is asked of each entry, and mostly there is nothing to free: so this looks first. */
static void say_free(struct say *say)
{
	if (say->entries.indices)
		free(say->entries.indices);
	if (say->evidence)
		free(say->evidence);
}

static void list_add(struct check *c, struct list *list, uint32_t index)
{
	check_fail(c, efimap_array_append(&list->indices, &list->count, &list->capacity,
					  &index, sizeof(index)));
}

static bool find_named(const struct say_value *values, size_t count, enum say_name name,
		       struct say_value *ret_value)
{
	for (size_t i = 0; i < count; i++) {
		if (values[i].name != name)
			continue;
		*ret_value = values[i];
		return true;
	}
	return false;
}

/* What is named again is replaced. */
static void name_value(struct say *say, struct say_value value)
{
	for (size_t i = 0; i < say->n_values; i++) {
		if (say->values[i].name == value.name) {
			say->values[i] = value;
			return;
		}
	}
	if (say->n_values == SAY_MAX_VALUES)
		check_fail(say->check, -EOVERFLOW);
	else
		say->values[say->n_values++] = value;
}

void say_hex(struct say *say, enum say_name name, uint64_t value)
{
	name_value(say,
		   (struct say_value){ .name = name, .number = value, .is_hex = true });
}

void say_number(struct say *say, enum say_name name, uint64_t value)
{
	name_value(say, (struct say_value){ .name = name, .number = value });
}

void say_text(struct say *say, enum say_name name, const char *text)
{
	name_value(say, (struct say_value){ .name = name, .text = text });
}

void say_format(struct say *say, enum say_name name, const char *fmt, ...)
{
	const char *text;
	va_list args;

	va_start(args, fmt);
	text = efimap_arena_vprintf(&say->check->report->arena, fmt, args);
	va_end(args);
	if (text)
		say_text(say, name, text);
	else
		check_fail(say->check, -ENOMEM);
}

void say_append(struct say *say, enum say_name name, const char *word)
{
	struct say_value before;

	if (find_named(say->values, say->n_values, name, &before))
		say_format(say, name, "%s, %s", before.text, word);
	else
		say_text(say, name, word);
}

void say_range(struct say *say, const struct efimap_range *range)
{
	say_number(say, SAY_RANGE, range->index);
	say_hex(say, SAY_RANGE_START, range->start);
	say_hex(say, SAY_RANGE_END, range->end);
	say_text(say, SAY_LABEL, range->label);
}

void say_as(struct say *say, enum say_as as)
{
	say->as = as;
}

void say_certainty(struct say *say, enum efimap_certainty certainty)
{
	say->certainty = (int)certainty;
}

void say_consequence(struct say *say, enum efimap_outcome consequence)
{
	say->consequence = (int)consequence;
}

void say_entry(struct say *say, const struct efimap_entry *entry)
{
	if (!say->entry)
		say->entry = entry;
	say->is_needed |= check_needs_entry(entry);
	say_index(say, entry->index);
}

/* An entry that is met again at once, in another piece, counts once. */
void say_index(struct say *say, uint32_t index)
{
	struct list *list = &say->entries;

	if (!list->count || list->indices[list->count - 1] != index)
		list_add(say->check, list, index);
}

void say_other(struct say *say, const struct efimap_entry *other)
{
	say->other = other;
}

void say_evidence(struct say *say, const char *source, const char *fmt, ...)
{
	struct efimap_arena *arena = &say->check->report->arena;
	struct efimap_evidence fact;
	va_list args;

	/* What would not be listed one by one needs none, however much there is. */
	if (say->check->rest[rule_id_of(say->rule)].spoken >= CHECK_MAX_FINDINGS)
		return;
	va_start(args, fmt);
	fact.source = efimap_arena_strndup(arena, source, strlen(source));
	fact.value = efimap_arena_vprintf(arena, fmt, args);
	va_end(args);
	check_fail(say->check,
		   fact.source && fact.value
			   ? efimap_array_append(&say->evidence, &say->n_evidence,
						 &say->evidence_capacity, &fact, sizeof(fact))
			   : -ENOMEM);
}

void say_label(struct say *say, const struct efimap_range *range)
{
	char source[sizeof("memmap/4294967295/type")];

	snprintf(source, sizeof(source), "memmap/%" PRIu32 "/type", range->index);
	say_evidence(say, source, "%s", range->label);
}

bool say_skip(struct say *say, enum say_as as)
{
	say->is_skip = true;
	say->as = as;
	return false;
}

bool say_torn(struct say *say)
{
	check_skip(say->check, rule_id_of(say->rule), "lines are missing in the kernel log");
	return false;
}

bool say_unreleased(struct say *say, enum efimap_change change)
{
	const struct efimap_kernel_change *what = &efimap_kernel_changes[change];

	if (!efimap_kernel_is_known(say->check->map))
		check_skip(say->check, rule_id_of(say->rule),
			   "the kernel's release is not known: before %s %s", what->release,
			   what->before);
	return false;
}

/* What an entry says by itself; @name is room for the name of its type. */
static bool find_field(const struct efimap_entry *entry, enum say_name field,
		       char name[EFIMAP_TYPE_NAME_SIZE], struct say_value *ret_value)
{
	struct efimap_span span = { 0, 0 };
	const bool has_pages = pages_of(entry, &span);
	const struct say_value fields[] = {
		{ .name = SAY_TYPE, .text = efimap_type_name(entry->type, name) },
		{ .name = SAY_TYPE_NUMBER, .number = entry->type },
		{ .name = SAY_INDEX, .number = entry->index },
		{ .name = SAY_TYPE_HEX, .number = entry->type, .is_hex = true },
		{ .name = SAY_PHYS, .number = entry->phys, .is_hex = true },
		{ .name = SAY_VIRT, .number = entry->virt, .is_hex = true },
		{ .name = SAY_PAGES, .number = entry->pages, .is_hex = true },
		{ .name = SAY_ATTRIBUTE, .number = entry->attribute, .is_hex = true },
		{ .name = SAY_START, .number = span.first, .is_hex = true },
		{ .name = SAY_END, .number = span.last, .is_hex = true },
	};

	return (has_pages || (field != SAY_START && field != SAY_END)) &&
	       find_named(fields, sizeof(fields) / sizeof(fields[0]), field, ret_value);
}

/* What the predicate has named comes before what an entry says by itself. */
static bool find_value(const struct say *say, const struct rule_part *part,
		       char name[EFIMAP_TYPE_NAME_SIZE], struct say_value *ret_value)
{
	const struct efimap_entry *entry = part->of_other ? say->other : say->entry;

	if (!part->of_other && find_named(say->values, say->n_values, part->name, ret_value))
		return true;
	if (part->name == SAY_COUNT) {
		*ret_value = (struct say_value){ .number = say->entries.count };
		return true;
	}
	return entry && find_field(entry, part->name, name, ret_value);
}

static void put_value(struct efimap_out *out, const struct rule_part *part,
		      const struct say_value *value)
{
	if (part->many != RULE_NO_WORDS)
		efimap_out_puts(out,
				rule_words + (value->number == 1 ? part->one : part->many));
	else if (value->text)
		efimap_out_puts(out, value->text);
	else if (value->is_hex)
		efimap_out_hex(out, value->number);
	else
		efimap_out_printf(out, "%" PRIu64, value->number);
}

static bool put_part(struct efimap_out *out, const struct say *say,
		     const struct rule_part *part)
{
	char name[EFIMAP_TYPE_NAME_SIZE];
	struct say_value value;

	efimap_out_puts(out, rule_words + part->text);
	if (part->name == SAY_MORE) {
		if (say->entries.count > 1)
			efimap_out_printf(out, " and %zu more", say->entries.count - 1);
		return true;
	}
	if (!find_value(say, part, name, &value))
		return false;
	put_value(out, part, &value);
	return true;
}

/*
 * A sentence, of the report. NULL where there is none, or a value of it is not known; or without
 * memory, and then an error stands.
 */
static const char *say_words(struct say *say, uint16_t sentence)
{
	const struct rule_part *parts = &rule_parts[sentence];
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	const char *words;

	if (sentence == RULE_NO_SENTENCE)
		return NULL;
	while (parts->name != SAY_NOTHING)
		if (!put_part(&out, say, parts++))
			return NULL;
	efimap_out_puts(&out, rule_words + parts->text);
	words = out.error ? NULL
			  : efimap_arena_strndup(&say->check->report->arena,
						 out.data ? out.data : "", out.used);
	if (!words)
		check_fail(say->check, out.error ? out.error : -ENOMEM);
	return words;
}

/* --- findings --- */

/* Keep only the worst grade and the entries of what goes beyond the limit. */
static void add_to_rest(struct check *c, struct check_rest *rest,
			const struct efimap_finding *finding)
{
	rest->findings++;
	if (finding->consequence > rest->consequence ||
	    (finding->consequence == rest->consequence &&
	     finding->certainty < rest->certainty)) {
		rest->consequence = finding->consequence;
		rest->certainty = finding->certainty;
	}
	rest->loads |= finding->loads;
	for (size_t i = 0; i < finding->n_entries && !c->error; i++)
		list_add(c, &rest->entries, finding->entries[i]);
}

/*
 * No loader takes the map of a 32-bit kernel: the next one has neither its entries nor
 * services to lose. What is wrong with memory itself reaches any.
 */
static enum efimap_outcome reach_of(const struct check *c,
				    enum efimap_outcome consequence)
{
	return c->kernel_32bit && (consequence == EFIMAP_OUTCOME_NO_RUNTIME ||
				   consequence == EFIMAP_OUTCOME_ENTRY_DROPPED)
		       ? EFIMAP_OUTCOME_NO_EFI
		       : consequence;
}

/* Is a load among those that a variant is about? */
static bool is_concerned(const struct efimap_load_case *load, uint8_t concerns)
{
	static const uint8_t questions[] = { [EFIMAP_QUESTION_KEXEC] = CONCERNS_KEXEC,
					     [EFIMAP_QUESTION_KDUMP] = CONCERNS_KDUMP };
	static const uint8_t loaders[] = {
		[EFIMAP_LOADER_KEXEC_TOOLS] = CONCERNS_KEXEC_LOAD,
		[EFIMAP_LOADER_KERNEL] = CONCERNS_KEXEC_FILE_LOAD,
		[EFIMAP_LOADER_ANY] = CONCERNS_KEXEC_LOAD | CONCERNS_KEXEC_FILE_LOAD,
	};
	const uint8_t question = concerns & (CONCERNS_KEXEC | CONCERNS_KDUMP);
	const uint8_t loader = concerns & (CONCERNS_KEXEC_LOAD | CONCERNS_KEXEC_FILE_LOAD);

	return (!question || question & questions[load->question]) &&
	       (!loader || loader & loaders[load->loader]);
}

/* The loads that a finding concerns: the one that is asked about, or all that are not refused. */
static uint32_t find_concerned(const struct check *c, uint8_t concerns)
{
	uint32_t found = 0;

	for (size_t i = 0; i < c->n_loads; i++) {
		const struct efimap_load_case *load = &c->loads[i];

		if ((c->load ? load == c->load : load->refusal == EFIMAP_NOT_REFUSED) &&
		    is_concerned(load, concerns))
			found |= UINT32_C(1) << i;
	}
	return found;
}

static void speak_of_rest(struct check *c)
{
	for (unsigned int rule = 0; rule < EFIMAP_RULE_COUNT && !c->error; rule++) {
		const struct check_rest *rest = &c->rest[rule];
		struct efimap_finding finding = {
			.rule = efimap_rule_get(rule),
			.certainty = rest->certainty,
			.consequence = rest->consequence,
			.loads = rest->loads,
			.entries = rest->entries.indices,
			.n_entries = rest->entries.count,
		};

		if (rest->findings == 0)
			continue;
		finding.message = efimap_arena_printf(&c->report->arena,
						      "%zu more findings of this rule, after the "
						      "first %d that are listed one by one",
						      rest->findings, CHECK_MAX_FINDINGS);
		check_fail(c, finding.message ? efimap_report_add(c->report, &finding) : -ENOMEM);
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

static void grade(const struct say *say, const struct rule_variant *variant,
		  struct efimap_finding *finding)
{
	int consequence = (int)variant->consequence;

	if (variant->unneeded >= 0 && !say->is_needed)
		consequence = (int)variant->unneeded;
	if (say->consequence >= 0)
		consequence = say->consequence;
	finding->consequence = reach_of(say->check, (enum efimap_outcome)consequence);
	finding->certainty = EFIMAP_WILL;
	if (say->certainty >= 0)
		finding->certainty = (enum efimap_certainty)say->certainty;
	else if (variant->certainty >= 0)
		finding->certainty = (enum efimap_certainty)variant->certainty;
	finding->loads = find_concerned(say->check, variant->concerns);
	/* What concerns none of the loads affects nothing. */
	if (say->check->n_loads > 0 && finding->loads == 0)
		finding->consequence = EFIMAP_OUTCOME_NONE;
	if (finding->consequence == EFIMAP_OUTCOME_NONE)
		finding->certainty = EFIMAP_WILL;
}

/* A binary has no file for each field of an entry, but bytes at which it stands. */
static const char *place_in_binary(struct check *c, const char *source)
{
	static const struct {
		const char *file;
		uint64_t at;
	} fields[] = {
		{ "type", 0 }, { "phys_addr", 8 }, { "virt_addr", 16 }, { "num_pages", 24 },
		{ "attribute", 32 },
	};
	static const char directory[] = "runtime-map/";
	const char *number = source + strlen(directory), *slash;
	uint64_t index;

	if (strncmp(source, directory, strlen(directory)) != 0)
		return source;
	slash = strchr(number, '/');
	if (!slash || efimap_number_parse_dec(number, (size_t)(slash - number), UINT32_MAX, &index,
					      NULL) != EFIMAP_NUMBER_OK)
		return source;
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(slash + 1, fields[i].file) == 0)
			return efimap_arena_printf(
				&c->report->arena, "byte 0x%" PRIx64 ", %s",
				index * c->map->binary->desc_size + fields[i].at, fields[i].file);
	return source;
}

/* What the text of the rule names, then what its predicate has. */
static void add_evidence(struct check *c, struct say *say, const struct rule_variant *variant,
			 struct efimap_finding *finding)
{
	const struct rule_fact *facts = &rule_facts[variant->facts];
	struct efimap_evidence *all = efimap_arena_alloc(
		&c->report->arena, (variant->n_facts + say->n_evidence) * sizeof(*all));
	size_t count = 0;

	check_fail(c, all ? 0 : -ENOMEM);
	for (size_t i = 0; all && i < variant->n_facts; i++) {
		all[count].source = say_words(say, facts[i].source);
		all[count].value = say_words(say, facts[i].value);
		count += all[count].source && all[count].value;
	}
	for (size_t i = 0; all && i < say->n_evidence; i++)
		all[count++] = say->evidence[i];
	for (size_t i = 0; c->map->binary && i < count; i++) {
		all[i].source = place_in_binary(c, all[i].source);
		check_fail(c, all[i].source ? 0 : -ENOMEM);
	}
	finding->evidence = all;
	finding->n_evidence = count;
}

/* The same finding of an earlier load then concerns this load too. */
static bool join_earlier(struct check *c, const struct efimap_finding *finding)
{
	for (size_t i = c->first_of_loads; i < c->report->n_findings; i++) {
		struct efimap_finding *earlier = &c->report->findings[i];

		if (efimap_finding_compare(earlier, finding) != 0)
			continue;
		earlier->loads |= finding->loads;
		return true;
	}
	return false;
}

/* A sentence with a value that nobody named is a mistake in src/rules/ or in its predicate. */
static void record(struct check *c, struct say *say)
{
	const struct rule_variant *variant = variant_of(say);
	struct check_rest *rest = &c->rest[rule_id_of(say->rule)];
	struct efimap_finding finding = {
		.rule = efimap_rule_get(rule_id_of(say->rule)),
		.entries = say->entries.indices,
		.n_entries = say->entries.count,
	};

	grade(say, variant, &finding);
	if (c->load && finding.loads == 0)
		return;
	finding.severity = efimap_severity_of(finding.consequence, finding.certainty);
	efimap_sort(say->entries.indices, say->entries.count, sizeof(*say->entries.indices),
		    efimap_order_at_32);
	if (rest->spoken == CHECK_MAX_FINDINGS) {
		add_to_rest(c, rest, &finding);
		return;
	}
	finding.message = say_words(say, variant->finding);
	check_fail(c, finding.message ? 0 : -EINVAL);
	add_evidence(c, say, variant, &finding);
	if (finding.consequence != EFIMAP_OUTCOME_NONE)
		finding.answer = say_words(say, variant->answer);
	finding.first = say_words(say, variant->first);
	finding.second = say_words(say, variant->second);
	if (c->error || (c->load && join_earlier(c, &finding)))
		return;
	rest->spoken++;
	check_fail(c, efimap_report_add(c->report, &finding));
}

void say_now(struct say *say)
{
	record(say->check, say);
	say_free(say);
	say_begin(say, say->check, say->rule, &(const struct subject){ 0 });
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
	int ret;

	if (!all) {
		ret = efimap_array_append(&c->gathered, &c->n_gathered, &c->gathered_capacity,
					  say, sizeof(*say));
		check_fail(c, ret);
		if (ret)
			return;
		/* They are of the one that was kept. */
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
	holds = c->plan->predicates[rule_id_of(rule)](c, &say) && !c->error;
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
	else
		record(c, &say);
}

void check_visit(struct check *c, const struct subject *on)
{
	for (size_t i = 0; i < c->n_asked && !c->error; i++)
		ask_rule(c, c->asked[i], on);
}

static void walk_capture(struct check *c)
{
	check_visit(c, &(const struct subject){ 0 });
}

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

static void walk_sound_entries(struct check *c)
{
	walk_flagged(c, CHECK_PHYS_SOUND);
}

static void walk_sound_neighbours(struct check *c)
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

static void walk_differences(struct check *c)
{
	c->plan->walk_differences(c);
}

static void (*const walks[LOOKS_COUNT])(struct check *c) = {
	/* There is one order, so the capture stands for it. */
	[LOOKS_ARRIVAL] = walk_capture,
	[LOOKS_CAPTURE] = walk_capture,
	[LOOKS_DIFFERENCE] = walk_differences,
	[LOOKS_ENTRY] = check_walk_entries,
	[LOOKS_RECEIVED_DATA] = walk_capture,
	[LOOKS_LOG] = walk_capture,
	[LOOKS_MAP_FAULT] = check_walk_map_faults,
	[LOOKS_BINARY_PROBLEM] = walk_binary_problems,
	[LOOKS_POINTER] = check_walk_pointers,
	[LOOKS_SHARED_PAGE] = check_walk_shared_pages,
	[LOOKS_SOUND_ENTRY] = walk_sound_entries,
	[LOOKS_SOUND_NEIGHBOUR] = walk_sound_neighbours,
	[LOOKS_TARGET] = check_walk_targets,
	[LOOKS_VIRTUAL_PAIR] = check_walk_virtual_pairs,
};

/* Is it asked now: of the map, or of the load that it is the turn of? */
static bool is_its_turn(const struct check *c, const struct rule_binding *rule)
{
	const uint32_t needs = efimap_rule_get(rule_id_of(rule))->needs;

	if (!c->load || rule->asked == ASKED_ONCE)
		return !c->load && rule->asked == ASKED_ONCE;
	if ((c->load->refusal != EFIMAP_NOT_REFUSED) != (rule->asked == ASKED_REFUSED_LOADS))
		return false;
	return !(needs & EFIMAP_NEEDS_IMAGE && !has_image(c->load)) &&
	       !(needs & EFIMAP_NEEDS_SEGMENTS && !c->load->is_from_log);
}

/* Which rules go along on this walk? */
static void find_asked(struct check *c, const struct check_plan *plan,
		       enum looks_at looks_at)
{
	c->n_asked = 0;
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct rule_binding *rule = &rule_bindings[id];

		if (rule->looks_at != looks_at || !is_its_turn(c, rule) ||
		    !(plan->families & CHECK_FAMILY(efimap_rules[id].family)) ||
		    !plan->wants(c, id))
			continue;
		c->asked[c->n_asked++] = rule;
		c->report->tried[id] = true;
	}
}

/* What no load of this run has */
static uint32_t find_lacking_options(const struct check *c)
{
	uint32_t lacks = EFIMAP_NEEDS_OPTIONS;

	for (size_t i = 0; i < c->n_loads; i++) {
		if (has_image(&c->loads[i]))
			lacks &= ~EFIMAP_NEEDS_IMAGE;
		if (c->loads[i].is_from_log)
			lacks &= ~EFIMAP_NEEDS_SEGMENTS;
	}
	return lacks;
}

/* Options that were not given are worth a word only where no rule was tried for want of them. */
static void skip_for_options(struct check *c, const struct check_plan *plan)
{
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		const struct efimap_rule *rule = efimap_rule_get(id);
		const uint32_t lacks = c->lacks & rule->needs;

		if (!(plan->families & CHECK_FAMILY(rule->family)))
			continue;
		if (lacks & EFIMAP_NEEDS_IMAGE)
			check_skip(c, id, "it needs a kernel image (--kernel)");
		if (lacks & EFIMAP_NEEDS_SEGMENTS)
			check_skip(c, id, "it needs the segments of kexec (--kexec-log)");
	}
}

static void run_walks(struct check *c, const struct check_plan *plan)
{
	for (unsigned int looks_at = 0; looks_at < LOOKS_COUNT && !c->error; looks_at++) {
		find_asked(c, plan, looks_at);
		if (c->n_asked == 0)
			continue;
		walks[looks_at](c);
		speak_of_gathered(c);
	}
}

static int run_plan(struct check *c, const struct check_plan *plan)
{
	run_walks(c, plan);
	c->first_of_loads = c->report->n_findings;
	for (size_t i = 0; i < c->n_loads && !c->error; i++) {
		c->load = &c->loads[i];
		run_walks(c, plan);
	}
	c->load = NULL;
	speak_of_rest(c);
	for (unsigned int id = 0; id < EFIMAP_RULE_COUNT; id++) {
		c->report->tried[id] &= !c->skipped[id];
		c->report->n_tried += c->report->tried[id];
	}
	if (c->report->n_tried == 0)
		skip_for_options(c, plan);
	return c->error;
}

int check_run(const struct efimap *map, const struct efimap_verify_options *options,
	      const struct check_plan *plan, struct efimap_report *report)
{
	struct check c;
	int ret = 0;

	check_init(&c, map, options, report);
	c.plan = plan;
	c.data = plan->data;
	c.loads = plan->loads;
	c.n_loads = plan->n_loads;
	c.lacks |= find_lacking_options(&c);
	if (!plan->as_listed)
		ret = check_order(&c);
	if (ret == 0)
		ret = check_look(&c);
	if (ret == 0 && plan->layout)
		ret = check_look_at_layout(&c, plan->layout);
	if (ret == 0)
		ret = run_plan(&c, plan);
	check_free(&c);
	return ret < 0 ? ret : efimap_report_seal(report, options->fail_on);
}
