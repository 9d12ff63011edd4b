#!/usr/bin/env python3
"""Does a fit begin where it should? The curves are sasmodels', the seeds saxid's, and
sasmodels judges: its chi-square at the seed, and how far the sizes are from the truth."""
import json
import os
import subprocess
import sys
import tempfile

from tap import check, finish, note, skip_all

try:
    import h5py
    import numpy
    from sasmodels.data import load_data
    from seed_curves import cases, intensity, write_run
except ImportError as error:
    skip_all(f"no {error.name}")

saxid = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")


def run(*arguments):
    return subprocess.run([saxid, *arguments], capture_output=True, text=True, timeout=600)



def parameters_of(fit):
    skip = {"model_name", "fitpage_category", "fitpage_model", "fitpage_structure", "tab_name", "tab_index"}
    return {name: float(value[1]) for name, value in fit.items()
            if name not in skip and len(value) in (6, 8) and value[0] in ("True", "False")}


def project(path):
    result = run("seed", "--format", "sasview", "--candidates", "3", "-o", "seeds.json", "--quiet", path)
    check(result.returncode == 0 and result.stdout == "" and result.stderr == "", "a project for SasView", result)
    with open("seeds.json") as file:
        pages = json.load(file)
    check(pages["visible_perspective"] == "Fitting" and pages["is_batch"] == "False", "as SasView wants it")
    found = {}
    for key, page in pages.items():
        if key[0] != "f" or not key[1:].isdigit():
            continue
        fit = page["fit_params"][0]
        entry, name = page["fit_data"][0]["name"].split()[1:3]
        found.setdefault(entry.strip("/"), {})[name] = (fit, page["fit_data"][0])
    check(sorted(found) == sorted(cases) and all(len(each) == 3 for each in found.values()), "three fits for each curve",
          {entry: list(each) for entry, each in found.items()})
    return found


def within(found):
    """Every value of every page lies between its bounds, and is a number."""
    off = [(entry, name, key, value) for entry, pages in found.items() for name, (fit, _) in pages.items()
           for key, value in fit.items() if len(value) in (6, 8) and value[0] in ("True", "False")
           and not float(value[3]) <= float(value[1]) <= float(value[4])]
    check(not off, "every value is between its bounds", off)


def standard_errors(found):
    """Against the covariance of what the page has, by sasmodels' derivatives."""
    for name in ("prolate", "core_shell_sphere", "core_shell_cylinder"):
        model, _, size, _ = cases[name]
        fit, data = found[name][name]
        q, dy = (numpy.array(data[axis]["data"]) for axis in ("x", "dy"))
        points, deviations, kind = fit[f"{size}.width"][5:]
        values = parameters_of(fit)
        free = [key for key, value in fit.items() if len(value) in (6, 8) and value[0] == "True"]

        def theory(shift):
            moved = {key: value + shift.get(key, 0) for key, value in values.items()}
            width = moved.pop(f"{size}.width")
            return intensity(model, q, moved, size, width, kind, int(points), float(deviations))

        columns = []
        for key in free:
            step = 1e-3 * max(abs(values[key]), 1e-6)
            columns.append((theory({key: step}) - theory({key: -step})) / (2 * step) / dy)
        norms = [numpy.linalg.norm(column) for column in columns]
        scaled = numpy.array([column / norm for column, norm in zip(columns, norms)])
        wanted = numpy.sqrt(numpy.diag(numpy.linalg.inv(scaled @ scaled.T))) / norms
        ratio = {key: float(fit[key][2]) / error for key, error in zip(free, wanted)}
        check(all(0.8 < each < 1.4 for each in ratio.values()), f"{name}: standard errors are those of sasmodels' covariance", ratio)


def judge(found):
    for name, (model, truth, size, sizes) in cases.items():
        if name not in found.get(name, {}):
            note(f"{name}: the model's candidates are {list(found.get(name, {}))}")
            continue
        fit, data = found[name][name]
        values = parameters_of(fit)
        width = values.pop(f"{size}.width")
        q, y, dy = (numpy.array(data[axis]["data"]) for axis in ("x", "y", "dy"))
        points, deviations, kind = fit[f"{size}.width"][5:]
        theory = intensity(model, q, values, size, width, kind, int(points), float(deviations))
        chi2 = float(numpy.mean(((y - theory) / dy) ** 2))
        off = {key: values[key] / truth[key] - 1 for key in sizes}
        check(fit["fitpage_model"] == [model] and chi2 < 1.35, f"{name}: sasmodels finds chi2 {chi2:.2f} at the seed", off)
        check(abs(off[sizes[0]]) < 0.1, f"{name}: {sizes[0]} is {100 * off[sizes[0]]:+.1f} % off", off, width)


def texts(path):
    result = run("seed", "--format", "clipboard", "--quiet", "--frame", "0", "one.h5")
    records = result.stdout.strip().split(":")
    check(result.returncode == 0 and records[0] == "sasview_parameter_values" and records[1].startswith("model_name,")
          and any(record.startswith("scale,True,") for record in records), "the clipboard", result)
    result = run("seed", "--format", "clipboard", "--quiet", path)
    check(result.returncode == 1 and result.stderr.count("\n") == 1, "of one curve only", result)
    try:
        import sas.sascalc.dataloader.loader  # noqa: F401
    except ImportError:
        note("no SasView: what sasmodels loads through it is not tried")
        return
    result = run("seed", "--format", "nxcansas", "-o", "curves.h5", "--quiet", path)
    loaded = load_data("curves.h5", index="all") if result.returncode == 0 else []
    check(len(loaded) == len(cases), "the curves as sasmodels loads them", result, len(loaded))
    with h5py.File(path) as file:
        same = [numpy.allclose(one.y, file[name]["data/I"][...], rtol=1e-12) and
                numpy.allclose(one.dy, file[name]["data/I_errors"][...], rtol=1e-12)
                for one, name in zip(loaded, sorted(cases))]
    check(len(same) == len(cases) and all(same), "with every number equal", same)
    run("seed", "--format", "nxcansas", "-o", "one-curve.h5", "--quiet", "one.h5")
    result = run("seed", "--format", "bumps", "-o", "fit.py", "--quiet", "one.h5")
    probe = ("import sys; sys.argv = ['fit.py', 'one-curve.h5']\n"
             "scope = {}\nexec(open('fit.py').read(), scope)\nprint(scope['problem'].chisq())")
    after = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, timeout=300)
    if "No module named 'bumps'" in after.stderr:
        note("no bumps: the script is written, not run")
    else:
        check(after.returncode == 0 and float(after.stdout.split()[-1]) < 1.6, "the bumps script runs as it is",
              after.stdout, after.stderr[-500:])


def in_the_file(path):
    result = run("tag", "--seeds", "--json", "--quiet", path)
    lines = {line["entry"].strip("/"): line for line in map(json.loads, result.stdout.splitlines())}
    check(result.returncode == 0 and sorted(lines) == sorted(cases)
          and all(line["seed"] and line["chi2"] is not None for line in lines.values()), "a seed for each curve", result.stderr)
    right = [name for name, line in lines.items() if line["label"] == name]
    check(len(right) >= len(cases) - 2, "with fits nearly all classes are right", right)
    quick = {line["entry"].strip("/"): line for line in map(json.loads, run(
        "tag", "--fast", "--dry-run", "--json", "--quiet", path).stdout.splitlines())}
    check(sorted(quick) == sorted(cases) and all(quick[name]["probability"] != lines[name]["probability"] for name in cases),
          "--fast leaves the fits out")
    wrong = [name for name, line in lines.items() if cases[line["label"]][0] != line["seed"]["model"]]
    check(not wrong, "the fit of a curve is that of its label", wrong)
    wrong = []
    with h5py.File(path) as file:
        for name, line in lines.items():
            groups = {key: group for key, group in file[name]["saxid"].items() if key.startswith("seed_")}
            best = max(groups.values(), key=lambda group: group["weight"][0])
            seed = {key: value for key, value in line["seed"].items() if key not in ("model", "limits")}
            if (len(groups) != 3 or best.attrs["model"].decode() != line["seed"]["model"]
                    or abs(sum(group["weight"][0] for group in groups.values()) - 1) > 1e-9
                    or best.attrs["order"].decode().split() != list(seed)
                    or any(abs(best[key][0] - value) > 1e-5 * abs(value) for key, value in seed.items())):
                wrong.append(name)
    check(not wrong, "the file has what the line says, and two more fits", wrong)


def nothing_near():
    """Peaks of a powder: what the network says of them counts no longer."""
    q = numpy.geomspace(0.01, 0.5, 300)
    peaks = sum(1000 / order * numpy.exp(-0.5 * ((q - 0.107 * order) / 0.006) ** 2) for order in (1, 2, 3, 4)) + 1e-3
    with h5py.File("powder.h5", "w") as file:
        entry = file.create_group("powder")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
        data["I"], data["I_errors"], data["Q"] = peaks, 0.01 * peaks, q
        data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", "1/cm"
    line = json.loads(run("tag", "--dry-run", "--json", "--quiet", "powder.h5").stdout)
    check(line["outlier"] and "no form factor comes near" in line["note"], "what no form factor comes near is flagged, and says so",
          line)
    with h5py.File("powder.h5", "a") as file:
        data = file["powder/data"]
        data["I"][...] = 1 + numpy.random.default_rng(2).standard_normal(len(q))
        data["I_errors"][...] = 1
    line = json.loads(run("tag", "--dry-run", "--json", "--quiet", "powder.h5").stdout)
    check(line["outlier"] and "a constant describes the curve" in line["note"], "noise is flagged, and says so", line)


def refusals(path):
    for arguments, name in ((("--format", "word", path), "an unknown format"), (("--candidates", "0", path), "no fits"),
                            ((), "no file"), (("-o", "x.json", path), "a file without a format")):
        result = run("seed", *arguments)
        check(result.returncode == 2 and result.stdout == "" and result.stderr.count("\n") == 1, name, result)
    result = run("seed", "--frame", "7", "--quiet", path)
    check(result.returncode == 1 and "frame 7 is not there" in result.stderr, "a frame that is not there", result)
    with h5py.File("hostile.h5", "w") as file:
        data = file.create_group("a'b\";:c/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes="Q")
        q = numpy.geomspace(0.01, 0.3, 100)
        data["Q"], data["I"] = q, 1 / (1 + (40 * q) ** 4) + 1e-4
        data["Q"].attrs["units"] = "1/angstrom"
    result = run("seed", "--format", "bumps", "--quiet", "hostile.h5")
    try:
        compile(result.stdout, "fit.py", "exec")
        sound = True
    except SyntaxError:
        sound = False
    check(result.returncode == 0 and sound, "a name with quotes does not leave its string", result)


def write_frames(path, intensity, sigma, q, **more):
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"] if numpy.ndim(intensity) == 2 else "Q", **more)
        data["I"], data["Q"] = intensity, q
        data["I"].attrs["units"] = "1/cm"
        data["Q"].attrs["units"] = "1/angstrom"
        if sigma is not None:
            data["I_errors"] = sigma


def what_was_left_out():
    with h5py.File("one.h5") as file:
        q, intensity, sigma = (file[f"sphere/data/{name}"][...] for name in ("Q", "I", "I_errors"))
    intensity[[3, 9]], sigma[20] = numpy.nan, 1e6
    write_frames("holes.h5", intensity, sigma, q)
    said = "left out: 2 points without a number, 1 point whose sigma is out of all proportion"
    result = run("seed", "-c", "1", "holes.h5")
    check(result.returncode == 0 and f"\n  note: {said}\n" in result.stdout, "what was left out is said", result)
    result = run("seed", "--format", "bumps", "-c", "1", "-o", "holes.py", "holes.h5")
    check(result.returncode == 0 and f"saxid seed: note: {said} (holes.h5 " in result.stderr, "of what is written, too", result)
    result = run("seed", "--format", "nxcansas", "-o", "holes-out.h5", "holes.h5")
    with h5py.File("holes-out.h5") as file:
        notes = [numpy.ravel(each[()])[0].decode() for each in file["sasentry01/sasprocess01"].values() if each.dtype.kind == "S"]
    check(said in notes, "and is in an export", result, notes)


def what_cannot_be_fitted():
    with h5py.File("one.h5") as file:
        q, intensity, sigma = (file[f"sphere/data/{name}"][...] for name in ("Q", "I", "I_errors"))
    write_frames("nothing.h5", 0 * intensity, sigma, q)
    for name in ("sasview", "clipboard", "bumps", "nxcansas"):
        result = run("seed", "--format", name, "-o", "nothing.out", "--quiet", "nothing.h5")
        check(result.returncode == 1 and result.stderr.count("\n") == 1 and "nothing.h5" in result.stderr
              and not os.path.exists("nothing.out"), f"{name}: a curve of nothing is one line, and no file", result)
    result = run("seed", "--format", "sasview", "--batch", "-o", "nothing.out", "--quiet", "nothing.h5")
    check(result.returncode == 1 and not os.path.exists("nothing.out"), "nor a batch of nothing", result)
    write_frames("up.h5", 1e-3 + 0.1 * q**2, 1e-5 + 0 * q, q)
    result = run("tag", "--seeds", "--dry-run", "--json", "--quiet", "up.h5")
    seed = json.loads(result.stdout)["seed"]
    check(seed is None or seed["scale"] > 0, "no scale is negative", seed)
    # the start of a curve that a beam stop shades
    shaded = numpy.where(q < 1.3 * q[0], 0.2 * intensity, intensity)
    write_frames("shaded.h5", shaded, sigma, q)
    run("seed", "--format", "sasview", "--candidates", "1", "-o", "shaded.json", "--quiet", "shaded.h5")
    with open("shaded.json") as file:
        fit = json.load(file)["f0001"]["fit_params"][0]
    check(1.2 * q[0] < float(fit["q_range_min"][0]) < 2 * q[0] and abs(float(fit["radius"][1]) / 62 - 1) < 0.02,
          "a shaded start is left out", fit["q_range_min"], fit["radius"])
    # the right one of many curves
    frames = numpy.array([intensity, intensity[::-1] * 0 + 1 / (1 + (30 * q) ** 4), 2 * intensity])
    write_frames("three.h5", frames, 0.01 * frames + 1e-6, q)
    run("seed", "--format", "nxcansas", "-o", "three-curves.h5", "--quiet", "three.h5")
    script = run("seed", "--format", "bumps", "--frame", "2", "--quiet", "three.h5")
    probe = ("import sys; sys.argv = ['fit.py', 'three-curves.h5']\nscope = {}\nexec(sys.stdin.read(), scope)\n"
             "print(max(scope['data'].y))")
    after = subprocess.run([sys.executable, "-c", probe], input=script.stdout, capture_output=True, text=True, timeout=300)
    if "No module named" in after.stderr or "three-curves" not in "".join(os.listdir(".")):
        note("no bumps or no SasView: which curve the script takes is not tried")
    else:
        check(after.returncode == 0 and abs(float(after.stdout) / frames[2].max() - 1) < 1e-6,
              "the script takes the curve that it was made for", after.stdout, after.stderr[-500:])


def through_a_slit():
    """Spheres of 400 Å by sasmodels through a slit of 0.045 1/Å: the fit sees them through it, and SasView gets it."""
    from sasmodels.core import load_model
    from sasmodels.direct_model import call_kernel
    from sasmodels.resolution import Slit1D
    q = numpy.geomspace(5e-4, 0.06, 150)
    slit = Slit1D(q, 0.045)
    smeared = slit.apply(call_kernel(load_model("sphere").make_kernel([slit.q_calc]), dict(radius=400, radius_pd=0.1, radius_pd_n=40)))
    write_frames("slit.h5", smeared, 0.02 * smeared, q, canSAS_class="SASdata", I_axes="Q", Q_indices=0)
    with h5py.File("slit.h5", "r+") as file:
        file["entry"].attrs["canSAS_class"] = "SASentry"
        file["entry/definition"] = "NXcanSAS"
        file.move("entry/data/I_errors", "entry/data/Idev")
        file["entry/data/I"].attrs["uncertainties"] = "Idev"
        file["entry/data/dQl"] = numpy.full(len(q), 0.045)
        file["entry/data/dQl"].attrs["units"] = "1/angstrom"
    result = run("seed", "--format", "sasview", "--candidates", "1", "-o", "slit.json", "slit.h5")
    with open("slit.json") as file:
        page = next(page for key, page in json.load(file).items() if key[0] == "f" and key[1:].isdigit())
    fit, data = page["fit_params"][0], page["fit_data"][0]
    check(result.returncode == 0 and fit["model_name"] == ["sphere"] and abs(float(fit["radius"][1]) / 400 - 1) < 0.01,
          "a sphere behind a slit is found", result.stdout, fit)
    numpy.savetxt("slit.dat", numpy.column_stack((q, smeared, 0.02 * smeared)), header="q(1/A) I sigma")
    pinhole, slit = (json.loads(run("tag", "--json", "--dry-run", "--quiet", *options, "slit.dat").stdout) for options in ((), ("--slit", "0.045")))
    check(slit["label"] == "sphere" != pinhole["label"] and "slit length 0.045" in slit["note"] and "slit" not in (pinhole["note"] or ""),
          "of a text the slit is told", pinhole, slit)
    result = run("tag", "--slit", "45", "slit.dat")
    check(result.returncode == 2 and "--slit is 45 1/Å, a length up to 10 is needed" in result.stderr, "a length in mm is refused", result)
    script = run("seed", "--format", "bumps", "--candidates", "1", "--quiet", "slit.h5")
    after = subprocess.run([sys.executable, "-c", "import sys; sys.argv = ['fit.py', 'slit.h5']\nscope = {}\nexec(sys.stdin.read(), scope)\n"
                            "print(scope['problem'].chisq())"], input=script.stdout, capture_output=True, text=True, timeout=300)
    if "No module named" in after.stderr:
        note("no bumps or no SasView: the script is not tried")
    else:
        check(after.returncode == 0 and float(after.stdout) < 0.1, "bumps agrees with the fit through a slit", after.stdout, after.stderr[-500:])
    check(fit["smearing"] == ["1"] and set(data["dxl"]["data"]) == {0.045} and set(data["dxw"]["data"]) == {0} and "dx" not in data,
          "SasView gets the slit", fit["smearing"], data.keys())


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    info = run("model", "info")
    if "atlas" not in info.stdout:
        skip_all("the shipped model has no atlas")
    write_run("run.h5")
    with h5py.File("run.h5") as file, h5py.File("one.h5", "w") as one:
        file.copy("sphere", one)
    found = project("run.h5")
    judge(found)
    within(found)
    standard_errors(found)
    in_the_file("run.h5")
    texts("run.h5")
    nothing_near()
    refusals("run.h5")
    what_was_left_out()
    what_cannot_be_fitted()
    through_a_slit()
finish()
