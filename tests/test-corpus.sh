#!/bin/sh
# Do the fuzz targets survive every file that ever broke or explored them?
status=0
number=0
echo 1..3
for target in reader text; do
  number=$((number + 1))
  corpus=$SAXID_SRCDIR/tests/fuzz/corpus-$target
  output=$("$SAXID_BUILDDIR/tests/fuzz/fuzz-$target" "$corpus" 2>&1)
  code=$?
  if [ "$code" -eq 0 ]; then
    echo "ok $number - $target: $(echo "$output" | grep -c '^ok') files"
  else
    status=1
    echo "not ok $number - $target: it ended with status $code behind the last file below"
    echo "$output" | tail -n 20 | sed 's/^/# /'
  fi
done

# The corpus must reach the reader: its sound files hold curves.
missed=
for name in cansas slit pyfai azint angle plain; do
  "$SAXID_BUILDDIR/tests/read-curves" "$SAXID_SRCDIR/tests/fuzz/corpus-reader/$name.h5" >/dev/null || missed="$missed $name"
done
if [ -z "$missed" ]; then
  echo "ok 3 - the sound files of the corpus hold curves"
else
  status=1
  echo "not ok 3 - no curve in:$missed"
fi
exit $status
