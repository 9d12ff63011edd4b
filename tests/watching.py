"""saxid watch of a directory, for tests that follow what becomes of its files."""
import json
import os
import signal
import subprocess
import time

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")


def wait_for(condition):
    for _ in range(600):
        if condition():
            return True
        time.sleep(0.1)
    return False


class Watch:
    """saxid watch of a directory; what it prints goes to files."""

    def __init__(self, directory, *options):
        self.directory, self.ledger = directory, directory + ".ledger"
        self.out, self.err = (open(f"{directory}.{kind}", "w") for kind in ("out", "err"))
        self.process = subprocess.Popen([SAXID, "watch", "--ledger", self.ledger, "--settle", "0.2", "--poll", "0.3", *options,
                                         directory], stdout=self.out, stderr=self.err)

    def lines(self):
        with open(self.out.name) as file:
            return [line.rstrip("\n").split("\t") for line in file]

    def frames(self, name, entry=None):
        return [int(line[2]) for line in self.lines() if line[0].endswith("/" + name) and entry in (None, line[1])]

    def said(self):
        with open(self.err.name) as file:
            return file.read()

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)

    def rows(self):
        result = subprocess.run([SAXID, "reprocess", "--ledger", self.ledger, "--list", "all", "--json"],
                                capture_output=True, text=True)
        return [json.loads(line) for line in result.stdout.splitlines()]
