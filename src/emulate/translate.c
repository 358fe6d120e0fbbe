/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All entries that cover an address: for each side an array sorted by start, seen as a
 * balanced tree whose nodes know the highest end below them. It must not judge overlap,
 * only say that it makes answers differ.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "base/sort.h"
#include "emulate/translate.h"

/* The node of a range of the array is its middle; @highest is that of the whole range. */
struct node {
	struct efimap_span span;
	uint64_t highest;
	uint32_t position;
};

struct side {
	struct node *nodes;
	size_t count;
};

struct efimap_translator {
	const struct efimap_entry *entries;
	struct side phys;
	struct side virt;
};

static uint64_t max_u64(uint64_t a, uint64_t b)
{
	return a > b ? a : b;
}

static uint64_t find_highest(struct side *side, size_t begin, size_t end)
{
	const size_t middle = begin + (end - begin) / 2;
	struct node *node;

	if (begin == end)
		return 0;
	node = &side->nodes[middle];
	node->highest =
		max_u64(node->span.last, max_u64(find_highest(side, begin, middle),
						 find_highest(side, middle + 1, end)));
	return node->highest;
}

typedef int (*span_function)(const struct efimap_entry *entry,
			     struct efimap_span *ret_span);

static int make_side(const struct efimap_entry *entries, size_t count,
		     span_function span_of, struct side *side)
{
	efimap_auto_free struct efimap_key *keys = efimap_array_new(count, sizeof(*keys));
	struct efimap_span span;
	int err;

	side->nodes = efimap_array_new(count, sizeof(*side->nodes));
	if (!keys || !side->nodes)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		if (span_of(&entries[i], &span) == 0)
			keys[side->count++] =
				(struct efimap_key){ span.first, (uint32_t)i };
	err = efimap_sort_keys(keys, side->count);
	if (err)
		return err;
	for (size_t i = 0; i < side->count; i++) {
		struct node *node = &side->nodes[i];

		node->position = keys[i].index;
		span_of(&entries[node->position], &node->span);
	}
	find_highest(side, 0, side->count);
	return 0;
}

int efimap_translator_new(const struct efimap_entry *entries, size_t count,
			  struct efimap_translator **ret_translator)
{
	efimap_auto_translator struct efimap_translator *translator = NULL;
	int err;

	if (count >= UINT32_MAX)
		return -EOVERFLOW;
	translator = calloc(1, sizeof(*translator));
	if (!translator)
		return -ENOMEM;
	translator->entries = entries;
	err = make_side(entries, count, efimap_entry_phys, &translator->phys);
	if (err)
		return err;
	err = make_side(entries, count, efimap_entry_virt, &translator->virt);
	if (err)
		return err;
	*ret_translator = efimap_steal(translator);
	return 0;
}

void efimap_translator_free(struct efimap_translator *translator)
{
	if (!translator)
		return;
	free(translator->phys.nodes);
	free(translator->virt.nodes);
	free(translator);
}

struct search {
	const struct side *side;
	const struct efimap_entry *entries;
	enum efimap_direction direction;
	uint64_t address;
	struct efimap_answer *answer;
};

static void add_hit(struct search *search, const struct node *node)
{
	const struct efimap_entry *entry = &search->entries[node->position];
	const bool to_virt = search->direction == EFIMAP_TO_VIRT;
	struct efimap_answer *answer = search->answer;
	struct efimap_hit *hit;

	if (answer->n_hits == EFIMAP_TRANSLATE_MAX) {
		answer->more = true;
		return;
	}
	hit = &answer->hits[answer->n_hits++];
	hit->position = node->position;
	hit->offset = search->address - node->span.first;
	hit->wraps = __builtin_add_overflow(to_virt ? entry->virt : entry->phys,
					    hit->offset, &hit->address);
	hit->unknown = to_virt && entry->virt_from == EFIMAP_VIRT_UNKNOWN;
	if (hit->unknown)
		hit->wraps = false;
	if (hit->wraps || hit->unknown)
		hit->address = 0;
}

/* In order of start; stops at the first hit that there is no room for. */
static void find(struct search *search, size_t begin, size_t end)
{
	const size_t middle = begin + (end - begin) / 2;
	const struct node *node = &search->side->nodes[middle];

	if (begin == end || node->highest < search->address || search->answer->more)
		return;
	find(search, begin, middle);
	if (node->span.first > search->address)
		return;
	if (node->span.last >= search->address)
		add_hit(search, node);
	find(search, middle + 1, end);
}

static void find_all(const struct efimap_translator *translator,
		     enum efimap_direction direction, uint64_t address,
		     struct efimap_answer *answer)
{
	struct search search = {
		.side = direction == EFIMAP_TO_VIRT ? &translator->phys
						    : &translator->virt,
		.entries = translator->entries,
		.direction = direction,
		.address = address,
		.answer = answer,
	};

	*answer = (struct efimap_answer){ 0 };
	find(&search, 0, search.side->count);
}

static bool leads_elsewhere(const struct efimap_answer *answer, uint64_t address)
{
	if (answer->more)
		return true;
	for (size_t i = 0; i < answer->n_hits; i++)
		if (answer->hits[i].unknown || answer->hits[i].wraps ||
		    answer->hits[i].address != address)
			return true;
	return false;
}

void efimap_translate(const struct efimap_translator *translator,
		      enum efimap_direction direction, uint64_t address,
		      struct efimap_answer *ret_answer)
{
	const enum efimap_direction back =
		direction == EFIMAP_TO_VIRT ? EFIMAP_TO_PHYS : EFIMAP_TO_VIRT;
	struct efimap_answer answer, returned;

	find_all(translator, direction, address, &answer);
	if (answer.n_hits)
		answer.disagrees = leads_elsewhere(&answer, answer.hits[0].address);
	/* What is not known cannot disagree. */
	if (answer.n_hits && answer.hits[0].unknown)
		answer.disagrees = answer.n_hits > 1;
	for (size_t i = 0; i < answer.n_hits && !answer.disagrees; i++) {
		if (answer.hits[i].unknown)
			continue;
		find_all(translator, back, answer.hits[i].address, &returned);
		answer.disagrees = leads_elsewhere(&returned, address);
	}
	*ret_answer = answer;
}
