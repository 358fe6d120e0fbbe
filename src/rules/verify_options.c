/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fill the options of verify. */
#include "rules/verify_options.h"

void efimap_verify_given(const struct efimap_given_files *given,
			 struct efimap_verify_options *options)
{
	options->kernels = given->kernels;
	options->n_kernels = given->n_kernels;
	options->has_initrd_size = given->initrd != NULL;
	options->initrd_size = given->initrd_size;
	options->unpacked = given->unpacked;
	options->segments = given->segments.count || given->segments.failed[0] ?
				    &given->segments : NULL;
}
