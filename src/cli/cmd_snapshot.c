/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command "efimapctl snapshot" records the input data in a JSON document. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fnmatch.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/out_of_memory.h"
#include "base/sort.h"
#include "cli/command_list.h"
#include "cli/error_output.h"
#include "cli/exit_status.h"
#include "cli/option_parser.h"
#include "cli/output_file.h"
#include "cli/source_operand.h"
#include "document/snapshot.h"
#include "infer/why_no_map.h"
#include "input/redaction.h"
#include "rules/unread_verdict.h"

/*
 * Default and maximum of --keep, the number of snapshots that are kept. A directory with more than
 * the maximum is probably not a store.
 */
#define STORE_KEEP 8
#define STORE_KEEP_MAX 100000
#define STORE_TAG_MAX 32
#define VMCORE_DIRECTORY_MAX 16
#define BOOT_ID_LENGTH 36
#define DEFAULT_TAG "kdump"

struct snapshot {
	struct common common;
	const char *store;
	const char *tag;
	uint64_t keep;
	const char *vmcore_directories[VMCORE_DIRECTORY_MAX];
	size_t n_vmcore_directories;
	bool redact;
};

/*
 * A store is a directory with files named "BOOT_ID.json" or "BOOT_ID.TAG.json". For each TAG, and
 * for files without a TAG, only the newest files are kept. Unfinished files are deleted. Files with
 * other names are never changed.
 */

static bool is_older_snapshot(const struct timespec *a, const struct timespec *b)
{
	return a->tv_sec != b->tv_sec ? a->tv_sec < b->tv_sec : a->tv_nsec < b->tv_nsec;
}

struct file {
	struct timespec time;
	char name[NAME_MAX + 1];
};

struct store {
	int dir;
	char name[BOOT_ID_LENGTH + STORE_TAG_MAX + sizeof("..json")];
	/*
	 * @files are the existing snapshots with the suffix of the new file. @newest is the newest
	 * time of all existing snapshots, with any suffix.
	 */
	struct file *files;
	size_t n_files;
	size_t capacity;
	struct timespec newest;
};

static bool is_tag(const char *text, size_t length)
{
	return length > 0 && length <= STORE_TAG_MAX && text[0] != '-' && text[length - 1] != '-' &&
	       strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") >= length;
}

/* Return whether a text starts with a boot_id (drivers/char/random.c: proc_do_uuid). */
static bool starts_with_boot_id(const char *text)
{
	for (size_t i = 0; i < BOOT_ID_LENGTH; i++) {
		const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;

		if (hyphen ? text[i] != '-'
			   : !((text[i] >= '0' && text[i] <= '9') ||
			       (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	}
	return true;
}

/* Accept ".json" and ".TAG.json". ".XXXXXX" may follow, which marks an unfinished file. */
static bool is_suffix(const char *text, bool *ret_unfinished)
{
	*ret_unfinished = false;
	if (strncmp(text, ".json", 5) != 0) {
		const size_t length = *text == '.' ? strcspn(text + 1, ".") : 0;

		if (!is_tag(text + 1, length) || strncmp(text + 1 + length, ".json", 5) != 0)
			return false;
		text += 1 + length;
	}
	text += 5;
	*ret_unfinished = *text == '.' && strlen(text) == OUTPUT_SUFFIX_LEN;
	return !*text || *ret_unfinished;
}

/* Return a stream for a directory, or NULL. The stream then owns the descriptor, and *@fd is -1. */
static DIR *list_of(int *fd)
{
	DIR *list = *fd < 0 ? NULL : fdopendir(*fd);

	if (list)
		*fd = -1;
	else if (*fd >= 0 && errno == ENOMEM)
		out_of_memory();
	return list;
}

/*
 * Find the existing snapshots. Set @store->newest, and list the snapshots with the suffix of the
 * new file in @store->files. Delete unfinished files. If the file system has locks, the writers of
 * these files have ended, because this process holds the lock.
 */
static int read_store(struct store *store)
{
	auto_fd int fd = openat(store->dir, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	auto_dir DIR *list = list_of(&fd);
	const struct dirent *next;

	if (!list)
		return -errno;
	while ((errno = 0, next = readdir(list))) {
		const char *name = next->d_name, *suffix = name + BOOT_ID_LENGTH;
		struct file file;
		struct stat st;
		bool unfinished;

		if (!starts_with_boot_id(name) || !is_suffix(suffix, &unfinished) ||
		    fstatat(store->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0 || !S_ISREG(st.st_mode))
			continue;
		if (unfinished && unlinkat(store->dir, name, 0) < 0)
			return -errno;
		if (unfinished || strcmp(name, store->name) == 0)
			continue;
		if (is_older_snapshot(&store->newest, &st.st_mtim))
			store->newest = st.st_mtim;
		if (strcmp(suffix, store->name + BOOT_ID_LENGTH) != 0)
			continue;
		if (store->n_files == STORE_KEEP_MAX)
			return -E2BIG;
		file.time = st.st_mtim;
		snprintf(file.name, sizeof(file.name), "%s", name);
		array_append(&store->files, &store->n_files, &store->capacity, &file, sizeof(file));
	}
	return -errno;
}

static int newest_first(const void *a, const void *b)
{
	const struct file *one = a, *other = b;

	if (is_older_snapshot(&other->time, &one->time))
		return -1;
	return is_older_snapshot(&one->time, &other->time) ? 1 : strcmp(one->name, other->name);
}

/* Keep the newest @keep snapshots with the suffix of the new file, including the new file. */
static enum status store_save(const char *dir, const char *tag, size_t keep, const char *boot_id,
			      const struct out *out)
{
	auto_fd int fd = -1;
	struct store store = { .dir = -1 };
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT } };
	struct stat st;
	int ret;

	if (strlen(boot_id) != BOOT_ID_LENGTH || !starts_with_boot_id(boot_id)) {
		put_message("%s: cannot name the snapshot, because the capture has no "
			    "valid boot ID (proc/sys/kernel/random/boot_id)",
			    dir);
		return STATUS_UNREADABLE;
	}
	snprintf(store.name, sizeof(store.name), "%s%s%s.json", boot_id, tag ? "." : "",
		 tag ? tag : "");
	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	store.dir = fd;
	ret = fd < 0 ? -errno : 0;
	/* Lock out other writers. An error is ignored, because some file systems have no locks. */
	if (ret == 0)
		(void)flock(fd, LOCK_EX);
	ret = ret ? ret : read_store(&store);
	if (ret == 0)
		ret = output_replace(fd, store.name, 0600, out);
	/*
	 * Make the new snapshot the newest one even if the clock is wrong. Otherwise, later runs
	 * would delete the new snapshot first, and a search for the last snapshot before a crash
	 * would find the wrong file. Two seconds are added, because times on FAT have this
	 * resolution.
	 */
	times[1] = store.newest;
	times[1].tv_sec += 2;
	if (ret == 0 && (fstatat(fd, store.name, &st, AT_SYMLINK_NOFOLLOW) < 0 ||
			 (!is_older_snapshot(&store.newest, &st.st_mtim) &&
			  utimensat(fd, store.name, times, AT_SYMLINK_NOFOLLOW) < 0)))
		ret = -errno;
	/* Delete nothing if no snapshot was written. */
	if (ret)
		store.n_files = 0;
	sort_items(store.files, store.n_files, sizeof(*store.files), newest_first);
	/* @store.files lacks the new snapshot, so @keep - 1 of these files remain. */
	for (size_t i = keep - 1; i < store.n_files; i++)
		if (unlinkat(fd, store.files[i].name, 0) < 0)
			ret = -errno;
	free(store.files);
	if (ret == -E2BIG) {
		put_message("%s: contains more than %d snapshots", dir, STORE_KEEP_MAX);
		return STATUS_UNREADABLE;
	}
	return ret ? report_errno(dir, ret) : STATUS_OK;
}

/*
 * The search for a crash dump. efimapctl searches because the initramfs of a crash kernel has no
 * find, sort or sync, and hooks do not receive the path of the dump.
 */
struct search {
	/* Directory of the newest crash dump, opened with O_PATH; -1 if none has been found. */
	int dir;
	struct timespec time;
	struct timespec since;
};

/*
 * Open a directory if it belongs to this user. Some distributions make /var/crash world-writable. A
 * directory of another user was not created by a crash kernel, and writing to it is not safe.
 */
static DIR *open_own(int dir, const char *name)
{
	auto_fd int fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st;

	return fd >= 0 && fstat(fd, &st) == 0 && st.st_uid == geteuid() ? list_of(&fd) : NULL;
}

/* Return whether another user may have created a file in @parent. */
static bool is_of_other(const struct stat *parent, const struct stat *st)
{
	return parent->st_mode & (S_IWGRP | S_IWOTH) && st->st_uid != geteuid() &&
	       st->st_uid != parent->st_uid;
}

/*
 * kdump-utils and SUSE name crash dumps vmcore or vmcore.flat. kdump-tools names them
 * dump.YYYYmmddHHMM or, without makedumpfile, vmcore.YYYYmmddHHMM.
 */
static void search_directory(struct search *search, DIR *list, bool below)
{
	static const char *const patterns[] = {
		"vmcore", "vmcore.flat",      "vmcore-incomplete", "vmcore-incomplete.flat",
		"dump.*", "dump-incomplete*", "vmcore.[0-9]*",
	};
	struct stat parent;

	if (fstat(dirfd(list), &parent) < 0)
		return;
	for (const struct dirent *next; (next = readdir(list));) {
		const struct timespec *time;
		bool is_dump = false;
		struct stat st;
		int fd;

		if (next->d_name[0] == '.' ||
		    fstatat(dirfd(list), next->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		if (below && S_ISDIR(st.st_mode)) {
			auto_dir DIR *inner = open_own(dirfd(list), next->d_name);

			if (inner)
				search_directory(search, inner, false);
		}
		for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++)
			is_dump |= fnmatch(patterns[i], next->d_name, 0) == 0;
		time = &st.st_mtim;
		if (!is_dump || !S_ISREG(st.st_mode) || is_of_other(&parent, &st) ||
		    is_older_snapshot(time, &search->since) ||
		    (search->dir >= 0 && !is_older_snapshot(&search->time, time)))
			continue;
		fd = openat(dirfd(list), ".", O_PATH | O_DIRECTORY | O_CLOEXEC);
		if (fd < 0)
			continue;
		close_fd(&search->dir);
		search->dir = fd;
		search->time = *time;
	}
}

/*
 * Write the snapshot next to the newest crash dump. If SOURCE is a regular file, ignore dumps that
 * are older than SOURCE, because they belong to another crash.
 */
static enum status save_next_to_vmcore(const struct snapshot *snapshot, const struct out *out)
{
	const char *const *dirs = snapshot->vmcore_directories, *source = snapshot->common.source;
	char name[sizeof("efimap-.json") + STORE_TAG_MAX];
	struct search search = { .dir = -1 };
	struct stat st;
	int ret;

	if (source && stat(source, &st) == 0 && S_ISREG(st.st_mode))
		search.since = st.st_mtim;
	for (size_t i = 0; i < snapshot->n_vmcore_directories; i++) {
		auto_fd int fd = open(dirs[i], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		auto_dir DIR *list = list_of(&fd);

		if (list)
			search_directory(&search, list, true);
	}
	if (search.dir < 0) {
		put_message("%s: no crash dump%s in the directories of --next-to-vmcore "
			    "or in subdirectories that the current user owns",
			    dirs[0], search.since.tv_sec ? " newer than SOURCE" : "");
		return STATUS_UNREADABLE;
	}
	snprintf(name, sizeof(name), "efimap-%s.json", snapshot->tag ? snapshot->tag : DEFAULT_TAG);
	ret = output_replace(search.dir, name, 0600, out);
	close_fd(&search.dir);
	if (ret)
		put_message("%s, next to the crash dump: %s", name, strerror(-ret));
	return status_of_error(ret);
}

static void take_vmcore_directory(void *args, const struct argp_state *state, const char *operand)
{
	struct snapshot *snapshot = args;

	if (snapshot->n_vmcore_directories == VMCORE_DIRECTORY_MAX)
		usage_error(state, "--next-to-vmcore can be used at most %d times",
			    VMCORE_DIRECTORY_MAX);
	snapshot->vmcore_directories[snapshot->n_vmcore_directories++] =
		common_name(state, "the directory", operand);
}

static void take_tag(void *args, const struct argp_state *state, const char *operand)
{
	struct snapshot *snapshot = args;

	if (!is_tag(operand, strlen(operand)))
		usage_error(state,
			    "--tag=%s: expected at most %d lower-case letters, digits "
			    "and inner hyphens",
			    operand, STORE_TAG_MAX);
	snapshot->tag = operand;
}

static const struct range keep_range = { 1, STORE_KEEP_MAX };

static const struct command_option options[] = {
	OPTION_OUTPUT("write atomically to FILE, which only its owner can read, or to standard "
		      "output (-)"),
	{ "store", 0, "DIR", "write BOOT_ID.json to DIR; delete old snapshots",
	  NAME_AT(snapshot, store, "the store"), .group = GROUP_OUTPUT },
	{ "keep", 0, "N", "number of snapshots to keep (default: 8)",
	  NUMBER_AT(snapshot, keep, &keep_range), .group = GROUP_OUTPUT },
	{ "next-to-vmcore", 0, "DIR",
	  "write efimap-kdump.json next to the newest dump in DIR or its subdirectories; can be "
	  "repeated",
	  .take = take_vmcore_directory, .group = GROUP_OUTPUT },
	{ "tag", 0, "TAG", "name the file BOOT_ID.TAG.json or efimap-TAG.json", .take = take_tag,
	  .group = GROUP_OUTPUT },
	{ "redact", 0, NULL, "remove private data, such as machine IDs and kernel parameters",
	  FLAG_AT(snapshot, redact), .group = GROUP_OUTPUT },
	OPTION_KERNEL("also record this kernel, which verify, report and plot then check; "
		      "can be repeated"),
	OPTION_INITRD,
	OPTION_KEXEC_LOG,
	OPTION_IF_EFI,
	/* -J is accepted without effect, because a snapshot is always a JSON document. */
	{ "json", 'J', NULL, NULL, FLAG_AT(common, json), .group = GROUP_OUTPUT },
	{ 0 },
};

static void check(void *args, const struct argp_state *state)
{
	const struct snapshot *snapshot = args;
	const int places = (snapshot->common.file != NULL) + (snapshot->store != NULL) +
			   (snapshot->n_vmcore_directories > 0);

	if (places > 1)
		usage_error(state, "--output-file, --store and --next-to-vmcore cannot be "
				   "combined");
	if (snapshot->keep && !snapshot->store)
		usage_error(state, "--keep requires --store");
	if (snapshot->tag && !snapshot->store && !snapshot->n_vmcore_directories)
		usage_error(state, "--tag requires --store or --next-to-vmcore");
}

static enum status snapshot_run(void *args)
{
	const struct snapshot *snapshot = args;
	const struct common *common = &snapshot->common;
	const struct given_names *given = &common->given;
	auto_recording struct recording recording = { 0 }, redacted = { 0 };
	auto_map struct efimap *map = NULL;
	auto_out struct out out = EFIMAP_OUT_MEM;
	struct given_files files = { .n_kernels = 0 };
	struct err err = EFIMAP_ERR_INIT;
	const enum status status = source_record(common->source, common, &recording, &map);
	enum status done = STATUS_OK;
	struct no_map found;
	bool can_record;
	int ret;

	if (status != STATUS_OK)
		return status;
	/* The files of --kernel, --initrd and --kexec-log replace those in a snapshot. */
	if (given->n_kernels || given->initrd || given->kexec_log)
		recording_remove(&recording, path_is_given);
	ret = read_given_files(*given, &recording, &files, &err);
	if (ret)
		return report_error(ret, recording.source, &err);
	recording_finish(&recording);
	if (source_refuse_denied(map) != STATUS_OK)
		return STATUS_DENIED;
	if (!source_has_efi_or_kexec(map)) {
		if (common->quiet && source_is_excused(common, map))
			return STATUS_OK;
		found = find_no_map(map);
		done = source_excuse(common, map, STATUS_NOT_APPLICABLE);
		can_record = done != STATUS_OK && found.kind == EFIMAP_MAP_WITHOUT_EFI &&
			     !snapshot->store && !snapshot->n_vmcore_directories;
		if (!can_record || !common->quiet)
			put_message("%s: no %s: %s", map->name,
				    can_record ? "map is recorded" : "data for a snapshot",
				    found.why ? found.why : "sys/firmware/efi was not collected");
		if (!can_record)
			return done;
	}
	if (!common->quiet) {
		if (recording.boot)
			put_message("%s: only boot %" PRIu32 " of %" PRIu32
				    " is recorded, because the "
				    "messages of all boots are too long",
				    map->name, recording.boot, recording.n_boots);
		source_report_hidden(map);
		source_report_denied(map, &recording);
		source_report_faults(map, LISTED_SOURCES);
	}
	if (snapshot->redact)
		redact_recording(&recording, &redacted);
	snapshot_write(snapshot->redact ? &redacted : &recording, map, false, &out);
	if (out.used > EFIMAP_DOCUMENT_MAX_BYTES)
		return report_snapshot_too_long(map->name);
	if (snapshot->store)
		return store_save(snapshot->store, snapshot->tag,
				  snapshot->keep ? (size_t)snapshot->keep : STORE_KEEP,
				  map->boot_id, &out);
	if (snapshot->n_vmcore_directories > 0)
		return save_next_to_vmcore(snapshot, &out);
	return combine_status(done, output_finish(common->file, 0600, &out));
}

const struct command cmd_snapshot = {
	.name = "snapshot",
	.summary = "record all input data in one JSON document",
	.quiet = "print no informational messages",
	.options = options,
	.doc = "Write one JSON document with the parts of files that the other commands read. "
	       "These commands accept the document as SOURCE. All boots of a log are "
	       "recorded, unless they are too long. " SOURCE_IS,
	.size = sizeof(struct snapshot),
	.check = check,
	.run = snapshot_run,
};
