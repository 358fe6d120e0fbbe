/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Report files that affect the outcome of a load and were not read. */
#include <stdio.h>
#include <string.h>

#include "base/text_scan.h"
#include "infer/linux_changes.h"
#include "rules/load_rules.h"
#include "rules/machine.h"
#include "rules/source_unread.h"
#include "rules/unread_sources.h"

/* Maximum number of paths that a file has in different distributions */
#define MAX_PATHS 4

/*
 * struct evidence - a file, or a directory of files
 * @check:   id of the check that needs the file
 * @name:    short name of what the file shows
 * @source:  the source to which the file belongs
 * @paths:   for EFIMAP_SRC_KEXEC, the paths of the file on different distributions; in a path, %s
 *           stands for the release of the running kernel
 * @what:    the value that the file contains, as a phrase; NULL to name only the file
 * @is_moot: the file does not affect the outcome of the load
 * @is_lacking: the capture lacks the value; otherwise, the file is named only if it has a fault
 * @is_always: name an absent file even on the running system, not only in an offline capture
 * @of_next: %s in @paths stands for the release of the next kernel
 */
struct evidence {
	const char *check;
	const char *name;
	enum efimap_source source;
	const char *paths[MAX_PATHS];
	const char *what;
	bool is_moot;
	bool is_lacking;
	bool is_always;
	bool of_next;
};

/* Size of a buffer for a path. The longest is the path of a load record (EFIMAP_WHERE_SIZE). */
#define PATH_SIZE 512U

#define CONFIG "boot/config-%s", "lib/modules/%s/config", "usr/lib/modules/%s/config"
#define BOOT_ENTRIES "boot/loader/entries", "efi/loader/entries", "boot/efi/loader/entries"

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

/*
 * Return "WHAT (PATH:LINE", @mark, @why and ")". Without row->what, omit WHAT and the parentheses.
 * Omit a @line of 0.
 */
static const char *word_path(const struct machine *machine, const struct evidence *row,
			     const char *path, unsigned int line, const char *mark,
			     const char *why)
{
	const char *prefix = source_path_prefix(machine->map, row->source);
	char number[16] = "";

	if (line)
		snprintf(number, sizeof(number), ":%u", line);
	return efimap_arena_printf(machine->arena, "%s%s%s%s%s%s%s%s", row->what ? row->what : "",
				   row->what ? " (" : "", prefix, path, number, mark, why,
				   row->what ? ")" : "");
}

static const char *word_missing(const struct machine *machine, const struct evidence *row,
				const char *path)
{
	/* If the release is unknown, the path of a configuration ends in "-". */
	if (path[strlen(path) - 1] == '-')
		return efimap_arena_printf(machine->arena, "%s (its release is unknown)",
					   row->what);
	/* A configuration that was collected may still lack the line with the option. */
	return word_path(machine, row, path, 0,
			 efimap_is_offline(machine->map) ? " was not collected" : " was not found",
			 strchr(row->paths[0], '%') ? ", or is incomplete" : "");
}

/*
 * Match if a file was not read: with the usual variant if the file exists, and as data that was not
 * checked if the file may only be missing from the capture.
 */
static bool match_file(const struct facts_for_rules *c, const struct evidence *row,
		       struct match *match)
{
	const struct machine *machine = c->machine;
	const struct efimap *map = machine->map;
	const struct efimap_fault *fault = find_fault(machine, c->load, row);
	const char *path = efimap_source_path(row->source), *text;
	/* A file may be missing or empty only because it was not copied. */
	const bool may_be_uncopied =
		fault && row->paths[0] &&
		(fault->state == EFIMAP_STATE_ABSENT ||
		 (fault->state == EFIMAP_STATE_EMPTY && efimap_is_offline(map)));
	const bool is_denied = fault ? fault->state == EFIMAP_STATE_DENIED :
				       !row->paths[0] &&
					       map->states[row->source] == EFIMAP_STATE_DENIED;
	const bool is_unread = is_denied || (fault && !may_be_uncopied);
	char place[PATH_SIZE];

	if (row->is_moot ||
	    (!is_unread && (!row->is_lacking ||
			    (!fault && !efimap_is_offline(map) && !row->is_always))))
		return false;
	if (find_path(machine, c->load, row, 0, place))
		path = efimap_text_mark(machine->arena, place);
	if (!path)
		text = NULL;
	else if (is_denied)
		text = word_path(machine, row, fault ? fault->where : path, 0, ": ",
				 efimap_is_offline(map) ?
					 "permission denied; collect it as root" :
					 "permission denied; run as root");
	else if (fault)
		text = word_path(machine, row, fault->where, fault->line, ": ", fault->text);
	else
		text = word_missing(machine, row, path);
	set_text(match, VALUE_CHECK, row->check);
	set_text(match, VALUE_NAME, row->name);
	set_text(match, VALUE_SOURCE, path ? path : "");
	return as_because(match, is_unread ? VARIANT_USUAL : VARIANT_MISSING, text);
}

/* Return whether an earlier rule of the run has a finding. */
static bool has_found(const struct match *match, enum efimap_rule_id rule)
{
	for (size_t i = 0; i < match->run->report->n_findings; i++)
		if (match->run->report->findings[i].rule->id == rule)
			return true;
	return false;
}

/*
 * Visit the files that affect the outcome. To add a file, add a row to the table.
 *
 * If a file was not read, no other rule considers its content. If the file exists but reading was
 * denied or failed, or if its content is malformed, the effect is unknown. A file that is missing
 * from a capture was not checked. On the running system, a missing file means that the kernel lacks
 * the feature, unless the row has is_always.
 */
bool rule_source_unread(const struct facts_for_rules *c, struct match *match)
{
	const struct machine *machine = c->machine;
	const struct efimap_load_case *load = c->load;
	const struct efimap_kexec_state *state = machine->state;
	const uint8_t *options = state->config.options;
	const bool is_crash = load->question == EFIMAP_QUESTION_KDUMP;
	/* Restrictions of kexec affect only a load that is still to come. */
	const bool is_to_come = !load->is_loaded && !load->is_from_log;
	const bool is_limited =
		is_to_come && efimap_kernel_has(machine->map, EFIMAP_CHANGE_LIMITS_LOADS, true);
	const bool is_limit_lacking =
		machine_load_limit(machine, load->question) == EFIMAP_LIMIT_UNKNOWN;
	const bool is_loaded = is_crash && !load->is_from_log &&
			       machine->kdump.state == EFIMAP_KDUMP_LOADED &&
			       !machine->options.only_configured;
	/*
	 * kexec-tools before 2.0.27 calls kexec_load, but systemctl kexec of systemd 261 or later
	 * calls kexec_file_load itself (find_front_end()).
	 */
	const bool depends_on_systemd =
		!is_crash && !load->is_from_log && !machine->options.loaders &&
		state->tools.major &&
		!efimap_tools_has(&state->tools, EFIMAP_TOOLS_FILE_LOAD, false);
	/* The loader may place segments in the scratch areas of Kexec HandOver (KHO). */
	const bool uses_handover = load->loader == EFIMAP_LOADER_KERNEL && !is_crash &&
				   state->kho != EFIMAP_KNOWN_NO;
	const bool reads_pointers = load->loader != EFIMAP_LOADER_KERNEL;
	const struct efimap_kernel_config config = efimap_load_config(machine->map, load);
	const bool needs_entry = has_found(match, EFIMAP_RULE_NEXT_RUNTIME_DISABLED);
	const struct evidence evidence[] = {
		{ "kernel-log", "kernel log", EFIMAP_SRC_KERNEL_LOG },
		{ "kernel-parameters", "kernel parameters", EFIMAP_SRC_CMDLINE },
		{ "kernel-release", "kernel release", EFIMAP_SRC_VERSION },
		{ "cpu", "CPU", EFIMAP_SRC_CPUINFO },
		{ "boot-params", "boot_params", EFIMAP_SRC_BOOT_PARAMS },
		{ "setup-data", "setup_data", EFIMAP_SRC_SETUP_DATA },
		{ "word-size", "word size of the firmware", EFIMAP_SRC_FW_PLATFORM_SIZE },
		{ "fw-vendor", "fw_vendor", EFIMAP_SRC_FW_VENDOR, .is_moot = !reads_pointers },
		{ "runtime", "runtime", EFIMAP_SRC_RUNTIME, .is_moot = !reads_pointers },
		{ "config-table", "config_table", EFIMAP_SRC_CONFIG_TABLE },
		{ "systab", "systab", EFIMAP_SRC_SYSTAB, .is_moot = !reads_pointers },
		{ "load-disabled", "kexec_load_disabled", EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_disabled" },
		  "whether loading kernels is disabled", !is_to_come,
		  state->load_disabled == EFIMAP_NOT_KNOWN },
		{ "reboot-limit", "kexec_load_limit_reboot", EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_limit_reboot" },
		  "the limit of further loads", is_crash || !is_limited, is_limit_lacking },
		{ "panic-limit", "kexec_load_limit_panic", EFIMAP_SRC_KEXEC, { "proc/sys/kernel/kexec_load_limit_panic" },
		  "the limit of further loads of crash kernels", !is_crash || !is_limited,
		  is_limit_lacking },
		{ "loaded", "loaded kernel", EFIMAP_SRC_KEXEC, { "sys/kernel/kexec_loaded", "sys/kernel/kexec/loaded" },
		  "whether another kernel is loaded, which systemctl kexec would start",
		  is_crash || load->is_from_log || load->is_remedy ||
			  machine_asks_about_next(machine) ||
			  efimap_first_origin(machine->map) == EFIMAP_ORIGIN_LOG,
		  state->loaded == EFIMAP_NOT_KNOWN },
		{ "packages", "packages", EFIMAP_SRC_KEXEC,
		  { "sos_commands/dpkg", "installed-debs", "sos_commands/rpm", "installed-rpms" },
		  "whether kexec-tools is installed", !is_to_come || state->has_tools },
		{ "lockdown", "lockdown", EFIMAP_SRC_KEXEC, { "sys/kernel/security/lockdown" },
		  "whether the kernel is locked down", !is_to_come,
		  state->lockdown == EFIMAP_LOCKDOWN_UNKNOWN && !machine->is_locked_down,
		  .is_always = true },
		{ "free-memory", "free memory", EFIMAP_SRC_KEXEC, { "proc/meminfo" }, "the size of free memory", !is_to_come,
		  !state->mem_total, .is_always = true },
		{ "kernel-configuration", "kernel configuration", EFIMAP_SRC_KEXEC, { CONFIG, "proc/config.gz" },
		  "the configuration of the running kernel", !is_to_come,
		  !options[EFIMAP_CONFIG_KEXEC_SIG] ||
			  !options[EFIMAP_CONFIG_IMA_SECURE_AND_OR_TRUSTED_BOOT],
		  .is_always = true },
		{ "next-kernel-configuration", "configuration of the next kernel", EFIMAP_SRC_KEXEC, { CONFIG }, "the configuration of the next kernel",
		  !load->image || load->is_assumed,
		  !config.options[EFIMAP_CONFIG_EFI_DISABLE_RUNTIME] && !config.is_complete,
		  .is_always = true, .of_next = true },
		{ "ima-policy", "IMA policy", EFIMAP_SRC_KEXEC, { "etc/ima/ima-policy", "etc/sysconfig/ima-policy" },
		  "the IMA policy, which may restrict the load",
		  !is_to_come || options[EFIMAP_CONFIG_IMA_APPRAISE] == EFIMAP_KNOWN_NO ||
			  state->ima.has_loaded_policy,
		  options[EFIMAP_CONFIG_IMA_APPRAISE] == EFIMAP_KNOWN_YES &&
			  !state->ima.has_policy &&
			  efimap_is_offline(machine->map) },
		{ "boot-entries", "boot loader entries", EFIMAP_SRC_KEXEC, { BOOT_ENTRIES }, "the parameters in boot loader entries",
		  !efimap_load_may_use_entry(load),
		  needs_entry && !efimap_load_enabling_entry(load) &&
			  !load->kernel->disabling_entry && !load->kernel->plain_entry },
		{ "systemd", "systemd", EFIMAP_SRC_KEXEC, { "usr/lib/systemd" },
		  "the version of systemd, which determines the system call of systemctl kexec",
		  !depends_on_systemd, !state->systemd },
		{ "kho-addresses", "KHO areas", EFIMAP_SRC_KEXEC, { "sys/kernel/debug/kho/out/scratch_phys" },
		  "the addresses of the scratch areas of Kexec HandOver", !uses_handover },
		{ "kho-sizes", "KHO areas", EFIMAP_SRC_KEXEC, { "sys/kernel/debug/kho/out/scratch_len" },
		  "the sizes of the scratch areas of Kexec HandOver", !uses_handover },
		{ "load-record", "what is loaded", EFIMAP_SRC_KEXEC, { EFIMAP_LOAD_RECORD },
		  "the loaded crash kernel, which is assumed to be the configured kernel",
		  !is_loaded,
		  !load->kernel->is_loaded && !machine->uses_record &&
			  state->is_record_old != EFIMAP_KNOWN_YES,
		  .is_always = true },
		{ "cpus", "number of CPUs", EFIMAP_SRC_KEXEC, { "sys/devices/system/cpu/possible" },
		  "the number of CPUs, for each of which the crash kernel allocates memory",
		  !is_crash || !efimap_load_starts_all_cpus(machine->map, load),
		  !state->cpus_possible, .is_always = true },
		{ "panic-notifiers", "panic notifiers", EFIMAP_SRC_KEXEC, { "sys/module/kernel/parameters/crash_kexec_post_notifiers" },
		  "whether a panic calls notifiers before it starts the crash kernel", !is_crash,
		  state->notifies_first == EFIMAP_NOT_KNOWN },
		{ "pstore", "pstore", EFIMAP_SRC_KEXEC, { "sys/module/pstore/parameters/backend" },
		  "whether a panic calls EFI runtime services before it starts the crash kernel",
		  !is_crash || state->notifies_first != EFIMAP_KNOWN_YES,
		  state->has_efi_pstore == EFIMAP_NOT_KNOWN },
	};

	for (size_t i = 0; i < sizeof(evidence) / sizeof(evidence[0]); i++)
		if (match_file(c, &evidence[i], match))
			finish_finding(match);
	return false;
}

static bool is_unreadable(const struct machine *machine, const struct efimap_load_case *load,
			  const struct evidence *row)
{
	const struct efimap_fault *fault = find_fault(machine, load, row);

	return fault && fault->state != EFIMAP_STATE_ABSENT;
}

bool is_boot_entry_unreadable(const struct machine *machine, const struct efimap_load_case *load)
{
	static const struct evidence entries = { .source = EFIMAP_SRC_KEXEC,
						 .paths = { BOOT_ENTRIES } };

	return is_unreadable(machine, load, &entries);
}

bool is_record_unreadable(const struct machine *machine, const struct efimap_load_case *load)
{
	static const struct evidence record = { .source = EFIMAP_SRC_KEXEC,
						.paths = { EFIMAP_LOAD_RECORD } };

	return is_unreadable(machine, load, &record);
}
