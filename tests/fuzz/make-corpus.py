#!/usr/bin/env python3
"""Makes the corpora of the fuzz targets: the smallest file of every dialect and
damaged ones, from fixed seeds (time stamps inside HDF5 files differ).

Usage: make-corpus.py DIRECTORY BUILD [KIND...] (tests/fuzz and a build tree). Damaged
files on which libhdf5 itself crashes or hangs are left out: they test nothing
of ours.
"""
import gzip
import os
import random
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib

import h5py
import numpy

HERE, BUILD, *KINDS = sys.argv[1:]
Q = numpy.linspace(0.01, 0.3, 20)
I = numpy.exp(-30 * Q**2)


def path(kind, name):
    os.makedirs(os.path.join(HERE, "corpus-" + kind), exist_ok=True)
    return os.path.join(HERE, "corpus-" + kind, name)


def entry(h5, name="e", definition=None):
    group = h5.create_group(name)
    group.attrs["NX_class"] = numpy.bytes_("NXentry")
    if definition:
        group["definition"] = numpy.bytes_(definition)
    return group


def fields(group, signal, axis, unit, stack=None, **more):
    group.attrs.update({"NX_class": numpy.bytes_("NXdata"), "signal": numpy.bytes_(signal)})
    group[signal] = I if stack is None else stack
    group[axis] = Q
    group[axis].attrs["units"] = numpy.bytes_(unit)
    for name, values in more.items():
        group[name] = values
    return group


def make_dialects():
    with h5py.File(path("reader", "cansas.h5"), "w", libver="earliest") as h5:
        data = fields(entry(h5, "e", "NXcanSAS").create_group("d"), "I", "Q", "1/A", Idev=0.1 * I, Qdev=0.1 * Q)
        data.attrs.update({"canSAS_class": numpy.bytes_("SASdata"), "I_axes": numpy.bytes_("Q")})
        data["Q"].attrs["resolutions"] = numpy.bytes_("Qdev")
        data["I"].attrs["uncertainties"] = numpy.bytes_("Idev")
    with h5py.File(path("reader", "slit.h5"), "w", libver="latest") as h5:
        data = fields(entry(h5).create_group("d"), "I", "Q", "1/nm", dQl=Q, dQw=Q)
        data.attrs.update({"canSAS_class": "SASdata", "I_axes": ["Q"]})
        data["Q"].attrs["resolutions"] = ["dQw", "dQl"]
    with h5py.File(path("reader", "pyfai.h5"), "w", libver="earliest") as h5:
        top = entry(h5)
        top.attrs["default"] = "integrate/results"
        process = top.create_group("integrate")
        process["program"] = "pyFAI"
        data = process.create_group("results")
        data.attrs.update({"NX_class": "NXdata", "signal": "data", "axes": [".", "radial"]})
        data.create_dataset("data", data=numpy.tile(I, (3, 1)), chunks=(1, 20), maxshape=(None, 20))
        data["radial"] = Q
        data["radial"].attrs["unit"] = "nm^-1"
    with h5py.File(path("reader", "azint.h5"), "w", libver="latest") as h5:
        data = fields(entry(h5, "e", "NXazint1d").create_group("d"), "I", "radial_axis", "1/angstrom")
        del data["I"]
        data.create_dataset("I", data=numpy.tile(I, (4, 1)).astype("f4"), chunks=(2, 10), compression="gzip",
                            shuffle=True, fletcher32=True)
    with h5py.File(path("reader", "angle.h5"), "w", libver="earliest") as h5:
        top = entry(h5, "e", "NXmonopd")
        fields(top.create_group("d"), "data", "polar_angle", "deg")
        top["instrument/wavelength"] = 1.0
    with h5py.File(path("reader", "plain.h5"), "w", libver="earliest") as h5:
        h5.attrs["default"] = "e"
        top = entry(h5)
        top.attrs["default"] = "d"
        fields(top.create_group("d"), "counts", "q", "1/nm", errors=I, stack=(1000 * I).astype("i4"))
        top["loop"] = h5py.SoftLink("/e/loop")
        top["up"] = h5["/"]
    with h5py.File(path("reader", "links.h5"), "w", libver="earliest") as h5:
        data = entry(h5).create_group("d")
        data.attrs.update({"NX_class": "NXdata", "canSAS_class": "SASdata"})
        data["I"] = h5py.ExternalLink("other.h5", "/I")
        data["Q"] = h5py.SoftLink("../missing")
    with h5py.File(path("reader", "names.h5"), "w", libver="earliest") as h5:
        for name in (b"caf\xe9", b"two\nlines", b"bell\x07"):
            top = h5.create_group(name)
            top.attrs["NX_class"] = numpy.bytes_("NXdata")
            top[b"I\xff"] = I
            top[b"I\xff"].attrs["signal"] = 1
    with h5py.File(path("reader", "two.h5"), "w", libver="earliest") as h5:
        data = entry(h5).create_group("d")
        data.attrs.update({"canSAS_class": "SASdata", "I_axes": "Qx,Qy"})
        for name in ("I", "Qx", "Qy"):
            data[name] = numpy.ones((4, 5))


ROWS = "".join("%.4f %.5g %.3g\n" % (q, i, 0.1 * i) for q, i in zip(Q, I))
XML = ("<?xml version=\"1.0\"?>\n<SASroot version=\"1.1\" xmlns=\"urn:cansas1d:1.1\"><SASentry name=\"x\">"
       "<Title>t</Title><Run>1</Run><SASdata>%s</SASdata><SASsample><ID>s</ID></SASsample></SASentry></SASroot>"
       % "".join("<Idata><Q unit=\"1/A\">%.4f</Q><I unit=\"1/cm\">%.5g</I><Idev unit=\"1/cm\">1</Idev>"
                 "<Qdev unit=\"1/A\">0.1</Qdev></Idata>" % (q, i) for q, i in zip(Q, I)))
TEXTS = {
    "plain.txt": ROWS,
    "named.csv": "q [1/nm],I [1/cm],err\n" + ROWS.replace(" ", ","),
    "comma.csv": "q;I;dI\n" + ROWS.replace(" ", ";").replace(".", ","),
    "pyfai.dat": "# --> x\n#   q_nm^-1   I   sigma\n" + ROWS,
    "nist.abs": "The 3 columns are | Q (1/A) | I(Q) (1/cm) | std. dev. I(Q) (1/cm) |\n" + ROWS,
    "isis.txt": " SANS2D Workspace: \n T\n 20 0 0 0 1 20 0\n 0 0 0 0\n 3 (F12.5,2E16.6)\n" + ROWS,
    "fortran.txt": ROWS.replace("e-", "D-"),
    "odd.txt": "0.01 nan *\n0.02 *** inf\n0.03 --- 1\n" * 7,
    "signs.txt": "+---+---+\n| q (1/nm) | I ± dI |\n+===+===+\n"
                 + "".join("| %.4f | %.5f ± %.3f |\n" % (q, i, 0.1 * i) for q, i in zip(Q, I)),
    "brackets.txt": "# photon energy 12.4 keV\n# 2th_deg I\n"
                    + "".join("%.4f : %.5f(%d)e-2 : 1 (0.5)\n" % (q, i, k) for k, (q, i) in enumerate(zip(Q, I))),
    "cansas.xml": XML,
    "entity.xml": "<!DOCTYPE a [<!ENTITY b \"c\">]><SASroot>&b;</SASroot>",
    "empty.txt": "",
}


def make_texts():
    for name, text in TEXTS.items():
        with open(path("text", name), "wb") as out:
            out.write(text.encode("utf-8"))
    with open(path("text", "utf16.txt"), "wb") as out:
        out.write(ROWS.encode("utf-16"))
    with open(path("text", "latin1.txt"), "wb") as out:
        out.write("q (\u00c5^-1)  I\n".encode("latin-1") + ROWS.encode())


PONI = "Distance: 0.5\nPoni1: 0.08\nPoni2: 0.07\nRot1: 0.001\nRot2: 0\nRot3: 0\nWavelength: 1e-10\n"
PONIS = {
    "one.poni": "# comment\nPixelSize1: 0.000172\nPixelSize2: 0.000172\n" + PONI + "SplineFile: None\n",
    "two.poni": "poni_version: 2\nDetector: Pilatus 1M\nDetector_config: {}\n" + PONI,
    "config.poni": "poni_version: 2.1\nDetector: Detector\nDetector_config: {\"pixel1\": 1e-4, \"pixel2\": 1e-4, "
                   "\"max_shape\": [100, 200], \"orientation\": 3}\n" + PONI,
    "types.poni": "poni_version: 2.1\nDetector_config: {\"pixel1\": \"x\", \"pixel2\": null, "
                  "\"max_shape\": [\"a\", [1]], \"orientation\": {}}\n" + PONI,
    "nested.poni": "Detector_config: {\"a\": " + 30 * "[" + 30 * "]" + "}\n" + PONI,
    "spline.poni": PONI + "SplineFile: x.spline\n",
    "huge.poni": PONI.replace("0.5", "1e999").replace("1e-10", "nan"),
    "empty.poni": "",
}
CLASS = "radius = log-uniform(20, 200)\nwidth = 0.1\nscale = 0.01\nsld = 10\nsld_solvent = 9\n"
KEYS = {
    "sphere.population": "[population]\ntitle = t\n[sphere]\n" + CLASS,
    "all.population": "[all]\nwidth = uniform(0.05, 0.2)\nscale = 0.01\n[sphere]\nradius = uniform(10, 20)\nsld = 10\nsld_solvent = 9\n"
                      "[cylinder]\nradius = 10\nlength = radius * 20\nsld = 8\nsld_solvent = 9.4\n",
    "twice.population": "[sphere]\n" + CLASS + CLASS,
    "nothing.population": "[population]\ntitle = nothing\n",
    "short.key": "[chain]\norder = integrate;\n",
    "wrong.key": "[chain]\norder = integrate; nothing;\n[integrate]\nbins = x\n",
    "empty.key": "",
}


def make_named(kind, texts):
    for name, text in texts.items():
        with open(path(kind, name), "w", encoding="utf-8") as out:
            out.write(text)


def make_keys():
    make_named("keys", KEYS)
    top = os.path.join(HERE, "..", "..")
    for name in ("models/populations/field.population", "models/populations/paper.population", "reducers/chain.key"):
        with open(os.path.join(top, name), encoding="utf-8") as source:
            make_named("keys", {os.path.basename(name): source.read()})


def contents(texts, arrays, blobs):
    """What fuzz-model makes a model file of."""
    out = bytearray()
    for kind, values in ((b"t", texts), (b"a", arrays), (b"b", blobs)):
        for name, value in values.items():
            out += kind + bytes([len(name)]) + name.encode()
            if kind == b"t":
                out += struct.pack("<H", len(value)) + value
            elif kind == b"a":
                rows, columns = value.shape if value.ndim == 2 else (0, len(value))
                out += struct.pack("<HH", rows, columns) + value.astype("<f8").tobytes()
            else:
                out += struct.pack("<I", len(value)) + value
    return bytes(out)


def tiny_network():
    """A model on portraits, with seven channels of 256 points: two filters and three outputs."""
    chance = numpy.random.default_rng(1)
    weights = chance.normal(0, 0.1, 2 * 7 * 5 + 2 + 3 * 2 * 16 + 3).astype("<f4").tobytes()
    scalars = {"temperature": 1, "set_threshold": 0.1, "outlier_limit": 0.5, "least_coverage": 1, "network_latent": 1}
    examples, width = 10, 2 * 256
    vectors = chance.normal(0, 1, (examples, width))
    vectors /= numpy.linalg.norm(vectors, axis=1)[:, None]
    gallery = bytes(k % 2 for k in range(examples)) + b"".join(
        part.astype("<f4").tobytes() for part in (numpy.full(examples, 2.0), chance.normal(0, 1, (examples, 256)), vectors))
    arrays = {name: numpy.array([float(value)]) for name, value in scalars.items()}
    arrays["folded"] = numpy.array([1.1, 0.05])
    arrays["strangeness"] = numpy.array([0.5, 1.0, 2.0])
    return contents({"class": b"sphere\ncylinder", "algorithm": b"tiny", "card": b"{}",
                     "network": b"conv 2 5 same\nrelu\nmaxpool 16\ndense 3\n"},
                    arrays, {"network_weights": weights, "gallery": gallery})


def tiny_trees(directory):
    """A model of trees, as saxid trains it, on a coarse grid."""
    saxid, data, model = (os.path.join(directory, name) for name in ("saxid", "x.h5", "x.saxid-model"))
    saxid = os.path.join(BUILD, "saxid")
    subprocess.run([saxid, "simulate", "-n", "90", "-s", "1", "-o", data, "--quiet"], check=True)
    with h5py.File(data, "r+") as h5:
        for name in ("q", "I", "sigma"):
            field = h5["curves"][name]
            values, attributes = field[..., ::8], dict(field.attrs)
            del h5["curves"][name]
            h5["curves"][name] = values
            h5["curves"][name].attrs.update(attributes)
    subprocess.run([saxid, "train", data, "-o", model, "--rounds", "1", "--depth", "1", "--folds", "2", "--quiet"], check=True,
                   stdout=subprocess.DEVNULL)
    with open(model, "rb") as source:
        raw = source.read()
    with h5py.File(model) as h5:
        return raw, contents({name: bytes(h5["text"][name][...].ravel()[0]) for name in h5["text"]},
                             {name: h5["array"][name][...] for name in h5["array"]},
                             {name: bytes(h5["blob"][name][...]) for name in h5["blob"]})


def make_models():
    with tempfile.TemporaryDirectory() as directory:
        raw, trees = tiny_trees(directory)
    for name, value in (("trees.h5", raw), ("trees.bin", trees), ("network.bin", tiny_network()),
                        ("odd.bin", contents({"class": b"a\nb"}, {"grid": numpy.array([1.0, 0.5])}, {"trees": b"{}"})),
                        ("wordless.bin", tiny_network().replace(b"conv 2 5 same", b"conv 2 5 some")
                                                       .replace(b"network_weights", b"network_height!")),
                        ("empty.bin", b"")):
        with open(path("model", name), "wb") as out:
            out.write(value)


def frame_file(name, images, described=True, **libver):
    with h5py.File(path("frame", name), "w", **(libver or {"libver": "earliest"})) as h5:
        top = entry(h5)
        instrument = top.create_group("i")
        instrument.attrs["NX_class"] = numpy.bytes_("NXinstrument")
        detector = instrument.create_group("d")
        detector.attrs["NX_class"] = numpy.bytes_("NXdetector")
        images(top, detector)
        for place, value, unit in (("i/d/distance", 1.5, "m"), ("i/d/beam_center_x", 5.5, "pixel"), ("i/d/beam_center_y", 0.1, "mm"),
                                   ("i/d/x_pixel_size", 75, "um"), ("i/d/y_pixel_size", 75, "um"),
                                   ("i/d/saturation_value", 100, ""), ("i/monochromator/wavelength", 1.0, "angstrom")):
            if described:
                top[place] = value
                top[place].attrs["units"] = numpy.bytes_(unit)


FRAME = numpy.arange(35, dtype="u2").reshape(5, 7)


def stack(top, detector):
    detector.create_dataset("data", data=numpy.stack([FRAME, FRAME + 1]), chunks=(1, 5, 7), compression="gzip")
    detector["pixel_mask"] = (FRAME == 3).astype("u4")
    detector["flatfield"] = numpy.ones((5, 7), "f4")
    top["title"] = numpy.bytes_("t")
    top["m/data"] = [1.0, 2.0]
    top["m"].attrs["NX_class"] = numpy.bytes_("NXmonitor")


def series(top, detector):
    data = top.create_group("data")
    data.attrs["NX_class"] = numpy.bytes_("NXdata")
    for k in (1, 2):
        data["data_%06d" % k] = numpy.stack([FRAME]).astype("i4") - 1
    data["data_000003"] = h5py.ExternalLink("other.h5", "/data")


def tilted(top, detector):
    detector["data"] = FRAME.astype("f4")
    for name in ("pin_ccd_tilt_x", "pin_ccd_tilt_y"):
        top["Metadata/" + name] = [1.0]
        top["Metadata/" + name].attrs["units"] = numpy.bytes_("deg")


def tiff(kind, pages, compression=1, order="<", text=b""):
    """Every page one strip, its bytes before its directory."""
    out = bytearray((b"II*\0" if order == "<" else b"MM\0*") + struct.pack(order + "I", 0))
    link = 4
    for image in pages:
        raw = image.astype(image.dtype.newbyteorder(order)).tobytes()
        raw = zlib.compress(raw) if compression == 8 else raw
        start, words = len(out), len(out) + len(raw)
        out += raw + text + b"\0"
        out += b"\0" * (len(out) % 2)
        tags = [(256, 4, 1, image.shape[1]), (257, 4, 1, image.shape[0]), (258, 3, 1, 8 * image.dtype.itemsize),
                (259, 3, 1, compression), (262, 3, 1, 1), (270, 2, len(text) + 1, words), (273, 4, 1, start), (277, 3, 1, 1),
                (278, 4, 1, image.shape[0]), (279, 4, 1, len(raw)), (339, 3, 1, kind)]
        struct.pack_into(order + "I", out, link, len(out))
        out += struct.pack(order + "H", len(tags))
        for number, type_, count, value in tags:
            out += struct.pack(order + "HHI", number, type_, count)
            out += struct.pack(order + ("HH" if type_ == 3 else "I"), *((value, 0) if type_ == 3 else (value,)))
        link = len(out)
        out += struct.pack(order + "I", 0)
    return bytes(out)


HEADER = b"# Pixel_size 172e-6 m x 172e-6 m\n# Wavelength 1.0 A\n# Detector_distance 1.2 m\n# Beam_xy (3.5, 2.5) pixels\n" \
         b"# Count_cutoff 1000 counts\n"


def cbf(differences, height=5, width=7):
    return (b"###CBF: VERSION 1.5\r\n" + HEADER.replace(b"\n", b"\r\n") + b"X-Binary-Size: %d\r\n" % len(differences)
            + b"conversions=\"x-CBF_BYTE_OFFSET\"\r\nX-Binary-Element-Type: \"signed 32-bit integer\"\r\n"
              b"X-Binary-Element-Byte-Order: LITTLE_ENDIAN\r\n"
              b"X-Binary-Size-Fastest-Dimension: %d\r\nX-Binary-Size-Second-Dimension: %d\r\n\r\n" % (width, height)
            + b"\x0c\x1a\x04\xd5" + differences)


def edf(frames, kind="SignedInteger", more=""):
    out = b""
    for frame in frames:
        head = ("{\nByteOrder = LowByteFirst ;\nDataType = %s ;\nDim_1 = %d ;\nDim_2 = %d ;\nSize = %d ;\n%s"
                % (kind, frame.shape[1], frame.shape[0], frame.nbytes, more)).encode()
        out += head + b" " * (510 - len(head) % 512) + b"}\n" + frame.tobytes()
    return out


EDF_GEOMETRY = ("PSize_1 = 1e-4 ;\nPSize_2 = 1e-4 ;\nCenter_1 = 3 ;\nCenter_2 = 2 ;\nSampleDistance = 1.5 ;\n"
                "WaveLength = 1e-10 ;\nDummy = -1 ;\nMonitor = 7 ;\n")


EDF_BY_HAND = ("PSize_1 = 0.1 ;\nPSize_2 = 100_um ;\nCenter_1 = 3 ;\nCenter_2 = 2 ;\nSampleDistance = 150 ;\n"
               "Photon_Energy = 12.4 keV ;\n")


def make_frames():
    frame_file("stack.h5", stack)
    frame_file("series.h5", series, libver="latest")
    frame_file("tilted.h5", tilted)
    frame_file("bare.h5", stack, described=False)
    escapes = b"\x80\x00\x7f" + b"\x80\x00\x80\x00\x00\x01\x00" + b"\x80\x00\x80\x00\x00\x00\x80" + struct.pack("<q", -3)
    for name, value in (("uint16.tif", tiff(1, [FRAME, FRAME])), ("float.tif", tiff(3, [FRAME.astype("f4")], order=">", text=HEADER)),
                        ("deflate.tif", tiff(2, [FRAME.astype("i4")], 8, text=HEADER)), ("byte.tif", tiff(1, [FRAME.astype("u1")])),
                        ("small.cbf", cbf(bytes(range(35)))), ("escapes.cbf", cbf(escapes + bytes(32))), ("short.cbf", cbf(b"\x80")),
                        ("int.edf", edf([FRAME.astype("<i4")] * 2, more=EDF_GEOMETRY)),
                        ("hand.edf", edf([FRAME.astype("<i4")], more=EDF_BY_HAND)),
                        ("float.edf.gz", gzip.compress(edf([FRAME.astype("<f4")], "Float"), mtime=0))):
        with open(path("frame", name), "wb") as out:
            out.write(value)


def make_tags():
    """Edits of a tagged file, as fuzz-tags reads them; the numbers are those of its tables."""
    for name, edits in {"untouched": b"", "gone": b"\0\x05", "group-gone": b"\0\0", "doubles": b"\1\x0a\1\0\1\x04\0",
                        "empty": b"\1\x0a\0\0\1\0\0", "vast": b"\1\x0a\0\0\2\x0a\x0a\xfb", "bomb": b"\1\x0a\0\0\2\x09\x05\xf6",
                        "outside": b"\1\x0a\0\0\1\x04\2", "virtual": b"\1\x0a\0\0\1\x04\4", "filter": b"\1\x0a\2\0\1\x04\x08",
                        "no-process": b"\2\0\0\7\x06\6NXdata", "number": b"\2\0\0\0\0\0", "order": b"\2\x14\2\7\x10\4../a",
                        "loop": b"\3\x0a\0", "soft": b"\4\x0a\2/x", "other-file": b"\5\x0a\2/x",
                        "class-99": b"\6\x0b\0\0\1c", "all-ones": b"".join(bytes((6, k, 0, 0, 4)) + b"\xff\xff\xff\xff" for k in range(8, 16)),
                        }.items():
        with open(path("tags", name + ".bin"), "wb") as out:
            out.write(edits)
    shutil.copy(path("reader", "pyfai.h5"), path("tags", "tagged.h5"))
    subprocess.run([os.path.join(BUILD, "saxid"), "tag", path("tags", "tagged.h5")], check=True, stdout=subprocess.DEVNULL)


def survives(kind, name):
    try:
        return subprocess.run([os.path.join(BUILD, "tests", "fuzz", "fuzz-" + kind), name], timeout=5, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def damage(kind, share):
    """Some bytes changed, or cut."""
    folder = os.path.join(HERE, "corpus-" + kind)
    for name in sorted(n for n in os.listdir(folder) if not n.startswith("damaged-")):
        with open(os.path.join(folder, name), "rb") as source:
            good = source.read()
        if not good:
            continue
        for k in range(share):
            chance = random.Random("%s %d" % (name, k))
            bad = bytearray(good)
            for _ in range(chance.choice((1, 2, 8))):
                at = chance.randrange(len(bad))
                bad[at] = chance.choice((0, 1, 0x7F, 0xFF, bad[at] ^ (1 << chance.randrange(8))))
            if k % 3 == 2:
                del bad[chance.randrange(len(bad)):]
            target = os.path.join(folder, "damaged-%d-%s" % (k, name))
            with open(target, "wb") as out:
                out.write(bad)
            if name.endswith(".h5") and not survives(kind, target):
                print("left out:", target)
                os.unlink(target)


MADE = {"reader": make_dialects, "text": make_texts, "model": make_models, "keys": make_keys,
        "poni": lambda: make_named("poni", PONIS), "frame": make_frames, "tags": make_tags}
for each in KINDS or MADE:
    MADE[each]()
    damage(each, 3)
