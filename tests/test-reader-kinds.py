#!/usr/bin/env python3
"""Are the HDF5 files that people have read as they are meant, and is what is no I(q) refused?

Each case is a kind of file: Mantid's, RAW's, chromatograms, images of |Q|, masks, user blocks.
All files are made here.
"""
import json
import os
import subprocess
import sys
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all(missing)

BUILD = os.environ["SAXID_BUILDDIR"]
SAXID = os.path.join(BUILD, "saxid")
N = 60
Q = np.geomspace(0.01, 0.3, N)
I = 100 * np.exp(-(Q * 20) ** 2 / 3) + 0.1
S = 0.03 * I


def read(path, *options):
    out = subprocess.run([os.path.join(BUILD, "tests", "read-curves"), "--frames", "0:99", *options, path],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=100)
    found = {"source": [], "frame": [], "refusal": [], "error": []}
    for line in out.stdout.decode().splitlines():
        item = json.loads(line)
        found[item["kind"]].append(item)
    return found


def values(texts):
    return None if texts is None else np.array([float.fromhex(t) for t in texts])


def same(texts, wanted):
    got = values(texts)
    if got is None or wanted is None:
        return got is None and wanted is None
    return got.shape == np.shape(wanted) and np.allclose(got, wanted, rtol=1e-12, atol=0, equal_nan=True)


def curves(name, path, wanted, *options, note=None):
    """wanted: a list of (q, I, sigma)."""
    found = read(path, *options)
    right = len(found["frame"]) == len(wanted)
    for frame, (q, i, s) in zip(found["frame"], wanted):
        right = right and same(frame["q"], q) and same(frame["i"], i) and same(frame["sigma"], s)
    if note is not None:
        right = right and any(note in n["text"] for source in found["source"] for n in source["notes"])
    check(right, name, json.dumps({k: v for k, v in found.items() if k != "frame"})[:600])
    return found


def refused(name, path, words, *options):
    found = read(path, *options)
    check(len(found["error"]) == 1 and words in found["error"][0]["message"] and not found["source"], name,
          json.dumps({k: v for k, v in found.items() if k != "frame"})[:600])


def group(parent, name, nx_class, **attributes):
    g = parent.create_group(name)
    g.attrs["NX_class"] = nx_class
    g.attrs.update(attributes)
    return g


def cansas(path, q=Q, i=I, s=S, axes="Q", unit="1/cm", fields=(), **attributes):
    with h5py.File(path, "w") as h5:
        data = group(group(h5, "entry", "NXentry"), "data", "NXdata", canSAS_class="SASdata", signal="I", I_axes=axes,
                     **attributes)
        data["Q"], data["I"] = q, i
        data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", unit
        if s is not None:
            data["Idev"] = s
            data["I"].attrs["uncertainties"] = "Idev"
        for name, array in fields:
            data[name] = array
    return path


def mantid(folder):
    path = os.path.join(folder, "mantid.nxs")
    middle = np.sqrt(Q[1:] * Q[:-1])
    edges = np.concatenate([[2 * Q[0] - middle[0]], middle, [2 * Q[-1] - middle[-1]]])
    centres = 0.5 * (edges[1:] + edges[:-1])
    for n, (axis, wanted) in enumerate(((edges, [centres]), (Q, [Q]), (np.tile(edges, (3, 1)), [centres] * 3))):
        n_spectrum = len(wanted)
        with h5py.File(path, "w") as h5:
            d = group(group(h5, "mantid_workspace_1", "NXentry"), "workspace", "NXdata")
            d["values"], d["errors"], d["axis1"] = np.tile(I, (n_spectrum, 1)), np.tile(S, (n_spectrum, 1)), axis
            d["axis2"] = np.arange(1.0, n_spectrum + 1)
            d["values"].attrs.update({"signal": 1, "axes": "axis2,axis1"})
            d["axis1"].attrs["units"], d["axis2"].attrs["units"] = "MomentumTransfer", "spectraNumber"
        curves("Mantid's unit of q, %s" % ("edges", "points", "edges of each spectrum")[n], path,
               [(q, I, S) for q in wanted])
    with h5py.File(path, "w") as h5:
        d = group(group(h5, "mantid_workspace_1", "NXentry"), "workspace", "NXdata")
        d["values"], d["axis1"], d["axis2"] = np.ones((30, 40)), np.linspace(-0.1, 0.1, 40), np.linspace(-0.1, 0.1, 30)
        d["values"].attrs.update({"signal": 1, "axes": "axis2,axis1"})
        d["axis1"].attrs["units"] = d["axis2"].attrs["units"] = "MomentumTransfer"
    refused("an image over two axes in units of q is no curve", path, "2-D only")


def units(folder):
    for unit in ("1/(m·sr)", "1/m/sr", "m^-1 sr^-1"):
        path = cansas(os.path.join(folder, "metre.h5"), unit=unit)
        source = read(path)["source"]
        check(len(source) == 1 and float.fromhex(source[0]["i_per_cm"]) == 0.01 and not source[0]["notes"],
              "intensity in %s is absolute" % unit, source)


def columns(folder):
    path = os.path.join(folder, "series.hdf5")
    with h5py.File(path, "w") as h5:
        h5.attrs["file_type"] = "RAW_Series"
        h5["profiles/q"] = Q
        for k in range(3):
            h5["profiles/%06d" % k] = np.stack([I * (k + 1), (3 if k == 2 else 1) * S * (20 if k == 2 else 1)], 1)
        h5["profiles/own_q"] = np.stack([Q, I, S], 1)
        h5["odd/x[:,0]"] = I
        h5["odd/q"] = Q
    for k in range(2):
        curves("a profile of RAW is I and its uncertainty, %d" % k, path, [(Q, I * (k + 1), S)],
               "--path", "i=/profiles/%06d" % k, note="[:,0] taken as I, the next one as its uncertainty")
    curves("a profile of RAW with large uncertainties", path, [(Q, 3 * I, 60 * S)], "--path", "i=/profiles/000002")
    curves("a profile of RAW with q of its own", path, [(Q, I, S)], "--path", "i=/profiles/own_q",
           note="the first one as q")
    curves("columns by name", path, [(Q, I, 2 * I)], "--path", "i=/profiles/000000[:,0]", "--path", "q=/profiles/own_q[:,0]",
           "--path", "sigma=/profiles/000001[...,0]")
    curves("a column by name is no guess", path, [(Q, S, None)], "--path", "i=/profiles/000000[:,-1]",
           "--path", "q=/profiles/q")
    curves("a row by name", path, [(Q, I, None)], "--path", "i=/odd/x[:,0]", "--path", "q=/odd/q")
    for wrong in ("[:,2]", "[:]", "[0,0,0]", "[:,-3]"):
        refused("no column %s" % wrong, path, "names no part", "--path", "i=/profiles/000000" + wrong, "--path", "q=/profiles/q")

    refused("without a path it is said how a profile is named", path, "name a profile with --path I=/profiles/000000")
    path = os.path.join(folder, "table.h5")
    with h5py.File(path, "w") as h5:
        h5["stack"] = np.stack([I, 0.7 * I], 1)
        h5["q"] = Q
        h5["deep/table"] = np.stack([Q, I, S], 1)
        h5["deep/pair"] = np.stack([Q, I], 1)
    curves("two frames beside each other stay two frames", path, [(Q, I, None), (Q, 0.7 * I, None)], "--path", "i=/stack",
           "--path", "q=/q")
    curves("a table of q, I, sigma", path, [(Q, I, S)], "--path", "i=/deep/table")
    curves("a table of q and I", path, [(Q, I, None)], "--path", "i=/deep/pair")
    for verb in (["tag", "-n", "--json"], ["tag", "--side-file", "--json"]):
        out = subprocess.run([SAXID, *verb, "--quiet", "--path", "I=/deep/table[:,1]", "--path", "q=/deep/table[:,0]", "--path",
                              "sigma=/deep/table[:,2]", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False)
        line = json.loads(out.stdout.splitlines()[0]) if out.stdout else {}
        check(out.returncode == 0 and line.get("data") == "/deep/table[:,1]", "columns reach the program: " + " ".join(verb),
              out.stdout + out.stderr)


def images(folder):
    u, v = np.meshgrid(np.linspace(-0.2, 0.2, 40), np.linspace(-0.1, 0.1, 20))
    size = np.hypot(u, v)
    image = 100 * np.exp(-(size * 20) ** 2 / 3)
    path = os.path.join(folder, "image.h5")
    for indices in (np.array([0, 1]), "0,1", np.array([0, 1], "i1")):
        for axes in ("Q,Q", "Q", ["Q", "Q"]):
            cansas(path, size, image, None, axes=axes, Q_indices=indices)
            refused("an image of |Q|, %r, %r" % (axes, indices), path, "2-D only")
    cansas(path, size, image, None, axes="Q")
    refused("an image of |Q| that does not say so", path, "up")
    cansas(path, size.ravel(), image.ravel(), None)
    refused("an image of |Q| in one row", path, "up")
    q2 = np.stack([Q, 1.01 * Q])
    cansas(path, q2, np.stack([I, 2 * I]), None, axes="Time,Q", Q_indices=np.array([0, 1]), Time_indices=0,
           fields=(("Time", np.arange(2.0)),))
    curves("q that moves with time is no image", path, [(Q, I, None), (1.01 * Q, 2 * I, None)])
    cansas(path, Q[None], I[None], S[None], Q_indices=np.array([0, 1]))
    curves("one curve in two dimensions is no image", path, [(Q, I, S)])
    order = np.random.default_rng(5).permutation(N)
    cansas(path, Q[order], I[order], S[order])
    curves("points in any order stay a curve", path, [(Q[order], I[order], S[order])])
    overlap = np.concatenate([Q[:30], Q[20:50], Q[45:]])
    cansas(path, overlap, np.interp(overlap, Q, I), None)
    curves("detector settings that overlap stay a curve", path, [(overlap, np.interp(overlap, Q, I), None)])


    cansas(path, np.tile(Q[:10], 12), np.tile(I[:10], 12), None)
    refused("a table of twelve rows of q in one", path, "q goes up and down")


def strays(folder):
    """As in texts, a point or two far from all others at an end do not say what the unit is."""
    path = os.path.join(folder, "stray.h5")
    for name, where, value in (("at the beam centre", [0], 1e-8), ("in a corner", [-1], 1e3), ("at both ends", [0, -1], 1e-7)):
        q = Q.copy()
        q[where] = value
        cansas(path, q)
        curves("a bin %s" % name, path, [(q, I, S)])
        out = subprocess.run([SAXID, "tag", "-n", "--json", "--fast", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                             text=True, check=False)
        check(out.returncode == 0 and "far from all others in q" in out.stderr + out.stdout, "it is left out: " + name,
              out.stderr + out.stdout)
    for name, q in (("1/m", 1e10 * Q), ("Å", 1 / Q[::-1])):
        cansas(path, q)
        refused("q in %s that says 1/Å" % name, path, "q would run from")


def others(folder):
    path = os.path.join(folder, "hplc.h5")
    with h5py.File(path, "w") as h5:
        entry = group(h5, "entry_0000", "NXentry", default="1_chromatogram/hplc")
        process = group(entry, "1_chromatogram", "NXprocess")
        process["program"] = "pyFAI"
        hplc = group(process, "hplc", "NXdata", signal="sum", axes="frame_ids")
        hplc["sum"], hplc["frame_ids"] = np.arange(50.0) + 1, np.arange(50)
    refused("a chromatogram over frame numbers is no I(q)", path, "axis frame_ids has no units and is not called q")
    with h5py.File(path, "a") as h5:
        results = group(h5["entry_0000/1_chromatogram"], "results", "NXdata", signal="I", axes=[".", "q"])
        results["I"], results["errors"], results["q"] = np.stack([I, 2 * I]), np.stack([S, S]), 10 * Q
        results["q"].attrs["units"] = "nm^-1"
    curves("the curves beside a chromatogram are read", path, [(Q, I, S), (Q, 2 * I, S)])
    for name, axis, words in (("index", np.arange(N, dtype=float), "an index, not q"),
                              ("far", np.linspace(0.5, 319, N), "no scattering curve does")):
        path = os.path.join(folder, name + ".h5")
        with h5py.File(path, "w") as h5:
            data = group(group(h5, "e", "NXentry"), "d", "NXdata", signal="data", axes="q")
            data["data"], data["q"] = I, axis
        refused("q that is %s" % name, path, words)


def user_blocks(folder):
    path = os.path.join(folder, "block.h5")
    for size in (512, 1024, 8192):
        with h5py.File(path, "w", userblock_size=size) as h5:
            data = group(group(h5, "e", "NXentry"), "d", "NXdata", signal="data", axes="q")
            data["data"], data["q"] = I, Q
            data["q"].attrs["units"] = "1/A"
        with open(path, "r+b") as f:
            f.write(b"made by hand")
        curves("a user block of %d bytes" % size, path, [(Q, I, None)])
        writer = subprocess.Popen([sys.executable, "-c", """
import sys, h5py, numpy as np
f = h5py.File(sys.argv[1], "w", libver="latest", userblock_size=int(sys.argv[2]))
g = f.create_group("e"); g.attrs["NX_class"] = "NXentry"
d = g.create_group("d"); d.attrs.update({"NX_class": "NXdata", "signal": "data", "axes": [".", "q"]})
d["q"] = np.linspace(0.01, 0.3, 60); d["q"].attrs["units"] = "1/A"
x = d.create_dataset("data", (1, 60), maxshape=(None, 60), chunks=(1, 60), dtype="f8"); x[0] = 1 / np.linspace(0.01, 0.3, 60)
f.swmr_mode = True
x.flush(); f.flush(); print("ready", flush=True); sys.stdin.read(); f.close()
""", path + "s", str(size)], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        writer.stdout.readline()
        curves("a file that grows behind a user block of %d bytes" % size, path + "s",
               [(np.linspace(0.01, 0.3, 60), 1 / np.linspace(0.01, 0.3, 60), None)])
        writer.stdin.close()
        writer.wait()


def pipes(folder):
    """Nothing waits for a writer of a pipe that a link leads to."""
    os.mkfifo(os.path.join(folder, "fifo"))
    path = os.path.join(folder, "piped.h5")
    with h5py.File(path, "w") as h5:
        data = group(group(h5, "e", "NXentry"), "d", "NXdata", signal="data", axes="q")
        data["data"], data["q"] = h5py.ExternalLink("fifo", "/x"), Q
    refused("an external link to a pipe is not followed", path, "fifo", "--follow")
    layout = h5py.VirtualLayout(shape=(N,), dtype="f8")
    layout[:] = h5py.VirtualSource("fifo", "x", shape=(N,))
    with h5py.File(path, "w") as h5:
        data = group(group(h5, "e", "NXentry"), "d", "NXdata", signal="data", axes="q")
        data.create_virtual_dataset("data", layout)
        data["q"] = Q
    refused("nor a virtual data set over one", path, "no file", "--follow")


def angle_file(path, axis, values, unit="deg", fields=(), **attributes):
    with h5py.File(path, "w") as h5:
        entry = group(h5, "entry", "NXentry")
        data = group(entry, "data", "NXdata", signal="I", axes=[axis], **attributes)
        data["I"], data["errors"], data[axis] = I, S, values
        data[axis].attrs["units"] = unit
        instrument = group(entry, "instrument", "NXinstrument")
        instrument["wavelength"] = 1.5
        instrument["wavelength"].attrs["units"] = "angstrom"
        for name, array, of in fields:
            data[name] = array
            data[name].attrs["units"] = of
    return path


def near(name, path, q, note, n_note=1):
    """As curves, where q is computed."""
    found = read(path)
    notes = [n["text"] for source in found["source"] for n in source["notes"]]
    check(len(found["frame"]) == 1 and np.allclose(values(found["frame"][0]["q"]), q, rtol=1e-9)
          and len(notes) == n_note and note in notes[0], name, (notes, found["error"]))
    return found


def angles(folder):
    path = os.path.join(folder, "angle.h5")
    theta = np.degrees(np.arcsin(Q * 1.5 / (4 * np.pi)))
    for axis in ("theta", "Theta", "θ", "th", "theta_axis", "bragg_angle"):
        near("%s is half of the scattering angle" % axis, angle_file(path, axis, theta), Q,
             "taken as half the scattering angle, and the wavelength 1.5 Å")
    near("theta in mrad", angle_file(path, "theta", 1e3 * np.radians(theta), "mrad"), Q, "taken as half")
    for axis, unit in (("2theta", "deg"), ("two_theta", "deg"), ("tth", "deg"), ("polar_angle", "degrees"), ("theta", "2th_deg")):
        near("%s in %s is all of it" % (axis, unit), angle_file(path, axis, 2 * theta, unit), Q,
             "q computed from the angle %s ('%s') and the wavelength 1.5 Å" % (axis, unit))


def resolutions(folder):
    """dq of an angle is 2 pi / wavelength cos(theta) d(2 theta)."""
    path = os.path.join(folder, "resolution.h5")
    half = np.arcsin(Q * 1.5 / (4 * np.pi))
    dq = 0.02 * Q
    spread = np.degrees(dq * 1.5 / (2 * np.pi * np.cos(half)))  # of 2 theta
    for axis, width, unit, of, n_note in (("radial", spread, "2th_deg", None, 1), ("radial", np.radians(spread), "2th_deg", "rad", 1),
                                          ("radial", dq * 10, "2th_deg", "1/nm", 1), ("radial", spread, "2th_deg", "furlong", 2)):
        angle_file(path, axis, 2 * np.degrees(half), unit)
        with h5py.File(path, "a") as h5:
            data = h5["entry/data"]
            data.move("I", "data")
            data.attrs["signal"] = "data"
            data["dQ"] = width
            if of is not None:
                data["dQ"].attrs["units"] = of
        found = near("a resolution in %s of an angle" % of, path, Q, "q computed", n_note)
        check(bool(found["frame"]) and np.allclose(values(found["frame"][0]["dq"]), dq, rtol=1e-9), "is one of q: %s" % of)
    angle_file(path, "theta", np.degrees(half), "deg", fields=[("w", spread / 2, "deg")])
    found = read(path, "--path", "i=/entry/data/I", "--path", "q=/entry/data/theta", "--path", "dq=/entry/data/w")
    check(len(found["frame"]) == 1 and np.allclose(values(found["frame"][0]["dq"]), dq, rtol=1e-9), "a resolution of theta", found["error"])
    cansas(path, fields=(("Qdev", dq),))
    with h5py.File(path, "a") as h5:
        h5["entry/data/Qdev"].attrs["units"] = "1/angstrom"
    found = read(path, "--path", "i=/entry/data/I", "--path", "q=/entry/data/Q")
    check(len(found["frame"]) == 1 and same(found["frame"][0]["dq"], dq), "the resolution beside q at a given path", found["error"])
    cansas(path, fields=(("Qdev", spread),))
    with h5py.File(path, "a") as h5:
        h5["entry/data/Qdev"].attrs["units"] = "deg"
    found = curves("a resolution in degrees beside q", path, [(Q, I, S)], note="resolution of q is in 'deg', and q is not: left out")
    check(bool(found["frame"]) and found["frame"][0]["dq"] is None, "is none", found["source"])


def plain(path, signal, fields, of_signal=None, of_group=None):
    with h5py.File(path, "w") as h5:
        data = group(group(h5, "entry", "NXentry"), "data", "NXdata", signal=signal,
                     **{"axes": ["Q"], **(of_group or {})})
        data["Q"] = Q
        data["Q"].attrs["units"] = "1/angstrom"
        for name, array in fields.items():
            data[name] = array
        data[signal].attrs.update(of_signal or {})
    return path


def variances(folder):
    path = os.path.join(folder, "variances.h5")
    for name, of_signal, of_group in (("I_variances", None, None), ("I_variance", None, None), ("variances", None, None),
                                      ("v", {"variances": "v"}, None), ("v", None, {"variances": "v"}),
                                      ("v", None, {"I_variances": "v"})):
        plain(path, "I", {"I": I, name: S * S}, of_signal, of_group)
        curves("variances by the name %s, %s, %s" % (name, of_signal, of_group), path, [(Q, I, S)],
               note="sigma is the root of the variances in " + name)
    stack = np.stack([I, 2 * I])
    plain(path, "I", {"I": stack, "I_variances": stack ** 2}, None, {"axes": [".", "Q"]})
    curves("variances of each frame", path, [(Q, I, I), (Q, 2 * I, 2 * I)])
    negative = np.where(np.arange(N) == 3, -1, S * S)
    plain(path, "I", {"I": I, "I_variances": negative})
    curves("a variance below zero is none", path, [(Q, I, np.where(negative < 0, np.nan, S))])
    found = curves("errors go first", plain(path, "I", {"I": I, "I_errors": S, "I_variances": 9 * S * S}), [(Q, I, S)])
    check(not found["source"][0]["notes"], "and nothing is said", found["source"])
    curves("variances that do not fit", plain(path, "I", {"I": I, "I_variances": np.ones(7)}), [(Q, I, None)], note="does not fit")


def logarithms(folder):
    path = os.path.join(folder, "log.h5")
    for name in ("log_I", "logI", "log10_I", "log10(I)", "log(I(q))", "lnI", "ln I", "Log_intensity"):
        plain(path, name, {name: np.log10(I) + 4})
        refused("%s is no I" % name, path, "%s is a logarithm by its name, no I(q)" % name)
    plain(path, "log_I", {"log_I": np.log10(I) + 4})
    refused("nor by its path", path, "log_I is a logarithm by its name", "--path", "i=/entry/data/log_I", "--path", "q=/entry/data/Q")
    for name in ("logged", "log_data", "login", "lni2"):
        curves("%s is one" % name, plain(path, name, {name: I}), [(Q, I, None)])


def marks(folder):
    path = os.path.join(folder, "mask.h5")
    bad = np.zeros(N, bool)
    bad[:5] = bad[20:23] = True
    hole = np.where(bad, np.nan, I)
    for kind in (bool, "u1", "<i4", ">i8", "f4"):
        cansas(path, fields=(("Mask", bad.astype(kind)),), mask="Mask", Mask_indices=0)
        curves("a mask of %s" % kind, path, [(Q, hole, S)], note="8 of 60 points are masked: left out")
    more = I.copy()
    more[[7, 22]] = np.nan  # one of them is masked
    for name, i, wanted in (("once", I, ""), ("beside holes", more, "left out: 1 point without a number; ")):
        cansas(path, i=i, fields=(("Mask", bad),), mask="Mask")
        out = subprocess.run([SAXID, "tag", "-n", "--fast", path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             check=False)
        check(out.stderr.startswith("saxid tag: note: %s8 of 60 points are masked: left out (" % wanted),
              "what is masked is said " + name, out.stderr)
    cansas(path, fields=(("bad_points", bad),), mask="bad_points")
    curves("a mask of any name", path, [(Q, hole, S)])
    cansas(path, fields=(("Mask", bad),))
    curves("a mask that no attribute names", path, [(Q, hole, S)])
    cansas(path, fields=(("Mask", bad[:50]),), mask="Mask")
    curves("a mask that does not fit", path, [(Q, I, S)], note="does not fit")
    cansas(path, fields=(("Mask", [b"no"] * N),), mask="Mask")
    curves("a mask that is text", path, [(Q, I, S)], note="cannot be read")
    stack, none = np.stack([I, 2 * I, 3 * I]), np.zeros(N, bool)
    cansas(path, i=stack, s=None, axes="Time,Q", mask="Mask", Mask_indices=np.array([0, 1]),
           fields=(("Mask", np.stack([bad, none, ~bad])), ("Time", np.arange(3.0))))
    curves("a mask for each point of each frame", path,
           [(Q, hole, None), (Q, 2 * I, None), (Q, np.where(bad, 3 * I, np.nan), None)], note="in the first frame")
    cansas(path, i=stack, s=None, axes="Time,Q", mask="Mask", Mask_indices=1, fields=(("Mask", bad), ("Time", np.arange(3.0))))
    curves("a mask for all frames", path, [(Q, k * hole, None) for k in (1, 2, 3)])
    cansas(path, i=stack, s=None, axes="Time,Q", mask="Mask", Mask_indices=0,
           fields=(("Mask", np.array([False, True, False])), ("Time", np.arange(3.0))))
    curves("a mask of frames", path, [(Q, I, None), (Q, np.full(N, np.nan), None), (Q, 3 * I, None)], note="whole frames")
    shadow = np.ones(N)
    shadow[:4] = 1e-10, 6e-10, 0.015, 0.41
    cansas(path, fields=(("ShadowFactor", shadow),))
    curves("points behind the beam stop", path, [(Q, np.where(shadow < 0.9, np.nan, I), S)], note="4 of 60 points are behind the beam stop")


with tempfile.TemporaryDirectory() as scratch:
    for kind in (mantid, units, columns, images, strays, others, angles, resolutions, variances, logarithms, user_blocks, marks, pipes):
        kind(scratch)
finish()
