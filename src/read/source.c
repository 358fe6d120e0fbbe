/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a SOURCE to a capture: recognise what it is, by content and never by name, and let
 * that kind's reader build the capture. A new kind is one row of the table.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/cleanup.h"
#include "read/importer.h"
#include "read/input.h"
#include "read/log/log_source.h"
#include "read/read.h"
#include "read/snapshot/snapshot.h"
#include "read/stream.h"
#include "read/text.h"
#include "read/tree/files.h"
#include "read/tree/root.h"

/*
 * struct probe - what a kind is recognised by
 * @name:    SOURCE, "/" for the running system
 * @is_dir:  it names a directory
 * @is_root: and that is the root directory, however it is written: "//", "/."
 * @input:   of all that is not, the first bytes; a reader takes it from there
 */
struct probe {
	const char *name;
	bool is_dir;
	bool is_root;
	struct efimap_input input;
};

static bool is_live(const struct probe *probe)
{
	return probe->is_root;
}

static int open_running(struct efimap_root **ret_root)
{
#ifdef EFIMAP_HAVE_SYSFS
	return efimap_root_open_sysfs("/", ret_root);
#else
	return efimap_root_open_plain("/", ret_root);
#endif
}

static int read_live(struct probe *probe, struct efimap **ret_map,
		     struct efimap_err *err)
{
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	int ret = open_running(&root);

	if (!ret)
		ret = efimap_new("/", EFIMAP_ORIGIN_LIVE, &map);
	if (!ret)
		ret = efimap_read_files(root, map, err);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}

static bool is_tree(const struct probe *probe)
{
	return probe->is_dir;
}

static int read_tree(struct probe *probe, struct efimap **ret_map,
		     struct efimap_err *err)
{
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	int ret = efimap_root_open_tree(probe->name, &root, err);

	if (!ret)
		ret = efimap_new(probe->name, EFIMAP_ORIGIN_TREE, &map);
	if (!ret)
		ret = efimap_set_inner(map, root->inner);
	if (!ret)
		ret = efimap_read_files(root, map, err);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}

/* journalctl -o json, json-sse, json-seq and export put a cursor into each entry. */
static bool is_journal(const struct probe *probe)
{
	static const char *const starts[] = { "{", "data: {", "\x1e{", "__CURSOR=" };
	static const char cursor[] = "__CURSOR", snapshot[] = "\"document\"";
	const struct efimap_text text = { probe->input.data, probe->input.len };

	if (probe->is_dir || !text.at ||
	    memmem(text.at, text.len, snapshot, sizeof(snapshot) - 1) ||
	    !memmem(text.at, text.len, cursor, sizeof(cursor) - 1))
		return false;
	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (efimap_text_begins(text, starts[i]))
			return true;
	return false;
}

static int refuse_journal(struct probe *probe, struct efimap **ret_map, struct efimap_err *err)
{
	(void)ret_map;
	return efimap_err_set(err, EBADMSG, probe->input.name,
			      "the journal in a format for programs, which is not read: take the "
			      "kernel's log as text, journalctl -k -o short-monotonic");
}

static bool is_snapshot(const struct probe *probe)
{
	return !probe->is_dir && efimap_input_is_snapshot(&probe->input);
}

static int read_snapshot(struct probe *probe, struct efimap **ret_map,
			 struct efimap_err *err)
{
	return efimap_read_snapshot(probe->name, &probe->input, ret_map, err);
}

static bool is_evidence(const struct probe *probe)
{
	return !probe->is_dir && efimap_importer_find(&probe->input);
}

static int read_evidence(struct probe *probe, struct efimap **ret_map,
			 struct efimap_err *err)
{
	return efimap_import(efimap_importer_find(&probe->input), probe->name, &probe->input,
			     ret_map, err);
}

/* Its members can be stored as they are: then it holds the lines of a log, among others. */
static bool is_zip(const struct probe *probe)
{
	const struct efimap_text head = { probe->input.data, probe->input.len };

	return !probe->is_dir && efimap_text_begins(head, "PK\3\4");
}

static int refuse_zip(struct probe *probe, struct efimap **ret_map, struct efimap_err *err)
{
	(void)ret_map;
	return efimap_err_set(err, EBADMSG, probe->input.name,
			      "a zip archive, which is not read: unpack it and name the "
			      "directory, or make a tar archive of it");
}

/* Any other file can be a log: what it is shows at its end, and not in its first bytes. */
static bool is_log(const struct probe *probe)
{
	return !probe->is_dir;
}

static int read_log(struct probe *probe, struct efimap **ret_map, struct efimap_err *err)
{
	return efimap_read_log(probe->name, &probe->input, ret_map, err);
}

static const struct kind {
	bool (*matches)(const struct probe *probe);
	int (*read)(struct probe *probe, struct efimap **ret_map, struct efimap_err *err);
} kinds[] = {
	{ is_live, read_live },
	{ is_tree, read_tree },
	{ is_journal, refuse_journal },
	{ is_snapshot, read_snapshot },
	{ is_evidence, read_evidence },
	{ is_zip, refuse_zip },
	/* The last one: it takes whatever is left. */
	{ is_log, read_log },
};

static bool is_root_directory(const struct stat *st)
{
	struct stat root;

	return stat("/", &root) == 0 && st->st_dev == root.st_dev && st->st_ino == root.st_ino;
}

/* Is it there, and a directory? If not, how does it begin? */
static int probe_source(struct probe *probe, struct efimap_err *err)
{
	struct stat st;

	probe->is_dir = stat(probe->name, &st) == 0 && S_ISDIR(st.st_mode) &&
			strcmp(probe->name, "-") != 0;
	probe->is_root = probe->is_dir && is_root_directory(&st);
	return probe->is_dir ? 0 : efimap_input_open(probe->name, &probe->input, err);
}

static int read_probed(struct probe *probe, struct efimap **ret_map, struct efimap_err *err)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!kinds[i].matches(probe))
			continue;

		int ret = kinds[i].read(probe, ret_map, err);

		return ret ? efimap_err_set(err, -ret, probe->name, "%s", strerror(-ret)) : 0;
	}
	return efimap_err_set(err, EBADMSG, probe->name, "not a source that is known");
}

int efimap_read_stream(const char *name, efimap_give_fn *give, void *context,
		       struct efimap **ret_map, struct efimap_err *err)
{
	struct probe probe = { .name = name, .input = EFIMAP_INPUT_INIT };
	const struct efimap_importer *importer = NULL;
	int ret = efimap_input_open_stream(name, give, context, &probe.input, err);

	if (!ret)
		importer = efimap_importer_find(&probe.input);
	if (importer)
		ret = efimap_err_set(err, EBADMSG, probe.input.name,
				     "%s, which has to be unpacked first",
				     importer->what);
	if (!ret)
		ret = read_probed(&probe, ret_map, err);
	efimap_input_free(&probe.input);
	return ret;
}

int efimap_read(const char *source, struct efimap **ret_map, struct efimap_err *err)
{
	struct probe probe = { .name = source ? source : "/", .input = EFIMAP_INPUT_INIT };
	int ret = probe_source(&probe, err);

	if (!ret)
		ret = read_probed(&probe, ret_map, err);
	efimap_input_free(&probe.input);
	return ret;
}
