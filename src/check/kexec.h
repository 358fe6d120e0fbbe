/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Where kexec loads to, as --kexec-log has it. */
#ifndef CHECK_KEXEC_H
#define CHECK_KEXEC_H

#include "check/engine.h"
#include "model/kexec.h"

/* kexec_names_hits() - are segments known, and does segment-collision say what they hit? */
bool kexec_names_hits(const struct check *c);
/* kexec_find_segment() - the first that shares a byte, or EFIMAP_NO_SEGMENT */
size_t kexec_find_segment(const struct check *c, struct efimap_span span);
/* kexec_say_segment() - {segment}, {segment-start}, {segment-end} */
void kexec_say_segment(const struct check *c, struct say *say, size_t segment);

#endif
