/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The efimap-translation document, and the same for people and scripts: a line for each
 * entry that covers an address. Written address by address, so that a pipe can wait for
 * each answer. Must not know how addresses are found.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "format/documents.h"
#include "format/emulation.h"

/* --- the document --- */

struct translated_hit {
	const struct efimap_entry *entry;
	const struct efimap_hit *hit;
};

FIELD_GET(get_hit_offset, struct translated_hit, number, row->hit->offset, true)
FIELD_GET(get_hit_address, struct translated_hit, number, row->hit->address,
	  !row->hit->wraps && !row->hit->unknown)
FIELD_GET(get_hit_predicted, struct translated_hit, number, !row->hit->unknown,
	  row->entry->virt_from != EFIMAP_VIRT_READ)

static const struct field hit_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct translated_hit, entry),
	  .of = &efimap_entry_fields, .of_parts = ENTRY_TYPE },
	{ "offset", ABOUT("of the address in the entry, in bytes"), FIELD_HEX,
	  .get = get_hit_offset },
	{ "address", ABOUT("what it translates to; null when that lies above 2^64 - 1"),
	  FIELD_HEX, FIELD_NULL, .get = get_hit_address },
	{ "predicted", ABOUT("only where the map comes from a kernel's log: true when the "
	  "virtual address of the entry was computed, false when it is not known"), FIELD_BOOL,
	  FIELD_OMIT, .get = get_hit_predicted },
};
static const struct fields hit_fields = { FIELDS("hit", hit_rows) };

/* The answer for an address, taken as a physical or as a virtual one */
struct translated_answer {
	const struct efimap *map;
	const struct efimap_answer *answer;
};

static bool get_hit(const void *record, size_t at, struct field_value *ret_value)
{
	const struct translated_answer *row = record;
	struct translated_hit hit;

	if (at >= row->answer->n_hits)
		return false;
	hit.hit = &row->answer->hits[at];
	hit.entry = &row->map->entries[hit.hit->position];
	document_set_record(ret_value, &hit, sizeof(hit));
	return true;
}

static const struct field found_rows[] = {
	{ "more", ABOUT("more entries cover it than are listed"), FIELD_BOOL,
	  FIELD_AT(struct efimap_answer, more) },
	{ "disagrees", ABOUT("entries translate it differently, or what it translates to "
	  "leads back elsewhere"), FIELD_BOOL, FIELD_AT(struct efimap_answer, disagrees) },
};
static const struct fields found_fields = { FIELDS("found", found_rows) };

static const struct field answer_rows[] = {
	{ "hits", ABOUT("entries that cover the address, by ascending start"), FIELD_OBJECT,
	  FIELD_LIST, .get = get_hit, .of = &hit_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct translated_answer, answer), .of = &found_fields },
};
static const struct fields answer_fields = { FIELDS("answer", answer_rows) };

struct translated {
	uint64_t address;
	struct translated_answer to_virt;
	struct translated_answer to_phys;
};

#define TRANSLATED(member) FIELD_AT(struct translated, member)
static const struct field translated_rows[] = {
	{ "address", ABOUT("as it was given"), FIELD_HEX, TRANSLATED(address) },
	{ "to_virtual", ABOUT("taken as a physical address"), FIELD_OBJECT, TRANSLATED(to_virt),
	  .of = &answer_fields },
	{ "to_physical", ABOUT("taken as a virtual address"), FIELD_OBJECT, TRANSLATED(to_phys),
	  .of = &answer_fields },
};
static const struct fields translated_fields = { FIELDS("translated", translated_rows) };

/* Never asked for: addresses are written as they come. */
static bool get_no_address(const void *record, size_t at, struct field_value *ret_value)
{
	return false;
}

static const struct field translation_rows[] = {
	{ "addresses", ABOUT("in the order in which they were given"), FIELD_OBJECT, FIELD_LIST,
	  .get = get_no_address, .of = &translated_fields },
};
static const struct fields translation_fields = { FIELDS("translation", translation_rows) };
const struct document document_translation = {
	"efimap-translation",
	ABOUT("Addresses through one runtime map, as efimapctl translate --json "
	      "writes it."),
	ABOUT(SOURCE_NAMED),
	&translation_fields,
};

/* --- one address after the other --- */

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
		json_open_array(&translation->json, "addresses", false);
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
	const struct translated row = {
		.address = address,
		.to_virt = { translation->map, to_virt },
		.to_phys = { translation->map, to_phys },
	};

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
