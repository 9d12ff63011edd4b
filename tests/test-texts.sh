#!/bin/sh
# Do the texts say what program, code and results say?
#
# Every rule prints where a text differs. It has to print nothing for the project, and
# something for a text made to be wrong.
set -u
export LC_ALL=C

top=$SAXID_SRCDIR
saxid=$SAXID_BUILDDIR/saxid
. "$SAXID_SRCDIR/tests/tap.sh"

holds () {
  "$2" "$3" >"$scratch/out" 2>&1
  [ ! -s "$scratch/out" ]
  report $? "$1"
}

rejects () {
  "$2" "$3" >"$scratch/out" 2>&1
  [ -s "$scratch/out" ]
  report $? "$1"
}

# --- the rules ---------------------------------------------------------------

# The section CLASSES of saxid.1 has the classes of the shipped model: PAGE
classes () {
  sed -n '/^\.SH CLASSES/,/^\.SH [^C]/p' "$1" | sed -n 's/^\.I[R]* \([a-z_]*\).*/\1/p' | sort >"$scratch/of-page"
  "$saxid" model info | sed -n '/^class /,$p' | awk 'NR > 1 && NF == 5 { print $1 }' | sort >"$scratch/of-model"
  [ -s "$scratch/of-model" ] || echo 'the model has no classes'
  diff "$scratch/of-page" "$scratch/of-model"
}

# SEE ALSO of saxid.1 has every verb: PAGE
verbs () {
  sed -n '/^\.SH SEE ALSO/,$p' "$1" | sed -n 's/^\.BR saxid.-\([a-z]*\) (1).*/\1/p' | sort >"$scratch/of-page"
  "$saxid" --help | awk '/^  [a-z]/ { print $1 }' | sort >"$scratch/of-program"
  diff "$scratch/of-page" "$scratch/of-program"
}

# The head of worker.h explains the letters that begin the lines of a worker: HEADER
letters () {
  sed -n 's/^ \*   \([A-Z]\) .*/\1/p' "$1" | sort -u >"$scratch/of-header"
  grep -oE "\"[A-Z]\\\\[nt]|'[A-Z]'" "$top/cli/archive/worker.c" | tr -dc 'A-Z\n' | sort -u >"$scratch/of-code"
  diff "$scratch/of-header" "$scratch/of-code"
}

# A page of a study is what the program makes of the ledger beside it: DIRECTORY OPTION…
study () {
  rm -rf "$scratch/study"
  mkdir "$scratch/study"
  cp "$1/ledger.jsonl" "$scratch/study" && chmod -R u+w "$scratch/study"
  beside=$1
  shift
  "$saxid" study "$@" -d "$scratch/study" --report "$scratch/study/page" >/dev/null 2>&1
  diff "$scratch/study/page/README.md" "$beside/README.md"
}

# The same of the study of atomic nanoparticles: DIRECTORY
atomic_study () {
  study "$1" --atomic --seed 2 --epochs 30
}

# What a text names between backquotes as a file of the project is there: TEXT
named () {
  grep -oE '`[A-Za-z0-9_./-]+\.(c|h|\[ch\]|inc|md|py|sh|key|prior|weights|1|sbatch)`' "$1" | tr -d '`' \
    | sed 's/\.\[ch\]$/.c/' | sort -u | while read -r name; do
    case $name in
      *NAME* | hdf5.h | napi.h | start.weights | field.weights) continue ;; # one of many; files of others
    esac
    [ -e "$top/$name" ] || [ -e "$top/$name.in" ] && continue
    (cd "$top" && find reducers models schemas plugin cli tests docs contrib bench man python -path "*/$name" 2>/dev/null) \
      | grep -q . || echo "$name: is named, and not there"
  done
}

# The card of the shipped model is what the program says of it: CARD
card () {
  LC_ALL=C.UTF-8 "$saxid" model card "$top/models/trained/field.saxid-model" 2>&1 | diff - "$1"
}

# The table of README.md has the classes that saxid tag prints; probabilities differ in the last
# digit between processors: README
table () {
  cp "$top/demo/run.nxs" "$scratch/run.nxs"
  (cd "$scratch" && "$saxid" tag --quiet --dry-run run.nxs) | awk '$2 ~ /^\// { print $2, $3, $5 } /curves:/' >"$scratch/printed"
  sed -n '/^<!-- table/,/^<!-- end/p' "$1" | awk '$2 ~ /^\// { print $2, $3, $5 } /curves:/' >"$scratch/written"
  [ -s "$scratch/written" ] || echo 'README.md has no table'
  diff "$scratch/written" "$scratch/printed"
}

# The steps of a reduction, each with what it does and its parameters, as the program prints them
steps_of_program () {
  "$saxid" reduce --steps | awk '
    function say() { if (line != "") print line (names == "" ? "" : " (" names ")"); names = "" }
    /^  [a-z]/ { say(); sub (/;.*/, ""); line = $1; $1 = ""; line = line "|" substr ($0, 2) }
    /^    [a-z]/ { names = names (names == "" ? "" : ", ") $1 }
    END { say() }'
}

# The table of steps in the page of reduce is that: PAGE
steps () {
  sed -n '/^step|/,/^\.TE/p' "$1" | sed 's/\\-/-/g' | awk '
    /\|T\{$/ { line = substr ($0, 1, length - 2); next }
    /^T\}/ { print line; line = ""; next }
    line != "" { line = line (line ~ /\|$/ ? "" : " ") $0 }' >"$scratch/of-page"
  steps_of_program >"$scratch/of-program"
  diff "$scratch/of-page" "$scratch/of-program"
}

# The chain that is installed as an example names every step: FILE
example () {
  steps_of_program | cut -d'|' -f1 | while read -r step; do
    grep -qE "(^\\[|[ ;])$step([];, ]|\$)" "$1" || echo "$step: is not in it"
  done
}

# --- the tests ---------------------------------------------------------------

echo 1..20

holds "saxid.1 names the classes of the shipped model" classes "$top/man/saxid.1"
sed '/core_shell_disc/d' "$top/man/saxid.1" >"$scratch/page"
rejects "a page that lacks a class" classes "$scratch/page"

holds "saxid.1 refers to the page of every verb" verbs "$top/man/saxid.1"
sed '/saxid.-watch (1)$/d' "$top/man/saxid.1" >"$scratch/page"
rejects "a page that lacks a verb" verbs "$scratch/page"

holds "worker.h explains every line of a worker" letters "$top/cli/archive/worker.h"
sed '/^ \*   X /d' "$top/cli/archive/worker.h" >"$scratch/header"
rejects "a header that lacks a letter" letters "$scratch/header"

holds "docs/study is what its ledger says" study "$top/docs/study"
mkdir "$scratch/wrong"
cp "$top/docs/study/ledger.jsonl" "$scratch/wrong"
sed 's/of 3 classifiers/of 2 classifiers/' "$top/docs/study/README.md" >"$scratch/wrong/README.md"
rejects "a page with another number" study "$scratch/wrong"

holds "docs/study-atomic is what its ledger says" atomic_study "$top/docs/study-atomic"

holds "the files that HACKING.md names are there" named "$top/HACKING.md"
echo 'See `cli/gone.c`.' >"$scratch/text"
rejects "a text that names a file that is not there" named "$scratch/text"

holds "the files that README.md names are there" named "$top/README.md"

holds "the card of the shipped model is what the program says of it" card "$top/models/trained/field.md"
sed 's/^prior .*/prior       sphere                   99.9 %/' "$top/models/trained/field.md" >"$scratch/card"
rejects "a card with another prior" card "$scratch/card"

holds "the table of README.md is what saxid tag prints" table "$top/README.md"
sed '/^run.nxs/s/prolate/oblate/' "$top/README.md" >"$scratch/text"
rejects "a table with another class" table "$scratch/text"

holds "the page of reduce has the table of steps" steps "$top/man/saxid-reduce.1"
sed 's/threshold, rule, scale/threshold, rule/' "$top/man/saxid-reduce.1" >"$scratch/page"
rejects "a page that lacks a parameter" steps "$scratch/page"

holds "chain.key names every step" example "$top/reducers/chain.key"
sed '/absorption/d' "$top/reducers/chain.key" >"$scratch/chain"
rejects "a chain without one" example "$scratch/chain"
