# release-bench/driver/__init__.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""The parts of bench.py."""
