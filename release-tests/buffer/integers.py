# release-tests/buffer/integers.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""Prints encoded integers, as Python encodes them: integers.py SEED

A line is: bits, `signed` or `unsigned`, `big` or `little`, the number, its bytes in hexadecimal.
"""

import random
import sys

source = random.Random(int(sys.argv[1]))

for bits in (8, 16, 32, 64, 128):
    for signed in (False, True):
        low = -1 << bits - 1 if signed else 0
        high = low + (1 << bits) - 1
        numbers = {low, low + 1, 0, 1, high - 1, high}
        numbers |= {int.from_bytes(bytes(range(1, 1 + bits // 8)), order)
                    for order in ('big', 'little')}
        numbers |= {source.randint(low, high) for _ in range(40)}
        for number in sorted(numbers):
            for order in ('big', 'little'):
                print(bits, 'signed' if signed else 'unsigned', order, number,
                      number.to_bytes(bits // 8, order, signed=signed).hex())
