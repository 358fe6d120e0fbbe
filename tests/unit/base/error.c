/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/error.h"

TEST(errors_without_a_record_return_the_code)
{
	assert_int_equal(err_set(NULL, ENOMEM, NULL, "x"), -ENOMEM);
	assert_int_equal(err_at_line(NULL, EIO, "f", 1, "x"), -EIO);
	assert_int_equal(err_at_offset(NULL, EACCES, "f", 1, "x"), -EACCES);
}

TEST(long_texts_are_truncated)
{
	struct err err = EFIMAP_ERR_INIT;
	char far[2000], text[8], one[1] = { 'x' };

	memset(far, 'a', sizeof(far));
	far[sizeof(far) - 1] = '\0';
	err_set(&err, EIO, far, "%s", far);
	assert_int_equal(strlen(err.where), sizeof(err.where) - 1);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	err_format(&err, text, sizeof(text));
	assert_string_equal(text, "aaaaaaa");
	err_format(&err, one, sizeof(one));
	assert_int_equal(one[0], '\0');
}
