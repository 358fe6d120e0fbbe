/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Random numbers from splitmix64 (Steele, Lea, Flood 2014). Each case has its own state, so the
 * seed and the number of a case are enough to generate the case again.
 */
#ifndef TESTS_GENERATE_DICE_H
#define TESTS_GENERATE_DICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state;
};

static inline uint64_t dice_roll(struct dice *dice)
{
	uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline struct dice dice_for(uint64_t seed, uint64_t number)
{
	struct dice dice = { seed };

	dice.state = dice_roll(&dice) ^ (number * UINT64_C(0xd1342543de82ef95));
	(void)dice_roll(&dice);
	return dice;
}

static inline uint64_t dice_below(struct dice *dice, uint64_t limit)
{
	return limit ? dice_roll(dice) % limit : 0;
}

static inline size_t dice_index(struct dice *dice, size_t count)
{
	return (size_t)dice_below(dice, count);
}

static inline uint64_t dice_between(struct dice *dice, uint64_t low, uint64_t high)
{
	return low + dice_below(dice, high - low + 1);
}

static inline bool dice_hit(struct dice *dice, unsigned int percent)
{
	return dice_below(dice, 100) < percent;
}

#define DICE_PICK(dice, array) ((array)[dice_below((dice), sizeof(array) / sizeof((array)[0]))])

#endif
