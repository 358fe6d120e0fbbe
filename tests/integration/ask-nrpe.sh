# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# usage: sh ask-nrpe.sh NRPE CONFIG CHECK_NRPE PORT COMMAND...
# Start the NRPE daemon, wait until it answers, and run the command.
"$1" -c "$2" -f >nrpe.log 2>&1 &
daemon=$!
n=0
while ! "$3" -H 127.0.0.1 -p "$4" -t 5 >/dev/null 2>&1 && [ $n -lt 100 ]; do
	n=$((n + 1))
	sleep 0.1
done
status=0
shift 4
"$@" || status=$?
kill $daemon
wait $daemon 2>/dev/null || :
exit $status
