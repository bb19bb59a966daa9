/* release-tests/fuzz/fuzz.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

/* A fuzzer: returns 0, and ends the process where what it tests is wrong. The name is libFuzzer's;
 * see driver.c for the other program that calls it. */
int LLVMFuzzerTestOneInput (const uint8_t *data,
                            size_t         size);
