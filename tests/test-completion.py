"""Do bash and zsh know every verb, every option and every model, and no others?

What the program lists is compared with what the shells offer: bash by its own completion
function, zsh with stand-ins for the functions of its completion system, and once in a terminal.
"""
import os
import pty
import re
import select
import shutil
import subprocess
import tempfile
import time

from tap import check, finish, note, skip

BUILD, SRC = os.environ["SAXID_BUILDDIR"], os.environ["SAXID_SRCDIR"]
FOLDER = os.path.join(SRC, "contrib", "completion")
KNOWN = {**os.environ, "PATH": f"{BUILD}:{os.environ['PATH']}"}


def say(*arguments):
    return subprocess.run([os.path.join(BUILD, "saxid"), *arguments], capture_output=True, text=True, check=True).stdout


VERBS = [line.split()[0] for line in say("--help").splitlines() if re.match("  [a-z]", line)]
OPTIONS = {verb: sorted(set(re.findall(r"^  (?:-\w, )?(--[a-z][a-z0-9-]*)", say(verb, "--help"), re.M))) for verb in VERBS}
MODELS = [line.split()[0] for line in say("model", "list").splitlines()]
ACTIONS = ["list", "info", "card", "verify", "compare", "evaluate"]


def bash(*words):
    """What bash offers for the last of the words."""
    script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _saxid; printf "%s\\n" "${COMPREPLY[@]}"')
    done = subprocess.run(["bash", "--norc", "-c", script, "bash", os.path.join(FOLDER, "saxid"), *words],
                          capture_output=True, text=True, env=KNOWN)
    if done.stderr:
        note(done.stderr)
    return sorted(filter(None, done.stdout.split("\n")))


ZSH = r"""
_describe () { local name=$argv[-1]; print -rl -- ${${(P)name}%%:*} }
_files () { print -r -- FILES }
compadd () { print -rl -- $@ }
compset () { PREFIX=${PREFIX#*=} }
words=("$@[2,-1]")
CURRENT=$#words
PREFIX=$words[-1]
source "$1"
"""


def zsh(*words):
    done = subprocess.run(["zsh", "-f", "-c", ZSH, "zsh", os.path.join(FOLDER, "_saxid"), *words], capture_output=True, text=True,
                          env=KNOWN)
    if done.stderr:
        note(done.stderr)
    return sorted(filter(None, done.stdout.split("\n")))


def knows_all(shell, offer):
    verbs = [word for word in offer("saxid", "") if not word.startswith("-")]
    check(verbs == sorted([*VERBS, "help"]), f"{shell} knows every verb", verbs)
    check([word for word in offer("saxid", "help", "") if word != "help"] == sorted(VERBS), f"{shell} knows whom help can tell of")
    wrong = {verb: offered for verb in VERBS
             if (offered := sorted(word.rstrip("=") for word in offer("saxid", verb, "--"))) != OPTIONS[verb]}
    check(not wrong and all(OPTIONS.values()), f"{shell} knows every option of every verb", wrong)
    for words in (("saxid", "tag", "--model", ""), ("saxid", "tag", "-m", "")):
        check(offer(*words) == sorted(MODELS), f"{shell} knows the models for {words[2]}", offer(*words))
    check(offer("saxid", "tag", "--classes", "") == ["all", "nine"], f"{shell} knows the sets of classes")
    check([word for word in offer("saxid", "model", "") if word != "FILES"] == sorted(ACTIONS), f"{shell} knows what model can do")
    check([word for word in offer("saxid", "model", "info", "") if word != "FILES"] == sorted(MODELS),
          f"{shell} knows the models for model info")


def in_terminal():
    """A person types the beginning of a verb and the tabulator."""
    with tempfile.TemporaryDirectory() as home:
        pid, terminal = pty.fork()
        if pid == 0:
            os.chdir(home)
            os.execvpe("zsh", ["zsh", "-f", "-i"], {**KNOWN, "HOME": home, "ZDOTDIR": home, "TERM": "dumb"})
        said = ""

        def wait_for(text, seconds=60):
            nonlocal said
            until = time.monotonic() + seconds
            while text not in said and time.monotonic() < until:
                if select.select([terminal], [], [], 1)[0]:
                    try:
                        said += os.read(terminal, 65536).decode(errors="replace")
                    except OSError:
                        break
            return text in said

        def type_in(text):
            os.write(terminal, text.encode())

        type_in(f"fpath=({FOLDER} $fpath); autoload -U compinit; compinit -D -u; print rea''dy\n")
        ready = wait_for("ready")
        said = ""
        type_in("saxid unt\t")
        found = wait_for("untag")
        os.close(terminal)
        os.waitpid(pid, 0)
    check(ready and found, "zsh completes a verb in a terminal", repr(said))


knows_all("bash", bash)
check(bash("saxid", "ta") == ["tag"] and bash("saxid", "tag", "--see") == ["--seeds"], "bash takes what was typed into account")
check(bash("saxid", "tag", "--model", "=", "fi") == ["field"] and bash("saxid", "tag", "--classes", "=") == ["all", "nine"],
      "bash knows the value behind =")
check(bash("saxid", "tag", "ru") == [], "and leaves files to readline")
if shutil.which("zsh"):
    knows_all("zsh", zsh)
    check(zsh("saxid", "tag", "ru") == ["FILES"], "zsh offers files where there are no words")
    check(zsh("saxid", "tag", "--model=") == sorted(MODELS), "zsh knows the value behind =")
    in_terminal()
else:
    skip("zsh knows every verb and option", "zsh is not installed")
with tempfile.TemporaryDirectory() as directory:  # a shell that lacks an option is seen
    old = os.path.join(directory, "saxid")
    with open(old, "w") as file:
        file.write(f"#!/bin/sh\n'{BUILD}/saxid' \"$@\" | grep -v -e --seeds\n")
    os.chmod(old, 0o755)
    KNOWN["PATH"] = f"{directory}:{KNOWN['PATH']}"
    check(sorted(word.rstrip("=") for word in bash("saxid", "tag", "--")) != OPTIONS["tag"], "an option that is missing is seen")
finish()
