#!/bin/sh
# Do the places that tell the version agree, and do the packages take all that is installed?
#
# What is installed is asked of the Makefile; what a package takes is in debian/*.install and the
# like. Both checkers have a tree that they must reject.
set -u
export LC_ALL=C

. "$SAXID_SRCDIR/tests/tap.sh"

# FILE VERSION, a line for each place: DIRECTORY
versions () {
  sed -n 's/^AC_INIT(\[saxid\], \[\(.*\)\])/configure.ac \1/p' "$1/configure.ac"
  sed -n 's/^version: */CITATION.cff /p' "$1/CITATION.cff"
  sed -n 's/^## \([0-9][0-9.]*\).*/CHANGELOG.md \1/p' "$1/CHANGELOG.md" | head -n 1
  sed -n '1s/^saxid (\([^)]*\)).*/debian\/changelog \1/p' "$1/debian/changelog"
}

agree () {
  versions "$1" >"$scratch/out"
  [ "$(wc -l <"$scratch/out")" -eq 4 ] && [ "$(cut -d' ' -f2 "$scratch/out" | sort -u | wc -l)" -eq 1 ]
}

# Patterns of what the packages take, under the root of an installation: DIRECTORY
taken () {
  cat "$1"/debian/*.install "$1"/debian/*.examples "$1"/debian/not-installed | sed -n 's|^\(debian/tmp/\)\{0,1\}\(usr/[^ ]*\).*|\2|p'
}

# Installed files of which no package has any: DIRECTORY INSTALLATION
left_out () {
  patterns=$(taken "$1")
  set -f # in which they stay patterns
  (cd "$2" && find . -type f -o -type l) | sed 's,^\./,,' | sort | while read -r file; do
    found=no
    for pattern in $patterns; do
      # shellcheck disable=SC2254 — they are patterns
      case $file in
        $pattern | $pattern/*) found=yes ;;
      esac
    done
    [ "$found" = yes ] || echo "$file: is installed, and in no package"
  done
  set +f
}

# The other way round: DIRECTORY INSTALLATION
not_there () {
  taken "$1" | while read -r pattern; do
    # shellcheck disable=SC2086 — a pattern
    (cd "$2" && ls -d $pattern) >/dev/null 2>&1 || echo "$pattern: a package has it, and it is not installed"
  done
}

echo 1..7

agree "$SAXID_SRCDIR"
report $? "the version is the same in configure.ac, CITATION.cff, CHANGELOG.md and debian/changelog"
mkdir -p "$scratch/tree/debian"
cp "$SAXID_SRCDIR/configure.ac" "$SAXID_SRCDIR/CITATION.cff" "$SAXID_SRCDIR/CHANGELOG.md" "$scratch/tree"
sed '1s/(.*)/(9.9.9)/' "$SAXID_SRCDIR/debian/changelog" >"$scratch/tree/debian/changelog"
! agree "$scratch/tree"
report $? "another one is seen"

multiarch=$($CC -print-multiarch 2>/dev/null || echo x86_64-linux-gnu)
make -C "$SAXID_BUILDDIR" -s install DESTDIR="$scratch/root" prefix=/usr libdir="/usr/lib/$multiarch" \
  pythondir=/usr/lib/python3/dist-packages >"$scratch/out" 2>&1
report $? "the program installs"
left_out "$SAXID_SRCDIR" "$scratch/root" >"$scratch/out"
[ ! -s "$scratch/out" ]
report $? "the packages have all that is installed"
not_there "$SAXID_SRCDIR" "$scratch/root" >"$scratch/out"
[ ! -s "$scratch/out" ]
report $? "and nothing else"
mkdir -p "$scratch/root/usr/share/saxid/stray" && touch "$scratch/root/usr/share/saxid/stray/file"
[ "$(left_out "$SAXID_SRCDIR" "$scratch/root")" = 'usr/share/saxid/stray/file: is installed, and in no package' ]
report $? "a stray file is seen"
cp -r "$SAXID_SRCDIR/debian" "$scratch/tree"
echo usr/share/saxid/gone >>"$scratch/tree/debian/saxid.install"
[ "$(not_there "$scratch/tree" "$scratch/root")" = 'usr/share/saxid/gone: a package has it, and it is not installed' ]
report $? "one that is gone is seen"
