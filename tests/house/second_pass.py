#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each test of the second pass is one of the first with SMMU_TEST_CACHES, and all that should be are there.

    second_pass.py BUILD       BUILD is configured; the tests are listed, not run
"""

import json
import subprocess
import sys

SUFFIX = ".cached"
PROOFS = {"cli.run", "core.second_pass", "platform.machine_smmus", "prog.second_pass"}  # that an SMMU has the caches


def properties(test):
    return {entry["name"]: entry["value"] for entry in test.get("properties", [])}


def judge(tests):
    """What is wrong, a sentence each."""
    first = {test["name"]: test for test in tests if not test["name"].endswith(SUFFIX)}
    second = {test["name"][:-len(SUFFIX)]: test for test in tests if test["name"].endswith(SUFFIX)}
    for name, test in second.items():
        environment = properties(test).get("ENVIRONMENT", [])
        if "SMMU_TEST_CACHES=16" not in environment or "cached" not in properties(test).get("LABELS", []):
            yield f"{name}{SUFFIX} has no caches"
        if name not in first or first[name].get("command") != test.get("command"):
            yield f"{name}{SUFFIX} is no second run of {name}"
        elif set(environment) - set(properties(first[name]).get("ENVIRONMENT", [])) != {"SMMU_TEST_CACHES=16"}:
            yield f"{name}{SUFFIX} differs from {name} in more than caches"
    yield from (f"{name} proves the second pass, and is not in it" for name in sorted(PROOFS & set(first) - set(second)))
    if not second:
        yield "there is no second pass"


if __name__ == "__main__":
    listed = subprocess.run(["ctest", "--test-dir", sys.argv[1], "--show-only=json-v1"], capture_output=True, text=True, check=True)
    wrong = list(judge(json.loads(listed.stdout)["tests"]))
    print("\n".join(wrong) if wrong else "the second pass is whole")
    sys.exit(1 if wrong else 0)
