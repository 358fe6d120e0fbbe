/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Running an importer, with scripts in its place: what it is given, and how it may end. */
#include <spawn.h>
#include <sys/wait.h>

#include "read/read.h"
#include "tree.h"

/* Make @body what runs for archives. */
static void script(struct tree *tree, const char *body)
{
	char text[4096];

	snprintf(text, sizeof(text), "#!/bin/sh\n%s\n", body);
	tree_text(tree, "bin/import-archive", text);
	assert_int_equal(chmod(tree_at(tree, "bin/import-archive"), 0755), 0);
}

static int setup(void **state)
{
	struct tree *tree;

	if (tree_setup(state))
		return -1;
	tree = *state;
	tree_dir(tree, "bin");
	tree_text(tree, "bin/snapshot",
		  "{\"document\": \"efimap-snapshot\", \"version\": 1, \"source\": \"s\", "
		  "\"kernel\": {\"release\": \"6.1.0\"}, \"cmdline\": null, \"states\": {"
		  "\"efi\": \"absent\", \"runtime_map\": \"absent\", \"fw_vendor\": \"absent\", "
		  "\"runtime\": \"absent\", \"config_table\": \"absent\", \"systab\": "
		  "\"absent\", \"fw_platform_size\": \"absent\", \"memmap\": \"absent\", "
		  "\"iomem\": \"absent\", \"cmdline\": \"absent\", \"version\": \"present\", "
		  "\"boot_params\": \"absent\", \"setup_data\": \"absent\", \"kernel_log\": "
		  "\"absent\", \"boot_id\": \"absent\"}, \"efi\": {\"fw_platform_size\": null, "
		  "\"fw_vendor\": null, \"runtime\": null, \"config_table\": null, "
		  "\"systab\": {}}, \"runtime_map\": [], \"names\": [], \"memmap\": [], "
		  "\"iomem\": [], \"boot_params\": {\"efi_info\": null, \"acpi_rsdp_addr\": "
		  "null, \"setup_data_addr\": null, \"version\": null, \"xloadflags\": null, "
		  "\"type_of_loader\": null, \"secure_boot\": null, \"e820_entries\": null, "
		  "\"setup_data\": []}, \"faults\": []}");
	tree_text(tree, "evidence", "BZh9 the rest of it");
	assert_int_equal(setenv("EFIMAPCTL_IMPORTERS", tree_at(tree, "bin"), 1), 0);
	return 0;
}

static int read_evidence(struct tree *tree, struct efimap **ret_map, struct efimap_err *err)
{
	char path[PATH_MAX + 64];

	snprintf(path, sizeof(path), "%s/evidence", tree->path);
	return efimap_read(path, EFIMAP_BOOT_BEST, ret_map, err);
}

static void must_read(struct tree *tree)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_map struct efimap *map = NULL;

	if (read_evidence(tree, &map, &err))
		fail_msg("%s: %s", err.where, err.text);
	assert_string_equal(map->release.text, "6.1.0");
	assert_int_equal(map->origin, EFIMAP_ORIGIN_SNAPSHOT);
}

static void must_fail(struct tree *tree, int expected, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map = NULL;
	char said[2048];
	int ret = read_evidence(tree, &map, &err);

	efimap_err_format(&err, said, sizeof(said));
	if (ret != expected || !strstr(said, text))
		fail_msg("%d: %s", ret, said);
	assert_null(map);
}

#define SCRIPT_TEST(name) TEST_WITH(name, setup, tree_teardown)

SCRIPT_TEST(given)
{
	/* Its arguments, its environment, its input from the start, and no more descriptors. */
	script(*state,
	       "d=${0%/*}\n"
	       "echo \"$#:$1:${2##*/}\" >\"$d/args\"\n"
	       "tr '\\0' '\\n' </proc/$$/environ >\"$d/env\"\n"
	       "cat >\"$d/input\"\n"
	       "cat \"$d/snapshot\"");
	assert_int_equal(setenv("EFIMAP_TEST_SECRET", "1", 1), 0);
	must_read(*state);
	assert_string_equal(tree_read(*state, "bin/args"), "2:--:evidence\n");
	assert_string_equal(tree_read(*state, "bin/input"), "BZh9 the rest of it");
	assert_null(strstr(tree_read(*state, "bin/env"), "EFIMAP"));
	assert_non_null(strstr(tree_read(*state, "bin/env"), "LC_ALL=C.UTF-8\n"));
}

SCRIPT_TEST(given_a_pipe)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap *map;
	int fds[2], saved = dup(0);

	script(*state, "d=${0%/*}\n"
		       "echo \"$*\" >\"$d/args\"\n"
		       "cat <&3 >\"$d/input\"\n"
		       "cat >>\"$d/input\"\n"
		       "cat \"$d/snapshot\"");
	assert_int_equal(pipe(fds), 0);
	assert_int_equal(dup2(fds[0], 0), 0);
	close(fds[0]);
	for (int i = 0; i < 5000; i++)
		assert_int_equal(write(fds[1], "BZh9", 4), 4);
	close(fds[1]);
	if (efimap_read("-", EFIMAP_BOOT_BEST, &map, &err))
		fail_msg("%s: %s", err.where, err.text);
	efimap_free(map);
	dup2(saved, 0);
	close(saved);
	assert_string_equal(tree_read(*state, "bin/args"), "--head=3 -- -\n");
	assert_int_equal(strlen(tree_read(*state, "bin/input")), 20000);
}

struct end {
	const char *body;
	int expected;
	const char *text;
};

static const struct end ends[] = {
	{ "echo 'import-archive: e: byte 0x7: cut' >&2; exit 3", -EBADMSG, "e: byte 0x7: cut" },
	{ "echo 'no, you may not' >&2; exit 5", -EACCES, "no, you may not" },
	{ "exit 3", -EBADMSG, "ended with exit status 3 and did not say why" },
	{ "kill -SEGV $$", -EBADMSG, "import-archive was ended by a signal (Segmentation" },
	{ "printf 'a\\033[31mb\\nc' >&2; exit 3", -EBADMSG, "a?[31mb" },
	{ "exit 0", -EBADMSG, "import-archive" },
	{ "echo '{\"document\": 1}'", -EBADMSG, "import-archive: document: " },
	{ "cat \"${0%/*}/snapshot\"; exit 3", -EBADMSG, "exit status 3" },
	/* It is not listened to after what cannot be read, and has more to say. */
	{ "echo '{x'; exec tr '\\0' ' ' </dev/zero", -EBADMSG, "not JSON: found \"x\"" },
	{ "echo '{x'; echo 'this is why' >&2; exit 3", -EBADMSG, "this is why" },
	/* More than is read, and more than fits into its standard error. */
	{ "tr '\\0' ' ' </dev/zero", -E2BIG, "longer than 16 MiB" },
	{ "tr '\\0' x </dev/zero | head -c 300000 >&2; exit 3", -EBADMSG, "xxxxx" },
};

SCRIPT_TEST(ended)
{
	const struct end *end = ends;

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++, end++) {
		script(*state, end->body);
		must_fail(*state, end->expected, end->text);
	}
}

/* Valgrind and qemu-user make vfork() a fork(): that an exec failed is lost in the child. */
static bool spawn_tells(void)
{
	char *const argv[] = { NULL };
	pid_t child;

	if (posix_spawn(&child, "/nonexistent", NULL, NULL, argv, argv))
		return true;
	waitpid(child, NULL, 0);
	return false;
}

SCRIPT_TEST(missing)
{
	if (!spawn_tells())
		return;
	must_fail(*state, -ENOENT, "is not installed: install the package ");
	tree_text(*state, "bin/import-archive", "");
	must_fail(*state, -EACCES, "bin/import-archive: Permission denied");
}
