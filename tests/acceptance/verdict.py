#!/usr/bin/env python3
"""Measures `dragnet judge` on labelled tickets: is what it calls closed without the work really that?

Usage: verdict.py [--dragnet PATH] [--records FILE] [--half A|B] [--brief]

Prints the table by tracker, kind and difficulty with Wilson intervals, precision and recall, what each repository
or project contributes and what is left when it is taken out, the calibration, and every miss with its evidence.
Exits with 1 where precision, recall or the share of `unverified` miss their marks.

The records are split in halves by a hash of their id: rules are developed on A and checked on B.
"""

import argparse
import collections
import hashlib
import json
import math
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PRECISION, RECALL, UNVERIFIED = 0.95, 0.80, 0.18


def half(record):
    return "AB"[hashlib.sha256(record["id"].encode()).digest()[0] % 2]


def wilson(hits, n, z=1.96):
    if n == 0:
        return 0.0, 1.0
    share = hits / n
    middle = (share + z * z / (2 * n)) / (1 + z * z / n)
    reach = z / (1 + z * z / n) * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return middle - reach, middle + reach


def said(hits, n):
    low, high = wilson(hits, n)
    share = "  – " if n == 0 else f"{hits / n:.2f}"
    return f"{share} ({hits}/{n}, {low:.2f}–{high:.2f})"


class Count:
    """Closed without the work: label `no` against verdict `undone`; `unclear` only reported."""

    def __init__(self, rows):
        sure = [row for row in rows if row["label"] != "unclear"]
        self.n, self.all = len(sure), len(rows)
        self.right = sum(r["label"] == "no" and r["verdict"] == "undone" for r in sure)
        self.called = sum(r["verdict"] == "undone" for r in sure)
        self.no = sum(r["label"] == "no" for r in sure)
        self.unverified = sum(r["verdict"] == "unverified" for r in sure)
        self.unclear_called = sum(r["label"] == "unclear" and r["verdict"] == "undone" for r in rows)

    def line(self, name):
        return (f"{name:<34} n={self.n:<4} precision {said(self.right, self.called):<26} "
                f"recall {said(self.right, self.no):<26} unverified {said(self.unverified, self.n)}")


def judge(dragnet, records):
    lines = "".join(json.dumps({k: v for k, v in r.items() if k != "label"}) + "\n" for r in records)
    ran = subprocess.run([dragnet, "judge", "-"], input=lines, capture_output=True, text=True, check=False)
    if ran.returncode:
        sys.exit(f"dragnet judge ended with {ran.returncode}: {ran.stderr}")
    return [json.loads(line) for line in ran.stdout.splitlines()]


def rows_of(records, verdicts):
    assert len(records) == len(verdicts)
    for record, verdict in zip(records, verdicts):
        assert record["id"].lower() == verdict["id"].lower(), (record["id"], verdict["id"])
        yield {
            "id": record["id"], "half": half(record), "tracker": record["tracker"], "kind": record["kind"],
            "home": record.get("repo") or record.get("project"), "label": record["label"]["work_done"],
            "class": record["label"]["close_class"], "difficulty": record["label"]["difficulty"],
            "reason": record["label"]["reason"], "verdict": verdict["verdict"],
            "confidence": verdict["confidence"], "evidence": verdict["evidence"],
        }


def wrong(row):
    """Worth printing: anything but the label's verdict."""
    return {"yes": "done", "no": "undone", "unclear": "unverified"}[row["label"]] != row["verdict"]


def tables(rows):
    print("by tracker, kind and difficulty")
    groups = collections.defaultdict(list)
    for row in rows:
        groups[row["tracker"], row["kind"], row["difficulty"]].append(row)
    for key in sorted(groups):
        print("  " + Count(groups[key]).line(" ".join(key)))
    for tracker in sorted({row["tracker"] for row in rows}):
        print("  " + Count([row for row in rows if row["tracker"] == tracker]).line(f"{tracker}, all"))
    for name in "AB":
        print("  " + Count([row for row in rows if row["half"] == name]).line(f"half {name}"))
    print("\nlabel against verdict")
    for (label, verdict), n in sorted(collections.Counter((r["label"], r["verdict"]) for r in rows).items()):
        print(f"  {label:<8} {verdict:<11} {n}")
    print("\nby repository or project: false alarms, missed, unverified; and what holds without it")
    for home in sorted({row["home"] for row in rows}):
        here = Count([row for row in rows if row["home"] == home])
        rest = Count([row for row in rows if row["home"] != home])
        print(f"  {home:<30} n={here.n:<3} false {here.called - here.right:<2} missed {here.no - here.right:<2} "
              f"unverified {here.unverified:<2} | without: precision {rest.right / max(1, rest.called):.3f} "
              f"recall {rest.right / max(1, rest.no):.3f}")
    print("\ncalibration: verdicts done and undone by confidence, `unclear` left out")
    bins = collections.defaultdict(list)
    for row in rows:
        if row["label"] != "unclear" and row["verdict"] in ("done", "undone"):
            bins[min(9, int(row["confidence"] * 10 + 1e-9))].append(row)
    for bin_, inside in sorted(bins.items()):
        right = sum(not wrong(row) for row in inside)
        mean = sum(row["confidence"] for row in inside) / len(inside)
        print(f"  {bin_ / 10:.1f}–{bin_ / 10 + 0.1:.1f}  said {mean:.2f}  right {said(right, len(inside))}")


def misses(rows):
    print("\nmisses")
    order = {("yes", "undone"): 0, ("unclear", "undone"): 1, ("no", "done"): 2, ("no", "unverified"): 3}
    missed = [row for row in rows if wrong(row)]
    for row in sorted(missed, key=lambda r: (order.get((r["label"], r["verdict"]), 4), r["id"])):
        print(f"\n  {row['id']} [{row['half']}] {row['label']}/{row['class']}/{row['difficulty']} "
              f"-> {row['verdict']} {row['confidence']:.2f}: {row['reason']}")
        for evidence in row["evidence"]:
            print(f"      {evidence['for']:<9} {evidence['strength']:.2f} {evidence['rule']}: {evidence['says'][:170]}")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--dragnet", default=str(ROOT / "target/release/dragnet"))
    arguments.add_argument("--records", default=str(ROOT / "../shared/corpus/dev.jsonl"))
    arguments.add_argument("--half", choices="AB")
    arguments.add_argument("--brief", action="store_true", help="no misses")
    given = arguments.parse_args()
    with open(given.records, encoding="utf-8") as lines:
        records = [json.loads(line) for line in lines if line.strip()]
    records = [record for record in records if given.half in (None, half(record))]
    rows = list(rows_of(records, judge(given.dragnet, records)))
    tables(rows)
    if not given.brief:
        misses(rows)
    count = Count(rows)
    precision, recall = count.right / max(1, count.called), count.right / max(1, count.no)
    unverified = count.unverified / max(1, count.n)
    print(f"\n{count.line('all')}\n`undone` on unclear ones: {count.unclear_called}")
    fine = precision >= PRECISION and recall >= RECALL and unverified <= UNVERIFIED
    print(f"marks: precision ≥ {PRECISION}, recall ≥ {RECALL}, unverified ≤ {UNVERIFIED}: {'met' if fine else 'MISSED'}")
    return 0 if fine else 1


if __name__ == "__main__":
    sys.exit(main())
