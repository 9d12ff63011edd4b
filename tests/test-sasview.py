#!/usr/bin/env python3
"""Does SasView itself open the seeds, with every parameter as it was written, and fit from there?

One page for each class, and one batch page."""
import json
import os
import signal
import subprocess
import sys
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import PyQt5.QtWidgets  # noqa: F401
    import sas.qtgui.MainWindow  # noqa: F401
    from seed_curves import cases, write_run
except ImportError as error:
    skip_all(f"no SasView ({error.name})")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")

# SasView runs in a process of its own: without a screen it never ends cleanly.
driver = r"""
import json, os, sys, time
import numpy
for name, kind in (("float", float), ("int", int), ("bool", bool)):
    if name not in vars(numpy):
        setattr(numpy, name, kind)  # bumps 0.9.0 asks for them
import matplotlib
matplotlib.use("Qt5Agg")
from PyQt5 import QtCore, QtWidgets
app = QtWidgets.QApplication([])
import sas.qtgui.Utilities.GuiUtils as GuiUtils
from sas.qtgui.MainWindow.MainWindow import MainSasViewWindow


def spin(seconds, until=lambda: False):
    end = time.time() + seconds
    while time.time() < end and not until():
        app.processEvents()
        time.sleep(0.01)


window = MainSasViewWindow(QtCore.QRect(0, 0, 1600, 1000), None)
window.guiManager.filesWidget.readProject(sys.argv[1])
spin(1)
tabs = window.guiManager._current_perspective.tabs
good = [tab for tab in tabs if tab.kernel_module is not None]
pages = []
for tab in good:
    module = tab.kernel_module
    widths = {name + ".width": module.getParam(name + ".width") for name in module.dispersion}
    page = {"model": module.id, "values": {name: module.getParam(name) for name in module.params}, "widths": widths,
            "fitted": list(tab.main_params_to_fit) + list(tab.poly_params_to_fit), "batch": bool(tab.is_batch_fitting),
            "points": [len(GuiUtils.dataFromItem(item).x) for item in tab.all_data]}
    pages.append(page)
chi2 = []
for tab in good if sys.argv[2] == "fit" else []:
    fitted = []
    tab.fittingFinishedSignal.connect(lambda *_: fitted.append(True))
    # loading has begun a calculation for each parameter, of which some may still run and end last: this one is
    # at once, until two say the same
    before = None
    for _ in range(20):
        spin(0.5)
        try:
            tab.calculateQGridForModelExt(use_threads=False)
        except TypeError:
            pass  # it hands the result on, and then once more as nothing
        if tab.chi2 == before:
            break
        before = tab.chi2
    tab.onFit()
    spin(60, lambda: fitted)
    spin(0.2)
    module = tab.kernel_module
    chi2.append([before, tab.chi2 if fitted else -1, {name: module.getParam(name) for name in module.params}])
if len(sys.argv) > 3:
    window.resize(1600, 1000)
    spin(1)
    window.grab().save(sys.argv[3])
print("RESULT " + json.dumps({"pages": pages, "chi2": chi2}), flush=True)
os._exit(0)
"""


def seed(*arguments):
    result = subprocess.run([saxid, "seed", "--format", "sasview", *arguments], capture_output=True, text=True, timeout=300)
    check(result.returncode == 0, f"saxid seed {' '.join(arguments)}", result)
    return result


def sasview(project, what):
    picture = [os.environ["SAXID_SASVIEW_PICTURE"]] if "SAXID_SASVIEW_PICTURE" in os.environ and what == "fit" else []
    # files instead of pipes, and a session of its own: what SasView starts may outlive it
    with open("out.txt", "w+") as out, open("err.txt", "w+") as err:
        process = subprocess.Popen([sys.executable, "driver.py", project, what, *picture], stdout=out, stderr=err,
                                   stdin=subprocess.DEVNULL, env=environment, start_new_session=True)
        try:
            process.wait(timeout=900)
        except subprocess.TimeoutExpired:
            pass
        os.killpg(process.pid, signal.SIGKILL) if process.poll() is None else None
        process.wait()
        out.seek(0)
        err.seek(0)
        text = out.read()
        line = [line[7:] for line in text.splitlines() if line.startswith("RESULT ")]
        check(len(line) == 1, f"SasView opens {project}", text[-1000:], err.read()[-2000:])
    return json.loads(line[0]) if line else None


def differences(written, found):
    """What SasView has otherwise than it was written; it keeps a few digits."""
    off = []
    for name, value in written.items():
        if not (isinstance(value, list) and len(value) in (6, 8) and value[0] in ("True", "False")):
            continue
        wanted, vary = float(value[1]), value[0] == "True"
        has = (found["widths"] if name.endswith(".width") else found["values"]).get(name)
        if has is None or abs(float(has) - wanted) > 2e-4 * max(abs(wanted), 1e-6) or vary != (name in found["fitted"]):
            off.append((name, wanted, has, vary))
    return off


def ids_of(project):
    return sorted(key for key in project if key[0] == "f" and key[1:].isdigit())


def single(path):
    seed("--candidates", "3", "--quiet", "-o", "all.json", path)
    with open("all.json") as file:
        project = json.load(file)
    # of each curve the page of its class
    for key in ids_of(project):
        entry, name = project[key]["fit_data"][0]["name"].split()[1:3]
        if entry.strip("/") != name:
            del project[key]
    with open("single.json", "w") as file:
        json.dump(project, file)
    written = [project[key]["fit_params"][0] for key in ids_of(project)]
    found = sasview("single.json", "fit")
    if found is None:
        return
    check(len(found["pages"]) == len(written) == len(cases), "a page for each class", len(found["pages"]), len(written))
    for fit, page, (before, after, values) in zip(written, found["pages"], found["chi2"]):
        name = fit["data_name"][0][0].split()[-1]
        off = differences(fit, page)
        check(not off and page["model"] == fit["fitpage_model"][0] and not page["batch"],
              f"{name}: every parameter, and whether it is fitted", off, page["model"])
        # the seed has a Schulz distribution, and SasView makes a Gaussian of it
        check(0 < after < 2 and after <= 1.05 * before and before < 1.5 * after,
              f"{name}: chi2 {before:.2f} at the seed, {after:.2f} after SasView's fit")
        main = cases[name][2]
        moved = float(values[main]) / float(fit[main][1]) - 1
        check(abs(moved) < 0.05, f"{name}: the fit moves {main} by {100 * moved:+.2f} %")


def batch(path):
    with h5py.File(path) as file, h5py.File("series.h5", "w") as series:
        entry = series.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"])
        intensity, sigma = file["oblate/data/I"][...], file["oblate/data/I_errors"][...]
        data["I"] = [intensity, 1.1 * intensity, 0.9 * intensity]
        data["I_errors"] = [sigma, 1.1 * sigma, 0.9 * sigma]
        data["Q"] = file["oblate/data/Q"][...]
        data["Q"].attrs["units"] = "1/angstrom"
        data["I"].attrs["units"] = "1/cm"
    result = seed("--batch", "-o", "batch.json", "series.h5")
    check("stands for 3 of 3 curves" in result.stderr, "and says which curve stands for all", result.stderr)
    with open("batch.json") as file:
        project = json.load(file)
    found = sasview("batch.json", "open")
    if found is None:
        return
    pages = [page for page in found["pages"] if page["batch"]]
    check(len(pages) == 1 and pages[0]["points"] == [240] * 3, "one batch page of three curves", found["pages"])
    for page in pages[:1]:
        off = differences(project["f0001"]["fit_params"][0], page)
        check(not off and page["model"] == "ellipsoid", "with every parameter", off)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    if "atlas" not in subprocess.run([saxid, "model", "info"], capture_output=True, text=True).stdout:
        skip_all("the shipped model has no atlas")
    with open("driver.py", "w") as file:
        file.write(driver)
    # with one thread SasView fits in forked processes, which may then never end
    environment = dict(os.environ, OMP_NUM_THREADS="2", QT_QPA_PLATFORM="offscreen", HOME=directory, XDG_RUNTIME_DIR=directory)
    write_run("run.h5")
    # SasView would compile the models in its threads, and a fork there may never end
    subprocess.run([sys.executable, "-c", "import sys; from sasmodels.core import load_model\n"
                    "for name in sys.argv[1:]: load_model(name)", *{model for model, *_ in cases.values()}],
                   env=environment, timeout=200, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    single("run.h5")
    batch("run.h5")
finish()
