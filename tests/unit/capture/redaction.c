/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "../map_with_ranges.h"
#include "capture/redaction.h"

TEST(words_that_decide_stay)
{
	static const struct {
		const char *cmdline, *kept;
		uint32_t left_out;
	} rows[] = {
		{ "", "", 0 },
		{ "   ", "", 0 },
		{ "efi=debug", "efi=debug", 0 },
		{ "root=/dev/sda1 ro quiet", "", 3 },
		{ " a efi=noruntime  b=c noefi", "efi=noruntime noefi", 2 },
		{ "mem-encrypt=on add-efi-memmap", "mem-encrypt=on add-efi-memmap", 0 },
		{ "crashkernel=1G,high ip=secret", "crashkernel=1G,high", 1 },
		{ "acpi=off acpi_rsdp=0x1 mem=8G memmap=1G$4G",
		  "acpi=off acpi_rsdp=0x1 mem=8G memmap=1G$4G", 0 },
		{ "elfcorehdr=0x1 mem_encrypt=on noefi", "elfcorehdr=0x1 mem_encrypt=on noefi", 0 },
		/* Each name contains the name of a kept parameter, but differs from it. */
		{ "efi_secret=1 efi.secret=1 xefi efisecret", "", 4 },
		/*
		 * Quotation marks may enclose a parameter, a value or several parameters, or be
		 * unterminated.
		 */
		{ "\"efi=debug\" x", "\"efi=debug\"", 1 },
		{ "efi=\"debug\" x", "efi=\"debug\"", 1 },
		{ "efi=\"debug a=secret noefi", "", 1 },
		{ "\"efi=debug secret\" noefi", "noefi", 1 },
		{ "luks.key=\"efi=debug noefi\"", "", 1 },
		/* Parameters after "--" are passed to init, so all of them are removed. */
		{ "noefi -- efi=debug  secret", "noefi", 3 },
		{ "-- noefi", "", 2 },
		{ "--noefi efi", "efi", 1 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map efimap_auto_map = with_cmdline(rows[i].cmdline);
		struct efimap_redacted_capture efimap_auto_redacted_capture redacted = {
			0
		};

		assert_int_equal(efimap_redact_capture(map, &redacted), 0);
		assert_int_equal(redacted.map.n_redacted, rows[i].left_out);
		assert_string_equal(redacted.map.cmdline, rows[i].kept);
	}
}

TEST(the_capture_stays_and_sums_add_up)
{
	struct efimap *map efimap_auto_map = with_cmdline("a noefi b");
	struct efimap_redacted_capture efimap_auto_redacted_capture once = { 0 },
								    twice = { 0 };

	assert_int_equal(efimap_redact_capture(map, &once), 0);
	assert_int_equal(efimap_redact_capture(&once.map, &twice), 0);
	assert_string_equal(map->cmdline, "a noefi b");
	assert_false(map->redacted);
	assert_true(twice.map.redacted);
	assert_int_equal(twice.map.n_redacted, 2);
	assert_string_equal(twice.map.cmdline, "noefi");
}

TEST(no_directory_of_a_name_stays)
{
	static const struct {
		const char *name, *kept;
	} rows[] = {
		{ "/", "/" },
		{ "//", "/" },
		{ "-", "-" },
		{ ".", "." },
		{ "capture", "capture" },
		{ "host/capture", "capture" },
		{ "/srv/host/capture//", "capture" },
		{ "/capture", "capture" },
		{ "host/", "host" },
		{ "/srv/sosreport-host-2026-11-22-abcdefg", "sosreport" },
		{ "sosreport-host-2026-11-22-abcdefg.tar.xz", "sosreport" },
		{ "sosreport-host/", "sosreport" },
		{ "sosreport-host-2026-11-22-abcdefg/sos_commands/kernel/dmesg", "dmesg" },
		{ "sos-collector-host.tar.gz", "sos-collector" },
		{ "scc_host_261122_1200.txz", "supportconfig" },
		{ "nts_host_261122_1200/", "supportconfig" },
		{ "sosreport", "sosreport" },
		{ "my-sosreport", "my-sosreport" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map efimap_auto_map = with_cmdline("");
		struct efimap_redacted_capture efimap_auto_redacted_capture redacted = {
			0
		};

		map->name = map->first_name = rows[i].name;
		assert_int_equal(efimap_redact_capture(map, &redacted), 0);
		assert_string_equal(redacted.map.name, rows[i].kept);
		assert_string_equal(redacted.map.first_name, rows[i].kept);
	}
}

struct path {
	const char *path, *release, *kept;
};

static void try_path(const struct path *row)
{
	struct efimap *map efimap_auto_map = with_cmdline("");
	struct efimap_redacted_capture efimap_auto_redacted_capture redacted = { 0 };
	struct efimap_installed_kernel kernel = { .header = { .name = row->path },
						  .initrd = row->path };

	snprintf(kernel.header.release, sizeof(kernel.header.release), "%s", row->release);
	assert_int_equal(efimap_add_kernel(map, &kernel), 0);
	assert_int_equal(efimap_redact_capture(map, &redacted), 0);
	assert_string_equal(redacted.map.kernels[0].header.name, row->kept);
	assert_string_equal(redacted.map.kernels[0].initrd, row->kept);
	assert_string_equal(map->kernels[0].header.name, row->path);
}

TEST(directories_of_distributions_stay)
{
#define ID "0123456789abcdef0123456789abcdef"
	static const struct path rows[] = {
		{ "", "", "" },
		{ "/boot/vmlinuz-6.1", "6.1", "/boot/vmlinuz-6.1" },
		{ "/lib/modules/6.1/vmlinuz", "6.1", "/lib/modules/6.1/vmlinuz" },
		{ "/lib/modules/host/vmlinuz", "6.1", "vmlinuz" },
		{ "/lib/modules//vmlinuz", "", "vmlinuz" },
		{ "/var/lib/kdump/initrd.img-6.1", "6.1", "/var/lib/kdump/initrd.img-6.1" },
		{ "/srv/host/vmlinuz", "6.1", "vmlinuz" },
		{ "/boot/host/vmlinuz", "6.1", "vmlinuz" },
		{ "/vmlinuz", "6.1", "vmlinuz" },
		{ "vmlinuz", "6.1", "vmlinuz" },
		{ "/efi/EFI/Linux/" ID "-6.1.efi", "6.1", "/efi/EFI/Linux/MACHINE-ID-6.1.efi" },
		{ "/boot/" ID "/6.1/linux", "6.1", "linux" },
		{ "/boot/" ID "-" ID, "6.1", "/boot/MACHINE-ID-MACHINE-ID" },
		{ "/boot/" ID "0", "6.1", "/boot/" ID "0" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		try_path(&rows[i]);
}

TEST(options_that_decide_stay)
{
	static const struct {
		const char *args, *kept;
	} rows[] = {
		{ "", "" },
		{ "-s", "-s" },
		{ "  -d --mem-max=0x1000  --command-line=secret", "-d --mem-max=0x1000" },
		{ "--append secret --mem-min 4096", "--mem-min 4096" },
		{ "--initrd=/srv/host/i --hotplug", "--hotplug" },
		{ "--append=root=secret", "" },
		{ "--hotplugged", "" },
		{ "--append=\"secret 10.0.0.1 4096\"", "" },
		{ "-s 10.0.0.1", "-s" },
		{ "--mem-min 4096 5551234", "--mem-min 4096" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct efimap *map efimap_auto_map = with_cmdline("");
		struct efimap_redacted_capture efimap_auto_redacted_capture redacted = {
			0
		};

		efimap_kexec_state(map)->crash_args = rows[i].args;
		assert_int_equal(efimap_redact_capture(map, &redacted), 0);
		assert_string_equal(redacted.map.kexec->crash_args, rows[i].kept);
	}
}
