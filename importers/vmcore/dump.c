/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The memory of a crashed kernel through libkdumpfile: the one file that knows that
 * library. Must not know what lies in that memory.
 *
 * The headers of a dump are looked at before libkdumpfile sees them. What version 0.5.1 of it
 * does not survive, or takes gigabytes or hours for, is refused: a file without a whole header,
 * notes and segments without end, sections, and compressed pages, which it reads into a buffer
 * of one page, however long their descriptors say they are. It knows more formats than anybody
 * has dumps of, too.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <libkdumpfile/kdumpfile.h>

#include "base/cleanup.h"
#include "vmcore.h"

/* Of 8192 processors, with room to spare. */
#define MAX_NOTE_BYTES ((uint64_t)64 << 20)

static int header_check_notes(const char *label, uint64_t bytes, struct efimap_err *err)
{
	if (bytes <= MAX_NOTE_BYTES)
		return 0;
	return efimap_err_set(err, EBADMSG, label, "notes of %ju bytes, which cannot be",
			      (uintmax_t)bytes);
}

static int refuse_machine(const char *label, struct efimap_err *err)
{
	return efimap_err_set(err, EBADMSG, label,
			      "a dump of another architecture; a runtime map is read "
			      "from dumps of x86_64 only");
}

/* --- makedumpfile's own format --- */

#define PAGE_BYTES 4096U
#define MAX_BLOCKS (1U << 30)
#define MAX_SUB_BLOCKS (1U << 20)
#define N_AT_ONCE 2048U

/* makedumpfile: struct disk_dump_header and kdump_sub_header as x86_64 has them */
struct header {
	char signature[8];
	uint32_t version;
	struct {
		char system[65], node[65], release[65], version[65], machine[65], domain[65];
	} names;
	uint8_t unused[6];
	uint64_t seconds, microseconds;
	uint32_t status, block_size, sub_blocks, bitmap_blocks, max_mapnr;
};

struct sub_header {
	uint64_t phys_base;
	uint32_t level, split;
	uint64_t start, end;
	uint64_t vmcoreinfo, vmcoreinfo_size;
	uint64_t note, note_size;
	uint64_t eraseinfo, eraseinfo_size;
	uint64_t start_64, end_64, max_mapnr_64;
};

/* page_desc */
struct descriptor {
	uint64_t offset;
	uint32_t size;
	uint32_t flags;
	uint64_t page_flags;
};

/*
 * struct bitmap - which pages there are
 * @at:    in the file
 * @pages: bits that count
 * @end:   of all bitmaps, where the descriptors begin
 */
struct bitmap {
	uint64_t at;
	uint64_t pages;
	uint64_t end;
};

static int refuse_dump(const char *label, const char *what, struct efimap_err *err)
{
	return efimap_err_set(err, EBADMSG, label, "%s: the dump is damaged, or was cut off",
			      what);
}

/*
 * Where the header of a 32-bit machine has the size of a block, this one has microseconds:
 * libkdumpfile must not take one for the other.
 */
static bool is_time_of_dump(const struct header *head)
{
	const uint64_t rest = le64toh(head->microseconds);

	return rest < 1000000 && (rest < 1024 || (rest & (rest - 1)) != 0);
}

static int check_dump_headers(const char *label, const struct header *head,
			      const struct sub_header *sub, struct efimap_err *err)
{
	const uint32_t block = le32toh(head->block_size);

	if (block != PAGE_BYTES)
		return efimap_err_at_offset(err, EBADMSG, label,
					    offsetof(struct header, block_size),
					    "blocks of %u bytes; a dump of x86_64 has %u: it "
					    "is damaged, or of another architecture", block,
					    PAGE_BYTES);
	if (sub->split)
		return efimap_err_set(err, EBADMSG, label,
				      "a part of a dump that was split: makedumpfile "
				      "--reassemble joins them");
	if (!is_time_of_dump(head) || le32toh(head->sub_blocks) > MAX_SUB_BLOCKS ||
	    le32toh(head->bitmap_blocks) > MAX_BLOCKS)
		return refuse_dump(label, "headers that no dump has", err);
	return 0;
}

/* The second half says what is in the dump, where there are two (read_bitmap). */
static void find_bitmap(const struct header *head, const struct sub_header *sub,
			struct bitmap *bitmap)
{
	const uint64_t begin = (1 + (uint64_t)le32toh(head->sub_blocks)) * PAGE_BYTES;
	uint64_t blocks = le32toh(head->bitmap_blocks), bits = blocks * PAGE_BYTES * 8;

	bitmap->at = begin;
	bitmap->end = begin + blocks * PAGE_BYTES;
	bitmap->pages = le32toh(head->version) >= 6 ? le64toh(sub->max_mapnr_64) :
						      le32toh(head->max_mapnr);
	if (bitmap->pages <= bits / 2) {
		blocks /= 2;
		bitmap->at += blocks * PAGE_BYTES;
		bits = blocks * PAGE_BYTES * 8;
	}
	if (bitmap->pages > bits)
		bitmap->pages = bits;
}

static uint64_t count_bits(const uint8_t *bytes, uint64_t bits)
{
	uint64_t count = 0, word;

	for (; bits >= 64; bits -= 64, bytes += sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		count += (unsigned int)__builtin_popcountll(word);
	}
	for (uint64_t i = 0; i < bits; i++)
		count += bytes[i / 8] >> i % 8 & 1;
	return count;
}

static uint64_t count_pages(int fd, const struct bitmap *bitmap)
{
	const uint64_t most = (uint64_t)8 * PAGE_BYTES;
	uint8_t block[PAGE_BYTES];
	uint64_t count = 0;

	for (uint64_t i = 0; i < bitmap->pages; i += most) {
		const uint64_t left = bitmap->pages - i;

		if (pread(fd, block, sizeof(block), (off_t)(bitmap->at + i / 8)) !=
		    sizeof(block))
			break;
		count += count_bits(block, left < most ? left : most);
	}
	return count;
}

/* Those that were cut off are not read by libkdumpfile either. */
static int check_pages(const char *label, int fd, uint64_t at, uint64_t count,
		       struct efimap_err *err)
{
	struct descriptor pages[N_AT_ONCE];

	while (count) {
		const size_t wanted = count < N_AT_ONCE ? (size_t)count : N_AT_ONCE;
		const ssize_t size = pread(fd, pages, wanted * sizeof(pages[0]), (off_t)at);
		const size_t had = size > 0 ? (size_t)size / sizeof(pages[0]) : 0;

		for (size_t i = 0; i < had; i++)
			if (le32toh(pages[i].size) > PAGE_BYTES)
				return refuse_dump(label, "pages that are longer than a page",
						   err);
		if (had < wanted)
			break;
		at += wanted * sizeof(pages[0]);
		count -= wanted;
	}
	return 0;
}

static int diskdump_check(const char *label, int fd, uint64_t size, struct efimap_err *err)
{
	struct header head;
	struct sub_header sub;
	struct bitmap bitmap;
	int ret;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    pread(fd, &sub, sizeof(sub), PAGE_BYTES) != sizeof(sub))
		return -EIO;
	ret = check_dump_headers(label, &head, &sub, err) ?:
	      header_check_notes(label, le64toh(sub.vmcoreinfo_size), err) ?:
	      header_check_notes(label, le64toh(sub.note_size), err);
	if (ret)
		return ret;
	find_bitmap(&head, &sub, &bitmap);
	if (bitmap.end > size)
		return refuse_dump(label, "not all of its bitmaps", err);
	ret = check_pages(label, fd, bitmap.end, count_pages(fd, &bitmap), err);
	if (!ret && strncmp(head.names.machine, "x86_64", sizeof(head.names.machine)) != 0)
		ret = refuse_machine(label, err);
	return ret;
}

/* --- ELF --- */

/* A header, one that goes on with it, and at least a bitmap. */
#define MIN_BYTES ((off_t)3 * 4096)
/* With paging QEMU has one for each page of a process, at worst. */
#define MAX_SEGMENTS (1U << 22)
/* QEMU has two, and one name in them. */
#define MAX_SECTIONS 16U
#define MAX_STRINGS 4096U

static bool is_harmless(int fd, const Elf64_Shdr *section)
{
	const uint64_t at = le64toh(section->sh_offset), bytes = le64toh(section->sh_size);
	char last;

	if (le32toh(section->sh_type) == SHT_NULL)
		return bytes == 0;
	return le32toh(section->sh_type) == SHT_STRTAB && bytes > 0 && bytes <= MAX_STRINGS &&
	       at <= INT64_MAX - bytes && pread(fd, &last, 1, (off_t)(at + bytes - 1)) == 1 &&
	       last == '\0';
}

/* QEMU writes one of strings, kdump none. Those of Xen's own dumps are not for us. */
static int check_sections(const char *label, int fd, const Elf64_Ehdr *head,
			  struct efimap_err *err)
{
	const unsigned int count = le16toh(head->e_shnum);
	bool is_good = (count > 0) == (head->e_shoff != 0) && count <= MAX_SECTIONS;
	Elf64_Shdr section;

	if (count && le16toh(head->e_shentsize) != sizeof(section))
		is_good = false;
	for (unsigned int i = 0; i < count && is_good; i++) {
		const uint64_t at = le64toh(head->e_shoff) + i * sizeof(section);

		is_good = pread(fd, &section, sizeof(section), (off_t)at) == sizeof(section) &&
			  is_harmless(fd, &section);
	}
	return is_good ? 0 : efimap_err_set(err, EBADMSG, label,
					    "sections that no dump of Linux has");
}

/* Where 16 bits are not enough the first section says it, as in dumps of QEMU with paging. */
static uint32_t count_segments(int fd, const Elf64_Ehdr *head)
{
	Elf64_Shdr section;

	if (le16toh(head->e_phnum) != PN_XNUM)
		return le16toh(head->e_phnum);
	if (!head->e_shoff || pread(fd, &section, sizeof(section),
				    (off_t)le64toh(head->e_shoff)) != sizeof(section))
		return PN_XNUM;
	return le32toh(section.sh_info);
}

/* All of them are in the file: libkdumpfile makes room for as many as there are said to be. */
static int check_segments(const char *label, int fd, const Elf64_Ehdr *head, uint64_t size,
			  struct efimap_err *err)
{
	const uint64_t count = count_segments(fd, head), begin = le64toh(head->e_phoff);
	const uint64_t end = begin + count * sizeof(Elf64_Phdr);
	Elf64_Phdr segment;
	uint64_t notes = 0;

	if (count > MAX_SEGMENTS || begin > size || end > size ||
	    le16toh(head->e_phentsize) != sizeof(segment))
		return efimap_err_set(err, EBADMSG, label,
				      "not all headers of %ju segments: it was cut off, or is "
				      "damaged", (uintmax_t)count);
	for (uint64_t at = begin; at < end; at += sizeof(segment)) {
		int ret;

		if (pread(fd, &segment, sizeof(segment), (off_t)at) != sizeof(segment))
			return -EIO;
		if (le32toh(segment.p_type) == PT_NOTE &&
		    __builtin_add_overflow(notes, le64toh(segment.p_filesz), &notes))
			notes = UINT64_MAX;
		ret = header_check_notes(label, notes, err);
		if (ret)
			return ret;
	}
	return 0;
}

static int check_elf(const char *label, int fd, const Elf64_Ehdr *head, uint64_t size,
		     struct efimap_err *err)
{
	if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB ||
	    le16toh(head->e_machine) != EM_X86_64)
		return refuse_machine(label, err);
	return check_sections(label, fd, head, err) ?: check_segments(label, fd, head, size, err);
}

static int header_check(const char *label, int fd, struct efimap_err *err)
{
	Elf64_Ehdr head;
	struct stat st;

	if (fstat(fd, &st))
		return -errno;
	if (st.st_size < MIN_BYTES || pread(fd, &head, sizeof(head), 0) != sizeof(head))
		return efimap_err_set(err, EBADMSG, label,
				      "%jd bytes are no crash dump: it was cut off",
				      (intmax_t)st.st_size);
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) == 0)
		return check_elf(label, fd, &head, (uint64_t)st.st_size, err);
	if (memcmp(head.e_ident, "KDUMP   ", 8) == 0 || memcmp(head.e_ident, "DISKDUMP", 8) == 0)
		return diskdump_check(label, fd, (uint64_t)st.st_size, err);
	return efimap_err_set(err, EBADMSG, label,
			      "not a crash dump: neither ELF nor a format of makedumpfile");
}

/* --- libkdumpfile --- */

/*
 * @before:     the dump that was opened before
 * @is_damaged: the last failure was one of the file
 */
struct dump {
	struct memory base;
	struct dump *before;
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
	kdump_ctx_t *ctx = to_dump(memory)->ctx;
	char *value = NULL;

	if (kdump_vmcoreinfo_line(ctx, key, &value) != KDUMP_OK) {
		kdump_clear_err(ctx);
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

static int fail_dump(const char *label, kdump_ctx_t *ctx, const char *what, struct efimap_err *err)
{
	const char *text = kdump_get_err(ctx);

	return efimap_err_set(err, EBADMSG, label, "%s%s%s", what, text ? ": " : "",
			      text ? text : "");
}

/*
 * header_check() has seen that it is one of x86_64. A dump that QEMU made names the machine and
 * nothing else of its kernel, which libkdumpfile takes for no names at all.
 */
static int set_arch(const char *label, kdump_ctx_t *ctx, struct efimap_err *err)
{
	const char *arch;

	if (kdump_get_string_attr(ctx, KDUMP_ATTR_ARCH_NAME, &arch) == KDUMP_OK)
		return 0;
	kdump_clear_err(ctx);
	if (kdump_set_string_attr(ctx, KDUMP_ATTR_ARCH_NAME, KDUMP_ARCH_X86_64) == KDUMP_OK)
		return 0;
	return fail_dump(label, ctx, "a dump whose architecture libkdumpfile does not know", err);
}

/* libkdumpfile wants three numbers of a release; that of a Debian 7.3~rc7 is 7.3-cloud-amd64. */
static void complete_release(struct dump *dump)
{
	efimap_auto_free char *release = dump_vmcoreinfo(&dump->base, "OSRELEASE");
	char text[32];

	if (!release)
		return;
	release[strspn(release, "0123456789.")] = '\0';
	if (!strchr(release, '.') || strchr(release, '.') != strrchr(release, '.'))
		return;
	snprintf(text, sizeof(text), "%s.0", release);
	kdump_set_string_attr(dump->ctx, "linux.uts.release", text);
}

/* "linux", so that VMCOREINFO is parsed and virtual addresses can be translated. */
static int set_linux(const char *label, struct dump *dump, struct efimap_err *err)
{
	kdump_ctx_t *ctx = dump->ctx;
	char *raw = NULL;
	bool is_linux;

	if (kdump_set_string_attr(ctx, KDUMP_ATTR_OSTYPE, "linux") != KDUMP_OK)
		complete_release(dump);
	if (kdump_vmcoreinfo_raw(ctx, &raw) != KDUMP_OK)
		return efimap_err_set(err, EBADMSG, label,
				      "a dump without VMCOREINFO, in which a kernel says where "
				      "things are: the core of a process, or one that was not "
				      "made through kdump");
	free(raw);
	is_linux = kdump_set_string_attr(ctx, KDUMP_ATTR_OSTYPE, "linux") == KDUMP_OK;
	return is_linux ? 0 : fail_dump(label, ctx, "virtual addresses of its kernel cannot be "
						    "translated", err);
}

static int open_context(const char *label, struct dump *dump, int fd, struct efimap_err *err)
{
	kdump_ctx_t *ctx = dump->ctx;
	int ret = header_check(label, fd, err);

	if (ret)
		return ret;
	/* Mapped, a dump that was cut off ends us: what it lacks cannot be read, but touched. */
	kdump_set_number_attr(ctx, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
	if (kdump_open_fd(ctx, fd) != KDUMP_OK)
		return fail_dump(label, ctx, "not a crash dump that libkdumpfile can read", err);
	return set_arch(label, ctx, err) ?: set_linux(label, dump, err);
}

/*
 * A dump stays open until the process ends: kdump_free() of libkdumpfile 0.5.1 looks at what
 * it has freed, whatever dump of makedumpfile it was. The list says that this is no leak.
 */
int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err)
{
	static struct dump *kept;
	struct dump *dump = calloc(1, sizeof(*dump));
	int ret;

	if (!dump)
		return -ENOMEM;
	dump->base = (struct memory){ dump_read, dump_vmcoreinfo, dump_why };
	dump->before = kept;
	kept = dump;
	dump->ctx = kdump_new();
	if (!dump->ctx)
		return -ENOMEM;
	ret = open_context(label, dump, fd, err);
	if (!ret)
		*ret_memory = &dump->base;
	return ret;
}
