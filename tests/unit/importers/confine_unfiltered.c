/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What Landlock refuses by itself, where system calls cannot be filtered. */
#include "confine.c"
