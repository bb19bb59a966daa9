# release-bench/driver/machine.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""On what was measured."""

import os
import platform
import re


def find(path, pattern, otherwise):
    try:
        with open(path, encoding='utf-8') as file:
            match = re.search(pattern, file.read(), re.MULTILINE)
    except OSError:
        return otherwise
    return match[1] if match else otherwise


def describe():
    return {
        'processor': find('/proc/cpuinfo', r'^model name\s*: (.*)$', platform.machine()),
        'processors': len(os.sched_getaffinity(0)),
        'system': find('/etc/os-release', r'^PRETTY_NAME="?([^"\n]*)', platform.system()),
        'kernel': platform.release(),
    }
