"""Are curves and tags read by one process while another measures and tags them?

The hosts (hosts/live-host.c, hosts/live_host.py) wait after each frame; this process
reads the file as an SWMR reader before it lets them go on.
"""
import os
import shutil
import subprocess
import sys
import tempfile

import h5py
import numpy as np

from tap import check, finish, skip

SRC, BUILD, PLUGIN = os.environ["SAXID_SRCDIR"], os.environ["SAXID_BUILDDIR"], os.environ["SAXID_PLUGIN"]
SAXID, H5DIFF = os.path.join(BUILD, "saxid"), os.environ.get("H5DIFF", "no")
FRAMES = 600  # more than two chunks of tags
sys.path[:0] = [os.path.join(SRC, "tests"), os.path.join(SRC, "tests", "hosts")]
import live_host  # noqa: E402

nxdl = __import__("validate-nxdl")
NXDL = os.path.join(SRC, "schemas", "NXsaxid.nxdl.xml")
HOSTS = {"C": [os.path.join(BUILD, "tests", "hosts", "live-host")],
         "h5py": [sys.executable, os.path.join(SRC, "tests", "hosts", "live_host.py")]}
IN_PYTHON = not os.environ.get("SANITIZER_FLAGS")  # a module with sanitizers cannot be loaded there
if not IN_PYTHON:
    del HOSTS["h5py"]


def start(host, path, frames=FRAMES):
    process = subprocess.Popen([*HOSTS[host], PLUGIN, path, str(frames)], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               text=True)
    assert process.stdout.readline() == "ready\n", host
    return process


def go_on(process, word="on"):
    process.stdin.write(word + "\n")
    process.stdin.flush()


def look(file, done, frame, status, label, confidence):
    """What is wrong with the file after that frame; None where nothing is."""
    result, intensity = file["entry/saxid/result"], file["entry/data/I"]
    arrays = {name: result[name] for name in ("status", "class_index", "confidence", "probability", "prediction_set")}
    for each in (*arrays.values(), intensity):
        each.refresh()
    n = max(done) + 1
    if any(each.shape[0] != n for each in arrays.values()) or intensity.shape[0] != n:
        return f"{n} rows, there are {[each.shape for each in arrays.values()]} and {intensity.shape}"
    found = arrays["status"][...]
    if set(np.flatnonzero(found)) != done or found[frame] != status:
        return f"status of {frame} is {found[frame]} for {status}; {np.flatnonzero(found)}"
    if arrays["class_index"][frame] != label or arrays["confidence"][frame] != np.float32(confidence):
        return f"label {arrays['class_index'][frame]} for {label}, {arrays['confidence'][frame]} for {confidence}"
    total = arrays["probability"][frame].sum()
    if abs(total - (status != 3)) > 1e-5 or (label >= 0 and arrays["prediction_set"][frame, label] != 1):
        return f"probabilities of {frame} sum to {total}"
    gap = [k for k in range(n) if k not in done]
    if any(arrays["class_index"][k] != -1 or arrays["probability"][k].any() for k in gap):
        return f"rows {gap} are not empty"
    same = np.array_equal(intensity[frame], live_host.measure(frame, live_host.grid()), equal_nan=True)
    return None if same or status == 3 or np.allclose(intensity[frame], live_host.measure(frame, live_host.grid())) \
        else f"curve {frame} is another"


def measured(host, path):
    """A whole run, read frame by frame."""
    process = start(host, path)
    done, statuses, wrong = set(), {}, []
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        frames = file["entry/saxid/input/frames"]
        for _ in range(FRAMES):
            frame, status, label, confidence = process.stdout.readline().split()
            done.add(int(frame))
            statuses[int(frame)] = int(status)
            problem = look(file, done, int(frame), int(status), int(label), float(confidence))
            wrong += [problem] if problem else []
            frames.refresh()
            if frames[()] != 0:
                wrong.append(f"complete at frame {frame}")
            go_on(process)
    check(not wrong and len(done) == FRAMES, f"{host}: each row is read as soon as it is written", *wrong[:5])
    bad = {frame for frame, status in statuses.items() if status == 3}
    check(bad == {7, 11, 13}, f"{host}: broken frames are rejected, and no others", bad)
    check(process.stdout.readline() == "closed\n" and process.wait() == 0, f"{host}: all is closed in the end")
    with h5py.File(path, "r") as file:
        group = file["entry/saxid"]
        errors = nxdl.validate(NXDL, group)
        check(group["input/frames"][()] == FRAMES and not errors, f"{host}: the finished group keeps to the definition", errors)
        note = group["input/note"][()].decode()
        check(note == "left out: %d points without a number" % live_host.POINTS + ("; measured by a host" if host == "C" else ""),
              f"{host}: what was left out is noted", note)


def fields(path):
    """Type, rank and attributes of everything in the group; texts and arrays of fixed size with their shape."""
    found = {}

    def note(name, each):
        kind = "group" if isinstance(each, h5py.Group) else (each.id.get_type().get_class(), each.dtype, each.ndim)
        attributes = {key: (value.tobytes() if isinstance(value, np.ndarray) else value) for key, value in each.attrs.items()}
        found[name] = (kind, attributes)

    with h5py.File(path, "r") as file:
        file["entry/saxid"].visititems(note)
        found[""] = dict(file["entry/saxid"].attrs)
    found.pop("date")  # with microseconds, or not
    for words in ("result/label", "description"):  # texts for each row would be most of what a live file gets
        found.pop(words, None)
    found.pop("input/note", None)  # of another size: what was left out is known when a run has ended
    return found


def as_tagged(host, path):
    """What saxid tag writes of the same curves."""
    other = path + ".tagged.h5"
    shutil.copy(path, other)
    with h5py.File(other, "r+") as file:
        del file["entry/saxid"]
    result = subprocess.run([SAXID, "tag", "--network", "--quiet", other], capture_output=True, text=True)
    check(result.returncode == 0 and fields(path) == fields(other), f"{host}: the same members, types and attributes as by"
          " saxid tag", result.stderr, *(f"{key}: {fields(path).get(key)} {value}" for key, value in fields(other).items()
                                         if fields(path).get(key) != value))
    if H5DIFF == "no":
        skip(f"{host}: h5diff", "no h5diff")
        return
    one, two = "/entry/saxid", "/entry/saxid"
    result = subprocess.run([H5DIFF, "--exclude-path", "/date", "--exclude-path", "/input/note", "--exclude-path", "/result/label",
                             "--exclude-path", "/description", path, other, one, two], capture_output=True, text=True)
    check(result.returncode == 0, f"{host}: the same values", result.stdout, result.stderr)
    with h5py.File(other, "r+") as file:
        file["entry/saxid/result/status"][3] = 2
    result = subprocess.run([H5DIFF, "--exclude-path", "/date", "--exclude-path", "/input/note", "--exclude-path", "/result/label",
                             "--exclude-path", "/description", path, other, one, two], capture_output=True, text=True)
    check(result.returncode == 1, f"{host}: a difference would be seen", result.stdout, result.stderr)


def cut_off(host, path):
    """A host that closes the file without a word, and one that dies."""
    process = start(host, path, 40)
    for _ in range(20):
        process.stdout.readline()
        go_on(process, "close" if _ == 19 else "on")
    check(process.stdout.readline() == "closed\n" and process.wait() == 0, f"{host}: closed without live_finish")
    with h5py.File(path, "r") as file:
        status = file["entry/saxid/result/status"][...]
        check(status.all() and len(status) == 20 and file["entry/saxid/input/frames"][()] == 0,
              f"{host}: the rows are there, and the group is not called complete", status)
    result = subprocess.run([SAXID, "tag", "--network", "--quiet", path], capture_output=True, text=True)
    with h5py.File(path, "r") as file:
        check(result.returncode == 0 and file["entry/saxid/input/frames"][()] == 20, f"{host}: saxid tag completes it",
              result.stderr)
    process = start(host, path, 40)
    for _ in range(30):
        process.stdout.readline()
        if _ < 29:
            go_on(process)
    process.kill()
    process.communicate()
    with h5py.File(path, "r", libver="latest", swmr=True) as file:
        status = file["entry/saxid/result/status"][...]
        check(status.all() and len(status) == 30, f"{host}: after kill -9 every row that was written is read", status)
    clear = subprocess.run(["h5clear", "-s", "--increment=0", path], capture_output=True, text=True) if shutil.which("h5clear") else None
    # without --increment the end of the file is the one of before the run
    if clear is None:
        skip(f"{host}: h5clear", "no h5clear")
        return
    with h5py.File(path, "r+") as file:
        check(clear.returncode == 0 and file["entry/saxid/result/status"][...].all(), f"{host}: and after h5clear by anybody")


def refused(name, words, call):
    try:
        call()
        check(False, f"refused: {name}")
    except live_host.Refused as refusal:
        check(words in str(refusal), f"refused: {name}", refusal)


def refusals():
    saxid, q = live_host.Saxid(PLUGIN), live_host.grid()
    curve = live_host.measure(0, q)
    with live_host.make_file("old.h5", q, libver=("earliest", "v108")) as file:
        refused("a file of the old format", "latest", lambda: saxid.prepare(file))
        check("saxid" not in file["entry"], "and nothing is made in it")
    file = live_host.make_file("new.h5", q)
    other = live_host.make_file("other.h5", q)
    refused("an identifier that is none", "not that of this file", lambda: saxid.prepare(file, file=12345))
    refused("the identifier of a group", "not that of this file", lambda: saxid.prepare(file, file=file["entry"].id.id))
    refused("the identifier of another file", "not that of this file", lambda: saxid.prepare(file, file=other.id.id))
    refused("an entry that is not there", "not in this file", lambda: saxid.prepare(file, entry=b"/nowhere"))
    refused("no path of q", "record has no q", lambda: saxid.prepare(file, q_path=None))
    refused("no path of the file", "'path'", lambda: saxid.prepare(file, path=None))
    file["entry"].create_group("mine")
    refused("a name that is taken", "of this name already", lambda: saxid.prepare(file, name=b"mine"))
    check(set(file["entry"]) == {"data", "mine"}, "after all of them the file is as it was", list(file["entry"]))
    refused("a frame before the tags are prepared", "'live' is NULL", lambda: saxid.append(None, 0, q, curve))
    refused("an end before the tags are prepared", "'live' is NULL", lambda: saxid.finish(None))
    live = saxid.prepare(file)
    refused("the same tags again", "of this name already", lambda: saxid.prepare(file))
    second = saxid.prepare(file, name=b"saxid_again")
    file.swmr_mode = True
    refused("tags after SWMR has begun", "SWMR has begun", lambda: saxid.prepare(file, name=b"late"))
    refused("frame 2^24", "less than", lambda: saxid.append(live, 1 << 24, q, curve))
    check(saxid.append(live, 0, q, curve).status == 1 and saxid.append(second, 3, q, curve).status == 1
          and file["entry/saxid_again/result/status"][...].tolist() == [0, 0, 0, 1], "two groups in one file")
    saxid.finish(live)
    refused("a frame after the end", "finished before", lambda: saxid.append(live, 1, q, curve))
    check(saxid.finish(live) == 0, "a second end does nothing")
    file.close()
    refused("a frame after the host has closed the file", "still open", lambda: saxid.append(second, 4, q, curve))
    refused("an end after that", "still open", lambda: saxid.finish(second))
    saxid.free(live)
    saxid.free(second)
    other.close()
    with h5py.File("other.h5", "r") as file:
        refused("a file that is open for reading", "reading only", lambda: saxid.prepare(file))
    with h5py.File("new.h5", "r+", libver="latest") as file:
        check(set(file["entry"]) == {"data", "mine", "saxid", "saxid_again"}
              and file["entry/saxid/input/frames"][()] == 1 and file["entry/saxid_again/input/frames"][()] == 0,
              "the file is closed properly, and tells which tags were finished")


def own_hdf5():
    """A host that brings a libhdf5 of its own: its identifiers mean nothing to the module."""
    def flags(*words):
        return subprocess.run(["pkg-config", *words, "hdf5"], capture_output=True, text=True).stdout.split()

    name = "a host with another copy of libhdf5 is refused"
    libraries = [word for word in flags("--static", "--libs") if not word.startswith("-Wl")]
    inside = [f"-l:lib{word[2:]}.a" if word.startswith("-lhdf5") and not word.startswith("-lhdf5_hl") else word for word in libraries]
    built = shutil.which("pkg-config") and subprocess.run(
        [*os.environ["CC"].split(), "-std=c11", "-D_DEFAULT_SOURCE", "-I", SRC, *flags("--cflags"),
         os.path.join(SRC, "tests", "hosts", "live-host.c"), "-o", "own-host", *inside, "-lcrypto", "-lcurl", "-lsz", "-lz", "-ldl", "-lm"],
        capture_output=True, text=True).returncode == 0
    if not built:
        skip(name, "no static libhdf5")
        return
    result = subprocess.run(["./own-host", PLUGIN, "own.h5", "3"], capture_output=True, text=True, input="on\non\non\n")
    check(result.returncode == 1 and "is not that of this file" in result.stderr and "libhdf5" in result.stderr, name, result)


FULL = """
import os, sys
import h5py
sys.path[:0] = [os.path.join(sys.argv[1], "tests", "hosts")]
import live_host
saxid, q = live_host.Saxid(sys.argv[2]), live_host.grid()
file = live_host.make_file(sys.argv[3], q)
live = saxid.prepare(file)
file.swmr_mode = True
written = 0
try:
    while written < 100000:
        saxid.append(live, written, q, live_host.measure(0, q))
        written += 1
except live_host.Refused as refusal:
    print(refusal)
saxid.finish(live)
file.close()
saxid.free(live)
with h5py.File(sys.argv[3], "r") as file:
    group = file["entry/saxid"]
    print(written, group["input/frames"][()], group["result/status"][...].sum())
"""


def full_disk():
    """What the disk has no room for is refused before HDF5 sees it, which would not survive that."""
    name = "a full disk costs the frames for which it has no room, and nothing else"
    os.mkdir("disk")
    mounted = ["unshare", "-rm", "sh", "-c", "mount -t tmpfs -o size=600k none disk || exit 77; exec \"$@\"", "sh"]
    with open("full.py", "w") as file:
        file.write(FULL)
    result = subprocess.run([*mounted, sys.executable, "full.py", SRC, PLUGIN, "disk/run.h5"], capture_output=True, text=True)
    if result.returncode == 77 or "unshare" in result.stderr:
        skip(name, "no right to mount a filesystem")
        return
    lines = result.stdout.splitlines()
    check(result.returncode == 0 and "cannot find room" in lines[0] and len(set(lines[1].split())) == 1
          and int(lines[1].split()[0]) >= 256, name, result)


def gone_on_with():
    """A host that closes the file, and opens it again."""
    saxid, q = live_host.Saxid(PLUGIN), live_host.grid()
    more = dict(flags=live_host.LiveOptions.CONTINUE)
    with live_host.make_file("more.h5", q) as file:
        live = saxid.prepare(file, **more)  # there is nothing yet to go on with
        file.swmr_mode = True
        saxid.append(live, 1, q, live_host.measure(1, q))
        saxid.finish(live)
        saxid.free(live)
    with h5py.File("more.h5", "r+", libver="latest") as file:
        refused("the tags of other curves", "same model and curves", lambda: saxid.prepare(file, q_path=b"/other", **more))
        refused("to go on unasked", "of this name already", lambda: saxid.prepare(file))
        before = file["entry/saxid/result/probability"][1]
        live = saxid.prepare(file, **more)
        frames = file["entry/saxid/input/frames"][()]
        file.swmr_mode = True
        saxid.append(live, 0, q, live_host.measure(0, q))
        saxid.append(live, 2, q, live_host.measure(2, q))
        saxid.finish(live)
        saxid.free(live)
    with h5py.File("more.h5", "r") as file:
        group = file["entry/saxid"]
        check(frames == 0 and group["input/frames"][()] == 3 and group["result/status"][...].tolist() == [1, 1, 1]
              and np.array_equal(group["result/probability"][1], before), "what was written before stays, and more comes to it")
    with h5py.File("more.h5", "r+", libver="latest") as file:
        data = live_host.measure(0, q)
        file["entry/data/I"].resize(1, axis=0)
        file["entry/data/I"][0] = data
    subprocess.run([SAXID, "tag", "--network", "--quiet", "more.h5"], check=True, stdout=subprocess.DEVNULL)
    with h5py.File("more.h5", "r+", libver="latest") as file:
        refused("tags that cannot grow", "not live tags", lambda: saxid.prepare(file, **more))


with tempfile.TemporaryDirectory() as directory:
    os.chdir(directory)
    for kind in HOSTS:
        measured(kind, f"{kind}.h5")
        as_tagged(kind, f"{kind}.h5")
        cut_off(kind, f"{kind}-cut.h5")
    if IN_PYTHON:
        own_hdf5()
        full_disk()
        refusals()
        gone_on_with()
    os.chdir("/")
finish()
