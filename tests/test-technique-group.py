"""What does a file of curves say of the technique of its frames, and do tags leave it alone?"""
import importlib.util
import os
import subprocess
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

from technique_frames import grazing, transmission, write

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
SAXID, NXDL = os.path.join(BUILD, "saxid"), os.path.join(SRC, "schemas", "NXsaxid.nxdl.xml")
SHIPS = os.path.exists(os.path.join(SRC, "models", "trained", "technique.h5"))
GROUP = "entry/saxid/technique"

spec = importlib.util.spec_from_file_location("nxdl", os.path.join(SRC, "tests", "validate-nxdl.py"))
nxdl = importlib.util.module_from_spec(spec)
spec.loader.exec_module(nxdl)


def run(*arguments):
    return subprocess.run([SAXID, *map(str, arguments)], capture_output=True, text=True)


def texts(dataset):
    return [value.decode() for value in dataset[()]]


def members(path):
    """All values of the group, by name."""
    found = {}
    with h5py.File(path) as file:
        file[GROUP].visititems(lambda name, item: found.update({name: str(item[()].tolist())}) if isinstance(item, h5py.Dataset) else None)
    return found


def mixed_run(directory, poni, random):
    """Six frames of a solution with one of a film among them, and a file of one that says an angle."""
    first, second, out = (os.path.join(directory, name) for name in ("mixed.h5", "angle.h5", "curves.nxs"))
    frames = [transmission(random) for _ in range(6)]
    frames[2] = grazing(random)
    write(first, np.stack(frames))
    write(second, grazing(random), incident_angle=(0.15, "deg"))
    done = run("reduce", "-g", poni, "-o", out, first, second)
    with h5py.File(out) as file:
        group, rows = file[GROUP], file["entry/azint1d/data/I"].shape[0]
        n = len(group["frame"])
        check(done.returncode == 1 and rows == 5 and texts(group["file_name"]) == [first] * 6 + [second]
              and list(group["frame"]) == [0, 1, 2, 3, 4, 5, 0], "each frame that was asked has its file and number", done, n)
        check(list(group["row"]) == [0, 1, -1, 2, 3, 4, -1] and list(group["refused"]) == [0, 0, 1, 0, 0, 0, 1],
              "its row of the curves, or none", group["row"][()])
        p = group["probability"]
        check(p.shape == (n, 4) and np.allclose(np.sum(p, axis=1), 1) and np.allclose(np.sum(p[:, 2:], axis=1), group["grazing"])
              and all(k == -1 or k == np.argmax(row) for k, row in zip(group["index"], p)), "probabilities add up, and index is of the greatest")
        check(all((g > 0.5) == (k in (2, 6)) for k, g in enumerate(group["grazing"])), "those that graze are told apart", group["grazing"][()])
        check(np.isnan(group["incident_angle"][:6]).all() and abs(group["incident_angle"][6] - 0.15) < 1e-9
              and group["incident_angle"].attrs["units"] == "degree" and "incident_angle" in texts(group["source"])[6]
              and texts(group["agreement"])[6] == "agree" and texts(group["agreement"])[0] == "image", "the header's angle and where it stood")
        header = group["header"]
        stated = [k for k, place in enumerate(texts(header["place"])) if "incident_angle" in place]
        check(len(stated) == 1 and texts(header["half"])[stated[0]] == "grazing" and header["says"][stated[0]] == 1
              and abs(header["wrong"][stated[0]] - 0.02) < 1e-9 and texts(header["file_name"])[stated[0]] == second, "the claims of the headers")
        check(group["vector"].dtype == np.float16 and group["vector"].shape[0] == n and np.isfinite(group["vector"][()]).all()
              and group["evidence"].dtype == np.uint8 and group["evidence"].shape == (n, 16, 16), "vectors and evidence of every frame")
        with h5py.File(os.path.join(SRC, "models", "trained", "technique.h5")) as model:
            sha256 = model.attrs["sha256"]
            check(texts(group["model_checksum"])[0] == (sha256 if isinstance(sha256, str) else sha256.decode()), "the checksum is that of the network")
        # what is bright in the film lies in its upper nine tenths, and nothing below its horizon
        seen = group["evidence"][2].astype(float)
        check(seen.max() == 255 and group["evidence"][0].max() == 255 and not np.array_equal(seen, group["evidence"][0]), "each has evidence of its own")
    return out


def tags_leave_it(out):
    before = members(out)
    for _ in range(2):
        done = run("tag", "--network", "--quiet", out)
        with h5py.File(out) as file:
            ours = file["entry/saxid"]
            errors = nxdl.validate(NXDL, ours)
            check(done.returncode == 0 and ours.attrs["NX_class"] in (b"NXprocess", "NXprocess") and "result" in ours and members(out) == before,
                  "tags come beside it", done)
            check(not errors, "the file keeps to the definition", errors)
    sizes = []
    for _ in range(12):
        run("tag", "--network", "--quiet", out)
        sizes.append(os.path.getsize(out))
    check(sizes[-1] == sizes[-4], "and the file stops growing", sizes)
    done = run("untag", out)
    with h5py.File(out) as file:
        ours = file["entry/saxid"]
        check(done.returncode == 0 and list(ours) == ["technique"] and ours.attrs["NX_class"] in (b"NXcollection", "NXcollection")
              and members(out) == before, "and go without it", done)
    done = run("show", out)
    check(done.returncode != 0 and "no tags" in done.stderr, "it is no tag itself", done)
    with h5py.File(out, "r+") as file:
        file["entry/saxid/mine"] = 1
    done = run("tag", "--network", "--quiet", out)
    check(done.returncode != 0 and len(done.stderr.splitlines()) == 1 and "left alone" in done.stderr, "what others put beside it is not overwritten", done)


def without(directory, poni, random):
    path, out = os.path.join(directory, "plain.h5"), os.path.join(directory, "out.nxs")
    write(path, np.stack([transmission(random) for _ in range(30)]))
    run("reduce", "-g", poni, "-o", out, path)
    with h5py.File(out) as file:
        asked = file[GROUP + "/frame"][()]
        check(list(asked) == [0, 29] and list(file[GROUP + "/row"]) == [0, 29], "of a run of which both ends are sure no more are asked", asked)
    for told in ("off", "saxs"):
        run("reduce", "-g", poni, "-o", out, "--technique", told, path)
        with h5py.File(out) as file:
            check("saxid" not in file["entry"], "nothing of it where nobody asks: --technique %s" % told)


def plots(out):
    try:
        import silx.io
        from silx.io import nxdata
    except ImportError as missing:
        skip("silx", missing)
        return
    with silx.io.open(out) as file:
        data = nxdata.NXdata(file[GROUP])
        check(data.is_valid and data.signal_dataset_name == "probability" and data.axes_dataset_names == [None, "technique_number"],
              "silx plots the probabilities", data.issues)


def main():
    random = np.random.default_rng(8)
    if not SHIPS:
        skip_all("no model of images ships")
    with tempfile.TemporaryDirectory() as directory:
        poni = os.path.join(directory, "x.poni")
        with open(poni, "w") as file:
            file.write("PixelSize1: 1e-4\nPixelSize2: 1e-4\nDistance: 1.5\nPoni1: 0.0205\nPoni2: 0.019\nWavelength: 1e-10\n")
        out = mixed_run(directory, poni, random)
        plots(out)
        tags_leave_it(out)
        without(directory, poni, random)
    finish()


main()
