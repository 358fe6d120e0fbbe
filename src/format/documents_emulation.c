/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The JSON documents of what emulation says: translations, predictions, page tables and
 * decoded binaries. Must not know how any of it is computed.
 */
#include "base/cleanup.h"
#include "emulate/handover.h"
#include "format/decoded.h"
#include "format/documents.h"
#include "format/dump.h"
#include "format/emulation.h"

/* The names of enums, by number */
FIELD_WORDS(blob)
FIELD_WORDS(layout_order)
FIELD_WORDS(pagetable_mode)
FIELD_WORDS(reach)
#define WORD(what, last) .word = what##_word, .n_words = (last) + 1

/* --- translate --- */

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
	{ "offset", "of the address in the entry, in bytes", FIELD_HEX, .get = get_hit_offset },
	{ "address", "what it translates to; null when that lies above 2^64 - 1", FIELD_HEX,
	  FIELD_NULL, .get = get_hit_address },
	{ "predicted", "only where the map comes from a kernel's log: true when the virtual "
	  "address of the entry was computed, false when it is not known", FIELD_BOOL,
	  FIELD_OMIT, .get = get_hit_predicted },
};
static const struct fields hit_fields = { FIELDS("hit", hit_rows) };

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
	{ "more", "more entries cover it than are listed", FIELD_BOOL,
	  FIELD_AT(struct efimap_answer, more) },
	{ "disagrees", "entries translate it differently, or what it translates to leads back "
	  "elsewhere", FIELD_BOOL, FIELD_AT(struct efimap_answer, disagrees) },
};
static const struct fields found_fields = { FIELDS("found", found_rows) };

static const struct field answer_rows[] = {
	{ "hits", "entries that cover the address, by ascending start", FIELD_OBJECT,
	  FIELD_LIST, .get = get_hit, .of = &hit_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct translated_answer, answer), .of = &found_fields },
};
static const struct fields answer_fields = { FIELDS("answer", answer_rows) };

static bool get_to_virt(const void *record, size_t at, struct field_value *ret_value)
{
	const struct translated *row = record;
	const struct translated_answer answer = { row->map, row->to_virt };

	document_set_record(ret_value, &answer, sizeof(answer));
	return true;
}

static bool get_to_phys(const void *record, size_t at, struct field_value *ret_value)
{
	const struct translated *row = record;
	const struct translated_answer answer = { row->map, row->to_phys };

	document_set_record(ret_value, &answer, sizeof(answer));
	return true;
}

static const struct field translated_rows[] = {
	{ "address", "as it was given", FIELD_HEX, FIELD_AT(struct translated, address) },
	{ "to_virtual", "taken as a physical address", FIELD_OBJECT, .get = get_to_virt,
	  .of = &answer_fields },
	{ "to_physical", "taken as a virtual address", FIELD_OBJECT, .get = get_to_phys,
	  .of = &answer_fields },
};
const struct fields translated_fields = { FIELDS("translated", translated_rows) };

/* Never asked for: addresses are written as they come. */
static bool get_no_address(const void *record, size_t at, struct field_value *ret_value)
{
	return false;
}

static const struct field translation_rows[] = {
	{ "addresses", "in the order in which they were given", FIELD_OBJECT, FIELD_LIST,
	  .get = get_no_address, .of = &translated_fields },
};
static const struct fields translation_fields = { FIELDS("translation", translation_rows) };
const struct document document_translation = {
	"efimap-translation", "Addresses through one runtime map, as efimapctl translate --json "
	"writes it.", SOURCE_NAMED, &translation_fields,
};

/* --- predict --- */

struct predicted {
	const struct efimap_entry *entry;
	const struct efimap_layout *layout;
	const struct efimap_layout_row *row;
};

FIELD_GET(get_predicted_virt, struct predicted, number, row->entry->virt,
	  row->layout->has_virt)
FIELD_GET(get_predicted, struct predicted, number, row->row->predicted,
	  row->row->kind == EFIMAP_LAYOUT_EXACT)
FIELD_GET(get_bound, struct predicted, number,
	  row->row->bound,
	  row->row->kind == EFIMAP_LAYOUT_EXACT || row->row->kind == EFIMAP_LAYOUT_BOUND)
FIELD_GET(get_possible, struct predicted, number,
	  !row->layout->has_virt || efimap_layout_row_admits(row->row, row->entry),
	  true)

static const struct field predicted_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct predicted, entry),
	  .of = &efimap_entry_fields, .of_parts = ENTRY_PLACE },
	{ "virt_addr", "virtual start; null where the source does not tell (a kernel log)",
	  FIELD_HEX, FIELD_NULL, .get = get_predicted_virt },
	{ "predicted", "what the algorithm yields; null where only a bound is known, or nothing",
	  FIELD_HEX, FIELD_NULL, .get = get_predicted },
	{ "bound", "the highest that it can yield; null where the window has no room left, or "
	  "the kernel does not map it", FIELD_HEX, FIELD_NULL, .get = get_bound },
	{ "possible", "the algorithm can have yielded virt_addr", FIELD_BOOL,
	  .get = get_possible },
};
static const struct fields predicted_fields = { FIELDS("predicted", predicted_rows) };

struct prediction_document {
	const struct efimap *map;
	const struct efimap_layout *layout;
	const struct efimap_report *report;
};

FIELD_GET(get_order, struct prediction_document, number, row->layout->order, true)

static bool get_prediction(const void *record, size_t at, struct field_value *ret_value)
{
	const struct prediction_document *document = record;
	const struct predicted predicted = { &document->map->entries[at], document->layout,
					     &document->layout->rows[at] };

	document_set_record(ret_value, &predicted, sizeof(predicted));
	return at < document->layout->n_rows;
}

static const struct field prediction_rows[] = {
	{ "order", "how physical addresses run along the walk in which the kernel gave virtual "
	  "ones", FIELD_WORD, .get = get_order, WORD(layout_order, EFIMAP_LAYOUT_ASCENDING) },
	{ "entries", "by index", FIELD_OBJECT, FIELD_LIST, .get = get_prediction,
	  .of = &predicted_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct prediction_document, report), .of = &efimap_report_fields,
	  .of_parts = REPORT_FINDINGS },
};
static const struct fields prediction_fields = { FIELDS("prediction", prediction_rows) };
const struct document document_prediction = {
	"efimap-prediction", "Every virtual address of a runtime map recomputed, as efimapctl "
	"predict --json writes it.", SOURCE_NAMED, &prediction_fields,
};

int efimap_prediction_write_json(const struct efimap *map,
				 const struct efimap_layout *layout,
				 const struct efimap_report *report,
				 struct efimap_out *out)
{
	const struct prediction_document document = { map, layout, report };

	return json_put_document(&document_prediction, map->name, false, &document, out);
}

/* --- pagetable --- */

FIELD_GET(get_table_bytes, struct efimap_pagetable, number,
	  row->n_pages * EFIMAP_PAGE_SIZE,
	  true)

#define TABLE(member) FIELD_AT(struct efimap_pagetable, member)
static const struct field leaves_rows[] = {
	{ "4k", "of 4 KiB", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_4K]) },
	{ "2m", "of 2 MiB", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_2M]) },
	{ "1g", "of 1 GiB", FIELD_NUMBER, TABLE(leaves[EFIMAP_LEAF_1G]) },
};
static const struct fields leaves_fields = { FIELDS("leaves", leaves_rows) };

static const struct field table_rows[] = {
	{ "base", "physical address of the first table", FIELD_HEX, TABLE(base) },
	{ "pages", "tables of 4096 bytes", FIELD_NUMBER, TABLE(n_pages) },
	{ "bytes", "the same in bytes", FIELD_NUMBER, .get = get_table_bytes },
	{ "leaves", "leaves of each size", FIELD_OBJECT, .of = &leaves_fields },
};
static const struct fields table_fields = { FIELDS("table", table_rows) };

/* Of either list: the other pointer is NULL. */
struct pagetable_row {
	const struct efimap *map;
	const struct efimap_pointer *pointer;
	const struct efimap_pagetable_skip *skip;
};

static bool get_row_index(const void *record, size_t at, struct field_value *ret_value)
{
	const struct pagetable_row *row = record;
	const size_t position = row->pointer ? row->pointer->position : row->skip->position;

	if (position == EFIMAP_NO_POSITION)
		return false;
	ret_value->number = row->map->entries[position].index;
	return true;
}

#define POINTER(member) FIELD_AT(struct efimap_pointer, member)
static const struct field pointer_value_rows[] = {
	{ "name", "systab, fw_vendor, runtime, config_table, SMBIOS or SMBIOS3", FIELD_TEXT,
	  POINTER(name) },
	{ "value", "as the source has it", FIELD_HEX, POINTER(value) },
	{ "reach", "physical and in an entry; physical, but in none; virtual already, so that it "
	  "would fault; 0", FIELD_WORD, POINTER(reach), WORD(reach, EFIMAP_REACH_NONE) },
};
static const struct fields pointer_value_fields = {
	FIELDS("pointer_value", pointer_value_rows)
};

static const struct field pointer_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct pagetable_row, pointer),
	  .of = &pointer_value_fields },
	{ "index", "the entry that covers it", FIELD_NUMBER, FIELD_NULL, .get = get_row_index,
	  .max = EFIMAP_NO_INDEX },
};
static const struct fields pointer_fields = { FIELDS("pointer", pointer_rows) };

FIELD_GET(get_skip_mapping, struct pagetable_row, number,
	  row->skip->identity ? EFIMAP_PAGETABLE_IDENTITY : EFIMAP_PAGETABLE_VIRTUAL,
	  true)
FIELD_GET(get_skip_reason, struct pagetable_row, text,
	  efimap_pagetable_reason_text(row->skip->reason),
	  true)

static const struct field left_out_rows[] = {
	{ "index", "the entry", FIELD_NUMBER, FIELD_NULL, .get = get_row_index,
	  .max = EFIMAP_NO_INDEX },
	{ "mapping", "at its physical or at its virtual address", FIELD_WORD,
	  .get = get_skip_mapping, WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL),
	  .min = EFIMAP_PAGETABLE_IDENTITY },
	{ "why", "the reason", FIELD_TEXT, .get = get_skip_reason },
};
static const struct fields left_out_fields = { FIELDS("left_out", left_out_rows) };

static bool get_pointer(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_pagetable_view *view = record;
	const struct pagetable_row row = { view->map, view->pointers + at, NULL };

	document_set_record(ret_value, &row, sizeof(row));
	return at < view->n_pointers;
}

static bool get_left_out(const void *record, size_t at, struct field_value *ret_value)
{
	const struct efimap_pagetable_view *view = record;
	const struct pagetable_row row = { view->map, NULL, view->table->skips + at };

	document_set_record(ret_value, &row, sizeof(row));
	return at < view->table->n_skips;
}

#define PAGETABLE(member) FIELD_AT(struct efimap_pagetable_view, member)
static const struct field pagetable_rows[] = {
	{ "mode", "what is mapped: every region onto itself, every region at its virtual "
	  "address, or what Linux builds", FIELD_WORD, PAGETABLE(mode),
	  WORD(pagetable_mode, EFIMAP_PAGETABLE_VIRTUAL) },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, PAGETABLE(table),
	  .of = &table_fields },
	{ "pointers", "the firmware's pointers: could they be followed in physical mode?",
	  FIELD_OBJECT, FIELD_LIST, .get = get_pointer, .of = &pointer_fields },
	{ "left_out", "mappings that no table can hold", FIELD_OBJECT, FIELD_LIST,
	  .get = get_left_out, .of = &left_out_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, PAGETABLE(report),
	  .of = &efimap_report_fields, .of_parts = REPORT_FINDINGS },
};
static const struct fields pagetable_fields = { FIELDS("pagetable", pagetable_rows) };
const struct document document_pagetable = {
	"efimap-pagetable", "The EFI page table that a runtime map implies, as efimapctl "
	"pagetable --json writes it.", SOURCE_NAMED, &pagetable_fields,
};

int efimap_pagetable_write_json(const struct efimap_pagetable_view *view,
				struct efimap_out *out)
{
	static const struct efimap_report unchecked = { .n_findings = 0 };
	struct efimap_pagetable_view shown = *view;

	if (!shown.report)
		shown.report = &unchecked;
	return json_put_document(&document_pagetable, view->map->name, false, &shown, out);
}

/* --- decode --- */

FIELD_GET(get_setup_type, struct efimap_setup_data, text, setup_type_name(row->type),
	  true)
FIELD_GET(get_setup_payload, struct efimap_setup_data, record, &row->payload,
	  row->has_payload)

#define PAYLOAD_ABOUT "what a setup_data node of type 4 carries"
#define SETUP(member) FIELD_AT(struct efimap_setup_data, member)
static const struct field setup_data_rows[] = {
	{ "offset", "of the node in the file", FIELD_HEX, SETUP(offset) },
	{ "next", "physical address of the next node, 0 for none", FIELD_HEX, SETUP(next) },
	{ "type", "SETUP_*", FIELD_HEX, SETUP(type) },
	{ "type_name", "its name, \"\" for none", FIELD_TEXT, .get = get_setup_type },
	{ "len", "bytes of the payload", FIELD_HEX, SETUP(len) },
	{ "payload", PAYLOAD_ABOUT, FIELD_OBJECT, FIELD_NULL, .get = get_setup_payload,
	  .of = &efimap_efi_payload_fields },
};
static const struct fields setup_data_fields = { FIELDS("setup_data", setup_data_rows) };

struct decoded_node {
	const struct efimap_decoded_view *view;
	const struct efimap_setup_data *node;
};

static bool get_node_bytes(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_node *row = record;

	ret_value->number = payload_size(row->view, row->node);
	ret_value->record = row->view->data + row->node->offset + EFIMAP_SETUP_DATA_HEADER;
	return ret_value->number > 0;
}

static const struct field decoded_node_rows[] = {
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER, FIELD_AT(struct decoded_node, node),
	  .of = &setup_data_fields },
	{ "bytes", "any other payload in hexadecimal, with --all-payloads only; random seeds "
	  "never", FIELD_BYTES, FIELD_NULL, .get = get_node_bytes },
};
static const struct fields decoded_node_fields = {
	FIELDS("decoded_node", decoded_node_rows)
};

/* @dump: of what it holds as a runtime map has it */
struct decoded_document {
	const struct efimap_decoded_view *view;
	const struct efimap_decoded *decoded;
	const struct efimap_report *report;
	struct dump_view *dump;
};

static bool is_decoded_as(const void *record, enum efimap_blob kind)
{
	const struct decoded_document *document = record;

	return document->decoded->kind == kind;
}

FIELD_GET(get_kind, struct decoded_document, number, row->decoded->kind, true)
FIELD_GET(get_desc_size, struct decoded_document, number, row->decoded->desc_size,
	  row->decoded->kind == EFIMAP_BLOB_EFI_MEMMAP)

static bool get_decoded_entry(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_document *document = record;

	if (at == FIELD_WHOLE)
		return is_decoded_as(record, EFIMAP_BLOB_EFI_MEMMAP);
	return dump_get_entry(document->dump, at, ret_value);
}

FIELD_GET(get_decoded_info, struct decoded_document, record,
	  &row->decoded->boot_params.efi_info,
	  row->decoded->kind == EFIMAP_BLOB_BOOT_PARAMS)

static bool get_decoded_node(const void *record, size_t at, struct field_value *ret_value)
{
	const struct decoded_document *document = record;
	struct decoded_node row = { document->view, NULL };

	if (at == FIELD_WHOLE)
		return is_decoded_as(record, EFIMAP_BLOB_SETUP_DATA);
	row.node = document->decoded->nodes + at;
	document_set_record(ret_value, &row, sizeof(row));
	return at < document->decoded->n_nodes;
}

FIELD_GET(get_decoded_payload, struct decoded_document, record, &row->decoded->payload,
	  row->decoded->kind == EFIMAP_BLOB_EFI_PAYLOAD)

static const struct field decoded_rows[] = {
	{ "kind", "what it is", FIELD_WORD, .get = get_kind,
	  WORD(blob, EFIMAP_BLOB_BOOT_PARAMS), .min = EFIMAP_BLOB_SETUP_DATA },
	{ "desc_size", "bytes of a descriptor; null for other kinds than efi-memmap", FIELD_HEX,
	  FIELD_NULL, .get = get_desc_size },
	{ "entries", "the descriptors; null for other kinds than efi-memmap", FIELD_OBJECT,
	  FIELD_LIST | FIELD_NULL, .get = get_decoded_entry, .of = &dump_entry_fields },
	{ "efi_info", "boot_params.efi_info; null for other kinds", FIELD_OBJECT, FIELD_NULL,
	  .get = get_decoded_info, .of = &efimap_efi_info_fields },
	{ "setup_data", "the nodes in the order of the chain; null for other kinds",
	  FIELD_OBJECT, FIELD_LIST | FIELD_NULL, .get = get_decoded_node,
	  .of = &decoded_node_fields },
	{ "payload", PAYLOAD_ABOUT, FIELD_OBJECT, FIELD_NULL, .get = get_decoded_payload,
	  .of = &efimap_efi_payload_fields },
	{ .kind = FIELD_INLINE, .flags = FIELD_POINTER,
	  FIELD_AT(struct decoded_document, report), .of = &efimap_report_fields,
	  .of_parts = REPORT_FINDINGS },
};
static const struct fields decoded_fields = { FIELDS("decoded", decoded_rows) };
const struct document document_decoded = {
	"efimap-decoded", "What a binary of the hand-over holds, as efimapctl decode --json "
	"writes it.", "FILE as it was named", &decoded_fields,
};

int efimap_decoded_write_json(const struct efimap_decoded_view *view, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	struct dump_view dump = { 0 };
	const struct decoded_document document = { view, view->decoded, view->report, &dump };
	int ret = decoded_map(view, &map);

	if (ret == 0)
		ret = dump_view_open(map, view->report, false, &dump);
	if (ret == 0)
		ret = json_put_document(&document_decoded, view->name, false, &document, out);
	dump_view_close(&dump);
	return ret;
}
