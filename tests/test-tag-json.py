"""Does every line of saxid tag --json keep to tag.schema.json, and does the schema see what does not?"""
import copy
import json
import os
import subprocess
import tempfile

from tap import check, finish, skip, skip_all

try:
    import h5py
    import jsonschema
    import numpy as np
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
with open(os.path.join(os.environ["SAXID_SRCDIR"], "schemas", "tag.schema.json"), encoding="utf-8") as file:
    SCHEMA = json.load(file)
jsonschema.Draft202012Validator.check_schema(SCHEMA)
SOUND = jsonschema.Draft202012Validator(SCHEMA)


def no_constant(text):
    raise ValueError(f"{text} is no JSON")


def sphere(q, radius):
    x = q * radius
    return 100 * (3 * (np.sin(x) - x * np.cos(x)) / x**3) ** 2 + 0.01


def write(path, entries):
    """One NXcanSAS entry for each (name, q, intensities)."""
    with h5py.File(path, "w") as out:
        for name, q, intensity in entries:
            entry = out.create_group(name)
            entry.attrs.update(NX_class="NXentry", canSAS_class="SASentry", default="sasdata")
            entry["definition"] = "NXcanSAS"
            data = entry.create_group("sasdata")
            data.attrs.update(NX_class="NXdata", canSAS_class="SASdata", signal="I",
                              I_axes="Q", Q_indices=np.int32(0))
            data["Q"], data["I"] = q, intensity
            data["Idev"] = 0.01 * np.abs(intensity) + 1e-3
            data["Q"].attrs["units"], data["I"].attrs["units"] = "1/angstrom", "1/cm"


def tag(*arguments):
    done = subprocess.run([SAXID, "tag", "--json", "--quiet", "--dry-run", *arguments],
                          capture_output=True, text=True, check=False)
    lines = [json.loads(line, parse_constant=no_constant) for line in done.stdout.splitlines()]
    return done.returncode, lines, done.stderr


def reproaches(line):
    return "; ".join(f"{'/'.join(map(str, e.path))}: {e.message}" for e in SOUND.iter_errors(line))


with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "a \"odd\"\\name.nxs")
    q = np.linspace(0.003, 0.14, 400)
    hole = sphere(q, 60)
    hole[:] = np.nan
    write(path, [("whole", q, sphere(q, 60)), ("narrow", np.linspace(0.05, 0.07, 60), sphere(np.linspace(0.05, 0.07, 60), 60)),
                 ("empty", q, hole)])
    status, lines, stderr = tag(path)
    check(status == 0 and len(lines) == 3, "one line for each curve", stderr)
    for line in lines:
        check(not reproaches(line), f"the line of {line['entry']} keeps to the schema", reproaches(line))
    by_entry = {line["entry"]: line for line in lines}
    check([by_entry[e]["status"] for e in ("/whole", "/narrow", "/empty")] == ["ok", "abstained", "rejected"],
          "a curve of each status", lines)
    check(all(line["file"] == path for line in lines), "the file is named as it was given", lines)

    status, one, stderr = tag(path, os.path.join(directory, "missing.nxs"))
    check(status == 1 and len(one) == 3 and "missing.nxs" in stderr,
          "a file that fails costs its lines only", stderr)

ok, abstained, rejected = by_entry["/whole"], by_entry["/narrow"], by_entry["/empty"]
check(abs(sum(ok["probability"].values()) - 1) < 1e-4, "probabilities sum to 1", ok)
check(ok["label"] == max(ok["probability"], key=ok["probability"].get)
      and ok["confidence"] == ok["probability"][ok["label"]] and ok["label"] in ok["prediction_set"],
      "the label is the most probable class", ok)
FAMILY = {"globular": ("sphere", "core_shell_sphere"), "elongated": ("cylinder", "core_shell_cylinder", "prolate", "core_shell_prolate"),
          "flat": ("disc", "core_shell_disc", "oblate", "core_shell_oblate"), "hollow": ("hollow_sphere",)}
check(all(abs(ok["family"][family] - sum(ok["probability"][c] for c in classes)) < 1e-4 for family, classes in FAMILY.items())
      and abs(sum(ok["structure"].values()) - 1) < 1e-4, "family and structure are what the classes add up to", ok)
check(not any(rejected["family"].values()) and abs(sum(abstained["family"].values()) - 1) < 1e-4,
      "families of a curve without a label are as its classes", rejected, abstained)

def prior(text):
    name = os.path.join(tempfile.gettempdir(), f"saxid-{os.getpid()}.prior")
    with open(name, "w", encoding="utf-8") as out:
        out.write(text)
    return name


with tempfile.TemporaryDirectory() as directory:
    path = os.path.join(directory, "a.nxs")
    write(path, [("whole", q, sphere(q, 60))])
    status, (plain,), stderr = tag("--prior", prior("[prior]\nsphere = 1\n"), path)
    weights = prior("[prior]\nsphere = 0.01\ncore_shell_oblate = 3\n")
    status, (weighted,), stderr = tag("--prior", weights, path)
    wanted = {c: p * {"sphere": 0.01, "core_shell_oblate": 3}.get(c, 1) for c, p in plain["probability"].items()}
    total = sum(wanted.values())
    check(status == 0 and all(abs(weighted["probability"][c] - p / total) < 1e-4 for c, p in wanted.items()),
          "--prior multiplies the probabilities and normalises them", plain, weighted)
    check(weighted["label"] == max(wanted, key=wanted.get), "the label is that of the weighted ones", weighted)
    for text, said in (("[prior]\nspere = 1\n", "'spere'"), ("[prior]\nsphere = -2\n", "-2"), ("[prior]\nsphere = nan\n", "finite"),
                       ("[prior]\nsphere = inf\n", "finite"), ("[prior]\nsphere = x\n", "sphere"), ("no key file", "")):
        status, lines, stderr = tag("--prior", prior(text), path)
        check(status != 0 and not lines and said in stderr and stderr.count("\n") == 1 and weights in stderr,
              f"refused in one line: a prior of {text!r}", stderr)
    os.unlink(weights)
    status, lines, stderr = tag("--prior", weights, path)
    check(status != 0 and not lines and stderr.count("\n") == 1, "refused in one line: a prior that is not there", stderr)

# Lines that the schema must refuse: what is changed, in which line, to what.
MISSING = object()
wrong = [(ok, name, MISSING) for name in SCHEMA["required"]] + [
    (ok, "file", ""), (ok, "entry", "entry"), (ok, "data", "entry/I"), (ok, "frame", -1), (ok, "frame", 0.5),
    (ok, "status", "not done"), (ok, "status", "abstained"), (ok, "label", None), (ok, "label", 3),
    (ok, "probability", {}), (ok, "probability", {**ok["probability"], "sphere": 1.5}),
    (ok, "probability", {**ok["probability"], "Sphere!": 0}), (ok, "confidence", None), (ok, "confidence", -0.1),
    (ok, "outlier", 0), (ok, "outlier_score", 2), (ok, "prediction_set", []),
    (ok, "prediction_set", ["sphere", "sphere"]), (ok, "chi2", -1), (ok, "seed", {"radius": 60}),
    (ok, "seed", "sphere"), (ok, "coverage", 1.1), (ok, "reason", "because"), (ok, "note", ""),
    (ok, "family", {**ok["family"], "flat": 1.5}), (ok, "family", {"flat": 1}), (ok, "structure", {"homogeneous": 1}),
    (ok, "structure", None), (abstained, "reason", None), (abstained, "label", "sphere"), (abstained, "confidence", 0.5),
    (rejected, "reason", ""), (rejected, "outlier", True),
]
for line, name, value in wrong:
    changed = copy.deepcopy(line)
    changed[name] = value
    if value is MISSING:
        del changed[name]
    check(not SOUND.is_valid(changed),
          f"refused: {line['status']} with {name} {'missing' if value is MISSING else json.dumps(value)[:50]}")
check(not SOUND.is_valid([ok]), "refused: a list of lines")
check(SOUND.is_valid({**ok, "seed": {"model": "sphere", "radius": 60.0}, "chi2": 1.1, "later": 1}),
      "accepted: a fit, and a member that a later version adds")

data = os.environ.get("SAXID_DATA", "")
measured = sorted(os.path.join(data, "nexus", name) for name in os.listdir(os.path.join(data, "nexus"))) if data else []
if measured:
    _, lines, _ = tag(*measured)
    bad = [f"{line['file']} {line['entry']}: {reproaches(line)}" for line in lines if reproaches(line)]
    check(len(lines) > 10 and not bad, f"{len(lines)} lines of measured curves keep to the schema", "\n".join(bad))
else:
    skip("lines of measured curves keep to the schema", "SAXID_DATA is not set")
finish()
