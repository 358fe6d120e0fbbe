/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the guest wrote, read as the tree that it is a text of. The guest is whatever the
 * user boots: nothing in it is believed.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/num.h"
#include "guest_text.h"
#include "read/tree/members.h"

#define HEADER "-- "
#define TRAILER " --"
#define LAST "END"
#define HEX "hex "

/* struct part - one member: what follows its line is turned into its content in place */
struct part {
	const char *name;
	bool is_hex;
	char *data;
	size_t size;
};

struct text {
	char *at;
	char *end;
	uint64_t line;
	const char *name;
	struct efimap_err *err;
};

static int fail_at(const struct text *text, const char *why)
{
	return efimap_err_at_line(text->err, EBADMSG, text->name, text->line,
				  "what the guest sent: %s", why);
}

/* The end of the line at @from, its newline not included. */
static char *line_end(char *from, char *end)
{
	char *newline = memchr(from, '\n', (size_t)(end - from));

	return newline ? newline : end;
}

/* What the line was goes. */
static void pass_line(struct text *text, const char *end)
{
	text->at += end - text->at + (end < text->end);
	text->line++;
}

static bool is_header(char *line, char *end)
{
	const size_t len = (size_t)(line_end(line, end) - line);

	return len > strlen(HEADER TRAILER) &&
	       memcmp(line, HEADER, strlen(HEADER)) == 0 &&
	       memcmp(line + len - strlen(TRAILER), TRAILER, strlen(TRAILER)) == 0;
}

/* Makes a terminated name of the line in place. */
static void take_header(struct text *text, struct part *part)
{
	char *end = line_end(text->at, text->end);

	end[-(ptrdiff_t)strlen(TRAILER)] = '\0';
	part->name = text->at + strlen(HEADER);
	part->is_hex = strncmp(part->name, HEX, strlen(HEX)) == 0;
	if (part->is_hex)
		part->name += strlen(HEX);
	pass_line(text, end);
}

/* Of a line that could be taken for a header, the first backslash goes. */
static size_t unescaped(const char *line, size_t len)
{
	const size_t slashes = strspn(line, "\\");

	return slashes && slashes < len && len - slashes >= strlen(HEADER) &&
			       memcmp(line + slashes, HEADER, strlen(HEADER)) == 0
		       ? 1
		       : 0;
}

static int take_hex_line(const struct text *text, const char *line, size_t len,
			 char *data, size_t *size)
{
	uint64_t value;

	if (len < 6 ||
	    efimap_num_parse_bare_hex(line, 6, UINT32_MAX, &value, NULL) !=
		    EFIMAP_NUM_OK ||
	    value != *size)
		return fail_at(text, "no offset of bytes, or not the next one");
	for (size_t offset = 6; offset < len; offset += 3) {
		if (offset + 3 > len || line[offset] != ' ' ||
		    efimap_num_parse_bare_hex(line + offset + 1, 2, UINT8_MAX, &value,
					      NULL) != EFIMAP_NUM_OK)
			return fail_at(text, "no bytes in two digits each");
		data[(*size)++] = (char)value;
	}
	return 0;
}

/* What it becomes is never longer than what it was. */
static int take_content(struct text *text, struct part *part)
{
	int ret = 0;

	part->data = text->at;
	part->size = 0;
	while (text->at < text->end && !is_header(text->at, text->end) && !ret) {
		char *end = line_end(text->at, text->end);
		const size_t len = (size_t)(end - text->at);
		const size_t skip = unescaped(text->at, len);

		if (part->is_hex) {
			ret = take_hex_line(text, text->at, len, part->data, &part->size);
		} else {
			memmove(part->data + part->size, text->at + skip, len - skip);
			part->size += len - skip;
			if (end < text->end)
				part->data[part->size++] = '\n';
		}
		pass_line(text, end);
	}
	return ret;
}

static int keep_part(struct efimap_members *members, const struct part *part,
		     struct efimap_err *err)
{
	struct efimap_room room = { NULL, 0 };
	int ret = efimap_members_add(members, part->name, EFIMAP_MEMBER_FILE, part->size, &room,
				     err);

	if (!ret && room.size)
		memcpy(room.data, part->data, room.size);
	return ret;
}

int guest_text_read(char **data, char *data_end, const char *name, struct efimap **ret_map,
		    struct efimap_err *err)
{
	efimap_auto_members struct efimap_members *members = NULL;
	struct text text = { *data, data_end, 1, name, err };
	struct part part = { .name = "" };
	int ret = efimap_members_new(name, &members);

	while (!ret && text.at < text.end && !is_header(text.at, text.end))
		pass_line(&text, line_end(text.at, text.end));
	while (!ret && text.at < text.end) {
		take_header(&text, &part);
		*data = text.at;
		if (strcmp(part.name, LAST) == 0)
			return efimap_members_read(members, ret_map, err);
		ret = take_content(&text, &part);
		if (!ret)
			ret = keep_part(members, &part, err);
	}
	if (!ret)
		*ret_map = NULL;
	return ret;
}
