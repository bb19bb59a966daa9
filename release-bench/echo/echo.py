# release-bench/echo/echo.py
# SPDX-FileCopyrightText: 2026 The Release authors
# SPDX-License-Identifier: LGPL-2.1-or-later
"""What echo.c is to the contenders in C: the requests, the check of the answers, the clock."""

import argparse
import json
import statistics
import struct
import sys
import time

NSEC_PER_SEC = 1_000_000_000
HEAD = struct.Struct('<QQ')
TAIL = struct.Struct('<Q')


class Echo:

    def __init__(self, contender, options):
        self.contender = contender
        self.size = options.size
        self.in_flight = options.in_flight
        self.warm_up = options.warm_up
        self.wanted = options.requests
        self.span_nsec = options.msec * NSEC_PER_SEC // 1000
        self.asked = 0
        self.answered = 0
        self.is_enough = False
        self.pattern = bytes(i * 7 & 255 for i in range(self.size - HEAD.size))
        self.laps_nsec = []
        self.begun_nsec = self.ended_nsec = self.asked_nsec = 0

    def ask(self):
        """The next request; None when enough were made."""
        if self.is_enough:
            return None
        number = self.asked
        self.asked += 1
        self.is_enough = bool(self.wanted) and self.asked == self.warm_up + self.wanted
        request = HEAD.pack(number, number ^ (1 << 64) - 1) + self.pattern
        if len(self.pattern) >= TAIL.size:
            request = request[:-TAIL.size] + TAIL.pack(number)
        self.asked_nsec = time.monotonic_ns()
        return request

    def answer(self, request, answer):
        """Takes the answer to a request. Comparing bytes costs Python nothing worth the saving."""
        now = time.monotonic_ns()
        if answer != request:
            sys.exit(f'{self.contender}: a wrong answer, {len(answer)} bytes of {len(request)}')
        self.answered += 1
        if self.answered <= self.warm_up:
            self.begun_nsec = time.monotonic_ns()
            return
        self.ended_nsec = now
        if self.in_flight == 1:
            self.laps_nsec.append(now - self.asked_nsec)
        if not self.wanted and now - self.begun_nsec >= self.span_nsec:
            self.is_enough = True

    def is_over(self):
        return self.is_enough and self.answered == self.asked

    def print_result(self):
        if not self.is_over():
            sys.exit(f'{self.contender}: {self.asked - self.answered} requests have no answer')
        count = self.answered - self.warm_up
        result = {
            'contender': self.contender,
            'size': self.size,
            'in_flight': self.in_flight,
            'requests': count,
            'requests_per_second': count * NSEC_PER_SEC / (self.ended_nsec - self.begun_nsec),
        }
        if self.laps_nsec:
            laps = sorted(self.laps_nsec)
            result['median_usec'] = statistics.median(laps) / 1000
            result['p99_usec'] = laps[(len(laps) - 1) * 99 // 100] / 1000
        print(json.dumps(result))


def parse(contenders):
    """The measurement that the command line asks for, and the function of its contender."""
    parser = argparse.ArgumentParser()
    parser.add_argument('contender', choices=list(contenders))
    parser.add_argument('--size', type=int, default=HEAD.size)
    parser.add_argument('--in-flight', type=int, default=1)
    parser.add_argument('--warm-up', type=int, default=1000)
    parser.add_argument('--requests', type=int, default=0)
    parser.add_argument('--msec', type=int, default=200)
    options = parser.parse_args()
    if options.size < HEAD.size or options.in_flight < 1 or options.warm_up < 1:
        parser.error('a number is too small')

    return Echo(options.contender, options), contenders[options.contender]
