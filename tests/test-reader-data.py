#!/usr/bin/env python3
"""Does the reader find what h5py finds, to the bit?

Measured files of SAXID_DATA, pyFAI's own writer, and files made here with h5py
in the dialects of which no example is at hand.
"""
import json
import math
import os
import subprocess
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

BUILD = os.environ["SAXID_BUILDDIR"]
DATA = os.environ.get("SAXID_DATA", "")


def read(path, *options):
    out = subprocess.run([os.path.join(BUILD, "tests", "read-curves"), *options, path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if out.stderr:
        raise AssertionError("noise on stderr: " + out.stderr.decode())
    found = {"source": [], "frame": [], "refusal": [], "error": []}
    for line in out.stdout.decode().splitlines():
        item = json.loads(line)
        found[item["kind"]].append(item)
    return found


def numbers(texts):
    return None if texts is None else numpy.array([float.fromhex(t) for t in texts])


def equal(a, b):
    """The same bits, NaN included."""
    return a.shape == b.shape and a.tobytes() == numpy.ascontiguousarray(b, float).tobytes()


def check_frames(name, path, where, q=None, i=None, sigma=None, dq=None, options=(), source=0):
    """where: the source's i_path; q, i, …: what h5py says, [frame, q] or [q]."""
    found = read(path, "--frames", "0:9999", *options)
    if source >= len(found["source"]) or found["source"][source]["i_path"] != where:
        check(False, name, found)
        return found
    frames = [f for f in found["frame"] if f["source"] == source]
    i = numpy.asarray(i, float).reshape(-1, numpy.asarray(i).shape[-1])
    right = len(frames) == len(i)
    for frame, (got, wanted) in enumerate(zip(frames, i)):
        right = right and equal(numbers(got["i"]), wanted)
        for key, values in (("q", q), ("sigma", sigma), ("dq", dq)):
            if values is None:
                right = right and got[key] is None
            else:
                values = numpy.asarray(values, float)
                wanted = values if values.ndim == 1 else values.reshape(-1, values.shape[-1])[frame]
                right = right and got[key] is not None and equal(numbers(got[key]), wanted)
    check(right, name, found["source"][source])
    return found


def measured():
    folder = os.path.join(DATA, "nexus")
    if not os.path.isdir(folder):
        skip("measured files", "SAXID_DATA is not set")
        return
    plain = [("1998spheres.h5", "/sasentry_0/sasdata", 0, True, None),
             ("1998spheres.h5", "/sasentry_1/sasdata", 1, True, None),
             ("33837rear_1D_1.75_16.5_NXcanSAS_v3.h5", "/sasentry01/sasdata", 0, True, None),
             ("FK403_0006_Nika.hdf", "/FK403_0006_270_30/_1D_270_30", 0, True, "Qdev"),
             ("Lew_Sa3_DSM_QinA.h5", "/Lew_Sa3_0004_mrg/Lew_Sa3_0004_mrg", 0, True, "Qdev"),
             ("NXcanSAS_DSM.h5", "/PU_25C_orig_0061_mrg/PU_25C_orig_0061_mrg", 0, True, "Qdev"),
             ("NXcanSAS_SMR.h5", "/PU_25C_orig_0061/PU_25C_orig_0061", 0, True, None),
             ("nxcansas_1Dand2D_multisasentry.h5", "/sasentry01/sasdata01", 0, True, None),
             ("simpleexamplefile.h5", "/sasentry01/sasdata01", 0, False, None)]
    for name, group, source, sigma, dq in plain:
        path = os.path.join(folder, name)
        with h5py.File(path, "r") as h5:
            data = h5[group]
            check_frames("%s source %d" % (name, source), path, group + "/I", data["Q"][()], data["I"][()],
                         data["Idev"][()] if sigma else None, data[dq][()] if dq else None, source=source)

    path = os.path.join(folder, "multiframe_1d.nxs")
    with h5py.File(path, "r") as h5:
        data = h5["/sasentry/sasdata"]
        found = check_frames("multiframe_1d.nxs, 120 frames, q in 1/nm", path, "/sasentry/sasdata/I",
                             data["Q"][()] / 10, data["I"][()], data["Idev"][()])
    check(found["source"][0]["q_unit"] == "1/nm" and found["source"][0]["i_unit"] == "arbitrary",
          "multiframe_1d.nxs keeps its units", found["source"])

    for name, length in (("NXcanSAS_SMR.h5", None), ("1998spheres.h5", 0.045), ("NXcanSAS_DSM.h5", 0)):
        source = read(os.path.join(folder, name))["source"][0]
        if length is None:
            with h5py.File(os.path.join(folder, name), "r") as h5:
                length = h5["/PU_25C_orig_0061/PU_25C_orig_0061/dQl"][()].max()
        noted = any("slit-smeared" in n["text"] for n in source["notes"])
        check(float.fromhex(source["slit_length"]) == length and source["slit_smeared"] == (length > 0) == noted,
              "%s: slit smearing is noticed where it is" % name, source)

    for name, group in (("MAR07232_rest.h5", "/sasentry01/sasdata01"),
                        ("33837rear_2D_1.75_16.5_NXcanSAS_v3.h5", "/sasentry01/sasdata")):
        error = read(os.path.join(folder, name))["error"]
        check(len(error) == 1 and error[0]["message"]
              == "2-D only (Qx, Qy): reduce it to I(q) first (%s, %s)" % (name, group),
              "%s is refused in plain words" % name, error)
    refusal = read(os.path.join(folder, "nxcansas_1Dand2D_multisasentry.h5"))["refusal"]
    check(len(refusal) == 1 and refusal[0]["path"] == "/sasentry02/sasdata01",
          "the 2-D entry beside a curve is refused alone", refusal)


def from_pyfai(folder):
    try:
        import logging
        logging.disable(logging.CRITICAL)
        from pyFAI.containers import Integrate1dResult
        from pyFAI.io import HDF5Writer
    except ImportError as missing:
        skip("pyFAI's writer", missing)
        return
    q = numpy.linspace(0.05, 3, 80).astype("f4")
    frames = (1e3 * numpy.exp(-q**2 * (1 + numpy.arange(4))[:, None])).astype("f4")
    for unit, divisor in (("q_nm^-1", 10), ("q_A^-1", 1)):
        path = os.path.join(folder, "pyfai_%s.h5" % unit[:4])
        writer = HDF5Writer(path, mode="delete")
        writer.init({"nbpt_rad": 80, "unit": unit, "do_2D": False, "nbpt_azim": 0}, {"number_of_frames": 4})
        for k, frame in enumerate(frames):
            writer.write(Integrate1dResult(q, frame, numpy.sqrt(frame)), index=k)
        writer.flush(radial=q)
        writer.close()
        found = check_frames("pyFAI's writer, %s" % unit, path, "/entry_0000/integrate/results/data",
                             q.astype(float) / divisor, frames, numpy.sqrt(frames))
        check(found["source"][0]["dialect"] == "pyFAI" and found["source"][0]["entry"] == "/entry_0000",
              "pyFAI's writer is called so, %s" % unit, found["source"])


    path = os.path.join(folder, "pyfai_2th.h5")
    writer = HDF5Writer(path, mode="delete")
    writer.init({"nbpt_rad": 80, "unit": "2th_deg", "wavelength": 1.54e-10, "do_2D": False, "nbpt_azim": 0},
                {"number_of_frames": 4})
    for k, frame in enumerate(frames):
        writer.write(Integrate1dResult(q, frame), index=k)
    writer.flush(radial=q)
    writer.close()
    found = read(path, "--frames", "0:0")
    wanted = 4 * math.pi / 1.54 * numpy.sin(numpy.radians(q.astype(float)) / 2)
    check(len(found["frame"]) == 1 and numpy.allclose(numbers(found["frame"][0]["q"]), wanted, rtol=1e-13, atol=0),
          "pyFAI's writer, 2th_deg and the wavelength of its settings", found["source"])


def monopd(folder):
    """NXmonopd as pyFAI 2024 writes it: an angle, and the wavelength beside it."""
    path = os.path.join(folder, "monopd.nxs")
    tth = numpy.linspace(0.1, 5, 60)
    wavelength = 1.2398
    with h5py.File(path, "w") as h5:
        entry = h5.create_group("entry")
        entry.attrs.update({"NX_class": "NXentry", "default": "results"})
        entry["definition"] = "NXmonopd"
        crystal = entry.create_group("beamline/monochromator")
        crystal["wavelength"] = wavelength
        crystal["wavelength"].attrs["units"] = "angstrom"
        detector = entry.create_group("beamline/Pilatus1M")
        detector["polar_angle"] = tth
        detector["polar_angle"].attrs["units"] = "2th_deg"
        detector["data"] = 1 / tth
        detector["errors"] = 0.1 / tth
        results = entry.create_group("results")
        results.attrs.update({"NX_class": "NXdata", "signal": "data", "axes": ["polar_angle"]})
        for name in ("polar_angle", "data", "errors"):
            results[name] = detector[name]
    found = read(path, "--frames", "0:0")
    q = 4 * math.pi / wavelength * numpy.sin(numpy.radians(tth) / 2)
    check(len(found["source"]) == 1
          and found["source"][0]["dialect"] == "NXmonopd"
          and numpy.allclose(numbers(found["frame"][0]["q"]), q, rtol=1e-14, atol=0)
          and equal(numbers(found["frame"][0]["sigma"]), 0.1 / tth),
          "NXmonopd: q from an angle and a wavelength", found)
    with h5py.File(path, "a") as h5:
        del h5["entry/beamline/monochromator"]
    error = read(path)["error"]
    check(len(error) == 1 and error[0]["code"] == "unit" and "wavelength" in error[0]["message"],
          "an angle without a wavelength is a unit error", error)


def azint(folder):
    path = os.path.join(folder, "azint.h5")
    q = numpy.linspace(0.01, 0.4, 50)
    frames = numpy.random.default_rng(1).poisson(1000, (5, 50)).astype("f4")
    with h5py.File(path, "w") as h5:
        h5.attrs["default"] = "entry"
        entry = h5.create_group("entry")
        entry.attrs.update({"NX_class": "NXentry", "default": "data"})
        entry["definition"] = "NXazint1d"
        data = entry.create_group("data")
        data.attrs.update({"NX_class": "NXdata", "signal": "I", "axes": [".", "radial_axis"],
                           "interpretation": "spectrum"})
        data.create_dataset("I", data=frames, chunks=(1, 50), compression="gzip", maxshape=(None, 50))
        data["I"].attrs.update({"units": "arbitrary units", "long_name": "intensity"})
        data.create_dataset("I_errors", data=numpy.sqrt(frames), chunks=(2, 20), shuffle=True)
        data["radial_axis"] = q
        data["radial_axis"].attrs.update({"units": "1/angstrom", "long_name": "q"})
        data["radial_axis_edges"] = numpy.linspace(0.01, 0.4, 51)
    found = check_frames("NXazint1d", path, "/entry/data/I", q, frames, numpy.sqrt(frames))
    check(found["source"][0]["dialect"] == "NXazint1d", "NXazint1d is called so", found["source"])


def plain_group(h5, path, q, i, unit="1/nm", axes=None, **more):
    group = h5.create_group(path)
    group.attrs.update({"NX_class": "NXdata", "signal": "counts", "axes": axes or ["q"]})
    group["counts"] = i
    group["q"] = q
    if unit is not None:
        group["q"].attrs["units"] = unit
    for name, values in more.items():
        group[name] = values
    return group


def plain(folder):
    q = numpy.linspace(0.1, 4, 40)
    i = numpy.exp(-q)
    path = os.path.join(folder, "plain.h5")
    with h5py.File(path, "w") as h5:
        h5.attrs["default"] = "run"
        for name in ("run", "calibration"):
            h5.create_group(name).attrs.update({"NX_class": "NXentry", "default": "deep/meant"})
        plain_group(h5, "run/deep/meant", q, i, counts_errors=0.1 * i)
        plain_group(h5, "run/other", q, 2 * i)
        plain_group(h5, "calibration/deep/meant", q, 3 * i)
    found = check_frames("NXdata: the default chain", path, "/run/deep/meant/counts", q / 10, i, 0.1 * i)
    check(len(found["source"]) == 1 and found["source"][0]["entry"] == "/run", "NXdata: the default alone", found)
    with h5py.File(path, "a") as h5:
        del h5.attrs["default"]
    found = read(path)
    check([s["data"] for s in found["source"]] == ["/calibration/deep/meant", "/run/deep/meant", "/run/other"],
          "NXdata without a default: all of them, in order", found)

    path = os.path.join(folder, "old.h5")
    with h5py.File(path, "w") as h5:
        h5.create_group("e1").attrs["NX_class"] = "NXentry"
        data = h5.create_group("e1/data")
        data.attrs["NX_class"] = "NXdata"
        data["y"] = i
        data["y"].attrs.update({"signal": 1, "axes": "[q]"})
        data["q"] = q
        data["q"].attrs["units"] = numpy.bytes_("\u00c5\u207b\u00b9".encode("utf-8"))
        data["error"] = 0.2 * i
    check_frames("NXdata as before 2014: signal=1 on the field", path, "/e1/data/y", q, i, 0.2 * i)

    path = os.path.join(folder, "edges.h5")
    edges = numpy.linspace(0.1, 4.1, 41)
    with h5py.File(path, "w") as h5:
        plain_group(h5, "e/d", edges, i, errors=i)
    found = check_frames("bin edges become centres", path, "/e/d/counts",
                         0.5 * (edges[:-1] / 10 + edges[1:] / 10), i, i)
    check("edges" in json.dumps(found["source"][0]["notes"]), "bin edges are noted", found["source"])

    rng = numpy.random.default_rng(2)
    path = os.path.join(folder, "stacks.h5")
    cube = rng.random((3, 4, 5, 40))
    with h5py.File(path, "w") as h5:
        a = plain_group(h5, "e1/d", q, cube, axes=[".", ".", ".", "q"], counts_errors=cube / 10)
        plain_group(h5, "e2/d", q, numpy.moveaxis(cube, 3, 0), axes=["q", ".", ".", "."])
        plain_group(h5, "e3/d", rng.random((3, 4, 5, 40)), cube, axes=[".", ".", ".", "q"], counts_errors=i)
        q3 = h5["e3/d/q"][()]
        group = h5.create_group("e4/d")
        group.attrs.update({"NX_class": "NXdata", "signal": "counts", "axes": [".", ".", "q"]})
        group.create_dataset("counts", data=cube.reshape(12, 5, 40), chunks=(5, 3, 16), compression="gzip")
        group["q"] = q[None, :]
        group["q"].attrs["units"] = "nm^-1"
        del a
    check_frames("rank 4, q last", path, "/e1/d/counts", q / 10, cube, cube / 10)
    check_frames("rank 4, q first", path, "/e2/d/counts", q / 10, cube.reshape(60, 40), source=1)
    check_frames("rank 4, q per frame, sigma shared", path, "/e3/d/counts", q3 / 10, cube, i, source=2)
    check_frames("rank 3 in oblique chunks, q of shape (1, n)", path, "/e4/d/counts", q / 10, cube.reshape(60, 40),
                 source=3)

    path = os.path.join(folder, "types.h5")
    counts = numpy.arange(1, 41)
    kinds = ["i1", "u1", "<i2", ">i2", "<u4", ">u4", "<i8", ">u8", "<f2", "<f4", ">f4", ">f8"]
    with h5py.File(path, "w") as h5:
        for k, kind in enumerate(kinds):
            plain_group(h5, "e%d/d" % k, q, counts.astype(kind))
    for k, kind in enumerate(kinds):
        check_frames("stored as %s" % kind, path, "/e%d/d/counts" % k, q / 10, counts, source=k)

    path = os.path.join(folder, "numbered.h5")
    with h5py.File(path, "w") as h5:
        for k in (1, 2, 10):
            plain_group(h5, "entry%d/d" % k, q, i)
    found = read(path)
    check([s["entry"] for s in found["source"]] == ["/entry1", "/entry2", "/entry10"],
          "entry2 comes before entry10", found["source"])


def given(folder):
    q = numpy.linspace(0.1, 4, 40)
    path = os.path.join(folder, "given.h5")
    with h5py.File(path, "w") as h5:
        h5.create_group("scan").attrs["NX_class"] = "NXentry"
        h5["scan/analysis/one_d"] = numpy.exp(-q)
        h5["scan/axes/x"] = q
        h5["scan/analysis/err"] = 0.1 * numpy.exp(-q)
        h5["scan/analysis/res"] = 0.01 * q
    roles = ["--path", "i=/scan/analysis/one_d", "--path", "q=/scan/axes/x", "--path", "sigma=/scan/analysis/err",
             "--path", "dq=/scan/analysis/res", "--q-unit", "1/nm"]
    found = check_frames("paths by hand", path, "/scan/analysis/one_d", q / 10, numpy.exp(-q),
                         0.1 * numpy.exp(-q), 0.01 * q / 10, options=roles)
    check(found["source"][0]["entry"] == "/scan" and found["source"][0]["dialect"] == "paths",
          "paths by hand: the entry is found", found["source"])
    error = read(path, "--path", "i=/scan/analysis/one_d")["error"]
    check(error and error[0]["code"] == "argument"
          and error[0]["message"] == "no q beside '/scan/analysis/one_d', its path is needed too (given.h5)",
          "paths by hand: q is asked for", error)
    error = read(path, "--path", "i=/scan/nothing/x", "--path", "q=/scan/axes/x")["error"]
    check(error and error[0]["code"] == "argument"
          and error[0]["message"] == "path '/scan/nothing/x' leads nowhere (given.h5)",
          "paths by hand: a path that leads nowhere", error)


def links(folder):
    q = numpy.linspace(0.1, 4, 40)
    other = os.path.join(folder, "other.h5")
    path = os.path.join(folder, "links.h5")
    with h5py.File(other, "w") as h5:
        plain_group(h5, "e/d", q, numpy.exp(-q))
        h5["stack"] = numpy.tile(numpy.exp(-q), (3, 1))
    with h5py.File(path, "w") as h5:
        h5["entry"] = h5py.ExternalLink("other.h5", "/e")
    error = read(path)["error"]
    check(len(error) == 1 and error[0]["code"] == "unsupported"
          and error[0]["message"] == "link into another file (other.h5:/e), which is not followed (links.h5, /entry)",
          "an external link is not followed", error)
    check_frames("an external link is followed on request", path, "/entry/d/counts", q / 10, numpy.exp(-q),
                 options=["--follow"])

    path = os.path.join(folder, "virtual.h5")
    layout = h5py.VirtualLayout(shape=(3, 40), dtype="f8")
    layout[:] = h5py.VirtualSource("other.h5", "stack", shape=(3, 40))
    with h5py.File(path, "w") as h5:
        data = plain_group(h5, "e/d", q, q)
        del data["counts"]
        data.create_virtual_dataset("counts", layout)
    error = read(path)["error"]
    check(len(error) == 1 and error[0]["code"] == "unsupported" and "virtual" in error[0]["message"],
          "a virtual data set is not followed", error)
    check_frames("a virtual data set is followed on request", path, "/e/d/counts", q / 10,
                 numpy.tile(numpy.exp(-q), (3, 1)), options=["--follow"])


with tempfile.TemporaryDirectory() as scratch:
    measured()
    from_pyfai(scratch)
    monopd(scratch)
    azint(scratch)
    plain(scratch)
    given(scratch)
    links(scratch)
finish()
