// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Select the active mutant, and record the mutants that may change a result. This file is linked
 * into every mutated program, which reads these environment variables:
 *
 * EFIMAP_MUTANT=N         activate mutant N
 * EFIMAP_MUTANT_SEEN=FILE map efimap_mutant_seen[] to this file of EFIMAP_MUTANTS bytes
 * EFIMAP_MUTANT_CPU=S     kill the program after S seconds of CPU time
 * EFIMAP_MUTANT_MEMORY=M  limit the address space to M MiB
 */
#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#define EFIMAP_MUTANTS (1 << 17)

static unsigned char nowhere[EFIMAP_MUTANTS];
int efimap_mutant = -1;
unsigned char *efimap_mutant_seen = nowhere;

static rlim_t number(const char *name)
{
	const char *text = getenv(name);

	return text ? strtoul(text, NULL, 10) : 0;
}

static void limit(int what, rlim_t most)
{
	if (most)
		setrlimit(what, &(struct rlimit){ most, most });
}

__attribute__((constructor(101))) static void efimap_mutant_start(void)
{
	const char *path = getenv("EFIMAP_MUTANT_SEEN");
	const int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *seen = fd < 0 ? MAP_FAILED
			    : mmap(NULL, EFIMAP_MUTANTS, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (fd >= 0)
		close(fd);
	if (seen != MAP_FAILED)
		efimap_mutant_seen = seen;
	if (getenv("EFIMAP_MUTANT"))
		efimap_mutant = (int)number("EFIMAP_MUTANT");
	limit(RLIMIT_CPU, number("EFIMAP_MUTANT_CPU"));
	limit(RLIMIT_AS, number("EFIMAP_MUTANT_MEMORY") << 20);
}
