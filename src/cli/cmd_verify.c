/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl verify: each SOURCE is read and judged, one after the other, its report written and
 * a status made of it; the highest of several wins, and there is a summary of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/verify.h"
#include "format/format.h"
#include "read/read.h"

/* Of a list, all in all: a million long names. */
#define MAX_LIST ((uint64_t)256 << 20)
/* Of a line: whatever has one as long, as the zeros of a device, is no list. */
#define MAX_LINE ((size_t)1 << 20)
/* So many lines in a row that hold no name, and it is no list of names. */
#define MAX_BAD 100

/*
 * --- the names of many SOURCEs: operands, then the lines of --files-from. It opens the list,
 * never a SOURCE, and says nothing itself ---
 */

static const char is_taken[] =
	"standard input holds the list, so it cannot be a SOURCE too";

static bool names_from_stdin(const struct names *names)
{
	return names->list && strcmp(names->list, "-") == 0;
}

static char separator_of(const struct names *names)
{
	return names->ends_in_zero ? '\0' : '\n';
}

static bool is_device(const struct stat *st)
{
	return S_ISCHR(st->st_mode) || S_ISBLK(st->st_mode);
}

/* 0 or a negative errno, -ENODEV for a device */
static int names_open(struct names *names)
{
	efimap_auto_fd int fd = -1;
	struct stat st;

	if (!names->list)
		return 0;
	/* A device is not even opened: that alone can act. */
	if (!names_from_stdin(names) && stat(names->list, &st) == 0 && is_device(&st))
		return -ENODEV;
	fd = names_from_stdin(names) ? dup(STDIN_FILENO)
			     : open(names->list, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	names->file = fd < 0 ? NULL : fdopen(fd, "r");
	if (!names->file || fstat(efimap_steal_fd(&fd), &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return !names_from_stdin(names) && is_device(&st) ? -ENODEV : 0;
}

static void names_close(struct names *names)
{
	if (names->file)
		fclose(names->file);
	names->file = NULL;
}

/* How many names there are, 0 when that is not known before the end; empty lines are none. */
static size_t names_total(const struct names *names)
{
	const char separator = separator_of(names);
	char buffer[BUFSIZ], last = separator;
	size_t count = names->n_operands;
	struct stat st;
	off_t at = 0;
	ssize_t size;

	if (!names->list)
		return count;
	if (fstat(fileno(names->file), &st) < 0 || !S_ISREG(st.st_mode) ||
	    lseek(fileno(names->file), 0, SEEK_CUR) != 0)
		return 0;
	while ((uint64_t)at < MAX_LIST &&
	       (size = pread(fileno(names->file), buffer, sizeof(buffer), at)) > 0) {
		for (ssize_t i = 0; i < size; i++) {
			count += last == separator && buffer[i] != separator;
			last = buffer[i];
		}
		at += size;
	}
	return count;
}

/* The next byte, or EOF with errno: 0 at the end. What does not block is waited for. */
static int next_byte(struct names *names)
{
	struct pollfd list = { .fd = fileno(names->file), .events = POLLIN };
	int c;

	for (;;) {
		errno = 0;
		c = getc_unlocked(names->file);
		if (c != EOF || (errno != EAGAIN && errno != EINTR))
			break;
		clearerr(names->file);
		poll(&list, 1, -1);
	}
	if (c == EOF || ++names->total <= MAX_LIST)
		return c;
	errno = EFBIG;
	return EOF;
}

/*
 * One line, without what ends it, into @name: of what is longer only the length is kept.
 * 1, 0 at the end of the list, or a negative errno.
 */
static int read_line(struct names *names, size_t *ret_len)
{
	size_t len = 0;
	int c = 0;

	while (len < MAX_LINE && (c = next_byte(names)) != EOF && c != separator_of(names)) {
		if (len < sizeof(names->name))
			names->name[len] = (char)c;
		len++;
	}
	if (len == MAX_LINE)
		return -EFBIG;
	if (c == EOF && (errno || len == 0))
		return -errno;
	names->line++;
	names->name[len < sizeof(names->name) ? len : 0] = '\0';
	*ret_len = len;
	return 1;
}

/* NULL when this is a name. */
static const char *find_problem(const struct names *names, const char *name, size_t len)
{
	if (len >= sizeof(names->name))
		return "no path is as long as this";
	if (memchr(name, '\0', len))
		return "a zero byte in a list of lines: is it a list for -0?";
	if (!names->ends_in_zero && len > 0 && name[len - 1] == '\r')
		return "the line ends in a carriage return (CRLF): give the list Unix "
		       "line ends";
	if (names_from_stdin(names) && strcmp(name, "-") == 0)
		return is_taken;
	return len == 0 ? "the name of a SOURCE is empty" : NULL;
}

static int next_of_list(struct names *names, const char **ret_text)
{
	size_t len = 0;
	int ret;

	do
		ret = read_line(names, &len);
	while (ret > 0 && len == 0 && !names->ends_in_zero);
	if (ret <= 0) {
		names_close(names);
		return ret;
	}
	*ret_text = find_problem(names, names->name, len);
	if (!*ret_text) {
		names->n_bad = 0;
		*ret_text = names->name;
		return 1;
	}
	/* What is no list, as the memory of something, is not read to its end. */
	if (++names->n_bad == MAX_BAD) {
		*ret_text = "no list of names: so many lines hold none that the rest is "
			    "not read";
		names_close(names);
	}
	return -EINVAL;
}

/*
 * The next name, or what is wrong with a line; valid until the next call. Return: 1; 0 when there
 * are no more; -EINVAL for a line without a name, which does not hinder the next; any other
 * negative errno when the list could not be read on.
 */
static int names_next(struct names *names, const char **ret_text)
{
	if (names->taken < names->n_operands) {
		*ret_text = names->operands[names->taken++];
		if (!names_from_stdin(names) || strcmp(*ret_text, "-") != 0)
			return 1;
		*ret_text = is_taken;
		return -EINVAL;
	}
	return names->file ? next_of_list(names, ret_text) : 0;
}

/* --- one SOURCE --- */

/* The report on one SOURCE; without a map on one that cannot be read. */
static int judge(struct verify *verify, const char *source, struct efimap **ret_map,
		 struct efimap_report **ret_report)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret = efimap_read(source, EFIMAP_BOOT_BEST, ret_map, &err);

	if (ret < 0)
		return source_report_error(ret, &err, ret_report);
	ret = efimap_verify(*ret_map, &verify->options, ret_report);
	return ret ? ret
		   : baseline_judge(verify, source, *ret_map, *ret_report);
}

/* Are notes told, or only counted? */
static bool shows_notes(const struct verify *verify)
{
	return !verify->many || verify->common.verbose ||
	       verify->options.fail_on == EFIMAP_NOTE;
}

static void write_text(const struct verify *verify, const char *source,
		       const struct efimap_report *report, struct efimap_out *out)
{
	struct efimap_text_options text = common_text(&verify->common);

	text.notes = shows_notes(verify);
	text.all = verify->options.fail_on != EFIMAP_ERROR;
	text.source = verify->many ? source : NULL;
	report_text_answer(report, &text, out);
	if (efimap_report_is_judged(report))
		efimap_report_write_text(report, &text, out);
}

static void write_report(const struct verify *verify, const char *source,
			 const struct efimap_report *report, struct efimap_out *out)
{
	progress_make_room(STDOUT_FILENO);
	if (verify->common.quiet)
		return;
	if (verify->format == VERIFY_TEXT)
		write_text(verify, source, report, out);
	else
		efimap_report_write_json(source, report,
					 verify->many || verify->format == VERIFY_NDJSON, out);
}

/* What stands in the way is said on standard error, unless the answer is all that is due. */
static void say_reason(const struct verify *verify, const char *source,
		       const struct efimap_report *report)
{
	if (report->missed == EFIMAP_MISSED_ALL || efimap_report_is_unknown(report)) {
		if (verify->common.json && !verify->common.quiet &&
		    !status_is_excused(report, verify->common.if_efi))
			say("%s: %s", source, efimap_reason_of(report));
	} else if (*efimap_reason_of(report) &&
		   (verify->common.quiet || verify->common.json ||
		    !efimap_report_is_judged(report))) {
		say("%s: %s", source, efimap_reason_of(report));
	}
}

static enum status tell(const struct verify *verify, const char *source,
			const struct efimap *map, const struct efimap_report *report,
			struct efimap_out *out)
{
	enum status status = status_of_outcome(status_of_report(report, verify->common.if_efi),
					       report, verify->common.outcomes);

	/* An error of reading names the source itself, and is all there is in words. */
	if (map)
		say_reason(verify, source, report);
	else
		say("%s", efimap_reason_of(report));
	if (map || verify->common.json)
		write_report(verify, source, report, out);
	if (map && !verify->common.quiet)
		source_say_boot(map);
	return status_worse(status, output_end(out));
}

static enum status judge_source(struct verify *verify, const char *source,
				struct efimap_summary *summary, struct efimap_out *out)
{
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_report struct efimap_report *report = NULL;
	int ret = judge(verify, source, &map, &report);

	efimap_summary_add(summary, ret < 0 ? NULL : report);
	summary->by_kexec += map && efimap_booted_by(map) == EFIMAP_BOOTED_BY_KEXEC;
	return ret < 0 ? say_errno(source, ret) : tell(verify, source, map, report, out);
}

/* --- all of them --- */

static void say_bad_name(const struct names *names, const char *why)
{
	if (names->line)
		say("%s:%" PRIu64 ": %s", names->list, names->line, why);
	else
		say("%s", why);
}

/* One source that fails does not stop the others; a full disk does. */
static enum status judge_all(struct verify *verify, struct names *names,
			     struct efimap_summary *summary, struct efimap_out *out)
{
	enum status status = STATUS_OK;
	const char *name = NULL;
	int ret = 1;

	while (!out->error && (ret = names_next(names, &name)) != 0) {
		enum status one = STATUS_UNREADABLE;

		if (ret > 0) {
			one = judge_source(verify, name, summary, out);
		} else if (ret == -EINVAL) {
			say_bad_name(names, name);
		} else {
			say("%s: %s", names->list, strerror(-ret));
			return status_worse(status, status_of_error(ret));
		}
		progress_step(one != STATUS_OK);
		status = status_worse(status, one);
	}
	return status;
}

static enum status judge_sources(struct verify *verify, struct names *names, struct efimap_out *out)
{
	struct efimap_summary summary = { 0 };
	enum status status;
	int ret = names_open(names);

	if (ret < 0) {
		say("%s: %s", names->list,
		    ret == -ENODEV ? "a device; expected a file or FIFO with names"
				   : strerror(-ret));
		names_close(names);
		return status_of_error(ret);
	}
	if (verify->many && !verify->common.quiet && terminal_is_capable(STDERR_FILENO))
		progress_begin(names_total(names));
	status = judge_all(verify, names, &summary, out);
	names_close(names);
	progress_end();
	if (!summary.sources && status == STATUS_OK) {
		say("%s: the list names no SOURCE", names->list);
		return STATUS_UNREADABLE;
	}
	if (verify->many && summary.sources && !verify->common.json && !verify->common.quiet &&
	    !out->error) {
		efimap_summary_write_text(&summary, shows_notes(verify),
					  common_color(&verify->common), out);
		status = status_worse(status, output_end(out));
	}
	return status;
}

/* --- the command --- */

/* An empty list is not the running system. */
static void finish_sources(struct verify *verify)
{
	static char root[] = "/";
	static char *const running_system[] = { root };
	struct names *names = &verify->names;
	const bool is_named = names->list || verify->common.n_operands;

	names->operands = is_named ? verify->common.operands : running_system;
	names->n_operands = is_named ? verify->common.n_operands : 1;
	verify->many = names->list || names->n_operands > 1;
}

/* They say how a kernel is loaded that must be named. */
static void check_load(const struct verify *verify, const struct argp_state *state)
{
	const struct efimap_verify_options *given = &verify->options;

	if (!verify->kernel && (given->loaders || given->mem_min || given->mem_max))
		usage_error(state, "--loader, --mem-min and --mem-max go with --kernel");
	if ((given->mem_min || given->mem_max) &&
	    given->loaders == EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL))
		usage_error(state, "kexec_file_load (--loader=kernel) knows no --mem-min and "
				   "--mem-max");
	if (given->mem_max && given->mem_min > given->mem_max)
		usage_error(state, "--mem-min is above --mem-max");
}

static void check_single(const struct verify *verify, const struct argp_state *state)
{
	const struct names *names = &verify->names;

	if (names->ends_in_zero && !names->list)
		usage_error(state, "--null needs --files-from");
}

static void check(void *input, const struct argp_state *state)
{
	struct verify *verify = input;

	finish_sources(verify);
	verify->common.json = verify->format != VERIFY_TEXT;
	verify->options.fail_on = verify->common.fail_on;
	for (size_t i = 0; i < EFIMAP_RULE_COUNT; i++)
		verify->options.disabled[i] =
			verify->skip[i] || (verify->has_only && !verify->only[i]);
	baseline_check(&verify->baseline, state);
	check_load(verify, state);
	check_single(verify, state);
}

/* "ID,ID,..." */
static void mark_rules(const struct argp_state *state, const char *list,
		       bool marks[EFIMAP_RULE_COUNT])
{
	efimap_auto_free char *copy = strdup(list);
	char *rest = copy, *name;

	if (!copy)
		argp_failure(state, STATUS_UNREADABLE, ENOMEM, "rules");
	while ((name = strsep(&rest, ","))) {
		const struct efimap_rule *rule = rules_find(state, name, false);

		if (strcmp(efimap_rule_command(rule->id), "verify") != 0)
			usage_error(state, "'%s' is a rule of efimapctl %s, not of verify",
				    name, efimap_rule_command(rule->id));
		marks[rule->id] = true;
	}
}

static void take_only(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	mark_rules(state, operand, verify->only);
	verify->has_only = true;
}

static void take_skip(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	mark_rules(state, operand, verify->skip);
}

static void take_list(void *input, const struct argp_state *state, const char *operand)
{
	struct verify *verify = input;

	if (verify->names.list)
		usage_error(state, "--files-from can be given once only");
	verify->names.list = common_name(state, "the list of sources", operand);
}

static const char *const formats[] = {
	[VERIFY_TEXT] = "text", [VERIFY_JSON] = "json", [VERIFY_NDJSON] = "ndjson", NULL,
};
static const char *const layouts[] = {
	[EFIMAP_EXPECT_AUTO] = "auto",
	[EFIMAP_EXPECT_IDENTITY] = "identity",
	[EFIMAP_EXPECT_VIRTUAL] = "virtual",
	NULL,
};
/* Which of them it is is a set of EFIMAP_LOADER_BIT(). */
static const char *const loaders[] = {
	"",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KEXEC_TOOLS)] = "kexec-tools",
	[EFIMAP_LOADER_BIT(EFIMAP_LOADER_KERNEL)] = "kernel",
	NULL,
};
static const struct range address_range = { 0, UINT64_MAX }, limit_range = { 1, UINT64_MAX };

static const struct command_option options[] = {
	{ "json", 'J', NULL, "write a JSON document; one line each for several sources",
	  CHOICE_AT(verify, format, formats), .given = "json" },
	{ "format", 0, "FORMAT", "text (the default), json or ndjson (one line)",
	  CHOICE_AT(verify, format, formats) },
	OPTION_FAIL_ON("status 1 if there is a finding of this severity or worse: "),
	{ "only", 0, "ID,...", "run these rules only", .take = take_only },
	{ "skip", 0, "ID,...", "leave these rules out", .take = take_skip },
	{ "expect", 0, "LAYOUT",
	  "what the map should be: auto (what Linux makes of this firmware, the default), "
	  "identity or virtual", CHOICE_AT(verify, options.expect, layouts) },
	{ "kernel", 0, "BZIMAGE",
	  "the kernel that kexec is to load: does kexec-tools pass EFI to it, and will it "
	  "overwrite what it needs?", NAME_AT(verify, kernel, "the kernel") },
	{ "loader", 0, "LOADER",
	  "with --kernel: who loads it, kexec-tools (kexec_load) or kernel (kexec_file_load); "
	  "default: both are tried", CHOICE_AT(verify, options.loaders, loaders) },
	{ "mem-min", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(verify, options.mem_min, &address_range) },
	{ "mem-max", 0, "ADDR", "with --kernel: that of kexec -c",
	  NUMBER_AT(verify, options.mem_max, &limit_range) },
	{ "kexec-log", 0, "FILE", "output of kexec -d: does a segment land on what the firmware "
	  "needs?", NAME_AT(verify, kexec_log, "the log") },
	OPTION_IF_EFI,
	OPTION_TIMEOUT('t', common),
	{ "files-from", 0, "FILE",
	  "read names of further sources from FILE (-: standard input), one a line",
	  .take = take_list },
	{ "null", '0', NULL, "with --files-from: a zero byte ends a name, not a newline",
	  FLAG_AT(verify, names.ends_in_zero) },
	{ "baseline", 0, "FILE", "findings that FILE accepts for this machine do not count",
	  NAME_AT(verify, baseline.read_name, "the baseline") },
	{ "write-baseline", 0, "FILE",
	  "accept all findings: write them to FILE",
	  NAME_AT(verify, baseline.write_name, "the baseline") },
	{ 0 },
};

/* What lies beside the captures; without it the rules that need it are silent. */
static enum status read_beside(struct verify *verify)
{
	struct efimap_err err = EFIMAP_ERR_INIT;
	int ret;

	if (verify->kernel) {
		ret = efimap_bzimage_read(verify->kernel, &verify->image, &err);
		if (ret < 0)
			return say_error(ret, verify->kernel, &err);
		verify->options.image = &verify->image;
	}
	if (verify->kexec_log) {
		ret = efimap_kexec_log_read(verify->kexec_log, &verify->segments, &err);
		if (ret < 0)
			return say_error(ret, verify->kexec_log, &err);
		verify->options.segments = &verify->segments;
	}
	return STATUS_OK;
}

static enum status verify_run(void *input)
{
	struct verify *verify = input;
	efimap_auto_out struct efimap_out out = EFIMAP_OUT_FD(STDOUT_FILENO);
	enum status status = read_beside(verify), ended;

	if (status == STATUS_OK)
		status = baseline_begin(&verify->baseline);
	if (status != STATUS_OK)
		return status;
	status = judge_sources(verify, &verify->names, &out);
	ended = baseline_end(&verify->baseline, verify->common.quiet);
	return status_worse(status, ended);
}

const struct command cmd_verify = {
	.name = "verify",
	.summary = "run the rules over runtime maps",
	.answers = "Will EFI survive kexec and kdump here?",
	.options = options,
	.operands = OPERANDS_SOURCES,
	.args_doc = "[SOURCE...]",
	.doc = "Run the rules over one or many runtime maps. " SOURCE_IS,
	.size = sizeof(struct verify),
	.check = check,
	.run = verify_run,
};
