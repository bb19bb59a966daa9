/* release/buffer/release-uint128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/buffer/release-uint128.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"

#include <string.h>

/**
 * SECTION:release-uint128
 * @title: ReleaseUint128
 * @short_description: an unsigned integer of 128 bits
 *
 * A #ReleaseUint128 holds what protocols keep in sixteen bytes: addresses,
 * UUIDs, counters that must not wrap. It is made of two halves of 64 bits, or of
 * text, decimal or hexadecimal, and goes through a #ReleaseBuffer with
 * release_buffer_write_uint128() and release_buffer_read_uint128().
 *
 * |[<!-- language="C" -->
 *   ReleaseUint128 total;
 *
 *   if (!release_uint128_parse ("340282366920938463463374607431768211455", &total, &error))
 *     return FALSE;
 *   g_assert (total.high == G_MAXUINT64 && total.low == G_MAXUINT64);
 * ]|
 */

G_DEFINE_BOXED_TYPE (ReleaseUint128, release_uint128, release_uint128_copy, release_uint128_free)

/* 39 decimal digits and a NUL */
#define DECIMAL_SIZE 40

#ifdef __SIZEOF_INT128__

static gboolean
multiply_add (ReleaseUint128 *self,
              guint           factor,
              guint           summand)
{
  unsigned __int128 value = (unsigned __int128) self->high << 64 | self->low;

  if (__builtin_mul_overflow (value, (unsigned __int128) factor, &value) ||
      __builtin_add_overflow (value, (unsigned __int128) summand, &value))
    return FALSE;

  self->high = value >> 64;
  self->low = value;
  return TRUE;
}

static guint
divide (ReleaseUint128 *self,
        guint           divisor)
{
  unsigned __int128 value = (unsigned __int128) self->high << 64 | self->low;
  guint remainder = value % divisor;

  value /= divisor;
  self->high = value >> 64;
  self->low = value;
  return remainder;
}

#else

/* Without such a type, digits of 32 bits do, as in written arithmetic; the lowest first. */
#define N_DIGITS 4

static void
to_digits (const ReleaseUint128 *self,
           guint32              *digits)
{
  digits[0] = self->low;
  digits[1] = self->low >> 32;
  digits[2] = self->high;
  digits[3] = self->high >> 32;
}

static void
from_digits (ReleaseUint128 *self,
             const guint32  *digits)
{
  self->low = (guint64) digits[1] << 32 | digits[0];
  self->high = (guint64) digits[3] << 32 | digits[2];
}

/* Leaves @self alone and returns FALSE if the result does not fit. */
static gboolean
multiply_add (ReleaseUint128 *self,
              guint           factor,
              guint           summand)
{
  guint32 digits[N_DIGITS];
  guint64 carry = summand;

  to_digits (self, digits);
  for (guint i = 0; i < N_DIGITS; i++)
    {
      carry += (guint64) digits[i] * factor;
      digits[i] = carry;
      carry >>= 32;
    }
  if (carry > 0)
    return FALSE;

  from_digits (self, digits);
  return TRUE;
}

/* Returns the remainder. */
static guint
divide (ReleaseUint128 *self,
        guint           divisor)
{
  guint32 digits[N_DIGITS];
  guint64 remainder = 0;

  to_digits (self, digits);
  for (guint i = N_DIGITS; i-- > 0;)
    {
      remainder = remainder << 32 | digits[i];
      digits[i] = remainder / divisor;
      remainder %= divisor;
    }
  from_digits (self, digits);

  return remainder;
}

#endif

/**
 * release_uint128_new:
 * @high: the upper 64 bits
 * @low: the lower 64 bits
 *
 * Makes an integer of two halves, on the heap. In C a #ReleaseUint128 on the
 * stack does as well.
 *
 * Returns: (transfer full): the integer
 *
 * Since: 0.1
 */
ReleaseUint128 *
release_uint128_new (guint64 high,
                     guint64 low)
{
  ReleaseUint128 *self = g_new (ReleaseUint128, 1);

  self->high = high;
  self->low = low;
  return self;
}

/**
 * release_uint128_copy:
 * @self: a #ReleaseUint128
 *
 * Copies an integer to the heap.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
ReleaseUint128 *
release_uint128_copy (const ReleaseUint128 *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return release_uint128_new (self->high, self->low);
}

/**
 * release_uint128_free:
 * @self: (transfer full) (nullable): a #ReleaseUint128 on the heap, or %NULL
 *
 * Frees what release_uint128_new() and release_uint128_copy() have made.
 *
 * Since: 0.1
 */
void
release_uint128_free (ReleaseUint128 *self)
{
  g_free (self);
}

/**
 * release_uint128_parse:
 * @text: a number
 * @value: (out caller-allocates): where the number goes
 * @error: return location for a #GError, or %NULL
 *
 * Reads a number: decimal digits, or `0x` and hexadecimal digits of either case.
 * There is no sign and no blank, before, after or in between.
 *
 * Fails with %G_NUMBER_PARSER_ERROR_INVALID if @text is no such number, and with
 * %G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS if it has more than 128 bits. @value is
 * left alone then.
 *
 * Returns: (skip): %TRUE if @value was set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_uint128_parse (const char      *text,
                       ReleaseUint128  *value,
                       GError         **error)
{
  gboolean is_hex;
  const char *digits;
  ReleaseUint128 parsed = { 0, 0 };

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  is_hex = text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
  digits = is_hex ? text + 2 : text;

  /* All of it is looked at before its size: "1…1x" is no number, however long. */
  if (digits[0] == '\0' || digits[strspn (digits, is_hex ? "0123456789abcdefABCDEF"
                                                         : "0123456789")] != '\0')
    {
      g_autofree char *shown = release_escape (text, -1);

      g_set_error (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID,
                   _("“%s” is not an unsigned number"), shown);
      return FALSE;
    }

  for (const char *p = digits; *p != '\0'; p++)
    if (!multiply_add (&parsed, is_hex ? 16 : 10, g_ascii_xdigit_value (*p)))
      {
        g_autofree char *shown = release_escape (text, -1);

        g_set_error (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS,
                     _("“%s” has more than 128 bits"), shown);
        return FALSE;
      }

  *value = parsed;
  return TRUE;
}

/**
 * release_uint128_to_string:
 * @self: a #ReleaseUint128
 *
 * Writes the integer in decimal digits.
 *
 * Returns: (transfer full): the digits, without leading zeros
 *
 * Since: 0.1
 */
char *
release_uint128_to_string (const ReleaseUint128 *self)
{
  char text[DECIMAL_SIZE];
  char *p = text + sizeof text;
  ReleaseUint128 rest;

  g_return_val_if_fail (self != NULL, NULL);

  rest = *self;
  *--p = '\0';
  do
    *--p = '0' + divide (&rest, 10);
  while (rest.high != 0 || rest.low != 0);

  return g_strdup (p);
}

/**
 * release_uint128_to_hex_string:
 * @self: a #ReleaseUint128
 *
 * Writes the integer in hexadecimal digits, as release_uint128_parse() reads it.
 *
 * Returns: (transfer full): `0x` and lower-case digits, without leading zeros
 *
 * Since: 0.1
 */
char *
release_uint128_to_hex_string (const ReleaseUint128 *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  if (self->high == 0)
    return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x", self->low);

  return g_strdup_printf ("0x%" G_GINT64_MODIFIER "x%016" G_GINT64_MODIFIER "x",
                          self->high, self->low);
}

/**
 * release_uint128_compare:
 * @self: a #ReleaseUint128
 * @other: another one
 *
 * Compares two integers.
 *
 * Returns: -1, 0 or 1 as @self is less than, equal to or greater than @other
 *
 * Since: 0.1
 */
int
release_uint128_compare (const ReleaseUint128 *self,
                         const ReleaseUint128 *other)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (other != NULL, 0);

  if (self->high != other->high)
    return self->high < other->high ? -1 : 1;

  return self->low == other->low ? 0 : self->low < other->low ? -1 : 1;
}

/**
 * release_uint128_equal:
 * @self: a #ReleaseUint128
 * @other: another one
 *
 * Tells whether two integers are the same.
 *
 * Returns: %TRUE if they are
 *
 * Since: 0.1
 */
gboolean
release_uint128_equal (const ReleaseUint128 *self,
                       const ReleaseUint128 *other)
{
  return release_uint128_compare (self, other) == 0;
}

/**
 * release_uint128_hash:
 * @self: a #ReleaseUint128
 *
 * Makes a hash value, for hash tables with integers as keys.
 *
 * Returns: the hash value
 *
 * Since: 0.1
 */
guint
release_uint128_hash (const ReleaseUint128 *self)
{
  guint64 mixed;

  g_return_val_if_fail (self != NULL, 0);

  mixed = self->high * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15) ^ self->low;
  return mixed ^ mixed >> 32;
}
