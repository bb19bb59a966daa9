/* examples/numbers/numbers.h
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What server and client have in common. README.md describes the protocol.
 */

#pragma once

#include <release/release.h>

#define NUMBERS_ORDER RELEASE_BYTE_ORDER_BIG
#define NUMBERS_REQUEST_SIZE 4
#define NUMBERS_ANSWER_SIZE 4
#define NUMBERS_RESULT_SIZE 16
#define NUMBERS_COUNT_MAX 1000

enum
{
  NUMBERS_SUM = 1,
  NUMBERS_RANGE = 2,
};

enum
{
  NUMBERS_DONE = 0,
  NUMBERS_MALFORMED = 1,
};

GSocketAddress *numbers_parse_address (const char  *text,
                                       GError     **error);
