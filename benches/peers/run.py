"""dragnet beside its peers, in one run on the same stand-ins: requests, wall time, processor time. `make peers` runs it.

It builds dragnet, and installs perceval and github-to-sqlite from PyPI and lychee by cargo into target/peers, which takes
minutes the first time. It prints Markdown tables and writes every single run to target/peers/runs.json. Ends with 1 where a
goal is missed. docs/measurements.md says what is compared with what.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ROOT / "target" / "peers"
PYTHON = TOOLS / "venv" / "bin" / "python"
LYCHEE = TOOLS / "bin" / "lychee"

PACKAGES = ["perceval==1.6.1", "github-to-sqlite==2.9.1"]
LYCHEE_VERSION = "0.24.2"

REPOSITORIES = 50
# Nothing of the machine's own settings: no tokens, no proxies, no `CI`.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
# In memory where that is possible: what disks take varies more than everything else here. github-to-sqlite makes each row
# lasting by itself, so this is in its favour.
MEMORY = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
# Seconds. What takes longer does so by waiting, always the same, and is run once.
LONG = 60
TO_SQLITE = {
    "github-to-sqlite issues": ["issues"],
    "github-to-sqlite issues, issue-comments": ["issues", "issue-comments"],
}
# lychee waits 50 ms between requests to one host and makes ten at a time, unless told otherwise.
# Of its faster settings, 128 at a time wins where answers come at once, and 512 where they take their time.
FASTER = {
    f"lychee, {n} at a time": f"--no-progress --host-request-interval 0ms --host-concurrency {n} --max-concurrency {n}"
    for n in (128, 512)
}


def say(words):
    print(words, file=sys.stderr, flush=True)


def install():
    """Puts the peers and dragnet in place, each as a release; the program that serves the stage."""
    if not PYTHON.exists():
        say(f"installing {', '.join(PACKAGES)} into {TOOLS / 'venv'}")
        subprocess.run([sys.executable, "-m", "venv", TOOLS / "venv"], check=True)
        subprocess.run([PYTHON, "-m", "pip", "install", "--quiet", *PACKAGES], check=True)
    if not LYCHEE.exists():
        say(f"building lychee {LYCHEE_VERSION} into {TOOLS / 'bin'}, which takes a while")
        build = ["cargo", "install", "lychee", "--version", LYCHEE_VERSION, "--locked", "--quiet", "--root", TOOLS]
        subprocess.run(build, check=True)
    say("building dragnet and the stage")
    build = ["cargo", "bench", "--locked", "--quiet", "--bench", "peers", "--no-run", "--message-format", "json"]
    built = subprocess.run(build, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout
    messages = [json.loads(line) for line in built.splitlines()]
    [stage] = [m["executable"] for m in messages if m.get("executable") and m["target"]["name"] == "peers"]
    return stage


class Stage:
    """Stand-ins that hold so many tickets, half of them on GitHub and half in Jira."""

    def __init__(self, program, folder, tickets):
        command = [program, folder, str(tickets)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.addresses = json.loads(self.process.stdout.readline())
        self.dragnet = self.addresses["dragnet"]
        self.remaps = []
        for site, name in (("https://github.com", "github"), ("https://j.example", "jira")):
            self.remaps += ["--remap", f"{site} {self.addresses[name].rstrip('/')}"]

    def tell(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def run(self, command, folder):
        """Runs a command and says what it took: its own time and that of the machine, and what it asked."""
        self.tell("asked")
        begun = time.monotonic()
        with tempfile.TemporaryFile() as errors:
            child = subprocess.Popen(command, cwd=folder, env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=errors)
            _, status, used = os.wait4(child.pid, 0)
            wall = time.monotonic() - begun
            child.returncode = os.waitstatus_to_exitcode(status)
            if child.returncode != 0:
                errors.seek(0)
                sys.exit(f"{command[0]} ended with {child.returncode}: {errors.read().decode()[-2000:]}")
        requests = sum(self.tell("asked").values())
        return {"wall": wall, "processor": used.ru_utime + used.ru_stime, "requests": requests}

    def end(self):
        self.process.stdin.close()
        self.process.wait()


def passes(stage):
    """First passes over the tickets on GitHub, and second ones with nothing changed: commands by name."""
    address = stage.addresses["github"].rstrip("/")
    to_sqlite = [PYTHON, HERE / "all_of_github_to_sqlite.py", address, str(REPOSITORIES), "github.db"]
    return {
        "dragnet": [[stage.dragnet, "sync", "--quiet"]] * 2,
        "perceval": [[PYTHON, HERE / "all_of_perceval.py", address, str(REPOSITORIES), "issues.jsonl"]],
        **{name: [[*to_sqlite, *commands]] * 2 for name, commands in TO_SQLITE.items()},
        **{name: [[LYCHEE, *options.split(), *stage.remaps, "register.md"]] for name, options in FASTER.items()},
    }


def checks(stage):
    """Checks of a document, and second ones within the cache's age: commands by name."""
    lychee = [LYCHEE, *stage.remaps, "register.md"]
    jobs = {
        "dragnet check": [[stage.dragnet, "check"], [stage.dragnet, "check", "--offline", "--max-age", "1d"]],
        "lychee": [lychee],
    }
    for name, options in FASTER.items():
        jobs[name] = [[*lychee, *options.split()]]
        jobs[f"{name}, --cache"] = [[*lychee, *options.split(), "--cache"]] * 2
    return jobs


def compare(stage, kind, jobs, documents, latencies, rounds):
    """Runs all jobs in turn, as often as there are rounds."""
    runs = []
    for latency in latencies:
        stage.tell(f"latency {latency}")
        pending = jobs(stage)
        for turn in range(rounds):
            for name, commands in list(pending.items()):
                say(f"{kind}, {latency} ms, round {turn + 1} of {rounds}: {name}")
                with tempfile.TemporaryDirectory(dir=documents.parent) as folder:
                    for file in documents.iterdir():
                        if file.is_file():
                            shutil.copy(file, folder)
                    took = 0
                    for nth, command in enumerate(commands):
                        figures = stage.run(command, folder)
                        runs.append({"kind": kind, "latency": latency, "name": name, "pass": nth, **figures})
                        took += figures["wall"]
                if took > LONG:
                    del pending[name]
    return runs


def medians(runs):
    """By kind, latency, name and pass."""
    grouped = defaultdict(list)
    for run in runs:
        grouped[run["kind"], run["latency"], run["name"], run["pass"]].append(run)
    return {
        key: {
            "runs": len(group),
            **{what: statistics.median(run[what] for run in group) for what in ("wall", "processor", "requests")},
        }
        for key, group in grouped.items()
    }


def told(found):
    print("| job | latency | tool | pass | runs | requests | wall | processor |")
    print("| --- | ---: | --- | --- | ---: | ---: | ---: | ---: |")
    for (kind, latency, name, nth), figures in found.items():
        word = "again" if nth else "first"
        print(
            f"| {kind} | {latency} ms | {name} | {word} | {figures['runs']} | {figures['requests']:.0f} "
            f"| {figures['wall']:.3f} s | {figures['processor']:.3f} s |"
        )


def goals(found):
    """Every ratio that has a goal; how many are missed."""
    missed = 0
    print("\n| goal | latency | measured | goal |")
    print("| --- | ---: | ---: | ---: |")

    def line(what, latency, measured, least, unit=" ×"):
        nonlocal missed
        short = measured < least if unit == " ×" else measured > least
        missed += short
        sign = "≥" if unit == " ×" else "≤"
        print(f"| {what} | {latency} ms | {measured:.1f}{unit} | {sign} {least}{unit}{', missed' if short else ''} |")

    def ratio(key, others, what):
        """How often what `key` took goes into the least that any of the others took."""
        return min(found[other][what] for other in others) / found[key][what]

    for kind, latency in dict.fromkeys(key[:2] for key in found):
        def of(name, nth, where=(kind, latency)):
            return (*where, name, nth)

        faster = [of(name, 0) for name in FASTER]
        if of("dragnet", 0) in found:
            first, again = of("dragnet", 0), of("dragnet", 1)
            line("requests, beside perceval", latency, ratio(first, [of("perceval", 0)], "requests"), 20)
            line("requests, beside lychee", latency, ratio(first, faster, "requests"), 20)
            for peer in TO_SQLITE:
                for what in ("wall", "processor"):
                    line(f"unchanged pass, {what}, beside {peer}", latency, ratio(again, [of(peer, 1)], what), 20)
            for peer in ("perceval", *TO_SQLITE):
                for what in ("wall", "processor"):
                    line(f"first pass, {what}, beside {peer}", latency, ratio(first, [of(peer, 0)], what), 5)
        else:
            first, again = of("dragnet check", 0), of("dragnet check", 1)
            line(f"{kind}: wall, beside lychee", latency, ratio(first, [of("lychee", 0)], "wall"), 1)
            line(f"{kind}: wall, beside lychee's fastest", latency, ratio(first, faster, "wall"), 1)
            line(f"{kind}: requests, beside lychee", latency, ratio(first, faster, "requests"), 50)
            line(f"{kind}: again within the cache's age", latency, found[again]["wall"] * 1000, 50, " ms")
    return missed


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5, help="how often everything is run; medians are told")
    arguments.add_argument("--latency", type=int, nargs="*", default=[0, 50], help="milliseconds over every answer")
    arguments.add_argument("--only", choices=["passes", "checks"], help="a part of it")
    arguments.add_argument("--folder", default=MEMORY, help="where databases are written (%(default)s)")
    chosen = arguments.parse_args()
    program = install()
    runs = []
    if chosen.only != "checks":
        with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
            stage = Stage(program, folder, 10_000)
            documents = Path(folder) / "github"
            runs += compare(stage, "5,000 issues", passes, documents, chosen.latency, chosen.rounds)
            stage.end()
    if chosen.only != "passes":
        for references in (200, 2000):
            with tempfile.TemporaryDirectory(dir=chosen.folder) as folder:
                stage = Stage(program, folder, references)
                kind = f"{references:,} references"
                runs += compare(stage, kind, checks, Path(folder), chosen.latency, chosen.rounds)
                stage.end()
    (TOOLS / "runs.json").write_text(json.dumps(runs, indent=1))
    found = medians(runs)
    told(found)
    sys.exit(1 if goals(found) else 0)


if __name__ == "__main__":
    main()
