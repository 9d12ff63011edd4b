#!/usr/bin/env python3
"""Does a person get from saxid simulate to a tagged file, with the program alone?"""
import json
import os
import signal
import subprocess
import tempfile
import time

from tap import check, finish, skip_all

try:
    import h5py
    import numpy
except ImportError as error:
    skip_all(f"no {error.name}")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")


def run(*arguments):
    return subprocess.run([saxid, *arguments], capture_output=True, text=True, timeout=600)


def read(path):
    with open(path, "rb") as file:
        return file.read()


def one_line(result, code):
    return (result.returncode == code and result.stdout == "" and result.stderr.count("\n") == 1
            and result.stderr.startswith("saxid "))


def simulate():
    result = run("simulate", "-o", "x.h5", "-n", "360", "--seed", "3", "--plot", "x.svg", "--threads", "1")
    check(result.returncode == 0 and "360 curves of 9 classes" in result.stdout, "a set for the first instrument",
          result)
    result = run("simulate", "-o", "n.h5", "-n", "90", "-i", "nanoinxiderhr", "--seed", "3", "--quiet")
    check(result.returncode == 0 and result.stderr == "", "a set for the second one, quietly", result)
    check(read("x.svg").count(b"</text>") > 9 and b"<svg" in read("x.svg"), "a picture of each class")
    run("simulate", "-o", "again.h5", "-n", "360", "--seed", "3", "--threads", "2")
    check(read("x.h5") == read("again.h5"), "the same bytes on two threads")
    os.remove("again.h5")
    with h5py.File("x.h5") as file:
        names = [name.decode() for name in file["class"][...]]
        label = file["label"][...]
        intensity = file["curves/I"][...]
        sigma = file["curves/sigma"][...]
        check(len(names) == 9 and numpy.array_equal(label, numpy.arange(360) % 9), "classes take turns", names)
        check(intensity.shape == (360, 890) and numpy.isfinite(intensity).all() and (sigma > 0).all(),
              "curves with uncertainties")
        check(file["curves/q"].attrs["units"] in (b"1/angstrom", "1/angstrom"), "q has a unit")
        check(str(file.attrs["seed"]).strip("b'") == "3", "the seed is recorded", file.attrs["seed"])
    result = run("simulate", "-o", "clean.h5", "-n", "9", "--noiseless", "--plot", "clean.png")
    with h5py.File("clean.h5") as file:
        check(result.returncode == 0 and (file["curves/I"][...] > 0).all() and (file["curves/sigma"][...] == 0).all(),
              "noiseless curves", result)
    check(read("clean.png").startswith(b"\x89PNG"), "a picture as PNG")


tiny = ["--rounds", "4", "--depth", "4", "--folds", "3"]


def checksum(model):
    result = run("model", "info", model)
    lines = [line.split("sha256:")[1] for line in result.stdout.splitlines() if "sha256:" in line]
    return lines[0] if result.returncode == 0 and len(lines) == 1 else f"none: {result}"


def train():
    result = run("train", "x.h5", "n.h5", "-o", "one.saxid-model", "--threads", "1", *tiny)
    check(result.returncode == 0 and "accuracy" in result.stdout, "a model", result)
    sums = [checksum("./one.saxid-model")]
    for name, threads in (("two", "2"), ("three", "1")):
        run("train", "x.h5", "n.h5", "-o", f"{name}.saxid-model", "--threads", threads, *tiny)
        sums.append(checksum(f"./{name}.saxid-model"))
    check(sums[0] == sums[2], "the same command makes the same model", sums)
    check(sums[0] == sums[1], "and so on two threads", sums)
    run("train", "x.h5", "n.h5", "-o", "other.saxid-model", "--seed", "2", *tiny)
    check(checksum("./other.saxid-model") not in sums, "another seed makes another model")

    result = run("model", "info", "./one.saxid-model")
    check("450" not in result.stderr and "Xeuss1800HR" in result.stdout and "NanoInXiderHR" in result.stdout
          and "saxid train" in result.stdout and os.getcwd() not in result.stdout, "what it was trained on", result)
    with h5py.File("one.saxid-model") as file:
        card = json.loads(file["text/card"][0])
    found = card["cross_validation"]
    rows = [sum(entry["predicted_as"]) for entry in found["class"].values()]
    check(sum(rows) == 450 and len(found["fold_accuracy"]) == 3, "the card counts every curve once", found)
    check(0.2 < found["accuracy"] < 0.9, "better than chance, and not too good", found["accuracy"])
    check(card["command"] == "saxid train --preprocess TH,IntN,LOG,STD,QLOG --rounds 4 --depth 4 --rate 0.15"
          " --columns 0.2 --folds 3 --seed 1 x.h5 n.h5 -o MODEL.saxid-model", "the command is in the card", card["command"])
    result = run("train", "x.h5", "-o", "network.saxid-model", "--representation", "CNN", "--effort", "0.4", "--threads",
                 "2", *tiny)
    check(result.returncode == 0 and "accuracy" in result.stdout, "a model with a network", result)
    result = run("tag", "--json", "--dry-run", "--quiet", "--model", "./network.saxid-model", "--path", "I=/curves/I",
                 "--path", "q=/curves/q", "x.h5")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    check(result.returncode == 0 and len(lines) == 360
          and all(abs(sum(line["probability"].values()) - 1) < 1e-4 for line in lines), "tags every curve", result.stderr)
    with h5py.File("x.h5") as file:
        names = [name.decode() for name in file["class"][...]]
        right = numpy.mean([line["label"] == names[k % 9] for k, line in enumerate(lines)])
    check(right > 0.25, "better than chance", right)
    with h5py.File("network.saxid-model") as file:
        text = file["text/network"][0].decode()
        check(text.startswith("conv 64 7\nrelu\n") and file["blob/network_weights"].shape[0] == 4 * 175241,
              "its layers and weights are in the file", text)
    result = run("train", "x.h5", "-o", "no.saxid-model", "--representation", "PCA90", *tiny)
    check(result.returncode == 1 and "I and CNN do" in result.stderr, "a representation that makes no model", result)

    result = run("model", "card", "./one.saxid-model")
    check(result.returncode == 0 and result.stdout.count("\n|") == 11, "the card as a page", result)


def tag():
    with h5py.File("x.h5") as source, h5py.File("run.nxs", "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs["NX_class"] = "NXdata"
        data.attrs["signal"] = "I"
        data.attrs["axes"] = [".", "q"]
        data["q"] = source["curves/q"][...]
        data["q"].attrs["units"] = "1/angstrom"
        data["I"] = source["curves/I"][:27]
        data["I"].attrs["units"] = "1/cm"
        data["I_errors"] = source["curves/sigma"][:27]
        labels = [source["class"][k].decode() for k in source["label"][:27]]
    result = run("tag", "--json", "--model", "./one.saxid-model", "run.nxs")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    right = sum(line["label"] == label for line, label in zip(lines, labels))
    check(result.returncode == 0 and len(lines) == 27, "every frame is tagged", result)
    check(right > 9, "by a model that knows them", right)
    check(all(abs(sum(line["probability"].values()) - 1) < 1e-4 for line in lines), "probabilities sum to one")
    with h5py.File("run.nxs") as file:
        sum_of_file = file["entry/saxid/model/checksum"][()]
    check(checksum("./one.saxid-model") in str(sum_of_file), "the file names the model", sum_of_file)


def calibration_error(confidence, right):
    """In 15 bins of equal width."""
    bins = numpy.minimum((15 * confidence).astype(int), 14)
    return sum(abs(confidence[bins == k].sum() - right[bins == k].sum()) for k in range(15)) / len(right)


def library():
    """A model for any instrument, and the page on how good it is."""
    run("simulate", "--library", "-n", "1350", "--seed", "5", "-o", "lib.h5", "--quiet")
    result = run("train", "lib.h5", "-o", "any.saxid-model", "--epochs", "3", "--quiet")
    check(result.returncode == 0 and "strangers:" in result.stdout, "a model of a library", result)
    result = run("model", "card", "./any.saxid-model")
    check(result.returncode == 0 and "- particles: dilute" in result.stdout and "- instruments: neutrons" in result.stdout
          and "- fault: shadow of the beam stop, 20 %" in result.stdout and "- no faults: 0 %" in result.stdout and "- strangers: power_law, poly_gauss_coil" in result.stdout,
          "its card says what it has met", result.stdout)
    with h5py.File("any.saxid-model") as file:
        text = file["text/network"][0].decode()
        size = file["blob/gallery"].shape[0]
    check(text.endswith("dense 10"), "what only the contrast saw is cut off", text)
    check(size % (1 + 4 * (1 + 256 + 256)) == 0 and size > 100 * 4 * 513, "a gallery is in the file", size)
    result = run("model", "evaluate", "--on", "x.h5", "--on", "n.h5", "--strangers", "x.h5", "--measured", "run.nxs=sphere", "--measured", "run.nxs=none,oblate",
                 "-o", "page", "./any.saxid-model")
    check(result.returncode == 0 and sorted(os.listdir("page")) == ["any-calibration.svg", "any-counts.svg", "any-evaluation.md"],
          "a page and its plots", result)
    with open("page/any-evaluation.md") as file:
        page = file.read()
    counts = [line.split(" | ") for line in page[:page.index("| curve | is |")].splitlines() if line.startswith("| ")][1:]
    answers = [line.split(" | ") for line in page.splitlines() if line.startswith("| run.nxs")]
    half = len(answers) // 2
    check(page.index("## Measured curves") < page.index("## As a whole") and half > 0 and f"Of {half} curves of known shape and {half} of none" in page
          and {row[1] for row in answers[:half]} == {"sphere"} and {row[1] for row in answers[half:]} == {"none"},
          "measured curves come first", page[:2000])
    check(all(int(row[1]) == sum(answer[2 + way].split()[0] == "sphere" and "refused" not in answer[2 + way] for answer in answers[:half])
              for way, row in enumerate(counts)), "and are counted", counts, answers)
    row = next(line for line in page.splitlines() if line.startswith("| x |")).replace(" (", "|").split("|")
    with open("even.prior", "w") as file: # a page is of the network, and of as many curves of each class
        file.write("[prior]\nsphere = 1\n")
    lines = [json.loads(line) for line in run("tag", "--json", "--dry-run", "--quiet", "--network", "--prior", "even.prior",
                                              "--model", "./any.saxid-model", "--path", "I=/curves/I", "--path", "q=/curves/q", "--path",
                                              "sigma=/curves/sigma", "x.h5").stdout.splitlines()]
    with h5py.File("x.h5") as file:
        names = [name.decode() for name in file["class"][...]]
    truth = [names[k % 9] for k in range(360)]
    right = numpy.array([line["label"] == name for line, name in zip(lines, truth)])
    confidence = numpy.array([line["confidence"] for line in lines])
    covered = numpy.mean([name in line["prediction_set"] for line, name in zip(lines, truth)])
    told = [float(row[k]) for k in (5, 6, 7, 8, 9, 11, 12, 13)]  # without what a set is, and what is by chance
    meant = [-numpy.mean([numpy.log(line["probability"][name]) for line, name in zip(lines, truth)]), 360,
             100 * right.mean(), 100 * (confidence - right).mean(), calibration_error(confidence, right), 100 * covered,
             numpy.mean([len(line["prediction_set"]) for line in lines]), 100 * numpy.mean([line["outlier"] for line in lines])]
    check(numpy.allclose(told, meant, rtol=0, atol=[2e-3, 0, 0.06, 0.06, 6e-4, 0.06, 6e-3, 0.06]),
          "its figures are those of the tags", told, meant)
    areas = [line.split("|")[3:-1] for line in page.splitlines() if line.startswith("| **mean** |")][0]
    check(0.4 < float(areas[0].strip(" *")) < 0.6, "a set is not strange beside itself", areas)
    check(page.count("| run.nxs, /entry, frame ") == 2 * 27 and "Directory" not in page and directory not in page,
          "each measured curve has its row", page)
    result = run("report", "-m", "./any.saxid-model", "run.nxs", "--frame", "3", "-o", "report.html")
    page = read("report.html").decode()
    examples = page.partition("<details>")[2].partition("</details>")[0]
    check(result.returncode == 0 and examples.count("<svg") == 1 and "Distances 0." in examples
          and sum(examples.count(f">{name.replace('core_shell', 'core-shell').replace('_', ' ')}<") for name in names) >= 4,
          "a report shows the nearest of the gallery", result, examples[-400:])
    result = run("train", "lib.h5", "-o", "one-instrument.saxid-model", "--epochs", "1", "--instrument", "LabPinhole", "--clean", "1",
                 "--quiet")
    card = run("model", "card", "./one-instrument.saxid-model").stdout
    check(result.returncode == 0 and "--instrument LabPinhole --clean 1" in card and "- instrument: LabPinhole" in card,
          "a model for one instrument", result, card)
    for arguments in (["train", "lib.h5", "-o", "y.saxid-model", "--instrument", "none"],
                      ["train", "lib.h5", "-o", "y.saxid-model", "--clean", "2"], ["model", "evaluate"],
                      ["model", "info", "--on", "x.h5"]):
        result = run(*arguments)
        check(one_line(result, 2), "usage: saxid " + " ".join(arguments), result)
    for arguments in (["--on", "lib.h5"], ["--on", "x.h5", "--measured", "run.nxs"], ["--on", "missing.h5"]):
        result = run("model", "evaluate", *arguments, "./any.saxid-model")
        check(one_line(result, 1), "failure: saxid model evaluate " + " ".join(arguments), result)


def misuse():
    with open("text.h5", "w") as file:
        file.write("no data set\n")
    with h5py.File("empty.h5", "w") as file:
        file["x"] = 1
    usage = [
        ["simulate"], ["simulate", "-o", "y.h5", "more"], ["simulate", "-o", "y.h5", "-n", "0"],
        ["simulate", "-o", "y.h5", "-n", "many"], ["simulate", "-o", "y.h5", "-p", "none"],
        ["simulate", "-o", "y.h5", "-i", "none"], ["simulate", "-o", "y.h5", "--threads", "0"],
        ["simulate", "-o", "y.h5", "--seed", "-1"], ["simulate", "-o", "y.h5", "--plot", "y.pdf"],
        ["train"], ["train", "x.h5"], ["train", "-o", "y.saxid-model"],
        ["train", "x.h5", "-o", "y.saxid-model", "--folds", "1"],
        ["train", "x.h5", "-o", "y.saxid-model", "--rounds", "0"],
        ["train", "x.h5", "-o", "y.saxid-model", "--depth", "99"],
        ["train", "x.h5", "-o", "y.saxid-model", "--rate", "nan"],
        ["train", "x.h5", "-o", "y.saxid-model", "--threads", "-3"],
        ["model"], ["model", "dance"], ["model", "info", "a", "b"],
    ]
    for arguments in usage:
        result = run(*arguments)
        check(one_line(result, 2), "usage: saxid " + " ".join(arguments), result)
    failures = [
        ["simulate", "-o", "no/such/place.h5", "-n", "9"],
        ["simulate", "-o", "y.h5", "-n", "9", "--quiet", "--plot", "no/such/place.svg"],
        ["train", "missing.h5", "-o", "y.saxid-model"], ["train", "text.h5", "-o", "y.saxid-model"],
        ["train", "empty.h5", "-o", "y.saxid-model"], ["train", ".", "-o", "y.saxid-model"],
        ["train", "x.h5", "-o", "no/such/place.saxid-model"],
        ["train", "x.h5", "-o", "y.saxid-model", "--preprocess", "TH,WHAT"],
        ["train", "clean.h5", "-o", "y.saxid-model"],
        ["model", "info", "./missing.saxid-model"], ["model", "info", "./text.h5"], ["model", "info", "./x.h5"],
        ["tag", "--model", "./x.h5", "run.nxs"],
    ]
    for arguments in failures:
        result = run(*arguments)
        check(one_line(result, 1), "failure: saxid " + " ".join(arguments), result)
    check(not os.path.exists("y.h5") and not os.path.exists("y.saxid-model"), "nothing was written")


def leftovers():
    return [name for name in os.listdir(".") if name.endswith(".part") or name.startswith(".")]


def interrupt(number, *arguments):
    """Sends a signal as soon as the program has begun to write."""
    process = subprocess.Popen([saxid, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not leftovers() and process.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(0.3)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return process.returncode, err


def stop():
    old = read("x.h5")
    for number in (signal.SIGINT, signal.SIGTERM):
        code, err = interrupt(number, "simulate", "-o", "x.h5", "-n", "100000000", "--threads", "1")
        if os.path.exists("x.h5.part"):  # for the next run to go on from: test-simulate.py
            os.remove("x.h5.part")
        check(code == 1 and "interrupted" in err.splitlines()[-1], f"simulate ends on {number.name}", code, err)
        check(leftovers() == [] and read("x.h5") == old, "and leaves everything as it was", os.listdir("."))
    process = subprocess.Popen([saxid, "train", "x.h5", "-o", "z.saxid-model", "--rounds", "100000", "--threads", "1"],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    check(process.returncode == 1 and "stopped" in err.splitlines()[-1], "training ends on SIGINT", err)
    check(leftovers() == [] and not os.path.exists("z.saxid-model"), "and leaves nothing", os.listdir("."))


with tempfile.TemporaryDirectory(prefix="saxid-train-") as directory:
    os.chdir(directory)
    for part in (simulate, train, tag, library, misuse, stop):
        try:
            part()
        except Exception as error:  # the plan must come, whatever happened
            check(False, part.__name__, repr(error))
    os.chdir("/")
finish()
