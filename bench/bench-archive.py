#!/usr/bin/env python3
"""saxid reprocess over an archive, and a loop of h5py and PyTorch over the same one.

    make bench-archive [FILES=2000] [FRAMES=200] [JOBS=2] [REPEATS=2]

`files` is FILES files of one curve of 150 points each, up to 1000 in a directory; `curves`
is a fiftieth as many files of FRAMES curves. Wanted are 300 files or 3,000 curves a second
on two processors, whichever binds first. Both start from fresh copies in the build
directory, in turn, and the better of REPEATS runs counts.

The peer is what one would write in an afternoon: JOBS processes with one thread each, h5py,
the portrait in numpy, the same network with the same weights in PyTorch (all curves of a
file in one batch; so ours asks the network alone, too), and a group with classes and probabilities written into the file itself.
It is spared what reprocess does besides: finding out where the curves are, outlier scores
and prediction sets, the checked copy that is synced and renamed over the original, the
ledger. A kill may cost it a file. Its time counts from the first file on, without what
importing PyTorch takes; ours has everything in it. Both must name the same classes.

The memory is that of the largest process, and has to be the same for few and many files.
Processor time is what the processes used themselves: on a machine with other work it says
more than the clock.
"""
import glob
import importlib.util
import json
import math
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

BUILD = os.environ["SAXID_BUILDDIR"]
FILES, FRAMES, JOBS, REPEATS = (int(os.environ.get(name) or default) for name, default in
                                (("FILES", 2000), ("FRAMES", 200), ("JOBS", 2), ("REPEATS", 2)))
IN_DIRECTORY, POINTS = 1000, 150
Q = numpy.geomspace(0.004, 0.3, POINTS)


def sphere(radius, chance):
    x = Q * radius
    truth = (3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-4
    error = 0.02 * truth + 1e-5
    return truth + error * chance.standard_normal(POINTS), error


def make(path, seed, n_frame):
    chance = numpy.random.default_rng(seed)
    curves = [sphere(chance.uniform(20, 120), chance) for _ in range(n_frame)]
    intensity, error = (numpy.array(part) if n_frame > 1 else part[0] for part in zip(*curves))
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"] if n_frame > 1 else "Q")
        data["Q"], data["I"], data["I_errors"] = Q, intensity, error
        data["Q"].attrs["units"] = "1/angstrom"


def archive(directory, n_file, n_frame):
    for k in range(n_file):
        inside = os.path.join(directory, f"run{k // IN_DIRECTORY:04}")
        if k % IN_DIRECTORY == 0:
            os.makedirs(inside)
        make(os.path.join(inside, f"{k:06}.nxs"), k, n_frame)


def names(directory):
    return sorted(glob.glob(os.path.join(directory, "*", "*.nxs")))


def fresh(pattern, to):
    subprocess.run(["cp", "-r", "--reflink=auto", pattern, to], check=True)
    os.sync()


def even_prior():
    """The peer has no prior."""
    path = os.path.join(BUILD, "bench", "even.prior")
    with open(path, "w", encoding="utf-8") as file:
        file.write("[prior]\nsphere = 1\n")
    return path


def ours(directory):
    """Seconds, seconds of processor time, bytes of the largest process."""
    ledger = directory + ".sqlite"
    start = time.perf_counter()
    process = subprocess.Popen([os.path.join(BUILD, "saxid"), "reprocess", "--quiet", "--network", "--prior", even_prior(), "--ledger", ledger, "--jobs", str(JOBS),
                                directory], stdout=subprocess.PIPE, text=True)
    said = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    took = time.perf_counter() - start
    if status != 0 or f"{len(names(directory))} files tagged" not in said:
        sys.exit(f"bench-archive: {said}")
    for name in glob.glob(ledger + "*"):
        os.unlink(name)
    return took, usage.ru_utime + usage.ru_stime, 1024 * usage.ru_maxrss


def peer_tools():
    """The network and the portrait of bench-model."""
    spec = importlib.util.spec_from_file_location(
        "bench_model", os.path.join(os.environ["SAXID_SRCDIR"], "bench", "bench-model.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def peer_part(paths, classes, begin, report):
    import torch

    tools = peer_tools()
    torch.set_num_threads(1)
    network, temperature = tools.network(torch, tools.model_path())
    begin.wait()
    before = os.times()
    with torch.no_grad():
        for path in paths:
            with h5py.File(path, "r+") as file:
                data = file["entry/data"]
                q, intensity, error = data["Q"][...], data["I"][...], data["I_errors"][...]
                rows = numpy.stack([tools.portrait(q, *row) for row in zip(numpy.atleast_2d(intensity), numpy.atleast_2d(error))])
                margin = network(torch.from_numpy(rows))[:, :-1] / temperature
                probability = torch.softmax(margin, 1).numpy()
                group = file.create_group("entry/peer")
                group.attrs["NX_class"] = "NXprocess"
                group["program"], group["version"], group["date"] = "peer", "1", time.strftime("%FT%T")
                result = group.create_group("result")
                result.attrs.update(NX_class="NXdata", signal="probability", axes=[".", "class"])
                result["class"] = numpy.array(classes, "S")
                result["probability"] = probability
                result["class_index"] = probability.argmax(1).astype("i1")
                result["confidence"] = probability.max(1)
    after = os.times()
    report.put((after.user + after.system - before.user - before.system,
                1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss))


def peer(directory, classes):
    spawn = multiprocessing.get_context("spawn")
    paths, begin, report = names(directory), spawn.Barrier(JOBS + 1), spawn.Queue()
    parts = [spawn.Process(target=peer_part, args=(paths[k::JOBS], classes, begin, report)) for k in range(JOBS)]
    for part in parts:
        part.start()
    begin.wait()
    start = time.perf_counter()
    reports = [report.get() for _ in parts]
    took = time.perf_counter() - start
    for part in parts:
        part.join()
    return took, sum(used for used, _ in reports), max(memory for _, memory in reports)


def classes_of_model(directory):
    out = subprocess.run([os.path.join(BUILD, "saxid"), "tag", "--json", "--dry-run", "--quiet", names(directory)[0]],
                         capture_output=True, text=True, check=True).stdout
    return list(json.loads(out.splitlines()[0])["probability"])


def both_say(mine, theirs):
    """The share of curves of which both say the same."""
    same = total = 0
    for one, other in zip(names(mine)[:200], names(theirs)[:200]):
        with h5py.File(one) as a, h5py.File(other) as b:
            index = a["entry/saxid/result/class_index"][...]
            same += int((index == b["entry/peer/result/class_index"][...]).sum())
            total += len(index)
    return same / total


def compare(where, name, n_file, n_frame):
    pattern, mine, theirs = (os.path.join(where, f"{name}-{what}") for what in ("pattern", "ours", "peer"))
    archive(pattern, n_file, n_frame)
    classes = classes_of_model(pattern)
    runs = []
    for _ in range(REPEATS):
        fresh(pattern, mine)
        fresh(pattern, theirs)
        runs.append((ours(mine), peer(theirs, classes)))
        agreed = both_say(mine, theirs)
        shutil.rmtree(mine)
        shutil.rmtree(theirs)
    if agreed < 0.99:
        sys.exit(f"bench-archive: the peer is another model, it agrees in {100 * agreed:.1f} %")
    best = [min(run[who] for run in runs) for who in (0, 1)]
    n = n_file * n_frame
    for who, (took, used, memory) in zip(("saxid", "PyTorch"), best):
        print(f"{name:7} {who:8} {n_file / took:7.0f} files, {n / took:7.0f} curves a second; processor time {1e3 * used / n_file:7.2f}"
              f" ms a file, {JOBS * n_file / used:6.0f} files and {JOBS * n / used:6.0f} curves a second on {JOBS} free processors;"
              f" largest process {memory / 1e6:6.1f} MB", flush=True)
    return best[1][0] / best[0][0], best[0][2], pattern


def main():
    where = tempfile.mkdtemp(prefix="bench-archive-", dir=BUILD)
    try:
        import torch  # noqa: F401  early, so that nothing is made in vain
        ratios = {}
        ratios["files"], much, pattern = compare(where, "files", FILES, 1)
        few = os.path.join(where, "few")
        fresh(os.path.join(pattern, "run0000"), os.path.join(where, "one"))
        os.makedirs(os.path.join(few, "run"))
        for path in sorted(glob.glob(os.path.join(where, "one", "*.nxs")))[:max(FILES // 20, 1)]:
            shutil.move(path, os.path.join(few, "run"))
        n_few = len(names(few))
        little = ours(few)[2]
        print(f"memory  {n_few} files {little / 1e6:.1f} MB, {FILES} files {much / 1e6:.1f} MB")
        ratios["curves"], _, _ = compare(where, "curves", max(FILES // 50, 2 * JOBS), FRAMES)
    except ImportError:
        raise SystemExit("bench-archive: PyTorch is not installed (python3-torch)")
    finally:
        shutil.rmtree(where)
    for name, ratio in ratios.items():
        print(f"ratio {name} {ratio:.3g}")
    print(f"ratio geomean {math.sqrt(ratios['files'] * ratios['curves']):.3g}")


if __name__ == "__main__":
    main()
