#!/usr/bin/env python3
"""How many curves a second: saxid's simulator, and sasmodels' form factors beside it.

    make bench-simulate [CURVES=450] [REPEATS=10] [THREADS=2]

The paper's population, nine shapes in turn. `smeared`: polydisperse form factors on
the 890-point grid of the Xeuss and what the resolution needs around it, smeared,
without noise. `library`: the fine grid that libraries have. `fixed`, `block`,
`random`: that library measured anew by the Xeuss, and by random instruments with
nuisances (64 curves for each; one for each). sasmodels: direct calls of its compiled
kernels with 35 polydispersity points on 890 q, one particle of each shape, one
thread; its rate is multiplied by the number of threads, as if it were perfectly
parallel. Rates are of wall time, and of processor time times threads: what the same
processors would do if nothing else ran on them. Ratios are of processor time; the
peer is timed between two runs of saxid's.
"""
import os

os.environ["OMP_NUM_THREADS"] = "1"

import importlib.util
import subprocess
import time

import numpy as np

SOURCE, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
spec = importlib.util.spec_from_file_location("shapes", os.path.join(SOURCE, "bench", "bench-shapes.py"))
shapes = importlib.util.module_from_spec(spec)
spec.loader.exec_module(shapes)


def run(curves, repeats, threads):
    program = os.path.join(BUILD, "bench", "simulate-times")
    population = os.path.join(SOURCE, "models", "populations", "paper.population")
    out = subprocess.run([program, population, str(curves), str(repeats), str(threads)], capture_output=True,
                         text=True, check=True).stdout
    return {name: (float(wall), float(processor), int(count))
            for name, wall, processor, count in map(str.split, out.splitlines())}


def peer_seconds(draws):
    """Mean seconds of sasmodels for one curve, the nine shapes in turn."""
    times = []
    for name, (model, _) in shapes.TABLE.items():
        random = np.random.default_rng(1)
        kernel = shapes.load_model(model, platform="dll", dtype="double").make_kernel([shapes.Q])
        for _ in range(draws):
            parameters, width = shapes.draw(name, random)
            main = shapes.reference.CLASSES[name](parameters)[0]
            values = dict(parameters, scale=1, background=0)
            values.update({main + "_pd": width, main + "_pd_n": 35, main + "_pd_type": "schulz"})
            start = time.process_time()
            shapes.call_kernel(kernel, values)
            times.append(time.process_time() - start)
    return np.mean(times)


def main():
    curves, repeats, threads = (int(os.environ.get(name) or default) for name, default in
                                (("CURVES", 450), ("REPEATS", 10), ("THREADS", 2)))
    first = run(curves, 1, threads)
    peer = threads / peer_seconds(3)
    times = run(curves, repeats, threads)
    times["smeared"] = min(first["smeared"], times["smeared"])
    print("%d curves of nine shapes, %d threads; curves a second, and seconds for 100,000" % (curves, threads))
    print("%-10s %10s %10s %12s %12s" % ("", "wall", "processor", "wall", "processor"))
    free = {}
    for name, (wall, processor, count) in times.items():
        free[name] = count * threads / processor
        print("%-10s %10.0f %10.0f %12.1f %12.1f" % (name, count / wall, free[name], 1e5 * wall / count,
                                                     1e5 / free[name]))
    print("%-10s %10s %10.1f   (form factors alone)" % ("sasmodels", "", peer))
    print("rate smeared %.0f" % free["smeared"])
    print("seconds random_100000 %.1f" % (1e5 / free["random"]))
    print("ratio smeared %.1f" % (free["smeared"] / peer))
    print("ratio remeasured %.1f" % (free["random"] / peer))
    print("ratio geomean %.1f" % np.sqrt(free["smeared"] * free["random"] / peer**2))


if __name__ == "__main__":
    main()
