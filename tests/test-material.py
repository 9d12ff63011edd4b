"""Does saxid tag tell a disordered material from particles, and what it tells, is it right?

The curves are made here, by numpy's own integration of the covariance; the particles by closed form.
Measured glassy carbon is asked where $SAXID_DATA has it.
"""
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import jsonschema
    import numpy as np
    from scipy.special import ndtri
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
SCHEMA = json.load(open(os.path.join(os.environ["SAXID_SRCDIR"], "schemas", "tag.schema.json"), encoding="utf-8"))
DATA = os.path.join(os.environ.get("SAXID_DATA") or "", "measured")
work = tempfile.mkdtemp()
rng = np.random.default_rng(11)
A = 40.0  # Å
LAYER = 0.65


# --- curves -----------------------------------------------------------------------------------

def rule(first, last, panels, n=12):
    x, w = np.polynomial.legendre.leggauss(n)
    edges = np.linspace(first, last, panels + 1)
    half, middle = np.diff(edges) / 2, (edges[1:] + edges[:-1]) / 2
    return (middle[:, None] + half[:, None] * x).ravel(), (half[:, None] * w).ravel()


R, WEIGHT = (np.concatenate(parts) for parts in zip(rule(0, 2, 40), rule(2, 40, 100)))


def angle(n):
    """u of C(t1, t2; u), at the distances R, for a spectrum (1 + x^n)^-2 with a mean square of 0.6."""
    x, w = rule(0, 8, 80)
    gamma = w * x * x / (1 + x ** n) ** 2
    x = x / np.sqrt((gamma * x * x).sum() / gamma.sum() / 0.6)
    g = (np.sinc(np.outer(R, x) / np.pi) * gamma).sum(1) / gamma.sum()
    near = R < 0.2
    g[near] = 1 - 0.1 * R[near] ** 2 + (gamma * x ** 4).sum() / gamma.sum() * R[near] ** 4 / 120
    return np.arccos(np.clip(g, -1, 1))


U = angle(8)


def covariance(t1, t2, u=U):
    x, w = np.polynomial.legendre.leggauss(120)
    half = (np.pi / 2 - u) / 2
    v = (np.pi / 2 + u)[:, None] / 2 + half[:, None] * x
    return half * (w * np.exp(-((t1 - t2) ** 2 / (2 * np.sin(v) ** 2) + t1 * t2 / (1 + np.cos(v))))).sum(1) / (2 * np.pi)


def material(q, porosity, share=None, u=U):
    """P(q), Å³."""
    t = ndtri(porosity)
    if share is None:
        c = covariance(t, t, u)
    else:
        s = ndtri(porosity * (1 - share))
        c = LAYER ** 2 * covariance(s, s) + (1 - LAYER) ** 2 * covariance(t, t) + 2 * LAYER * (1 - LAYER) * covariance(s, t)
    return A ** 3 * np.array([4 * np.pi * (WEIGHT * R * R * c * np.sinc(x * R / np.pi)).sum() for x in q * A])


def sphere(q, radius, width):
    """Of a Gaussian distribution of sizes."""
    out = 0
    for z in np.linspace(-3.5, 3.5, 81):
        x = q * radius * (1 + width * z)
        out = out + np.exp(-z * z / 2) * ((1 + width * z) ** 3 * 3 * (np.sin(x) - x * np.cos(x)) / x ** 3) ** 2
    return out


Q = np.geomspace(0.004, 0.4, 250)
CONTRAST = 10.0  # 1e-6/Å²: I = 1e8 contrast² P in 1/cm
ABSOLUTE = 1e8 * (1e-6 * CONTRAST) ** 2


def write(name, q, intensity, noise=0.005, sigma=True):
    deviation = noise * intensity + 1e-6 * intensity.max()
    intensity = intensity + deviation * rng.standard_normal(len(q))
    path = os.path.join(work, name)
    with h5py.File(path, "w") as f:
        entry = f.create_group("entry")
        entry.attrs.update(NX_class="NXentry", canSAS_class="SASentry", version="1.1")
        entry["definition"] = "NXcanSAS"
        data = entry.create_group("data")
        data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I", I_axes="Q", Q_indices=0)
        data["Q"], data["I"] = q, intensity
        data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", "1/cm"
        if sigma:
            data["Idev"] = deviation
            data["I"].attrs["uncertainties"] = "Idev"
    return path


def run(*arguments):
    return subprocess.run([SAXID, *arguments], capture_output=True, text=True, timeout=600, check=False)


def ask(path, *options, verb="tag"):
    result = run(verb, "--json", "--dry-run", *options, path)
    lines = result.stdout.splitlines()
    if result.returncode != 0 or len(lines) != 1:
        check(False, f"{path} is read", result.stderr)
        finish()
    answer = json.loads(lines[0])
    jsonschema.validate(answer, SCHEMA)
    return answer


def near(number, value, part):
    return number["value"] is not None and abs(number["value"] / value - 1) < part


def holds(number, value, more=1.0):
    """Whether the 90 % interval, widened about its middle, holds the value."""
    middle, half = (number["lower"] + number["upper"]) / 2, (number["upper"] - number["lower"]) / 2
    return abs(value - middle) <= more * half


# --- what is of the kind ------------------------------------------------------------------------

two = write("two.nxs", Q, ABSOLUTE * material(Q, 0.3) + 0.02)
answer = ask(two)
m = answer["material"]
check(answer["label"] == "two_phase" and m["kind"] == "two_phase" and m["status"] == "found", "two phases are found", answer)
check(not answer["outlier"] and answer["prediction_set"] == ["two_phase"], "and the curve is no outlier any more", answer)
check(near(m["length"], A / 10, 0.01) and holds(m["length"], A / 10, 2), "with their length", m["length"])
check(m["porosity_basis"] == "shape" and near(m["porosity"], 0.3, 0.05) and holds(m["porosity"], 0.3, 2), "the porosity of the shape",
      m["porosity"])
check(abs(m["porosity"]["value"] + m["porosity_mirror"]["value"] - 1) < 1e-4 and abs(m["porosity"]["lower"] + m["porosity_mirror"]["upper"] - 1) < 1e-4,
      "and its mirror value", m["porosity_mirror"])
surface = 1e4 * 0.28471 * np.exp(-0.5 * ndtri(0.3) ** 2) / A
check(near(m["surface"], surface, 0.02), "the surface by volume", m["surface"], surface)
check(near(m["pore_chord"], 4 * 0.3 / (surface / 1e4) / 10, 0.06), "the mean chord of the pores", m["pore_chord"])
check(near(m["background"], 0.02, 0.2), "the background", m["background"])
check(0.7 < m["reduced_chi2"]["value"] < 1.4, "and chi² by the curve's own sigma", m["reduced_chi2"])
seeded = subprocess.run([SAXID, "seed", "--candidates", "1", two], capture_output=True, text=True)
check(seeded.returncode == 0 and "two_phase is likelier" in seeded.stdout, "saxid seed, which fits particles, says what tag says",
      seeded.stdout, seeded.stderr)

known = ask(two, "--contrast", str(CONTRAST))["material"]
check(known["porosity_basis"] == "invariant" and near(known["porosity"], 0.3, 0.03) and known["porosity_mirror"]["value"] is None,
      "with a contrast the porosity is that of the invariant", known["porosity"])
# a solid of contrast 10 with a density of 2, of which 70 % are solid
dense = ask(two, "--density", "1.4", "--per-density", "5")["material"]
check(near(dense["porosity"], 0.3, 0.03) and near(dense["surface_by_mass"], surface / 1.4, 0.05), "with a density, too, and a surface by mass",
      dense["porosity"], dense["surface_by_mass"])
given = ask(two, "--porosity", "0.4")["material"]
check(given["porosity_basis"] == "given" and given["porosity"]["value"] == 0.4, "or it is what the user says", given["porosity"])
absurd = ask(two, "--contrast", "1")["material"]
check(absurd["porosity_basis"] in (None, "shape") and "1/cm" in (absurd["warning"] or ""), "an invariant that two phases cannot have is said",
      absurd["warning"])

answer = ask(write("three.nxs", Q, ABSOLUTE * material(Q, 0.6, 0.3), 0.003))
m = answer["material"]
check(answer["label"] == "three_phase" and near(m["length"], A / 10, 0.02) and near(m["layer_share"], 0.3, 0.1), "three phases are found", answer)
check(near(m["porosity"], 0.6, 0.05) and m["porosity_mirror"]["value"] is None, "whose porosity has no mirror value", m["porosity"])

# Teubner and Strey's covariance, and the one without a wave, in closed form
for name, wave, law in (("bicontinuous", 2.5, 2), ("random", 0, 1)):
    x = (Q * A) ** 2
    closed = 8 * np.pi * A ** 3 * 0.21 / ((1 + wave ** 2) ** 2 + 2 * (1 - wave ** 2) * x + x * x)
    path = write(f"{name}.nxs", Q, ABSOLUTE * closed + 0.003)
    answer = ask(path)
    m = answer["material"]
    check(answer["label"] == "two_phase" and m["covariance"]["value"] == law and near(m["length"], A / 10, 0.02) and holds(m["length"], A / 10, 2),
          f"{name} phases are found, with the correlation length", answer)
    check(m["porosity_basis"] is None and "withheld" in m["warning"], "whose shape has no porosity", m)
    d = 2 * np.pi * A / 10 / wave if wave else None
    check(near(m["repeat_distance"], d, 0.02) and holds(m["repeat_distance"], d, 2) if wave else m["repeat_distance"]["value"] is None,
          "and the repeat distance where there is one", m["repeat_distance"])
    m = ask(path, "--contrast", str(CONTRAST))["material"]
    check(near(m["porosity"], 0.3, 0.03) and near(m["surface"], 1e4 * 4 * 0.21 / A, 0.05), "with a contrast they have porosity and surface",
          m["porosity"], m["surface"])

check(ask(write("no-sigma.nxs", Q, ABSOLUTE * material(Q, 0.3) + 0.02, sigma=False))["label"] == "two_phase",
      "without uncertainties they are found, too")

# --- what SasView begins with -------------------------------------------------------------------

def seed_of(path):
    result = run("seed", "--format", "clipboard", "--candidates", "1", "--quiet", path)
    records = [record.split(",") for record in result.stdout.strip().split(":")]
    if result.returncode != 0 or records[0] != ["sasview_parameter_values"] or records[1][0] != "model_name":
        return None, {}, result
    return records[1][1], {record[0]: float(record[2]) for record in records[2:] if len(record) > 3}, result


def by_sasmodels(name, values, q):
    return call_kernel(load_model(name).make_kernel([q]), values)


def departure(path, exact, first=0.0):
    name, values, result = seed_of(path)
    if name is None:
        return name, np.inf, result
    q = Q[Q >= first]
    return name, np.sqrt(np.mean((by_sasmodels(name, values, q) / exact[Q >= first] - 1) ** 2)), values


try:
    from sasmodels.core import load_model
    from sasmodels.direct_model import call_kernel
except ImportError:
    skip("seeds of materials", "no sasmodels")
else:
    X = (Q * A) ** 2
    RANDOM = ABSOLUTE * 8 * np.pi * A ** 3 * 0.21 / (1 + X) ** 2 + 0.003
    WAVE = ABSOLUTE * 8 * np.pi * A ** 3 * 0.21 / ((1 + 2.5 ** 2) ** 2 + 2 * (1 - 2.5 ** 2) * X + X * X) + 0.003
    for file, exact, model, lengths in (("random", RANDOM, "dab", {"cor_length": A}),
                                        ("bicontinuous", WAVE, "teubner_strey", {"xi": A, "d": 2 * np.pi * A / 2.5})):
        path = os.path.join(work, f"{file}.nxs")
        name, off, values = departure(path, exact)
        check(name == model and off < 0.01, f"the seed of {file} phases is {model}, and sasmodels has the curve with it", name, off, values)
        check(all(abs(values[key] / value - 1) < 0.02 for key, value in lengths.items()), "with the lengths that the curve was made of", values)
        said = run("seed", "--candidates", "1", "--quiet", path).stdout
        check(f"{model} of SasView is the same model" in said and f"two_phase ({model} of SasView)" in said, "which is said to be the same model", said)
    whole = run("seed", "--candidates", "1", "--quiet", two).stdout
    check("no model of SasView has its curve" in whole and "of SasView)" not in whole, "where none has, that is said with the nearest", whole)
    tagged = run("tag", "--seeds", os.path.join(work, "bicontinuous.nxs"))
    with h5py.File(os.path.join(work, "bicontinuous.nxs")) as f:
        group = f["entry/saxid/seed_two_phase_teubner_strey"] if tagged.returncode == 0 else {}
        check(group and group.attrs["model"].decode() == "teubner_strey" and group["d"].attrs["units"].decode() == "angstrom"
              and abs(group["d"][0] / (2 * np.pi * A / 2.5) - 1) < 0.02 and group["d_errors"][0] > 0 and group["xi"].attrs["vary"].decode() == "yes"
              and group["sld_a"].attrs["vary"].decode() == "no", "tag --seeds writes it beside the material", tagged.stderr)
        values = {key: group[key][0] for key in group.attrs["order"].decode().split()} if group else {}
    check(values and np.allclose(by_sasmodels("teubner_strey", values, Q), WAVE, rtol=0.03), "with every parameter that sasmodels needs", values)
    # few pores of a soft spectrum turn as a Lorentzian does, and larger structures have q^-4 below
    low = np.geomspace(1e-3, 0.06, 200)
    exact = ABSOLUTE * material(low, 0.05, u=angle(6))
    exact = exact + exact[0] * (low / low[0]) ** -4.0
    path = write("upturn.nxs", low, exact)
    name, values, result = seed_of(path)
    check(name == "correlation_length" and {"lorentz_scale", "porod_scale", "cor_length", "porod_exp", "lorentz_exp"} <= set(values),
          "with an upturn the seed is correlation_length", name, values, result.stderr)
    off = np.sqrt(np.mean((by_sasmodels(name, values, low) / exact - 1) ** 2)) if name else np.inf
    check(off < 0.05 and values.get("porod_exp") == 4, "of which sasmodels has the curve, upturn and all", off, values)
    said = run("seed", "--candidates", "1", "--quiet", path).stdout
    check("and is another model" in said, "and is said to be another model", said)
    shown = run("show", "--json", os.path.join(work, "bicontinuous.nxs"))
    check(shown.returncode == 0 and json.loads(shown.stdout)["material"]["repeat_distance"]["value"] is not None, "and the file still shows", shown.stderr)

# --- what is not --------------------------------------------------------------------------------

PARTICLES = {f"spheres of {100 * width:.0f} % width": sphere(Q, radius, width)
             for radius, width in ((60, 0.05), (90, 0.15), (50, 0.25))}
PARTICLES["a power law"] = Q ** -3.0
PARTICLES["Debye's coil"] = 2 * (np.exp(-(80 * Q) ** 2) - 1 + (80 * Q) ** 2) / (80 * Q) ** 4
for name, intensity in PARTICLES.items():
    answer = ask(write("particle.nxs", Q, 100 * intensity / intensity[0] + 1e-3))
    check(answer["label"] not in ("two_phase", "three_phase") and answer["probability"]["two_phase"] < 0.1,
          f"{name} are no material" if "spheres" in name else f"{name} is no material", answer["material"])

short = Q[(Q > 0.03) & (Q < 0.3)]
path = write("short.nxs", short, material(short, 0.3))
m = ask(path, "--porosity", "0.3")["material"]
check(m["status"] == "window_too_short" and "q a goes from 1.2" in m["reason"], "a window that is too short is said", m)
told, untold = (run("tag", "--dry-run", *options, path).stdout for options in (("--porosity", "0.3"), ()))
check("no material: window too short: q a goes from 1.2" in told and "no material" not in untold,
      "in the table too, to who says that it is a material", told, untold)
page = os.path.join(work, "short.html")
run("report", "--porosity", "0.3", path, "-o", page)
check("no material: window too short" in open(page, encoding="utf-8").read(), "and on the page")
flat = ABSOLUTE * material(Q, 0.3)
for part, status in ((0.002, "found"), (0.05, "not_of_this_kind")):
    m = ask(write("flat.nxs", Q, flat + part * flat[0]), "--porosity", "0.3")["material"]
    check(m["status"] == status and (status == "found" and near(m["length"], A / 10, 0.02) or "most of the intensity is no structure" in (m["reason"] or "")),
          f"under a flat background of {100 * part:g} % of I(0) the material is {status.replace('_', ' ')}", m)
m = ask(write("tail.nxs", Q, flat + 5 * flat[-1] * (Q / Q[-1]) ** -3.0), "--contrast", str(CONTRAST))["material"]
check(m["status"] == "not_of_this_kind" and "beyond noise" in m["reason"], "a tail of q^-3 is no material's", m)
m = ask(write("sphere.nxs", Q, sphere(Q, 80, 0.1)), "--porosity", "0.3")["material"]
check(m["status"] == "not_of_this_kind" and "beyond noise" in m["reason"] and "length" not in m, "what is not of the kind, too", m)
cut = Q[Q * A < 2.2]
m = ask(write("cut.nxs", cut, ABSOLUTE * material(cut, 0.3)), "--contrast", str(CONTRAST))["material"]
check(m["status"] == "found" and near(m["length"], A / 10, 0.03) and near(m["porosity"], 0.3, 0.1),
      "a window that ends early tells length and invariant", m)

for words, options in ((("porosity is 2", "0.999"), ("--porosity", "2")), (("needed together",), ("--density", "1.4")),
                       (("contrast is -1",), ("--contrast", "-1")), (("--contrast is 0",), ("--contrast", "0")),
                       (("--porosity is nan",), ("--porosity", "nan")), (("--density is 0",), ("--density", "0", "--per-density", "3")), (("--fast",), ("--porosity", "0.3", "--fast")),
                       (("--classes nine",), ("--density", "1.4", "--per-density", "3", "--classes", "nine"))):
    result = run("tag", "--dry-run", *options, two)
    check(result.returncode == 2 and result.stdout == "" and all(word in result.stderr for word in words) and result.stderr.count("\n") == 1,
          f"{' '.join(options)} is refused with one line", result.returncode, result.stderr)

fast = ask(two, "--fast")
check("two_phase" not in fast["probability"] and fast["material"] is None, "without fits there are no materials")

# --- file and page ------------------------------------------------------------------------------

result = run("tag", two)
for what, options in (("solid of", ("--density", "21", "--per-density", "0.3")), ("pores of", ("--density", "20", "--per-density", "900")),
                      ("pores of", ("--contrast", "900"))):
    m = ask(two, *options)["material"]
    check(m["porosity_basis"] != "invariant" and what in m["warning"], "what cannot be is not told, " + what, options, m)
said, shown = ask(two), json.loads(run("show", "--json", two).stdout)
check({**said["material"], "warning": None} == shown["material"] and shown["seed"] is None, "show tells the material as tag did", shown)
flags = [[line[line.index(" a "):] for line in run(*words, two).stdout.splitlines() if "two_phase" in line and "Porod" in line]
         for words in (("tag", "--dry-run"), ("show",))]
check(len(flags[0]) == 1 and flags[0] == flags[1], "and its table has the same line of it", flags)
with h5py.File(two) as f:
    group = f["entry/saxid/seed_two_phase"]
    check(group.attrs["model"].decode() == "gaussian_field" and group["length"].attrs["units"].decode() == "nm"
          and group["surface"].attrs["units"].decode() == "m^2/cm^3", "the file has the material with its units", dict(group.attrs))
    check(abs(group["length"][0] - A / 10) < 0.05 and group["length_min"][0] < group["length"][0] < group["length_max"][0]
          and group["porosity_basis"][0] == 1, "values, and the bounds of their intervals")
    names = [name.decode() for name in f["entry/saxid/result/class"][()]]
    check(names[f["entry/saxid/result/class_index"][0]] == "two_phase", "and the class", names)
result = run("tag", two)
check(result.returncode == 0 and "two_phase" in result.stdout and "nm" in result.stdout, "a second run replaces the first, and the table says it",
      result.stderr, result.stdout)
page = os.path.join(work, "page.html")
result = run("report", "--contrast", str(CONTRAST), two, "-o", page)
text = open(page, encoding="utf-8").read() if result.returncode == 0 else ""
check("one of many structures with this curve" in text and "by invariant" in text and "two phases" in text, "the page draws fit and structure",
      result.stderr)

# --- measured -----------------------------------------------------------------------------------

# bulk density 1.42 g/cm³; carbon scatters neutrons with 3.33, X-rays with 8.48 1e-6/Å² for each g/cm³
for name, per_density in (("glassy_carbon_d22", 3.33), ("srm3600_xsp", 8.48)):
    source = os.path.join(DATA, f"{name}.csv")
    if not os.path.exists(source):
        skip(f"glassy carbon, {name}", "SAXID_DATA has no measured curves")
        continue
    run("import", "--quiet", "--force", "-d", work, source)
    m = ask(os.path.join(work, f"{name}.nxs"), "--density", "1.42", "--per-density", str(per_density))["material"]
    check(m["status"] == "found" and abs(m["length"]["value"] - 0.59) <= 0.02 and 0.22 < m["porosity"]["value"] < 0.32
          and m["porosity_basis"] == "invariant", f"glassy carbon, {name}: a, and the porosity by the invariant", m)
    if name == "glassy_carbon_d22":
        check(m["reduced_chi2"]["value"] > 5 and m["rms_residual"]["value"] < 0.03, "which departs by little, and by many sigma",
              m["reduced_chi2"], m["rms_residual"])
    try:
        from sasmodels.core import load_model  # noqa: F811
    except ImportError:
        continue
    with h5py.File(os.path.join(work, f"{name}.nxs")) as f:
        Q, measured = (f[f"sasentry01/sasdata01/{each}"][()] for each in "QI")
    shape, off, values = departure(os.path.join(work, f"{name}.nxs"), measured, Q[0])
    check(shape == "teubner_strey" and off < 0.07, f"{name}: another model of SasView has the curve, as the seed says", shape, off)
source = os.path.join(DATA, "glassy_carbon_d22.csv")
if os.path.exists(source):
    answer = ask(os.path.join(work, "glassy_carbon_d22.nxs"))
    check(answer["label"] == "two_phase" and answer["material"]["porosity_basis"] is None and "withheld" in answer["material"]["warning"],
          "of its shape no porosity is told", answer["material"])
else:
    skip("glassy carbon without a density", "SAXID_DATA has no measured curves")

finish()
