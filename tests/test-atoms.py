"""Does saxid tag tell particles of metal atoms from their curve, beside a form factor, and keep what it told?

The curves are made here: every pair of atoms, by numpy; rings of a powder and a halo by formula.
"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip_all

try:
    import h5py
    import jsonschema
    import numpy as np
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SCHEMA = json.load(open(os.path.join(os.environ["SAXID_SRCDIR"], "schemas", "tag.schema.json"), encoding="utf-8"))
work = tempfile.mkdtemp()
rng = np.random.default_rng(5)

# Waasmaier and Kirfel 1995: a, c, b
GOLD = ([16.777390, 19.317156, 32.979683, 5.595453, 10.576854], -6.279078, [0.122737, 8.621570, 1.256902, 38.008820, 0.000601])
D, B = 2.91, 0.6
Q = np.linspace(0.03, 9, 900)


def form_factor(q):
    a, c, b = GOLD
    return c + sum(x * np.exp(-y * (q / 4 / np.pi) ** 2) for x, y in zip(a, b))


def cuboctahedron(n):
    r = np.arange(-2 * n, 2 * n + 1)
    i, j, k = np.meshgrid(r, r, r, indexing="ij")
    inside = ((i + j + k) % 2 == 0) & (abs(i) <= n) & (abs(j) <= n) & (abs(k) <= n) & (abs(i) + abs(j) + abs(k) <= 2 * n)
    return np.stack([i[inside], j[inside], k[inside]], 1) / np.sqrt(2)


def particle(positions, q=Q):
    distance = np.sqrt(((positions[:, None] - positions[None]) ** 2).sum(-1))[np.triu_indices(len(positions), 1)] * D
    length, count = np.unique(distance.round(8), return_counts=True)
    pairs = 2 * (count * np.sinc(q[:, None] * length / np.pi)).sum(1)
    return form_factor(q) ** 2 * (len(positions) + np.exp(-B * q * q / 8 / np.pi ** 2) * pairs) + 0.08 * len(positions) * 79 ** 2


def measured(intensity):
    sigma = 0.02 * intensity
    return intensity + sigma * rng.standard_normal(len(intensity)), sigma


def write(name, curve, formula=None, q=Q):
    path = os.path.join(work, name)
    with h5py.File(path, "w") as file:
        entry = file.create_group("entry")
        entry.attrs["NX_class"] = "NXentry"
        if formula is not None:
            sample = entry.create_group("sample")
            sample.attrs["NX_class"] = "NXsample"
            sample["chemical_formula"] = formula
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I", I_axes="Q", Q_indices=0)
        data["Q"] = q
        data["Q"].attrs["units"] = "1/angstrom"
        data["I"], data["Idev"] = curve
        data["I"].attrs.update(units="1/cm", uncertainties="Idev")
    return path


def tell(*arguments):
    done = subprocess.run([SAXID, *arguments], capture_output=True, text=True)
    return done, [json.loads(line) for line in done.stdout.splitlines()] if "--json" in arguments else []


def inside(number, truth):
    return number["lower"] <= truth <= number["upper"]


atoms = cuboctahedron(4)
gold = write("gold.nxs", measured(particle(atoms)), "Au")
done, lines = tell("tag", "--json", gold)
found = lines[0]["atoms"] if lines else None
check(done.returncode == 0 and found is not None and found["status"] == "found", "particles of gold are found", done.stderr)
jsonschema.validate(lines[0], SCHEMA)
check(found["element"] == "Au" and max(found["habit"], key=found["habit"].get) == "cuboctahedron"
      and found["family"]["fcc"] > 0.95 and "cuboctahedron" in found["habit_set"] and found["size"]["n"] == 4,
      "with their shape, family and size", json.dumps(found))
check(inside(found["n_atoms"], len(atoms)) and inside(found["d"], D) and found["n_atoms"]["upper"] < 1.2 * len(atoms),
      "the intervals hold atoms and d", json.dumps(found))
check(abs(sum(found["habit"].values()) - 1) < 1e-4 and abs(sum(found["family"].values()) - 1) < 1e-4, "probabilities sum to 1")
check(lines[0]["label"] == "sphere" and not lines[0]["outlier"] and "0.75" in lines[0]["note"],
      "a form factor answers too, by the small angles, and it is said so", json.dumps(lines[0])[:600])

with h5py.File(gold) as file:
    group = file["entry/saxid/seed_cuboctahedron"]
    check(group.attrs["NX_class"] in (b"NXparameters", "NXparameters") and abs(group["d"][0] - found["d"]["value"]) < 1e-3
          and group["weight"][0] > 0.95, "tags have the fit as NXparameters")
done, shown = tell("show", "--json", gold)
check(shown[0]["atoms"]["habit_set"] == found["habit_set"] and abs(shown[0]["atoms"]["n_atoms"]["value"] - found["n_atoms"]["value"]) < 0.1,
      "show tells the same from the file", done.stdout[-600:])
done, _ = tell("show", gold)
check("cuboctahedron" in done.stdout and "Au" in done.stdout, "and so does its table", done.stdout)

nameless = write("nameless.nxs", measured(particle(atoms)))
found = tell("tag", "--json", "--dry-run", nameless)[1][0]["atoms"]
check(found["status"] == "found" and found["family"]["fcc"] > 0.9 and inside(found["n_atoms"], len(atoms))
      and found["element_probability"] < 1, "without an element d decides, and how surely is told", json.dumps(found))
found = tell("tag", "--json", "--dry-run", "--element", "Au", nameless)[1][0]["atoms"]
check(found["element"] == "Au" and found["element_probability"] == 1, "--element tells it", json.dumps(found))
done, _ = tell("tag", "--dry-run", "--element", "Xx", nameless)
check(done.returncode != 0 and "Xx" in done.stderr and "Au" in done.stderr, "an element that is not known is refused, with those that are", done.stderr)

smooth = write("smooth.nxs", measured(1e5 / (1 + (6 * Q) ** 4) + 30))
check(tell("tag", "--json", "--dry-run", smooth)[1][0]["atoms"] is None, "a smooth curve is not asked")
found = tell("tag", "--json", "--dry-run", "--model", "atomic", "--element", "Au", smooth)[1][0]["atoms"]
check(found["status"] == "window_too_short" and "0.2" in found["reason"], "--model atomic asks, and says why there is no answer", json.dumps(found))
short = Q < 2.5
found = tell("tag", "--json", "--dry-run", "--model", "atomic", "--element", "Au",
             write("short.nxs", measured(particle(atoms, Q[short])), q=Q[short]))[1][0]["atoms"]
check(found["status"] == "window_too_short" and "3.47" in found["reason"], "a curve that ends before the peaks is not guessed at", json.dumps(found))

# to 12 1/A: peaks are why, a smooth curve asks whether the unit is right
far = np.linspace(0.03, 12, 1200)
line = tell("tag", "--json", "--dry-run", "--element", "Au", write("far.nxs", measured(particle(cuboctahedron(3), far)), q=far))[1][0]
check(line["atoms"]["status"] == "found" and "units" not in line["note"], "where there are peaks, no unit is doubted", json.dumps(line))
line = tell("tag", "--json", "--dry-run", write("far-smooth.nxs", measured(1e5 / (1 + (6 * far) ** 4) + 30), q=far))[1][0]
check("are the units right?" in line["note"], "where there are none, it is", json.dumps(line))
bare = write("bare.nxs", measured(particle(atoms)), "Au")
with h5py.File(bare, "r+") as file:
    del file["entry/data/Idev"], file["entry/data/I"].attrs["uncertainties"]
found = tell("tag", "--json", "--dry-run", bare)[1][0]["atoms"]
check(found["status"] == "found" and max(found["habit"], key=found["habit"].get) == "cuboctahedron" and inside(found["n_atoms"], len(atoms)),
      "without sigma the scatter of the points stands for it", json.dumps(found))

# peaks that no particle has: a halo with a narrow second maximum, and two lattices at once
halo = 1e6 * (1e-6 * Q ** -4 + 0.15 + 5 * np.exp(-0.5 * ((Q - 2.3) / 0.2) ** 2) + 2 * np.exp(-0.5 * ((Q - 3.1) / 0.12) ** 2))
line = tell("tag", "--json", "--dry-run", "--element", "Au", write("halo.nxs", measured(halo)))[1][0]
check(line["atoms"]["status"] == "not_of_this_kind" and "misfit" in line["atoms"]["reason"] and "n_atoms" not in line["atoms"],
      "what no particle comes near is refused", json.dumps(line["atoms"]))
jsonschema.validate(line, SCHEMA)

page = os.path.join(work, "page.html")
done, _ = tell("report", "--element", "Au", gold, "-o", page)
text = open(page, encoding="utf-8").read() if done.returncode == 0 else ""
check("As a particle of atoms" in text and "Au, n = 4" in text and "cuboctahedron" in text and ">111<" in text and ">220<" in text,
      "report draws the particle and names its peaks", done.stderr)
finish()
