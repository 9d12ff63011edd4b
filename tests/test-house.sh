#!/bin/sh
# Do the rules of the house hold that a compiler does not check?
#
# Every rule is a function of a directory that prints what breaks it. It has to
# print nothing for the project, and the culprit (and only the culprit) for a
# small tree made to break it.
set -u
export LC_ALL=C

top=$SAXID_SRCDIR
rooms='reducers models schemas plugin cli'
. "$SAXID_SRCDIR/tests/tap.sh"

# Sources below a directory, the rooms named: NAME …
sources () {
  dir=$1
  shift
  for room in "$@"; do
    [ -d "$dir/$room" ] && (cd "$dir" && find "$room" -name '*.[ch]')
  done | sort
}

# What belongs to the project: the tracked files, or all of a release.
files () {
  if [ -e "$1/.git" ] && (cd "$1" && git ls-files) 2>/dev/null; then
    return
  fi
  (cd "$1" && find . -type f ! -path './build*/*' ! -path './_build/*' ! -path './_inst/*' ! -path './autom4te.cache/*' ! -path './m4/l*.m4' \
    ! -name Makefile.in ! -name configure ! -name aclocal.m4 ! -name 'config.h.in*' \
    ! -name '*.trs' ! -name '*.log') | sed 's,^\./,,' | sort
}

# FILE:LINE: code, without comments and without what is in quotes.
bare () {
  dir=$1
  shift
  for file in "$@"; do
    awk -v file="$file" '
      {
        line = $0
        out = ""
        while (line != "")
          {
            if (inside)
              {
                end = index (line, "*/")
                if (end == 0)
                  break
                line = substr (line, end + 2)
                inside = 0
              }
            else if (substr (line, 1, 2) == "/*")
              {
                inside = 1
                line = substr (line, 3)
              }
            else if (substr (line, 1, 2) == "//")
              break
            else if (match (line, /^"([^"\\]|\\.)*"/) || match (line, /^\047([^\047\\]|\\.)*\047/))
              {
                out = out "\"\""
                line = substr (line, RLENGTH + 1)
              }
            else
              {
                out = out substr (line, 1, 1)
                line = substr (line, 2)
              }
          }
        if (out ~ /[^ \t]/)
          print file ":" FNR ": " out
      }' "$dir/$file"
  done
}

# Calls of the functions whose names match: PATTERN, from the output of bare.
calls () {
  grep -E "(^|[^A-Za-z0-9_])($1)[[:space:]]*\\("
}

# --- the rules ---------------------------------------------------------------

# Room ROOM includes of ours only what the others name: DIR ROOM ALLOWED…
includes_of () {
  dir=$1
  room=$2
  shift 2
  allowed=$(printf '%s|' "$@" | sed 's/|$//')
  for file in $(sources "$dir" "$room"); do
    grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$dir/$file" \
      | grep -vE "\"(config\\.h|($allowed)/[^\"]*)\"" | sed "s,^,$file:,"
  done
}

rule_reducers () { includes_of "$1" reducers reducers; }
rule_models () { includes_of "$1" models models reducers; }
rule_schemas () { includes_of "$1" schemas schemas reducers; }
rule_plugin () { includes_of "$1" plugin plugin schemas models reducers; }
rule_cli () { includes_of "$1" cli cli plugin schemas models reducers; }

# Rooms inside rooms, and what each includes besides reducers: folders or single headers.
# "ROOM/." is what stands free in ROOM, beside its folders.
inner_rooms () {
  cat <<'EOF'
schemas/. schemas/dates.h schemas/json-text.h schemas/units.h
schemas/disk schemas/disk
schemas/hdf5 schemas/hdf5 schemas/disk
schemas/text schemas/text schemas/disk schemas/units.h schemas/slit.h
schemas/curve schemas/curve schemas/text schemas/hdf5 schemas/disk schemas/units.h schemas/slit.h schemas/dates.h
schemas/technique schemas/technique schemas/hdf5 schemas/units.h
schemas/frame schemas/frame schemas/technique schemas/hdf5 schemas/disk schemas/units.h schemas/json-text.h
schemas/tag schemas/tag schemas/hdf5 schemas/disk
schemas/learn schemas/learn schemas/hdf5 schemas/disk
schemas/seed schemas/seed
cli/plot cli/plot cli/text.h models
cli/report-page cli/report-page cli/plot cli/module.h cli/text.h plugin schemas models
cli/archive cli/archive cli/reduce cli/interrupt.h cli/module.h cli/nearest.h cli/progress.h cli/text.h plugin schemas models
cli/learn cli/learn cli/plot cli/interrupt.h cli/progress.h cli/text.h cli/verb.h plugin schemas models
cli/reduce cli/reduce cli/frame-technique.h cli/interrupt.h cli/module.h cli/progress.h cli/ranges.h cli/text.h cli/verb.h plugin schemas
models/technique/frames models/technique/frames models/simulate
models/technique/. models/technique/[a-z-]*.h models/technique/frames models/learn models/simulate models/every-processor.h models/parallel.h
models/shapes models/shapes models/every-processor.h
models/simulate models/simulate models/shapes models/parallel.h
models/fit models/fit models/simulate models/shapes models/every-processor.h models/parallel.h
models/atomic/lattice models/atomic
models/atomic/population models/atomic models/materials/normal.h models/simulate
models/atomic/. models/atomic/[a-z-]*.h models/fit models/materials/[a-z-]*.h models/every-processor.h models/parallel.h
models/materials/voxels models/materials models/simulate models/every-processor.h
models/materials/. models/materials/[a-z-]*.h models/fit models/simulate models/shapes models/every-processor.h
models/learn/network models/learn/network models/learn/evaluate.h models/learn/float-bytes.h models/simulate
models/learn/outlier models/learn/outlier models/learn/components.h models/learn/float-bytes.h models/learn/portrait.h models/every-processor.h
models/learn/study models/learn/study models/learn/network models/learn/[a-z-]*.h models/fit models/simulate
models/learn/train models/parallel.h models/learn/train models/learn/study models/learn/outlier models/learn/network models/learn/[a-z-]*.h models/fit models/simulate
models/learn/. models/learn/outlier models/learn/network models/learn/[a-z-]*.h models/fit models/simulate models/every-processor.h
EOF
}

# An arrow between two inner rooms is one that the list has, and every one is in it.
rule_inner () {
  inner_rooms | while read -r room allowed; do
    pattern=$(printf '%s' "$allowed" | sed 's/\./\\./g; s/ /|/g')
    [ -d "$1/$room" ] || continue
    (cd "$1" && if [ "$room" != "${room%/.}" ]; then
       find "${room%/.}" -maxdepth 1 -name '*.[ch]'
     else
       find "$room" -name '*.[ch]'
     fi) | sort | while read -r file; do
      grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*"' "$1/$file" \
        | grep -vE "\"(config\\.h|reducers/[^\"]*|($pattern)(/[^\"]*)?)\"" | sed "s,^,$file:,"
    done
  done
  (cd "$1" && find schemas/*/ cli/*/ models/*/ models/learn/*/ -maxdepth 1 -name '*.[ch]' 2>/dev/null) \
    | tr -s / | sort -u | while read -r file; do
    inner_rooms | grep -qE "^${file%/*}(/\.)? " || echo "$file: no row of inner_rooms has its folder"
  done
}

rule_hdf5 () {
  for file in $(sources "$1" reducers models plugin cli); do
    grep -nE '^[[:space:]]*#[[:space:]]*include[[:space:]]*[<"](hdf5|hdf5_hl|napi|H5[A-Za-z]*)\.h' "$1/$file" \
      | sed "s,^,$file:,"
  done
}

# A host needs no other library to compile against the module.
rule_abi_header () {
  [ ! -f "$1/plugin/saxid-plugin.h" ] \
    || grep -nE '^[[:space:]]*#[[:space:]]*include' "$1/plugin/saxid-plugin.h" | grep -vE '<std(def|int)\.h>'
}

rule_silent () {
  bare "$1" $(sources "$1" reducers models schemas plugin) \
    | calls '(_|quick_)?exit|abort|v?f?printf|puts|fputs|putchar|perror|g_print|g_printerr|g_printf|g_fprintf|g_error|g_critical|g_warning|g_message|g_info|g_debug|g_abort'
}

rule_assert () {
  bare "$1" $(sources "$1" $rooms) | calls 'g_assert[a-z_]*|assert'
}

# A source is named by a Makefile.inc, itself or as the program of one source that it
# makes, or lies in a directory of data that is.
rule_listed () {
  cat "$1"/Makefile.am "$1"/*/*.inc 2>/dev/null | sed 's/#.*//' | tr -s ' \t\\' '\n' | sort -u >"$scratch/listed"
  for room in $rooms tests bench man docs demo examples; do
    [ -d "$1/$room" ] && (cd "$1" && find "$room" -name '*.[ch1]' -o -path "$room/*.sh" -o -path "$room/*.py")
  done | sort | while read -r file; do
    part=$file
    while [ "$part" != "${part%/*}" ] && ! grep -qxF -e "$part" -e "${part%.c}" "$scratch/listed"; do
      part=${part%/*}
    done
    case $part in
      */*) ;;
      *) echo "$file: no Makefile.inc lists it" ;;
    esac
  done
}

# The other way round: what a Makefile.inc lists is there, or made by a rule of it.
rule_there () {
  cat "$1"/*/*.inc 2>/dev/null | sed 's/#.*//' | tr -s ' \t\\' '\n' \
    | grep -E '^[a-z][A-Za-z0-9_/-]*\.(c|h|sh|py|1)$' | sort -u | while read -r file; do
    [ -f "$1/$file" ] || [ -f "$1/$file.in" ] || grep -q "^$file:" "$1"/*/*.inc || echo "$file: is listed, and not there"
  done
}

# Text files of the project, one name per line; this file has all the patterns.
texts () {
  files "$1" | grep -vE '^tests/test-house\.sh$|\.(png|h5|nxs|saxid-model|tif|cbf)$|^tests/fuzz/corpus'
}

search () {
  texts "$1" | (cd "$1" && tr '\n' '\0' | xargs -0 -r grep -nIE -e "$2" /dev/null)
}

rule_machine () {
  search "$1" '(^|[^A-Za-z0-9_/.~${}-])/(home|root|Users|mnt|media|srv|work|farm|scratch|nix|snap)(/|$)'
}

# Hosts that a reader may be sent to; whatever serves packages is not among them.
rule_hosts () {
  search "$1" '(https?|ftp|git|ssh)://' | awk '
    BEGIN {
      n = split ("doi.org dx.doi.org json-schema.org www.debian.org www.w3.org www.cansas.org manual.nexusformat.org " \
                 "definition.nexusformat.org pyfai.readthedocs.io www.sasview.org www.itu.int " \
                 "opensource.org spdx.org", name, " ")
      for (k = 1; k <= n; k++)
        known[name[k]] = 1
    }
    {
      rest = $0
      while (match (rest, /(https?|ftp|git|ssh):\/\/[^\/ \t"\047<>)]+/))
        {
          host = substr (rest, RSTART, RLENGTH)
          rest = substr (rest, RSTART + RLENGTH)
          sub (/^[a-z]+:\/\//, "", host)
          if (!(host in known))
            print $0
        }
    }'
  search "$1" '(pypi|artifactory|conda)[a-z.-]*\.(org|com|net)|deb\.debian|/simple/'
}

# The command of a model's card is one that anybody can give: no absolute path.
rule_cards () {
  (cd "$1" && grep -anoE '("command" : "|^command  ).{0,200}' models/trained/* /dev/null 2>/dev/null) | grep -E '[ =]/[A-Za-z]'
}

rule_unfinished () {
  search "$1" '(^|[^A-Za-z0-9_])(TODO|FIXME|XXX)([^A-Za-z0-9_]|$)'
}

# --- the tests ---------------------------------------------------------------

# The project keeps the rule: RULE WHAT
holds () {
  "$1" "$top" >"$scratch/out" 2>&1
  [ ! -s "$scratch/out" ]
  report $? "$2"
}

# A tree of two files, one that keeps the rule and one that breaks it:
# RULE GOOD-FILE GOOD-TEXT BAD-FILE BAD-TEXT
rejects () {
  tree=$(mktemp -d "$scratch/tree-XXXXXX")
  mkdir -p "$tree/$(dirname "$2")" "$tree/$(dirname "$4")"
  printf '%b\n' "$3" >"$tree/$2"
  printf '%b\n' "$5" >"$tree/$4"
  "$1" "$tree" >"$scratch/out" 2>&1
  [ -s "$scratch/out" ] && ! grep -qv "^$4:" "$scratch/out"
  report $? "$1 rejects $4: $(printf '%s' "$5" | head -c 60)"
}

echo 1..50

holds rule_reducers "reducers includes nothing of ours outside itself"
rejects rule_reducers reducers/a.c '#include "reducers/a.h"\n#include <glib.h>' reducers/b.c '#include "models/b.h"'
rejects rule_reducers reducers/a.c '#include "config.h"' reducers/b.c '# include "b.h"'

holds rule_models "models includes reducers only, and never schemas"
rejects rule_models models/fit/a.c '#include "reducers/a.h"' models/fit/b.c '#include "schemas/b.h"'
rejects rule_models models/fit/a.c '#include "models/a.h"' models/learn/b.h '#include "plugin/b.h"'

holds rule_schemas "schemas includes neither models nor plugin nor cli"
rejects rule_schemas schemas/a.c '#include "reducers/a.h"' schemas/b.c '#include "models/b.h"'
rejects rule_schemas schemas/a.c '#include "schemas/a.h"' schemas/b.c '  #include "cli/b.h"'

holds rule_plugin "plugin never includes cli"
rejects rule_plugin plugin/a.c '#include "schemas/a.h"\n#include "models/a.h"' plugin/b.c '#include "cli/b.h"'

holds rule_cli "cli includes from the top"
rejects rule_cli cli/a.c '#include "cli/a.h"\n#include "plugin/saxid-plugin.h"' cli/b.c '#include "../plugin/b.h"'

holds rule_inner "the rooms inside rooms include what their row says"
rejects rule_inner models/fit/a.c '#include "models/shapes/a.h"\n#include "reducers/a.h"' models/shapes/b.c '#include "models/fit/b.h"'
rejects rule_inner models/every-processor.h 'int x;' models/fit/b.c '#include "models/every-processor.h.h"'
rejects rule_inner models/fit/a.c '#include "models/every-processor.h"' models/other/b.c 'int x;'

holds rule_hdf5 "only schemas includes hdf5.h and napi.h"
rejects rule_hdf5 schemas/a.c '#include <hdf5.h>\n#include <napi.h>' models/b.c '#include <hdf5.h>'
rejects rule_hdf5 cli/a.c '#include "schemas/curve/reader.h"' cli/b.c '#include <napi.h>'

holds rule_abi_header "the installed header needs stddef.h and stdint.h only"
tree=$(mktemp -d "$scratch/tree-XXXXXX")
mkdir "$tree/plugin"
printf '#include <stdint.h>\n#include <glib.h>\n' >"$tree/plugin/saxid-plugin.h"
rule_abi_header "$tree" >"$scratch/out"
[ "$(cat "$scratch/out")" = '2:#include <glib.h>' ]
report $? "rule_abi_header rejects glib.h"

holds rule_silent "nothing outside cli prints, logs, exits or aborts"
rejects rule_silent reducers/a.c '/* abort () is\n * what printf ("x") */ char *s = g_strdup_printf ("exit (1) %d", 1);' \
  reducers/b.c 'void f (void) { /* no */ abort (); }'
rejects rule_silent schemas/a.c 'snprintf (s, 3, "\\"printf (");' schemas/b.c 'fprintf (stderr, "x");'
rejects rule_silent cli/a.c 'g_print ("hello");' plugin/b.c 'g_print ("hello");'
rejects rule_silent models/a.c 'g_error_new_literal (d, 1, "x"); g_error_free (e);' models/b.c 'exit(1);'
rejects rule_silent models/a.c "char c = '\"'; int n = 0; // exit (1)" models/b.c 'g_warning ("x");'

holds rule_assert "no assertion in the product"
rejects rule_assert cli/a.c 'G_STATIC_ASSERT (sizeof (int) == 4); _Static_assert (1, "x");' cli/b.c 'g_assert_cmpint (a, ==, b);'
rejects rule_assert plugin/a.c 'g_return_if_fail (x);' plugin/b.c '  assert(x);'

holds rule_listed "every source, test and man page is in a Makefile.inc"
rejects rule_listed reducers/Makefile.inc 'x_SOURCES = \\\\\n\treducers/a.c reducers/a.h' reducers/b.c 'int x;'
rejects rule_listed tests/Makefile.inc 'TESTS += tests/test-a.sh # tests/test-b.sh' tests/test-b.sh 'echo 1..0'
rejects rule_listed tests/Makefile.inc 'saxid_tests = tests/test-a tests/test-b.h' tests/test-b.c 'int x;'
rejects rule_listed tests/Makefile.inc 'EXTRA_DIST += tests/golden' tests/fuzz/fuzz-b.c 'int x;'
rejects rule_listed man/Makefile.inc 'dist_man_MANS += man/saxid-a.1' man/saxid-b.1 '.TH B 1'

holds rule_there "what a Makefile.inc lists is there"
tree=$(mktemp -d "$scratch/tree-XXXXXX")
mkdir "$tree/tests"
echo 'a_SOURCES = tests/Makefile.inc tests/gone.c' >"$tree/tests/Makefile.inc"
rule_there "$tree" >"$scratch/out"
[ "$(cat "$scratch/out")" = 'tests/gone.c: is listed, and not there' ]
report $? "rule_there rejects a source that is gone"

holds rule_machine "no absolute path of one machine"
rejects rule_machine a.md 'the group /entry/work/home and ~/home/x and $HOME/work/' b.md 'see /home/me/run.nxs'
rejects rule_machine tests/a.sh 'cp x "$dir/work/y"; #!/usr/bin/python3' tests/b.sh 'cd /work/tree'

holds rule_cards "the shipped models were made by a command without absolute paths"
rejects rule_cards models/trained/a.saxid-model '"command" : "saxid train a.h5 -o a.saxid-model",' \
  models/trained/b.saxid-model '"command" : "saxid train /data/b.h5 -o b.saxid-model",'

holds rule_hosts "no host that serves packages or is unknown to the project"
rejects rule_hosts a.md 'https://doi.org/10.1107/S2053273324000950' b.md 'https://doi.org/x and https://mirror.example.org/x'
rejects rule_hosts a.sh 'apt-get install -y libhdf5-dev' b.sh 'pip install -i pypi.example.com'

holds rule_unfinished "nothing is left for later"
rejects rule_unfinished a.c 'mkstemp ("x-XXXXXX"); int TODOS;' b.c '/* TODO: later */'
rejects rule_unfinished a.md 'fixed' b.md 'FIXME'

[ "$count" -eq 50 ]
