"""Does `saxid train --technique` make a model that sort asks, and is a damaged one refused?

Two epochs of a few hundred frames teach little: what is looked at is the way of the model.
"""
import json
import os
import shutil
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import numpy as np
except ImportError as missing:
    skip_all("no h5py: %s" % missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()
model, frame = os.path.join(work, "technique.h5"), os.path.join(work, "frame.h5")


def run(*arguments):
    return subprocess.run([SAXID, *arguments], capture_output=True, text=True, env=dict(os.environ, SAXID_MODEL_PATH=work))


def sort(*arguments):
    done = run("sort", "--json", frame, *arguments)
    return (json.loads(done.stdout) if done.returncode == 0 else None), done


random = np.random.default_rng(3)
with h5py.File(frame, "w") as file:
    y, x = np.indices((300, 280))
    file.create_group("entry").attrs["NX_class"] = "NXentry"
    file["entry/instrument/detector/data"] = random.poisson(1e5 / (1 + np.hypot(x - 140, y - 150) ** 2)).astype(np.int32)

done = run("train", "--technique", "--frames", "256", "--epochs", "2", "--threads", "2", "--quiet", "-o", model)
check(done.returncode == 0 and "calibration error" in done.stdout and len(done.stdout.splitlines()) == 6, "it trains and says how good it is",
      done.stdout, done.stderr)
with h5py.File(model, "r") as file:
    card = json.loads(file["text/card"][0])
    check(len(file.attrs["sha256"]) == 64 and card["command"] == "saxid train --technique --frames 256 --epochs 2 --rate 0.002 --seed 1"
          and 0 <= card["right"] <= 1 and 0.05 <= file["array/temperature"][0] <= 20, "the file has a checksum and a card", card)
row, done = sort()
check(row is not None and row["image"] is not None and 0 < row["grazing"] < 1 and row["agreement"] == "image", "sort asks it", row, done.stderr)
other, done = sort("--headers")
check(other["image"] is None and other["technique"] is None, "and not where headers alone are wanted", other)

again = os.path.join(work, "again.h5")
run("train", "--technique", "--frames", "256", "--epochs", "2", "--threads", "1", "--quiet", "-o", again)
with h5py.File(again, "r") as one, h5py.File(model, "r") as two:
    check(one.attrs["sha256"] == two.attrs["sha256"], "the same command makes the same model")

done = run("train", "--technique", "--start", model, "--frames", "256", "--epochs", "1", "--seed", "2", "--threads", "1", "--quiet", "-o", again)
with h5py.File(again, "r") as file:
    check(done.returncode == 0 and json.loads(file["text/card"][0])["command"]
          == "saxid train --technique --start technique.h5 --frames 256 --epochs 1 --rate 0.0005 --seed 2", "it goes on from a model", done.stderr)
grown = os.path.join(work, "grown.h5")
done = run("train", "--technique", "--start", model, "--grow", "--frames", "256", "--epochs", "1", "--seed", "2", "--threads", "1", "--quiet", "-o", grown)
with h5py.File(grown, "r") as file, h5py.File(model, "r") as old:
    check(done.returncode == 0 and " --grow " in json.loads(file["text/card"][0])["command"] and b"\nadd\n" in file["text/network"][0]
          and len(file["blob/network_halves"]) > len(old["blob/network_halves"]), "and makes a larger one of it", done.stderr)
done = run("train", "--technique", "--start", grown, "--grow", "--frames", "256", "--epochs", "1", "--quiet", "-o", again)
check(done.returncode == 1 and "residual blocks already" in done.stderr and len(done.stderr.splitlines()) == 1, "once", done.stderr)
done = run("train", "--technique", "--start", frame, "--frames", "256", "--epochs", "1", "-o", again)
check(done.returncode == 1 and frame in done.stderr and len(done.stderr.splitlines()) == 1, "what is no model is no start", done.stderr)

mean, next_one = os.path.join(work, "mean.h5"), os.path.join(work, "next.h5")
run("train", "--technique", "--start", model, "--frames", "256", "--epochs", "1", "--seed", "2", "--threads", "1", "--quiet", "-o", next_one)
done = run("train", "--technique", "--mean", model, "--mean", next_one, "--frames", "256", "--seed", "5", "-o", mean)
with h5py.File(mean, "r") as file, h5py.File(model, "r") as one, h5py.File(next_one, "r") as two:
    weights = [np.frombuffer(each["blob/network_halves"][()].tobytes(), "<f2").astype(float) for each in (file, one, two)]
    check(done.returncode == 0 and np.allclose(weights[0], (weights[1] + weights[2]) / 2, rtol=1e-3, atol=1e-6) and (weights[1] != weights[2]).any()
          and json.loads(file["text/card"][0])["command"] == "saxid train --technique --mean technique.h5 --mean next.h5 --frames 256 --seed 5",
          "the mean of two networks lies between them", done.stderr)
done = run("train", "--technique", "--mean", model, "--mean", grown, "--frames", "256", "-o", mean)
check(done.returncode == 1 and "other layers" in done.stderr and len(done.stderr.splitlines()) == 1, "which have the same layers", done.stderr)

shutil.copyfile(model, again)
with h5py.File(model, "r+") as file:
    file["blob/network_halves"][7] ^= 1
row, done = sort()
check(done.returncode == 1 and len(done.stderr.splitlines()) == 1 and "checksum" in done.stderr and model in done.stderr,
      "a model whose bytes have changed is refused", done.stderr)
with open(model, "wb") as file:
    file.write(b"no model")
row, done = sort()
check(done.returncode == 1 and len(done.stderr.splitlines()) == 1, "and so is what is none", done.stderr)
for words, arguments in (("no data set", ("set.h5", "-o", again)), ("-o MODEL.h5", ()), ("--frames is 3", ("--frames", "3", "-o", again)), ("--grow", ("--grow", "-o", again)),
                         ("two networks", ("--mean", again, "-o", mean))):
    done = run("train", "--technique", *arguments)
    check(done.returncode == 2 and words in done.stderr and len(done.stderr.splitlines()) == 1, words + ": refused", done.stderr)

shutil.rmtree(work)
finish()
