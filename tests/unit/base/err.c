/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Errors: what is recorded, which one wins, how it reads. */
#include <errno.h>
#include <string.h>

#include "test.h"
#include "base/err.h"

TEST(first_one_wins)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	assert_int_equal(efimap_err_at_line(&err, EBADMSG, "proc/iomem", 3, "bad %d", 7),
			 -EBADMSG);
	assert_int_equal(efimap_err_set(&err, ENOENT, "other", "later"), -ENOENT);
	assert_int_equal(efimap_err_at_offset(&err, EIO, "other", 9, "later"), -EIO);
	assert_int_equal(err.code, EBADMSG);
	assert_int_equal(err.line, 3);
	assert_true(err.offset == EFIMAP_ERR_NO_OFFSET);
	assert_string_equal(err.where, "proc/iomem");
	assert_string_equal(err.text, "bad 7");
}

TEST(nowhere_to_record)
{
	assert_int_equal(efimap_err_set(NULL, ENOMEM, NULL, "x"), -ENOMEM);
	assert_int_equal(efimap_err_at_line(NULL, EIO, "f", 1, "x"), -EIO);
	assert_int_equal(efimap_err_at_offset(NULL, EACCES, "f", 1, "x"), -EACCES);
}

TEST(format_rows)
{
	static const struct {
		const char *name, *where;
		uint64_t line, offset;
		const char *expected;
	} rows[] = {
		{ "place", "map/3/type", 0, EFIMAP_ERR_NO_OFFSET, "map/3/type: wrong" },
		{ "line", "iomem", 12, EFIMAP_ERR_NO_OFFSET, "iomem:12: wrong" },
		{ "offset", "data", 0, 0x1c0, "data: byte 0x1c0: wrong" },
		{ "offset 0", "data", 0, 0, "data: byte 0x0: wrong" },
		{ "no place", "", 0, EFIMAP_ERR_NO_OFFSET, "wrong" },
		{ "no place, but a line", "", 3, EFIMAP_ERR_NO_OFFSET, "wrong" },
		{ "NULL place", NULL, 0, EFIMAP_ERR_NO_OFFSET, "wrong" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		char text[64];

		if (rows[i].line)
			efimap_err_at_line(&err, EIO, rows[i].where, rows[i].line, "wrong");
		else if (rows[i].offset != EFIMAP_ERR_NO_OFFSET)
			efimap_err_at_offset(&err, EIO, rows[i].where, rows[i].offset,
					     "wrong");
		else
			efimap_err_set(&err, EIO, rows[i].where, "wrong");
		efimap_err_format(&err, text, sizeof(text));
		if (strcmp(text, rows[i].expected) != 0)
			fail_msg("%s: \"%s\"", rows[i].name, text);
	}
}

TEST(cuts_what_is_too_long)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	char far[2000], text[8], one[1] = { 'x' };

	memset(far, 'a', sizeof(far));
	far[sizeof(far) - 1] = '\0';
	efimap_err_set(&err, EIO, far, "%s", far);
	assert_int_equal(strlen(err.where), sizeof(err.where) - 1);
	assert_int_equal(strlen(err.text), sizeof(err.text) - 1);
	efimap_err_format(&err, text, sizeof(text));
	assert_string_equal(text, "aaaaaaa");
	efimap_err_format(&err, one, sizeof(one));
	assert_int_equal(one[0], '\0');
}
