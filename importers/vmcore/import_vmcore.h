/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the files of import-vmcore share: the memory of a kernel that crashed, where its
 * symbols lie, what its structures look like, and the capture that comes of it.
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

/** enum space - how an address of the crashed kernel is meant */
enum space {
	SPACE_VIRTUAL,
	SPACE_PHYSICAL,
};

/**
 * struct memory - the memory of the crashed kernel
 * @read:       all of @size bytes at @address, or a negative errno: -ENODATA where the dump
 *              does not hold them
 * @vmcoreinfo: the value of a line of VMCOREINFO as malloc()ed text, NULL for none
 * @why:        words for the last failure of @read
 *
 * A table, so that tests can put another memory in its place.
 */
struct memory {
	int (*read)(struct memory *memory, enum space space, uint64_t address, void *data,
		    size_t size);
	char *(*vmcoreinfo)(struct memory *memory, const char *key);
	const char *(*why)(struct memory *memory);
};

/** struct field - where a field lies in its structure */
struct field {
	uint32_t offset;
	uint32_t size;
};

/** MAX_NAMESAKES - symbols of one name that are kept: each file can have its own */
#define MAX_NAMESAKES 4

/**
 * struct vmcore - one import
 * @symbols:   addresses, 0 for those that are not there or not unique
 * @namesakes: of all that have the name, the first ones, then 0
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
 * spool_input() - the dump as a file that can be read anywhere
 *
 * Flattened dumps are put in order, and what comes through a pipe is stored, both in an
 * unlinked file below TMPDIR or /var/tmp.
 */
int spool_input(struct importer *importer, int *ret_fd, struct efimap_err *err);

/* dump_memory.c */

/** dump_open() - a dump of x86_64, with libkdumpfile; it stays open */
int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err);

/* kernel_symbols.c */

/** memory_u64() - a little-endian number of up to 8 bytes */
int memory_u64(struct memory *memory, enum space space, uint64_t address, size_t size,
	       uint64_t *ret_value);
/** memory_text() - a terminated text of at most @size - 1 bytes */
int memory_text(struct memory *memory, uint64_t address, char *text, size_t size);
/** vmcore_read() - the bytes at a symbol; -ENOENT where it is not there, or not unique */
int vmcore_read(const struct vmcore *vm, enum symbol symbol, void *data, size_t size);
/** vmcore_pointer() - what element @number of the array of pointers at a symbol holds */
int vmcore_pointer(const struct vmcore *vm, enum symbol symbol, uint32_t number,
		   uint64_t *ret_value);
/** vmcore_fields() - fields of the structure at @address; 0 or -ENODATA */
int vmcore_fields(const struct vmcore *vm, uint64_t address, const struct field *fields,
		  size_t count, uint64_t *ret_values);
int vmcore_number(const struct vmcore *vm, enum symbol symbol, const char *type,
		  const char *path, uint64_t *ret_value);
/** vmcore_lacks() - note that a source could not be read; 0 or a negative errno */
int vmcore_lacks(struct vmcore *vm, enum efimap_source source, const char *what);

int kallsyms_read(struct vmcore *vm, struct efimap_err *err);

int types_load(struct vmcore *vm, struct efimap_err *err);
void types_free(struct vmcore *vm);
bool types_field(const struct vmcore *vm, const char *type, const char *path,
		 struct field *ret_field);
/** types_fields() - several of one structure; false when one of them is not there */
bool types_fields(const struct vmcore *vm, const char *type, const char *const *paths,
		  size_t count, struct field *ret_fields);
bool types_enum(const struct vmcore *vm, const char *type, const char *name,
		uint32_t *ret_value);

/*
 * capture_from_dump.c: what is taken; 0 or a negative errno. All but the first pass over what is
 * not there.
 */

int take_efi(struct vmcore *vm, struct efimap_err *err);
int take_kernel(struct vmcore *vm);
int take_boot_params(struct vmcore *vm);
int take_setup_data(struct vmcore *vm);
int take_memmap(struct vmcore *vm);
int take_iomem(struct vmcore *vm);

#endif
