# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# usage: sh run-nagios.sh NAGIOS CONFIG LOG
# Run Nagios for at most a minute, until it has logged the state of the service "local".
"$1" "$2" &
daemon=$!
n=0
until grep -q 'SERVICE ALERT: machine;local;' "$3" || [ $n -ge 600 ]; do
	n=$((n + 1))
	sleep 0.1
done
kill $daemon
wait $daemon
