#!/usr/bin/env python3
"""Is a file left alone that a program has open for writing, whatever its library does about locks?

The writers are h5py with HDF5's locks and without them, in the format of its default.
"""
import os
import signal
import subprocess
import sys
import tempfile
import time

from tap import check, finish, skip_all

try:
    import h5py
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
WRITER = """
import os, sys
os.environ["HDF5_USE_FILE_LOCKING"] = sys.argv[2]
import h5py, numpy as np
q = np.geomspace(0.006, 0.3, 60)
with h5py.File(sys.argv[1], "w") as f:
    e = f.create_group("entry"); e.attrs["NX_class"] = "NXentry"
    d = e.create_group("data"); d.attrs.update({"NX_class": "NXdata", "signal": "I", "axes": [".", "Q"]})
    d["Q"] = q; d["Q"].attrs["units"] = "1/angstrom"
    D = d.create_dataset("I", (0, 60), maxshape=(None, 60), chunks=(1, 60))
    for k in range(4):
        D.resize(k + 1, 0); D[k] = 1 / (1 + (q * 60)**4); f.flush()
        print(k, flush=True); sys.stdin.readline()
print("closed", flush=True)
"""


def writer(path, locking):
    process = subprocess.Popen([sys.executable, "-c", WRITER, path, locking], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def next_frame(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return process.stdout.readline()


def content(path):
    with h5py.File(path, "r") as h5:
        return h5["entry/data/I"].shape[0], "saxid" in h5["entry"]


with tempfile.TemporaryDirectory() as folder:
    for locking in ("FALSE", "TRUE"):
        path = os.path.join(folder, "run%s.h5" % locking)
        process = writer(path, locking)
        result = subprocess.run([SAXID, "tag", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        check(result.returncode == 1 and "another program has the file open for writing" in result.stderr,
              "tag leaves a file to its writer, HDF5's locking %s" % locking, result.stdout + result.stderr)
        while next_frame(process).strip() != "closed":
            pass
        process.wait()
        check(content(path) == (4, False), "and all frames are there", content(path))
        result = subprocess.run([SAXID, "tag", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        check(result.returncode == 0 and content(path) == (4, True), "once it is closed it is tagged", result.stderr)

    os.mkdir(os.path.join(folder, "day"))
    watch = subprocess.Popen([SAXID, "watch", "--settle", "0.2", "--poll", "0.2", "--ledger", os.path.join(folder, "ledger"),
                              os.path.join(folder, "day")], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    both = {name: writer(os.path.join(folder, "day", name + ".h5"), name) for name in ("FALSE", "TRUE")}
    for _ in range(4):
        time.sleep(1.2)
        for process in both.values():
            next_frame(process)
    for process in both.values():
        process.wait()
    for _ in range(100):
        if all(content(os.path.join(folder, "day", name + ".h5")) == (4, True) for name in both):
            break
        time.sleep(0.2)
    watch.send_signal(signal.SIGINT)
    out, err = watch.communicate(timeout=60)
    for name in both:
        check(content(os.path.join(folder, "day", name + ".h5")) == (4, True), "watch waits for the writer, HDF5's locking %s" % name,
              out + err)
    check(err == "" and len(out.splitlines()) == 8, "and judges each frame once, without a word of failure", out + err)
finish()
