/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * All kinds of JSON documents. Which members each has lies beside the writer of the same
 * as text; those that lie in a struct of the model are rows of its table (model/fields.c).
 */
#include <string.h>

#include "format/documents.h"
#include "model/baseline.h"

void document_set_record(struct field_value *ret_value, const void *record, size_t size)
{
	memcpy(&ret_value->room, record, size);
	ret_value->record = &ret_value->room;
}

const char *document_call(enum efimap_loaded_by loaded_by)
{
	switch (loaded_by) {
	case EFIMAP_LOADED_BY_KEXEC_LOAD:
		return "kexec_load";
	case EFIMAP_LOADED_BY_KEXEC_FILE_LOAD:
		return "kexec_file_load";
	case EFIMAP_LOADED_BY_NONE:
	case EFIMAP_LOADED_BY_UNKNOWN:
		break;
	}
	return NULL;
}

static const struct document document_baseline = {
	EFIMAP_BASELINE_DOCUMENT,
	ABOUT("Findings that are known and accepted, as efimapctl verify "
	      "--write-baseline writes them and --baseline reads them. Meant to be "
	      "edited."),
	ABOUT("the first SOURCE that it was recorded from"),
	&efimap_baseline_fields,
};

int efimap_baseline_write(const struct efimap_baseline *baseline, const char *source,
			  struct efimap_out *out)
{
	return json_put_document(&document_baseline, source, false, baseline, out);
}

const struct document *const documents[] = {
	&document_dump,	    &document_report,	   &document_comparison, &document_handover,
	&document_decoded,  &document_translation, &document_prediction, &document_pagetable,
	&document_snapshot, &document_baseline,	   &document_rehearsal,
	&document_rules,    NULL,
};
