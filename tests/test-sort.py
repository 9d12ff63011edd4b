"""Does `saxid sort` tell techniques apart by header and image, and refuse what is no frame?

The frames are made here with numpy, by none of the simulator's code; measured ones are looked
at where there are some.
"""
import json
import os
import re
import subprocess
import tempfile

from tap import check, finish, note, skip, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

import packed_frames
from technique_frames import grazing, tiff, transmission, write

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
DATA = os.environ.get("SAXID_DATA", "")
SHIPS = os.path.exists(os.path.join(os.environ["SAXID_SRCDIR"], "models", "trained", "technique.h5"))
TECHNIQUES = ("saxs", "waxs", "gisaxs", "giwaxs")


def run(*arguments):
    return subprocess.run([SAXID, "sort", *map(str, arguments)], capture_output=True, text=True)


def rows(*arguments):
    done = run("--json", *arguments)
    return [json.loads(line) for line in done.stdout.splitlines()], done


def images(directory, random):
    paths = [os.path.join(directory, name) for name in ("a.h5", "b.h5")]
    write(paths[0], transmission(random))
    write(paths[1], grazing(random))
    (first, second), done = rows(*paths)
    check(done.returncode == 0 and first["grazing"] < 0.2 and first["image"] in ("SAXS", "WAXS"), "rings about the beam are of transmission", first)
    check(second["grazing"] > 0.8 and second["agreement"] == "image" and second["header"] is None, "rods above a horizon graze", second)
    check(all(abs(sum(row["probability"][t] for t in TECHNIQUES) - 1) < 1e-4 for row in (first, second)), "the four add up to 1")
    turned = os.path.join(directory, "c.h5")
    write(turned, np.stack([transmission(random), grazing(random)]))
    found, done = rows("--all", turned)
    check([row["frame"] for row in found] == [0, 1] and len(rows(turned)[0]) == 1, "--all has every frame of a file", found)


def alike(directory, random):
    """Of frames of two kinds those of its own kind are nearest, the frame itself first."""
    folder = os.path.join(directory, "archive")
    os.makedirs(folder)
    for k in range(4):
        write(os.path.join(folder, "solution%d.h5" % k), transmission(random))
        write(os.path.join(folder, "film%d.h5" % k), grazing(random))
    for kind in ("solution", "film"):
        wanted = os.path.join(folder, kind + "1.h5")
        found, done = rows("--like", wanted, folder)
        distances = [row["distance"] for row in found]
        check(len(found) == 8 and found[0]["file"] == wanted and abs(distances[0]) < 1e-6 and distances == sorted(distances)
              and all(kind in row["file"] for row in found[:4]) and distances[4] > 3 * distances[3], "frames like a %s" % kind, found)
    done = run("--like", wanted, folder)
    check(len(done.stdout.splitlines()) == 8 and done.stdout.split()[3] == wanted, "as a table", done.stdout)
    empty = os.path.join(directory, "zeros.h5")
    write(empty, np.zeros((300, 300), int))
    for code, words, arguments in ((1, "nothing looks like it", ("--like", empty, folder)), (2, "--headers", ("--like", wanted, "--headers", folder))):
        done = run(*arguments)
        check(done.returncode == code and words in done.stderr and len(done.stderr.splitlines()) == 1, words, done.stderr)


def packed(directory, random):
    """Detectors pack frames; HDF5's filters need not be there."""
    if not packed_frames.can_lz4():
        skip("packed frames are looked at", "no liblz4")
        return
    stack = np.stack([transmission(random), grazing(random)]).astype(np.uint32)
    stack[:, 200:204] = 2**32 - 1
    told = []
    for packing in ("bitshuffle", "lz4", "plain"):
        path = os.path.join(directory, packing + ".h5")
        with h5py.File(path, "w") as file:
            entry = file.create_group("entry/data")
            entry.attrs["NX_class"], entry.parent.attrs["NX_class"] = "NXdata", "NXentry"
            packed_frames.write(entry, "data", stack, packing)
        told.append([(row["frame"], row["probability"]) for row in rows("--all", path)[0]])
    check(len(told[0]) == 2 and told[0] == told[2] and told[1] == told[2], "packed frames are looked at as plain ones", told)


def reductions(directory, random):
    """An image that is sure stops a reduction alone, and bears out a name; --technique overrides, and a
    frame in transmission is let through."""
    poni, out = os.path.join(directory, "x.poni"), os.path.join(directory, "out", "curve.h5")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(poni, "w") as file:
        file.write("PixelSize1: 1e-4\nPixelSize2: 1e-4\nDistance: 1.5\nPoni1: 0.036\nPoni2: 0.019\nWavelength: 1e-10\n")
    frames = {"film": grazing(random), "solution": transmission(random)}
    for frame, name, told, code, words in (("film", "alone.h5", "auto", 1, "image: header has no angle"),
                                           ("film", "film_gisaxs.h5", "auto", 1, "agree"), ("film", "alone.h5", "saxs", 0, ""),
                                           ("solution", "solution.h5", "auto", 0, "")):
        path = os.path.join(directory, name)
        write(path, frames[frame])
        done = subprocess.run([SAXID, "reduce", "-g", poni, "-o", out, "--technique", told, path], capture_output=True, text=True)
        check(done.returncode == code and words in done.stderr and len(done.stderr.splitlines()) == (code or 0),
              "reduce of %s, --technique %s" % (name, told), done.stderr)
        os.remove(path)
    with h5py.File(out) as file:
        check("technique" not in file["entry/sasdata"].attrs, "and its technique stays open")
    for frame, part in (("film", "frame is G"), ("solution", "geometry is not complete")):
        path = os.path.join(directory, "bare.h5")
        write(path, frames[frame])
        done = subprocess.run([SAXID, "reduce", "-o", out, path], capture_output=True, text=True)
        check(done.returncode == 1 and len(done.stderr.splitlines()) == 1 and part in done.stderr,
              "nobody is sent for a geometry that would not help: " + frame, done.stderr)
    mixed = os.path.join(directory, "mixed.h5")
    write(mixed, np.stack([frames["film" if k in (3, 6) else "solution"] for k in range(8)]))
    done = subprocess.run([SAXID, "reduce", "-g", poni, "-o", out, mixed], capture_output=True, text=True)
    lines = done.stderr.splitlines()
    check(done.returncode == 1 and len(lines) == 2 and "frame 3 is of grazing" in lines[0] and "frame 6 is of grazing" in lines[1]
          and "6 frames of" in done.stdout and "2 frames of grazing incidence left out" in done.stdout,
          "single frames that graze are left out, named and counted", done)
    with h5py.File(out) as file:
        check(list(file["entry/azint1d/source/frame"][()] if "entry/azint1d/source" in file else [0, 1, 2, 4, 5, 7]) == [0, 1, 2, 4, 5, 7],
              "and the others keep their numbers")


def ends(directory, random):
    """A film that is measured first and last does not refuse what lies between."""
    poni, out, path = (os.path.join(directory, name) for name in ("x.poni", "ends-out.h5", "ends.h5"))
    film, solution = grazing(random), transmission(random)
    write(path, np.stack([film if k in (0, 5, 11) else solution for k in range(12)]))
    done = subprocess.run([SAXID, "reduce", "-g", poni, "-o", out, path], capture_output=True, text=True)
    check(done.returncode == 1 and "9 frames of" in done.stdout and "3 frames of grazing incidence left out" in done.stdout,
          "a film that is first and last in a run is left out, not the run", done)
    write(path, np.stack([film] * 12))
    done = subprocess.run([SAXID, "reduce", "-g", poni, "-o", out, path], capture_output=True, text=True)
    check(done.returncode == 1 and "frames are GISAXS" in done.stderr or "frames are GIWAXS" in done.stderr, "a run of films is refused", done)


def long_runs(directory, random):
    """Of a long run few images are asked, and those of frames whose curve is unlike the one before: single frames
    that graze are found wherever they are, and one of another sample stays."""
    poni, out, path = (os.path.join(directory, name) for name in ("x.poni", "long-out.h5", "long.h5"))
    frames = {"film": grazing(random), "other": (transmission(random) + random.poisson(200, (400, 380))).astype(np.int32)}
    solution = [transmission(random) for _ in range(4)]
    frames["blank"] = np.zeros((400, 380), np.int32)
    odd = {41: "film", 42: "film", 120: "other", 172: "blank", 173: "film"}
    write(path, np.stack([frames[odd[k]] if k in odd else solution[k % 4] for k in range(200)]))
    done = subprocess.run([SAXID, "reduce", "-g", poni, "-o", out, path], capture_output=True, text=True)
    lines = done.stderr.splitlines()
    check(done.returncode == 1 and len(lines) == 3 and all("frame %d is of grazing" % k in line for k, line in zip((41, 42, 173), lines))
          and "197 frames of" in done.stdout and "3 frames of grazing incidence left out" in done.stdout,
          "single frames that graze are found in a long run", done)
    with h5py.File(out) as file:
        asked, of = file["entry/saxid/technique"], file["entry/azint1d/source/frame"][()]
        row, frame, refused = (asked[name][()] for name in ("row", "frame", "refused"))
        check(len(frame) < 10 and set(frame[refused != 0]) == {41, 42, 173} and set(row[refused != 0]) == {-1},
              "few are asked, and the file says which were refused", (frame, refused))
        check(120 in frame and all(of[r] == f for r, f, no in zip(row, frame, refused) if not no) and list(of) == sorted(of),
              "a frame of another sample is asked and stays, in its row", (row, frame))


def headers(directory, random):
    path = os.path.join(directory, "d.h5")
    write(path, transmission(random), incident_angle=(0.2, "deg"))
    (row,), _ = rows("--headers", path)
    check(abs(row["grazing"] - 0.98) < 1e-3 and row["incident_angle"] == 0.2 and row["outlier"] is None
          and "incident_angle" in row["source"] and row["agreement"] == "metadata", "a header alone", row)
    # a detector that is called after its angles, and a distance that comes from such a process variable
    for field, said in (("local_name", b"Pilatus2M_WAXS"), ("distance", None)):
        called = os.path.join(directory, field + ".h5")
        write(called, transmission(random))
        with h5py.File(called, "r+") as file:
            detector = file["entry/instrument/detector"]
            if said is not None:
                detector[field] = said
            else:
                detector.require_dataset(field, (), float).attrs["NDAttrSource"] = "9ID:WAXS:Distance"
        (row,), _ = rows("--headers", called)
        check(abs(sum(row["probability"][t] for t in ("waxs", "giwaxs")) - 0.98) < 1e-3 and row["grazing"] == 0.5,
              "the %s of a detector says wide angles, not whether they graze" % field, row)
    if not SHIPS:
        skip("an image that disagrees is heard", "no model of images ships")
        return
    (row,), _ = rows(path)
    check(row["agreement"] == "disagree" and row["grazing"] < 0.98 and "header says grazing (0.98: incident_angle = 0.2 degree" in row["warning"]
          and re.search(r"image transmission \(0\.9\d+: rows \d+ to \d+, columns \d+ to \d+\)", row["warning"]),
          "an image that disagrees is heard, and the line has both figures and the region", row)


def angles(directory, random):
    """A run in which the angle of incidence is another one in each frame, and a text with a unit beside it."""
    scan, text = os.path.join(directory, "scan.h5"), os.path.join(directory, "text.h5")
    write(scan, np.stack([transmission(random)] * 2 + [grazing(random)] * 3), incident_angle=(np.array([0, 0, 2.0, 4.0, np.nan]), "mrad"))
    found, _ = rows("--all", "--headers", scan)
    check([row["incident_angle"] and round(row["incident_angle"], 4) for row in found] == [None, None, 0.1146, 0.2292, None]
          and [round(row["grazing"], 2) for row in found] == [0.5, 0.5, 0.98, 0.98, 0.5] and "frame 3" in found[3]["source"],
          "each frame has its own angle", found)
    write(text, transmission(random), incident_angle=("3.5", "mrad"))
    (row,), _ = rows("--headers", text)
    check(abs(row["incident_angle"] - 0.2005) < 1e-4, "a number in a text has the unit beside it", row)
    bare = os.path.join(directory, "bare")
    os.makedirs(bare)
    done = run(bare)
    check(done.returncode == 1 and "no detector frames" in done.stderr and len(done.stderr.splitlines()) == 1, "a folder without frames", done)


def ranges(directory):
    """The range of q of frames that are not HDF5 is that of numpy: Xenocs EDF in metres; TIFF with text of Dectris in
    nm and cm and the text of ALS beside it; TIFF with the XML of SAXSLAB."""
    pixel, distance, wavelength, row, column = 172e-6, 0.5, 1.5, 12.5, 41.25
    image = np.ones((40, 60), "<i4")
    y, x = np.indices(image.shape) + 0.5
    q = 4 * np.pi / wavelength * np.sin(np.arctan(np.hypot(y - row, x - column) * pixel / distance) / 2)
    edf = ("{\nDim_1 = 60 ;\nDim_2 = 40 ;\nDataType = SignedInteger ;\nByteOrder = LowByteFirst ;\n"
           "SampleDistance = %g ;\nWaveLength = %g ;\nPSize_1 = %g ;\nPSize_2 = %g ;\n"
           "Center_1 = %g ;\nCenter_2 = %g ;\n"
           % (distance, wavelength * 1e-10, pixel, pixel, column, row)).encode().ljust(1022) + b"}\n" + image.tobytes()
    dectris = ("# Pixel_size 172 um x 172 um\r\n# Wavelength %g nm\r\n# Detector_distance %g cm\r\n"
               "# Beam_xy (%.2f, %.2f) pixels\r\n" % (wavelength / 10, distance * 100, column, row))
    saxslab = ('<param name="detector_dist">%g</param><param name="wavelength">%g</param>'
               '<param name="pixelsize">0.172 0.172</param><param name="beamcenter_actual">%.2f %.2f</param>'
               % (distance * 1e3, wavelength, row, column))
    with open(os.path.join(directory, "als.txt"), "w") as text:
        text.write("Sample Alpha Stage: 0.16\n")
    for name, content, angle in (("xenocs.edf", edf, None), ("als.tif", tiff(image, 270, dectris), 0.16),
                                 ("saxslab.tif", tiff(image, 315, saxslab), None)):
        path = os.path.join(directory, name)
        with open(path, "wb") as file:
            file.write(content)
        (found,), done = rows("--headers", path)
        near = [found[key] is not None and abs(found[key] / value - 1) < 1e-5
                for key, value in (("q_min", q.min()), ("q_max", q.max()))]
        check(all(near) and found["incident_angle"] == angle, "range of q of %s" % name, (found, q.min(), q.max()))


def strangers(directory, random):
    for name, frame in (("flat", random.poisson(1000, (300, 300))), ("dark", (random.random((300, 300)) < 1e-3) * 1),
                        ("empty", np.zeros((300, 300), int)), ("nothing", np.full((300, 300), np.nan)),
                        ("constant", np.full((300, 300), 7)), ("endless", np.full((300, 300), np.inf))):
        path = os.path.join(directory, name + ".h5")
        write(path, frame)
        (row,), done = rows(path)
        check(done.returncode == 0 and row["outlier"] > 0.5 and row["technique"] is None and "no scattering" in row["warning"],
              "%s is none of the techniques" % name, row)


def refusals(directory, random):
    if not SHIPS:
        write(os.path.join(directory, "e.h5"), transmission(random))
    line, strip = os.path.join(directory, "line.h5"), os.path.join(directory, "strip.h5")
    write(line, random.poisson(9, (1, 2000)))
    write(strip, random.poisson(9, (2, 1000000)))
    for path, size in ((line, "1 × 2000"), (strip, "2 × 1000000")) if SHIPS else ():
        done = run(path)
        check(done.returncode == 1 and len(done.stderr.splitlines()) == 1 and size in done.stderr and path in done.stderr,
              "a detector of %s pixels" % size, done.stderr)
    # what is no image of numbers, and a header that is made to do harm
    for name, frame, words in (("complex", np.ones((300, 300), complex), "numbers are needed"), ("text", np.full((300, 300), b"ab"), "numbers are needed"),
                               ("truth", random.random((300, 300)) < 0.5, "numbers are needed"), ("none", np.zeros((0, 300), int), "0 × 300")):
        path = os.path.join(directory, name + ".h5")
        write(path, frame)
        done = run(path)
        check(done.returncode == 1 and len(done.stderr.splitlines()) == 1 and words in done.stderr and path in done.stderr, "an image of %s" % name, done)
        os.remove(path)
    hostile = os.path.join(directory, "hostile.h5")
    write(hostile, transmission(random), incident_angle=(float("nan"), "deg"), incidence_angle=(1e308, "deg"), alpha_i=(-5.0, "deg"),
          title=("\x1b[31m" + "x" * 5000, ""))
    (row,), done = rows(hostile)
    check(done.returncode == 0 and row["incident_angle"] is None and "\x1b" not in done.stdout + done.stderr and not done.stderr,
          "a header that is made to do harm says nothing", row, done.stderr)
    with h5py.File(hostile, "a") as file:
        file["entry/sample/incident_angle"][()] = 0.2
        file["\x1b[31mentry"] = file["entry"]
        del file["entry"]
    done = run(hostile)
    check("0.2" in done.stdout and "\x1b" not in done.stdout + done.stderr, "nor does the name of a group reach the terminal", done)
    done = run(os.path.join(directory, "gone.h5"))
    check(done.returncode == 1 and "gone.h5" in done.stderr, "a file that is not there", done.stderr)
    other = os.path.join(directory, "other.h5")
    with open(other, "w") as file:
        file.write("no frame")
    found, done = rows(directory)
    check(done.returncode == 1 and other in done.stderr and len(found) >= 2, "one bad file does not stop the others", done.stderr)
    check(run().returncode == 2, "no frame at all")


def measured():
    folder = os.path.join(DATA, "frames")
    if not DATA or not os.path.isdir(folder):
        skip("measured frames", "SAXID_DATA has none")
        return
    found, done = rows(folder)
    for row in found:
        note("%s %s: grazing %.3f, image %s, header %s" % (os.path.basename(row["file"]), row["technique"], row["grazing"], row["image"], row["header"]))
    grazes = {row["file"]: "gi" in os.path.basename(row["file"]) for row in found}
    check(len(found) >= 5 and all(row["grazing"] > 0.1 if grazes[row["file"]] else row["grazing"] < 0.9 for row in found),
          "no measured frame is on the wrong side for sure", done.stderr)


def main():
    random = np.random.default_rng(5)
    with tempfile.TemporaryDirectory() as directory:
        headers(directory, random)
        angles(directory, random)
        ranges(directory)
        if SHIPS:
            images(directory, random)
            packed(directory, random)
            alike(directory, random)
            reductions(directory, random)
            long_runs(directory, random)
            ends(directory, random)
            strangers(directory, random)
        else:
            skip("what images say", "no model of images ships")
            done = run(os.path.join(directory, "d.h5"))
            check(done.returncode == 0 and "headers alone" in done.stderr, "without a model headers are asked, and that is said", done)
        refusals(directory, random)
    measured()
    finish()


main()
