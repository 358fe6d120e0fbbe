/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What an errno means for a file, and what state that gives its source: said here once
 * for all readers. Must not know what any file is for.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/fault.h"
#include "read/text.h"

static const struct meaning {
	int code;
	enum efimap_fault_kind kind;
	const char *text;
} meanings[] = {
	{ ENOENT, EFIMAP_FAULT_MISSING, "there is no such file" },
	{ EACCES, EFIMAP_FAULT_DENIED, "permission denied" },
	{ EPERM, EFIMAP_FAULT_DENIED, "permission denied" },
	{ E2BIG, EFIMAP_FAULT_TOO_LONG, "longer than anything that the kernel writes there" },
	{ ELOOP, EFIMAP_FAULT_NOT_A_FILE, "a symbolic link, which is not followed" },
	{ EMLINK, EFIMAP_FAULT_NOT_A_FILE, "a hard link, which is not followed" },
	{ EISDIR, EFIMAP_FAULT_NOT_A_FILE, "a directory where a file is expected" },
	{ ENXIO, EFIMAP_FAULT_NOT_A_FILE, "a FIFO, socket or device, which is not opened" },
	{ EAGAIN, EFIMAP_FAULT_NOT_A_FILE, "a FIFO, socket or device, which is not read" },
	{ ENOTDIR, EFIMAP_FAULT_NOT_A_FILE, "a file where a directory is expected" },
};

bool efimap_errno_is_fatal(int ret)
{
	return ret == -ENOMEM || ret == -EMFILE || ret == -ENFILE;
}

static int note_fault(struct efimap *map, const struct efimap_place *place,
		      enum efimap_fault_kind kind, uint32_t line, const char *text)
{
	char where[EFIMAP_WHERE_SIZE];

	/* A directory's name can be anything. */
	snprintf(where, sizeof(where), "%s", place->where);
	efimap_text_clean(where, strlen(where));

	struct efimap_fault fault = {
		.source = place->source,
		.kind = kind,
		.index = place->index,
		.line = line,
		.where = where,
		.text = text,
	};

	return efimap_add_fault(map, &fault);
}

int efimap_fault_errno(struct efimap *map, const struct efimap_place *place, int ret)
{
	if (efimap_errno_is_fatal(ret))
		return ret;
	for (size_t i = 0; i < sizeof(meanings) / sizeof(meanings[0]); i++)
		if (meanings[i].code == -ret)
			return note_fault(map, place, meanings[i].kind, 0, meanings[i].text);
	return note_fault(map, place, EFIMAP_FAULT_IO, 0, strerror(-ret));
}

int efimap_fault_problem(struct efimap *map, const struct efimap_place *place,
			 const struct efimap_problem *problem)
{
	return note_fault(map, place, problem->kind, problem->line, problem->text);
}

int efimap_source_unread(struct efimap *map, enum efimap_source source, const char *where,
			 int ret)
{
	const struct efimap_place place = { source, EFIMAP_NO_INDEX, where };

	if (efimap_errno_is_fatal(ret))
		return ret;
	if (ret == -ENOENT) {
		map->states[source] = EFIMAP_STATE_ABSENT;
		return 0;
	}
	if (ret == -EACCES || ret == -EPERM) {
		map->states[source] = EFIMAP_STATE_DENIED;
		return 0;
	}
	map->states[source] = EFIMAP_STATE_BROKEN;
	return efimap_fault_errno(map, &place, ret);
}

int efimap_source_broken(struct efimap *map, enum efimap_source source, const char *where,
			 const struct efimap_problem *problem)
{
	const struct efimap_place place = { source, EFIMAP_NO_INDEX, where };

	map->states[source] = EFIMAP_STATE_BROKEN;
	return efimap_fault_problem(map, &place, problem);
}

void efimap_source_where(const struct efimap *map, const char *path,
			 char where[EFIMAP_WHERE_SIZE])
{
	const size_t len = strlen(map->name);

	snprintf(where, EFIMAP_WHERE_SIZE, "%s%s%s", map->name,
		 len && map->name[len - 1] == '/' ? "" : "/", path);
}
