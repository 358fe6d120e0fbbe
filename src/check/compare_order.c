/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The order in which the entries arrived: it is no part of the promise, but a loader
 * leaves its mark in it. Knows no other difference.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "check/sides.h"
#include "emulate/kernfs.h"

/* kexec_load several times in a row shuffles what is shuffled; so many are recognised. */
#define MAX_HOPS 4

/*
 * struct orders - positions of FIRST's entries in some orders
 * @arrived:  as they stand in SECOND
 * @n:        how many arrived
 * @has:      per position: did it arrive?
 * @now:      in the order that is tried, all of them
 * @listing:  sysfs' order of the numbers 0 to n_entries - 1
 */
struct orders {
	size_t *arrived;
	size_t n;
	bool *has;
	uint32_t *now;
	uint32_t *next;
	uint32_t *listing;
};

static void orders_free(struct orders *orders)
{
	free(orders->arrived);
	free(orders->has);
	free(orders->now);
	free(orders->next);
	free(orders->listing);
}

static int alloc(const struct compare *c, struct orders *orders)
{
	const size_t count = c->first->n_entries;

	orders->arrived =
		efimap_array_new(c->second->n_entries, sizeof(*orders->arrived));
	orders->has = efimap_array_new(count, sizeof(*orders->has));
	orders->now = efimap_array_new(count, sizeof(*orders->now));
	orders->next = efimap_array_new(count, sizeof(*orders->next));
	orders->listing = efimap_array_new(count, sizeof(*orders->listing));
	return orders->arrived && orders->has && orders->now && orders->next &&
			       orders->listing ?
		       0 :
		       -ENOMEM;
}

static int gather(const struct compare *c, struct orders *orders)
{
	efimap_auto_free size_t *partner =
		efimap_array_new(c->second->n_entries, sizeof(*partner));

	if (!partner)
		return -ENOMEM;
	for (size_t i = 0; i < c->second->n_entries; i++)
		partner[i] = EFIMAP_NO_ENTRY;
	for (size_t i = 0; i < c->matching.n_pairs; i++)
		if (c->matching.pairs[i].whole)
			partner[c->matching.pairs[i].second] = c->matching.pairs[i].first;
	for (size_t i = 0; i < c->second->n_entries; i++) {
		if (partner[i] == EFIMAP_NO_ENTRY)
			continue;
		orders->arrived[orders->n++] = partner[i];
		orders->has[partner[i]] = true;
	}
	return 0;
}

/* Did they arrive as @orders->now has them? What equals another stands for it. */
static bool arrived_so(const struct compare *c, const struct orders *orders)
{
	const struct efimap_entry *entries = c->first->entries;
	size_t at = 0;

	for (size_t i = 0; i < c->first->n_entries; i++) {
		if (!orders->has[orders->now[i]])
			continue;
		if (!same_promise(&entries[orders->now[i]], &entries[orders->arrived[at++]]))
			return false;
	}
	return true;
}

static void set_by_index(const struct compare *c, struct orders *orders)
{
	for (size_t i = 0; i < c->first->n_entries; i++)
		orders->now[i] = (uint32_t)i;
}

/* One more load: what stands in the order of now is listed anew. */
static void hop(const struct compare *c, struct orders *orders)
{
	uint32_t *swap = orders->now;

	for (size_t i = 0; i < c->first->n_entries; i++)
		orders->next[i] = orders->now[orders->listing[i]];
	orders->now = orders->next;
	orders->next = swap;
}

/* The directories of FIRST as sysfs lists them, and those of every later kernel */
static int list(const struct compare *c, struct orders *orders)
{
	const size_t count = c->first->n_entries;
	efimap_auto_free uint32_t *names = efimap_array_new(count, sizeof(*names));
	bool is_same = true;
	int ret;

	if (!names)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		names[i] = (uint32_t)i;
	ret = efimap_kernfs_order(names, count, orders->listing);
	for (size_t i = 0; i < count; i++) {
		names[i] = c->first->entries[i].index;
		is_same &= names[i] == i;
	}
	if (ret < 0 || !is_same)
		return ret < 0 ? ret : efimap_kernfs_order(names, count, orders->now);
	memcpy(orders->now, orders->listing, count * sizeof(*orders->now));
	return 0;
}

/* Return: after how many kexec_load, 0 for none that we tried */
static int count_hops(const struct compare *c, struct orders *orders, unsigned int *ret_hops)
{
	int ret = list(c, orders);

	*ret_hops = 0;
	for (unsigned int hops = 1; ret == 0 && hops <= MAX_HOPS; hops++) {
		if (arrived_so(c, orders)) {
			*ret_hops = hops;
			return 0;
		}
		hop(c, orders);
	}
	return ret;
}

static void say(struct compare *c, enum efimap_rule_id rule, const char *message,
		const char *second)
{
	if (compare_wants(c, rule) &&
	    check_find(&c->check, rule, check_usual(rule), "%s", message))
		compare_sides(c, "by number", second);
}

static void say_same(struct compare *c)
{
	if (!compare_is_handover(c))
		return;
	say(c, EFIMAP_RULE_DRIFT_ORDER_SAME,
	    "the entries arrived in the order of their numbers, as kexec_file_load hands "
	    "them on",
	    "by number");
	if (c->result->loaded_by == EFIMAP_LOADED_BY_UNKNOWN)
		c->result->loaded_by = EFIMAP_LOADED_BY_KEXEC_FILE_LOAD;
}

static void say_hash(struct compare *c, unsigned int hops)
{
	say(c, EFIMAP_RULE_DRIFT_ORDER_HASH,
	    hops == 1 ? "the entries arrived in the order in which sysfs lists them, as "
			"kexec_load hands them on" :
			"the entries arrived in the order in which sysfs lists them, several "
			"times over: as after several kexec_load",
	    "as sysfs lists them");
	if (c->result->loaded_by == EFIMAP_LOADED_BY_UNKNOWN)
		c->result->loaded_by = EFIMAP_LOADED_BY_KEXEC_LOAD;
}

static void say_other(struct compare *c)
{
	say(c, EFIMAP_RULE_DRIFT_ORDER_OTHER,
	    compare_is_handover(c) ?
		    "the entries arrived in an order that neither kexec_load nor "
		    "kexec_file_load makes" :
		    "the entries are numbered in another order, although it is the same boot",
	    "in another order");
}

static int judge(struct compare *c, struct orders *orders)
{
	unsigned int hops = 0;
	int ret = alloc(c, orders);

	if (ret == 0)
		ret = gather(c, orders);
	if (ret < 0 || orders->n < 2)
		return ret;
	set_by_index(c, orders);
	if (arrived_so(c, orders)) {
		say_same(c);
		return 0;
	}
	if (compare_is_handover(c))
		ret = count_hops(c, orders, &hops);
	if (ret == 0 && hops > 0)
		say_hash(c, hops);
	else if (ret == 0)
		say_other(c);
	return ret;
}

/* The numbers in a log are not sysfs', and kexec_load goes by how sysfs lists them. */
static bool knows_order(struct compare *c)
{
	const bool same = compare_wants(c, EFIMAP_RULE_DRIFT_ORDER_SAME);
	const bool hash = compare_wants(c, EFIMAP_RULE_DRIFT_ORDER_HASH);

	return compare_wants(c, EFIMAP_RULE_DRIFT_ORDER_OTHER) && same && hash;
}

void compare_order(struct compare *c)
{
	struct orders orders = { 0 };
	int ret;

	if (!compare_is_same_power_cycle(c) || c->first->n_entries == 0 ||
	    c->second->n_entries == 0 || !knows_order(c))
		return;
	ret = judge(c, &orders);
	orders_free(&orders);
	if (!c->check.error)
		c->check.error = ret;
}
