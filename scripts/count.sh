# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Run tests as steps and sum their results. Scripts source lib.sh before this file, and call
# count_begin and count_end.

. scripts/progress.sh

passed=0 failed=0 skipped=0 failures=()
# Process group of scripts/e2e while it runs in the background
e2e=''

# count_begin NAME - start the first step, and print a progress line each minute until the script
# ends
count_begin()
{
	step "$1"
	start_progress 55
	trap 'stop_progress; stop_machines' EXIT
}

# skip NAME REASON - report that a step is skipped
skip()
{
	say "skipped: $1: $2"
	skipped=$((skipped + 1))
}

# check NAME COMMAND… - run a command, and count it as one test
check()
{
	local name=$1
	shift
	step "$name"
	if "$@"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		failures+=("$name")
		say "FAILED: $name"
	fi
}

# count_line LOG RESULT - print meson's number of tests with this result
count_line()
{
	sed -n "s/^$2: *\([0-9]*\) *\$/\1/p" "$1" | tail -n 1 | grep . || echo 0
}

# suite DIR OPTION… - run the meson tests of a build and add their results
suite()
{
	local dir=$1 log=$1/test-run.log status=0 ok bad without left_out
	shift
	step "tests of $dir $*"
	follow "$log"
	rm -f "$dir"/meson-logs/testlog*
	# Some tests wait for time limits, and leave their core to the additional process.
	meson test -C "$dir" --no-rebuild --print-errorlogs --num-processes $(($(nproc) + 1)) "$@" \
		>"$log" 2>&1 </dev/null || status=$?
	ok=$(($(count_line "$log" Ok) + $(count_line "$log" 'Expected Fail')))
	bad=$(($(count_line "$log" Fail) + $(count_line "$log" Timeout) +
		$(count_line "$log" 'Unexpected Pass')))
	# The log of a test lists the cases that this machine cannot run.
	without=$(cat "$dir"/meson-logs/testlog*.txt | grep -a '^skipped: .*: needs ' | sort -u)
	left_out=$(($(count_line "$log" Skipped) + $(printf '%s' "$without" | grep -c .)))
	[ "$status" -eq 0 ] || [ "$bad" -ne 0 ] || bad=1
	# A log without any test shows that meson failed.
	[ $((ok + bad + left_out)) -ne 0 ] || bad=1
	if [ "$bad" -ne 0 ]; then
		failures+=("tests of $dir $*")
		cat "$log" >&2
	fi
	[ -z "$without" ] || say "$(printf '%s\n' "$without" | sed 's/.*: needs //' | sort | uniq -c |
		sed 's/^ *\([0-9]*\) \(.*\)/       \1 skipped, needs \2/')"
	cat "$dir"/meson-logs/testlog*.txt | grep -a '^skipped: ' | grep -av ': needs ' | sort -u |
		sed 's/^/       /' >&2
	passed=$((passed + ok))
	failed=$((failed + bad))
	skipped=$((skipped + left_out))
	say "       $ok passed, $bad failed, $left_out skipped"
}

# start_machines OPTION… - start scripts/e2e, which boots machines in QEMU, in the background
start_machines()
{
	mkdir -p build-test-release
	setsid ./scripts/e2e "$@" >build-test-release/e2e.log 2>&1 </dev/null &
	e2e=$!
}

# stop_machines - stop scripts/e2e and the machines if the calling script ends before them
stop_machines()
{
	[ -z "$e2e" ] || kill -- "-$e2e" 2>/dev/null
}

# count_machines OPTION… - wait until scripts/e2e ends. Each scenario is one test.
count_machines()
{
	local log=build-test-release/e2e.log status=0 good bad
	step "real machines $*"
	follow "$log"
	wait "$e2e" || status=$?
	e2e=
	good=$(grep -c '^ok ' "$log")
	bad=$(grep -c '^FAIL ' "$log")
	if [ "$status" -ne 0 ] && [ "$status" -ne 77 ] && [ "$bad" -eq 0 ]; then
		bad=1
	fi
	skipped=$((skipped + $(grep -c '^skipped: ' "$log")))
	passed=$((passed + good))
	failed=$((failed + bad))
	[ "$bad" -eq 0 ] || failures+=("real machines $*")
	grep -v '^W: ' "$log" >&2
}

machines()
{
	start_machines "$@"
	count_machines "$@"
}

count_end()
{
	local name
	for name in "${failures[@]}"; do
		say "FAILED: $name"
	done
	step 'end'
	if [ "$skipped" -ne 0 ]; then
		echo "$passed passed, $failed failed, $skipped skipped"
	else
		echo "$passed passed, $failed failed"
	fi
	[ "$failed" -eq 0 ]
}
