/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Finding the few lines of a log that say anything of EFI or memory, sixteen bytes at a
 * time: each of the words has three bytes that are rare together. Must not know what
 * the lines mean.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "read/log/log_scan.h"

#define BUFFER_SIZE ((size_t)256 << 10)
/* What is kept of a line that does not end: the kernel's have 1 KiB, and a prefix. */
#define MAX_LINE ((size_t)64 << 10)

#define BLOCK 16
typedef uint8_t block __attribute__((vector_size(BLOCK)));
typedef uint64_t halves __attribute__((vector_size(BLOCK)));

static block load(const char *at)
{
	block bytes;

	memcpy(&bytes, at, BLOCK);
	return bytes;
}

/* Where one of "fi:", "FI:", "ne:", "ve:", "20:" or "x v" starts. */
static block find(const char *at)
{
	const block one = load(at), two = load(at + 1), three = load(at + 2);
	const block before_colon = (block)(((one | 0x20) == 'f') & ((two | 0x20) == 'i')) |
				   (block)(((one == 'n') | (one == 'v')) & (two == 'e')) |
				   (block)((one == '2') & (two == '0'));

	return (before_colon & (block)(three == ':')) |
	       ((block)(one == 'x') & (block)(two == ' ') & (block)(three == 'v'));
}

static bool is_any(block found)
{
	const halves half = (halves)found;

	return half[0] | half[1];
}

/* The words, and where in them the three bytes are that were found. */
static const struct word {
	const char *text;
	size_t len;
	size_t at;
	enum efimap_log_kind kind;
} words[] = {
	{ "efi:", 4, 1, EFIMAP_LOG_EFI },
	{ "EFI:", 4, 1, EFIMAP_LOG_EFI },
	{ "line:", 5, 2, EFIMAP_LOG_CMDLINE },
	{ "e820:", 5, 2, EFIMAP_LOG_E820 },
	{ "active:", 7, 4, EFIMAP_LOG_CRYPT },
	{ "Linux version ", 14, 4, EFIMAP_LOG_VERSION },
};

#define N_WORDS (sizeof(words) / sizeof(words[0]))

static const struct word *word_at(const char *data, size_t len, size_t at)
{
	for (size_t i = 0; i < N_WORDS; i++)
		if (at >= words[i].at && len - (at - words[i].at) >= words[i].len &&
		    memcmp(data + at - words[i].at, words[i].text, words[i].len) == 0)
			return &words[i];
	return NULL;
}

/* The end of a text is too short for a block. */
static const struct word *next_in_rest(const char *data, size_t len, size_t *at)
{
	const struct word *word;

	for (; *at < len; (*at)++) {
		word = word_at(data, len, *at);
		if (word)
			return word;
	}
	return NULL;
}

/* Of the places in a block, the first that is in a word; *@at is then there. */
static const struct word *next_in_block(const char *data, size_t len, block found, size_t *at)
{
	const struct word *word;
	uint8_t hits[BLOCK];

	memcpy(hits, &found, sizeof(hits));
	for (size_t i = 0; i < BLOCK; i++) {
		word = hits[i] ? word_at(data, len, *at + i) : NULL;
		if (word) {
			*at += i;
			return word;
		}
	}
	return NULL;
}

static const struct word *next_word(const char *data, size_t len, size_t *at)
{
	const struct word *word;

	for (; len - *at >= BLOCK + 2; *at += BLOCK) {
		const block found = find(data + *at);

		if (!is_any(found))
			continue;
		word = next_in_block(data, len, found, at);
		if (word)
			return word;
	}
	return next_in_rest(data, len, at);
}

int efimap_log_scan(const char *data, size_t len, efimap_log_line_fn *take, void *context)
{
	size_t at = 0, done = 0;
	const struct word *word;
	int ret = 0;

	while (!ret && at < len && (word = next_word(data, len, &at))) {
		const char *before = memrchr(data + done, '\n', at - done);
		const size_t start = before ? (size_t)(before - data) + 1 : done;
		const char *end = memchr(data + at, '\n', len - at);
		const size_t stop = end ? (size_t)(end - data) : len;

		ret = take(context, word->kind, data + start, stop - start);
		at = done = end ? stop + 1 : len;
	}
	return ret;
}

/* Lines that are whole; the rest moves to the front. */
static int scan_lines(char *buffer, size_t *used, efimap_log_line_fn *take, void *context)
{
	const char *last = memrchr(buffer, '\n', *used);
	size_t whole = last ? (size_t)(last - buffer) + 1 : 0;
	int ret;

	/* No end in sight: what there is of the line counts as one. */
	if (*used - whole >= MAX_LINE)
		whole = *used;
	ret = efimap_log_scan(buffer, whole, take, context);
	*used -= whole;
	memmove(buffer, buffer + whole, *used);
	return ret;
}

int efimap_log_scan_input(struct efimap_input *input, efimap_log_line_fn *take,
			  void *context, struct efimap_err *err)
{
	efimap_auto_free char *buffer = malloc(BUFFER_SIZE);
	size_t used = input->len < MAX_LINE ? input->len : MAX_LINE;
	ssize_t count = 1;
	int ret = 0;

	if (!buffer)
		return efimap_err_set(err, ENOMEM, input->name, "%s", strerror(ENOMEM));
	if (used)
		memcpy(buffer, input->data, used);
	while (!ret && !input->at_end) {
		count = efimap_input_take(input, buffer + used, BUFFER_SIZE - used, err);
		if (count < 0)
			return (int)count;
		used += (size_t)count;
		if (!input->at_end)
			ret = scan_lines(buffer, &used, take, context);
	}
	return ret ? ret : efimap_log_scan(buffer, used, take, context);
}
