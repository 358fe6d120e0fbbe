/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The files that affect the outcome of a load. evidence.h describes the steps to add a file. */
#include <stdio.h>
#include <string.h>

#include "answer/evidence.h"
#include "base/text_scan.h"
#include "infer/linux_changes.h"
#include "rules/unread_sources.h"

/* Maximum number of paths that a file has in different distributions */
#define MAX_PATHS 4

/*
 * struct evidence - a file, or a directory of files
 * @source:  the source to which the file belongs
 * @paths:   for EFIMAP_SRC_KEXEC, the paths of the file on different distributions; in a path, %s
 *           stands for the release of the running kernel
 * @what:    the value that the file contains, as a phrase; NULL to name only the file
 * @is_due:  returns whether the file affects the outcome of a load; NULL if it always does
 * @is_seen: returns whether the capture contains the value; NULL to name the file only if it has a
 *           fault
 * @is_always: name an absent file even on the running system, not only in an offline capture
 * @of_next: %s in @paths stands for the release of the next kernel
 */
struct evidence {
	enum efimap_source source;
	const char *paths[MAX_PATHS];
	const char *what;
	bool (*is_due)(const struct machine *machine, const struct efimap_load_case *load);
	bool (*is_seen)(const struct machine *machine, const struct efimap_load_case *load);
	bool is_always;
	bool of_next;
};

/* Return whether the load is still to come, so that restrictions of kexec affect it. */
static bool is_to_be_loaded(const struct machine *machine, const struct efimap_load_case *load)
{
	return !load->is_loaded && !load->is_from_log;
}

/* Return whether systemctl kexec may load the kernel with the parameters of a boot loader entry. */
static bool may_use_entry(const struct machine *machine, const struct efimap_load_case *load)
{
	return efimap_load_may_use_entry(load);
}

/* Return whether the kernel may limit the number of loads. */
static bool is_limited(const struct machine *machine, const struct efimap_load_case *load)
{
	return is_to_be_loaded(machine, load) &&
	       efimap_kernel_has(machine->map, EFIMAP_CHANGE_LIMITS_LOADS, true);
}

static bool is_kexec_limited(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KEXEC && is_limited(machine, load);
}

static bool is_kdump_limited(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP && is_limited(machine, load);
}

static bool is_crash(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->question == EFIMAP_QUESTION_KDUMP;
}

static bool is_loaded(const struct machine *machine, const struct efimap_load_case *load)
{
	return is_crash(machine, load) && !load->is_from_log &&
	       machine->kdump == EFIMAP_KDUMP_LOADED && !machine->options.only_configured;
}

static bool notifies_first(const struct machine *machine, const struct efimap_load_case *load)
{
	return is_crash(machine, load) && machine->state->notifies_first == EFIMAP_KNOWN_YES;
}

static bool has_image(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->image && !load->is_assumed;
}

/*
 * Return whether the version of systemd determines the loader. kexec-tools before 2.0.27 call
 * kexec_load, but systemctl kexec of systemd 261 or later calls kexec_file_load itself
 * (find_front_end()).
 */
static bool depends_on_systemd(const struct machine *machine, const struct efimap_load_case *load)
{
	const struct efimap_kexec_state *state = machine->state;

	return load->question == EFIMAP_QUESTION_KEXEC && !load->is_from_log &&
	       !machine->options.loaders && state->tools.major &&
	       !efimap_tools_has(&state->tools, EFIMAP_TOOLS_FILE_LOAD, false);
}

/* Return whether the loader may place segments in the scratch areas of Kexec HandOver (KHO). */
static bool uses_handover(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->loader == EFIMAP_LOADER_KERNEL && load->question == EFIMAP_QUESTION_KEXEC &&
	       machine->state->kho != EFIMAP_KNOWN_NO;
}

static bool reads_pointers(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->loader != EFIMAP_LOADER_KERNEL;
}

static bool is_disabling_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->load_disabled != EFIMAP_NOT_KNOWN;
}

static bool is_limit_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine_load_limit(machine, load->question) != EFIMAP_LIMIT_UNKNOWN;
}

static bool is_lockdown_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->lockdown != EFIMAP_LOCKDOWN_UNKNOWN ||
	       machine->is_locked_down;
}

static bool is_memory_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->mem_total > 0;
}

static bool is_notifying_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->notifies_first != EFIMAP_NOT_KNOWN;
}

static bool is_record_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return load->kernel->is_loaded || machine->uses_record || machine->state->is_record_old;
}

static bool is_backend_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->has_efi_pstore != EFIMAP_NOT_KNOWN;
}

static bool is_systemd_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->systemd > 0;
}

static bool is_policy_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return machine->state->signatures.can_verify != EFIMAP_NOT_KNOWN;
}

static bool is_next_kernel_seen(const struct machine *machine, const struct efimap_load_case *load)
{
	return efimap_load_disables_runtime(machine->map, load) != EFIMAP_NOT_KNOWN;
}

/* Size of a buffer for the longest path, which is that of a record (EFIMAP_WHERE_SIZE). */
#define PATH_SIZE 512U

#define CONFIG "boot/config-%s", "lib/modules/%s/config", "usr/lib/modules/%s/config"

static const struct evidence evidence[] = {
	{ EFIMAP_SRC_KERNEL_LOG },
	{ EFIMAP_SRC_CMDLINE },
	{ EFIMAP_SRC_VERSION },
	{ EFIMAP_SRC_CPUINFO },
	{ EFIMAP_SRC_BOOT_PARAMS },
	{ EFIMAP_SRC_SETUP_DATA },
	{ EFIMAP_SRC_FW_PLATFORM_SIZE },
	{ EFIMAP_SRC_FW_VENDOR, .is_due = reads_pointers },
	{ EFIMAP_SRC_RUNTIME, .is_due = reads_pointers },
	{ EFIMAP_SRC_CONFIG_TABLE },
	{ EFIMAP_SRC_SYSTAB, .is_due = reads_pointers },
	{ EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_disabled" },
	  "whether loading kernels is disabled", is_to_be_loaded, is_disabling_seen },
	{ EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_limit_reboot" },
	  "the limit of further loads", is_kexec_limited, is_limit_seen },
	{ EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_limit_panic" },
	  "the limit of further loads of crash kernels", is_kdump_limited, is_limit_seen },
	{ EFIMAP_SRC_KEXEC, { "sys/kernel/security/lockdown" },
	  "whether the kernel is locked down", is_to_be_loaded, is_lockdown_seen,
	  .is_always = true },
	{ EFIMAP_SRC_KEXEC, { "proc/meminfo" }, "the size of free memory", is_to_be_loaded,
	  is_memory_seen, .is_always = true },
	{ EFIMAP_SRC_KEXEC, { CONFIG, "proc/config.gz" }, "the configuration of the running kernel",
	  is_to_be_loaded, is_policy_seen, .is_always = true },
	{ EFIMAP_SRC_KEXEC, { CONFIG }, "the configuration of the next kernel", has_image,
	  is_next_kernel_seen, .is_always = true, .of_next = true },
	{ EFIMAP_SRC_KEXEC,
	  { "boot/loader/entries", "efi/loader/entries", "boot/efi/loader/entries" },
	  "the parameters in boot loader entries", may_use_entry },
	{ EFIMAP_SRC_KEXEC, { "usr/lib/systemd" },
	  "the version of systemd, which determines the system call of systemctl kexec",
	  depends_on_systemd, is_systemd_seen },
	{ EFIMAP_SRC_KEXEC, { "sys/kernel/debug/kho/out/scratch_phys" },
	  "the addresses of the scratch areas of Kexec HandOver", uses_handover },
	{ EFIMAP_SRC_KEXEC, { "sys/kernel/debug/kho/out/scratch_len" },
	  "the sizes of the scratch areas of Kexec HandOver", uses_handover },
	{ EFIMAP_SRC_KEXEC, { EFIMAP_LOAD_RECORD },
	  "the loaded crash kernel, which is assumed to be the configured kernel", is_loaded,
	  is_record_seen, .is_always = true },
	{ EFIMAP_SRC_KEXEC, { "sys/module/kernel/parameters/crash_kexec_post_notifiers" },
	  "whether a panic calls notifiers before it starts the crash kernel", is_crash,
	  is_notifying_seen },
	{ EFIMAP_SRC_KEXEC, { "sys/module/pstore/parameters/backend" },
	  "whether a panic calls EFI runtime services before it starts the crash kernel",
	  notifies_first, is_backend_seen },
};

const size_t n_evidence = sizeof(evidence) / sizeof(evidence[0]);

/* Write the path @number of a file to @path. Return false if the file has fewer paths. */
static bool find_path(const struct machine *machine, const struct efimap_load_case *load,
		      const struct evidence *row, size_t number, char path[PATH_SIZE])
{
	const char *release = row->of_next ? load->release.text : machine->map->release.text;
	const char *form = number < MAX_PATHS ? row->paths[number] : NULL;
	const char *at = form ? strstr(form, "%s") : NULL;

	if (!form)
		return false;
	if (strcmp(form, EFIMAP_LOAD_RECORD) == 0)
		form = machine->state->record;
	if (at)
		snprintf(path, PATH_SIZE, "%.*s%s%s", (int)(at - form), form, release, at + 2);
	else
		snprintf(path, PATH_SIZE, "%s", form);
	return true;
}

/* Return whether @where, which may be in quotes, is @path or a file in this directory. */
static bool is_at_or_below(const char *where, const char *path)
{
	const size_t len = strlen(path);

	where += *where == '"';
	return strncmp(where, path, len) == 0 && strchr("/\"", where[len]);
}

static const struct efimap_fault *find_fault(const struct machine *machine,
					     const struct efimap_load_case *load,
					     const struct evidence *row)
{
	const struct efimap *map = machine->map;
	char path[PATH_SIZE];

	for (size_t i = 0; i < map->n_faults; i++) {
		const struct efimap_fault *fault = &map->faults[i];

		if (fault->source != row->source)
			continue;
		if (!row->paths[0] && is_fault_unseen(map, fault))
			return fault;
		for (size_t k = 0; find_path(machine, load, row, k, path); k++)
			if (is_at_or_below(fault->where, path))
				return fault;
	}
	return NULL;
}

static const char *word_path(const struct machine *machine, const struct evidence *row,
			     const char *path, unsigned int line, const char *why)
{
	struct efimap_arena *arena = &machine->report->arena;
	const char *start = row->what ? row->what : "", *end = "";
	const char *prefix = source_path_prefix(machine->map, row->source);

	if (row->what) {
		start = efimap_arena_printf(arena, "%s (", row->what);
		end = ")";
	}
	if (!start)
		return NULL;
	if (line)
		return efimap_arena_printf(arena, "%s%s%s:%u%s%s", start, prefix, path, line, why,
					   end);
	return efimap_arena_printf(arena, "%s%s%s%s%s", start, prefix, path, why, end);
}

static const char *word_fault(const struct machine *machine, const struct evidence *row,
			      const struct efimap_fault *fault)
{
	const char *text = efimap_arena_printf(&machine->report->arena, ": %s", fault->text);

	return text ? word_path(machine, row, fault->where, fault->line, text) : NULL;
}

static const char *word_denied(const struct machine *machine, const struct evidence *row,
			       const char *path)
{
	const char *why = efimap_is_offline(machine->map) ?
				  ": permission denied; collect it as root" :
				  ": permission denied; run as root";

	return word_path(machine, row, path, 0, why);
}

static const char *word_missing(const struct machine *machine, const struct evidence *row,
				const char *path)
{
	/* If the release is unknown, the path of a configuration ends in "-". */
	if (path[strlen(path) - 1] == '-')
		return efimap_arena_printf(&machine->report->arena, "%s (its release is unknown)",
					   row->what);
	/* A configuration that was collected may still lack the line with the option. */
	if (efimap_is_offline(machine->map))
		return word_path(machine, row, path, 0,
				 row->paths[1] ? " was not collected, or is incomplete" :
						 " was not collected");
	return word_path(machine, row, path, 0,
			 row->paths[1] ? " was not found, or is incomplete" : " was not found");
}

/* Return whether a file is perhaps missing or empty only because it was not copied. */
static bool may_be_uncopied(const struct efimap *map, const struct evidence *row,
			    const struct efimap_fault *fault)
{
	return row->paths[0] && (fault->state == EFIMAP_STATE_ABSENT ||
				 (fault->state == EFIMAP_STATE_EMPTY && efimap_is_offline(map)));
}

enum evidence_state look_for_evidence(const struct machine *machine,
				      const struct efimap_load_case *load, size_t number,
				      const char **ret_text)
{
	const struct evidence *row = &evidence[number];
	const struct efimap *map = machine->map;
	const struct efimap_fault *fault = find_fault(machine, load, row);
	const char *path = efimap_source_path(row->source);
	char place[PATH_SIZE];

	if (row->is_due && !row->is_due(machine, load))
		return EVIDENCE_SEEN;
	if (find_path(machine, load, row, 0, place))
		path = efimap_text_mark(&machine->report->arena, place);
	*ret_text = NULL;
	if (!path)
		return EVIDENCE_UNREAD;
	if (fault ? fault->state == EFIMAP_STATE_DENIED :
		    !row->paths[0] && map->states[row->source] == EFIMAP_STATE_DENIED) {
		*ret_text = word_denied(machine, row, fault ? fault->where : path);
		return EVIDENCE_UNREAD;
	}
	if (fault && !may_be_uncopied(map, row, fault)) {
		*ret_text = word_fault(machine, row, fault);
		return EVIDENCE_UNREAD;
	}
	if (!row->is_seen || row->is_seen(machine, load) ||
	    (!fault && !efimap_is_offline(map) && !row->is_always))
		return EVIDENCE_SEEN;
	*ret_text = fault ? word_fault(machine, row, fault) : word_missing(machine, row, path);
	return EVIDENCE_MISSING;
}
