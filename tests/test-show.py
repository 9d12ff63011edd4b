"""Do show and untag say and undo what tag wrote, and does the program help who mistypes?"""
import hashlib
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
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
DEMO = os.path.join(os.environ["SAXID_SRCDIR"], "demo", "run.nxs")


def saxid(*arguments, **environment):
    return subprocess.run([SAXID, *arguments], capture_output=True, text=True, env={**os.environ, **environment})


def digest(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest(), os.stat(path).st_ino


def fresh(name="run.nxs"):
    shutil.copyfile(DEMO, name)
    return name


def content(path):
    """Every object of a file with its attributes and values."""
    found = {}

    def take(name, item):
        found[name] = ({key: np.asarray(value).tolist() for key, value in item.attrs.items()},
                       np.asarray(item[()]).tolist() if isinstance(item, h5py.Dataset) else None)
    with h5py.File(path, "r") as file:
        take("/", file)
        file.visititems(take)
    return found


def as_tagged():
    """show prints what tag printed."""
    fresh()
    tagged = saxid("tag", "--quiet", "--seeds", "run.nxs")
    before = digest("run.nxs")
    shown = saxid("show", "run.nxs")
    rows, _, origin = shown.stdout.rpartition("\n\n")
    check(shown.returncode == 0 and rows.strip() == tagged.stdout.strip(), "show prints the table that tag printed", shown, tagged)
    check(origin.startswith("run.nxs: saxid ") and "field.saxid-model" in origin and "with fits" in origin and origin.count("\n") == 1,
          "and once who made it", origin)
    lines = [json.loads(line) for line in saxid("show", "--json", "run.nxs").stdout.splitlines()]
    wanted = [json.loads(line) for line in saxid("tag", "--json", "--seeds", "--dry-run", "--quiet", "run.nxs").stdout.splitlines()]
    same = [key for key in wanted[0] if key not in ("coverage", "reason", "note", "material")]
    check(len(lines) == 9 and all(one[key] == two[key] for one, two in zip(lines, wanted) for key in same),
          "the lines of --json are those of tag", [(key, one[key], two[key]) for one, two in zip(lines, wanted) for key in same
                                                   if one[key] != two[key]][:3])
    check(all(one["material"] is None and (two["material"] is None or two["material"]["status"] != "found") for one, two in zip(lines, wanted)),
          "the file says of a material only what was found", [two["material"] for two in wanted])
    check(all(len(one["checksum"]) == 64 and one["group"] == "saxid" and one["date"] for one in lines), "with model and date")
    check(digest("run.nxs") == before, "nothing is written")


def reported():
    """report reads what the file says, and says where the model says something else now."""
    fresh()
    saxid("tag", "--quiet", "--seeds", "run.nxs")
    with h5py.File("run.nxs", "r+") as file:
        file["oblate/instrument/detector/count_time"] = 2500.0
        file["oblate/instrument/detector/count_time"].attrs["units"] = "ms"
        file["oblate/instrument/monochromator/wavelength"] = 0.1
        file["oblate/instrument/monochromator/wavelength"].attrs["units"] = "nm"
    def page(*words):
        done = saxid("report", "run.nxs", "-o", "page.html", *words)
        with open("page.html", encoding="utf-8") as made:
            return done, made.read()
    done, html = page()
    check(done.returncode == 0 and html.count("; as now, by the same model") == 9 and "say otherwise" not in html,
          "tags of the same model are the same", done)
    check(html.count("Fits in the file") == 9 and "radius" in html, "the fits in the file are shown")
    check("<td>2.5 s</td>" in html and "1 Å (photons of 12.398 keV)" in html, "exposure and wavelength are those of the file")
    check(all(f"<text" in html and f">{word}<" in html for word in ("Guinier", "Kratky", "Porod")), "with the three plots of a curve")
    with h5py.File("run.nxs", "r+") as file:
        group = file["sphere/saxid/result"]
        names = [name.decode() if isinstance(name, bytes) else name for name in group["class"][()]]
        group["class_index"][...] = names.index("cylinder")
    done, html = page("--fast")
    check(done.returncode == 0 and "say otherwise of" in html and "not what is said now" in html, "what differs is said", done)
    done, html = page("--time-limit", "1e-6")
    check(done.returncode == 0 and "--time-limit" in done.stderr and html.count("No fits: the time") >= 8 and "Fit: " not in html,
          "--time-limit leaves out fits, and says so", done)
    done = saxid("report", "run.nxs", "-o", "page.html", "--time-limit", "0")
    check(done.returncode == 2 and "--time-limit" in done.stderr, "a limit of 0 s is refused", done)


def as_before():
    """untag gives the file back as it was."""
    fresh()
    wanted, size = content("run.nxs"), os.path.getsize("run.nxs")
    saxid("tag", "--quiet", "--fast", "run.nxs")
    done = saxid("untag", "run.nxs")
    check(done.returncode == 0 and done.stdout == "run.nxs: 9 groups of tags taken out\n" and done.stderr == "", "nine groups go", done)
    check(content("run.nxs") == wanted and os.path.getsize("run.nxs") <= size + 64, "and nothing else")
    before = digest("run.nxs")
    again = saxid("untag", "run.nxs")
    check(again.returncode == 0 and "no tags in it" in again.stdout and digest("run.nxs") == before, "a second time nothing is written",
          again)
    nothing = saxid("show", "run.nxs")
    check(nothing.returncode == 1 and nothing.stderr.count("\n") == 1 and "saxid tag" in nothing.stderr, "and nothing is shown", nothing)


def of_others():
    """What somebody put into our group, or beside it, stays."""
    fresh()
    saxid("tag", "--quiet", "--fast", "run.nxs")
    with h5py.File("run.nxs", "r+") as file:
        file["sphere/saxid/comment"] = "looks round"
        file.create_group("sphere/saxid_mine")["x"] = 1  # our name, and none of ours
    before = digest("run.nxs")
    done = saxid("untag", "run.nxs")
    check(done.returncode == 1 and "comment" in done.stderr and done.stderr.count("\n") == 1 and digest("run.nxs") == before,
          "a group with a comment in it keeps the file as it is", done)
    with h5py.File("run.nxs", "r+") as file:
        del file["sphere/saxid/comment"]
    done = saxid("untag", "run.nxs")
    with h5py.File("run.nxs", "r") as file:
        check(done.returncode == 0 and "sphere/saxid_mine/x" in file and "sphere/saxid" not in file, "a namesake stays", done)


def beside():
    """Side files are shown and taken away, if nobody has put anything in."""
    fresh()
    before = digest("run.nxs")
    saxid("tag", "--quiet", "--fast", "--side-file", "run.nxs")
    shown = saxid("show", "run.nxs")
    check(shown.returncode == 0 and "run_saxid.nxs: saxid" in shown.stdout, "the tags of a side file are shown", shown)
    told = saxid("untag", "run.nxs")
    check(told.returncode == 0 and "--side-file" in told.stdout and os.path.exists("run_saxid.nxs"), "untag says how they go", told)
    with h5py.File("run_saxid.nxs", "r+") as file:
        file["sphere/mine"] = 1
    kept = saxid("untag", "--side-file", "run.nxs")
    check(kept.returncode == 1 and "left alone" in kept.stderr and os.path.exists("run_saxid.nxs"), "not with what is another's", kept)
    with h5py.File("run_saxid.nxs", "r+") as file:
        del file["sphere/mine"]
    gone = saxid("untag", "--side-file", "run.nxs")
    check(gone.returncode == 0 and not os.path.exists("run_saxid.nxs") and digest("run.nxs") == before, "a side file goes", gone)
    none = saxid("untag", "--side-file", "run.nxs")
    check(none.returncode == 1 and none.stderr.count("\n") == 1, "one that is not there is an error", none)


def refused():
    """One clear line for each file that cannot be, and the others are done."""
    fresh("good.nxs")
    saxid("tag", "--quiet", "--fast", "good.nxs")
    with open("text.nxs", "w") as file:
        file.write("q I\n")
    os.mkfifo("pipe")
    shutil.copyfile("good.nxs", "read-only.nxs")
    os.chmod("read-only.nxs", 0o400)
    for verb in ("show", "untag"):
        done = saxid(verb, "text.nxs")
        check(done.returncode == 1 and "not an HDF5 file" in done.stderr and "signature" not in done.stderr, f"{verb} speaks plainly", done)
        done = saxid(verb, "text.nxs", "gone.nxs", "pipe", *(["read-only.nxs"] if verb == "untag" else []), "good.nxs")
        check(done.returncode == 1 and len(done.stderr.splitlines()) == (4 if verb == "untag" else 3) and "good.nxs" in done.stdout
              and all(name in line for name, line in zip(("text", "gone", "pipe", "read-only"), done.stderr.splitlines())),
              f"{verb}: a line for each file that cannot be, and the others are done", done)
        check(saxid(verb).returncode == 2, f"{verb} without a file is a usage error")
    with h5py.File("bent.nxs", "w") as file:
        shutil_tags = file.create_group("entry/saxid")
        shutil_tags.attrs["NX_class"] = np.bytes_("NXprocess")
        shutil_tags["program"] = np.bytes_("saxid")
    shown = saxid("show", "bent.nxs")
    check(shown.returncode == 1 and shown.stdout == "" and shown.stderr.count("\n") == 1, "tags that are not sound are not shown", shown)
    with h5py.File("held.nxs", "w", libver="latest") as file:
        file["x"] = 1
        file.swmr_mode = True
        held = saxid("untag", "held.nxs")
        check(held.returncode == 1 and "writer" in held.stderr, "a file that is being written is left alone", held)


def mistyped():
    version = saxid("--version")
    lines = version.stdout.splitlines()
    check(version.returncode == 0 and lines[0] == f"saxid {os.environ['SAXID_VERSION']}" and lines[1].startswith("HDF5 1.")
          and "ABI 1." in lines[2] and "field.saxid-model" in lines[3] and "sha256:" in lines[3], "--version says what is at work", version)
    broken = saxid("--version", SAXID_PLUGIN="/nowhere/saxid.so")
    check(broken.returncode == 1 and broken.stdout.startswith("saxid ") and broken.stderr.count("\n") == 1, "also without a module", broken)
    check(saxid("help").stdout == saxid("--help").stdout and saxid("help", "tag").stdout == saxid("tag", "--help").stdout,
          "help is --help, and help VERB is VERB --help")
    for words, meant in ((("tga",), "'tag'"), (("rport",), "'report'"), (("help", "sede"), "'seed'"), (("utnag",), "'untag'"),
                         (("model", "inof"), "'info'"), (("tag", "--dry-rn", "x"), "--dry-run"), (("hlep",), "'help'"),
                         (("seed", "--formt=bumps", "x"), "--format")):
        done = saxid(*words)
        check(done.returncode == 2 and f"did you mean {meant}?" in done.stderr and done.stderr.count("\n") == 1,
              f"'{' '.join(words)}' is answered with {meant}", done)
    for words in (("xyzzy",), ("tag", "--xyzzy"), ("help", "xyzzy"), ("model", "xyzzy"), ("\x1b[31m",), ("",), ("x" * 5000,)):
        done = saxid(*words)
        check(done.returncode == 2 and "did you mean" not in done.stderr and done.stderr.count("\n") == 1 and "\x1b" not in done.stderr,
              f"'{' '.join(words)[:20]!r}' is like nothing", done)


def models():
    listed = saxid("model", "list")
    check(listed.returncode == 0 and [line.split()[0] for line in listed.stdout.splitlines()] == ["field", "paper-xgboost"]
          and listed.stdout.count("asked where none") == 1, "the models that ship are listed, and which is asked", listed)
    os.mkdir("models")
    with open("models/broken.saxid-model", "w") as file:
        file.write("no model")
    os.symlink(os.path.join(os.environ["SAXID_SRCDIR"], "models", "trained", "paper-xgboost.saxid-model"), "models/mine.saxid-model")
    own = saxid("model", "list", SAXID_MODEL_PATH=os.path.abspath("models"))
    check(own.returncode == 1 and own.stderr.count("\n") == 1 and "broken" in own.stderr
          and [line.split()[0] for line in own.stdout.splitlines()] == ["mine", "field", "paper-xgboost"],
          "one's own come first, and one that is not sound costs a line", own)


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    as_tagged()
    reported()
    as_before()
    of_others()
    beside()
    refused()
    mistyped()
    models()
    os.chdir("/")
finish()
