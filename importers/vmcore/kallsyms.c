/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The symbol table that a kernel carries in itself (kernel/kallsyms.c, scripts/kallsyms.c).
 * VMCOREINFO tells where it is since Linux 6.0 (crash_core.c). Names are compressed: each is
 * a list of tokens, of which there are 256. Must not know what the symbols are for.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "vmcore.h"

/* Kernels have some 200,000; a name has at most 512 characters (KSYM_NAME_LEN). */
#define MAX_SYMBOLS 4000000U
#define MAX_NAME 1024
/* Of all names, as they are stored and as they are written out: real ones take 10 MiB. */
#define MAX_NAME_BYTES ((uint64_t)64 << 20)
#define N_TOKENS 256
/* Most tokens are of a few characters; real tables are of 1 KiB. */
#define MAX_TOKEN_TABLE 16384
#define PAGE_BYTES 4096U

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
 * struct table - where the parts of kallsyms are, and what was found of it
 * @base:   what offsets count from; 0 where they count from their own place
 * @at:     in the names, the address of the next byte
 * @page:   the page that it lies in, once @has_page
 * @taken:  bytes of names so far
 * @text:   of tokens, each terminated
 * @found:  for each symbol its numbers and how often it occurs
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
			      "the symbols of its kernel cannot be read: %s", what);
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
				      "its kernel (%s) does not say where its symbols are, as "
				      "Linux 6.0 and later do in VMCOREINFO: take the map from a "
				      "snapshot made before the crash",
				      release ? release : "of an unknown release");
	if (memory_u64(memory, SPACE_VIRTUAL, number, 4, &count) ||
	    (memory_info(memory, "SYMBOL(kallsyms_relative_base)", &base) &&
	     memory_u64(memory, SPACE_VIRTUAL, base, 8, &table->base)))
		return fail_symbols(table, err, memory->why(memory));
	if (count == 0 || count > MAX_SYMBOLS)
		return fail_symbols(table, err, "their number makes no sense");
	table->count = (uint32_t)count;
	return 0;
}

/* The tokens end where their index, or the end of what is read, begins. */
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

/* The next byte of the names, or a negative errno. */
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

/* Lengths above 127 take two bytes, since Linux 6.1 (kallsyms_expand_symbol). */
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

/* The next name with its type in front; longer ones are cut. */
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
			return fail_symbols(table, err, "they have more names than any kernel");
		if (name[0])
			note_symbol(table, name + 1, i);
	}
	return 0;
}

/* What the offsets of symbols count from */
enum meaning { FROM_BASE_OR_ZERO, FROM_BASE, FROM_PLACE, N_MEANINGS };

/*
 * With KALLSYMS_ABSOLUTE_PERCPU a negative one counts from the base and others are absolute;
 * since Linux 6.15 all count from the base, unsigned, and since 7.2 each from its own place,
 * with a sign.
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

/* Which meaning gives _stext the address that VMCOREINFO says? */
static int find_meaning(const struct table *table, enum meaning *ret_meaning,
			struct efimap_err *err)
{
	struct memory *memory = table->vm->memory;
	uint64_t stext, address;

	if (!memory_info(memory, "SYMBOL(_stext)", &stext) || !table->found[SYM_STEXT].times)
		return fail_symbols(table, err, "_stext, by which they are checked, is missing");
	for (unsigned int i = table->base ? 0 : FROM_PLACE; i < N_MEANINGS; i++) {
		*ret_meaning = (enum meaning)i;
		if (read_address(table, table->found[SYM_STEXT].numbers[0], *ret_meaning,
				 &address))
			return fail_symbols(table, err, memory->why(memory));
		if (address == stext)
			return 0;
	}
	return fail_symbols(table, err, "_stext does not lie where VMCOREINFO says");
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
	/* A name that several files use says nothing by itself. */
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
	if (!ret)
		ret = read_tokens(table, err);
	if (!ret)
		ret = read_names(table, err);
	return ret ? ret : resolve_names(table, err);
}
