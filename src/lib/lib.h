/* SPDX-License-Identifier: LGPL-2.1-or-later */
/**
 * DOC: the face of the library
 *
 * What the files of this room share. A report, a finding and a comparison are opaque
 * outside and the model's own here. A capture is called &struct efimap in the rooms, and
 * these two are where it changes its name.
 */
#ifndef LIB_LIB_H
#define LIB_LIB_H

#include <stdbool.h>

#include <efimap/efimap.h>

#include "check/verify.h"
#include "model/capture.h"

static inline const struct efimap *lib_map(const struct efimap_capture *capture)
{
	return (const void *)capture;
}

static inline struct efimap_capture *lib_capture(struct efimap *map)
{
	return (void *)map;
}

/**
 * struct efimap_options - how to judge
 * @verify:   as the check room takes it; what it disables is made of @only and @skip
 * @kernel:   the name of @image, owned; NULL while there is none
 * @image:    the kernel that is to be loaded
 * @log:      the name of @segments; likewise
 * @segments: where to
 * @is_only:  only the rules in @only are tried
 * @only:     per rule
 * @skip:     per rule: it is left out in any case
 */
struct efimap_options {
	struct efimap_verify_options verify;
	char *kernel;
	struct efimap_image image;
	char *log;
	struct efimap_segments segments;
	bool is_only;
	bool only[EFIMAP_RULE_COUNT];
	bool skip[EFIMAP_RULE_COUNT];
};

/** lib_verify_options() - the same for the check room; NULL gives the defaults */
struct efimap_verify_options lib_verify_options(const struct efimap_options *options);

#endif
