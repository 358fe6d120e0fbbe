/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a mutated source is written in: every mutant is compiled in, and the number in the
 * environment says which one lives. Included in front of every source by -include.
 *
 * efimap_mutant_seen[n] becomes 1 when mutant n would have made a difference where it
 * stands; a test under which it stays 0 cannot kill mutant n.
 */
#ifndef TESTS_MUTANT_H
#define TESTS_MUTANT_H

extern int efimap_mutant;
extern unsigned char *efimap_mutant_seen;

/* Is it mutant @n? Where @n is asked for, it makes a difference. */
#define EFIMAP_MUTANT(n) (efimap_mutant_seen[n] = 1, efimap_mutant == (n))

/* A comparison, and two others in its place, @n and @n + 1. */
#define EFIMAP_MUTANT_COMPARE(n, a, op, b, op1, op2)                                       \
	({                                                                                 \
		__auto_type left_##n = a;                                                  \
		__auto_type right_##n = b;                                                 \
		const int was_##n = left_##n op right_##n;                                 \
		const int one_##n = left_##n op1 right_##n;                                \
		const int two_##n = left_##n op2 right_##n;                                \
		if (one_##n != was_##n)                                                    \
			efimap_mutant_seen[n] = 1;                                         \
		if (two_##n != was_##n)                                                    \
			efimap_mutant_seen[(n) + 1] = 1;                                   \
		efimap_mutant == (n)       ? one_##n                                       \
		: efimap_mutant == (n) + 1 ? two_##n                                       \
					   : was_##n;                                      \
	})

/* An equality, and its opposite. */
#define EFIMAP_MUTANT_EQUAL(n, a, op, b) ((a op b) != EFIMAP_MUTANT(n))

/* "&&" when @is_and, else "||"; the other as mutant @n. @b runs when it has to. */
#define EFIMAP_MUTANT_LOGIC(n, a, is_and, b)                                               \
	({                                                                                 \
		const _Bool left_##n = a;                                                  \
		const _Bool and_##n = (is_and) != EFIMAP_MUTANT(n);                        \
		left_##n == and_##n ? (_Bool)b : !and_##n;                                 \
	})

/* A condition, and its opposite. */
#define EFIMAP_MUTANT_TRUTH(n, a) (!(a) == EFIMAP_MUTANT(n))

/* A number, one more as mutant @n, and one less as mutant @n + 1. */
#define EFIMAP_MUTANT_BOUND(n, a) ((a) + EFIMAP_MUTANT(n) - EFIMAP_MUTANT((n) + 1))

#endif
