/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <errno.h>
#include <stdint.h>
#include <string.h>

#include "base/number.h"
#include "cpio_archive.h"
#include "guest_files.h"
#include "input/read_snapshot.h"
#include "input/source_limits.h"

#define MAGIC "070701"
#define LAST "TRAILER!!!"
#define LOAD_ERROR "kexec_file_load.error"
#define MAX_ERRNO 4095
#define REGULAR 0100755

enum {
	/*
	 * A header consists of the magic number and 13 fields of 8 hexadecimal digits. The
	 * FIELD_... are positions among these fields. Padding after the name and after the content
	 * ends at a multiple of PADDED bytes.
	 */
	HEADER = 110,
	FIELD_SIZE = 6,
	FIELD_NAME = 11,
	PADDED = 4,
};

static void pad_archive(struct out *out)
{
	while (out->used % PADDED)
		out_putc(out, '\0');
}

static void put_member(struct out *out, const char *name, unsigned int mode, const void *data,
		       size_t size)
{
	out_printf(out, MAGIC "%08x%08x%08x%08x%08x%08x%08zx%08x%08x%08x%08x%08zx%08x", 0, mode, 0,
		   0, 1, 0, size, 0, 0, 0, 0, strlen(name) + 1, 0);
	out_write(out, name, strlen(name) + 1);
	pad_archive(out);
	out_write(out, data, size);
	pad_archive(out);
}

static void put_init(struct out *out)
{
	put_member(out, "init", REGULAR, guest_init, sizeof(guest_init));
}

void archive_put_initrd(struct out *out, const void *image, size_t size)
{
	auto_out struct out inner = EFIMAP_OUT_MEM;

	pad_archive(out);
	put_init(out);
	if (size) {
		put_init(&inner);
		put_member(&inner, LAST, 0, NULL, 0);
		put_member(out, "then", REGULAR, image, size);
		put_member(out, "then.cpio", REGULAR, inner.data, inner.used);
	}
	put_member(out, LAST, 0, NULL, 0);
}

struct member {
	const char *name;
	const char *data;
	size_t size;
};

static bool take_field(const char *header, unsigned int field, size_t *ret_value)
{
	const char *digits = header + strlen(MAGIC) + (size_t)field * 8;
	uint64_t value;

	if (number_parse_bare_hex(digits, 8, UINT32_MAX, &value, NULL) != EFIMAP_NUMBER_OK)
		return false;
	*ret_value = value;
	return true;
}

/* Return 1 for a member, 0 if the data ends before the member does, or -EBADMSG. */
static int take_member(const char **data, const char *end, struct member *member)
{
	const char *at = *data;
	const size_t left = (size_t)(end - at);
	size_t name, padded;

	if (left < HEADER)
		return 0;
	if (memcmp(at, MAGIC, strlen(MAGIC)) != 0 || !take_field(at, FIELD_SIZE, &member->size) ||
	    !take_field(at, FIELD_NAME, &name) || name == 0)
		return -EBADMSG;
	padded = (HEADER + name + PADDED - 1) / PADDED * PADDED;
	if (left < padded + (member->size + PADDED - 1) / PADDED * PADDED)
		return 0;
	member->name = at + HEADER;
	if (member->name[name - 1] != '\0')
		return -EBADMSG;
	member->data = at + padded;
	*data = member->data + (member->size + PADDED - 1) / PADDED * PADDED;
	return 1;
}

int archive_read(const char **data, const char *end, struct recording *record,
		 struct efimap **ret_map, struct err *err)
{
	auto_recording struct recording files = { .from = EFIMAP_ORIGIN_TREE };
	struct member member;
	int ret;

	*ret_map = NULL;
	recording_set_source(&files, "guest");
	while ((ret = take_member(data, end, &member)) > 0) {
		if (strcmp(member.name, LAST) != 0) {
			record_bytes(&files, member.name + strspn(member.name, "/"), 0, member.data,
				     (ssize_t)member.size, true);
			continue;
		}
		recording_finish(&files);
		ret = read_recording(&files, "guest", EFIMAP_BOOT_DEFAULT, record, ret_map, err);
		if (!ret)
			recording_finish(record);
		return ret;
	}
	if (ret < 0)
		return err_set(err, -ret, "guest",
			       "the data from the guest is not a valid cpio archive");
	return 0;
}

int archive_load_error(const char *data, const char *end)
{
	struct member member;
	uint64_t error;

	if (take_member(&data, end, &member) <= 0 || strcmp(member.name, LOAD_ERROR) != 0 ||
	    number_parse_dec(member.data, member.size, MAX_ERRNO, &error, NULL) != EFIMAP_NUMBER_OK)
		return 0;
	return (int)error;
}
