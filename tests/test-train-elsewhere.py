#!/usr/bin/env python3
"""Do the curves of a training go out to another trainer, and its weights come back as a model?"""
import json
import os
import stat
import struct
import subprocess
import sys
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import numpy
except ImportError as error:
    skip_all(f"no {error.name}")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
trainer = os.path.join(os.environ["SAXID_SRCDIR"], "contrib", "train-gpu.py")
HEAD = struct.Struct("=8s6I")
LAYERS = "conv 4 5 same\nbatchnorm\nrelu\nmaxpool 8\ndense 12\nrelu\ndense 74"


def run(*arguments, text=True):
    return subprocess.run([saxid, *arguments], capture_output=True, text=text, timeout=600)


def one_line(result, code):
    return (result.returncode == code and result.stdout == "" and result.stderr.count("\n") == 1
            and result.stderr.startswith("saxid train: "))


def read_lots(data):
    lots, at = [], 0
    while at < len(data):
        magic, epoch, classes, target, channels, width, rows = HEAD.unpack_from(data, at)
        at += HEAD.size
        label = numpy.frombuffer(data, numpy.uint8, rows, at)
        at += rows
        portrait = numpy.frombuffer(data, numpy.float32, rows * channels * width, at)
        at += portrait.nbytes
        lots.append((magic, epoch, classes, target, label, portrait.reshape(rows, channels, width)))
    return lots


def lots():
    result = run("simulate", "-p", "paper", "--library", "-n", "630", "-s", "5", "-o", "p.h5", "--quiet")
    check(result.returncode == 0, "a library", result)
    result = run("train", "--lots", "lots", "--epochs", "2", "--quiet", "p.h5")
    check(result.returncode == 0 and result.stdout == "" and result.stderr == "", "curves of two epochs", result)
    with open("lots", "rb") as file:
        data = file.read()
    found = read_lots(data)
    check([lot[0] for lot in found] == [b"saxidlot"] * 3 and [lot[1] for lot in found] == [2, 0, 1],
          "the held-out ones first", [lot[:4] for lot in found])
    check([len(lot[4]) for lot in found] == [36 + 9, 594 + 148, 594 + 148], "all of the library, and strangers",
          [len(lot[4]) for lot in found])
    held, first, second = found
    check(all(set(lot[4][:n]) == set(range(9)) and set(lot[4][n:]) == {9} and lot[2] == 9 and lot[3] == 74
              for lot, n in ((held, 36), (first, 594), (second, 594))), "labels")
    check(all(numpy.isfinite(lot[5]).all() for lot in found) and numpy.array_equal(first[4], second[4])
          and not numpy.array_equal(first[5], second[5]), "measured anew in each epoch")
    result = run("train", "--lots", "-", "--epochs", "2", "--quiet", "--threads", "1", "p.h5", text=False)
    check(result.returncode == 0 and result.stdout == data, "the same through a pipe, by one thread")


def write_weights(path, text=LAYERS, magic="saxid-weights-1", cut=0, change=None, outputs=74, by="somebody, at night"):
    n_weight = 4 * 7 * 5 + 4 + 2 * 4 + 12 * 4 * 32 + 12 + outputs * 12 + outputs
    values = numpy.random.default_rng(1).normal(0, 0.1, n_weight + 8).astype("<f4")
    values[144:148] = 1  # scale of the normalisation
    values[n_weight:] = 0, 0, 0, 0, 1, 1, 1, 1
    if change is not None:
        change(values)
    with open(path, "wb") as file:
        file.write(f"{magic}\n{by}\n{text}\n\n".encode())
        file.write(values.tobytes()[:4 * len(values) - cut])
    return values[:n_weight]


def weights():
    sent = write_weights("w.weights")
    result = run("train", "--weights", "w.weights", "--epochs", "2", "--quiet", "p.h5", "-o", "w.saxid-model")
    check(result.returncode == 0 and "held out: accuracy" in result.stdout and result.stderr == "",
          "a model of weights", result)
    with h5py.File("w.saxid-model") as file:
        card = json.loads(file["text/card"][0])
        text = file["text/network"][0].decode()
        kept = file["blob/network_weights"][...].tobytes()
    check(card["learned_elsewhere"] == "somebody, at night" and "--weights w.weights p.h5" in card["command"],
          "the card says who trained it", card)
    check(text == "conv 4 5 same\nrelu\nmaxpool 8\ndense 12\nrelu\ndense 10", "the model's own layers", text)
    kept = numpy.frombuffer(kept, "<f4")
    middle = sent[152:152 + 12 * 129]
    last = sent[152 + 12 * 129:]
    check(numpy.array_equal(kept[144:144 + 12 * 129], middle)
          and numpy.array_equal(kept[144 + 12 * 129:], numpy.concatenate([last[:120], last[74 * 12:74 * 12 + 10]])),
          "its weights, less what only the contrast sees")
    check(numpy.allclose(kept[:140], sent[:140] / numpy.sqrt(1.001), rtol=1e-6), "normalisation is part of them")
    result = run("model", "info", "./w.saxid-model")
    check(result.returncode == 0 and "somebody, at night" in result.stdout, "model info says so, too", result)
    check(not os.path.exists("w.saxid-model.training"), "no state is left")
    def small(values):
        values[152:152 + 12 * 129] *= 1e-9

    write_weights("v.weights", change=small, by="a \033[31mred\033[0m one")
    result = run("train", "--weights", "v.weights", "--quiet", "p.h5", "-o", "v.saxid-model")
    check(one_line(result, 1) and "without a direction" in result.stderr, "vectors of nothing", result)

    def normal(values):
        values[144] = 1

    write_weights("v.weights", change=normal, by="a \033[31mred\033[0m one")
    result = run("train", "--weights", "v.weights", "--quiet", "p.h5", "-o", "v.saxid-model")
    check(result.returncode == 0 and run("model", "verify", "./v.saxid-model").returncode == 0, "a model that can be read",
          result)
    result = run("model", "info", "./v.saxid-model")
    check("red" in result.stdout and "\033" not in result.stdout, "nobody colours the terminal", result)


def refuse():
    def nan(values):
        values[7] = numpy.nan

    def negative(values):
        values[-1] = -1

    def huge(values):
        values[145] = 3e38
        values[-3] = 0

    cases = {"no such file": ("none.weights", None, "No such file"),
             "another file": ("a.weights", {"magic": "saxid-weights-9"}, "does not begin with 'saxid-weights-1'"),
             "a layer that is none": ("b.weights", {"text": "conv 4 5 same\nmagic 3\ndense 74"}, "line 2"),
             "too few weights": ("c.weights", {"cut": 4}, "bytes of weights"),
             "a weight that is none": ("d.weights", {"change": nan}, "finite"),
             "a variance that is none": ("g.weights", {"change": negative}, "variance of -1"),
             "weights that overflow": ("h.weights", {"change": huge}, "not finite once"),
             "another number of outputs": ("e.weights", {"text": LAYERS.replace("dense 74", "dense 73"), "outputs": 73},
                                           "end in 'dense 74'"),
             "no vector": ("i.weights", {"text": LAYERS.replace("\nrelu", "")}, "have a 'relu'")}
    for what, (path, how, words) in cases.items():
        if how is not None:
            write_weights(path, **how)
        result = run("train", "--weights", path, "--quiet", "p.h5", "-o", "no.saxid-model")
        check(one_line(result, 1) and words in result.stderr, what, result)
    with open("f.weights", "wb") as file:
        file.write(b"saxid-weights-1\nsomebody\nconv 20000 1\nrelu\nmaxpool 256\ndense 1\ndense 74\n\n"
                   + b"\0" * 4 * (8 * 20000 + 20001 + 2 * 74))
    result = run("train", "--weights", "f.weights", "--quiet", "p.h5", "-o", "no.saxid-model")
    check(one_line(result, 1) and "are the limits" in result.stderr, "a network that asks for all the memory", result)
    write_weights("w.weights")
    result = run("train", "--weights", "w.weights", "--quiet", "p.h5", "-o", "w.weights")
    check(one_line(result, 2), "a model in the place of its weights", result)
    result = run("train", "--weights", "w.weights", "--lots", "l", "--quiet", "p.h5")
    check(one_line(result, 2), "weights for curves", result)
    check(not os.path.exists("no.saxid-model"), "no model is written")
    result = run("train", "--lots", "l", "--quiet", "p.h5", "-o", "no.saxid-model")
    check(one_line(result, 2), "curves and a model", result)
    result = run("train", "--lots", "/dev/full", "--quiet", "p.h5")
    check(one_line(result, 1) and "No space left" in result.stderr, "a full disk", result)
    check(stat.S_ISCHR(os.stat("/dev/full").st_mode), "which is still there")
    run("simulate", "-o", "x.h5", "-n", "90", "--quiet")
    result = run("train", "--lots", "l", "--quiet", "x.h5")
    check(one_line(result, 2) and "libraries" in result.stderr, "curves of no library", result)
    check(not [name for name in os.listdir(".") if name.lstrip(".").startswith("l.") or name == "l"],
          "nothing is left of it")


RESIDUAL = """conv 8 5 same
batchnorm
relu
maxpool 4

keep
conv 8 3 same
batchnorm
add
relu
dense 12
batchnorm
relu
dropout 0.1
dense 74
"""
# What PyTorch makes of the weights that the trainer wrote, and of held-out curves.
SAYS = """
import importlib.util, sys
import numpy, torch
spec = importlib.util.spec_from_file_location("trainer", sys.argv[1])
trainer = importlib.util.module_from_spec(spec)
spec.loader.exec_module(trainer)
head, data = open(sys.argv[2], "rb").read().split(b"\\n\\n", 1)
net = trainer.Student(head.decode().split("\\n", 2)[2], 7, 256).eval()
values, at = torch.from_numpy(numpy.frombuffer(data, "<f4").copy()), 0
slots = [t for p in net.parts if hasattr(p, "weight") for t in (p.weight, p.bias)]
slots += [t for p in net.parts if hasattr(p, "running_var") for t in (p.running_mean, p.running_var)]
for slot in slots:
    slot.data.copy_(values[at:at + slot.numel()].reshape(slot.shape))
    at += slot.numel()
assert at == len(values)
portrait = torch.from_numpy(numpy.fromfile("portraits", "f4").reshape(-1, 7, 1, 256))
net(portrait)[:, :10].detach().numpy().tofile("margins")
"""


def answers_of(model, rows):
    """The margins of a model, computed from its file by numpy."""
    with h5py.File(model) as file:
        text = file["text/network"][0].decode()
        weight = numpy.frombuffer(file["blob/network_weights"][...].tobytes(), "<f4").astype(float)
    x, at, kept = rows.astype(float), 0, None
    for words in (line.split() for line in text.splitlines()):
        if words[0] == "conv":
            size, window = int(words[1]), int(words[2])
            w = weight[at:at + size * x.shape[1] * window].reshape(size, x.shape[1], window)
            at += w.size
            padded = numpy.pad(x, ((0, 0), (0, 0), (window // 2, window // 2)))
            x = sum(numpy.einsum("rcw,sc->rsw", padded[:, :, k:k + x.shape[2]], w[:, :, k]) for k in range(window))
            x += weight[at:at + size, None]
            at += size
        elif words[0] == "dense":
            x = x.reshape(len(x), -1)
            w = weight[at:at + int(words[1]) * x.shape[1]].reshape(int(words[1]), -1)
            at += w.size
            x = x @ w.T + weight[at:at + len(w)]
            at += len(w)
        elif words[0] == "relu":
            x = numpy.maximum(x, 0)
        elif words[0] == "maxpool":
            x = x.reshape(x.shape[0], x.shape[1], -1, int(words[1])).max(3)
        elif words[0] == "keep":
            kept = x
        elif words[0] == "add":
            x = x + kept
    check(at == len(weight), "all weights are used", at, len(weight))
    return x


def train():
    """The trainer itself, on the processor: a few steps."""
    if subprocess.run([sys.executable, "-c", "import torch"], capture_output=True).returncode != 0:
        skip("train-gpu.py makes weights", "no torch")
        return
    with open("layers", "w") as file:
        file.write(RESIDUAL)

    def learn(command, *more):
        return subprocess.run([sys.executable, trainer, "--minutes", "0.05", "--batch", "64", "--lots", command, *more],
                              capture_output=True, text=True, timeout=300)

    command = f"{saxid} train --lots - --quiet --epochs %d --seed 2 p.h5"
    result = learn(command % 900, "--teacher", "8", "--about", "paper, seed 5", "small=layers", "small-plain=layers")
    check(result.returncode == 0 and "held out: small " in result.stdout, "train-gpu.py learns", result)
    result = run("train", "--weights", "small.weights", "--epochs", "2", "--quiet", "p.h5", "-o", "s.saxid-model")
    check(result.returncode == 0, "its weights make a model", result)
    result = run("model", "info", "./s.saxid-model")
    check("taught by a network 8 wide; paper, seed 5" in result.stdout, "that says how", result)
    with open("lots", "rb") as file:
        rows = read_lots(file.read())[0][5]
    rows.tofile("portraits")
    result = subprocess.run([sys.executable, "-c", SAYS, trainer, "small.weights"], capture_output=True, text=True)
    check(result.returncode == 0, "PyTorch reads them", result)
    said = numpy.fromfile("margins", "f4").reshape(len(rows), -1)
    off = numpy.abs(answers_of("s.saxid-model", rows) - said).max()
    check(off < 1e-3 and numpy.abs(said).max() > 0.1, "the model's network is that of PyTorch", off)
    for what, command, words in (("curves that end too early", command % 1, "curves ended after"),
                                 ("a command that there is not", "./saxid-of-nowhere", "saxid-of-nowhere"),
                                 ("a command that writes no lots", "seq 1000", "no lots")):
        os.remove("small.weights") if os.path.exists("small.weights") else None
        result = learn(command, "small=layers")
        check(result.returncode == 1 and words in result.stderr and "Traceback" not in result.stderr
              and not os.path.exists("small.weights"), what, result)
    with open("even", "w") as file:
        file.write(RESIDUAL.replace("conv 8 3 same", "conv 8 4 same"))
    result = learn(command, "even=even")
    check(result.returncode == 1 and "even window" in result.stderr, "a window that PyTorch lays otherwise", result)


def go_on():
    """A training begins with the network of another one, and leaves its own for the next."""
    write_weights("w.weights")
    result = run("train", "--start", "w.weights", "--save-weights", "n.weights", "--epochs", "1", "--quiet", "p.h5",
                 "-o", "n.saxid-model")
    check(result.returncode == 0, "a training that goes on", result)
    with h5py.File("n.saxid-model", "r") as file:
        card = json.loads(file["text/card"][0])
    check(card["began_with"] == "somebody, at night" and "--start w.weights" in card["command"],
          "the card says with what it began", card)
    with open("w.weights", "rb") as old, open("n.weights", "rb") as new:
        old, new = old.read(), new.read()
    layers, floats = old.split(b"\n\n", 1)
    check(new.startswith(b"saxid-weights-1\n") and new.split(b"\n\n", 1)[0].split(b"\n")[2:] == layers.split(b"\n")[2:]
          and len(new.split(b"\n\n", 1)[1]) == len(floats), "the weights are whole", new[:200])
    moved = numpy.abs(numpy.frombuffer(new.split(b"\n\n", 1)[1], "<f4") - numpy.frombuffer(floats, "<f4"))
    check(0 < moved.max() < 1, "it has learned, and not begun anew", moved.max())
    result = run("train", "--weights", "n.weights", "--quiet", "p.h5", "-o", "m.saxid-model")
    check(result.returncode == 0, "they make the model", result)
    result = run("train", "--weights", "n.weights", "--start", "w.weights", "--quiet", "p.h5", "-o", "m.saxid-model")
    check(one_line(result, 2), "a start for what has learned already", result)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    lots()
    weights()
    go_on()
    refuse()
    train()
    os.chdir("/")
finish()
