"""What a test script tells the harness, in TAP (Test Anything Protocol).

A script calls check for each thing that it tests and finish at its end. The plan comes from
finish alone and not when the interpreter ends, so a process that the script forks prints none.
Every line is flushed, so what was said stays said, and once, whatever becomes of the script.
"""
import signal
import sys

# Who runs the suite in the background may have it ignore the keyboard, and what it starts
# would, too; tests send the signal to programs that must not.
signal.signal(signal.SIGINT, signal.default_int_handler)

_results = []  # of each test so far, whether it passed


def _say(line):
    print(line, flush=True)


def note(*details):
    """Lines for a person, which the harness passes over."""
    for line in "\n".join(map(str, details)).splitlines():
        _say(f"# {line}")


def check(passed, name, *details):
    """One test; the details are what a person needs to see where it has not passed."""
    _results.append(bool(passed))
    _say(f"{'ok' if passed else 'not ok'} {len(_results)} - {name}")
    if not passed:
        note(*details)


def skip(name, reason):
    """One test that cannot be done here."""
    check(True, f"{name} # SKIP {reason}")


def skip_all(reason):
    """Ends a script of which nothing can be done here, before its first test."""
    _say(f"1..0 # SKIP {reason}")
    sys.exit(0)


def finish():
    """The plan, and the end of the script: status 1 if a test has not passed."""
    _say(f"1..{len(_results)}")
    sys.exit(0 if all(_results) else 1)
