#!/bin/sh
# Does the module keep its word to a host that knows only its header?
set -u
work=$(mktemp -d) && trap 'rm -rf "$work"' EXIT
if [ -n "${SAXID_DATA-}" ]; then
  cp "$SAXID_DATA/nexus/1998spheres.h5" "$work/run.h5" && chmod u+w "$work/run.h5"
else
  cp "$SAXID_SRCDIR/demo/run.nxs" "$work/run.h5" && chmod u+w "$work/run.h5"
fi
ldd tests/hosts/plain-host | grep -qi glib && { echo "Bail out! the host links GLib"; exit 1; }
# not exec: the trap has to run
tests/hosts/plain-host "$SAXID_PLUGIN" "$work/run.h5" 2> "$work/stderr"
status=$?
if [ -s "$work/stderr" ]; then
  sed 's/^/# stderr: /' "$work/stderr"
  echo "not ok 1000 - the module prints nothing"
fi
exit $status
