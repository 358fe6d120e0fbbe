/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glob.h>
#include <stdio.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "capture/installed_kernels.h"
#include "rules/error_texts.h"

#define BOOT "Linux version 6.1.0\nCommand line: quiet\n"
#define KDUMP_FAILED "kdump: kexec: failed to load kdump kernel\n"
#define UNPACKING "Initramfs unpacking failed: write error\n"
#define NO_ROOT "Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n"

/*
 * A message about a cause precedes a message about its effect, wherever they stand in the log.
 * Messages that healthy machines print show nothing.
 */
TEST(log_cause_rows)
{
	static const struct {
		const char *log;
		const char *quote;
		const char *died_of;
		size_t count;
	} rows[] = {
		{ "", "", NULL, 0 },
		{ BOOT, "", NULL, 0 },
		{ "PEFILE: Unsigned PE binary\n", "", NULL, 0 },
		{ "Kernel panic - not syncing: sysrq triggered crash\n", "", NULL, 0 },
		{ BOOT UNPACKING, "Initramfs unpacking failed: write error", NULL, 1 },
		{ BOOT UNPACKING NO_ROOT, "Initramfs unpacking failed: write error",
		  "no root file system", 2 },
		{ KDUMP_FAILED, "kdump: kexec: failed to load kdump kernel", NULL, 1 },
		{ KDUMP_FAILED "kexec_load failed: Invalid argument\n",
		  "kexec_load failed: Invalid argument", NULL, 2 },
		{ "<4>[   42.000000] [   T1] kexec: Undefined symbol: __stack_chk_fail",
		  "kexec: Undefined symbol: __stack_chk_fail", NULL, 1 },
		{ "[   42.0] kexec: \033[1mUndefined symbol: a\n", "", NULL, 0 },
		{ "Kernel panic - not syncing: a new reason\n",
		  "Kernel panic - not syncing: a new reason", "a panic", 1 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_cause cause;

		cause = find_log_cause(rows[i].log, strlen(rows[i].log), false);
		assert_string_equal(cause.quote, rows[i].quote);
		assert_int_equal(cause.text != NULL, *rows[i].quote != '\0');
		assert_int_equal(cause.count, rows[i].count);
		if (rows[i].died_of)
			assert_string_equal(cause.died_of, rows[i].died_of);
		else
			assert_null(cause.died_of);
	}
}

/* In a text that was pasted, general messages and those of healthy machines come last. */
TEST(log_cause_of_a_paste)
{
	static const struct {
		const char *text;
		const char *quote;
	} rows[] = {
		{ "kexec_core: Starting new kernel\n", "kexec_core: Starting new kernel" },
		{ "kexec_core: Starting new kernel\n" KDUMP_FAILED,
		  "kdump: kexec: failed to load kdump kernel" },
		{ "Out of memory: Killed process 612 (make)\n",
		  "Out of memory: Killed process 612 (make)" },
		{ "kexec_core: Starting new kernel\nOut of memory: Killed process 612 (make)\n",
		  "Out of memory: Killed process 612 (make)" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_cause cause;

		cause = find_log_cause(rows[i].text, strlen(rows[i].text), true);
		assert_string_equal(cause.quote, rows[i].quote);
	}
}

#define HYPERV "Hypervisor detected: Microsoft Hyper-V\n"
#define CRASH_KERNEL "Command line: elfcorehdr=0x11000000 nr_cpus=1\n"
#define LOCKUP "watchdog: BUG: soft lockup - CPU#0 stuck for 26s! [swapper/0:1]\n"

/* Words of a log make a cause the most likely one, unless its kernel has the correction. */
TEST(log_cause_by_other_words)
{
	static const struct {
		const char *log;
		const char *says;
	} rows[] = {
		{ LOCKUP, "A CPU did not leave a loop" },
		{ HYPERV LOCKUP, "A CPU did not leave a loop" },
		{ CRASH_KERNEL LOCKUP, "A CPU did not leave a loop" },
		{ CRASH_KERNEL HYPERV LOCKUP, "On a Hyper-V guest of generation 2" },
		{ "Linux version 6.13.0+ (a@b)\n" CRASH_KERNEL HYPERV LOCKUP,
		  "On a Hyper-V guest of generation 2" },
		{ "Linux version 6.13.8 (a@b)\n" CRASH_KERNEL HYPERV LOCKUP,
		  "A CPU did not leave a loop" },
		{ "Linux version 6.14.0 (a@b)\n" CRASH_KERNEL HYPERV LOCKUP,
		  "A CPU did not leave a loop" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct log_cause cause;

		cause = find_log_cause(rows[i].log, strlen(rows[i].log), false);
		assert_non_null(cause.text);
		assert_memory_equal(error_words_at(error_causes[cause.causes[0]].says),
				    rows[i].says, strlen(rows[i].says));
	}
}

/* A long line is truncated, and control characters are replaced. */
TEST(log_cause_quote)
{
	struct log_cause cause;
	char line[1024] = "Kernel panic - not syncing: \a";

	memset(line + strlen(line), 'x', 512);
	cause = find_log_cause(line, strlen(line), false);
	assert_int_equal(strlen(cause.quote), EFIMAP_LOG_QUOTE_MAX - 1);
	assert_string_equal(cause.quote + strlen(cause.quote) - 6, "xxx...");
	assert_null(strchr(cause.quote, '\a'));
}

/* Return the first message that is found, or NULL. */
static const char *only_message(const char *line)
{
	struct known_messages found;
	const char *message = NULL;

	found = find_messages(line, strlen(line), false);
	if (found.n)
		message = error_words_at(found.list[0].text->messages);
	known_messages_free(&found);
	return message;
}

/* The text of an errno takes precedence over numbers, and a number must be complete. */
static const struct error_cause *find_cause(const char *words)
{
	for (size_t i = 0; i < n_error_texts; i++) {
		const struct error_text *text = &error_texts[i];

		for (size_t k = 0; k < text->n_causes; k++)
			if (strstr(error_words_at(error_causes[text->causes[k]].says), words))
				return &error_causes[text->causes[k]];
	}
	fail_msg("no cause contains %s", words);
	return NULL;
}

/* Only a known setting excludes or shows a cause. An image that was not seen decides nothing. */
TEST(causes_on_a_system)
{
	const struct error_cause *disabled = find_cause("kernel.kexec_load_disabled is 1");
	const struct error_cause *limit = find_cause("kernel.kexec_load_limit_reboot is 0");
	const struct error_cause *unsigned_image =
		find_cause("locked down, and the image is not signed");
	const struct error_cause *root = find_cause("kexec was not started by root");
	auto_map struct efimap *map = NULL;
	struct kexec_state *kexec;

	map = capture_create("test", EFIMAP_ORIGIN_TREE);
	capture_add_kexec_state(map);
	kexec = map->kexec;
	assert_int_equal(find_cause_here(disabled, NULL, NULL), EFIMAP_HERE_NOT_CHECKED);
	assert_int_equal(find_cause_here(disabled, map, NULL), EFIMAP_HERE_NOT_CHECKED);
	assert_int_equal(find_cause_here(limit, map, NULL), EFIMAP_HERE_NOT_CHECKED);
	assert_int_equal(find_cause_here(unsigned_image, map, NULL), EFIMAP_HERE_NOT_CHECKED);
	assert_int_equal(find_cause_here(root, map, NULL), EFIMAP_HERE_NOT_CHECKED);

	kexec->values[EFIMAP_VALUE_LOAD_DISABLED] = (struct value){ .is_known = true };
	kexec->values[EFIMAP_VALUE_REBOOT_LIMIT] =
		(struct value){ .is_known = true, .number = EFIMAP_LIMIT_NONE };
	kexec->lockdown = EFIMAP_LOCKDOWN_INTEGRITY;
	assert_int_equal(find_cause_here(disabled, map, NULL), EFIMAP_HERE_EXCLUDED);
	assert_int_equal(find_cause_here(limit, map, NULL), EFIMAP_HERE_NOT_CHECKED);
	assert_int_equal(find_cause_here(unsigned_image, map, NULL), EFIMAP_HERE_DEPENDS);

	kexec->values[EFIMAP_VALUE_LOAD_DISABLED].number = 1;
	kexec->values[EFIMAP_VALUE_PANIC_LIMIT] =
		(struct value){ .is_known = true, .number = EFIMAP_LIMIT_NONE };
	kexec->lockdown = EFIMAP_LOCKDOWN_NONE;
	assert_int_equal(find_cause_here(disabled, map, NULL), EFIMAP_HERE_APPLIES);
	assert_int_equal(find_cause_here(limit, map, NULL), EFIMAP_HERE_EXCLUDED);
	assert_int_equal(find_cause_here(unsigned_image, map, NULL), EFIMAP_HERE_EXCLUDED);

	kexec->values[EFIMAP_VALUE_PANIC_LIMIT].number = 0;
	assert_int_equal(find_cause_here(limit, map, NULL), EFIMAP_HERE_APPLIES);
}

/* A kernel that the firmware started lost no EFI data in a kexec. */
TEST(cause_of_a_second_kernel)
{
	const struct error_cause *lost = find_cause("kexec started this kernel without EFI data");
	auto_map struct efimap *map = capture_create("test", EFIMAP_ORIGIN_TREE);

	capture_add_kexec_state(map);
	assert_int_equal(find_cause_here(lost, map, NULL), EFIMAP_HERE_NOT_CHECKED);
	map->states[EFIMAP_SRC_BOOT_PARAMS] = EFIMAP_STATE_PRESENT;
	map->boot_params.type_of_loader = 0x72;
	assert_int_equal(find_cause_here(lost, map, NULL), EFIMAP_HERE_EXCLUDED);
	map->boot_params.type_of_loader = 0xd0;
	assert_int_equal(find_cause_here(lost, map, NULL), EFIMAP_HERE_NOT_CHECKED);
}

TEST(errno_rows)
{
	static const struct {
		const char *line;
		const char *message;
	} rows[] = {
		{ "kexec_load: error -22", "kexec_load failed: Invalid argument" },
		{ "kexec_load: error -2", NULL },
		{ "kexec_file_load: error -2", "Failed to open file" },
		{ "kexec_load: error -220", "kexec_load failed: ..." },
		{ "kexec: error -2", NULL },
		{ "kexec: error -220", NULL },
		{ "kexec: error -1", NULL },
		{ "kexec: errno 1", "kexec_load failed: Operation not permitted" },
		{ "kexec_load returned -12", "kexec_load failed: Cannot allocate memory" },
		{ "kexec_load: out of memory", "kexec_load failed: Cannot allocate memory" },
		{ "> kexec -l vmlinuz\nfunction not implemented",
		  "kexec_load failed: Function not implemented" },
		{ "kexec_load(0x1000) = -1 EBUSY (Device or resource busy)",
		  "kexec_load failed: Device or resource busy" },
		{ "kexec_file_load: EKEYREJECTED",
		  "kexec_file_load failed: Key was rejected by service" },
		{ "KEXEC_FILE_LOAD: NO DATA AVAILABLE",
		  "kexec_file_load failed: No data available" },
		{ "load: error -22", NULL },
		/* An effect does not hide the errno in another line. */
		{ "> kexec vmlinux\nFailed to load universalpayload\nfunction not implemented",
		  "kexec_load failed: Function not implemented" },
		/* A status of a shell, a program or a unit is no errno. */
		{ "kexec: error rc 126", NULL },
		{ "kexec: error 126", NULL },
		{ "kexec: error 22", "kexec_load failed: Invalid argument" },
		{ "kexec: error -126", "kexec_file_load failed: Required key not available" },
		{ "my secret 22 kexec error", NULL },
		{ "kexec exited with code 12", NULL },
		{ "kexec-load.service: control process exited, code=exited, status=12", NULL },
		{ "kexec returned 22", NULL },
		{ "kexec returned -22", "kexec_load failed: Invalid argument" },
		/* The shell could not execute the program. */
		{ "sh: 1: kexec: Permission denied", "kexec: Permission denied" },
		{ "zsh: permission denied: /sbin/kexec", "kexec: Permission denied" },
		{ "kexec_load failed: Permission denied", "kexec_load failed: Permission denied" },
		{ "mount: unknown filesystem type \u2018efivarfs\u2019", "EFI variables are" },
		{ "mount: unknown filesystem type \"efivarfs\"", "EFI variables are" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *message = only_message(rows[i].line);

		if (rows[i].message)
			assert_memory_equal(message, rows[i].message, strlen(rows[i].message));
		else
			assert_null(message);
	}
}

/* One message of @text, with its number counted from 0, or a failure of the test. */
static struct known_message message_of(const char *text, size_t number, size_t count)
{
	struct known_messages found = find_messages(text, strlen(text), false);
	struct known_message message = { 0 };

	assert_int_equal(found.n, count);
	message = found.list[number];
	known_messages_free(&found);
	return message;
}

#define BUG "BUG: unable to handle page fault for address: 000000005bc02900\n"
#define END "---[ end trace 0000000000000000 ]---\n"
#define PANIC "Kernel panic - not syncing: sysrq triggered crash\n"

/* The functions and the address in an oops show its place. Its first line is the message. */
TEST(oops_rows)
{
	static const struct {
		const char *trace;
		const char *message;
	} rows[] = {
		{ "RIP: 0010:__dmar_remove_one_dev_info+0x27/0x250\n", "BUG: kernel NULL pointer" },
		{ "RIP: 0010:virt_efi_set_variable+0x76/0xc0\n", "fault in an EFI" },
		{ "IP: [<ffffffff8170fa76>] virt_efi_set_variable+0x76/0xc0\n", "fault in an EFI" },
		{ "RIP: 0010:memcpy+0x7/0x10\n ? __efi_call+0x2e/0x80\n", "fault in an EFI" },
		{ "RIP: 0010:0x5bc02900\n", "fault in an EFI" },
		{ "RIP: 0008:0x5bc02900\n", "fault in an EFI" },
		{ "RIP: 0010:0xfffffffeff400000\n", "fault in an EFI" },
		{ "IP: [<fffffffeffbd03f9>] 0xfffffffeffbd03f9\n", "fault in an EFI" },
		{ "RIP: 0010:[<fffffffeffbd03f9>]  [<fffffffeffbd03f9>] 0xfffffffeffbd03f9\n",
		  "fault in an EFI" },
		{ "RIP: 0010:[<ffffffff8170fa76>]  [<ffffffff8170fa76>] memcpy+0x6/0x10\n",
		  "BUG: kernel NULL pointer" },
		/* A call through an invalid pointer, a module, and a program that made a system
		   call. */
		{ "RIP: 0010:0x0\n", "BUG: kernel NULL pointer" },
		{ "RIP: 0010:0xffffffffc0400000\n", "BUG: kernel NULL pointer" },
		{ "RIP: 0033:0x7f2b1c0a3c\n", "BUG: kernel NULL pointer" },
		{ "RIP: 0010:accept_memory+0x75/0x250\n", "fault in accept" },
		{ "RIP: 0010:memcpy_erms+0x6/0x10\n tpm_read_log_efi+0xa0/0x190\n",
		  "fault while reading" },
		{ END "RIP: 0010:virt_efi_set_variable+0x76/0xc0\n", "BUG: kernel NULL pointer" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct known_message message;

		snprintf(text, sizeof(text), "%sOops: 0000 [#1] SMP PTI\n%s", BUG, rows[i].trace);
		message = message_of(text, 0, 1 + (strstr(text, END) != NULL));
		assert_memory_equal(error_words_at(message.text->messages), rows[i].message,
				    strlen(rows[i].message));
		assert_ptr_equal(message.line.at, text);
	}
}

/* An oops after a panic is in the panic path, unless another kernel started in between. */
TEST(oops_after_a_panic)
{
	assert_memory_equal(error_words_at(message_of(PANIC BUG END, 1, 2).text->messages),
			    "fault after a", 13);
	assert_memory_equal(error_words_at(message_of(PANIC BOOT BUG END, 1, 2).text->messages),
			    "BUG: kernel", 11);
	assert_int_equal(
		message_of(BUG "Kernel panic - not syncing: Fatal exception\n", 1, 2).follows, 1);
}

/* A message of a rule is preferred to an effect that says less. */
TEST(rule_of_a_panic)
{
	static const char text[] =
		"Kernel panic - not syncing: EFI call to SetVirtualAddressMap() failed!\n";
	struct known_messages found = find_messages(text, strlen(text), false);

	assert_int_equal(found.n, 0);
	assert_int_equal(found.n_rules, 1);
	known_messages_free(&found);
}

/* A message that follows from another one names it, wherever it stands. */
TEST(effects)
{
	assert_int_equal(
		message_of(KDUMP_FAILED "kexec_load failed: Invalid argument\n", 0, 2).follows, 2);
	assert_int_equal(
		message_of("kexec_load failed: Invalid argument\n" KDUMP_FAILED, 1, 2).follows, 1);
	assert_int_equal(message_of(KDUMP_FAILED, 0, 1).follows, 0);
}

/* A mail program wraps a message at a blank. */
TEST(wrapped_message)
{
	static const char text[] =
		"[    0.000000] efi: No EFI runtime due to 32/64-bit mismatch with \n"
		"kernel\n";
	const struct known_message message = message_of(text, 0, 1);
	char quote[EFIMAP_LOG_QUOTE_MAX];

	quote_line(quote, message.line);
	assert_string_equal(quote, "efi: No EFI runtime due to 32/64-bit mismatch with  kernel");
}

#define UNPACKED "Initramfs unpacking failed: Decoding failed\n"
#define INIT "Run /init as init process\n"

/* A message about the initrd is no fault if the boot went on. */
TEST(boot_went_on)
{
	assert_int_equal(message_of(UNPACKED, 0, 1).in_log, EFIMAP_IN_LOG_MAIN);
	assert_int_equal(message_of(INIT UNPACKED, 0, 1).in_log, EFIMAP_IN_LOG_MAIN);
	assert_int_equal(message_of(UNPACKED INIT, 0, 1).in_log, EFIMAP_IN_LOG_HARMLESS);
	assert_int_equal(message_of(UNPACKED "systemd[1]: systemd 252 running\n", 0, 1).in_log,
			 EFIMAP_IN_LOG_HARMLESS);
	assert_int_equal(message_of(UNPACKED "Linux version 6.1.0\n" INIT, 0, 1).in_log,
			 EFIMAP_IN_LOG_MAIN);
	assert_int_equal(message_of(UNPACKED INIT NO_ROOT, 0, 2).in_log, EFIMAP_IN_LOG_MAIN);
	assert_int_equal(
		message_of("..MP-BIOS bug: 8254 timer not connected to IO-APIC\n" INIT, 0, 1)
			.in_log,
		EFIMAP_IN_LOG_HARMLESS);
}

/* The words of a symptom may stand in a log by chance. */
TEST(symptom_in_a_log)
{
	static const char line[] = "tpm: no ACPI table\n";
	static const char log[] = BOOT "tpm: no ACPI table\n";
	struct known_messages found = find_messages(log, strlen(log), false);

	assert_non_null(only_message(line));
	assert_int_equal(found.n, 0);
	known_messages_free(&found);
}

/* The status in a message decides whether it is a fault. */
TEST(status_of_the_firmware)
{
	assert_int_equal(message_of("Couldn't get size: 0x800000000000000e\n"
				    "MODSIGN: Couldn't get UEFI db list\n",
				    0, 1)
				 .in_log,
			 EFIMAP_IN_LOG_HARMLESS);
	assert_int_equal(message_of("Couldn't get size: 0x8000000000000003\n", 0, 1).in_log,
			 EFIMAP_IN_LOG_MAIN);
}

/* A missing file of another table does not show that EFI is missing. */
TEST(files_of_efi)
{
	assert_null(
		only_message("opening \u201c/sys/firmware/efi/esrt/entries\u201d: No such file"));
	assert_null(only_message("ls: cannot access '/sys/firmware/efi/esrt': No such file"));
	assert_non_null(only_message("ls: cannot access '/sys/firmware/efi': No such file"));
	assert_non_null(only_message("cat: /sys/firmware/efi/fw_platform_size: No such file"));
	assert_non_null(
		only_message("/sys/firmware/efi/efivars/Boot0001-x: Read-only file system"));
	assert_null(only_message("efivarfs: module verification failed: signature missing"));
}

/* Return the number of faults that are found in a text of a healthy machine. */
static size_t count_faults(const char *name, struct text text)
{
	struct known_messages found = find_messages(text.at, text.len, true);
	char quote[EFIMAP_LOG_QUOTE_MAX];
	size_t count = 0;

	for (size_t i = 0; i < found.n; i++) {
		const struct known_message *message = &found.list[i];

		/* In one line, nothing shows whether the boot went on, so the message says both. */
		if (message->in_log == EFIMAP_IN_LOG_HARMLESS || message->text->went_on)
			continue;
		quote_line(quote, message->line);
		print_message("%s: \"%s\" is called a fault (%.*s)\n", name, quote,
			      (int)strcspn(error_words_at(message->text->messages), "\n"),
			      error_words_at(message->text->messages));
		count++;
	}
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++) {
		if (!found.rules[i] ||
		    rule_get((enum rule_id)i)->consequence == EFIMAP_OUTCOME_NONE)
			continue;
		print_message("%s: a line is called a fault [%s]\n", name,
			      rule_get((enum rule_id)i)->name);
		count++;
	}
	known_messages_free(&found);
	return count;
}

/*
 * Check a file, and with @each also each line alone. The text above the first member of a capture
 * is ignored, and says whether the machine is healthy. Return the number of lines.
 */
static size_t check_healthy_file(const char *name, bool each, size_t *n_faults)
{
	auto_free char *line = NULL;
	auto_out struct out all = EFIMAP_OUT_MEM;
	FILE *file = fopen(name, "re");
	bool is_head = strstr(name, ".txtar") != NULL, is_healthy = true;
	size_t size = 0, count = 0;
	ssize_t len;

	assert_non_null(file);
	while (is_healthy && (len = getline(&line, &size, file)) > 0) {
		is_healthy = !(is_head && strncmp(line, "healthy:  no:", 13) == 0);
		is_head = is_head && strncmp(line, "-- ", 3) != 0;
		if (is_head || *line == '#')
			continue;
		if (each)
			*n_faults += count_faults(name, (struct text){ line, (size_t)len });
		out_write(&all, line, (size_t)len);
		count++;
	}
	fclose(file);
	if (is_healthy)
		*n_faults += count_faults(name, (struct text){ all.data, all.used });
	return is_healthy ? count : 0;
}

/* No message is found as a fault in the logs of healthy machines. */
TEST(healthy_machines)
{
	static const char *const patterns[] = { FIXTURES "/logs/*.txt", FIXTURES "/real/*.txtar" };
	size_t n_faults = 0, n_lines;

	n_lines = check_healthy_file(FIXTURES "/healthy-lines.txt", true, &n_faults);
	for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
		glob_t names;

		assert_int_equal(glob(patterns[i], 0, NULL, &names), 0);
		for (size_t k = 0; k < names.gl_pathc; k++)
			n_lines += check_healthy_file(names.gl_pathv[k], false, &n_faults);
		globfree(&names);
	}
	assert_int_equal(n_faults, 0);
	assert_true(n_lines > 10000);
}
