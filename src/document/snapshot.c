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
#include "document/json_values.h"
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

static json_t *part_value(const struct recorded_part *part)
{
	auto_free char *text = memory_new(EFIMAP_BASE64_SIZE(part->len) + 1);
	json_t *value = json_object();

	base64_encode((const uint8_t *)part->data, part->len, text);
	json_put(value, "at", json_count(part->at));
	json_put(value, "base64", json_text(text));
	return value;
}

static json_t *unpacked_value(const struct recorded_file *file)
{
	json_t *value = json_object();

	json_put(value, "least", json_count(file->unpacked.least));
	if (file->unpacked.most != EFIMAP_NO_UPPER_BOUND)
		json_put(value, "most", json_count(file->unpacked.most));
	if (file->unpacked.end)
		json_put(
			value, "end",
			json_text(file->unpacked.end == EFIMAP_INITRD_CUT ? "missing" : "present"));
	return value;
}

static json_t *file_value(const struct recorded_file *file)
{
	json_t *value, *list;

	if (is_text(file))
		return json_text(file->size ? file->parts->data : "");
	value = json_object();
	if (file->has_size)
		json_put(value, "size", json_count(file->size));
	if (file->unpacked.is_known)
		json_put(value, "unpacked", unpacked_value(file));
	if (file->error)
		json_put(value, "error", json_text(name_of_errno(file->error)));
	if (!file->n_parts && (file->has_size || file->error))
		return value;
	list = json_array();
	for (size_t i = 0; i < file->n_parts; i++)
		json_array_append_new(list, file->is_list ? json_text(file->parts[i].data)
							  : part_value(&file->parts[i]));
	json_put(value, file->is_list ? "list" : "parts", list);
	return value;
}

/*
 * Return the boot ID in efimap.first=, a parameter of the crash kernel that names the crashed boot.
 * A value that cannot be a boot ID is not written, because --redact removes such a value from the
 * kernel parameters, and this member must not reveal the value.
 */
static json_t *first_value(const struct efimap *map)
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
	return json_text(value);
}

/* Return an object with the time of each file, or with the number of its omitted lines. */
static json_t *numbers_of_files(const struct recording *recording, bool is_omitted)
{
	json_t *value = json_object();

	for (size_t i = 0; i < recording->n_files; i++) {
		const struct recorded_file *file = &recording->files[i];

		if (is_omitted && file->n_omitted)
			json_put(value, file->path, json_count(file->n_omitted));
		if (!is_omitted && file->mtime > 0)
			json_put(value, file->path, json_count((uint64_t)file->mtime));
	}
	return value;
}

void snapshot_write(const struct recording *recording, const struct efimap *map, bool compact,
		    struct out *out)
{
	json_t *document =
		json_document(EFIMAP_SNAPSHOT_DOCUMENT, EFIMAP_SNAPSHOT_VERSION, recording->source);
	json_t *recorded = json_object(), *files = json_object();

	json_put(recorded, "from", json_text(origin_name(recording->from)));
	json_put(recorded, "time",
		 recording->time ? json_count((uint64_t)recording->time) : json_null());
	json_put(recorded, "boot_id", json_text(*map->boot_id ? map->boot_id : NULL));
	json_put(recorded, "first", first_value(map));
	if (recording->boot) {
		json_put(recorded, "log_boot", json_count(recording->boot));
		json_put(recorded, "log_boots", json_count(recording->n_boots));
	}
	json_put(recorded, "mtimes", numbers_of_files(recording, false));
	if (recording->is_redacted)
		json_put(recorded, "redacted", numbers_of_files(recording, true));
	json_put(document, "recorded", recorded);
	for (size_t i = 0; i < recording->n_files; i++)
		json_put(files, recording->files[i].path, file_value(&recording->files[i]));
	json_put(document, "files", files);
	json_write(document, compact, out);
}
