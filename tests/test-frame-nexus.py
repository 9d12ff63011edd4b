"""Do images in a NeXus file get the geometry of their own detector, or one clear line?

Files are made here with h5py; what `saxid reduce` took is read out of the file that it writes.
"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SHAPE = (24, 30)
NEAR, FAR = 0.1, 2.0  # m
FIRST, SECOND = numpy.full(SHAPE, 7, numpy.int32), numpy.full(SHAPE, 9, numpy.int32)
DIODE = numpy.ones(5)


def group(parent, name, nx_class):
    made = parent.create_group(name)
    made.attrs["NX_class"] = nx_class
    return made


def put(parent, name, value, unit=None):
    parent[name] = value
    if unit is not None:
        parent[name].attrs["units"] = unit


def detector(instrument, name, distance=None, data=None):
    made = group(instrument, name, "NXdetector")
    if data is not None:
        made["data"] = data
    if distance is not None:
        for field, value, unit in (("distance", distance, "m"), ("beam_center_x", 15.0, "pixel"), ("beam_center_y", 12.0, "pixel"),
                                   ("x_pixel_size", 1e-4, "m"), ("y_pixel_size", 1e-4, "m")):
            put(made, field, value, unit)
    return made


def begin(file, entry="entry", wavelength=True):
    """An entry and its instrument."""
    made = group(file, entry, "NXentry")
    instrument = group(made, "instrument", "NXinstrument")
    if wavelength:
        put(group(instrument, "monochromator", "NXmonochromator"), "wavelength", 1.0, "angstrom")
    return made, instrument


def run(verb, *arguments):
    return subprocess.run([SAXID, verb, *map(str, arguments)], capture_output=True, text=True)


def reduce(path, *options):
    """What was said, and of what was taken: distance, wavelength in Å, first intensity over that of 1 count."""
    out = path + ".out"
    if os.path.exists(out):
        os.unlink(out)
    done = run("reduce", path, "-o", out, "--technique", "off", "-n", 5, *options)
    if done.returncode != 0:
        return done, None
    with h5py.File(out) as file:
        reduction = file["entry/azint1d/reduction/input"]
        rows = file["entry/azint1d/data/I"]
        return done, {"distance": float(reduction["dist"][()]), "wavelength": float(reduction["wavelength"][()]),
                      "counts": [round(float(row[0])) for row in rows], "curves": rows[()]}


def sort(path, *options):
    """What `saxid sort` tells of the first frame by the header alone; {}: nothing."""
    lines = run("sort", "--json", "--headers", *options, path).stdout.splitlines()
    return json.loads(lines[0]) if lines else {}


def takes(name, path, distance, counts, *options, said=""):
    done, taken = reduce(path, *options)
    check(taken is not None and abs(taken["distance"] - distance) < 1e-9 and taken["counts"] == counts
          and (said in done.stderr if said else done.stderr == ""), name, taken, done.stdout, done.stderr)


def refuses(name, path, *parts, verb="reduce"):
    done = reduce(path)[0] if verb == "reduce" else run(verb, "--headers", path)
    check(done.returncode == 1 and len(done.stderr.splitlines()) == 1 and all(part in done.stderr for part in parts), name, done.returncode,
          done.stderr)


def file_of(directory, name, *detectors, data=None):
    """data: what an NXdata of the entry gets as `data`, a link or numbers."""
    path = os.path.join(directory, name + ".nxs")
    with h5py.File(path, "w") as file:
        entry, instrument = begin(file)
        for arguments in detectors:
            detector(instrument, *arguments)
        if data is not None:
            plot = group(entry, "data", "NXdata")
            plot.attrs["signal"] = "data"
            plot["data"] = data
    return path


def whose_images(directory):
    """Two detectors, of which the first by name is not the one of the images."""
    of_second = "/entry/instrument/waxs/data"
    saxs, waxs = ("saxs", FAR, FIRST), ("waxs", NEAR, SECOND)
    link = h5py.SoftLink(of_second)
    takes("the first has no images", file_of(directory, "no-images", ("saxs", FAR), waxs), NEAR, [9])
    takes("the first is a diode", file_of(directory, "diode", ("diode", 9.0, DIODE), ("pilatus", FAR, FIRST)), FAR, [7])
    takes("a soft link to the second", file_of(directory, "soft", ("saxs", FAR), waxs, data=link), NEAR, [9])
    takes("--path of the second", file_of(directory, "path", saxs, waxs), NEAR, [9], "--path", of_second)
    takes("--path of a link to the second", file_of(directory, "path-link", saxs, waxs, data=link), NEAR, [9], "--path", "entry/data/data")
    takes("a copy that says where its target is", targeted(directory, saxs, waxs), NEAR, [11], "--path", "/entry/data/data")
    takes("images of NXdata are of the detector without any", file_of(directory, "left", ("diode", 9.0, DIODE), ("eiger", NEAR), data=FIRST),
          NEAR, [7])
    hard = file_of(directory, "hard", ("saxs", FAR), ("waxs", NEAR))
    with h5py.File(hard, "a") as file:
        file["entry/instrument/waxs/frames"] = SECOND
        plot = group(file["entry"], "plot", "NXdata")
        plot["data"] = file["entry/instrument/waxs/frames"]
    takes("a hard link to a field of another name", hard, NEAR, [9])
    refuses("two could have images of NXdata", file_of(directory, "either", ("saxs", FAR), ("waxs", NEAR), data=FIRST),
            "which of its 2 NXdetector groups the images are of", "--geometry")


def targeted(directory, *detectors):
    path = file_of(directory, "target", *detectors, data=numpy.full(SHAPE, 11, numpy.int32))
    with h5py.File(path, "a") as file:
        file["entry/data/data"].attrs["target"] = "/entry/instrument/waxs/data"
    return path


def mask_and_words(directory):
    """Masks and words of the technique are of the detector that has the images."""
    path = file_of(directory, "masks", ("a_saxs", FAR), ("b", NEAR, SECOND))
    with h5py.File(path, "a") as file:
        bad = numpy.ones(SHAPE, numpy.uint32)
        file["entry/instrument/a_saxs/pixel_mask"] = bad
    takes("a mask of the other detector takes no part", path, NEAR, [9])
    told = sort(path)
    check(told and "a_saxs" not in (told["source"] or ""), "the name of the other detector says nothing", told)


def several(directory):
    """One line says which of two was taken, and how the other one is."""
    both = file_of(directory, "both", ("saxs", FAR, FIRST), ("waxs", NEAR, SECOND))
    takes("of two with images the first", both, FAR, [7], said="2 detectors have images, those of /entry/instrument/saxs/data are taken; "
          "--path /entry/instrument/waxs/data takes the other")
    told = sort(both)
    check("--path" in (told.get("warning") or ""), "saxid sort says so, too", told)
    other = sort(both, "--path", "/entry/instrument/waxs/data")
    check(other and other["q_max"] > 5 * told["q_max"] and "--path" not in (other["warning"] or ""), "and takes the other with --path", told, other)
    shown = file_of(directory, "shown", ("saxs", FAR, FIRST), ("waxs", NEAR, SECOND), data=h5py.SoftLink("/entry/instrument/waxs/data"))
    takes("of two the one that NXdata shows", shown, NEAR, [9], said="--path /entry/instrument/saxs/data")
    default = file_of(directory, "default", ("saxs", FAR, FIRST), ("waxs", NEAR, SECOND), data=h5py.SoftLink("/entry/instrument/saxs/data"))
    with h5py.File(default, "a") as file:
        group(file["entry"], "other", "NXdata")["data"] = h5py.SoftLink("/entry/instrument/waxs/data")
        file["entry"].attrs["default"] = "other"
    takes("of two the one of the default NXdata", default, NEAR, [9], said="are taken")
    strip = file_of(directory, "strip", ("counter", None, numpy.ones((5, 1))), ("waxs", NEAR, SECOND))
    takes("a diode that was read several times has no images", strip, NEAR, [9])
    shown = file_of(directory, "beside", ("diode", None, numpy.ones(5)), ("waxs", NEAR, numpy.ones(7)), data=SECOND)
    takes("of detectors without images the one that says where it is", shown, NEAR, [9])


def entries(directory):
    path = os.path.join(directory, "entries.nxs")
    with h5py.File(path, "w") as file:
        detector(begin(file, "entry1")[1], "detector", FAR, FIRST)
        detector(begin(file, "entry10")[1], "detector", NEAR, SECOND)
        file["shortcut"] = h5py.SoftLink("/entry10/instrument/detector/data")
    takes("/entry1 has nothing of /entry10", path, NEAR, [9], "--path", "/entry10/instrument/detector/data")
    takes("a link beside the entries", path, NEAR, [9], "--path", "/shortcut")


def ranks(directory):
    random = numpy.random.default_rng(3)
    for name, stack, packing in (("1 × n", random.poisson(20, (1, 3) + SHAPE), {}), ("n × 1", random.poisson(20, (3, 1) + SHAPE), {}),
                                 ("1 × n in chunks", random.poisson(20, (1, 3) + SHAPE), {"chunks": (1, 1) + SHAPE, "compression": "gzip"}),
                                 ("n × 1 in chunks", random.poisson(20, (3, 1) + SHAPE), {"chunks": (1, 1) + SHAPE, "compression": "gzip"})):
        taken = []
        for shape in (stack.shape, (3,) + SHAPE):
            path = os.path.join(directory, "rank.nxs")
            with h5py.File(path, "w") as file:
                at = detector(begin(file)[1], "detector", FAR)
                at.create_dataset("data", data=stack.reshape(shape).astype("u2"), **(packing if len(shape) == 4 else {}))
            taken.append(reduce(path)[1])
        check(None not in taken and taken[0]["curves"].shape == (3, 5) and numpy.array_equal(taken[0]["curves"], taken[1]["curves"]),
              "%s: a stack of three" % name, taken)
    for shape in ((2, 3) + SHAPE, (1, 1, 2) + SHAPE, (5,)):
        path = file_of(directory, "odd", ("detector", FAR, numpy.ones(shape, "i4")))
        refuses("rank %d" % len(shape), path, "/entry/instrument/detector/data has rank %d" % len(shape))
        done = reduce(path, "--path", "/entry/instrument/detector/data")[0]
        check(done.returncode == 1 and "/entry/instrument/detector/data has rank %d" % len(shape) in done.stderr,
              "rank %d with --path" % len(shape), done.stderr)
    with h5py.File(path, "w") as file:
        at = detector(begin(file)[1], "detector", FAR, numpy.ones((1, 8) + SHAPE, "i4"))
        at["time_of_flight"] = numpy.arange(SHAPE[1] + 1.0)
    refuses("times of flight are no columns", path, "time_of_flight")


def turned(directory):
    """An angle that turns the detector is said with its value; one that turns nothing stops nothing."""
    for name, value, unit in (("polar_angle", 12.0, "deg"), ("aequatorial_angle", 20.0, "deg"), ("azimuthal_angle", 0.25, "rad"),
                              ("rotation_angle", 3.0, "deg"), ("tilt_angle", -4.0, None), ("polar_angle", [0.0, 0.0, 5.0], "deg")):
        path = file_of(directory, "turned", ("detector", FAR, FIRST))
        with h5py.File(path, "a") as file:
            put(file["entry/instrument/detector"], name, value, unit)
        shown = "%s of %g" % (name, value if isinstance(value, float) else 5)
        refuses("%s %s" % (name, value), path, shown + (" " + unit if unit else ""), "--geometry")
        told = sort(path)
        check(told.get("q_max", 0) is None, "no range of q with %s %s" % (name, value), told)
    path = file_of(directory, "upright", ("detector", FAR, FIRST))
    with h5py.File(path, "a") as file:
        at = file["entry/instrument/detector"]
        for name, value in (("polar_angle", 0.0), ("aequatorial_angle", 0.0), ("rotation_angle", 0.0), ("azimuthal_angle", 30.0)):
            put(at, name, value, "deg")
    takes("on the beam, turned about it alone", path, FAR, [7])
    path = file_of(directory, "jitters", ("detector", FAR, FIRST))
    with h5py.File(path, "a") as file:
        put(file["entry/instrument/detector"], "rotation_angle", 0.0004, "deg")
        put(file["entry/instrument/detector"], "polar_angle", numpy.linspace(0, 5, FIRST.size).reshape(FIRST.shape[-2:]), "deg")
    takes("a motor that stands at 0, and an angle for each pixel", path, FAR, [7])


def monochromators(directory):
    for name, place, nx_class, field, value, unit in (
            ("NXmonochromator of any name", "entry/instrument/DCM", "NXmonochromator", "wavelength", 0.8, "angstrom"),
            ("its energy", "entry/instrument/DCM", "NXmonochromator", "energy", 12.398419843320026 / 0.8, "keV"),
            ("NXbeam of any name", "entry/instrument/incident", "NXbeam", "incident_wavelength", 0.08, "nm"),
            ("NXbeam of a sample", "entry/polymer/b", "NXbeam", "incident_wavelength", 0.8, "angstrom"),
            ("a name without a class", "entry/instrument/monochromator", None, "wavelength", 0.8, "angstrom")):
        path = os.path.join(directory, "colour.nxs")
        with h5py.File(path, "w") as file:
            detector(begin(file, wavelength=False)[1], "detector", FAR, FIRST)
            made = file.create_group(place)
            if nx_class is not None:
                made.attrs["NX_class"] = nx_class
            if "polymer" in place:
                made.parent.attrs["NX_class"] = "NXsample"
            put(made, field, value, unit)
        taken = reduce(path)[1]
        check(taken is not None and abs(taken["wavelength"] - 0.8) < 1e-9, name, taken)


def master(directory, name, *numbers):
    path = os.path.join(directory, name + "_master.h5")
    with h5py.File(path, "w") as file:
        entry, instrument = begin(file)
        detector(instrument, "detector", FAR)
        data = group(entry, "data", "NXdata")
        for k in numbers:
            data["data_%06d" % k] = h5py.ExternalLink("run_data_%06d.h5" % k, "/entry/data/data")
    return path


def links(directory):
    """Masters of Eiger detectors: nothing leads out of the file unless asked, and that is said."""
    for k in (1, 2):
        with h5py.File(os.path.join(directory, "run_data_%06d.h5" % k), "w") as file:
            file["entry/data/data"] = numpy.full((2,) + SHAPE, k, "u4")
    path = master(directory, "run", 1, 2)
    for verb in ("reduce", "sort"):
        refuses("saxid %s follows no link unasked" % verb, path, "links out of the file were not followed", "run_data_000001.h5", "--follow-links",
                verb=verb)
    takes("reduce --follow-links", path, FAR, [1, 1, 2, 2], "--follow-links")
    done = run("sort", "--json", "--headers", "--all", "--follow-links", path)
    check(done.returncode == 0 and len(done.stdout.splitlines()) == 4, "sort --follow-links", done)
    short = master(directory, "short", 1, 2, 3, 4)
    takes("a run of which files are missing", short, FAR, [1, 1, 2, 2], "--follow-links",
          said="/entry/data/data_000003 cannot be opened: frames from there on are not read")
    with h5py.File(path, "a") as file:
        del file["entry/data/data_000001"]
        file["entry/data/data_000001"] = numpy.full((2,) + SHAPE, 5, "u4")
    takes("a run that goes on in other files", path, FAR, [5, 5],
          said="/entry/data/data_000002 lies in another file (run_data_000002.h5:/entry/data/data)")
    refuses("no file at all", master(directory, "gone", 8), "no images")
    whole = os.path.join(directory, "whole.nxs")
    with h5py.File(whole, "w") as file:
        detector(begin(file)[1], "other", NEAR)
        file["entry/instrument/eiger"] = h5py.ExternalLink("both.nxs", "/entry/instrument/saxs")
    refuses("a detector in another file", whole, "both.nxs:/entry/instrument/saxs", "--follow-links")


def endless(directory):
    """A thousand links at each of four levels to one and the same thing: it ends."""
    path = os.path.join(directory, "endless.nxs")
    with h5py.File(path, "w") as file:
        below = file.create_dataset("counter", data=DIODE)
        for nx_class in ("NXdetector", "NXinstrument", "NXentry", None):
            above = file if nx_class is None else group(file, "made_" + nx_class, nx_class)
            for k in range(1000):
                above["l%d" % k] = below
            below = above
    refuses("a thousand links at each level", path, "no images")


def main():
    with tempfile.TemporaryDirectory() as directory:
        for part in (whose_images, mask_and_words, several, entries, ranks, turned, monochromators, links, endless):
            part(directory)
    finish()


main()
