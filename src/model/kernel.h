/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: kernels: what changed in Linux, and what a kernel can call itself
 *
 * What is normal in a runtime map depends on the kernel that exported it. Each change that
 * a verdict rests on is a row of one table; rules ask for the change, never for a release.
 */
#ifndef MODEL_KERNEL_H
#define MODEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/capture.h"

/**
 * enum efimap_change - by the release that they came with
 * @EFIMAP_CHANGE_MAPS_WINDOW:       regions are mapped into the EFI window
 * @EFIMAP_CHANGE_WALKS_BACKWARDS:   firmware's map is mapped from its end
 * @EFIMAP_CHANGE_SHOWS_BOOT_SERVICES: boot services memory that is kept is exported
 * @EFIMAP_CHANGE_APPLIES_MEMATTR:   permissions of the Memory Attributes Table
 * @EFIMAP_CHANGE_READS_RUNTIME:     the runtime pointer comes from the system table
 * @EFIMAP_CHANGE_DEBUG_FREES_NONE:  with efi=debug boot services memory is not freed
 * @EFIMAP_CHANGE_NO_OLD_MAP:        efi=old_map is gone
 * @EFIMAP_CHANGE_LOADS_FROM_TOP:    kexec_file_load fills memory from its top
 * @EFIMAP_CHANGE_SKIPS_MEMATTR:     the table is not read after kexec
 * @EFIMAP_CHANGE_WIPES_INITRD:      the table is written over once it was read
 * @EFIMAP_CHANGE_UPDATES_MAPPINGS:  a kexec'ed kernel applies the Memory Attributes Table
 */
enum efimap_change {
	EFIMAP_CHANGE_MAPS_WINDOW,
	EFIMAP_CHANGE_WALKS_BACKWARDS,
	EFIMAP_CHANGE_SHOWS_BOOT_SERVICES,
	EFIMAP_CHANGE_APPLIES_MEMATTR,
	EFIMAP_CHANGE_READS_RUNTIME,
	EFIMAP_CHANGE_DEBUG_FREES_NONE,
	EFIMAP_CHANGE_NO_OLD_MAP,
	EFIMAP_CHANGE_LOADS_FROM_TOP,
	EFIMAP_CHANGE_SKIPS_MEMATTR,
	EFIMAP_CHANGE_WIPES_INITRD,
	EFIMAP_CHANGE_UPDATES_MAPPINGS,
	EFIMAP_CHANGE_COUNT,
};

/**
 * struct efimap_kernel_change - one change
 * @release: "5.7"
 * @before:  what kernels did until then, one sentence without a full stop
 * @since:   what they do from then on
 * @source:  commit and file
 */
struct efimap_kernel_change {
	unsigned int major;
	unsigned int minor;
	unsigned int patch;
	const char *release;
	const char *before;
	const char *since;
	const char *source;
};

/** efimap_kernel_change() - what it is */
const struct efimap_kernel_change *efimap_kernel_change(enum efimap_change change);

/**
 * efimap_release_has() - has a kernel of this release the change?
 * @unknown: the answer when the release is not known: that which accuses nobody
 */
bool efimap_release_has(const struct efimap_release *release, enum efimap_change change,
			bool unknown);

/** efimap_kernel_has() - has the kernel of this capture the change? */
static inline bool efimap_kernel_has(const struct efimap *map, enum efimap_change change,
				     bool unknown)
{
	return efimap_release_has(&map->release, change, unknown);
}

/** efimap_kernel_is_known() - does the capture tell its release? */
static inline bool efimap_kernel_is_known(const struct efimap *map)
{
	return map->release.major != 0;
}

/** EFIMAP_MAX_RELEASE - include/uapi/linux/utsname.h: __NEW_UTS_LEN, without the NUL */
#define EFIMAP_MAX_RELEASE 64

/** EFIMAP_RELEASE_EXPECTED - what efimap_release_is_valid() holds for, for messages */
#define EFIMAP_RELEASE_EXPECTED \
	"a release: a digit, then letters, digits and ._+~^@:-, 64 characters at most"

/** efimap_release_is_valid() - can uname -r say so? */
bool efimap_release_is_valid(const char *text, size_t len);

#endif
