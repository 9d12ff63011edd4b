#!/bin/sh
# Do the examples of README.md compile and run, and do its links lead somewhere?
set -u
scratch=$(mktemp -d) || exit 99
trap 'rm -rf "$scratch"' EXIT
readme=$SAXID_SRCDIR/README.md
count=0

# The only block of a language: LANGUAGE, from README.md
block () {
  awk -v fence='```' -v language="$1" '
    $0 == fence language { inside = 1; next }
    $0 == fence { inside = 0 }
    inside' "$readme"
}

report () {
  count=$((count + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $count - $2"
  else
    echo "not ok $count - $2"
    sed 's/^/# /' "$scratch/out"
  fi
}

skip () {
  count=$((count + 1))
  echo "ok $count - $1 # SKIP $2"
}

# A verdict in one line: "sphere, p = 0.97"
is_verdict () {
  grep -Eqx '[a-z_]+, p = [01]\.[0-9]{2} ?.*' "$scratch/out" && [ "$(wc -l <"$scratch/out")" -eq 1 ]
}

links () {
  grep -oE '\]\([^)#]+\)' "$1" | sed 's/^](//; s/)$//' | grep -v '^https\?:' | while read -r target; do
    [ -e "$2/$target" ] || echo "$target: is linked, and not there"
  done
}

echo 1..7

block c >"$scratch/host.c"
# shellcheck disable=SC2086 — CC and flags are lists of words
$CC $SANITIZER_FLAGS -std=c11 -D_DEFAULT_SOURCE -Wall -Wextra -Werror -I"$SAXID_SRCDIR/plugin" \
  "$scratch/host.c" -o "$scratch/host" -ldl -lm >"$scratch/out" 2>&1
report $? "the C example compiles against the installed header alone"
"$scratch/host" "$SAXID_PLUGIN" >"$scratch/out" 2>&1 && is_verdict
report $? "and names a form factor"
cp "$scratch/out" "$scratch/from-c"
! "$scratch/host" "$scratch/host.c" >"$scratch/out" 2>&1
report $? "and fails without the module"

if [ -n "$SANITIZER_FLAGS" ]; then
  skip "the Python example names the same" "Python cannot load a module with sanitizers"
  skip "and fails without the module" "Python cannot load a module with sanitizers"
elif ! "$PYTHON3" -c 'import numpy' 2>/dev/null; then
  skip "the Python example names the same" "there is no numpy"
  skip "and fails without the module" "there is no numpy"
else
  block python >"$scratch/host.py"
  # the model of the Python example weighs fits, so its p is another
  PYTHONPATH=$SAXID_SRCDIR/python "$PYTHON3" "$scratch/host.py" >"$scratch/out" 2>&1 && is_verdict \
    && [ "$(cut -d, -f1 "$scratch/from-c")" = "$(cut -d, -f1 "$scratch/out")" ]
  report $? "the Python example names the same"
  ! PYTHONPATH=$SAXID_SRCDIR/python SAXID_PLUGIN=$scratch/host.c "$PYTHON3" "$scratch/host.py" >"$scratch/out" 2>&1
  report $? "and fails without the module"
fi

for page in README.md HACKING.md; do
  links "$SAXID_SRCDIR/$page" "$SAXID_SRCDIR"
done >"$scratch/out"
[ ! -s "$scratch/out" ]
report $? "links lead to files of the project"
echo 'see [this](gone.md) and [that](there.md) and [the](https://doi.org/x)' >"$scratch/page.md"
touch "$scratch/there.md"
links "$scratch/page.md" "$scratch" >"$scratch/out"
[ "$(cat "$scratch/out")" = 'gone.md: is linked, and not there' ]
report $? "a link that leads nowhere is seen"
