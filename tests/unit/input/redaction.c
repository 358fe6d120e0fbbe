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
		{ "efi=\"debug a=secret noefi", "efi=\"xxxxx xxxxxxxx xxxxx", 1 },
		{ "\"efi=debug secret\" noefi", "\"efi=xxxxx xxxxxx\" noefi", 1 },
		{ "noefi=\"a;secret\" x", "noefi=\"x;xxxxxx\"", 1 },
		{ "luks.key=\"efi=debug noefi\"", "x=\" \"", 1 },
		/*
		 * Quotes, blanks and backslashes are kept, because they determine whether a shell
		 * in a kdump service splits a parameter.
		 */
		{ "a=\"secret 1\" efi=debug \"b c\" -- \"d e\"", "x=\" \" efi=debug \" \" --", 4 },
		{ "efi=\\\"a secret\\\"", "efi=\\\"x xxxxxx\\\"", 1 },
		{ "efi=debug \" \" xxx", "efi=debug \" \"", 0 },
		{ "x=\" \" efi=debug \\ xxx", "x=\" \" efi=debug \\", 0 },
		{ "it's secret\\", "\\ \\", 2 },
		/* The replacement of a short parameter is not longer than the parameter. */
		{ "\"(\" \"&\" \";\"", "\";\" \";\" \";\"", 2 },
		{ "a\";\" efi=debug a\"()\"", "\";\" efi=debug x=\" \"", 2 },
		{ "efi=debug \"", "efi=debug \"", 0 },
		{ "a=\"secret\" b=\\\"c secret\\\"", "\\", 2 },
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
		{ "hugepagesz=1G trace_buf_size=0X1000 alloc_snapshot ftrace=secret",
		  "hugepagesz=1G trace_buf_size=0X1000 alloc_snapshot ftrace=xxxxxx", 1 },
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
		  "crashkernel=256Mxxxxxx,high,xxxxxx elfcorehdr=\"1M xxxxxx\"", 2 },
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
		{ "(", "(", 0 },
		{ "(\n", "(\n", 0 },
		{ "USE_KDUMP=1\n#", "USE_KDUMP='1'\n#", 0 },
		{ "USE_KDUMP=1", "USE_KDUMP='1'\n#", 0 },
		{ "KDUMP_KERNEL=$X\n", "KDUMP_KERNEL=$\n", 0 },
		{ "KDUMP_IMG=it\\'s\n", "KDUMP_IMG='NAME1%'\n", 1 },
		{ "KDUMP_IMG=vmlinuz\nKDUMP_IMG_EXT=.old\n",
		  "KDUMP_IMG='vmlinuz'\nKDUMP_IMG_EXT='.NAME1'\n", 1 },
		{ "KDUMP_KERNELVER=6.1.0-secret2\n", "KDUMP_KERNELVER='6.1.0-NAME1'\n", 1 },
		{ "USE_KDUMP=secret\n", "USE_KDUMP='0'\n", 1 },
		{ "USE_KDUMP=25\n", "USE_KDUMP='1'\n", 1 },
		{ "USE_KDUMP=0\n", "USE_KDUMP='0'\n", 0 },
		/* Options that no answer depends on are replaced with one "--type=x". */
		{ "KEXEC_ARGS='--type=secret -t secret -dc --kexec-file'\n",
		  "KEXEC_ARGS='-s --type=x'\n", 1 },
		{ "KDUMP_KEXEC_ARGS=\"-s\"\n", "KDUMP_KEXEC_ARGS='-s'\n", 0 },
		{ "KEXEC_ARGS='  -d --mem-max=0x1000  --command-line=secret'\n",
		  "KEXEC_ARGS='--type=x --mem-max=0x1000'\n", 1 },
		{ "KEXEC_ARGS='--append -s --hotplug -c'\n", "KEXEC_ARGS='-c --hotplug --type=x'\n",
		  1 },
		{ "KEXEC_ARGS='--noefi --mem-max=5'\n", "KEXEC_ARGS='--noefi --mem-max=0x5'\n", 1 },
		{ "KEXEC_ARGS='--initrd=/srv/host/i --real-mode'\n",
		  "KEXEC_ARGS='--entry-32bit --type=x'\n", 1 },
		{ "KEXEC_ARGS='--initrd=/srv/host/i --hotplug'\n",
		  "KEXEC_ARGS='--hotplug --type=x'\n", 1 },
		{ "KEXEC_ARGS=--append=root=secret\n", "KEXEC_ARGS='--type=x'\n", 1 },
		{ "KDUMP_CMDLINE_APPEND='efi=debug a=\"b c\"'\n",
		  "KDUMP_CMDLINE_APPEND='efi=debug x=\" \"'\n", 1 },
		{ "KEXEC_ARGS=--hotplugged\n", "KEXEC_ARGS='--type=x'\n", 1 },
		{ "KEXEC_ARGS='-s 10.0.0.1'\n", "KEXEC_ARGS='-s --type=x'\n", 1 },
		{ "KDUMP_KERNEL=/boot/vmlinuz-6.1\n", "KDUMP_KERNEL='/boot/vmlinuz-6.1'\n", 0 },
		{ "KDUMP_KERNEL=//boot/vmlinuz-6.1\n", "KDUMP_KERNEL='/boot/vmlinuz-6.1'\n", 1 },
		{ "KDUMP_KERNEL=/lib/modules/6.1/vmlinuz\n",
		  "KDUMP_KERNEL='/lib/modules/6.1/vmlinuz'\n", 0 },
		{ "KDUMP_KERNEL=/vmlinuz\n", "KDUMP_KERNEL='/vmlinuz'\n", 0 },
		{ "KDUMP_KERNEL=/lib/modules/host/vmlinuz\n",
		  "KDUMP_KERNEL='/lib/modules/NAME1/vmlinuz'\n", 1 },
		{ "KDUMP_KERNEL=/srv/host/k\nKDUMP_INITRD=/srv/host/i\n",
		  "KDUMP_KERNEL='/NAME1/NAME2/NAME3'\nKDUMP_INITRD='/NAME1/NAME2/NAME4'\n", 2 },
		{ "KDUMP_BOOTDIR=/boot\n", "KDUMP_BOOTDIR='/boot'\n", 0 },
		{ "KDUMP_COREDIR=/var/crash\n", "KDUMP_COREDIR='/var/crash'\n", 0 },
		{ "KDUMP_COREDIR=/srv/crash\n", "KDUMP_COREDIR='/NAME1/crash'\n", 1 },
		{ "KDUMP_BOOTDIR='/boot /srv'\n", "KDUMP_BOOTDIR='/boot /NAME1'\n", 1 },
		{ "KDUMP_BOOTDIR=/srv/host/\n", "KDUMP_BOOTDIR='/NAME1/NAME2'\n", 1 },
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

/* Boot loader entries and the files that select one may contain '\0'. */
TEST(boot_files_with_null_bytes_are_redacted)
{
	static const char text[] = "default secret\0\npreferred \0secret\n";
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_TREE, .source = "/" };
	auto_recording struct recording redacted = { 0 };

	record_bytes(&recording, "efi/loader/loader.conf", 0, text, sizeof(text) - 1, true);
	record_bytes(&recording, "efi/loader/entries/x.conf", 0, "linux /secret\0\n", 15, true);
	record_bytes(&recording, "proc/cmdline", 0, "a=secret\0b=secret noefi\n", 24, true);
	redact_recording(&recording, &redacted);
	assert_int_equal(find(&redacted, "efi/loader/loader.conf")->size, 0);
	assert_string_equal(text_of(&redacted, "efi/loader/entries/NAME1.conf"), "linux /NAME2\n");
	assert_string_equal(text_of(&redacted, "proc/cmdline"), "xxxxxxxxxxxxxxxxx noefi\n");
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

/* Names that an administrator chose are replaced, but words of releases are kept. */
TEST(names_lose_words)
{
	static const struct {
		const char *name, *kept;
	} rows[] = {
		{ "vmlinuz-6.1.0-50-amd64", "vmlinuz-6.1.0-50-amd64" },
		{ "initramfs-6.1.0-50-amd64kdump.img", "initramfs-6.1.0-50-amd64kdump.img" },
		{ "vmlinuz-6.2-fc40.x86_64", "vmlinuz-6.2-fc40.x86_64" },
		{ "vmlinuz-6.1.0-secret", "vmlinuz-6.1.0-NAME1" },
		{ "vmlinuz-6.1.0-secret.old", "vmlinuz-6.1.0-NAME1.NAME2" },
		{ "initramfs-6.1.0-secretkdump.img", "initramfs-6.1.0-NAME1kdump.img" },
		{ "secret host.efi", "NAME1 NAME3.efi" },
		{ "kernel", "kernel" },
		{ "0123456789ABCDEF0123456789ABCDEF-6.1.efi",
		  "00000000000000000000000000000000-6.1.efi" },
		{ "0123456789abcdef0123456789abcdef-6.2.efi",
		  "00000000000000000000000000000001-6.2.efi" },
		/* Parts of an address and of other numbers */
		{ "vmlinuz-8.100.8.9", "vmlinuz-0NAME4.0NAME5.0NAME4.0NAME6" },
		{ "vmlinuz-192host", "vmlinuz-0NAME7" },
		{ "vmlinuz-6.1.7c42", "vmlinuz-0NAME8.0NAME9.0NAME10" },
		{ "10-abcdef0123456789abcdef0123456789",
		  "0NAME11-00000000000000000000000000000002" },
	};
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };
	const size_t modules = record_list(&recording, "lib/modules");

	record_name(&recording, modules, "6.2-fc40.x86_64", true);
	record_name(&recording, modules, "secret", true);
	record_text(&recording, "proc/version", "Linux version 6.1.0-50-amd64");
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char path[128];

		snprintf(path, sizeof(path), "boot/%s", rows[i].name);
		record_size(&recording, path, 7, 9);
	}
	/* The files are redacted in the order of @rows, which determines the numbers in names. */
	redact_recording(&recording, &redacted);
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		char path[128];

		snprintf(path, sizeof(path), "boot/%s", rows[i].kept);
		find(&redacted, path);
	}
	assert_string_equal(find(&redacted, "lib/modules")->parts[0].data, "6.2-fc40.x86_64/");
	assert_string_equal(find(&redacted, "lib/modules")->parts[1].data, "NAME1/");
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
#define OTHER_ID "fedcba9876543210fedcba9876543210"
#define FIRST_ID "00000000000000000000000000000000"
#define SECOND_ID "00000000000000000000000000000001"

/* A replaced machine ID is not replaced again, even if its number has three digits. */
TEST(many_machine_ids_stay_consistent)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };
	char name[64];
	const size_t list = record_list(&recording, "efi/EFI/Linux");

	for (unsigned int i = 0; i <= 100; i++) {
		snprintf(name, sizeof(name), "abcdef0123456789abcdef0123456%03x.efi", i);
		record_name(&recording, list, name, false);
	}
	record_text(&recording, "etc/default/kdump-tools",
		    "KDUMP_KERNEL=/efi/EFI/Linux/abcdef0123456789abcdef0123456064.efi\n");
	recording_finish(&recording);
	redact_recording(&recording, &redacted);
	assert_string_equal(text_of(&redacted, "etc/default/kdump-tools"),
			    "KDUMP_KERNEL='/efi/EFI/Linux/00000000000000000000000000000100.efi'\n");
}

/* A path is renamed consistently in keys, lists and settings. */
TEST(names_stay_consistent)
{
	auto_recording struct recording recording = { .from = EFIMAP_ORIGIN_LIVE, .source = "/" };
	auto_recording struct recording redacted = { 0 };
	const struct recorded_file *file;
	const size_t list = record_list(&recording, "efi/EFI/Linux");

	record_name(&recording, list, OTHER_ID "-6.1.efi", false);
	record_name(&recording, list, ID "-6.1.efi", false);
	record_name(&recording, list, ID "0.efi", false);
	record_size(&recording, "efi/EFI/Linux/" ID "-6.1.efi", 7, 9);
	record_size(&recording, "srv/host/k", 8, 0);
	record_size(&recording, "boot//vmlinuz-6.1-host", 8, 0);
	record_text(&recording, "sys/hosts", "x");
	record_text(&recording, "etc/default/kdump-tools",
		    "KDUMP_KERNEL=/srv/host/k\nKDUMP_INITRD=/boot/" ID "/i\n");
	recording_finish(&recording);
	redact_recording(&recording, &redacted);
	assert_string_equal(text_of(&redacted, "etc/default/kdump-tools"),
			    "KDUMP_KERNEL='/NAME3/NAME1/NAME4'\n"
			    "KDUMP_INITRD='/boot/" FIRST_ID "/NAME5'\n");
	assert_int_equal(find(&redacted, "NAME3/NAME1/NAME4")->size, 8);
	find(&redacted, "sys/hosts");
	find(&redacted, "boot/vmlinuz-6.1-NAME1");
	file = find(&redacted, "efi/EFI/Linux");
	assert_int_equal(file->n_parts, 3);
	assert_string_equal(file->parts[0].data, FIRST_ID "-6.1.efi");
	assert_string_equal(file->parts[1].data, SECOND_ID "-6.1.efi");
	assert_string_equal(file->parts[2].data, "0NAME2.efi");
	file = find(&redacted, "efi/EFI/Linux/" FIRST_ID "-6.1.efi");
	assert_int_equal(file->size, 7);
	assert_int_equal(file->mtime, 9);
}
