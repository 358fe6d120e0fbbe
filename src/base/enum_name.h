/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef BASE_ENUM_NAME_H
#define BASE_ENUM_NAME_H

/* Define <what>_name(), which looks up the name of a value in <what>_names[]. */
#define EFIMAP_NAME_OF(what)                                                                       \
	const char *what##_name(unsigned int value)                                                \
	{                                                                                          \
		return what##_names[value];                                                        \
	}

#endif
