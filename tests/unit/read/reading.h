/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Read a temporary tree, and look at what became of one of its sources. */
#ifndef TESTS_UNIT_READ_READING_H
#define TESTS_UNIT_READ_READING_H

#include "read/tree/files.h"
#include "tree.h"

/* A capture that is to be freed with efimap_free(); never NULL. */
static inline struct efimap *read_tree(struct tree *tree)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	efimap_auto_root struct efimap_root *root = NULL;
	struct efimap *map;
	int ret;

	tree_dir(tree, "sys");
	assert_int_equal(efimap_root_open_tree(tree->path, &root, &err), 0);
	ret = efimap_read_files(root, tree->path, EFIMAP_ORIGIN_TREE, &map, &err);
	if (ret)
		fail_msg("%d: %s: %s", ret, err.where, err.text);
	return map;
}

/*
 * One file with this content: the state of @source, and its fault as faults_text() tells
 * it ("" for none), of which @faults is the beginning.
 */
struct content_row {
	const char *name;
	const char *data;
	size_t len;
	enum efimap_state state;
	const char *faults;
};

#define CONTENT(literal) (literal), sizeof(literal) - 1

static inline void check_source(const char *name, const struct efimap *map,
				enum efimap_source source, enum efimap_state state,
				const char *faults)
{
	const char *text = faults_text(map);

	if (map->states[source] != state)
		fail_msg("%s: %s %s", name, efimap_state_name(map->states[source]), text);
	if (strncmp(text, faults, strlen(faults)) || (!faults[0] && text[0]))
		fail_msg("%s: %s", name, text);
}

static inline void read_and_check(const char *name, struct tree *tree,
				  enum efimap_source source, enum efimap_state state,
				  const char *faults)
{
	efimap_auto_map struct efimap *map = read_tree(tree);

	check_source(name, map, source, state, faults);
}

/* Run rows over the one file of a source. */
static inline void run_contents(struct tree *tree, enum efimap_source source,
				const struct content_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		tree_bytes(tree, efimap_source_path(source), rows[i].data, rows[i].len);
		read_and_check(rows[i].name, tree, source, rows[i].state, rows[i].faults);
	}
}

/* What stands where a file belongs: a link, a FIFO, a directory, nothing. */
static inline void run_no_files(struct tree *tree, enum efimap_source source)
{
	const char *path = efimap_source_path(source);
	char faults[256];

	for (int i = 0; i < 4; i++) {
		remove(tree_at(tree, path));
		if (i == 1)
			tree_link(tree, path, "/etc/passwd");
		if (i == 2)
			tree_fifo(tree, path);
		if (i == 3)
			tree_dir(tree, path);
		snprintf(faults, sizeof(faults), "%s%s", i ? "not-a-file -1 " : "",
			 i ? path : "");
		read_and_check("no file", tree, source,
			       i ? EFIMAP_STATE_BROKEN : EFIMAP_STATE_ABSENT, faults);
	}
	remove(tree_at(tree, path));
}

#endif
