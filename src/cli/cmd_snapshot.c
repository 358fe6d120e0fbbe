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

struct snapshot {
	struct common common;
	const char *store;
	const char *tag;
	uint64_t keep;
	const char *beside[BESIDE_MAX];
	size_t n_beside;
	bool redact;
};

static void take_beside(void *args, const struct argp_state *state, const char *operand)
{
	struct snapshot *snapshot = args;

	if (snapshot->n_beside == BESIDE_MAX)
		usage_error(state, "--beside-vmcore may be given %d times", BESIDE_MAX);
	if (!*operand)
		usage_error(state, "the name of the directory is empty");
	snapshot->beside[snapshot->n_beside++] = operand;
}

static void take_tag(void *args, const struct argp_state *state, const char *operand)
{
	struct snapshot *snapshot = args;

	if (!store_tag_is_valid(operand))
		usage_error(state, "--tag=%s: a tag has up to %d lower-case letters, digits and "
			    "inner hyphens", operand, STORE_TAG_MAX);
	snapshot->tag = operand;
}

static const struct range keep_range = { 1, STORE_KEEP_MAX };

static const struct command_option options[] = {
	OPTION_OUTPUT("write FILE instead of standard output (-): whole or not at all, and "
		      "readable by its owner only"),
	{ "store", 0, "DIR", "write BOOT_ID.json in DIR and keep the newest snapshots there",
	  NAME_AT(snapshot, store, "the store") },
	{ "keep", 0, "N", "with --store: how many are kept (8)",
	  NUMBER_AT(snapshot, keep, &keep_range) },
	{ "beside-vmcore", 0, "DIR",
	  "write efimap-kdump.json beside the newest crash dump in DIR or a directory in it; "
	  "may be given more than once", .take = take_beside },
	{ "tag", 0, "TAG",
	  "with --store: write BOOT_ID.TAG.json; with --beside-vmcore: efimap-TAG.json",
	  .take = take_tag },
	{ "redact", 0, NULL,
	  "leave of the command line only what decides something about EFI, memory or kexec",
	  FLAG_AT(snapshot, redact) },
	OPTION_TIMEOUT(0),
	{ 0 },
};

/* There is one place that a snapshot goes to. */
static void check(void *args, const struct argp_state *state)
{
	const struct snapshot *snapshot = args;
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
	.doc = "Write everything that the other commands need as one JSON document, which they "
	       "take as SOURCE. " SOURCE_IS,
	.size = sizeof(struct snapshot),
	.check = check,
	.run = snapshot_run,
};
