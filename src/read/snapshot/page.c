/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The snapshot in a page that report wrote, given to its reader as it comes: of what stands
 * before it only the ends of lines are left, so that a place is one of the page. Must not
 * know what is in a snapshot, nor what else is in a page.
 */
#include <errno.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/sha256.h"
#include "model/snapshot.h"
#include "read/read.h"
#include "read/snapshot/snapshot.h"

/* What people see of a machine is not longer than what programs read of it. */
#define MAX_PAGE (2 * EFIMAP_SNAPSHOT_MAX_BYTES)
/* The beginning of a line that is looked at: the element that holds the snapshot is one. */
#define MAX_LINE 256

/* enum part - of a page, in their order */
enum part {
	PART_BEFORE,
	PART_SNAPSHOT,
	PART_AFTER,
};

/*
 * struct page - a position in a page
 * @taken:  bytes of it
 * @window: the last of them, from @at to @end not yet looked at
 * @number: of the line, counted from 1
 * @line:   its first bytes
 * @digest: what was written down beside the snapshot, which begins in line @begins
 */
struct page {
	struct efimap_input *input;
	struct efimap_err *err;
	enum part part;
	size_t taken;
	char window[4096];
	const char *at;
	const char *end;
	uint64_t number;
	char line[MAX_LINE];
	size_t line_len;
	char digest[EFIMAP_SHA256_TEXT];
	uint64_t begins;
	struct efimap_sha256 sha;
};

bool efimap_input_is_page(const struct efimap_input *input)
{
	static const char doctype[] = "<!doctype html", generator[] = "content=\"efimapctl ";
	const char *text = input->data;

	return input->len > sizeof(doctype) &&
	       strncasecmp(text + strspn(text, " \t\r\n"), doctype, sizeof(doctype) - 1) == 0 &&
	       strstr(text, generator);
}

static int fail_page(const struct page *page, uint64_t line, const char *text)
{
	return efimap_err_at_line(page->err, EBADMSG, page->input->name, line, "%s", text);
}

/* What the input had first is not read twice. Return: 1, 0 at the end, or a negative errno. */
static int refill_page(struct page *page)
{
	ssize_t count;

	if (page->at < page->end)
		return 1;
	if (page->input->at_end)
		return 0;
	count = efimap_input_take(page->input, page->window, sizeof(page->window), page->err);
	if (count <= 0)
		return (int)count;
	page->at = page->window;
	page->end = page->at + count;
	page->taken += (size_t)count;
	if (page->taken > MAX_PAGE)
		return efimap_err_set(page->err, E2BIG, page->input->name,
				      "longer than %zu MiB, which is more than is read",
				      MAX_PAGE >> 20);
	return 1;
}

/* Does the snapshot begin behind this line? */
static bool begins_snapshot(struct page *page)
{
	static const char start[] = "<script type=\"application/json\" id=\"" EFIMAP_SNAPSHOT_ID
				    "\" data-sha256=\"";
	const size_t at = sizeof(start) - 1, digits = sizeof(page->digest) - 1;
	const bool begins = page->line_len > at + digits && memcmp(page->line, start, at) == 0;

	if (begins)
		memcpy(page->digest, page->line + at, digits);
	page->line_len = 0;
	return begins;
}

static void pass_byte(struct page *page, char c)
{
	if (page->line_len < MAX_LINE)
		page->line[page->line_len++] = c;
}

/* The end of a line is all that is left of it. */
static size_t pass_lines(struct page *page, char *data, size_t size)
{
	size_t used = 0;

	while (page->part == PART_BEFORE && page->at < page->end && used < size) {
		if (*page->at != '\n') {
			pass_byte(page, *page->at++);
			continue;
		}
		data[used++] = *page->at++;
		page->number++;
		if (begins_snapshot(page)) {
			page->part = PART_SNAPSHOT;
			page->begins = page->number;
		}
	}
	return used;
}

/* Its writer escapes each "<", so that the first one is that of the end. */
static size_t pass_snapshot(struct page *page, char *data, size_t size)
{
	size_t used = 0;

	while (page->part == PART_SNAPSHOT && page->at < page->end && used < size) {
		const char c = *page->at++;

		page->number += c == '\n';
		if (c == '<')
			page->part = PART_AFTER;
		else if (c != '\r')
			data[used++] = c;
	}
	efimap_sha256_add(&page->sha, data, used);
	return used;
}

static void pass_rest(struct page *page)
{
	for (; page->at < page->end; page->at++) {
		page->number += *page->at == '\n';
		if (*page->at == '<')
			page->line_len = 0;
		pass_byte(page, *page->at);
	}
}

/* The page is at its end: was it all of one? */
static int check_page(struct page *page)
{
	static const char last[] = "</html>";
	char digest[EFIMAP_SHA256_TEXT];

	if (page->part == PART_BEFORE)
		return fail_page(page, page->number, "ends without the snapshot that report puts "
				 "into a page: it was cut, or it is of two kernels");
	if (page->part == PART_SNAPSHOT)
		return fail_page(page, page->number, "ends in the snapshot: the page was cut");
	efimap_sha256_end(&page->sha, digest);
	if (strcmp(digest, page->digest) != 0)
		return fail_page(page, page->begins, "the snapshot that begins here was changed: "
				 "its SHA-256 is not the one that stands above it");
	if (page->line_len < strlen(last) || memcmp(page->line, last, strlen(last)) != 0)
		return fail_page(page, page->number, "ends behind the snapshot: the page was cut");
	return 0;
}

static ssize_t give_page(void *context, void *data, size_t size)
{
	struct page *page = context;
	size_t used = 0;
	int ret;

	while (used == 0) {
		ret = refill_page(page);
		if (ret <= 0)
			return ret < 0 ? ret : check_page(page);
		used = pass_lines(page, data, size);
		used += pass_snapshot(page, (char *)data + used, size - used);
		if (page->part == PART_AFTER)
			pass_rest(page);
	}
	return (ssize_t)used;
}

int efimap_read_page(const char *name, struct efimap_input *input, struct efimap **ret_map,
		     struct efimap_err *err)
{
	struct page page = {
		.input = input,
		.err = err,
		.taken = input->len,
		.at = input->data,
		.end = input->data + input->len,
		.number = 1,
	};
	efimap_auto_input struct efimap_input snapshot = EFIMAP_INPUT_INIT;
	efimap_auto_map struct efimap *map = NULL;
	int ret;

	efimap_sha256_init(&page.sha);
	ret = efimap_input_open_stream(name, give_page, &page, &snapshot, err);
	if (!ret)
		ret = efimap_read_snapshot(name, &snapshot, &map, err);
	if (!ret)
		ret = efimap_input_check(input, false, err);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}
