/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The interfaces between the files of import-vmcore: the memory of a crashed kernel, its symbols
 * and types, and the capture that is read from it.
 */
#ifndef IMPORTERS_VMCORE_IMPORT_VMCORE_H
#define IMPORTERS_VMCORE_IMPORT_VMCORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../importer_main.h"
#include "base/error.h"
#include "capture/capture.h"

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

/** enum space - the address space of an address of the crashed kernel */
enum space {
	SPACE_VIRTUAL,
	SPACE_PHYSICAL,
};

/**
 * struct memory - the memory of the crashed kernel
 * @read:       read exactly @size bytes at @address. Return 0 or a negative errno; -ENODATA if
 *              the dump does not contain them.
 * @vmcoreinfo: return the value of a VMCOREINFO line, or NULL. The caller frees it.
 * @why:        return the message for the last failure of @read
 *
 * These are function pointers so that tests can substitute their own memory.
 */
struct memory {
	int (*read)(struct memory *memory, enum space space, uint64_t address, void *data,
		    size_t size);
	char *(*vmcoreinfo)(struct memory *memory, const char *key);
	const char *(*why)(struct memory *memory);
};

/** struct field - offset and size of a field within its structure, in bytes */
struct field {
	uint32_t offset;
	uint32_t size;
};

/**
 * MAX_NAMESAKES - how many symbols of the same name are kept; static symbols need not be unique
 */
#define MAX_NAMESAKES 4

/**
 * struct vmcore - one import
 * @symbols:   addresses, 0 if the symbol is missing or not unique
 * @namesakes: addresses of the first symbols of that name; unused elements are 0
 */
struct vmcore {
	const char *label;
	struct memory *memory;
	uint64_t symbols[SYM_COUNT];
	uint64_t namesakes[SYM_COUNT][MAX_NAMESAKES];
	struct btf *btf;
	struct efimap *map;
};

/* flattened_dump.c */

/**
 * spool_input() - Make the dump a seekable file
 *
 * Flattened dumps are put in order, and input from a pipe is copied. Both go to an unlinked file
 * in TMPDIR or /var/tmp.
 */
int spool_input(struct importer *importer, int *ret_fd, struct efimap_err *err);

/* dump_memory.c */

/** dump_open() - Open an x86_64 dump with libkdumpfile; it stays open until the process exits */
int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err);

/* kernel_symbols.c */

/** memory_u64() - Read a little-endian number of up to 8 bytes */
int memory_u64(struct memory *memory, enum space space, uint64_t address, size_t size,
	       uint64_t *ret_value);
/** memory_text() - Read a NUL-terminated string of at most @size - 1 bytes */
int memory_text(struct memory *memory, uint64_t address, char *text, size_t size);
/** vmcore_read() - Read the bytes at a symbol; -ENOENT if it is missing or not unique */
int vmcore_read(const struct vmcore *vm, enum symbol symbol, void *data, size_t size);
/** vmcore_pointer() - Read element @number of the array of pointers at a symbol */
int vmcore_pointer(const struct vmcore *vm, enum symbol symbol, uint32_t number,
		   uint64_t *ret_value);
/** vmcore_fields() - Read fields of the structure at @address; 0 or -ENODATA */
int vmcore_fields(const struct vmcore *vm, uint64_t address, const struct field *fields,
		  size_t count, uint64_t *ret_values);
int vmcore_number(const struct vmcore *vm, enum symbol symbol, const char *type,
		  const char *path, uint64_t *ret_value);
/** vmcore_lacks() - Record that a source could not be read; 0 or a negative errno */
int vmcore_lacks(struct vmcore *vm, enum efimap_source source, const char *what);

int kallsyms_read(struct vmcore *vm, struct efimap_err *err);

int types_load(struct vmcore *vm, struct efimap_err *err);
void types_free(struct vmcore *vm);
bool types_field(const struct vmcore *vm, const char *type, const char *path,
		 struct field *ret_field);
/** types_fields() - Find several fields of one structure; false if one of them is missing */
bool types_fields(const struct vmcore *vm, const char *type, const char *const *paths,
		  size_t count, struct field *ret_fields);
bool types_enum(const struct vmcore *vm, const char *type, const char *name,
		uint32_t *ret_value);

/*
 * capture_from_dump.c: each function adds one part of the capture and returns 0 or a negative
 * errno. All but take_efi() skip data that is missing.
 */

int take_efi(struct vmcore *vm, struct efimap_err *err);
int take_kernel(struct vmcore *vm);
int take_boot_params(struct vmcore *vm);
int take_setup_data(struct vmcore *vm);
int take_memmap(struct vmcore *vm);
int take_iomem(struct vmcore *vm);

#endif
