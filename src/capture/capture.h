/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * A capture contains the data that was read from one machine. Readers (src/input and tests) build
 * the capture with the functions at the end of this file. After seal(), the capture is const.
 *
 * A capture contains facts, not verdicts. Data that could not be read or parsed is recorded as a
 * struct capture_fault.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/address_span.h"
#include "base/alloc.h"
#include "base/yes_no_unknown.h"
#include "capture/entry.h"
#include "capture/needed_file_ids.h"

/*
 * The sources from which a capture is read. For sources that are not described here, see
 * path_of_source().
 *
 * @EFIMAP_SRC_EFI:        sys/firmware/efi, which exists if the machine was booted with EFI
 * @EFIMAP_SRC_KERNEL_LOG: the kernel log, with kernel messages and the addresses of firmware tables
 * @EFIMAP_SRC_KERNELS:    the images of the kernels that kexec may start
 * @EFIMAP_SRC_KEXEC:      settings and state of kexec in the kernel; versions and configuration of
 *                         kexec-tools, systemd and kdump
 */
enum source {
	EFIMAP_SRC_EFI,
	EFIMAP_SRC_RUNTIME_MAP,
	EFIMAP_SRC_FW_VENDOR,
	EFIMAP_SRC_RUNTIME,
	EFIMAP_SRC_CONFIG_TABLE,
	EFIMAP_SRC_SYSTAB,
	EFIMAP_SRC_FW_PLATFORM_SIZE,
	EFIMAP_SRC_MEMMAP,
	EFIMAP_SRC_IOMEM,
	EFIMAP_SRC_CMDLINE,
	EFIMAP_SRC_VERSION,
	EFIMAP_SRC_BOOT_PARAMS,
	EFIMAP_SRC_SETUP_DATA,
	EFIMAP_SRC_KERNEL_LOG,
	EFIMAP_SRC_BOOT_ID,
	EFIMAP_SRC_CPUINFO,
	EFIMAP_SRC_DMI,
	EFIMAP_SRC_KERNELS,
	EFIMAP_SRC_KEXEC,
	EFIMAP_SRC_COUNT,
};

/*
 * The result of reading a source or a part of a source. A source has one of the first five states.
 * If a part of a source is not PRESENT, a fault contains the state of that part. The states after
 * MALFORMED are used only in faults, and describe why the data cannot be used.
 *
 * @EFIMAP_STATE_ABSENT: the data does not exist or, in an offline capture, was not collected
 * @EFIMAP_STATE_MASKED: the data was hidden from the reader. For an unprivileged reader, the kernel
 *                       replaces the addresses in /proc/iomem with zeros. A container may hide
 *                       /sys/firmware, so it is unknown how the machine was booted.
 * @EFIMAP_STATE_NOT_A_FILE: the path has an unexpected type, such as a directory, FIFO, device or
 *                       link
 * @EFIMAP_STATE_TOO_LONG: the file exceeds the limit, which is one page for an attribute
 * @EFIMAP_STATE_NAME:   the name of a directory is not a canonical decimal number
 * @EFIMAP_STATE_LINES_IGNORED: lines of the kernel log are ignored, because the messages of the
 *                              boot exceed a limit
 */
enum state {
	EFIMAP_STATE_ABSENT,
	EFIMAP_STATE_PRESENT,
	EFIMAP_STATE_DENIED,
	EFIMAP_STATE_MASKED,
	EFIMAP_STATE_MALFORMED,
	EFIMAP_STATE_EMPTY,
	EFIMAP_STATE_NOT_A_FILE,
	EFIMAP_STATE_IO,
	EFIMAP_STATE_SYNTAX,
	EFIMAP_STATE_TOO_LONG,
	EFIMAP_STATE_NAME,
	EFIMAP_STATE_LINES_IGNORED,
	EFIMAP_STATE_LINES_MISSING,
	EFIMAP_STATE_LINES_MALFORMED,
};

/*
 * Whether a file that answers need was read (src/capture/sources.table). Zero means that it was not
 * collected, or not recorded.
 *
 * @EFIMAP_FILE_ABSENT: the machine has no such file
 * @EFIMAP_FILE_UNREADABLE: an error occurred, or the content is malformed
 */
enum file_state {
	EFIMAP_FILE_NOT_COLLECTED,
	EFIMAP_FILE_READ,
	EFIMAP_FILE_ABSENT,
	EFIMAP_FILE_DENIED,
	EFIMAP_FILE_UNREADABLE,
};

enum origin {
	EFIMAP_ORIGIN_LIVE,
	EFIMAP_ORIGIN_TREE,
	EFIMAP_ORIGIN_SNAPSHOT,
	EFIMAP_ORIGIN_LOG,
};

const char *source_name(unsigned int source);
const char *path_of_source(enum source source);
const char *state_name(unsigned int state);
const char *origin_name(unsigned int origin);

#define EFIMAP_STATE_BIT(state) (UINT32_C(1) << (state))
#define EFIMAP_ANY_FAULT UINT32_MAX

#define EFIMAP_NO_INDEX UINT32_MAX

/*
 * The location and the state of a value that cannot be used.
 *
 * @state: any state except PRESENT, MASKED and MALFORMED
 * @index: index of the entry, memmap range or setup_data node, or EFIMAP_NO_INDEX
 * @where: path below the root of the source, such as "sys/firmware/efi/runtime-map/3/type", or
 *         "the kernel log"
 * @line:  line number, or 0 if there is none
 * @text:  description of the actual and the expected data
 */
struct capture_fault {
	enum source source;
	uint32_t index;
	const char *where;
	enum state state;
	uint32_t line;
	char text[256];
};

/* Return the word that JSON documents use for the state of a fault. */
const char *fault_state_name(unsigned int state);

/* Return whether the fault is about lines of a kernel log, not about the log as a whole. */
static inline bool fault_is_of_lines(const struct capture_fault *fault)
{
	return fault->state >= EFIMAP_STATE_LINES_IGNORED;
}

/* Return whether the fault is in the list of configuration tables in a kernel log. */
bool fault_is_of_tables(const struct capture_fault *fault);

/* A range of sys/firmware/memmap. If @bad is set, @end is below @start, and @span has one byte. */
struct memory_range {
	uint32_t index;
	bool bad;
	bool out_of_order;
	const char *label;
	struct span span;
	uint64_t start;
	uint64_t end;
};

/* A line of /proc/iomem. The lines are in file order, so each range precedes the ranges in it. */
struct resource {
	struct span span;
	const char *name;
	uint32_t depth;
};

/*
 * A named address: a line of systab ("ACPI20", "SMBIOS"), or a configuration table in the kernel
 * log ("MEMATTR", "ESRT").
 */
struct named_address {
	const char *name;
	uint64_t value;
};

/*
 * The EFI data in boot_params (arch/x86/include/uapi/asm/bootparam.h: struct efi_info). The two
 * 32-bit halves of each address are joined.
 */
struct efi_info {
	char signature[5];
	uint64_t systab;
	uint32_t desc_size;
	uint32_t desc_version;
	uint64_t memmap;
	uint32_t memmap_size;
};

/* The last byte of RAM in the e820 table of the boot, and the number of all ranges in it. */
struct booted_ram {
	uint64_t last;
	uint32_t count;
};

/*
 * The fields of boot_params that this project uses. @init_size, @kernel_alignment and @pref_address
 * are 0 if the EFI stub created boot_params and did not copy the setup header of the image.
 *
 * @ram: RAM in the e820 table; 0 ranges if the table is not complete
 * @init_size: size in bytes of the memory that the running kernel needed during startup
 * @cc_blob_address: address of the confidential computing blob of the firmware; 0 unless the
 *                   machine is an SEV-SNP guest
 */
struct boot_params {
	struct efi_info efi_info;
	uint64_t acpi_rsdp_addr;
	uint64_t setup_data;
	uint64_t pref_address;
	struct booted_ram ram;
	uint32_t init_size;
	uint32_t kernel_alignment;
	uint32_t cc_blob_address;
	uint16_t version;
	uint16_t xloadflags;
	uint8_t type_of_loader;
	uint8_t secure_boot;
};

/* Type of the setup_data node with EFI data (arch/x86/include/uapi/asm/setup_data.h). */
#define EFIMAP_SETUP_EFI 4
#define EFIMAP_SETUP_DATA_HEADER 16
#define EFIMAP_EFI_PAYLOAD_SIZE 96
#define EFIMAP_EFI_NODE_SIZE (EFIMAP_SETUP_DATA_HEADER + EFIMAP_EFI_PAYLOAD_SIZE)

/*
 * A node of /sys/kernel/boot_params/setup_data.
 *
 * @payload: the first @payload_size bytes of the payload. Payloads are read only for
 *           EFIMAP_SETUP_EFI, because other nodes may contain keys.
 */
struct setup_node {
	uint32_t index;
	uint32_t type;
	uint64_t len;
	uint32_t payload_size;
	uint8_t payload[EFIMAP_EFI_PAYLOAD_SIZE];
};

/*
 * The system call with which kexec loaded the captured kernel.
 *
 * @EFIMAP_LOADED_BY_NONE:            nothing shows that kexec started the kernel
 * @EFIMAP_LOADED_BY_UNKNOWN:         kexec started the kernel; the system call is unknown
 * @EFIMAP_LOADED_BY_KEXEC_LOAD:      kexec-tools wrote boot_params and setup_data
 * @EFIMAP_LOADED_BY_KEXEC_FILE_LOAD: the first kernel wrote boot_params and setup_data
 */
enum find_loaded_by {
	EFIMAP_LOADED_BY_NONE,
	EFIMAP_LOADED_BY_UNKNOWN,
	EFIMAP_LOADED_BY_KEXEC_LOAD,
	EFIMAP_LOADED_BY_KEXEC_FILE_LOAD,
};

/*
 * The state of secure boot as the kernel log reports it, with the numbers of
 * boot_params.secure_boot. NOT_SHOWN means that the log does not contain the state.
 */
enum secure_boot {
	EFIMAP_SECURE_BOOT_NOT_SHOWN,
	EFIMAP_SECURE_BOOT_UNKNOWN,
	EFIMAP_SECURE_BOOT_DISABLED,
	EFIMAP_SECURE_BOOT_ENABLED,
};

/*
 * Maximum size of proc/cmdline in bytes. COMMAND_LINE_SIZE on x86 is 2048, but a boot configuration
 * (bootconfig), which can be 32 KiB long, can add parameters.
 */
#define EFIMAP_MAX_CMDLINE (64U << 10)

struct release {
	const char *text;
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
};

/*
 * DMI fields (drivers/firmware/dmi-id.c). Fields that identify a single machine, such as serial
 * numbers, are never read.
 */
enum dmi {
	EFIMAP_DMI_SYS_VENDOR,
	EFIMAP_DMI_PRODUCT_NAME,
	EFIMAP_DMI_BIOS_VERSION,
};
#define EFIMAP_DMI_COUNT (EFIMAP_DMI_BIOS_VERSION + 1)

/*
 * The data from which the runtime map was read or derived.
 *
 * @EFIMAP_MAP_FROM_FILES:    sys/firmware/efi/runtime-map
 * @EFIMAP_MAP_FROM_RUNTIME:  the list that the kernel logs below "EFI runtime memory map:" after
 *                            it has mapped all regions
 * @EFIMAP_MAP_FROM_FIRMWARE: the firmware's EFI memory map in a kernel log. The log does not show
 *                            which boot services regions the kernel reserved.
 * @EFIMAP_MAP_FROM_RECEIVED: the map in the log of a kexec'd kernel, before that kernel reserved
 *                            regions
 */
enum map_from {
	EFIMAP_MAP_FROM_FILES,
	EFIMAP_MAP_FROM_RUNTIME,
	EFIMAP_MAP_FROM_FIRMWARE,
	EFIMAP_MAP_FROM_RECEIVED,
};

struct installed_kernel;
struct unread_kernel;
struct kexec_state;

/*
 * A capture of one machine.
 *
 * @name:             SOURCE as the user named it, "/" for the running system
 * @first_origin:     kind of the SOURCE from which a snapshot was made, used only if @origin is
 *                    SNAPSHOT
 * @inner:            directory below SOURCE that contains sys/ or proc/, or "" for SOURCE itself
 * @entries:          the entries of the runtime map whose values were all read, in ascending
 *                    order of index. For any other entry, @faults contains the files and reasons.
 * @firmware:         the firmware's EFI memory map in the order of the kernel log, with memory of
 *                    all types; the index of an entry is its number in the log
 * @n_boots:          number of boots in SOURCE if it is a kernel log, otherwise 0
 * @boot:             number of the boot that the capture describes, counted from 1
 * @next:             capture of the next boot if each boot of a log was read, otherwise NULL; this
 *                    capture owns it
 * @names:            numbers of all numeric directories of the runtime map in ascending order,
 *                    including the directories of entries with a fault
 * @fw_vendor:        valid if its state is PRESENT. The same applies to @runtime, @config_table,
 *                    @platform_size and @boot_params.
 * @n_log_lines:      number of lines of the selected boot in the kernel log that begin with a
 *                    text in src/input/log/log_rows.c, or that continue a list of
 *                    configuration tables
 * @log:              the messages that @n_log_lines counts, each with a newline, except lines of a
 *                    memory map; NULL if there are none
 * @runtime_services_disabled: the log shows that the kernel disabled runtime services after
 *                             a fault in a firmware call
 * @width_mismatch:   the log shows that the kernel does not use runtime services because
 *                    the kernel and the firmware differ in width (32 or 64 bits)
 * @encrypted:        the log shows that the kernel uses memory encryption (SEV, TDX or SME)
 * @mtrr_bits:        width of physical addresses in bits, from the MTRRs that kernels
 *                    before 6.5 printed; 0 if the log contains no MTRRs
 * @log_ram:          RAM in the e820 table in the log; 0 ranges if the table may be incomplete
 * @efi_framebuffer:  the log shows a framebuffer that UEFI set up
 * @efi_variables:    the log shows that a driver provides EFI variables
 * @has_kexec_messages: the log contains messages of kexec-tools
 * @read_on:          date on which a copy was made, as 20261130; 0 if unknown
 * @log_date:         date of the newest message that is kept of the log, as 20261130; 0 if unknown
 * @log_model:        maker and model of the machine in the log, or ""
 * @log_bios:         version of the firmware in the log, or ""
 * @rsdp:             address of the ACPI root pointer in the log, 0 if unknown
 * @rsdp_above_1mib:  the log shows that the ACPI root pointer is at or above 1 MiB
 * @log_has_start:    the log contains the beginning of the boot: version, kernel
 *                    parameters, e820, NX and the messages that follow the detection of EFI
 * @log_lacks_efi:    the log contains the messages of @log_has_start, perhaps without e820,
 *                    but no "efi:" line
 * @log_is_of_other_boot: the log is not used, because it is from another boot
 * @is_foreign_architecture: the log, the compiler in /proc/version or /proc/sys/kernel/arch shows
 *                    that the architecture of the kernel is not x86
 * @log_is_of_x86:    the log contains messages that only x86 kernels print
 * @log_is_of_xen:    the log shows that the kernel runs in a PV domain of Xen or in a PVH dom0. Use
 *                    is_under_xen().
 * @is_cmdline_logged: @cmdline is from a kernel log, in which a long line is cut
 * @is_cmdline_cut:   the lines of the log that contains @cmdline were cut or wrapped at its length
 * @is_cmdline_short: a parameter of kdump follows @cmdline in a kernel log
 * @n_redacted:       number of parameters that were removed from @cmdline
 * @phys_bits:        width of physical addresses in bits, from /proc/cpuinfo; valid if the
 *                    state of CPUINFO is PRESENT
 * @has_cpu_flags:    /proc/cpuinfo contains the flags of the CPU. Use capture_has_cpu_flags().
 * @no_gib_pages:     the flags in /proc/cpuinfo do not contain pdpe1gb; false if there are
 *                    no flags
 * @lacks_nx:         the flags in /proc/cpuinfo do not contain nx. Use cpu_has_nx().
 * @kernel_32bit:     /proc/cpuinfo shows that the kernel is a 32-bit kernel
 * @is_preempt_rt:    the version of the kernel names PREEMPT_RT, as in "#1 SMP PREEMPT_RT"
 * @clang:            major version of clang that built the kernel, 0 if unknown or another compiler
 * @la57:             the flags in /proc/cpuinfo contain la57: 5-level paging is enabled
 * @is_iomem_cut:     the last line of /proc/iomem has no newline, so lines are missing
 * @is_bare_machine:  the flags in /proc/cpuinfo do not contain hypervisor
 * @dmi:              DMI fields as the kernel prints them, "" if unknown
 * @setup_data:       nodes in ascending order of index. If the state is ABSENT, payloads
 *                    were not collected and only the types are known.
 * @kexec:            settings and state of kexec; NULL for a log that shows none of it. Use
 *                    kexec_of().
 * @unread:           a path that could not be read, and that is no needed file; NULL if there is
 * none
 * @unread_with:      the needed file with which @unread is read, or EFIMAP_N_NEEDED_FILES
 * @is_unread_denied: permission to read @unread was denied
 * @faults:           missing, unusable and unexpected data, in the order of reading
 *
 * Pointers are valid until capture_free(). Only the builder functions use @capacity.
 */
struct efimap {
	const char *name;
	enum origin origin;
	enum origin first_origin;
	const char *inner;
	enum state states[EFIMAP_SRC_COUNT];
	enum file_state files[EFIMAP_N_NEEDED_FILES];

	struct map_entry *entries;
	size_t n_entries;
	enum map_from map_from;
	struct map_entry *firmware;
	size_t n_firmware;
	uint32_t n_boots;
	uint32_t boot;
	struct efimap *next;
	uint32_t *names;
	size_t n_names;
	struct memory_range *memmap;
	size_t n_memmap;
	struct resource *iomem;
	size_t n_iomem;

	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t config_table;
	unsigned int platform_size;
	struct named_address *systab;
	size_t n_systab;
	struct named_address *tables;
	size_t n_tables;
	uint32_t n_log_lines;
	char *log;
	size_t log_len;
	bool runtime_services_disabled;
	bool width_mismatch;
	bool encrypted;
	enum secure_boot secure_boot;
	unsigned int mtrr_bits;
	struct booted_ram log_ram;
	bool efi_framebuffer;
	bool efi_variables;
	bool has_kexec_messages;
	uint32_t read_on;
	uint32_t log_date;
	const char *log_model;
	const char *log_bios;
	uint64_t rsdp;
	bool rsdp_above_1mib;
	bool log_has_start;
	bool log_lacks_efi;
	bool log_is_of_other_boot;
	bool log_lists_setup_data;
	enum find_loaded_by log_loaded_by;
	bool is_foreign_architecture;
	bool log_is_of_x86;
	bool log_is_of_xen;

	const char *cmdline;
	bool is_cmdline_logged;
	bool is_cmdline_cut;
	bool is_cmdline_short;
	bool redacted;
	uint32_t n_redacted;
	const char *boot_id;
	unsigned int phys_bits;
	bool has_cpu_flags;
	bool no_gib_pages;
	bool lacks_nx;
	bool kernel_32bit;
	bool is_preempt_rt;
	unsigned int clang;
	bool la57;
	bool has_sev;
	bool is_iomem_cut;
	bool is_bare_machine;
	bool is_tdx_guest;
	const char *dmi[EFIMAP_DMI_COUNT];
	struct release release;
	struct boot_params boot_params;
	struct setup_node *setup_data;
	size_t n_setup_data;

	struct installed_kernel *kernels;
	size_t n_kernels;
	struct other_config *configs;
	size_t n_configs;
	struct unread_kernel *unread_kernels;
	size_t n_unread_kernels;
	struct kexec_state *kexec;

	const char *unread;
	enum needed_file_id unread_with;
	bool is_unread_denied;
	struct capture_fault *faults;
	size_t n_faults;

	struct arena arena;
	size_t capacity[9];
};

static inline bool capture_has(const struct efimap *map, enum source source)
{
	return map->states[source] == EFIMAP_STATE_PRESENT;
}

/* Return whether the flags in /proc/cpuinfo are known. A flag that is not set is false. */
static inline bool capture_has_cpu_flags(const struct efimap *map)
{
	return capture_has(map, EFIMAP_SRC_CPUINFO) && map->has_cpu_flags;
}

/* "System RAM (kmem)" is excluded: a driver manages this memory, so kexec loads nothing into it. */
static inline bool label_is_ram(const char *label)
{
	return strcmp(label, "System RAM") == 0;
}

/* Return whether a range of memmap is RAM. */
static inline bool range_is_ram(const struct memory_range *range)
{
	return !range->bad && label_is_ram(range->label);
}

/*
 * Return whether a range of memmap was plugged in after the boot (add_memory_resource calls
 * firmware_map_add_hotplug). Such RAM is above that of the boot, in no e820 table, and behind the
 * ranges of the boot, which are in order.
 */
static inline bool range_is_plugged(const struct efimap *map, const struct memory_range *range)
{
	const struct booted_ram *booted =
		map->boot_params.ram.count ? &map->boot_params.ram : &map->log_ram;

	return range_is_ram(range) &&
	       (range->out_of_order || (booted->count && range->index >= booted->count &&
					range->span.first > booted->last));
}

static inline bool capture_hides_firmware(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_MASKED;
}
#define EFIMAP_FIRMWARE_HIDDEN "a container hides /sys/firmware; run efimapctl on the host"

static inline bool is_map_denied(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_DENIED || capture_hides_firmware(map) ||
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_DENIED;
}

static inline enum origin find_first_origin(const struct efimap *map)
{
	return map->origin == EFIMAP_ORIGIN_SNAPSHOT ? map->first_origin : map->origin;
}

/*
 * Return whether a capture is offline: neither made on the running system nor a snapshot of such a
 * capture. In an offline capture, an absent file may have existed without being collected.
 */
static inline bool capture_is_offline(const struct efimap *map)
{
	return find_first_origin(map) != EFIMAP_ORIGIN_LIVE;
}

static inline bool capture_lacks(const struct efimap *map, enum source source)
{
	return capture_is_offline(map) && map->states[source] == EFIMAP_STATE_ABSENT;
}

/* Return the number of entries whose virtual address is from a source. */
size_t count_virt(const struct efimap *map, enum virt_from from);
/* Return whether all virtual addresses were read. Return true for a map without entries. */
bool has_read_virt(const struct efimap *map);

bool log_contains(const struct efimap *map, const char *text);
/* Find an address by its name. Return false, without changing @ret_value, if there is none. */
bool find_named_address(const struct named_address *pairs, size_t count, const char *name,
			uint64_t *ret_value);

const struct map_entry *find_entry(const struct efimap *map, uint32_t index);

/* Return the first fault of the list of EFI tables in the kernel log, or NULL. */
const struct capture_fault *find_table_fault(const struct efimap *map);

/* Return whether the source has a fault of one of @states, a set of EFIMAP_STATE_BIT(). */
bool capture_has_fault(const struct efimap *map, enum source source, uint32_t states);

/* Return whether the source, and each part of it, was read. */
bool has_all_of(const struct efimap *map, enum source source);

/*
 * Return the first entry that covers an address, or NULL. For many addresses, or to find all such
 * entries, use translate_address().
 */
const struct map_entry *find_covering_entry(const struct efimap *map, covers_fn *covers,
					    uint64_t address);

/* The following functions build a capture. */

struct efimap *capture_create(const char *name, enum origin origin);
void capture_free(struct efimap *map);

static inline void free_auto(struct efimap **map)
{
	capture_free(*map);
}
#define auto_map __attribute__((cleanup(free_auto)))

void capture_add_entry(struct efimap *map, const struct map_entry *entry);
void capture_add_firmware(struct efimap *map, const struct map_entry *entry);
void capture_add_name(struct efimap *map, uint32_t index);
/* Add a memmap range. @end is inclusive, and is stored unchanged even if it is below @start. */
void capture_add_memmap(struct efimap *map, uint32_t index, uint64_t start, uint64_t end,
			const char *label, size_t label_len);
void capture_add_iomem(struct efimap *map, struct span span, uint32_t depth, const char *name,
		       size_t name_len);
/* capture_add_systab() and capture_add_table() ignore a name that was already added. */
void capture_add_systab(struct efimap *map, const char *name, size_t name_len, uint64_t value);
void capture_add_table(struct efimap *map, const char *name, size_t name_len, uint64_t value);
void capture_add_setup_node(struct efimap *map, const struct setup_node *node);
/* Return a copy of a string, which is freed with the capture. */
static inline const char *capture_copy_text(struct efimap *map, const char *text)
{
	return arena_strndup(&map->arena, text, strlen(text));
}
/* Add a copy of a fault. A path that is not one word is quoted. */
void capture_add_fault(struct efimap *map, const struct capture_fault *fault);

/* Finish a capture by sorting entries, names, memmap ranges and setup_data nodes by index. */
void seal(struct efimap *map);

#endif
