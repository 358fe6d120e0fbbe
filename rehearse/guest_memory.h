/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The machine that a capture is rehearsed on: what lies where in its memory before the kernel's
 * first instruction. A plain value, made of bytes that other rooms write wherever one does
 * (linux/setup_data.h); nothing here starts anything.
 */
#ifndef REHEARSE_GUEST_MEMORY_H
#define REHEARSE_GUEST_MEMORY_H

#include <stddef.h>
#include <stdint.h>

#include "base/address_span.h"
#include "base/error.h"
#include "capture/capture.h"
#include "capture/kernel_image.h"
#include "cli/rehearse_options.h"
#include "linux/setup_data.h"

/** struct machine_file - what was read of a file */
struct machine_file {
	const char *name;
	const uint8_t *data;
	size_t size;
};

/**
 * struct machine_options - what is to be started, and how
 * @asked:  the command line's words
 * @passed: the capture whose map and memory are handed over to it, NULL for the machine's own
 */
struct machine_options {
	const struct rehearse *asked;
	struct machine_file kernel;
	struct machine_file initrd;
	const struct efimap *passed;
};

/** MACHINE_LOW_END - where memory below 4 GiB ends; what is more begins at MACHINE_HIGH_START */
#define MACHINE_LOW_END UINT64_C(0xe0000000)
#define MACHINE_HIGH_START 0x100000000ULL
/** MACHINE_HIGH_UNIT - memory from there on is a multiple of this, as QEMU wants it */
#define MACHINE_HIGH_UNIT (UINT64_C(2) << 20)
/** MACHINE_MOST_PHYS_BITS - of a physical address, by the format of page tables */
#define MACHINE_MOST_PHYS_BITS 52
/** MACHINE_USUAL_PHYS_BITS - where a capture does not tell, and lists nothing beyond them */
#define MACHINE_USUAL_PHYS_BITS 40
#define MACHINE_ROM_SIZE 65536
#define MACHINE_PIECES 32

/** struct machine_piece - bytes in memory, and how much is kept free for them */
struct machine_piece {
	uint64_t at;
	uint64_t room;
	const uint8_t *data;
	size_t size;
};

/** struct machine_range - a row of the E820 map */
struct machine_range {
	struct efimap_span span;
	uint32_t type;
};

/**
 * struct machine - all of it
 * @expected: what the kernel is to show if all goes well: the capture, with what it does not
 *            say filled in as it was made up here; its arrays but @entries are the capture's
 * @derived:  the map that a first kernel makes of the firmware's map, NULL for a next kernel
 * @has_debug: a first kernel that gets efi=debug, with which it keeps all boot services
 * @left_out: bytes of the machine's memory that the guest does not have
 * @phys_bits: bits of a physical address of the guest's processor: an address beyond them faults
 * @has_assumed_bits: the capture does not tell how many the machine's processor has
 * @highest:  the highest address that the firmware gives a kernel
 * @has_beyond: it is beyond these bits
 * @free:     the guest's RAM below 4 GiB that neither the firmware nor a piece uses: ascending,
 *            no two spans touch
 * @spare:    memory for the next @free
 * @passes:   why the loader passes no EFI, or EFIMAP_IS_PASSED
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
	enum efimap_not_passed passes;
	struct machine_range *rows;
	size_t n_rows;
	struct efimap_span *free;
	struct efimap_span *spare;
	size_t n_free;
	struct efimap_arena arena;
};

/**
 * machine_parse_kernel() - the header of a bzImage that can be booted here
 *
 * Return: 0, or -EBADMSG for a file that is no bzImage for x86-64, or that was cut.
 */
int machine_parse_kernel(const struct machine_file *kernel, struct efimap_image *ret_image,
			 struct efimap_err *err);

/**
 * machine_make() - put everything into its place
 * @machine: zeroed; machine_free() it, after a failure too
 * @err:     holds no error yet
 */
int machine_make(const struct efimap *map, const struct machine_options *options,
		 struct machine *machine, struct efimap_err *err);

void machine_free(struct machine *machine);

#endif
