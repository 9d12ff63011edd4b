"""Prints which part of each room's lines the tests have run: coverage.py GCOV BUILD SOURCE.

BUILD was configured with --enable-coverage and has run the tests. A process that ends by
_exit or by a signal leaves no counts, so what runs only in the workers of reprocess and watch
is missing."""
import gzip
import json
import os
import subprocess
import sys
import tempfile

gcov, build, source = sys.argv[1], os.path.realpath(sys.argv[2]), os.path.realpath(sys.argv[3])

notes = [os.path.join(folder, name) for folder, _, names in os.walk(build) for name in names
         if name.endswith(".gcda")]
counts = {}
with tempfile.TemporaryDirectory() as scratch:
    for start in range(0, len(notes), 50):
        subprocess.run([gcov, "--json-format", *notes[start:start + 50]], cwd=scratch,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
        for name in os.listdir(scratch):
            path = os.path.join(scratch, name)
            with gzip.open(path, "rt") as stream:
                report = json.load(stream)
            os.remove(path)
            for entry in report["files"]:
                place = os.path.realpath(os.path.join(report["current_working_directory"], entry["file"]))
                if not place.startswith(source + os.sep):
                    continue
                lines = counts.setdefault(os.path.relpath(place, source), {})
                for line in entry["lines"]:
                    lines[line["line_number"]] = max(lines.get(line["line_number"], 0), line["count"])

rooms = {}
for file, lines in counts.items():
    room = os.path.dirname(file)
    if room.split(os.sep)[0] in ("tests", "bench", "build"):
        continue
    part = rooms.setdefault(room, [0, 0])
    part[0] += sum(count > 0 for count in lines.values())
    part[1] += len(lines)
for room, (run, all_lines) in sorted(rooms.items()):
    print(f"{room:26} {100 * run / all_lines:5.1f} % of {all_lines} lines")
if rooms:
    run, all_lines = (sum(part[k] for part in rooms.values()) for k in (0, 1))
    print(f"{'all':26} {100 * run / all_lines:5.1f} % of {all_lines} lines")
