/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the values of an enum are called. */
#ifndef BASE_ENUM_NAME_H
#define BASE_ENUM_NAME_H

/** EFIMAP_NAME_OF() - efimap_what_name() of an enum efimap_what, from the table what_names */
#define EFIMAP_NAME_OF(what)                                                               \
	const char *efimap_##what##_name(unsigned int value)                               \
	{                                                                                  \
		return what##_names[value];                                                \
	}

#endif
