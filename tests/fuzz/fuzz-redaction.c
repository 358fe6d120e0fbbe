/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The input contains files of a machine as members (see member.h). The letter of a member selects
 * the file. Each file may contain SECRET, but the redacted recording must not contain it. Redaction
 * keeps the text of kernel messages, so a generated log contains SECRET only in the name of the
 * build host, in prefixes and in kernel parameters.
 */
#include "fuzz.h"
#include "base/cleanup.h"
#include "base/output_buffer.h"
#include "capture/recording.h"
#include "document/snapshot.h"
#include "input/load_record.h"
#include "input/read_snapshot.h"
#include "input/redaction.h"
#include "member.h"

#define SECRET "hunter2"
#define RELEASE "6.12.57-amd64"

struct machine {
	struct recording recording;
	struct out log;
};

static void record(struct machine *machine, const char *path, const uint8_t *data, size_t size)
{
	record_bytes(&machine->recording, path, 0, data, (ssize_t)size, true);
}

/* Add a kernel image as a file of /boot. */
static void add_image(struct machine *machine, const char *name)
{
	char key[MAX_PATH + sizeof("boot/")];

	if (!*name || strchr(name, '/'))
		return;
	record_name(&machine->recording, record_list(&machine->recording, "boot"), name, false);
	snprintf(key, sizeof(key), "boot/%s", name);
	record_size(&machine->recording, key, 1 << 20, 1);
}

/*
 * Add lines of a kernel log. Unless the recording is of a running system, the line with the kernel
 * parameters has a syslog prefix. The host name in the prefix is cut to one word.
 */
static void add_lines(struct machine *machine, const struct member *member)
{
	const int host_len = (int)strcspn(member->path, " \t\r\n\v\f:[]<>\033");
	struct out *log = &machine->log;

	out_puts(log, "Linux version " RELEASE " (builder@" SECRET ") (gcc)\n");
	if (machine->recording.from != EFIMAP_ORIGIN_LIVE)
		out_printf(log, "Nov 20 07:51:48 %.*s kernel: ", host_len, member->path);
	out_puts(log, "Command line: ");
	out_write(log, member->content, length_to(member->content, member->size, '\n'));
	out_puts(log, "\nefi: EFI v2.70 by EDK II\n");
}

/* Add the line with a version text, unless it contains SECRET, which the release may keep. */
static void add_version(struct machine *machine, const char *version)
{
	if (!strcasestr(version, SECRET))
		out_printf(&machine->log, "Linux version %s\n", version);
}

/*
 * Record the filtered command that loaded the crash kernel. When the recording is read, the command
 * is filtered again, which must not change it.
 */
static void add_load_record(struct machine *machine, const struct member *member)
{
	char *command = malloc(member->size + 1), *once;
	size_t len = member->size, again;

	fuzz_check(command);
	memcpy(command, member->content, len);
	filter_load_record(command, &len);
	record(machine, EFIMAP_LOAD_RECORD, (const uint8_t *)command, len);
	again = len;
	once = memcpy(malloc(len + 1), command, len);
	filter_load_record(command, &again);
	/*
	 * A command with $'...' may change, because the filter writes control characters in this
	 * form, but does not parse it.
	 */
	fuzz_check(memmem(once, len, "$'", 2) || (again == len && memcmp(command, once, len) == 0));
	free(once);
	free(command);
}

static void add_member(struct machine *machine, const struct member *member)
{
	static const struct {
		uint8_t letter;
		const char *path;
	} files[] = {
		{ 'C', "proc/cmdline" },
		{ 'K', "etc/default/kdump-tools" },
		{ 'S', "etc/sysconfig/kdump" },
		{ 'I', "etc/ima/ima-policy" },
	};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (member->letter == files[i].letter)
			record(machine, files[i].path, member->content, member->size);
	if (member->letter == 'L')
		add_lines(machine, member);
	else if (member->letter == 'V')
		add_version(machine, member->path);
	else if (member->letter == 'R')
		add_load_record(machine, member);
	else if (member->letter == 'B')
		add_image(machine, member->path);
}

static void check_text(const char *text, size_t len)
{
	for (size_t i = 0; i + strlen(SECRET) <= len; i++)
		fuzz_check(strncasecmp(text + i, SECRET, strlen(SECRET)) != 0);
}

FUZZ_TARGET(const uint8_t *data, size_t size)
{
	static const char version[] = "Linux version " RELEASE "\n";
	auto_out struct out out = EFIMAP_OUT_MEM;
	auto_recording struct recording redacted = { 0 }, used = { 0 };
	auto_map struct efimap *map = NULL;
	struct machine machine = { .log = EFIMAP_OUT_MEM };

	machine.recording.from = size && data[0] & 1 ? EFIMAP_ORIGIN_LIVE : EFIMAP_ORIGIN_TREE;
	recording_set_source(&machine.recording, "/");
	record(&machine, "proc/version", (const uint8_t *)version, strlen(version));
	for (size_t at = 1; at < size;) {
		struct member member;

		at += next_member(data + at, size - at, &member);
		add_member(&machine, &member);
	}
	if (machine.log.used)
		record(&machine, EFIMAP_RECORDED_LOG, (const uint8_t *)machine.log.data,
		       machine.log.used);
	out_free(&machine.log);
	recording_finish(&machine.recording);
	redact_recording(&machine.recording, &redacted);
	if (read_recording(&redacted, "fuzz", 0, &used, &map, NULL) == 0 && map) {
		recording_finish(&used);
		snapshot_write(&redacted, map, true, &out);
	}
	check_text(out.data, out.used);
	for (size_t i = 0; i < redacted.n_files; i++) {
		check_text(redacted.files[i].path, strlen(redacted.files[i].path));
		for (size_t k = 0; k < redacted.files[i].n_parts; k++)
			check_text(redacted.files[i].parts[k].data, redacted.files[i].parts[k].len);
	}
	recording_free(&machine.recording);
	return 0;
}
