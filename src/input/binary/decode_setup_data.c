/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Detect the kind of a binary, and decode it. The payload of a setup_data node other than SETUP_EFI
 * may be a secret. Such a payload is not read, and a next pointer into the payload ends the chain.
 * A bare SETUP_EFI payload or EFI memory map has no magic number, so an option must select it.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/cleanup.h"
#include "base/little_endian_reader.h"
#include "capture/boot_params.h"
#include "input/binary/decode_setup_data.h"
#include "input/source_limits.h"

#define MAX_BYTES ((size_t)256 << 20)
#define MAX_NODES 65536U
/*
 * Highest setup_data type that is detected. The current types (Documentation/arch/x86/boot.rst:
 * SETUP_E820_EXT to SETUP_KEXEC_KHO) are lower.
 */
#define SETUP_TYPE_LAST 16
#define SETUP_INDIRECT UINT32_C(0x80000000)
#define SETUP_INDIRECT_LEN 24
#define SETUP_RNG_SEED 9
#define DESC_SIZE_GUESS_MAX 128U

static uint32_t u32_at(const uint8_t *data, size_t size, size_t offset)
{
	struct efimap_le_reader cursor = { .data = data, .size = size };

	efimap_le_reader_seek(&cursor, offset);
	return efimap_le_reader_u32(&cursor);
}

/* Accept the boot flag 0x0055 too, because kexec-tools overwrites its upper byte with 0. */
static bool has_setup_header(const uint8_t *data, size_t size)
{
	const uint32_t flag = u32_at(data, size, EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG) & 0xffff;

	return u32_at(data, size, EFIMAP_BOOT_PARAMS_AT_HEADER) == EFIMAP_BOOT_PARAMS_HEADER &&
	       (flag == 0xaa55 || flag == 0x0055);
}

/* Detect efi_info, which the EFI stub fills even if it leaves the setup header empty. */
static bool has_efi_info(const uint8_t *data, size_t size)
{
	const size_t info = EFIMAP_BOOT_PARAMS_AT_EFI_INFO;

	return size >= info + EFIMAP_EFI_INFO_BYTES &&
	       (memcmp(data + info, "EL64", 4) == 0 || memcmp(data + info, "EL32", 4) == 0) &&
	       u32_at(data, size, info + 12) == 1;
}

static bool is_setup_data(const uint8_t *data, size_t size)
{
	const uint32_t type = u32_at(data, size, 8);

	if (size < EFIMAP_SETUP_DATA_HEADER)
		return false;
	if (type & SETUP_INDIRECT)
		return type <= (SETUP_INDIRECT | SETUP_TYPE_LAST) &&
		       u32_at(data, size, 12) == SETUP_INDIRECT_LEN;
	return type >= 1 && type <= SETUP_TYPE_LAST;
}

static bool is_plausible(const struct efimap_entry *entry)
{
	return (entry->type < EFIMAP_TYPE_FIRST_UNDEFINED ||
		entry->type >= EFIMAP_TYPE_OEM_FIRST) &&
	       entry->phys % EFIMAP_PAGE_SIZE == 0 &&
	       entry->virt % EFIMAP_PAGE_SIZE == 0 && entry->pages > 0 &&
	       entry->pages <= EFIMAP_PHYS_LIMIT / EFIMAP_PAGE_SIZE &&
	       entry->attribute != 0 && efimap_attr_unknown(entry->attribute) == 0;
}

static bool is_memmap_of(const uint8_t *data, size_t size, size_t desc_size)
{
	struct efimap_le_reader cursor = { .data = data, .size = size };
	const size_t count = size / desc_size;
	size_t plausible = 0;

	if (size % desc_size)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct efimap_entry entry;

		efimap_le_reader_seek(&cursor, i * desc_size);
		entry = efimap_descriptor_decode(&cursor, 0);
		plausible += is_plausible(&entry);
	}
	return plausible > 0 && plausible >= count - count / 4;
}

static uint32_t guess_desc_size(const uint8_t *data, size_t size)
{
	for (uint32_t desc = EFIMAP_DESC_SIZE; desc <= DESC_SIZE_GUESS_MAX; desc += 8)
		if (is_memmap_of(data, size, desc))
			return desc;
	return EFIMAP_DESC_SIZE;
}

enum efimap_binary_kind efimap_binary_recognise(const uint8_t *data, size_t size)
{
	/* Detect a SETUP_RNG_SEED node by its type alone, so that no option reveals a seed. */
	if (size >= EFIMAP_SETUP_DATA_HEADER &&
	    (u32_at(data, size, 8) & ~SETUP_INDIRECT) == SETUP_RNG_SEED)
		return EFIMAP_BINARY_SETUP_DATA;
	/* A bzImage has the same header at the same offset, but is longer than boot_params. */
	if (size <= EFIMAP_BOOT_PARAMS_BYTES &&
	    (has_setup_header(data, size) || has_efi_info(data, size)))
		return EFIMAP_BINARY_BOOT_PARAMS;
	return is_setup_data(data, size) ? EFIMAP_BINARY_SETUP_DATA : EFIMAP_BINARY_UNKNOWN;
}

struct decoder {
	const uint8_t *data;
	size_t size;
	const char *where;
	const struct efimap_binary_options *options;
	struct efimap *map;
	struct efimap_binary *binary;
	struct efimap_err *err;
};

static int add_problem(struct decoder *decoder, enum efimap_binary_problem_kind kind,
		       uint64_t offset, uint64_t value)
{
	struct efimap_binary *binary = decoder->binary;
	const struct efimap_binary_problem problem = { kind, offset, value };

	return efimap_array_append(&binary->problems, &binary->n_problems,
				   &binary->capacity[1], &problem, sizeof(problem));
}

static int report_trailing(struct decoder *decoder, uint64_t end)
{
	if (decoder->size <= end)
		return 0;
	return add_problem(decoder, EFIMAP_PROBLEM_TRAILING, end, decoder->size - end);
}

static int add_node(struct decoder *decoder, struct efimap_setup_node *node,
		    const struct efimap_binary_node *place)
{
	struct efimap_binary *binary = decoder->binary;
	const uint64_t left = decoder->size - place->payload_at;
	const uint64_t there = node->len < left ? node->len : left;
	int ret;

	node->index = (uint32_t)binary->n_nodes;
	if (node->type == EFIMAP_SETUP_EFI) {
		node->payload_size = there < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)there :
								       EFIMAP_EFI_PAYLOAD_SIZE;
		memcpy(node->payload, decoder->data + place->payload_at, node->payload_size);
	}
	ret = efimap_array_append(&binary->nodes, &binary->n_nodes, &binary->capacity[0], place,
				  sizeof(*place));
	return ret ? ret : efimap_add_setup_node(decoder->map, node);
}

/*
 * struct chain - the nodes that have been read
 * @seen:    bitmap of the offsets at which a node begins
 * @taken:   bitmap of the bytes that belong to a node
 * @end:     offset of the first byte after all nodes
 * @is_over: two nodes overlap, so the chain ends
 */
struct chain {
	struct decoder *decoder;
	uint8_t *seen;
	uint8_t *taken;
	uint64_t end;
	bool is_over;
};

static bool was_set(uint8_t *bits, size_t offset)
{
	uint8_t *byte = &bits[offset / 8];
	const uint8_t bit = (uint8_t)(1U << offset % 8);
	const bool was = *byte & bit;

	*byte |= bit;
	return was;
}

/*
 * Mark bytes as taken, so that no byte is read twice. If a byte already belongs to a node, store
 * its offset in @ret_met and return false.
 */
static bool take_bytes(struct chain *chain, size_t offset, uint64_t count,
		       size_t *ret_met)
{
	for (size_t i = offset; i < offset + (size_t)count; i++)
		if (was_set(chain->taken, i)) {
			*ret_met = i;
			return false;
		}
	return true;
}

static int fail_overlap(struct chain *chain, size_t offset, size_t met)
{
	chain->is_over = true;
	return add_problem(chain->decoder, EFIMAP_PROBLEM_SETUP_OVERLAP, offset,
			   chain->decoder->options->base + met);
}

static int decode_node(struct chain *chain, size_t offset, uint64_t *ret_next)
{
	struct decoder *decoder = chain->decoder;
	struct efimap_le_reader cursor = { .data = decoder->data, .size = decoder->size };
	struct efimap_binary_node place = { .offset = offset };
	struct efimap_setup_node node = { 0 };
	uint64_t available, used;
	size_t met = 0;
	int ret = 0;

	efimap_le_reader_seek(&cursor, offset);
	place.next = efimap_le_reader_u64(&cursor);
	node.type = efimap_le_reader_u32(&cursor);
	node.len = efimap_le_reader_u32(&cursor);
	if (cursor.bad)
		return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where,
					    decoder->size,
					    "the header of the setup_data node at byte "
					    "0x%zx is truncated: the input contains %zu of its "
					    "16 bytes",
					    offset, decoder->size - offset);
	if (!take_bytes(chain, offset, EFIMAP_SETUP_DATA_HEADER, &met))
		return fail_overlap(chain, offset, met);
	place.payload_at = cursor.pos;
	available = decoder->size - cursor.pos;
	used = node.len < available ? node.len : available;
	chain->end = cursor.pos + used > chain->end ? cursor.pos + used : chain->end;
	/*
	 * Only the first 96 bytes of an EFI payload are stored and marked, so that a length that is
	 * too large does not hide other nodes.
	 */
	if (node.type == EFIMAP_SETUP_EFI && used > EFIMAP_EFI_PAYLOAD_SIZE)
		used = EFIMAP_EFI_PAYLOAD_SIZE;
	if (!take_bytes(chain, cursor.pos, used, &met)) {
		ret = fail_overlap(chain, offset, met);
		if (ret || node.type == EFIMAP_SETUP_EFI)
			return ret;
	}
	if (node.len > available)
		ret = add_problem(decoder, EFIMAP_PROBLEM_SETUP_TRUNCATED, offset + 12,
				  node.len - available);
	if (ret)
		return ret;
	if (decoder->binary->n_nodes == MAX_NODES)
		return efimap_err_at_offset(decoder->err, E2BIG, decoder->where, offset,
					    "more than %u nodes in the chain", MAX_NODES);
	*ret_next = place.next;
	return add_node(decoder, &node, &place);
}

static int follow_chain(struct chain *chain)
{
	struct decoder *decoder = chain->decoder;
	const uint64_t base = decoder->options->base;
	size_t from = 0, offset = 0;
	uint64_t next = 0;

	while (!was_set(chain->seen, offset)) {
		const int ret = decode_node(chain, offset, &next);

		if (ret || next == 0 || chain->is_over)
			return ret;
		/* A file may contain only the first nodes of a chain. */
		if (next < base || next - base >= decoder->size)
			return 0;
		from = offset;
		offset = (size_t)(next - base);
	}
	return add_problem(decoder, EFIMAP_PROBLEM_SETUP_LOOP, from, next);
}

/* Read a chain whose first node begins at offset 0 (arch/x86/include/uapi/asm/setup_data.h). */
static int decode_setup_data(struct decoder *decoder)
{
	efimap_auto_free uint8_t *seen = calloc(1, decoder->size / 8 + 1);
	efimap_auto_free uint8_t *taken = calloc(1, decoder->size / 8 + 1);
	struct chain chain = { .decoder = decoder, .seen = seen, .taken = taken };
	int ret;

	if (!seen || !taken)
		return -ENOMEM;
	decoder->map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	ret = follow_chain(&chain);
	if (ret)
		return ret;
	return report_trailing(decoder, chain.end);
}

static int fail_truncated(struct decoder *decoder, const char *what, uint64_t expected)
{
	return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, decoder->size,
				    "the %s is truncated: the input contains %zu of its %" PRIu64
				    " bytes",
				    what, decoder->size, expected);
}

static int decode_bare_payload(struct decoder *decoder)
{
	struct efimap_setup_node node = { .type = EFIMAP_SETUP_EFI,
					  .len = EFIMAP_EFI_PAYLOAD_SIZE };
	const struct efimap_binary_node place = { 0 };
	int ret;

	if (decoder->size < EFIMAP_EFI_PAYLOAD_SIZE)
		return fail_truncated(decoder, "payload", EFIMAP_EFI_PAYLOAD_SIZE);
	decoder->map->states[EFIMAP_SRC_SETUP_DATA] = EFIMAP_STATE_PRESENT;
	ret = add_node(decoder, &node, &place);
	if (ret)
		return ret;
	return report_trailing(decoder, EFIMAP_EFI_PAYLOAD_SIZE);
}

static int decode_memmap(struct decoder *decoder)
{
	struct efimap_le_reader cursor = { .data = decoder->data, .size = decoder->size };
	struct efimap *map = decoder->map;
	const size_t size = decoder->binary->desc_size;
	const size_t count = decoder->size / size;
	int ret = 0;

	if (count == 0)
		return fail_truncated(decoder, "descriptor", size);
	if (count > EFIMAP_MAX_ENTRIES)
		return efimap_err_at_offset(decoder->err, E2BIG, decoder->where,
					    (uint64_t)EFIMAP_MAX_ENTRIES * size,
					    "more than %u descriptors", EFIMAP_MAX_ENTRIES);
	for (size_t i = 0; i < count && ret == 0; i++) {
		struct efimap_entry entry;

		efimap_le_reader_seek(&cursor, i * size);
		entry = efimap_descriptor_decode(&cursor, (uint32_t)i);
		ret = efimap_add_entry(map, &entry);
		if (ret == 0)
			ret = efimap_add_name(map, entry.index);
	}
	map->states[EFIMAP_SRC_EFI] = map->states[EFIMAP_SRC_RUNTIME_MAP] = EFIMAP_STATE_PRESENT;
	return ret ? ret : report_trailing(decoder, count * size);
}

static int decode_boot_params(struct decoder *decoder)
{
	if (decoder->size < EFIMAP_BOOT_PARAMS_BYTES)
		return fail_truncated(decoder, "boot_params structure", EFIMAP_BOOT_PARAMS_BYTES);
	efimap_boot_params_decode(decoder->data, &decoder->map->boot_params);
	decoder->map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	return report_trailing(decoder, EFIMAP_BOOT_PARAMS_BYTES);
}

/*
 * Refuse to read a node as another kind, because its payload, which can be a key or a seed, would
 * be shown as numbers.
 */
static int refuse_node(const struct decoder *decoder)
{
	return efimap_err_at_offset(
		decoder->err, EBADMSG, decoder->where, 8,
		"a setup_data node of type %" PRIu32
		"; omit --as, because decoding it as another kind would show its payload, which "
		"can contain secrets",
		u32_at(decoder->data, decoder->size, 8));
}

static int choose_kind(struct decoder *decoder)
{
	const struct efimap_binary_options *options = decoder->options;
	struct efimap_binary *binary = decoder->binary;
	enum efimap_binary_kind found = efimap_binary_recognise(decoder->data, decoder->size);

	if (found == EFIMAP_BINARY_SETUP_DATA && options->as && options->as != found)
		return refuse_node(decoder);
	if (found == EFIMAP_BINARY_UNKNOWN && options->desc_size)
		found = EFIMAP_BINARY_EFI_MEMMAP;
	binary->kind = options->as ? options->as : found;
	if (binary->kind == EFIMAP_BINARY_UNKNOWN)
		return efimap_err_at_offset(
			decoder->err, EBADMSG, decoder->where, 0,
			"%zu bytes that are neither a setup_data node nor a boot_params structure; "
			"for an EFI memory map or a SETUP_EFI payload, use --as=efi-memmap or "
			"--as=efi-payload",
			decoder->size);
	if (binary->kind == EFIMAP_BINARY_EFI_MEMMAP)
		binary->desc_size = options->desc_size ?
					    (uint32_t)options->desc_size :
					    guess_desc_size(decoder->data, decoder->size);
	return 0;
}

static int decode_all(struct decoder *decoder)
{
	static int (*const decode[])(struct decoder *decoder) = {
		[EFIMAP_BINARY_SETUP_DATA] = decode_setup_data,
		[EFIMAP_BINARY_EFI_PAYLOAD] = decode_bare_payload,
		[EFIMAP_BINARY_EFI_MEMMAP] = decode_memmap,
		[EFIMAP_BINARY_BOOT_PARAMS] = decode_boot_params,
	};
	int ret = choose_kind(decoder);

	return ret ? ret : decode[decoder->binary->kind](decoder);
}

int efimap_binary_decode(const uint8_t *data, size_t size, const char *name,
			 const struct efimap_binary_options *options, struct efimap **ret_map,
			 struct efimap_err *err)
{
	efimap_auto_map struct efimap *map = NULL;
	struct decoder decoder = {
		.data = data,
		.size = size,
		.where = strcmp(name, "-") == 0 ? "standard input" : name,
		.options = options,
		.err = err,
	};
	int ret = efimap_new(name, EFIMAP_ORIGIN_BINARY, &map);

	if (ret == 0) {
		map->binary = calloc(1, sizeof(*map->binary));
		ret = map->binary ? 0 : -ENOMEM;
	}
	if (ret == 0) {
		decoder.map = map;
		decoder.binary = map->binary;
		ret = decode_all(&decoder);
	}
	if (ret)
		return ret == -ENOMEM ? efimap_err_set(err, ENOMEM, name, "out of memory") : ret;
	efimap_seal(map);
	*ret_map = efimap_steal(map);
	return 0;
}


bool efimap_input_is_binary(const struct efimap_input *input)
{
	return efimap_binary_recognise((const uint8_t *)input->data, input->len) !=
	       EFIMAP_BINARY_UNKNOWN;
}

int efimap_read_input_binary(const char *name, struct efimap_input *input,
			     struct efimap **ret_map, struct efimap_err *err)
{
	static const struct efimap_binary_options recognised = { .as = EFIMAP_BINARY_UNKNOWN };
	const int ret = efimap_input_read_all(input, MAX_BYTES, err);

	if (ret)
		return ret;
	/*
	 * Detect the kind of the complete file, because the head of a longer file, such as a kernel
	 * image, can look like boot_params.
	 */
	if (!efimap_input_is_binary(input))
		return efimap_err_set(
			err, EBADMSG, input->name,
			"begins like a boot_params structure, but is longer than %d bytes; for a "
			"kernel image, use efimapctl verify --kernel=IMAGE; to ignore the "
			"remaining bytes, use --as=boot-params",
			EFIMAP_BOOT_PARAMS_BYTES);
	return efimap_binary_decode((const uint8_t *)input->data, input->len, name, &recognised,
				    ret_map, err);
}

int efimap_read_binary(const char *source, const struct efimap_binary_options *options,
		       struct efimap **ret_map, struct efimap_err *err)
{
	efimap_auto_input struct efimap_input input = EFIMAP_INPUT_INIT;
	int ret = efimap_input_open(source, &input, err);

	if (ret == 0)
		ret = efimap_input_read_all(&input, MAX_BYTES, err);
	if (ret == 0)
		ret = efimap_binary_decode((const uint8_t *)input.data, input.len, source,
					   options, ret_map, err);
	return ret ? efimap_err_set(err, -ret, source, "%s", strerror(-ret)) : 0;
}
