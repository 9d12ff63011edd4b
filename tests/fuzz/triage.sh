#!/bin/sh
# Whose are the crashes? One line for each: the first frame that is neither the fuzzer's,
# the sanitizer's nor the C library's. libhdf5 1.10.8 crashes by itself on files that are
# made for it; a frame in this project is ours to fix.
#
#   triage.sh TARGET FILE...      (TARGET: tests/fuzz/fuzz-NAME of a tree with --enable-fuzzing)
set -u
target=$1
shift
export ASAN_OPTIONS=allocator_may_return_null=1:detect_leaks=0
for file in "$@"; do
  frame=$(timeout 60 "$target" -rss_limit_mb=2500 -timeout=20 "$file" 2>&1 | grep -E '^ +#[0-9]+ ' \
    | grep -vE 'fuzzer::|__sanitizer|__asan|__interceptor|in (strdup|malloc|calloc|realloc|memcpy|memmove|free|operator new)[ (]|libc\.so|libglib|/sysdeps/|nptl/|in (abort|raise|__pthread_kill_implementation) ' \
    | head -n 1 | sed -E 's/^ +#[0-9]+ 0x[0-9a-f]+ +//; s/ \(BuildId.*//')
  case $frame in
    *libhdf5*) whose=libhdf5 ;;
    "") whose="none now" ;;
    *) whose=OURS ;;
  esac
  printf '%-8s  %s  %s\n' "$whose" "$file" "$frame"
done
