/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef TESTS_UNIT_IMPORTERS_KERNEL_H
#define TESTS_UNIT_IMPORTERS_KERNEL_H

#include <endian.h>

#include <bpf/btf.h>

#include "../test.h"
#include "vmcore/capture_from_dump.h"

#define KERNEL_BASE UINT64_C(0xffffffff81000000)
#define KERNEL_BYTES 0x40000U
#define MAX_LINES 16

/* @bytes start at virtual address KERNEL_BASE and at physical address 0. */
struct kernel {
	struct memory memory;
	struct vmcore vm;
	uint8_t bytes[KERNEL_BYTES];
	size_t missing_page;
	bool has_missing;
	struct {
		const char *key;
		char value[64];
	} lines[MAX_LINES];
	size_t n_lines;
};

static inline int kernel_read(struct memory *memory, enum space space, uint64_t address,
			      void *data, size_t size)
{
	struct kernel *kernel = (struct kernel *)(void *)memory;
	const uint64_t at = space == SPACE_VIRTUAL ? address - KERNEL_BASE : address;

	if (at >= KERNEL_BYTES || size > KERNEL_BYTES - at)
		return -ENODATA;
	if (kernel->has_missing && at / 4096 <= kernel->missing_page &&
	    (at + size - 1) / 4096 >= kernel->missing_page)
		return -ENODATA;
	memcpy(data, kernel->bytes + at, size);
	return 0;
}

static inline char *kernel_info(struct memory *memory, const char *key)
{
	struct kernel *kernel = (struct kernel *)(void *)memory;

	for (size_t i = 0; i < kernel->n_lines; i++)
		if (strcmp(kernel->lines[i].key, key) == 0)
			return strdup(kernel->lines[i].value);
	return NULL;
}

static inline const char *kernel_why(struct memory *memory)
{
	return "Excluded page";
}

static inline int kernel_setup(void **state)
{
	struct kernel *kernel = calloc(1, sizeof(*kernel));

	if (!kernel)
		return -1;
	kernel->memory = (struct memory){ kernel_read, kernel_info, kernel_why };
	kernel->vm = (struct vmcore){ .label = "vmcore", .memory = &kernel->memory };
	kernel->vm.btf = btf__new_empty();
	*state = kernel;
	return efimap_new("vmcore", EFIMAP_ORIGIN_VMCORE, &kernel->vm.map);
}

static inline int kernel_teardown(void **state)
{
	struct kernel *kernel = *state;

	btf__free(kernel->vm.btf);
	efimap_free(kernel->vm.map);
	free(kernel);
	return 0;
}

#define KERNEL_TEST(name) TEST_WITH(name, kernel_setup, kernel_teardown)

static inline void kernel_put(struct kernel *kernel, size_t at, const void *data, size_t size)
{
	assert_true(at + size <= KERNEL_BYTES);
	memcpy(kernel->bytes + at, data, size);
}

static inline void kernel_u64(struct kernel *kernel, size_t at, uint64_t value)
{
	value = htole64(value);
	kernel_put(kernel, at, &value, sizeof(value));
}

static inline void kernel_u32(struct kernel *kernel, size_t at, uint32_t value)
{
	value = htole32(value);
	kernel_put(kernel, at, &value, sizeof(value));
}

static inline void kernel_text(struct kernel *kernel, size_t at, const char *text)
{
	kernel_put(kernel, at, text, strlen(text) + 1);
}

static inline void kernel_line(struct kernel *kernel, const char *key, uint64_t value)
{
	assert_true(kernel->n_lines < MAX_LINES);
	kernel->lines[kernel->n_lines].key = key;
	snprintf(kernel->lines[kernel->n_lines++].value, 64, "%llx",
		 (unsigned long long)value);
}

static inline int kernel_struct(struct kernel *kernel, const char *name,
				const char *const *fields, size_t count)
{
	struct btf *btf = kernel->vm.btf;
	const int number = btf__add_int(btf, "unsigned long", 8, 0);
	const int id = btf__add_struct(btf, name, (uint32_t)(8 * count));

	for (size_t i = 0; i < count; i++)
		assert_int_equal(btf__add_field(btf, fields[i], number, (uint32_t)(64 * i), 0),
				 0);
	assert_true(id > 0);
	return id;
}

#endif
