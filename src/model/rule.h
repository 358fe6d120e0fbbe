/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the rule catalogue
 *
 * Every rule as data: what it tests, what it needs, what breaks, what to do. The tests
 * themselves live in the check room; the words live here, beside the rule's severity, so
 * that explain, the man page and the JSON cannot drift apart.
 */
#ifndef MODEL_RULE_H
#define MODEL_RULE_H

#include <stddef.h>
#include <stdint.h>

#include "model/capture.h"

/** enum efimap_severity - how bad; the order is used for --fail-on */
enum efimap_severity {
	EFIMAP_NOTE,
	EFIMAP_WARNING,
	EFIMAP_ERROR,
};

/**
 * enum efimap_consequence - the worst that the next kernel may meet, mildest first
 * @EFIMAP_CONSEQ_NONE:           nothing today
 * @EFIMAP_CONSEQ_ENTRY_DROPPED:  it removes the entry as a firmware bug
 * @EFIMAP_CONSEQ_MEMORY_AT_RISK: memory that firmware or kernel rely on is overwritten
 * @EFIMAP_CONSEQ_NO_RUNTIME:     "runtime-services-fail": the first call faults or
 *                                runtime services are disabled
 * @EFIMAP_CONSEQ_NO_EFI:         "boots-without-efi": it has no runtime-map, and no kernel
 *                                after it receives EFI
 * @EFIMAP_CONSEQ_NO_BOOT:        "does-not-boot"
 */
enum efimap_consequence {
	EFIMAP_CONSEQ_NONE,
	EFIMAP_CONSEQ_ENTRY_DROPPED,
	EFIMAP_CONSEQ_MEMORY_AT_RISK,
	EFIMAP_CONSEQ_NO_RUNTIME,
	EFIMAP_CONSEQ_NO_EFI,
	EFIMAP_CONSEQ_NO_BOOT,
};

/** enum efimap_rule_id - the rules, by family; names in struct efimap_rule */
enum efimap_rule_id {
	/* shape: reading and shape of the map */
	EFIMAP_RULE_MAP_ABSENT,
	EFIMAP_RULE_MAP_EMPTY,
	EFIMAP_RULE_MAP_INDEX_GAP,
	EFIMAP_RULE_MAP_NAME_ODD,
	EFIMAP_RULE_MAP_FILE_UNREADABLE,
	EFIMAP_RULE_MAP_VALUE_SYNTAX,
	EFIMAP_RULE_MAP_TOO_BIG,
	EFIMAP_RULE_MAP_EXTRA_FILE,
	EFIMAP_RULE_MAP_COUNT_ODD,
	EFIMAP_RULE_LOG_INCOMPLETE,
	/* phys: each entry's physical range */
	EFIMAP_RULE_PAGES_ZERO,
	EFIMAP_RULE_PHYS_UNALIGNED,
	EFIMAP_RULE_RANGE_OVERFLOW,
	EFIMAP_RULE_RANGE_ABOVE_52,
	EFIMAP_RULE_RANGE_EXCEEDS_WINDOW,
	EFIMAP_RULE_PHYS_ZERO,
	EFIMAP_RULE_RANGE_BELOW_1M,
	EFIMAP_RULE_RANGE_ABOVE_MAXPHYS,
	/* virt: each entry's virtual range */
	EFIMAP_RULE_VIRT_ZERO,
	EFIMAP_RULE_VIRT_UNALIGNED,
	EFIMAP_RULE_VIRT_NONCANONICAL,
	EFIMAP_RULE_VIRT_OUTSIDE_WINDOW,
	EFIMAP_RULE_VIRT_WINDOW_STRADDLE,
	EFIMAP_RULE_VIRT_OVERLAP,
	EFIMAP_RULE_VIRT_INCONGRUENT,
	EFIMAP_RULE_VIRT_1G_INCONGRUENT,
	EFIMAP_RULE_VIRT_KERNEL_RANGE,
	/* layout: the virtual layout as a whole */
	EFIMAP_RULE_LAYOUT_BOUND,
	EFIMAP_RULE_LAYOUT_EXACT,
	EFIMAP_RULE_IDENTITY_PARTIAL,
	EFIMAP_RULE_IDENTITY_NATIVE,
	EFIMAP_RULE_NONIDENTITY,
	/* attr: type and attributes */
	EFIMAP_RULE_RUNTIME_BIT_MISSING,
	EFIMAP_RULE_BOOT_SERVICES_KEPT,
	EFIMAP_RULE_TYPE_RAM_RUNTIME,
	EFIMAP_RULE_TYPE_IMPOSSIBLE,
	EFIMAP_RULE_TYPE_RESERVED_RANGE,
	EFIMAP_RULE_ATTR_NO_CACHE,
	EFIMAP_RULE_ATTR_UNKNOWN_BITS,
	EFIMAP_RULE_NO_RUNTIME_CODE,
	EFIMAP_RULE_NO_RUNTIME_DATA,
	/* bits: rare types and attribute bits, summed up */
	EFIMAP_RULE_TYPE_OEM,
	EFIMAP_RULE_TYPE_NVS_ACPI_RT,
	EFIMAP_RULE_ATTR_CODE_NOT_WB,
	EFIMAP_RULE_ATTR_MMIO_NO_UC,
	EFIMAP_RULE_ATTR_MMIO_WB,
	EFIMAP_RULE_ATTR_WX,
	EFIMAP_RULE_ATTR_XP_CODE,
	EFIMAP_RULE_ATTR_RP_WP,
	EFIMAP_RULE_ATTR_SP,
	EFIMAP_RULE_ATTR_INCONSISTENT,
	/* overlap: entries against each other */
	EFIMAP_RULE_PHYS_OVERLAP,
	EFIMAP_RULE_ENTRY_DUPLICATE,
	EFIMAP_RULE_PHYS_ADJACENT,
	EFIMAP_RULE_PHYS_UNSORTED,
	/* memmap: against /sys/firmware/memmap */
	EFIMAP_RULE_RUNTIME_IN_RAM,
	EFIMAP_RULE_MMIO_IN_RAM,
	EFIMAP_RULE_BOOT_SERVICES_IN_RAM,
	EFIMAP_RULE_RUNTIME_UNCOVERED,
	EFIMAP_RULE_MEMMAP_BAD_RANGE,
	EFIMAP_RULE_MEMMAP_COUNT,
	EFIMAP_RULE_TABLE_IN_RAM,
	EFIMAP_RULE_RUNTIME_WRONG_LABEL,
	EFIMAP_RULE_ACPI_LABEL,
	EFIMAP_RULE_MEMMAP_OVERLAP,
	EFIMAP_RULE_MEMMAP_UNALIGNED,
	EFIMAP_RULE_MEMMAP_UNKNOWN_TYPE,
	/* iomem: against /proc/iomem */
	EFIMAP_RULE_IOMEM_HIDDEN,
	EFIMAP_RULE_RUNTIME_IOMEM_RAM,
	EFIMAP_RULE_RUNTIME_IN_CRASH,
	EFIMAP_RULE_RUNTIME_IN_KERNEL,
	EFIMAP_RULE_RUNTIME_IOMEM_NONE,
	EFIMAP_RULE_RUNTIME_IN_PCI_WINDOW,
	EFIMAP_RULE_IOMEM_LABEL,
	EFIMAP_RULE_IOMEM_VS_MEMMAP,
	/* boot: EFI pointers and boot state */
	EFIMAP_RULE_POINTER_MISSING,
	EFIMAP_RULE_POINTER_VIRTUAL,
	EFIMAP_RULE_SMBIOS_VIRTUAL,
	EFIMAP_RULE_MIXED_MODE,
	EFIMAP_RULE_RUNTIME_OFF,
	EFIMAP_RULE_SERVICES_LOST,
	EFIMAP_RULE_POINTER_UNMAPPED,
	EFIMAP_RULE_RUNTIME_POINTER,
	EFIMAP_RULE_SMBIOS_UNMAPPED,
	EFIMAP_RULE_NO_SMBIOS,
	EFIMAP_RULE_NO_RSDP,
	EFIMAP_RULE_MEM_ENCRYPT,
	/* drift: FIRST against SECOND (compare) */
	EFIMAP_RULE_DRIFT_NO_MAP,
	EFIMAP_RULE_DRIFT_NOT_KEXEC,
	EFIMAP_RULE_DRIFT_LOST,
	EFIMAP_RULE_DRIFT_EXTRA,
	EFIMAP_RULE_DRIFT_VIRT,
	EFIMAP_RULE_DRIFT_PAGES,
	EFIMAP_RULE_DRIFT_TYPE,
	EFIMAP_RULE_DRIFT_ATTR,
	EFIMAP_RULE_DRIFT_ATTR_RT_ADDED,
	EFIMAP_RULE_DRIFT_ORDER_SAME,
	EFIMAP_RULE_DRIFT_ORDER_HASH,
	EFIMAP_RULE_DRIFT_ORDER_OTHER,
	/* drift_facts: what surrounds the two maps (compare) */
	EFIMAP_RULE_DRIFT_POINTER,
	EFIMAP_RULE_DRIFT_RUNTIME_POINTER,
	EFIMAP_RULE_DRIFT_SYSTAB,
	EFIMAP_RULE_DRIFT_SETUP_DATA,
	EFIMAP_RULE_DRIFT_MEMMAP,
	EFIMAP_RULE_DRIFT_MEMMAP_RT,
	EFIMAP_RULE_DRIFT_VERSION,
	/* setup: what a loader left in boot_params and setup_data (handover) */
	EFIMAP_RULE_SETUP_DATA_NO_EFI,
	EFIMAP_RULE_SETUP_DATA_EFI_DUP,
	EFIMAP_RULE_SETUP_DATA_EFI_LEN,
	EFIMAP_RULE_SETUP_DATA_TABLES_ZERO,
	EFIMAP_RULE_SETUP_DATA_VENDOR_ZERO,
	EFIMAP_RULE_SETUP_DATA_RESERVED,
	EFIMAP_RULE_EFI_INFO_DESC_SIZE,
	EFIMAP_RULE_EFI_INFO_VERSION,
	EFIMAP_RULE_EFI_INFO_COUNT,
	EFIMAP_RULE_EFI_INFO_SIGNATURE,
	EFIMAP_RULE_EFI_INFO_ADDR_ZERO,
	/* prediction: what the virtual addresses tell (predict) */
	EFIMAP_RULE_LAYOUT_GAP,
	EFIMAP_RULE_ORDER_DESCENDING,
	/* pagetable: the kernel's page table dump against the map (pagetable --check) */
	EFIMAP_RULE_PAGETABLE_MISSING,
	EFIMAP_RULE_PAGETABLE_EXTRA,
	EFIMAP_RULE_PAGETABLE_NX_DATA,
	EFIMAP_RULE_PAGETABLE_X_CODE_NX,
	EFIMAP_RULE_PAGETABLE_CACHE,
	EFIMAP_RULE_PAGETABLE_WX,
	EFIMAP_RULE_PAGETABLE_LEVEL,
	EFIMAP_RULE_PAGETABLE_NO_IDENTITY,
	/* kexec: what kexec was given and did (verify --kernel, --kexec-log) */
	EFIMAP_RULE_IMAGE_WITHOUT_EFI,
	EFIMAP_RULE_SEGMENT_COLLISION,
	/* decode: what only a binary can break (decode) */
	EFIMAP_RULE_SETUP_DATA_LOOP,
	EFIMAP_RULE_SETUP_DATA_TRUNCATED,
	EFIMAP_RULE_TRAILING_BYTES,
	EFIMAP_RULE_COUNT,
};

/** EFIMAP_NEEDS() - a source as a bit for &struct efimap_rule.needs */
#define EFIMAP_NEEDS(source) (UINT32_C(1) << (source))
/** EFIMAP_NEEDS_VIRT - virtual addresses that were read, not predicted from a log */
#define EFIMAP_NEEDS_VIRT (UINT32_C(1) << 31)
/** EFIMAP_NEEDS_FILES - the files of the runtime map, or their numbers in sysfs */
#define EFIMAP_NEEDS_FILES (UINT32_C(1) << 30)
/** EFIMAP_NEEDS_MARKS - the boot-services entries that the kernel marked to keep them */
#define EFIMAP_NEEDS_MARKS (UINT32_C(1) << 29)
/** EFIMAP_NEEDS_SOURCES - those bits of &struct efimap_rule.needs that are sources */
#define EFIMAP_NEEDS_SOURCES (EFIMAP_NEEDS_MARKS - 1)

/**
 * struct efimap_rule_text - what "efimapctl explain" says of a rule
 * @tests:       what it speaks of, not what it wishes for: one or two sentences
 * @why:         why that matters
 * @breaks:      what breaks in the next kernel
 * @exceptions:  when it stays silent on purpose, or "none"
 * @fix:         what to do
 * @source:      UEFI section, kernel file and symbol
 * @rows:        names of the rows of docs/fault-matrix.md that it rests on, separated by
 *               ", "; NULL where there are none (tests/lint/matrix.py)
 * @experiment:  what a real second kernel did there, or "None" and why
 *
 * None of the others is NULL or empty (tests/unit/model/rule.c).
 */
struct efimap_rule_text {
	const char *tests;
	const char *why;
	const char *breaks;
	const char *exceptions;
	const char *fix;
	const char *source;
	const char *rows;
	const char *experiment;
};

/**
 * struct efimap_rule - one rule
 * @id:          its number, unstable
 * @name:        its id for users, "virt-overlap", stable for ever
 * @severity:    usual severity; an exception can lower a finding's own
 * @consequence: usual consequence
 * @needs:       sources (EFIMAP_NEEDS) without which the rule is skipped, and what else
 *               a kernel's log does not show (EFIMAP_NEEDS_VIRT, …); for rules of compare,
 *               in either capture
 * @text:        what to tell people of it
 */
struct efimap_rule {
	enum efimap_rule_id id;
	enum efimap_severity severity;
	enum efimap_consequence consequence;
	uint32_t needs;
	const char *name;
	const struct efimap_rule_text *text;
};

/**
 * struct efimap_rule_family - a table of rules that belong together
 * @command: which command tries them: "verify", "compare", "handover", "predict",
 *           "pagetable", "decode"
 */
struct efimap_rule_family {
	const char *name;
	const char *title;
	const char *command;
	const struct efimap_rule *rules;
	size_t n_rules;
};

/** efimap_rule_families - all rules, in the order of the enum; ends with a NULL name */
extern const struct efimap_rule_family efimap_rule_families[];

/** efimap_rule_get() - the rule with this id */
const struct efimap_rule *efimap_rule_get(enum efimap_rule_id id);
/** efimap_rule_find() - the rule with this name, or NULL */
const struct efimap_rule *efimap_rule_find(const char *name);
/** efimap_rule_command() - which command tries the rule with this id */
const char *efimap_rule_command(enum efimap_rule_id id);
/**
 * efimap_rule_lacks() - what of EFIMAP_NEEDS_VIRT, _FILES and _MARKS a map does not have
 *
 * Return: words such as "virtual addresses, which no kernel log shows", or NULL when
 * nothing is missing.
 */
const char *efimap_rule_lacks(const struct efimap *map, uint32_t needs);
/** efimap_severity_name() - "error", "warning", "note" */
const char *efimap_severity_name(enum efimap_severity severity);
/** efimap_consequence_name() - "runtime-services-fail", … */
const char *efimap_consequence_name(enum efimap_consequence consequence);

#endif
