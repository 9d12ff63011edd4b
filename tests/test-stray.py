#!/usr/bin/env python3
"""Does one more point, anywhere, leave the label of a sound curve as it was?

A bin at the beam centre or in a corner of the detector must not choose the window of q, and
with it the class. One point is added to curves of all classes, on both kinds of grid, with the
intensity of its nearest neighbour. A further sigma of 1e6, with the right intensity, is no
more of a reason.
"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
    from seed_curves import cases, intensity
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
GRIDS = {"linear": numpy.linspace(0.0035, 0.147, 300), "logarithmic": numpy.geomspace(0.0035, 0.3, 200)}
# in 1/Å, and as factors of the first and of the last q
FAR = [1e-6, 1e-5, 1e-4, 0.5, 1, 3, 20]
NEAR = [0.0101, 0.05, 0.1]


def write(path):
    """Entries class_grid_what; the base of each is what 'base'."""
    random = numpy.random.default_rng(17)
    with h5py.File(path, "w") as file:
        def entry(name, q, i, sigma):
            data = file.create_group(name + "/data")
            data.parent.attrs["NX_class"] = "NXentry"
            data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
            data["Q"], data["I"], data["I_errors"] = q, i, sigma
            data["Q"].attrs["units"] = "1/angstrom"

        for kind, (model, parameters, size, _) in cases.items():
            for grid, q in GRIDS.items():
                truth = intensity(model, q, dict(parameters, scale=0.02, background=0), size, 0.1, points=40)
                sigma = 0.01 * truth + 1e-5 * truth.max()
                i = truth + 3e-5 * truth.max() + sigma * random.standard_normal(len(q))
                entry(f"{kind}-{grid}-base", q, i, sigma)
                for more in FAR + NEAR:
                    if q[0] < more < q[-1] and more in FAR:
                        continue
                    near = numpy.argmin(abs(q - more))
                    at = numpy.searchsorted(q, more)
                    entry(f"{kind}-{grid}-{more:g}", *(numpy.insert(a, at, b) for a, b in
                                                       ((q, more), (i, i[near]), (sigma, sigma[near]))))
                wild = sigma.copy()
                wild[120] = 1e6
                entry(f"{kind}-{grid}-sigma", q, i, wild)


with tempfile.TemporaryDirectory() as folder:
    name = os.path.join(folder, "curves.h5")
    write(name)
    out = subprocess.run([SAXID, "tag", "-n", "--json", "--quiet", name], capture_output=True, text=True, check=False)
    rows = {row["entry"].strip("/"): row for row in map(json.loads, out.stdout.splitlines())}
    check(out.returncode == 0 and len(rows) > 200, "all curves are judged", out.stderr)
    for kind in cases:
        for grid in GRIDS:
            base = rows[f"{kind}-{grid}-base"]
            others = {key: row for key, row in rows.items() if key.startswith(f"{kind}-{grid}-")}
            wrong = [f"{key}: {row['label']} {row['confidence']:.3f}{' outlier' if row['outlier'] else ''}, not "
                     f"{base['label']} {base['confidence']:.3f}" for key, row in others.items()
                     if (row["label"], row["outlier"]) != (base["label"], base["outlier"])]
            check(not wrong, f"{kind}, {grid} grid: one more point changes nothing", *wrong)
            silent = [key for key, row in others.items() if float(row["frame"]) == 0 and not key.endswith("base")
                      and (key.endswith("sigma") or float(key.split("-", 2)[2]) in FAR) and "left out: 1 point" not in (row["note"] or "")]
            check(not silent, f"{kind}, {grid} grid: and what was left out is said", *silent)
    subprocess.run([SAXID, "tag", "--quiet", name], capture_output=True, check=False)
    with h5py.File(name, "r") as file:
        notes = [file[f"sphere-linear-{what}/saxid/input"].get("note") for what in ("sigma", "base")]
        check(notes[0] is not None and notes[0][()].item() == b"left out: 1 point whose sigma is out of all proportion"
              and notes[1] is None, "the file says what was left out, and nothing else", notes)
finish()
