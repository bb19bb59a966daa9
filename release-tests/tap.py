# release-tests/tap.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the unittest classes of a script and reports in TAP, one line a test, as g_test_run () does.

A script ends with `tap.main()`. The first line of a test's docstring says what the test proves.
What failed and where goes to standard error.
"""

import sys
import unittest


class TapResult(unittest.TestResult):
    """Prints one line a test; a test with several subtests that fail is one failure."""

    count = 0
    problems = []
    reason = None

    def startTest(self, test):
        super().startTest(test)
        self.count += 1
        self.problems = []
        self.reason = None

    def stopTest(self, test):
        super().stopTest(test)
        name = test.shortDescription() or test.id()
        for problem in self.problems:
            print(problem, file=sys.stderr)
        if self.problems:
            print(f'not ok {self.count} {name}')
        elif self.reason is not None:
            print(f'ok {self.count} {name} # SKIP {self.reason}')
        else:
            print(f'ok {self.count} {name}')
        sys.stdout.flush()

    def addError(self, test, err):
        super().addError(test, err)
        self.problems.append(self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.problems.append(self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            self.problems.append(self._exc_info_to_string(err, subtest))

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.reason = reason

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.problems.append('passes, but is marked as a test that fails')


def main():
    """Runs every test of the script and ends the process: status 0 if none failed."""
    suite = unittest.defaultTestLoader.loadTestsFromModule(sys.modules['__main__'])
    planned = suite.countTestCases()
    print(f'1..{planned}', flush=True)
    result = TapResult()
    suite.run(result)
    # A fault outside of the tests, as in setUpClass (), leaves tests without a line.
    if result.count < planned:
        for _, text in result.errors:
            print(text, file=sys.stderr)
        print(f'Bail out! {planned - result.count} tests did not run', flush=True)
    sys.exit(0 if result.wasSuccessful() and result.count == planned else 1)
