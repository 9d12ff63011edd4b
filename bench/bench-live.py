#!/usr/bin/env python3
"""Tags beside the curves while they are measured: saxid's live writing, and h5py with PyTorch.

    make bench-live [DURATION=10] [RATE=1000] [RUNS=ours,peer]

A host writes curves of 400 points into a file in SWMR mode and has each judged and its
row of tags flushed; a second process reads the tags as soon as they are there. `latency`
is from the arrival of a frame to the moment when the reader has its probabilities, at 100
frames a second (goal: p99 of 20 ms at most). `lost` are frames that were not readable in the
end, or not begun within a second, at RATE frames a second (goal: none; a whole minute with
DURATION=60). The peer is a host in Python: the same network and weights in PyTorch
(bench-model.py), the same arrays by h5py, flushed one by one; the reader is the same.
"""
import importlib.util
import math
import os
import subprocess
import sys
import tempfile
import time

import numpy

SRC, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
DURATION, RATE = (float(os.environ.get(name) or default) for name, default in (("DURATION", 10), ("RATE", 1000)))
RUNS = (os.environ.get("RUNS") or "ours,peer").split(",")
PROGRAM = os.path.join(BUILD, "bench", "live-times")
SLOW = 100.0


def open_times(path, frames, mode="r+"):
    """ready, done, lost, 0; arrived; readable: as live-times.c."""
    times = numpy.memmap(path, "f8", mode, shape=(4 + 2 * frames,))
    return times, times[4:4 + frames], times[4 + frames:]


def peer(path, times_path, frames, rate):
    """The host in Python."""
    import h5py
    import torch
    spec = importlib.util.spec_from_file_location("bench_model", os.path.join(SRC, "bench", "bench-model.py"))
    bench_model = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(bench_model)
    torch.set_num_threads(1)
    network, temperature = bench_model.network(torch, bench_model.model_path())
    q, truth, sigma = bench_model.curve()
    times, arrived, _ = open_times(times_path, frames)

    def judge(intensity):
        margin = network(torch.from_numpy(bench_model.portrait(q, intensity, sigma))[None])[0]
        return (torch.softmax(margin[:-1] / temperature, 0).numpy(), float(torch.softmax(margin, 0)[-1]))

    def unlimited(group, name, kind, *width):
        return group.create_dataset(name, (0, *width), kind, maxshape=(None, *width), chunks=(256 if kind != "f8" else 16, *width))

    with torch.no_grad(), h5py.File(path, "w", libver="latest") as file:
        n_class = len(judge(truth)[0])
        for _ in range(20):
            judge(truth)
        data, result = file.create_group("entry/data"), file.create_group("entry/saxid/result")
        data["Q"] = q
        curves = [unlimited(data, name, "f8", len(q)) for name in ("I", "I_errors")]
        arrays = [unlimited(result, name, kind, *width) for name, kind, width in (
            ("probability", "f4", (n_class,)), ("class_index", "i1", ()), ("confidence", "f4", ()),
            ("prediction_set", "u1", (n_class,)), ("outlier_score", "f4", ()), ("outlier", "u1", ()), ("status", "u1", ()))]
        file.swmr_mode = True
        times[0] = 1
        start = time.monotonic() + 0.5

        def put(data_set, k, value):
            data_set.resize(k + 1, axis=0)
            data_set[k] = value
            data_set.flush()

        for k in range(frames):
            arrives = start + k / rate
            intensity = truth + sigma * numpy.sin(k + numpy.arange(len(q)) ** 2)
            time.sleep(max(arrives - time.monotonic(), 0))
            if time.monotonic() > arrives + 1:
                times[2] += 1
                continue
            arrived[k] = arrives
            for data_set, value in zip(curves, (intensity, sigma)):
                put(data_set, k, value)
            probability, stranger = judge(intensity)
            best = probability.argmax()
            for data_set, value in zip(arrays, (probability, best, probability[best], probability > 0.05, stranger,
                                                stranger > 0.5, 1)):
                put(data_set, k, value)
        times[1] = 1


def run(who, rate, directory):
    """Latencies in ms of what was readable, and the number of frames that were lost."""
    frames = int(DURATION * rate)
    path, times_path = (os.path.join(directory, f"{who}.{ending}") for ending in ("h5", "times"))
    open_times(times_path, frames, "w+")[0].flush()
    write = {"ours": [PROGRAM, "write", os.environ["SAXID_PLUGIN"]],
             "peer": [sys.executable, os.path.abspath(__file__), "peer"]}[who]
    writer = subprocess.Popen([*write, path, times_path, str(frames), str(rate)])
    reader = subprocess.Popen([PROGRAM, "read", path, times_path, str(frames)])
    codes = writer.wait(), reader.wait() if writer.returncode == 0 else reader.kill()
    if codes != (0, 0):
        raise SystemExit(f"bench-live: {who} ended with {codes}")
    times, arrived, readable = open_times(times_path, frames, "r")
    seen = readable > 0
    size = os.path.getsize(path)
    os.unlink(path)
    print(f"{who:5} {rate:6.0f}/s  {frames} frames, {int(times[2])} too late, {int((~seen).sum())} lost;"
          f" {size / 1e6:.0f} MB", flush=True)
    return 1e3 * (readable - arrived)[seen], int((~seen).sum()), frames


def main():
    ratios, found = {}, {}
    with tempfile.TemporaryDirectory() as directory:
        for who in RUNS:
            found[who] = run(who, SLOW, directory), run(who, RATE, directory)
    for who, (slow, fast) in found.items():
        p50, p99 = numpy.percentile(slow[0], (50, 99))
        q50, q99 = numpy.percentile(fast[0], (50, 99))
        print(f"{who:5} latency at {SLOW:.0f}/s p50 {p50:.2f} ms, p99 {p99:.2f} ms, most {slow[0].max():.2f} ms;"
              f" at {RATE:.0f}/s p50 {q50:.2f} ms, p99 {q99:.2f} ms; lost at {RATE:.0f}/s {fast[1]} of {fast[2]}")
    if len(found) == 2:
        for name, k in (("latency_p50", 50), ("latency_p99", 99)):
            ratios[name] = numpy.percentile(found["peer"][0][0], k) / numpy.percentile(found["ours"][0][0], k)
        ratios["kept"] = len(found["ours"][1][0]) / max(len(found["peer"][1][0]), 1)
    for name, ratio in ratios.items():
        print(f"ratio {name} {ratio:.3g}")
    if ratios:
        print(f"ratio geomean {math.prod(ratios.values()) ** (1 / len(ratios)):.3g}")


if sys.argv[1:2] == ["peer"]:
    peer(sys.argv[2], sys.argv[3], int(sys.argv[4]), float(sys.argv[5]))
else:
    main()
