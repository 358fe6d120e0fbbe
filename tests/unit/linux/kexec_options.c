/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "linux/kexec_options.h"
#include "test.h"

TEST(the_last_option_selects_the_system_call)
{
	static const struct {
		const char *args;
		enum kexec_call call;
		bool is_hotplug;
		bool is_noefi;
		bool has_other_entry;
	} rows[] = {
		{ "", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "-d", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "-s", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "-ds", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "-sd -c", EFIMAP_KEXEC_CALL_LOAD, false },
		{ "-s\t-c", EFIMAP_KEXEC_CALL_LOAD, false },
		{ "-c -s", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "-sc", EFIMAP_KEXEC_CALL_LOAD, false },
		{ "-a", EFIMAP_KEXEC_CALL_AUTO, false },
		{ "--kexec-syscall-auto", EFIMAP_KEXEC_CALL_AUTO, false },
		{ "--kexec-syscall-a", EFIMAP_KEXEC_CALL_AUTO, false },
		{ "--kexec-syscall", EFIMAP_KEXEC_CALL_LOAD, false },
		{ "--kexec-file", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "\t--kexec-f\n", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		/* Ambiguous or unknown options select nothing. */
		{ "--kexec-s", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "--kexec-file-syscalls", EFIMAP_KEXEC_CALL_DEFAULT, false },
		/* The argument of an option is not itself an option. */
		{ "-t -s", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "-ts", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "--command-line -s", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "--command-line=x -s", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "--mem-max=1 -c", EFIMAP_KEXEC_CALL_LOAD, false },
		/* Operands do not end the options, but "--" does. */
		{ "image -s", EFIMAP_KEXEC_CALL_FILE_LOAD, false },
		{ "-- -s", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "-", EFIMAP_KEXEC_CALL_DEFAULT, false },
		/* --hotplug, --noefi, --real-mode and --entry-32bit have no short options. */
		{ "--hotplug -c", EFIMAP_KEXEC_CALL_LOAD, true },
		{ "--hot", EFIMAP_KEXEC_CALL_DEFAULT, true },
		{ "-H", EFIMAP_KEXEC_CALL_DEFAULT, false },
		{ "--noefi -c", EFIMAP_KEXEC_CALL_LOAD, false, true },
		{ "--noe", EFIMAP_KEXEC_CALL_DEFAULT, false, true },
		{ "--append --noefi", EFIMAP_KEXEC_CALL_DEFAULT, false, false },
		{ "-N", EFIMAP_KEXEC_CALL_DEFAULT, false, false },
		{ "--real-mode -c", EFIMAP_KEXEC_CALL_LOAD, false, false, true },
		{ "--entry-32", EFIMAP_KEXEC_CALL_DEFAULT, false, false, true },
		{ "--entry 0 -E", EFIMAP_KEXEC_CALL_DEFAULT, false, false, false },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kexec_options options = parse_kexec_options(rows[i].args);

		print_message("%s\n", rows[i].args);
		assert_int_equal(options.call, rows[i].call);
		assert_int_equal(options.is_hotplug, rows[i].is_hotplug);
		assert_int_equal(options.is_noefi, rows[i].is_noefi);
		assert_int_equal(options.has_other_entry, rows[i].has_other_entry);
	}
}

TEST(unknown_options_and_operands_are_unsupported)
{
	static const char *const supported[] = {
		"",
		"-d",
		"-a -d",
		"-s --hotplug",
		"-clpfixyd",
		"--force --noefi",
		"--mem-min 0x10",
		"--mem-max=0X7fffffff",
		"--mem-max=1 --mem-min=",
		"--reset-vga --elf64-core-headers",
		"--args-linux",
	};
	static const char *const unsupported[] = {
		"-t bzImage",
		"-ct",
		"--type=bzImage",
		"--typ x",
		"-q",
		"-u",
		"-ce",
		"-S",
		"--status",
		"--kexec-s",
		"--kexec-file-syscalls",
		"--unload",
		"--append=noefi",
		"--initrd=x",
		"--reuse-cmdline",
		"--entry=0x100000",
		"--pass-memmap-cmdline",
		"-s --",
		"image",
		"nr_cpus=1 -s",
		"--no-cma",
		"--serial=x",
		"--mem-max=512M",
		"--mem-min=foo -s",
		"--mem-max=0x",
		"--mem-max=010",
		"--mem-max=-1",
		"--mem-max=99999999999999999999",
		"--mem-min -t",
		"-s --mem-max",
		"--module",
	};

	for (size_t i = 0; i < ARRAY_SIZE(supported); i++)
		assert_false(parse_kexec_options(supported[i]).has_unsupported);
	for (size_t i = 0; i < ARRAY_SIZE(unsupported); i++)
		assert_true(parse_kexec_options(unsupported[i]).has_unsupported);
}

TEST(address_limits_are_options_of_kexec)
{
	static const struct {
		const char *args;
		uint64_t mem_min;
		uint64_t mem_max;
	} rows[] = {
		{ "-c", 0, 0 },
		{ "--mem-max=0x3fffffff", 0, 0x3fffffff },
		{ "--mem-max 0x3fffffff -c", 0, 0x3fffffff },
		{ "--mem-max=8 --mem-min=16\t-c", 16, 8 },
		{ "--mem-ma=5 --mem-max=6", 0, 6 },
		{ "--mem-min=", 0, 0 },
		{ "--mem-min=16M", 0, 0 },
		{ "--initrd=/boot/initrd.img", 0, 0 },
		{ "--mem-max=0", 0, 1 },
		{ "--mem-max=x", 0, 0 },
		{ "--mem-max=0X10", 0, 16 },
		{ "--mem-max=-1", 0, 0 },
		{ "--mem-max", 0, 0 },
		{ "--command-line --mem-max=5", 0, 0 },
		{ "-t --mem-max=5", 0, 0 },
		{ "-- --mem-max=5", 0, 0 },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		const struct kexec_options options = parse_kexec_options(rows[i].args);

		print_message("%s\n", rows[i].args);
		assert_int_equal(options.mem_min, rows[i].mem_min);
		assert_int_equal(options.mem_max, rows[i].mem_max);
	}
}
