"""Fetches the issues of all repositories of the stage with perceval, as its `github` backend does: one after another, in one
process, so that people are asked for once and not once a repository.

    all_of_perceval.py ADDRESS REPOSITORIES OUT
"""
import json
import sys

from perceval.backends.core.github import GitHub

address, repositories, out = sys.argv[1], int(sys.argv[2]), sys.argv[3]
with open(out, "w", encoding="utf-8") as file:
    for n in range(repositories):
        backend = GitHub(owner="acme", repository=f"r{n}", api_token=["t"], base_url=address)
        for item in backend.fetch(category="issue"):
            json.dump(item, file)
            file.write("\n")
