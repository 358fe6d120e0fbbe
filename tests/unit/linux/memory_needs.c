/* SPDX-License-Identifier: GPL-2.0-or-later */
#include "capture/installed_kernels.h"
#include "linux/memory_needs.h"
#include "test.h"

#define MIB (UINT64_C(1) << 20)

TEST(needs_are_compared_with_both_bounds)
{
	const struct need need = { 100, 200 };

	assert_int_equal(fit_of(need, 99), EFIMAP_DOES_NOT_FIT);
	assert_int_equal(fit_of(need, 100), EFIMAP_MAY_FIT);
	assert_int_equal(fit_of(need, 199), EFIMAP_MAY_FIT);
	assert_int_equal(fit_of(need, 200), EFIMAP_FITS);
}

static const struct load_parts parts = {
	.image_size = 10 * MIB,
	.init_size = 60 * MIB,
	.initrd = { 40 * MIB, 40 * MIB },
	.unpacked = { true, 100 * MIB, 120 * MIB },
};

TEST(segments_contain_the_running_size_of_the_kernel)
{
	struct load_parts assumed = parts;

	assert_int_equal(segments_need(&parts).least, 100 * MIB);
	assert_int_equal(segments_need(&parts).most, 104 * MIB);
	assumed.init_size_max = 70 * MIB;
	assumed.initrd = (struct need){ 0, EFIMAP_NO_UPPER_BOUND };
	assert_int_equal(segments_need(&assumed).least, 60 * MIB);
	assert_int_equal(segments_need(&assumed).most, EFIMAP_NO_UPPER_BOUND);
}

TEST(loading_needs_the_files_and_their_copies)
{
	struct load_parts unknown = parts;

	assert_int_equal(loading_need(&parts, false).least, 50 * MIB);
	assert_int_equal(loading_need(&parts, false).most, 154 * MIB);
	/* The segments of a crash kernel are in reserved memory. */
	assert_int_equal(loading_need(&parts, true).most, 50 * MIB);
	unknown.image_size = 0;
	assert_int_equal(loading_need(&unknown, true).least, 40 * MIB);
	assert_int_equal(loading_need(&unknown, true).most, 100 * MIB);
}

TEST(a_crash_kernel_needs_its_initrd_packed_and_unpacked)
{
	static const char *const others[] = {
		"initramfs_options=size=60",	"initramfs_options=size=0%",
		"initramfs_options=size=101%",	"initramfs_options=mode=0755",
		"initramfs_options=size=60%,x", "initramfs_options=",
	};
	struct load_parts other = parts;
	struct need need = boot_need(&parts, "root=/dev/vda1 quiet");

	assert_int_equal(need.least, (56 + 40 + 100) * MIB);
	assert_int_equal(need.most, (60 + 40 + 120 + 16) * MIB);
	/* Without root=, the initrd is unpacked into a tmpfs of at most half of the memory. */
	assert_int_equal(boot_need(&parts, NULL).most, (60 + 40 + 240 + 16) * MIB);
	assert_int_equal(boot_need(&parts, "root= x").most, (60 + 40 + 240 + 16) * MIB);
	assert_false(may_unpack_into_tmpfs("root= root=x"));
	assert_true(may_unpack_into_tmpfs("root=x root="));
	assert_false(may_unpack_into_tmpfs("root=x root"));
	assert_true(may_unpack_into_tmpfs("root=x rootfstype=ext4,tmpfs"));
	assert_false(may_unpack_into_tmpfs("rootfstype=tmpfs rootfstype=ext4"));
	/* A kernel that may ignore initramfs_options= may use 50 %, not the larger size. */
	assert_int_equal(boot_need(&parts, "initramfs_options=size=60%").most, 356 * MIB);
	assert_int_equal(boot_need(&parts, "initramfs_options=size=20%").most, 716 * MIB);
	other.reads_initramfs_options = true;
	assert_int_equal(boot_need(&other, "initramfs_options=size=60%").most, 316 * MIB);
	assert_int_equal(boot_need(&other, "initramfs_options=size=100%").most, 236 * MIB);
	/* A value other than size=1% to size=100% counts as size=1%, the worst case. */
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_int_equal(boot_need(&other, others[i]).most, (236 + 99 * 120) * MIB);
	other.unpacked = (struct unpacked_size){ 0 };
	need = boot_need(&other, "root=/dev/vda1");
	assert_int_equal(need.least, 96 * MIB);
	assert_int_equal(need.most, EFIMAP_NO_UPPER_BOUND);
	/* Without an initrd, nothing is unpacked. */
	other.initrd = (struct need){ 0, 0 };
	assert_int_equal(boot_need(&other, "root=/dev/vda1").most, 76 * MIB);
	other.init_size = MIB;
	assert_int_equal(boot_need(&other, NULL).least, 0);
}

static void add_range(struct efimap *map, uint64_t first, uint64_t last, const char *name)
{
	capture_add_iomem(map, (struct span){ first, last }, 0, name, strlen(name));
}

TEST(a_crash_kernel_may_allocate_memory_for_dma)
{
	struct efimap *map;

	map = capture_create("test", EFIMAP_ORIGIN_LIVE);
	add_range(map, 0, 0x7fffffff, "System RAM");
	add_range(map, 0x60000000, 0x6fffffff, "Crash kernel");
	assert_int_equal(swiotlb_max(map, NULL), 0);
	/* Devices cannot access encrypted memory. */
	map->encrypted = true;
	assert_int_equal(swiotlb_max(map, NULL), 64 * MIB);
	map->encrypted = false;
	assert_int_equal(swiotlb_max(map, "mem_encrypt=on"), 64 * MIB);
	assert_int_equal(swiotlb_max(map, "mem_encrypt=off iommu=off"), 0);
	assert_int_equal(swiotlb_max(map, "iommu=pt,soft swiotlb=65536"), 128 * MIB);
	add_range(map, 0x100000000, 0x47fffffff, "System RAM");
	assert_int_equal(swiotlb_max(map, NULL), 64 * MIB);
	assert_int_equal(swiotlb_max(map, "swiotlb=131072,force"), 256 * MIB);
	assert_int_equal(swiotlb_max(map, "swiotlb=131073,force"), 512 * MIB);
	assert_int_equal(swiotlb_max(map, "swiotlb=force"), 64 * MIB);
	assert_int_equal(swiotlb_max(map, "quiet numa=off"), 0);
	add_range(map, 0x440000000, 0x447ffffff, "Crash kernel");
	assert_int_equal(swiotlb_max(map, "quiet numa=off"), 64 * MIB);
	capture_free(map);
}

/* With SME, a crash kernel always allocates the swiotlb, or the largest half that fits. */
TEST(swiotlb_of_a_host_with_sme)
{
	static char line[] = "Memory Encryption Features active: AMD SME\n";
	static char older[] = "AMD Memory Encryption Features active: SME\n";
	static char oldest[] = "AMD Secure Memory Encryption (SME) active\n";
	static char guest[] = "AMD Memory Encryption Features active: SEV\n";
	struct efimap *map = capture_create("x", EFIMAP_ORIGIN_TREE);

	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 192 * MIB), 0);
	map->log = line;
	map->log_len = strlen(line);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 192 * MIB), 64 * MIB);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 191 * MIB), 32 * MIB);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 2 * MIB), 0);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on swiotlb=1", 192 * MIB), 0);
	assert_int_equal(swiotlb_min(map, "quiet", 192 * MIB), 0);
	assert_int_equal(swiotlb_min(map, NULL, 192 * MIB), 0);
	map->log = older;
	map->log_len = strlen(older);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 192 * MIB), 64 * MIB);
	map->log = oldest;
	map->log_len = strlen(oldest);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 192 * MIB), 64 * MIB);
	map->log = guest;
	map->log_len = strlen(guest);
	assert_int_equal(swiotlb_min(map, "mem_encrypt=on", 192 * MIB), 0);
	map->log = NULL;
	map->log_len = 0;
	capture_free(map);
}

TEST(all_memory_of_the_crash_kernel_counts)
{
	struct need memory = { 1, 1 };
	struct efimap *map;

	map = capture_create("test", EFIMAP_ORIGIN_LIVE);
	assert_false(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	map->states[EFIMAP_SRC_IOMEM] = map->states[EFIMAP_SRC_CMDLINE] = EFIMAP_STATE_PRESENT;
	add_range(map, 0, 1023, "System RAM");
	assert_false(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	add_range(map, 0, 71, "Crash kernel");
	add_range(map, 100, 318, "Crash kernel");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	assert_int_equal(memory.least, 72 + 219);
	assert_int_equal(memory.most, 72 + 219);
	map->cmdline = capture_copy_text(map, "crashkernel=256M crashkernel=1K,cma");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	assert_int_equal(memory.least, 72 + 219);
	assert_int_equal(memory.most, 72 + 219 + 1024);
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KEXEC_TOOLS, &memory));
	assert_int_equal(memory.most, 72 + 219);
	map->cmdline = capture_copy_text(map, "crashkernel=x,cma");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	assert_int_equal(memory.most, UINT64_MAX);
	add_range(map, 300, 399, "Reserved");
	add_range(map, 0, 9, "ACPI Tables");
	add_range(map, 20, 29, "System RAM");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KEXEC_TOOLS, &memory));
	assert_int_equal(memory.least, 72 + 219 - 19 - 10);
	assert_int_equal(memory.most, 72 + 219);
	add_range(map, 0, UINT64_MAX - 1, "Reserved");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KEXEC_TOOLS, &memory));
	assert_int_equal(memory.least, 0);
	add_range(map, 0, UINT64_MAX - 1, "Crash kernel");
	assert_true(find_crash_memory(map, EFIMAP_LOADER_KERNEL, &memory));
	assert_int_equal(memory.least, 0);
	assert_int_equal(memory.most, UINT64_MAX);
	capture_free(map);
}

TEST(advised_sizes_are_larger_than_the_need)
{
	struct efimap *map = capture_create("x", EFIMAP_ORIGIN_TREE);

	assert_int_equal(advised_crashkernel(map, (struct need){ 0, 1 }), 64 * MIB);
	assert_int_equal(advised_crashkernel(map, (struct need){ 0, 200 * MIB }), 320 * MIB);
	assert_int_equal(advised_crashkernel(map, (struct need){ 0, EFIMAP_NO_UPPER_BOUND }), 0);
	/* Half of the RAM is the limit, and no size below the need is advised. */
	capture_add_kexec_state(map);
	kexec_state(map)->memory.total = 520 * MIB;
	assert_int_equal(advised_crashkernel(map, (struct need){ 0, 200 * MIB }), 256 * MIB);
	assert_int_equal(advised_crashkernel(map, (struct need){ 0, 257 * MIB }), 0);
	capture_free(map);
}
