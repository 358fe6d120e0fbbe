/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: faults
 *
 * What of a SOURCE could not be used. A fault is a fact in the capture, no error: verify
 * says what a loader would make of it.
 */
#ifndef MODEL_FAULT_H
#define MODEL_FAULT_H

#include <stdint.h>

#include "model/source.h"

/**
 * enum efimap_fault_kind - what is wrong with a file
 * @EFIMAP_FAULT_MISSING:     not there although its neighbours are
 * @EFIMAP_FAULT_DENIED:      may not be read
 * @EFIMAP_FAULT_EMPTY:       no bytes
 * @EFIMAP_FAULT_SYNTAX:      not what the kernel writes there
 * @EFIMAP_FAULT_TOO_LONG:    a whole page or more
 * @EFIMAP_FAULT_NOT_A_FILE:  a directory, FIFO, device or symbolic link
 * @EFIMAP_FAULT_IO:          the read failed
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
#define EFIMAP_FAULT_KIND_COUNT (EFIMAP_FAULT_EXTRA + 1)

#define EFIMAP_NO_INDEX UINT32_MAX

/**
 * struct efimap_fault - one file that could not be used
 * @source: the source it belongs to
 * @index:  the entry, memmap range or setup_data node; EFIMAP_NO_INDEX when none
 * @line:   line in the file, 0 when it has none
 * @where:  logical path below the source's root, "sys/firmware/efi/runtime-map/3/type"
 * @text:   what was found and what was expected
 */
struct efimap_fault {
	enum efimap_source source;
	enum efimap_fault_kind kind;
	uint32_t index;
	uint32_t line;
	const char *where;
	const char *text;
};

const char *efimap_fault_kind_name(enum efimap_fault_kind kind);

#endif
