#!/usr/bin/env python3
"""Is a file that grows tagged frame by frame, whatever becomes of its writer or of saxid?

This process is the writer (h5py, SWMR), or starts one that can be killed; `saxid watch`
follows. Nothing here depends on how long something takes, only on that it comes to pass.
"""
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

from tap import check, finish, skip
from watching import SAXID, Watch, wait_for

SRC = os.environ["SAXID_SRCDIR"]
H5DIFF = os.environ.get("H5DIFF", "no")
sys.path.insert(0, os.path.join(SRC, "tests", "hosts"))
import live_host  # noqa: E402

Q = live_host.grid()


class Followed(Watch):
    def follower(self):
        """The process that writes the side file."""
        for process in subprocess.run(["ps", "-o", "pid=", "--ppid", str(self.process.pid)], capture_output=True,
                                      text=True).stdout.split():
            for fd in os.listdir(f"/proc/{process}/fd"):
                try:
                    if os.readlink(f"/proc/{process}/fd/{fd}").endswith("_saxid.nxs"):
                        return int(process)
                except OSError:
                    pass
        return None


def start_file(path, *extra):
    file = live_host.make_file(path, Q)
    for name in extra:
        file["entry/data"].create_dataset(name, (0, len(Q)), "f8", maxshape=(None, len(Q)), chunks=(16, len(Q)))
    file.swmr_mode = True
    return file


def measure(file, *frames):
    for frame in frames:
        live_host.put(file["entry/data/I"], frame, live_host.measure(frame, Q))


def status(path):
    """Of the tags in the side file, as another process reads them; None where there is none to be read."""
    script = ("import h5py, sys\n"
              "with h5py.File(sys.argv[1], 'r', libver='latest', swmr=True) as f:\n"
              "    print(*f['entry/saxid/result/status'][...])\n")
    result = subprocess.run([sys.executable, "-c", script, path], capture_output=True, text=True)
    return [int(word) for word in result.stdout.split()] if result.returncode == 0 else None


def side(path):
    with h5py.File(path, "r") as file:
        group = file["entry/saxid"]
        return group["result/status"][...].tolist(), int(group["input/frames"][()])


def growing():
    """Frames come, nobody guesses at what is not there yet, a signal closes all, and it is gone on with."""
    os.mkdir("a")
    file = start_file("a/run.h5")
    measure(file, 0, 1, 2)
    watch = Followed("a")
    check(wait_for(lambda: status("a/run_saxid.nxs") == [1, 1, 1] and watch.frames("run.h5") == [0, 1, 2]),
          "what is there is tagged while the writer is at work", watch.said(), watch.lines())
    script = ("import h5py, sys\n"
              "with h5py.File('a/run_saxid.nxs', 'r', libver='latest', swmr=True) as f:\n"
              "    print(f['entry/data/I'].shape[1], f['entry/data/I'].attrs.get('x'))\n")
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    check(result.stdout.split()[:1] == [str(len(Q))], "the side file shows the curves meanwhile", result)
    data = file["entry/data/I"]
    data.resize(5, axis=0)
    data.flush()
    measure(file, 4)
    check(wait_for(lambda: status("a/run_saxid.nxs") == [1, 1, 1, 3, 1]), "a frame of nothing before one that is there is none",
          status("a/run_saxid.nxs"))
    data.resize(7, axis=0)
    data.flush()
    measure(file, 5)
    check(wait_for(lambda: status("a/run_saxid.nxs") == [1, 1, 1, 3, 1, 1]), "one at the end is waited for",
          status("a/run_saxid.nxs"))
    check(watch.end() == 0 and side("a/run_saxid.nxs") == ([1, 1, 1, 3, 1, 1], 0), "a signal closes the side file, incomplete",
          watch.said())
    check([row["state"] for row in watch.rows()] == ["followed"] * 6, "which the ledger knows", watch.rows())
    measure(file, 6, 8)  # 7 never comes
    node = os.stat("a/run_saxid.nxs").st_ino
    watch = Followed("a")
    check(wait_for(lambda: status("a/run_saxid.nxs") == [1, 1, 1, 3, 1, 1, 1, 3, 1]) and wait_for(
        lambda: watch.frames("run.h5") == [6, 7, 8]) and os.stat("a/run_saxid.nxs").st_ino == node,
        "the next run goes on with it", watch.said(), watch.lines(), status("a/run_saxid.nxs"))
    check(watch.end(signal.SIGKILL) and wait_for(lambda: os.path.exists("a/run_saxid.nxs") and not is_open("a/run_saxid.nxs"))
          and side("a/run_saxid.nxs")[1] == 0, "when saxid watch is killed, the side file is closed nevertheless")
    watch = Followed("a")
    measure(file, 9)
    check(wait_for(lambda: watch.frames("run.h5") == [9]), "and gone on with", watch.said(), watch.lines())
    measure(file, 10)
    file.close()
    before = os.stat("a/run.h5").st_mtime_ns
    check(wait_for(lambda: [row["state"] for row in watch.rows()] == ["done"] * 11)
          and side("a/run_saxid.nxs") == ([1, 1, 1, 3, 1, 1, 1, 3, 1, 1, 1], 11), "the writer closes it: the tags are complete",
          watch.said(), watch.rows())
    watch.end()
    watch = Followed("a", "--once")
    with h5py.File("a/run.h5", "r") as source:
        check(watch.process.wait() == 0 and watch.lines() == [] and "saxid" not in source["entry"]
              and os.stat("a/run.h5").st_mtime_ns == before, "and the file itself is not touched", watch.said(), watch.lines())
    as_tagged("a/run.h5", "a/run_saxid.nxs")


def is_open(path):
    """Whether a writer has the HDF5 file open."""
    with open(path, "rb") as file:
        return file.read(12)[11] != 0


def as_tagged(path, tags):
    """What saxid tag --side-file makes of the finished file."""
    if H5DIFF == "no":
        skip("h5diff", "no h5diff")
        return
    live_lacks = [word for name in ("/date", "/input/note", "/result/label", "/description") for word in ("--exclude-path", name)]
    os.mkdir("tagged")
    shutil.copy(path, "tagged")
    subprocess.run([SAXID, "tag", "--fast", "--side-file", "--quiet", "tagged/run.h5"], check=True, stdout=subprocess.DEVNULL)
    result = subprocess.run([H5DIFF, *live_lacks, tags, "tagged/run_saxid.nxs", "/entry/saxid", "/entry/saxid"],
                            capture_output=True, text=True)
    check(result.returncode == 0, "the tags are those of saxid tag --side-file", result.stdout, result.stderr)


def crystal():
    """Particles of atoms need fits, for which no frame waits: they are looked for when the writer has closed the file."""
    os.mkdir("gold")
    subprocess.run([SAXID, "simulate", "-p", "atomic", "--element", "Au", "-n", "1", "-s", "5", "--quiet", "-o", "gold.h5"], check=True)
    with h5py.File("gold.h5", "r") as made:
        good = np.isfinite(made["curves/q"][0]) & (made["curves/q"][0] > 0)
        q, intensity, sigma_of = (made[f"curves/{name}"][0][good] for name in ("q", "I", "sigma"))
        shape = made["class"].asstr()[made["label"][0]]
    file = live_host.make_file("gold/run.h5", q)
    file["entry/data"].create_dataset("I_errors", (0, len(q)), "f8", maxshape=(None, len(q)), chunks=(16, len(q)))
    file["entry"].create_dataset("sample/chemical_formula", data="Au")
    file["entry/sample"].attrs["NX_class"] = "NXsample"
    file.swmr_mode = True
    for frame in range(2):
        live_host.put(file["entry/data/I"], frame, intensity)
        live_host.put(file["entry/data/I_errors"], frame, sigma_of)
    watch = Followed("gold", "--fits")
    check(wait_for(lambda: watch.frames("run.h5") == [0, 1]), "curves with peaks are tagged as they come", watch.said(), watch.lines())
    file.close()
    check(wait_for(lambda: [row["state"] for row in watch.rows()] == ["done"] * 2), "and are done when the file is closed", watch.said(),
          watch.rows())
    watch.end()
    with h5py.File("gold/run_saxid.nxs", "r") as tags:
        group = tags["entry/saxid"].get("seed_" + shape)
        check(group is not None and group["n_atoms"].shape == (2,) and tags["entry/saxid/input/frames"][()] == 2
              and np.all(group["n_atoms_min"][...] < group["n_atoms_max"][...]), "their side file has the particles of atoms then",
              shape, list(tags["entry/saxid"]), watch.said())


def sigma():
    """The uncertainty comes a moment after the curve."""
    os.mkdir("b")
    file = start_file("b/run.h5", "I_errors")
    data = file["entry/data/I_errors"]
    measure(file, 0)
    live_host.put(data, 0, 0.02 * np.abs(live_host.measure(0, Q)))
    watch = Followed("b")
    wait_for(lambda: watch.frames("run.h5") == [0])
    measure(file, 1, 2)
    time.sleep(0.7)  # several looks: curves without their uncertainty
    early = watch.frames("run.h5")
    for frame in (1, 2):
        live_host.put(data, frame, 0.02 * np.abs(live_host.measure(frame, Q)))
    check(wait_for(lambda: watch.frames("run.h5") == [0, 1, 2]) and early == [0], "a curve is judged with its uncertainty",
          early, watch.said())
    file.close()
    wait_for(lambda: side_is_complete("b/run_saxid.nxs"))
    watch.end()
    with h5py.File("b/run_saxid.nxs", "r") as tags:
        check(tags["entry/saxid/input/sigma"][()] == b"/entry/data/I_errors" and tags["entry/saxid/input/frames"][()] == 3,
              "and the tags say so")


def side_is_complete(path):
    return os.path.exists(path) and not is_open(path) and side(path)[1] > 0


WRITER = """
import sys
sys.path.insert(0, sys.argv[1])
import live_host
q = live_host.grid()
file = live_host.make_file(sys.argv[2], q)
file.swmr_mode = True
for k in range(int(sys.argv[3])):
    live_host.put(file["entry/data/I"], k, live_host.measure(k + int(sys.argv[4]), q))
print("written", flush=True)
sys.stdin.readline()
"""


def writer(path, frames, first=0):
    process = subprocess.Popen([sys.executable, "-c", WRITER, os.path.join(SRC, "tests", "hosts"), path, str(frames),
                                str(first)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    return process


def noted():
    """What was left out of the curves is in the tags: marked by the file, and not."""
    os.mkdir("n")
    with_marks = live_host.make_file("n/run.h5", Q)
    data = with_marks["entry/data"]
    data.attrs.update(canSAS_class="SASdata", I_axes="Time,Q", mask="Mask", Mask_indices=1)
    data["Mask"] = np.arange(len(Q)) < 5
    with_marks.swmr_mode = True
    for frame in range(3):
        curve = live_host.measure(frame, Q)
        curve[40 if frame == 1 else 2] = np.nan  # one that is none, or one that is masked
        live_host.put(data["I"], frame, curve)
    watch = Followed("n")
    wait_for(lambda: watch.frames("run.h5") == [0, 1, 2])
    with_marks.close()
    wait_for(lambda: side_is_complete("n/run_saxid.nxs"))
    watch.end()
    with h5py.File("n/run_saxid.nxs", "r") as tags:
        found = tags["entry/saxid/input/note"][()].decode()
    subprocess.run([SAXID, "tag", "--fast", "--quiet", "n/run.h5"], check=True, capture_output=True)
    with h5py.File("n/run.h5", "r") as tags:
        wanted = tags["entry/saxid/input/note"][()].decode()
    check(found == wanted == f"left out: 1 point without a number; 5 of {len(Q)} points are masked: left out",
          "what was left out is noted, as by saxid tag", found, wanted)


def accidents():
    """Writers that die, files that are replaced or cut, and a follower that is killed."""
    os.mkdir("c")
    died = writer("c/died.h5", 5)
    watch = Followed("c", "--idle", "1.5", "--jobs", "2")
    check(wait_for(lambda: len(watch.frames("died.h5")) == 5), "a writer at work", watch.said())
    died.kill()
    died.communicate()
    check(wait_for(lambda: side_is_complete("c/died_saxid.nxs")) and side("c/died_saxid.nxs") == ([1] * 5, 5)
          and wait_for(lambda: "does not grow any more" in watch.said()), "it dies: what it wrote has its tags, and it is said",
          watch.said())
    check(wait_for(lambda: [row["state"] for row in watch.rows()] == ["done"] * 5), "and noted", watch.rows())
    watch.end()
    watch = Followed("c", "--once")
    check(watch.process.wait() == 0 and watch.lines() == [], "the next run has nothing to do", watch.said(), watch.lines())

    os.mkdir("d")
    first = writer("d/run.h5", 4)
    watch = Followed("d", "--idle", "600")
    wait_for(lambda: len(watch.frames("run.h5")) == 4)
    second = writer("d/.other.h5", 2, first=20)
    os.rename("d/.other.h5", "d/run.h5")
    check(wait_for(lambda: "replaced" in watch.said()) and wait_for(lambda: status("d/run_saxid.nxs") == [1, 1])
          and wait_for(lambda: watch.frames("run.h5") == [0, 1, 2, 3, 0, 1]), "a file that is replaced is begun anew",
          watch.said(), watch.lines(), status("d/run_saxid.nxs"))
    first.communicate("\n")
    os.kill(watch.follower(), signal.SIGKILL)
    check(wait_for(lambda: "crashed" in watch.said()), "a follower that is killed costs no more than itself", watch.said())
    second.communicate("\n")
    check(wait_for(lambda: side_is_complete("d/run_saxid.nxs")) and side("d/run_saxid.nxs") == ([1, 1], 2)
          and "begun anew" in watch.said(), "what it left is begun anew", watch.said())
    check(wait_for(lambda: [row["state"] for row in watch.rows()] == ["done"] * 2), "and noted once", watch.rows())
    watch.end()

    os.mkdir("e")
    cut = writer("e/run.h5", 40)
    watch = Followed("e", "--idle", "2")
    wait_for(lambda: len(watch.frames("run.h5")) == 40)
    cut.kill()
    cut.communicate()
    os.truncate("e/run.h5", 3000)
    check(wait_for(lambda: [row["state"] for row in watch.rows()] in (["failed"], ["done"] * 40)) and watch.process.poll() is None,
          "a file that is cut off is noted, and the watch goes on", watch.rows(), watch.said())
    shutil.copy("a/run.h5", "e/fine.h5")
    check(wait_for(lambda: len(watch.frames("fine.h5")) == 11), "with the others", watch.said(), watch.lines())
    watch.end()

    os.mkdir("f")
    stale = writer("f/run.h5", 3)
    watch = Followed("f")
    wait_for(lambda: len(watch.frames("run.h5")) == 3)
    watch.end()
    stale.communicate("\n")
    os.remove("f/run.h5")
    again = writer("f/run.h5", 4, first=30)
    watch = Followed("f")
    check(wait_for(lambda: watch.frames("run.h5") == [0, 1, 2, 3]) and "other curves" in watch.said(),
          "the tags of other curves are not gone on with", watch.said(), watch.lines())
    again.communicate("\n")
    wait_for(lambda: side_is_complete("f/run_saxid.nxs"))
    watch.end()
    other = writer("f/run.nxs", 2)
    watch = Followed("f")
    check(wait_for(lambda: "move that side file away" in watch.said()) and side("f/run_saxid.nxs")[1] == 4,
          "nor are those of another file overwritten", watch.said())
    watch.end()
    other.communicate("\n")


def dead():
    """Files that nobody goes on with hold the only follower for a while each: what is written goes first."""
    os.mkdir("dead")
    files = []
    for k in range(6):
        files.append(start_file(f"dead/dead{k}.nxs"))
        measure(files[-1], 0)
        os.utime(f"dead/dead{k}.nxs", (1e9 + k, 1e9 + k))
    files.append(start_file("dead/live.nxs"))
    measure(files[-1], 0, 1)
    watch = Followed("dead", "--idle", "20", "--jobs", "1")
    check(wait_for(lambda: watch.lines()), "a file is followed", watch.said())
    check(watch.lines()[0][0].endswith("live.nxs"), "the one that has changed last goes first", watch.lines())
    watch.end()
    for file in files:
        file.close()


def strangers():
    """What lies where the side file would: a planted link, somebody's groups, no HDF5; and a file that keeps HDF5 busy."""
    os.mkdir("h")
    with open("dear", "w") as dear:
        dear.write("keep me\n")
    os.symlink("../dear", "h/.run_saxid.nxs.new")
    file = start_file("h/run.h5")
    measure(file, 0)
    watch = Followed("h")
    check(wait_for(lambda: watch.frames("run.h5") == [0]) and open("dear").read() == "keep me\n"
          and not os.path.islink("h/run_saxid.nxs"), "a link under a name of ours is not followed", watch.said())
    watch.end()

    os.remove("h/run_saxid.nxs")
    with h5py.File("h/run_saxid.nxs", "w") as side_file:
        side_file["entry/mine"] = np.arange(7)
    measure(file, 1)
    watch = Followed("h")
    check(wait_for(lambda: "not of saxid: move that side file away" in watch.said()), "groups of others are not replaced", watch.said())
    watch.end()
    with h5py.File("h/run_saxid.nxs", "r") as side_file:
        check(side_file["entry/mine"][...].tolist() == list(range(7)), "and stay")

    os.remove("h/run_saxid.nxs")
    with h5py.File("h/run_saxid.nxs", "w") as side_file:
        side_file["sasdata"] = h5py.ExternalLink("run.h5", "/sasdata")
        side_file.flush()
        os.utime("h/run.h5")
        watch = Followed("h")
        check(wait_for(lambda: "being written by somebody else" in watch.said()), "nor a file that is being written", watch.said())
        watch.end()
    os.utime("h/run.h5")
    watch = Followed("h")
    check(wait_for(lambda: watch.frames("run.h5") == [0, 1]) and "begun anew" in watch.said(), "one with our links alone is", watch.said())
    watch.end()

    with open("h/run_saxid.nxs", "w") as side_file:
        side_file.write("no HDF5\n")
    measure(file, 2)
    watch = Followed("h")
    check(wait_for(lambda: watch.frames("run.h5") == [0, 1, 2]) and "is kept as run_saxid.nxs.damaged-1" in watch.said()
          and open("h/run_saxid.nxs.damaged-1").read() == "no HDF5\n", "what cannot be read is kept under another name", watch.said())
    watch.end()
    measure(file, 3)
    with open("h/run_saxid.nxs", "rb") as reader:
        fcntl.flock(reader, fcntl.LOCK_SH)
        watch = Followed("h")
        time.sleep(1.2)
    check(wait_for(lambda: watch.frames("run.h5") == [3]) and "anew" not in watch.said(),
          "somebody who reads it for a moment is waited for", watch.said(), watch.lines())
    watch.end()
    file.close()

    if h5py.version.hdf5_version != "1.10.8":
        skip("a file that keeps HDF5 busy", "this HDF5 knows that damage")
        return
    os.mkdir("i")
    shutil.copy(os.path.join(SRC, "tests", "hostile", "hang-heap.h5"), "i/run.h5")
    shutil.copy("i/run.h5", "i/run_saxid.nxs")
    watch = Followed("i", "--time-limit", "1")
    check(wait_for(lambda: "took longer than 1 s" in watch.said()), "a file that keeps HDF5 busy is given up", watch.said())
    os.utime("i/run.h5")
    check(wait_for(lambda: watch.said().count("took longer than 1 s") == 2), "by a follower, too", watch.said())
    watch.end()


def settings():
    """The example of a key file, for a directory that is there."""
    os.mkdir("g")
    shutil.copy("a/run.h5", "g/run.h5")
    with open(os.path.join(SRC, "contrib", "beamline.key")) as file:
        text = file.read()
    for old, new in (("/data/saxs;/data/waxs", "g"), ("/var/lib/saxid/beamline.sqlite", "g.sqlite"), ("settle = 2", "settle = 0.1")):
        check(old in text, f"the example has {old}")
        text = text.replace(old, new)
    with open("g.key", "w") as file:
        file.write(text)

    def run(*words):
        return subprocess.run([SAXID, "watch", *words], capture_output=True, text=True, timeout=120)

    result = run("--config", "g.key", "--once")
    check(result.returncode == 0 and len(result.stdout.splitlines()) == 11 and side("g/run_saxid.nxs")[1] == 11
          and os.path.exists("g.sqlite"), "the example of a key file is understood", result)
    result = run("--config=g.key", "--once", "--ledger", "other.sqlite", "--quiet")
    check(result.returncode == 0 and result.stdout == "" and os.path.exists("other.sqlite"), "the command line counts more", result)
    for name, text in (("no key", "[watch]\ndirectories=g\nspeed=3\n"), ("no value", "[watch]\nsettle=soon\n"),
                       ("no group", "[tag]\nsettle=1\n"), ("no key file", "settle=1\n"), ("nothing to watch", "[watch]\nsettle=1\n")):
        with open("bad.key", "w") as file:
            file.write(text)
        result = run("--once", "--config", "bad.key")
        check(result.returncode == 2 and result.stderr.count("\n") == 1, f"not understood: {name}", result)
    check(run("--config", "nowhere.key").returncode == 2 and run("--config").returncode == 2, "a key file that is not there")
    with open(os.path.join(SRC, "contrib", "saxid-watch@.service")) as file:
        words = [line.split("=", 1)[1].split()[1:] for line in file if line.startswith("ExecStart=")]
    check(words == [["watch", "--config", "/etc/saxid/%i.key"]], "the unit runs what is tried here", words)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    growing()
    crystal()
    sigma()
    noted()
    accidents()
    dead()
    strangers()
    settings()
    os.chdir("/")
finish()
