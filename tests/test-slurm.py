"""Does a Slurm job array tag an archive once, though one task is killed and requeued?

Slurm runs here for the test alone: munged, slurmctld and slurmd on the loopback, as root, in
a directory of their own. The tasks are contrib/saxid-array.sbatch.
"""
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time

from tap import check, finish, note, skip_all

SAXID = os.path.join(os.environ["SAXID_BUILDDIR"], "saxid")
BATCH = os.path.join(os.environ["SAXID_SRCDIR"], "contrib", "saxid-array.sbatch")
TASKS, FILES, FRAMES = 4, 40, 60
PATIENCE = 60  # s, for a step that takes one


os.environ["PATH"] += ":/usr/sbin:/sbin"
for program in ("munged", "slurmctld", "slurmd", "sbatch", "scontrol", "squeue", "scancel"):
    if shutil.which(program) is None:
        skip_all(f"{program} is not installed (slurm-wlm, munge)")
if os.getuid() != 0:
    skip_all("the daemons of Slurm need root")
try:
    import h5py
    import numpy
except ImportError as missing:
    skip_all(missing)


def free_ports(n):
    several = [socket.socket() for _ in range(n)]
    for one in several:
        one.bind(("127.0.0.1", 0))
    ports = [one.getsockname()[1] for one in several]
    for one in several:
        one.close()
    return ports


def configuration(directory):
    host = socket.gethostname().split(".")[0]
    control, node = free_ports(2)
    lines = f"""
        ClusterName=saxid
        SlurmctldHost={host}(127.0.0.1)
        SlurmctldPort={control}
        SlurmdPort={node}
        SlurmUser=root
        SlurmdUser=root
        AuthType=auth/munge
        AuthInfo=socket={directory}/munge.socket
        StateSaveLocation={directory}/state
        SlurmdSpoolDir={directory}/spool
        SlurmctldPidFile={directory}/slurmctld.pid
        SlurmdPidFile={directory}/slurmd.pid
        SlurmctldLogFile={directory}/slurmctld.log
        SlurmdLogFile={directory}/slurmd.log
        ProctrackType=proctrack/linuxproc
        TaskPlugin=task/none
        JobAcctGatherType=jobacct_gather/none
        AccountingStorageType=accounting_storage/none
        MpiDefault=none
        SelectType=select/cons_tres
        SelectTypeParameters=CR_CPU
        SlurmdParameters=config_overrides
        KillWait=1
        ReturnToService=2
        NodeName={host} NodeAddr=127.0.0.1 CPUs={TASKS} State=UNKNOWN
        PartitionName=all Nodes=ALL Default=YES MaxTime=INFINITE State=UP
        """
    with open(os.path.join(directory, "slurm.conf"), "w", encoding="ascii") as file:
        file.writelines(line.strip() + "\n" for line in lines.strip().splitlines())


def start(directory):
    """The daemons, in the order in which they need each other."""
    for name in ("state", "spool"):
        os.mkdir(os.path.join(directory, name))
    with open(os.path.join(directory, "munge.key"), "wb") as file:
        os.fchmod(file.fileno(), 0o400)
        file.write(os.urandom(128))
    configuration(directory)
    os.environ["SLURM_CONF"] = os.path.join(directory, "slurm.conf")
    munge = ["munged", "--foreground", "--force", *(f"--{what}={directory}/munge.{end}" for what, end in (
        ("key-file", "key"), ("socket", "socket"), ("pid-file", "pid"), ("log-file", "log"), ("seed-file", "seed")))]
    daemons = []
    for words in (munge, ["slurmctld", "-D", "-c"], ["slurmd", "-D", "-c"]):
        with open(os.path.join(directory, f"{words[0]}.out"), "w", encoding="ascii") as said:
            daemons.append(subprocess.Popen(words, stdout=said, stderr=said, stdin=subprocess.DEVNULL, cwd=directory))
        if words is munge and not wait_for(lambda: os.path.exists(f"{directory}/munge.socket")):
            break
    return daemons


def ours(directory):
    """Processes of this Slurm, such as those that look after a task."""
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/environ", "rb") as file:
                if int(name) != os.getpid() and f"SLURM_CONF={directory}/".encode() in file.read():
                    yield int(name)
        except OSError:
            continue


def stop(directory, daemons):
    subprocess.run(["scancel", "-u", "root"], capture_output=True, check=False, timeout=20)
    for daemon in reversed(daemons):
        daemon.terminate()
    for daemon in reversed(daemons):
        try:
            daemon.wait(timeout=10)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()
    for process in list(ours(directory)):
        try:
            os.kill(process, signal.SIGKILL)
        except ProcessLookupError:
            pass
    return wait_for(lambda: not list(ours(directory)))


def wait_for(condition):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.1)
    return False


def say(*words):
    return subprocess.run(words, capture_output=True, text=True, check=False, timeout=PATIENCE)


def make(path, k):
    q = numpy.geomspace(0.004, 0.3, 150)
    x = q * (30 + k)
    with h5py.File(path, "w") as file:
        data = file.create_group("entry/data")
        data.parent.attrs["NX_class"] = "NXentry"
        data.attrs.update(NX_class="NXdata", signal="I", axes=[".", "Q"])
        data["Q"], data["I"] = q, numpy.tile((3 * (numpy.sin(x) - x * numpy.cos(x)) / x ** 3) ** 2 + 1e-3, (FRAMES, 1))
        data["Q"].attrs["units"] = "1/angstrom"


def rows(ledger):
    with sqlite3.connect(ledger) as book:
        return book.execute("SELECT path, state, attempts FROM file").fetchall()


def killer(directory):
    """In place of saxid: the first run of task 2 is killed in the middle, and its task waits there."""
    path = os.path.join(directory, "saxid-or-not")
    with open(path, "w", encoding="ascii") as file:
        file.write(f"""#!/bin/sh
            [ "$SLURM_ARRAY_TASK_ID" = 2 ] && [ -z "$SLURM_RESTART_COUNT" ] || exec '{SAXID}' "$@"
            '{SAXID}' "$@" --jobs 1 &
            while kill -0 $! && ! '{SAXID}' reprocess --ledger '{directory}/ledger.2-of-{TASKS}' --list all 2>&1 | grep -q done
            do :; done
            kill -9 $!
            touch '{directory}/killed'
            sleep {PATIENCE}
            """)
    os.chmod(path, 0o755)
    return path


def logs(directory):
    found = []
    for name in sorted(os.listdir(directory)):
        if name.endswith((".log", ".out")):
            with open(os.path.join(directory, name), encoding="utf-8", errors="replace") as file:
                found += f"{name}: {file.read()[-1500:]}".splitlines()
    return "\n".join(found[-60:])


def the_array(directory):
    os.makedirs(os.path.join(directory, "archive", "in"))
    for k in range(FILES):
        make(os.path.join(directory, "archive", ("", "in")[k % 2], f"run{k:02}.nxs"), k)
    ledger = os.path.join(directory, "ledger")
    environment = dict(os.environ, SAXID=killer(directory))
    up = wait_for(lambda: "idle" in say("sinfo", "-h", "-o", "%T").stdout)
    check(up, "Slurm runs", logs(directory))
    if not up:
        return
    sent = subprocess.run(["sbatch", "--parsable", f"--array=0-{TASKS - 1}", "--cpus-per-task=1", "--mem-per-cpu=0",
                           f"--output={directory}/task%a.out", BATCH, ledger, os.path.join(directory, "archive")],
                          capture_output=True, text=True, check=False, timeout=PATIENCE, env=environment)
    job = sent.stdout.strip()
    check(sent.returncode == 0 and job.isdigit(), "sbatch takes the sample script", sent)
    killed = wait_for(lambda: os.path.exists(os.path.join(directory, "killed")))
    part = rows(f"{ledger}.2-of-{TASKS}") if killed else []
    requeued = say("scontrol", "requeue", f"{job}_2")
    # Slurm would wait until the credentials of the first run have expired, two minutes; those of
    # the second must not be of the second (of time) in which the first was killed
    wait_for(lambda: "JobState=PENDING" in say("scontrol", "-o", "show", "job", f"{job}_2").stdout)
    say("scontrol", "update", f"JobId={job}_2", "StartTime=now+3")
    check(killed and len(part) > 0 and requeued.returncode == 0, "a task is killed in the middle and requeued", requeued, logs(directory))
    note(f"{len(part)} files were done")
    ended = wait_for(lambda: not say("squeue", "-h", "-j", job).stdout.strip())
    states = [line for task in range(TASKS)
              for line in say("scontrol", "-o", "show", "job", f"{job}_{task}").stdout.splitlines()]
    check(ended and len(states) == TASKS and all("JobState=COMPLETED" in line and "ExitCode=0:0" in line for line in states)
          and sum("Restarts=1" in line for line in states) == 1, "all tasks end well, one in its second run", states, logs(directory))
    parts = [f"{ledger}.{k}-of-{TASKS}" for k in range(TASKS)]
    merged = say(SAXID, "reprocess", "--ledger", ledger, *(word for one in parts for word in ("--merge", one)))
    counts = [len(rows(one)) for one in parts]
    all_rows = rows(ledger)
    check(merged.returncode == 0 and sum(counts) == FILES and min(counts) > 0
          and len(all_rows) == len({path for path, _, _ in all_rows}) == FILES
          and all(state == "done" and attempts == 1 for _, state, attempts in all_rows),
          "every file is once in the merged ledger, done at once", counts, all_rows)
    tagged = 0
    for path, _, _ in all_rows:
        with h5py.File(path) as file:
            tagged += "class_index" in file["entry/saxid/result"]
    check(tagged == FILES, "and tagged", tagged)


with tempfile.TemporaryDirectory(prefix="saxid-slurm-") as where:
    os.chmod(where, 0o755)
    running = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that what follows is always done
    try:
        running = start(where)
        the_array(where)
    finally:
        quiet = stop(where, running)
    check(quiet, "no process of it is left")
finish()
