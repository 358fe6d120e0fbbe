/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Reduce kernel parameters to those that efimapctl uses. */
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/text_scan.h"
#include "capture/kernel_parameters.h"
#include "input/kept_parameters.h"

/*
 * A parameter that rules use, or that helps to understand a map. Of its value, the numbers and the
 * words in @words are kept. Other characters become "x". The parameter is kept, because the kernel
 * treats an invalid value differently from a missing parameter.
 *
 * @names:      the parameters, separated by commas
 * @words:      words separated by commas, or NULL
 * @separators: characters between numbers and words; NULL if no answer depends on the numbers and
 *              words, which then also become "x"
 * @is_hex:     numbers are hexadecimal without "0x"
 */
struct kept_parameter {
	const char *names;
	const char *words;
	const char *separators;
	bool is_hex;
};

static const struct kept_parameter kept[] = {
	/*
	 * Parameters of which no value is kept: of EFI, memory, interrupts and the crash kernel.
	 * Without root=, a kernel may unpack its initrd into tmpfs. put_boot_image() in redaction.c
	 * usually writes BOOT_IMAGE=. Otherwise, keep its length, because verify treats long
	 * parameters in a log as possibly truncated (rules/kdump_state.c: may_cmdline_be_cut).
	 */
	{ "noefi,add_efi_memmap,efi_no_storage_paranoia,acpi_no_memhotplug,disable_mtrr_trim,"
	  "movable_node,nokaslr,no5lvl,gbpages,nogbpages,nopat,reset_devices,novmcoredd,nosmp,"
	  "noapic,nolapic,nox2apic,irqpoll,irqfixup,no_timer_check,ima_appraise_tcb,root,"
	  "BOOT_IMAGE" },
	/* Numbers */
	{ "reservelow,log_buf_len,hugepagesz,default_hugepagesz,cma_pernuma,nr_cpus,maxcpus,"
	  "disable_cpu_apicid,sysctl.kernel.kexec_load_disabled,iommu.passthrough,iommu.strict",
	  NULL, "" },
	{ "panic", NULL, "-" },
	{ "acpi_rsdp", NULL, "", .is_hex = true },
	/* The boot ID of the crashed kernel (integration/kdump). */
	{ "efimap.first", NULL, "-", .is_hex = true },
	{ "hugetlb_cma,hugepages,numa_cma", NULL, ",:" },
	/* Switches */
	{ "kho,crash_kexec_post_notifiers,efi_pstore.pstore_disable",
	  "on,off,y,n,yes,no,true,false", "" },
	{ "noexec,iomem,mem_encrypt,accept_memory,lockdown,ima_appraise",
	  "on,off,relaxed,strict,lazy,eager,integrity,confidentiality,log,fix,enforce", "" },
	/* EFI: drivers/firmware/efi, arch/x86/platform/efi, drivers/acpi. */
	{ "efi",
	  "debug,runtime,noruntime,old_map,nochunk,novamap,nosoftreserve,"
	  "disable_early_pci_dma,no_disable_early_pci_dma",
	  "," },
	{ "efi_fake_mem", NULL, ",@:" },
	{ "acpi", "off,on,force,strict,noirq,rsdt,ht,copy_dsdt,nocmcff,nospcr", "" },
	/* Memory: arch/x86/kernel/e820.c, arch/x86/mm, mm. */
	{ "mem", "nopentium", "@" },
	{ "memmap", "exactmap", ",@#$!%+-" },
	{ "movablecore,kernelcore", "mirror", "%" },
	/* kexec, and memory reservations that affect it: kernel/kexec_core.c, crash_core.c. */
	{ "crashkernel", "high,low,cma,auto", ",:-@" },
	{ "cma", NULL, "@-" },
	{ "reserve_mem", NULL, ":" },
	{ "elfcorehdr", NULL, "@" },
	{ "kho_scratch", NULL, ",%" },
	{ "cgroup_disable", "memory,cpuset,cpu,io,pids,hugetlb,pressure", "," },
	/* The memory that a crash kernel allocates for DMA: kernel/dma/swiotlb.c. */
	{ "numa", "off", "," },
	{ "swiotlb", "force,noforce", "," },
	/* Devices: arch/x86/kernel/pci-dma.c, drivers/iommu, drivers/pci. */
	{ "iommu", "soft,off,on,force,noforce,merge,nomerge,panic,nopanic,pt,nopt", "," },
	{ "intel_iommu,amd_iommu",
	  "on,off,sm_on,sm_off,igfx_off,forcedac,strict,sp_off,fullflush,force_isolation,"
	  "force_enable,pgtbl_v1,pgtbl_v2,irtcachedis,nohugepages",
	  "," },
	{ "pci",
	  "off,nomsi,noaer,noacpi,nocrs,use_crs,nommconf,conf1,conf2,noats,realloc,earlydump,"
	  "nobfsort,pcie_bus_safe,pcie_bus_perf,pcie_bus_tune_off,pcie_bus_peer2peer,big_root_"
	  "window",
	  "," },
	{ "earlyprintk", "serial,ttyS0,ttyS1,vga,efi,xen,dbgp,xdbc,pciserial,force,keep", "," },
	{ "loadpin.exclude", "kexec-image,kexec-initramfs", "," },
	{ "ima_policy", "tcb,appraise_tcb,secure_boot,fail_securely,critical_data", "|" },
	/* With rootfstype=tmpfs, a kernel may unpack its initrd into tmpfs. */
	{ "rootfstype", "tmpfs,devtmpfs", "," },
	{ "initramfs_options", "size", ",=%" },
};

bool is_one_of_words(struct text text, const char *words)
{
	while (words && *words) {
		const size_t len = strcspn(words, ",");

		if (len == text.len && strncasecmp(words, text.at, len) == 0)
			return true;
		words += len + (words[len] == ',');
	}
	return false;
}

/* Return the length of a number with an optional unit (lib/cmdline.c: memparse), or 0. */
static size_t number_length(struct text text, bool is_hex)
{
	const size_t prefix = text_take(&text, "0x") || text_take(&text, "0X") ? 2 : 0;
	const size_t digits = text_span(text, is_hex || prefix ? EFIMAP_HEX_DIGITS : EFIMAP_DIGITS);

	if (!digits || digits > (is_hex || prefix ? 16 : 20))
		return 0;
	return prefix + digits +
	       (text.len > digits && text_is_one_of(text.at[digits], "kKmMgGtTpPeE"));
}

/* Replace each character of a value with "x", except separators, kept words and numbers. */
static void hide_value(const struct kept_parameter *row, char *value, size_t value_len)
{
	struct text rest = { value, value_len }, token = rest;

	for (; rest.len; text_skip(&rest, token.len + (token.len < rest.len))) {
		size_t kept_len = 0;
		char *at;

		for (token.at = rest.at, token.len = 0; token.len < rest.len; token.len++)
			if (row->separators && text_is_one_of(token.at[token.len], row->separators))
				break;
		if (is_one_of_words(token, row->words))
			kept_len = token.len;
		else if (row->separators)
			kept_len = number_length(token, row->is_hex);
		/* A kept "0" before "x" would look like a hexadecimal number. */
		if (kept_len == 1 && token.at[0] == '0' && token.len > 1)
			kept_len = 0;
		for (at = value + (token.at - value) + kept_len; at < token.at + token.len; at++)
			*at = 'x';
	}
}

/* Append the kept part of a parameter at *@ret_kept. Return whether the parameter is unchanged. */
static bool keep_parameter(const struct kernel_parameter *arg, const char *between, char **ret_kept)
{
	const struct kept_parameter *row = kept, *end = kept + sizeof(kept) / sizeof(kept[0]);
	char *text, *value;

	while (row < end && !parameter_is(arg, row->names))
		row++;
	if (row == end)
		return false;
	text = stpcpy(*ret_kept, between);
	*ret_kept = mempcpy(text, arg->text, arg->text_len);
	**ret_kept = '\0';
	if (!arg->value)
		return true;
	value = text + (arg->value - arg->text);
	hide_value(row, value, arg->value_len);
	return memcmp(value, arg->value, arg->value_len) == 0;
}

uint32_t capture_keep_parameters(const char *cmdline, char *ret_kept)
{
	char *const start = ret_kept;
	const char *rest = cmdline;
	struct kernel_parameter arg;
	uint32_t left_out = 0;

	*ret_kept = '\0';
	while (parameter_next(&rest, &arg)) {
		const char *between = ret_kept == start ? "" : " ";
		const struct text text = { arg.text, arg.text_len };

		if (keep_parameter(&arg, between, &ret_kept))
			continue;
		/*
		 * Keep a last parameter such as "crashk", because it shows verify that a log may
		 * contain a truncated crashkernel= (rules/kdump_state.c: may_cmdline_be_cut).
		 */
		if (!arg.text[arg.text_len] &&
		    strncmp("crashkernel", arg.text, arg.text_len) == 0) {
			ret_kept = stpcpy(stpcpy(ret_kept, between), arg.text);
			continue;
		}
		left_out += text_span(text, "x") < text.len;
	}
	/*
	 * Keep "--", after which a kdump service may append parameters. Remove the following words,
	 * which are arguments of init.
	 */
	if (*rest) {
		ret_kept = stpcpy(ret_kept, ret_kept == start ? "--" : " --");
		rest += strcspn(rest, " ");
	}
	for (rest += strspn(rest, " "); *rest; rest += strspn(rest, " ")) {
		const size_t len = strcspn(rest, " ");

		left_out += strspn(rest, "x") < len;
		rest += len;
	}
	return left_out;
}

bool has_other_parameter(const char *cmdline, const char *other)
{
	auto_free char *kept_part = memory_new(strlen(cmdline) + 1);
	struct kernel_parameter arg, same;

	while (parameter_next(&cmdline, &arg)) {
		const char *rest = other;
		char *end = kept_part;
		bool is_there = !keep_parameter(&arg, "", &end) || (arg.value && *arg.value == 'x');

		while (!is_there && parameter_next(&rest, &same))
			is_there = same.text_len >= arg.text_len &&
				   memcmp(same.text, arg.text, arg.text_len) == 0;
		if (!is_there)
			return true;
	}
	return false;
}

const char *capture_keep_crash_cmdline(struct arena *texts, const char *cmdline)
{
	char *shown = arena_alloc(texts, strlen(cmdline) + 2);

	capture_keep_parameters(cmdline, shown);
	/* If no parameter is kept, return "x" instead of "". Reducing "x" also returns "x". */
	if (!*shown && cmdline[strspn(cmdline, " ")])
		memcpy(shown, "x", sizeof("x"));
	return shown;
}
