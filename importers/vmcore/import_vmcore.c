/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * import-vmcore: read the capture of a crashed kernel from its dump alone. In Linux 6.0 and later,
 * VMCOREINFO contains the addresses of the parts of the kernel's symbol table (kallsyms). The
 * symbol table contains the address of the kernel's types (BTF). With symbols and types, the
 * kernel's variables can be read. No debuginfo, System.map or vmlinux is needed.
 */

#include "../sandbox.h"
#include "base/cleanup.h"
#include "capture_from_dump.h"
#include "dump_memory.h"
#include "flattened_dump.h"
#include "kernel_symbols.h"

static int take_all(struct vmcore *vm, struct efimap_err *err)
{
	static int (*const takers[])(struct vmcore *vm) = {
		take_kernel, take_boot_params, take_setup_data, take_memmap, take_iomem,
	};
	int ret = kallsyms_read(vm, err);

	if (!ret)
		ret = types_load(vm, err);
	if (!ret)
		ret = take_efi(vm, err);
	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]) && !ret; i++)
		ret = takers[i](vm);
	types_free(vm);
	return ret;
}

static int read_vmcore(struct importer *importer, struct efimap **ret_map,
		       struct efimap_err *err)
{
	efimap_auto_map struct efimap *map = NULL;
	struct vmcore vm = { .label = importer->label };
	int fd = -1;
	int ret = spool_input(importer, &fd, err);

	if (ret)
		return ret;
	ret = confine_self(err);
	if (ret)
		return ret;
	ret = dump_open(importer->label, fd, &vm.memory, err);
	if (ret)
		return ret;
	ret = efimap_new(importer->name, EFIMAP_ORIGIN_VMCORE, &map);
	if (ret)
		return ret;
	vm.map = map;
	ret = take_all(&vm, err);
	if (ret)
		return ret;
	efimap_seal(map);
	*ret_map = efimap_steal(map);
	return 0;
}

int main(int argc, char **argv)
{
	return importer_main(argc, argv, "import-vmcore",
			     "Print a capture (a kernel crash dump) as a snapshot "
			     "document.\n",
			     read_vmcore);
}
