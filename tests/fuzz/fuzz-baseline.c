/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A baseline must not change when it is written and read again. An error must have a message. */
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"
#include "base/cleanup.h"
#include "document/snapshot.h"
#include "input/json/read_baseline.h"
#include "rules/baseline.h"

/* The reader requires a file name, so the input is in a memfd. */
static int read_text(const void *data, size_t size, struct efimap_baseline **ret_baseline)
{
	efimap_auto_fd int fd = memfd_create("baseline", MFD_CLOEXEC);
	struct efimap_err err = EFIMAP_ERR_INIT;
	char name[32];
	int ret;

	fuzz_check(fd >= 0 && (size == 0 || write(fd, data, size) == (ssize_t)size));
	snprintf(name, sizeof(name), "/proc/self/fd/%d", fd);
	ret = efimap_baseline_read(name, ret_baseline, &err);
	fuzz_check(ret == 0 || (err.code && err.text[0]));
	return ret;
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	efimap_auto_out struct efimap_out one = EFIMAP_OUT_MEM, other = EFIMAP_OUT_MEM;
	efimap_auto_baseline struct efimap_baseline *baseline = NULL, *back = NULL;

	if (read_text(data, size, &baseline))
		return 0;
	fuzz_check(efimap_baseline_write(baseline, "fuzz", &one) == 0);
	fuzz_check(read_text(one.data, one.used, &back) == 0);
	fuzz_check(efimap_baseline_write(back, "fuzz", &other) == 0);
	fuzz_check(one.used == other.used && memcmp(one.data, other.data, one.used) == 0);
	return 0;
}
