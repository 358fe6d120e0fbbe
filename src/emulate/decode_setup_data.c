/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A chain of setup_data nodes (arch/x86/include/uapi/asm/setup_data.h), followed within
 * the bytes that there are. It must not touch a payload that is not SETUP_EFI: a chain
 * that leads into one ends there, or a secret would come out as a node.
 */
#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/mem.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

struct chain {
	struct decoder *decoder;
	uint8_t *seen;
	uint8_t *taken;
	uint64_t end;
	uint64_t n_efi;
	bool is_over;
};

/* Sets a bit and says whether it was set. */
static bool was_set(uint8_t *bits, size_t offset)
{
	uint8_t *byte = &bits[offset / 8];
	const uint8_t bit = (uint8_t)(1U << offset % 8);
	const bool was = *byte & bit;

	*byte |= bit;
	return was;
}

/* A bit for each byte at which a node has begun. */
static bool is_seen(struct chain *chain, size_t offset)
{
	return was_set(chain->seen, offset);
}

/*
 * A bit for each byte of a node. False at the first that another node has, which ends
 * the chain: so no byte is taken twice, however many nodes there are.
 */
static bool take_bytes(struct chain *chain, size_t offset, uint64_t count, size_t *ret_met)
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
	return decode_odd(chain->decoder, EFIMAP_ODD_SETUP_OVERLAP, offset,
			  chain->decoder->options->base + met);
}

static int take_efi(struct chain *chain, struct efimap_setup_data *node,
		    uint64_t available)
{
	const size_t payload = (size_t)node->offset + EFIMAP_SETUP_DATA_HEADER;
	const uint64_t len = node->len < available ? node->len : available;
	int ret = 0;

	if (chain->n_efi)
		ret = decode_odd(chain->decoder, EFIMAP_ODD_SETUP_EFI_DUP, node->offset,
				 chain->n_efi);
	chain->n_efi++;
	if (node->len != EFIMAP_EFI_PAYLOAD_SIZE && ret == 0)
		ret = decode_odd(chain->decoder, EFIMAP_ODD_SETUP_EFI_LEN,
				 node->offset + 12, node->len);
	if (ret || len < EFIMAP_EFI_PAYLOAD_FIELDS)
		return ret;
	node->has_payload = true;
	return decode_payload(chain->decoder, payload, (size_t)len, &node->payload);
}

static int add_node(struct chain *chain, const struct efimap_setup_data *node)
{
	struct decoder *decoder = chain->decoder;
	struct efimap_decoded *decoded = decoder->decoded;
	int ret;

	if (decoded->n_nodes == EFIMAP_DECODE_MAX_NODES)
		return efimap_err_at_offset(
			decoder->err, E2BIG, decoder->where, node->offset,
			"more than %u nodes in the chain", EFIMAP_DECODE_MAX_NODES);
	ret = efimap_array_reserve(&decoded->nodes, decoded->n_nodes,
				   &decoded->capacity[0], sizeof(*decoded->nodes));
	if (ret)
		return efimap_err_set(decoder->err, -ret, decoder->where,
				      "out of memory");
	decoded->nodes[decoded->n_nodes++] = *node;
	return 0;
}

static int take_node(struct chain *chain, size_t offset, uint64_t *ret_next)
{
	struct decoder *decoder = chain->decoder;
	struct efimap_cursor cursor = { .data = decoder->data, .size = decoder->size };
	struct efimap_setup_data node = { .offset = offset };
	uint64_t available, used;
	size_t met = 0;
	int ret = 0;

	efimap_cursor_seek(&cursor, offset);
	node.next = efimap_cursor_u64(&cursor);
	node.type = efimap_cursor_u32(&cursor);
	node.len = efimap_cursor_u32(&cursor);
	if (cursor.bad)
		return efimap_err_at_offset(
			decoder->err, EBADMSG, decoder->where, decoder->size,
			"setup_data node at byte 0x%zx ends after %zu of "
			"16 bytes of its header",
			offset, decoder->size - offset);
	if (!take_bytes(chain, offset, EFIMAP_SETUP_DATA_HEADER, &met))
		return fail_overlap(chain, offset, met);
	available = decoder->size - cursor.pos;
	used = node.len < available ? node.len : available;
	chain->end = cursor.pos + used > chain->end ? cursor.pos + used : chain->end;
	/* What lies behind the 96 bytes is not shown: a length that is too large hides none. */
	if (node.type == EFIMAP_SETUP_EFI && used > EFIMAP_EFI_PAYLOAD_SIZE)
		used = EFIMAP_EFI_PAYLOAD_SIZE;
	if (!take_bytes(chain, cursor.pos, used, &met)) {
		ret = fail_overlap(chain, offset, met);
		if (ret || node.type == EFIMAP_SETUP_EFI)
			return ret;
	}
	if (node.len > available)
		ret = decode_odd(decoder, EFIMAP_ODD_SETUP_TRUNCATED, offset + 12,
				 node.len - available);
	if (ret == 0 && node.type == EFIMAP_SETUP_EFI)
		ret = take_efi(chain, &node, available);
	*ret_next = node.next;
	return ret ? ret : add_node(chain, &node);
}

/* From a physical address to an offset; false when it lies outside. */
static bool find_offset(const struct decoder *decoder, uint64_t address,
			size_t *ret_offset)
{
	const uint64_t base = decoder->options->base;

	if (address < base || address - base >= decoder->size)
		return false;
	*ret_offset = (size_t)(address - base);
	return true;
}

static int follow(struct chain *chain)
{
	struct decoder *decoder = chain->decoder;
	size_t offset = 0;
	uint64_t next = 0;
	int ret;

	for (;;) {
		const size_t at = offset;

		is_seen(chain, at);
		ret = take_node(chain, at, &next);
		if (ret || next == 0 || chain->is_over)
			return ret;
		if (!find_offset(decoder, next, &offset))
			return decode_odd(decoder, EFIMAP_ODD_SETUP_OUTSIDE, at, next);
		if (is_seen(chain, offset))
			return decode_odd(decoder, EFIMAP_ODD_SETUP_LOOP, at, next);
	}
}

int decode_setup_data(struct decoder *decoder)
{
	efimap_auto_free uint8_t *seen = calloc(1, decoder->size / 8 + 1);
	efimap_auto_free uint8_t *taken = calloc(1, decoder->size / 8 + 1);
	struct chain chain = { .decoder = decoder, .seen = seen, .taken = taken };
	int ret;

	if (!seen || !taken)
		return efimap_err_set(decoder->err, ENOMEM, decoder->where,
				      "out of memory");
	ret = follow(&chain);
	if (ret || chain.end >= decoder->size)
		return ret;
	return decode_odd(decoder, EFIMAP_ODD_TRAILING, chain.end,
			  decoder->size - chain.end);
}
