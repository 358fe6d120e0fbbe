# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a mount namespace of our own: a kernel log that can be read, and is empty. That of this
# machine is another's, and root of a user namespace may not read it.
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
