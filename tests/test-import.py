#!/usr/bin/env python3
"""Does `saxid import` make NXcanSAS that h5py finds whole, and fail cleanly?"""
import json
import os
import re
import resource
import shutil
import signal
import subprocess
import tempfile
import xml.etree.ElementTree

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
CURVES = os.path.join(os.environ.get("SAXID_DATA", ""), "curves")


def run(*arguments, **more):
    done = subprocess.run([SAXID, "import", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          check=False, **more)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def text(dataset):
    value = dataset[()]
    return numpy.asarray(value).ravel()[0].decode("utf-8")


def lint(name, path, entries):
    """The rules of NXcanSAS and of SasView, see schemas/curve/cansas-file.c."""
    faults = []
    with h5py.File(path, "r") as h5:
        if len(h5) != entries:
            faults.append("%d entries" % len(h5))
        for entry in h5.values():
            for attribute, wanted in (("NX_class", "NXentry"), ("canSAS_class", "SASentry"), ("version", "1.1")):
                if entry.attrs[attribute] != wanted.encode():
                    faults.append("%s@%s = %s" % (entry.name, attribute, entry.attrs[attribute]))
            if text(entry["definition"]) != "NXcanSAS" or not text(entry["title"]) or not text(entry["run"]):
                faults.append(entry.name + " lacks definition, title or run")
            data = entry["sasdata01"]
            if json.loads(data.attrs["SILX_style"]) != {"axes_scale_types": ["log"], "signal_scale_type": "log"}:
                faults.append(data.name + " is not drawn on logarithmic axes")
            if (data.attrs["signal"], data.attrs["I_axes"], list(data.attrs["Q_indices"])) != (b"I", b"Q", [0]):
                faults.append(data.name + " attributes")
            if data["Q"].attrs["units"] != b"1/angstrom" or data["I"].attrs["units"] not in (b"1/cm", b"arbitrary"):
                faults.append(data.name + " units")
            if data["Q"].attrs["long_name"].decode() != "q (1/Å)" or data["I"].attrs["long_name"][:3] != b"I (":
                faults.append(data.name + " has no titles for its axes")
            if "Idev" in data:
                if data["I"].attrs["uncertainties"] != b"Idev" or data["I_errors"] != data["Idev"]:
                    faults.append(data.name + " uncertainties")
            if "Qdev" in data:
                if data["Q"].attrs["resolutions"] != b"Qdev" or not (data["Qdev"][()] > 0).all():
                    faults.append(data.name + " resolutions")

            def classed(_, item):
                if isinstance(item, h5py.Group) and not ("NX_class" in item.attrs and "canSAS_class" in item.attrs):
                    faults.append(item.name + " has no class")
            entry.visititems(classed)
            if "imported from " not in text(entry["sasprocess01/description"]):
                faults.append(entry.name + " does not say where it comes from")
    check(not faults, name, faults)


def measured(folder):
    if not os.path.isdir(CURVES):
        skip("measured curves", "SAXID_DATA is not set")
        return
    names = sorted(n for n in os.listdir(CURVES) if n.endswith(".xml"))
    out = os.path.join(folder, "all.nxs")
    code, said, complaint = run(*(os.path.join(CURVES, n) for n in names + ["apoferritin.txt"]), "-o", out)
    check(code == 0 and said.count("->") == 5 and not complaint, "measured curves are imported", (said, complaint))
    lint("measured curves: the rules of NXcanSAS", out, 5)
    with h5py.File(out, "r") as h5:
        for k, name in enumerate(names):
            root = xml.etree.ElementTree.parse(os.path.join(CURVES, name)).getroot()
            space = {"c": root.tag[1:].split("}")[0]}
            data = h5["sasentry%02d/sasdata01" % (k + 1)]
            same = True
            for tag, field in (("Q", "Q"), ("I", "I"), ("Idev", "Idev"), ("Qdev", "Qdev")):
                values = numpy.array([float(e.text) for e in root.findall(".//c:Idata/c:" + tag, space)])
                same = same and ((values == data[field][()]).all() if field in data else (values == 0).all())
            check(same, "%s: the numbers of the XML" % name)
        table = numpy.loadtxt(os.path.join(CURVES, "apoferritin.txt"), skiprows=5)
        data = h5["sasentry05/sasdata01"]
        same = all((table[:, c] == data[n][()]).all() for c, n in enumerate(("Q", "I", "Idev", "Qdev")))
        check(same and text(h5["sasentry05/title"]) == "Ferritin_SANS", "apoferritin.txt: the numbers of the text")


def write(folder, name, content):
    path = os.path.join(folder, name)
    with open(path, "w") as out:
        out.write(content)
    return path


def others(folder):
    """Texts of other programs, as this program makes them, and what is no curve."""
    q = numpy.geomspace(0.006, 0.3, 80)
    i = 100 * numpy.exp(-q * q * 900) + 0.1

    def rows(*columns, separator=" "):
        return "".join(separator.join("%.6g" % x for x in row) + "\n" for row in zip(*columns))

    cases = {
        "sasview.txt": ("<X>   <Y>   <dY>\n" + rows(q, i, 0.02 * i), 1, ["Idev"]),
        "many.dat": ("q(1/nm)\t" + "\t".join("Column_%d" % k for k in range(6)) + "\n"
                     + rows(10 * q, *(i * (1 + 0.1 * k) for k in range(6)), separator="\t"), 6, []),
        "index.csv": (",q,I,sigma\n" + rows(numpy.arange(80), q, i, 0.02 * i, separator=","), 1, ["Idev"]),
        "fit.fir": ("sExp | iExp | Err | iFit | Chi^2= 1\n" + rows(q, 1e-4 * i, 2e-6 * i, 1e-4 * i), 1, ["Idev"]),
    }
    for name, (content, curves, more) in cases.items():
        out = write(folder, name, content) + ".nxs"
        code, said, complaint = run(name, "-o", out, cwd=folder)
        ends = []
        if code == 0:
            lint(name + ": the rules of NXcanSAS", out, curves)
            with h5py.File(out, "r") as h5:
                for entry in h5.values():
                    data = entry["sasdata01"]
                    ends += [data["Q"][0], data["Q"][-1]] if sorted(data) == sorted(["I", "Q"] + more + ["I_errors"] * len(more)) else [0]
        check(code == 0 and numpy.allclose(ends, [0.006, 0.3] * curves), name + ": q, I and sigma as they are meant",
              said, complaint, ends)
    q[7], i[7] = 5, 1e-3
    write(folder, "stray.dat", "q (1/A) I\n" + rows(q, i))
    code, said, complaint = run("stray.dat", cwd=folder)
    check(code == 0 and "note: when it is judged, left out: 1 point far from all others in q\n" in said,
          "what will be left out is said", said, complaint)
    write(folder, "bracket.dat", "<SampleName> gold\nq (1/nm) I sigma\n" + rows(10 * q, i, 0.02 * i))
    code, said, complaint = run("bracket.dat", cwd=folder)
    check(code == 0 and "80 points, q 0.006 to" in said, "a text that begins with a bracket is no XML", said, complaint)
    write(folder, "empty.csv", "q,I_sample,I_empty\n" + rows(q, i, 0 * i, separator=","))
    code, said, complaint = run("empty.csv", cwd=folder)
    check(code == 0 and "80 points" in said and said.count("->") == 1 and "note: curve 'empty, I_empty' is left out: intensity"
          " is positive at none of" in said, "of a table the curves that can be are kept", said, complaint)
    axis = numpy.linspace(-1, 1, 20)
    write(folder, "image.dat", "".join("%g %g 5\n" % (x, y) for y in axis for x in axis))
    code, said, complaint = run("image.dat", cwd=folder)
    check(code == 1 and complaint == "saxid import: q goes up and down, 19 times in 400 points: an image or a log is no"
          " curve (image.dat)\n", "an image is refused in a line", complaint)


def verbs(folder):
    q = numpy.linspace(0.1, 4, 40)
    rows = "".join("%.17g %.17g %.17g\n" % (x, 1 / x, 0.1 / x) for x in q)
    good = write(folder, "good.txt", "# q_nm^-1 I sigma\n" + rows)
    here = {"cwd": folder}

    code, said, complaint = run("good.txt", **here)
    check(code == 0 and "40 points, q 0.01 to 0.4 1/Å" in said, "one output each", (said, complaint))
    with h5py.File(os.path.join(folder, "good.nxs"), "r") as h5:
        check((h5["sasentry01/sasdata01/Q"][()] == q / 10).all(), "q is converted once")
    code, said, complaint = run("good.txt", **here)
    check(code == 1 and complaint == "saxid import: file exists, --force replaces it (good.nxs)\n",
          "nothing is replaced unasked", complaint)
    os.mkdir(os.path.join(folder, "twin"))
    shutil.copy(os.path.join(folder, "good.txt"), os.path.join(folder, "twin", "good.dat"))
    code, said, complaint = run("-f", "-d", "twin", "good.txt", "twin/good.dat", **here)
    check(code == 1 and said.count("->") == 1 and "another input has the same output" in complaint,
          "two inputs of one run do not share an output", (said, complaint))
    code, said, complaint = run("-f", "-q", "-u", "1/A", "-t", "titel", "good.txt", **here)
    with h5py.File(os.path.join(folder, "good.nxs"), "r") as h5:
        check(code == 0 and said == "" and complaint == ""
              and (h5["sasentry01/sasdata01/Q"][()] == q).all() and text(h5["sasentry01/title"]) == "titel",
              "force, quiet, unit and title")

    write(folder, "few.txt", "0.1 1\n0.2 1\n")
    write(folder, "notes.md", "no numbers at all\n")
    code, said, complaint = run("good.txt", "few.txt", "notes.md", "missing", "good.nxs", "-o", "some.nxs", **here)
    check(code == 1 and said.count("->") == 1 and complaint == (
        "saxid import: q grid has 2 usable points of 2, 16 are needed (few.txt)\n"
        "saxid import: no two columns of numbers in 1 lines of text (notes.md)\n"
        "saxid import: file cannot be opened: No such file or directory (missing)\n"
        "saxid import: is HDF5 already, which every other verb reads as it is (good.nxs)\n"),
          "what is bad is said, what is good is written", (said, complaint))
    check(run("few.txt", "-o", "none.nxs", **here)[0] == 1 and not os.path.exists(os.path.join(folder, "none.nxs")),
          "nothing to write, nothing written")
    check(run()[0] == 2 and run("-o", "a", "-d", "b", "c")[0] == 2 and run("--nonsense")[0] == 2, "usage")
    code, said, _ = run("--help")
    check(code == 0
          and all(re.search(option, said) for option in ("--output", "--unit", "--columns", "--title", "--force")),
          "help names every option", said)
    code, said, complaint = run("good.txt", "-o", "/nonexistent/x.nxs", **here)
    check(code == 1 and complaint
          == "saxid import: file cannot be written: No such file or directory (/nonexistent/x.nxs)\n",
          "an output that cannot be", complaint)

    def small_disk():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))
    with open(os.path.join(folder, "some.nxs"), "rb") as before:
        old = before.read()
    files = sorted(os.listdir(folder))
    code, said, complaint = run("-f", "good.txt", "-o", "some.nxs", preexec_fn=small_disk, **here)
    with open(os.path.join(folder, "some.nxs"), "rb") as after:
        check(code == 1 and after.read() == old
              and sorted(os.listdir(folder)) == files and complaint
              == "saxid import: file cannot be written: File too large (some.nxs)\n",
              "a full disk leaves the old file and no other", (code, complaint, files))
    del good


def limits(folder):
    """A text made to do harm costs what was allowed, and its neighbour nothing."""
    write(folder, "good.dat", "# q (1/A) I\n" + "".join("%g %g\n" % (0.01 * k, 1 / k) for k in range(1, 41)))
    with open(os.path.join(folder, "empty.txt"), "w") as out:
        for _ in range(64):
            out.write("\n" * (1 << 20))
    cases = [("--time-limit=0.1", "took longer than 0.1 s")]
    if "address" not in os.environ.get("SANITIZER_FLAGS", ""):
        cases.append(("--memory-limit=0.25", "needs more memory than the 0.25 GiB that it may have"))
    else:
        skip("memory", "the address sanitizer takes address space by the terabyte")
    for option, complained in cases:
        code, said, complaint = run("-f", option, "good.dat", "empty.txt", "good.dat", "-o", "both.nxs", cwd=folder)
        check(code == 1 and said.count("->") == 2 and complaint == "saxid import: %s (empty.txt)\n" % complained,
              option + ": one line, and the others are read", code, said, complaint)
    for option in ("--time-limit=0", "--memory-limit=0.1"):
        code, said, complaint = run(option, "good.dat", cwd=folder)
        check(code == 2 and complaint.count("\n") == 1 and "-limit is 0" in complaint, option + " is no limit", complaint)


with tempfile.TemporaryDirectory() as scratch:
    measured(scratch)
with tempfile.TemporaryDirectory() as scratch:
    limits(scratch)
with tempfile.TemporaryDirectory() as scratch:
    others(scratch)
with tempfile.TemporaryDirectory() as scratch:
    verbs(scratch)
finish()
