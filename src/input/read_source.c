/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Create a capture from a SOURCE, whose format is detected by content, never by name. */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/escape_text.h"
#include "base/text_scan.h"
#include "capture/boot_params.h"
#include "document/snapshot.h"
#include "input/input_file.h"
#include "input/log/capture_from_log.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"
#include "input/read_snapshot.h"
#include "input/read_source.h"
#include "input/tree/directory_tree.h"
#include "input/tree/capture_file.h"
#include "input/tree/tree_access.h"

/* The error text might truncate a suggested command with a longer file name. */
#define MAX_SHOWN_NAME 300U

static int open_directory(const char *name, const struct stat *st, struct root **ret_root,
			  enum origin *ret_origin, struct err *err)
{
	struct stat root;

	/* "/" may also be written "//" or "/.". */
	*ret_origin =
		stat("/", &root) == 0 && st->st_dev == root.st_dev && st->st_ino == root.st_ino
			? EFIMAP_ORIGIN_LIVE
			: EFIMAP_ORIGIN_TREE;
	return *ret_origin == EFIMAP_ORIGIN_LIVE ? root_open_running(ret_root)
						 : root_open_tree(name, ret_root, err);
}

/* The snapshot that the plugin in integration/sos adds to a sos report. */
#define SOS_SNAPSHOT "sos_commands/efimap/efimapctl_snapshot.json"

/* The snapshot in a sos report contains more data than the other files of the report. */
static int read_sos_snapshot(const char *name, struct root *root, struct efimap **ret_map,
			     struct err *err)
{
	auto_input struct input input = {
		.fd = -1,
		.at_end = true,
		.boot = root->boot,
		.record = root->record,
	};
	char where[EFIMAP_WHERE_SIZE];
	struct tree_file file = { 0 };
	int ret;

	root->record = NULL;
	ret = root_read(root, SOS_SNAPSHOT, EFIMAP_READ_WHOLE, EFIMAP_DOCUMENT_MAX_BYTES, NULL,
			&file);
	root->record = input.record;
	snprintf(where, sizeof(where), "%s/%s%s" SOS_SNAPSHOT, name, root->inner,
		 *root->inner ? "/" : "");
	if (ret && ret != -ENOENT && ret != -ENOTDIR && ret != -EISDIR)
		return err_set(err, -ret, where, "%s", errno_text(ret));
	input.data = file.data;
	input.len = file.len;
	/* If the plugin failed, the file contains a message instead of a snapshot. */
	if (ret || !input_is_snapshot(&input))
		return -ENOENT;
	input.name = where;
	return read_snapshot(name, &input, ret_map, err);
}

static int read_directory(const char *name, const struct stat *st, int boot,
			  struct recording *record, struct efimap **ret_map, struct err *err)
{
	auto_root struct root *root = NULL;
	auto_map struct efimap *map = NULL;
	enum origin origin;
	int ret = open_directory(name, st, &root, &origin, err);

	if (ret)
		return ret;
	root->boot = boot;
	root->record = record;
	if (record)
		record->from = origin;
	if (origin == EFIMAP_ORIGIN_LIVE) {
		if (record)
			record->time = time(NULL);
		ret = read_tree(root, "/", origin, &map, err);
	} else {
		ret = read_sos_snapshot(name, root, &map, err);
	}
	if (ret == -ENOENT && origin == EFIMAP_ORIGIN_TREE)
		ret = read_tree(root, name, origin, &map, err);
	if (!ret)
		ret = root_check_unchanged(root, origin == EFIMAP_ORIGIN_TREE ? name : "/", err);
	if (!ret)
		*ret_map = steal(map);
	return ret;
}

/* Size of a POSIX ustar header, and position and size of its chksum field. */
#define TAR_HEADER 512
#define TAR_CHECKSUM_AT 148
#define TAR_CHECKSUM_LEN 8

/* Detect a tar archive by its header checksum. Only some tar formats have a magic number. */
static bool is_tar(const struct input *input)
{
	struct text field = { .len = TAR_CHECKSUM_LEN };
	unsigned long expected = 0, sum = 0;
	size_t digits;

	if (input->len < TAR_HEADER || input->data[0] == '\0')
		return false;
	/* The checksum is an octal number, which a space or a NUL follows. */
	field.at = input->data + TAR_CHECKSUM_AT;
	text_skip(&field, text_span(field, " "));
	digits = text_span(field, "01234567");
	for (size_t i = 0; i < digits; i++)
		expected = expected * 8 + (unsigned long)(field.at[i] - '0');
	text_skip(&field, digits);
	if (!digits || (field.len && field.at[0] != '\0' && field.at[0] != ' '))
		return false;
	for (size_t i = 0; i < TAR_HEADER; i++)
		sum += i - TAR_CHECKSUM_AT < TAR_CHECKSUM_LEN ? ' ' : (unsigned char)input->data[i];
	return sum == expected;
}

static bool is_elf_core(const struct input *input)
{
	const char *data = input->data;
	enum { EI_DATA = 5, E_TYPE = 16, ET_CORE = 4, LITTLE = 1 };

	if (input->len < E_TYPE + 2 || memcmp(data,
					      "\x7f"
					      "ELF",
					      4) != 0)
		return false;
	return data[EI_DATA] == LITTLE ? data[E_TYPE] == ET_CORE && !data[E_TYPE + 1]
				       : data[E_TYPE + 1] == ET_CORE && !data[E_TYPE];
}

/*
 * Detect a bzImage with an EFI stub (MZ) by boot_flag and header, which have the same offsets as in
 * boot_params (Documentation/arch/x86/boot.rst).
 */
static bool is_bzimage(const struct input *input)
{
	return input->len >= EFIMAP_BOOT_PARAMS_AT_VERSION && memcmp(input->data, "MZ", 2) == 0 &&
	       memcmp(input->data + EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG, "\x55\xaa", 2) == 0 &&
	       memcmp(input->data + EFIMAP_BOOT_PARAMS_AT_HEADER, "HdrS", 4) == 0;
}

/* Flag in the type of an indirect setup_data node (arch/x86/include/uapi/asm/setup_data.h). */
#define SETUP_INDIRECT UINT32_C(0x80000000)

static uint32_t u32_at(const struct input *input, size_t offset)
{
	const uint8_t *at = (const uint8_t *)input->data + offset;

	return offset + 4 > input->len ? 0
				       : at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 |
						 (uint32_t)at[3] << 24;
}

/* Detect setup_data and boot_params, which may contain secrets, so they are not read as a log. */
static bool is_loader_data(const struct input *input)
{
	enum { TYPE_AT = 8, TYPE_LAST = 16, DESC_VERSION_AT = 12 };
	const size_t info = EFIMAP_BOOT_PARAMS_AT_EFI_INFO;
	const uint32_t type = u32_at(input, TYPE_AT);
	const uint32_t flag = u32_at(input, EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG) & 0xffff;

	if (type != 0 && (type & ~SETUP_INDIRECT) <= TYPE_LAST)
		return true;
	/* kexec-tools overwrites the upper byte of the boot flag with 0. */
	if ((flag == 0xaa55 || flag == 0x0055) &&
	    u32_at(input, EFIMAP_BOOT_PARAMS_AT_HEADER) == EFIMAP_BOOT_PARAMS_HEADER)
		return true;
	return u32_at(input, info + DESC_VERSION_AT) == 1 &&
	       (memcmp(input->data + info, "EL64", 4) == 0 ||
		memcmp(input->data + info, "EL32", 4) == 0);
}

/*
 * struct unpack - a command that the error for a compressed file, an archive or a dump suggests,
 *                 such as "zcat FILE | efimapctl verify -"
 * @before: text before the name of the file
 * @after:  text between the name of the file and "efimapctl"
 * @source: the operand SOURCE: "-", or the file or directory that the command creates
 */
struct unpack {
	const char *before;
	const char *after;
	const char *source;
};

static const struct unpack zcat = { "zcat ", " |", "-" };
static const struct unpack xzcat = { "xzcat ", " |", "-" };
static const struct unpack zstdcat = { "zstdcat ", " |", "-" };
static const struct unpack bzcat = { "bzcat ", " |", "-" };
static const struct unpack lz4cat = { "lz4cat ", " |", "-" };
static const struct unpack untar = { "mkdir d && tar -C d -xf ", " &&", "d" };
static const struct unpack unzip = { "unzip -d d ", " &&", "d" };
static const struct unpack uncpio = { "mkdir d && cpio --quiet -idD d <", " &&", "d" };
static const struct unpack get_log = { "makedumpfile --dump-dmesg ", " log &&", "log" };
static const struct unpack rearrange = { "makedumpfile -R vmcore <",
					 " && makedumpfile --dump-dmesg vmcore log &&", "log" };

#define MAGIC(bytes) bytes, sizeof(bytes) - 1

/*
 * struct kind - a format of files; the first row that matches a file is used
 * @magic:   bytes with which files of this format start, or none
 * @matches: function that detects files of this format; or NULL
 * @what:    if @read is NULL: text of the error message
 * @unpack:  if @read is NULL: command that converts the file into a SOURCE; or NULL
 */
static const struct kind {
	char magic[17];
	size_t magic_len;
	input_is_fn *matches;
	read_input_fn *read;
	const char *what;
	const struct unpack *unpack;
} kinds[] = {
	/* This row precedes that of snapshots, because logs in JSON also begin with a brace. */
	{ .matches = log_is_packed,
	  .what = "a log in JSON or in the export format, which is not supported; use the text "
		  "that journalctl -k or dmesg prints" },
	{ .matches = input_is_snapshot, .read = read_snapshot },
	{ MAGIC("\x1f\x8b\x08"), .what = "compressed with gzip", .unpack = &zcat },
	{ MAGIC("\xfd"
		"7zXZ\0"),
	  .what = "compressed with xz", .unpack = &xzcat },
	{ MAGIC("\x28\xb5\x2f\xfd"), .what = "compressed with zstd", .unpack = &zstdcat },
	{ MAGIC("BZh"), .what = "compressed with bzip2", .unpack = &bzcat },
	/* The following formats may contain uncompressed lines, which must not be read as a log. */
	{ MAGIC("\x04\x22\x4d\x18"), .what = "compressed with lz4", .unpack = &lz4cat },
	{ .matches = is_tar, .what = "a tar archive", .unpack = &untar },
	{ MAGIC("PK\3\4"), .what = "a zip archive", .unpack = &unzip },
	{ MAGIC("070701"), .what = "a cpio archive", .unpack = &uncpio },
	{ MAGIC("070702"), .what = "a cpio archive", .unpack = &uncpio },
	{ MAGIC("070707"), .what = "a cpio archive", .unpack = &uncpio },
	/* Formats of makedumpfile (diskdump_mod.h; makedumpfile.h: struct makedumpfile_header) */
	{ MAGIC("KDUMP   "), .what = "a kernel crash dump", .unpack = &get_log },
	{ MAGIC("DISKDUMP"), .what = "a kernel crash dump", .unpack = &get_log },
	{ MAGIC("makedumpfile\0\0\0\0"), .what = "a kernel crash dump in the flattened format",
	  .unpack = &rearrange },
	{ .matches = is_elf_core, .what = "a kernel crash dump", .unpack = &get_log },
	{ .matches = is_bzimage,
	  .what = "a kernel image, not a capture of a running kernel; use efimapctl "
		  "verify --kernel=IMAGE" },
	{ .matches = is_loader_data,
	  .what = "setup_data or boot_params, which a loader passes to a kernel; to show what a "
		  "kernel received, use efimapctl received on that kernel" },
	{ .matches = log_is_utf16,
	  .what = "UTF-16 text, which is not supported; use iconv -f UTF-16 -t UTF-8" },
	{ .read = read_log_source },
};

/*
 * Return whether a file is named like a compressed tar archive, as all reports of sos are. The
 * content shows only that the file is compressed.
 */
static bool is_tar_name(const char *name)
{
	static const char *const ends[] = { ".tgz", ".txz", ".tbz", ".tbz2", ".tzst" };
	const char *base = last_part(name);

	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (text_ends((struct text){ base, strlen(base) }, ends[i]))
			return true;
	return strstr(base, ".tar.") != NULL;
}

/*
 * Set an error with a command that converts the file into a SOURCE. If the file is a stream, which
 * cannot be read again, or if its name is too long, the command contains the word FILE instead of
 * the name.
 */
static int refuse(const struct kind *kind, const char *name, const struct input *input,
		  struct err *err)
{
	const bool is_compressed = kind->unpack && strcmp(kind->unpack->source, "-") == 0;
	const bool is_tar_file = is_compressed && is_tar_name(name);
	const struct unpack *unpack = is_tar_file ? &untar : kind->unpack;
	const char *what = is_tar_file ? "a compressed tar archive" : kind->what;
	const char *command = input->command ? input->command : "verify";
	auto_out struct out word = EFIMAP_OUT_MEM;
	bool is_shown;

	if (!unpack)
		return err_set(err, EBADMSG, input->name, "%s", what);
	/* Programs parse "-x" as an option, and tar parses "a:b" as a file on the host a. */
	if (name[0] == '-' || name[strcspn(name, ":/")] == ':')
		out_puts(&word, "./");
	out_shell_word(&word, name);
	out_putc(&word, '\0');
	is_shown =
		word.used <= MAX_SHOWN_NAME && strcmp(name, "-") != 0 && S_ISREG(input->stamp.mode);
	return err_set(err, EBADMSG, input->name, "%s; use: %s%s%s efimapctl %s %s", what,
		       unpack->before, is_shown ? word.data : "FILE", unpack->after, command,
		       unpack->source);
}

static int read_input(const char *name, struct input *input, struct efimap **ret_map,
		      struct err *err)
{
	const struct kind *kind = kinds;

	while (input->len < kind->magic_len ||
	       (kind->magic_len && memcmp(input->data, kind->magic, kind->magic_len) != 0) ||
	       (kind->matches && !kind->matches(input)))
		kind++;
	return kind->read ? kind->read(name, input, ret_map, err) : refuse(kind, name, input, err);
}

int read_and_record(const char *source, int boot, const char *command, struct recording *record,
		    struct efimap **ret_map, struct err *err)
{
	auto_input struct input input = {
		.fd = -1, .boot = boot, .command = command, .record = record
	};
	const char *name = source ? source : "/";
	struct stat st;
	const bool is_file = strcmp(name, "-") == 0 || stat(name, &st) || !S_ISDIR(st.st_mode);
	int ret;

	if (record)
		recording_set_source(record, name);
	ret = is_file ? input_open(name, &input, err)
		      : read_directory(name, &st, boot, record, ret_map, err);
	if (!ret && is_file) {
		/* Any file is a log unless read_snapshot() sets another origin. */
		if (record)
			record->from = EFIMAP_ORIGIN_LOG;
		ret = read_input(name, &input, ret_map, err);
	}
	if (!ret && record)
		recording_finish(record);
	return ret ? err_set(err, -ret, name, "%s", strerror(-ret)) : 0;
}

int read_source(const char *source, int boot, const char *command, struct efimap **ret_map,
		struct err *err)
{
	return read_and_record(source, boot, command, NULL, ret_map, err);
}
