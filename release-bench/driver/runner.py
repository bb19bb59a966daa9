# release-bench/driver/runner.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Runs the small programs that measure, none of which outlives this process."""

import ctypes
import json
import os
import pathlib
import signal
import subprocess

LIBC = ctypes.CDLL(None, use_errno=True)
PR_SET_PDEATHSIG = 1
TIMEOUT_SEC = 300

SOURCE = pathlib.Path(__file__).resolve().parent.parent


class Failure(Exception):
    """A program that did not do its work."""


def prepare_child(cores):
    """Before it executes: it dies with us, and, unless None, stays on @cores with its children."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if cores is not None:
        os.sched_setaffinity(0, cores)


class Runner:

    def __init__(self, build):
        build = build.resolve()
        self.programs = build / 'release-bench'
        # For what is not linked to the library of this build but loads it: Python.
        self.environment = dict(
            os.environ,
            GI_TYPELIB_PATH=str(build / 'release'),
            LD_LIBRARY_PATH=str(build / 'release'),
            PYTHONDONTWRITEBYTECODE='1',
            RELEASE_EXEC=str(build / 'release-exec' / 'release-exec'),
        )

    def run(self, *command, cores=None):
        """Runs a command to its end. Returns its standard output and its standard error."""
        command = [str(word) for word in command]
        try:
            process = subprocess.run(command, env=self.environment, stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                     timeout=TIMEOUT_SEC, check=False,
                                     preexec_fn=lambda: prepare_child(cores))
        except OSError as error:
            raise Failure(f'{error}: {" ".join(command)}') from None
        except subprocess.TimeoutExpired:
            raise Failure(f'No end after {TIMEOUT_SEC} s: {" ".join(command)}') from None
        if process.returncode != 0:
            raise Failure(f'{process.stderr}Status {process.returncode}: {" ".join(command)}')

        return process.stdout, process.stderr

    def measure(self, *command, cores=None):
        """Runs a program that prints what it measured as a line of JSON."""
        output, _ = self.run(*command, cores=cores)
        try:
            return json.loads(output)
        except ValueError:
            raise Failure(f'No measurement but "{output}": {command}') from None
