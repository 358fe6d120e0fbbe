/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the capture
 *
 * &struct efimap is what was read of one machine: a plain value that every room reads
 * and nobody changes once it is built. Readers build it (src/input, tests), with the
 * functions at the end of this file.
 *
 * It holds facts, no verdicts: what could not be read or parsed is kept as a
 * &struct efimap_fault, so that verify can say what a loader would make of it and other
 * commands can refuse it with its place.
 */
#ifndef CAPTURE_CAPTURE_H
#define CAPTURE_CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/alloc.h"
#include "capture/binary_source.h"
#include "capture/entry.h"

/**
 * enum efimap_source - the places that a capture is read from
 * @EFIMAP_SRC_EFI:         sys/firmware/efi itself: was this machine booted with EFI?
 * @EFIMAP_SRC_KERNEL_LOG:  the kernel's log, for the addresses of firmware tables
 * @EFIMAP_SRC_KERNELS:     the images of kernels in /boot and elsewhere
 * @EFIMAP_SRC_KEXEC:       files about kexec, of the kernel and of the installed programs
 *
 * The others are the file or directory of the same name.
 */
enum efimap_source {
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

/**
 * enum efimap_state - what became of a source
 * @EFIMAP_STATE_ABSENT:  not there (in an offline capture: not collected)
 * @EFIMAP_STATE_DENIED:  there, but we may not read it
 * @EFIMAP_STATE_MASKED:  read, but the kernel hid the addresses (unprivileged iomem)
 */
enum efimap_state {
	EFIMAP_STATE_ABSENT,
	EFIMAP_STATE_PRESENT,
	EFIMAP_STATE_DENIED,
	EFIMAP_STATE_MASKED,
	EFIMAP_STATE_BROKEN,
};

/** enum efimap_origin - what kind of SOURCE it was */
enum efimap_origin {
	EFIMAP_ORIGIN_LIVE,
	EFIMAP_ORIGIN_TREE,
	EFIMAP_ORIGIN_SNAPSHOT,
	EFIMAP_ORIGIN_LOG,
	EFIMAP_ORIGIN_VMCORE,
	EFIMAP_ORIGIN_BINARY,
};

const char *efimap_source_name(unsigned int source);
const char *efimap_source_path(enum efimap_source source);
const char *efimap_state_name(unsigned int state);
const char *efimap_origin_name(unsigned int origin);

/**
 * enum efimap_fault_kind - what is wrong with a file
 * @EFIMAP_FAULT_MISSING:     not there although its neighbours are
 * @EFIMAP_FAULT_TOO_LONG:    a whole page or more
 * @EFIMAP_FAULT_NOT_A_FILE:  a directory, FIFO, device or symbolic link
 * @EFIMAP_FAULT_NAME:        a directory whose name is no canonical decimal number
 * @EFIMAP_FAULT_EXTRA:       a file that does not belong there (a sixth attribute)
 */
enum efimap_fault_kind {
	EFIMAP_FAULT_MISSING,
	EFIMAP_FAULT_DENIED,
	EFIMAP_FAULT_EMPTY,
	EFIMAP_FAULT_SYNTAX,
	EFIMAP_FAULT_TOO_LONG,
	EFIMAP_FAULT_NOT_A_FILE,
	EFIMAP_FAULT_IO,
	EFIMAP_FAULT_NAME,
	EFIMAP_FAULT_EXTRA,
};

#define EFIMAP_NO_INDEX UINT32_MAX

/**
 * struct efimap_fault - one file that could not be used
 * @index:  the entry, memmap range or setup_data node; EFIMAP_NO_INDEX when none
 * @line:   line in the file, 0 when it has none
 * @where:  logical path below the source's root, "sys/firmware/efi/runtime-map/3/type"
 */
struct efimap_fault {
	enum efimap_source source;
	enum efimap_fault_kind kind;
	uint32_t index;
	uint32_t line;
	const char *where;
	const char *text;
};

const char *efimap_fault_kind_name(unsigned int kind);

/** EFIMAP_KERNEL_MESSAGE_MAX - bytes of a message that are kept, with the zero byte */
#define EFIMAP_KERNEL_MESSAGE_MAX 256U

/** EFIMAP_MAX_KERNEL_MESSAGES - kept of the messages that one rule knows; of more, the count */
#define EFIMAP_MAX_KERNEL_MESSAGES 16U

/**
 * struct efimap_kernel_message - a message, or several that are the same
 * @count: how often; of the last that is kept, with those that are not
 * @rule:  number of the rule that matches it (enum efimap_rule_id); EFIMAP_RULE_COUNT for one
 *         that only a later version of the tool matches. Rules are above this module, which only
 *         compares these numbers
 */
struct efimap_kernel_message {
	const char *text;
	uint32_t count;
	uint32_t rule;
};

/**
 * struct efimap_range - one range of /sys/firmware/memmap
 * @bad:   end lies below start; @span is then the single byte @start
 */
struct efimap_range {
	uint32_t index;
	bool bad;
	const char *label;
	struct efimap_span span;
	uint64_t start;
	uint64_t end;
};

/** struct efimap_resource - one line of /proc/iomem, in file order (pre-order) */
struct efimap_resource {
	struct efimap_span span;
	const char *name;
	uint32_t depth;
};

/**
 * struct efimap_named_address - a named address: a line of systab ("ACPI20", "SMBIOS") or a
 * configuration table that the kernel's log names ("MEMATTR", "ESRT")
 */
struct efimap_named_address {
	const char *name;
	uint64_t value;
};

/**
 * struct efimap_efi_info - boot_params.efi_info
 * (arch/x86/include/uapi/asm/bootparam.h: struct efi_info, hi and lo words joined)
 */
struct efimap_efi_info {
	char signature[5];
	uint64_t systab;
	uint32_t desc_size;
	uint32_t desc_version;
	uint64_t memmap;
	uint32_t memmap_size;
};

/**
 * struct efimap_boot_params - what we use of the 4096 bytes of boot_params
 * @init_size: bytes of memory that the running kernel needed to start; 0, as the two after it,
 *             where the EFI stub made boot_params without the header of the image
 */
struct efimap_boot_params {
	struct efimap_efi_info efi_info;
	uint64_t acpi_rsdp_addr;
	uint64_t setup_data;
	uint64_t pref_address;
	uint32_t init_size;
	uint32_t kernel_alignment;
	uint16_t version;
	uint16_t xloadflags;
	uint8_t type_of_loader;
	uint8_t secure_boot;
	uint8_t e820_entries;
};

/** EFIMAP_SETUP_EFI - SETUP_EFI, arch/x86/include/uapi/asm/setup_data.h */
#define EFIMAP_SETUP_EFI 4
/** EFIMAP_SETUP_DATA_HEADER - bytes before the payload of struct setup_data */
#define EFIMAP_SETUP_DATA_HEADER 16
#define EFIMAP_EFI_PAYLOAD_SIZE 96
#define EFIMAP_EFI_NODE_SIZE (EFIMAP_SETUP_DATA_HEADER + EFIMAP_EFI_PAYLOAD_SIZE)

/**
 * struct efimap_setup_node - one node of /sys/kernel/boot_params/setup_data
 * @payload: the first @payload_size bytes, only for EFIMAP_SETUP_EFI: other nodes can
 *           carry keys and are not even read
 */
struct efimap_setup_node {
	uint32_t index;
	uint32_t type;
	uint64_t len;
	uint32_t payload_size;
	uint8_t payload[EFIMAP_EFI_PAYLOAD_SIZE];
};

/**
 * enum efimap_loaded_by - the system call that loaded a kernel which another one started
 * @EFIMAP_LOADED_BY_KEXEC_LOAD:      kexec_load: kexec-tools wrote what it received
 * @EFIMAP_LOADED_BY_KEXEC_FILE_LOAD: kexec_file_load: the kernel before it did
 */
enum efimap_loaded_by {
	EFIMAP_LOADED_BY_NONE,
	EFIMAP_LOADED_BY_UNKNOWN,
	EFIMAP_LOADED_BY_KEXEC_LOAD,
	EFIMAP_LOADED_BY_KEXEC_FILE_LOAD,
};

/**
 * enum efimap_secure_boot - what a kernel was told of secure boot
 * @EFIMAP_SECURE_BOOT_UNTOLD:   its log does not say
 *
 * With the numbers of &struct efimap_boot_params.
 */
enum efimap_secure_boot {
	EFIMAP_SECURE_BOOT_UNTOLD,
	EFIMAP_SECURE_BOOT_UNKNOWN,
	EFIMAP_SECURE_BOOT_DISABLED,
	EFIMAP_SECURE_BOOT_ENABLED,
};

/**
 * EFIMAP_MAX_CMDLINE - bytes of proc/cmdline that are read: x86's COMMAND_LINE_SIZE is 2048; a
 * boot configuration appended to it can be 32 KiB
 */
#define EFIMAP_MAX_CMDLINE (64U << 10)

/** struct efimap_release - a kernel release taken apart */
struct efimap_release {
	const char *text;
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
};

/**
 * enum efimap_dmi - what the firmware says of the machine (drivers/firmware/dmi-id.c)
 *
 * No serial number and nothing else that tells one machine of a kind from another.
 */
enum efimap_dmi {
	EFIMAP_DMI_SYS_VENDOR,
	EFIMAP_DMI_PRODUCT_NAME,
	EFIMAP_DMI_BIOS_VERSION,
};
#define EFIMAP_DMI_COUNT (EFIMAP_DMI_BIOS_VERSION + 1)

/**
 * enum efimap_map_from - what the runtime map was read from
 * @EFIMAP_MAP_FROM_FILES:    the kernel's own values: sys/firmware/efi/runtime-map, or the
 *                            memory of the kernel in a crash dump
 * @EFIMAP_MAP_FROM_RUNTIME:  a kernel's log, the list below "EFI runtime memory map:",
 *                            which the kernel prints when it has mapped all regions
 * @EFIMAP_MAP_FROM_FIRMWARE: a kernel's log, derived from the firmware's whole map: which
 *                            boot-services entries the kernel marked to keep them is
 *                            not in it
 * @EFIMAP_MAP_FROM_RECEIVED: the log of a kernel that kexec started: the map as it came,
 *                            before the kernel marked anything
 * @EFIMAP_MAP_FROM_SHELL:    "memmap" of the UEFI shell, derived as from the firmware's map:
 *                            there is no kernel
 */
enum efimap_map_from {
	EFIMAP_MAP_FROM_FILES,
	EFIMAP_MAP_FROM_RUNTIME,
	EFIMAP_MAP_FROM_FIRMWARE,
	EFIMAP_MAP_FROM_RECEIVED,
	EFIMAP_MAP_FROM_SHELL,
};

struct efimap_installed_kernel;
struct efimap_kexec_state;

/**
 * struct efimap - a capture of one machine
 * @name:        SOURCE as the user gave it, "/" for the running system
 * @first_name:  where the facts were first read: of a snapshot the SOURCE that it was
 * made of, else @name
 * @first_origin: what kind that was; only looked at when @origin is SNAPSHOT, and TREE
 *               until the reader of snapshots knows better
 * @inner:       the directory below SOURCE with sys/ and proc/; "" when that is SOURCE
 * @states:      per source
 * @entries:     the runtime map, ascending by index; an entry with a fault is not here
 * @incomplete_entries: entries with a value that could not be read, as their
 * @missing_values says; to be shown, never judged
 * @map_from:    what @entries were read from
 * @firmware:    the firmware's own map as a kernel's log shows it, in its order, memory
 * of all types; an entry's index is its number in the log
 * @n_boots:     boots in a kernel's log that is the SOURCE, 0 otherwise
 * @boot:        which of them the rest is about, counted from 1
 * @names:       numbers of all numeric directories, faulty entries included, ascending
 * @fw_vendor:   valid while its state is PRESENT; likewise @runtime, @config_table,
 *               @platform_size
 * @tables:      configuration tables with an address in the kernel's log
 * @kernel_messages:  what the kernel's log complains of, each message once
 * @runtime_services_disabled: the log says that the kernel disabled runtime services
 * after a fault in a firmware call
 * @width_mismatch: the log says that the kernel leaves runtime services alone, because
 * the firmware is not of its width
 * @encrypted:   the log says that the kernel uses memory encryption (SEV, TDX, SME)
 * @secure_boot: what the log says of secure boot
 * @mtrr_bits:   bits of a physical address by the MTRRs that the log lists, as kernels
 * before 6.5 did; 0 where it lists none
 * @efi_framebuffer: the log says that the firmware set up the screen in the way of EFI
 * @log_has_start: the log holds the beginning of the boot: version, command line, e820
 * and what is printed once EFI was found
 * @log_loaded_by: the loader that left a trace in the log; NONE where there is no trace
 * @is_foreign_architecture: the log's lists of memory are those of another architecture
 * than x86
 * @redacted:    of @cmdline only the words are here that efimap_redact_capture() keeps
 * @n_redacted:  words of it that were left out
 * @phys_bits:   bits of a physical address by /proc/cpuinfo; valid while the state of
 *               CPUINFO is PRESENT
 * @no_gib_pages: the flags in /proc/cpuinfo lack pdpe1gb; false where there are none
 * @kernel_32bit: /proc/cpuinfo is that of a 32-bit kernel; false where it does not say
 * @la57: the flags in /proc/cpuinfo have la57: page tables of five levels are in use
 * @dmi:         texts of DMI as the kernel prints them, "" for one that is unknown
 * @boot_params: valid while its state is PRESENT
 * @setup_data:  nodes, ascending by index; where the state is ABSENT, payloads of EFI's
 *               own were not collected, and only the types are known
 * @kernels:     the installed kernels that were read, @n_kernels of them
 * (installed_kernels.h); none while the state of KERNELS is not PRESENT
 * @kexec:       what decides how they are loaded; NULL where nothing of it was read
 * @faults:      everything that could not be used, in reading order
 * @binary:      what else a SOURCE tells that is a binary; NULL for any other
 *
 * Pointers live until efimap_free(). Room for one is made in arrays by the builders; the
 * capacities are private to them.
 */
struct efimap {
	const char *name;
	enum efimap_origin origin;
	const char *first_name;
	enum efimap_origin first_origin;
	const char *inner;
	enum efimap_state states[EFIMAP_SRC_COUNT];

	struct efimap_entry *entries;
	size_t n_entries;
	struct efimap_entry *incomplete_entries;
	size_t n_incomplete_entries;
	enum efimap_map_from map_from;
	struct efimap_entry *firmware;
	size_t n_firmware;
	uint32_t n_boots;
	uint32_t boot;
	uint32_t *names;
	size_t n_names;
	struct efimap_range *memmap;
	size_t n_memmap;
	struct efimap_resource *iomem;
	size_t n_iomem;

	uint64_t fw_vendor;
	uint64_t runtime;
	uint64_t config_table;
	unsigned int platform_size;
	struct efimap_named_address *systab;
	size_t n_systab;
	struct efimap_named_address *tables;
	size_t n_tables;
	struct efimap_kernel_message *kernel_messages;
	size_t n_kernel_messages;
	bool runtime_services_disabled;
	bool width_mismatch;
	bool encrypted;
	enum efimap_secure_boot secure_boot;
	unsigned int mtrr_bits;
	bool efi_framebuffer;
	bool log_has_start;
	enum efimap_loaded_by log_loaded_by;
	bool is_foreign_architecture;

	const char *cmdline;
	bool redacted;
	uint32_t n_redacted;
	const char *boot_id;
	unsigned int phys_bits;
	bool no_gib_pages;
	bool kernel_32bit;
	bool la57;
	const char *dmi[EFIMAP_DMI_COUNT];
	struct efimap_release release;
	struct efimap_boot_params boot_params;
	struct efimap_setup_node *setup_data;
	size_t n_setup_data;

	struct efimap_installed_kernel *kernels;
	size_t n_kernels;
	struct efimap_kexec_state *kexec;

	struct efimap_fault *faults;
	size_t n_faults;

	struct efimap_binary *binary;

	struct efimap_arena arena;
	size_t capacity[11];
};

static inline bool efimap_has(const struct efimap *map, enum efimap_source source)
{
	return map->states[source] == EFIMAP_STATE_PRESENT;
}

/** efimap_is_map_denied() - may the runtime map, or all of EFI, not be looked into? */
static inline bool efimap_is_map_denied(const struct efimap *map)
{
	return map->states[EFIMAP_SRC_EFI] == EFIMAP_STATE_DENIED ||
	       map->states[EFIMAP_SRC_RUNTIME_MAP] == EFIMAP_STATE_DENIED;
}

static inline enum efimap_origin efimap_first_origin(const struct efimap *map)
{
	return map->origin == EFIMAP_ORIGIN_SNAPSHOT ? map->first_origin : map->origin;
}

/**
 * efimap_is_offline() - a capture, where an absent file only means "not collected"
 *
 * A snapshot of a running system is none: what was absent there was not there.
 */
static inline bool efimap_is_offline(const struct efimap *map)
{
	return efimap_first_origin(map) != EFIMAP_ORIGIN_LIVE;
}

const char *efimap_dmi_name(enum efimap_dmi field);

/**
 * efimap_has_read_virt() - were all virtual addresses read, none predicted or unknown?
 *
 * True of a map without entries.
 */
bool efimap_has_read_virt(const struct efimap *map);

const char *efimap_secure_boot_name(unsigned int secure_boot);

const char *efimap_map_from_name(unsigned int from);

/**
 * efimap_find_named_address() - the value of a name in systab or tables
 *
 * Return: true and @ret_value, or false and @ret_value untouched.
 */
bool efimap_find_named_address(const struct efimap_named_address *pairs, size_t count,
			       const char *name, uint64_t *ret_value);

/** efimap_find_entry() - the entry with this index (a binary search), or NULL */
const struct efimap_entry *efimap_find_entry(const struct efimap *map, uint32_t index);

/**
 * efimap_find_covering_entry() - the first entry that covers an address, or NULL
 * @covers: efimap_entry_covers_phys(), efimap_entry_covers_virt(), or check_pages_cover()
 *
 * Whoever asks for many addresses, or for all entries, uses efimap_translate().
 */
const struct efimap_entry *efimap_find_covering_entry(const struct efimap *map,
						      efimap_covers_fn *covers, uint64_t address);

/**
 * efimap_has_parameter() - is @word among the parameters of the kernel's command line?
 * @word: "noefi", which a value does not hide (for the kernel "noefi=0" is noefi too), or
 *        a parameter with its value, "efi=debug"
 *
 * Understands double quotes, "-" for "_" and the final "--" as the kernel does
 * (lib/cmdline.c: next_arg; kernel/params.c: parameq, parse_args).
 */
bool efimap_has_parameter(const struct efimap *map, const char *word);

/**
 * efimap_has_efi_option() - is @flag among the comma-separated values of "efi="?
 *
 * "efi=debug,noruntime" has both.
 */
bool efimap_has_efi_option(const struct efimap *map, const char *flag);

/* Building one. Everything below returns 0, -ENOMEM or -EOVERFLOW. */

int efimap_new(const char *name, enum efimap_origin origin, struct efimap **ret_map);
void efimap_free(struct efimap *map);

static inline void efimap_free_auto(struct efimap **map)
{
	efimap_free(*map);
}
#define efimap_auto_map __attribute__((cleanup(efimap_free_auto)))

/** efimap_set_first() - where the facts of a snapshot were first read; @name is copied */
int efimap_set_first(struct efimap *map, const char *name, size_t len,
		     enum efimap_origin origin);
int efimap_add_entry(struct efimap *map, const struct efimap_entry *entry);
int efimap_add_firmware(struct efimap *map, const struct efimap_entry *entry);
/** efimap_add_incomplete_entry() - add one of which a value could not be read */
int efimap_add_incomplete_entry(struct efimap *map, const struct efimap_entry *entry);
int efimap_add_name(struct efimap *map, uint32_t index);
/** efimap_add_memmap() - append the range start to end, both inclusive, end as read */
int efimap_add_memmap(struct efimap *map, uint32_t index, uint64_t start, uint64_t end,
		      const char *label, size_t label_len);
int efimap_add_iomem(struct efimap *map, struct efimap_span span, uint32_t depth,
		     const char *name, size_t name_len);
/** efimap_add_systab() - append a line of systab; of a repeated name the first value stays */
int efimap_add_systab(struct efimap *map, const char *name, size_t name_len,
		      uint64_t value);
/** efimap_add_table() - note a configuration table's address; likewise */
int efimap_add_table(struct efimap *map, const char *name, size_t name_len,
		     uint64_t value);
/**
 * efimap_add_kernel_message() - note a message of the kernel; copied
 * @count: how often it came
 * @rule:  efimap_find_message_rule() of it
 *
 * One that is there already is only counted; so is one of which the rule that knows it has
 * EFIMAP_MAX_KERNEL_MESSAGES.
 */
int efimap_add_kernel_message(struct efimap *map, const char *text, size_t len,
			      uint32_t count, uint32_t rule);
int efimap_add_setup_node(struct efimap *map, const struct efimap_setup_node *node);
/** efimap_copy_text() - a text that lives as long as the capture */
int efimap_copy_text(struct efimap *map, const char **ret_copy, const char *text, size_t len);
#define efimap_set_inner(map, name) efimap_copy_text(map, &(map)->inner, name, strlen(name))
#define efimap_set_cmdline(map, ...) efimap_copy_text(map, &(map)->cmdline, __VA_ARGS__)
#define efimap_set_boot_id(map, ...) efimap_copy_text(map, &(map)->boot_id, __VA_ARGS__)
#define efimap_set_dmi(map, which, ...) efimap_copy_text(map, &(map)->dmi[which], __VA_ARGS__)
/** efimap_add_fault() - note a file that could not be used; strings are copied */
int efimap_add_fault(struct efimap *map, const struct efimap_fault *fault);
/** efimap_release_of() - "6.1.0-56-amd64" taken apart; @text is borrowed. One that does not
 *  start with two numbers leaves major, minor and patch 0 */
struct efimap_release efimap_release_of(const char *text);
int efimap_set_release(struct efimap *map, const char *text, size_t len);

/**
 * efimap_seal() - the last step of building: sort entries, names, memmap and nodes by
 * index, of which each stands once. From here on the capture is const.
 */
int efimap_seal(struct efimap *map);

#endif
