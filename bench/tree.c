/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tree.h"

const char *const attribute_names[ATTRIBUTES] = { "attribute", "num_pages", "phys_addr",
						  "type", "virt_addr" };
const char *const range_names[RANGE_FILES] = { "start", "end", "type" };
const char *const other_files[] = {
	"sys/firmware/efi/fw_vendor",
	"sys/firmware/efi/runtime",
	"sys/firmware/efi/config_table",
	"sys/firmware/efi/systab",
	"sys/firmware/efi/fw_platform_size",
	"proc/iomem",
	"proc/cmdline",
	"proc/version",
	"proc/cpuinfo",
	"sys/kernel/boot_params/version",
	"sys/kernel/boot_params/data",
	"sys/kernel/boot_params/setup_data/0/type",
	"dmesg.txt",
	"sys/devices/virtual/dmi/id/sys_vendor",
	"sys/class/dmi/id/sys_vendor",
	"sys/devices/virtual/dmi/id/product_name",
	"sys/class/dmi/id/product_name",
	"sys/devices/virtual/dmi/id/bios_version",
	"sys/class/dmi/id/bios_version",
	"boot",
	"efi/EFI/Linux",
	"boot/efi/EFI/Linux",
	"boot/EFI/Linux",
	"lib/modules",
	"usr/lib/modules",
	"var/lib/kdump",
	"sys/kernel/kexec/loaded",
	"sys/kernel/kexec_loaded",
	"sys/kernel/kexec/crash_loaded",
	"sys/kernel/kexec_crash_loaded",
	"sys/kernel/kexec/crash_size",
	"sys/kernel/kexec_crash_size",
	"sys/kernel/kexec/crash_elfcorehdr_size",
	"sys/kernel/crash_elfcorehdr_size",
	"proc/sys/kernel/kexec_load_disabled",
	"proc/sys/kernel/kexec_load_limit_reboot",
	"proc/sys/kernel/kexec_load_limit_panic",
	"sys/kernel/security/lockdown",
	"proc/meminfo",
	"sys/devices/system/cpu/possible",
	"sys/kernel/debug/kho/out/scratch_phys",
	"boot/config-6.1.0-56-amd64",
	"lib/modules/6.1.0-56-amd64/config",
	"usr/lib/modules/6.1.0-56-amd64/config",
	"etc/default/kdump-tools",
	"etc/sysconfig/kdump",
	"usr/sbin/kexec",
	"sbin/kexec",
	"usr/bin/kexec",
	"usr/lib/systemd",
	"usr/lib/x86_64-linux-gnu/systemd",
	"lib/systemd",
	"sos_commands/dpkg",
	"installed-debs",
	"sos_commands/rpm",
	"installed-rpms",
	"sos_commands/efimap/efimapctl_snapshot.json",
	NULL,
};

struct row *add_row(struct row **rows, size_t *count)
{
	/* The array is full if the number of rows is zero or a power of two. */
	if ((*count & (*count - 1)) == 0) {
		*rows = realloc(*rows, (*count ? 2 * *count : 1) * sizeof(**rows));
		if (!*rows)
			exit(1);
	}
	memset(&(*rows)[*count], 0, sizeof(**rows));
	return &(*rows)[(*count)++];
}

void print_rows(const struct row *rows, size_t count)
{
	fputs("{\"entries\":[", stdout);
	for (size_t i = 0; i < count; i++) {
		printf("%s\n{\"index\":%u", i ? "," : "", rows[i].index);
		for (size_t a = 0; a < ATTRIBUTES; a++)
			printf(",\"%s\":\"%s\"", attribute_names[a], rows[i].value[a]);
		putchar('}');
	}
	puts("]}");
}
