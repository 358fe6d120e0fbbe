/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_FUZZ_CAPTURE_H
#define TESTS_FUZZ_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "capture/capture.h"

#define FUZZ_RECORD 20u
#define FUZZ_MAX_RECORDS 4096u

/**
 * fuzz_capture() - build a capture from records, which encode.py writes from a real capture
 * @reverse: number the entries from the last record to the first
 *
 * The kind of a record, modulo 8, is:
 * - 0 to 2: an entry (phys a, pages b modulo 2^56, type c, attribute from d; the virtual address is
 *   from the next record if that has kind 3, else phys)
 * - 4: memmap (a to b, label c)
 * - 5: iomem (a to b, depth c, label d)
 * - 6: pointers
 * - 7: platform
 *
 * Return: the sealed capture, or NULL if there are too many records.
 */
struct efimap *fuzz_capture(const uint8_t *data, size_t size, bool reverse);

#endif
