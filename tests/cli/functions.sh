# shellcheck shell=sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Shell functions for the cases. They start no interpreter, so they are faster than the programs in
# bin/. A helper that another program starts must be in bin/.

# real NAME [DEST] - copy a real capture, and print the path of the copy, which the case may change
real()
{
	cp -R "$FIXTURES/real/$1" "${2:-$1}"
	printf '%s\n' "${2:-$1}"
}

# boot NAME N [DEST] - copy a real capture, give the copy a boot_id that ends with N, and print the
# path of the copy
boot()
{
	real "$1" "${3:-boot-$2}"
	mkdir -p "${3:-boot-$2}/proc/sys/kernel/random"
	echo "0f4dc9d2-5b0e-4c3a-9d0f-6f1c2b3a490$2" >"${3:-boot-$2}/proc/sys/kernel/random/boot_id"
}

# made NAME... - copy synthetic fixtures to the current directory, and print their paths. run.py has
# unpacked the fixtures whose names occur in the case.
made()
{
	for name; do
		cp -R "$MADE/$name" "$name"
		printf '%s\n' "$name"
	done
}

# validate FILE... - check JSON documents against the schemas. run.py does this after the
# case, because it loads the schemas only once. The case fails if a document is invalid.
validate()
{
	cat -- "$@" >>"$DOCUMENTS"
}

# members [FILE] - print each member of a JSON document on a line, and each row of a list
members()
{
	jq -r 'to_entries[] | if .value | type == "array" and . != []
		then "\(.key):", (.value[] | "  \(tojson)") else "\(.key): \(.value | tojson)" end' "$@"
}

# image FILE [OPTION...] - write an x86-64 kernel image that consists only of headers.
# tests/tools/kernel_image.py describes the options.
image()
{
	"$PYTHON" -SE "$TESTS/tools/kernel_image.py" "$@"
}

# namespace COMMAND... - run a command as root in its own mount namespace
namespace()
{
	"$PYTHON" -SE "$TESTS/tools/namespace.py" "$@"
}

# running CAPTURE COMMAND... - run a command with a capture mounted over the running system's files
running()
{
	"$PYTHON" -SE "$TESTS/tools/running.py" "$@"
}

# unprivileged COMMAND... - run a command as a user to whom file permissions apply
unprivileged()
{
	$UNPRIVILEGED "$@"
}

# entries DEST INDEX,TYPE,PHYS,VIRT,PAGES,ATTRIBUTE... - write a snapshot with these entries in the
# runtime map, without memmap and iomem
entries()
{
	dest=$1
	shift
	efimapctl snapshot "$FIXTURES/real/ovmf-q35-6.1-kexec-first" |
		jq '(.files, .recorded.mtimes) |= with_entries(
				select(.key | test("runtime-map|firmware/memmap|iomem") | not))
			| .files += ([$ARGS.positional[] | split(",") as $values
				| ["type", "phys_addr", "virt_addr", "num_pages", "attribute"] | to_entries[]
				| { key: "sys/firmware/efi/runtime-map/\($values[0])/\(.value)",
					value: "\($values[.key + 1])\n" }] | from_entries)' \
			--args "$@" >"$dest"
}

# facts SOURCE - write the output of dump for SOURCE to the file "facts". Check that the output for
# a snapshot of SOURCE is the same, and that a snapshot of this snapshot is the same.
facts()
{
	efimapctl snapshot -qO snapshot "$1" &&
		efimapctl snapshot -q snapshot | cmp - snapshot &&
		efimapctl dump -qJO facts "$1" &&
		efimapctl dump -qJ snapshot | diff -I '^  "source": ' - facts
}

# kernels [SOURCE] - print the state and a summary of the installed kernels in SOURCE. Default: the
# file "facts" that an earlier call wrote
kernels()
{
	[ $# -eq 0 ] || facts "$1" || return
	jq -r '.facts | .states.kernels, (.kernels[] |
		[.image, .release, .initrd, .initrd_size, (.unified | if . then "unified" else empty end),
			(.crash | if . then "crash" else empty end)] | map(tostring) | join(" "))' facts
}

# kexec_state [SOURCE] - print the state and the known members of "kexec" in the facts of SOURCE,
# one on each line. Default: the file "facts" that an earlier call wrote
kexec_state()
{
	[ $# -eq 0 ] || facts "$1" || return
	jq -r '.facts | .states.kexec, (.kexec // {} | to_entries[] |
		select(.value != null and .value != []) | "\(.key) \(.value)")' facts
}

# update_log TREE - set the release and the kernel parameters in the log of a tree to those in proc,
# because efimapctl ignores a log with another release or other parameters
update_log()
{
	d=$(printf '\001')
	sed -i "s$d\(Linux version \)[^ ]*$d\1$(cut -d ' ' -f 3 "$1/proc/version")$d
		s$d\(ommand line:\).*$d\1 $(cat "$1/proc/cmdline")$d" "$1/dmesg.txt"
}

# part NAME - begin a part of a case: print NAME, and change to a new directory
part()
{
	printf '== %s\n' "$1"
	mkdir "$CASE/$1"
	cd "$CASE/$1" || return
}
