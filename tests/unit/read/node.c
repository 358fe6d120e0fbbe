/* SPDX-License-Identifier: GPL-2.0-or-later */
/* JSON values with their places, what is kept of a document, and what is refused. */
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "../test.h"
#include "base/cleanup.h"
#include "base/out.h"
#include "read/snapshot/document.h"

#define BUDGET 16384

/* A text that comes in pieces of @step bytes, and then @ret. */
struct pieces {
	const char *text;
	size_t len;
	size_t step;
	ssize_t ret;
};

static ssize_t give(void *context, void *data, size_t size)
{
	struct pieces *pieces = context;
	size_t len = pieces->step < pieces->len ? pieces->step : pieces->len;

	if (len == 0)
		return pieces->ret;
	len = len < size ? len : size;
	memcpy(data, pieces->text, len);
	pieces->text += len;
	pieces->len -= len;
	return (ssize_t)len;
}

static int count_element(const struct efimap_node *element, void *context)
{
	*(size_t *)context += efimap_node_count(element);
	return 0;
}

static const struct field kept_rows[] = { { "a" }, { "n" }, { "x" }, { "t" }, { "w" }, { "z" } };
static const struct fields kept = { FIELDS("kept", kept_rows) };

/* Keeps the members above; "list" is a stream of arrays. */
static int read_pieces(struct pieces pieces, struct efimap_stream *list, size_t limit,
		       struct efimap_document *doc)
{
	struct efimap_input input = { .name = "doc", .fd = -1, .give = give, .context = &pieces };
	size_t held = 0;
	const struct efimap_plan plan = {
		.limit = limit,
		.budget = BUDGET,
		.fields = &kept,
		.streams = list,
		.n_streams = 1,
		.context = &held,
	};

	*list = (struct efimap_stream){ .key = "list", .type = JSON_ARRAY, .max = 3,
					.take = count_element };
	return efimap_document_read(&input, &plan, doc);
}

static int parse(const char *text, size_t len, struct efimap_document *doc)
{
	struct efimap_stream list;

	return read_pieces((struct pieces){ text, len, len, 0 }, &list, 1 << 20, doc);
}

/* What is kept has a budget; what nobody asked for costs nothing, however much it is. */
TEST(memory)
{
	static const struct {
		const char *head, *element;
		int ret;
	} rows[] = {
		{ "{\"a\": [0", ",0", -E2BIG },
		{ "{\"a\": [{}", ",{}", -E2BIG },
		{ "{\"list\": [[0", ",0", -E2BIG },
		{ "{\"u\": [0", ",0", 0 },
		{ "{\"u\": [{}", ",{\"a\":[]}", 0 },
		{ "{\"u\": [\"\"", ",\"\\\"\"", 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_document doc efimap_auto_document = { .err = &err };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;

		efimap_out_puts(&out, rows[i].head);
		for (size_t n = 0; n < 10000; n++)
			efimap_out_puts(&out, rows[i].element);
		efimap_out_puts(&out, "]}");
		assert_int_equal(parse(out.data, out.used, &doc), rows[i].ret);
		if (rows[i].ret)
			assert_string_equal(err.text, "what it holds takes more memory than a "
						      "document of ours does");
	}
}

/* As many names as an object may have, and one more. */
TEST(names_in_object)
{
	for (int count = 300; count <= 301; count++) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_document doc efimap_auto_document = { .err = &err };
		struct efimap_out out efimap_auto_out = EFIMAP_OUT_MEM;
		struct efimap_stream list;

		efimap_out_puts(&out, "{\"list\": [[{\"\": 0");
		for (int n = 1; n < count; n++)
			efimap_out_printf(&out, ",\"%d\":0", n);
		efimap_out_puts(&out, "}]]}");
		assert_int_equal(read_pieces((struct pieces){ out.data, out.used, 100, 0 }, &list,
					     1 << 20, &doc), count > 300 ? -EBADMSG : 0);
		if (count > 300)
			assert_non_null(strstr(err.text, "more than 300 names in one object"));
	}
}

/* At each limit, and one above. */
TEST(limits)
{
	static const char three[] = "{\"list\": [[1], [], [2, 3]], \"a\": 1}",
			  four[] = "{\"list\": [[], [], [], []]}";
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_document doc efimap_auto_document = { .err = &err };
	struct efimap_stream list;

	for (size_t step = 1; step < sizeof(three); step++) {
		struct efimap_document whole efimap_auto_document = { .err = &err };
		struct efimap_document cut efimap_auto_document = { .err = &err };
		const struct pieces pieces = { three, sizeof(three) - 1, step, 0 };

		assert_int_equal(read_pieces(pieces, &list, sizeof(three) - 1, &whole), 0);
		assert_int_equal(list.count, 3);
		assert_true(list.is_there);
		assert_int_equal(read_pieces(pieces, &list, sizeof(three) - 2, &cut), -E2BIG);
	}
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(parse(four, sizeof(four) - 1, &doc), -EBADMSG);
	assert_string_equal(err.text, "list: more than 3 elements");
}

/* A reader that fails is believed, wherever it does. */
TEST(failing_input)
{
	static const char text[] = "{\"list\": [[1], []], \"a\": {\"b\": \"\\n\"}, \"n\": 12}";

	for (size_t len = 0; len < sizeof(text) - 2; len++) {
		struct efimap_document doc efimap_auto_document = { 0 };
		struct efimap_stream list;

		assert_int_equal(read_pieces((struct pieces){ text, len, 7, -EIO }, &list,
					     1 << 20, &doc), -EIO);
	}
}

/* With each byte in turn one of @others, jansson and we agree on whether it is JSON. */
static void agree(const char *text, const char *others)
{
	const size_t size = strlen(text) + 1;
	efimap_auto_free char *changed = malloc(size);
	size_t refused = 0;

	assert_non_null(changed);
	for (size_t i = 0; i < size - 1; i++) {
		for (const char *other = others; *other; other++) {
			struct efimap_document doc efimap_auto_document = { 0 };
			json_t *theirs;
			int ret;

			memcpy(changed, text, size);
			changed[i] = *other;
			theirs = json_loadb(changed, size - 1, JSON_REJECT_DUPLICATES, NULL);
			ret = parse(changed, size - 1, &doc);
			if ((ret == 0) != (theirs != NULL) || (ret && ret != -EBADMSG))
				fail_msg("%d, not as jansson: %s", ret, changed);
			refused += ret != 0;
			json_decref(theirs);
		}
	}
	assert_true(refused > size);
}

/*
 * Not NUL, which jansson passes over behind a number. In what nobody asked for, a name can
 * stand twice, and texts are not decoded: no half of a pair, and no bytes that are no UTF-8.
 */
TEST(as_jansson)
{
	static const char text[] = "{\"a\": [1, -2.5e3, \"t\\u00e9\\ud83d\\ude00\\\"\", {\"k\": "
				   "null, \"\xc3\xa9\": true}], \"n\": 1234567890123456789, "
				   "\"x\": \"\", \"t\": {}, \"w\": [], \"z\": false}\n";
	static const char passed[] = "{\"u\": [1, -2.5e3, \"t\\u00e9\\n\\\"\", {\"k\": null, "
				     "\"v\": true}], \"u2\": {\"\": \"\\\\\"}}\n";

	agree(text, "{}[],:\"\\0-.eEtfnu \n\x01\xc3\xff");
	agree(passed, "{}[],:\"\\0-.eEtfnu \n\x01");
}

/* The longest that a double can be when each of its digits is written, and beyond. */
TEST(long_numbers)
{
	for (int digits = 1074; digits <= 1100; digits += 26) {
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_document doc efimap_auto_document = { .err = &err };
		efimap_auto_free char *text = NULL;
		const int len = asprintf(&text, "{\"a\": -%.*f}", digits, 0x1p-1074);

		assert_true(len > 0);
		assert_int_equal(parse(text, (size_t)len, &doc), digits > 1074 ? -EBADMSG : 0);
	}
}

/* While it is read, somebody: */
enum change { CUTS, WRITES_OVER, APPENDS, N_CHANGES };

struct changing {
	int fd;
	enum change change;
	bool is_done;
};

static int change_file(const struct efimap_node *element, void *context)
{
	struct changing *changing = context;
	static const char junk[] = "junk";
	off_t size = lseek(changing->fd, 0, SEEK_END);

	if (changing->is_done)
		return 0;
	changing->is_done = true;
	if (changing->change == CUTS)
		assert_int_equal(ftruncate(changing->fd, size - 5), 0);
	else
		assert_int_equal(pwrite(changing->fd, junk, 4,
					changing->change == APPENDS ? size : size - 5), 4);
	return 0;
}

/* That is what is wrong with the file, and not what became of its text. */
TEST(changing_file)
{
	static const struct timespec long_ago[2] = { { .tv_sec = 1 }, { .tv_sec = 1 } };

	for (unsigned int change = 0; change < N_CHANGES; change++) {
		char path[] = "/tmp/efimap-node-XXXXXX";
		struct changing changing = { .fd = mkstemp(path), .change = change };
		struct efimap_stream list = { .key = "list", .type = JSON_INTEGER,
					      .max = 200000, .take = change_file };
		const struct efimap_plan plan = { .limit = 1 << 20, .budget = BUDGET,
						  .streams = &list, .n_streams = 1,
						  .fields = &kept, .context = &changing };
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct efimap_document doc efimap_auto_document = { .err = &err };
		struct efimap_input input efimap_auto_input = EFIMAP_INPUT_INIT;
		struct efimap_out out efimap_auto_out = { .fd = changing.fd };

		assert_true(changing.fd >= 0);
		efimap_out_puts(&out, "{\"list\": [0");
		for (size_t i = 0; i < 100000; i++)
			efimap_out_puts(&out, ",0");
		efimap_out_puts(&out, "]}");
		assert_int_equal(efimap_out_flush(&out), 0);
		assert_int_equal(futimens(changing.fd, long_ago), 0);
		assert_int_equal(efimap_input_open(path, &input, &err), 0);
		assert_int_equal(efimap_document_read(&input, &plan, &doc), -EBUSY);
		assert_non_null(strstr(err.text, "changed while it was read"));
		close(changing.fd);
		unlink(path);
	}
}

/* A key as long as the document does not make the place any longer than its buffer. */
TEST(long_paths)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_document doc = { .name = "doc", .err = &err };
	const struct efimap_node root = efimap_node_root(&doc);
	struct efimap_node nodes[20];
	char key[1000];

	memset(key, 'k', sizeof(key) - 1);
	key[sizeof(key) - 1] = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(nodes); i++)
		nodes[i] = (struct efimap_node){
			.doc = &doc, .parent = i ? &nodes[i - 1] : &root, .key = key,
		};
	assert_int_equal(efimap_node_fail(&nodes[19], "odd"), -EBADMSG);
	assert_int_equal(strspn(err.text, "k"), 255);
	assert_string_equal(err.text + 255, ": odd");
}
