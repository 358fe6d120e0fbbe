/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a SOURCE to a capture: recognise what it is, by content and never by name, and let
 * that kind's reader build the capture. A new kind is one row of the table.
 */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include <efimap/cleanup.h>
#include <efimap/read.h>

#include "readers.h"
#include "root.h"

/*
 * struct probe - what a kind is recognised by
 * @name: SOURCE, "/" for the running system
 * @mode: of the file with this name
 */
struct probe {
	const char *name;
	mode_t mode;
};

typedef int reader_fn(struct efimap_root *root, struct efimap *map, struct efimap_err *err);

/* In the order in which faults are reported. */
static reader_fn *const readers[] = {
	efimap_read_firmware,	 efimap_read_runtime_map, efimap_read_memmap,
	efimap_read_iomem,	 efimap_read_kernel,	  efimap_read_boot_params,
	efimap_read_setup_data, efimap_read_kernel_log,
};

static int read_files(struct efimap_root *root, struct efimap *map, struct efimap_err *err)
{
	int ret = 0;

	for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]) && !ret; i++)
		ret = readers[i](root, map, err);
	return ret ? ret : efimap_seal(map);
}

static bool is_live(const struct probe *probe)
{
	return strcmp(probe->name, "/") == 0;
}

static int open_running(struct efimap_root **ret_root)
{
#ifdef EFIMAP_HAVE_SYSFS
	return efimap_root_open_sysfs("/", ret_root);
#else
	return efimap_root_open_live("/", ret_root);
#endif
}

static int read_live(const struct probe *probe, struct efimap **ret_map,
		     struct efimap_err *err)
{
	efimap_auto_root struct efimap_root *root = NULL;
	efimap_auto_map struct efimap *map = NULL;
	int ret = open_running(&root);

	if (!ret)
		ret = efimap_new(probe->name, EFIMAP_ORIGIN_LIVE, &map);
	if (!ret)
		ret = read_files(root, map, err);

	int back = efimap_root_free(efimap_steal(root));

	if (!ret && back)
		return efimap_err_set(err, -back, ".", "cannot return to the working "
				      "directory: %s", strerror(-back));
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}

static bool is_tree(const struct probe *probe)
{
	return S_ISDIR(probe->mode);
}

static int read_tree(const struct probe *probe, struct efimap **ret_map,
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
		ret = read_files(root, map, err);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}

static const struct kind {
	bool (*matches)(const struct probe *probe);
	int (*read)(const struct probe *probe, struct efimap **ret_map,
		    struct efimap_err *err);
} kinds[] = {
	{ is_live, read_live },
	{ is_tree, read_tree },
};

/* A name alone says nothing: is it there, and what kind of file? */
static int probe_source(const char *source, struct probe *ret_probe, struct efimap_err *err)
{
	struct stat st;

	if (stat(source, &st)) {
		int code = errno == ENOTDIR ? ENOENT : errno;

		return efimap_err_set(err, code, source, "%s", strerror(errno));
	}
	*ret_probe = (struct probe){ .name = source, .mode = st.st_mode };
	return 0;
}

int efimap_read(const char *source, struct efimap **ret_map, struct efimap_err *err)
{
	struct probe probe;
	int ret = probe_source(source ? source : "/", &probe, err);

	if (ret)
		return ret;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!kinds[i].matches(&probe))
			continue;
		ret = kinds[i].read(&probe, ret_map, err);
		return ret ? efimap_err_set(err, -ret, probe.name, "%s", strerror(-ret)) : 0;
	}
	return efimap_err_set(err, EBADMSG, source,
			      "not a directory; expected one that holds sys/ or proc/");
}
