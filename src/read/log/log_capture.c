/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * From a boot in a kernel's log to a capture: the facts that the capture does not have
 * from elsewhere, what is missing in the log, and the map that the kernel made, or that one
 * would make of what the UEFI shell printed. And a log as a SOURCE: dmesg,
 * vmcore-dmesg.txt, a serial console, /var/log/messages. Whatever else is in the file is
 * passed over; without one line of ours it is no SOURCE.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "emulate/layout.h"
#include "model/kernel.h"
#include "model/traits.h"
#include "read/log/log_state.h"
#include "read/read.h"

/* Gaps that are named; a log that lacks more is a fragment. */
#define MAX_GAPS 16

/*
 * @unknown: what the log does not tell for this: itself, or the file of which it would
 * @line:    0 for none
 */
static int add_fault(struct efimap *map, enum efimap_source unknown,
		     enum efimap_fault_kind kind, uint32_t line, const char *text)
{
	const struct efimap_fault fault = {
		.source = EFIMAP_SRC_KERNEL_LOG,
		.kind = kind,
		.index = EFIMAP_NO_INDEX,
		.line = line,
		.where = efimap_source_path(unknown),
		.text = text,
	};

	return efimap_add_fault(map, &fault);
}

static int say_bad(struct efimap *map, enum efimap_source unknown,
		   const struct efimap_log_bad *bad, const char *what)
{
	char text[2 * EFIMAP_LOG_QUOTE + 96];

	if (!bad->count)
		return 0;
	snprintf(text, sizeof(text),
		 "%" PRIu32 " %s of %s cannot be read, the first is \"%s\"", bad->count,
		 bad->count == 1 ? "line" : "lines", what, bad->first);
	return add_fault(map, unknown, EFIMAP_FAULT_SYNTAX, bad->line, text);
}

static int say_gap(struct efimap *map, const char *what, uint32_t first, uint32_t last)
{
	char text[128];

	if (first == last)
		snprintf(text, sizeof(text), "%s lacks the line of mem%02" PRIu32, what,
			 first);
	else
		snprintf(text, sizeof(text),
			 "%s lacks the lines of mem%02" PRIu32 " to mem%02" PRIu32, what,
			 first, last);
	return add_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, 0, text);
}

/* Lines are numbered from 0 on; the last ones can be missing and nobody knows. */
static int say_gaps(struct efimap *map, const struct efimap_log_list *list,
		    const char *what)
{
	unsigned int gaps = 0;
	uint32_t next = 0;
	int ret = 0;

	for (size_t i = 0; i < list->count && !ret; i++) {
		const uint32_t index = list->entries[i].index;

		if (index > next && ++gaps <= MAX_GAPS)
			ret = say_gap(map, what, next, index - 1);
		next = index + 1;
	}
	if (!ret && gaps > MAX_GAPS)
		ret = add_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, 0,
				"and more lines are missing");
	return ret;
}

/* Every firmware has memory of its own, and every kernel prints all of its list. */
static int say_cut_end(struct efimap *map, const struct efimap_log_lists *lists)
{
	for (size_t i = 0; i < lists->firmware.count; i++)
		if (efimap_entry_is_runtime(&lists->firmware.entries[i]))
			return 0;
	return lists->firmware.count == 0 || lists->runtime.count > 0 ?
		       0 :
		       add_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, 0,
				 "the firmware's memory map has no line of runtime memory, so "
				 "its end is missing");
}

static int say_faults(const struct efimap_log_boot *boot, struct efimap *map)
{
	return say_gaps(map, &boot->lists.firmware, "the firmware's memory map") ?:
	       say_cut_end(map, &boot->lists) ?:
	       say_gaps(map, &boot->lists.runtime, "the list of EFI runtime memory") ?:
	       say_bad(map, EFIMAP_SRC_KERNEL_LOG, &boot->bad_mem, "the EFI memory map");
}

/* Only where no kernel printed a list: what it was given is what counts. */
static bool is_map_of_shell(const struct efimap_log_boot *boot)
{
	return boot->lists.firmware.count + boot->lists.runtime.count == 0 &&
	       boot->shell.list.count + boot->shell.bad.count > 0;
}

/* Of a list that was cut before its first line of RAM nobody can tell what it is. */
static bool has_shell_ram(const struct efimap_log_shell *shell)
{
	return shell->pages[EFIMAP_TYPE_CONVENTIONAL] > 0;
}

/* Lines have no numbers, so where one is missing is not known: one fault is enough. */
static int say_shell_fault(const struct efimap_log_shell *shell, struct efimap *map)
{
	const char *lost = NULL;

	if (shell->bad.count)
		return say_bad(map, EFIMAP_SRC_KERNEL_LOG, &shell->bad,
			       "the firmware's memory map");
	if (!has_shell_ram(shell))
		lost = "the firmware's memory map has no line of available memory";
	else if (shell->is_grub && !shell->pages[EFIMAP_TYPE_RUNTIME_CODE])
		lost = "GRUB's memory map has no line of runtime code, which every firmware has: "
		       "its end is missing";
	else if (!shell->has_total && !shell->is_grub)
		lost = "the UEFI shell's memory map ends without its sums, so lines may be "
		       "missing";
	else if (shell->is_miscounted)
		lost = "this sum is not that of the lines above: some of the UEFI shell's "
		       "memory map are missing";
	if (!lost)
		return 0;
	return add_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, shell->line, lost);
}

/* What is missing has used room in the window, above or below any entry. */
static void forget_virt(struct efimap *map)
{
	for (size_t i = 0; i < map->n_entries; i++) {
		map->entries[i].virt = 0;
		map->entries[i].virt_from = EFIMAP_VIRT_UNKNOWN;
	}
}

/* The map that a kernel would make, started by this firmware: nobody knows which one. */
static int add_shell_map(const struct efimap_log_boot *boot, struct efimap *map)
{
	const struct efimap_log_shell *shell = &boot->shell;
	const size_t count = has_shell_ram(shell) ? shell->list.count : 0;
	const size_t faults = map->n_faults;
	int ret = say_shell_fault(shell, map);

	for (size_t i = 0; i < count && !ret; i++)
		ret = efimap_add_firmware(map, &shell->list.entries[i]);
	if (!ret)
		ret = efimap_derive(map, NULL, 0);
	if (map->n_faults > faults)
		forget_virt(map);
	return ret;
}

static enum efimap_secure_boot log_secure_boot(const struct efimap_log_boot *boot)
{
	if (boot->seen[EFIMAP_LOG_SECURE_BOOT_ON])
		return EFIMAP_SECURE_BOOT_ENABLED;
	if (boot->seen[EFIMAP_LOG_SECURE_BOOT_OFF])
		return EFIMAP_SECURE_BOOT_DISABLED;
	return boot->seen[EFIMAP_LOG_SECURE_BOOT_UNKNOWN] ? EFIMAP_SECURE_BOOT_UNKNOWN :
							    EFIMAP_SECURE_BOOT_UNTOLD;
}

/* kexec-tools leave out what lies below: setup_e820() of old releases, and of later ones. */
static bool is_e820_of_kexec(const struct efimap *facts)
{
	return facts->n_memmap &&
	       (facts->memmap[0].start == 0x100 || facts->memmap[0].start == 0x400);
}

/* efi_reuse_config() leaves this where a kexec'ed kernel is not to read the table. */
static bool is_table_withheld(const struct efimap *facts)
{
	uint64_t address;

	return efimap_find_pair(facts->tables, facts->n_tables, "MEMATTR", &address) &&
	       address == UINT64_MAX;
}

/* kexec-tools put the node of EFI at the beginning of a page, the kernel behind others. */
static enum efimap_loaded_by log_loader_of(const struct efimap_log_boot *boot)
{
	if (boot->efi_node)
		return (boot->efi_node % EFIMAP_PAGE_SIZE) ? EFIMAP_LOADED_BY_KEXEC_FILE_LOAD :
							     EFIMAP_LOADED_BY_KEXEC_LOAD;
	if (is_e820_of_kexec(boot->facts))
		return EFIMAP_LOADED_BY_KEXEC_LOAD;
	return is_table_withheld(boot->facts) ? EFIMAP_LOADED_BY_UNKNOWN :
						EFIMAP_LOADED_BY_NONE;
}

int efimap_log_add_tables(const struct efimap_log_boot *boot, struct efimap *map)
{
	int ret = 0;

	map->services_lost |= boot->seen[EFIMAP_LOG_SERVICES_LOST] > 0;
	map->width_mismatch |= boot->seen[EFIMAP_LOG_WIDTH_MISMATCH] > 0;
	map->encrypted |= boot->seen[EFIMAP_LOG_ENCRYPTED] > 0;
	map->secure_boot = log_secure_boot(boot);
	map->mtrr_bits = boot->facts->mtrr_bits;
	map->efi_screen |= boot->seen[EFIMAP_LOG_EFI_SCREEN] > 0;
	map->log_loaded_by = log_loader_of(boot);
	for (size_t i = 0; i < boot->facts->n_tables && !ret; i++) {
		const struct efimap_pair *pair = &boot->facts->tables[i];

		ret = efimap_add_table(map, pair->name, strlen(pair->name), pair->value);
	}
	for (size_t i = 0; i < boot->facts->n_complaints && !ret; i++) {
		const struct efimap_complaint *line = &boot->facts->complaints[i];

		ret = efimap_add_complaint(map, line->text, strlen(line->text), line->count);
	}
	return ret;
}

/* A table with a hole would call memory uncovered that is not. */
static int add_log_memmap(const struct efimap_log_boot *boot, struct efimap *map)
{
	const struct efimap *facts = boot->facts;
	int ret = 0;

	if (boot->bad_e820.count)
		return say_bad(map, EFIMAP_SRC_MEMMAP, &boot->bad_e820,
			       "the e820 table, which was left out,");
	for (size_t i = 0; i < facts->n_memmap && !ret; i++) {
		const struct efimap_range *range = &facts->memmap[i];

		ret = efimap_add_memmap(map, range->index, range->start, range->end,
					range->label, strlen(range->label));
	}
	if (!ret && facts->n_memmap)
		map->states[EFIMAP_SRC_MEMMAP] = EFIMAP_STATE_PRESENT;
	return ret;
}

static int add_log_kernel(const struct efimap_log_boot *boot, struct efimap *map)
{
	const char *cmdline = boot->facts->cmdline, *release = boot->facts->release.text,
		   *problem = boot->bad_release.text;
	char text[sizeof(boot->bad_release.text) + 64];
	int ret = 0;

	if (map->states[EFIMAP_SRC_CMDLINE] == EFIMAP_STATE_ABSENT && *cmdline) {
		map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
		ret = efimap_set_cmdline(map, cmdline, strlen(cmdline));
	}
	if (ret || map->states[EFIMAP_SRC_VERSION] != EFIMAP_STATE_ABSENT ||
	    (!*release && !*problem))
		return ret;
	if (!*release) {
		snprintf(text, sizeof(text),
			 "the line \"Linux version\" cannot be read: %s", problem);
		return add_fault(map, EFIMAP_SRC_VERSION, EFIMAP_FAULT_SYNTAX, 0, text);
	}
	map->states[EFIMAP_SRC_VERSION] = EFIMAP_STATE_PRESENT;
	return efimap_set_release(map, release, strlen(release));
}

/*
 * With efi=debug, without which there is no such list, kernels since 5.7 keep boot
 * services that others gave up (see efimap_derive()). Of which kind this one is, its
 * first line said.
 */
static int say_release(const struct efimap_log_boot *boot, struct efimap *map)
{
	static const char no_release[] =
		"no line \"Linux version\" can be read, so boot services without "
		"EFI_MEMORY_RUNTIME, which kernels since 5.7 keep, were left out";

	if (efimap_kernel_is_known(map) || map->map_from != EFIMAP_MAP_FROM_RUNTIME)
		return 0;
	for (size_t i = 0; i < boot->lists.runtime.count; i++)
		if (efimap_entry_is_boot_services(&boot->lists.runtime.entries[i]) &&
		    !efimap_entry_is_runtime(&boot->lists.runtime.entries[i]))
			return add_fault(map, EFIMAP_SRC_KERNEL_LOG, EFIMAP_FAULT_MISSING, 0,
					 no_release);
	return 0;
}

static int add_kernel_map(const struct efimap_log_boot *boot, struct efimap *map)
{
	const struct efimap_log_list *runtime = &boot->lists.runtime;
	int ret = 0;

	map->is_other_arch = boot->is_plain || boot->seen[EFIMAP_LOG_OTHER_ARCH] ||
			     boot->seen[EFIMAP_LOG_NO_UEFI];
	for (size_t i = 0; i < boot->lists.firmware.count && !ret; i++)
		ret = efimap_add_firmware(map, &boot->lists.firmware.entries[i]);
	return ret ?: say_faults(boot, map) ?:
	       efimap_derive(map, runtime->entries, runtime->count) ?:
	       say_release(boot, map);
}

/* "efi: memattr: ..." is printed where there is EFI, and no other line of it may be left. */
static bool complains_of_efi(const struct efimap *facts)
{
	static const char says[] = "efi:";

	for (size_t i = 0; i < facts->n_complaints; i++)
		if (strncmp(facts->complaints[i].text, says, sizeof(says) - 1) == 0)
			return true;
	return false;
}

static int add_log_map(const struct efimap_log_boot *boot, struct efimap *map)
{
	const bool is_of_shell = is_map_of_shell(boot);
	const bool has_e820 = boot->seen[EFIMAP_LOG_E820] || boot->seen[EFIMAP_LOG_E820_GAP];
	int ret = add_log_kernel(boot, map);

	if (is_of_shell || boot->seen[EFIMAP_LOG_GREETING] || boot->seen[EFIMAP_LOG_MEM] ||
	    boot->seen[EFIMAP_LOG_PLAIN_MEM] || boot->seen[EFIMAP_LOG_TABLES] ||
	    complains_of_efi(boot->facts))
		map->states[EFIMAP_SRC_EFI] = EFIMAP_STATE_PRESENT;
	if (ret)
		return ret;
	map->log_has_start = boot->seen[EFIMAP_LOG_VERSION] && boot->seen[EFIMAP_LOG_CMDLINE] &&
			     has_e820 && boot->seen[EFIMAP_LOG_DMI];
	ret = is_of_shell ? add_shell_map(boot, map) : add_kernel_map(boot, map);
	/* What stands before a boot may be of another attempt: it counts where nothing else
	 * tells. */
	if (boot->follows && efimap_booted_by(map) == EFIMAP_BOOTED_BY_UNKNOWN)
		map->log_loaded_by = EFIMAP_LOADED_BY_UNKNOWN;
	return ret;
}

int efimap_log_add_all(const struct efimap_log_boot *boot, struct efimap *map)
{
	return efimap_log_add_tables(boot, map) ?: add_log_memmap(boot, map) ?:
	       add_log_map(boot, map);
}

static int refuse_source(const struct efimap_input *input, struct efimap_err *err)
{
	return efimap_err_set(
		err, EBADMSG, input->name,
		"%s; expected a directory that holds sys/ or proc/, a snapshot "
		"document, a kernel log, an archive of such a directory, or a "
		"kernel crash dump",
		input->len ? "not a source that is known" : "empty");
}

int efimap_read_log(const char *name, struct efimap_input *input, struct efimap **ret_map,
		    struct efimap_err *err)
{
	efimap_auto_log struct efimap_log log = { .wanted = input->boot };
	efimap_auto_map struct efimap *map = NULL;
	/* Whoever logs may go on. */
	const bool may_grow = true;
	int ret = efimap_log_lines_input(input, efimap_log_take, &log, err) ?:
		  efimap_input_check(input, may_grow, err) ?:
		  efimap_log_end(&log);

	if (!ret && (!log.best || log.best->worth == EFIMAP_LOG_NO_WORD))
		return refuse_source(input, err);
	if (!ret)
		ret = efimap_new(name, EFIMAP_ORIGIN_LOG, &map) ?:
		      efimap_log_add_all(log.best, map);
	if (!ret) {
		map->states[EFIMAP_SRC_KERNEL_LOG] = EFIMAP_STATE_PRESENT;
		map->n_boots = log.n_boots;
		map->boot = log.number;
		ret = efimap_seal(map);
	}
	if (ret == -E2BIG)
		efimap_err_set(err, E2BIG, input->name, EFIMAP_LOG_TOO_LONG, EFIMAP_MAX_ENTRIES);
	if (!ret)
		*ret_map = efimap_steal(map);
	return ret;
}
