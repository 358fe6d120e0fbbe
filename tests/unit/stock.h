/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The runtime map of Debian 12 with OVMF, from the fixture ovmf-q35-6.1-kexec-first */
#ifndef TESTS_UNIT_STOCK_H
#define TESTS_UNIT_STOCK_H

#include "capture/entry.h"

static const struct map_entry stock_entries[] = {
	{ 0, 11, 0xffc00000, 0xfffffffeffc00000, 0x400, 0x8000000000000001 },
	{ 1, 6, 0x3fef4000, 0xfffffffeffaf4000, 0x84, 0x800000000000000f },
	{ 2, 5, 0x3f5ec000, 0xfffffffeff1ec000, 0x100, 0x800000000000000f },
	{ 3, 6, 0x3f4ec000, 0xfffffffeff0ec000, 0x100, 0x800000000000000f },
	{ 4, 6, 0x3eaa0000, 0xfffffffefe6a0000, 0x102, 0x800000000000000f },
	{ 5, 4, 0x3d11a000, 0xfffffffefcd1a000, 0x9, 0x800000000000000f },
	{ 6, 4, 0x3d117000, 0xfffffffefcd17000, 0x1, 0x800000000000000f },
	{ 7, 3, 0x0, 0xfffffffefbe00000, 0x1, 0x800000000000000f },
};

#endif
