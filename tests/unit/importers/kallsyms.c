/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <sys/resource.h>

#include "kernel.h"

#define NUM 0x100U
#define BASE_AT 0x108U
#define NAMES 0x1000U
#define TOKENS 0x8000U
#define INDEX 0x9000U
#define OFFSETS 0xa000U
#define STEXT (KERNEL_BASE + 0x200)

/* Tokens 1 and 2 stand for frequent strings, and each other token for one character. */
static void put_tokens(struct kernel *kernel)
{
	size_t at = TOKENS;

	for (unsigned int i = 0; i < 256; i++) {
		const char single[2] = { (char)(i < ' ' || i > '~' ? '?' : i), '\0' };
		const char *text = i == 1 ? "efi_" : i == 2 ? "Tx" : single;
		const uint16_t start = htole16((uint16_t)(at - TOKENS));

		kernel_put(kernel, INDEX + 2 * i, &start, sizeof(start));
		kernel_text(kernel, at, text);
		at += strlen(text) + 1;
	}
}

static size_t put_name(struct kernel *kernel, size_t at, const char *tokens)
{
	const size_t len = strlen(tokens);
	uint8_t head[2] = { (uint8_t)len, (uint8_t)(len >> 7) };

	if (len > 127)
		head[0] = (uint8_t)((len & 0x7f) | 0x80);
	kernel_put(kernel, at, head, len > 127 ? 2 : 1);
	at += len > 127 ? 2 : 1;
	kernel_put(kernel, at, tokens, len);
	return at + len;
}

static void put_symbols(struct kernel *kernel, const char *const *names, const uint32_t *offsets,
			uint32_t count)
{
	size_t at = NAMES;

	put_tokens(kernel);
	for (uint32_t i = 0; i < count; i++) {
		at = put_name(kernel, at, names[i]);
		kernel_u32(kernel, OFFSETS + 4 * i, offsets[i]);
	}
	kernel_u32(kernel, NUM, count);
	kernel_u64(kernel, BASE_AT, KERNEL_BASE);
	kernel_line(kernel, "SYMBOL(kallsyms_names)", KERNEL_BASE + NAMES);
	kernel_line(kernel, "SYMBOL(kallsyms_num_syms)", KERNEL_BASE + NUM);
	kernel_line(kernel, "SYMBOL(kallsyms_token_table)", KERNEL_BASE + TOKENS);
	kernel_line(kernel, "SYMBOL(kallsyms_token_index)", KERNEL_BASE + INDEX);
	kernel_line(kernel, "SYMBOL(kallsyms_offsets)", KERNEL_BASE + OFFSETS);
	kernel_line(kernel, "SYMBOL(kallsyms_relative_base)", KERNEL_BASE + BASE_AT);
	kernel_line(kernel, "SYMBOL(_stext)", STEXT);
}

static char long_name[300];

static const char *const names[] = { "T_stext", long_name, "Defi", "D\1runtime", "dmap_entries",
				     "dmap_entries", "Dboot_params" };

/* With CONFIG_KALLSYMS_ABSOLUTE_PERCPU, an offset from the base is stored as -1 - offset. */
#define FROM_BASE(offset) (UINT32_C(0) - (offset) - 1)

static void check_addresses(const struct vmcore *vm)
{
	assert_int_equal(vm->symbols[SYM_STEXT], STEXT);
	assert_int_equal(vm->symbols[SYM_EFI], KERNEL_BASE + 0x5000);
	assert_int_equal(vm->symbols[SYM_EFI_RUNTIME], KERNEL_BASE + 0x5100);
	assert_int_equal(vm->symbols[SYM_BOOT_PARAMS], KERNEL_BASE + 0x90000000);
	assert_int_equal(vm->symbols[SYM_MAP_ENTRIES], 0);
	assert_int_equal(vm->namesakes[SYM_MAP_ENTRIES][0], KERNEL_BASE + 0x5200);
	assert_int_equal(vm->namesakes[SYM_MAP_ENTRIES][1], KERNEL_BASE + 0x5300);
	assert_int_equal(vm->namesakes[SYM_MAP_ENTRIES][2], 0);
	assert_int_equal(vm->symbols[SYM_START_BTF], 0);
}

KERNEL_TEST(plain_offsets)
{
	static const uint32_t offsets[] = { 0x200, 0, 0x5000, 0x5100, 0x5200, 0x5300,
					    0x90000000 };
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;

	memset(long_name, 'x', sizeof(long_name) - 1);
	put_symbols(kernel, names, offsets, 7);
	assert_int_equal(kallsyms_read(&kernel->vm, &err), 0);
	check_addresses(&kernel->vm);
}

KERNEL_TEST(signed_offsets)
{
	static const uint32_t offsets[] = { FROM_BASE(0x200), 0x10, FROM_BASE(0x5000),
					    FROM_BASE(0x5100), FROM_BASE(0x5200),
					    FROM_BASE(0x5300), 0x1234 };
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;

	put_symbols(kernel, names, offsets, 7);
	assert_int_equal(kallsyms_read(&kernel->vm, &err), 0);
	assert_int_equal(kernel->vm.symbols[SYM_BOOT_PARAMS], 0x1234);
	kernel->vm.symbols[SYM_BOOT_PARAMS] = KERNEL_BASE + 0x90000000;
	check_addresses(&kernel->vm);
}

/* In Linux 7.2 or later, each offset is relative to where it is stored, and there is no base. */
KERNEL_TEST(offsets_from_their_place)
{
	static const uint64_t addresses[] = { 0x200, 0, 0x5000, 0x5100, 0x5200, 0x5300, 0x30000 };
	struct kernel *kernel = *state;
	struct efimap_err err = EFIMAP_ERR_INIT;
	uint32_t offsets[7];

	for (uint32_t i = 0; i < 7; i++)
		offsets[i] = (uint32_t)(addresses[i] - (OFFSETS + 4 * i));
	memset(long_name, 'x', sizeof(long_name) - 1);
	put_symbols(kernel, names, offsets, 7);
	kernel->lines[5].key = "SYMBOL(kallsyms_other)";
	assert_int_equal(kallsyms_read(&kernel->vm, &err), 0);
	assert_int_equal(kernel->vm.symbols[SYM_BOOT_PARAMS], KERNEL_BASE + 0x30000);
	kernel->vm.symbols[SYM_BOOT_PARAMS] = KERNEL_BASE + 0x90000000;
	check_addresses(&kernel->vm);
}

static void must_refuse(struct kernel *kernel, const char *text)
{
	struct efimap_err err = EFIMAP_ERR_INIT;

	assert_int_equal(kallsyms_read(&kernel->vm, &err), -EBADMSG);
	assert_string_equal(err.where, "vmcore");
	if (!strstr(err.text, text))
		fail_msg("%s", err.text);
}

static const uint32_t good[] = { 0x200, 0, 0x5000, 0x5100, 0x5200, 0x5300, 0x5400 };

KERNEL_TEST(before_6_0)
{
	must_refuse(*state, "(unknown release) lacks the addresses of the kallsyms tables");
}

KERNEL_TEST(elsewhere)
{
	struct kernel *kernel = *state;

	put_symbols(kernel, names, good, 7);
	snprintf(kernel->lines[6].value, 64, "ffffffff81000300");
	must_refuse(kernel, "the address of _stext differs from the one in VMCOREINFO");
}

KERNEL_TEST(without_stext)
{
	put_symbols(*state, names + 1, good + 1, 6);
	must_refuse(*state, "the symbol _stext is missing");
}

KERNEL_TEST(no_number)
{
	struct kernel *kernel = *state;

	put_symbols(kernel, names, good, 7);
	kernel_u32(kernel, NUM, 4000001);
	must_refuse(kernel, "invalid number of symbols");
	kernel_u32(kernel, NUM, 0);
	must_refuse(kernel, "invalid number of symbols");
	kernel_u32(kernel, NUM, 4000000);
	must_refuse(kernel, "Excluded page");
}

KERNEL_TEST(excluded)
{
	struct kernel *kernel = *state;

	put_symbols(kernel, names, good, 7);
	kernel->has_missing = true;
	kernel->missing_page = OFFSETS / 4096;
	must_refuse(kernel, "Excluded page");
	kernel->missing_page = INDEX / 4096;
	must_refuse(kernel, "Excluded page");
}

/* All tokens have offset 0xffff, which is outside of the token table, so all names are empty. */
KERNEL_TEST(wild_tokens)
{
	struct kernel *kernel = *state;

	put_symbols(kernel, names, good, 7);
	memset(kernel->bytes + INDEX, 0xff, 512);
	must_refuse(kernel, "the symbol _stext is missing");
}

/*
 * As a dump with corrupted page tables may do, return 0x7f bytes for the symbol names and for all
 * addresses above the kernel.
 */
static int same_everywhere(struct memory *memory, enum space space, uint64_t address,
			   void *data, size_t size)
{
	if (address < KERNEL_BASE + NAMES || (address >= KERNEL_BASE + TOKENS &&
					      address < KERNEL_BASE + KERNEL_BYTES))
		return kernel_read(memory, space, address, data, size);
	memset(data, 0x7f, size);
	return 0;
}

KERNEL_TEST(endless_names)
{
	const struct rlimit limit = { .rlim_cur = 60, .rlim_max = 60 };
	struct kernel *kernel = *state;

	put_symbols(kernel, names, good, 7);
	kernel_u32(kernel, NUM, 4000000);
	kernel_line(kernel, "SYMBOL(kallsyms_names)", KERNEL_BASE + KERNEL_BYTES);
	kernel->lines[0] = kernel->lines[kernel->n_lines - 1];
	kernel->memory.read = same_everywhere;
	assert_int_equal(setrlimit(RLIMIT_CPU, &limit), 0);
	must_refuse(kernel, "the symbol names are longer than 64 MiB in total");
}
