/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Redact a capture: keep only the kernel parameters, the parts of paths and the kexec options that
 * cannot contain secrets.
 */
#include <errno.h>
#include <string.h>

#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/redaction.h"

/*
 * Parameters that rules use, and others that help to understand a map. None can contain a secret.
 */
static const char *const kept[] = {
	/* EFI: drivers/firmware/efi, arch/x86/platform/efi, drivers/acpi. */
	"efi",
	"noefi",
	"add_efi_memmap",
	"efi_fake_mem",
	"acpi",
	"acpi_rsdp",
	/* Memory: arch/x86/kernel/e820.c, arch/x86/mm, mm. */
	"mem",
	"memmap",
	"mem_encrypt",
	"reservelow",
	"reserve_mem",
	"disable_mtrr_trim",
	"movablecore",
	"kernelcore",
	"movable_node",
	"nokaslr",
	"no5lvl",
	"gbpages",
	"nogbpages",
	"nopat",
	"noexec",
	"iomem",
	/*
	 * kexec, and features that disable it: kernel/kexec_core.c, kernel/crash_core.c,
	 * security/lockdown.
	 */
	"crashkernel",
	"elfcorehdr",
	"kho",
	"kho_scratch",
	"reset_devices",
	"lockdown",
	"sysctl.kernel.kexec_load_disabled",
};

/*
 * Return whether a parameter is kept. A parameter with a space or a tab is not kept: it is quoted,
 * and without a closing quote, it contains the rest of the line.
 */
static bool is_word_kept(const struct kernel_parameter *arg)
{
	if (memchr(arg->text, ' ', arg->text_len) || memchr(arg->text, '\t', arg->text_len))
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (parameter_is(arg, kept[i]))
			return true;
	return false;
}

static uint32_t redact_cmdline(const char *cmdline, char *ret_kept)
{
	const char *rest = cmdline, *between = "";
	struct kernel_parameter arg;
	uint32_t left_out = 0;

	*ret_kept = '\0';
	while (parameter_next(&rest, &arg)) {
		if (!is_word_kept(&arg)) {
			left_out++;
			continue;
		}
		ret_kept = stpcpy(ret_kept, between);
		ret_kept = mempcpy(ret_kept, arg.text, arg.text_len);
		*ret_kept = '\0';
		between = " ";
	}
	/* "--" and the following words, which are for init, are also removed. */
	for (rest += strspn(rest, " "); *rest; rest += strspn(rest, " ")) {
		rest += strcspn(rest, " ");
		left_out++;
	}
	return left_out;
}

/*
 * Prefixes of archives that programs name after the host: sos (sos/report/__init__.py and
 * sos/collector/__init__.py: get_archive_name) and supportconfig.
 */
static const struct {
	const char *start;
	const char *shown;
} archives[] = {
	{ "sosreport-", "sosreport" },
	{ "sos-collector-", "sos-collector" },
	{ "scc_", "supportconfig" },
	{ "nts_", "supportconfig" },
};

static char *redact_name(struct efimap_arena *texts, const char *name)
{
	size_t len = strlen(name);
	const char *slash;

	while (len > 1 && name[len - 1] == '/')
		len--;
	slash = len > 1 ? memrchr(name, '/', len) : NULL;
	if (slash) {
		len -= (size_t)(slash + 1 - name);
		name = slash + 1;
	}
	for (size_t i = 0; i < sizeof(archives) / sizeof(archives[0]); i++)
		if (strncmp(name, archives[i].start, strlen(archives[i].start)) == 0)
			return efimap_arena_printf(texts, "%s", archives[i].shown);
	return efimap_arena_strndup(texts, name, len);
}

/*
 * Directories in which distributions install kernel images and initrds. "*" stands for the release.
 */
static const char *const image_directories[] = {
	"/boot",	 "/lib/modules/*",    "/usr/lib/modules/*",
	"/efi/EFI/Linux", "/boot/EFI/Linux", "/boot/efi/EFI/Linux",
	"/var/lib/kdump",
};

static bool is_image_directory(const char *path, size_t len, const char *release)
{
	for (size_t i = 0; i < sizeof(image_directories) / sizeof(image_directories[0]); i++) {
		const char *directory = image_directories[i];
		const size_t fixed = strcspn(directory, "*");

		if (!directory[fixed] && len == fixed && memcmp(path, directory, len) == 0)
			return true;
		if (directory[fixed] && *release && len == fixed + strlen(release) &&
		    memcmp(path, directory, fixed) == 0 &&
		    memcmp(path + fixed, release, strlen(release)) == 0)
			return true;
	}
	return false;
}

/* kernel-install includes the machine ID, which is confidential (machine-id(5)), in file names. */
#define MACHINE_ID_LEN 32
#define SHOWN_MACHINE_ID "MACHINE-ID"

static void hide_machine_id(char *path)
{
	while (*path) {
		const size_t len = strspn(path, EFIMAP_LOWER_HEX);

		if (len == MACHINE_ID_LEN) {
			memcpy(path, SHOWN_MACHINE_ID, strlen(SHOWN_MACHINE_ID));
			path += strlen(SHOWN_MACHINE_ID);
			memmove(path, path + len - strlen(SHOWN_MACHINE_ID),
				strlen(path + len - strlen(SHOWN_MACHINE_ID)) + 1);
			continue;
		}
		path += len ? len : 1;
	}
}

static char *redact_path(struct efimap_arena *texts, const char *path, const char *release)
{
	const char *slash = strrchr(path, '/');
	char *shown;

	if (slash && !is_image_directory(path, (size_t)(slash - path), release))
		path = slash[1] ? slash + 1 : "DIRECTORY";
	shown = efimap_arena_strndup(texts, path, strlen(path));
	if (shown)
		hide_machine_id(shown);
	return shown;
}

static int redact_kernels(struct efimap_redacted_capture *redacted)
{
	struct efimap *map = &redacted->map;

	for (size_t i = 0; i < map->n_kernels; i++) {
		struct efimap_installed_kernel *kernel = &redacted->kernels[i];
		const char *release = map->kernels[i].header.release;

		*kernel = map->kernels[i];
		kernel->header.name = redact_path(&redacted->texts, kernel->header.name, release);
		kernel->initrd = redact_path(&redacted->texts, kernel->initrd, release);
		if (!kernel->header.name || !kernel->initrd)
			return -ENOMEM;
	}
	map->kernels = redacted->kernels;
	return 0;
}

static int redact_unread_kernels(struct efimap_redacted_capture *redacted)
{
	struct efimap *map = &redacted->map;

	for (size_t i = 0; i < map->n_unread_kernels; i++) {
		struct efimap_unread_kernel *kernel = &redacted->unread_kernels[i];

		*kernel = map->unread_kernels[i];
		kernel->image = redact_path(&redacted->texts, kernel->image, kernel->release);
		kernel->file = redact_path(&redacted->texts, kernel->file, kernel->release);
		if (!kernel->image || !kernel->file)
			return -ENOMEM;
	}
	map->unread_kernels = redacted->unread_kernels;
	return 0;
}

/*
 * Options of kexec for x86 that determine how it loads a kernel (kexec/kexec.h: KEXEC_OPTIONS,
 * kexec/arch/i386/include/arch/options.h: KEXEC_ARCH_OPTIONS). None of these options has a
 * command line or a path as its value.
 */
static const char *const kept_options[] = {
	"-s", "-c", "-a", "-d", "-p", "-l",
	"--kexec-file-syscall", "--kexec-syscall", "--kexec-syscall-auto",
	"--mem-min", "--mem-max", "--entry", "--type", "--hotplug", "--no-checks", "--debug",
	"--elf32-core-headers", "--elf64-core-headers", "--pass-memmap-cmdline", "--noefi",
	"--reuse-video-type", "--reset-vga", "--console-vga", "--console-serial", "--serial",
	"--serial-baud", "--real-mode", "--entry-32bit", "--args-linux", "--reuse-cmdline",
	"--load-preserve-context", "--load-jump-back-helper",
};

static bool is_option_kept(const char *word, size_t len)
{
	const char *equals = memchr(word, '=', len);
	const size_t name_len = equals ? (size_t)(equals - word) : len;

	for (size_t i = 0; i < sizeof(kept_options) / sizeof(kept_options[0]); i++)
		if (strlen(kept_options[i]) == name_len &&
		    memcmp(kept_options[i], word, name_len) == 0)
			return true;
	return false;
}

static bool is_number(const char *word, size_t len)
{
	return *word >= '0' && *word <= '9' && strspn(word, "0123456789abcdefABCDEFxX") >= len;
}

/* Keep the options in kept_options, and the numbers that follow them as their values. */
static char *redact_options(struct efimap_arena *texts, const char *options)
{
	char *shown = efimap_arena_alloc(texts, strlen(options) + 1), *end = shown;
	bool is_after_option = false;

	if (!shown)
		return NULL;
	for (options += strspn(options, " "); *options; options += strspn(options, " ")) {
		const size_t len = strcspn(options, " ");
		const bool is_option = is_option_kept(options, len);

		if (is_option || (is_after_option && is_number(options, len))) {
			if (end != shown)
				*end++ = ' ';
			end = mempcpy(end, options, len);
		}
		is_after_option = is_option;
		options += len;
	}
	*end = '\0';
	return shown;
}

static int redact_kexec(struct efimap_redacted_capture *redacted)
{
	struct efimap *map = &redacted->map;

	if (!map->kexec)
		return 0;
	redacted->kexec = *map->kexec;
	redacted->kexec.crash_args = redact_options(&redacted->texts, map->kexec->crash_args);
	map->kexec = &redacted->kexec;
	return redacted->kexec.crash_args ? 0 : -ENOMEM;
}

int efimap_redact_capture(const struct efimap *map,
			  struct efimap_redacted_capture *ret_redacted)
{
	struct efimap_arena *texts = &ret_redacted->texts;
	char *cmdline;

	memset(ret_redacted, 0, sizeof(*ret_redacted));
	ret_redacted->map = *map;
	cmdline = efimap_arena_alloc(texts, strlen(map->cmdline) + 1);
	ret_redacted->map.name = redact_name(texts, map->name);
	ret_redacted->map.first_name = redact_name(texts, map->first_name);
	if (!cmdline || !ret_redacted->map.name || !ret_redacted->map.first_name)
		return -ENOMEM;
	ret_redacted->map.redacted = true;
	ret_redacted->map.n_redacted += redact_cmdline(map->cmdline, cmdline);
	ret_redacted->map.cmdline = cmdline;
	if (redact_kernels(ret_redacted) || redact_unread_kernels(ret_redacted))
		return -ENOMEM;
	return redact_kexec(ret_redacted);
}

void efimap_redacted_capture_free(struct efimap_redacted_capture *redacted)
{
	efimap_arena_free(&redacted->texts);
}
