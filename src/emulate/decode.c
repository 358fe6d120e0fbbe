/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From bytes to what they hold: which kind of binary it is, and the nodes, payload,
 * memory map or boot_params in it. It must not say what is wrong, only what is odd and
 * where. It must not touch a payload that is not SETUP_EFI: a chain that leads into one
 * ends there, or a secret would come out as a node.
 *
 * A payload and a memory map have no mark of their own: nothing is taken for one unasked.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/cursor.h"
#include "base/mem.h"
#include "base/names.h"
#include "emulate/decode.h"
#include "emulate/handover.h"

/* Documentation/arch/x86/boot.rst: SETUP_E820_EXT to SETUP_KEXEC_KHO, and later ones. */
#define SETUP_TYPE_LAST 16
#define SETUP_INDIRECT UINT32_C(0x80000000)
#define SETUP_INDIRECT_LEN 24
#define SETUP_RNG_SEED 9
/* Descriptors larger than this must be named by --desc-size. */
#define DESC_SIZE_GUESS_MAX 128U

static const char *const blob_names[] = {
	[EFIMAP_BLOB_UNKNOWN] = "unknown",
	[EFIMAP_BLOB_SETUP_DATA] = "setup-data",
	[EFIMAP_BLOB_EFI_PAYLOAD] = "efi-payload",
	[EFIMAP_BLOB_EFI_MEMMAP] = "efi-memmap",
	[EFIMAP_BLOB_BOOT_PARAMS] = "boot-params",
};
EFIMAP_NAME_OF(blob)

static uint32_t u32_at(const uint8_t *data, size_t size, size_t offset)
{
	struct efimap_cursor cursor = { .data = data, .size = size };

	efimap_cursor_seek(&cursor, offset);
	return efimap_cursor_u32(&cursor);
}

/* The boot flag ends in a zero where kexec-tools has written the bytes. */
static bool has_setup_header(const uint8_t *data, size_t size)
{
	const uint32_t flag = u32_at(data, size, EFIMAP_BOOT_PARAMS_AT_BOOT_FLAG) & 0xffff;

	return u32_at(data, size, EFIMAP_BOOT_PARAMS_AT_HEADER) == EFIMAP_BOOT_PARAMS_HEADER &&
	       (flag == 0xaa55 || flag == 0x0055);
}

/* The kernel's EFI stub leaves the setup header empty, and fills in efi_info. */
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
	struct efimap_cursor cursor = { .data = data, .size = size };
	const size_t count = size / desc_size;
	size_t plausible = 0;

	if (size % desc_size)
		return false;
	for (size_t i = 0; i < count; i++) {
		struct efimap_entry entry;

		efimap_cursor_seek(&cursor, i * desc_size);
		entry = efimap_descriptor_decode(&cursor, 0);
		plausible += is_plausible(&entry);
	}
	return plausible > 0 && plausible >= count - count / 4;
}

/* Descriptors of 40 bytes where none of what loaders pass fits better. */
static uint32_t guess_desc_size(const uint8_t *data, size_t size)
{
	for (uint32_t desc = EFIMAP_DESC_SIZE; desc <= DESC_SIZE_GUESS_MAX; desc += 8)
		if (is_memmap_of(data, size, desc))
			return desc;
	return EFIMAP_DESC_SIZE;
}

enum efimap_blob efimap_decode_recognise(const uint8_t *data, size_t size)
{
	/* A seed is one whatever else is in it, and however long it says that it is. */
	if (size >= EFIMAP_SETUP_DATA_HEADER &&
	    (u32_at(data, size, 8) & ~SETUP_INDIRECT) == SETUP_RNG_SEED)
		return EFIMAP_BLOB_SETUP_DATA;
	/* A bzImage has the same header at the same place, and is longer. */
	if (size <= EFIMAP_BOOT_PARAMS_BYTES &&
	    (has_setup_header(data, size) || has_efi_info(data, size)))
		return EFIMAP_BLOB_BOOT_PARAMS;
	return is_setup_data(data, size) ? EFIMAP_BLOB_SETUP_DATA : EFIMAP_BLOB_UNKNOWN;
}

/* struct decoder - the bytes, and where what they hold goes */
struct decoder {
	const uint8_t *data;
	size_t size;
	const char *where;
	const struct efimap_decode_options *options;
	struct efimap_decoded *decoded;
	struct efimap_err *err;
};

static int decode_odd(struct decoder *decoder, enum efimap_oddity_kind kind,
		      uint64_t offset, uint64_t value)
{
	struct efimap_decoded *decoded = decoder->decoded;
	const struct efimap_oddity oddity = { kind, offset, value };

	return efimap_array_append(&decoded->oddities, &decoded->n_oddities,
				   &decoded->capacity[1], &oddity, sizeof(oddity));
}

static int odd_trailing(struct decoder *decoder, uint64_t end)
{
	if (decoder->size <= end)
		return 0;
	return decode_odd(decoder, EFIMAP_ODD_TRAILING, end, decoder->size - end);
}

/* What the kernel takes: of several nodes the last. */
static void take_payload(struct decoder *decoder, size_t offset, uint64_t len,
			 uint64_t available, struct efimap_efi_payload *ret_payload)
{
	struct efimap_decoded *decoded = decoder->decoded;
	struct efimap_setup_node *efi = &decoded->efi;
	const uint64_t there = len < available ? len : available;

	*efi = (struct efimap_setup_node){ .type = EFIMAP_SETUP_EFI, .len = len };
	efi->payload_size = there < EFIMAP_EFI_PAYLOAD_SIZE ? (uint32_t)there
							    : EFIMAP_EFI_PAYLOAD_SIZE;
	memcpy(efi->payload, decoder->data + offset, efi->payload_size);
	decoded->efi_at = offset;
	decoded->n_efi++;
	if (efi->payload_size >= EFIMAP_EFI_PAYLOAD_FIELDS)
		efimap_efi_payload_decode(decoder->data + offset, ret_payload);
}

/*
 * struct chain - the nodes so far
 * @seen:  a bit for each byte at which a node has begun
 * @taken: a bit for each byte of a node
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
 * False at the first byte that another node has, which ends the chain: so no byte is
 * taken twice, however many nodes there are.
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
	return decode_odd(chain->decoder, EFIMAP_ODD_SETUP_OVERLAP, offset,
			  chain->decoder->options->base + met);
}

static int add_decoded_node(struct chain *chain, const struct efimap_setup_data *node)
{
	struct decoder *decoder = chain->decoder;
	struct efimap_decoded *decoded = decoder->decoded;

	if (decoded->n_nodes == EFIMAP_DECODE_MAX_NODES)
		return efimap_err_at_offset(
			decoder->err, E2BIG, decoder->where, node->offset,
			"more than %u nodes in the chain", EFIMAP_DECODE_MAX_NODES);
	return efimap_array_append(&decoded->nodes, &decoded->n_nodes, &decoded->capacity[0], node,
				   sizeof(*node));
}

static int decode_node(struct chain *chain, size_t offset, uint64_t *ret_next)
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
	/* What lies behind the 96 bytes is not shown: a length that is too large hides
	 * none. */
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
	if (node.type == EFIMAP_SETUP_EFI) {
		take_payload(decoder, offset + EFIMAP_SETUP_DATA_HEADER, node.len,
			     available, &node.payload);
		node.has_payload = decoder->decoded->efi.payload_size >=
				   EFIMAP_EFI_PAYLOAD_FIELDS;
	}
	*ret_next = node.next;
	return ret ?: add_decoded_node(chain, &node);
}

static int follow_chain(struct chain *chain)
{
	struct decoder *decoder = chain->decoder;
	const uint64_t base = decoder->options->base;
	size_t offset = 0;
	uint64_t next = 0;
	int ret;

	for (;;) {
		const size_t at = offset;

		(void)was_set(chain->seen, at);
		ret = decode_node(chain, at, &next);
		if (ret || next == 0 || chain->is_over)
			return ret;
		/* One node of a chain is followed by others, and not here. */
		if (next < base || next - base >= decoder->size)
			return 0;
		offset = (size_t)(next - base);
		if (was_set(chain->seen, offset))
			return decode_odd(decoder, EFIMAP_ODD_SETUP_LOOP, at, next);
	}
}

/* A chain of nodes (arch/x86/include/uapi/asm/setup_data.h), the first at the first byte.
 */
static int decode_setup_data(struct decoder *decoder)
{
	efimap_auto_free uint8_t *seen = calloc(1, decoder->size / 8 + 1);
	efimap_auto_free uint8_t *taken = calloc(1, decoder->size / 8 + 1);
	struct chain chain = { .decoder = decoder, .seen = seen, .taken = taken };

	if (!seen || !taken)
		return -ENOMEM;
	return follow_chain(&chain) ?: odd_trailing(decoder, chain.end);
}

static int truncated(struct decoder *decoder, const char *what, uint64_t expected)
{
	return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, decoder->size,
				    "%s ends after %zu of %" PRIu64 " bytes", what,
				    decoder->size, expected);
}

static int decode_bare_payload(struct decoder *decoder)
{
	if (decoder->size < EFIMAP_EFI_PAYLOAD_SIZE)
		return truncated(decoder, "payload", EFIMAP_EFI_PAYLOAD_SIZE);
	take_payload(decoder, 0, EFIMAP_EFI_PAYLOAD_SIZE, decoder->size,
		     &decoder->decoded->payload);
	return odd_trailing(decoder, EFIMAP_EFI_PAYLOAD_SIZE);
}

static int decode_memmap(struct decoder *decoder)
{
	struct efimap_cursor cursor = { .data = decoder->data, .size = decoder->size };
	struct efimap_decoded *decoded = decoder->decoded;
	const size_t size = decoded->desc_size;
	const size_t count = decoder->size / size;

	if (count == 0)
		return truncated(decoder, "descriptor", size);
	decoded->entries = calloc(count, sizeof(*decoded->entries));
	if (!decoded->entries)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++) {
		efimap_cursor_seek(&cursor, i * size);
		decoded->entries[i] = efimap_descriptor_decode(&cursor, (uint32_t)i);
	}
	decoded->n_entries = count;
	return odd_trailing(decoder, count * size);
}

static int decode_boot_params(struct decoder *decoder)
{
	if (decoder->size < EFIMAP_BOOT_PARAMS_BYTES)
		return truncated(decoder, "boot_params", EFIMAP_BOOT_PARAMS_BYTES);
	efimap_boot_params_decode(decoder->data, &decoder->decoded->boot_params);
	return odd_trailing(decoder, EFIMAP_BOOT_PARAMS_BYTES);
}

/*
 * As anything but a node, its payload would come out as numbers, and it can be a key or a
 * seed; so would those of the nodes behind it.
 */
static int refuse_node(const struct decoder *decoder)
{
	return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, 8,
				    "a setup_data node, of type %" PRIu32
				    ": it can be taken "
				    "for nothing else, because payloads can be secrets",
				    u32_at(decoder->data, decoder->size, 8));
}

static int choose_kind(struct decoder *decoder)
{
	const struct efimap_decode_options *options = decoder->options;
	struct efimap_decoded *decoded = decoder->decoded;
	enum efimap_blob found;

	found = efimap_decode_recognise(decoder->data, decoder->size);
	if (found == EFIMAP_BLOB_SETUP_DATA && options->as && options->as != found)
		return refuse_node(decoder);
	if (found == EFIMAP_BLOB_UNKNOWN && options->desc_size)
		found = EFIMAP_BLOB_EFI_MEMMAP;
	decoded->kind = options->as ? options->as : found;
	if (decoded->kind == EFIMAP_BLOB_UNKNOWN)
		return efimap_err_at_offset(decoder->err, EBADMSG, decoder->where, 0,
					    "%zu bytes, and neither a setup_data node nor a "
					    "boot_params; --as=efi-memmap or --as=efi-payload, if "
					    "they are one; captures and logs are for efimapctl "
					    "verify",
					    decoder->size);
	if (decoded->kind == EFIMAP_BLOB_EFI_MEMMAP)
		decoded->desc_size = options->desc_size ?
					     (uint32_t)options->desc_size :
					     guess_desc_size(decoder->data, decoder->size);
	return 0;
}

int efimap_decode(const uint8_t *data, size_t size, const char *where,
		  const struct efimap_decode_options *options,
		  struct efimap_decoded *ret_decoded, struct efimap_err *err)
{
	static int (*const decode[])(struct decoder *decoder) = {
		[EFIMAP_BLOB_SETUP_DATA] = decode_setup_data,
		[EFIMAP_BLOB_EFI_PAYLOAD] = decode_bare_payload,
		[EFIMAP_BLOB_EFI_MEMMAP] = decode_memmap,
		[EFIMAP_BLOB_BOOT_PARAMS] = decode_boot_params,
	};
	efimap_auto_decoded struct efimap_decoded decoded = { 0 };
	struct decoder decoder = {
		.data = data,
		.size = size,
		.where = where,
		.options = options,
		.decoded = &decoded,
		.err = err,
	};
	int ret = choose_kind(&decoder) ?:
		  decode[decoded.kind](&decoder);
	if (ret)
		return ret == -ENOMEM ? efimap_err_set(err, ENOMEM, where, "out of memory") : ret;
	*ret_decoded = decoded;
	decoded = (struct efimap_decoded){ 0 };
	return 0;
}

void efimap_decoded_free(struct efimap_decoded *decoded)
{
	free(decoded->nodes);
	free(decoded->entries);
	free(decoded->oddities);
	*decoded = (struct efimap_decoded){ 0 };
}
