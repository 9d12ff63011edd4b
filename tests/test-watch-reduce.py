#!/usr/bin/env python3
"""Are frames reduced and tagged as they come, whatever becomes of their writer or of saxid?

This process is the detector (h5py, SWMR); `saxid watch --reduce` follows. What it makes is held
against what `saxid reduce` makes of the whole file. Nothing here depends on how long something
takes, only on that it comes to pass.
"""
import os
import signal
import subprocess
import tempfile

from tap import check, finish, skip_all
from watching import SAXID, Watch, wait_for

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

from technique_frames import grazing, transmission

SHAPE = (60, 50)
RANDOM = np.random.default_rng(19)
STACK = RANDOM.poisson(20, (6,) + SHAPE).astype(np.uint32)
PONI = """Detector: Detector
Detector_config: {"pixel1": 1e-4, "pixel2": 1e-4, "max_shape": [60, 50]}
poni_version: 2
Distance: 1.0
Poni1: 0.003
Poni2: 0.0025
Rot1: 0
Rot2: 0
Rot3: 0
Wavelength: 1e-10
"""


class Detector:
    """A file of frames that grows."""

    def __init__(self, path, geometry=True, stack=STACK):
        self.stack = stack
        self.file = h5py.File(path, "w", libver="latest")
        detector = self.file.create_group("entry/instrument/detector")
        for name, nx_class in (("entry", "NXentry"), ("entry/instrument", "NXinstrument"),
                               ("entry/instrument/detector", "NXdetector")):
            self.file[name].attrs["NX_class"] = nx_class
        self.data = detector.create_dataset("data", (0,) + stack.shape[1:], "u4", maxshape=(None,) + stack.shape[1:],
                                            chunks=(1,) + stack.shape[1:])
        numbers = [("distance", 0.999, "m"), ("beam_center_x", 25.0, "pixel"), ("beam_center_y", 30.0, "pixel"),
                   ("x_pixel_size", 1e-4, "m"), ("y_pixel_size", 1e-4, "m")] if geometry else []
        for name, value, unit in numbers:
            detector[name] = value
            detector[name].attrs["units"] = unit
        beam = self.file.create_group("entry/instrument/beam")
        beam["incident_wavelength"] = 1.0
        beam["incident_wavelength"].attrs["units"] = "angstrom"
        self.file.swmr_mode = True

    def extend(self, n):
        self.data.resize(n, 0)
        self.data.flush()

    def put(self, *frames):
        for frame in frames:
            if frame >= self.data.shape[0]:
                self.extend(frame + 1)
            self.data[frame] = self.stack[frame]
            self.data.flush()

    def end(self):
        self.file.close()


class Reducing(Watch):
    """saxid watch --reduce, with settings of reduce."""

    def __init__(self, directory, *options, settings="bins=30\njobs=2\n"):
        with open(directory + ".key", "w") as file:
            file.write("[reduce]\n" + settings)
        super().__init__(directory, "--reduce", directory + ".key", *options)

    def frames(self, name, entry="/entry/azint1d"):
        return super().frames(name, entry)

    def states(self, name):
        return {row["state"] for row in self.rows() if row["file"].endswith("/" + name)}


def tagged(path):
    """Frames that have curves, and the statuses of their tags; None where there is no whole file."""
    try:
        with h5py.File(path, "r") as file:
            return file["entry/azint1d/data/I"].shape[0], file["entry/azint1d/saxid/result/status"][()].tolist()
    except (OSError, KeyError):
        return None


def numbers(path):
    """All numbers of a file but those of the technique: of frames that come others are asked than of a whole run."""
    found = {}
    with h5py.File(path, "r") as file:
        file.visititems(lambda name, what: found.update({name: what[()]}) if isinstance(what, h5py.Dataset)
                        and what.dtype.kind in "fiu" and "/saxid/technique/" not in name else None)
    return found


def same_as_reduce(raw, reduced, *options):
    """Whether curves, cake and tags are those that saxid reduce and saxid tag make of the whole file."""
    for words in (["reduce", raw, "-o", "reference.nxs", "-n", "30", *options], ["tag", "--fast", "reference.nxs"]):
        if subprocess.run([SAXID, *words, "--quiet"], capture_output=True).returncode != 0:
            return False
    a, b = numbers("reference.nxs"), numbers(reduced)
    tags = [name for name in a if "/saxid/" in name]
    return (a.keys() == b.keys() and len(tags) > 10 and b["entry/saxid/result/status"].tolist() == [1]
            and all(np.allclose(a[name], b[name], rtol=1e-4, equal_nan=True) if name in tags
                    else np.array_equal(a[name], b[name], equal_nan=True) for name in a))


def growing():
    """Frames come; what is extended and not filled is not guessed at; the writer ends."""
    os.mkdir("a")
    detector = Detector("a/run.nxs")
    detector.put(0, 1)
    watch = Reducing("a")
    check(wait_for(lambda: tagged("a/run_reduced.nxs") == (2, [1, 1]) and watch.frames("run.nxs") == [0, 1]),
          "what is there is reduced and tagged while the writer is at work", watch.said(), watch.lines())
    detector.extend(4)
    detector.put(2)
    check(wait_for(lambda: tagged("a/run_reduced.nxs") == (3, [1, 1, 1])), "a frame that is not filled is waited for",
          tagged("a/run_reduced.nxs"))
    detector.put(4)
    check(wait_for(lambda: watch.frames("run.nxs") == [0, 1, 2, 3, 4]), "one that was passed over was meant so", watch.lines())
    detector.put(5)
    detector.end()
    check(wait_for(lambda: watch.frames("run.nxs", "/entry") == [0] and watch.states("run.nxs") == {"done"})
          and watch.frames("run.nxs") == [0, 1, 2, 3, 4, 5], "each frame is told once, and all together at the end",
          watch.lines(), watch.said())
    check(same_as_reduce("a/run.nxs", "a/run_reduced.nxs"), "the curves are those of saxid reduce")
    check(watch.end() == 0 and watch.said() == "" and sorted(os.listdir("a")) == ["run.nxs", "run_reduced.nxs"],
          "nothing else is said or left", watch.said(), os.listdir("a"))


def odd_frame():
    """A single frame that grazes comes among others: it is left out, and told of."""
    os.mkdir("odd")
    random = np.random.default_rng(7)
    stack = np.stack([grazing(random) if k == 3 else transmission(random) for k in range(6)]).astype(np.uint32)
    detector = Detector("odd/run.nxs", stack=stack)
    detector.put(0, 1)
    watch = Reducing("odd")
    check(wait_for(lambda: watch.frames("run.nxs") == [0, 1]), "frames come", watch.said(), watch.lines())
    detector.put(2, 3, 4, 5)
    detector.end()
    check(wait_for(lambda: watch.states("run.nxs") == {"done"}) and watch.frames("run.nxs") == [0, 1, 2, 3, 4],
          "frames behind the one that grazes are judged", watch.lines(), watch.said())
    with h5py.File("odd/run_reduced.nxs") as file:
        check(file["entry/azint1d/source/frame"][()].tolist() == [0, 1, 2, 4, 5], "it is none of the curves")
        asked = file["entry/saxid/technique"]
        check(asked["frame"][()][asked["refused"][()] != 0].tolist() == [3], "the file names it")
    watch.end()
    check(watch.said().count("\n") == 1 and "1 frame of grazing incidence left out" in watch.said(), "and is told of", watch.said())


def odd_frame_before():
    """One that grazes comes behind a frame that is never filled; the next watch tells of it, too."""
    os.mkdir("before")
    random = np.random.default_rng(7)
    stack = np.stack([grazing(random) if k == 3 else transmission(random) for k in range(6)]).astype(np.uint32)
    detector = Detector("before/run.nxs", stack=stack)
    detector.put(0, 1)
    watch = Reducing("before")
    check(wait_for(lambda: tagged("before/run_reduced.nxs") is not None), "frames come", watch.said(), watch.lines())
    for frame, n in ((3, 3), (4, 4)):
        detector.put(frame)
        wait_for(lambda: (tagged("before/run_reduced.nxs") or [0])[0] == n)
    check((tagged("before/run_reduced.nxs") or [0])[0] == 4 and watch.end() == 0
          and "1 frame of grazing incidence left out" in watch.said(), "a frame that is not filled stays, one that grazes does not",
          watch.lines(), watch.said())
    detector.put(5)
    detector.end()
    watch = Reducing("before", "--once")
    check(watch.process.wait(timeout=120) == 0 and watch.frames("run.nxs") == [4] and watch.said().count("\n") == 1
          and "1 frame of grazing incidence left out" in watch.said(), "the next watch goes on and tells of it",
          watch.lines(), watch.said())
    with h5py.File("before/run_reduced.nxs") as file:
        check(file["entry/azint1d/source/frame"][()].tolist() == [0, 1, 2, 4, 5] and not file["entry/azint1d/data/I"][2].any(),
              "the file has the others", file["entry/azint1d/source/frame"][()])


def kinds():
    """Sectors, cakes and angles, while the file grows and at rest."""
    for name, settings, options in (("cake", "cake=8\nsplitting=bbox\n", ("--cake", "8", "-s", "bbox")),
                                    ("sectors", "sectors=3\n", ("--sectors", "3")),
                                    ("angles", "unit=2th_deg\n", ("-u", "2th_deg"))):
        os.mkdir(name)
        detector = Detector(name + "/grows.nxs")
        detector.put(0, 1)
        watch = Reducing(name, settings="bins=30\n" + settings)
        rows = 3 if name == "sectors" else 1
        check(wait_for(lambda: len(watch.frames("grows.nxs")) == 2 * rows), "%s: told as frames come" % name, watch.lines(), watch.said())
        detector.put(2, 3, 4, 5)
        detector.end()
        rests = Detector(name + "/rests.nxs")
        rests.put(0, 1, 2)
        rests.end()
        check(wait_for(lambda: watch.states("grows.nxs") == {"done"} and watch.states("rests.nxs") == {"done"})
              and watch.frames("grows.nxs") == list(range(6 * rows)) and watch.frames("rests.nxs") == list(range(3 * rows)),
              "%s: each curve is told" % name, watch.lines(), watch.said())
        for file in ("grows", "rests"):
            check(same_as_reduce("%s/%s.nxs" % (name, file), "%s/%s_reduced.nxs" % (name, file), *options),
                  "%s: what %s is what saxid reduce makes of it" % (name, file))
        check(watch.end() == 0 and len(os.listdir(name)) == 4, "%s: nothing else is left" % name, os.listdir(name))


def gone_on():
    """What is done is not done again: a frame that is changed meanwhile, behind the program's back, is
    as it was. The first and the last are looked at, and where they are others all is begun anew."""
    for name, changed, anew in (("middle", 1, False), ("first", 0, True), ("last", 2, True)):
        os.mkdir(name)
        detector, other = Detector(name + "/run.nxs"), Detector(name + ".nxs")
        detector.put(0, 1, 2)
        watch = Reducing(name)
        wait_for(lambda: tagged(name + "/run_reduced.nxs") == (3, [1, 1, 1]))
        watch.end()
        check(os.path.exists(name + "/run_reduced.nxs.resume"), "%s: what is done is kept" % name, os.listdir(name))
        detector.data[changed] = STACK[changed] + 40
        detector.put(3, 4, 5)
        detector.end()
        for frame in range(6):
            other.put(frame)
        other.data[changed] = STACK[changed] + (40 if anew else 0)
        other.end()
        watch = Reducing(name, "--once")
        check(watch.process.wait(timeout=120) == 0 and same_as_reduce(name + ".nxs", name + "/run_reduced.nxs")
              and watch.frames("run.nxs") == list(range(0 if anew else 3, 6)),
              "%s: it %s" % (name, "begins anew" if anew else "goes on"), watch.lines(), watch.said())
        check(sorted(os.listdir(name)) == ["run.nxs", "run_reduced.nxs"], "%s: and nothing is left" % name, os.listdir(name))


def gone_on_at_rest():
    """The same of a file that does not grow, and a watch that is killed in the middle of it."""
    os.mkdir("rest")
    stack = RANDOM.poisson(20, (1500,) + SHAPE).astype(np.uint32)
    detector = Detector("rest/run.nxs")
    detector.data.resize(len(stack), 0)
    detector.data[:] = stack
    detector.end()
    kept = "rest/run_reduced.nxs.resume"
    settings = "bins=30\njobs=1\nclip=5\n"
    for _ in range(20):
        watch = Reducing("rest", settings=settings)
        while watch.process.poll() is None and not (os.path.exists(kept) and os.path.getsize(kept) > 20000) \
                and not os.path.exists("rest/run_reduced.nxs"):
            pass
        watch.end(signal.SIGKILL)
        if os.path.exists(kept) and not os.path.exists("rest/run_reduced.nxs"):
            break
        os.unlink("rest/run_reduced.nxs")
    about = os.stat("rest/run.nxs")
    subprocess.run([SAXID, "reduce", "rest/run.nxs", "-o", "whole.nxs", "-n", "30", "--clip", "5", "-q"], check=True)
    with h5py.File("rest/run.nxs", "r+") as file:
        file["entry/instrument/detector/data"][3] = stack[3] + 40
    os.utime("rest/run.nxs", ns=(about.st_atime_ns, about.st_mtime_ns))
    watch = Reducing("rest", "--once", settings=settings)
    code = watch.process.wait(timeout=300)
    with h5py.File("whole.nxs", "r") as a, h5py.File("rest/run_reduced.nxs", "r") as b:
        same = all(np.array_equal(a[name][()], b[name][()], equal_nan=True) for name in ("entry/azint1d/data/I", "entry/sasdata/I"))
    check(code == 0 and same and len(watch.frames("run.nxs")) == 1500 and os.listdir("rest").count("run_reduced.nxs.resume") == 0,
          "a kill in the middle of a file at rest is gone on from", code, same, watch.said())


def stopped():
    """A signal closes what there is, a kill leaves a whole file, and the next watch goes on."""
    os.mkdir("b")
    detector = Detector("b/run.nxs")
    detector.put(0, 1, 2)
    watch = Reducing("b")
    check(wait_for(lambda: tagged("b/run_reduced.nxs") == (3, [1, 1, 1])) and watch.end() == 0
          and watch.states("run.nxs") == {"followed"}, "a signal ends it, and the ledger knows that it grew", watch.rows())
    detector.put(3)
    watch = Reducing("b")
    check(wait_for(lambda: watch.frames("run.nxs") == [3]), "the next one tells what is new", watch.lines())
    wait_for(lambda: tagged("b/run_reduced.nxs") == (4, [1, 1, 1, 1]))
    watch.end(signal.SIGKILL)
    with h5py.File("b/run_reduced.nxs", "r") as file:  # with or without its tags
        check(file["entry/azint1d/data/I"].shape == (4, 30) and "I" in file["entry/sasdata"], "a kill leaves a whole file")
    detector.put(4, 5)
    detector.end()
    watch = Reducing("b", "--once")
    check(watch.process.wait(timeout=120) == 0 and watch.states("run.nxs") == {"done"}
          and same_as_reduce("b/run.nxs", "b/run_reduced.nxs"), "the next one brings it to its end", watch.said(), watch.rows())


def dead_writer():
    """Its writer never closes it: after a while what is there is all."""
    os.mkdir("c")
    child = os.fork()
    if child == 0:
        detector = Detector("c/run.nxs")
        detector.put(0, 1)
        os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    watch = Reducing("c", "--once", "--idle", "2")
    check(watch.process.wait(timeout=120) == 0 and watch.states("run.nxs") == {"done"} and tagged("c/run_reduced.nxs") == (2, [1, 1])
          and "its writer has not closed it" in watch.said(), "of a writer that died what it left is reduced", watch.said())


def write_edf(path, image):
    header = ("{\nHeaderID = EH:000001:000000:000000 ;\nDim_1 = %d ;\nDim_2 = %d ;\nDataType = UnsignedLong ;\n"
              "ByteOrder = LowByteFirst ;\n" % (image.shape[1], image.shape[0])).encode()
    with open(path, "wb") as file:
        file.write(header.ljust(510) + b"}\n" + image.astype("<u4").tobytes())


def at_rest():
    """Files that do not grow: frames of two formats become curves elsewhere, curves are tagged as they are."""
    os.mkdir("d")
    os.mkdir("curves")
    with open("d.poni", "w") as file:
        file.write(PONI)
    write_edf("d/frame.edf", STACK[0])
    with h5py.File("d/curve.nxs", "w") as file:
        q = np.linspace(0.005, 0.3, 200)
        entry = file.create_group("entry")
        entry.attrs.update({"NX_class": "NXentry", "canSAS_class": "SASentry"})
        entry["definition"] = "NXcanSAS"
        data = entry.create_group("sasdata")
        data.attrs.update({"NX_class": "NXdata", "canSAS_class": "SASdata", "signal": "I", "I_axes": "Q", "Q_indices": 0})
        data["Q"], data["I"] = q, 1 / (1 + (30 * q) ** 4)
        data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", "1/cm"
    detector = Detector("d/bare.nxs", geometry=False)
    detector.put(0, 1)
    detector.end()
    watch = Reducing("d", "--once", settings="bins=30\ngeometry=d.poni\noutput=curves\n")
    code = watch.process.wait(timeout=120)
    check(code == 0 and sorted(os.listdir("curves")) == ["bare_reduced.nxs", "frame_reduced.nxs"]
          and watch.frames("frame.edf", "/entry") == [0] and watch.frames("bare.nxs") == [0, 1],
          "frames at rest are reduced into the directory that is named", watch.said(), watch.lines())
    check(watch.frames("curve.nxs", "/entry") == [0] and not os.path.exists("curves/curve_reduced.nxs"),
          "a file of curves is tagged as it is", watch.lines())
    watch = Reducing("d", "--once", settings="bins=30\ngeometry=d.poni\noutput=curves\n")
    check(watch.process.wait(timeout=120) == 0 and watch.lines() == [], "and the next time there is nothing to do", watch.lines())


def by_geometry():
    """The geometry alone is enough, and counts more than that of the key file."""
    os.mkdir("f")
    with open("near.poni", "w") as file:
        file.write(PONI.replace("Distance: 1.0", "Distance: 0.5"))
    write_edf("f/frame.edf", STACK[0])
    watch = Watch("f", "--once", "--geometry", "d.poni")
    code, said = watch.process.wait(timeout=120), watch.said()
    subprocess.run([SAXID, "reduce", "f/frame.edf", "-o", "f.nxs", "-g", "d.poni", "-q"], check=True)
    check(code == 0 and numbers("f.nxs")["entry/sasdata/Q"].tolist() == numbers("f/frame_reduced.nxs")["entry/sasdata/Q"].tolist(),
          "a geometry alone reduces frames", code, said)
    os.mkdir("g")
    write_edf("g/frame.edf", STACK[0])
    watch = Reducing("g", "--once", "--geometry", "near.poni", settings="geometry=d.poni\n")
    code = watch.process.wait(timeout=120)
    check(code == 0 and numbers("g/frame_reduced.nxs")["entry/sasdata/Q"].max() > 1.9 * numbers("f.nxs")["entry/sasdata/Q"].max(),
          "it counts more than that of the key file", code, watch.said())
    watch = Watch("g", "--once", "--geometry", "no.poni")
    check(watch.process.wait(timeout=120) == 2 and watch.said().count("\n") == 1 and "no.poni" in watch.said(),
          "one that is not there is refused", watch.said())


def refused():
    os.mkdir("e")
    for name, settings, part in (("frames without a geometry", "bins=30\n", "does not say pixel size"),):
        detector = Detector("e/run.nxs", geometry=False)
        detector.put(0)
        detector.end()
        watch = Reducing("e", "--once", settings=settings)
        check(watch.process.wait(timeout=120) == 0 and watch.said().count("\n") == 1 and part in watch.said()
              and watch.states("run.nxs") == {"failed"}, name + " cost one line", watch.said())
    for name, settings, part in (("an option that is none", "bims=30\n", "bims"), ("one of watch", "tag=true\n", "'tag'"),
                                 ("curves over a radius", "unit=r_mm\n", "2θ are tagged"),
                                 ("a run of files", "also=x.poni=y.nxs\n", "'also'"),
                                 ("a file where curves are to go", "output=e/run.nxs\n", "a directory is needed"),
                                 ("arguments", "directories=e\n", "directories")):
        watch = Reducing("e", "--once", settings=settings)
        check(watch.process.wait(timeout=120) == 2 and watch.said().count("\n") == 1 and part in watch.said(),
              "refused: " + name, watch.process.returncode, watch.said())


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        for part in (growing, odd_frame, odd_frame_before, kinds, stopped, gone_on, gone_on_at_rest, dead_writer, at_rest, by_geometry, refused):
            part()
        os.chdir("/")
    finish()


main()
