"""Does `saxid sort --ledger` go through an archive once, keep vectors beside the ledger, and find frames that look alike?"""
import json
import os
import signal
import sqlite3
import struct
import subprocess
import tempfile
import time

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

from technique_frames import grazing, transmission, write

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
SAXID = os.path.join(BUILD, "saxid")
SHIPS = os.path.exists(os.path.join(SRC, "models", "trained", "technique.h5"))


def run(*arguments):
    return subprocess.run([SAXID, "sort", *map(str, arguments)], capture_output=True, text=True)


def vectors(ledger):
    with open(ledger + ".vectors", "rb") as file:
        head = file.read(128)
        width = struct.unpack("<I", head[16:20])[0]
        return np.frombuffer(file.read(), "<f2").reshape(-1, width).astype(float)


def rows(ledger, what="path, frame, label, vector"):
    with sqlite3.connect(ledger) as book:
        return list(book.execute("SELECT %s FROM curve ORDER BY path, frame" % what))


def main():
    random = np.random.default_rng(6)
    if not SHIPS:
        skip_all("no model of images ships")
    with tempfile.TemporaryDirectory() as directory:
        archive, ledger = os.path.join(directory, "archive"), os.path.join(directory, "frames.sqlite")
        os.makedirs(archive)
        for k in range(6):
            write(os.path.join(archive, "solution%d.h5" % k), transmission(random))
            write(os.path.join(archive, "film%d.h5" % k), grazing(random))
        broken = os.path.join(archive, "broken.h5")
        with open(broken, "w") as file:
            file.write("no frame")
        done = run("--ledger", ledger, "--jobs", 2, archive)
        found = rows(ledger)
        check(done.returncode == 1 and "12 files sorted (12 frames), 0 as they were, 1 failed" in done.stdout and len(done.stderr.splitlines()) == 1
              and broken in done.stderr, "every file is noted, and one that is none is said", done)
        check(len(found) == 12 and all((label or "").startswith("gi") == ("film" in path) for path, _, label, _ in found), "its label is the technique", found)
        kept = vectors(ledger)
        check(kept.shape[0] == 12 and sorted(row[3] for row in found) == list(range(12))
              and np.allclose(np.linalg.norm(kept, axis=1), 1, atol=2e-3), "a row of length 1 for each frame", kept.shape)
        done = run("--ledger", ledger, archive)
        check(done.returncode == 0 and "0 files sorted (0 frames), 13 as they were" in done.stdout, "what is known is not read again", done)
        question = "label in (%s)" % ", ".join({row[2].upper() for row in found if row[2].startswith("gi")})
        done = subprocess.run([SAXID, "reprocess", "--ledger", ledger, "--list", question, "--count"], capture_output=True, text=True)
        check("6 curves in 6 files" in done.stdout, "the ledger answers questions", done)

        wanted = os.path.join(archive, "film1.h5")
        done = run("--ledger", ledger, "--like", wanted, "--json")
        near = [json.loads(line) for line in done.stdout.splitlines()]
        plain = [json.loads(line) for line in run("--like", wanted, "--json", *(row[0] for row in found)).stdout.splitlines()]
        check(done.returncode == 0 and len(near) == 10 and near[0]["file"] == wanted and all("film" in row["file"] for row in near[:6])
              and {row["file"] for row in near[:6]} == {row["file"] for row in plain[:6]}  # among them half a float decides
              and all(abs(a["distance"] - b["distance"]) < 2e-3 for a, b in zip(near, plain)), "the nearest are those of all frames anew", near, plain)

        # a frame that has changed gets a row anew, and its old one is of nobody
        time.sleep(0.01)
        write(os.path.join(archive, "film2.h5"), transmission(random))
        done = run("--ledger", ledger, archive)
        near = [json.loads(line) for line in run("--ledger", ledger, "--like", wanted, "--json").stdout.splitlines()]
        check("1 file sorted" in done.stdout and len(vectors(ledger)) == 13 and all("film" in row["file"] for row in near[:5])
              and "film2" not in "".join(row["file"] for row in near[:5]), "a changed file is sorted again", done, near)

        # images outside their file are looked at only where that is asked for
        outside, asked = os.path.join(directory, "outside"), os.path.join(directory, "links.sqlite")
        os.makedirs(outside)
        with h5py.File(os.path.join(outside, "run_master.h5"), "w") as file:
            data = file.create_group("entry/data")
            file["entry"].attrs["NX_class"], data.attrs["NX_class"] = "NXentry", "NXdata"
            data["data_000001"] = h5py.ExternalLink(os.path.join(archive, "film0.h5"), "/entry/instrument/detector/data")
        plain, followed, again = (run("--ledger", asked, *options, outside) for options in ((), ("--follow-links",), ("--follow-links",)))
        check(plain.returncode == 1 and "--follow-links" in plain.stderr and followed.returncode == 0 and "1 file sorted (1 frame)" in followed.stdout
              and rows(asked)[0][2].startswith("gi") and "1 as they were" in again.stdout, "--follow-links", plain, followed, again)

        # stopped in the middle it goes on
        stack = os.path.join(archive, "stack.h5")
        write(stack, np.stack([transmission(random) for _ in range(30)]))
        other = os.path.join(directory, "other.sqlite")
        process = subprocess.Popen([SAXID, "sort", "--ledger", other, "--jobs", "1", "--all", archive], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        process.communicate()
        done = run("--ledger", other, "--all", archive)
        check(len(rows(other)) == 42 and len({row[3] for row in rows(other)}) == 42 and max(row[3] for row in rows(other)) < len(vectors(other)),
              "an interrupted run goes on", process.returncode, done)

        with open(ledger + ".vectors", "r+b") as file:
            file.seek(20)
            file.write(b"another network")
        done = run("--ledger", ledger, "--like", wanted)
        check(done.returncode == 1 and done.stdout == "" and "another network" in done.stderr and len(done.stderr.splitlines()) == 1,
              "vectors of another network are not compared", done)
        stranger = os.path.join(directory, "mine.sqlite")
        with open(stranger + ".vectors", "wb") as file:
            file.write(b"my own notes" * 20)
        done = run("--ledger", stranger, archive)
        with open(stranger + ".vectors", "rb") as file:
            check(done.returncode == 1 and "left alone" in done.stderr and len(done.stderr.splitlines()) == 1 and file.read() == b"my own notes" * 20,
                  "a file of somebody else is left alone", done)
        for words, arguments in (("--headers", ("--ledger", ledger, "--headers", archive)), ("--jobs is 0", ("--ledger", ledger, "--jobs", 0, archive)),
                                 ("no frame was given", ("--ledger", ledger))):
            done = run(*arguments)
            check(done.returncode == 2 and words in done.stderr and len(done.stderr.splitlines()) == 1, words, done)
    finish()


main()
