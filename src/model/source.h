/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: sources
 *
 * The places that a capture is read from, and what became of each.
 */
#ifndef MODEL_SOURCE_H
#define MODEL_SOURCE_H

/**
 * enum efimap_source - the places that a capture is read from
 * @EFIMAP_SRC_EFI:         sys/firmware/efi itself: was this machine booted with EFI?
 * @EFIMAP_SRC_KERNEL_LOG:  the kernel's log, for the addresses of firmware tables
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
	EFIMAP_SRC_COUNT,
};

/**
 * enum efimap_state - what became of a source
 * @EFIMAP_STATE_ABSENT:  not there (in an offline capture: not collected)
 * @EFIMAP_STATE_PRESENT: read
 * @EFIMAP_STATE_DENIED:  there, but we may not read it
 * @EFIMAP_STATE_MASKED:  read, but the kernel hid the addresses (unprivileged iomem)
 * @EFIMAP_STATE_BROKEN:  there, but malformed; a fault says where
 */
enum efimap_state {
	EFIMAP_STATE_ABSENT,
	EFIMAP_STATE_PRESENT,
	EFIMAP_STATE_DENIED,
	EFIMAP_STATE_MASKED,
	EFIMAP_STATE_BROKEN,
};
#define EFIMAP_STATE_COUNT (EFIMAP_STATE_BROKEN + 1)

/**
 * enum efimap_origin - what kind of SOURCE it was
 */
enum efimap_origin {
	EFIMAP_ORIGIN_LIVE,
	EFIMAP_ORIGIN_TREE,
	EFIMAP_ORIGIN_SNAPSHOT,
	EFIMAP_ORIGIN_LOG,
	EFIMAP_ORIGIN_VMCORE,
};
#define EFIMAP_ORIGIN_COUNT (EFIMAP_ORIGIN_VMCORE + 1)

/** efimap_source_name() - "runtime_map", the key in JSON documents */
const char *efimap_source_name(enum efimap_source source);
/**
 * efimap_source_path() - "sys/firmware/efi/runtime-map", below the root
 *
 * The kernel's log has no one place: "the kernel log".
 */
const char *efimap_source_path(enum efimap_source source);
const char *efimap_state_name(enum efimap_state state);
const char *efimap_origin_name(enum efimap_origin origin);

#endif
