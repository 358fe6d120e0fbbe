/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * The kinds of lines in a kernel's log: the words that each begins with, and what they
 * add to the state. Must not know where lines come from, nor what a kernel makes of what
 * it prints.
 */
#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/words.h"
#include "read/log/log_parse.h"
#include "read/log/log_state.h"
#include "read/read.h"

/* Tables that we keep; the kernel knows some twenty. */
#define MAX_TABLES 256U

/* A line that was cut before it is none; one that says something else is kept. */
static int take_log_version(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	size_t len;

	if (!line->rest.len ||
	    !efimap_parse_release_word(line->rest, &len, &boot->bad_release))
		return 0;
	return efimap_set_release(boot->facts, line->rest.at, len) ?: 1;
}

/* Printed twice, and either can be lost or cut. */
static int take_log_cmdline(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap_text rest = line->rest;
	char *text;

	efimap_text_trim(&rest);
	if (rest.len <= strlen(boot->facts->cmdline))
		return 0;
	text = efimap_arena_strndup(&boot->facts->arena, rest.at, rest.len);
	if (!text)
		return -ENOMEM;
	efimap_text_clean(text, rest.len);
	boot->facts->cmdline = text;
	return 1;
}

static int take_log_tables(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap *facts = boot->facts;
	struct efimap_text rest = line->rest;
	struct efimap_named named;
	int ret = 0, count = 0;

	while (!ret && facts->n_tables < MAX_TABLES &&
	       efimap_log_parse_table(&rest, &named)) {
		ret = efimap_add_table(facts, named.name, named.name_len, named.value);
		count++;
	}
	return ret ?: count > 0;
}

static int add_e820(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap *facts = boot->facts;
	struct efimap_log_e820 range;
	const struct efimap_range *last =
		facts->n_memmap ? &facts->memmap[facts->n_memmap - 1] : NULL;

	if (!efimap_log_parse_e820(line->rest, &range)) {
		efimap_log_count_bad(&boot->bad_e820, line);
		return 0;
	}
	/* A log with every line twice. */
	if (last && last->start == range.start && last->end == range.end &&
	    strcmp(last->label, range.label) == 0)
		return 0;
	if (facts->n_memmap >= EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	return efimap_add_memmap(facts, (uint32_t)facts->n_memmap, range.start, range.end,
				 range.label, strlen(range.label));
}

/* Only a firmware's list has conventional memory. */
static bool is_of_ram(struct efimap_text rest)
{
	return efimap_text_find(&rest, "[Conventional") || efimap_text_find(&rest, "type=7,");
}

static int keep_mem(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	const bool is_whole = boot->worth == EFIMAP_LOG_WHOLE_MAP ||
			      boot->seen[EFIMAP_LOG_RUNTIME_HEAD] ||
			      is_of_ram(line->rest);

	efimap_log_raise(boot, is_whole ? EFIMAP_LOG_WHOLE_MAP : EFIMAP_LOG_SOME_MAP);
	return efimap_log_keep(boot, line);
}

/* "efi: memattr:" is of another driver. */
static int keep_numbered(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	if (!line->rest.len || !isdigit((unsigned char)line->rest.at[0]))
		return 0;
	return efimap_log_is_removed(line->rest) ? 1 : keep_mem(boot, line);
}

/* @entry: NULL where the line cannot be read */
static int add_mem(struct efimap_log_boot *boot, const struct efimap_log_line *line,
		   const struct efimap_entry *entry)
{
	const int ret = entry ? efimap_log_lists_add(&boot->lists, entry) : -EEXIST;

	if (ret != -EEXIST)
		return ret;
	efimap_log_count_bad(&boot->bad_mem, line);
	return 0;
}

static int add_numbered(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap_entry entry;
	const bool is_good = efimap_log_parse_numbered(line->rest, &entry);

	return add_mem(boot, line, is_good ? &entry : NULL);
}

static int add_plain(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap_entry entry;
	const bool is_good = efimap_log_parse_plain(line->rest, &entry);

	boot->is_plain |= is_good;
	entry.index = (uint32_t)boot->lists.firmware.count;
	return add_mem(boot, line, is_good ? &entry : NULL);
}

/*
 * Of the pieces that the kernel reserves for nodes, that of EFI alone is as long as its node
 * (arch/x86/kernel/e820.c: e820__reserve_setup_data, until 6.12)
 */
static int take_log_setup_data(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap_log_e820 range;

	if (efimap_log_parse_e820(line->rest, &range) &&
	    range.end - range.start == EFIMAP_EFI_NODE_SIZE - 1)
		boot->efi_node = range.start;
	return 1;
}

/*
 * " 0000000000 mask 7F80000000 write-back": the highest bit of any mask is that of the CPU's
 * addresses, for no range is as large. The kernel writes as many digits as the CPU needs, so a
 * mask that lacks them is one that a firmware got wrong.
 */
static int take_log_mtrr(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	struct efimap_text rest = line->rest;
	unsigned int bits = 0;
	uint64_t mask;
	size_t len;

	efimap_text_skip_blanks(&rest);
	efimap_text_skip(&rest, efimap_text_span(rest, EFIMAP_HEX_DIGITS));
	if (!efimap_text_take(&rest, " mask "))
		return 0;
	len = efimap_text_span(rest, EFIMAP_HEX_DIGITS);
	if (len > 13 || !efimap_text_take_hex(&rest, 9, &mask))
		return 0;
	while (bits < 64 && mask >> bits)
		bits++;
	if (bits <= 4 * (len - 1))
		return 0;
	if (bits > boot->facts->mtrr_bits)
		boot->facts->mtrr_bits = bits;
	return 1;
}

static int begin_runtime(struct efimap_log_boot *boot, const struct efimap_log_line *line)
{
	efimap_log_lists_head(&boot->lists);
	return 0;
}

/* What is looked for in lines of a kind; of others it says all that they are there. */
const struct efimap_log_reader efimap_log_readers[EFIMAP_LOG_KINDS] = {
	[EFIMAP_LOG_VERSION] = { take_log_version },
	[EFIMAP_LOG_CMDLINE] = { take_log_cmdline },
	[EFIMAP_LOG_E820] = { efimap_log_keep, add_e820, EFIMAP_LOG_SOME_WORDS },
	[EFIMAP_LOG_GREETING] = { .worth = EFIMAP_LOG_SOME_WORDS },
	[EFIMAP_LOG_TABLES] = { take_log_tables, .worth = EFIMAP_LOG_SOME_WORDS },
	[EFIMAP_LOG_MEM] = { keep_numbered, add_numbered, EFIMAP_LOG_SOME_WORDS },
	[EFIMAP_LOG_PLAIN_MEM] = { keep_mem, add_plain },
	[EFIMAP_LOG_RUNTIME_HEAD] = { efimap_log_keep, begin_runtime },
	[EFIMAP_LOG_MTRR] = { take_log_mtrr },
	[EFIMAP_LOG_SETUP_DATA] = { take_log_setup_data },
	[EFIMAP_LOG_NO_UEFI] = { .worth = EFIMAP_LOG_SOME_WORDS },
	[EFIMAP_LOG_SHELL_HEAD] = { efimap_log_take_shell_head },
	[EFIMAP_LOG_SHELL_TYPE] = { efimap_log_take_shell_type },
	[EFIMAP_LOG_SHELL_TOTAL] = { efimap_log_take_shell_total },
};

/* The names of types of memory in the UEFI shell, with a hyphen in GRUB */
#define SHELL_TYPE(name, number) { name, EFIMAP_LOG_SHELL_TYPE, number }

/* arch/x86/kernel/cpu/mtrr/generic.c: print_mtrr_state */
#define MTRR(number) { number " base", EFIMAP_LOG_MTRR }

/*
 * In the order of their bytes. "EFI:" before 3.4. arch/x86/mm/mem_encrypt.c:
 * print_mem_encrypt_feature_info ("AMD …" before 5.19, mem_encrypt_init before 5.10);
 * arch/x86/platform/efi/quirks.c: efi_crash_gracefully_on_page_fault; efi.c: efi_init.
 */
static const struct efimap_log_row log_rows[] = {
	MTRR("0"), MTRR("1"), MTRR("2"), MTRR("3"), MTRR("4"),
	MTRR("5"), MTRR("6"), MTRR("7"), MTRR("8"), MTRR("9"),
	SHELL_TYPE("ACPI-nvs", EFIMAP_TYPE_ACPI_NVS),
	SHELL_TYPE("ACPI-rec", EFIMAP_TYPE_ACPI_RECLAIM),
	SHELL_TYPE("ACPI_NVS", EFIMAP_TYPE_ACPI_NVS),
	SHELL_TYPE("ACPI_Recl", EFIMAP_TYPE_ACPI_RECLAIM),
	SHELL_TYPE("ACPI_recl", EFIMAP_TYPE_ACPI_RECLAIM),
	{ "AMD Memory Encryption Features active:", EFIMAP_LOG_ENCRYPTED },
	{ "AMD Secure Encrypted Virtualization (SEV) active", EFIMAP_LOG_ENCRYPTED },
	{ "AMD Secure Memory Encryption (SME) active", EFIMAP_LOG_ENCRYPTED },
	SHELL_TYPE("Available", EFIMAP_TYPE_CONVENTIONAL),
	{ "BIOS-e820:", EFIMAP_LOG_E820 },
	/* Where no range is, as Linux 7.0 prints it */
	{ "BIOS-e820: [gap 0x", EFIMAP_LOG_E820_GAP },
	SHELL_TYPE("BS-code", EFIMAP_TYPE_BOOT_CODE),
	SHELL_TYPE("BS-data", EFIMAP_TYPE_BOOT_DATA),
	SHELL_TYPE("BS_Code", EFIMAP_TYPE_BOOT_CODE),
	SHELL_TYPE("BS_Data", EFIMAP_TYPE_BOOT_DATA),
	SHELL_TYPE("BS_code", EFIMAP_TYPE_BOOT_CODE),
	SHELL_TYPE("BS_data", EFIMAP_TYPE_BOOT_DATA),
	/* arm64 (arch/arm64/kernel/cpufeature.c, cpuinfo.c; drivers/firmware/psci/psci.c), riscv
	 * (arch/riscv/kernel/sbi.c) */
	{ "CPU features: detected:", EFIMAP_LOG_OTHER_ARCH },
	{ "Command line:", EFIMAP_LOG_CMDLINE },
	/* Each of three stands behind what is said of EFI (drivers/firmware/dmi_scan.c); consoles
	 * have only "SMBIOS 2.8 present." */
	{ "DMI not present or invalid.", EFIMAP_LOG_DMI },
	{ "DMI:", EFIMAP_LOG_DMI },
	{ "Detected PIPT I-cache on CPU", EFIMAP_LOG_OTHER_ARCH },
	{ "EFI: mem", EFIMAP_LOG_MEM },
	SHELL_TYPE("IO-ports", EFIMAP_TYPE_MMIO_PORT),
	{ "Kernel command line:", EFIMAP_LOG_CMDLINE },
	{ "Linux version ", EFIMAP_LOG_VERSION },
	SHELL_TYPE("LoaderCode", EFIMAP_TYPE_LOADER_CODE),
	SHELL_TYPE("LoaderData", EFIMAP_TYPE_LOADER_DATA),
	SHELL_TYPE("MMIO", EFIMAP_TYPE_MMIO),
	SHELL_TYPE("MMIO_Port", EFIMAP_TYPE_MMIO_PORT),
	SHELL_TYPE("MemMapIO", EFIMAP_TYPE_MMIO),
	SHELL_TYPE("MemPortIO", EFIMAP_TYPE_MMIO_PORT),
	{ "Memory Encryption Features active:", EFIMAP_LOG_ENCRYPTED },
	SHELL_TYPE("PAL-code", EFIMAP_TYPE_PAL_CODE),
	SHELL_TYPE("PAL_code", EFIMAP_TYPE_PAL_CODE),
	SHELL_TYPE("PalCode", EFIMAP_TYPE_PAL_CODE),
	SHELL_TYPE("Persistent", EFIMAP_TYPE_PERSISTENT),
	SHELL_TYPE("RT-code", EFIMAP_TYPE_RUNTIME_CODE),
	SHELL_TYPE("RT-data", EFIMAP_TYPE_RUNTIME_DATA),
	SHELL_TYPE("RT_Code", EFIMAP_TYPE_RUNTIME_CODE),
	SHELL_TYPE("RT_Data", EFIMAP_TYPE_RUNTIME_DATA),
	SHELL_TYPE("RT_code", EFIMAP_TYPE_RUNTIME_CODE),
	SHELL_TYPE("RT_data", EFIMAP_TYPE_RUNTIME_DATA),
	SHELL_TYPE("Reserved", EFIMAP_TYPE_RESERVED),
	{ "SBI specification v", EFIMAP_LOG_OTHER_ARCH },
	{ "SMBIOS ", EFIMAP_LOG_DMI },
	/* arch/x86/kernel/setup.c; in distributions drivers/firmware/efi/secureboot.c */
	{ "Secure boot could not be determined", EFIMAP_LOG_SECURE_BOOT_UNKNOWN },
	{ "Secure boot disabled", EFIMAP_LOG_SECURE_BOOT_OFF },
	{ "Secure boot enabled", EFIMAP_LOG_SECURE_BOOT_ON },
	{ "Starting new kernel", EFIMAP_LOG_KEXEC },
	{ "Total Memory:", EFIMAP_LOG_SHELL_TOTAL },
	{ "Type Physical start - end #Pages", EFIMAP_LOG_SHELL_HEAD },
	{ "Type Start End #", EFIMAP_LOG_SHELL_HEAD },
	SHELL_TYPE("Unaccepted", EFIMAP_TYPE_UNACCEPTED),
	SHELL_TYPE("Unk 0f", EFIMAP_TYPE_UNACCEPTED),
	SHELL_TYPE("Unusable", EFIMAP_TYPE_UNUSABLE),
	SHELL_TYPE("available", EFIMAP_TYPE_CONVENTIONAL),
	SHELL_TYPE("conv-mem", EFIMAP_TYPE_CONVENTIONAL),
	{ "efi:", EFIMAP_LOG_TABLES },
	{ "efi: 0x", EFIMAP_LOG_PLAIN_MEM },
	{ "efi: EFI runtime memory map:", EFIMAP_LOG_RUNTIME_HEAD },
	{ "efi: EFI v", EFIMAP_LOG_GREETING },
	{ "efi: Froze efi_rts_wq and disabled EFI Runtime Services",
	  EFIMAP_LOG_SERVICES_LOST },
	{ "efi: No EFI runtime due to 32/64-bit mismatch with kernel",
	  EFIMAP_LOG_WIDTH_MISMATCH },
	/* drivers/firmware/efi/fdtparams.c; not of x86 */
	{ "efi: UEFI not found.", EFIMAP_LOG_NO_UEFI },
	{ "efi: mem", EFIMAP_LOG_MEM },
	/* drivers/video/fbdev/efifb.c; where the firmware is none of EFI, it is vesafb, or a
	 * framebuffer of no kind. Kernels hand on what kind it is. */
	{ "efifb: framebuffer at", EFIMAP_LOG_EFI_SCREEN },
	{ "fb0: EFI VGA frame buffer device", EFIMAP_LOG_EFI_SCREEN },
	{ "kexec: Starting new kernel", EFIMAP_LOG_KEXEC },
	{ "kexec_core: Starting new kernel", EFIMAP_LOG_KEXEC },
	SHELL_TYPE("ldr-code", EFIMAP_TYPE_LOADER_CODE),
	SHELL_TYPE("ldr-data", EFIMAP_TYPE_LOADER_DATA),
	SHELL_TYPE("persist", EFIMAP_TYPE_PERSISTENT),
	{ "psci:", EFIMAP_LOG_OTHER_ARCH },
	{ "reserve setup_data:", EFIMAP_LOG_SETUP_DATA },
	SHELL_TYPE("reserved", EFIMAP_TYPE_RESERVED),
	{ "secureboot: Secure boot could not be determined", EFIMAP_LOG_SECURE_BOOT_UNKNOWN },
	{ "secureboot: Secure boot disabled", EFIMAP_LOG_SECURE_BOOT_OFF },
	{ "secureboot: Secure boot enabled", EFIMAP_LOG_SECURE_BOOT_ON },
	SHELL_TYPE("unusable", EFIMAP_TYPE_UNUSABLE),
};

const struct efimap_log_row *efimap_log_rows(size_t *ret_count)
{
	*ret_count = sizeof(log_rows) / sizeof(log_rows[0]);
	return log_rows;
}

const struct efimap_log_row *efimap_log_row_of(size_t n, struct efimap_text message,
					       struct efimap_text *ret_rest)
{
	for (; n > 0 && message.len && log_rows[n - 1].starts[0] >= message.at[0]; n--) {
		size_t used;

		if (efimap_words_compare(message.at, message.len, log_rows[n - 1].starts, &used))
			continue;
		efimap_text_skip(&message, used);
		*ret_rest = message;
		return &log_rows[n - 1];
	}
	return NULL;
}
