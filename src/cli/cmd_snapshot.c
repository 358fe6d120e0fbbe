/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl snapshot: write a capture down as one document. It judges nothing: what is
 * wrong with a map is in the document too, for the commands that read it back.
 */
#include <errno.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/store.h"
#include "format/format.h"
#include "model/cmdline.h"
#include "model/snapshot.h"

enum {
	KEY_STORE = 0x100,
	KEY_KEEP,
	KEY_TAG,
	KEY_BESIDE,
	KEY_REDACT,
};

struct snapshot {
	struct common common;
	const char *store;
	const char *tag;
	size_t keep;
	char *beside[BESIDE_MAX];
	size_t n_beside;
	bool redact;
};

static const struct argp_option options[] = {
	OPTION_OUTPUT("write FILE instead of standard output (-): whole or not at all, and "
		      "readable by its owner only"),
	{ "store", KEY_STORE, "DIR", 0,
	  "write BOOT_ID.json in DIR and keep the newest snapshots there", 0 },
	{ "keep", KEY_KEEP, "N", 0, "with --store: how many are kept (8)", 0 },
	{ "beside-vmcore", KEY_BESIDE, "DIR", 0,
	  "write efimap-kdump.json beside the newest crash dump in DIR or a directory in it; "
	  "may be given more than once", 0 },
	{ "tag", KEY_TAG, "TAG", 0,
	  "with --store: write BOOT_ID.TAG.json; with --beside-vmcore: efimap-TAG.json", 0 },
	{ "redact", KEY_REDACT, NULL, 0,
	  "leave of the command line only what decides something about EFI, memory or kexec", 0 },
	OPTION_TIMEOUT(KEY_TIMEOUT),
	{ 0 },
};

static void add_beside(struct snapshot *snapshot, const struct argp_state *state, char *arg)
{
	if (snapshot->n_beside == BESIDE_MAX)
		usage_error(state, "--beside-vmcore may be given %d times", BESIDE_MAX);
	snapshot->beside[snapshot->n_beside++] = common_file(state, "the directory", arg);
}

static void set_tag(struct snapshot *snapshot, const struct argp_state *state, const char *arg)
{
	if (!store_tag_is_valid(arg))
		usage_error(state, "--tag=%s: a tag has up to %d lower-case letters, digits and "
			    "inner hyphens", arg, STORE_TAG_MAX);
	snapshot->tag = arg;
}

/* There is one place that a snapshot goes to. */
static void check(const struct snapshot *snapshot, const struct argp_state *state)
{
	const int places = (snapshot->common.file != NULL) + (snapshot->store != NULL) +
			   (snapshot->n_beside > 0);

	if (places > 1)
		usage_error(state, "--output-file, --store and --beside-vmcore exclude each "
			    "other");
	if (snapshot->keep && !snapshot->store)
		usage_error(state, "--keep needs --store");
	if (snapshot->tag && !snapshot->store && !snapshot->n_beside)
		usage_error(state, "--tag needs --store or --beside-vmcore");
}

static error_t snapshot_option(int key, char *arg, struct argp_state *state)
{
	struct snapshot *snapshot = state->input;

	switch (key) {
	case KEY_STORE:
		snapshot->store = common_file(state, "the store", arg);
		return 0;
	case KEY_KEEP:
		snapshot->keep = (size_t)common_number(state, "keep", arg, 1, STORE_KEEP_MAX);
		return 0;
	case KEY_BESIDE:
		add_beside(snapshot, state, arg);
		return 0;
	case KEY_TAG:
		set_tag(snapshot, state, arg);
		return 0;
	case KEY_REDACT:
		snapshot->redact = true;
		return 0;
	case ARGP_KEY_END:
		check(snapshot, state);
		return 0;
	default:
		return common_option(key, arg, state);
	}
}

static int put_snapshot(const struct snapshot *snapshot, const struct efimap *map,
			  struct efimap_out *out)
{
	struct efimap_redacted redacted efimap_auto_redacted;
	int ret = efimap_redact(map, &redacted);

	if (ret < 0)
		return ret;
	return efimap_snapshot_write(snapshot->redact ? &redacted.map : map, false, out);
}

static enum status save_snapshot(const struct snapshot *snapshot, const struct efimap *map)
{
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_MEM;
	int ret = put_snapshot(snapshot, map, &out);

	if (ret < 0 && !out.error)
		out.error = ret;
	if (!out.error && out.used > EFIMAP_SNAPSHOT_MAX_BYTES) {
		say("%s: the snapshot would be longer than the %zu MiB that can be read back",
		    map->name, EFIMAP_SNAPSHOT_MAX_BYTES >> 20);
		return STATUS_UNREADABLE;
	}
	if (snapshot->store)
		return store_save(snapshot->store, snapshot->tag,
				  snapshot->keep ? snapshot->keep : STORE_KEEP, map->boot_id,
				  &out);
	if (snapshot->n_beside > 0)
		return beside_save(snapshot->beside, snapshot->n_beside, snapshot->tag,
				   snapshot->common.source, &out);
	return output_finish(snapshot->common.file, READ_BY_NOBODY, ret, &out);
}

static enum status take(const struct snapshot *snapshot, const struct efimap *map)
{
	const char *why = efimap_why_not_applicable(map);

	if (source_map_is_denied(map))
		return source_say_denied(map);
	if (!source_is_worth_keeping(map)) {
		say("%s: nothing to take a snapshot of: %s", map->name,
		    why ? why : "sys/firmware/efi was not collected");
		return STATUS_NOT_APPLICABLE;
	}
	if (!snapshot->common.quiet) {
		source_say_hidden(map);
		source_say_faults(map, EFIMAP_UNREAD_JUDGED);
	}
	return save_snapshot(snapshot, map);
}

static enum status snapshot_work(void *args)
{
	const struct snapshot *snapshot = args;
	efimap_auto_map struct efimap *map = NULL;
	enum status status = source_read(snapshot->common.source, &map);

	return status == STATUS_OK ? take(snapshot, map) : status;
}

static enum status snapshot_run(void *args)
{
	const struct snapshot *snapshot = args;

	return deadline_run(snapshot->common.timeout, snapshot_work, args);
}

const struct command cmd_snapshot = {
	.name = "snapshot",
	.summary = "write all that is read as one JSON document",
	.options = options,
	.parser = snapshot_option,
	.doc = "Write everything that the other commands need as one JSON document, which they "
	       "take as SOURCE. " SOURCE_IS,
	.size = sizeof(struct snapshot),
	.run = snapshot_run,
};
