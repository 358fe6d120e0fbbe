/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading a directory of numbered records by its table. Each file costs three system
 * calls and no memory. Must not know what the fields mean.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "read/fault.h"
#include "read/tree/listing.h"

/* "4294967294/num_pages" */
#define RECORD_PATH_SIZE 64
#define WHERE_SIZE 128

/*
 * @path:   of the directory, below the root
 * @denied: records from the first on of which no file may be read; while they are all,
 *          they are one state and not a fault per file
 */
struct reader {
	const struct efimap_record_kind *kind;
	struct efimap_dir *dir;
	struct efimap *map;
	const char *path;
	size_t denied;
};

/*
 * What became of a record's files: all errnos are kept, for a denied one is replayed. Only
 * the fields that a kind has are ever set, and a problem only where there is one.
 */
struct record {
	uint32_t index;
	int errors[EFIMAP_MAX_FIELDS];
	struct efimap_problem problems[EFIMAP_MAX_FIELDS];
	struct efimap_value values[EFIMAP_MAX_FIELDS];
};

static bool parse_field(const struct efimap_field *field, const char *data, size_t len,
			struct efimap_value *value, struct efimap_problem *problem)
{
	if (field->max)
		return efimap_parse_hex(data, len, field->max, &value->number, problem);
	if (!efimap_parse_label(data, len, &value->text_len, problem))
		return false;
	memcpy(value->text, data, value->text_len);
	value->text[value->text_len] = '\0';
	return true;
}

/* Decimal digits at the start of @path; snprintf() was a fifth of our part of reading. */
static size_t put_number(char *path, uint32_t number)
{
	char digits[10];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	memcpy(path, digits + at, sizeof(digits) - at);
	return sizeof(digits) - at;
}

/* -EBADMSG in @errors stands for a problem. */
static void read_fields(const struct reader *reader, struct record *record)
{
	char path[RECORD_PATH_SIZE];
	char data[EFIMAP_VALUE_SIZE];
	size_t prefix = put_number(path, record->index);

	path[prefix++] = '/';

	for (size_t i = 0; i < reader->kind->n_fields; i++) {
		const struct efimap_field *field = &reader->kind->fields[i];

		/* Names of fields are short; snprintf() here was a third of reading. */
		memccpy(path + prefix, field->name, '\0', sizeof(path) - prefix);

		ssize_t len = efimap_dir_value(reader->dir, path, data);

		record->errors[i] = len < 0 ? (int)len : 0;
		if (len >= 0 && !parse_field(field, data, (size_t)len, &record->values[i],
					     &record->problems[i]))
			record->errors[i] = -EBADMSG;
	}
}

static bool is_denied(int ret)
{
	return ret == -EACCES || ret == -EPERM;
}

static bool all_denied(const struct reader *reader, const struct record *record)
{
	for (size_t i = 0; i < reader->kind->n_fields; i++)
		if (!is_denied(record->errors[i]))
			return false;
	return true;
}

static int note_fault(const struct reader *reader, uint32_t index, size_t field, int error,
		      const struct efimap_problem *problem)
{
	char where[WHERE_SIZE];
	const struct efimap_place place = { reader->kind->source, index, where };

	snprintf(where, sizeof(where), "%s/%u/%s", reader->path, index,
		 reader->kind->fields[field].name);
	if (error == -EBADMSG)
		return efimap_fault_problem(reader->map, &place, problem);
	return efimap_fault_errno(reader->map, &place, error);
}

/* Some files can be read after all: now each that could not is a fault. */
static int replay_denied(struct reader *reader, const struct efimap_listing *listing)
{
	int ret = 0;

	for (size_t i = 0; i < reader->denied && !ret; i++)
		for (size_t field = 0; field < reader->kind->n_fields && !ret; field++)
			ret = note_fault(reader, (uint32_t)listing->keys[i].key, field,
					 -EACCES, NULL);
	reader->denied = 0;
	return ret;
}

/* 0: no fault, the record is good; 1: faults were noted; or a negative errno. */
static int note_faults(const struct reader *reader, const struct record *record)
{
	int faulty = 0;

	for (size_t i = 0; i < reader->kind->n_fields; i++) {
		if (!record->errors[i])
			continue;

		int ret = note_fault(reader, record->index, i, record->errors[i],
				     &record->problems[i]);

		if (ret)
			return ret;
		faulty = 1;
	}
	return faulty;
}

static int read_record(struct reader *reader, const struct efimap_listing *listing,
		       size_t position)
{
	struct record record;
	int ret = 0;

	record.index = (uint32_t)listing->keys[position].key;
	if (reader->kind->seen)
		ret = reader->kind->seen(reader->map, record.index);
	if (ret)
		return ret;
	read_fields(reader, &record);
	if (reader->denied == position && all_denied(reader, &record)) {
		reader->denied++;
		return 0;
	}
	ret = replay_denied(reader, listing);
	if (!ret)
		ret = note_faults(reader, &record);
	if (ret)
		return ret < 0 ? ret : 0;
	return reader->kind->add(reader->dir->root, reader->map, record.index, record.values);
}

/* Of how many records, the first ones, the directory is looked through. */
static size_t count_listed(const struct efimap_record_kind *kind, size_t count)
{
	if (count <= kind->n_listed)
		return count;
	return kind->n_listed > 0 ? 1 : 0;
}

static int read_all(struct reader *reader, struct efimap_err *err)
{
	efimap_auto_listing struct efimap_listing listing = { 0 };
	enum efimap_source source = reader->kind->source;
	int ret = efimap_listing_read(reader->dir, reader->map, source, reader->path,
				      &listing, err);

	for (size_t i = 0; i < listing.count && !ret; i++)
		ret = read_record(reader, &listing, i);
	for (size_t i = 0; i < count_listed(reader->kind, listing.count) && !ret; i++)
		ret = efimap_strangers_note(reader->dir->root, reader->map, reader->kind,
					    (uint32_t)listing.keys[i].key);
	if (ret)
		return ret;
	reader->map->states[source] = reader->denied ? EFIMAP_STATE_DENIED :
						       EFIMAP_STATE_PRESENT;
	return 0;
}

int efimap_records_read(struct efimap_root *root, struct efimap *map,
			const struct efimap_record_kind *kind, struct efimap_err *err)
{
	efimap_auto_dir struct efimap_dir dir = { 0 };
	const char *path = efimap_source_path(kind->source);
	struct reader reader = { .kind = kind, .dir = &dir, .map = map, .path = path };
	int ret = efimap_dir_open(root, path, &dir);

	if (ret)
		return efimap_source_unread(map, kind->source, path, ret);
	return read_all(&reader, err);
}
