/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Find the tools and the files of the distribution that advice names. */
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "capture/kernel_release.h"
#include "infer/distribution.h"

/* Return the service of the distribution that the name of the running kernel shows. */
static enum kdump_service_kind service_of_release(const struct efimap *map)
{
	static const struct {
		const char *words[6];
		const char *ends;
		enum kdump_service_kind service;
	} families[] = {
		{ { "amd", "generic", "lowlatency", "aws", "azure" },
		  EFIMAP_RELEASE_SIGNS "0123456789",
		  EFIMAP_CRASH_SERVICE_KDUMP_CONFIG },
		/* A number must follow. Kernels of Firecracker are named "-fc-". */
		{ { "fc", "el" }, "0123456789", EFIMAP_CRASH_SERVICE_KDUMPCTL },
		{ { "default" }, EFIMAP_RELEASE_SIGNS, EFIMAP_CRASH_SERVICE_SUSE },
	};

	/* SUSE has kernels named "-azure", too. */
	if (has_suse_build(map->release.text))
		return EFIMAP_CRASH_SERVICE_SUSE;
	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (release_has_word(map->release.text, families[i].ends, families[i].words))
			return families[i].service;
	return EFIMAP_CRASH_SERVICE_UNKNOWN;
}

enum kdump_service_kind likely_service(const struct efimap *map)
{
	return kexec_of(map)->crash.service ?: service_of_release(map);
}

const char *find_entry_options(const struct efimap *map, struct arena *arena)
{
	const char *entry = kexec_of(map)->default_entry;

	/* GRUB passes BOOT_IMAGE=. Entries may be left from another boot loader. */
	if (!entry || boot_image_of(map).len ||
	    likely_service(map) != EFIMAP_CRASH_SERVICE_KDUMP_CONFIG)
		return NULL;
	return arena_printf(arena, "the options of /%s and, if it exists, /etc/kernel/cmdline",
			    text_mark(arena, entry));
}

const char *find_parameter_files(const struct efimap *map, struct arena *arena)
{
	static const char *const files[] = {
		[EFIMAP_CRASH_SERVICE_UNKNOWN] =
			"the kernel parameters (with GRUB: in /etc/default/grub, then run "
			"update-grub or grub2-mkconfig)",
		[EFIMAP_CRASH_SERVICE_KDUMP_CONFIG] =
			"the kernel parameters (in /etc/default/grub or /etc/default/grub.d, then "
			"run update-grub)",
		[EFIMAP_CRASH_SERVICE_KDUMPCTL] =
			"the kernel parameters (with grubby --update-kernel=ALL)",
		[EFIMAP_CRASH_SERVICE_SUSE] =
			"the kernel parameters (in /etc/default/grub, then run grub2-mkconfig -o "
			"/boot/grub2/grub.cfg)",
	};
	const enum kdump_service_kind service = likely_service(map);
	const char *options = find_entry_options(map, arena);
	/* grubby(8) changes all entries, of which grub2-mkconfig does not change the options. */
	const bool is_known = boot_image_of(map).len || service == EFIMAP_CRASH_SERVICE_KDUMPCTL;

	return options ? options : files[is_known ? service : EFIMAP_CRASH_SERVICE_UNKNOWN];
}
