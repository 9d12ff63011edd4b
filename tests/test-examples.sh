#!/bin/sh
# Do the hosts of examples/ say what they should?
set -u
export LC_ALL=C

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
examples=$SAXID_BUILDDIR/examples
count=0

# WHAT EXPECTED-LINE COMMAND…: ends well, and one of its lines is the expected one.
says () {
  what=$1
  line=$2
  shift 2
  count=$((count + 1))
  if "$@" >"$scratch/out" 2>&1 && grep -qE "$line" "$scratch/out"; then
    echo "ok $count - $what"
  else
    echo "not ok $count - $what"
    sed 's/^/# /' "$scratch/out"
  fi
}

fails () {
  what=$1
  shift
  count=$((count + 1))
  if "$@" >"$scratch/out" 2>&1 || [ "$(wc -l <"$scratch/out")" -ne 1 ]; then
    echo "not ok $count - $what"
  else
    echo "ok $count - $what"
  fi
}

echo 1..7
cp "$SAXID_SRCDIR/demo/run.nxs" "$scratch/run.nxs" && chmod u+w "$scratch/run.nxs"
says "curves" '^sphere, p = ' "$examples/curves" "$SAXID_PLUGIN"
says "files" '^/cylinder, frame 0: cylinder, p = ' "$examples/files" "$SAXID_PLUGIN" "$scratch/run.nxs"
count=$((count + 1))
[ -s "$scratch/run_saxid.nxs" ] && echo "ok $count - the tags lie beside the file" || echo "not ok $count - the tags lie beside the file"
says "frames" '^[0-9]+ points, q 0\.0.*: sphere, p = ' "$examples/frames" "$SAXID_PLUGIN" "$SAXID_SRCDIR/demo/frame.poni"
says "live" '^frame 4: sphere, p = ' "$examples/live" "$SAXID_PLUGIN" "$scratch/live.nxs"
says "what live wrote is read" '^5 curves' "$SAXID_BUILDDIR/saxid" tag --dry-run --fast "$scratch/live.nxs"
fails "a module that is not there" "$examples/curves" "$scratch/none.so"
