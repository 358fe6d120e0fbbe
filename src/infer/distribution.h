/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef INFER_DISTRIBUTION_H
#define INFER_DISTRIBUTION_H

#include "capture/capture.h"
#include "capture/installed_kernels.h"

/*
 * Return the kdump service that is installed or, if it is unknown, that of the distribution that
 * the release of the running kernel shows.
 */
enum kdump_service_kind likely_service(const struct efimap *map);

/*
 * Return "the options of", and the files from which the boot loader gets the parameters, if the
 * default entry is of type #1 and no tool of the distribution sets its options. Otherwise NULL.
 * Source: Boot Loader Specification, kernel-install(8): /etc/kernel/cmdline.
 */
const char *find_entry_options(const struct efimap *map, struct arena *arena);

/* Return a noun for the kernel parameters that says where they are changed. */
const char *find_parameter_files(const struct efimap *map, struct arena *arena);

#endif
