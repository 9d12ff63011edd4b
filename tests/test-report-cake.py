"""Does report show what files have over azimuth and radius, ours and those of others?"""
import base64
import os
import re
import struct
import subprocess
import tempfile
import xml.etree.ElementTree
import zlib

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
    from pyfai_files import write_image
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
PONI = """Detector: Detector
Detector_config: {"pixel1": 1e-4, "pixel2": 1e-4, "max_shape": [60, 50]}
poni_version: 2
Distance: %r
Poni1: 0.003
Poni2: %r
Rot1: 0
Rot2: 0
Rot3: 0
Wavelength: 1e-10
"""


def run(*words):
    return subprocess.run([SAXID, *words], capture_output=True, text=True)


def pixels(svg, which=0):
    """The picture in a drawing, [row, column, channel]: a PNG of 8 bits a channel."""
    data = base64.b64decode(re.findall(r'href="data:image/png;base64,([^"]+)"', svg)[which])
    at, packed = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        if kind == b"IHDR":
            width, height, depth, colour = struct.unpack(">IIBB", data[at + 8:at + 18])
        if kind == b"IDAT":
            packed += data[at + 8:at + 8 + length]
        at += 12 + length
    channels = {2: 3, 6: 4}[colour]
    rows = np.frombuffer(zlib.decompress(packed), np.uint8).reshape(height, 1 + width * channels)
    image = np.zeros((height, width * channels), np.uint8)
    for k in range(height):
        line, above = rows[k, 1:].astype(int), image[k - 1].astype(int) if k else np.zeros(width * channels, int)
        for i in range(width * channels):
            left, corner = (image[k, i - channels], above[i - channels]) if i >= channels else (0, 0)
            left, corner = int(left), int(corner)
            paeth = min(((abs(above[i] - corner), 0, left), (abs(left - corner), 1, above[i]),
                         (abs(left + above[i] - 2 * corner), 2, corner)))[2]
            image[k, i] = (line[i] + (0, left, above[i], (left + above[i]) // 2, paeth)[rows[k, 0]]) % 256
    return image.reshape(height, width, channels)


def write_foreign(path, cakes, norm=None, edges=True, unit="degree"):
    """An NXazint2d as another program writes it: the entry itself."""
    n_azimuth, n_radial = cakes.shape[-2:]
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"], entry["definition"] = "NXentry", "NXazint2d"
        data = entry.create_group("data")
        data.attrs.update({"NX_class": "NXdata", "signal": "I"})
        data["I"] = cakes
        azimuth = np.linspace(-90, 90, n_azimuth + 1) * (np.pi / 180 if unit == "rad" else 1)
        data["azimuthal_axis"], data["radial_axis"] = (azimuth[1:] + azimuth[:-1]) / 2, np.arange(n_radial) + 0.5
        data["azimuthal_axis"].attrs["units"], data["radial_axis"].attrs["units"] = unit, "1/nm"
        if edges:
            data["azimuthal_axis_edges"], data["radial_axis_edges"] = azimuth, np.arange(n_radial + 1.0)
        if norm is not None:
            data["norm"] = norm


def ours():
    rows, columns = np.mgrid[0:60, 0:50]
    with open("small.poni", "w") as small, open("wide.poni", "w") as wide:
        small.write(PONI % (1.0, 0.0025))
        wide.write(PONI % (0.004, -0.0045))
    write_image("frame.h5", np.random.default_rng(3).poisson(2000 / (4 + np.hypot(rows - 29.5, columns - 24.5)), (60, 50)).astype(np.uint32))
    for geometry in ("small", "wide"):
        for kind, words, image in (("cake", ("--cake", "24", "-s", "bbox"), True), ("few", ("--cake", "4"), False),
                                   ("sectors", ("--sectors", "3"), False)):
            name = "%s-%s.nxs" % (geometry, kind)
            done = run("reduce", "frame.h5", "-g", geometry + ".poni", "-n", "30", "-q", *words, "-o", name)
            shown = run("report", "--cake", name, "-o", "x.svg")
            text = open("x.svg").read() if done.returncode == shown.returncode == 0 else ""
            check(("<image" in text) == image and "q (1/Å)" in text and name in text and (image or "χ " in text)
                  and xml.etree.ElementTree.fromstring(text) is not None, "%s: drawn" % name, done, shown)
            page = run("report", "--network", name, "-o", "x.html")
            html = open("x.html").read()
            note = "no curve of small angles" in page.stderr
            check(page.returncode == 0 and note == (geometry == "wide") and ("<image" in html) == image
                  and ("img-src data:" in html) and 'src="http' not in html, "%s: on the page" % name, page)
    run("report", "--cake", "small-cake.nxs", "-o", "x.png")
    check(open("x.png", "rb").read(8) == b"\x89PNG\r\n\x1a\n", "and as a PNG")
    done = run("report", "--cake", "frame.h5", "-o", "y.png")
    check(done.returncode == 1 and done.stderr.count("\n") == 1 and "no cake" in done.stderr and "--cake N" in done.stderr
          and not os.path.exists("y.png"), "a file without any is one line", done)


def others():
    cakes = np.ones((2, 8, 40))
    cakes[0, :, 10], cakes[1, :, 10] = 100, 10000
    cakes[:, 7, :] = np.nan
    norm = np.ones_like(cakes)
    for edges in (True, False):
        for unit in ("degree", "rad"):
            write_foreign("foreign.h5", cakes, norm, edges, unit)
            done = run("report", "--cake", "foreign.h5", "-o", "x.svg")
            text = open("x.svg").read()
            image = pixels(text)
            check(done.returncode == 0 and image.shape == (7, 40, image.shape[2]) and "radius (1/nm)" in text
                  and (image[:, 10, 0] > 200).all() and (np.delete(image, 10, 1)[..., :3] == (68, 1, 84)).all(),
                  "of another program (%s, %s)" % ("edges" if edges else "centres", unit), done, image.shape)
    # of several frames a bin weighs as much as its pixels: one that had none says nothing
    cakes[1, :, 20], norm[1, :, 20] = 1e9, 0
    write_foreign("foreign.h5", cakes, norm)
    run("report", "--cake", "foreign.h5", "-o", "x.svg")
    check((pixels(open("x.svg").read())[:, 20, :3] == (68, 1, 84)).all(), "frames are weighed by their pixels")
    for frame, right in ((1, True), (2, False)):
        done = run("report", "--cake", "-f", str(frame), "foreign.h5", "-o", "f.svg")
        check((done.returncode == 0) == right and (right or "frame 2" in done.stderr), "frame %d" % frame, done)
    for name, change in (("no axis", lambda data: data.__delitem__("radial_axis")),
                         ("an axis that turns back", lambda data: data["radial_axis_edges"].__setitem__(3, -1.0)),
                         ("curves", lambda data: (data.__delitem__("I"), data.create_dataset("I", data=np.ones(40))))):
        write_foreign("broken.h5", cakes, norm, edges=name != "no axis")
        with h5py.File("broken.h5", "r+") as file:
            change(file["entry/data"])
        done = run("report", "--cake", "broken.h5", "-o", "b.svg")
        check(done.returncode == 1 and done.stderr.count("\n") == 1 and "broken.h5" in done.stderr and not os.path.exists("b.svg"),
              "refused: " + name, done)


def main():
    with tempfile.TemporaryDirectory() as directory:
        os.chdir(directory)
        ours()
        others()
        os.chdir("/")
    finish()


main()
