/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * efimapctl rehearse: a kernel booted on SOURCE's memory map. All of it is done by a program of
 * its own, which this one becomes once SOURCE is read: it finds it as a snapshot on its
 * standard input. Must not know QEMU.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "cli/rehearse.h"
#include "cli/replace.h"
#include "format/format.h"

#define VARIABLE "EFIMAPCTL_IMPORTERS"
#define PACKAGE "efimapctl-rehearse"
#define DEFAULT_TIMEOUT 120
#define MIB (UINT64_C(1) << 20)
#define DEFAULT_MEMORY (4096 * MIB)
#define LEAST_MIB 256
#define MOST_MIB (UINT64_C(1) << 20)

enum {
	KEY_KERNEL = 0x200,
	KEY_THEN,
	KEY_AS,
	KEY_LOADER,
	KEY_INITRD,
	KEY_APPEND,
	KEY_MEM,
	KEY_CONSOLE,
	KEY_KEEP,
	KEY_GDB,
	KEY_FAILS,
	KEY_HANDED,
};

static const struct argp_option options[] = {
	{ "kernel", KEY_KERNEL, "BZIMAGE", 0, "the kernel to boot", 0 },
	{ "then", KEY_THEN, "BZIMAGE", 0,
	  "let that kernel start this one by kexec_file_load, and look at this one", 0 },
	{ "as", KEY_AS, "HOW", 0,
	  "next (the default): as a loader of kexec starts it, with the map that SOURCE's kernel "
	  "hands over; first: as the firmware does, with the firmware's whole map", 0 },
	{ "loader", KEY_LOADER, "LOADER", 0,
	  "with --as=next: who hands over, kexec-tools (kexec_load, the default) or kernel "
	  "(kexec_file_load)", 0 },
	{ "hand-over", KEY_HANDED, "CAPTURE", 0,
	  "with --as=next: hand over the map of this capture; the machine is SOURCE's", 0 },
	{ "append", KEY_APPEND, "WORDS", 0, "add these to the kernel's command line", 0 },
	{ "initrd", KEY_INITRD, "FILE", 0, "load this initramfs too; its init does not run", 0 },
	{ "mem", KEY_MEM, "MIB", 0, "memory of the virtual machine; default 4096", 0 },
	{ "firmware-fails", KEY_FAILS, "SERVICE", 0,
	  "let this runtime service fail: set-virtual-address-map, get-variable or "
	  "get-next-variable", 0 },
	{ "console", KEY_CONSOLE, "FILE", 0, "write to FILE what the kernel prints", 0 },
	{ "keep", KEY_KEEP, "FILE", 0, "write to FILE a snapshot of the machine that it saw", 0 },
	{ "gdb", KEY_GDB, "WHERE", 0,
	  "wait for a debugger before the first instruction, where QEMU's -gdb takes it "
	  "(tcp:127.0.0.1:1234); no limit of time then", 0 },
	OPTION_TIMEOUT(KEY_TIMEOUT),
	OPTION_JSON(""),
	{ 0 },
};

static enum rehearse_fails choose_service(const struct argp_state *state, const char *arg)
{
	static const char *const names[] = { "set-virtual-address-map", "get-variable",
					     "get-next-variable" };

	return REHEARSE_FAILS_SET_VIRTUAL_ADDRESS_MAP +
	       (enum rehearse_fails)common_choice(state, "firmware-fails", arg, names, 3);
}

static error_t rehearse_option(int key, char *arg, struct argp_state *state)
{
	struct rehearse *rehearse = state->input;

	switch (key) {
	case KEY_KERNEL:
		rehearse->kernel = common_file(state, "the kernel", arg);
		return 0;
	case KEY_THEN:
		rehearse->then = common_file(state, "the kernel that comes then", arg);
		return 0;
	case KEY_AS:
		rehearse->is_first = common_choice(
			state, "as", arg, (const char *const[]){ "next", "first" }, 2);
		return 0;
	case KEY_LOADER:
		rehearse->loader = common_loader(state, arg);
		return 0;
	case KEY_HANDED:
		rehearse->handed = common_file(state, "the capture to hand over", arg);
		return 0;
	case KEY_INITRD:
		rehearse->initrd = common_file(state, "the initramfs", arg);
		return 0;
	case KEY_APPEND:
		rehearse->append = arg;
		return 0;
	case KEY_MEM:
		rehearse->memory = MIB * common_number(state, "mem", arg, LEAST_MIB, MOST_MIB);
		return 0;
	case KEY_FAILS:
		rehearse->fails = choose_service(state, arg);
		return 0;
	case KEY_CONSOLE:
		rehearse->console = common_file(state, "the console's file", arg);
		return 0;
	case KEY_KEEP:
		rehearse->keep = common_file(state, "the snapshot", arg);
		return 0;
	case KEY_GDB:
		rehearse->gdb = arg;
		return 0;
	case ARGP_KEY_END:
		if (!rehearse->kernel)
			usage_error(state, "a kernel is missing: --kernel=BZIMAGE");
		if (rehearse->handed && rehearse->is_first)
			usage_error(state, "--hand-over: nothing is handed to a first kernel");
		return 0;
	default:
		return common_option(key, arg, state);
	}
}

void rehearse_begin(int argc, char **argv, void *args)
{
	struct rehearse *rehearse = args;

	rehearse->argc = argc;
	rehearse->argv = argv;
	rehearse->append = "";
	rehearse->memory = DEFAULT_MEMORY;
	rehearse->common.timeout = DEFAULT_TIMEOUT;
}

/* A capture as a snapshot, where the program looks for it. */
static int put_source(const struct efimap *map, int where)
{
	efimap_auto_fd int fd = memfd_create("source", 0);
	efimap_auto_out struct efimap_out out = { .fd = fd };
	int ret = fd < 0 ? -errno : efimap_snapshot_write(map, true, &out);

	if (!ret)
		ret = efimap_out_flush(&out);
	if (!ret && (lseek(fd, 0, SEEK_SET) < 0 || dup2(fd, where) < 0))
		return -errno;
	/* It may have been made just there. */
	if (fd == where)
		(void)efimap_steal_fd(&fd);
	return ret;
}

/* What stood before the command's name, behind it. */
static char **make_words(const struct rehearse *rehearse)
{
	static char colors[][16] = { [WHEN_AUTO] = "--color=auto",
				     [WHEN_ALWAYS] = "--color=always",
				     [WHEN_NEVER] = "--color=never" };
	static char quiet[] = "-q", verbose[] = "-v";
	char **words = calloc((size_t)rehearse->argc + 4, sizeof(*words));
	size_t count = 0;

	if (!words)
		return NULL;
	words[count++] = rehearse->argv[0];
	words[count++] = colors[rehearse->common.color];
	if (rehearse->common.quiet)
		words[count++] = quiet;
	if (rehearse->common.verbose)
		words[count++] = verbose;
	for (int i = 1; i < rehearse->argc; i++)
		words[count++] = rehearse->argv[i];
	return words;
}

static enum status become_program(const struct rehearse *rehearse)
{
	const char *directory = secure_getenv(VARIABLE);
	efimap_auto_free char **words = make_words(rehearse);
	char path[PATH_MAX];

	if (!words)
		return say_errno("rehearse", -ENOMEM);
	snprintf(path, sizeof(path), "%s/rehearse",
		 directory && *directory ? directory : EFIMAP_IMPORTER_DIR);
	execv(path, words);
	if (errno == ENOENT)
		say("%s, which boots kernels, is not installed: install the package " PACKAGE
		    " (it exists for x86-64 only)", path);
	else
		say("%s: %s", path, strerror(errno));
	return STATUS_UNREADABLE;
}

static enum status rehearse_run(void *args)
{
	const struct rehearse *rehearse = args;
	efimap_auto_map struct efimap *map = NULL;
	efimap_auto_map struct efimap *handed = NULL;
	enum status status = source_open_map(rehearse->common.source, &map);
	int ret;

	/* What is handed over may be anything, or nothing. */
	if (status == STATUS_OK && rehearse->handed)
		status = source_read(rehearse->handed, &handed);
	if (status != STATUS_OK)
		return status;
	ret = put_source(map, STDIN_FILENO);
	if (!ret && handed)
		ret = put_source(handed, REHEARSE_HANDED_FD);
	return ret < 0 ? say_errno(map->name, ret) : become_program(rehearse);
}

const struct command cmd_rehearse = {
	.name = "rehearse",
	.summary = "boot a kernel on the map, in a virtual machine",
	.options = options,
	.parser = rehearse_option,
	.doc = "Boot a kernel in a virtual machine that has SOURCE's memory map, but not its "
	       "firmware, and say what the kernel made of it. Status 0 when it came up as it "
	       "should, 1 when it did not, 3 when it could not be tried. " SOURCE_IS,
	.size = sizeof(struct rehearse),
	.begin = rehearse_begin,
	.run = rehearse_run,
};
