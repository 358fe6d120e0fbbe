/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Access the memory of a crashed kernel with libkdumpfile.
 *
 * libkdumpfile 0.5.1 crashes on some damaged dumps (docs/upstream/). The library runs in the
 * sandbox (sandbox.c), and efimapctl reports a crash of import-vmcore as a damaged dump.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libkdumpfile/kdumpfile.h>

#include "base/cleanup.h"
#include "dump_memory.h"

/* struct dump - an open dump; @is_damaged: the dump's content caused the last failure */
struct dump {
	struct memory base;
	kdump_ctx_t *ctx;
	bool is_damaged;
	char why[256];
};

static struct dump *to_dump(struct memory *memory)
{
	return (struct dump *)(void *)memory;
}

static int dump_read(struct memory *memory, enum space space, uint64_t address, void *data,
		     size_t size)
{
	kdump_ctx_t *ctx = to_dump(memory)->ctx;
	size_t count = size;
	const kdump_status status = kdump_read(
		ctx, space == SPACE_PHYSICAL ? KDUMP_MACHPHYSADDR : KDUMP_KVADDR, address,
		data, &count);

	if (status == KDUMP_OK && count == size)
		return 0;
	to_dump(memory)->is_damaged = status == KDUMP_ERR_CORRUPT || status == KDUMP_ERR_EOF;
	return status == KDUMP_ERR_SYSTEM ? -EIO : -ENODATA;
}

static char *dump_vmcoreinfo(struct memory *memory, const char *key)
{
	kdump_ctx_t *ctx = to_dump(memory)->ctx;
	char *value = NULL;

	if (kdump_vmcoreinfo_line(ctx, key, &value) != KDUMP_OK) {
		kdump_clear_err(ctx);
		return NULL;
	}
	return value;
}

static const char *dump_why(struct memory *memory)
{
	struct dump *dump = to_dump(memory);
	const char *text = kdump_get_err(dump->ctx);

	snprintf(dump->why, sizeof(dump->why), "%s%s",
		 dump->is_damaged ? "the dump is damaged or truncated: " : "",
		 text ? text : "the dump lacks the data");
	return dump->why;
}

static int fail_dump(const char *label, kdump_ctx_t *ctx, const char *what, struct efimap_err *err)
{
	const char *text = kdump_get_err(ctx);

	return efimap_err_set(err, EBADMSG, label, "%s%s%s", what, text ? ": " : "",
			      text ? text : "");
}

/*
 * Reject a dump of an architecture other than x86_64. If libkdumpfile finds no architecture, assume
 * x86_64. This occurs with QEMU's dumps in makedumpfile's format, because they contain only the
 * machine field of utsname, and libkdumpfile ignores an incomplete utsname. If the assumption is
 * wrong, no address can be translated.
 */
static int set_arch(const char *label, kdump_ctx_t *ctx, struct efimap_err *err)
{
	const char *arch;

	if (kdump_get_string_attr(ctx, KDUMP_ATTR_ARCH_NAME, &arch) == KDUMP_OK) {
		if (strcmp(arch, KDUMP_ARCH_X86_64) == 0)
			return 0;
		return efimap_err_set(err, EBADMSG, label,
				      "a dump of another architecture: a runtime map can "
				      "be read only from x86_64 dumps");
	}
	kdump_clear_err(ctx);
	if (kdump_set_string_attr(ctx, KDUMP_ATTR_ARCH_NAME, KDUMP_ARCH_X86_64) == KDUMP_OK)
		return 0;
	return fail_dump(label, ctx, "the dump cannot be read as an x86_64 dump", err);
}

/*
 * If the release begins with only two numbers, as in Debian's 7.3-cloud-amd64 (version 7.3~rc7),
 * replace the rest with ".0", because libkdumpfile expects three numbers.
 */
static void complete_release(struct dump *dump)
{
	efimap_auto_free char *release = dump_vmcoreinfo(&dump->base, "OSRELEASE");
	char text[32];

	if (!release)
		return;
	release[strspn(release, "0123456789.")] = '\0';
	if (!strchr(release, '.') || strchr(release, '.') != strrchr(release, '.'))
		return;
	snprintf(text, sizeof(text), "%s.0", release);
	kdump_set_string_attr(dump->ctx, "linux.uts.release", text);
}

/*
 * Set the OS type to "linux", so that libkdumpfile parses VMCOREINFO and translates virtual
 * addresses.
 */
static int set_linux(const char *label, struct dump *dump, struct efimap_err *err)
{
	kdump_ctx_t *ctx = dump->ctx;
	char *raw = NULL;
	bool is_linux;

	if (kdump_set_string_attr(ctx, KDUMP_ATTR_OSTYPE, "linux") != KDUMP_OK)
		complete_release(dump);
	if (kdump_vmcoreinfo_raw(ctx, &raw) != KDUMP_OK)
		return efimap_err_set(
			err, EBADMSG, label,
			"the dump lacks VMCOREINFO, which contains the addresses of kernel "
			"data; the file may be the core dump of a process, or a dump that "
			"kdump did not write");
	free(raw);
	is_linux = kdump_set_string_attr(ctx, KDUMP_ATTR_OSTYPE, "linux") == KDUMP_OK;
	return is_linux ? 0
			: fail_dump(label, ctx,
				    "virtual addresses of the dump's kernel cannot be "
				    "translated",
				    err);
}

static int open_context(const char *label, struct dump *dump, int fd, struct efimap_err *err)
{
	kdump_ctx_t *ctx = dump->ctx;
	int ret;

	/* With mmap(), access to a part that is missing from the file would raise SIGBUS. */
	kdump_set_number_attr(ctx, KDUMP_ATTR_FILE_MMAP_POLICY, KDUMP_MMAP_NEVER);
	if (kdump_open_fd(ctx, fd) != KDUMP_OK)
		return fail_dump(label, ctx, "not a crash dump that libkdumpfile can read", err);
	ret = set_arch(label, ctx, err);
	if (ret)
		return ret;
	return set_linux(label, dump, err);
}

/*
 * The dump stays open until the process exits, because kdump_free() of libkdumpfile 0.5.1 reads
 * freed memory for every dump in makedumpfile's format.
 */
int dump_open(const char *label, int fd, struct memory **ret_memory, struct efimap_err *err)
{
	static struct dump dump = { .base = { dump_read, dump_vmcoreinfo, dump_why } };
	int ret;

	dump.ctx = kdump_new();
	if (!dump.ctx)
		return -ENOMEM;
	ret = open_context(label, &dump, fd, err);
	if (!ret)
		*ret_memory = &dump.base;
	return ret;
}
