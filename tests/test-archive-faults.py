"""What becomes of an archive when disk, directory, permission, clock or a second run get in the way?"""
import json
import os
import shutil
import subprocess
import tempfile
import time

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
NOBODY = 65534


def begin(*words, **options):
    return subprocess.Popen([SAXID, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def run(*words, **options):
    return subprocess.run([SAXID, *words], capture_output=True, text=True, check=False, timeout=300, **options)


def reprocess(ledger, *words, **options):
    return run("reprocess", "--quiet", "--jobs", "2", "--ledger", ledger, *words, **options)


def rows(ledger):
    said = run("reprocess", "--ledger", ledger, "--list", "all", "--json")
    found = {}
    for line in said.stdout.splitlines():
        row = json.loads(line)
        found.setdefault(os.path.basename(row["file"]), row)
    return found


def make(path, frames=1, filler=0):
    q = numpy.geomspace(0.004, 0.3, 150)
    x = q * 60
    curve = (3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-3
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"] if frames > 1 else "Q")
        data["Q"], data["I"] = q, numpy.tile(curve, (frames, 1)) if frames > 1 else curve
        data["Q"].attrs["units"] = "1/angstrom"
        if filler:
            data.parent["frames"] = numpy.zeros(filler, "u1")


def archive(name, n, **how):
    os.makedirs(name)
    return [make(os.path.join(name, f"run{k}.h5"), **how) or os.path.join(name, f"run{k}.h5") for k in range(n)]


def is_tagged(path):
    with h5py.File(path) as file:
        return "class_index" in file.get("entry/saxid/result", ())


def contents(paths):
    found = []
    for path in paths:
        with open(path, "rb") as file:
            found.append(file.read())
    return found


def tidy(directory, paths):
    return sorted(os.listdir(directory)) == sorted(map(os.path.basename, paths))


def mounted(script):
    """The script in a name space of its own, where it may mount; None where nobody may."""
    for how in (["unshare", "-m"], ["unshare", "-rm"]):
        probe = subprocess.run([*how, "sh", "-c", "mount -t tmpfs tmpfs /mnt"], capture_output=True, check=False)
        if probe.returncode == 0:
            return subprocess.run([*how, "sh", "-c", script], capture_output=True, text=True, check=False, timeout=300)
    return None


def full_disk():
    """A disk with room for the files but not for a copy; room comes later."""
    os.mkdir("full")
    archive("for-full", 3, filler=300000)
    script = f"""set -e
      mount -t tmpfs -o size=1200k tmpfs full
      cp for-full/* full; sha256sum full/*.h5 >sums
      code=0; '{SAXID}' reprocess --quiet --jobs 2 --ledger full.sqlite full || code=$?
      echo "first $code $(ls -A full | wc -l)"; sha256sum --quiet -c sums
      mount -o remount,size=20m full
      '{SAXID}' reprocess --quiet --ledger full.sqlite full; echo "passed over $?"
      code=0; '{SAXID}' reprocess --quiet --jobs 2 --retry --ledger full.sqlite full || code=$?
      echo "second $code $(ls -A full | wc -l)"
      cp full/* for-full"""
    done = mounted(script)
    if done is None:
        skip("a full disk", "nobody may mount here")
        return
    states = rows("full.sqlite")
    check(done.returncode == 0 and "first 1 3" in done.stdout and done.stderr.count("No space left") == 3,
          "a full disk costs each file a row, no file and nothing beside it", done)
    check("passed over 0" in done.stdout and "second 0 3" in done.stdout and [row["state"] for row in states.values()] == ["done"] * 3
          and all(is_tagged(f"for-full/run{k}.h5") for k in range(3)), "where there is room again, --retry tags them", done, states)
    os.mkdir("tiny")
    fourth = archive("for-tiny", 200)
    done = mounted(f"""mount -t tmpfs -o size=48k tmpfs tiny
      '{SAXID}' reprocess --quiet --jobs 2 --ledger tiny/ledger for-tiny; echo "ended $?" """)
    check("ended 1" in done.stdout and done.stderr.count("\n") == 1 and "ledger" in done.stderr,
          "a ledger without room ends the run with one line", done)
    again = reprocess("elsewhere", "for-tiny")
    check(again.returncode == 0 and all(map(is_tagged, fourth)) and tidy("for-tiny", fourth), "and the files are sound", again)


def file_size_limit():
    paths = archive("limited", 3, filler=200000)
    before = contents(paths)
    done = subprocess.run(["sh", "-c", f"ulimit -f 100; exec '{SAXID}' reprocess --quiet --ledger limited.sqlite limited"],
                          capture_output=True, text=True, check=False, timeout=300)
    check(done.returncode == 1 and done.stderr.count("run") >= 3 and contents(paths) == before and tidy("limited", paths)
          and all(row["state"] == "failed" for row in rows("limited.sqlite").values()), "a limit on the size of files", done)
    done = reprocess("limited.sqlite", "--retry", "limited")
    check(done.returncode == 0 and all(map(is_tagged, paths)), "which is lifted", done)


def read_only():
    paths = archive("locked", 4)
    os.mkdir("locked/in")
    inner = "locked/in/inner.h5"
    make(inner)
    os.chmod(paths[1], 0o444)
    before = contents([paths[1], inner])
    unprivileged = {}
    if os.getuid() == 0:
        for path in ("locked", inner, *paths):
            os.chown(path, NOBODY, NOBODY)
        os.chmod(".", 0o755)
        os.mkdir("ledgers")
        os.chown("ledgers", NOBODY, NOBODY)
        unprivileged = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        try:
            run("--version", **unprivileged)
        except PermissionError:
            skip("a read-only directory", "others may not run this program")
            return
    else:
        os.mkdir("ledgers")
    os.chmod("locked/in", 0o555)
    done = reprocess("ledgers/r", "locked", **unprivileged)
    if "no model" in done.stderr or "cannot open shared" in done.stderr:
        skip("a read-only directory", "others may not read the build tree")
        return
    states = rows("ledgers/r")
    bad = sorted(name for name, row in states.items() if row["state"] != "done")
    check(done.returncode == 1 and bad == ["inner.h5", "run1.h5"] and contents([paths[1], inner]) == before
          and all(map(is_tagged, [paths[0], *paths[2:]])) and os.listdir("locked/in") == ["inner.h5"],
          "a read-only file and a read-only directory cost two rows", done, states)
    os.chmod("locked/in", 0o755)
    if os.getuid() == 0:
        os.chown("locked/in", NOBODY, NOBODY)
    os.chmod(paths[1], 0o644)
    done = reprocess("ledgers/r", "--retry", "locked", **unprivileged)
    check(done.returncode == 0 and all(map(is_tagged, [*paths, inner])), "which --retry tags when they may be written", done)


def vanishing():
    """Files that go, or may no longer be written, while the run is under way."""
    paths = archive("going", 60)
    make("going/a-long.h5", frames=1500)
    process = begin("reprocess", "--quiet", "--jobs", "1", "--ledger", "going.sqlite", "going")
    # the long one comes first, and the list of the others has been made by the time that it is at work
    while not rows_exist("going.sqlite") and process.poll() is None:
        time.sleep(0.01)
    for path in paths[::2]:
        os.unlink(path)
    os.chmod(paths[1], 0o444)
    _, err = process.communicate(timeout=300)
    states = rows("going.sqlite")
    lost = [name for name, row in states.items() if row["state"] != "done"]
    there = [path for path in paths if os.path.exists(path)]
    check(process.returncode == (1 if lost else 0) and err.count("\n") == len(lost)
          and all(row["error"] for row in states.values() if row["state"] != "done")
          and all(is_tagged(path) for path in there if os.path.basename(path) not in lost),
          "files that vanish cost their rows and not the run", err, states)
    os.chmod(paths[1], 0o644)
    done = reprocess("going.sqlite", "--retry", "going")
    check(done.returncode == 0 and all(map(is_tagged, [*there, "going/a-long.h5"])) and tidy("going", [*there, "a-long.h5"]),
          "and the next run has the rest", done)
    shutil.rmtree("going")
    done = reprocess("going.sqlite", "going")
    check(done.returncode == 1 and done.stderr.count("\n") == 1 and "going" in done.stderr, "a directory that is gone", done)


def rows_exist(ledger):
    return os.path.exists(ledger) and os.path.getsize(ledger) > 0


def two_at_once():
    paths = archive("shared", 80)
    both = [begin("reprocess", "--quiet", "--jobs", "1", "--ledger", "shared.sqlite", "shared") for _ in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    codes = sorted(process.returncode for process in both)
    refused = [err for _, err in said if err]
    states = rows("shared.sqlite")
    check(codes in ([0, 0], [0, 1]) and all("another run" in err and err.count("\n") == 1 for err in refused)
          and len(refused) == codes[1] and len(states) == 80 and all(row["state"] == "done" for row in states.values())
          and all(map(is_tagged, paths)), "two runs at once on one ledger: one of them does it all", codes, said)
    shutil.rmtree("shared")
    paths = archive("shared", 40)
    both = [begin("reprocess", "--quiet", "--jobs", "1", "--ledger", f"shared{k}", "shared") for k in range(2)]
    said = [process.communicate(timeout=300) for process in both]
    lines = [line for _, err in said for line in err.splitlines()]
    # the one that comes while the other writes is told so
    check(all("since it was read" in line or "open for writing" in line for line in lines) and all(map(is_tagged, paths)) and tidy("shared", paths)
          and len(rows("shared0")) == len(rows("shared1")) == 40, "two runs on the same files spoil nothing", said)
    done = [reprocess(f"shared{k}", "shared") for k in (0, 1)] + [reprocess("shared0", "shared")]
    check([each.returncode for each in done] == [0, 0, 0]
          and all(row["state"] == "done" for k in (0, 1) for row in rows(f"shared{k}").values()),
          "and what one of them had to leave to the other is noted by the next", done)


def without_streams():
    paths = archive("bare", 3)
    done = subprocess.run(["sh", "-c", f"exec '{SAXID}' reprocess --quiet --ledger bare.sqlite bare <&- >&- 2>&-"], check=False,
                          timeout=300)
    check(all(map(is_tagged, paths)) and [row["state"] for row in rows("bare.sqlite").values()] == ["done"] * 3,
          "a run without standard streams", done)


def clocks():
    paths = archive("times", 6)
    # the future, the year 2446 (as far as ext4 goes), before 1970, and the second before it
    for path, at in zip(paths, (2**32, 15032385535, -10**8, -1, 0)):
        os.utime(path, (at, at))
    done = reprocess("times.sqlite", "times")
    check(done.returncode == 0 and all(map(is_tagged, paths)), "files from the future and from before all time", done)
    for path, at in zip(paths, (2**32, 15032385535, -10**8, -1, 0)):
        os.utime(path, (at, at))
    done = reprocess("times.sqlite", "times")
    check("5 files tagged" in done.stdout and "1 as they were" in done.stdout, "a time that jumps, also backwards, is a change", done)
    keep = [os.stat(path).st_mtime_ns for path in paths]
    done = reprocess("times.sqlite", "times")
    check("0 files tagged" in done.stdout and [os.stat(path).st_mtime_ns for path in paths] == keep, "and then they rest", done)
    for path in paths[:2]:
        os.utime(path, (2**33, 2**33))
    done = run("watch", "--once", "--settle", "0.05", "--ledger", "times.watch", "times")
    check(done.returncode == 0 and len(done.stdout.splitlines()) == 6, "watch does not wait for the future", done)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    full_disk()
    file_size_limit()
    read_only()
    vanishing()
    two_at_once()
    clocks()
    without_streams()
    os.chdir("/")
finish()
