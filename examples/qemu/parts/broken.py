# SPDX-License-Identifier: MIT
"""The check of the checks: a library with a fault must not pass."""


def run(options, runs, here):
    return 1
