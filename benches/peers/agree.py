"""Whether `dragnet refs` and `lychee --dump` find the same tickets' addresses in Markdown documents: make agree FILES="…".

lychee leaves out code, of which dragnet reads what stands within a line. So all that lychee tells without code has to be
told by dragnet, and all addresses that dragnet tells have to be told by lychee when it looks into code as well. Prints what
only one of them tells, and how many both do. Ends with 1 where they differ.
"""
import json
import re
import subprocess
import sys

# An issue or a pull request on GitHub, or a ticket of a Jira. What stands behind its number is left out; the case of a host
# and of GitHub's names means nothing.
TICKET = re.compile(
    r"^https?://(?:www\.)?(?P<host>[^/]+)/(?P<path>"
    r"[^/]+/[^/]+/(?:issues|pull)/\d+|(?P<jira>(?:.*/)?browse/[A-Z][A-Z0-9_]+-\d+))(?![\w-])"
)


def tickets(addresses):
    """The tickets that addresses lead to, as host and path."""
    found = filter(None, (TICKET.match(address) for address in addresses))
    ours = (one for one in found if one["jira"] or one["host"].lower() == "github.com")
    return {(one["host"].lower(), one["path"].lower()) for one in ours}


def lychee(program, file, *options):
    told = subprocess.run([program, "--dump", "--no-progress", *options, file], check=True, capture_output=True, text=True)
    return tickets(line.split()[0] for line in told.stdout.splitlines() if line.strip())


def dragnet(program, file):
    """Those that are cited in any way, and those whose address stands in the text."""
    told = subprocess.run([program, "refs", "--quiet", "--format", "json", file], check=True, capture_output=True, text=True)
    lines = [json.loads(line) for line in told.stdout.splitlines()]
    return tickets(line.get("url") or "" for line in lines), tickets(line["text"] for line in lines)


def main():
    ours, theirs, *files = sys.argv[1:]
    same, differing = 0, 0
    for file in files:
        cited, written = dragnet(ours, file)
        outside, anywhere = lychee(theirs, file), lychee(theirs, file, "--include-verbatim")
        for missed in sorted(outside - cited):
            print(f"{file}: only lychee tells {'/'.join(missed)}")
        for extra in sorted(written - anywhere):
            print(f"{file}: only dragnet tells {'/'.join(extra)}")
        differing += len(outside - cited) + len(written - anywhere)
        same += len(cited & anywhere)
    print(f"{len(files)} documents: {same} tickets' addresses told by both, {differing} by one alone")
    sys.exit(1 if differing or not files else 0)


if __name__ == "__main__":
    main()
