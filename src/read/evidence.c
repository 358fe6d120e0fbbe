/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Kinds of evidence that others read for us, told by their first bytes. Must not know how
 * they go on.
 */
#include <stdint.h>
#include <string.h>

#include "read/importer.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* struct magic - bytes at the start of a file */
struct magic {
	const char *bytes;
	size_t len;
};

#define MAGIC(text) { text, sizeof(text) - 1 }

static const struct magic compressed[] = {
	MAGIC("\x1f\x8b\x08"),		/* gzip */
	MAGIC("\xfd" "7zXZ\0"),		/* xz */
	MAGIC("\x28\xb5\x2f\xfd"),	/* zstd */
	MAGIC("BZh"),			/* bzip2 */
};

/* makedumpfile: diskdump_mod.h, makedumpfile.h (struct makedumpfile_header) */
static const struct magic dumps[] = {
	MAGIC("KDUMP   "),
	MAGIC("DISKDUMP"),
	MAGIC("makedumpfile\0\0\0\0"),
};

static bool begins(const struct efimap_input *input, const struct magic *magics, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (input->len >= magics[i].len &&
		    memcmp(input->data, magics[i].bytes, magics[i].len) == 0)
			return true;
	return false;
}

/* POSIX ustar header: chksum */
#define TAR_HEADER 512
#define TAR_CHECKSUM_AT 148
#define TAR_CHECKSUM_LEN 8

static bool octal(const char *text, size_t len, unsigned long *ret_value)
{
	unsigned long value = 0;
	size_t at = 0, digits = 0;

	while (at < len && text[at] == ' ')
		at++;
	for (; at < len && text[at] >= '0' && text[at] <= '7'; at++, digits++)
		value = value * 8 + (unsigned long)(text[at] - '0');
	*ret_value = value;
	return digits > 0 && (at == len || text[at] == '\0' || text[at] == ' ');
}

/* Its header adds up: the one thing that all dialects of tar share. */
static bool is_tar(const struct efimap_input *input)
{
	unsigned long expected, sum = 0;

	if (input->len < TAR_HEADER || input->data[0] == '\0' ||
	    !octal(input->data + TAR_CHECKSUM_AT, TAR_CHECKSUM_LEN, &expected))
		return false;
	for (size_t i = 0; i < TAR_HEADER; i++) {
		const bool is_sum = i - TAR_CHECKSUM_AT < TAR_CHECKSUM_LEN;

		sum += is_sum ? ' ' : (unsigned char)input->data[i];
	}
	return sum == expected;
}

bool efimap_input_is_archive(const struct efimap_input *input)
{
	return begins(input, compressed, COUNT(compressed)) || is_tar(input);
}

/* ELF: e_ident, e_type of either byte order */
static bool is_elf_core(const struct efimap_input *input)
{
	static const struct magic elf = MAGIC("\x7f" "ELF");
	const char *data = input->data;
	enum { EI_DATA = 5, E_TYPE = 16, ET_CORE = 4, LITTLE = 1 };

	if (input->len < E_TYPE + 2 || !begins(input, &elf, 1))
		return false;
	return data[EI_DATA] == LITTLE ? data[E_TYPE] == ET_CORE && !data[E_TYPE + 1] :
					 data[E_TYPE + 1] == ET_CORE && !data[E_TYPE];
}

bool efimap_input_is_vmcore(const struct efimap_input *input)
{
	return begins(input, dumps, COUNT(dumps)) || is_elf_core(input);
}

static const struct efimap_importer importers[] = {
	{ efimap_input_is_archive, "an archive or a compressed file", "import-archive" },
	{ efimap_input_is_vmcore, "a kernel crash dump", "import-vmcore" },
};

const struct efimap_importer *efimap_importer_find(const struct efimap_input *input)
{
	for (size_t i = 0; i < COUNT(importers); i++)
		if (importers[i].matches(input))
			return &importers[i];
	return NULL;
}
