/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * This is the only program of the guest. It sends an archive in cpio's "newc" format, with the
 * files that efimapctl reads, over the second serial port. Then it starts the second kernel, if
 * any, or restarts the machine. The program is not linked against any library, not even libc.
 */
#include <linux/reboot.h>
#include <stddef.h>
#include <stdint.h>
#include <asm/unistd.h>
#include <asm/ioctls.h>
#include <asm/termbits.h>
#include <linux/fcntl.h>

#define PATH_SIZE 512
#define LOG_SIZE (4 << 20)
#define SYSLOG_READ_ALL 3
/* ttyS1, major 4, minor 65: Documentation/admin-guide/devices.txt */
#define LINE_DEVICE (4 << 8 | 65)
#define CHARACTER_DEVICE 0020600

static int line = -1;
static char out[65536];
static size_t used;
static size_t sent;
static char log[LOG_SIZE];

static long call(long number, long a, long b, long c, long d, long e)
{
	register long r10 __asm__("r10") = d;
	register long r8 __asm__("r8") = e;
	long ret;

	__asm__ volatile("syscall"
			 : "=a"(ret)
			 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
			 : "rcx", "r11", "memory");
	return ret;
}

#define CALL(number, a, b, c, d) call((number), (long)(a), (long)(b), (long)(c), (long)(d), 0)

static size_t length(const char *text)
{
	size_t len = 0;

	while (text[len])
		len++;
	return len;
}

static void flush_line(void)
{
	for (size_t at = 0; at < used;) {
		const long count = CALL(__NR_write, line, out + at, used - at, 0);

		if (count <= 0)
			break;
		at += (size_t)count;
	}
	used = 0;
}

static void drain_line(void)
{
	flush_line();
	CALL(__NR_ioctl, line, TCSBRK, 1, 0);
}

static void put_byte(char c)
{
	if (used == sizeof(out))
		flush_line();
	out[used++] = c;
	sent++;
}

static void put_bytes(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		put_byte(data[i]);
}

static void pad(void)
{
	while (sent % 4)
		put_byte('\0');
}

/* Send a member of the archive. Only the two header fields that archive_read() uses are set. */
static void put_member(const char *name, const char *data, size_t size)
{
	const size_t name_size = length(name) + 1;

	put_bytes("070701", 6);
	for (unsigned int field = 0; field < 13; field++) {
		const size_t value = field == 6 ? size : field == 11 ? name_size : 0;

		for (unsigned int digit = 8; digit-- > 0;)
			put_byte("0123456789abcdef"[value >> 4 * digit & 15]);
	}
	put_bytes(name, name_size);
	pad();
	put_bytes(data, size);
	pad();
}

static void join(char *path, const char *directory, const char *name)
{
	size_t at = 0;

	for (size_t i = 0; directory[i] && at < PATH_SIZE - 2; i++)
		path[at++] = directory[i];
	path[at++] = '/';
	for (size_t i = 0; name[i] && at < PATH_SIZE - 1; i++)
		path[at++] = name[i];
	path[at] = '\0';
}

static long read_all(const char *path, char *data, size_t size)
{
	const long fd = CALL(__NR_open, path, O_RDONLY, 0, 0);
	size_t len = 0;
	long count = 1;

	if (fd < 0)
		return fd;
	while (len < size && count > 0) {
		count = CALL(__NR_read, fd, data + len, size - len, 0);
		if (count > 0)
			len += (size_t)count;
	}
	CALL(__NR_close, fd, 0, 0, 0);
	return count < 0 ? count : (long)len;
}

static void copy_file(const char *path)
{
	const long size = read_all(path, log, sizeof(log));

	if (size >= 0)
		put_member(path, log, (size_t)size);
}

/* The kernel's struct linux_dirent64, which its user-space headers do not define */
struct entry {
	uint64_t inode;
	int64_t offset;
	uint16_t size;
	uint8_t type;
	char name[];
} __attribute__((packed));

#define IS_DIRECTORY 4
#define IS_FILE 8

static int is_equal(const char *a, const char *b)
{
	while (*a && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

/* Do not send payloads of setup_data, which can contain keys, unless the type is SETUP_EFI (4). */
static int is_secret(const char *directory, const char *name)
{
	char path[PATH_SIZE], type[8];

	if (!is_equal(name, "data") || directory[length("sys/kernel/boot_params")] != '/')
		return 0;
	join(path, directory, "type");
	return read_all(path, type, sizeof(type)) != 4 || type[2] != '4';
}

/*
 * Send a file, or the regular files in a directory and in up to @depth levels of subdirectories.
 * Secrets, and hidden files and directories, are skipped.
 */
static void copy_tree(const char *path, unsigned int depth)
{
	char buffer[4096], inner[PATH_SIZE];
	const long fd = CALL(__NR_open, path, O_RDONLY | O_DIRECTORY, 0, 0);
	long size;

	if (fd < 0) {
		copy_file(path);
		return;
	}
	while ((size = CALL(__NR_getdents64, fd, buffer, sizeof(buffer), 0)) > 0) {
		for (long at = 0; at < size;) {
			const struct entry *entry = (const struct entry *)(buffer + at);

			at += entry->size;
			if (entry->name[0] == '.')
				continue;
			join(inner, path, entry->name);
			if (entry->type == IS_DIRECTORY && depth > 0)
				copy_tree(inner, depth - 1);
			else if (entry->type == IS_FILE && !is_secret(path, entry->name))
				copy_file(inner);
		}
	}
	CALL(__NR_close, fd, 0, 0, 0);
}

static void copy_machine(void)
{
	static const char *const paths[] = {
		"sys/firmware/efi/runtime-map",
		"sys/firmware/memmap",
		"sys/kernel/boot_params",
		"sys/firmware/efi/fw_platform_size",
		"sys/firmware/efi/fw_vendor",
		"sys/firmware/efi/runtime",
		"sys/firmware/efi/config_table",
		"sys/firmware/efi/systab",
		"proc/iomem",
		"proc/cmdline",
		"proc/version",
		"proc/cpuinfo",
	};
	long size;

	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		copy_tree(paths[i], 3);
	size = CALL(__NR_syslog, SYSLOG_READ_ALL, log, sizeof(log), 0);
	if (size > 0)
		put_member("dmesg.txt", log, (size_t)size);
}

/* Send the errno of kexec_file_load in a member that archive_load_error() reads. */
static void send_load_error(long error)
{
	char digits[4];

	for (unsigned int at = sizeof(digits); at-- > 0; error /= 10)
		digits[at] = (char)('0' + error % 10);
	put_member("kexec_file_load.error", digits, sizeof(digits));
	drain_line();
}

/* Start the second kernel. Return only if there is no second kernel, or if it cannot be started. */
static void start_other_kernel(void)
{
	const long kernel = CALL(__NR_open, "/then", O_RDONLY, 0, 0);
	const long initrd = CALL(__NR_open, "/then.cpio", O_RDONLY, 0, 0);
	long size, ret;

	if (kernel < 0)
		return;
	size = read_all("proc/cmdline", log, sizeof(log));
	if (size <= 0)
		return;
	log[size - 1] = '\0';
	ret = call(__NR_kexec_file_load, kernel, initrd, size, (long)log, 0);
	if (ret < 0)
		send_load_error(-ret);
	CALL(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_KEXEC, 0);
}

static __attribute__((used)) void run(void)
{
	struct termios raw = { .c_cflag = B115200 | CS8 | CREAD | CLOCAL };

	CALL(__NR_mkdir, "/proc", 0700, 0, 0);
	CALL(__NR_mkdir, "/sys", 0700, 0, 0);
	call(__NR_mount, (long)"proc", (long)"/proc", (long)"proc", 0, 0);
	call(__NR_mount, (long)"sys", (long)"/sys", (long)"sysfs", 0, 0);
	CALL(__NR_chdir, "/", 0, 0, 0);
	CALL(__NR_mknod, "/line", CHARACTER_DEVICE, LINE_DEVICE, 0);
	line = (int)CALL(__NR_open, "/line", O_RDWR | O_NOCTTY, 0, 0);
	CALL(__NR_ioctl, line, TCSETS, &raw, 0);
	copy_machine();
	put_member("TRAILER!!!", "", 0);
	drain_line();
	start_other_kernel();
	CALL(__NR_reboot, LINUX_REBOOT_MAGIC1, LINUX_REBOOT_MAGIC2, LINUX_REBOOT_CMD_RESTART, 0);
	for (;;)
		CALL(__NR_pause, 0, 0, 0, 0);
}

/* The compiler may replace loops with calls of memset(), and there is no libc. */
void *memset(void *to, int byte, size_t size)
{
	volatile char *at = to;

	while (size-- > 0)
		*at++ = (char)byte;
	return to;
}

__asm__(".globl _start\n_start:\n\txor %ebp, %ebp\n\tand $-16, %rsp\n\tcall run\n");
