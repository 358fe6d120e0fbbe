/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Write a recording as a snapshot document. */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/cleanup.h"
#include "base/text_scan.h"
#include "base/utf8.h"
#include "capture/kernel_parameters.h"
#include "document/json_writer.h"
#include "document/snapshot.h"

static const struct {
	int code;
	const char *name;
} errnos[] = {
	{ ENOENT, "ENOENT" },	    { EACCES, "EACCES" },
	{ EPERM, "EPERM" },	    { EIO, "EIO" },
	{ E2BIG, "E2BIG" },	    { ELOOP, "ELOOP" },
	{ EXDEV, "EXDEV" },	    { EISDIR, "EISDIR" },
	{ ENOTDIR, "ENOTDIR" },	    { ENXIO, "ENXIO" },
	{ ENODEV, "ENODEV" },	    { EINVAL, "EINVAL" },
	{ EBUSY, "EBUSY" },	    { ENAMETOOLONG, "ENAMETOOLONG" },
	{ EAGAIN, "EAGAIN" },	    { ESTALE, "ESTALE" },
	{ ETIMEDOUT, "ETIMEDOUT" }, { EOPNOTSUPP, "EOPNOTSUPP" },
	{ ENOSYS, "ENOSYS" },	    { EOVERFLOW, "EOVERFLOW" },
	{ EBADMSG, "EBADMSG" },
};
#define N_ERRNOS (sizeof(errnos) / sizeof(errnos[0]))

int recorded_errno(const char *name)
{
	for (size_t i = 0; i < N_ERRNOS; i++)
		if (strcmp(errnos[i].name, name) == 0)
			return -errnos[i].code;
	return 0;
}

/* Return the name of an errno. An errno without a name in errnos[] is written as EIO. */
static const char *name_of_errno(int error)
{
	for (size_t i = 0; i < N_ERRNOS; i++)
		if (errnos[i].code == -error)
			return errnos[i].name;
	return "EIO";
}

/* Return whether the content is known completely, and a JSON string can represent it. */
static bool is_text(const struct recorded_file *file)
{
	const struct recorded_part *part = file->parts;
	size_t len;

	if (!file->has_size || file->error || file->is_list)
		return false;
	if (!file->size)
		return true;
	if (file->n_parts != 1 || part->at || part->len != file->size ||
	    memchr(part->data, '\0', part->len))
		return false;
	for (size_t at = 0; at < part->len; at += len) {
		len = utf8_length(part->data + at, part->len - at);
		if (!len)
			return false;
	}
	return true;
}

static void put_part(struct json *json, const struct recorded_part *part)
{
	auto_free char *text = memory_new(EFIMAP_BASE64_SIZE(part->len) + 1);

	base64_encode((const uint8_t *)part->data, part->len, text);
	json_open(json, '{', NULL, true);
	json_put_count(json, "at", part->at);
	json_put_text(json, "base64", text);
	json_close(json);
}

static void put_file(struct json *json, const struct recorded_file *file)
{
	const bool has_parts = file->n_parts || (!file->has_size && !file->error);

	if (is_text(file)) {
		json_put_text(json, file->path, file->size ? file->parts->data : "");
		return;
	}
	json_open(json, '{', file->path, true);
	if (file->has_size)
		json_put_count(json, "size", file->size);
	if (file->unpacked.is_known) {
		json_open(json, '{', "unpacked", true);
		json_put_count(json, "least", file->unpacked.least);
		if (file->unpacked.most != EFIMAP_NO_UPPER_BOUND)
			json_put_count(json, "most", file->unpacked.most);
		if (file->unpacked.end)
			json_put_text(json, "end",
				      file->unpacked.end == EFIMAP_INITRD_CUT ? "missing"
									      : "present");
		json_close(json);
	}
	if (file->error)
		json_put_text(json, "error", name_of_errno(file->error));
	if (has_parts)
		json_open(json, '[', file->is_list ? "list" : "parts", true);
	for (size_t i = 0; i < file->n_parts; i++) {
		if (file->is_list)
			json_put_text(json, NULL, file->parts[i].data);
		else
			put_part(json, &file->parts[i]);
	}
	if (has_parts)
		json_close(json);
	json_close(json);
}

/*
 * Write the boot ID in efimap.first=, a parameter of the crash kernel that names the crashed boot.
 * A value that cannot be a boot ID is not written, because --redact removes such a value from the
 * kernel parameters, and this member must not reveal the value.
 */
static void put_first(struct json *json, const struct efimap *map)
{
	auto_free char *value = NULL;
	const char *rest = map->cmdline;
	struct kernel_parameter arg;

	while (!value && parameter_next(&rest, &arg)) {
		const struct text text = { arg.value, arg.value ? arg.value_len : 0 };

		if (!parameter_is(&arg, "efimap.first") || !text.len ||
		    text_span(text, EFIMAP_HEX_DIGITS "-") < text.len)
			continue;
		value = memory_strndup(text.at, text.len);
	}
	json_put_text(json, "first", value);
}

void snapshot_write(const struct recording *recording, const struct efimap *map, bool compact,
		    struct out *out)
{
	struct json json;

	json_begin(&json, EFIMAP_SNAPSHOT_DOCUMENT, EFIMAP_SNAPSHOT_VERSION, recording->source,
		   compact, out);
	json_open(&json, '{', "recorded", false);
	json_put_text(&json, "from", origin_name(recording->from));
	if (recording->time)
		json_put_count(&json, "time", (uint64_t)recording->time);
	else
		json_put_text(&json, "time", NULL);
	json_put_text(&json, "boot_id", *map->boot_id ? map->boot_id : NULL);
	put_first(&json, map);
	if (recording->boot) {
		json_put_count(&json, "log_boot", recording->boot);
		json_put_count(&json, "log_boots", recording->n_boots);
	}
	json_open(&json, '{', "mtimes", false);
	for (size_t i = 0; i < recording->n_files; i++)
		if (recording->files[i].mtime > 0)
			json_put_count(&json, recording->files[i].path,
				       (uint64_t)recording->files[i].mtime);
	json_close(&json);
	if (recording->is_redacted) {
		json_open(&json, '{', "redacted", false);
		for (size_t i = 0; i < recording->n_files; i++)
			if (recording->files[i].n_omitted)
				json_put_count(&json, recording->files[i].path,
					       recording->files[i].n_omitted);
		json_close(&json);
	}
	json_close(&json);
	json_open(&json, '{', "files", false);
	for (size_t i = 0; i < recording->n_files; i++)
		put_file(&json, &recording->files[i]);
	json_close(&json);
	json_end(&json);
}
