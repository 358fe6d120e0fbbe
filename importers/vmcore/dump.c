/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a crashed kernel through libkdumpfile: the one file that knows that
 * library. Must not know what lies in that memory.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libkdumpfile/kdumpfile.h>

#include <efimap/cleanup.h>

#include "vmcore.h"

#define PAGE_BYTES 4096U
/* A header, one that goes on with it, and at least a bitmap. */
#define MIN_BYTES ((off_t)3 * 4096)
/* Of 8192 processors, with room to spare. */
#define MAX_NOTE_BYTES ((uint64_t)64 << 20)

/* makedumpfile: struct disk_dump_header and kdump_sub_header as x86_64 has them */
struct dump_header {
	char signature[8];
	uint8_t others[420];
	uint32_t block_size;
};

struct sub_header {
	uint64_t others[5];
	uint64_t size_vmcoreinfo;
	uint64_t offset_note;
	uint64_t size_note;
};

union head {
	Elf64_Ehdr elf;
	struct dump_header dump;
};

/* @is_damaged: the last failure was one of the file */
struct dump {
	struct memory base;
	kdump_ctx_t *ctx;
	bool is_damaged;
	char why[256];
};

static struct dump *to_dump(struct memory *memory)
{
	return (struct dump *)(void *)memory;
}

static int dump_read(struct memory *memory, enum space space, uint64_t address, void *data,
		     size_t size)
{
	kdump_ctx_t *ctx = to_dump(memory)->ctx;
	size_t count = size;
	const kdump_status status = kdump_read(
		ctx, space == SPACE_PHYSICAL ? KDUMP_MACHPHYSADDR : KDUMP_KVADDR, address,
		data, &count);

	if (status == KDUMP_OK && count == size)
		return 0;
	to_dump(memory)->is_damaged = status == KDUMP_ERR_CORRUPT || status == KDUMP_ERR_EOF;
	return status == KDUMP_ERR_SYSTEM ? -EIO : -ENODATA;
}

static char *dump_vmcoreinfo(struct memory *memory, const char *key)
{
	char *value = NULL;

	if (kdump_vmcoreinfo_line(to_dump(memory)->ctx, key, &value) != KDUMP_OK) {
		kdump_clear_err(to_dump(memory)->ctx);
		return NULL;
	}
	return value;
}

static const char *dump_why(struct memory *memory)
{
	struct dump *dump = to_dump(memory);
	const char *text = kdump_get_err(dump->ctx);

	snprintf(dump->why, sizeof(dump->why), "%s%s",
		 dump->is_damaged ? "the dump is damaged or was cut off: " : "",
		 text ? text : "the dump does not hold it");
	return dump->why;
}

static int fail(const char *label, kdump_ctx_t *ctx, const char *what, struct efimap_err *err)
{
	const char *text = kdump_get_err(ctx);

	return efimap_err_set(err, EBADMSG, label, "%s%s%s", what, text ? ": " : "",
			      text ? text : "");
}

/* EFI runtime maps are handed from kernel to kernel on x86 only, and exported on 64 bits. */
static int check_arch(const char *label, kdump_ctx_t *ctx, struct efimap_err *err)
{
	const char *arch = NULL;

	if (kdump_get_string_attr(ctx, KDUMP_ATTR_ARCH_NAME, &arch) != KDUMP_OK)
		return fail(label, ctx, "a dump that does not say of which architecture it is",
			    err);
	if (strcmp(arch, KDUMP_ARCH_X86_64) == 0)
		return 0;
	return efimap_err_set(err, EBADMSG, label,
			      "a dump of %s; a runtime map is read from dumps of x86_64 only",
			      arch);
}

/* "linux", so that VMCOREINFO is parsed and virtual addresses can be translated. */
static int set_linux(const char *label, kdump_ctx_t *ctx, struct efimap_err *err)
{
	const kdump_status status = kdump_set_string_attr(ctx, KDUMP_ATTR_OSTYPE, "linux");
	char *why = status == KDUMP_OK ? NULL : strdup(kdump_get_err(ctx)), *raw = NULL;
	int ret = 0;

	if (kdump_vmcoreinfo_raw(ctx, &raw) != KDUMP_OK)
		ret = efimap_err_set(err, EBADMSG, label,
				     "a dump without VMCOREINFO, in which a kernel says where "
				     "things are: the core of a process, or one that was not "
				     "made through kdump");
	else if (status != KDUMP_OK)
		ret = efimap_err_set(err, EBADMSG, label,
				     "virtual addresses of its kernel cannot be translated: "
				     "%s", why ? why : "");
	free(raw);
	free(why);
	return ret;
}

static int check_notes(const char *label, uint64_t bytes, struct efimap_err *err)
{
	if (bytes <= MAX_NOTE_BYTES)
		return 0;
	return efimap_err_set(err, EBADMSG, label, "notes of %ju bytes, which cannot be",
			      (uintmax_t)bytes);
}

/* libkdumpfile asks a section how many segments there are where 16 bits are not enough. */
static int check_segments(const char *label, int fd, const Elf64_Ehdr *head,
			  struct efimap_err *err)
{
	const unsigned int count = le16toh(head->e_phnum);
	uint64_t notes = 0;
	Elf64_Phdr segment;

	if (count == PN_XNUM || le16toh(head->e_phentsize) != sizeof(segment))
		return efimap_err_set(err, EBADMSG, label,
				      "%u segments with headers of %u bytes; expected fewer "
				      "than %u, of %zu bytes", count,
				      le16toh(head->e_phentsize), PN_XNUM, sizeof(segment));
	for (unsigned int i = 0; i < count; i++) {
		const uint64_t at = le64toh(head->e_phoff) + i * sizeof(segment);
		int ret;

		if (pread(fd, &segment, sizeof(segment), (off_t)at) != sizeof(segment))
			return efimap_err_set(err, EBADMSG, label,
					      "a dump without all its headers: it was cut off");
		if (le32toh(segment.p_type) == PT_NOTE &&
		    __builtin_add_overflow(notes, le64toh(segment.p_filesz), &notes))
			notes = UINT64_MAX;
		ret = check_notes(label, notes, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_elf(const char *label, int fd, const Elf64_Ehdr *head, struct efimap_err *err)
{
	const unsigned int machine = le16toh(head->e_machine);

	if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB ||
	    machine != EM_X86_64)
		return efimap_err_set(err, EBADMSG, label,
				      "a dump of another architecture; a runtime map is read "
				      "from dumps of x86_64 only");
	return check_segments(label, fd, head, err);
}

static int check_kdump(const char *label, int fd, const union head *head,
		       struct efimap_err *err)
{
	const uint32_t block = le32toh(head->dump.block_size);
	struct sub_header sub = { 0 };
	int ret;

	if (block != PAGE_BYTES)
		return efimap_err_at_offset(err, EBADMSG, label,
					    offsetof(struct dump_header, block_size),
					    "blocks of %u bytes; a dump of x86_64 has %u: it "
					    "is damaged, or of another architecture", block,
					    PAGE_BYTES);
	if (pread(fd, &sub, sizeof(sub), PAGE_BYTES) != sizeof(sub))
		return -EIO;
	ret = check_notes(label, le64toh(sub.size_vmcoreinfo), err);
	return ret ? ret : check_notes(label, le64toh(sub.size_note), err);
}

/*
 * What libkdumpfile 0.5.1 does not survive, or takes gigabytes or hours for: a file without
 * a whole header, one whose header has no block size (it frees what it has not made), and
 * notes and segments without end. It knows more formats than anybody has dumps of.
 */
static int check_header(const char *label, int fd, struct efimap_err *err)
{
	union head head;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (st.st_size < MIN_BYTES || pread(fd, &head, sizeof(head), 0) != sizeof(head))
		return efimap_err_set(err, EBADMSG, label,
				      "%jd bytes are no crash dump: it was cut off",
				      (intmax_t)st.st_size);
	if (memcmp(head.elf.e_ident, ELFMAG, SELFMAG) == 0)
		return check_elf(label, fd, &head.elf, err);
	if (memcmp(head.dump.signature, "KDUMP   ", 8) == 0 ||
	    memcmp(head.dump.signature, "DISKDUMP", 8) == 0)
		return check_kdump(label, fd, &head, err);
	return efimap_err_set(err, EBADMSG, label,
			      "not a crash dump: neither ELF nor a format of makedumpfile");
}

static int open_with(const char *label, kdump_ctx_t *ctx, int fd, struct efimap_err *err)
{
	int ret = check_header(label, fd, err);

	if (ret)
		return ret;
	if (kdump_open_fd(ctx, fd) != KDUMP_OK)
		return fail(label, ctx, "not a crash dump that libkdumpfile can read", err);
	ret = check_arch(label, ctx, err);
	return ret ? ret : set_linux(label, ctx, err);
}

int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err)
{
	efimap_auto_free struct dump *dump = calloc(1, sizeof(*dump));
	int ret;

	if (!dump)
		return -ENOMEM;
	dump->base.read = dump_read;
	dump->base.vmcoreinfo = dump_vmcoreinfo;
	dump->base.why = dump_why;
	dump->ctx = kdump_new();
	if (!dump->ctx)
		return -ENOMEM;
	ret = open_with(label, dump->ctx, fd, err);
	if (ret) {
		kdump_free(dump->ctx);
		return ret;
	}
	*ret_memory = &efimap_steal(dump)->base;
	return 0;
}

void dump_close(struct memory *memory)
{
	if (!memory)
		return;
	kdump_free(to_dump(memory)->ctx);
	free(to_dump(memory));
}
