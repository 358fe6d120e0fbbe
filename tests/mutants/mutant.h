/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Macros for mutated sources. The option -include adds this file to every source.
 *
 * A program contains all mutants, and efimap_mutant selects one. If mutant n may change the value
 * of its expression, efimap_mutant_seen[n] becomes 1. If the element is 0 after a test, this test
 * cannot kill mutant n.
 */
#ifndef TESTS_MUTANT_H
#define TESTS_MUTANT_H

extern int efimap_mutant;
extern unsigned char *efimap_mutant_seen;

/* Return whether mutant @n is active, and record that it was reached. */
#define EFIMAP_MUTANT(n) (efimap_mutant_seen[n] = 1, efimap_mutant == (n))

/* Compare @a and @b with @op. Mutants @n and @n + 1 use the operators @op1 and @op2 instead. */
#define EFIMAP_MUTANT_COMPARE(n, a, op, b, op1, op2)                                               \
	({                                                                                         \
		__auto_type left_##n = a;                                                          \
		__auto_type right_##n = b;                                                         \
		const int was_##n = left_##n op right_##n;                                         \
		const int one_##n = left_##n op1 right_##n;                                        \
		const int two_##n = left_##n op2 right_##n;                                        \
		if (one_##n != was_##n)                                                            \
			efimap_mutant_seen[n] = 1;                                                 \
		if (two_##n != was_##n)                                                            \
			efimap_mutant_seen[(n) + 1] = 1;                                           \
		efimap_mutant == (n) ? one_##n : efimap_mutant == (n) + 1 ? two_##n : was_##n;     \
	})

/* Compare @a and @b with @op, which is == or !=. Mutant @n negates the result. */
#define EFIMAP_MUTANT_EQUAL(n, a, op, b) ((a op b) != EFIMAP_MUTANT(n))

/*
 * Combine @a and @b with "&&" if @is_and is true, otherwise with "||". Mutant @n uses the other
 * operator. @b is evaluated only if necessary.
 */
#define EFIMAP_MUTANT_LOGIC(n, a, is_and, b)                                                       \
	({                                                                                         \
		const _Bool left_##n = a;                                                          \
		const _Bool and_##n = (is_and) != EFIMAP_MUTANT(n);                                \
		left_##n == and_##n ? (_Bool)b : !and_##n;                                         \
	})

#define EFIMAP_MUTANT_TRUTH(n, a) (!(a) == EFIMAP_MUTANT(n))

/* Return the number @a. Mutant @n adds one, and mutant @n + 1 subtracts one. */
#define EFIMAP_MUTANT_BOUND(n, a) ((a) + EFIMAP_MUTANT(n) - EFIMAP_MUTANT((n) + 1))

#endif
