/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The snapshot in a page that report wrote, cut out of it: of what stands before it only the
 * ends of lines are left, so that a place is one of the page. Must not know what is in a
 * snapshot, nor what else is in a page.
 */
#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include <sha2.h>

#include "model/snapshot.h"
#include "read/read.h"
#include "read/snapshot/snapshot.h"
#include "read/text.h"

/* What people see of a machine is not longer than what programs read of it. */
#define MAX_PAGE (2 * EFIMAP_SNAPSHOT_MAX_BYTES)
/* The line behind which the snapshot begins, and its digest in that line */
#define START "\n<script type=\"application/json\" id=\"" EFIMAP_SNAPSHOT_ID "\" data-sha256=\""
#define DIGITS (SHA256_DIGEST_STRING_LENGTH - 1)

bool efimap_input_is_page(const struct efimap_input *input)
{
	static const char doctype[] = "<!doctype html", generator[] = "content=\"efimapctl ";
	const char *text = input->data;

	return input->len > sizeof(doctype) &&
	       strncasecmp(text + strspn(text, " \t\r\n"), doctype, sizeof(doctype) - 1) == 0 &&
	       strstr(text, generator);
}

/* Before the end of so many bytes: the number of the line there */
static uint64_t line_behind(const struct efimap_input *input, size_t len)
{
	uint64_t number = 1;

	for (size_t i = 0; i < len; i++)
		number += input->data[i] == '\n';
	return number;
}

static int fail_page(const struct efimap_input *input, size_t at, const char *text,
		     struct efimap_err *err)
{
	return efimap_err_at_line(err, EBADMSG, input->name, line_behind(input, at), "%s", text);
}

/*
 * What stands between the line that begins it and the next "<", which its writer escapes, and
 * the digest that it should have.
 */
static int find_snapshot(const struct efimap_input *input, struct efimap_text *ret_snapshot,
			 struct efimap_text *ret_digest, struct efimap_err *err)
{
	static const char last[] = "</html>";
	struct efimap_text rest = { input->data, input->len };
	const char *tag = memrchr(input->data, '<', input->len), *end;

	if (!efimap_text_find(&rest, START) || rest.len < DIGITS)
		rest.len = 0;
	*ret_digest = (struct efimap_text){ rest.at, DIGITS };
	if (!efimap_text_find(&rest, "\n"))
		return fail_page(input, input->len, "ends without the snapshot that report puts "
				 "into a page: it was cut, or it is of two kernels", err);
	end = rest.len ? memchr(rest.at, '<', rest.len) : NULL;
	if (!end)
		return fail_page(input, input->len, "ends in the snapshot: the page was cut", err);
	if (strncmp(tag, last, sizeof(last) - 1) != 0)
		return fail_page(input, input->len, "ends behind the snapshot: the page was cut",
				 err);
	*ret_snapshot = (struct efimap_text){ rest.at, (size_t)(end - rest.at) };
	return 0;
}

static bool is_as_written(const char *text, size_t len, const char digest[DIGITS])
{
	char found[SHA256_DIGEST_STRING_LENGTH];

	SHA256Data((const uint8_t *)text, len, found);
	return memcmp(found, digest, DIGITS) == 0;
}

/* In place, from the beginning of the page on; mails add carriage returns. */
static size_t cut_out(char *page, const char *snapshot, size_t len, size_t *ret_head)
{
	size_t used = 0;

	for (const char *at = page; at < snapshot; at++)
		if (*at == '\n')
			page[used++] = '\n';
	*ret_head = used;
	for (size_t i = 0; i < len; i++)
		if (snapshot[i] != '\r')
			page[used++] = snapshot[i];
	return used;
}

int efimap_read_page(const char *name, struct efimap_input *input, struct efimap **ret_map,
		     struct efimap_err *err)
{
	struct efimap_input snapshot = { .name = input->name, .fd = -1, .at_end = true };
	struct efimap_text text = { 0 }, digest = { 0 };
	char written[DIGITS];
	size_t head;
	int ret = efimap_input_read_all(input, MAX_PAGE, err);

	if (!ret)
		ret = find_snapshot(input, &text, &digest, err);
	if (ret)
		return ret;
	memcpy(written, digest.at, DIGITS);
	snapshot.data = input->data;
	snapshot.len = cut_out(input->data, text.at, text.len, &head);
	if (!is_as_written(snapshot.data + head, snapshot.len - head, written))
		return fail_page(&snapshot, head, "the snapshot that begins here was changed: its "
				 "SHA-256 is not the one that stands above it", err);
	ret = efimap_input_check_size(&snapshot, snapshot.len, EFIMAP_SNAPSHOT_MAX_BYTES, err);
	return ret ? ret : efimap_read_snapshot(name, &snapshot, ret_map, err);
}
