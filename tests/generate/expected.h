/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Warnings that are true of a healthy machine. */
#ifndef TESTS_GENERATE_EXPECTED_H
#define TESTS_GENERATE_EXPECTED_H

#include "judge.h"

struct expected {
	enum efimap_rule_id rule;
	bool (*applies)(const struct kernel *kernel);
	const char *why;
};

/* expected_warnings - ends with a row that has no function */
extern const struct expected expected_warnings[];

#endif
