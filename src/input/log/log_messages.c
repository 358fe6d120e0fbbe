/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The kinds of lines in a kernel log: the texts with which they begin, and their parsers. */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text_prefix.h"
#include "capture/kernel_parameters.h"
#include "input/kept_parameters.h"
#include "input/log/log_messages.h"
#include "input/source_limits.h"
#include "linux/virtual_layout.h"

/* Highest number that is accepted after "mem". */
#define MAX_NUMBER 9999999U
#define HEX64 16U
#define HEX48 12U
#define MAX_E820_WORD 31U

/* Maximum size in bytes of the messages of one boot. Most ring buffers are smaller. */
#define MAX_MESSAGES ((size_t)4 << 20)

/* Lines of call traces are not kept after this number of lines about failures in a boot. */
#define MAX_SYMPTOMS 500

/* 1 MiB, the end of low memory on a PC. */
#define LOW_MEMORY (UINT64_C(1) << 20)

/* Maximum number of entries with a higher index that may precede an entry in the log. */
#define MAX_LATE 64

/* Parse a line. Return 1 if the line was used, 0 if it was ignored, or -E2BIG. */
typedef int parse_fn(struct boot_messages *boot, const struct log_line *line);

static void count_bad(struct log_bad *bad, const struct log_line *line)
{
	const size_t max = sizeof(bad->first) - 1,
		     len = line->message.len < max ? line->message.len : max;

	if (bad->count++ > 0)
		return;
	bad->line = line->number;
	memcpy(bad->first, line->message.at, len);
	text_clean(bad->first, len);
	bad->first[len] = '\0';
}

/* If one of the following functions returns false, its output arguments are undefined. */

static bool take_until(struct text *text, char stop, struct text *ret_piece)
{
	const char *end = text->len ? memchr(text->at, stop, text->len) : NULL;

	if (!end)
		return false;
	*ret_piece = (struct text){ text->at, (size_t)(end - text->at) };
	text_skip(text, ret_piece->len + 1);
	return true;
}

static bool take_hex(struct text *text, size_t min, uint64_t *ret_value)
{
	return text_take(text, "0x") && text_take_hex(text, min, ret_value);
}

/*
 * The next functions parse lines of memory lists. Flags are parsed by name, because their columns
 * differ between versions of Linux.
 *
 * Source: arch/x86/platform/efi/efi.c: efi_print_memmap (formerly print_efi_memmap,
 * do_add_efi_memmap); drivers/firmware/efi/efi-init.c: reserve_regions (arm64, riscv, loongarch);
 * drivers/firmware/efi/efi.c: efi_md_typeattr_format
 */

/* The names in memory_type_name[] of Linux 3.18 or later. Linux 5.10 shortened some names. */
static const struct {
	const char *name;
	const char *old;
} type_names[EFIMAP_TYPE_FIRST_UNDEFINED] = {
	[EFIMAP_TYPE_RESERVED] = { "Reserved" },
	[EFIMAP_TYPE_LOADER_CODE] = { "Loader Code" },
	[EFIMAP_TYPE_LOADER_DATA] = { "Loader Data" },
	[EFIMAP_TYPE_BOOT_CODE] = { "Boot Code" },
	[EFIMAP_TYPE_BOOT_DATA] = { "Boot Data" },
	[EFIMAP_TYPE_RUNTIME_CODE] = { "Runtime Code" },
	[EFIMAP_TYPE_RUNTIME_DATA] = { "Runtime Data" },
	[EFIMAP_TYPE_CONVENTIONAL] = { "Conventional", "Conventional Memory" },
	[EFIMAP_TYPE_UNUSABLE] = { "Unusable", "Unusable Memory" },
	[EFIMAP_TYPE_ACPI_RECLAIM] = { "ACPI Reclaim", "ACPI Reclaim Memory" },
	[EFIMAP_TYPE_ACPI_NVS] = { "ACPI Mem NVS", "ACPI Memory NVS" },
	[EFIMAP_TYPE_MMIO] = { "MMIO", "Memory Mapped I/O" },
	[EFIMAP_TYPE_MMIO_PORT] = { "MMIO Port", "MMIO Port Space" },
	[EFIMAP_TYPE_PAL_CODE] = { "PAL Code" },
	[EFIMAP_TYPE_PERSISTENT] = { "Persistent", "Persistent Memory" },
	[EFIMAP_TYPE_UNACCEPTED] = { "Unaccepted" },
};

static bool parse_type(struct text name, uint32_t *ret_type)
{
	uint64_t number;

	text_trim(&name);
	if (text_take(&name, "type=")) {
		if (!text_take_number(&name, UINT32_MAX, &number) || name.len)
			return false;
		*ret_type = (uint32_t)number;
		return true;
	}
	for (uint32_t type = 0; type < EFIMAP_TYPE_FIRST_UNDEFINED; type++)
		if (text_is(name, type_names[type].name) ||
		    (type_names[type].old && text_is(name, type_names[type].old))) {
			*ret_type = type;
			return true;
		}
	return false;
}

static bool add_flag(struct text name, uint64_t *attribute)
{
	text_trim(&name);
	if (name.len == 0)
		return true;
	for (const struct attr_name *flag = attr_names; flag->bit; flag++)
		if (text_is(name, flag->name)) {
			*attribute |= flag->bit;
			return true;
		}
	return false;
}

/* Parse "RUN|  |WB|…" or, if a bit has no name, "attr=0x070000000000000f". */
static bool take_flags(struct text flags, uint64_t *attribute)
{
	struct text flag;

	if (text_take(&flags, "attr="))
		return take_hex(&flags, HEX64, attribute) && flags.len == 0;
	while (take_until(&flags, '|', &flag))
		if (!add_flag(flag, attribute))
			return false;
	return add_flag(flags, attribute);
}

/* Parse "[Boot Data   |RUN|…]" or, from kernels before 3.18, "type=4, attr=0xf,". */
static bool take_type(struct text *text, struct map_entry *entry)
{
	struct text inside, type;
	uint64_t number;

	if (text_take(text, "["))
		return take_until(text, ']', &inside) && take_until(&inside, '|', &type) &&
		       parse_type(type, &entry->type) && take_flags(inside, &entry->attribute);
	if (!text_take(text, "type=") || !text_take_number(text, UINT32_MAX, &number) ||
	    !text_take(text, ", attr=") || !take_hex(text, 1, &entry->attribute) ||
	    !text_take(text, ","))
		return false;
	entry->type = (uint32_t)number;
	return true;
}

/*
 * Set the physical range of an entry. @end is exclusive if @half_open is set. Otherwise, @end is
 * inclusive, and is @start - 1 for an empty range. Return false if the range does not consist of
 * complete pages.
 */
static bool set_range(struct map_entry *entry, uint64_t start, uint64_t end, bool half_open)
{
	const uint64_t bytes = end - start + (half_open ? 0 : 1);

	if (start % EFIMAP_PAGE_SIZE || bytes % EFIMAP_PAGE_SIZE)
		return false;
	entry->phys = start;
	entry->pages = bytes / EFIMAP_PAGE_SIZE;
	return true;
}

/*
 * Return whether the printed size, such as " (3MB)", equals @pages in MiB, rounded down, or is
 * missing. If the size differs, a digit of the line was probably lost.
 */
static bool is_size_right(struct text text, uint64_t pages)
{
	uint64_t size;

	text_skip_blanks(&text);
	if (!text_take(&text, "(")) {
		text_trim_marks(&text);
		return text.len == 0;
	}
	return text_take_number(&text, UINT64_MAX, &size) && text_take(&text, "MB)") &&
	       size == pages >> 8;
}

/* Parse the text after "mem" in a line of x86: "07: [Boot Data|RUN|WB|…] range=[0x…-0x…] (3MB)". */
static bool parse_numbered(struct text rest, struct map_entry *entry)
{
	uint64_t start = 0, end = 0, number = 0;
	bool half_open;

	if (!text_take_number(&rest, MAX_NUMBER, &number) || !text_take(&rest, ":"))
		return false;
	*entry = (struct map_entry){ .index = (uint32_t)number, .virt_from = EFIMAP_VIRT_UNKNOWN };
	text_skip_blanks(&rest);
	if (!take_type(&rest, entry))
		return false;
	text_skip_blanks(&rest);
	if (!text_take(&rest, "range=[") || !take_hex(&rest, HEX64, &start) ||
	    !text_take(&rest, "-") || !take_hex(&rest, HEX64, &end))
		return false;
	half_open = text_take(&rest, ")");
	if (!half_open && !text_take(&rest, "]"))
		return false;
	return set_range(entry, start, end, half_open) && is_size_right(rest, entry->pages);
}

/*
 * Return whether a line describes a descriptor that the kernel removed:
 *
 *   47: [Reserved|…] range=[0x0-0x0] (invalid)
 *
 * The kernel renumbers the other descriptors before it prints a list, so the list has no gap if
 * such a line is ignored (arch/x86/platform/efi/efi.c: efi_memmap_entry_valid, efi_clean_memmap;
 * Linux 4.10 or later).
 */
static bool is_removed(struct text rest)
{
	text_trim(&rest);
	return text_ends(rest, "] (invalid)");
}

/*
 * The labels that the kernel prints in the e820 table, and the corresponding labels in
 * /sys/firmware/memmap (arch/x86/kernel/e820.c: e820__print_table, e820_print_type,
 * e820_type_to_string). Linux 7.0 or later prints "System RAM", "device reserved" and "persistent
 * RAM" in the table.
 */
static const struct {
	const char *printed;
	const char *label;
} e820_labels[] = {
	{ "usable", "System RAM" },
	{ "System RAM", "System RAM" },
	{ "reserved", "Reserved" },
	{ "device reserved", "Reserved" },
	{ "soft reserved", "Soft Reserved" },
	{ "ACPI data", "ACPI Tables" },
	{ "ACPI NVS", "ACPI Non-volatile Storage" },
	{ "unusable", "Unusable memory" },
	{ "persistent (type 7)", "Persistent Memory" },
	{ "persistent (type 12)", "Persistent Memory (legacy)" },
	{ "persistent RAM (type 7)", "Persistent Memory" },
	{ "persistent RAM (type 12)", "Persistent Memory (legacy)" },
};

static const char *e820_label_of(struct text word)
{
	for (size_t i = 0; i < sizeof(e820_labels) / sizeof(e820_labels[0]); i++)
		if (text_is(word, e820_labels[i].printed))
			return e820_labels[i].label;
	return text_take(&word, "type ") && word.len ? "Unknown E820 type" : NULL;
}

/*
 * Parse "[mem 0x0000000000000000-0x000000000009efff] usable", where the end is inclusive, or the
 * format before Linux 3.5, "0000000000000000 - 000000000009ec00 (usable)", where it is exclusive.
 * Set the start, the inclusive end, and the label in memmap of @range.
 */
static bool parse_e820(struct text rest, struct memory_range *range)
{
	text_trim_marks(&rest);
	if (text_take(&rest, "[mem ")) {
		if (!take_hex(&rest, HEX64, &range->start) || !text_take(&rest, "-") ||
		    !take_hex(&rest, HEX64, &range->end) || !text_take(&rest, "]"))
			return false;
		text_trim(&rest);
	} else {
		if (!text_take_hex(&rest, HEX64, &range->start) || !text_take(&rest, " - ") ||
		    !text_take_hex(&rest, HEX64, &range->end) || !text_take(&rest, " ("))
			return false;
		text_trim(&rest);
		if (rest.len < 2 || rest.len > MAX_E820_WORD || rest.at[rest.len - 1] != ')' ||
		    range->end <= range->start)
			return false;
		range->end--;
		rest.len--;
	}
	range->label = e820_label_of(rest);
	return range->label;
}

/* Store the release from a "Linux version" line, or the reason why the release is invalid. */
static int take_log_version(struct boot_messages *boot, const struct log_line *line)
{
	struct version_words words;
	size_t len;

	if (!line->rest.len || !parse_release_word(line->rest, &len, &boot->bad_release))
		return 0;
	set_release(boot->facts, line->rest.at, len);
	words = take_version_words(line->rest.at, line->rest.len, &boot->facts->release);
	boot->facts->is_preempt_rt = words.is_preempt_rt;
	boot->facts->clang = words.clang;
	boot->facts->is_foreign_architecture = words.is_foreign_architecture;
	return 1;
}

/*
 * Remove another message from the end of a line with parameters. If two CPUs print at once, a
 * console may lack the newline between two messages. Return whether there was a message.
 */
static bool remove_message(struct text *parameters)
{
	static const char stamp[] = "[    0.";
	const char *at = memmem(parameters->at, parameters->len, stamp, strlen(stamp));

	if (at)
		parameters->len = (size_t)(at - parameters->at);
	return at;
}

/* Return whether a text is the beginning of a string, or a string is the beginning of the text. */
static bool is_same_start(struct text text, const char *other)
{
	const size_t len = strlen(other);

	return memcmp(text.at, other, len < text.len ? len : text.len) == 0;
}

/*
 * Store the kernel parameters. The kernel prints them on two lines, of which either can be lost or
 * truncated, so the longer line is used. Equal lines are not truncated. Lines that differ do not
 * show that a parameter is absent.
 */
static int take_log_cmdline(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;
	const bool is_joined = remove_message(&rest);
	char *text;

	text_trim(&rest);
	boot->has_whole_cmdline = rest.len && rest.len == strlen(boot->facts->cmdline) &&
				  memcmp(rest.at, boot->facts->cmdline, rest.len) == 0;
	boot->is_cmdline_cut |= is_joined || line->is_wrapped || line->is_cut ||
				!is_same_start(rest, boot->facts->cmdline);
	if (rest.len <= strlen(boot->facts->cmdline))
		return 0;
	boot->cmdline_width = line->all.len;
	text = arena_strndup(&boot->facts->arena, rest.at, rest.len);
	cmdline_clean(text, rest.len);
	boot->facts->cmdline = text;
	return 1;
}

/* Start the list of tables. It is parsed later, because it may continue on the next lines. */
static int take_log_tables(struct boot_messages *boot, const struct log_line *line)
{
	return log_tables_open(&boot->tables, line);
}

/*
 * Parse "0x0000000074dd6f98 to 0x0000000074dd6fd0." (drivers/firmware/efi/esrt.c: efi_esrt_init). A
 * console of 80 columns truncates the second address, which is therefore optional.
 */
static int take_log_esrt(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;
	uint64_t start, end;

	text_skip_blanks(&rest);
	if (!take_hex(&rest, 1, &start) || !text_take(&rest, " to"))
		return 0;
	text_skip_blanks(&rest);
	if (take_hex(&rest, HEX64, &end) && end < start)
		return 0;
	boot->esrt = start;
	return 1;
}

static int add_e820(struct boot_messages *boot, const struct log_line *line)
{
	struct efimap *facts = boot->facts;
	struct memory_range range;
	const struct memory_range *last =
		facts->n_memmap ? &facts->memmap[facts->n_memmap - 1] : NULL;

	if (!parse_e820(line->rest, &range)) {
		count_bad(&boot->bad_e820, line);
		return 1;
	}
	/* Ignore a copy of the previous line. Some logs contain every line twice. */
	if (last && last->start == range.start && last->end == range.end &&
	    strcmp(last->label, range.label) == 0)
		return 1;
	if (facts->n_memmap >= EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	capture_add_memmap(facts, (uint32_t)facts->n_memmap, range.start, range.end, range.label,
			   strlen(range.label));
	return 1;
}

/*
 * Insert an entry into a list, which is sorted by index. In a file to which two programs write,
 * lines may be duplicated, or late by up to MAX_LATE lines. Return -EEXIST if the entry contradicts
 * the list, for example because another list begins with this entry.
 */
static int list_add(struct log_list *list, const struct map_entry *entry)
{
	const size_t lowest = list->count > MAX_LATE ? list->count - MAX_LATE : 0;
	const struct map_entry *before;
	size_t at = list->count;

	while (at > lowest && list->entries[at - 1].index > entry->index)
		at--;
	before = at > 0 ? &list->entries[at - 1] : NULL;
	/* The line is a copy, or contradicts the entry with its index, or is too late. */
	if (before && before->index >= entry->index)
		return before->index == entry->index && entries_are_equal(before, entry) ? 0
											 : -EEXIST;
	if (list->count >= EFIMAP_MAX_ENTRIES)
		return -E2BIG;
	array_reserve(&list->entries, list->count, &list->capacity, sizeof(*list->entries));
	memmove(&list->entries[at + 1], &list->entries[at],
		(list->count - at) * sizeof(*list->entries));
	list->entries[at] = *entry;
	list->count++;
	return 0;
}

/* With efi_fake_mem, the kernel prints a second list: the changed EFI memory map. */
static void replace_firmware(struct log_lists *lists)
{
	free(lists->firmware.entries);
	lists->firmware = lists->runtime;
	lists->runtime = (struct log_list){ 0 };
}

/*
 * Add @entry to the list of the current section. A line that contradicts the EFI memory map starts
 * the second list. If @entry is NULL or contradicts the second list, count the line as bad.
 */
static int add_mem(struct boot_messages *boot, const struct log_line *line,
		   const struct map_entry *entry)
{
	struct log_lists *lists = &boot->lists;
	int ret = -EEXIST;

	if (entry) {
		lists->n_descents += lists->n_lines > 0 && entry->index + 1 == lists->last_index;
		lists->n_lines++;
		lists->last_index = entry->index;
		if (lists->section == EFIMAP_LOG_GIVEN) {
			ret = list_add(&lists->firmware, entry);
			if (ret == -EEXIST)
				lists->section = EFIMAP_LOG_RESTART;
		}
		if (lists->section != EFIMAP_LOG_GIVEN)
			ret = list_add(&lists->runtime, entry);
	}
	if (ret == -EEXIST)
		count_bad(&boot->bad_mem, line);
	return ret && ret != -EEXIST ? ret : 1;
}

/* Return whether a number follows "efi: mem". None follows in "efi: memattr:". */
static bool is_numbered(struct text rest)
{
	return rest.len && isdigit((unsigned char)rest.at[0]);
}

static int add_numbered(struct boot_messages *boot, const struct log_line *line)
{
	struct map_entry entry;
	bool is_good;

	if (!is_numbered(line->rest))
		return 0;
	if (is_removed(line->rest))
		return 1;
	is_good = parse_numbered(line->rest, &entry);
	return add_mem(boot, line, is_good ? &entry : NULL);
}

/*
 * Parse the text after "0x" in a line of the EFI memory map on architectures other than x86, whose
 * lines do not begin with "memNN:":
 *
 *   0000e1050000-0x0000e105ffff [Memory Mapped I/O|RUN|…]*
 */
static int add_plain(struct boot_messages *boot, const struct log_line *line)
{
	struct map_entry entry = { .virt_from = EFIMAP_VIRT_UNKNOWN };
	struct text rest = line->rest;
	uint64_t start = 0, end = 0;

	if (!text_take_hex(&rest, HEX48, &start) || !text_take(&rest, "-") ||
	    !take_hex(&rest, HEX48, &end))
		return add_mem(boot, line, NULL);
	text_skip_blanks(&rest);
	if (!take_type(&rest, &entry) || !set_range(&entry, start, end, false))
		return add_mem(boot, line, NULL);
	boot->is_plain = true;
	entry.index = (uint32_t)boot->lists.firmware.count;
	return add_mem(boot, line, &entry);
}

/*
 * Find the SETUP_EFI node in the e820 table that Linux 6.12 or earlier prints after it has reserved
 * setup_data (arch/x86/kernel/e820.c: e820__reserve_setup_data). Only the range of this node has
 * the length EFIMAP_EFI_NODE_SIZE.
 */
static int take_log_setup_data(struct boot_messages *boot, const struct log_line *line)
{
	struct memory_range range;

	if (parse_e820(line->rest, &range) && range.end - range.start == EFIMAP_EFI_NODE_SIZE - 1)
		boot->efi_node = range.start;
	return 1;
}

/*
 * Return whether "12 printk messages dropped **" (kernel/printk/printk.c) shows that early messages
 * were lost. After the DMI line, which follows the messages of efi_init(), it does not.
 */
static int take_log_lost(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;
	uint64_t count;

	return text_take_number(&rest, UINT64_MAX, &count) &&
	       text_take(&rest, " printk messages dropped") && !boot->seen[EFIMAP_LOG_DMI];
}

/*
 * Return whether the ACPI root pointer is at or above 1 MiB. The line contains
 * "0x000000007F77D014 000024 (v02 BOCHS )". Old kernels omit "0x". Without EFI, a first kernel
 * finds the pointer below 1 MiB (drivers/acpi/acpica/tbxfroot.c: acpi_find_root_pointer), so a
 * higher address shows that the kernel was booted with EFI or by kexec.
 */
static int take_log_rsdp(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;
	uint64_t address;

	text_skip_blanks(&rest);
	text_take(&rest, "0x");
	if (!text_take_hex(&rest, 8, &address))
		return 0;
	boot->facts->rsdp = address;
	return address >= LOW_MEMORY;
}

/*
 * Read the model of the machine and the version of its firmware from "DMI: Dell Inc. PowerEdge
 * R640/0W23H8, BIOS 2.11.2 04/21/2021". Machines without a name of the board have no slash.
 */
static int take_log_dmi(struct boot_messages *boot, const struct log_line *line)
{
	static const char before_bios[] = ", BIOS ";
	struct text bios = line->rest, model = line->rest;
	size_t slash;

	text_skip_blanks(&model);
	if (!text_find(&bios, before_bios))
		return 1;
	model.len = (size_t)(bios.at - model.at) - strlen(before_bios);
	slash = model.len;
	while (slash && model.at[slash - 1] != '/')
		slash--;
	if (slash)
		model.len = slash - 1;
	while (bios.len && bios.at[bios.len - 1] != ' ')
		bios.len--;
	text_trim(&model);
	text_trim(&bios);
	boot->facts->log_model = arena_strndup(&boot->facts->arena, model.at, model.len);
	boot->facts->log_bios = arena_strndup(&boot->facts->arena, bios.at, bios.len);
	return 1;
}

void log_keep_date(struct boot_messages *boot, struct text text)
{
	uint32_t date;

	/* A date has dashes, or a time of day. Most lines have only the time since the boot. */
	if (!text.len || !(memchr(text.at, '-', text.len) || memchr(text.at, ':', text.len)))
		return;
	date = find_date(text);
	if (date > boot->facts->log_date)
		boot->facts->log_date = date;
}

/* Take " to 2026-11-30T07:51:48 UTC (1795153935)", with which Linux sets its clock. */
static int take_log_clock(struct boot_messages *boot, const struct log_line *line)
{
	log_keep_date(boot, line->rest);
	return 1;
}

/*
 * Derive the width of physical addresses from an MTRR, such as " 0000000000 mask 7F80000000
 * write-back". The highest set bit of the mask is the highest address bit, because no range covers
 * the complete address space. The kernel prints as many digits as the width requires, so a mask
 * whose first digit is 0 is a firmware bug, and is ignored.
 */
static int take_log_mtrr(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;
	unsigned int bits = 0;
	uint64_t mask;
	size_t len;

	text_skip_blanks(&rest);
	text_skip(&rest, text_span(rest, EFIMAP_HEX_DIGITS));
	if (!text_take(&rest, " mask "))
		return 0;
	len = text_span(rest, EFIMAP_HEX_DIGITS);
	if (len > 13 || !text_take_hex(&rest, 9, &mask))
		return 0;
	while (bits < 64 && mask >> bits)
		bits++;
	if (bits <= 4 * (len - 1))
		return 0;
	if (bits > boot->facts->mtrr_bits)
		boot->facts->mtrr_bits = bits;
	return 1;
}

/* Return 0 for "Booting paravirtualized kernel on Xen HVM", of a guest with its own firmware. */
static int take_log_xen_pv(struct boot_messages *boot, const struct log_line *line)
{
	struct text rest = line->rest;

	text_trim_marks(&rest);
	text_trim(&rest);
	return rest.len == 0 || text_is(rest, "PV");
}

static int begin_runtime(struct boot_messages *boot, const struct log_line *line)
{
	if (boot->lists.section == EFIMAP_LOG_RESTART)
		replace_firmware(&boot->lists);
	boot->lists.section = EFIMAP_LOG_MAPPED;
	return 1;
}

/*
 * The kinds of lines.
 *
 * @parse:      parser; NULL if only the presence of such lines matters
 * @is_vague:   the line is not about EFI, e820, kexec or a related feature. A file without other
 *              lines is accepted as a log only if its command line contains crashkernel=, or if it
 *              contains a release and a command line.
 * @is_useless: the line is useful only together with other lines (is_silent)
 */
static const struct {
	parse_fn *parse;
	bool is_vague;
	bool is_useless;
} kinds[EFIMAP_LOG_KINDS] = {
	[EFIMAP_LOG_VERSION] = { take_log_version, true, true },
	[EFIMAP_LOG_CMDLINE] = { take_log_cmdline, true },
	[EFIMAP_LOG_E820] = { add_e820 },
	[EFIMAP_LOG_TABLES] = { take_log_tables },
	[EFIMAP_LOG_ESRT] = { take_log_esrt },
	[EFIMAP_LOG_MEM] = { add_numbered },
	[EFIMAP_LOG_PLAIN_MEM] = { add_plain },
	[EFIMAP_LOG_RUNTIME_HEAD] = { begin_runtime },
	[EFIMAP_LOG_ENCRYPTED] = { NULL, true },
	[EFIMAP_LOG_MTRR] = { take_log_mtrr, true },
	[EFIMAP_LOG_SETUP_DATA] = { take_log_setup_data },
	[EFIMAP_LOG_NX] = { NULL, true, true },
	[EFIMAP_LOG_DMI] = { take_log_dmi, true, true },
	[EFIMAP_LOG_CLOCK] = { take_log_clock, true, true },
	[EFIMAP_LOG_SRAT] = { NULL, true, true },
	[EFIMAP_LOG_LOST] = { take_log_lost, true, true },
	[EFIMAP_LOG_RSDP] = { take_log_rsdp, true, true },
	[EFIMAP_LOG_KEXEC] = { NULL, false, true },
	[EFIMAP_LOG_OTHER_ARCH] = { NULL, true },
	[EFIMAP_LOG_ARM_START] = { NULL, true, true },
	[EFIMAP_LOG_XEN_E820] = { add_e820 },
	[EFIMAP_LOG_XEN_PV] = { take_log_xen_pv, true, true },
	[EFIMAP_LOG_XEN_PVH] = { NULL, true, true },
	[EFIMAP_LOG_TOOL] = { NULL, false, true },
	[EFIMAP_LOG_SYMPTOM] = { NULL, true, true },
};

/*
 * In an excerpt of a few lines below this length, the two longest ones may have the same length by
 * chance, but not so many.
 */
#define LEAST_CUT_COLUMN 40
#define LEAST_CUT_LINES 4

size_t log_cut_column(const struct boot_messages *boot)
{
	const bool is_version_cut = boot->longest && boot->cut_version == boot->longest;

	if (boot->longest < LEAST_CUT_COLUMN)
		return boot->n_longest >= LEAST_CUT_LINES ? boot->longest : 0;
	return is_version_cut || boot->n_longest > 1 ? boot->longest : 0;
}

bool log_version_is_complete(struct text message)
{
	return message.len && text_contains(message, " #") &&
	       text_is_one_of(message.at[message.len - 1], EFIMAP_DIGITS ")");
}

static void measure(struct boot_messages *boot, const struct log_row *row,
		    const struct log_line *line)
{
	const size_t len = line->all.len;

	if (row && row->kind == EFIMAP_LOG_VERSION)
		boot->cut_version = log_version_is_complete(line->rest) ? 0 : len;
	if (len > boot->longest) {
		boot->longest = len;
		boot->n_longest = 0;
	}
	/* Lines of the same memory list, list of tables or call trace may have the same length. */
	boot->n_longest += len == boot->longest && row && row->kind != EFIMAP_LOG_MEM &&
			   row->kind != EFIMAP_LOG_PLAIN_MEM && row->kind != EFIMAP_LOG_E820 &&
			   row->kind != EFIMAP_LOG_TABLES && row->kind != EFIMAP_LOG_SYMPTOM;
}

void log_end_boot(struct boot_messages *boot)
{
	static const char esrt[] = "ESRT";
	struct efimap *facts = boot->facts;

	log_tables_close(&boot->tables, facts);
	log_tables_check_column(&boot->tables, log_cut_column(boot), facts);
	/* A second list without a header is the runtime map only if it contains no RAM. */
	if (boot->lists.section == EFIMAP_LOG_RESTART &&
	    layout_has_ram(boot->lists.runtime.entries, boot->lists.runtime.count))
		replace_firmware(&boot->lists);
	if (!boot->esrt)
		return;
	if (!facts->n_tables && !facts->n_faults)
		capture_add_lines_fault(facts, EFIMAP_SRC_CONFIG_TABLE, EFIMAP_STATE_LINES_MISSING,
					0,
					"the list of configuration tables is missing, so tables "
					"other than the ESRT are unknown");
	/* In the list of tables, the address of the ESRT may be truncated, so replace it. */
	for (size_t i = 0; i < facts->n_tables; i++)
		if (strcmp(facts->tables[i].name, esrt) == 0) {
			facts->tables[i].value = boot->esrt;
			return;
		}
	capture_add_table(facts, esrt, sizeof(esrt) - 1, boot->esrt);
}

static const struct log_row trace_row = { "", EFIMAP_LOG_SYMPTOM, "" };
static const struct log_row efi_trace_row = { "", EFIMAP_LOG_ABOUT, "" };

/*
 * Return whether a message consists of code or the name of a function, and so of no private data:
 * "Code: 90 <0f> 0b", "RIP: 0010:name+0x12/0x34", or a line of a call trace. A module that is not a
 * part of Linux, and its functions, may have private names.
 */
static bool is_trace(struct text message)
{
	static const char modules[] =
		"kvm,kvm_intel,kvm_amd,efivarfs,efi_pstore,tpm,nvme,nvme_core,ahci,mpt3sas,hpsa,"
		"megaraid_sas,smartpqi,qla2xxx,lpfc,ixgbe,i40e,ice,igb,igc,e1000e,mlx5_core,tg3,"
		"bnxt_en,xhci_hcd,i915,xe,amdgpu,nouveau,radeon,ast,mgag200,drm,vmd,hv_vmbus";
	static const char name[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.";
	struct text word = { "", 2 };
	size_t len;

	text_trim(&message);
	if (text_take(&message, "Code: ")) {
		if (text_span(message, EFIMAP_HEX_DIGITS "<>() ") < message.len)
			return false;
		while (word.len == 2 || (word.len == 4 && text_is_one_of(word.at[0], "<(")))
			word = text_take_word(&message);
		return !word.len;
	}
	if (!text_take(&message, "RIP: 0010:"))
		text_take(&message, "? ");
	len = text_span(message, name);
	text_skip(&message, len);
	if (!len || !text_take(&message, "+0x"))
		return false;
	text_skip(&message, text_span(message, EFIMAP_HEX_DIGITS "/x"));
	if (text_take(&message, " [") && text_ends(message, "]"))
		return is_one_of_words((struct text){ message.at, message.len - 1 }, modules);
	return !message.len;
}

int log_parse(struct boot_messages *boot, const struct log_row *row, const struct log_line *line)
{
	bool continues =
		boot->tables.n_lines && !boot->is_cut && log_tables_continue(&boot->tables, line);
	bool is_map;
	int ret;

	if (row == &trace_row && boot->seen[EFIMAP_LOG_SYMPTOM] >= MAX_SYMPTOMS)
		row = NULL;
	if (!continues)
		log_tables_close(&boot->tables, boot->facts);
	if (!continues && !row)
		continues = log_tables_stray(line, boot->facts);
	if (boot->is_cut || (!continues && !row))
		return continues;
	/* The many lines of memory lists are not kept as messages, because no rule matches them. */
	is_map = !continues && (row->kind == EFIMAP_LOG_PLAIN_MEM ||
				(row->kind == EFIMAP_LOG_MEM && is_numbered(line->rest) &&
				 !is_removed(line->rest)));
	if (!is_map && boot->messages.used + line->message.len >= MAX_MESSAGES) {
		boot->is_cut = true;
		capture_add_lines_fault(boot->facts, EFIMAP_SRC_KERNEL_LOG,
					EFIMAP_STATE_LINES_IGNORED, line->number,
					"this and the following lines are ignored, because the "
					"boot has more than %zu MiB of messages",
					MAX_MESSAGES >> 20);
		return 0;
	}
	if (!is_map) {
		out_write(&boot->messages, line->message.at, line->message.len);
		out_putc(&boot->messages, '\n');
	}
	boot->n_lines++;
	measure(boot, row, line);
	if (continues)
		return 1;
	boot->has_version |= row->kind == EFIMAP_LOG_VERSION;
	boot->has_cmdline |= row->kind == EFIMAP_LOG_CMDLINE;
	boot->is_silent &= kinds[row->kind].is_useless;
	if (is_map)
		boot->worth = EFIMAP_LOG_MAP;
	else if (boot->worth < EFIMAP_LOG_SOME_WORDS &&
		 (!kinds[row->kind].is_vague ||
		  (row->kind == EFIMAP_LOG_CMDLINE && text_contains(line->rest, "crashkernel="))))
		boot->worth = EFIMAP_LOG_SOME_WORDS;
	if (is_map && boot->skips_lists)
		return 1;
	/* Kernels before 3.4 print "EFI:" instead of "efi:". */
	boot->shows_efi |= row->kind != EFIMAP_LOG_NO_UEFI && (text_begins(line->message, "efi:") ||
							       text_begins(line->message, "EFI:") ||
							       text_begins(line->message, "esrt:"));
	ret = kinds[row->kind].parse ? kinds[row->kind].parse(boot, line) : 1;
	/* The last line of a log may be a part of "efi: mem", which does not end the list. */
	if (is_map || line->message.len > strlen("efi: mem"))
		boot->ends_in_list = is_map;
	boot->ends_in_arm_start = row->kind == EFIMAP_LOG_ARM_START;
	if (ret > 0 && boot->seen[row->kind] < UINT32_MAX)
		boot->seen[row->kind]++;
	return ret < 0 ? ret : 1;
}

const struct log_row *log_row_of(struct text message, struct text *ret_rest)
{
	size_t first = 0, end = n_log_rows, used;
	struct text rest;

	/* Find the first row that neither sorts before the message nor is a prefix of it. */
	while (first < end) {
		const size_t middle = first + (end - first) / 2;

		if (prefix_compare(message.at, message.len, log_rows[middle].starts, &used) < 0)
			end = middle;
		else
			first = middle + 1;
	}
	/* If several rows are prefixes of the message, the longest sorts last. */
	for (; first > 0; first--) {
		const struct log_row *row = &log_rows[first - 1];

		if (row->starts[0] != message.at[0])
			break;
		if (prefix_compare(message.at, message.len, row->starts, &used))
			continue;
		rest = message;
		text_skip(&rest, used);
		if (row->contains[0] && !text_contains(rest, row->contains))
			continue;
		*ret_rest = rest;
		return row;
	}
	if (!is_trace(message))
		return NULL;
	return text_contains(message, "efi_") || text_contains(message, "efivar") ? &efi_trace_row
										  : &trace_row;
}
