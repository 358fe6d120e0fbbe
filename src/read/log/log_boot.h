/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: one boot in a kernel's log
 *
 * What the log says between one "Linux version" and the next.
 */
#ifndef READ_LOG_LOG_BOOT_H
#define READ_LOG_LOG_BOOT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/capture.h"
#include "read/log/log_list.h"
#include "read/log/log_scan.h"
#include "read/parse.h"
#include "read/text.h"

/** EFIMAP_LOG_QUOTE - bytes kept of the first line that cannot be read */
#define EFIMAP_LOG_QUOTE 96

/**
 * struct efimap_log_boot - a boot
 * @facts:      release, command line, tables and memmap; states are not set
 * @lines:      what follows "efi:" in the lines of lists, with newlines, as they came: of a
 *              log with thousands of boots only one is parsed
 * @n_lines:    bytes of @lines; @capacity is private
 * @has_mem:    there is a line of a list
 * @has_ram:    with conventional memory, as a firmware's has
 * @has_runtime: below "EFI runtime memory map:"
 * @firmware:   after efimap_log_boot_end(): the list that the kernel was given
 * @runtime:    likewise: the list below "EFI runtime memory map:"
 * @in_runtime: lines go to @runtime now
 * @is_headed:  that line was there; without it @runtime is a guess by its numbers; both
 *              are only used while lists are parsed
 * @is_efi:     a message of EFI was there
 * @is_x86:     lines have numbers
 * @n_bad:      lines of lists that could not be read, or contradict others
 * @bad:        the first of them
 * @n_bad_e820: the same for lines of e820
 * @bad_e820:   the first of them
 * @bad_release: why the last line "Linux version" that could not be read could not
 */
struct efimap_log_boot {
	struct efimap *facts;
	char *lines;
	size_t n_lines;
	size_t capacity;
	bool has_mem;
	bool has_ram;
	bool has_runtime;
	struct efimap_log_list firmware;
	struct efimap_log_list runtime;
	bool in_runtime;
	bool is_headed;
	bool is_efi;
	bool is_x86;
	uint32_t n_bad;
	char bad[EFIMAP_LOG_QUOTE];
	uint32_t n_bad_e820;
	char bad_e820[EFIMAP_LOG_QUOTE];
	struct efimap_problem bad_release;
};

/** EFIMAP_LOG_HEAD - what follows "efi:" in the line above the list of what was mapped */
#define EFIMAP_LOG_HEAD " EFI runtime memory map:"

/** efimap_log_quote() - count a line that cannot be read, and keep the first */
void efimap_log_quote(uint32_t *count, char quote[EFIMAP_LOG_QUOTE], const char *text,
		      size_t len);

/**
 * efimap_log_add_facts() - of a line that is of no list: the tables that it names, and
 * whether the kernel gave the firmware up
 * @rest: what follows "efi:"
 *
 * Return: 0 or -ENOMEM.
 */
int efimap_log_add_facts(struct efimap *facts, struct efimap_text rest);

/**
 * efimap_log_says_encrypted() - does this line say that memory is encrypted?
 *
 * arch/x86/mm/mem_encrypt.c: print_mem_encrypt_feature_info
 */
bool efimap_log_says_encrypted(const char *text, size_t len);

/** efimap_log_boot_new() - one without facts; free with efimap_log_boot_free() */
int efimap_log_boot_new(struct efimap_log_boot **ret_boot);
/** efimap_log_boot_free() - free it; NULL is fine */
void efimap_log_boot_free(struct efimap_log_boot *boot);

/** efimap_log_boot_take() - one line, cleaned, of this kind; 0 or a negative errno */
int efimap_log_boot_take(struct efimap_log_boot *boot, enum efimap_log_kind kind,
			 const char *text, size_t len);

/** efimap_log_boot_is_empty() - has nothing been found yet but a release? */
bool efimap_log_boot_is_empty(const struct efimap_log_boot *boot);

/**
 * efimap_log_boot_end() - after its last line: parse the lists, and decide what a list
 * without a head is; 0, -E2BIG or -ENOMEM
 */
int efimap_log_boot_end(struct efimap_log_boot *boot);

/**
 * efimap_log_boot_rank() - how much it tells; of boots of one rank the last is taken
 *
 * A firmware's whole map or the runtime map that the kernel made before what a kexec'ed
 * kernel received, that before none, and a crash kernel last.
 */
unsigned int efimap_log_boot_rank(const struct efimap_log_boot *boot);

#endif
