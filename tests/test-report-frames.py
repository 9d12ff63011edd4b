"""Does `saxid report` show detector frames, with what header and image say, evidence, and frames like them?"""
import base64
import os
import re
import struct
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py  # noqa: F401
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

from technique_frames import grazing, transmission, write

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
SAXID = os.path.join(BUILD, "saxid")
SHIPS = os.path.exists(os.path.join(SRC, "models", "trained", "technique.h5"))


def run(*arguments):
    return subprocess.run([SAXID, "report", "--network", *map(str, arguments)], capture_output=True, text=True)


def pictures(html):
    """Width and height of each PNG in the page."""
    found = [base64.b64decode(text) for text in re.findall(r'src="data:image/png;base64,([^"]+)"', html)]
    assert all(png[:8] == b"\x89PNG\r\n\x1a\n" for png in found)
    return [struct.unpack(">II", png[16:24]) for png in found]


def page(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def main():
    random = np.random.default_rng(4)
    if not SHIPS:
        skip_all("no model of images ships")
    with tempfile.TemporaryDirectory() as directory:
        film, run_file, out = (os.path.join(directory, name) for name in ("film.h5", "run.h5", "page.html"))
        archive = os.path.join(directory, "archive")
        os.makedirs(archive)
        write(film, grazing(random, (400, 200)), incident_angle=(0.15, "deg"))
        write(run_file, np.stack([transmission(random) for _ in range(20)]))
        for k in range(6):
            write(os.path.join(archive, "solution%d.h5" % k), transmission(random))
            write(os.path.join(archive, "film%d.h5" % k), grazing(random))
        done = run(film, "-o", out)
        html = page(out)
        check(done.returncode == 0 and pictures(html) == [(240, 480)] * 2 and "film.h5: GI" in html and "no curve" in html,
              "a frame in its own shape, and where the network looked", done, pictures(html))
        check("incident_angle = 0.15" in html and "0.15°" in html and "Says grazing" in html, "the header's word beside it")
        done = run(film, "-o", out, "--like", archive)
        html = page(out)
        near = re.findall(r"<figcaption><b>[^<]*</b> ([0-9.]+)<br/>([^<]+)<", html)
        check(done.returncode == 0 and len(near) == 10 and all(name.startswith("film") for _, name in near[:6])
              and [float(d) for d, _ in near] == sorted(float(d) for d, _ in near) and len(pictures(html)) == 12, "the ten that look most like it", near)
        ledger, damaged = os.path.join(directory, "ledger.sqlite"), os.path.join(directory, "damaged.edf")
        subprocess.run([SAXID, "sort", "--quiet", "--ledger", ledger, directory], capture_output=True, check=True)
        done = run(film, "-o", out, "--like", ledger)
        others = re.findall(r"<figcaption><b>[^<]*</b> ([0-9.]+)<br/>([^<]+)<", page(out))
        check(done.returncode == 0 and len(others) == 10 and "film.h5" not in [name for _, name in others] and sorted(name for _, name in others[:6]) == sorted(name for _, name in near[:6]),
              "also those that sort has noted in a ledger, but itself", others)
        with open(damaged, "w") as file:
            file.write("{\nDim_1 = 100 ;\nDim_2 = 100 ;\nDataType = SignedInteger ;\nByteOrder = LowByteFirst ;\n}\n")
        with open(damaged.replace(".edf", ".txt"), "w") as file:
            file.write("1 2\n")
        done = run(run_file, "-o", out)
        check(done.returncode == 0 and page(out).count('class="card one"') == 7 and "7 frames" in page(out), "of a run some that are spread over it")
        done = run(run_file, "-f", 13, "-o", out)
        check(page(out).count('class="card one"') == 1 and "run.h5, frame 13" in page(out), "or the one that is asked for")
        poni, curves = os.path.join(directory, "x.poni"), os.path.join(directory, "curves.nxs")
        with open(poni, "w") as file:
            file.write("PixelSize1: 1e-4\nPixelSize2: 1e-4\nDistance: 1.5\nPoni1: 0.0205\nPoni2: 0.019\nWavelength: 1e-10\n")
        subprocess.run([SAXID, "reduce", "--quiet", "-g", poni, "-o", curves, run_file, film], capture_output=True)
        done = run(curves, "-f", 0, "-o", out)
        html = page(out)
        check(done.returncode == 0 and "film.h5, frame 0: GI" in html and html.count("Told by") >= 2 and pictures(html).count((240, 480)) == 2,
              "frames of a file of curves, and that left out among them", done, pictures(html))
        os.remove(film)
        done = run(curves, "-f", 0, "-o", out)
        check(done.returncode == 0 and "not there any more" in page(out), "also where the frames are gone")
        for words, code, arguments in (("frame 99", 1, (run_file, "-f", 99, "-o", out)), ("EDF image has", 1, (damaged, "-o", out)), ("no ledger", 1, (run_file, "-f", 0, "-o", out, "--like", damaged.replace(".edf", ".txt"))),
                                       ("gone.h5", 1, (os.path.join(directory, "gone.h5"), "-o", out)),
                                       ("on a page alone", 1, (run_file, "-o", os.path.join(directory, "x.svg"))),
                                       ("nowhere", 1, (run_file, "-f", 0, "-o", out, "--like", os.path.join(directory, "nowhere")))):
            done = run(*arguments)
            check(done.returncode == code and words in done.stderr and len(done.stderr.splitlines()) == 1, words, done)
    finish()


main()
