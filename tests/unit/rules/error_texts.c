/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glob.h>
#include <stdio.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "rules/error_texts.h"

/* Return the first message that is found, or NULL. */
static const char *only_message(const char *line)
{
	struct known_messages found;
	const char *message = NULL;

	found = find_messages(line, strlen(line));
	if (found.n)
		message = error_words_at(found.list[0].text->messages);
	known_messages_free(&found);
	return message;
}

/* One message of @text, with its number counted from 0, or a failure of the test. */
static struct known_message message_of(const char *text, size_t number, size_t count)
{
	struct known_messages found = find_messages(text, strlen(text));
	struct known_message message = { 0 };

	assert_int_equal(found.n, count);
	message = found.list[number];
	known_messages_free(&found);
	return message;
}

#define BUG "BUG: unable to handle page fault for address: 000000005bc02900\n"
#define END "---[ end trace 0000000000000000 ]---\n"

/* The functions and the address in an oops show its place. Its first line is the message. */
TEST(oops_rows)
{
	static const struct {
		const char *trace;
		const char *message;
	} rows[] = {
		{ "RIP: 0010:__dmar_remove_one_dev_info+0x27/0x250\n", NULL },
		{ "RIP: 0010:virt_efi_set_variable+0x76/0xc0\n", "fault in an EFI" },
		{ "IP: [<ffffffff8170fa76>] virt_efi_set_variable+0x76/0xc0\n", "fault in an EFI" },
		{ "RIP: 0010:memcpy+0x7/0x10\n ? __efi_call+0x2e/0x80\n", "fault in an EFI" },
		{ "RIP: 0010:0x5bc02900\n", "fault in an EFI" },
		{ "RIP: 0008:0x5bc02900\n", "fault in an EFI" },
		{ "RIP: 0010:0xfffffffeff400000\n", "fault in an EFI" },
		{ "IP: [<fffffffeffbd03f9>] 0xfffffffeffbd03f9\n", "fault in an EFI" },
		{ "RIP: 0010:[<fffffffeffbd03f9>]  [<fffffffeffbd03f9>] 0xfffffffeffbd03f9\n",
		  "fault in an EFI" },
		{ "RIP: 0010:[<ffffffff8170fa76>]  [<ffffffff8170fa76>] memcpy+0x6/0x10\n", NULL },
		/* A call through an invalid pointer, a module, and a program that made a system
		   call. */
		{ "RIP: 0010:0x0\n", NULL },
		{ "RIP: 0010:0xffffffffc0400000\n", NULL },
		{ "RIP: 0033:0x7f2b1c0a3c\n", NULL },
		{ "RIP: 0010:accept_memory+0x75/0x250\n", "fault in accept" },
		{ "RIP: 0010:ima_restore_measurement_list+0xdc/0x420\n",
		  "fault while reading setup" },
		{ "RIP: 0010:memcpy+0xdc/0x420\n ima_load_kexec_buffer+0x6e/0xf0\n",
		  "fault while reading setup" },
		{ "RIP: 0010:memcpy_erms+0x6/0x10\n tpm_read_log_efi+0xa0/0x190\n",
		  "fault while reading" },
		{ END "RIP: 0010:virt_efi_set_variable+0x76/0xc0\n", "fault in an EFI" },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[512];
		struct known_messages found;

		snprintf(text, sizeof(text), "%sOops: 0000 [#1] SMP PTI\n%s", BUG, rows[i].trace);
		found = find_messages(text, strlen(text));
		assert_int_equal(found.n, rows[i].message ? 1 : 0);
		if (rows[i].message) {
			assert_memory_equal(error_words_at(found.list[0].text->messages),
					    rows[i].message, strlen(rows[i].message));
			assert_int_equal(found.list[0].line.at == text, !strstr(text, END));
		}
		known_messages_free(&found);
	}
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

/* The rest of an error is in the next line, and the first line alone is a shorter message. */
TEST(wrapped_error)
{
	static const char text[] =
		"Jun 24 03:12:18 host1 kdumpctl[930]: crashkernel reservation failed -\n"
		"memory is in use.\n"
		"Jun 24 03:12:18 host1 kdumpctl[930]: kexec_file_load failed: Required key\n"
		"not available\n";

	assert_string_equal(error_words_at(message_of(text, 0, 2).text->messages),
			    "crashkernel reservation failed - memory is in use");
	assert_memory_equal(error_words_at(message_of(text, 1, 2).text->messages),
			    "kexec_file_load failed: Key was", 31);
}

/* Messages of public texts that were not known. */
TEST(messages_of_public_texts)
{
	assert_non_null(only_message("Couldn't get size: 0x8000000000000003"));
	assert_non_null(only_message("kexec unload failed: Permission denied"));
	assert_true(message_of("efi: memattr: Failed to map EFI Memory Attributes table @ "
			       "0xb4ad7118\n",
			       0, 1)
			    .text->is_harmless);
	/* ioremap() refuses to map RAM, which is no fault of an EFI table. */
	assert_null(only_message("Call Trace:\n"
				 " ? __ioremap_caller+0x286/0x360\n"
				 " efi_bgrt_init+0x7e/0x1f0"));
}

/* Other programs print these, or they say nothing about EFI, kexec and the crash kernel. */
TEST(messages_of_others)
{
	assert_null(only_message("httpd: Cannot load /usr/lib/apache2/modules/mod_ssl.so into "
				 "server: No such file or directory"));
	assert_null(only_message(" -- System halted"));
	assert_null(only_message("modprobe: FATAL: Module efivars not found in directory "
				 "/lib/modules/6.1.0-13-amd64"));
	assert_null(only_message("Could not prepare Boot variable: No such file or directory"));
	assert_non_null(only_message("Cannot load /boot/vmlinuz-6.1.0-13-amd64"));
}

/* A missing file of another table does not show that EFI is missing. */
TEST(files_of_efi)
{
	assert_null(
		only_message("opening \u201c/sys/firmware/efi/esrt/entries\u201d: No such file"));
	assert_null(only_message("ls: cannot access '/sys/firmware/efi/esrt': No such file"));
	assert_non_null(only_message("ls: cannot access '/sys/firmware/efi': No such file"));
	assert_non_null(only_message("cat: /sys/firmware/efi/fw_platform_size: No such file"));
	assert_null(only_message("efivarfs: module verification failed: signature missing"));
}

/* Whether the texts of healthy machines contain each of the messages. */
static bool is_seen[256];

/* Return the number of faults that are found in a text of a healthy machine. */
static size_t count_faults_of(const char *name, struct text text)
{
	struct known_messages found = find_messages(text.at, text.len);
	const size_t count = count_faults(&found);
	char quote[EFIMAP_LOG_QUOTE_MAX];

	for (size_t i = 0; i < found.n; i++) {
		is_seen[found.list[i].text - error_texts] = true;
		if (!count)
			continue;
		quote_line(quote, found.list[i].line);
		print_message("%s: \"%s\" is known%s\n", name, quote,
			      found.list[i].text->is_harmless ? "" : " as a fault");
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
			*n_faults += count_faults_of(name, (struct text){ line, (size_t)len });
		out_write(&all, line, (size_t)len);
		count++;
	}
	fclose(file);
	if (is_healthy)
		*n_faults += count_faults_of(name, (struct text){ all.data, all.used });
	return is_healthy ? count : 0;
}

/*
 * No message is found as a fault in the logs of healthy machines, and these contain each message
 * that is marked as one that they print, but for one that no log at hand has.
 */
TEST(healthy_machines)
{
	static const char *const patterns[] = { FIXTURES "/logs/*.txt", FIXTURES "/real/*.txtar" };
	static const char *const not_at_hand = "kernel signature verification failed";
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
	assert_true(n_error_texts <= sizeof(is_seen) / sizeof(is_seen[0]));
	for (size_t i = 0; i < n_error_texts; i++) {
		const char *messages = error_words_at(error_texts[i].messages);

		is_seen[i] |= strcmp(messages, not_at_hand) == 0;
		if (error_texts[i].is_harmless != is_seen[i])
			print_message("\"%s\" is marked, and not seen\n", messages);
		assert_int_equal(error_texts[i].is_harmless, is_seen[i]);
	}
}
