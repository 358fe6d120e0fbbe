/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: writing down what emulation says
 *
 * Translations, predictions, decoded binaries and page tables as text and as JSON
 * documents (schema/). As in format.h: everything goes into a &struct efimap_out, whose
 * error sticks, and text of a capture never reaches it with control characters.
 */
#ifndef FORMAT_EMULATION_H
#define FORMAT_EMULATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/out.h"
#include "emulate/decode.h"
#include "emulate/layout.h"
#include "emulate/pagetable.h"
#include "emulate/translate.h"
#include "format/format.h"
#include "model/capture.h"
#include "model/report.h"

/** struct efimap_translation - an efimap-translation document being written; opaque */
struct efimap_translation;

/**
 * efimap_translation_new() - begin
 * @map:             the capture that is translated through; borrowed
 * @json:            a document instead of lines
 * @out:             where; borrowed
 * @ret_translation: end it with efimap_translation_end()
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_translation_new(const struct efimap *map, bool json, struct efimap_out *out,
			   struct efimap_translation **ret_translation);

/**
 * efimap_translation_add() - everything about one address
 * @to_virt: the answer for it as a physical address, in positions of the map's entries
 * @to_phys: the answer for it as a virtual one
 *
 * A line for each entry that covers it, either way; one line when none does.
 */
void efimap_translation_add(struct efimap_translation *translation, uint64_t address,
			    const struct efimap_answer *to_virt,
			    const struct efimap_answer *to_phys);

/** efimap_translation_end() - end and free it; 0 or the error of its out */
int efimap_translation_end(struct efimap_translation *translation);

/**
 * efimap_prediction_write_text() - a table of addresses beside the computed ones
 *
 * Return: 0, the error of @out, or -ENOMEM.
 */
int efimap_prediction_write_text(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 const struct efimap_text_options *options,
				 struct efimap_out *out);

/** efimap_prediction_write_json() - an efimap-prediction document */
int efimap_prediction_write_json(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 struct efimap_out *out);

/**
 * struct efimap_pagetable_view - what pagetable shows
 * @mode:       what was mapped
 * @pointers:   of the firmware
 * @report:     findings of --check, NULL without it
 */
struct efimap_pagetable_view {
	const struct efimap *map;
	enum efimap_pagetable_mode mode;
	const struct efimap_pagetable *table;
	const struct efimap_pointer *pointers;
	size_t n_pointers;
	const struct efimap_report *report;
};

/**
 * efimap_pagetable_write_text() - tables and leaves in a sentence, what was left out, with
 * EFIMAP_PAGETABLE_IDENTITY the pointers, and the findings
 */
int efimap_pagetable_write_text(const struct efimap_pagetable_view *view,
				const struct efimap_text_options *options,
				struct efimap_out *out);

/** efimap_pagetable_write_json() - an efimap-pagetable document */
int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out);

/**
 * struct efimap_decoded_view - what decode shows
 * @decoded:      what they hold
 * @all_payloads: show payloads of setup_data that are not EFI's; random seeds never are
 */
struct efimap_decoded_view {
	const char *name;
	const uint8_t *data;
	size_t size;
	const struct efimap_decoded *decoded;
	const struct efimap_report *report;
	bool all_payloads;
};

/** efimap_decoded_write_text() - what a binary is and holds, and the findings */
int efimap_decoded_write_text(const struct efimap_decoded_view *view,
			      const struct efimap_text_options *options,
			      struct efimap_out *out);

/** efimap_decoded_write_json() - an efimap-decoded document */
int efimap_decoded_write_json(const struct efimap_decoded_view *view,
			      struct efimap_out *out);

#endif
