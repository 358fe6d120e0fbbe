/* SPDX-License-Identifier: GPL-2.0-or-later */
/* efimap_read() and its like: what a SOURCE is recognised as, and what the errors say. */
#include "base/cleanup.h"
#include "read/read.h"
#include "read/stream.h"
#include "tree.h"

static void refused(const char *source, int expected, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;

	if (efimap_read(source, &map, &err) != expected)
		fail_msg("%s: %s", source, err.text);
	assert_null(map);
	assert_int_equal(err.code, -expected);
	assert_string_equal(err.where, source);
	if (!strstr(err.text, text))
		fail_msg("%s: %s", source, err.text);
}

static void errors(void **state)
{
	struct tree *tree = *state;
	char path[PATH_MAX + 64];

	tree_text(tree, "file", "content");
	tree_fifo(tree, "fifo");
	tree_dir(tree, "empty");
	refused("/none", -ENOENT, "No such file");
	refused("", -ENOENT, "No such file");
	snprintf(path, sizeof(path), "%s/file", tree->path);
	refused(path, -EBADMSG, "not a source that is known; expected a directory that holds "
				"sys/ or proc/, a snapshot document, a kernel log, "
				"an archive");
	snprintf(path, sizeof(path), "%s/file/x", tree->path);
	refused(path, -ENOENT, "Not a directory");
	snprintf(path, sizeof(path), "%s/fifo", tree->path);
	refused(path, -EBADMSG, "empty; expected a directory");
	refused("/dev/null", -EBADMSG, "a device or socket");
	snprintf(path, sizeof(path), "%s/empty", tree->path);
	refused(path, -ENOENT, "holds neither sys/ nor proc/");
}

static bool closed_is_denied(struct tree *tree)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;

	return efimap_read(tree_at(tree, "closed"), &map, &err) == -EACCES &&
	       strcmp(err.text, "Permission denied") == 0;
}

static void closed(void **state)
{
	tree_dir(*state, "closed/sys");
	assert_int_equal(chmod(tree_at(*state, "closed"), 0), 0);
	assert_true(tree_as_nobody(closed_is_denied, *state));
}

static void a_tree(void **state)
{
	struct tree *tree = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map;

	tree_entry(tree, 1);
	tree_entry(tree, 0);
	tree_text(tree, "proc/iomem", "garbage\n");
	assert_int_equal(efimap_read(tree->path, &map, &err), 0);
	assert_string_equal(map->name, tree->path);
	assert_int_equal(map->origin, EFIMAP_ORIGIN_TREE);
	assert_true(efimap_is_offline(map));
	assert_true(efimap_has(map, EFIMAP_SRC_EFI));
	assert_int_equal(map->n_entries, 2);
	assert_int_equal(map->entries[0].index, 0);
	assert_int_equal(map->states[EFIMAP_SRC_IOMEM], EFIMAP_STATE_BROKEN);
	assert_int_equal(map->states[EFIMAP_SRC_CMDLINE], EFIMAP_STATE_ABSENT);
	assert_int_equal(map->n_faults, 1);
	efimap_free(map);
}

static void real_capture(void **state)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map;
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/real/ovmf-q35-6.1-kexec-second",
		 getenv("EFIMAP_FIXTURES"));
	assert_int_equal(efimap_read(path, &map, &err), 0);
	assert_int_equal(map->n_faults, 0);
	for (int i = 0; i < EFIMAP_SRC_COUNT; i++)
		if (i != EFIMAP_SRC_BOOT_ID && i < EFIMAP_SRC_CPUINFO)
			assert_int_equal(map->states[i], EFIMAP_STATE_PRESENT);
	assert_int_equal(map->n_entries, 8);
	assert_int_equal(map->n_names, 8);
	assert_int_equal(map->fw_vendor, 0x3f52aa18);
	assert_int_equal(map->n_systab, 3);
	assert_int_equal(map->n_tables, 5);
	assert_int_equal(map->n_iomem, 37);
	assert_string_equal(map->release.text, "6.1.0-56-amd64");
	assert_int_equal(map->boot_params.type_of_loader, 0xd0);
	assert_int_equal(map->n_setup_data, 1);
	assert_int_equal(map->setup_data[0].payload_size, 96);
	efimap_free(map);
}

/* Whatever machine this is: it is read, and we are where we were. */
static void running_system(void **state)
{
	static const char *const names[] = { NULL, "/", "//", "/." };
	/* A bare chroot has no sysfs. */
	const int expected = access("/sys/kernel", F_OK) ? -ENOENT : 0;
	char before[PATH_MAX], after[PATH_MAX];

	assert_non_null(getcwd(before, sizeof(before)));
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap *map;

		assert_int_equal(efimap_read(names[i], &map, &err), expected);
		if (expected)
			continue;
		assert_string_equal(map->name, "/");
		assert_int_equal(map->origin, EFIMAP_ORIGIN_LIVE);
		assert_true(efimap_has(map, EFIMAP_SRC_VERSION));
		efimap_free(map);
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

static void streams(void **state)
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
		{ "a document", { "{}", 1, 0 }, -EBADMSG, "document: missing" },
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

static void evidence(void **state)
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

static void tar(void **state)
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

#define TREE_TEST(test) cmocka_unit_test_setup_teardown(test, tree_setup, tree_teardown)

UNIT_TESTS()
{
	static const struct CMUnitTest tests[] = {
		TREE_TEST(errors),	      TREE_TEST(closed),
		TREE_TEST(a_tree),	      cmocka_unit_test(real_capture),
		cmocka_unit_test(running_system), cmocka_unit_test(streams),
		cmocka_unit_test(evidence),	  cmocka_unit_test(tar),
	};

	return cmocka_run_group_tests_name("read/source", tests, NULL, NULL) != 0;
}
