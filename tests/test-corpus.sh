#!/bin/sh
# Do the fuzz targets survive every file that ever broke or explored them?
status=0
number=0
echo 1..2
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
exit $status
