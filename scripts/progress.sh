# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0-or-later
# Print the steps of a script with their times, and progress lines during long steps. Scripts source
# lib.sh before this file.

# Files in this directory contain the name of the current step and the name of its log. The
# background process that prints progress lines reads them.
progress=$(mktemp -d) || exit

# say_time TEXT - print the time since the start of the script, and TEXT
say_time()
{
	say "$(printf '%2d:%02d' $((SECONDS / 60)) $((SECONDS % 60)))  $1"
}

# step NAME - print the time and NAME at the start of a step
step()
{
	: >"$progress/log"
	printf '%s\n' "$1" >"$progress/step"
	say_time "$1"
}

follow()
{
	printf '%s\n' "$1" >"$progress/log"
}

alone()
{
	local status=0
	: >"$progress/alone"
	"$@" || status=$?
	rm -f "$progress/alone"
	return "$status"
}

say_still()
{
	local name log line=''
	[ ! -e "$progress/alone" ] || return
	name=$(cat "$progress/step")
	log=$(cat "$progress/log")
	[ ! -f "$log" ] || line=$(tail -c 400 "$log" | tr '\r' '\n' | grep . | tail -n 1)
	name="still: $name${line:+: $line}"
	say_time "${name:0:72}"
}

# start_progress SECONDS - print a progress line whenever this time has passed, until stop_progress
start_progress()
{
	while sleep "$1"; do say_still; done &
	progress_process=$!
}

stop_progress()
{
	kill "$progress_process" 2>/dev/null
	rm -rf "$progress"
}
