/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Which kernel parameters strangers may read, what they may read of the name of SOURCE, and a
 * capture with only those.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture/kernel_parameters.h"
#include "capture/redaction.h"

/*
 * What decides about EFI, about memory and about kexec: all words that a rule looks at, and
 * what else explains a map to those who read it. No value of these can be a secret.
 */
static const char *const kept[] = {
	/* EFI: drivers/firmware/efi, arch/x86/platform/efi, drivers/acpi */
	"efi",
	"noefi",
	"add_efi_memmap",
	"efi_fake_mem",
	"acpi",
	"acpi_rsdp",
	/* memory: arch/x86/kernel/e820.c, arch/x86/mm, mm */
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
	/* kexec and what locks it: kernel/kexec_core.c, kernel/crash_core.c, security/lockdown */
	"crashkernel",
	"elfcorehdr",
	"kho",
	"kho_scratch",
	"reset_devices",
	"lockdown",
	"sysctl.kernel.kexec_load_disabled",
};

/* A blank can only be in a value that is quoted, perhaps up to the end of the line. */
static bool is_word_kept(const struct cmdline_arg *arg)
{
	if (memchr(arg->text, ' ', arg->text_len) || memchr(arg->text, '\t', arg->text_len))
		return false;
	for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++)
		if (cmdline_is(arg, kept[i]))
			return true;
	return false;
}

/* Return: how many words were left out. @ret_kept has room for as many bytes as @cmdline. */
static uint32_t redact_cmdline(const char *cmdline, char *ret_kept)
{
	const char *rest = cmdline, *between = "";
	struct cmdline_arg arg;
	uint32_t left_out = 0;

	*ret_kept = '\0';
	while (cmdline_next(&rest, &arg)) {
		if (!is_word_kept(&arg)) {
			left_out++;
			continue;
		}
		ret_kept = stpcpy(ret_kept, between);
		ret_kept = mempcpy(ret_kept, arg.text, arg.text_len);
		*ret_kept = '\0';
		between = " ";
	}
	/* "--" and what follows it, which is init's */
	for (rest += strspn(rest, " "); *rest; rest += strspn(rest, " ")) {
		rest += strcspn(rest, " ");
		left_out++;
	}
	return left_out;
}

/*
 * Programs that collect reports name them after the host: sos (sos/report/__init__.py and
 * sos/collector/__init__.py: get_archive_name) and supportconfig.
 */
static const struct {
	const char *start;
	const char *shown;
} collected[] = {
	{ "sosreport-", "sosreport" },
	{ "sos-collector-", "sos-collector" },
	{ "scc_", "supportconfig" },
	{ "nts_", "supportconfig" },
};

/* What is after the last slash, or before slashes at the end. "/" is the running system. */
static char *redact_name(const char *name)
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
	for (size_t i = 0; i < sizeof(collected) / sizeof(collected[0]); i++)
		if (strncmp(name, collected[i].start, strlen(collected[i].start)) == 0)
			return strdup(collected[i].shown);
	return strndup(name, len);
}

int efimap_redact(const struct efimap *map, struct efimap_redacted *ret_redacted)
{
	char *cmdline = malloc(strlen(map->cmdline) + 1);
	char *name = redact_name(map->name), *first_name = redact_name(map->first_name);

	*ret_redacted = (struct efimap_redacted){ .map = *map, .cmdline = cmdline,
						  .name = name, .first_name = first_name };
	if (!cmdline || !name || !first_name)
		return -ENOMEM;
	ret_redacted->map.redacted = true;
	ret_redacted->map.n_redacted += redact_cmdline(map->cmdline, cmdline);
	ret_redacted->map.cmdline = cmdline;
	ret_redacted->map.name = name;
	ret_redacted->map.first_name = first_name;
	return 0;
}

void efimap_redacted_free(struct efimap_redacted *redacted)
{
	free(redacted->cmdline);
	free(redacted->name);
	free(redacted->first_name);
}
