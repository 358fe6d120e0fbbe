/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimap_read() and its like: what a SOURCE is recognised as, and what the errors say. */
#include "base/cleanup.h"
#include "read/read.h"
#include "tree.h"

/* Whatever machine this is: it is read, and we are where we were. */
TEST(running_system)
{
	static const char *const names[] = { NULL, "/", "//", "/." };
	/* A bare chroot has no sysfs. */
	const int expected = access("/sys/kernel", F_OK) ? -ENOENT : 0;
	char before[PATH_MAX], after[PATH_MAX];

	assert_non_null(getcwd(before, sizeof(before)));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_map struct efimap *map = NULL;

		assert_int_equal(efimap_read(names[i], EFIMAP_BOOT_BEST, &map, &err), expected);
		if (expected)
			continue;
		assert_string_equal(map->name, "/");
		assert_int_equal(map->origin, EFIMAP_ORIGIN_LIVE);
		assert_true(efimap_has(map, EFIMAP_SRC_VERSION));
	}
	assert_non_null(getcwd(after, sizeof(after)));
	assert_string_equal(before, after);
}

/* struct stream - @text in pieces of @step bytes; then its end, or @error */
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
		{ "nothing", { "", 1, 0 }, -EBADMSG, "empty; expected" },
		{ "anything", { "hello\n", 1, 0 }, -EBADMSG, "not a source that is known" },
		{ "a dump", { "KDUMP   ", 1, 0 }, -EBADMSG,
		  "a kernel crash dump, which has to be unpacked first" },
		{ "once more", { "BZh9", 1, 0 }, -EBADMSG, "compressed file, which has to be" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		efimap_auto_map struct efimap *map = NULL;
		struct stream stream = rows[i].stream;

		if (efimap_read_stream("-", give, &stream, &map, &err) != rows[i].ret)
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

#define BYTES(literal) literal, sizeof(literal) - 1
#define ARCHIVE "an archive or a compressed file, which has to be unpacked first"
#define VMCORE "a kernel crash dump, which has to be unpacked first"

/* struct block - bytes that are given at once */
struct block {
	const char *data;
	size_t len;
};

static ssize_t give_block(void *context, void *data, size_t size)
{
	struct block *block = context;
	const size_t count = block->len < size ? block->len : size;

	memcpy(data, block->data, count);
	block->data += count;
	block->len -= count;
	return (ssize_t)count;
}

/* What it is taken for; @text NULL: for a log, of which it has no line. */
static void check_evidence(const char *name, const char *data, size_t len, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct block block = { data, len };
	struct efimap *map;

	assert_int_equal(efimap_read_stream("-", give_block, &block, &map, &err), -EBADMSG);
	if (!strstr(err.text, text ? text : "expected a directory"))
		fail_msg("%s: %s", name, err.text);
}

TEST(evidence)
{
	static const struct {
		const char *name;
		const char *data;
		size_t len;
		const char *text;
	} rows[] = {
		{ "gzip", BYTES("\x1f\x8b\x08"), ARCHIVE },
		{ "xz", BYTES("\xfd" "7zXZ\0"), ARCHIVE },
		{ "zstd", BYTES("\x28\xb5\x2f\xfd"), ARCHIVE },
		{ "bzip2", BYTES("BZh9"), ARCHIVE },
		{ "half of xz", BYTES("\xfd" "7z"), NULL },
		{ "zip", BYTES("PK\3\4"), "a zip archive, which is not read" },
		{ "makedumpfile", BYTES("KDUMP   \6\0\0\0"), VMCORE },
		{ "diskdump", BYTES("DISKDUMP\6\0\0\0"), VMCORE },
		{ "flattened", BYTES("makedumpfile\0\0\0\0\0\0\0\0"), VMCORE },
		{ "a text about it", BYTES("makedumpfile -d 31"), NULL },
		{ "core", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\4\0"), VMCORE },
		{ "big-endian core", BYTES("\x7f" "ELF\2\2\1\0\0\0\0\0\0\0\0\0\0\4"),
		  VMCORE },
		{ "a program", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0"), NULL },
		{ "ELF, cut", BYTES("\x7f" "ELF\2\1\1\0\0\0\0\0\0\0\0\0\4"), NULL },
		{ "nothing", BYTES(""), NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		check_evidence(rows[i].name, rows[i].data, rows[i].len, rows[i].text);
}

TEST(tar)
{
	char data[512] = "sys/firmware/efi/systab";
	unsigned int sum = 8 * ' ';

	check_evidence("no sum", data, sizeof(data), NULL);
	for (size_t i = 0; i < sizeof(data); i++)
		sum += (unsigned char)data[i];
	snprintf(data + 148, 8, "%06o", sum);
	check_evidence("its sum", data, sizeof(data), ARCHIVE);
	check_evidence("cut", data, sizeof(data) - 1, NULL);
	data[0] ^= 1;
	check_evidence("another sum", data, sizeof(data), NULL);
	memset(data, 0, sizeof(data));
	check_evidence("zeros", data, sizeof(data), NULL);
}
