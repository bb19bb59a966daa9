# release-bench/driver/groups.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What there is to measure: groups of cases, each with contenders that take turns."""

from driver import echo, library, process


class Probe:
    """One contender in one case. The first one of a case is what the others are compared with."""

    def __init__(self, group, case, contender, unit, measure, is_exact=False):
        self.group = group
        self.case = case
        self.contender = contender
        self.unit = unit
        self.measure = measure
        # Every round would give the same.
        self.is_exact = is_exact
        self.values = []


class Bench:
    """What the groups fill, and how thorough they are to be."""

    def __init__(self, runner, is_quick, is_once):
        self.runner = runner
        self.is_quick = is_quick
        self.is_once = is_once
        self.probes = []
        self.skipped = {}
        self.notes = []

    def add(self, *arguments, **options):
        self.probes.append(Probe(*arguments, **options))

    def note(self, text):
        """Of how something was measured."""
        self.notes.append(text)

    def skip(self, what, why):
        self.skipped[what] = why


ALL = {
    'echo': echo.add_echo,
    'calls': echo.add_system_calls,
    'instructions': echo.add_instructions,
    'open': process.add_open,
    'memory': process.add_memory,
    'spawn': process.add_spawn,
    'broadcast': process.add_broadcast,
    'payload': process.add_payload,
    'fairness': process.add_fairness,
    'library': library.add_library,
}
