#!/usr/bin/env python3
"""The network that tells the technique of frames, beside the same network in PyTorch.

    make bench-technique [PIXELS=1024] [FRAMES=200] [MODEL=FILE] [ROUNDS=3] [REDUCED=240]

`single` is the network asked with one picture, `batch` a picture of 64 at a time, both float32
on one thread; the weights of the peer are those of the model file, and both must agree on one
frame. Peer and product take turns; of each the best round counts. `picture` and `both` are
milliseconds of a frame of PIXELS × PIXELS floats in the cache, `evidence` of the network with where
it looks, `search` of the ten nearest of a million vectors on two threads; `rate`, `read` and `packed` are
frames per second on two threads: frames in the cache, frames of one megapixel that are
unpacked from bitshuffle and LZ4, and frames that are unpacked and told. Behind each figure stands
the same by the time that the threads were at work, which other programs hardly change. `reduce` is
what the check of the technique adds to `saxid reduce` of REDUCED=240 packed frames of an Eiger 1M,
by processor time, beside the same with --technique off; programs take turns, and the best of each counts.
"""
import os
import resource
import subprocess
import sys
import tempfile
import time

import h5py
import numpy

SOURCE, BUILD = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"]
sys.path.insert(0, os.path.join(SOURCE, "tests"))
import packed_frames  # noqa: E402

PIXELS, FRAMES, ROUNDS, REDUCED = (int(os.environ.get(name) or default)
                                   for name, default in (("PIXELS", 1024), ("FRAMES", 200), ("ROUNDS", 3), ("REDUCED", 240)))
MODEL = os.environ.get("MODEL") or os.path.join(SOURCE, "models", "trained", "technique.h5")
SIDE, BATCH, STACK = 128, 64, 16
FASTER = ("picture", "network", "both", "evidence", "batch", "search")  # milliseconds; the others are rates


def write_stack(path, n):
    """A power law with the gap of an Eiger 1M, as its file writer packs it: STACK different frames, n in all."""
    y, x = numpy.indices((1065, 1030))
    mean = 1e4 / (1 + numpy.hypot(x - 500, y - 540))
    stack = numpy.random.default_rng(1).poisson(numpy.broadcast_to(mean, (STACK, *mean.shape))).astype(numpy.uint32)
    stack[:, 514:551] = 2**32 - 1
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.attrs["NX_class"], data.parent.attrs["NX_class"] = "NXdata", "NXentry"
        made = packed_frames.create(data, "data", (n, *mean.shape), stack.dtype, "bitshuffle")
        chunks = [packed_frames.PACK["bitshuffle"](image) for image in stack]
        for k in range(n):
            made.id.write_direct_chunk((k, 0, 0), chunks[k % STACK])


def ours(work):
    out = subprocess.run([os.path.join(BUILD, "bench", "technique-times"), MODEL, str(PIXELS), str(FRAMES),
                          os.path.join(work, "stack.h5"), os.path.join(work, "input")],
                         capture_output=True, text=True, check=True).stdout
    return {name: (float(wall), float(processor)) for name, wall, processor in map(str.split, out.splitlines())}


def reduce_seconds(work, technique):
    """Processor time of one `saxid reduce` of the long stack."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([os.path.join(BUILD, "saxid"), "reduce", "--quiet", "-g", os.path.join(work, "x.poni"), "--technique", technique,
                    "-o", os.path.join(work, "curves.nxs"), os.path.join(work, "long.h5")], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


def reduce_times(work):
    write_stack(os.path.join(work, "long.h5"), REDUCED)
    with open(os.path.join(work, "x.poni"), "w") as file:
        file.write("PixelSize1: 75e-6\nPixelSize2: 75e-6\nDistance: 1.5\nPoni1: 0.0405\nPoni2: 0.0375\nWavelength: 1e-10\n")
    rounds = [(reduce_seconds(work, "off"), reduce_seconds(work, "auto")) for _ in range(ROUNDS)]
    return tuple(map(min, zip(*rounds)))


def network(torch):
    """The layers of the model file with its weights, and its temperature."""
    with h5py.File(MODEL) as file:
        text = file["text/network"][0].decode()
        weights = numpy.frombuffer(bytes(file["blob/network_halves"][...]), "<f2").astype("f4")
        temperature = float(file["array/temperature"][...].ravel()[0])
    nn, layers, at = torch.nn, [], 0
    channels = next(int(line.split()[1]) for line in text.splitlines() if line.startswith("conv"))
    # what comes in follows from the number of weights that all other layers leave to the first
    for block in (1, 2, 4, 8):
        shape = (block * block + 2, SIDE // block)
        built = build(nn, text, *shape)
        if sum(p.numel() for p in built.parameters()) == len(weights):
            layers = built
            break
    else:
        raise SystemExit("bench-technique: the weights of %s are of no such network (%d channels first)" % (MODEL, channels))
    for parameter in layers.parameters():
        n = parameter.numel()
        parameter.data = torch.from_numpy(weights[at:at + n].reshape(parameter.shape))
        at += n
    return layers.eval(), shape, temperature


def residual(nn, layers):
    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Sequential(*layers)

        def forward(self, x):
            return x + self.inner(x)

    return Residual()


def build(nn, text, channels, side):
    layers, flat, outer = [], False, None
    for line in filter(None, map(str.strip, text.splitlines())):
        word = line.split()
        if word[0] == "conv":
            layers.append(nn.Conv2d(channels, int(word[1]), tuple(map(int, word[2].split("x"))), padding="same" if "same" in word else 0))
            channels = int(word[1])
        elif word[0] == "dense":
            if not flat:
                layers.append(nn.Flatten())
                channels, flat = channels * side * side, True
            layers.append(nn.Linear(channels, int(word[1])))
            channels = int(word[1])
        elif word[0] == "keep":
            layers, outer = [], layers
        elif word[0] == "add":
            layers = outer + [residual(nn, layers)]
        elif word[0] == "relu":
            layers.append(nn.ReLU())
        elif word[0] == "maxpool":
            layers.append(nn.MaxPool2d(tuple(map(int, word[1].split("x")))))
            side //= int(word[1].split("x")[0])
        elif word[0] != "dropout":
            raise SystemExit("bench-technique: layer '%s' is not known here" % line)
    return nn.Sequential(*layers)


def peer(torch, layers, shape):
    """Milliseconds a picture, alone and of 64."""
    times = {}
    with torch.no_grad():
        for name, batch in (("network", 1), ("batch", BATCH)):
            pictures, rounds = torch.rand(batch, shape[0], shape[1], shape[1]), FRAMES // batch + 1
            layers(pictures)
            wall, processor = time.perf_counter(), time.process_time()
            for _ in range(rounds):
                layers(pictures)
            times[name] = tuple(1e3 * past / (rounds * batch) for past in (time.perf_counter() - wall, time.process_time() - processor))
    return times


def differ(torch, layers, shape, temperature, told, work):
    seen = numpy.fromfile(os.path.join(work, "input"), "<f4").reshape(1, shape[0], shape[1], shape[1])
    with torch.no_grad():
        p = torch.softmax(layers(torch.from_numpy(seen))[0, :4] / temperature, 0).numpy()
    return float(max(abs(p[k] - told["answer%d" % k][0]) for k in range(4)))


def better(old, new, least):
    """Of wall and processor each the best so far."""
    return new if old is None else tuple((min if least else max)(pair) for pair in zip(old, new))


def main():
    try:
        import torch
    except ImportError:
        raise SystemExit("bench-technique: PyTorch is not installed (python3-torch)")
    if not packed_frames.can_lz4():
        raise SystemExit("bench-technique: liblz4 is not installed")
    torch.set_num_threads(1)
    layers, shape, temperature = network(torch)
    mine, theirs = {}, {}
    with tempfile.TemporaryDirectory() as work:
        write_stack(os.path.join(work, "stack.h5"), STACK)
        for _ in range(ROUNDS):
            for name, value in ours(work).items():
                mine[name] = better(mine.get(name), value, name in FASTER)
            for name, value in peer(torch, layers, shape).items():
                theirs[name] = better(theirs.get(name), value, True)
        off = differ(torch, layers, shape, temperature, mine, work)
        without, checked = reduce_times(work)
    print("%s: both agree to %.1e in every probability" % (os.path.basename(MODEL), off))
    if off > 2e-3:
        sys.exit("bench-technique: the peer is another network")
    for name in ("picture", "both", "evidence", "search"):
        print("%-8s %8.3f ms (%.3f)" % (name, *mine[name]))
    for name, key in (("single", "network"), ("batch", "batch")):
        print("%-8s %8.3f ms (%.3f), PyTorch %8.3f ms (%.3f), ratio %.3g (%.3g)"
              % (name, *mine[key], *theirs[key], *(them / us for us, them in zip(mine[key], theirs[key]))))
    print("reduce   %d frames %.0f ms of processor time, %.0f without the check: %.1f %% more"
          % (REDUCED, 1e3 * checked, 1e3 * without, 100 * (checked / without - 1)))
    for name in ("rate", "read", "packed"):
        print("%-8s %8.0f frames/s (%.0f) on two threads" % (name, *mine[name]))


if __name__ == "__main__":
    main()
