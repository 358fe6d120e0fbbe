/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <glob.h>
#include <stdio.h>

#include "test.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "rules/error_texts.h"

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
