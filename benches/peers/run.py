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
TARGET = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
TOOLS = ROOT / "target" / "peers"
PYTHON = TOOLS / "venv" / "bin" / "python"
LYCHEE = TOOLS / "bin" / "lychee"
DRAGNET = TARGET / "release" / "dragnet"

PACKAGES = ["perceval==1.6.1", "github-to-sqlite==2.9.1"]
LYCHEE_VERSION = "0.24.2"

REPOSITORIES = 50
# Nothing of the machine's own settings: no tokens, no proxies, no `CI`.
ENVIRONMENT = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
# lychee waits 50 ms between requests to one host and makes ten at a time, unless told otherwise.
FASTEST = ["--host-request-interval", "0ms", "--host-concurrency", "128", "--max-concurrency", "128", "--no-progress"]


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
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet"], cwd=ROOT, check=True)
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
    """First and second passes over the tickets on GitHub: name, folder to begin in, commands in turn."""
    address = stage.addresses["github"].rstrip("/")
    to_sqlite = [PYTHON, HERE / "all_of_github_to_sqlite.py", address, str(REPOSITORIES), "github.db"]
    return {
        "dragnet": [[DRAGNET, "sync", "--quiet"]] * 2,
        "perceval": [[PYTHON, HERE / "all_of_perceval.py", address, str(REPOSITORIES), "issues.jsonl"]],
        "github-to-sqlite issues": [[*to_sqlite, "issues"]] * 2,
        "github-to-sqlite issues, issue-comments": [[*to_sqlite, "issues", "issue-comments"]] * 2,
        "lychee, fastest": [[LYCHEE, *FASTEST, *stage.remaps, "register.md"]],
    }


def checks(stage):
    """Checks of a document: the same again within the cache's age comes second."""
    lychee = [LYCHEE, *stage.remaps, "register.md"]
    fastest = [LYCHEE, *FASTEST, *stage.remaps, "register.md"]
    return {
        "dragnet check": [[DRAGNET, "check"], [DRAGNET, "check", "--offline", "--max-age", "1d"]],
        "lychee": [lychee],
        "lychee, fastest": [fastest],
        "lychee, fastest, --cache": [[*fastest, "--cache"]] * 2,
    }


def compare(stage, kind, jobs, documents, latencies, rounds, once):
    """Runs all jobs in turn, as often as there are rounds; jobs whose time is a pause are run once."""
    runs = []
    for latency in latencies:
        stage.tell(f"latency {latency}")
        for turn in range(rounds):
            for name, commands in jobs(stage).items():
                if turn > 0 and name in once:
                    continue
                say(f"{kind}, {latency} ms, round {turn + 1} of {rounds}: {name}")
                with tempfile.TemporaryDirectory() as folder:
                    for file in documents.iterdir():
                        if file.is_file():
                            shutil.copy(file, folder)
                    for nth, command in enumerate(commands):
                        figures = stage.run(command, folder)
                        runs.append({"kind": kind, "latency": latency, "name": name, "pass": nth, **figures})
    return runs


def medians(runs):
    """By kind, latency, name and pass."""
    grouped = defaultdict(list)
    for run in runs:
        grouped[run["kind"], run["latency"], run["name"], run["pass"]].append(run)
    return {
        key: {what: statistics.median(run[what] for run in group) for what in ("wall", "processor", "requests")}
        for key, group in grouped.items()
    }


def told(found):
    print("| job | latency | tool | pass | requests | wall | processor |")
    print("| --- | ---: | --- | --- | ---: | ---: | ---: |")
    for (kind, latency, name, nth), figures in found.items():
        word = "again" if nth else "first"
        print(
            f"| {kind} | {latency} ms | {name} | {word} | {figures['requests']:.0f} "
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

    def ratio(key, other, what):
        return found[other][what] / found[key][what]

    for kind, latency in dict.fromkeys(key[:2] for key in found):
        first = (kind, latency, "dragnet", 0)
        if first in found:
            for peer in ("perceval", "lychee, fastest"):
                line(f"requests, beside {peer}", latency, ratio(first, (kind, latency, peer, 0), "requests"), 20)
            again = (kind, latency, "dragnet", 1)
            for peer in ("github-to-sqlite issues", "github-to-sqlite issues, issue-comments"):
                line(f"unchanged pass, wall, beside {peer}", latency, ratio(again, (kind, latency, peer, 1), "wall"), 20)
            for peer in ("perceval", "github-to-sqlite issues", "github-to-sqlite issues, issue-comments"):
                for what in ("wall", "processor"):
                    measured = ratio(first, (kind, latency, peer, 0), what)
                    line(f"first pass, {what}, beside {peer}", latency, measured, 5)
        first = (kind, latency, "dragnet check", 0)
        if first in found:
            fastest = (kind, latency, "lychee, fastest", 0)
            for peer in ("lychee", "lychee, fastest"):
                line(f"{kind}: wall, beside {peer}", latency, ratio(first, (kind, latency, peer, 0), "wall"), 1)
            line(f"{kind}: requests, beside lychee", latency, ratio(first, fastest, "requests"), 50)
            again = found[(kind, latency, "dragnet check", 1)]
            line(f"{kind}: again within the cache's age", latency, again["wall"] * 1000, 50, " ms")
    return missed


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--rounds", type=int, default=5, help="how often everything is run; medians are told")
    arguments.add_argument("--latency", type=int, nargs="*", default=[0, 50], help="milliseconds over every answer")
    arguments.add_argument("--only", choices=["passes", "checks"], help="a part of it")
    chosen = arguments.parse_args()
    program = install()
    runs = []
    if chosen.only != "checks":
        with tempfile.TemporaryDirectory() as folder:
            stage = Stage(program, folder, 10_000)
            documents = Path(folder) / "github"
            runs += compare(stage, "5,000 issues", passes, documents, chosen.latency, chosen.rounds, ())
            stage.end()
    if chosen.only != "passes":
        for references in (200, 2000):
            with tempfile.TemporaryDirectory() as folder:
                stage = Stage(program, folder, references)
                kind = f"{references:,} references"
                # Its defaults spend their time waiting, always the same.
                runs += compare(stage, kind, checks, Path(folder), chosen.latency, chosen.rounds, ("lychee",))
                stage.end()
    (TOOLS / "runs.json").write_text(json.dumps(runs, indent=1))
    found = medians(runs)
    told(found)
    sys.exit(1 if goals(found) else 0)


if __name__ == "__main__":
    main()
