/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * From a SOURCE to its runtime map, for the commands that show it or compute with it, and
 * what they say where there is none to look at.
 */
#include "check/verify.h"
#include "cli/cli.h"
#include "model/traits.h"
#include "read/read.h"

enum status source_read(const char *source, struct efimap **ret_map)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, ret_map, &err);

	if (ret < 0)
		say_error(&err);
	else
		source_say_log(*ret_map);
	return status_of_error(ret);
}

enum status source_say_no_map(const struct efimap *map)
{
	const char *why = efimap_why_not_applicable(map);
	const char *reason = efimap_runtime_off_reason(map);
	char path[1024];

	source_path(map, efimap_source_path(EFIMAP_SRC_RUNTIME_MAP), path, sizeof(path));
	if (why)
		say("%s: %s", map->name, why);
	else if (reason)
		say("%s: there is no runtime map to show, because of %s", path, reason);
	else
		say("%s: there is no runtime map to show, and nothing explains that: see "
		    "efimapctl verify", path);
	return STATUS_NOT_APPLICABLE;
}

/* A command that needs only the runtime map, and cannot have it. */
static enum status refuse_without_map(const struct efimap *map)
{
	if (efimap_why_not_applicable(map))
		return source_say_no_map(map);
	if (source_say_map_faults(map) != STATUS_OK)
		return STATUS_UNREADABLE;
	if (source_map_is_denied(map))
		return source_say_denied(map);
	if (map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_ABSENT)
		return source_say_no_map(map);
	return STATUS_OK;
}

enum status source_open_map(const char *source, struct efimap **ret_map)
{
	const enum status status = source_read(source, ret_map);

	return status == STATUS_OK ? refuse_without_map(*ret_map) : status;
}

int side_read(const char *name, struct side *ret_side)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	*ret_side = (struct side){ .name = name };
	ret = efimap_read(name, &ret_side->map, &err);
	if (ret == 0)
		return 0;
	say_error(&err);
	return source_report_error(ret, &err, &ret_side->unread);
}

void side_free(struct side *side)
{
	efimap_free(side->map);
	efimap_report_free(side->unread);
	*side = (struct side){ 0 };
}
