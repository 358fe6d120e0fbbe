/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The values that a predicate names, and sentences made of them. Knows no rule and makes
 * no finding.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/out.h"
#include "check/engine.h"
#include "check/pages.h"

void say_begin(struct say *say, struct check *c, const struct rule_binding *rule,
	       const struct subject *on)
{
	say->check = c;
	say->rule = rule;
	say->as = AS_USUAL;
	say->severity = say->consequence = -1;
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

void say_free(struct say *say)
{
	free(say->entries.indices);
	free(say->evidence);
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

void say_next(struct say *say, bool depends)
{
	const struct check *c = say->check;

	if (!depends)
		say_text(say, SAY_NEXT, "");
	else if (c->is_next_named)
		say_format(say, SAY_NEXT, "; the next kernel is %s (--kernel)", c->next.text);
	else if (c->options->image)
		say_format(say, SAY_NEXT, "; %s does not tell its release",
			   c->options->image->name);
	else if (efimap_kernel_is_known(c->map))
		say_format(say, SAY_NEXT, "; the next kernel is taken to be %s, as this one",
			   c->next.text);
	else
		say_text(say, SAY_NEXT, "; the release of the next kernel is not known");
}

void say_as(struct say *say, enum say_as as)
{
	say->as = as;
}

void say_severity(struct say *say, enum efimap_severity severity)
{
	say->severity = (int)severity;
}

void say_consequence(struct say *say, enum efimap_consequence consequence)
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
	int ret;

	if (list->count && list->indices[list->count - 1] == index)
		return;
	ret = efimap_array_reserve(&list->indices, list->count, &list->capacity,
				   sizeof(*list->indices));
	if (ret < 0)
		check_fail(say->check, ret);
	else
		list->indices[list->count++] = index;
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
	int ret;

	/* What would not be listed one by one needs none, however much there is. */
	if (say->check->rest[rule_id_of(say->rule)].spoken >= CHECK_MAX_FINDINGS)
		return;
	ret = efimap_array_reserve(&say->evidence, say->n_evidence,
				   &say->evidence_capacity, sizeof(*say->evidence));
	va_start(args, fmt);
	fact.source = efimap_arena_strndup(arena, source, strlen(source));
	fact.value = efimap_arena_vprintf(arena, fmt, args);
	va_end(args);
	if (ret < 0 || !fact.source || !fact.value)
		check_fail(say->check, ret < 0 ? ret : -ENOMEM);
	else
		say->evidence[say->n_evidence++] = fact;
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
	const struct efimap_kernel_change *what = efimap_kernel_change(change);

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

/* " and 4 more", of those that a finding on several entries does not name */
static void put_more(struct efimap_out *out, const struct say *say)
{
	if (say->entries.count > 1)
		efimap_out_printf(out, " and %zu more", say->entries.count - 1);
}

static bool put_part(struct efimap_out *out, const struct say *say,
		     const struct rule_part *part)
{
	char name[EFIMAP_TYPE_NAME_SIZE];
	struct say_value value;

	efimap_out_puts(out, rule_words + part->text);
	if (part->name == SAY_MORE) {
		put_more(out, say);
		return true;
	}
	if (!find_value(say, part, name, &value))
		return false;
	put_value(out, part, &value);
	return true;
}

const char *say_words(struct say *say, uint16_t sentence)
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
