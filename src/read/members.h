/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: members of an archive, once all are there
 *
 * What members.c gathers, sorts and hands to the root that shows it as files.
 */
#ifndef READ_MEMBERS_H
#define READ_MEMBERS_H

#include <stdbool.h>

#include <efimap/members.h>

#include "root.h"

/**
 * struct efimap_member - one of those that matter
 * @path:       clean: relative, no "." or "..", no empty component
 * @data:       what was kept of its content
 * @size:       bytes of it in the archive
 * @kept:       bytes at @data
 * @type:       what it is
 * @is_implied: a directory that only its content tells of
 * @is_secret:  can hold keys
 * @number:     of members kept, this is the nth
 */
struct efimap_member {
	const char *path;
	char *data;
	uint64_t size;
	size_t kept;
	enum efimap_member_type type;
	bool is_implied;
	bool is_secret;
	uint32_t number;
};

/**
 * efimap_path_compare() - the order of members
 *
 * "/" comes before all other characters: what is below a directory follows it at once.
 */
int efimap_path_compare(const char *a, const char *b);

/**
 * struct efimap_member_table - members in that order, each path once
 * @members: borrowed
 * @count:   how many
 */
struct efimap_member_table {
	const struct efimap_member *members;
	size_t count;
};

/**
 * efimap_root_open_members() - show members as files
 * @name:     of the archive, for messages
 * @table:    borrowed: it outlives the root
 * @ret_root: free with efimap_root_free()
 *
 * Finds the tree as efimap_root_open_tree() does.
 */
int efimap_root_open_members(const char *name, const struct efimap_member_table *table,
			     struct efimap_root **ret_root, struct efimap_err *err);

#endif
