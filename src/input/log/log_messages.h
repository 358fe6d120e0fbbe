/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INPUT_LOG_LOG_MESSAGES_H
#define INPUT_LOG_LOG_MESSAGES_H

#include "base/output_buffer.h"
#include "capture/capture.h"
#include "input/log/configuration_tables.h"
#include "input/log/line_prefixes.h"
#include "input/parse_values.h"

/*
 * The kinds of lines. log_rows.c contains the text with which each kind starts. Lines
 * of the kind ABOUT are about EFI, e820 or kexec. Only rules and answers use these lines. Lines of
 * the kind TOOL are printed by kexec(8), kdump services and systemctl. They may contain paths, and
 * are not recorded. Only kernels for architectures other than x86 print the kinds OTHER_ARCH,
 * OTHER_ARCH_EFI, NO_UEFI and ARM_START. ARM_START precedes "Linux version". Kernels in PV domains
 * of Xen print XEN_PV and XEN_E820, and those in PVH domains print XEN_PVH. Lines of the kind
 * SYMPTOM show a failure of a kernel, which may have nothing to do with EFI or kexec.
 */
enum log_kind {
	EFIMAP_LOG_VERSION,
	EFIMAP_LOG_CMDLINE,
	EFIMAP_LOG_E820,
	EFIMAP_LOG_E820_GAP,
	EFIMAP_LOG_TABLES,
	EFIMAP_LOG_ESRT,
	EFIMAP_LOG_MEM,
	EFIMAP_LOG_PLAIN_MEM,
	EFIMAP_LOG_RUNTIME_HEAD,
	EFIMAP_LOG_SERVICES_LOST,
	EFIMAP_LOG_WIDTH_MISMATCH,
	EFIMAP_LOG_ENCRYPTED,
	EFIMAP_LOG_SECURE_BOOT_UNKNOWN,
	EFIMAP_LOG_SECURE_BOOT_OFF,
	EFIMAP_LOG_SECURE_BOOT_ON,
	EFIMAP_LOG_MTRR,
	EFIMAP_LOG_EFI_FRAMEBUFFER,
	EFIMAP_LOG_SETUP_DATA,
	EFIMAP_LOG_NX,
	EFIMAP_LOG_DMI,
	EFIMAP_LOG_CLOCK,
	EFIMAP_LOG_SRAT,
	EFIMAP_LOG_LOST,
	EFIMAP_LOG_RSDP,
	EFIMAP_LOG_KEXEC,
	EFIMAP_LOG_OTHER_ARCH,
	EFIMAP_LOG_OTHER_ARCH_EFI,
	EFIMAP_LOG_ARM_START,
	EFIMAP_LOG_NO_UEFI,
	EFIMAP_LOG_XEN_E820,
	EFIMAP_LOG_XEN_PV,
	EFIMAP_LOG_XEN_PVH,
	EFIMAP_LOG_EFIVARS,
	EFIMAP_LOG_TOOL,
	EFIMAP_LOG_SYMPTOM,
	EFIMAP_LOG_ABOUT,
};
#define EFIMAP_LOG_KINDS (EFIMAP_LOG_ABOUT + 1)

/**
 * enum log_worth - usefulness of a boot, in ascending order
 * @EFIMAP_LOG_NO_WORD:    no messages about EFI, e820 or kexec
 * @EFIMAP_LOG_SOME_WORDS: messages about EFI, e820 or kexec, or a release and a command line
 * @EFIMAP_LOG_MAP:        an EFI memory map, or a part of it
 */
enum log_worth {
	EFIMAP_LOG_NO_WORD,
	EFIMAP_LOG_SOME_WORDS,
	EFIMAP_LOG_MAP,
};

/* The lines of a memory list, sorted by index. Indices are unique. */
struct log_list {
	struct map_entry *entries;
	size_t count;
	size_t capacity;
};

/**
 * enum log_section - the list to which a line belongs
 * @EFIMAP_LOG_GIVEN:   the EFI memory map that was passed to the kernel
 * @EFIMAP_LOG_RESTART: a second list, whose header was lost or never printed
 * @EFIMAP_LOG_MAPPED:  the list after "EFI runtime memory map:"
 */
enum log_section {
	EFIMAP_LOG_GIVEN,
	EFIMAP_LOG_RESTART,
	EFIMAP_LOG_MAPPED,
};

/**
 * struct log_lists - the two memory lists of a boot
 * @firmware: the EFI memory map that was passed to the kernel
 * @runtime:  the regions that the kernel mapped, in the order of mapping
 * @section:  the list to which the next line belongs
 * @n_lines:  number of parsed lines, including lines that contradict a list
 * @n_descents: number of parsed lines whose index is one lower than that of the previous line
 * @last_index: index in the last parsed line
 */
struct log_lists {
	struct log_list firmware;
	struct log_list runtime;
	enum log_section section;
	size_t n_lines;
	size_t n_descents;
	uint32_t last_index;
};

#define EFIMAP_LOG_QUOTE 96

/*
 * Lines that cannot be parsed or that contradict other lines. @first is the text, and @line is the
 * line number, of the first such line.
 */
struct log_bad {
	uint32_t count;
	uint32_t line;
	char first[EFIMAP_LOG_QUOTE];
};

/**
 * struct boot_messages - the data in the messages of a boot
 * @seen:        number of used lines of each kind
 * @n_lines:     number of lines that have a row or that continue a list of tables
 * @is_silent:   no line of the boot is useful on its own (is_useless in log_messages.c)
 * @has_version: the boot has a line of the kind VERSION, readable or not
 * @has_whole_cmdline: the two lines with kernel parameters are equal, so neither line is truncated,
 *               and the kernel has no built-in parameters
 * @shows_efi:   a line shows that the kernel was booted with EFI
 * @facts:       data such as the release, the tables and memmap
 * @ends_in_list: the last line with a row belongs to a memory list
 * @ends_in_arm_start: the last line with a row is of the kind ARM_START, so it belongs to the next
 *               boot
 * @tables:      the list of configuration tables while its lines are read
 * @longest:     length of the longest used lines, with all prefixes
 * @n_longest:   number of used lines with this length, without the lines of memory lists and tables
 * @cut_version: length of the line "Linux version" if it lacks its end, otherwise 0
 * @cmdline_width: length of the line with @facts->cmdline
 * @is_cmdline_cut: a line with kernel parameters was wrapped, or its end is missing, or two such
 * lines differ
 * @esrt:        address of the ESRT that the kernel reserved; 0 if not printed
 * @efi_node:    address of the SETUP_EFI node; 0 if not printed
 * @follows:     the previous boot contains "Starting new kernel"
 * @is_plain:    the lines of the EFI memory map have no numbers, so the architecture is not x86
 * @bad_release: the reason why the last invalid "Linux version" line could not be parsed
 * @messages:    the messages except the lines of memory lists, each with a newline
 * @is_cut:      further lines are ignored, because the messages exceed a limit
 * @is_too_long: a memory list has too many lines
 * @skips_lists: the lines of memory lists are not parsed, because the capture needs no list
 * @recorded_from, @recorded_at, @recorded_to: in the recorded lines, start of the previous boot,
 * start of this boot, and its end
 */
struct boot_messages {
	uint32_t seen[EFIMAP_LOG_KINDS];
	uint32_t n_lines;
	enum log_worth worth;
	bool is_silent;
	bool has_version;
	bool has_cmdline;
	bool has_whole_cmdline;
	bool shows_efi;
	struct efimap *facts;
	struct log_lists lists;
	struct log_tables tables;
	size_t longest;
	uint32_t n_longest;
	size_t cut_version;
	size_t cmdline_width;
	bool is_cmdline_cut;
	uint64_t esrt;
	uint64_t efi_node;
	bool follows;
	bool is_plain;
	bool ends_in_list;
	bool ends_in_arm_start;
	struct log_bad bad_mem;
	struct log_bad bad_e820;
	struct capture_fault bad_release;
	struct out messages;
	bool is_cut;
	bool is_too_long;
	bool skips_lists;
	size_t recorded_from;
	size_t recorded_at;
	size_t recorded_to;
};

/* Keep the date in a text, such as the prefix of a line, if it is the newest date of the boot. */
void log_keep_date(struct boot_messages *boot, struct text text);

/*
 * Return the column at which the lines of a boot were cut, for example by cut(1), a mail program or
 * a screen, or 0 if there is no such column. Several longest lines have this length.
 */
size_t log_cut_column(const struct boot_messages *boot);

/*
 * Return whether the line "Linux version" is complete: it contains "#1 SMP", and ends with a year
 * or a date.
 */
bool log_version_is_complete(struct text message);

/*
 * Finish a boot after its last line. Determine which list is the EFI memory map. Close the list of
 * tables, and use the address in the separate message about the ESRT. If the boot has this message
 * but no list, add a fault.
 */
void log_end_boot(struct boot_messages *boot);

/**
 * struct log_row - a row of log_rows.c
 * @starts:   text with which messages of the kind begin
 * @contains: text that follows somewhere after @starts; or ""
 */
struct log_row {
	char starts[60];
	enum log_kind kind;
	char contains[18];
};

/* Sorted bytewise by @starts. */
extern const struct log_row log_rows[];
extern const size_t n_log_rows;

/**
 * log_row_of() - find the row that matches a message and has the longest @starts
 * @ret_rest: the text after @starts; unchanged if there is no such row
 *
 * Return: the row, or NULL.
 */
const struct log_row *log_row_of(struct text message, struct text *ret_rest);

/**
 * log_parse() - parse the next line of a boot
 * @row:  the row of the line, or NULL
 * @line: the line, whose member rest follows the start in @row
 *
 * Return: 1 if the line has a row or continues a list of tables, 0 if it is ignored, or -E2BIG if a
 * memory list is too long.
 */
int log_parse(struct boot_messages *boot, const struct log_row *row, const struct log_line *line);

#endif
