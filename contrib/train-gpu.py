#!/usr/bin/env python3
"""Trains networks of saxid's model for any instrument on a graphics card, with PyTorch.

  train-gpu.py [--minutes M] [--batch N] [--rate X] [--teacher WIDTH] --lots COMMAND ... NAME=LAYERS ...

COMMAND writes the curves to learn from, "saxid train --lots - --epochs N --seed S LIBRARY..."; several
with other seeds are read side by side. LAYERS is a file with a network as saxid writes it, a layer a
line; it ends in "dense TARGET". All learn from the same batches, and NAME.weights is what
"saxid train --weights NAME.weights LIBRARY... -o MODEL" makes a model of, on the processor, with
libraries of its own to calibrate on.

With a teacher, a residual network that is thrown away, all but those whose NAME ends in "-plain" learn
from its probabilities beside the labels: what a curve leaves open (Hinton et al. 2015,
arXiv:1503.02531) is said by it in one step and by labels in many.

Every lot serves twice. The learning rate rises and falls with the time that is given, not with steps:
curves that end before it leave nothing behind but an error.
"""
import argparse
import math
import os
import queue
import shlex
import struct
import subprocess
import sys
import threading
import time

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

EPSILON = 1e-3       # of the batch normalisation of saxid
CHANNELS, WIDTH = 7, 256  # of a portrait
EMBEDDING = 64       # outputs that only the contrast sees
TEMPERATURE, CONTRAST = 0.1, 0.2
DECAY, RISE, MOMENTUM = 0.02, 0.1, 0.03
TEACHER_PART, TEACHER_FROM = 0.7, 0.15
HEAD = struct.Struct("=8s6I")
MOST_HEAD = 4096     # bytes of text that saxid reads before the weights


# --- Curves ---------------------------------------------------------------------------------

class Lot:
    """Curves of one epoch."""

    def __init__(self, held, classes, label, portrait):
        self.held, self.classes, self.label, self.portrait = held, classes, label, portrait

    def to(self, device):
        return Lot(self.held, self.classes, self.label.to(device).long(), self.portrait.to(device))


def read_exactly(pipe, array):
    view = memoryview(array).cast("B")
    at = 0
    while at < len(view):
        n = pipe.readinto(view[at:])
        if not n:
            return False
        at += n
    return True


def read_lots(command, lots):
    """Puts the lots of a command into the queue, and at last why there are no more."""
    end = "%s: " % command
    try:
        process = subprocess.Popen(shlex.split(command), stdout=subprocess.PIPE, bufsize=0)
        pipe, first = process.stdout, True
        head = np.zeros(HEAD.size, np.uint8)
        while read_exactly(pipe, head):
            magic, _, classes, _, channels, width, rows = HEAD.unpack(head.tobytes())
            if magic != b"saxidlot":
                end += "what comes out are no lots"
                process.kill()
                break
            label = np.empty(rows, np.uint8)
            portrait = np.empty((rows, channels, 1, width), np.float32)
            if not read_exactly(pipe, label) or not read_exactly(pipe, portrait):
                break
            lots.put(Lot(first, classes, torch.from_numpy(label), torch.from_numpy(portrait)))
            first = False
        lots.put(end + "ended with status %d" % process.wait())
    except Exception as error:  # of whatever kind: who waits for lots has to know
        lots.put(end + str(error))


# --- Networks -------------------------------------------------------------------------------

class Mark(nn.Module):
    def __init__(self, word):
        super().__init__()
        self.word = word


class Student(nn.Module):
    """A network of saxid's layer language."""

    def __init__(self, text, channels, width):
        super().__init__()
        self.text, self.parts = "\n".join(line.strip() for line in text.splitlines() if line.strip()), nn.ModuleList()
        if not self.text.startswith("conv "):
            raise ValueError("a network begins with a convolution here")
        flat = False
        for words in (line.split() for line in self.text.splitlines()):
            if words[0] == "conv":
                size, window = int(words[1]), int(words[2])
                same = words[3:] == ["same"]
                if same and window % 2 == 0:
                    raise ValueError("an even window cannot keep the size here: " + " ".join(words))
                part = nn.Conv2d(channels, size, (1, window), padding=(0, window // 2 if same else 0))
                nn.init.kaiming_uniform_(part.weight, nonlinearity="relu")
                nn.init.zeros_(part.bias)
                channels, width = size, width if same else width - window + 1
            elif words[0] == "dense":
                part = nn.Linear(channels * width, int(words[1]))
                nn.init.kaiming_uniform_(part.weight, nonlinearity="relu")
                nn.init.zeros_(part.bias)
                channels, width, flat = int(words[1]), 1, True
            elif words[0] == "batchnorm":
                kind = nn.BatchNorm1d if flat else nn.BatchNorm2d
                part = kind(channels, eps=EPSILON, momentum=MOMENTUM)
            elif words[0] == "relu":
                part = nn.ReLU(inplace=True)
            elif words[0] == "maxpool":
                part = nn.MaxPool2d((1, int(words[1])))
                width //= int(words[1])
            elif words[0] in ("keep", "add"):
                part = Mark(words[0])
            elif words[0] == "dropout":
                part = nn.Dropout(float(words[1]))
            else:
                raise ValueError("layer '%s' is not known here" % " ".join(words))
            self.parts.append(part)
        self.outputs = channels

    def forward(self, x):
        with torch.autocast(x.device.type, enabled=False):  # precise curves have more digits than bfloat16
            x = self.parts[0](x)
        kept = None
        for part in self.parts[1:]:
            if isinstance(part, Mark):
                kept, x = (x, x) if part.word == "keep" else (None, x + kept)
                continue
            if isinstance(part, nn.Linear) and x.dim() > 2:
                x = x.flatten(1)
            x = part(x)
        return x.float()

    def write(self, path, trained_by):
        weight, state = [], []
        for part in self.parts:
            if isinstance(part, (nn.Conv2d, nn.Linear, nn.BatchNorm1d, nn.BatchNorm2d)):
                weight += [part.weight, part.bias]
            if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
                state += [part.running_mean, part.running_var]
        with open(path + ".part", "wb") as file:
            file.write(self.head(trained_by))
            for tensor in weight + state:
                file.write(tensor.detach().float().contiguous().cpu().numpy().astype("<f4").tobytes())
        os.replace(path + ".part", path)

    def head(self, trained_by):
        return ("saxid-weights-1\n%s\n%s\n\n" % (" ".join(trained_by.split()), self.text)).encode()


class Block(nn.Module):
    def __init__(self, channels, size, window):
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(channels, size, (1, window), padding=(0, window // 2), bias=False), nn.BatchNorm2d(size),
            nn.ReLU(inplace=True),
            nn.Conv2d(size, size, (1, window), padding=(0, window // 2), bias=False), nn.BatchNorm2d(size))
        self.beside = nn.Conv2d(channels, size, 1, bias=False) if size != channels else nn.Identity()

    def forward(self, x):
        return F.relu(self.path(x) + self.beside(x))


class Teacher(nn.Module):
    def __init__(self, channels, width, base, outputs):
        super().__init__()
        self.begin = nn.Conv2d(channels, base, (1, 7), padding=(0, 3))
        layers = [nn.BatchNorm2d(base), nn.ReLU(inplace=True), nn.MaxPool2d((1, 2))]
        sizes = [base, base * 3 // 2, base * 2, base * 3, base * 4]
        for k, size in enumerate(sizes):
            layers += [Block(sizes[max(k - 1, 0)], size, 5 if k < 3 else 3), Block(size, size, 5 if k < 3 else 3),
                       nn.MaxPool2d((1, 2))]
        self.middle = nn.Sequential(*layers)
        self.end = nn.Sequential(nn.Linear(sizes[-1] * (width >> (len(sizes) + 1)), 512), nn.BatchNorm1d(512),
                                 nn.ReLU(inplace=True), nn.Dropout(0.3), nn.Linear(512, outputs))
        self.outputs = outputs

    def forward(self, x):
        with torch.autocast(x.device.type, enabled=False):
            x = self.begin(x)
        return self.end(self.middle(x).flatten(1)).float()


def contrast(z, label, stranger):
    """Khosla et al. 2020, arXiv:2004.11362; strangers are only what others keep away from."""
    z = F.normalize(z, dim=1, eps=1e-6)
    cosine = z @ z.T / TEMPERATURE
    itself = torch.eye(len(z), dtype=torch.bool, device=z.device)
    cosine = cosine.masked_fill(itself, -1e9)
    friend = (label[:, None] == label[None, :]) & ~itself
    friends = friend.sum(1)
    anchor = ((label != stranger) & (friends > 0)).float()
    loss = torch.logsumexp(cosine, 1) - (cosine.masked_fill(~friend, 0).sum(1) / friends.clamp(min=1))
    return (loss * anchor).sum() / anchor.sum().clamp(min=1)


def is_taught(name):
    return not name.endswith("-plain")


# --- Training -------------------------------------------------------------------------------

class Training:
    """All networks, on one batch at a time; on a card the step is recorded once and replayed."""

    def __init__(self, students, teacher, classes, device, batch, channels, width, rate):
        self.students, self.teacher, self.classes, self.device = students, teacher, classes, device
        self.rate = rate
        self.x = torch.zeros(batch, channels, 1, width, device=device).to(memory_format=torch.channels_last)
        self.label = torch.zeros(batch, dtype=torch.long, device=device)
        self.trust = torch.zeros((), device=device)
        self.lr = torch.full((), 1e-6, device=device)
        self.losses = torch.zeros(len(students) + 1, device=device)
        nets = list(students.values()) + ([teacher] if teacher else [])
        decayed = [p for net in nets for p in net.parameters() if p.dim() > 1]
        others = [p for net in nets for p in net.parameters() if p.dim() <= 1]
        card = {"lr": self.lr, "fused": True, "capturable": True} if device.type == "cuda" else {}
        self.optimizer = torch.optim.AdamW([{"params": decayed, "weight_decay": DECAY},
                                            {"params": others, "weight_decay": 0.0}], **card)
        self.graph = None

    def amp(self):
        return torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda",
                              cache_enabled=False)

    def compute(self):
        total, known = 0, None
        with self.amp():
            if self.teacher:
                said = self.teacher(self.x)
                loss = F.cross_entropy(said, self.label)
                self.losses[-1].copy_(loss.detach())
                total, known = total + loss, said.detach().softmax(1)
            for k, (name, net) in enumerate(self.students.items()):
                out = net(self.x)
                margin = out[:, :self.classes + 1]
                loss = F.cross_entropy(margin, self.label)
                self.losses[k].copy_(loss.detach())
                if known is not None and is_taught(name):
                    soft = -(known * F.log_softmax(margin, 1)).sum(1).mean()
                    loss = loss + self.trust * (soft - loss)
                total = total + loss + CONTRAST * contrast(out[:, self.classes + 1:], self.label, self.classes)
        self.optimizer.zero_grad(set_to_none=True)
        total.backward()
        self.optimizer.step()

    def record(self):
        if self.device.type != "cuda":
            return
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                self.compute()
        torch.cuda.current_stream().wait_stream(side)
        self.graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(self.graph):
            self.compute()

    def step(self, x, label, part):
        self.x.copy_(x)
        self.label.copy_(label)
        rise = part / RISE if part < RISE else 0.5 * (1 + math.cos(math.pi * (part - RISE) / (1 - RISE)))
        if self.device.type == "cuda":
            self.lr.fill_(self.rate * max(rise, 1e-4))
        else:
            for group in self.optimizer.param_groups:
                group["lr"] = self.rate * max(rise, 1e-4)
        self.trust.fill_(TEACHER_PART * min(1.0, max(0.0, (part - TEACHER_FROM) / 0.1)))
        if self.graph is not None:
            self.graph.replay()
        else:
            self.compute()

    @torch.no_grad()
    def judge(self, held):
        """Of held-out curves of the classes, in per cent right; and loss over all, strangers too."""
        nets = dict(self.students, **({"teacher": self.teacher} if self.teacher else {}))
        words = []
        for name, net in nets.items():
            net.eval()
            right, loss, known = 0, 0.0, 0
            for at in range(0, len(held.label), 4096):
                label = held.label[at:at + 4096]
                with self.amp():
                    x = held.portrait[at:at + 4096].to(memory_format=torch.channels_last)
                    margin = net(x)[:, :self.classes + 1]
                loss += F.cross_entropy(margin, label, reduction="sum").item()
                mine = label < self.classes
                right += (margin[mine][:, :self.classes].argmax(1) == label[mine]).sum().item()
                known += mine.sum().item()
            net.train()
            words.append("%s %.2f %.4f" % (name, 100 * right / known, loss / len(held.label)))
        return ", ".join(words)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--batch", type=int, default=1024)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--teacher", type=int, default=0, metavar="WIDTH")
    parser.add_argument("--about", default="", help="what the card of the model should say of the libraries")
    parser.add_argument("--lots", action="append", required=True, metavar="COMMAND")
    parser.add_argument("network", nargs="+", metavar="NAME=LAYERS")
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.benchmark = True
    torch.manual_seed(1)

    students = {}
    for word in options.network:
        name, _, path = word.partition("=")
        try:
            with open(path) as file:
                students[name] = file.read()
            head = Student(students[name], CHANNELS, WIDTH).head(options.about)
        except (OSError, ValueError, IndexError) as error:
            sys.exit("train-gpu: network %s: %s" % (word, error))
        if len(head) > MOST_HEAD - 200:
            sys.exit("train-gpu: %d bytes about network %s are too many" % (len(head), name))

    lots = queue.Queue(maxsize=2)
    for command in options.lots:
        threading.Thread(target=read_lots, args=(command, lots), daemon=True).start()
    held, previous, training, begin = None, None, None, time.monotonic()
    seconds, told, met, starts, part = 60 * options.minutes, 0.0, 0, None, 0.0
    ended = []
    while part < 1 and len(ended) < len(options.lots):
        lot = lots.get()
        if isinstance(lot, str):
            ended.append(lot)
            continue
        lot = lot.to(device)
        if lot.held:
            held = held or lot
            continue
        if len(lot.label) < options.batch:
            sys.exit("train-gpu: %d curves of an epoch are fewer than a batch of %d" % (len(lot.label), options.batch))
        if training is None:
            students = {name: Student(text, CHANNELS, WIDTH).to(device, memory_format=torch.channels_last)
                        for name, text in students.items()}
            outputs = lot.classes + 1 + EMBEDDING
            for name, net in students.items():
                if net.outputs != outputs:
                    sys.exit("train-gpu: network %s has %d outputs, %d are needed" % (name, net.outputs, outputs))
            teacher = Teacher(CHANNELS, WIDTH, options.teacher, lot.classes + 1).to(
                device, memory_format=torch.channels_last) if options.teacher else None
            training = Training(students, teacher, lot.classes, device, options.batch, CHANNELS, WIDTH, options.rate)
            training.record()
            starts = time.monotonic()
        label, portrait = lot.label, lot.portrait
        if previous is not None:
            label, portrait = torch.cat([label, previous.label]), torch.cat([portrait, previous.portrait])
        order = torch.randperm(len(label), device=device)
        for at in range(0, len(label) - options.batch + 1, options.batch):
            which = order[at:at + options.batch]
            training.step(portrait[which], label[which], min(1.0, (time.monotonic() - starts) / seconds))
            if at // options.batch % 16 == 15 and device.type == "cuda":
                torch.cuda.synchronize()  # the clock sets the rate
        met += len(lot.label)
        previous = lot
        part = (time.monotonic() - starts) / seconds
        if part >= 1 or time.monotonic() - told > 45:
            told = time.monotonic()
            print("%4.0f s, %.1f M curves, loss %s; held out: %s" % (
                told - begin, met * 1e-6, " ".join("%.4f" % x for x in training.losses.tolist()),
                training.judge(held)), flush=True)
    if part < 1:
        sys.exit("train-gpu: curves ended after %.1f of %.1f minutes, before the learning rate was down; %s" % (
            0 if starts is None else (time.monotonic() - starts) / 60, options.minutes, "; ".join(ended)))
    card = torch.cuda.get_device_name(0) if device.type == "cuda" else "processor"
    for name, net in students.items():
        taught = ", taught by a network %d wide" % options.teacher if teacher and is_taught(name) else ""
        net.write(name + ".weights", "train-gpu.py on one %s, %.1f million curves, each twice, in %.0f minutes%s%s" % (
            card, met * 1e-6, (time.monotonic() - starts) / 60, taught, options.about and "; " + options.about))


if __name__ == "__main__":
    main()
