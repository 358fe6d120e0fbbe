# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# What the scripts share: packages of Debian 12, and building.
# shellcheck disable=SC2034 # used by the scripts that read this file

# To build and run the tool.
build_packages=(gcc libc6-dev meson ninja-build pkg-config
	libarchive-dev libbpf-dev libjansson-dev libkdumpfile-dev libmd-dev
	libseccomp-dev libsysfs-dev)
# To run everything that tests it.
test_packages=(bzip2 chromium clang codespell dracut-core fish fonts-dejavu-core git jq
	libclang-rt-14-dev libcmocka-dev make mandoc python3 python3-clang python3-jsonschema
	shellcheck sosreport sqlite3 strace xxd xz-utils zsh zstd)
# To look for faults in the sources.
analyse_packages=(clang cppcheck libcmocka-dev)
# To make mutants of sources.
mutant_packages=(libcmocka-dev python3 python3-clang python3-jsonschema)
# To build Debian packages and try them in a Debian of their own.
deb_packages=(autopkgtest mmdebstrap python3)
# To measure what the tests reach.
coverage_packages=(gcovr)
# To build RPMs.
rpm_packages=(libcmocka-dev python3 rpm)
# To build for other machines and run what was built.
port_packages=(gcc-i686-linux-gnu gcc-s390x-linux-gnu libcmocka-dev mmdebstrap python3 qemu-user)
# To boot real machines. kexec-tools is unpacked, not installed: installing it changes how
# this machine reboots.
e2e_packages=(busybox-static cpio e2fsprogs makedumpfile ovmf ovmf-ia32 python3
	qemu-system-x86)

say()
{
	printf '%s\n' "$*" >&2
}

# install_packages NAME… - install those that are missing; nothing is fetched when none is
install_packages()
{
	local missing=() name run=()
	for name; do
		[ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] ||
			missing+=("$name")
	done
	[ ${#missing[@]} -eq 0 ] && return 0
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			say "These packages are needed: ${missing[*]}"
			say "Install them as root (apt-get install ${missing[*]}) and run this again."
			return 1
		fi
		run=(sudo)
	fi
	say "Installing: ${missing[*]}"
	"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update >&2 </dev/null &&
		"${run[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y \
			--no-install-recommends "${missing[@]}" >&2 </dev/null
}

# build DIR TARGETS OPTION… - set up and compile in DIR; TARGETS in one word, "" for all
build()
{
	local dir=$1 targets=$2 jobs
	shift 2
	jobs=$(nproc)
	mkdir -p "$dir" || return
	if [ -f "$dir/build.ninja" ]; then
		meson configure "$dir" "$@" >"$dir/setup.log" 2>&1
	else
		meson setup "$dir" "$@" >"$dir/setup.log" 2>&1
	fi || {
		cat "$dir/setup.log" >&2
		return 1
	}
	# shellcheck disable=SC2086 # a list of targets
	ninja -C "$dir" -j "$jobs" $targets >"$dir/compile.log" 2>&1 || {
		# From the first failure on; what comes before it only says what was built.
		sed -n '/^FAILED:/,$p' "$dir/compile.log" | head -n 60 >&2
		return 1
	}
}

# wrap_programs DIR COMMAND - in DIR/run, in the same places, programs that run those of DIR
# by COMMAND: tests start them by name
wrap_programs()
{
	local dir=$1 command=$2 program
	for program in src/cli/efimapctl importers/import-archive importers/import-vmcore; do
		mkdir -p "$dir/run/${program%/*}" &&
			printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$command" "$PWD/$dir/$program" \
				>"$dir/run/$program" && chmod +x "$dir/run/$program" || return
	done
}

# run_wrapped_cases DIR CASE… - the cases of the command line, by the programs that wrap_programs
# made, but for those CASES that cannot be tried so
run_wrapped_cases()
{
	local program=$1/run/src/cli/efimapctl cases
	shift
	say "cases of the command line, without $*"
	mapfile -t cases < <(python3 tests/cli/run.py --list "$program" |
		grep -vxF -f <(printf '%s\n' "$@"))
	python3 tests/cli/run.py --slow "$program" "${cases[@]}"
}
