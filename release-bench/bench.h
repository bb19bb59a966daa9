/* release-bench/bench.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <release/release.h>

/* Does @n_turns turns and returns how much was done in them: bytes, connections. What is prepared
 * before bench_begin () does not count. */
typedef guint64 (*BenchFunc) (guint n_turns);

typedef struct
{
  const char *name;
  BenchFunc   func;
} BenchContender;

/* Measures a case and prints it. The first contender is ours, with which the others are
 * compared. */
void  bench_run    (const char            *name,
                    const char            *unit,
                    guint                  n_turns,
                    const BenchContender  *contenders,
                    guint                  n_contenders);
void  bench_begin  (void);

void  bench_buffer    (void);
void  bench_integers  (void);
void  bench_accept    (void);

/* Keeps the compiler from leaving out work whose result nobody uses. */
#define BENCH_KEEP(pointer) __asm__ volatile ("" : : "r" (pointer) : "memory")
