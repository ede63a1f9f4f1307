"""Runs commands of github-to-sqlite for all repositories of the stage, one after another, in one process.

    all_of_github_to_sqlite.py ADDRESS REPOSITORIES DATABASE COMMAND…

It asks https://api.github.com and nobody else, so its requests are sent to ADDRESS here. Nothing else of it is changed.
"""
import os
import sys

import requests

OFFICIAL = "https://api.github.com"

address, repositories, database, commands = sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4:]
original = requests.get
requests.get = lambda url, **rest: original(url.replace(OFFICIAL, address, 1), **rest)

from github_to_sqlite.cli import cli  # noqa: E402: what it asks with is exchanged before

os.environ["GITHUB_TOKEN"] = "t"
for n in range(repositories):
    for command in commands:
        cli.main([command, database, f"acme/r{n}"], standalone_mode=False)
