/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LINUX_VIRTUAL_LAYOUT_H
#define LINUX_VIRTUAL_LAYOUT_H

#include "capture/capture.h"

/* PMD_SIZE. The virtual and physical addresses of a region are equal modulo this size. */
#define EFIMAP_LAYOUT_STEP UINT64_C(0x200000)

/*
 * Compute the virtual address of a region.
 *
 * @va:     efi_va before the region is mapped
 * @ret_va: efi_va after the region is mapped, which is the virtual address of the region
 *
 * Return 0, or -EOVERFLOW if the region does not fit into the rest of the range. In this case, the
 * kernel does not change virt_addr, and all later regions overflow too.
 */
int layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va);

/*
 * The order of the physical addresses in the sequence of allocations. Virtual addresses descend in
 * both cases, except in mixed mode.
 *
 * @EFIMAP_LAYOUT_DESCENDING: the kernel walks the firmware's map backwards (Linux 4.3 or later, and
 *                            4.1.11; commit a5caa209ba9c)
 * @EFIMAP_LAYOUT_ASCENDING:  the kernel walks the firmware's map forwards (Linux 3.14 to 4.2, and
 *                            mixed mode)
 */
enum layout_order {
	EFIMAP_LAYOUT_DESCENDING,
	EFIMAP_LAYOUT_ASCENDING,
};

const char *layout_order_name(unsigned int order);

/*
 * The accuracy of the prediction for an entry.
 *
 * @EFIMAP_LAYOUT_EXACT:    @predicted is the result of the algorithm
 * @EFIMAP_LAYOUT_BOUND:    only @bound is known, because regions that are missing from the map
 *                          occupied an unknown part of the EFI runtime virtual address range above
 *                          the entry
 * @EFIMAP_LAYOUT_NO_SPACE: the rest of the range is too small, so the kernel sets no address
 */
enum layout_kind {
	EFIMAP_LAYOUT_EXACT,
	EFIMAP_LAYOUT_BOUND,
	EFIMAP_LAYOUT_NO_SPACE,
};

/*
 * The prediction for one entry.
 *
 * @bound: the highest possible address; equal to @predicted for EXACT, 0 for NO_SPACE
 */
struct layout_row {
	enum layout_kind kind;
	uint64_t predicted;
	uint64_t bound;
};

/*
 * The prediction for a map.
 *
 * @reason:       the reason why there are no rows; NULL if the addresses can be predicted
 * @n_impossible: if @has_virt is set, the number of entries with an address that their row does not
 *                allow
 * @has_virt:     the map contains virtual addresses, which a kernel log does not contain
 * @complete:     the map contains all regions that were mapped, so rows are exact
 */
struct layout {
	const char *reason;
	struct layout_row *rows;
	size_t n_rows;
	size_t n_impossible;
	enum layout_order order;
	bool has_virt;
	bool complete;
	bool mixed;
};

/* Return whether the map contains all regions that the kernel mapped. */
bool layout_is_complete(const struct efimap *map);

/*
 * Compute the virtual addresses of a map.
 *
 * The addresses are exact if the map is complete (efi=debug), if the kernel runs in mixed mode, or
 * if they were computed from the firmware's map in a kernel log. Otherwise, only bounds are known.
 * A bound is computed from the preceding entry in the sequence of allocations: from its address or,
 * if that address is impossible, from its bound. An impossible address therefore affects only its
 * own row. If nothing can be predicted, the reason of the result is not NULL. Free the result with
 * layout_free().
 */
struct layout predict_layout(const struct efimap *map);

void layout_free(struct layout *layout);
#define auto_layout __attribute__((cleanup(layout_free)))

/*
 * Return whether the kernel's layout algorithm can produce the virtual address of @entry. For
 * NO_SPACE, any address is possible, because the kernel does not change virt_addr.
 */
bool layout_row_allows(const struct layout_row *row, const struct map_entry *entry);

/* Return whether the list contains conventional memory, which Linux maps only in mixed mode. */
bool layout_has_ram(const struct map_entry *entries, size_t count);

/*
 * Return "runtime code" or "runtime data" if no entry of this type has EFI_MEMORY_RUNTIME,
 * otherwise NULL. Every firmware has both types, so a list that lacks either is an excerpt.
 */
const char *layout_lacks(const struct map_entry *entries, size_t count);

/*
 * Derive the runtime map of a capture from the memory lists in a kernel log: the descriptors that
 * the kernel keeps, their numbers and their virtual addresses (efi.c: efi_merge_regions,
 * efi_map_regions; quirks.c: efi_free_boot_services).
 *
 * @map:     receives the entries, their names and their origin. Its release and command line must
 *           be set, and its firmware map if the log has one.
 * @runtime: the list below "EFI runtime memory map:", with @count entries
 *
 * If @runtime is empty, the firmware map is used. From a firmware map with conventional memory, the
 * map of a first kernel is derived. Any other firmware map is either the map that a kexec'd kernel
 * received, which is used unchanged, or an excerpt, which is not used. Nothing is derived if
 * why_runtime_services_off() returns a reason other than "Linux before 3.14".
 *
 * Virtual addresses are predicted with the algorithm of the kernel's release, or of Linux 4.3 or
 * later if the release is unknown. Except in mixed mode, the prediction stops at the first gap in
 * the list.
 */
void derive(struct efimap *map, const struct map_entry *runtime, size_t count);

#endif
