#!/usr/bin/env python3
"""The published network, by saxid and by PyTorch, on the same processors.

    make bench-cnn [BATCH=256] [STEPS=12] [CURVES=300] [THREADS=2]

One step is forward, cross-entropy, backward and Adam on BATCH curves of 890 points;
`step` as saxid trains, with activations in bfloat16 where the processor has it, and
`step_float32` without. `single` is one curve on one thread, `single_threads` on all that
both have. PyTorch is Debian's, in
float32, with as many threads as saxid has. It is timed between two runs of saxid's, of
which the better counts, and its better of two counts as well.
"""
import os
import subprocess
import time

BUILD = os.environ["SAXID_BUILDDIR"]
BATCH, STEPS, CURVES, THREADS = (int(os.environ.get(name) or default) for name, default in
                                 (("BATCH", 256), ("STEPS", 12), ("CURVES", 300), ("THREADS", 2)))


def ours():
    program = os.path.join(BUILD, "bench", "cnn-times")
    out = subprocess.run([program, str(BATCH), str(STEPS), str(CURVES), str(THREADS)], capture_output=True, text=True,
                         check=True).stdout
    return {name: float(seconds) for name, seconds in map(str.split, out.splitlines())}


def network(torch):
    nn = torch.nn
    return nn.Sequential(
        nn.Conv1d(1, 64, 7), nn.ReLU(), nn.Conv1d(64, 64, 7), nn.ReLU(), nn.MaxPool1d(6), nn.Dropout(0.25),
        nn.Conv1d(64, 64, 7), nn.ReLU(), nn.Conv1d(64, 256, 7), nn.ReLU(), nn.MaxPool1d(6), nn.Dropout(0.25),
        nn.AdaptiveMaxPool1d(1), nn.Flatten(), nn.Linear(256, 9))


def peer(torch):
    torch.set_num_threads(THREADS)
    model = network(torch)
    optimiser = torch.optim.Adam(model.parameters(), lr=1e-3)
    loss = torch.nn.CrossEntropyLoss()
    x, y = torch.randn(BATCH, 1, 890), torch.arange(BATCH) % 9
    times = {}
    for k in range(STEPS // 2 + 2):
        if k == 2:
            start = time.perf_counter()
        optimiser.zero_grad()
        loss(model(x), y).backward()
        optimiser.step()
    times["step"] = (time.perf_counter() - start) / (STEPS // 2)
    model.eval()
    with torch.no_grad():
        for k in range(5):
            if k == 2:
                start = time.perf_counter()
            model(x)
        times["batch"] = (time.perf_counter() - start) / 3
        one = x[:1]
        for name, threads in (("single", 1), ("single_threads", THREADS)):
            torch.set_num_threads(threads)
            for k in range(CURVES // 2 + 5):
                if k == 5:
                    start = time.perf_counter()
                model(one)
            times[name] = (time.perf_counter() - start) / (CURVES // 2)
    return times


def better(a, b):
    return {name: min(a[name], b[name]) for name in a}


def main():
    try:
        import torch
    except ImportError:
        raise SystemExit("bench-cnn: PyTorch is not installed (Debian: python3-torch)")
    first = ours()
    theirs = better(peer(torch), peer(torch))
    mine = better(first, ours())
    print("batch %d, %d threads (single: 1), PyTorch %s; milliseconds" % (BATCH, THREADS, torch.__version__))
    print("%-16s %10s %10s" % ("", "saxid", "PyTorch"))
    for name, seconds in mine.items():
        other = theirs["step" if name == "step_float32" else name]
        print("%-16s %10.3f %10.3f" % (name, 1e3 * seconds, 1e3 * other))
    ratios = {name: theirs["step" if name == "step_float32" else name] / mine[name] for name in mine}
    for name, ratio in ratios.items():
        print("ratio %s %.2f" % (name, ratio))
    product = 1.0
    for ratio in ratios.values():
        product *= ratio
    print("ratio geomean %.2f" % product ** (1 / len(ratios)))


if __name__ == "__main__":
    main()
