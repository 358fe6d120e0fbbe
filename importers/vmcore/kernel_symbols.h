/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef IMPORTERS_VMCORE_KERNEL_SYMBOLS_H
#define IMPORTERS_VMCORE_KERNEL_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "capture/capture.h"
#include "dump_memory.h"

struct btf;

enum symbol {
	SYM_STEXT,
	SYM_START_BTF,
	SYM_STOP_BTF,
	SYM_EFI,
	SYM_EFI_FW_VENDOR,
	SYM_EFI_RUNTIME,
	SYM_EFI_CONFIG_TABLE,
	SYM_EFI_MEM_ATTR_TABLE,
	SYM_BOOT_PARAMS,
	SYM_SAVED_COMMAND_LINE,
	SYM_SYSCTL_BOOTID,
	SYM_BOOT_CPU_DATA,
	SYM_IOMEM_RESOURCE,
	SYM_MAP_ENTRIES,
	SYM_MEMMAP_KTYPE,
	SYM_DMI_IDENT,
	SYM_COUNT,
};

/** struct field - offset and size of a field within its structure, in bytes */
struct field {
	uint32_t offset;
	uint32_t size;
};

/**
 * MAX_NAMESAKES - maximum number of symbols of the same name that are kept; names of static symbols
 * need not be unique
 */
#define MAX_NAMESAKES 4

/**
 * struct vmcore - one import
 * @symbols:   address of each symbol, 0 if it is missing or not unique
 * @namesakes: for each symbol, addresses of the first symbols of that name; unused elements are 0
 */
struct vmcore {
	const char *label;
	struct memory *memory;
	uint64_t symbols[SYM_COUNT];
	uint64_t namesakes[SYM_COUNT][MAX_NAMESAKES];
	struct btf *btf;
	struct efimap *map;
};

/** memory_u64() - read a little-endian number of up to 8 bytes */
int memory_u64(struct memory *memory, enum space space, uint64_t address, size_t size,
	       uint64_t *ret_value);
/**
 * memory_text() - read a string of at most @size - 1 bytes, including the terminating NUL
 *
 * Return: 0, -E2BIG if the string is longer and was truncated, or another negative errno.
 */
int memory_text(struct memory *memory, uint64_t address, char *text, size_t size);
/**
 * vmcore_read() - read the bytes at a symbol
 *
 * Return: 0, -ENOENT if the symbol is missing or not unique, or another negative errno.
 */
int vmcore_read(const struct vmcore *vm, enum symbol symbol, void *data, size_t size);
/** vmcore_pointer() - read element @number of the array of pointers at a symbol */
int vmcore_pointer(const struct vmcore *vm, enum symbol symbol, uint32_t number,
		   uint64_t *ret_value);
/** vmcore_fields() - read fields of the structure at @address; return 0 or -ENODATA */
int vmcore_fields(const struct vmcore *vm, uint64_t address, const struct field *fields,
		  size_t count, uint64_t *ret_values);
int vmcore_number(const struct vmcore *vm, enum symbol symbol, const char *type,
		  const char *path, uint64_t *ret_value);
/** vmcore_lacks() - record that a source could not be read; return 0 or a negative errno */
int vmcore_lacks(struct vmcore *vm, enum efimap_source source, const char *what);

int kallsyms_read(struct vmcore *vm, struct efimap_err *err);

int types_load(struct vmcore *vm, struct efimap_err *err);
void types_free(struct vmcore *vm);
bool types_field(const struct vmcore *vm, const char *type, const char *path,
		 struct field *ret_field);
/** types_fields() - find several fields of one structure; return false if a field is missing */
bool types_fields(const struct vmcore *vm, const char *type, const char *const *paths,
		  size_t count, struct field *ret_fields);
bool types_enum(const struct vmcore *vm, const char *type, const char *name,
		uint32_t *ret_value);

#endif
