/* release/buffer/release-int128.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/buffer/release-int128.h"

#include "release/base/release-error-private.h"
#include "release/base/release-i18n-private.h"
#include "release/buffer/release-uint128.h"

/**
 * SECTION:release-int128
 * @title: ReleaseInt128
 * @short_description: a signed integer of 128 bits
 *
 * A #ReleaseInt128 is to signed numbers what a #ReleaseUint128 is to unsigned
 * ones, and has the same functions. It goes through a #ReleaseBuffer with
 * release_buffer_write_int128() and release_buffer_read_int128().
 *
 * |[<!-- language="C" -->
 *   ReleaseInt128 balance;
 *
 *   if (!release_int128_parse ("-170141183460469231731687303715884105728", &balance, &error))
 *     return FALSE;
 *   g_assert (balance.high == G_MININT64 && balance.low == 0);
 * ]|
 */

G_DEFINE_BOXED_TYPE (ReleaseInt128, release_int128, release_int128_copy, release_int128_free)

/* In two's complement, which gives the magnitude of a negative number and the number of one. */
static ReleaseUint128
negate (guint64 high,
        guint64 low)
{
  return (ReleaseUint128) { ~high + (low == 0 ? 1 : 0), -low };
}

static ReleaseUint128
get_magnitude (const ReleaseInt128 *self)
{
  return self->high < 0 ? negate (self->high, self->low)
                        : (ReleaseUint128) { self->high, self->low };
}

/* @digits: (transfer full): of the magnitude. (transfer full) */
static char *
add_sign (const ReleaseInt128 *self,
          char                *digits)
{
  g_autofree char *unsigned_text = digits;

  return g_strconcat (self->high < 0 ? "-" : "", unsigned_text, NULL);
}

/**
 * release_int128_new:
 * @high: the upper 64 bits, with the sign
 * @low: the lower 64 bits
 *
 * Makes an integer of two halves, on the heap. In C a #ReleaseInt128 on the
 * stack does as well.
 *
 * Returns: (transfer full): the integer
 *
 * Since: 0.1
 */
ReleaseInt128 *
release_int128_new (gint64  high,
                    guint64 low)
{
  ReleaseInt128 *self = g_new (ReleaseInt128, 1);

  self->high = high;
  self->low = low;
  return self;
}

/**
 * release_int128_copy:
 * @self: a #ReleaseInt128
 *
 * Copies an integer to the heap.
 *
 * Returns: (transfer full): the copy
 *
 * Since: 0.1
 */
ReleaseInt128 *
release_int128_copy (const ReleaseInt128 *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  return release_int128_new (self->high, self->low);
}

/**
 * release_int128_free:
 * @self: (transfer full) (nullable): a #ReleaseInt128 on the heap, or %NULL
 *
 * Frees what release_int128_new() and release_int128_copy() have made.
 *
 * Since: 0.1
 */
void
release_int128_free (ReleaseInt128 *self)
{
  g_free (self);
}

/**
 * release_int128_parse:
 * @text: a number
 * @value: (out caller-allocates): where the number goes
 * @error: return location for a #GError, or %NULL
 *
 * Reads a number: `-` or nothing, then decimal digits, or `0x` and hexadecimal
 * digits of either case. There is no blank, before, after or in between. The
 * digits are those of the magnitude: `-0x1` is -1, and `0xffffffffffffffffffffffffffffffff`
 * is too large.
 *
 * Fails with %G_NUMBER_PARSER_ERROR_INVALID if @text is no such number, and with
 * %G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS if 128 bits cannot hold it. @value is left
 * alone then.
 *
 * Returns: (skip): %TRUE if @value was set, %FALSE with @error set otherwise
 *
 * Since: 0.1
 */
gboolean
release_int128_parse (const char     *text,
                      ReleaseInt128  *value,
                      GError        **error)
{
  g_autoptr(GError) unsigned_error = NULL;
  g_autofree char *shown = NULL;
  gboolean is_negative;
  ReleaseUint128 parsed;

  g_return_val_if_fail (text != NULL, FALSE);
  g_return_val_if_fail (value != NULL, FALSE);

  is_negative = text[0] == '-';
  if (release_uint128_parse (is_negative ? text + 1 : text, &parsed, &unsigned_error))
    {
      if (is_negative)
        parsed = negate (parsed.high, parsed.low);

      /* What does not fit has got the other sign, but for 0. */
      if (is_negative == (parsed.high >> 63 == 1) || (parsed.high == 0 && parsed.low == 0))
        {
          value->high = parsed.high;
          value->low = parsed.low;
          return TRUE;
        }
    }

  shown = release_escape (text, -1);
  if (g_error_matches (unsigned_error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID))
    g_set_error (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_INVALID,
                 _("“%s” is not a number"), shown);
  else
    g_set_error (error, G_NUMBER_PARSER_ERROR, G_NUMBER_PARSER_ERROR_OUT_OF_BOUNDS,
                 _("“%s” does not fit into a signed integer of 128 bits"), shown);
  return FALSE;
}

/**
 * release_int128_to_string:
 * @self: a #ReleaseInt128
 *
 * Writes the integer in decimal digits, with `-` before them if it is negative.
 *
 * Returns: (transfer full): the digits, without leading zeros
 *
 * Since: 0.1
 */
char *
release_int128_to_string (const ReleaseInt128 *self)
{
  ReleaseUint128 magnitude;

  g_return_val_if_fail (self != NULL, NULL);

  magnitude = get_magnitude (self);
  return add_sign (self, release_uint128_to_string (&magnitude));
}

/**
 * release_int128_to_hex_string:
 * @self: a #ReleaseInt128
 *
 * Writes the integer in hexadecimal digits, as release_int128_parse() reads it.
 *
 * Returns: (transfer full): `0x` and lower-case digits, without leading zeros,
 *   with `-` before them if it is negative
 *
 * Since: 0.1
 */
char *
release_int128_to_hex_string (const ReleaseInt128 *self)
{
  ReleaseUint128 magnitude;

  g_return_val_if_fail (self != NULL, NULL);

  magnitude = get_magnitude (self);
  return add_sign (self, release_uint128_to_hex_string (&magnitude));
}

/**
 * release_int128_compare:
 * @self: a #ReleaseInt128
 * @other: another one
 *
 * Compares two integers.
 *
 * Returns: -1, 0 or 1 as @self is less than, equal to or greater than @other
 *
 * Since: 0.1
 */
int
release_int128_compare (const ReleaseInt128 *self,
                        const ReleaseInt128 *other)
{
  g_return_val_if_fail (self != NULL, 0);
  g_return_val_if_fail (other != NULL, 0);

  if (self->high != other->high)
    return self->high < other->high ? -1 : 1;

  return self->low == other->low ? 0 : self->low < other->low ? -1 : 1;
}

/**
 * release_int128_equal:
 * @self: a #ReleaseInt128
 * @other: another one
 *
 * Tells whether two integers are the same.
 *
 * Returns: %TRUE if they are
 *
 * Since: 0.1
 */
gboolean
release_int128_equal (const ReleaseInt128 *self,
                      const ReleaseInt128 *other)
{
  return release_int128_compare (self, other) == 0;
}

/**
 * release_int128_hash:
 * @self: a #ReleaseInt128
 *
 * Makes a hash value, for hash tables with integers as keys.
 *
 * Returns: the hash value
 *
 * Since: 0.1
 */
guint
release_int128_hash (const ReleaseInt128 *self)
{
  g_return_val_if_fail (self != NULL, 0);

  return release_uint128_hash (&(ReleaseUint128) { self->high, self->low });
}
