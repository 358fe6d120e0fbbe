/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Reading and shape of the map.
 * Words only: the tests are in src/check/shape.c.
 */
#include "model/rules.h"

const struct efimap_rule efimap_rules_shape[RULES_SHAPE] = {
	{
		.id = EFIMAP_RULE_MAP_ABSENT,
		.name = "map-absent",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests =
			"The kernel was booted with EFI, but there is no "
			"sys/firmware/efi/runtime-map.",
		.why =
			"Both loaders take the map from the running kernel. Without "
			"it kexec-tools clears efi_info in boot_params, and "
			"kexec_file_load hands over no EFI state.",
		.breaks =
			"It boots as if the machine had no EFI, without one message: "
			"no efivars, no EFI reboot, ACPI only if the loader passed "
			"the RSDP.",
		.exceptions =
			"A note that names the reason where something explains it: "
			"noefi or efi=noruntime on the command line, a PREEMPT_RT "
			"kernel (by its release) without efi=runtime, Xen, mixed mode "
			"after kexec, a 32-bit kernel after kexec or on 64-bit firmware, "
			"a kernel whose log speaks of a \"32/64-bit mismatch\", or another "
			"architecture than x86 (by the release of a capture's kernel), whose "
			"kernels have no such map and hand EFI on in the device tree. "
			"Skipped in a capture that holds none of the other files of "
			"sys/firmware/efi: the map was then not collected.",
		.fix =
			"Look for efi=noruntime or noefi in /proc/cmdline, for "
			"CONFIG_EFI_RUNTIME_MAP in the kernel's configuration, and "
			"for \"Failed to remap late EFI memory map\" in the kernel log.",
		.source =
			"arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init; "
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"setup_efi_data",
		.rows =
			"map-absent, file-map-absent, old-map-absent, "
			"mixed-map-absent, crash-map-absent",
		.experiment = "Boots, has no EFI at all and prints not one message."),
	},
	{
		.id = EFIMAP_RULE_MAP_EMPTY,
		.name = "map-empty",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP),
		.text = TEXT(
		.tests = "sys/firmware/efi/runtime-map is there but has no entries.",
		.why =
			"kexec-tools reads zero descriptors and then clears efi_info "
			"in boot_params, as if the directory did not exist.",
		.breaks = "It boots as if the machine had no EFI, without one message.",
		.exceptions = "Not tried where log-incomplete speaks of the map.",
		.fix =
			"Take the capture again as root, on the host and not in a "
			"container; if the directory stays empty, report a kernel "
			"bug.",
		.source =
			"arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init; "
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"get_efi_runtime_map",
		.rows = "map-empty",
		.experiment = "Boots, has no EFI at all and prints not one message."),
	},
	{
		.id = EFIMAP_RULE_MAP_INDEX_GAP,
		.name = "map-index-gap",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests =
			"The directories under runtime-map are not numbered 0 to n-1, "
			"or a snapshot lacks an entry that its names list.",
		.why =
			"The kernel creates all of them, without a gap, or none: a "
			"missing number is an entry that was lost on the way, in a "
			"copied capture for instance.",
		.breaks =
			"kexec-tools hands over what is left. If the lost entry was "
			"runtime code or data, the first firmware call faults.",
		.exceptions =
			"none; the order in which a directory lists its entries does "
			"not matter",
		.fix =
			"Take the capture again and compare the number of entries "
			"with \"EFI runtime memory map\" in the kernel log (efi=debug).",
		.source = "arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init",
		.rows = "index-gap",
		.experiment =
			"Works. That an entry is lost is what counts: without the "
			"runtime code runtime services are disabled (code-dropped)."),
	},
	{
		.id = EFIMAP_RULE_MAP_NAME_ODD,
		.name = "map-name-odd",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests =
			"A directory under runtime-map has a name that is no decimal "
			"number as the kernel writes it: \"01\", \"x\".",
		.why =
			"The kernel makes no such directory, but kexec-tools reads "
			"every one it finds, whatever its name.",
		.breaks =
			"It may get a descriptor that the running kernel does not "
			"have.",
		.exceptions =
			"Plain files beside the entries: kexec-tools takes one for a "
			"copy of the entry that it read before, which is harmless. It "
			"leaves out names that begin with a dot.",
		.fix =
			"Remove the directory from the capture, or take the capture "
			"again.",
		.source =
			"arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init; "
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"get_efi_runtime_map",
		.rows = "name-odd",
		.experiment =
			"The runtime code's directory named \"x\": works, kexec-tools "
			"reads it."),
	},
	{
		.id = EFIMAP_RULE_MAP_FILE_UNREADABLE,
		.name = "map-file-unreadable",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests =
			"One of the five files of an entry is missing, empty, not a "
			"plain file, or may not be read.",
		.why =
			"kexec-tools reads all entries into one static record and "
			"does not notice a file that it cannot open: the entry "
			"silently keeps the value of the entry read before it, the "
			"first one whatever the stack held.",
		.breaks =
			"It maps the wrong memory for this entry; a wrong physical "
			"address hangs it in the first firmware call, wrong values of "
			"virt_addr, num_pages or type end runtime services, and a "
			"wrong attribute changes nothing.",
		.exceptions =
			"A map of which no file may be read is no finding: verify "
			"then ends with \"denied\". A sixth file is ignored.",
		.fix =
			"Load and capture as root. If the file is missing on the "
			"running system, do not kexec; reboot through the firmware.",
		.source =
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"get_efi_runtime_map",
		.rows =
			"code-phys-missing, code-virt-missing, code-pages-missing, "
			"code-type-missing, attribute-missing, code-phys-empty",
		.experiment =
			"Without phys_addr the second kernel does not boot; without "
			"virt_addr or type runtime services are disabled; without "
			"num_pages or attribute it worked."),
	},
	{
		.id = EFIMAP_RULE_MAP_VALUE_SYNTAX,
		.name = "map-value-syntax",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_BOOT,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests =
			"A file of an entry does not hold what the kernel writes: 0x, "
			"1 to 16 hexadecimal digits (8 for type) and a newline.",
		.why =
			"kexec-tools reads with scanf, which stops at the first "
			"character that does not fit and takes signs and overflow for "
			"numbers: a wrong value is handed over without a message.",
		.breaks =
			"It trusts the wrong value. A wrong phys_addr hangs it in the "
			"first firmware call; a wrong virt_addr, num_pages or type "
			"disables runtime services.",
		.exceptions =
			"Upper-case digits, leading zeros and a missing newline are "
			"accepted.",
		.fix =
			"Take the capture again without editing or converting it; on "
			"the running system report a kernel bug.",
		.source =
			"arch/x86/platform/efi/runtime-map.c: type_show and the other "
			"show functions; kexec-tools "
			"kexec/arch/i386/x86-linux-setup.c: file_scanf",
		.rows = "code-phys-junk, code-phys-decimal",
		.experiment =
			"A phys_addr that kexec-tools cannot read does not boot: it "
			"keeps the value of the entry before."),
	},
	{
		.id = EFIMAP_RULE_MAP_TOO_BIG,
		.name = "map-too-big",
		.severity = EFIMAP_ERROR,
		.consequence = EFIMAP_CONSEQ_NO_EFI,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_MARKS,
		.text = TEXT(
		.tests =
			"The map has more entries than the next kernel can map early: "
			"more than 6553 descriptors of 40 bytes.",
		.why =
			"The next kernel maps the descriptors it is given with "
			"early_memremap, which takes 64 pages (256 KiB) at most, page "
			"offset included.",
		.breaks =
			"\"Could not map the memory map!\": no runtime-map and no "
			"variables.",
		.exceptions =
			"A warning from 80 % of the limit, 5243 entries. "
			"kexec_file_load may use descriptors of 48 bytes at any "
			"offset in a page: from 5377 entries it can fail, above 5461 "
			"it does; the warning says so.",
		.fix =
			"Boot without efi=debug, which keeps boot-services entries in "
			"the map; between 5377 and 6553 entries load with kexec_load "
			"(kexec -c).",
		.source =
			"drivers/firmware/efi/memmap.c: __efi_memmap_init; "
			"mm/early_ioremap.c: __early_ioremap; "
			"arch/x86/include/asm/fixmap.h: NR_FIX_BTMAPS; "
			"kexec-tools kexec/arch/i386/x86-linux-setup.c: "
			"setup_efi_info",
		.rows = "entries-6553, entries-6554, old-entries-6554",
		.experiment =
			"6553 entries of 40 bytes work; 6554 end in \"Could not map the "
			"memory map!\". The 48-byte limit is computed from the same "
			"check."),
	},
	{
		.id = EFIMAP_RULE_MAP_EXTRA_FILE,
		.name = "map-extra-file",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_FILES,
		.text = TEXT(
		.tests =
			"An entry holds a file that is not attribute, num_pages, "
			"phys_addr, type or virt_addr. Of a map of more than 32 "
			"entries only the first is looked through: a kernel that "
			"makes more files makes them for every entry.",
		.why =
			"A kernel that exports more says more about its regions than this tool, "
			"and the loader, can know. In a capture the file may come from "
			"whoever took it.",
		.breaks = "Nothing: no loader reads the file.",
		.exceptions = "Files beside the directories of the entries.",
		.fix =
			"Look at the file. If the kernel is not a private one, a newer "
			"efimapctl may know it.",
		.source = "arch/x86/platform/efi/runtime-map.c: def_attrs",
		.experiment =
			"None needed: kexec-tools opens the five files by name "
			"(x86-linux-setup.c: get_efi_runtime_map)."),
	},
	{
		.id = EFIMAP_RULE_MAP_COUNT_ODD,
		.name = "map-count-odd",
		.severity = EFIMAP_NOTE,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_RUNTIME_MAP) |
			 EFIMAP_NEEDS_MARKS,
		.text = TEXT(
		.tests = "The map has one entry, or more than 128.",
		.why =
			"Real maps have 3 to 28 entries of the firmware, large servers about "
			"100. One entry cannot be both code and data; hundreds are a firmware "
			"that lists page by page, or a map made by hand.",
		.breaks = "Nothing by their number: up to 6553 entries fit.",
		.exceptions =
			"More than 128 with efi=debug, which keeps all boot-services regions, "
			"and in mixed mode, which exports conventional memory. Where map-empty "
			"or map-too-big speaks, this does not.",
		.fix =
			"Compare with \"EFI runtime memory map\" in the kernel log (efi=debug).",
		.source = "arch/x86/platform/efi/runtime-map.c: efi_runtime_map_init",
		.rows = "entry-400",
		.experiment = "400 more entries work."),
	},
	{
		.id = EFIMAP_RULE_LOG_INCOMPLETE,
		.name = "log-incomplete",
		.severity = EFIMAP_WARNING,
		.consequence = EFIMAP_CONSEQ_NONE,
		.needs = EFIMAP_NEEDS(EFIMAP_SRC_EFI),
		.text = TEXT(
		.tests =
			"The map or memmap was read from a kernel log in which lines of it "
			"are missing or cannot be read, or the one that names the kernel.",
		.why =
			"The kernel numbers the lines of its memory map, so a gap shows. What "
			"the lost lines said is not known: an entry may be missing here, and "
			"virtual addresses are not predicted beyond the gap. Without the line "
			"\"Linux version\" nobody knows whether this kernel kept boot services "
			"of a runtime map that it printed.",
		.breaks = "Nothing: it reads its map, not a log.",
		.exceptions =
			"A log that goes with a collected sys/firmware: nothing of the map is "
			"read from it. Lines lost at the end of a list leave no gap.",
		.fix =
			"Take the log from the journal (journalctl -k -b) or from "
			"/var/log/dmesg instead of a console; with log_buf_len=4M the kernel's "
			"own buffer holds it all.",
		.source =
			"arch/x86/platform/efi/efi.c: efi_print_memmap; "
			"arch/x86/kernel/e820.c: e820__print_table",
		.experiment =
			"None: it is about what was collected, not about a hand-over."),
	},
};
