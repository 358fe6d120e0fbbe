/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../test.h"
#include "input/redaction.h"

static void record_text(struct recording *recording, const char *path, const char *text)
{
	record_bytes(recording, path, 0, text, (ssize_t)strlen(text), true);
}

static const struct recorded_file *find(const struct recording *recording, const char *path)
{
	const struct recorded_file *file = NULL;

	if (recording_find(recording, path, &file))
		fail_msg("the redacted recording does not contain %s", path);
	return file;
}

static const char *text_of(const struct recording *recording, const char *path)
{
	const struct recorded_file *file = find(recording, path);

	return file->n_parts ? file->parts[0].data : "";
}

static void try_text(enum origin from, const char *path, const char *text, const char *kept,
		     uint32_t n_omitted)
{
	auto_recording struct recording recording = { .from = from, .source = "/" };
	auto_recording struct recording once = { 0 }, twice = { 0 };

	record_text(&recording, path, text);
	recording_finish(&recording);
	redact_recording(&recording, &once);
	assert_true(once.is_redacted);
	assert_string_equal(text_of(&once, path), kept);
	assert_int_equal(find(&once, path)->n_omitted, n_omitted);
	redact_recording(&once, &twice);
	assert_string_equal(text_of(&twice, path), kept);
	assert_int_equal(find(&twice, path)->n_omitted, n_omitted);
}

TEST(relevant_parameters_are_kept)
{
	static const struct {
		const char *cmdline, *kept;
		uint32_t left_out;
	} rows[] = {
		{ "", "", 0 },
		{ "\n", "", 0 },
		{ "   ", "", 0 },
		{ "noefi\t", "noefi", 0 },
		{ "noefi \xa0 ", "noefi", 0 },
		{ "efi=debug", "efi=debug", 0 },
		{ "root=/dev/sda1 ro quiet\n", "root=xxxxxxxxx", 3 },
		{ " a efi=noruntime  b=c noefi", "efi=noruntime noefi", 2 },
		{ "mem-encrypt=on add-efi-memmap", "mem-encrypt=on add-efi-memmap", 0 },
		{ "crashkernel=1G,high ip=secret", "crashkernel=1G,high", 1 },
		{ "acpi=off acpi_rsdp=0x1 mem=8G memmap=1G$4G",
		  "acpi=off acpi_rsdp=0x1 mem=8G memmap=1G$4G", 0 },
		{ "elfcorehdr=0x1 mem_encrypt=on noefi", "elfcorehdr=0x1 mem_encrypt=on noefi", 0 },
		{ "accept_memory=eager", "accept_memory=eager", 0 },
		/* Each name contains the name of a kept parameter, but differs from it. */
		{ "efi_secret=1 efi.secret=1 xefi efisecret", "", 4 },
		{ "reserve_mem=12M:4096:secret", "reserve_mem=12M:4096:xxxxxx", 1 },
		/*
		 * Quotation marks may enclose a parameter, a value or several parameters, or be
		 * unterminated.
		 */
		{ "\"efi=debug\" y", "\"efi=debug\"", 1 },
		{ "efi=\"debug\" y", "efi=\"debug\"", 1 },
		{ "luks.key=\"efi=debug noefi\"", "", 1 },
		/* Only the part of a value that the kernel can parse is kept. */
		{ "efi=secret,noruntime", "efi=xxxxxx,noruntime", 1 },
		{ "efi=secret", "efi=xxxxxx", 1 },
		{ "noefi=secret nokaslr=", "noefi=xxxxxx nokaslr=", 1 },
		{ "memmap=secret memmap=1G!4G,2M$0x1000", "memmap=xxxxxx memmap=1G!4G,2M$0x1000",
		  1 },
		{ "memmap=1G$secret", "memmap=1G$xxxxxx", 1 },
		{ "memmap=0secret$0", "memmap=xxxxxxx$0", 1 },
		{ "kho=secret kho=on kho_scratch=16M,512M,50%",
		  "kho=xxxxxx kho=on kho_scratch=16M,512M,50%", 1 },
		{ "acpi_rsdp=7bfe014 acpi_rsdp=secret", "acpi_rsdp=7bfe014 acpi_rsdp=xxxxxx", 1 },
		{ "acpi_rsdp=0123456789abcdef0123456789abcdef",
		  "acpi_rsdp=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", 1 },
		{ "crashkernel=auto crashkernel=1G-4G:128M,4G-:256M@16M crashkernel=64M,cma",
		  "crashkernel=auto crashkernel=1G-4G:128M,4G-:256M@16M crashkernel=64M,cma", 0 },
		{ "efimap.first=5f7f8f3e-8a6c-4d2b-9f10-6a3b1c2d4e5f efimap.first=host",
		  "efimap.first=5f7f8f3e-8a6c-4d2b-9f10-6a3b1c2d4e5f efimap.first=xxxx", 1 },
		{ "ima_policy=tcb|secret|secure_boot", "ima_policy=tcb|xxxxxx|secure_boot", 1 },
		{ "cma=64M@0-4G hugetlb_cma=0:1G cma_pernuma=1M numa_cma=0:1M",
		  "cma=64M@0-4G hugetlb_cma=0:1G cma_pernuma=1M numa_cma=0:1M", 0 },
		{ "hugepagesz=1G ftrace=secret", "hugepagesz=1G", 1 },
		/* A redacted root= shows only whether the value is empty. */
		{ "root= rootfstype=secret", "root= rootfstype=xxxxxx", 1 },
		{ "rootfstype=ext4,devtmpfs", "rootfstype=xxxx,devtmpfs", 1 },
		{ "root=801", "root=xxx", 1 },
		/*
		 * After redaction, crashkernel= still shows a request for memory, and elfcorehdr= a
		 * crash kernel.
		 */
		{ "crashkernel=secret elfcorehdr=secret", "crashkernel=xxxxxx elfcorehdr=xxxxxx",
		  2 },
		{ "crashkernel=256Msecret,high,secret elfcorehdr=\"1M secret\"",
		  "crashkernel=256Mxxxxxx,high,xxxxxx elfcorehdr=\"1Mxxxxxxx\"", 2 },
		/* The words after "--" are arguments of init, so all of them are removed. */
		{ "noefi -- efi=debug  secret", "noefi --", 2 },
		{ "-- noefi", "--", 1 },
		/* In a log, the last word may be a truncated "crashkernel". */
		{ "crashk efi", "efi", 1 },
		{ "efi secret crashk", "efi crashk", 1 },
		{ "c", "c", 0 },
		{ "secret crashkx", "", 2 },
		{ "--noefi efi", "efi", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const size_t len = strcspn(rows[i].cmdline, "\n"), kept = strlen(rows[i].kept);
		char expected[256];

		/* The kernel parameters keep their length, and the file keeps its newline. */
		memset(expected, 'x', sizeof(expected));
		memcpy(expected + len - kept, rows[i].kept, kept);
		if (kept && kept < len)
			expected[len - kept - 1] = ' ';
		strcpy(expected + len, rows[i].cmdline + len);
		try_text(EFIMAP_ORIGIN_LIVE, "proc/cmdline", rows[i].cmdline, expected,
			 rows[i].left_out);
	}
}

TEST(settings_lose_values)
{
	static const struct {
		const char *text, *kept;
		uint32_t n_omitted;
	} rows[] = {
		{ "USE_KDUMP=1", "USE_KDUMP='1'", 0 },
		{ "USE_KDUMP=0\n", "USE_KDUMP='0'\n", 0 },
		{ "USE_KDUMP=secret\n", "USE_KDUMP='x'\n", 1 },
		{ "KDUMP_KERNEL=$X\n", "KDUMP_KERNEL='$'\n", 1 },
		{ "KDUMP_KERNELVER=6.1.0-secret2\n", "KDUMP_KERNELVER='x'\n", 1 },
		{ "KDUMP_KEXEC_ARGS=\"-s\"\n", "KDUMP_KEXEC_ARGS='-s'\n", 0 },
		{ "KEXEC_ARGS='-d --initrd=/srv/host/i -c'\n", "KEXEC_ARGS='-c'\n", 1 },
		{ "KEXEC_ARGS=--append=root=secret\n", "KEXEC_ARGS='x'\n", 1 },
		{ "KDUMP_CMDLINE_APPEND='efi=debug secret'\n", "KDUMP_CMDLINE_APPEND='efi=debug'\n",
		  1 },
		{ "KDUMP_CMDLINE_APPEND='efi=debug a=\"b c\"'\n", "KDUMP_CMDLINE_APPEND='$'\n", 1 },
		{ "KDUMP_KERNEL=/var/lib/kdump/vmlinuz\n",
		  "KDUMP_KERNEL='/var/lib/kdump/vmlinuz'\n", 0 },
		{ "KDUMP_KERNEL=/srv/host/k\nKDUMP_INITRD=/var/lib/kdump/initrd.img\n",
		  "KDUMP_KERNEL='/x'\nKDUMP_INITRD='/var/lib/kdump/initrd.img'\n", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_recording struct recording recording = {
			.from = EFIMAP_ORIGIN_LIVE,
			.source = "/",
		};
		auto_recording struct recording redacted = { 0 };

		record_text(&recording, "etc/default/kdump-tools", rows[i].text);
		redact_recording(&recording, &redacted);
		assert_string_equal(text_of(&redacted, "etc/default/kdump-tools"), rows[i].kept);
		assert_int_equal(find(&redacted, "etc/default/kdump-tools")->n_omitted,
				 rows[i].n_omitted);
	}
}

TEST(logs_lose_hosts_and_parameters)
{
	try_text(EFIMAP_ORIGIN_LOG, "dmesg",
		 "\n\nNov 11 10:00:00 secret kernel: Linux version 6.1.0-9 (root@secret) #1 SMP\n"
		 "Nov 11 10:00:00 secret kernel: Command line: root=secret efi=debug\n"
		 "Nov 11 10:00:00 secret kernel: efi: EFI v2.70 by EDK II\n",
		 "\n\nLinux version 6.1.0-9 xxxxxxxxxxxxxxxxxxxx\nCommand line: root=xxxxxx "
		 "efi=debug\n"
		 "efi: EFI v2.70 by EDK II\n",
		 1);
	try_text(EFIMAP_ORIGIN_LIVE, "dmesg",
		 "Linux version 6.1.0-9 (root@secret) #1 SMP\nKernel command line:secret\n"
		 "[Firmware Bug]: x\n",
		 "Linux version 6.1.0-9 xxxxxxxxxxxxxxxxxxxx\nKernel command line: "
		 "xxxxxx\n[Firmware Bug]: x\n",
		 1);
	try_text(EFIMAP_ORIGIN_TREE, "dmesg.txt",
		 "kexec-bzImage64: Final command line is: root=secret\nefi: Command line: secret\n"
		 "kexec-bzImage64: Loaded boot_param, command line and misc at 0x1\n",
		 "kexec-bzImage64: Final command line is: root=xxxxxx\nefi: Command line:       \n"
		 "kexec-bzImage64: Loaded boot_param, command line and misc at 0x1\n",
		 1);
	/* Readers accept several blanks instead of one. */
	try_text(EFIMAP_ORIGIN_TREE, "dmesg.txt",
		 "Linux\tversion  6.1.0\t(root@secret)\nKernel \tcommand line: root=secret\n"
		 "VFS: Unable to  mount root fs on \"secret\"\nRequested init /secret failed\n"
		 "watchdog: BUG: soft lockup - CPU#0 stuck for 22s! [secret:1]\n",
		 "Linux\tversion  6.1.0 xxxxxxxxxxxxx\nKernel \tcommand line: root=xxxxxx\n"
		 "VFS: Unable to  mount root fs on         \nRequested init /xxxxxx failed\n"
		 "watchdog: BUG: soft lockup - CPU#                           \n",
		 1);
	/* A line that is complete remains complete, and keeps its length. */
	try_text(EFIMAP_ORIGIN_TREE, "dmesg.txt", "Linux version 6.1.0 (root@secret) #1 SMP 2026\n",
		 "Linux version 6.1.0 xxxxxxxxxxxxxxxxxxxxxx #)\n", 0);
	/* If several CPUs write to a console, a message may begin inside another message. */
	try_text(EFIMAP_ORIGIN_TREE, "dmesg.txt",
		 "efi: x Kernel command line: root=secret\n"
		 "usb 1-1: Linux version 6.1.0 (root@secret)\n"
		 "Unknown kernel command line parameters \"secret\"\n",
		 "efi: x Kernel command line:            \n"
		 "usb 1-1: Linux version 6.1.0              \n"
		 "Unknown kernel command line parameters \"xxxxxx\"\n",
		 0);
	/* A file that is not at the path of a log is not redacted as a log. */
	try_text(EFIMAP_ORIGIN_LIVE, "sys/firmware/dmesg", "Command line: x\n", "Command line: x\n",
		 0);
	/* The number of an MTRR is not a line number. */
	try_text(EFIMAP_ORIGIN_TREE, "dmesg.txt", "[    0.0]   0 base 00C0 mask FFC0 uncachable\n",
		 "[0] 0 base 00C0 mask FFC0 uncachable\n", 0);
}

/* A log that was written during a crash may contain '\0'. */
TEST(a_log_with_a_null_byte_is_redacted)
{
	static const char text[] = "Command line: secret\nefi: \0x\nCommand line: secret\n";
	static const char kept[] = "Command line: xxxxxx\nefi: \0x\nCommand line: xxxxxx\n";
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_TREE, .source = "/" };
	auto_recording struct recording redacted = { 0 };
	const struct recorded_file *file;

	record_bytes(&recording, "dmesg.txt", 0, text, sizeof(text) - 1, true);
	recording_finish(&recording);
	redact_recording(&recording, &redacted);
	file = find(&redacted, "dmesg.txt");
	assert_int_equal(file->size, sizeof(kept) - 1);
	assert_memory_equal(file->parts[0].data, kept, sizeof(kept) - 1);
}

/* The recording of a running system may be forged. The rest of its line is not read. */
TEST(a_version_with_a_null_byte_is_redacted)
{
	static const char text[] = "Linux version \0 6.1.0 Debian 6.1.99-1 PREEMPT_RT secret\n";
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };

	record_bytes(&recording, "dmesg", 0, text, sizeof(text) - 1, true);
	redact_recording(&recording, &redacted);
	assert_string_equal(text_of(&redacted, "dmesg"),
			    "Linux version  xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n");
}

TEST(a_policy_loses_names)
{
	try_text(EFIMAP_ORIGIN_LIVE, "etc/ima/ima-policy",
		 "appraise func=KEXEC_KERNEL_CHECK appraise_type=imasig obj_user=secret\n",
		 "appraise func=KEXEC_KERNEL_CHECK\n", 0);
}

/* A kernel has one line of parameters. A file with several lines stays malformed. */
TEST(a_second_line_of_parameters_stays)
{
	try_text(EFIMAP_ORIGIN_LIVE, "proc/cmdline", "efi=debug secret\nsecret\nsecret",
		 "xxxxxx efi=debug\nx\n", 1);
}

TEST(a_redacted_text_keeps_its_time)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };

	record_text(&recording, "dmesg.txt", "Command line: secret\n");
	recording.files[0].mtime = 7;
	recording_finish(&recording);
	redact_recording(&recording, &redacted);
	assert_int_equal(find(&redacted, "dmesg.txt")->mtime, 7);
}

#define ID "0123456789abcdef0123456789abcdef"
#define FIRST_ID "00000000000000000000000000000000"
#define ENTRIES "boot/loader/entries"

/* Usual names are kept, and get no machine ID. Boot loader entries are renamed. Others are dropped.
 */
TEST(names_are_kept_or_dropped)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };
	const struct recorded_file *file;
	const size_t entries = record_list(&recording, ENTRIES);
	const size_t boot = record_list(&recording, "boot");

	record_name(&recording, entries, ID "-6.1.0.conf", false);
	record_name(&recording, entries, "host.conf", false);
	record_name(&recording, boot, "vmlinuz-6.1.0", false);
	record_name(&recording, boot, "vmlinuz-6.2-host", false);
	record_text(&recording, "dmesg.txt", "Linux version 6.1.0 x\n");
	record_text(&recording, ENTRIES "/host.conf",
		    "version 6.1.0\nlinux /" ID
		    "/6.1.0/linux\ninitrd /host/initrd\noptions noefi\n");
	record_text(&recording, "boot/loader/loader.conf", "default host\n");
	record_size(&recording, "boot/vmlinuz-6.1.0", 7, 9);
	record_size(&recording, "boot/initrd.img-6.1.0", 8, 0);
	record_size(&recording, "srv/host/k", 8, 0);
	record_text(&recording, "sys/hosts", "x");
	recording_finish(&recording);
	redact_recording(&recording, &redacted);
	file = find(&redacted, ENTRIES);
	assert_int_equal(file->n_parts, 2);
	assert_string_equal(file->parts[0].data, FIRST_ID "-6.1.0.conf");
	assert_string_equal(text_of(&redacted, ENTRIES "/NAME1.conf"),
			    "version 6.1.0\nlinux /" FIRST_ID
			    "/6.1.0/linux\ninitrd /x\noptions noefi\n");
	assert_string_equal(text_of(&redacted, "boot/loader/loader.conf"), "default NAME1.conf\n");
	file = find(&redacted, "boot");
	assert_int_equal(file->n_parts, 1);
	assert_int_equal(file->n_omitted, 1);
	assert_string_equal(file->parts[0].data, "vmlinuz-6.1.0");
	assert_int_equal(find(&redacted, "boot/vmlinuz-6.1.0")->mtime, 9);
	find(&redacted, "boot/initrd.img-6.1.0");
	find(&redacted, "sys/hosts");
	assert_int_equal(recording_find(&redacted, "srv/host/k", &file), -EFIMAP_NOT_RECORDED);
}
