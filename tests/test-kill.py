"""Is every file the old one or the whole new one after kill -9 at any instant, and is the rest done later?

    make check-kill [KILLS=1000] [SEED=1]

Five programs tag copies of a few files each, again and again, and are killed at random
instants: saxid tag, tag --side-file, reprocess (with its workers, without them, or only one
of them) and watch, and untag, for which "tagged" is the other way round; and so is a host that writes its file while it is tagged. After each kill every file is looked at; now and then the program is let
run to its end, which has to complete everything and leave nothing lying about.
"""
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time

from tap import check, finish, note, skip, skip_all

try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
LIVE_HOST = os.path.join(os.environ["SAXID_BUILDDIR"], "tests", "hosts", "live-host")
H5DIFF = os.environ.get("H5DIFF", "no")
KILLS, SEED = int(os.environ.get("KILLS") or 40), int(os.environ.get("SEED") or random.randrange(10**6))
FILES, LONG = 8, 100
chance = random.Random(SEED)


# --- the files, and what they must be -----------------------------------------------------

def make(path, k):
    """Every fourth is a long one, and every fourth has two entries."""
    q = numpy.geomspace(0.004, 0.3, 150)
    with h5py.File(path, "w") as file:
        for entry in ("entry", "other")[:1 + (k % 4 == 1)]:
            x = q * (40 + 5 * k)
            curve = (3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-3
            data = file.create_group(f"{entry}/data")
            data.parent.attrs["NX_class"] = "NXentry"
            long = k % 4 == 3
            data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"] if long else "Q")
            data["Q"], data["I"] = q, numpy.tile(curve, (LONG, 1)) if long else curve
            data["Q"].attrs["units"] = "1/angstrom"
            data.parent["sample"] = f"number {k}"
            data.parent["alias"] = h5py.SoftLink(f"/{entry}/data/I")


def portrait(path):
    """All that is in the file, but for the time at which it was tagged. Links are followed."""
    seen = {}

    def attributes(item):
        return {name: numpy.asarray(value).tolist() for name, value in item.attrs.items()}

    def walk(group, at):
        seen[at] = attributes(group)
        for name in group:
            item, here = group[name], f"{at}/{name}"
            if isinstance(item, h5py.Group):
                walk(item, here)
            elif name != "date":
                seen[here] = item.shape, str(item.dtype), item[()].tobytes() if item.shape else str(item[()]), attributes(item)

    with h5py.File(path, "r") as file:
        walk(file, "")
    return seen


def no_foreign_change(original, path):
    """What h5diff sees outside saxid's groups, and what is new there."""
    ours = ["/entry/saxid", "/other/saxid"]
    if H5DIFF != "no":
        with h5py.File(path, "r") as file, h5py.File(original, "r") as first:
            out = [word for name in ours if name in file or name in first for word in ("--exclude-path", name)]
        said = subprocess.run([H5DIFF, *out, original, path], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            return f"h5diff: {said.stdout}{said.stderr}"
    before, after = portrait(original), portrait(path)
    changed = [name for name in set(before) | set(after)
               if not any(name == one or name.startswith(one + "/") for one in ours) and before.get(name) != after.get(name)]
    return f"changed: {changed}" if changed else ""


def content(path):
    with open(path, "rb") as file:
        return file.read()


class Program:
    """One way of tagging, its directory, and how it says what it has done."""

    def __init__(self, name, command, finish, side=False, whom=("group",), ledger=False, begin=None):
        self.pattern = begin or pattern
        self.name, self.command, self.finish, self.side, self.whom = name, command, finish, side, whom
        self.directory = os.path.join(work, name)
        self.ledger = os.path.join(work, name + ".sqlite") if ledger else None
        self.sound = {}  # path → (inode, time) of what was looked at and found sound
        self.counts = dict.fromkeys(("kills", "untouched", "tagged", "leftovers", "mixed", "finished"), 0)
        self.reset()
        start = time.monotonic()
        said = subprocess.run(self.words(finish), capture_output=True, text=True, check=False, timeout=300)
        self.seconds = time.monotonic() - start
        self.wanted = {each: portrait(self.result(each)) for each in names}
        foreign = [no_foreign_change(os.path.join(self.pattern, each), os.path.join(self.directory, each)) for each in names]
        check(said.returncode == 0 and not any(foreign) and self.is_tidy(), f"{name}: it does {FILES} files", said, foreign)

    def words(self, command):
        words = {"FILES": [os.path.join(self.directory, each) for each in names], "DIR": [self.directory],
                 "LEDGER": ["--ledger", self.ledger]}
        return [SAXID, *(part for word in command for part in words.get(word, [word]))]

    def result(self, name):
        stem = os.path.splitext(name)[0]
        return os.path.join(self.directory, f"{stem}_saxid.nxs" if self.side else name)

    def reset(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        shutil.copytree(self.pattern, self.directory)
        self.sound.clear()
        if self.ledger:
            for name in os.listdir(work):
                if name.startswith(os.path.basename(self.ledger)):
                    os.unlink(os.path.join(work, name))

    def leftovers(self):
        known = set(names) | {os.path.basename(self.result(each)) for each in names}
        return [name for name in os.listdir(self.directory) if name not in known]

    def is_tidy(self):
        return not self.leftovers()

    def look_at(self, name):
        """'untouched' or 'tagged', or what is wrong with it."""
        original, path, result = os.path.join(self.pattern, name), os.path.join(self.directory, name), self.result(name)
        if self.side and content(path) != content(original):
            return "the file beside a side file has changed"
        if not os.path.exists(result) or (not self.side and content(path) == content(original)):
            return "untouched"
        about = os.stat(result)
        mark = about.st_ino, about.st_mtime_ns
        if self.sound.get(name) == mark:
            return "tagged"
        try:
            if portrait(result) != self.wanted[name]:
                return "not as an undisturbed run leaves it"
        except (OSError, KeyError, RuntimeError) as broken:
            return f"unreadable: {broken}"
        # h5diff is the judge of an undisturbed run, which this one equals, and of every third file
        foreign = "" if self.side or chance.random() > 0.34 else no_foreign_change(original, path)
        if not foreign:
            self.sound[name] = mark
        return foreign or "tagged"

    def noted(self):
        """Files that the ledger calls done; None where there is no ledger yet."""
        if self.ledger is None or not os.path.exists(self.ledger):
            return None
        with sqlite3.connect(self.ledger) as book:
            if book.execute("PRAGMA integrity_check").fetchone() != ("ok",):
                return "damaged"
            if not book.execute("SELECT 1 FROM sqlite_master WHERE name='file'").fetchone():
                return None
            rows = [os.path.basename(path) for path, in book.execute("SELECT path FROM file WHERE state='done'")]
        return rows if len(rows) == len(set(rows)) else "twice"

    def faults(self):
        looks = {name: self.look_at(name) for name in names}
        bad = {name: look for name, look in looks.items() if look not in ("untouched", "tagged")}
        odd = [name for name in self.leftovers() if not name.startswith(".") or ".saxid-" not in name]
        noted = self.noted()
        if odd:
            bad["left"] = odd
        if isinstance(noted, str):
            bad["ledger"] = noted
        elif noted is not None and any(looks[name] != "tagged" for name in noted):
            bad["ledger"] = [name for name in noted if looks[name] != "tagged"]
        return bad, list(looks.values())

    def complete(self):
        """Lets it run to its end; what is wrong then."""
        said = subprocess.run(self.words(self.finish), capture_output=True, text=True, check=False, timeout=300)
        bad, looks = self.faults()
        noted = self.noted()
        if said.returncode != 0 or bad or set(looks) != {"tagged"} or not self.is_tidy():
            return said, bad, looks, self.leftovers()
        if self.ledger and sorted(noted or []) != names:
            return "ledger", noted
        return None


def living(group):
    """Processes of the group that are not yet dead."""
    count = 0
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                state, _, its_group = file.read().rpartition(")")[2].split()[:3]
        except OSError:
            continue
        count += int(its_group) == group and state not in "ZX"
    return count


def wait_for_end(group):
    deadline = time.monotonic() + 30
    while living(group) and time.monotonic() < deadline:
        time.sleep(0.002)
    return living(group) == 0


def child_of(parent):
    out = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False).stdout
    return int(chance.choice(out.split())) if out.split() else None


def kill(program):
    """One run that is killed; False where it had ended before. Returns what is wrong, too."""
    whom = chance.choice(program.whom)
    process = subprocess.Popen(program.words(program.command), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                               start_new_session=True)
    time.sleep(program.seconds * chance.uniform(0.1, 1))
    killed = process.poll() is None
    if killed and whom == "worker":
        child = child_of(process.pid)
        try:
            if child is not None:
                os.kill(child, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait(timeout=300)
    elif killed and whom == "parent":
        process.kill()
    elif killed:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if not wait_for_end(process.pid):
        return killed, {whom: "a worker has outlived its parent"}
    bad, looks = program.faults()
    program.counts["kills" if killed else "finished"] += 1
    # stay where it happens, whatever else the machine has to do
    program.seconds *= 0.9 if not killed else 1.1 if set(looks) == {"untouched"} else 1
    if killed:
        program.counts["untouched"] += looks.count("untouched")
        program.counts["tagged"] += looks.count("tagged")
        program.counts["mixed"] += len(set(looks)) == 2
        program.counts["leftovers"] += not program.is_tidy()
    return killed, {f"{whom}: {name}": fault for name, fault in bad.items()}


class LiveHost:
    """A host that writes frames in SWMR mode, with the tags of each."""

    frames, arrays = 60, ("class_index", "confidence", "outlier", "outlier_score", "prediction_set", "probability", "status")

    def __init__(self):
        self.path, self.said = os.path.join(work, "live.h5"), os.path.join(work, "live.txt")
        self.lines = os.path.join(work, "lines.txt")
        with open(self.lines, "w", encoding="ascii") as file:
            file.write("on\n" * (self.frames + 2))
        start = time.monotonic()
        process = self.start()
        process.wait(timeout=120)
        self.seconds = time.monotonic() - start
        self.wanted = self.rows()
        check(process.returncode == 0 and len(self.wanted["status"]) == self.frames and self.wanted["status"].all(),
              f"live: a host tags {self.frames} frames", process.returncode)

    def start(self):
        with open(self.lines, encoding="ascii") as lines, open(self.said, "w", encoding="utf-8") as said:
            return subprocess.Popen([LIVE_HOST, os.environ["SAXID_PLUGIN"], self.path, str(self.frames)], stdin=lines,
                                    stdout=said, stderr=subprocess.DEVNULL)

    def rows(self):
        with h5py.File(self.path, "r", libver="latest", swmr=True) as file:
            return {name: file["entry/saxid/result"][name][...] for name in self.arrays}

    def fault(self):
        """What is wrong with what the dead host has left; it has told some rows."""
        self.left = 0
        with open(self.said, encoding="utf-8") as file:
            told = [int(line.split()[0]) for line in file.read().splitlines(True) if line.endswith("\n") and line[0].isdigit()]
        try:
            rows = self.rows()
        except (OSError, KeyError) as broken:
            # before the host has begun with SWMR nothing is promised
            return f"unreadable: {broken}" if told else ""
        there = numpy.flatnonzero(rows["status"])
        if not set(told) <= set(there.tolist()):
            return f"rows that were told are not there: {sorted(set(told) - set(there.tolist()))}"
        for name in self.arrays:
            for row in there:
                if not numpy.array_equal(rows[name][row], self.wanted[name][row], equal_nan=rows[name].dtype.kind == "f"):
                    return f"{name}[{row}] is {rows[name][row]}, not {self.wanted[name][row]}"
        self.left = len(there)
        self.seen.append(self.left)
        return ""

    def complete(self):
        """Somebody clears the mark of the dead writer, and saxid tag does the rest."""
        if shutil.which("h5clear") is None:
            return ""
        said = subprocess.run(["h5clear", "-s", "--increment=0", self.path], capture_output=True, text=True, check=False)
        if said.returncode != 0:
            return said
        said = subprocess.run([SAXID, "tag", "--quiet", self.path], capture_output=True, text=True, check=False, timeout=120)
        with h5py.File(self.path, "r") as file:
            frames, n = file["entry/saxid/input/frames"][()], len(file["entry/data/I"])
            status = file["entry/saxid/result/status"][...]
        return "" if said.returncode == 0 and frames == n == len(status) and status.all() else (said, frames, n, status)

    def came_between(self):
        return any(0 < count < self.frames for count in self.seen)

    def kill(self, wanted):
        kills, tries, faults, incomplete, self.seen = 0, 0, [], [], []
        while (kills < wanted or not self.came_between()) and tries < 20 * wanted:
            tries += 1
            if os.path.exists(self.path):
                os.unlink(self.path)
            process = self.start()
            time.sleep(self.seconds * chance.uniform(0.5, 1))
            killed = process.poll() is None
            process.kill()
            process.wait()
            kills += killed
            fault = self.fault()
            # stay where it happens, whatever else the machine has to do
            self.seconds *= 0.9 if not killed or self.left == self.frames else 1.1 if self.left == 0 else 1
            if fault:
                faults.append(fault)
            elif self.left > 0 and chance.random() < 0.3:
                left = self.complete()
                if left:
                    incomplete.append(left)
        note(f"live: {kills} kills, {len(self.seen)} files with rows, {sum(self.seen)} rows")
        check(kills >= wanted and not faults, f"live: after {kills} kills of the host every row is whole or not there", *faults[:40])
        check(not incomplete, "live: and saxid tag completes the file", *incomplete[:40])
        check(self.came_between(), "live: some kills came between two rows", self.seen)


def damaged_files_are_seen(program):
    """The judges above can say no."""
    program.complete()
    program.sound.clear()
    path = program.result(names[0])
    with h5py.File(path, "r+") as file:
        del file["entry/saxid/result/outlier"]
    half = program.look_at(names[0])
    with h5py.File(program.result(names[2]), "r+") as file:
        file["entry/data/I"][3] += 1
    foreign = no_foreign_change(os.path.join(pattern, names[2]), program.result(names[2]))
    with open(program.result(names[4]), "r+b") as file:
        file.truncate(900)
    cut = program.look_at(names[4])
    check("not as" in half and foreign and "unreadable" in cut, "half a tag, a foreign change and half a file are seen",
          half, foreign, cut)


work = tempfile.mkdtemp(prefix="saxid-kill-")
try:
    pattern = os.path.join(work, "pattern")
    os.mkdir(pattern)
    names = [f"run{k:02}.h5" for k in range(FILES)]
    for k, name in enumerate(names):
        make(os.path.join(pattern, name), k)
    note(f"seed {SEED}, {KILLS} kills")
    programs = [
        Program("tag", ["tag", "--quiet", "FILES"], ["tag", "--quiet", "FILES"]),
        Program("side", ["tag", "--quiet", "--side-file", "FILES"], ["tag", "--quiet", "--side-file", "FILES"], side=True),
        Program("reprocess", ["reprocess", "--quiet", "--jobs", "2", "LEDGER", "DIR"],
                ["reprocess", "--quiet", "--jobs", "2", "--retry", "LEDGER", "DIR"], whom=("group", "parent", "worker"), ledger=True),
        Program("watch", ["watch", "--settle", "0", "--poll", "0.1", "LEDGER", "DIR"],
                ["watch", "--settle", "0", "--once", "LEDGER", "DIR"], whom=("group", "parent"), ledger=True),
    ]
    tagged = os.path.join(work, "tagged")
    programs[0].complete()
    shutil.copytree(programs[0].directory, tagged)
    programs.append(Program("untag", ["untag", "FILES"], ["untag", "FILES"], begin=tagged))
    check(all(portrait(os.path.join(pattern, name)) == programs[-1].wanted[name] for name in names), "untag: it leaves what there was")
    for number, program in enumerate(programs):
        wanted = KILLS // len(programs) + (number < KILLS % len(programs))
        faults, incomplete = [], []
        program.reset()
        while program.counts["kills"] < wanted and program.counts["finished"] < 20 * wanted:
            killed, bad = kill(program)
            if bad:
                faults.append(bad)
                program.reset()
            elif not killed or chance.random() < 0.4:
                left = program.complete()
                if left:
                    incomplete.append(left)
                program.reset()
        left = program.complete()
        if left:
            incomplete.append(left)
        note(program.name + ": " + ", ".join(f"{count} {what}" for what, count in program.counts.items()))
        check(program.counts["kills"] == wanted and not faults, f"{program.name}: after {wanted} kills every file was old or new",
              *faults[:40])
        check(not incomplete, f"{program.name}: what was killed was completed", *incomplete[:40])
    if os.path.exists(LIVE_HOST):
        LiveHost().kill(max(KILLS // 5, 3))
    else:
        skip("live: after kills of the host every row is whole or not there", "no live-host was built")
    mixed = sum(program.counts["mixed"] for program in programs)
    check(KILLS < 20 or mixed > 0, "some kills came in the middle", mixed)
    damaged_files_are_seen(programs[0])
finally:
    shutil.rmtree(work)
finish()
