#!/bin/sh
# examples/demo/tour.sh
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
#
# Shows the demo at work. The argument is the build folder.

set -eu

build=$(cd "${1:?usage: tour.sh BUILD-FOLDER}" && pwd)
folder=$(mktemp -d "${TMPDIR:-/tmp}/release-demo.XXXXXX")
log=$folder/log
master=

# Whatever happens, nothing stays behind.
cleanup ()
{
  status=$?
  if [ -n "$master" ] && kill -0 "$master" 2>/dev/null
  then
    kill "$master" 2>/dev/null || :
    wait "$master" 2>/dev/null || :
  fi
  if [ "$status" -ne 0 ] && [ -s "$log" ]
  then
    echo "The master's log:" >&2
    cat "$log" >&2
  fi
  rm -rf "$folder"
  exit "$status"
}
trap cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say ()
{
  printf '\n%s\n' "$*"
}

# Prints the given field of /proc/PID/status.
field ()
{
  sed -n "s/^$2:[[:space:]]*\([^[:space:]]*\).*/\1/p" "/proc/$1/status" 2>/dev/null || :
}

user_name ()
{
  id -nu "$1" 2>/dev/null || echo "$1"
}

children ()
{
  for status in /proc/[0-9]*/status
  do
    pid=${status#/proc/}
    pid=${pid%/status}
    if [ "$(field "$pid" PPid)" = "$1" ]
    then echo "$pid"
    fi
  done
}

show_tree ()
{
  printf '  %-14s %-8s %s\n' "$(field "$master" Name)" "$master" \
         "$(user_name "$(field "$master" Uid)")"
  for pid in $(children "$master")
  do
    printf '  +- %-11s %-8s %s\n' "$(field "$pid" Name)" "$pid" "$(user_name "$(field "$pid" Uid)")"
  done
}

# Waits, ten seconds at most, until the log has more than $2 lines with the text $1.
await ()
{
  tries=0
  until [ "$(grep -c -- "$1" "$log")" -gt "${2:-0}" ]
  do
    tries=$((tries + 1))
    if [ "$tries" -gt 100 ] || ! kill -0 "$master" 2>/dev/null
    then
      echo "This did not come: $1" >&2
      exit 1
    fi
    sleep 0.1
  done
}

show_log ()
{
  grep -- "$1" "$log" | tail -n "${2:-1}" | sed 's/^/  /'
}

# The slaves of a master that is root run as somebody who may not see the build folder: what they
# execute is copied to where everybody may look.
chmod 755 "$folder"
for file in examples/demo/demo-master examples/demo/demo-slave examples/demo/demo-helper \
            examples/demo/demo-control release/librelease-1.so.0 release-exec/release-exec
do
  mkdir -p "$folder/build/$(dirname "$file")"
  cp -L "$build/$file" "$folder/build/$file"
done
demo=$folder/build/examples/demo

set -- --lock-file "$folder/demo.pid" --control "$folder/control" --slaves 3 \
       --helper-control "$folder/helper-control"
if [ "$(id -u)" -eq 0 ]
then
  set -- "$@" --privileged --user nobody
  say "The master starts as root; its slaves are to run as nobody."
else
  say "The master starts. (Started as root, it would run its slaves as another user.)"
fi
"$demo/demo-master" "$@" >"$log" 2>&1 &
master=$!
await 'requests answered'

say "These processes run (name, PID, user):"
show_tree

say "The slaves ask all the time, two questions each in flight, and check the answers:"
show_log 'requests answered'

say "A control program sends \"hello\" to the master, and to the helper:"
echo "  $("$demo/demo-control" "$folder/control" hello)"
echo "  $("$demo/demo-control" "$folder/helper-control" hello)"

say "It has the master broadcast the word \"tea\" to all slaves:"
echo "  $("$demo/demo-control" "$folder/control" broadcast:tea)"
await 'Broadcast received: tea' 3
show_log 'Broadcast received: tea' 4

victim=$(children "$master" | head -n 1)
say "A slave, process $victim, is killed, and comes back as another process:"
started=$(grep -c 'started' "$log")
kill -KILL "$victim"
await 'started' "$started"
show_log "$victim.*\(KILL\|killed\)"
show_tree

say "A second master on the same lock file is refused:"
second=0
"$demo/demo-master" "$@" >"$folder/second" 2>&1 || second=$?
sed 's/^/  /' "$folder/second"
echo "  (exit status $second)"
[ "$second" -eq 75 ]

say "The master is told to stop, and stops its slaves first:"
pids=$(children "$master")
kill -TERM "$master"
status=0
wait "$master" || status=$?
for pid in $pids
do
  if [ -e "/proc/$pid" ]
  then
    echo "Process $pid is still there" >&2
    exit 1
  fi
done
tail -n 3 "$log" | sed 's/^/  /'
echo "  (exit status $status)"
master=
for file in "$folder"/demo.pid* "$folder"/control* "$folder"/helper-control*
do
  if [ -e "$file" ]
  then
    echo "$file was left behind" >&2
    exit 1
  fi
done
say "Nothing is left behind: no process, no socket, no lock file."

exit "$status"
