/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "base/cleanup.h"
#include "input/read_source.h"
#include "written_tree.h"

TEST(running_system)
{
	static const char *const names[] = { NULL, "/", "//", "/." };
	/* There is no sysfs in a bare chroot. */
	const int expected = access("/sys/kernel", F_OK) ? -ENOENT : 0;
	char before[PATH_MAX], after[PATH_MAX];

	assert_non_null(getcwd(before, sizeof(before)));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_read(names[i], EFIMAP_BOOT_DEFAULT, NULL, &map, &err),
				 expected);
		if (expected)
			continue;
		assert_string_equal(map->name, "/");
		assert_int_equal(map->origin, EFIMAP_ORIGIN_LIVE);
		assert_true(efimap_has(map, EFIMAP_SRC_VERSION));
	}
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

/*
 * A stream returns @text in pieces of at most @step bytes, and then @error, which is 0 for the end
 * of the stream.
 */
struct stream {
	const char *text;
	size_t step;
	int error;
};

static ssize_t give(void *context, void *data, size_t size)
{
	struct stream *stream = context;
	size_t count = strnlen(stream->text, stream->step < size ? stream->step : size);

	if (count == 0)
		return stream->error;
	memcpy(data, stream->text, count);
	stream->text += count;
	return (ssize_t)count;
}

#define LOG                                                                                      \
	"[    0.000000] Linux version 6.1.0 (x) #1\n"                                            \
	"[    0.000000] efi: EFI v2.70 by EDK II\n"                                              \
	"[    0.000000] efi: MEMATTR=0x3d117018\n"

TEST(streams)
{
	static const struct {
		const char *name;
		struct stream stream;
		int ret;
		const char *text;
	} rows[] = {
		{ "a log", { LOG, 4000, 0 }, 0, NULL },
		{ "byte by byte", { LOG, 1, 0 }, 0, NULL },
		{ "a log that fails", { LOG, 7, -EIO }, -EIO, "Input/output error" },
		{ "a document", { "{}", 1, 0 }, -EBADMSG, "document: missing, so this" },
		{ "a dump", { "KDUMP   ", 1, 0 }, -EBADMSG,
		  "a kernel crash dump; use: makedumpfile --dump-dmesg FILE log && " },
		{ "compressed", { "BZh9", 1, 0 }, -EBADMSG,
		  "use: bzcat FILE | efimapctl verify -" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_map struct efimap *map = NULL;
		struct stream stream = rows[i].stream;

		if (efimap_read_stream("-", EFIMAP_BOOT_DEFAULT, give, &stream, &map, &err) !=
		    rows[i].ret)
			fail_msg("%s: %s", rows[i].name, err.text);
		assert_true(!map == !!rows[i].ret);
		if (rows[i].text && !strstr(err.text, rows[i].text))
			fail_msg("%s: %s", rows[i].name, err.text);
		if (rows[i].ret && rows[i].ret != -EBADMSG)
			assert_string_equal(err.where, "standard input");
		if (!map)
			continue;
		assert_string_equal(map->name, "-");
		assert_int_equal(map->origin, EFIMAP_ORIGIN_LOG);
		assert_int_equal(map->n_tables, 1);
	}
}
