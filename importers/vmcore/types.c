/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the kernel's structures look like, from the BTF that it carries in itself: the one
 * file that knows libbpf, of which only the parser of BTF is used.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "vmcore.h"

/* Debian's is of 5 MiB. */
#define MAX_BYTES ((uint64_t)64 << 20)
/* Structures without a name within each other, and fields of fields. */
#define MAX_DEPTH 8
/* Looked at for one field: the kernel's have hundreds, and what holds itself has no end. */
#define MAX_MEMBERS 100000U
#define BLOCK_BYTES ((size_t)64 << 10)

static int fail_types(const struct vmcore *vm, struct efimap_err *err, const char *what)
{
	return efimap_err_set(err, EBADMSG, vm->label,
			      "the types of its kernel (BTF) cannot be read: %s", what);
}

static int read_types(struct vmcore *vm, uint8_t *data, size_t size, struct efimap_err *err)
{
	for (size_t at = 0; at < size; at += BLOCK_BYTES) {
		const size_t left = size - at;

		if (vm->memory->read(vm->memory, SPACE_VIRTUAL,
				     vm->symbols[SYM_START_BTF] + at, data + at,
				     left < BLOCK_BYTES ? left : BLOCK_BYTES))
			return fail_types(vm, err, vm->memory->why(vm->memory));
	}
	return 0;
}

static int say_nothing(enum libbpf_print_level level, const char *fmt, va_list args)
{
	return 0;
}

int types_load(struct vmcore *vm, struct efimap_err *err)
{
	const uint64_t start = vm->symbols[SYM_START_BTF], stop = vm->symbols[SYM_STOP_BTF];
	efimap_auto_free uint8_t *data = NULL;
	int ret;

	if (!start || !stop)
		return efimap_err_set(err, EBADMSG, vm->label,
				      "its kernel has no type information (BTF): it was built "
				      "without CONFIG_DEBUG_INFO_BTF; take the map from a "
				      "snapshot made before the crash");
	if (stop <= start || stop - start > MAX_BYTES)
		return fail_types(vm, err, "its size makes no sense");
	data = malloc((size_t)(stop - start));
	if (!data)
		return -ENOMEM;
	ret = read_types(vm, data, (size_t)(stop - start), err);
	if (ret)
		return ret;
	libbpf_set_print(say_nothing);
	vm->btf = btf__new(data, (uint32_t)(stop - start));
	if (libbpf_get_error(vm->btf)) {
		vm->btf = NULL;
		return fail_types(vm, err, "libbpf finds it malformed");
	}
	return 0;
}

void types_free(struct vmcore *vm)
{
	btf__free(vm->btf);
	vm->btf = NULL;
}

/* Past typedef, const and volatile; NULL where that leads nowhere. */
static const struct btf_type *strip_modifiers(const struct btf *btf, uint32_t id)
{
	for (int i = 0; i < MAX_DEPTH; i++) {
		const struct btf_type *type = btf__type_by_id(btf, id);

		if (!type || !(btf_is_mod(type) || btf_is_typedef(type)))
			return type;
		id = type->type;
	}
	return NULL;
}

/*
 * struct search - for a member by its name
 * @offset: of what is being looked at
 * @type:   of the member, once it is found
 * @seen:   members that were looked at
 */
struct search {
	const struct btf *btf;
	const char *name;
	size_t len;
	uint32_t offset;
	uint32_t type;
	uint32_t seen;
};

static bool find_type_member(struct search *search, const struct btf_type *parent, int depth);

/* It is the member, or a structure or union without a name that has it. */
static bool is_member_named(struct search *search, const struct btf_member *member, int depth)
{
	const char *text = btf__name_by_offset(search->btf, member->name_off);
	const struct btf_type *inner;

	if (text && *text) {
		search->type = member->type;
		return strlen(text) == search->len &&
		       memcmp(text, search->name, search->len) == 0;
	}
	inner = depth > 0 ? strip_modifiers(search->btf, member->type) : NULL;
	return inner && btf_is_composite(inner) && find_type_member(search, inner, depth - 1);
}

static bool find_type_member(struct search *search, const struct btf_type *parent, int depth)
{
	for (uint32_t i = 0; i < btf_vlen(parent) && search->seen < MAX_MEMBERS; i++) {
		const uint32_t bits = btf_member_bit_offset(parent, i);

		search->seen++;
		if (btf_member_bitfield_size(parent, i) || bits % 8)
			continue;
		search->offset += bits / 8;
		if (is_member_named(search, &btf_members(parent)[i], depth))
			return true;
		search->offset -= bits / 8;
	}
	return false;
}

bool types_field(const struct vmcore *vm, const char *type, const char *path,
		 struct field *ret_field)
{
	const int id = btf__find_by_name_kind(vm->btf, type, BTF_KIND_STRUCT);
	struct search search = { .btf = vm->btf, .type = id > 0 ? (uint32_t)id : 0 };
	int64_t size;

	if (!search.type)
		return false;
	for (; *path; path += search.len + (path[search.len] == '.')) {
		const struct btf_type *parent = strip_modifiers(vm->btf, search.type);

		search.name = path;
		search.len = strcspn(path, ".");
		if (!parent || !btf_is_composite(parent) ||
		    !find_type_member(&search, parent, MAX_DEPTH))
			return false;
	}
	size = btf__resolve_size(vm->btf, search.type);
	if (size < 0 || size > UINT32_MAX)
		return false;
	*ret_field = (struct field){ .offset = search.offset, .size = (uint32_t)size };
	return true;
}

bool types_fields(const struct vmcore *vm, const char *type, const char *const *paths,
		  size_t count, struct field *ret_fields)
{
	for (size_t i = 0; i < count; i++)
		if (!types_field(vm, type, paths[i], &ret_fields[i]))
			return false;
	return true;
}

bool types_enum(const struct vmcore *vm, const char *type, const char *name,
		uint32_t *ret_value)
{
	const int id = btf__find_by_name_kind(vm->btf, type, BTF_KIND_ENUM);
	const struct btf_type *found = id > 0 ? btf__type_by_id(vm->btf, (uint32_t)id) : NULL;

	for (uint32_t i = 0; found && i < btf_vlen(found); i++) {
		const struct btf_enum *value = &btf_enum(found)[i];
		const char *text = btf__name_by_offset(vm->btf, value->name_off);

		if (text && strcmp(text, name) == 0) {
			*ret_value = (uint32_t)value->val;
			return true;
		}
	}
	return false;
}
