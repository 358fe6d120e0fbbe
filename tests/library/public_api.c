/* SPDX-License-Identifier: GPL-2.0-or-later */
#include <unistd.h>

#include <efimap/efimap.h>

#include "../unit/test.h"

static void free_capture(struct efimap_capture **capture)
{
	efimap_capture_free(*capture);
}

#define auto_capture __attribute__((cleanup(free_capture)))

static struct efimap_capture *open_real(const char *name)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_capture *capture = NULL;
	char path[512];

	snprintf(path, sizeof(path), "%s/real/%s", getenv("EFIMAP_FIXTURES"), name);
	if (efimap_capture_read(path, &capture, &err))
		fail_msg("%s: %s", err.where, err.text);
	assert_string_equal(efimap_capture_name(capture), path);
	return capture;
}

static const struct efimap_finding *find(const struct efimap_report *report, const char *rule)
{
	const struct efimap_finding *finding;

	for (size_t i = 0; (finding = efimap_report_finding(report, i)); i++)
		if (strcmp(efimap_finding_rule(finding), rule) == 0)
			return finding;
	return NULL;
}

TEST(version)
{
	assert_string_equal(efimap_version(), EFIMAP_VERSION);
}

TEST(captures)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	auto_capture struct efimap_capture *bios = open_real("seabios-q35-6.1-first");
	const struct efimap_entry *entries;
	char name[EFIMAP_TYPE_NAME_SIZE];
	size_t count = 0;

	entries = efimap_capture_entries(capture, &count);
	assert_int_equal(count, 8);
	for (size_t i = 0; i < count; i++)
		assert_int_equal(entries[i].index, i);
	assert_int_equal(entries[0].phys, 0xffc00000);
	assert_string_equal(efimap_type_name(entries[0].type, name), "MMIO");
	assert_string_equal(efimap_capture_state(capture, "runtime_map", NULL), "present");
	assert_string_equal(efimap_capture_state(capture, "boot_id", NULL), "absent");
	assert_null(efimap_capture_state(capture, "none", NULL));
	assert_null(efimap_capture_entries(bios, &count));
	assert_int_equal(count, 0);
	efimap_capture_free(NULL);
}

TEST(no_source)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_capture *capture = NULL;
	char text[64];

	assert_int_equal(efimap_capture_read("/none", &capture, &err), -ENOENT);
	assert_int_equal(efimap_capture_read("/none", &capture, NULL), -ENOENT);
	assert_null(capture);
	assert_int_equal(err.code, ENOENT);
	efimap_err_format(&err, text, sizeof(text));
	assert_memory_equal(text, "/none: ", 7);
}

struct memory {
	char data[1 << 18];
	size_t size;
	size_t used;
	int error;
};

static ssize_t give(void *context, void *data, size_t size)
{
	struct memory *memory = context;
	const size_t left = memory->size - memory->used;

	if (memory->error)
		return memory->error;
	if (size > left)
		size = left;
	memcpy(data, memory->data + memory->used, size);
	memory->used += size;
	return (ssize_t)size;
}

static int take(void *context, const void *data, size_t size)
{
	struct memory *memory = context;

	if (memory->error)
		return memory->error;
	assert_true(size < sizeof(memory->data) - memory->size);
	memcpy(memory->data + memory->size, data, size);
	memory->size += size;
	memory->data[memory->size] = '\0';
	return 0;
}

/* The snapshot that is read has the same entries as the capture that was written. */
TEST(round_trip)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	auto_capture struct efimap_capture *again = NULL, *none = NULL;
	struct memory memory = { .size = 0 };
	const struct efimap_entry *first, *second;
	size_t count, other;

	assert_int_equal(efimap_capture_write(capture, "efimap-snapshot", take, &memory, NULL), 0);
	assert_int_equal(efimap_capture_read_from("memory", give, &memory, &again, NULL), 0);
	assert_string_equal(efimap_capture_name(again), "memory");
	first = efimap_capture_entries(capture, &count);
	second = efimap_capture_entries(again, &other);
	assert_int_equal(count, other);
	assert_memory_equal(first, second, count * sizeof(*first));

	memory = (struct memory){ .error = -EPIPE };
	assert_int_equal(efimap_capture_read_from("memory", give, &memory, &none, NULL), -EPIPE);
	assert_null(none);
	assert_int_equal(efimap_capture_write(capture, "efimap-snapshot", take, &memory, NULL), -EPIPE);
}

#define PARAMS "ovmf-q35-6.1-kexec-second/sys/kernel/boot_params/data"

TEST(documents)
{
	static const struct {
		const char *capture;
		const char *document;
		int expected;
		const char *begins;
	} rows[] = {
		{ "ovmf-q35-6.1-kexec-first", "efimap-snapshot", 0, "{\n" },
		{ "ovmf-q35-6.1-kexec-first", "efimap-received", 0, "{\n" },
		{ "ovmf-q35-6.1-kexec-first", "efimap-prediction", -EINVAL, "" },
		{ "ovmf-q35-6.1-kexec-first", "efimap-dump", 0, "{\n" },
		{ "ovmf-q35-6.1-kexec-first", "table", 0, " IDX TYPE" },
		{ "ovmf-q35-6.1-kexec-first", "pairs", 0, "IDX=\"0\"" },
		{ "ovmf-q35-6.1-kexec-first", "raw", 0, "IDX TYPE" },
		{ "ovmf-q35-6.1-kexec-first", "svg", 0, "<?xml" },
		{ "ovmf-q35-6.1-kexec-first", "efimap-report", -EINVAL, "" },
		{ "seabios-q35-6.1-first", "table", -ENODATA, "" },
		{ "seabios-q35-6.1-first", "efimap-snapshot", 0, "{\n" },
		{ PARAMS, "efimap-dump", 0, "{\n" },
		{ PARAMS, "table", 0, "boot-params: " },
		{ PARAMS, "pairs", -ENODATA, "" },
		{ PARAMS, "efimap-snapshot", -ENODATA, "" },
		{ PARAMS, "svg", -ENODATA, "" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_capture struct efimap_capture *capture = open_real(rows[i].capture);
		struct memory memory = { .size = 0 };
		const int ret =
			efimap_capture_write(capture, rows[i].document, take, &memory, NULL);

		if (ret != rows[i].expected ||
		    strncmp(memory.data, rows[i].begins, strlen(rows[i].begins)) != 0)
			fail_msg("%s of %s: %d, %.40s", rows[i].document, rows[i].capture,
				 ret, memory.data);
	}
}

TEST(reports)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	struct efimap_report *report = NULL;
	const struct efimap_finding *finding;
	struct memory memory = { .size = 0 };
	const char *value = NULL, *side[2];
	size_t count;

	assert_int_equal(efimap_capture_verify(capture, NULL, &report), 0);
	assert_string_equal(efimap_report_verdict(report), "pass");
	assert_string_equal(efimap_report_reason(report), "");
	assert_string_equal(efimap_report_outcome(report), "none");
	assert_memory_equal(efimap_report_answer(report), "kexec, assuming a kernel", 24);
	assert_int_equal(efimap_report_count(report, EFIMAP_ERROR), 0);
	assert_int_equal(efimap_report_count(report, EFIMAP_WARNING), 0);
	finding = find(report, "boot-services-in-ram");
	assert_int_equal(efimap_finding_severity(finding), EFIMAP_NOTE);
	assert_string_equal(efimap_finding_consequence(finding), "none");
	assert_memory_equal(efimap_finding_message(finding), "3 reserved boot services", 24);
	assert_non_null(efimap_finding_entries(finding, &count));
	assert_int_equal(count, 3);
	assert_non_null(efimap_finding_evidence(finding, 0, &value));
	assert_non_null(value);
	assert_null(efimap_finding_evidence(finding, 1000, &value));
	efimap_finding_first_second(finding, &side[0], &side[1]);
	assert_null(side[0]);
	assert_null(side[1]);
	assert_int_equal(efimap_report_write(report, capture, "efimap-report", take, &memory, NULL), 0);
	assert_int_equal(efimap_report_write(report, capture, "text", take, &memory, NULL), 0);
	assert_int_equal(efimap_report_write(report, capture, "none", take, &memory, NULL), -EINVAL);
	efimap_report_free(report);
	efimap_report_free(NULL);
}

TEST(skipped)
{
	auto_capture struct efimap_capture *capture = open_real("real-061");
	struct efimap_report *report = NULL;
	const char *rule, *why = "";
	size_t count = 0;

	assert_int_equal(efimap_capture_verify(capture, NULL, &report), 0);
	for (; (rule = efimap_report_skipped(report, count, &why)); count++) {
		assert_non_null(efimap_rule_text(rule, "why"));
		assert_true(strlen(why) > 0);
	}
	assert_true(count > 0);
	efimap_report_free(report);
}

static const char *verdict_with(const struct efimap_capture *capture,
				const struct efimap_options *options, size_t *ret_count)
{
	struct efimap_report *report = NULL;
	const char *verdict;

	assert_int_equal(efimap_capture_verify(capture, options, &report), 0);
	for (*ret_count = 0; efimap_report_finding(report, *ret_count);)
		++*ret_count;
	verdict = efimap_report_verdict(report);
	efimap_report_free(report);
	return verdict;
}

TEST(options_choose)
{
	auto_capture struct efimap_capture *capture = open_real("uboot-q35-7.2-first");
	struct efimap_options *options = NULL;
	size_t all, count;

	assert_int_equal(efimap_options_new(&options), 0);
	assert_int_equal(efimap_options_only(options, "none", NULL), -ENOENT);
	assert_int_equal(efimap_options_only(options, "drift-lost", NULL), -EINVAL);
	assert_int_equal(efimap_options_skip(options, "none", NULL), -ENOENT);
	assert_string_equal(verdict_with(capture, options, &all), "warn");
	efimap_options_set_fail_on(options, EFIMAP_WARNING);
	assert_string_equal(verdict_with(capture, options, &count), "fail");
	assert_int_equal(efimap_options_skip(options, "initrd-table-in-ram", NULL), 0);
	assert_string_equal(verdict_with(capture, options, &count), "pass");
	assert_int_equal(count, all - 2);
	assert_int_equal(efimap_options_only(options, "nonidentity", NULL), 0);
	/* efimap_options_only() does not enable a rule that efimap_options_skip() skipped. */
	assert_int_equal(efimap_options_only(options, "initrd-table-in-ram", NULL), 0);
	verdict_with(capture, options, &count);
	assert_int_equal(count, 1);
	efimap_options_free(options);

	assert_int_equal(efimap_options_new(&options), 0);
	assert_int_equal(efimap_options_set_expect(options, "none", NULL), -EINVAL);
	assert_int_equal(efimap_options_set_expect(options, "identity", NULL), 0);
	assert_string_equal(verdict_with(capture, options, &count), "fail");
	efimap_options_free(options);
	efimap_options_free(NULL);
}

/* Test missing and invalid files, and set each valid file twice. */
TEST(options_read)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	struct efimap_options *options = NULL;
	struct efimap_err err = EFIMAP_ERR_INIT;
	char image[] = "/tmp/face-XXXXXX", log[512];
	unsigned char header[4096] = { [0x1f1] = 1, [0x1fe] = 0x55, [0x1ff] = 0xaa };
	const int fd = mkstemp(image);
	size_t count;

	assert_true(fd >= 0);
	snprintf(log, sizeof(log), "%s/kexec.log", efimap_capture_name(capture));
	assert_int_equal(efimap_options_new(&options), 0);
	assert_int_equal(efimap_options_set_kernel(options, "/none", &err), -ENOENT);
	assert_int_equal(efimap_options_set_kernel(options, log, NULL), -EBADMSG);
	assert_int_equal(efimap_options_set_kexec_log(options, "/none", NULL), -ENOENT);
	assert_int_equal(efimap_options_set_kexec_log(options, log, NULL), 0);
	assert_int_equal(efimap_options_set_kexec_log(options, log, NULL), 0);
	/* The header has boot protocol 2.12, but XLF_EFI_KEXEC is not set. */
	memcpy(header + 0x202, "HdrS\x0c\x02", 6);
	assert_int_equal(write(fd, header, sizeof(header)), sizeof(header));
	close(fd);
	assert_int_equal(efimap_options_set_kernel(options, image, NULL), 0);
	assert_int_equal(efimap_options_set_kernel(options, image, NULL), 0);
	unlink(image);
	assert_int_equal(efimap_options_only(options, "image-without-efi", NULL), 0);
	assert_string_equal(verdict_with(capture, options, &count), "fail");
	assert_int_equal(count, 1);
	efimap_options_free(options);
}

TEST(comparisons)
{
	auto_capture struct efimap_capture *first = open_real("ovmf-q35-6.1-kexec-first");
	auto_capture struct efimap_capture *second = open_real("ovmf-q35-6.1-kexec-second");
	struct efimap_comparison *comparison = NULL;
	struct memory memory = { .size = 0 };
	const struct efimap_finding *finding;
	const char *side[2];

	assert_int_equal(efimap_capture_compare(first, second, NULL, &comparison), 0);
	assert_string_equal(efimap_comparison_verdict(comparison), "same");
	assert_string_equal(efimap_report_outcome(efimap_comparison_report(comparison)), "none");
	finding = efimap_report_finding(efimap_comparison_report(comparison), 0);
	assert_non_null(finding);
	efimap_finding_first_second(finding, &side[0], &side[1]);
	assert_true(side[0] || side[1]);
	assert_int_equal(efimap_comparison_write(comparison, first, second, "efimap-comparison",
						 take, &memory, NULL), 0);
	assert_int_equal(efimap_comparison_write(comparison, first, second, "text", take,
						 &memory, NULL), 0);
	assert_int_equal(efimap_comparison_write(comparison, first, second, "none", take,
						 &memory, NULL), -EINVAL);
	efimap_comparison_free(comparison);
	efimap_comparison_free(NULL);
}

TEST(write_kexec_data)
{
	static const struct {
		const char *capture;
		const char *loader;
		const char *part;
		int expected;
		size_t size;
	} rows[] = {
		{ "ovmf-q35-6.1-kexec-first", "kexec-tools", "setup-data", 0, 112 },
		{ "ovmf-q35-6.1-kexec-first", "kexec-tools", "efi-memmap", 0, 8 * 40 },
		{ "ovmf-q35-6.1-kexec-first", "kernel", "efi-memmap", 0, 8 * 48 },
		{ "ovmf-q35-6.1-kexec-first", "kexec-load", "efi-memmap", 0, 8 * 40 },
		{ "ovmf-q35-6.1-kexec-first", "kexec-file-load", "efi-memmap", 0, 8 * 48 },
		{ "ovmf-q35-6.1-kexec-first", "grub", "efi-memmap", -EINVAL, 0 },
		{ "ovmf-q35-6.1-kexec-first", "kernel", "initrd", -EINVAL, 0 },
		{ "ovmf-q35-6.1-i386-first", "kernel", "setup-data", -ENODATA, 0 },
		{ "seabios-q35-6.1-first", "kernel", "setup-data", -ENODATA, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		auto_capture struct efimap_capture *capture = open_real(rows[i].capture);
		struct efimap_err err = EFIMAP_ERR_INIT;
		struct memory memory = { .size = 0 };
		const int ret = efimap_capture_write_kexec_data(
			capture, rows[i].loader, rows[i].part, take, &memory, &err);

		if (ret != rows[i].expected || memory.size != rows[i].size ||
		    (ret && !err.text[0]))
			fail_msg("%s of %s: %d, %zu bytes", rows[i].part, rows[i].capture, ret,
				 memory.size);
	}
}

/* Compare @err, formatted as text, with @text. Then reset @err. */
static void expect_text(const char *text, struct efimap_err *err)
{
	char line[600];

	efimap_err_format(err, line, sizeof(line));
	assert_string_equal(line, text);
	*err = (struct efimap_err)EFIMAP_ERR_INIT;
}

TEST(wrong_names)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_options *options = NULL;
	struct efimap_report *report = NULL;
	struct memory memory = { .size = 0 };

	assert_int_equal(efimap_options_new(&options), 0);
	assert_int_equal(efimap_options_set_expect(options, "none", &err), -EINVAL);
	expect_text("expected addresses: \"none\" is unknown, expected \"auto\", \"identity\" or "
		    "\"virtual\"", &err);
	assert_int_equal(efimap_options_only(options, "table-in-rom", &err), -ENOENT);
	assert_non_null(strstr(err.text, "\"table-in-ram\""));
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_options_skip(options, "drift-lost", &err), -EINVAL);
	expect_text("rule: \"drift-lost\" is a rule of efimapctl compare, not of verify", &err);
	efimap_options_free(options);

	assert_null(efimap_capture_state(capture, "runtime-map", &err));
	assert_non_null(strstr(err.text, "\"runtime_map\""));
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_capture_write(capture, "csv", take, &memory, &err), -EINVAL);
	assert_non_null(strstr(err.text, "\"efimap-snapshot\", \"efimap-received\""));
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_capture_verify(capture, NULL, &report), 0);
	assert_int_equal(efimap_report_write(report, capture, "html", take, &memory, &err), -EINVAL);
	expect_text("document: \"html\" is unknown, expected \"efimap-report\" or \"text\"", &err);
	efimap_report_free(report);
	assert_int_equal(efimap_capture_write_kexec_data(capture, "grub", "setup-data",
							 take, &memory, &err),
			 -EINVAL);
	expect_text("loader: \"grub\" is unknown, expected \"kexec-load\", \"kexec-file-load\", "
		    "\"kexec-tools\" or \"kernel\"", &err);
	assert_int_equal(memory.size, 0);
}

TEST(translations)
{
	auto_capture struct efimap_capture *capture = open_real("ovmf-q35-6.1-kexec-first");
	auto_capture struct efimap_capture *bios = open_real("seabios-q35-6.1-first");
	struct efimap_err err = EFIMAP_ERR_INIT;
	struct efimap_translated found[2];
	size_t count = 0;

	assert_int_equal(efimap_capture_translate(capture, "physical", 0x3f5ec018, found, 2, &count,
						  &err), 0);
	assert_int_equal(count, 1);
	assert_true(found[0].is_known);
	assert_int_equal(found[0].address, 0xfffffffeff1ec018);
	assert_int_equal(found[0].offset, 0x18);
	assert_int_equal(found[0].entry->phys, 0x3f5ec000);
	assert_int_equal(efimap_capture_translate(capture, "virtual", found[0].address, found, 2,
						  &count, NULL), 0);
	assert_int_equal(found[0].address, 0x3f5ec018);
	/* The count is the number of all entries, however many fit into the array. */
	count = 0;
	assert_int_equal(efimap_capture_translate(capture, "physical", 0, NULL, 0, &count, NULL), 0);
	assert_int_equal(count, 1);
	assert_int_equal(efimap_capture_translate(capture, "physical", 0x1234000, found, 2, &count,
						  &err), -ENOENT);
	assert_non_null(strstr(err.text, "0x1234000"));
	err = (struct efimap_err)EFIMAP_ERR_INIT;
	assert_int_equal(efimap_capture_translate(capture, "linear", 0, found, 2, &count, &err),
			 -EINVAL);
	expect_text("kind of address: \"linear\" is unknown, expected \"physical\" or \"virtual\"",
		    &err);
	assert_int_equal(efimap_capture_translate(bios, "physical", 0, found, 2, &count, NULL),
			 -ENODATA);
}

TEST(received)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	auto_capture struct efimap_capture *capture = NULL;
	struct memory log = { .size = 0 }, memory = { .size = 0 };
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/logs/001-asustek-zenbook-ux391fa.txt",
		 getenv("EFIMAP_FIXTURES"));
	file = fopen(path, "r");
	assert_non_null(file);
	log.size = fread(log.data, 1, sizeof(log.data) - 1, file);
	fclose(file);
	assert_non_null(strstr(log.data, "second boot"));
	log.used = (size_t)(strstr(log.data, "second boot") - log.data);
	assert_int_equal(efimap_capture_read_from("log", give, &log, &capture, &err), 0);
	assert_int_equal(efimap_capture_write_kexec_data(capture, "kernel", "efi-memmap",
							 take, &memory, &err),
			 -ENODATA);
	assert_memory_equal(err.text, "virtual addresses are unknown", 29);
	assert_int_equal(memory.size, 0);
}

TEST(catalogue)
{
	static const char *const keys[] = { "severity", "consequence", "command", "tests",
					    "why", "breaks", "exceptions", "fix", "source",
					    "experiment" };
	const char *rule;
	size_t count = 0;

	for (; (rule = efimap_rule_at(count)); count++)
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++)
			if (!efimap_rule_text(rule, keys[i]))
				fail_msg("%s has no %s", rule, keys[i]);
	assert_true(count > 100);
	assert_string_equal(efimap_rule_text("virt-overlap", "severity"), "error");
	assert_string_equal(efimap_rule_text("virt-overlap", "command"), "verify");
	assert_null(efimap_rule_text("virt-overlap", "none"));
	assert_null(efimap_rule_text("none", "why"));
}

TEST(descriptors)
{
	char name[] = "/tmp/face-XXXXXX", text[8] = "";
	int fd = mkstemp(name), closed = -1;

	assert_true(fd >= 0);
	unlink(name);
	assert_int_equal(efimap_write_fd(&fd, "abc", 3), 0);
	assert_int_equal(efimap_write_fd(&fd, "", 0), 0);
	assert_int_equal(pread(fd, text, sizeof(text), 0), 3);
	assert_string_equal(text, "abc");
	close(fd);
	assert_int_equal(efimap_write_fd(&closed, "abc", 3), -EBADF);
}
