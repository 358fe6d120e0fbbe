/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "rules/fact.h"
#include "test.h"

#define N_OPERANDS 3

typedef struct fact expression_fn(const struct fact of[N_OPERANDS]);

static struct fact neither(const struct fact of[N_OPERANDS])
{
	return fact_not(fact_or(of[0], of[1]));
}

static struct fact both(const struct fact of[N_OPERANDS])
{
	return fact_and(of[0], of[1]);
}

static struct fact either(const struct fact of[N_OPERANDS])
{
	return fact_or(of[0], of[1]);
}

static struct fact nested(const struct fact of[N_OPERANDS])
{
	return fact_and(of[0], fact_or(fact_not(of[1]), of[2]));
}

static struct fact all(const struct fact of[N_OPERANDS])
{
	return fact_and(fact_and(of[0], of[1]), of[2]);
}

static expression_fn *const expressions[] = { neither, both, either, nested, all };

/* Return the value of an expression if bit i of @bits completes operand i, where it is unknown. */
static bool complete(expression_fn *expression, const struct fact of[N_OPERANDS], unsigned int bits)
{
	struct fact operands[N_OPERANDS];

	for (unsigned int i = 0; i < N_OPERANDS; i++)
		operands[i] = fact_is_unknown(of[i]) ? fact_of(bits >> i & 1) : of[i];
	return fact_is_yes(expression(operands));
}

/* Compare an expression with the values of all completions. If they agree, it is known. */
static void check(expression_fn *expression, const struct fact of[N_OPERANDS])
{
	const struct fact result = expression(of);
	unsigned int n_yes = 0;

	for (unsigned int bits = 0; bits < 1U << N_OPERANDS; bits++)
		n_yes += complete(expression, of, bits);
	assert_int_equal(fact_is_unknown(result), n_yes > 0 && n_yes < 1U << N_OPERANDS);
	assert_int_equal(fact_is_yes(result), n_yes == 1U << N_OPERANDS);
	assert_int_equal(fact_is_no(result), n_yes == 0);
}

TEST(expressions_agree_with_all_completions)
{
	static const enum known values[] = { EFIMAP_NOT_KNOWN, EFIMAP_KNOWN_NO, EFIMAP_KNOWN_YES };

	for (size_t e = 0; e < ARRAY_SIZE(expressions); e++)
		for (unsigned int n = 0; n < 27; n++) {
			const struct fact of[N_OPERANDS] = { fact_known(values[n % 3]),
							     fact_known(values[n / 3 % 3]),
							     fact_known(values[n / 9]) };

			check(expressions[e], of);
		}
}

/* The reason is that of the first operand that is yes, and a negation has none. */
TEST(reasons_of_facts)
{
	const struct fact yes = fact_because(fact_of(true), "a"), no = fact_of(false);
	const struct fact other = fact_because(fact_of(true), "b"), unknown = fact_unknown();

	assert_string_equal(fact_and(yes, other).because, "a");
	assert_string_equal(fact_and(fact_of(true), other).because, "b");
	assert_string_equal(fact_or(yes, other).because, "a");
	assert_string_equal(fact_or(no, other).because, "b");
	assert_string_equal(fact_or(unknown, other).because, "b");
	assert_null(fact_not(fact_not(yes)).because);
	assert_null(fact_and(yes, unknown).because);
	assert_null(fact_because(no, "c").because);
	assert_null(fact_because(unknown, "c").because);
}

/* Weaker evidence proves only a yes, and only if the fact is unknown without it. */
TEST(facts_with_weaker_evidence)
{
	const struct fact yes = fact_of(true), no = fact_of(false);

	assert_true(fact_is_no(fact_else(no, yes)));
	assert_true(fact_is_unknown(fact_else(fact_unknown(), no)));
	assert_true(fact_is_yes(fact_else(yes, no)));
	assert_true(fact_is_yes(fact_else(fact_unknown(), yes)));
}

/* A condition matters only without the stronger evidence, and it can only prove a no. */
TEST(facts_on_a_condition)
{
	const struct fact yes = fact_of(true), no = fact_of(false);

	assert_true(fact_is_yes(fact_only_if(yes, no)));
	assert_true(fact_is_no(fact_only_if(no, yes)));
	assert_true(fact_is_no(fact_only_if(fact_unknown(), no)));
	assert_true(fact_is_unknown(fact_only_if(fact_unknown(), yes)));
}

/* Silence proves nothing unless the list is complete. */
TEST(facts_from_lists)
{
	assert_true(fact_is_yes(fact_any(true, false)));
	assert_true(fact_is_yes(fact_any(true, true)));
	assert_true(fact_is_no(fact_any(false, true)));
	assert_true(fact_is_unknown(fact_any(false, false)));
}

TEST(presumptions_replace_only_unknown_facts)
{
	assert_true(fact_is_yes(fact_presumed(fact_of(true), EFIMAP_KNOWN_NO, "test")));
	assert_true(fact_is_no(fact_presumed(fact_unknown(), EFIMAP_KNOWN_NO, "test")));
}
