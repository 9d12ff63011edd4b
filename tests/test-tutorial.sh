#!/bin/sh
# Does docs/tutorial.md tell what happens? Its commands are run in their order, and have to
# succeed and print what the page shows; numbers may be others, the words not. And does the
# shape of docs/first-shape.md compile?
set -u
export LC_ALL=C.UTF-8

scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
page=$SAXID_SRCDIR/docs/tutorial.md
count=0

# Without numbers and without how many blanks there are.
words () {
  sed -E 's/[0-9][0-9.e+-]*/#/g; s/[[:space:]]+/ /g; s/ $//' "$1"
}

report () {
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    echo "not ok $count - $2"
    sed 's/^/# /' "$scratch/why"
  fi
}

# Runs "COMMAND" of the page and compares with what is shown behind it: FILE
run () {
  command=$(sed -n '1s/^\$ //p' "$1")
  sed 1d "$1" >"$scratch/shown"
  (cd "$scratch/work" && saxid () { "$SAXID_BUILDDIR/saxid" "$@"; } && eval "$command") >"$scratch/printed" 2>"$scratch/why"
  status=$?
  if [ "$status" -eq 0 ] && [ -s "$scratch/shown" ]; then
    words "$scratch/shown" >"$scratch/a"
    words "$scratch/printed" >"$scratch/b"
    diff "$scratch/a" "$scratch/b" >"$scratch/why"
    status=$?
  fi
  report "$status" "$command"
}

mkdir "$scratch/work" "$scratch/work/demo"
cp "$SAXID_SRCDIR/demo/frame.h5" "$SAXID_SRCDIR/demo/frame.poni" "$scratch/work/demo"
chmod -R u+w "$scratch/work"

# One file for each command: the line and what follows it.
awk -v dir="$scratch" -v fence='```' '
  $0 == fence "console" { inside = 1; next }
  $0 == fence { inside = 0; next }
  inside && /^\$ / { file = sprintf ("%s/command-%02d", dir, ++n) }
  inside && n { print >file }' "$page"
n=$(find "$scratch" -name 'command-*' | wc -l)
echo "1..$((n + 3))"
for file in "$scratch"/command-*; do
  run "$file"
done
[ "$n" -ge 10 ]
report $? "there are $n commands"

awk -v fence='```' '$0 == fence "python" { inside = 1; next } $0 == fence { inside = 0 } inside' "$page" >"$scratch/work/read.py"
if "$PYTHON3" -c 'import h5py' 2>/dev/null; then
  (cd "$scratch/work" && "$PYTHON3" read.py) >"$scratch/printed" 2>"$scratch/why"
  grep -q '^sphere 0\.' "$scratch/printed"
  report $? "the tags in Python"
else
  count=$((count + 1))
  echo "ok $count - the tags in Python # SKIP there is no h5py"
fi

awk -v fence='```' '$0 == fence "c" { inside = 1; next } $0 == fence { inside = 0 } inside' \
  "$SAXID_SRCDIR/docs/first-shape.md" >"$scratch/shape.c"
[ -s "$scratch/shape.c" ] && $CC -std=gnu11 -Wall -Wextra -Werror -fsyntax-only -I"$SAXID_SRCDIR" -I"$SAXID_BUILDDIR" \
  $(pkg-config --cflags glib-2.0) "$scratch/shape.c" >"$scratch/why" 2>&1
report $? "the shape of first-shape.md compiles"
