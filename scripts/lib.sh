# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Functions that several scripts use to install packages of Debian 12 or later and to build the
# project.
# shellcheck disable=SC2034 # used by the scripts that read this file

build_packages=(gcc libc6-dev meson ninja-build pkgconf
	libjansson-dev libsysfs-dev zlib1g-dev)
test_packages=(bsdutils bzip2 clang clang-format codespell cpio dracut-core fish git gnupg jq
	libclang-rt-dev libcmocka-dev lz4 make mandoc mount python3 python3-jsonschema
	shellcheck sosreport sqlite3 strace systemd-dev xxd
	xz-utils zsh zstd)
analyse_packages=(clang cppcheck libcmocka-dev)
deb_packages=(autopkgtest mmdebstrap python3)
coverage_packages=(gcovr)
rpm_packages=(libcmocka-dev python3 rpm)
port_packages=(gcc-i686-linux-gnu gcc-s390x-linux-gnu libcmocka-dev mmdebstrap python3 qemu-user)
e2e_packages=(busybox-static cpio e2fsprogs makedumpfile ovmf ovmf-ia32 python3
	qemu-system-x86)

# Packages that tests extract into a cache without installing them, because installing kexec-tools
# would change how this machine reboots. If several packages match a regular expression, the last
# package in version order is extracted. A release of Debian may have no matching package.
unpacked_packages=(kexec-tools libnsl2 libwrap0 nagios-nrpe-plugin nagios-nrpe-server nagios4-core
	'promtool|prometheus' prometheus-node-exporter
	'linux-image-6\.12\.[0-9]+\+deb[0-9]+-cloud-amd64'
	'linux-image-6[0-9.]+(-[0-9]+|\+deb[0-9]+)-cloud-amd64')
apt_log=build-packages.log

# Options of the build that scripts/test and scripts/e2e share. -Os is the optimization of Debian's
# packages, and warnings depend on it.
release_options=(--buildtype=minsize -Dwerror=true)

say()
{
	printf '%s\n' "$*" >&2
}

# usage_of SCRIPT - print the comment at the beginning of a script
usage_of()
{
	sed -n '3,/^[^#]/s/^# \{0,1\}//p' "$1"
}

# "$1" is the first argument of the script that reads this file.
case ${1-} in
-h | --help)
	usage_of "${BASH_SOURCE[0]%/*}/${0##*/}"
	exit 0
	;;
esac

# refuse_arguments ARGUMENT… - report an unknown argument and exit, if there is an argument
refuse_arguments()
{
	[ $# -ne 0 ] || return 0
	say "scripts/${0##*/}: unknown argument $1; use --help"
	exit 2
}

# follow LOG - do nothing; progress.sh overrides this function to show the last line of LOG
follow()
{
	:
}

# alone COMMAND… - run a command that may ask for a password; progress.sh overrides this function to
# print no progress lines meanwhile
alone()
{
	"$@"
}

become_root()
{
	say 'Packages are missing; installing them with sudo.'
	alone sudo true
}

is_installed()
{
	[ "$(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null)" = installed ]
}

# download_size ARGUMENT… - print the size in MB that "apt-get ARGUMENT…" would download
download_size()
{
	apt-get -qq --print-uris "$@" </dev/null 2>>"$apt_log" |
		awk '{ sum += $3 } END { printf "%d MB", (sum + 999999) / 1000000 }'
}

# say_unpacked - print the number and download size of the unpacked_packages that tests will
# download
say_unpacked()
{
	local pattern name known names=()
	known=$(apt-cache pkgnames | grep -Ex "$(IFS='|' && echo "${unpacked_packages[*]}")" | sort -V)
	for pattern in "${unpacked_packages[@]}"; do
		name=$(grep -Ex "$pattern" <<<"$known" | tail -n 1)
		[ -n "$name" ] && [[ " ${names[*]} " != *" $name "* ]] && ! is_installed "$name" &&
			[ ! -e "${EFIMAPCTL_ORACLE_CACHE:-/var/cache/efimapctl-oracle}/$name" ] &&
			[ ! -e "${EFIMAPCTL_E2E_CACHE:-/var/cache/efimapctl-e2e}/$name" ] &&
			names+=("$name")
	done
	[ ${#names[@]} -eq 0 ] || say "Tests unpack ${#names[@]} packages without installing them:" \
		"$(download_size download "${names[@]}") to download."
}

missing=()

# has_package NAME - check whether apt's lists contain a package
has_package()
{
	apt-cache madison "$1" 2>/dev/null | grep -q .
}

# leave_out_unknown - remove from "missing" the packages that apt's lists lack, and report them
leave_out_unknown()
{
	local name known=() unknown=()
	for name in "${missing[@]}"; do
		if has_package "$name"; then known+=("$name"); else unknown+=("$name"); fi
	done
	missing=("${known[@]}")
	[ ${#unknown[@]} -eq 0 ] || say "This release of Debian does not have: ${unknown[*]}"
}

# find_missing NAME… - set "missing" to the packages that are not installed. If there are any,
# update apt's lists. Packages that this release of Debian lacks are reported and not included,
# because the tests that need them are skipped.
find_missing()
{
	local name
	missing=() as_root=()
	for name; do
		is_installed "$name" || missing+=("$name")
	done
	# Lists that contain apt itself are complete.
	! has_package apt || leave_out_unknown
	[ ${#missing[@]} -ne 0 ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null || ! become_root; then
			say "These packages are not installed: ${missing[*]}"
			say "To install them, run as root:" \
				"apt-get update && apt-get install ${missing[*]}"
			return 1
		fi
		as_root=(sudo)
	fi
	say "Running apt-get update; its output is in $apt_log."
	run_apt update || return
	leave_out_unknown
	[ ${#missing[@]} -eq 0 ] || say "Missing packages: ${missing[*]}"
}

# run_apt ARGUMENT… - run apt-get as root. The log contains its output, which is shown if apt-get
# fails.
run_apt()
{
	follow "$apt_log"
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q "$@" \
		>>"$apt_log" 2>&1 </dev/null && return
	tail -n 20 "$apt_log" >&2
	return 1
}

install_missing()
{
	[ ${#missing[@]} -ne 0 ] || return 0
	local install=(install -y --no-install-recommends "${missing[@]}")
	say "Installing them and what they need: $(download_size "${install[@]}") to download."
	run_apt "${install[@]}"
}

# install_packages NAME… - print the missing packages and the size of their download, and install
# them
install_packages()
{
	find_missing "$@" && install_missing
}

# build DIR TARGETS OPTION… - set up and compile in DIR. TARGETS is one argument, which is empty
# for all targets.
build()
{
	local dir=$1 targets=$2
	shift 2
	mkdir -p "$dir" || return
	follow "$dir/setup.log"
	if [ -f "$dir/build.ninja" ]; then
		meson configure "$dir" "$@" >"$dir/setup.log" 2>&1
	else
		meson setup "$dir" "$@" >"$dir/setup.log" 2>&1
	fi || {
		cat "$dir/setup.log" >&2
		return 1
	}
	follow "$dir/compile.log"
	# shellcheck disable=SC2086 # a list of targets
	ninja -C "$dir" -j "$(nproc)" $targets >"$dir/compile.log" 2>&1 || {
		# Lines before the first failure only list built files.
		sed -n '/^FAILED:/,$p' "$dir/compile.log" | head -n 60 >&2
		return 1
	}
}

# copy_project DIR - copy to DIR the files that git tracks or would add
copy_project()
{
	mkdir -p "$1" &&
		git ls-files -z --cached --others --exclude-standard |
		tar -c --null --ignore-failed-read -T - | tar -x -C "$1"
}

# find_mirror - print the URL from which apt gets the packages of Debian 12
find_mirror()
{
	# shellcheck disable=SC2016 # apt-get expands these variables
	apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Codename: bookworm' |
		head -n 1
}

# wrap_program DIR COMMAND - create a script in DIR/run that runs the tool of DIR with COMMAND.
# Tests start this script instead of the tool, and use the same schemas.
wrap_program()
{
	local dir=$1 command=$2 program=src/cli/efimapctl
	mkdir -p "$dir/run/${program%/*}" &&
		printf '#!/bin/sh\nexec %s "%s" "$@"\n' "$command" "$PWD/$dir/$program" \
			>"$dir/run/$program" && chmod +x "$dir/run/$program" &&
		ln -sfn ../schema "$dir/run/schema"
}

# These cases fail under valgrind and qemu-user, which lack openat2(2). Without openat2(2), the tool
# follows no symbolic links.
link_cases=(bad-link-directory bad-values entry-no-directory links links-no-openat2 log-places
	setup-data-nodes sos-snapshot values)

# run_wrapped_cases DIR CASE… - run all command-line cases except CASE… with the script that
# wrap_program created in DIR/run
run_wrapped_cases()
{
	local program=$1/run/src/cli/efimapctl cases
	shift
	say "cases of the command line, without $*"
	mapfile -t cases < <(python3 tests/cli/run.py --list "$program" |
		grep -vxF -f <(printf '%s\n' "$@"))
	python3 tests/cli/run.py --slow "$program" "${cases[@]}"
}
