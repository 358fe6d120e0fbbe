/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Find the variables of a crashed kernel and the layout of its structures, and read numbers and
 * strings from its memory.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "base/cleanup.h"
#include "base/number.h"
#include "kernel_symbols.h"

#define PAGE_BYTES 4096U

int memory_u64(struct memory *memory, enum space space, uint64_t address, size_t size,
	       uint64_t *ret_value)
{
	uint8_t bytes[8];
	uint64_t value = 0;
	int ret;

	if (size == 0 || size > sizeof(bytes))
		return -EINVAL;
	ret = memory->read(memory, space, address, bytes, size);
	if (ret)
		return ret;
	while (size--)
		value = value << 8 | bytes[size];
	*ret_value = value;
	return 0;
}

/* Read page by page, because the dump may lack the page after the end of the string. */
int memory_text(struct memory *memory, uint64_t address, char *text, size_t size)
{
	size_t used = 0;

	while (used < size - 1) {
		size_t part = PAGE_BYTES - (size_t)(address + used) % PAGE_BYTES;
		const char *end;
		int ret;

		if (part > size - 1 - used)
			part = size - 1 - used;
		ret = memory->read(memory, SPACE_VIRTUAL, address + used, text + used, part);
		if (ret)
			return ret;
		end = memchr(text + used, '\0', part);
		used += part;
		if (end)
			return 0;
	}
	text[used] = '\0';
	return -E2BIG;
}

static bool memory_info(struct memory *memory, const char *key, uint64_t *ret_value)
{
	efimap_auto_free char *text = memory->vmcoreinfo(memory, key);

	return text && efimap_number_parse_bare_hex(text, strlen(text), UINT64_MAX, ret_value,
						    NULL) == EFIMAP_NUMBER_OK;
}

int vmcore_read(const struct vmcore *vm, enum symbol symbol, void *data, size_t size)
{
	if (!vm->symbols[symbol])
		return -ENOENT;
	return vm->memory->read(vm->memory, SPACE_VIRTUAL, vm->symbols[symbol], data, size);
}

int vmcore_pointer(const struct vmcore *vm, enum symbol symbol, uint32_t number,
		   uint64_t *ret_value)
{
	if (!vm->symbols[symbol])
		return -ENOENT;
	return memory_u64(vm->memory, SPACE_VIRTUAL, vm->symbols[symbol] + 8 * (uint64_t)number,
			  8, ret_value);
}

int vmcore_fields(const struct vmcore *vm, uint64_t address, const struct field *fields,
		  size_t count, uint64_t *ret_values)
{
	for (size_t i = 0; i < count; i++)
		if (memory_u64(vm->memory, SPACE_VIRTUAL, address + fields[i].offset,
			       fields[i].size, &ret_values[i]))
			return -ENODATA;
	return 0;
}

int vmcore_number(const struct vmcore *vm, enum symbol symbol, const char *type,
		  const char *path, uint64_t *ret_value)
{
	struct field field;

	if (!vm->symbols[symbol] || !types_field(vm, type, path, &field))
		return -ENOENT;
	return vmcore_fields(vm, vm->symbols[symbol], &field, 1, ret_value);
}

int vmcore_lacks(struct vmcore *vm, enum efimap_source source, const char *what)
{
	char text[256];
	const struct efimap_fault fault = {
		.source = source,
		.kind = EFIMAP_FAULT_IO,
		.index = EFIMAP_NO_INDEX,
		.where = efimap_source_path(source),
		.text = text,
	};

	snprintf(text, sizeof(text), "%s cannot be read from the dump: %s", what,
		 vm->memory->why(vm->memory));
	vm->map->states[source] = EFIMAP_STATE_BROKEN;
	/* A partial list would look complete, so it is dropped. */
	if (source == EFIMAP_SRC_MEMMAP)
		vm->map->n_memmap = 0;
	if (source == EFIMAP_SRC_IOMEM)
		vm->map->n_iomem = 0;
	return efimap_add_fault(vm->map, &fault);
}

/*
 * The symbol table in the kernel image (kernel/kallsyms.c, scripts/kallsyms.c). VMCOREINFO has
 * contained the addresses of its parts since Linux 6.0 (kernel/vmcore_info.c). Names are
 * compressed: each name is a list of token numbers. There are 256 tokens.
 */

/* Kernels have about 200,000 symbols. A name has at most 512 characters (KSYM_NAME_LEN). */
#define MAX_SYMBOLS 4000000U
#define MAX_NAME 1024
/* Maximum size of all names in bytes, compressed plus expanded. Real kernels need 10 MiB. */
#define MAX_NAME_BYTES ((uint64_t)64 << 20)
#define N_TOKENS 256
/*
 * Maximum size of all tokens in bytes. Most tokens have a few characters, and real kernels need
 * 1 KiB.
 */
#define MAX_TOKEN_TABLE 16384

static const char *const names[SYM_COUNT] = {
	[SYM_STEXT] = "_stext",
	[SYM_START_BTF] = "__start_BTF",
	[SYM_STOP_BTF] = "__stop_BTF",
	[SYM_EFI] = "efi",
	[SYM_EFI_FW_VENDOR] = "efi_fw_vendor",
	[SYM_EFI_RUNTIME] = "efi_runtime",
	[SYM_EFI_CONFIG_TABLE] = "efi_config_table",
	[SYM_EFI_MEM_ATTR_TABLE] = "efi_mem_attr_table",
	[SYM_BOOT_PARAMS] = "boot_params",
	[SYM_SAVED_COMMAND_LINE] = "saved_command_line",
	[SYM_SYSCTL_BOOTID] = "sysctl_bootid",
	[SYM_BOOT_CPU_DATA] = "boot_cpu_data",
	[SYM_IOMEM_RESOURCE] = "iomem_resource",
	[SYM_MAP_ENTRIES] = "map_entries",
	[SYM_MEMMAP_KTYPE] = "memmap_ktype",
	[SYM_DMI_IDENT] = "dmi_ident",
};

/*
 * struct table - the parts of kallsyms and the symbols that were found
 * @base:  the address that offsets are relative to, or 0 if each offset is relative to its own
 *         address
 * @at:    address of the next byte of the names
 * @page:  the page that contains @at, if @has_page
 * @taken: bytes of names read so far, compressed plus expanded
 * @text:  the tokens, each NUL-terminated
 * @found: for each symbol, its first positions in the table, and how often it occurs
 */
struct table {
	struct vmcore *vm;
	uint64_t names, offsets, base, tokens, index;
	uint32_t count;
	uint64_t at;
	uint64_t taken;
	bool has_page;
	uint8_t page[PAGE_BYTES];
	uint8_t starts[2 * N_TOKENS];
	char text[MAX_TOKEN_TABLE];
	struct {
		uint32_t numbers[MAX_NAMESAKES];
		uint32_t times;
	} found[SYM_COUNT];
};

static int fail_symbols(const struct table *table, struct efimap_err *err, const char *what)
{
	return efimap_err_set(err, EBADMSG, table->vm->label,
			      "the kernel symbols cannot be read from the dump: %s", what);
}

static int find_parts(struct table *table, struct efimap_err *err)
{
	struct memory *memory = table->vm->memory;
	efimap_auto_free char *release = memory->vmcoreinfo(memory, "OSRELEASE");
	uint64_t number, base, count;

	if (!memory_info(memory, "SYMBOL(kallsyms_names)", &table->names) ||
	    !memory_info(memory, "SYMBOL(kallsyms_num_syms)", &number) ||
	    !memory_info(memory, "SYMBOL(kallsyms_token_table)", &table->tokens) ||
	    !memory_info(memory, "SYMBOL(kallsyms_token_index)", &table->index) ||
	    !memory_info(memory, "SYMBOL(kallsyms_offsets)", &table->offsets))
		return efimap_err_set(err, EBADMSG, table->vm->label,
				      "VMCOREINFO of the dump's kernel (%s) lacks the "
				      "addresses of the kallsyms tables (present in Linux 6.0 "
				      "and later); use a snapshot from before the crash",
				      release ? release : "unknown release");
	if (memory_u64(memory, SPACE_VIRTUAL, number, 4, &count) ||
	    (memory_info(memory, "SYMBOL(kallsyms_relative_base)", &base) &&
	     memory_u64(memory, SPACE_VIRTUAL, base, 8, &table->base)))
		return fail_symbols(table, err, memory->why(memory));
	if (count == 0 || count > MAX_SYMBOLS)
		return fail_symbols(table, err, "invalid number of symbols");
	table->count = (uint32_t)count;
	return 0;
}

/* The tokens end where the token index begins, or at the end of the buffer. */
static int read_tokens(struct table *table, struct efimap_err *err)
{
	struct memory *memory = table->vm->memory;
	size_t size = sizeof(table->text) - 1;

	if (table->index > table->tokens && table->index - table->tokens < size)
		size = (size_t)(table->index - table->tokens);
	if (memory->read(memory, SPACE_VIRTUAL, table->index, table->starts,
			 sizeof(table->starts)) ||
	    memory->read(memory, SPACE_VIRTUAL, table->tokens, table->text, size))
		return fail_symbols(table, err, memory->why(memory));
	table->text[size] = '\0';
	return 0;
}

static int next_name_byte(struct table *table)
{
	struct memory *memory = table->vm->memory;
	const uint64_t offset = table->at % PAGE_BYTES;

	if (!table->has_page || offset == 0) {
		int ret = memory->read(memory, SPACE_VIRTUAL, table->at - offset, table->page,
				       PAGE_BYTES);

		if (ret)
			return ret;
		table->has_page = true;
	}
	table->at++;
	return table->page[offset];
}

/* Since Linux 6.1, lengths above 127 take two bytes (kallsyms_expand_symbol). */
static int next_name_length(struct table *table)
{
	const int low = next_name_byte(table);
	int high;

	if (low < 0 || !(low & 0x80))
		return low;
	high = next_name_byte(table);
	return high < 0 ? high : (low & 0x7f) | high << 7;
}

static const char *token_text(const struct table *table, int number)
{
	const uint8_t *at = table->starts + 2 * (size_t)number;
	const size_t start = at[0] | (size_t)at[1] << 8;

	return start < sizeof(table->text) ? table->text + start : "";
}

/* An expanded name begins with the symbol's type. A name that is too long is truncated. */
static int expand_name(struct table *table, char name[MAX_NAME])
{
	int len = next_name_length(table);
	size_t used = 0;

	if (len < 0)
		return len;
	table->taken += (uint64_t)len;
	while (len-- > 0) {
		const int number = next_name_byte(table);
		const char *text;

		if (number < 0)
			return number;
		text = token_text(table, number);
		while (*text && used < MAX_NAME - 1)
			name[used++] = *text++;
	}
	name[used] = '\0';
	table->taken += used;
	return 0;
}

static void note_symbol(struct table *table, const char *name, uint32_t number)
{
	for (size_t i = 0; i < SYM_COUNT; i++) {
		if (strcmp(names[i], name) != 0)
			continue;
		if (table->found[i].times < MAX_NAMESAKES)
			table->found[i].numbers[table->found[i].times] = number;
		table->found[i].times++;
	}
}

static int read_names(struct table *table, struct efimap_err *err)
{
	char name[MAX_NAME];

	table->at = table->names;
	for (uint32_t i = 0; i < table->count; i++) {
		if (expand_name(table, name))
			return fail_symbols(table, err, table->vm->memory->why(table->vm->memory));
		if (table->taken > MAX_NAME_BYTES)
			return fail_symbols(table, err,
					    "the symbol names are longer than 64 MiB in total");
		if (name[0])
			note_symbol(table, name + 1, i);
	}
	return 0;
}

/* enum meaning - the address that a symbol's offset is relative to */
enum meaning { FROM_BASE_OR_ZERO, FROM_BASE, FROM_PLACE, N_MEANINGS };

/*
 * Compute the address of a symbol. With KALLSYMS_ABSOLUTE_PERCPU, negative offsets are relative to
 * the base, and other offsets are absolute. Since Linux 6.15, all offsets are unsigned and relative
 * to the base. Since 7.2, each offset is signed and relative to its own address.
 */
static uint64_t address_of(const struct table *table, uint64_t place, uint32_t offset,
			   enum meaning meaning)
{
	if (meaning == FROM_PLACE)
		return place + (uint64_t)(int64_t)(int32_t)offset;
	if (meaning == FROM_BASE)
		return table->base + offset;
	if (offset <= INT32_MAX)
		return offset;
	return table->base - 1 + (UINT64_C(0x100000000) - offset);
}

static int read_address(const struct table *table, uint32_t number, enum meaning meaning,
			uint64_t *ret_address)
{
	const uint64_t place = table->offsets + sizeof(uint32_t) * (uint64_t)number;
	uint64_t offset;
	int ret = memory_u64(table->vm->memory, SPACE_VIRTUAL, place, sizeof(uint32_t), &offset);

	if (!ret)
		*ret_address = address_of(table, place, (uint32_t)offset, meaning);
	return ret;
}

/* Find out which meaning of the offsets yields the address of _stext in VMCOREINFO. */
static int find_meaning(const struct table *table, enum meaning *ret_meaning,
			struct efimap_err *err)
{
	struct memory *memory = table->vm->memory;
	uint64_t stext, address;

	if (!memory_info(memory, "SYMBOL(_stext)", &stext) || !table->found[SYM_STEXT].times)
		return fail_symbols(table, err, "the symbol _stext is missing");
	for (unsigned int i = table->base ? 0 : FROM_PLACE; i < N_MEANINGS; i++) {
		*ret_meaning = (enum meaning)i;
		if (read_address(table, table->found[SYM_STEXT].numbers[0], *ret_meaning,
				 &address))
			return fail_symbols(table, err, memory->why(memory));
		if (address == stext)
			return 0;
	}
	return fail_symbols(table, err,
			    "the address of _stext differs from the one in VMCOREINFO");
}

static int resolve_name(const struct table *table, unsigned int symbol, enum meaning meaning)
{
	struct vmcore *vm = table->vm;

	for (size_t i = 0; i < MAX_NAMESAKES && i < table->found[symbol].times; i++) {
		int ret = read_address(table, table->found[symbol].numbers[i], meaning,
				       &vm->namesakes[symbol][i]);

		if (ret)
			return ret;
	}
	/* A name that occurs in several source files does not identify a variable. */
	if (table->found[symbol].times == 1)
		vm->symbols[symbol] = vm->namesakes[symbol][0];
	return 0;
}

static int resolve_names(const struct table *table, struct efimap_err *err)
{
	enum meaning meaning = FROM_BASE;
	int ret = find_meaning(table, &meaning, err);

	for (unsigned int i = 0; i < SYM_COUNT && !ret; i++)
		if (resolve_name(table, i, meaning))
			return fail_symbols(table, err, table->vm->memory->why(table->vm->memory));
	return ret;
}

int kallsyms_read(struct vmcore *vm, struct efimap_err *err)
{
	efimap_auto_free struct table *table = calloc(1, sizeof(*table));
	int ret;

	if (!table)
		return -ENOMEM;
	table->vm = vm;
	ret = find_parts(table, err);
	if (ret)
		return ret;
	ret = read_tokens(table, err);
	if (ret)
		return ret;
	ret = read_names(table, err);
	if (ret)
		return ret;
	return resolve_names(table, err);
}

/* The kernel's types are read from the BTF in its image. libbpf is used only to parse the BTF. */

/* Maximum size of the BTF in bytes. The BTF of Debian's kernel has 5 MiB. */
#define MAX_TYPE_BYTES ((uint64_t)64 << 20)
/* Limit for nested unnamed structures and for chains of typedefs and modifiers */
#define MAX_DEPTH 8
/*
 * Maximum number of members that are searched for one field. The kernel's largest structures have
 * hundreds. Without a limit, the search in a damaged structure that contains itself would take too
 * long.
 */
#define MAX_MEMBERS 100000U

static int fail_types(const struct vmcore *vm, struct efimap_err *err, const char *what)
{
	return efimap_err_set(err, EBADMSG, vm->label,
			      "the kernel's type information (BTF) cannot be read from "
			      "the dump: %s",
			      what);
}

int types_load(struct vmcore *vm, struct efimap_err *err)
{
	const uint64_t start = vm->symbols[SYM_START_BTF], stop = vm->symbols[SYM_STOP_BTF];
	const size_t size = (size_t)(stop - start);
	efimap_auto_free uint8_t *data = NULL;

	if (!start || !stop)
		return efimap_err_set(
			err, EBADMSG, vm->label,
			"the kernel of the dump has no type information (BTF), because "
			"it was built without CONFIG_DEBUG_INFO_BTF; use a snapshot from "
			"before the crash");
	if (stop <= start || stop - start > MAX_TYPE_BYTES)
		return fail_types(vm, err, "invalid size");
	data = malloc(size);
	if (!data)
		return -ENOMEM;
	if (vm->memory->read(vm->memory, SPACE_VIRTUAL, start, data, size))
		return fail_types(vm, err, vm->memory->why(vm->memory));
	libbpf_set_print(NULL);
	vm->btf = btf__new(data, (uint32_t)size);
	if (libbpf_get_error(vm->btf)) {
		vm->btf = NULL;
		return fail_types(vm, err, "libbpf cannot parse the BTF");
	}
	return 0;
}

void types_free(struct vmcore *vm)
{
	btf__free(vm->btf);
	vm->btf = NULL;
}

/* Skip modifiers and typedefs. Return NULL if their chain is broken or too long. */
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
 * struct search - the search for a member by name
 * @offset: offset of the current member in the outermost structure, in bytes
 * @type:   type of the member, once it is found
 * @seen:   number of members checked
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

/*
 * Return whether @member has the name in @search, or is an unnamed structure or union with a member
 * of that name.
 */
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
