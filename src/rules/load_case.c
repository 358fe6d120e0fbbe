/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Names of questions and loaders. */
#include "base/enum_name.h"
#include "rules/load_case.h"

static const char *const question_names[] = {
	[EFIMAP_QUESTION_KEXEC] = "kexec",
	[EFIMAP_QUESTION_KDUMP] = "kdump",
};
EFIMAP_NAME_OF(question)

const char *efimap_loader_option(unsigned int loader)
{
	static const char *const names[] = {
		[EFIMAP_LOADER_KEXEC_TOOLS] = "kexec-load",
		[EFIMAP_LOADER_KERNEL] = "kexec-file-load",
		[EFIMAP_LOADER_ANY] = "any",
	};

	return names[loader];
}

const char *efimap_loader_call(unsigned int loader)
{
	static const char *const calls[] = {
		[EFIMAP_LOADER_KEXEC_TOOLS] = "kexec_load",
		[EFIMAP_LOADER_KERNEL] = "kexec_file_load",
		[EFIMAP_LOADER_ANY] = "kexec",
	};

	return calls[loader];
}
