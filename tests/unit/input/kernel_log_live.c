/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A socket that preserves record boundaries replaces /dev/kmsg. A wrapper replaces syslog(2). */
#include <sys/socket.h>
#include <unistd.h>

#include "../test.h"
#include "infer/hardware.h"
#include "input/file_readers.h"
#include "input/log/capture_from_log.h"
#include "input/log/log_messages.h"
#include "input/tree/capture_file.h"

int __wrap_klogctl(int type, char *buf, int len);

static const char *syslog_text;
static int syslog_errno;

int __wrap_klogctl(int type, char *buf, int len)
{
	if (syslog_errno) {
		errno = syslog_errno;
		return -1;
	}
	if (type == 10)
		return (int)strlen(syslog_text) + 1;
	assert_int_equal(type, 3);
	assert_true(len > (int)strlen(syslog_text));
	memcpy(buf, syslog_text, strlen(syslog_text));
	return (int)strlen(syslog_text);
}

static int device;

static int open_device(struct root *root, const char *path, int flags)
{
	assert_string_equal(path, "dev/kmsg");
	return device;
}

static struct efimap *read_log(enum state efi)
{
	struct root root = { .open_at = open_device, .is_running = true, .fd = -1 };
	struct efimap *map;

	map = capture_create("/", EFIMAP_ORIGIN_LIVE);
	map->states[EFIMAP_SRC_EFI] = efi;
	assert_int_equal(read_kernel_log(&root, map, NULL, NULL), 0);
	return map;
}

static struct efimap *read_messages(const char *const *records, size_t count)
{
	struct efimap *map;
	int pair[2];

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_NONBLOCK, 0, pair), 0);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(send(pair[1], records[i], strlen(records[i]), 0),
				 strlen(records[i]));
	device = pair[0];
	syslog_errno = ENOSYS;
	map = read_log(EFIMAP_STATE_PRESENT);
	close(pair[1]);
	return map;
}

TEST(reads_the_complete_log)
{
	static const char *const records[] = {
		"5,0,0,-;Linux version 6.1.0\n",
		"6,1,0,-;Command line: efi: X=0x9\n SUBSYSTEM=x\n",
		"6,2,0,-,caller=T0;efi: ESRT=0x1018 MEMATTR=0x2018 \n DEVICE=efi: Z=0x3\n",
		"6,3,0,-;smpboot: Allowing 2 CPUs, 0 hotplug CPUs\n",
		"6,4,0,-;Memory Encryption Features active: AMD SEV\n",
		"6,5,0,-;Loaded X.509 cert 'Build time key: 0123456789abcdef'\n",
		"6,6,0,-;Freeing unused kernel image (initmem) memory: 2768K\n",
		"6,7,70000000,-;efi: Froze efi_rts_wq and disabled EFI Runtime Services\n",
	};
	auto_map struct efimap *map = read_messages(records, ARRAY_SIZE(records));

	assert_true(capture_has(map, EFIMAP_SRC_KERNEL_LOG));
	assert_int_equal(map->n_tables, 2);
	assert_string_equal(map->tables[1].name, "MEMATTR");
	assert_true(map->encrypted);
	assert_true(log_contains(map, "0123456789abcdef"));
	assert_true(log_is_whole(map));
	assert_true(map->runtime_services_disabled);
}

/* Programs also write to the log. Their messages are not those of the kernel. */
TEST(the_log_has_one_boot)
{
	static const char *const records[] = {
		"6,0,0,-;efi: ESRT=0x1018\n",
		"12,1,10,-;Linux version 5.10.0 is what the container has\n",
		"12,2,15,-;efi: Froze efi_rts_wq and disabled EFI Runtime Services\n",
		"6,2,20,-;Memory Encryption Features active: AMD SEV\n",
	};
	auto_map struct efimap *map = read_messages(records, ARRAY_SIZE(records));

	assert_int_equal(map->n_tables, 1);
	assert_true(map->encrypted);
	assert_false(map->runtime_services_disabled);
}

TEST(invalid_records)
{
	static const char *const records[] = { "no record", "5,0;x", "5,0,zero,-;efi: A=0x1" };

	for (size_t i = 0; i < ARRAY_SIZE(records); i++) {
		auto_map struct efimap *map = read_messages(&records[i], 1);

		assert_int_equal(map->n_tables, 0);
	}
}

TEST(reads_from_syslog)
{
	static const struct {
		int error;
		const char *text;
		enum state state;
		size_t tables;
	} rows[] = {
		{ 0, "<6>[    0.000000] efi: ESRT=0x1018 \n", EFIMAP_STATE_PRESENT, 1 },
		{ 0, "", EFIMAP_STATE_PRESENT, 0 },
		{ EPERM, "", EFIMAP_STATE_DENIED, 0 },
		{ ENOSYS, "", EFIMAP_STATE_ABSENT, 0 },
	};

	device = -ENOENT;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		syslog_errno = rows[i].error;
		syslog_text = rows[i].text;

		auto_map struct efimap *map = read_log(EFIMAP_STATE_PRESENT);

		assert_int_equal(map->states[EFIMAP_SRC_KERNEL_LOG], rows[i].state);
		assert_int_equal(map->n_tables, rows[i].tables);
	}
}

/* Without EFI, the log is not read. Reading it would find a table. */
TEST(without_efi)
{
	device = -ENOENT;
	syslog_errno = 0;
	syslog_text = "efi: ESRT=0x1018\n";

	auto_map struct efimap *map = read_log(EFIMAP_STATE_ABSENT);

	assert_int_equal(map->states[EFIMAP_SRC_KERNEL_LOG], EFIMAP_STATE_ABSENT);
	assert_int_equal(map->n_tables, 0);
}

/* log_row_of() searches the rows by bisection. */
TEST(rows_are_sorted)
{
	for (size_t i = 1; i < n_log_rows; i++)
		if (strcmp(log_rows[i - 1].starts, log_rows[i].starts) >= 0)
			fail_msg("\"%s\" must be before \"%s\"", log_rows[i].starts,
				 log_rows[i - 1].starts);
}
