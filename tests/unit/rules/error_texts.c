/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "test.h"
#include "base/cleanup.h"
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

/* In a text that was pasted, messages that healthy machines print come last. */
TEST(log_cause_of_a_paste)
{
	static const struct {
		const char *text;
		const char *quote;
	} rows[] = {
		{ "kexec_core: Starting new kernel\n", "kexec_core: Starting new kernel" },
		{ "kexec_core: Starting new kernel\n" KDUMP_FAILED,
		  "kdump: kexec: failed to load kdump kernel" },
		{ "Out of memory: Killed process 612 (make)\n", "" },
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
		assert_memory_equal(cause.first_cause->says, rows[i].says, strlen(rows[i].says));
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

	found = find_messages(line, strlen(line));
	for (size_t i = n_error_texts; i-- > 0;)
		if (found.texts[i])
			message = error_texts[i].messages;
	known_messages_free(&found);
	return message;
}

/* The text of an errno takes precedence over numbers, and a number must be complete. */
static const struct error_cause *find_cause(const char *words)
{
	for (size_t i = 0; i < n_error_texts; i++) {
		const struct error_text *text = &error_texts[i];

		for (size_t k = 0; k < text->n_causes; k++)
			if (strstr(error_causes[text->causes[k]].says, words))
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
