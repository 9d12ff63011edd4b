"""Does the Python module keep its word? The suite of python/tests, each of its tests a line of TAP."""
import contextlib
import os
import sys

from tap import check, finish, skip, skip_all

if os.environ.get("SANITIZER_FLAGS"):
    skip_all("Python cannot load a module with sanitizers")
try:
    import numpy  # noqa: F401
    import pytest
except ImportError as missing:
    skip_all(missing)


class ToTap:
    """What pytest finds, as the harness wants it, on the standard output that was there before."""

    def __init__(self):
        self.out = sys.stdout

    def pytest_runtest_logreport(self, report):
        name = report.nodeid.split("/")[-1]
        with contextlib.redirect_stdout(self.out):
            if report.skipped:
                skip(name, report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
            elif report.failed or report.when == "call":
                check(report.passed, name, report.longreprtext, report.capstderr)

    def pytest_collectreport(self, report):
        with contextlib.redirect_stdout(self.out):
            if report.failed:
                check(False, f"{report.nodeid} can be loaded", report.longreprtext)
            elif report.skipped:
                skip(report.nodeid.split("/")[-1], report.longrepr[2])


suite = os.path.join(os.environ["SAXID_SRCDIR"], "python", "tests")
sys.path[:0] = [os.path.dirname(suite)]
# what pytest says for a person goes nowhere: standard output is the harness's
with open(os.devnull, "w", encoding="utf-8") as nowhere:
    to_tap = ToTap()
    with contextlib.redirect_stdout(nowhere):
        result = pytest.main(["-p", "no:cacheprovider", "-c", os.devnull, "--rootdir", suite, suite, *sys.argv[1:]], plugins=[to_tap])
check(result in (0, 1), "the suite ran to its end", result)
finish()
