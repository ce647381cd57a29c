#!/usr/bin/env python3
"""Checks sources without building them: their format, clang's warnings, and the use of mutexes.

Run as: lint.py [--tidy] [FILE…]. Without files it checks the format of all sources, and compiles all but
the tests with clang++, without making objects; -Wthread-safety reports a member that is used without
its mutex (proto/base/mutex.h). --tidy runs clang-tidy (.clang-tidy) instead of clang++, which reports
the same and more, and takes two to three times as long. Files given by name may be tests, too. The
compiler's flags are those of the preset dev.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import shlex
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "dev"
CLANG = ["-Wthread-safety", "-Wno-unknown-warning-option"]


def sources(names):
    listed = subprocess.run(["git", "ls-files", "*.h", "*.cc", "*.c"], cwd=ROOT, check=True, text=True,
                            capture_output=True).stdout.split()
    unknown = set(names) - set(listed)
    if unknown:
        sys.exit("lint.py: not a source of the repository: " + ", ".join(sorted(unknown)))
    return names or listed


def compilations():
    """Makes the generated sources. Returns the flags of each source, by its path from the root."""
    subprocess.run(["cmake", "--preset", "dev", "--log-level=WARNING"], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    entries = json.loads((BUILD / "compile_commands.json").read_text(encoding="utf-8"))
    generated = {os.path.relpath(entry["file"], BUILD) for entry in entries
                 if entry["file"].endswith(".pb.cc")}
    subprocess.run(["ninja", *sorted(generated)], cwd=BUILD, check=True, stdout=subprocess.DEVNULL)
    flags = {}
    for entry in entries:
        words = shlex.split(entry["command"])
        # From the first flag on, without the compiler and its launcher, to "-o OBJECT -c SOURCE".
        first = next(i for i, word in enumerate(words) if word.startswith("-"))
        path = os.path.relpath(entry["file"], ROOT)
        # Clang 14 does not know what -Wno-restrict means.
        flags[path] = [word for word in words[first:words.index("-o")] if word != "-Wno-restrict"]
    return flags


def failure(command):
    """What the command prints if it fails, otherwise None."""
    run = subprocess.run(command, cwd=BUILD, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.stdout if run.returncode != 0 else None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--tidy", action="store_true", help="run clang-tidy instead of clang++")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    files = sources(arguments.files)
    compiled = compilations()
    commands = [["clang-format", "--dry-run", "-Werror", *(str(ROOT / file) for file in files)]]
    for file in files:
        if file not in compiled or not file.endswith(".cc"):
            continue
        if not arguments.files and file.startswith("tests/"):
            continue
        if arguments.tidy:
            commands.append(["clang-tidy", "--quiet", str(ROOT / file), "--", *compiled[file], *CLANG])
        else:
            commands.append(["clang++", "-fsyntax-only", *compiled[file], *CLANG, str(ROOT / file)])
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for output in pool.map(failure, commands):
            if output is not None:
                failed += 1
                print(output, flush=True)
    print(f"lint.py: {failed} of {len(commands)} checks failed" if failed else "lint.py: no complaints")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
