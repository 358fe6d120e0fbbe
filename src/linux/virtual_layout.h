/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: virtual layout
 *
 * Where Linux on x86-64 puts runtime regions in the EFI window
 * (arch/x86/platform/efi/efi_64.c: efi_map_region), one region at a time or a whole map.
 */
#ifndef LINUX_VIRTUAL_LAYOUT_H
#define LINUX_VIRTUAL_LAYOUT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

/** EFIMAP_LAYOUT_STEP - PMD_SIZE: virt and phys agree modulo this */
#define EFIMAP_LAYOUT_STEP UINT64_C(0x200000)

/**
 * efimap_layout_next() - one step of the algorithm
 * @ret_va:  efi_va after the step, which is the region's virtual address
 *
 * The kernel does not check whether the subtraction wraps; neither the value below
 * EFIMAP_VA_END nor a wrap is undone, so every later region overflows too.
 *
 * Return: 0; -EOVERFLOW when the region does not fit into what is left of the window
 * (the kernel then leaves virt_addr alone).
 */
int efimap_layout_next(uint64_t va, uint64_t phys, uint64_t pages, uint64_t *ret_va);

/**
 * enum efimap_layout_order - how phys runs along the walk
 * @EFIMAP_LAYOUT_DESCENDING: the firmware's map is walked backwards, since 4.3 (and
 *                            4.1.11: a5caa209ba9c): entry 0 is its last descriptor
 * @EFIMAP_LAYOUT_ASCENDING:  it is walked forwards, 3.14 to 4.2, and in mixed mode
 *
 * Either way virt descends along the walk; a firmware need not sort its map.
 */
enum efimap_layout_order {
	EFIMAP_LAYOUT_DESCENDING,
	EFIMAP_LAYOUT_ASCENDING,
};

const char *efimap_layout_order_name(unsigned int order);

/**
 * struct efimap_layout_options - how to predict
 * @complete: nothing that was walked is missing from the map (efi=debug)
 * @mixed:    64-bit kernel on 32-bit firmware: everything is mapped onto itself
 * @in_order: the map cannot have been through kexec_load: where but a few addresses speak
 *            against it, its entries stand in the order of the walk
 */
struct efimap_layout_options {
	bool complete;
	bool mixed;
	bool in_order;
};

/**
 * enum efimap_layout_kind - what is known of an entry's address
 * @EFIMAP_LAYOUT_EXACT:    @predicted is what the algorithm yields
 * @EFIMAP_LAYOUT_BOUND:    only @bound is known: freed boot services regions have used
 *                          an unknown multiple of EFIMAP_LAYOUT_STEP above it
 * @EFIMAP_LAYOUT_OVERFLOW: the window is used up: the kernel writes no address
 */
enum efimap_layout_kind {
	EFIMAP_LAYOUT_EXACT,
	EFIMAP_LAYOUT_BOUND,
	EFIMAP_LAYOUT_OVERFLOW,
};

/**
 * struct efimap_layout_row - the prediction for one entry
 * @bound:     highest address that the algorithm can yield; equals @predicted for EXACT,
 *             0 for OVERFLOW
 */
struct efimap_layout_row {
	enum efimap_layout_kind kind;
	uint64_t predicted;
	uint64_t bound;
};

/**
 * struct efimap_layout - the prediction for a map
 * @unknown:  why nothing can be predicted, and there are no rows; NULL where there are
 * @has_virt: the map says where its entries are mapped (a kernel's log does not)
 * @complete: nothing that was walked is missing, so rows are exact
 * @n_impossible: rows that do not admit their entry, of a map that says where these are mapped
 */
struct efimap_layout {
	const char *unknown;
	struct efimap_layout_row *rows;
	size_t n_rows;
	size_t n_impossible;
	enum efimap_layout_order order;
	bool has_virt;
	bool complete;
	bool mixed;
};

/**
 * efimap_layout_predict() - recompute every virtual address of a runtime map
 * @entries:   @count entries by index; the kernel keeps them in the order of the walk. Where
 *             they are out of that order the map has been through kexec_load, and the walk is
 *             found by descending virt instead
 * @ret_order: how phys runs along the walk
 *
 * A bound is computed from the address of the entry before it in the walk; where that
 * one is itself impossible, from its bound, so that one wrong address spoils one row.
 */
int efimap_layout_predict(const struct efimap_entry *entries, size_t count,
			  const struct efimap_layout_options *options,
			  struct efimap_layout_row *rows,
			  enum efimap_layout_order *ret_order);

/**
 * efimap_layout_row_allows() - can the algorithm have yielded this address?
 *
 * For EXACT it must be the predicted one, for BOUND it lies in the window, is congruent
 * to @entry's phys modulo EFIMAP_LAYOUT_STEP and not above the bound. OVERFLOW leaves
 * virt_addr alone, so everything is possible.
 */
bool efimap_layout_row_allows(const struct efimap_layout_row *row,
			      const struct efimap_entry *entry);

/**
 * efimap_layout_merge() - merge neighbours as the kernel does before it maps
 *
 * efi.c: efi_merge_regions(): neighbours in map order with the same type and attribute
 * whose physical ranges touch. The one that is swallowed becomes type 0, attribute 0,
 * keeps its address and pages, and is not mapped.
 */
void efimap_layout_merge(struct efimap_entry *entries, size_t count);

/**
 * efimap_layout_is_mapped() - does the first kernel map this descriptor?
 *
 * efi.c: should_map_region(): with EFI_MEMORY_RUNTIME, boot services, and in mixed mode
 * all RAM. (Conventional memory with EFI_MEMORY_SP, which depends on soft reservation, is
 * taken as not mapped.)
 */
bool efimap_layout_is_mapped(const struct efimap_entry *entry, bool mixed);

/** efimap_layout_has_ram() - is conventional memory listed, which only mixed mode maps? */
bool efimap_layout_has_ram(const struct efimap_entry *entries, size_t count);

/**
 * efimap_layout_lacks() - what every list of EFI memory has, and this one does not
 *
 * Every firmware has code and data with EFI_MEMORY_RUNTIME. A list in a log without one of them
 * is an excerpt, or its end is missing.
 *
 * Return: "runtime code", "runtime data" or NULL.
 */
const char *efimap_layout_lacks(const struct efimap_entry *entries, size_t count);

/*
 * A kernel's log shows lists of memory, not the map that sysfs would. What the kernel makes
 * of them: which descriptors it keeps, how it numbers them, where it maps them
 * (efi.c: efi_merge_regions, efi_map_regions; quirks.c: efi_free_boot_services).
 */

/**
 * efimap_derive() - make the runtime map of a capture from lists in a kernel's log
 * @map:      receives entries, their names and where they are from; its release and its
 *            command line must be there already, and its firmware map when the log has it
 *
 * From @runtime if there is one, else from the firmware map: what a first kernel makes of
 * the firmware's list, or, without conventional memory in it, the map that a kexec'ed
 * kernel received, as it is. Nothing is made where the command line turns the map off, of
 * another architecture than x86, nor of an excerpt, of which nobody knows what list it is.
 *
 * Virtual addresses are predicted while the list is whole up to there, by the algorithm of
 * the kernel's release, or that of Linux 4.3 and later where that is not known.
 */
int efimap_derive(struct efimap *map, const struct efimap_entry *runtime, size_t count);

#endif
