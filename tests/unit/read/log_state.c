/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Boots of a log: which of them is taken, and what is known of it. */
#include "../test.h"
#include "read/log/log_state.h"

#define VERSION(release) "[    0.000000] Linux version " release " (gcc) #1\n"
#define CRASH "[    0.000000] Command line: irqpoll elfcorehdr=0x1\n"
#define E820                                                                             \
	"[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009efff] usable\n"
#define GAP "[    0.000000] BIOS-e820: [gap 0x000000000009f000-0x00000000000fffff]\n"
#define EFI "[    0.000000] efi: EFI v2.70 by EDK II\n"
#define MEM(n, type, phys)                                                               \
	"[    0.000000] efi: mem" n ": [" type "|WB] range=[0x00000000" phys             \
	"000-0x00000000" phys "fff] (0MB)\n"
#define REMOVED(n, inside, range)                                                        \
	"[    0.000000] efi: mem" n ": [" inside "] range=[" range "] (invalid)\n"
#define ZEROS "0x0000000000000000-0x0000000000000000"
#define FIRMWARE MEM("00", "Conventional", "00001") MEM("01", "Runtime Data", "00002")
#define RECEIVED MEM("00", "Runtime Data", "00002") MEM("01", "Runtime Code", "00003")
#define HEAD "[    0.400000] efi: EFI runtime memory map:\n"

enum { NO_WORD = EFIMAP_LOG_NO_WORD, SOME_WORDS, SOME_MAP, WHOLE_MAP };

static const struct row {
	const char *name;
	const char *text;
	uint32_t boots, boot;
	int worth;
	const char *release;
	size_t firmware, runtime;
} rows[] = {
	{ "no kernel", "a\nb: c\n", 0, 0, NO_WORD, NULL, 0, 0 },
	{ "a kernel, and nothing", VERSION("6.1"), 0, 0, NO_WORD, NULL, 0, 0 },
	{ "a kernel, and what it was told", VERSION("6.1") "Command line: ro\n", 1, 1,
	  SOME_WORDS, "6.1", 0, 0 },
	{ "the end of a kernel", "kexec_core: Starting new kernel\n" VERSION("6.2") EFI, 1, 1,
	  SOME_WORDS, "6.2", 0, 0 },
	{ "memory only", VERSION("6.1") E820, 1, 1, SOME_WORDS, "6.1", 0, 0 },
	{ "and where none is", VERSION("7.0") E820 GAP, 1, 1, SOME_WORDS, "7.0", 0, 0 },
	{ "EFI only", EFI, 1, 1, SOME_WORDS, "", 0, 0 },
	{ "the crash kernel says as much",
	  VERSION("6.1") E820 EFI VERSION("6.2") CRASH E820 EFI, 2, 1, SOME_WORDS, "6.1",
	  0, 0 },
	{ "the next kernel says as much", VERSION("6.1") E820 EFI VERSION("6.2") E820 EFI,
	  2, 2, SOME_WORDS, "6.2", 0, 0 },
	{ "the firmware's map", VERSION("6.1") EFI FIRMWARE VERSION("6.2") EFI RECEIVED,
	  2, 1, WHOLE_MAP, "6.1", 2, 0 },
	{ "what was received", VERSION("6.1") EFI VERSION("6.2") CRASH EFI RECEIVED, 2, 2,
	  SOME_MAP, "6.2", 2, 0 },
	{ "without a first line", FIRMWARE VERSION("6.2") EFI, 2, 1, WHOLE_MAP, "", 2,
	  0 },
	{ "descriptors were removed",
	  VERSION("6.1") REMOVED("47", "Reserved    |   |  ", ZEROS) REMOVED(
		  "03", "type=269370880|attr=0x0e42100e42180e41",
		  "0x0486200e41038c18-0x200e898a0eee713ac17") FIRMWARE HEAD RECEIVED,
	  1, 1, WHOLE_MAP, "6.1", 2, 2 },
	{ "all that is told of were removed",
	  VERSION("6.1") REMOVED("00", "Conventional|RUN|WB", ZEROS), 1, 1, SOME_WORDS,
	  "6.1", 0, 0 },
	{ "both lists", VERSION("6.1") FIRMWARE HEAD RECEIVED, 1, 1, WHOLE_MAP, "6.1", 2,
	  2 },
	{ "the head is lost", VERSION("6.1") FIRMWARE RECEIVED, 1, 1, WHOLE_MAP, "6.1", 2,
	  2 },
	{ "the first list is lost", VERSION("6.1") HEAD RECEIVED, 1, 1, WHOLE_MAP, "6.1",
	  0, 2 },
	{ "printed again after efi_fake_mem",
	  VERSION("6.1") MEM("00", "Conventional", "00007") FIRMWARE HEAD RECEIVED, 1, 1,
	  WHOLE_MAP, "6.1", 2, 2 },
	{ "printed again, no head",
	  VERSION("6.1") MEM("00", "Boot Data", "00007") FIRMWARE, 1, 1, WHOLE_MAP, "6.1",
	  2, 0 },
	{ "every line twice", VERSION("6.1") VERSION("6.1") EFI EFI, 1, 1, SOME_WORDS,
	  "6.1", 0, 0 },
	{ "a boot with nothing last", VERSION("6.1") EFI VERSION("6.2"), 1, 1, SOME_WORDS,
	  "6.1", 0, 0 },
};

static void judge(const struct row *row)
{
	efimap_auto_log struct efimap_log log = { 0 };

	assert_int_equal(
		efimap_log_lines(row->text, strlen(row->text), efimap_log_take, &log), 0);
	assert_int_equal(efimap_log_end(&log), 0);
	assert_int_equal(log.n_boots, row->boots);
	if (!row->boots) {
		assert_null(log.best);
		return;
	}
	assert_int_equal(log.number, row->boot);
	assert_int_equal(log.best->worth, row->worth);
	assert_string_equal(log.best->facts->release.text, row->release);
	assert_int_equal(log.best->lists.firmware.count, row->firmware);
	assert_int_equal(log.best->lists.runtime.count, row->runtime);
	assert_int_equal(log.best->bad_mem.count, 0);
	assert_int_equal(log.best->bad_e820.count, 0);
}

TEST(boots)
{
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		print_message("%s\n", rows[i].name);
		judge(&rows[i]);
	}
}

/* A row is found by its own beginning, also where another row begins like it. */
TEST(rows_in_order)
{
	size_t count;
	const struct efimap_log_row *all = efimap_log_rows(&count);
	struct efimap_text rest;

	for (size_t i = 0; i < count; i++) {
		const struct efimap_text text = { all[i].starts, strlen(all[i].starts) };

		assert_null(strstr(all[i].starts, "  "));
		assert_ptr_equal(efimap_log_row_of(count, text, &rest), &all[i]);
		assert_int_equal(rest.len, 0);
		assert_true(i == 0 || strcmp(all[i - 1].starts, all[i].starts) < 0);
	}
}

/* Most lines are passed over by their first bytes: none of these, with whatever blanks and rest. */
TEST(known_words_are_not_passed_over)
{
	size_t count;
	static const char rest[] = "0123456789abcdef";
	const struct efimap_log_row *all = efimap_log_rows(&count);

	for (size_t i = 0; i < count + efimap_n_says; i++) {
		const char *words = i < count ? all[i].starts : efimap_says[i - count].words;
		efimap_auto_log struct efimap_log log = { 0 };
		char text[2 * EFIMAP_SAYS_MAX + sizeof(rest)] = "";
		size_t used = 0;

		for (const char *at = words; *at; at++) {
			text[used++] = *at;
			if (*at == ' ')
				text[used++] = '\t';
		}
		strcpy(text + used, rest);
		used += sizeof(rest) - 1;
		assert_int_equal(efimap_log_take(&log, &(struct efimap_log_line){
						 .message = { text, used } }), 0);
		/* What was known began a boot. */
		if (log.n_boots != 1)
			fail_msg("%s", words);
	}
}

TEST(finds_rows)
{
	static const struct {
		const char *text, *starts, *rest;
	} found[] = {
		{ "efi: \t mem07: x", "efi: mem", "07: x" },
		{ "efi:  ACPI=0x1", "efi:", "  ACPI=0x1" },
		{ "efi: EFI runtime memory", "efi:", " EFI runtime memory" },
		{ "efi:", "efi:", "" },
		{ "EFI: memory", "EFI: mem", "ory" },
	};
	static const char *const others[] = { "",  "e",		  "efi", "zz",
					      "A", "Efi: mem07:", "\xff" };
	struct efimap_text rest;
	size_t count;

	efimap_log_rows(&count);
	for (size_t i = 0; i < ARRAY_SIZE(found); i++) {
		const struct efimap_text text = { found[i].text, strlen(found[i].text) };

		assert_string_equal(efimap_log_row_of(count, text, &rest)->starts,
				    found[i].starts);
		assert_true(efimap_text_is(rest, found[i].rest));
	}
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		const struct efimap_text text = { others[i], strlen(others[i]) };

		assert_null(efimap_log_row_of(count, text, &rest));
	}
}
