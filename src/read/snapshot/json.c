/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From the bytes of a JSON document to its tokens. Must not know which token may follow
 * which, nor what any of them means.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/num.h"
#include "read/snapshot/json.h"
#include "read/text.h"

#define WINDOW_BYTES ((size_t)64 << 10)
/* The longest text that we write, a command line of 64 KiB, with each byte escaped */
#define MAX_STRING ((size_t)6 << 16)
/* No double takes more, written out in full: 2^-1074 has as many digits behind its point. */
#define MAX_WORD 1100
/* More digits may not fit into 64 bits: then jansson says so. */
#define MAX_PLAIN_DIGITS 18

void efimap_json_open(struct efimap_json *json, struct efimap_input *input, size_t limit,
		      struct efimap_err *err)
{
	*json = (struct efimap_json){
		.input = input,
		.limit = limit,
		.err = err,
		.at = input->data,
		.end = input->data + input->len,
		.taken = input->len,
		.line = 1,
		.text = EFIMAP_OUT_MEM,
	};
}

void efimap_json_close(struct efimap_json *json)
{
	free(json->window);
	efimap_out_free(&json->text);
}

int efimap_json_no_memory(struct efimap_json *json)
{
	json->ret = efimap_err_set(json->err, ENOMEM, json->input->name, "out of memory");
	return json->ret;
}

static size_t offset(const struct efimap_json *json)
{
	return json->taken - (size_t)(json->end - json->at);
}

static bool is_too_long(struct efimap_json *json)
{
	if (json->taken <= json->limit)
		return false;
	json->ret = efimap_err_set(json->err, E2BIG, json->input->name,
				   "longer than %zu MiB, which is more than is read",
				   json->limit >> 20);
	return true;
}

/* The window was used up: is there more? */
static bool refill(struct efimap_json *json)
{
	ssize_t count;

	if (json->ret || json->input->at_end || is_too_long(json))
		return false;
	if (!json->window)
		json->window = malloc(WINDOW_BYTES);
	if (!json->window) {
		efimap_json_no_memory(json);
		return false;
	}
	count = efimap_input_take(json->input, json->window, WINDOW_BYTES, json->err);
	if (count < 0)
		json->ret = (int)count;
	if (count <= 0)
		return false;
	json->at = json->window;
	json->end = json->at + count;
	json->taken += (size_t)count;
	return !is_too_long(json);
}

static inline bool has_more(struct efimap_json *json)
{
	return json->at < json->end || refill(json);
}

char efimap_json_peek(struct efimap_json *json)
{
	while (has_more(json) && efimap_text_is_one_of(*json->at, " \t\r\n")) {
		if (*json->at++ != '\n')
			continue;
		json->line++;
		json->begins = offset(json);
	}
	json->token = offset(json);
	return json->ret == 0 && json->at < json->end ? *json->at : '\0';
}

bool efimap_json_take(struct efimap_json *json, char mark)
{
	if (efimap_json_peek(json) != mark)
		return false;
	json->at++;
	return true;
}

int efimap_json_fail(struct efimap_json *json, const char *fmt, ...)
{
	char text[sizeof(json->err->text)];
	va_list args;

	if (json->ret)
		return json->ret;
	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	json->ret = efimap_err_at_line(json->err, EBADMSG, json->input->name, json->line,
				       "column %zu: %s",
				       json->token - json->begins + 1, text);
	return json->ret;
}

int efimap_json_unexpected(struct efimap_json *json, const char *expected)
{
	char quote[EFIMAP_QUOTE_SIZE];
	const char next = efimap_json_peek(json);

	if (json->ret == 0 && json->at == json->end)
		return efimap_json_fail(json, "not JSON: it ends where %s is expected", expected);
	return efimap_json_fail(json, "not JSON: found %s, expected %s",
				efimap_text_quote(quote, &next, 1), expected);
}

int efimap_json_end(struct efimap_json *json)
{
	efimap_json_peek(json);
	return json->ret || json->at == json->end ? json->ret :
						    efimap_json_unexpected(json, "the end");
}

/* What is between here and the end of the string can be kept as it stands. */
static size_t plain_run(const struct efimap_json *json)
{
	const char *at = json->at;

	while (at < json->end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
		at++;
	return (size_t)(at - json->at);
}

static bool is_ascii(const char *text, size_t len)
{
	unsigned char all = 0;

	for (size_t i = 0; i < len; i++)
		all |= (unsigned char)text[i];
	return all < 0x80;
}

static int keep(struct efimap_json *json, const char *text, size_t len)
{
	if (json->text.used + len > MAX_STRING)
		return efimap_json_fail(json, "a string of more than %zu KiB", MAX_STRING >> 10);
	efimap_out_write(&json->text, text, len);
	return 0;
}

/* The next bytes of a string, of which there are so many in the window. */
static int pass_bytes(struct efimap_json *json, size_t len, bool is_kept)
{
	if (is_kept && keep(json, json->at, len))
		return json->ret;
	json->at += len;
	return 0;
}

static bool is_hex_digit(char c)
{
	return efimap_text_is_one_of(c, "0123456789abcdefABCDEF");
}

/* A backslash and what it escapes: one character, or four digits behind a u. */
static int scan_escape(struct efimap_json *json, bool is_kept)
{
	unsigned int digits;

	if (pass_bytes(json, 1, is_kept) || !has_more(json))
		return json->ret;
	if (!efimap_text_is_one_of(*json->at, "\"\\/bfnrtu"))
		return efimap_json_fail(json, "not JSON: invalid escape in a string");
	digits = *json->at == 'u' ? 4 : 0;
	if (pass_bytes(json, 1, is_kept))
		return json->ret;
	for (; digits && has_more(json); digits--) {
		if (!is_hex_digit(*json->at))
			return efimap_json_fail(json, "not JSON: invalid escape in a string");
		if (pass_bytes(json, 1, is_kept))
			return json->ret;
	}
	return json->ret;
}

/*
 * From one quotation mark to the other. @ret_is_plain: what was kept is the string itself;
 * NULL: nothing is to be kept.
 */
static int scan_string(struct efimap_json *json, bool *ret_is_plain)
{
	bool is_plain = true;
	int ret = 0;

	for (json->at++; !ret && has_more(json) && *json->at != '"'; ) {
		const size_t len = plain_run(json);

		if (len == 0 && *json->at != '\\')
			return efimap_json_fail(json, "not JSON: a control character in a string");
		is_plain = is_plain && len && is_ascii(json->at, len);
		ret = len ? pass_bytes(json, len, ret_is_plain) : scan_escape(json, ret_is_plain);
	}
	if (ret)
		return ret;
	if (!has_more(json))
		return efimap_json_fail(json, "not JSON: it ends in a string");
	json->at++;
	if (ret_is_plain)
		*ret_is_plain = is_plain;
	return 0;
}

static int take_word(struct efimap_json *json, char word[MAX_WORD], size_t *ret_len)
{
	static const char others[] = "+-.";
	size_t len = 0;

	for (; has_more(json); json->at++) {
		const char c = *json->at;

		if (!(c >= '0' && c <= '9') && !((c | 0x20) >= 'a' && (c | 0x20) <= 'z') &&
		    !efimap_text_is_one_of(c, others))
			break;
		if (len == MAX_WORD)
			return efimap_json_fail(json, "a word of more than %d characters",
						MAX_WORD);
		word[len++] = c;
	}
	*ret_len = len;
	return len ? json->ret : efimap_json_unexpected(json, "a value");
}

/* What jansson makes of @text, which is one scalar by itself. */
static int decode(struct efimap_json *json, const char *text, size_t len,
		  struct efimap_scalar *ret_scalar)
{
	static const enum efimap_json_type types[] = {
		[JSON_STRING] = EFIMAP_JSON_STRING, [JSON_INTEGER] = EFIMAP_JSON_INTEGER,
		[JSON_REAL] = EFIMAP_JSON_FRACTION, [JSON_TRUE] = EFIMAP_JSON_TRUE,
		[JSON_FALSE] = EFIMAP_JSON_FALSE,   [JSON_NULL] = EFIMAP_JSON_NULL,
	};
	json_error_t error;
	json_t *value = json_loadb(text, len, JSON_DECODE_ANY, &error);

	if (!value && json_error_code(&error) == json_error_out_of_memory)
		return efimap_json_no_memory(json);
	/* It may stand there, but in no text of ours, and jansson tells a programmer so. */
	if (!value && json_error_code(&error) == json_error_null_character)
		return efimap_json_fail(json, "a zero byte (\\u0000) in a string");
	if (!value)
		return efimap_json_fail(json, "not JSON: %s", error.text);
	json->text.used = 0;
	efimap_out_write(&json->text, json_string_value(value), json_string_length(value));
	efimap_out_putc(&json->text, '\0');
	*ret_scalar = (struct efimap_scalar){
		.type = types[json_typeof(value)],
		.text = json->text.data,
		.len = json_string_length(value),
		.number = json_integer_value(value),
	};
	json_decref(value);
	return json->text.error ? efimap_json_no_memory(json) : 0;
}

static int take_string(struct efimap_json *json, struct efimap_scalar *ret_scalar)
{
	bool is_plain = true;
	int ret;

	json->text.used = 0;
	efimap_out_putc(&json->text, '"');
	ret = scan_string(json, &is_plain);
	efimap_out_putc(&json->text, is_plain ? '\0' : '"');
	if (!ret && json->text.error)
		ret = efimap_json_no_memory(json);
	if (ret)
		return ret;
	if (!is_plain)
		return decode(json, json->text.data, json->text.used, ret_scalar);
	*ret_scalar = (struct efimap_scalar){
		.type = EFIMAP_JSON_STRING,
		.text = json->text.data + 1,
		.len = json->text.used - 2,
	};
	return 0;
}

/* A word that is no number has characters that no number may have. */
static int take_other(struct efimap_json *json, struct efimap_scalar *ret_scalar)
{
	char word[MAX_WORD];
	uint64_t number;
	size_t len = 0;
	int ret = take_word(json, word, &len);

	if (ret)
		return ret;
	if (len > MAX_PLAIN_DIGITS || (word[0] == '0' && len > 1) ||
	    efimap_num_parse_dec(word, len, INT64_MAX, &number, NULL) != EFIMAP_NUM_OK)
		return decode(json, word, len, ret_scalar);
	*ret_scalar = (struct efimap_scalar){
		.type = EFIMAP_JSON_INTEGER,
		.number = (int64_t)number,
	};
	return 0;
}

int efimap_json_scalar(struct efimap_json *json, struct efimap_scalar *ret_scalar)
{
	return efimap_json_peek(json) == '"' ? take_string(json, ret_scalar) :
					       take_other(json, ret_scalar);
}

int efimap_json_pass(struct efimap_json *json)
{
	struct efimap_scalar scalar;

	return efimap_json_peek(json) == '"' ? scan_string(json, NULL) :
					       take_other(json, &scalar);
}
