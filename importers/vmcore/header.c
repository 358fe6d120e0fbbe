/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The headers of a dump, before libkdumpfile sees them. What version 0.5.1 of it does not
 * survive, or takes gigabytes or hours for, is refused: a file without a whole header, notes
 * and segments without end, and sections. It knows more formats than anybody has dumps of, too.
 */
#include <elf.h>
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmcore.h"

/* A header, one that goes on with it, and at least a bitmap. */
#define MIN_BYTES ((off_t)3 * 4096)
/* Of 8192 processors, with room to spare. */
#define MAX_NOTE_BYTES ((uint64_t)64 << 20)
/* With paging QEMU has one for each page of a process, at worst. */
#define MAX_SEGMENTS (1U << 22)
/* QEMU has two, and one name in them. */
#define MAX_SECTIONS 16U
#define MAX_STRINGS 4096U

union head {
	Elf64_Ehdr elf;
	char signature[8];
};

int header_check_notes(const char *label, uint64_t bytes, struct efimap_err *err)
{
	if (bytes <= MAX_NOTE_BYTES)
		return 0;
	return efimap_err_set(err, EBADMSG, label, "notes of %ju bytes, which cannot be",
			      (uintmax_t)bytes);
}

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
	int ret;

	if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_ident[EI_DATA] != ELFDATA2LSB ||
	    le16toh(head->e_machine) != EM_X86_64)
		return efimap_err_set(err, EBADMSG, label,
				      "a dump of another architecture; a runtime map is read "
				      "from dumps of x86_64 only");
	ret = check_sections(label, fd, head, err);
	return ret ? ret : check_segments(label, fd, head, size, err);
}

int header_check(const char *label, int fd, struct efimap_err *err)
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
		return check_elf(label, fd, &head.elf, (uint64_t)st.st_size, err);
	if (memcmp(head.signature, "KDUMP   ", 8) == 0 ||
	    memcmp(head.signature, "DISKDUMP", 8) == 0)
		return diskdump_check(label, fd, (uint64_t)st.st_size, err);
	return efimap_err_set(err, EBADMSG, label,
			      "not a crash dump: neither ELF nor a format of makedumpfile");
}
