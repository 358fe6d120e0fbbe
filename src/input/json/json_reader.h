/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_JSON_JSON_READER_H
#define INPUT_JSON_JSON_READER_H

#include "base/error.h"
#include "input/input_file.h"
#include "input/json/json_values.h"

/**
 * efimap_document_read() - read and parse a snapshot
 * @doc: the document; the caller calls efimap_document_free(), even after a failure
 *
 * Return: 0; -EBADMSG if the input is invalid JSON, a document of another kind, or a snapshot with
 * an invalid or newer version; -E2BIG if it exceeds a limit; -EBUSY if the file changed while it
 * was read; -ENOMEM; or the error of reading @input.
 */
int efimap_document_read(struct efimap_input *input, struct efimap_document *doc);
void efimap_document_free(struct efimap_document *doc);
#define efimap_auto_document __attribute__((cleanup(efimap_document_free)))

#endif
