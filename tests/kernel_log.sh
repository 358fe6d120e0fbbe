# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a mount namespace, replace the kernel log with an empty log. The log of this machine must not
# affect the test, and root in a user namespace has no permission to read it.
mount -t tmpfs dev /mnt
for file in null zero full random urandom tty; do
	[ -e "/dev/$file" ] || continue
	: >"/mnt/$file"
	mount --bind "/dev/$file" "/mnt/$file"
done
for file in shm pts; do
	[ -d "/dev/$file" ] || continue
	mkdir "/mnt/$file"
	mount --rbind "/dev/$file" "/mnt/$file"
done
ln -s /proc/self/fd /mnt/fd
ln -s /proc/self/fd/0 /mnt/stdin
ln -s /proc/self/fd/1 /mnt/stdout
ln -s /proc/self/fd/2 /mnt/stderr
: >/mnt/kmsg
mount --rbind /mnt /dev
