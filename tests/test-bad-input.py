"""Does bad input get one clear line, a non-zero exit, and leave the file as it was?

Each case is a file (or a lack of one) and the words that the line must have:
subject, value, limit, place.
"""
import hashlib
import os
import shutil
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()


def path(name):
    return os.path.join(work, name)


def run(*words, **environment):
    return subprocess.run([SAXID, *words], capture_output=True, text=True, env={**os.environ, **environment},
                          timeout=600, check=False)


def digest(name):
    with open(name, "rb") as f:
        return hashlib.sha256(f.read()).hexdigest()


def curve(name, n=200, q=None, intensity=None, sigma=True, q_unit="1/angstrom"):
    """A sound NXcanSAS file of a sphere of 50 Å, but for what the arguments spoil."""
    q = numpy.linspace(0.004, 0.16, n) if q is None else numpy.asarray(q, float)
    x = numpy.where(q == 0, 1e-9, numpy.abs(q)) * 50
    if intensity is None:
        intensity = 5 * (3 * (numpy.sin(x) - x * numpy.cos(x)) / x**3) ** 2 + 1e-3
    with h5py.File(path(name), "w") as f:
        f.attrs.update(NX_class="NXroot", default="entry")
        entry = f.create_group("entry")
        entry.attrs.update(NX_class="NXentry", canSAS_class="SASentry", version="1.1", default="data")
        entry["definition"] = "NXcanSAS"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I", I_axes="Q", Q_indices=0)
        data["Q"], data["I"] = q, intensity
        data["Q"].attrs["units"] = q_unit
        data["I"].attrs["units"] = "1/cm"
        if sigma:
            data["Idev"] = numpy.abs(numpy.asarray(intensity)) * 0.02 + 1e-4
            data["I"].attrs["uncertainties"] = "Idev"
    return path(name)


def refused(what, file, *words, arguments=(), code=1, **environment):
    before = digest(file) if os.path.isfile(file) and os.access(file, os.R_OK) else None
    result = run("tag", *arguments, file, **environment)
    lines = result.stderr.strip().split("\n")
    check(result.returncode == code and result.stdout == "" and len(lines) == 1 and all(word in lines[0] for word in words)
          and len(lines[0]) < 400, f"refused with one line: {what}", result.returncode, result.stderr, result.stdout)
    if before is not None:
        check(digest(file) == before, f"and the file is as it was: {what}")


def judged(what, file, status, *words):
    """Not refused: the file has a verdict whose reason says what is wrong, if anything."""
    result = run("tag", "--json", file)
    import json
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    check(result.returncode == 0 and len(lines) == 1 and lines[0]["status"] == status
          and all(word in (lines[0]["reason"] or "") + (lines[0]["note"] or "") for word in words),
          f"{status}: {what}", result.returncode, result.stderr, result.stdout)


# What must work, so that a refusal below is for the reason that it says.
judged("a sound file", curve("sound.h5"), "ok")

with open(path("text.h5"), "w") as f:
    f.write("a file of words\n" * 40)
refused("neither HDF5 nor columns of text", path("text.h5"), "two columns", "text.h5")
open(path("empty.h5"), "w").close()
refused("an empty file", path("empty.h5"), "empty.h5")
with open(curve("whole.h5"), "rb") as f, open(path("truncated.h5"), "wb") as g:
    g.write(f.read()[:-2000])
refused("a truncated HDF5 file", path("truncated.h5"), "truncated.h5")
refused("a missing file", path("nothing.h5"), "nothing.h5")
refused("a directory", work, os.path.basename(work))
with h5py.File(path("other.h5"), "w") as f:
    f["temperature"] = numpy.arange(50.0)
refused("no curve: says where it looked", path("other.h5"), "looked", "other.h5")
refused("an unknown unit of q", curve("unit.h5", q_unit="furlong"), "furlong", "Q@units", "unit.h5", "/entry/data")
refused("a path that is not there", curve("paths.h5"), "/entry/none", arguments=("--path", "I=/entry/none"))
refused("a missing model", curve("m1.h5"), "missing", "none.saxid-model",
        arguments=("--model", path("none.saxid-model")))

judged("15 points", curve("few.h5", n=15), "rejected", "15", "16")
judged("every intensity zero", curve("zero.h5", intensity=numpy.zeros(200)), "rejected", "positive at none")
judged("every intensity negative", curve("below.h5", intensity=-numpy.ones(200)), "rejected", "positive at none")
judged("NaN in some points", curve("nan.h5", intensity=numpy.where(numpy.arange(200) % 9 == 4, numpy.nan,
                                                                   numpy.linspace(3, 1, 200))), "ok")
judged("NaN everywhere", curve("allnan.h5", intensity=numpy.full(200, numpy.nan)), "rejected", "0 usable points")
judged("negative and zero q in front", curve("negative.h5", q=numpy.linspace(-0.01, 0.16, 220)), "ok")
judged("descending q", curve("down.h5", q=numpy.linspace(0.16, 0.004, 200)), "ok")
judged("no sigma", curve("nosigma.h5", sigma=False), "ok")
judged("a narrow window", curve("narrow.h5", q=numpy.linspace(0.05, 0.08, 200)), "abstained", "a factor of 1.60; 2.00 is needed")

# A model whose bytes are not those that were written.
result = run("model", "info")
model = os.path.join(os.environ["SAXID_SRCDIR"], "models", "trained", "paper-xgboost.saxid-model")
shutil.copy(model, path("bent.saxid-model"))
with h5py.File(path("bent.saxid-model"), "r+") as f:
    f["array/temperature"][0] = f["array/temperature"][0] * 1.5
refused("a model with a wrong checksum", curve("m2.h5"), "checksum", "bent.saxid-model",
        arguments=("--model", path("bent.saxid-model")))
with open(model, "rb") as f, open(path("cut.saxid-model"), "wb") as g:
    g.write(f.read()[: os.path.getsize(model) // 2])
refused("half a model", curve("m3.h5"), "cut.saxid-model", arguments=("--model", path("cut.saxid-model")))

# A file that may not be written, and a disk without room.
readonly = curve("readonly.h5")
os.chmod(readonly, 0o444)
refused("a read-only file", readonly, "readonly.h5")
full = curve("full.h5")
before = digest(full)
limited = subprocess.run(["sh", "-c", f"ulimit -f 8; exec '{SAXID}' tag '{full}'"], capture_output=True, text=True,
                         check=False)
check(limited.returncode == 1 and "full.h5" in limited.stderr and len(limited.stderr.strip().split("\n")) == 1,
      "refused with one line: no room for the copy", limited.returncode, limited.stderr)
check(digest(full) == before and os.listdir(work).count("full.h5") == 1
      and not [name for name in os.listdir(work) if name.startswith(".") and "full" in name],
      "and the file is as it was, alone", os.listdir(work))

# What a name or a file says cannot act on the terminal, nor begin a line of its own.
result = run("tag", path("a\nsaxid tag: all is well\x1b[2J"))
check(result.returncode == 1 and len(result.stderr.splitlines()) == 1 and "\x1b" not in result.stderr,
      "control characters of a name are shown, not obeyed", repr(result.stderr))

# Two files whose side files have one name.
twin = [curve("twin.h5"), curve("twin.nxs")]
first = run("tag", "--side-file", twin[0])
kept = digest(path("twin_saxid.nxs"))
result = run("tag", "--side-file", twin[1])
longer = path(os.path.basename(twin[1]) + "_saxid.nxs")
check(first.returncode == 0 and result.returncode == 0 and os.path.exists(longer) and digest(path("twin_saxid.nxs")) == kept,
      "a side file of another file is left alone, and the second has a longer name", result.stderr)
check(run("tag", "--side-file", twin[0]).returncode == 0, "and its own file still replaces it")

# Standard output on a full disk, and an output that is no file.
with open("/dev/full", "w", encoding="ascii") as nowhere:
    unheard = subprocess.run([SAXID, "tag", "--dry-run", "--json", curve("unheard.h5")], stdout=nowhere,
                             stderr=subprocess.PIPE, text=True, check=False)
check(unheard.returncode == 1 and "standard output" in unheard.stderr, "standard output on a full disk is a failure",
      unheard.returncode, unheard.stderr)
os.mkfifo(path("pipe"))
result = run("simulate", "-n", "9", "--quiet", "-o", path("pipe"))
check(result.returncode == 1 and "no regular file" in result.stderr and os.path.exists(path("pipe"))
      and not os.path.isfile(path("pipe")), "a pipe is not replaced", result.stderr)

# Nothing waits for a writer of a pipe.
for words in (("reduce", "-g", path("pipe"), "-o", path("o.h5"), path("pipe")), ("reduce", "-o", path("o.h5"), path("pipe")),
              ("reduce", "--chain", path("pipe"), "-o", path("o.h5"),
               os.path.join(os.environ["SAXID_SRCDIR"], "tests", "fuzz", "corpus-frame", "int.edf")),
              ("tag", "--prior", path("pipe"), curve("unheard.h5"))):
    try:
        result = subprocess.run([SAXID, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, timeout=60)
        check(result.returncode == 1 and "device or pipe" in result.stderr, "a pipe is no data file: " + " ".join(words[:2]),
              result.stderr)
    except subprocess.TimeoutExpired:
        check(False, "a pipe is no data file: " + " ".join(words[:2]), "it waits")

# Usage.
for words, what in (((), "no verb"), (("tagg",), "an unknown verb"), (("tag",), "no file"),
                    (("tag", "--wrong", "x"), "an unknown option"), (("report", "x.h5"), "no output"),
                    (("tag", "--path", "Z=/x", "x.h5"), "an unknown path key")):
    result = run(*words)
    check(result.returncode == 2, f"exit 2: {what}", result.returncode, result.stderr)

# An output that is the input, also by another name: the only copy would be gone.
own = curve("own.h5")
os.symlink("own.h5", path("alias.h5"))
columns = path("columns.nxs")
with open(columns, "w", encoding="ascii") as f:
    f.writelines(f"{0.01 * k} {1 / k} 0.01\n" for k in range(1, 40))
for words in (("reduce", own, "-o", own), ("reduce", own, "-o", path("alias.h5")),
              ("reduce", path("none.h5"), "-d", own, "-o", own), ("train", own, "-o", own),
              ("import", columns, "--force", "-o", columns), ("import", columns, "--force", "-d", work)):
    kept = digest(own), digest(columns)
    result = run(*words)
    check(result.returncode == 2 and "would be lost" in result.stderr and kept == (digest(own), digest(columns)),
          "an input is not overwritten: " + " ".join(map(os.path.basename, words)), result.returncode, result.stderr)

# One bad file among good ones does not stop the others.
result = run("tag", "--json", curve("first.h5"), path("text.h5"), curve("last.h5"))
check(result.returncode == 1 and len(result.stdout.splitlines()) == 2 and len(result.stderr.splitlines()) == 1,
      "a bad file among good ones costs itself only", result.stderr, result.stdout)

shutil.rmtree(work)
finish()
