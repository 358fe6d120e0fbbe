/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_CAPTURE_H
#define TESTS_FUZZ_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

#define FUZZ_RECORD 20u
#define FUZZ_MAX_RECORDS 4096u

/**
 * fuzz_capture() - build a capture from records, which encode.py also creates
 * @data: the records, of FUZZ_RECORD bytes each
 * @size: number of bytes; an incomplete record at the end is ignored
 * @reverse: number the entries from the last record to the first
 *
 * The kind of a record, modulo 8, is:
 * - 0 to 2: an entry (phys a, pages b modulo 2^56, type from c, attribute from d)
 * - 3: the virtual address (a) of the preceding entry, which otherwise equals phys
 * - 4: a range of memmap (a to b, label c)
 * - 5: a line of iomem (a to b, depth from c, label d); ignored if b is less than a
 * - 6: fw_vendor (a), config_table (b), runtime (a XOR b) and one table; c selects the files that
 *   are present
 * - 7: the firmware's width and the kernel release (c)
 *
 * Return: the sealed capture, or NULL if there are too many records.
 */
struct efimap *fuzz_capture(const uint8_t *data, size_t size, bool reverse);

#endif
