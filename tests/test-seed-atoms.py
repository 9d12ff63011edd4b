"""Does saxid seed --element find particles that another program has built, and write them as .xyz?

The judge is Debye's sum of every pair by numpy, over positions that are built here in another way, with the form factor
of gold by Waasmaier & Kirfel.
"""
import os
import re
import subprocess
import tempfile

import numpy as np
from scipy.spatial.distance import pdist

from tap import check, finish

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
work = tempfile.mkdtemp()
GOLD = ([16.777390, 19.317156, 32.979683, 5.595453, 10.576854], -6.279078, [0.122737, 8.621570, 1.256902, 38.008820, 0.000601])
D = 2.86


def factor(q):
    a, c, b = GOLD
    return c + sum(x * np.exp(-y * (q / (4 * np.pi)) ** 2) for x, y in zip(a, b))


def fcc(inside, most):
    i, j, k = np.meshgrid(*[np.arange(-most, most + 1)] * 3, indexing="ij")
    keep = ((i + j + k) % 2 == 0) & inside(i, j, k)
    return np.stack([i[keep], j[keep], k[keep]], 1) / np.sqrt(2)


def cuboctahedron(n):
    return fcc(lambda i, j, k: (abs(i) <= n) & (abs(j) <= n) & (abs(k) <= n) & (abs(i) + abs(j) + abs(k) <= 2 * n), n)


def icosahedron(n):
    """Shells of Mackay by barycentric points on each face, doubles taken out."""
    golden = (1 + np.sqrt(5)) / 2
    corner = np.array([np.roll((0, s, t * golden), a) for a in range(3) for s in (1, -1) for t in (1, -1)]) / 2
    near = np.isclose(np.linalg.norm(corner[:, None] - corner, axis=2), 1)
    faces = [(a, b, c) for a in range(12) for b in range(a) for c in range(b) if near[a, b] and near[b, c] and near[a, c]]
    points = [np.zeros(3)]
    for shell in range(1, n + 1):
        points += [u * corner[a] + v * corner[b] + (shell - u - v) * corner[c]
                   for a, b, c in faces for u in range(shell + 1) for v in range(shell + 1 - u)]
    return np.unique(np.round(points, 6), axis=0)


def curve(positions, q, b=0.6):
    r = pdist(positions) * D
    pairs = np.array([2 * np.sinc(value * r / np.pi).sum() for value in q])
    return factor(q) ** 2 * (len(positions) + np.exp(-b * q ** 2 / (8 * np.pi ** 2)) * pairs)


def write(name, q, intensity, noise=0.03, background=0.0, sigma=True):
    rng = np.random.default_rng(3)
    intensity = intensity * 1e-7 + background
    measured = intensity * (1 + noise * rng.standard_normal(len(q)))
    path = os.path.join(work, name)
    columns = [q, measured] + ([noise * intensity] if sigma else [])
    np.savetxt(path, np.stack(columns, 1), header="q[1/A] I" + (" dI" if sigma else ""))
    made = path.replace(".dat", ".nxs")
    subprocess.run([SAXID, "import", "--quiet", "--force", "-o", made, path], check=True, timeout=600, stderr=subprocess.DEVNULL)
    return made


def run(*arguments):
    return subprocess.run([SAXID, "seed", "--largest", "16", *arguments], capture_output=True, text=True, timeout=600, check=False)


def first_fit(text):
    """The first fit as a dictionary: name, weight, and what stands under it."""
    found = re.search(r"^  (\w+) (.*?) \((\w+)\), part of the fits ([\d.]+), misfit ([\d.e+-]+)$", text, re.M)
    values = dict(re.findall(r"(atoms|radius|width|neighbours|B|background) +([\d.e+-]+)", text[found.end():])[5::-1]) if found else {}
    return (found.group(1), found.group(2), found.group(3), float(found.group(4)), {k: float(v) for k, v in values.items()}) if found else None


q = np.linspace(0.05, 12, 500)
ball, cubic = icosahedron(5), cuboctahedron(5)
check(len(ball) == 561 and len(cubic) == 561, "both particles of this test have 561 atoms", len(ball), len(cubic))
intensity = {"icosahedron": curve(ball, q), "cuboctahedron": curve(cubic, q)}

for name, family in (("icosahedron", "icosahedral"), ("cuboctahedron", "fcc")):
    flat = 0.05 * 561 * 79 ** 2 * 1e-7
    for options in ({"background": flat}, {"background": flat, "sigma": False}):
        path = write(name + ".dat", q, intensity[name], **options)
        result = run("--element", "Au", "--quiet", path)
        fit = first_fit(result.stdout)
        check(result.returncode == 0 and fit is not None and fit[:3] == (name, "n = 5", family) and fit[3] > 0.9,
              f"the {name} is found, {options}", result.stdout, result.stderr)
        values = fit[4] if fit else {}
        check(fit is not None and abs(values["neighbours"] - D) < 0.002 * D and abs(values["atoms"] / 561 - 1) < 0.05
              and abs(values["B"] - 0.6) < 0.1 and abs(values["background"] / flat - 1) < 0.2,
              f"with its neighbours, atoms, B and background, {options}", values, flat)

path = os.path.join(work, "icosahedron.nxs")
out = os.path.join(work, "best.xyz")
result = run("--element", "Au", "--format", "xyz", "-o", out, path)
lines = open(out, encoding="utf-8").read().splitlines() if result.returncode == 0 else []
atoms = np.array([[float(word) for word in line.split()[1:]] for line in lines[2:]])
check(len(lines) == 563 and lines[0] == "561" and "icosahedron n = 5" in lines[1] and all(line.startswith("Au ") for line in lines[2:]),
      "the best particle is an .xyz file", lines[:3], result.stderr)
check(len(atoms) == 561 and abs(np.sort(pdist(atoms))[0] / (D * np.sqrt((5 + np.sqrt(5)) / 8)) - 1) < 0.003
      and np.allclose(np.sort(pdist(atoms)) / np.sort(pdist(ball * D)), 1, atol=0.003), "with the distances of the particle")
shown = run("--element", "Au", "--format", "xyz", path)
check(shown.returncode == 0 and shown.stdout.splitlines() == lines, "or goes to standard output")

short = write("short.dat", np.linspace(0.01, 0.75, 200), curve(ball, np.linspace(0.01, 0.75, 200)))
smooth = write("smooth.dat", q, 1e9 / (1 + (8 * q) ** 4) + 1e5)
result = run("--element", "Au", smooth)
check(result.returncode == 0 and "no peak of a crystal stands out" in result.stdout, "a smooth curve is told from one with peaks", result.stdout)
result = run("--element", "Au", path)
check("no peak" not in result.stdout and "no particle" not in result.stdout, "one with peaks is not")
powder = sum(height * np.exp(-0.5 * ((q * D - x) / 0.05) ** 2) for x, height in ((7.695, 1.0), (8.886, 0.5), (12.566, 0.35), (14.736, 0.4)))
result = run("--element", "Au", write("powder.dat", q, (powder + 0.02) * 1e9))
check(result.returncode == 0 and "no particle comes near the curve" in result.stdout, "a powder alone is told from particles", result.stdout)
result = run("--element", "Au", write("rings.dat", q, (powder * np.exp(-q / 3) + 3 / (1 + (8 * q) ** 4) + 0.002) * 1e9))
check(result.returncode == 0 and "no particle comes near the curve" in result.stdout, "sharp rings over small angles are told from particles",
      result.stdout)
for name, is_said in ((path, True), (smooth, False)):
    said = subprocess.run([SAXID, "tag", "-n", name], capture_output=True, text=True, timeout=600, check=False)
    check(said.returncode == 0 and ("peaks of a crystal" in said.stderr) == is_said,
          f"tag {'says' if is_said else 'does not say'} that peaks stand out ({os.path.basename(name)})", said.stderr)
for arguments, code, words in (
        (("--element", "Au", short), 1, ("q ends at 0.75 1/Å", "3.47 1/Å is needed", "short.nxs")),
        (("--element", "Xx", path), 2, ("element 'Xx' is not known", "Au", "Pt")),
        (("--format", "xyz", path), 2, ("--format xyz needs the element",)),
        (("--element", "Au", "--format", "sasview", path), 2, ("--format xyz only",)),
        (("--element", "Au", "--largest", "500", path), 2, ("--largest is 500, 5 to 80 is possible",)),
        (("--element", "Au", "-o", out, path), 2, ("an output file needs a --format",)),
        (("--element", "Au", "--batch", path), 2, ("--batch",)),
        (("--element", "Au", "--format", "xyz", path, os.path.join(work, "cuboctahedron.nxs")), 1, ("2 curves", "xyz is of one"))):
    result = run(*arguments)
    check(result.returncode == code and all(word in result.stderr for word in words) and result.stderr.count("\n") == 1
          and (code == 1 or result.stdout == ""), f"{' '.join(os.path.basename(word) for word in arguments)} is refused with one line",
          result.stderr, result.stdout)

finish()
