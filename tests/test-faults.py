#!/usr/bin/env python3
"""What is left of a file when any one call that writes fails?

A small library is loaded in front of saxid that lets the k-th such call fail, for k = 1, 2, …
until the run has no more of them. However it ends, the user's file is the old one byte for byte
or a whole new one; and the next run, undisturbed, succeeds and leaves nothing beside it.
There are some 1200 calls: every 61st is tried, STEP=1 tries all."""
import errno
import os
import shutil
import subprocess
import tempfile

import tap

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
SAXID = os.path.join(BUILD, "saxid")
STEP = int(os.environ.get("STEP", "61"))
RUN = os.path.join(SRC, "demo", "run.nxs")
MOST = 2000


def environment(library="fail-at.so", **more):
    return dict(os.environ, LD_PRELOAD=os.path.abspath(library), **more)


def build(name):
    subprocess.run([*os.environ["CC"].split(), "-shared", "-fPIC", "-O1", "-o", name + ".so",
                    os.path.join(SRC, "tests", "faults", name + ".c"), "-ldl"], check=True)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def whole(path):
    """Whether the tags are there for who reads with h5py, and the curves still are."""
    import h5py
    with h5py.File(path, "r") as file:
        return all("saxid/result/probability" in entry and entry["sasdata/I"][...].size > 0
                   for entry in file.values())


def tries(verb, number, finish):
    """Runs a command with each call failing in turn: calls, and for each what it did."""
    found = []
    for k in range(1, MOST, STEP):
        with tempfile.TemporaryDirectory(dir=".") as folder:
            original = os.path.join(folder, "run.nxs")
            shutil.copyfile(RUN, original)
            count = os.path.abspath("count")
            done = subprocess.run([SAXID, *verb, "run.nxs"], cwd=folder, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, timeout=120,
                                  env=environment(SAXID_FAIL_AT=str(k), SAXID_FAIL_ERRNO=str(number),
                                                  SAXID_FAIL_COUNT=count))
            calls = int(read(count)) if os.path.exists(count) else MOST
            if k > calls:
                return found
            found.append(finish(folder, original, done))
            if os.path.exists(count):
                os.remove(count)
    return found


def in_place(folder, original, done):
    same = read(original) == read(RUN)
    sound = same or whole(original)
    # an error that is said, or a call whose failure matters to nobody
    honest = done.returncode != 0 or not same
    again = subprocess.run([SAXID, "tag", "--fast", "--quiet", "run.nxs"], cwd=folder, capture_output=True, timeout=120)
    return sound, honest, again.returncode == 0 and whole(original) and os.listdir(folder) == ["run.nxs"]


def beside(folder, original, done):
    side = os.path.join(folder, "run_saxid.nxs")
    same = read(original) == read(RUN)
    honest = done.returncode != 0 or os.path.exists(side)
    again = subprocess.run([SAXID, "tag", "--fast", "--quiet", "--side-file", "run.nxs"], cwd=folder,
                           capture_output=True, timeout=120)
    return same, honest, again.returncode == 0 and sorted(os.listdir(folder)) == ["run.nxs", "run_saxid.nxs"]


def judge(what, found, least):
    tap.check(len(found) * STEP >= least, f"{what}: {len(found)} calls failed in turn", len(found))
    for part, meaning in enumerate(("the file is the old one or a whole new one", "no failure passes for a success",
                                    "the next run succeeds and leaves nothing behind")):
        bad = [k * STEP + 1 for k, one in enumerate(found) if not one[part]]
        tap.check(not bad, f"{what}: {meaning}", bad)


def without_locks():
    """A file system that has neither locks of ranges nor leases: nobody can tell whether the file is open."""
    with tempfile.TemporaryDirectory(dir=".") as folder:
        original = os.path.join(folder, "run.nxs")
        shutil.copyfile(RUN, original)
        command = [SAXID, "tag", "--fast", "--quiet", "run.nxs"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120,
                              env=environment("lack.so"))
        tap.check(done.returncode == 1 and read(original) == read(RUN) and len(done.stderr.strip().splitlines()) == 1,
                  "without locks and leases: a fresh file is left alone, in one line", done.returncode, done.stderr)
        os.utime(original, (1e9, 1e9))
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120,
                              env=environment("lack.so"))
        tap.check(done.returncode == 0 and whole(original) and os.listdir(folder) == ["run.nxs"],
                  "without locks and leases: one that rests is tagged, and nothing is left beside it", done.returncode,
                  done.stderr, os.listdir(folder))


def main():
    build("fail-at")
    build("lack")
    without_locks()
    tag = ("tag", "--fast", "--quiet")
    judge("full disk", tries(tag, errno.ENOSPC, in_place), 10)
    judge("broken disk", tries(tag, errno.EIO, in_place), 10)
    judge("full disk, side file", tries((*tag, "--side-file"), errno.ENOSPC, beside), 5)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        os.chdir(scratch)
        main()
        os.chdir(SRC)
    tap.finish()
