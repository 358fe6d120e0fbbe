/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What kind of machine, and which firmware: texts of sys/devices/virtual/dmi/id
 * (drivers/firmware/dmi-id.c), where sys/class/dmi/id leads. Serial numbers, asset tags and
 * UUIDs lie there too and are not read.
 */
#include <errno.h>

#include "read/fault.h"
#include "read/text.h"
#include "read/tree/readers.h"

/* SMBIOS limits no string; what tells machines apart is far shorter. */
#define MAX_TEXT 255U

/* In collected trees the class can be a directory of its own. */
static const char class_path[] = "sys/class/dmi/id";

static int open_directory(struct efimap_root *root, struct efimap_dir *ret_dir)
{
	int ret = efimap_dir_open(root, efimap_source_path(EFIMAP_SRC_DMI), ret_dir);

	if (ret == -ENOENT)
		ret = efimap_dir_open(root, class_path, ret_dir);
	/* A link that leads nowhere within the tree. */
	return ret == -ELOOP ? -ENOENT : ret;
}

/* Any text is true of some machine: one that is no line of text is as good as absent. */
static int take_text(struct efimap *map, enum efimap_dmi field, char *data, size_t len)
{
	size_t next;
	const size_t line = efimap_text_line(data, len, &next);

	if (line == 0 || line > MAX_TEXT || next < len)
		return 0;
	efimap_text_clean(data, line);
	map->states[EFIMAP_SRC_DMI] = EFIMAP_STATE_PRESENT;
	return efimap_set_dmi(map, field, data, line);
}

static int read_text(struct efimap_dir *dir, struct efimap *map, enum efimap_dmi field)
{
	char data[EFIMAP_VALUE_SIZE];
	ssize_t len = efimap_dir_value(dir, efimap_dmi_name(field), data);

	if (len >= 0)
		return take_text(map, field, data, (size_t)len);
	if ((len == -EACCES || len == -EPERM) &&
	    map->states[EFIMAP_SRC_DMI] == EFIMAP_STATE_ABSENT)
		map->states[EFIMAP_SRC_DMI] = EFIMAP_STATE_DENIED;
	return efimap_errno_is_fatal((int)len) ? (int)len : 0;
}

int efimap_read_dmi(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	int ret = open_directory(root, &dir);

	if (ret)
		return efimap_source_unread(map, EFIMAP_SRC_DMI,
					    efimap_source_path(EFIMAP_SRC_DMI), ret);
	for (unsigned int i = 0; i < EFIMAP_DMI_COUNT && !ret; i++)
		ret = read_text(&dir, map, (enum efimap_dmi)i);
	return ret;
}
