/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of makedumpfile's own format, before libkdumpfile sees them. Version 0.5.1 of it
 * reads a compressed page into a buffer of one page, however long its descriptor says it is;
 * so each of them is looked at. Must not know what is in a page.
 */
#include <endian.h>
#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "vmcore.h"

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
	const uint64_t most = 8 * PAGE_BYTES;
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

static int check_machine(const char *label, const struct header *head, struct efimap_err *err)
{
	const char *machine = head->names.machine;

	if (strncmp(machine, "x86_64", sizeof(head->names.machine)) == 0)
		return 0;
	return efimap_err_set(err, EBADMSG, label,
			      "a dump of another architecture; a runtime map is read "
			      "from dumps of x86_64 only");
}

int diskdump_check(const char *label, int fd, uint64_t size, struct efimap_err *err)
{
	struct header head;
	struct sub_header sub;
	struct bitmap bitmap;
	int ret;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    pread(fd, &sub, sizeof(sub), PAGE_BYTES) != sizeof(sub))
		return -EIO;
	ret = check_dump_headers(label, &head, &sub, err);
	if (!ret)
		ret = header_check_notes(label, le64toh(sub.vmcoreinfo_size), err);
	if (!ret)
		ret = header_check_notes(label, le64toh(sub.note_size), err);
	if (ret)
		return ret;
	find_bitmap(&head, &sub, &bitmap);
	if (bitmap.end > size)
		return refuse_dump(label, "not all of its bitmaps", err);
	ret = check_pages(label, fd, bitmap.end, count_pages(fd, &bitmap), err);
	return ret ? ret : check_machine(label, &head, err);
}
