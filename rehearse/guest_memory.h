/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REHEARSE_GUEST_MEMORY_H
#define REHEARSE_GUEST_MEMORY_H

#include "base/error.h"
#include "capture/capture.h"
#include "capture/kernel_image.h"
#include "cli/cmd_rehearse.h"
#include "linux/encode_setup_data.h"

struct machine_file {
	const char *name;
	const uint8_t *data;
	size_t size;
};

/**
 * struct machine_options - the kernel to boot, its initrd, and the data that is passed to it
 * @passed: the capture whose runtime map and memory map are passed to the kernel, or NULL for the
 *          machine's own capture
 */
struct machine_options {
	const struct rehearse *asked;
	struct machine_file kernel;
	struct machine_file initrd;
	const struct efimap *passed;
};

/** MACHINE_LOW_END - exclusive end of memory below 4 GiB; more begins at MACHINE_HIGH_START */
#define MACHINE_LOW_END UINT64_C(0xe0000000)
#define MACHINE_HIGH_START 0x100000000ULL
/** MACHINE_HIGH_UNIT - in QEMU, the size of memory above 4 GiB must be a multiple of this size */
#define MACHINE_HIGH_UNIT (UINT64_C(2) << 20)
/** MACHINE_MAX_PHYS_BITS - maximum width of a physical address in a page table entry */
#define MACHINE_MAX_PHYS_BITS 52
/** MACHINE_USUAL_PHYS_BITS - minimum address width if the capture does not contain the width */
#define MACHINE_USUAL_PHYS_BITS 40
#define MACHINE_ROM_SIZE 65536
#define MACHINE_PIECES 32

/**
 * struct machine_piece - bytes in memory
 * @reserved: size in bytes of the memory that is reserved for the piece, at least @size
 */
struct machine_piece {
	uint64_t at;
	uint64_t reserved;
	const uint8_t *data;
	size_t size;
};

struct machine_range {
	struct span span;
	uint32_t type;
};

/**
 * struct machine - the simulated machine and its memory
 * @expected:         the capture that the kernel sends if everything works. Data that the source
 *                    capture lacks is generated. Its arrays except @entries belong to the source
 *                    capture.
 * @derived:          a capture with the derived runtime map of a first kernel; NULL for a second
 *                    kernel
 * @left_out:         number of bytes of the real machine's memory that the guest lacks
 * @phys_bits:        width of the guest's physical addresses; an access to a wider address faults
 * @has_assumed_bits: @phys_bits is assumed, because the capture does not contain the width
 * @highest:          the highest address that a firmware pointer contains or a region covers
 * @has_beyond:       @highest is wider than @phys_bits
 * @free:             the guest's RAM below 4 GiB that neither the firmware nor a piece uses,
 *                    ascending; no two spans touch
 * @spare:            a second buffer, in which the next value of @free is computed
 * @why_not_passed:   the reason why the loader passes no EFI data, or EFIMAP_IS_PASSED
 */
struct machine {
	struct efimap expected;
	struct efimap *derived;
	bool has_debug;
	struct machine_piece pieces[MACHINE_PIECES];
	size_t n_pieces;
	uint8_t *rom;
	uint64_t memory;
	uint64_t left_out;
	unsigned int phys_bits;
	bool has_assumed_bits;
	uint64_t highest;
	bool has_beyond;
	enum not_passed why_not_passed;
	struct machine_range *rows;
	size_t n_rows;
	struct span *free;
	struct span *spare;
	size_t n_free;
	struct arena arena;
};

/**
 * machine_parse_kernel() - parse the header of a bzImage
 *
 * Return: 0, or -EBADMSG if the file is not a bzImage for x86-64 or is truncated.
 */
int machine_parse_kernel(const struct machine_file *kernel, struct kernel_image *ret_image,
			 struct err *err);

/**
 * machine_make() - build the memory of the guest
 * @machine: zeroed by the caller, who calls machine_free() even after a failure
 * @err:     contains no error yet
 *
 * Return: 0; -ENOTSUP or -E2BIG if the capture cannot be rehearsed with these options; or another
 * negative errno.
 */
int machine_make(const struct efimap *map, const struct machine_options *options,
		 struct machine *machine, struct err *err);

void machine_free(struct machine *machine);

#endif
