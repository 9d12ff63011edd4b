#!/usr/bin/env python3
"""Does saxid leave alone what others have put beside or into what is ours, and does it keep apart what is two?

What an analyst adds to the tags, two watches over one directory, and curves whose paths are longer
than a row of the module has room for.
"""
import os
import shutil
import signal
import subprocess
import tempfile
import time

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
Q = np.geomspace(0.006, 0.3, 60)


def run(*words):
    return subprocess.run([SAXID, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)


def make(path, groups=("data",)):
    with h5py.File(path, "w") as f:
        entry = f.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        for k, name in enumerate(groups):
            data = entry.create_group(name)
            data.attrs.update({"NX_class": "NXdata", "signal": "I", "axes": "Q"})
            data["Q"], data["I"] = Q, (k + 1) / (1 + (Q * 60)**4)
            data["Q"].attrs["units"] = "1/angstrom"
    return path


def additions(folder):
    kinds = {
        "a data set": ("my_fit", lambda g: g.create_dataset("my_fit", data=[1.0])),
        "a group": ("review", lambda g: g.create_group("review").create_dataset("verdict", data="I disagree")),
        "an attribute": ("result@reviewed_by", lambda g: g["result"].attrs.__setitem__("reviewed_by", "me")),
        "a member of a group of ours": ("model/page", lambda g: g["model"].create_dataset("page", data=3)),
        "a soft link": ("better", lambda g: g.__setitem__("better", h5py.SoftLink("/entry/data"))),
        "something in a fit": ("seed_sphere/note", lambda g: g.require_group("seed_sphere").create_dataset("note", data="x")),
        "an attribute of the group": ("@opinion", lambda g: g.attrs.__setitem__("opinion", "no")),
    }
    for how in ([], ["--side-file"]):
        for what, (name, add) in kinds.items():
            path = make(os.path.join(folder, "a.h5"))
            target = os.path.join(folder, "a_saxid.nxs") if how else path
            if os.path.exists(os.path.join(folder, "a_saxid.nxs")):
                os.unlink(os.path.join(folder, "a_saxid.nxs"))
            run("tag", *how, path)
            again = run("tag", *how, path)
            with h5py.File(target, "a") as f:
                add(f["entry/saxid"])
            with open(target, "rb") as f:
                before = f.read()
            result = run("tag", *how, path)
            with open(target, "rb") as f:
                after = f.read()
            check(again.returncode == 0 and result.returncode == 1 and "'%s', which saxid did not write" % name in result.stderr
                  and before == after, "%s in the tags is kept%s" % (what, ", side file" if how else ""), again.stderr + result.stderr)

    path = make(os.path.join(folder, "watched", "w.h5"))
    watch = start_watch(folder, "one", "watched")
    wait_for(lambda: has(path, "entry/saxid"))
    time.sleep(0.5)
    with h5py.File(path, "a") as f:
        f["entry/saxid"]["my_fit"] = [1.0, 2.0]
    time.sleep(3)
    out, err = stop(watch)
    check(has(path, "entry/saxid/my_fit"), "watch keeps it too", out + err)


def has(path, name):
    try:
        with h5py.File(path, "r") as f:
            return name in f
    except OSError:
        return False


def wait_for(condition):
    for _ in range(200):
        if condition():
            return
        time.sleep(0.1)


def start_watch(folder, ledger, directory):
    return subprocess.Popen([SAXID, "watch", "--settle", "0.2", "--poll", "0.2", "--ledger", os.path.join(folder, ledger),
                             os.path.join(folder, directory)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def stop(watch):
    watch.send_signal(signal.SIGINT)
    return watch.communicate(timeout=60)


def two_watches(folder):
    os.mkdir(os.path.join(folder, "both"))
    path = make(os.path.join(folder, "both", "b.h5"))
    watches = [start_watch(folder, name, "both") for name in ("first", "second")]
    wait_for(lambda: has(path, "entry/saxid"))
    time.sleep(3)
    before = os.stat(path)
    time.sleep(4)
    said = [stop(watch) for watch in watches]
    check(os.stat(path).st_ino == before.st_ino and os.stat(path).st_mtime_ns == before.st_mtime_ns,
          "two watches come to rest", said)
    # who comes second at the same instant is told so, and judges the file again
    check(all(1 <= len(out.splitlines()) <= 3 and all("somebody else changed the file" in line for line in err.splitlines())
              for out, err in said), "and each judges the curve", said)


def long_names(folder):
    long = "e" * 250
    path = make(os.path.join(folder, "long.h5"), (long + "/data0", long + "/data1"))
    ledger = os.path.join(folder, "ledger")
    result = run("reprocess", "--quiet", "--ledger", ledger, path)
    rows = run("reprocess", "--list", "all", "--ledger", ledger).stdout.splitlines()
    check(result.returncode == 0 and "(2 curves)" in result.stdout and sum(path in row for row in rows) == 2,
          "two curves of long paths are two rows of the ledger", result.stdout + result.stderr + "\n".join(rows))


def kept(folder):
    """What nobody may write is not replaced, whatever would be written there."""
    path = make(os.path.join(folder, "in.h5"))
    with open(os.path.join(folder, "in.dat"), "w") as f:
        f.writelines("%.6g %.6g\n" % row for row in zip(Q, 1 / (1 + (Q * 60)**4)))
    for words, name in ((("report", path, "--fast"), "page.html"), (("import", "--force", os.path.join(folder, "in.dat")), "out.nxs"),
                        (("seed", path, "--format", "sasview", "--quiet"), "fits.json")):
        output = os.path.join(folder, name)
        with open(output, "w") as f:
            f.write("mine")
        os.chmod(output, 0o444)
        result = run(*words, "-o", output)
        with open(output) as f:
            check(result.returncode != 0 and f.read() == "mine" and "read-only" in result.stderr, "%s leaves a read-only file" % words[0],
                  result.stderr)
    os.chmod(os.path.join(folder, "page.html"), 0o644)
    result = run("report", path, "--fast", "--title", "a <title>", "-o", os.path.join(folder, "page.html"))
    with open(os.path.join(folder, "page.html"), encoding="utf-8") as f:
        check(result.returncode == 0 and "<h1>a &lt;title&gt;</h1>" in f.read(), "a report has the title that it is given", result.stderr)


with tempfile.TemporaryDirectory() as scratch:
    os.mkdir(os.path.join(scratch, "watched"))
    additions(scratch)
    kept(scratch)
    long_names(scratch)
    two_watches(scratch)
finish()
