/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* End the program if memory is exhausted. */
#include <unistd.h>

#include "base/out_of_memory.h"

_Noreturn void out_of_memory(void)
{
	static const char message[] = "efimapctl: out of memory\n";
	const ssize_t written = write(STDERR_FILENO, message, sizeof(message) - 1);

	/* No error can be reported. exit() would call functions that may allocate memory. */
	(void)written;
	_exit(STATUS_OUT_OF_MEMORY);
}
