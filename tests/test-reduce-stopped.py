"""Does a reduction that was stopped come to what one comes to that was not: curves, frames that are left out, exit status?

Whatever frame it was stopped at: the journal of a whole reduction is cut behind any of its rows. And by a signal.
"""
import os
import re
import signal
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

from technique_frames import grazing, transmission, write

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SHIPS = os.path.exists(os.path.join(os.environ["SAXID_SRCDIR"], "models", "trained", "technique.h5"))
BINS, N, N_SHORT = 30, 420, 12
HEAD, ROW = 15 + 64, 48 + 5 * 8 * BINS + 16  # bytes of the journal
FILMS = (60, 61, 62, 200, 300)
SHORT_FILMS = (4, 11)  # one at the end, one in the middle: all of its frames are asked
CHANGES = range(140, 160)  # two samples by turns: more frames than are asked
RUN = ("long.h5",)
MIXED = ("short.h5", "film.h5", "long.h5")  # one of them is left out whole
FRAMES = {"long.h5": (N, FILMS), "short.h5": (N_SHORT, SHORT_FILMS), "film.h5": (0, ())}


def rows_of(paths):
    """File and frame of each curve."""
    return [(path, k) for path in paths for k in range(FRAMES[path][0]) if k not in FRAMES[path][1]]


def films_of(paths):
    return [(path, k) for path in paths for k in FRAMES[path][1]]


def command(out, *rest):
    return [SAXID, "reduce", "-g", "x.poni", "-n", str(BINS), "-o", out, *rest]


def run(directory, out, *rest):
    return subprocess.run(command(out, *rest), cwd=directory, capture_output=True, text=True)


def make(directory):
    random = np.random.default_rng(11)
    film, solution = grazing(random).astype(np.uint16), [transmission(random).astype(np.uint16) for _ in range(4)]
    other = (transmission(random) + random.poisson(200, (400, 380))).astype(np.uint16)
    frames = [film if k in FILMS else other if k in CHANGES and k % 2 == 0 else solution[k % 4] for k in range(N)]
    write(os.path.join(directory, "long.h5"), np.stack(frames))
    write(os.path.join(directory, "film.h5"), film)
    write(os.path.join(directory, "short.h5"), np.stack([film if k in SHORT_FILMS else solution[k % 4] for k in range(N_SHORT)]))
    with open(os.path.join(directory, "x.poni"), "w") as file:
        file.write("PixelSize1: 1e-4\nPixelSize2: 1e-4\nDistance: 1.5\nPoni1: 0.0205\nPoni2: 0.019\nWavelength: 1e-10\n")


def members(path):
    """All values of a file, by name, but the times at which it was made."""
    found = {}
    with h5py.File(path) as file:
        file.visititems(lambda name, item: found.update({name: np.asarray(item[()]).tobytes() if item.dtype.kind in "fiu" else str(item[()])})
                        if isinstance(item, h5py.Dataset) and name.split("/")[-1] != "date" else None)
    return found


def numbers(text):
    """Of "3, 7 to 9"."""
    found = []
    for word in text.split(", "):
        first, *last = map(int, word.split(" to "))
        found.extend(range(first, last[0] + 1) if last else [first])
    return found


def left_out(done):
    """Frames that a run names, each in its line."""
    return [(name, int(one)) for one, name in re.findall(r": frame (\d+) is of grazing .*\((\w+\.h5)\)$", done.stderr, re.M)]


def left_out_before(done):
    """Those that it names in a line for each file, of what was left out before the stop; None: of another number than a line says."""
    found = {}
    for n, text, name in re.findall(r": (\d+) frames? (?:is|are) of grazing .* left out before the stop \(frames? ([^)]*)\).*\((\w+\.h5)\)$",
                                    done.stderr, re.M):
        if name in found or len(numbers(text)) != int(n):
            return None
        found[name] = numbers(text)
    return [(name, k) for name, frames in found.items() for k in frames]


def whole(directory, paths):
    """The run that was not stopped, which those that were are held to, and what it has written."""
    done = run(directory, "whole.nxs", *paths)
    with h5py.File(os.path.join(directory, "whole.nxs")) as file:
        asked = file["entry/saxid/technique"]
        is_long = asked["file_name"][()] == b"long.h5"
        frame, refused = asked["frame"][()][is_long], asked["refused"][()][is_long] != 0
        n = file["entry/azint1d/data/I"].shape[0]
    check(done.returncode == 1 and left_out(done) == films_of(paths) and n == len(rows_of(paths))
          and "%d frames of grazing incidence left out" % len(films_of(paths)) in done.stdout, "films are left out of a run, named and counted", done)
    check(frame[refused].tolist() == list(FILMS) and 3 < len(set(frame) & set(CHANGES)) < len(CHANGES) - 3,
          "and of frames that change some were asked, more were not", frame)
    return done, members(os.path.join(directory, "whole.nxs"))


def journal_of(directory, paths):
    done = run(directory, "out.nxs", "--resume", "--also", "x.poni=/nonexistent.tif", *paths)
    with open(os.path.join(directory, "out.nxs.resume"), "rb") as file:
        journal = file.read()
    check(done.returncode != 0 and len(journal) == HEAD + ROW * len(rows_of(paths)), "what fails at its end keeps its frames",
          len(journal), done)
    return journal


def cut(directory, paths, cases):
    expected, values = whole(directory, paths)
    journal, kept = journal_of(directory, paths), os.path.join(directory, "out.nxs.resume")
    for name, n, torn in cases:
        with open(kept, "wb") as file:
            file.write(journal[:HEAD + ROW * n + torn])
        done = run(directory, "out.nxs", "--resume", *paths)
        rows = rows_of(paths)[:n]  # a film behind the last row of its file is asked again
        before = [(path, film) for path, film in films_of(paths) if any(of == path and k > film for of, k in rows)]
        check(left_out_before(done) == before and left_out(done) == [film for film in films_of(paths) if film not in before]
              and "%d frames are done already" % n in done.stderr,
              "%s: one line has the films before the stop, and each behind it its own" % name, done)
        check(done.returncode == expected.returncode and done.stdout.replace("out.nxs", "whole.nxs") == expected.stdout
              and not os.path.exists(kept), "%s: exit status and summary are those of a run that was not stopped" % name, done)
        mine = members(os.path.join(directory, "out.nxs"))
        check(mine == values, "%s: so are curves and the group of the technique" % name,
              [key for key in sorted(mine.keys() | values.keys()) if mine.get(key) != values.get(key)])
        told = [line for line in expected.stderr.splitlines() if "unlike those before them" in line]
        check(len(told) == 1 and told[0] in done.stderr, "%s: and how many were not asked" % name, told, done)
    return expected, values, journal


def told(directory, journal):
    """What was left out as of another technique is in a run that is told what it is."""
    with open(os.path.join(directory, "told.nxs.resume"), "wb") as file:
        file.write(journal)
    done = run(directory, "told.nxs", "--resume", "--technique", "saxs", *RUN)
    with h5py.File(os.path.join(directory, "told.nxs")) as file:
        n = file["entry/azint1d/data/I"].shape[0]
    check(done.returncode == 0 and "begins anew" in done.stderr and n == N, "with another technique it begins anew", n, done)


def signalled(directory, expected, values):
    kept, out = (os.path.join(directory, name) for name in ("by-signal.nxs.resume", "by-signal.nxs"))
    for _ in range(20):
        process = subprocess.Popen(command("by-signal.nxs", "-j", "1", "-q", "--resume", *RUN), cwd=directory, stderr=subprocess.PIPE,
                                   text=True)
        while process.poll() is None and not (os.path.exists(kept) and os.path.getsize(kept) > HEAD + ROW * 210):
            pass
        process.send_signal(signal.SIGTERM)
        said = process.communicate()[1]
        if "stopped after" in said:
            break
        os.unlink(out)  # it was too fast
    check(process.returncode == 1 and "frame 200 is of grazing" in said and "stopped after" in said and not os.path.exists(out),
          "a signal stops it behind a film", said)
    done = run(directory, "by-signal.nxs", "-q", "--resume", *RUN)
    before = left_out_before(done)
    check(done.returncode == expected.returncode and done.stdout == "" and before is not None
          and ("long.h5", 200) in before and before + left_out(done) == films_of(RUN), "one that is quiet names them, too", done)
    mine = members(out)
    check(mine == values, "and curves and the group of the technique are the same", [key for key in values if mine.get(key) != values[key]])


def main():
    if not SHIPS:
        skip_all("no model of images ships")
    with tempfile.TemporaryDirectory() as directory:
        make(directory)
        cut(directory, MIXED, (("in a file all of which was asked", 6, 0), ("in the file behind one that is left out", N_SHORT + 210, 0)))
        expected, values, journal = cut(directory, RUN, (
            ("before the first film", 30, 0), ("at a film", 60, 0), ("behind it, in a torn row", 61, ROW // 2),
            ("among frames that change", 147, 0), ("behind all films", 330, 0)))
        told(directory, journal)
        signalled(directory, expected, values)
    finish()


main()
