# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# In a mount namespace, replace the kernel log with an empty log, and the configuration in /proc with
# that of the capture, or with a value without effect. Those of this machine must not affect the
# test, and root in a user namespace has no permission to read the log.
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
if [ -e /proc/config.gz ]; then
	read -r _ _ release _ </proc/version
	if [ -e "/boot/config-$release" ]; then
		gzip -cn "/boot/config-$release" >/mnt/config.gz
	else
		echo CONFIG_CMA_SIZE_MBYTES=0 | gzip -n >/mnt/config.gz
	fi
	mount --bind /mnt/config.gz /proc/config.gz
	rm /mnt/config.gz
fi
mount --rbind /mnt /dev
