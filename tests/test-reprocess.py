#!/usr/bin/env python3
"""Is an archive tagged once, whatever happens: bad files, kills, two runs, job arrays?"""
import json
import os
import pty
import re
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
except ImportError as error:
    skip_all(f"no {error.name}")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")


def run(*arguments, **options):
    return subprocess.run([saxid, "reprocess", *arguments], capture_output=True, text=True, timeout=600, **options)


def ask(ledger, question, *more):
    result = run("--ledger", ledger, "--list", question, "--json", *more)
    return [json.loads(line) for line in result.stdout.splitlines()]


def make(path, radius=60.0, frames=1):
    q = numpy.geomspace(0.004, 0.3, 150)
    x = q * radius
    truth = (3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-3
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"][-1 if frames == 1 else 0:])
        data["Q"] = q
        data["Q"].attrs["units"] = "1/angstrom"
        data["I"] = truth if frames == 1 else numpy.tile(truth, (frames, 1))


def tagged(path):
    with h5py.File(path) as file:
        return "saxid" in file["entry"]


def archive(path, n):
    os.makedirs(os.path.join(path, "deep", "er"))
    for k in range(n):
        make(os.path.join(path, ("", "deep", "deep/er")[k % 3], f"run{k:03}.{('nxs', 'h5', 'HDF5')[k % 3]}"), 40 + k)
    return [os.path.join(where, name) for where, _, names in os.walk(path) for name in sorted(names)]


def the_whole():
    files = archive("a", 12)
    make("a/.hidden.h5")
    os.symlink(os.path.abspath(files[0]), "a/link.h5")
    with open("a/notes.txt", "w") as file:
        file.write("no data\n")
    with open(files[0], "rb") as source, open("a/broken.nxs", "wb") as target:
        target.write(source.read()[:2000])
    result = run("--ledger", "l", "--jobs", "2", "a")
    check(result.returncode == 1 and "12 files tagged (12 curves), 0 as they were, 1 failed" in result.stdout
          and result.stderr.count("\n") == 1 and "broken.nxs" in result.stderr, "every file, and one that is broken", result)
    check(all(map(tagged, files)) and not tagged("a/.hidden.h5"), "the files have their tags, what is hidden has not")
    before = {path: os.stat(path).st_mtime_ns for path in files}
    result = run("--ledger", "l", "--quiet", "a", "a/deep")
    check(result.returncode == 0 and "0 files tagged (0 curves), 13 as they were (1 of them failed before, --retry tries it again), 0 failed" in result.stdout
          and {path: os.stat(path).st_mtime_ns for path in files} == before, "a second run changes nothing", result)
    make(files[3], 77)
    make("a/new.h5")
    result = run("--ledger", "l", "--quiet", "a")
    check("2 files tagged" in result.stdout, "what is new or has changed is tagged", result)
    result = run("--ledger", "l", "--quiet", "--retry", "a")
    check(result.returncode == 1 and "1 failed" in result.stdout, "what failed is tried again when asked", result)
    return files


def questions():
    rows = ask("l", "all")
    check(len(rows) == 14 and sum(row["state"] == "done" for row in rows) == 13, "the ledger has every file", rows)
    labels = {row["label"] for row in rows if row["label"]}
    label = sorted(labels)[0]
    some = ask("l", f"label={label} and confidence>0.1")
    check(some and all(row["label"] == label and row["confidence"] > 0.1 for row in some), "a question", some)
    check(len(ask("l", "not (state=done)")) == 1 and len(ask("l", "file~broken or file ~ 'new.h5'")) == 2,
          "words, parentheses, quotes")
    check(ask("l", "entry='x; DROP TABLE file'") == [] and len(ask("l", "all")) == 14, "a question is never SQL")
    for bad in ("label", "label=", "label=a b", "(label=a", "speed>3", "confidence>high", "label=a and"):
        result = run("--ledger", "l", "--list", bad)
        check(result.returncode == 2 and result.stdout == "" and result.stderr.count("\n") == 1, f"not understood: {bad}",
              result)
    result = run("--ledger", "none", "--list", "all")
    check(result.returncode == 1 and result.stderr.count("\n") == 1 and not os.path.exists("none"), "no ledger", result)
    shutil.copy("l", "forged")
    with sqlite3.connect("forged") as forged:
        forged.execute("UPDATE curve SET confidence='1,\"file\":\"x\"', frame=9e999")
    forgeries = ask("forged", "state=done")
    check(forgeries and all(row["confidence"] is None and row["frame"] is None and row["file"] != "x" for row in forgeries),
          "a ledger that somebody wrote to says no more than JSON can", forgeries[:2])
    with sqlite3.connect("other.db") as other:
        other.execute("CREATE TABLE mine (x)")
    result = run("--ledger", "other.db", "a")
    check(result.returncode == 1 and "no ledger" in result.stderr, "somebody else's database is left alone", result)


def described(path, title, date, instrument="SAXS1"):
    make(path)
    with h5py.File(path, "a") as file:
        file["entry/title"] = title
        file["entry/start_time"] = date
        file["entry/sample/name"] = "sample of " + title
        file["entry/instrument/name"] = instrument


def metadata():
    """What an archivist asks for: sample, date, instrument, and the files themselves untouched."""
    os.makedirs("m/x")
    described("m/old.h5", "gold", "Wed Jun 06 10:46:56 2018")
    described("m/new.h5", "silver", "2025-02-21 12:20:13.290068")
    described("m/x/odd.h5", "lead", "yesterday")
    with open("m/x/curve.dat", "w") as file:
        file.writelines(f"{q:.6g} {1 / (1 + (50 * q) ** 4):.6g}\n" for q in numpy.geomspace(0.005, 0.3, 60))
    with open("m/image.tif", "wb") as file:
        file.write(b"II*\0" + bytes(100))
    os.utime("m/old.h5", (1528281000, 1528281000))
    before = {path: os.stat(path).st_mtime_ns for path in ("m/old.h5", "m/new.h5", "m/x/odd.h5", "m/x/curve.dat")}
    result = run("--ledger", "t", "--quiet", "--ledger-only", "m")
    check(result.returncode == 0 and "3 files tagged" in result.stdout and "1 text (" in result.stdout
          and "1 detector image (" in result.stdout, "it is said what is passed over", result)
    check(all(os.stat(path).st_mtime_ns == before[path] for path in before) and sorted(os.listdir("m")) ==
          ["image.tif", "new.h5", "old.h5", "x"] and not tagged("m/new.h5"), "--ledger-only writes nothing into an archive")
    rows = {os.path.basename(row["file"]): row for row in ask("t", "all")}
    check([rows[name]["measured"] for name in ("old.h5", "new.h5", "odd.h5")] == ["2018-06-06T10:46:56", "2025-02-21T12:20:13", None]
          and rows["old.h5"]["title"] == "gold" and rows["old.h5"]["sample"] == "sample of gold" and rows["old.h5"]["instrument"] == "SAXS1"
          and rows["old.h5"]["file_time"] == "2018-06-06T10:30:00Z" and rows["old.h5"]["tags"] == "ledger", "what a file says is in the ledger", rows)
    names = lambda question: [os.path.basename(row["file"]) for row in ask("t", question)]
    check(names("measured>2019") == ["new.h5"] and names("measured<=2018-06-06T11:00") == ["old.h5"] and names("measured=2018-07") == []
          and names("file_time<2018-07-01") == ["old.h5"], "dates compare")
    check(names("title in (gold, 'lead') order by title desc") == ["odd.h5", "old.h5"] and names("order by measured desc limit 2") ==
          ["new.h5", "old.h5"] and names("order by measured")[-1] == "odd.h5", "lists, order, limit; what is not known comes last")
    result = run("--ledger", "t", "--quiet", "m")
    check("3 files tagged" in result.stdout and tagged("m/old.h5"), "a run that writes tags what is in the ledger alone", result)
    rows = {os.path.basename(row["file"]): row for row in ask("t", "all")}
    check(rows["old.h5"]["file_time"] == "2018-06-06T10:30:00Z" and rows["old.h5"]["tags"] == "file", "and the time of the file stays", rows["old.h5"])
    result = run("--ledger", "t", "--quiet", "m")
    check("0 files tagged (0 curves), 3 as they were" in result.stdout, "once", result)
    for _ in range(2):
        result = run("--ledger", "t", "--quiet", "--texts", "m")
    check("0 files tagged (0 curves), 4 as they were" in result.stdout and "curve.dat" in names("file~.dat")[0], "--texts reads texts, once", result)


def asked():
    """A question that cannot be meant so is refused, with what was meant."""
    check(run("--ledger", "t", "--list", "label=Core-Shell Sphere", "--count").stdout == "0 curves in 0 files\n",
          "a class that nobody found is one all the same")
    result = run("--ledger", "t", "--list", "not outlier or outlier", "--count", "--json")
    check(json.loads(result.stdout) == {"curves": 4, "files": 4}, "a flag needs no comparison; --count", result)
    for bad, meant in (("label=spere", "did you mean sphere"), ("labl=sphere", "did you mean label"), ("label in (sphere, disk)", "disc"),
                       ("measured>soon", "no date"), ("order by size", "no field"), ("all limit few", "number of rows"),
                       ("label in (sphere", "is needed"), ("confidence", "is needed")):
        result = run("--ledger", "t", "--list", bad)
        check(result.returncode == 2 and result.stdout == "" and meant in result.stderr and result.stderr.count("\n") == 1,
              f"not understood: {bad}", result)
    plain, headed = (run("--ledger", "t", "--list", "all", *more).stdout.splitlines() for more in ((), ("--header",)))
    check(headed[0].split("\t")[:3] == ["file", "entry", "frame"] and headed[1:] == plain, "--header names the columns", headed)
    for words in (("--count", "m"), ("--ledger-only", "--side-file", "m")):
        check(run("--ledger", "t", *words).returncode == 2, f"refused: {words}")


def beside():
    """Side files of equal names, and those under another directory."""
    os.makedirs("stems/a")
    for name in ("run.h5", "run.nxs", "a/run.h5"):
        make(os.path.join("stems", name))
    result = run("--ledger", "q", "--quiet", "--side-file", "stems")
    check(result.returncode == 0 and sorted(os.listdir("stems")) == ["a", "run.h5", "run.h5_saxid.nxs", "run.nxs", "run_saxid.nxs"]
          or sorted(os.listdir("stems")) == ["a", "run.h5", "run.nxs", "run.nxs_saxid.nxs", "run_saxid.nxs"],
          "run.h5 and run.nxs have a side file each", result, os.listdir("stems"))
    shown = subprocess.run([saxid, "show", "--json", "stems/run.h5", "stems/run.nxs"], capture_output=True, text=True)
    check(shown.returncode == 0 and [json.loads(line)["file"] for line in shown.stdout.splitlines()] == ["stems/run.h5", "stems/run.nxs"],
          "which show finds", shown)
    make("stems/run.hdf5")
    shown = subprocess.run([saxid, "show", "stems/run.hdf5"], capture_output=True, text=True)
    check(shown.returncode == 1 and "no tags" in shown.stderr, "and takes for no other file's", shown)
    os.makedirs("o")
    make("o/run.h5")
    before = os.stat("o/run.h5").st_mtime_ns
    result = run("--ledger", "p", "--quiet", "--side-dir", "tags", os.path.abspath("o"), "stems/a")
    sides = [os.path.join("tags" + os.path.abspath(where), "run_saxid.nxs") for where in ("o", "stems/a")]
    check(result.returncode == 0 and all(map(os.path.exists, sides)) and os.stat("o/run.h5").st_mtime_ns == before
          and os.listdir("o") == ["run.h5"], "--side-dir leaves the archive alone", result)
    with h5py.File(sides[0]) as file:
        check(file["entry/data/I"].shape == (150,) and "saxid" in file["entry"], "and its side files lead to the curves")
    os.chmod("o/run.h5", 0o444)
    result = subprocess.run([saxid, "tag", "--fast", "o/run.h5"], capture_output=True, text=True)
    check(result.returncode == 1 and "--side-dir" in result.stderr, "a file that is read-only is told with what can be done", result)


def older():
    """A ledger of a version before is gone on with, and merged."""
    with sqlite3.connect("w0") as old:
        old.executescript("PRAGMA application_id=1935767652; CREATE TABLE file (path TEXT PRIMARY KEY, size INTEGER, mtime INTEGER,"
                          " state TEXT NOT NULL, model TEXT, time TEXT, seconds REAL, attempts INTEGER NOT NULL, error TEXT) WITHOUT ROWID;"
                          "CREATE TABLE curve (path TEXT NOT NULL, entry TEXT, data TEXT, frame INTEGER, status TEXT, label TEXT,"
                          " confidence REAL, outlier INTEGER, outlier_score REAL, PRIMARY KEY (path, data, frame)) WITHOUT ROWID;"
                          "INSERT INTO file VALUES ('/old.h5', 1, 1, 'done', 'm', '2020-01-01', 1, 1, NULL);"
                          "INSERT INTO curve VALUES ('/old.h5', '/entry', '/entry/I', 0, 'ok', 'sphere', 0.5, 0, 0.1);")
    shutil.copy("w0", "w1")
    result = run("--ledger", "w2", "--merge", "w0")
    check(result.returncode == 0 and ask("w2", "label=sphere")[0]["measured"] is None, "it is merged", result)
    check(len(ask("w1", "label=sphere and not measured>2000")) == 0 and len(ask("w1", "all")) == 1, "and answers")


def two_at_once():
    archive("b", 6)
    with open("m.lock", "w") as lock:
        import fcntl
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = run("--ledger", "m", "b")
    check(result.returncode == 1 and "another run" in result.stderr, "two runs do not share a ledger", result)


def fits():
    """--fits: the verdicts of an archive are those of tag, and no fit is written."""
    first = archive("fits", 2)[0]
    told = [json.loads(subprocess.run([saxid, "tag", "--json", "--dry-run", *fast, first], capture_output=True,
                                      text=True).stdout) for fast in ([], ["--fast"], ["--network"])]
    for options, verdict in ((["--fits"], told[0]), ([], told[1]), (["--network"], told[2])):
        run("--ledger-only", "--ledger", f"verdicts{options}", *options, "fits")
        found = [row for row in ask(f"verdicts{options}", "confidence>0") if os.path.basename(row["file"]) == os.path.basename(first)]
        check(len(found) == 1 and found[0]["label"] == verdict["label"]
              and abs(found[0]["confidence"] - verdict["confidence"]) < 1e-6, f"verdicts with {options}", found, verdict)
    check(len({verdict["confidence"] for verdict in told}) == 3, "fits count, and templates", told)
    run("--ledger", "verdicts", "--fits", "fits")
    with h5py.File(first) as file:
        check("saxid" in file["entry"] and not [name for name in file["entry/saxid"] if name.startswith("seed")],
              "fits are weighed and not written", list(file["entry/saxid"]))


def killed():
    """kill -9 at moments of a run; what was killed goes on, and every file stays whole."""
    files = archive("c", 60)
    for turn in range(12):
        process = subprocess.Popen([saxid, "reprocess", "--ledger", "k", "--jobs", "2", "--quiet", "c"],
                                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(0.05 + 0.03 * turn)
        process.kill()
        process.wait()
    sound = 0
    for path in files:
        with h5py.File(path) as file:
            sound += file["entry/data/I"].shape == (150,)
    check(sound == len(files), "after kills every file opens", sound)
    result = run("--ledger", "k", "--quiet", "c")
    rows = ask("k", "state=done")
    check(result.returncode == 0 and len(rows) == 60 and len({row["file"] for row in rows}) == 60
          and all(map(tagged, files)), "and the next run ends it: each file once", result, len(rows))
    left = [name for where, _, names in os.walk("c") for name in names if not name.lower().endswith((".nxs", ".h5", ".hdf5"))]
    check(not [name for name in left if not name.startswith(".")], "no half file lies about", left)


def workers():
    """A worker that dies without a fault of its file costs nothing: the file is tried once more."""
    archive("d", 4)
    make("d/run999.h5", frames=4000)
    process = subprocess.Popen([saxid, "reprocess", "--ledger", "w", "--jobs", "1", "--quiet", "d"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    killed_one = False
    while not killed_one and process.poll() is None:
        time.sleep(0.01)
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(process.pid)], capture_output=True,
                                  text=True).stdout.split()
        if children and os.path.exists("w") and ask("w", "state=done"):
            os.kill(int(children[0]), signal.SIGSEGV)
            killed_one = True
    out, err = process.communicate(timeout=300)
    states = [row["state"] for row in ask("w", "frame=0 or state!=done")]
    check(killed_one and process.returncode == 0 and err == "" and states == 5 * ["done"],
          "a worker that dies from outside costs nothing", killed_one, states, out, err)
    make("d/slow.h5", frames=6000)
    result = run("--ledger", "w", "--time-limit", "0.05", "--jobs", "1", "--quiet", "d/slow.h5")
    check(result.returncode == 1 and "took longer than 0.05 s" in result.stderr and not tagged("d/slow.h5"),
          "a file that takes too long is given up", result)


def changing():
    """A file that changes while it is judged keeps its change, and is judged again."""
    os.mkdir("g")
    make("g/run.h5", frames=4000)
    make("next.h5", radius=33)
    process = subprocess.Popen([saxid, "reprocess", "--ledger", "g.sqlite", "--jobs", "1", "--quiet", "g"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    while not (os.path.exists("g.sqlite-wal") and os.path.getsize("g.sqlite-wal")) and process.poll() is None:
        time.sleep(0.01)
    time.sleep(0.2)  # now it is at work on its 4000 frames
    os.replace("next.h5", "g/run.h5")
    _, err = process.communicate(timeout=300)
    with h5py.File("g/run.h5") as file:
        mine = file["entry/data/I"].shape == (150,) and len(file.get("entry/saxid/result/class_index", "1")) == 1
    check(mine and (process.returncode == 0 or "since it was read" in err), "a change in the middle is kept, without tags of what was there before", err)
    result = run("--ledger", "g.sqlite", "--quiet", "g")
    check(result.returncode == 0 and tagged("g/run.h5") and [row["state"] for row in ask("g.sqlite", "all")] == ["done"],
          "and is tagged by the next run", result)


def shards():
    files = archive("e", 20)
    for k in range(3):
        environment = dict(os.environ, SLURM_ARRAY_TASK_ID=str(5 + 2 * k), SLURM_ARRAY_TASK_COUNT="3",
                           SLURM_ARRAY_TASK_MIN="5", SLURM_ARRAY_TASK_STEP="2")
        result = run("--ledger", "s", "--shard", "auto", "--quiet", "e", env=environment)
        check(result.returncode == 0 and os.path.exists(f"s.{k}-of-3"), f"part {k} of a job array", result)
    parts = [len(ask(f"s.{k}-of-3", "all")) for k in range(3)]
    result = run("--ledger", "s", *(word for k in range(3) for word in ("--merge", f"s.{k}-of-3")))
    rows = ask("s", "all")
    check(result.returncode == 0 and sum(parts) == 20 and min(parts) > 0 and len({row["file"] for row in rows}) == 20
          and all(map(tagged, files)), "every file in one part, and all in the merged ledger", parts, result)
    for bad in ("3/3", "x", "-1/2", "1/0", "auto"):
        result = run("--shard", bad, "e")
        check(result.returncode == 2, f"no part: {bad}", result)


def watching():
    """Files that come, change and come back are tagged; a signal ends it, and it goes on."""
    os.makedirs("f/sub")
    make("f/first.h5")

    def begin():
        return subprocess.Popen([saxid, "watch", "--ledger", "v", "--settle", "0.2", "--poll", "1", "f"],
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def wait_for(condition):
        for _ in range(300):
            time.sleep(0.1)
            if condition():
                return True
        return False

    def rows():
        return {os.path.basename(row["file"]) for row in ask("v", "state=done")} if os.path.exists("v") else set()

    process = begin()
    check(wait_for(lambda: rows() == {"first.h5"}), "what is there is tagged", rows())
    make("f/sub/second.h5")
    os.makedirs("f/late/later")
    make("f/late/later/third.nxs")
    with open("f/half.h5", "wb") as file:
        file.write(b"\x89HDF\r\n\x1a\nnot yet")
    check(wait_for(lambda: rows() == {"first.h5", "second.h5", "third.nxs"}), "what comes is tagged, in new directories too",
          rows())
    make("f/half.h5")
    check(wait_for(lambda: "half.h5" in rows()), "what was half is tagged when it is whole", rows())
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    check(process.returncode == 0 and len(out.splitlines()) == 4 and all(len(line.split("\t")) >= 5 for line in out.splitlines()),
          "a signal ends it", process.returncode, out, err)
    make("f/fourth.h5")
    before = os.stat("f/first.h5").st_mtime_ns
    result = subprocess.run([saxid, "watch", "--once", "--ledger", "v", "--settle", "0.1", "f"], capture_output=True,
                            text=True, timeout=120)
    check(result.returncode == 0 and len(result.stdout.splitlines()) == 1 and "fourth.h5" in result.stdout
          and os.stat("f/first.h5").st_mtime_ns == before, "it goes on where it stopped", result)
    make("f/fifth.h5")
    master, slave = pty.openpty()
    result = subprocess.run([saxid, "watch", "--once", "--ledger", "v", "--settle", "0.1", "f"], stdout=slave, stderr=subprocess.PIPE,
                            timeout=120)
    os.close(slave)
    table = os.read(master, 65536).decode().splitlines()
    os.close(master)
    check(result.returncode == 0 and len(table) == 2 and table[0].split() == ["TIME", "FILE", "FRAME", "CLASS", "P", "FLAG"]
          and re.match(r"\d\d:\d\d:\d\d  fifth.h5", table[1]) and "\t" not in table[1], "on a terminal it is a table with times", table)
    check(table[0].index("CLASS") == table[1].index(next(row["label"] for row in ask("v", "state=done") if row["file"].endswith("fifth.h5"))), "with columns that stand below each other", table)
    result = subprocess.run([saxid, "watch", "nowhere"], capture_output=True, text=True)
    check(result.returncode == 2 and result.stderr.count("\n") == 1, "nothing to watch", result)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    the_whole()
    questions()
    metadata()
    asked()
    beside()
    older()
    two_at_once()
    fits()
    killed()
    workers()
    changing()
    shards()
    watching()
    os.chdir("/")
finish()
