#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Each test of the second and third pass is one of the first with SMMU_TEST_CACHES and SMMU_TEST_PORTS, and all that should be are there.

    second_pass.py BUILD       BUILD is configured; the tests are listed, not run
"""

import json
import subprocess
import sys

# A pass by the suffix of its tests, which is their label: what its environment has beside that of the first, and which tests prove that.
PASSES = {
    "cached": ({"SMMU_TEST_CACHES=16"}, {"cli.run", "core.second_pass", "platform.machine_smmus", "prog.second_pass"}),
    "ported": ({"SMMU_TEST_CACHES=16", "SMMU_TEST_PORTS=1"}, {"prog.ported_pass", "core.second_pass", "prog.second_pass"}),
}


def properties(test):
    return {entry["name"]: entry["value"] for entry in test.get("properties", [])}


def judge_pass(tests, label):
    """What is wrong with a pass, a sentence each."""
    more, proofs = PASSES[label]
    named = {test["name"]: test for test in tests}
    again = {name[:-len(label) - 1]: test for name, test in named.items() if name.endswith("." + label)}
    for name, test in again.items():
        environment = properties(test).get("ENVIRONMENT", [])
        if not more <= set(environment) or label not in properties(test).get("LABELS", []):
            yield f"{name}.{label} is not of its pass"
        if name not in named or named[name].get("command") != test.get("command"):
            yield f"{name}.{label} is no other run of {name}"
        elif set(environment) - set(properties(named[name]).get("ENVIRONMENT", [])) != more:
            yield f"{name}.{label} differs from {name} in more than its pass"
    yield from (f"{name} proves the pass {label}, and is not in it" for name in sorted(proofs & set(named) - set(again)))
    if not again:
        yield f"there is no pass {label}"


def judge(tests):
    return [sentence for label in PASSES for sentence in judge_pass(tests, label)]


if __name__ == "__main__":
    listed = subprocess.run(["ctest", "--test-dir", sys.argv[1], "--show-only=json-v1"], capture_output=True, text=True, check=True)
    wrong = judge(json.loads(listed.stdout)["tests"])
    print("\n".join(wrong) if wrong else "the passes are whole")
    sys.exit(1 if wrong else 0)
