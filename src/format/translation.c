/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-translation document, and the same for people and scripts: a line for each
 * entry that covers an address. Written address by address, so that a pipe can wait for
 * each answer. Must not know how addresses are found.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "format/emulation.h"
#include "format/documents.h"

struct efimap_translation {
	const struct efimap *map;
	struct efimap_out *out;
	bool is_json;
	struct json json;
};

int efimap_translation_new(const struct efimap *map, bool json, struct efimap_out *out,
			   struct efimap_translation **ret_translation)
{
	struct efimap_translation *translation = calloc(1, sizeof(*translation));

	if (!translation)
		return -ENOMEM;
	translation->map = map;
	translation->out = out;
	translation->is_json = json;
	if (json) {
		json_begin(&translation->json, document_translation.name, map->name, false,
			   out);
		json_open_array(&translation->json, "addresses");
	}
	*ret_translation = translation;
	return 0;
}

/* "0x3f5ec018 -> 0xfffffffeff1ec018  physical to virtual, entry 2 (RuntimeCode) + 0x18" */
static void put_line(const struct efimap_translation *translation, uint64_t address,
		     const char *what, const struct efimap_answer *answer,
		     const struct efimap_hit *hit)
{
	const struct efimap_entry *entry = &translation->map->entries[hit->position];
	struct efimap_out *out = translation->out;
	char type[EFIMAP_TYPE_NAME_SIZE];

	efimap_out_hex(out, address);
	efimap_out_puts(out, " -> ");
	if (hit->wraps || hit->unknown)
		efimap_out_putc(out, '-');
	else
		efimap_out_hex(out, hit->address);
	efimap_out_printf(out, "  %s, entry %" PRIu32 " (%s) + 0x%" PRIx64, what,
			  entry->index, efimap_type_name(entry->type, type), hit->offset);
	if (hit->wraps)
		efimap_out_puts(out, ", above 2^64 - 1");
	if (hit->unknown)
		efimap_out_puts(out, ", whose virtual address is not known");
	else if (entry->virt_from == EFIMAP_VIRT_PREDICTED)
		efimap_out_puts(out, ", virtual address predicted");
	if (answer->disagrees)
		efimap_out_puts(out, "; the two directions disagree: entries overlap");
	efimap_out_putc(out, '\n');
}

static void put_lines(const struct efimap_translation *translation, uint64_t address,
		      const char *what, const struct efimap_answer *answer)
{
	for (size_t i = 0; i < answer->n_hits; i++)
		put_line(translation, address, what, answer, &answer->hits[i]);
	if (!answer->more)
		return;
	efimap_out_hex(translation->out, address);
	efimap_out_printf(translation->out, " -> -  %s, and more entries than the %d listed\n",
			  what, EFIMAP_TRANSLATE_MAX);
}

void efimap_translation_add(struct efimap_translation *translation, uint64_t address,
			    const struct efimap_answer *to_virt,
			    const struct efimap_answer *to_phys)
{
	const struct translated row = { translation->map, address, to_virt, to_phys };

	if (translation->is_json) {
		json_put_record(&translation->json, &translated_fields, 0, &row);
		return;
	}
	put_lines(translation, address, "physical to virtual", to_virt);
	put_lines(translation, address, "virtual to physical", to_phys);
	if (to_virt->n_hits || to_phys->n_hits)
		return;
	efimap_out_hex(translation->out, address);
	efimap_out_puts(translation->out, " -> -  in no entry\n");
}

int efimap_translation_end(struct efimap_translation *translation)
{
	int ret;

	if (translation->is_json) {
		json_close(&translation->json);
		json_end(&translation->json);
	}
	ret = translation->out->error;
	free(translation);
	return ret;
}
