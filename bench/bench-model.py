#!/usr/bin/env python3
"""The shipped model in the module, and the same network in PyTorch.

    make bench-model [CURVES=2000] [THREADS=2] [MODEL=NAME]

`single` is one curve of 400 points on one thread, from arrays of q, I and sigma to
probabilities: resampling, network, calibration, outlier score. The peer does the same
with numpy and PyTorch (float32), with the weights of the model file; both must agree.
`batch` is a curve of a batch on all threads. `open` has no peer: from dlopen to the first
verdict. The peer is timed between two runs of the module, the better of which counts.
"""
import math
import os
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

BUILD = os.environ["SAXID_BUILDDIR"]
CURVES, THREADS = (int(os.environ.get(name) or default) for name, default in (("CURVES", 2000), ("THREADS", 2)))
MODEL = os.environ.get("MODEL") or ""
WIDTH, CHANNELS, POINTS = 256, 7, 400


def model_path():
    if "/" in MODEL:
        return MODEL
    out = subprocess.run([os.path.join(BUILD, "saxid"), "model", "info", *([MODEL] if MODEL else [])],
                         capture_output=True, text=True, check=True).stdout
    name = next(line.split()[1] for line in out.splitlines() if line.startswith("model "))
    return os.path.join(os.environ["SAXID_SRCDIR"], "models", "trained", name)


def ours(path):
    program = os.path.join(BUILD, "bench", "model-times")
    out = subprocess.run([program, os.environ["SAXID_PLUGIN"], str(CURVES), str(THREADS), path], capture_output=True,
                         text=True, check=True).stdout
    return {name: float(value) for name, value in map(str.split, out.splitlines())}


def network(torch, path):
    with h5py.File(path) as file:
        text = file["text/network"][0].decode()
        weights = numpy.frombuffer(bytes(file["blob/network_weights"][...]), "<f4").copy()
        temperature = float(file["array/temperature"][...].ravel()[0])
    layers, channels, at, flat, width = [], CHANNELS, 0, False, WIDTH
    nn = torch.nn
    for line in filter(None, map(str.strip, text.splitlines())):
        word = line.split()
        if word[0] == "conv":
            layer = nn.Conv1d(channels, int(word[1]), int(word[2]), padding="same" if "same" in word else 0)
            channels = int(word[1])
        elif word[0] == "dense":
            if not flat:
                layers.append(nn.Flatten())
                channels, flat = channels * width, True
            layer = nn.Linear(channels, int(word[1]))
            channels = int(word[1])
        elif word[0] == "relu":
            layer = nn.ReLU()
        elif word[0] == "maxpool":
            layer, width = nn.MaxPool1d(int(word[1])), width // int(word[1])
        elif word[0] == "dropout":
            continue
        else:
            raise SystemExit(f"bench-model: layer '{line}' is not known here")
        for parameter in layer.parameters():
            n = parameter.numel()
            parameter.data = torch.from_numpy(weights[at:at + n].reshape(parameter.shape))
            at += n
        layers.append(layer)
    assert at == len(weights), (at, len(weights))
    return nn.Sequential(*layers).eval(), temperature


def gallery(torch, path, width):
    """Vectors of the examples, and the weights of the outlier score."""
    with h5py.File(path) as file:
        data = bytes(file["blob/gallery"][...])
        offset, margin, distance = (float(value) for value in file["array/strangeness"][...].ravel())
    n = len(data) // (1 + 4 * (1 + WIDTH + width))
    vectors = numpy.frombuffer(data, "<f4", offset=n * (1 + 4 * (1 + WIDTH))).reshape(n, width)
    return torch.from_numpy(vectors.copy()), offset, margin, distance


def curve():
    k = numpy.arange(POINTS)
    q = 0.005 * 60 ** (k / (POINTS - 1))
    intensity = 1 / (1 + (q * 40) ** 4) + 1e-4 * (1 + 0.1 * numpy.sin(k * k))
    return q, intensity, 0.01 * intensity + 1e-5


def portrait(q, intensity, sigma):
    """As models/learn/portrait.c, in numpy."""
    n = len(q)
    largest = numpy.abs(intensity).max()
    d = numpy.zeros(n)
    d[2:-2] = (intensity[:-4] - 4 * intensity[1:-3] + 6 * intensity[2:-2] - 4 * intensity[3:-1] + intensity[4:]) ** 2 / 70
    sums = numpy.concatenate(([0], numpy.cumsum(d)))
    at = numpy.clip(numpy.arange(n), 2, n - 3)
    first, last = numpy.where(at > 14, at - 12, 2), numpy.minimum(at + 12, n - 3) + 1
    scatter = numpy.sqrt(numpy.maximum(sums[last] - sums[first], 0) / (last - first))
    scatter = numpy.maximum(scatter, 1e-5 * numpy.maximum(numpy.abs(intensity), 1e-9 * largest))
    noise = numpy.maximum(sigma, 1e-6 * numpy.maximum(numpy.abs(intensity), 1e-9 * largest))
    start = math.log(q[0])
    step = (math.log(q[-1]) - start) / WIDTH
    ends = numpy.exp(start + step * numpy.arange(1, WIDTH + 1))
    edge = numpy.concatenate(([0], numpy.searchsorted(q, ends)))
    edge[-1] = n
    count = numpy.diff(edge)
    middle = numpy.exp(start + step * (numpy.arange(WIDTH) + 0.5))
    left = numpy.clip(numpy.searchsorted(q, middle) - 1, 0, n - 2)
    part = numpy.clip((middle - q[left]) / (q[left + 1] - q[left]), 0, 1)

    def between(values):
        return (1 - part) * values[left] + part * values[left + 1]

    def summed(values):
        total = numpy.concatenate(([0], numpy.cumsum(values)))
        return total[edge[1:]] - total[edge[:-1]]

    many, m = count >= 3, numpy.maximum(count, 1)
    level = numpy.where(many, summed(intensity) / m, between(intensity))
    error = numpy.where(many, numpy.sqrt(summed(noise ** 2)) / m, between(noise))
    spread = numpy.where(many, numpy.sqrt(summed(scatter ** 2)) / m, between(scatter))
    points = numpy.where(many, count, middle * step / (q[left + 1] - q[left]))
    height = numpy.log(numpy.maximum(level, 0.5 * error))
    signal = level > error
    centre = height[signal].mean() if signal.any() else height.mean()
    return numpy.stack([(height - centre) / 3, numpy.arcsinh(0.5 * level / error) / 5, (numpy.log(error) - centre) / 3,
                        step * (numpy.arange(WIDTH) + 0.5 - 0.5 * WIDTH) / 2,
                        numpy.clip(numpy.log(spread / error), -3, 3), numpy.zeros(WIDTH),
                        numpy.log(points) / 3]).astype("f4")


def peer(torch, path):
    model, temperature = network(torch, path)
    last = max(k for k, layer in enumerate(model) if isinstance(layer, torch.nn.ReLU)) + 1
    before, after = model[:last], model[last:]
    one = curve()
    with torch.no_grad():
        width = before(torch.zeros(1, CHANNELS, WIDTH)).shape[1]
    examples, offset, of_margin, of_distance = gallery(torch, path, width)

    def answer(inputs):
        latent = before(inputs)
        margin = after(latent)
        similar = torch.topk(torch.nn.functional.normalize(latent) @ examples.T, 10).values.mean(1)
        odds = (offset + of_margin * (margin[:, -1] - torch.logsumexp(margin[:, :-1], 1))
                + of_distance * torch.log((1 - similar).clamp(min=1e-6)))
        return torch.softmax(margin[:, :-1] / temperature, 1), torch.sigmoid(odds)

    def judge():
        probability, score = answer(torch.from_numpy(portrait(*one))[None])
        return torch.cat([probability[0], score])

    times = {}
    with torch.no_grad():
        torch.set_num_threads(1)
        for _ in range(20):
            judge()
        start = time.perf_counter()
        for _ in range(200):
            probability = judge()
        times["single"] = (time.perf_counter() - start) / 200
        torch.set_num_threads(THREADS)
        several = [one] * 256
        for k in range(6):
            if k == 1:
                start = time.perf_counter()
            answer(torch.from_numpy(numpy.stack([portrait(*each) for each in several])))
        times["batch"] = (time.perf_counter() - start) / (5 * 256)
    return times, probability.numpy()


def agree(path, probability):
    """The module's answer on the same curve."""
    data = os.path.join(tempfile.gettempdir(), f"bench-model-{os.getpid()}.h5")
    even = data + ".prior"  # the network's own probabilities
    q, intensity, sigma = curve()
    try:
        with h5py.File(data, "w") as file:
            group = file.create_group("entry/data")
            group.parent.attrs["NX_class"] = "NXentry"
            group.attrs.update(NX_class="NXdata", signal="I", axes="Q")
            group["Q"], group["I"], group["I_errors"] = q, intensity, sigma
            group["Q"].attrs["units"] = "1/angstrom"
        with open(even, "w", encoding="utf-8") as file:
            file.write("[prior]\nsphere = 1\n")
        out = subprocess.run([os.path.join(BUILD, "saxid"), "tag", "--json", "--dry-run", "--quiet", "--network", "--prior", even,
                              "-m", path, data], capture_output=True, text=True, check=True).stdout
    finally:
        os.unlink(data)
        os.unlink(even)
    import json
    told = json.loads(out)
    ours_probability = [*told["probability"].values(), told["outlier_score"]]
    return float(numpy.abs(numpy.array(ours_probability) - probability).max())


def main():
    try:
        import torch
    except ImportError:
        raise SystemExit("bench-model: PyTorch is not installed (python3-torch)")
    path = model_path()
    before = ours(path)
    theirs, probability = peer(torch, path)
    after = ours(path)
    mine = {name: min(before[name], after[name]) for name in before}
    off = agree(path, probability)
    print(f"{os.path.basename(path)}: both agree to {off:.1e} in every probability and the outlier score")
    if off > 2e-3:
        sys.exit("bench-model: the peer is another model")
    print(f"open    {1e3 * mine['open']:8.1f} ms from dlopen to the first verdict")
    print(f"memory  {mine['memory'] / 1e6:8.1f} MB at most")
    for name in ("single", "batch"):
        print(f"{name:7} {1e3 * mine[name]:8.3f} ms a curve, {1 / mine[name]:8.0f} a second; PyTorch"
              f" {1e3 * theirs[name]:8.3f} ms")
    ratios = {name: theirs[name] / mine[name] for name in ("single", "batch")}
    for name, ratio in ratios.items():
        print(f"ratio {name} {ratio:.3g}")
    print(f"ratio geomean {math.sqrt(ratios['single'] * ratios['batch']):.3g}")


if __name__ == "__main__":
    main()
