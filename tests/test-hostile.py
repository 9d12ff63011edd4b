"""Does an archive of files made to do harm cost one row of the ledger each, and nothing else?

The files of tests/hostile crash libhdf5 1.10.8 or keep it busy for ever: both are files of
corpus-reader with some bytes changed, whose global heap HDF5 believes. The others are made
here.
"""
import ctypes
import json
import os
import random
import select
import shutil
import struct
import subprocess
import tempfile

from tap import check, finish, note, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

SOURCE = os.environ["SAXID_SRCDIR"]
SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
CORPUS = os.path.join(SOURCE, "tests", "fuzz", "corpus-reader")
MUTANTS, SEED = int(os.environ.get("MUTANTS") or 150), int(os.environ.get("SEED") or 1)
SANITIZED = "address" in os.environ.get("SANITIZER_FLAGS", "")  # slow, and takes address space by the terabyte
TIME_LIMIT, MEMORY_LIMIT = 20 if SANITIZED else 12, 1  # s, GiB; sixty curves of a million points take two


# --- the files ------------------------------------------------------------------------------

Q = numpy.geomspace(0.004, 0.3, 100)
I = (3 * (numpy.sin(Q * 60) - Q * 60 * numpy.cos(Q * 60)) / (Q * 60) ** 3) ** 2 + 1e-3


def entry(file, q=Q, intensity=I, path="entry/data"):
    """An entry with a sound curve, but for what is left out."""
    data = file.create_group(path)
    data.parent.attrs["NX_class"] = "NXentry"
    data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
    if q is not None:
        data["Q"] = q
        data["Q"].attrs["units"] = "1/angstrom"
    if intensity is not None:
        data["I"] = intensity
    return data


def sound(file):
    entry(file)


def outside_link(file):
    data = entry(file, intensity=None)
    data["I"] = h5py.ExternalLink(secret, "/entry/data/I")


def outside_group(file):
    file["entry"] = h5py.ExternalLink(secret, "/entry")


def passwd_link(file):
    entry(file, intensity=None)["I"] = h5py.ExternalLink("/etc/passwd", "/")


def raw_outside(file, path):
    """A data set whose bytes lie in another file."""
    data = entry(file, intensity=None)
    plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
    plist.set_external(path.encode(), 0, 8 * len(Q))
    h5py.h5d.create(data.id, b"I", h5py.h5t.NATIVE_DOUBLE, h5py.h5s.create_simple((len(Q),)), plist)


def virtual(file):
    layout = h5py.VirtualLayout(shape=(len(Q),), dtype="f8")
    layout[:] = h5py.VirtualSource(secret, "/entry/data/I", shape=(len(Q),))
    entry(file, intensity=None).create_virtual_dataset("I", layout)


def cycles(file):
    data = entry(file)
    data["up"], data["self"] = file["/"], data
    data.parent["soft"] = h5py.SoftLink("/entry/soft2")
    data.parent["soft2"] = h5py.SoftLink("/entry/soft")
    data.parent["chain0"] = h5py.SoftLink("/entry/data")
    for k in range(1, 40):
        data.parent[f"chain{k}"] = h5py.SoftLink(f"/entry/chain{k - 1}")


def cyclic_curve(file):
    data = entry(file, intensity=None)
    data["I"] = h5py.SoftLink("/entry/data/I")


def absurd(shape, chunks):
    def make(file):
        data = entry(file, q=Q[:chunks[-1]] if len(shape) > 1 else Q, intensity=None)
        if len(shape) > 1:
            data.attrs["axes"] = [".", "Q"]
        data.create_dataset("I", shape=shape, chunks=chunks, dtype="f8", fillvalue=1, compression="gzip")
    return make


def bomb(file):
    """A hundred thousand frames in one chunk: 100 kB that become 80 MB for each curve."""
    data = entry(file, q=Q[:100], intensity=None)
    data.attrs["axes"] = [".", "Q"]
    data.create_dataset("I", data=numpy.ones((100000, 100)), chunks=(100000, 100), compression="gzip", compression_opts=9)


def wide_chunk(file):
    """A curve in a chunk of 3 GB that was never written, and one that was, by its size."""
    data = entry(file, intensity=None)
    data.create_dataset("I", shape=(100,), maxshape=(None,), chunks=(400000000,), dtype="f8", fillvalue=1)


def long_texts(file):
    data = entry(file)
    for k in range(20):
        data.attrs[f"a{k}"] = "x" * 60000
    data["Q"].attrs["units"] = "1/angstrom" + " " * 60000
    data.parent["title"] = "y" * 20000000
    data.parent.attrs.create("many", numpy.arange(8000))


def large_attribute(file):
    with_late = entry(file)
    with_late.attrs.create("axes", numpy.full(700000, b"Q", "S8"), dtype="S8")


def deep(file):
    group = file
    for _ in range(3000):
        group = group.create_group("d")
    data = entry(group)
    data.attrs["deep"] = 1


def crowd(file):
    entry(file)
    for k in range(10000):
        file.create_group(f"g{k}")


def names(file):
    for name in (b"two\nlines", b"tab\tand bell\x07", b"caf\xe9", b"\x1b[2J", b"D\nD", b"x" * 3000):
        group = file.create_group(name + b"/data")
        file[name].attrs["NX_class"] = "NXentry"
        group.attrs.update(NX_class="NXdata", signal="I", axes="Q")
        group["Q"], group["I"] = Q, I
        group["Q"].attrs["units"] = "1/angstrom"


def claims(layout):
    """A curve of 1237 points that says it has 20000: what lies beyond belongs to others."""
    def make(path):
        with h5py.File(path, "w") as file:
            data = entry(file, q=numpy.geomspace(0.004, 0.3, 20000), intensity=None)
            plist = h5py.h5p.create(h5py.h5p.DATASET_CREATE)
            plist.set_layout(layout)
            curve = h5py.h5d.create(data.id, b"I", h5py.h5t.IEEE_F64LE, h5py.h5s.create_simple((1237,)), plist)
            curve.write(h5py.h5s.ALL, h5py.h5s.ALL, numpy.full(1237, 1.5))
            file["room"] = numpy.zeros(400000, "u1")
        with open(path, "rb+") as file:
            content = file.read().replace(struct.pack("<Q", 1237), struct.pack("<Q", 20000))
            file.seek(0)
            file.write(content)
    return make


def frames_nobody_wrote(file):
    data = entry(file, q=Q[:16], intensity=None)
    data.attrs["axes"] = [".", "Q"]
    data.create_dataset("I", shape=(2**30, 16), dtype="i1", chunks=(2**14, 16), fillvalue=1)
    file["room"] = numpy.zeros(2**22 + 1000, "u1")


def shared_points(file):
    """Sixty curves of a million points each, of one q; no intensity was written."""
    q = file.create_dataset("Q", data=numpy.linspace(0.01, 0.5, 2**20, dtype="f4"), chunks=(2**16,), shuffle=True,
                            compression="gzip")
    q.attrs["units"] = "1/angstrom"
    for k in range(60):
        data = entry(file, path=f"entry/d{k}", q=None, intensity=None)
        data["Q"] = q
        data.create_dataset("I", shape=(2**20,), dtype="f4", chunks=(2**16,), fillvalue=1)


MADE = {
    "outside-link": outside_link, "outside-group": outside_group, "passwd-link": passwd_link, "virtual": virtual,
    "raw-outside": lambda file: raw_outside(file, secret), "raw-passwd": lambda file: raw_outside(file, "/etc/passwd"),
    "cycles": cycles, "cyclic-curve": cyclic_curve,
    "absurd-points": absurd((2**40,), (1024,)), "absurd-frames": absurd((2**40, 64), (16, 64)),
    "many-frames": absurd((2**29, 64), (16, 64)), "bomb": bomb, "wide-chunk": wide_chunk, "long-texts": long_texts,
    "large-attribute": large_attribute, "deep": deep, "crowd": crowd, "names": names,
    "frames-nobody-wrote": frames_nobody_wrote, "shared-points": shared_points,
}
CLAIMS = {"compact-claim.nxs": claims(h5py.h5d.COMPACT), "plain-claim.nxs": claims(h5py.h5d.CONTIGUOUS)}
SOUND = [f"sound{k}.h5" for k in range(6)]


def put(directory, name, content):
    with open(os.path.join(os.fsencode(directory), os.fsencode(name)), "wb") as file:
        file.write(content)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def mutants(directory):
    """Sound files with a few bytes changed, the same ones every time."""
    seeds = [name for name in sorted(os.listdir(CORPUS)) if not name.startswith("damaged-")]
    for k in range(MUTANTS):
        chance = random.Random(SEED * 2**32 + k)
        content = bytearray(read(os.path.join(CORPUS, seeds[k % len(seeds)])))
        for _ in range(chance.choice((1, 2, 4, 8))):
            at = chance.randrange(len(content))
            content[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, content[at] ^ 1 << chance.randrange(8)))
        put(directory, f"mutant{k:04}.h5", content)


def fill(directory):
    os.makedirs(directory)
    for name in SOUND:
        with h5py.File(os.path.join(directory, name), "w") as file:
            sound(file)
    for name, make in MADE.items():
        with h5py.File(os.path.join(directory, name + ".nxs"), "w") as file:
            # attributes of more than 64 kB need the newer format
            make(file) if name != "large-attribute" else None
    for name, make in CLAIMS.items():
        make(os.path.join(directory, name))
    with h5py.File(os.path.join(directory, "large-attribute.nxs"), "w", libver="latest") as file:
        large_attribute(file)
    for name in sorted(os.listdir(os.path.join(SOURCE, "tests", "hostile"))):
        shutil.copy(os.path.join(SOURCE, "tests", "hostile", name), directory)
    for name in sorted(os.listdir(CORPUS)):
        shutil.copy(os.path.join(CORPUS, name), directory)
    whole = read(os.path.join(directory, SOUND[0]))
    for k in range(20):
        put(directory, f"cut{k:02}.h5", whole[:len(whole) * k // 20])
    put(directory, "text.h5", b"q I\n0.1 2\n" * 40)
    put(directory, "zeros.h5", whole[:8] + bytes(5000))
    put(directory, "length.h5", whole[:40] + struct.pack("<Q", 2**63 - 1) + whole[48:])
    put(directory, b"not utf-8 \xff.h5", b"no data")
    put(directory, "two\nlines \x1b[2J.h5", b"no data")
    os.mkfifo(os.path.join(directory, "pipe.h5"))
    os.mkdir(os.path.join(directory, "directory.h5"))
    os.symlink("/etc/passwd", os.path.join(directory, "passwd.h5"))
    os.symlink(secret, os.path.join(directory, "link.h5"))
    os.symlink("..", os.path.join(directory, "around"))
    mutants(directory)


# --- has anybody opened it? ------------------------------------------------------------------

class Guard:
    """Tells whether a file has been opened since."""

    def __init__(self, path):
        libc = ctypes.CDLL(None)
        self.fd = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        self.works = self.fd >= 0 and libc.inotify_add_watch(self.fd, path.encode(), 0x20 | 0x1) >= 0  # opened, read

    def saw(self):
        if not select.select([self.fd], [], [], 0)[0]:
            return False
        return len(os.read(self.fd, 65536)) > 0


# --- the run ---------------------------------------------------------------------------------

def reprocess(*more):
    """Exit status, both outputs, bytes of the largest process."""
    limit = [] if SANITIZED else ["--memory-limit", str(MEMORY_LIMIT)]
    with open("out", "w+", errors="replace") as out, open("err", "w+", errors="replace") as err:
        process = subprocess.Popen([SAXID, "reprocess", "--quiet", "--jobs", "2", "--time-limit", str(TIME_LIMIT), *limit,
                                    "--ledger", "ledger", *more, "archive"], stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        out.seek(0)
        err.seek(0)
        return os.waitstatus_to_exitcode(status), out.read(), err.read(), 1024 * usage.ru_maxrss


def ledger_rows():
    said = subprocess.run([SAXID, "reprocess", "--ledger", "ledger", "--list", "all", "--json"], capture_output=True,
                          check=False, timeout=300)
    found = {}
    for line in said.stdout.decode("utf-8").splitlines():
        row = json.loads(line)
        found.setdefault(row["file"], row)
    return found, said


def the_run():
    files = {name: os.path.join("archive", name) for name in os.listdir("archive")}
    regular = {name: path for name, path in files.items() if os.path.isfile(path) and not os.path.islink(path)}
    before = {name: read(path) for name, path in regular.items()}
    guard = Guard(secret)
    code, out, err, memory = reprocess()
    rows, said = ledger_rows()
    by_name = {os.path.basename(path): row for path, row in rows.items()}
    states = [row["state"] for row in rows.values()]
    note(f"{len(rows)} files: " + ", ".join(f"{states.count(state)} {state}" for state in sorted(set(states)))
         + f"; {memory / 1e6:.0f} MB at most")
    check(code == 1 and len(rows) == len(regular) and set(states) <= {"done", "failed", "crashed"}
          and f"{states.count('done')} files tagged" in out, "every file has its row", code, out, len(rows), len(regular), said.stderr)
    check(len(err.splitlines()) == len(rows) - states.count("done") and "\x1b" not in err
          and all(line.startswith("saxid reprocess: ") for line in err.splitlines()), "and every bad one its line",
          len(err.splitlines()), [line for line in err.splitlines() if not line.startswith("saxid reprocess: ")],
          *err.splitlines()[:40])
    check(all(by_name[name]["state"] == "done" for name in SOUND), "the sound files among them are tagged",
          [by_name[name] for name in SOUND])
    check(by_name["crash-heap.h5"]["state"] in ("crashed", "failed") and by_name["hang-heap.h5"]["state"] in ("crashed", "failed"),
          "what crashes HDF5 or keeps it busy costs its row", by_name["crash-heap.h5"], by_name["hang-heap.h5"])
    if h5py.version.hdf5_version == "1.10.8" and not SANITIZED:
        check("signal 11" in by_name["crash-heap.h5"]["error"] and "took longer" in by_name["hang-heap.h5"]["error"],
              "which are a crash and a hang with HDF5 1.10.8", by_name["crash-heap.h5"], by_name["hang-heap.h5"])
    for name in ("outside-link", "outside-group", "passwd-link", "virtual", "raw-outside", "raw-passwd", "cyclic-curve",
                 "absurd-points", "absurd-frames", "many-frames"):
        check(by_name[name + ".nxs"]["state"] in ("failed", "crashed"), f"refused: {name}", by_name[name + ".nxs"])
    for name, why in (("compact-claim", "bytes are stored"), ("plain-claim", "bytes are stored"),
                      ("frames-nobody-wrote", "bytes of memory")):
        check(by_name[name + ".nxs"]["state"] == "failed" and why in by_name[name + ".nxs"]["error"],
              f"refused in words: {name}", by_name[name + ".nxs"])
    for name in ("cycles", "long-texts", "crowd", "shared-points"):
        check(by_name[name + ".nxs"]["state"] == "done", f"taken as it is: {name}", by_name[name + ".nxs"])
    check(guard.works and not guard.saw(), "nothing outside was opened")
    subprocess.run([SAXID, "tag", "--dry-run", "--quiet", "--follow-links", "archive/outside-link.nxs"], capture_output=True,
                   check=False, timeout=60)
    check(guard.saw(), "which would have been seen")
    changed = [name for name, row in by_name.items() if row["state"] != "done" and name in before and read(regular[name]) != before[name]]
    check(not changed, "what is not tagged is as it was, to the byte", changed)
    check(set(os.listdir("archive")) == set(files) and "root:" not in out + err + said.stdout.decode(),
          "nothing lies about, and nobody's secrets are told", sorted(set(os.listdir("archive")) ^ set(files)))
    if not SANITIZED:
        check(memory < MEMORY_LIMIT * 2**30, "no process took more memory than it may", memory)
    kept = {name: os.stat(path).st_mtime_ns for name, path in regular.items()}
    code, out, err, _ = reprocess()
    check(code == 0 and "0 files tagged" in out and f"{len(rows)} as they were" in out and err == ""
          and kept == {name: os.stat(path).st_mtime_ns for name, path in regular.items()}, "a second run leaves all alone", out,
          *err.splitlines()[:40])


with tempfile.TemporaryDirectory() as where:
    os.chdir(where)
    os.mkdir("outside")
    secret = os.path.join(where, "outside", "secret.h5")
    with h5py.File(secret, "w") as hidden:
        sound(hidden)
    fill("archive")
    the_run()
    os.chdir("/")
finish()
