/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: kernfs order
 *
 * sysfs lists a directory in the order of a hash of the names, the same on every machine
 * and in every boot: kexec-tools reads the runtime map in this order and hands it over
 * so. Source: fs/kernfs/dir.c: kernfs_name_hash(), kernfs_name_compare().
 */
#ifndef EMULATE_KERNFS_H
#define EMULATE_KERNFS_H

#include <stddef.h>
#include <stdint.h>

/**
 * efimap_kernfs_order() - numbered directories in the order sysfs lists them
 * @names:     @count numbers (names are canonical decimal)
 * @ret_order: receives @count positions in @names, the first listed first; untouched on
 *             failure
 *
 * For the names 0 to 7 it is 7 5 3 1 6 4 2 0.
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_kernfs_order(const uint32_t *names, size_t count, uint32_t *ret_order);

#endif
