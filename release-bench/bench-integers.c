/* release-bench/bench-integers.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Messages of sixteen integers of 64 bits, big endian, one after the other.
 */

#include "config.h"

#include "release-bench/bench.h"

#include <string.h>

#define N_FIELDS 16
#define N_MESSAGES 256
#define TURN_BYTES (N_MESSAGES * N_FIELDS * sizeof (guint64))

/* No inlining into a turn: each is measured as one would call it from a program. */
#define BENCH_NOINLINE __attribute__ ((__noinline__))

static void
fill (guint64 *fields)
{
  for (guint i = 0; i < N_FIELDS; i++)
    fields[i] = G_GUINT64_CONSTANT (0x0123456789abcdef) * (i + 1);
}

static BENCH_NOINLINE void
encode_message_memcpy (guint8        *out,
                       const guint64 *fields)
{
  for (guint i = 0; i < N_FIELDS; i++)
    {
      guint64 swapped = GUINT64_TO_BE (fields[i]);

      memcpy (out + i * sizeof swapped, &swapped, sizeof swapped);
    }
}

/* What a buffer cannot do without: it knows after each integer where it ends. The loop above stores
 * once a cycle when it is unrolled; a store to another cache line beside each halves that on the
 * machines of today, and is nearly free when the loop is not unrolled (-O2). */
static BENCH_NOINLINE void
encode_message_memcpy_end (guint8 *volatile *end,
                           const guint64    *fields)
{
  guint8 *out = *end;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      guint64 swapped = GUINT64_TO_BE (fields[i]);

      memcpy (out, &swapped, sizeof swapped);
      out += sizeof swapped;
      *end = out;
    }
}

static BENCH_NOINLINE gboolean
encode_message_bytes (ReleaseBuffer *buffer,
                      const guint64 *fields)
{
  guint8 *out = release_buffer_extend (buffer, N_FIELDS * sizeof (guint64), NULL);

  if (out == NULL)
    return FALSE;

  for (guint i = 0; i < N_FIELDS; i++)
    release_bytes_write_uint64 (out + i * sizeof (guint64), fields[i], RELEASE_BYTE_ORDER_BIG);
  return TRUE;
}

static BENCH_NOINLINE gboolean
encode_message_write (ReleaseBuffer *buffer,
                      const guint64 *fields)
{
  for (guint i = 0; i < N_FIELDS; i++)
    if (!release_buffer_write_uint64 (buffer, fields[i], RELEASE_BYTE_ORDER_BIG, NULL))
      return FALSE;

  return TRUE;
}

static guint64
encode_memcpy (guint n_turns)
{
  g_autofree guint8 *memory = g_malloc0 (TURN_BYTES);
  guint64 fields[N_FIELDS];

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    for (guint j = 0; j < N_MESSAGES; j++)
      encode_message_memcpy (memory + j * sizeof fields, fields);
  BENCH_KEEP (memory);
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
encode_memcpy_end (guint n_turns)
{
  g_autofree guint8 *memory = g_malloc0 (TURN_BYTES);
  guint64 fields[N_FIELDS];
  guint8 *volatile end;

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      end = memory;
      for (guint j = 0; j < N_MESSAGES; j++)
        encode_message_memcpy_end (&end, fields);
    }
  BENCH_KEEP (memory);
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
encode_bytes (guint n_turns)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (TURN_BYTES);
  guint64 fields[N_FIELDS];

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      for (guint j = 0; j < N_MESSAGES; j++)
        encode_message_bytes (buffer, fields);
      release_buffer_truncate (buffer, 0, NULL);
    }
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
encode_write (guint n_turns)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (TURN_BYTES);
  guint64 fields[N_FIELDS];

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      for (guint j = 0; j < N_MESSAGES; j++)
        encode_message_write (buffer, fields);
      release_buffer_truncate (buffer, 0, NULL);
    }
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
encode_byte_array (guint n_turns)
{
  g_autoptr(GByteArray) array = g_byte_array_sized_new (TURN_BYTES);
  guint64 fields[N_FIELDS];

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      for (guint j = 0; j < N_MESSAGES * N_FIELDS; j++)
        {
          guint64 swapped = GUINT64_TO_BE (fields[j % N_FIELDS]);

          g_byte_array_append (array, (const guint8 *) &swapped, sizeof swapped);
        }
      g_byte_array_set_size (array, 0);
    }
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
encode_data_stream (guint n_turns)
{
  g_autoptr(GOutputStream) memory = g_memory_output_stream_new_resizable ();
  g_autoptr(GDataOutputStream) stream = g_data_output_stream_new (memory);
  guint64 fields[N_FIELDS];

  fill (fields);
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      for (guint j = 0; j < N_MESSAGES * N_FIELDS; j++)
        g_data_output_stream_put_uint64 (stream, fields[j % N_FIELDS], NULL, NULL);
      g_seekable_seek (G_SEEKABLE (memory), 0, G_SEEK_SET, NULL, NULL);
    }
  return (guint64) n_turns * TURN_BYTES;
}

static BENCH_NOINLINE guint64
decode_message_memcpy (const guint8 *in)
{
  guint64 sum = 0;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      guint64 swapped;

      memcpy (&swapped, in + i * sizeof swapped, sizeof swapped);
      sum ^= GUINT64_FROM_BE (swapped) + i;
    }

  return sum;
}

static BENCH_NOINLINE guint64
decode_message_bytes (ReleaseBuffer *buffer,
                      gsize          offset)
{
  guint64 sum = 0;
  const guint8 *in = release_buffer_peek (buffer, offset, N_FIELDS * sizeof (guint64), NULL);

  if (in == NULL)
    return 0;

  for (guint i = 0; i < N_FIELDS; i++)
    sum ^= release_bytes_read_uint64 (in + i * sizeof (guint64), RELEASE_BYTE_ORDER_BIG) + i;
  return sum;
}

static BENCH_NOINLINE guint64
decode_message_at (ReleaseBuffer *buffer,
                   gsize          offset)
{
  guint64 sum = 0;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      guint64 value;

      if (!release_buffer_read_uint64_at (buffer, offset + i * sizeof value, RELEASE_BYTE_ORDER_BIG,
                                          &value, NULL))
        return 0;
      sum ^= value + i;
    }

  return sum;
}

static BENCH_NOINLINE guint64
decode_message_read (ReleaseBuffer *buffer)
{
  guint64 sum = 0;

  for (guint i = 0; i < N_FIELDS; i++)
    {
      guint64 value;

      if (!release_buffer_read_uint64 (buffer, RELEASE_BYTE_ORDER_BIG, &value, NULL))
        return 0;
      sum ^= value + i;
    }

  return sum;
}

static guint64
decode_memcpy (guint n_turns)
{
  g_autofree guint8 *memory = g_malloc0 (TURN_BYTES);
  guint64 sum = 0;

  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    for (guint j = 0; j < N_MESSAGES; j++)
      sum += decode_message_memcpy (memory + j * N_FIELDS * sizeof (guint64));
  BENCH_KEEP (&sum);
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
decode_with (guint     n_turns,
             guint64 (*decode) (ReleaseBuffer *, gsize))
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_filled (TURN_BYTES, 0);
  guint64 sum = 0;

  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    for (guint j = 0; j < N_MESSAGES; j++)
      sum += decode (buffer, j * N_FIELDS * sizeof (guint64));
  BENCH_KEEP (&sum);
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
decode_bytes (guint n_turns)
{
  return decode_with (n_turns, decode_message_bytes);
}

static guint64
decode_at (guint n_turns)
{
  return decode_with (n_turns, decode_message_at);
}

static guint64
decode_read (guint n_turns)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_filled (TURN_BYTES, 0);
  guint64 sum = 0;

  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      g_autoptr(ReleaseBuffer) view = release_buffer_sub (buffer, 0, TURN_BYTES, NULL);

      for (guint j = 0; j < N_MESSAGES; j++)
        sum += decode_message_read (view);
    }
  BENCH_KEEP (&sum);
  return (guint64) n_turns * TURN_BYTES;
}

static guint64
decode_data_stream (guint n_turns)
{
  g_autofree guint8 *memory = g_malloc0 (TURN_BYTES);
  g_autoptr(GInputStream) bytes = g_memory_input_stream_new_from_data (memory, TURN_BYTES, NULL);
  g_autoptr(GDataInputStream) stream = g_data_input_stream_new (bytes);
  guint64 sum = 0;

  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      for (guint j = 0; j < N_MESSAGES * N_FIELDS; j++)
        sum += g_data_input_stream_read_uint64 (stream, NULL, NULL);
      g_seekable_seek (G_SEEKABLE (stream), 0, G_SEEK_SET, NULL, NULL);
    }
  BENCH_KEEP (&sum);
  return (guint64) n_turns * TURN_BYTES;
}

void
bench_integers (void)
{
  static const BenchContender encoders[] = {
    { "release_buffer_extend, release_bytes_write", encode_bytes },
    { "release_buffer_write_uint64", encode_write },
    { "memcpy plus byte swap", encode_memcpy },
    { "the same, the end stored after each", encode_memcpy_end },
    { "GByteArray plus byte swap", encode_byte_array },
    { "GDataOutputStream", encode_data_stream },
  };
  static const BenchContender decoders[] = {
    { "release_buffer_peek, release_bytes_read", decode_bytes },
    { "release_buffer_read_uint64_at", decode_at },
    { "release_buffer_read_uint64", decode_read },
    { "memcpy plus byte swap", decode_memcpy },
    { "GDataInputStream", decode_data_stream },
  };

  bench_run ("encode 64 bits", "MB/s", 2000, encoders, G_N_ELEMENTS (encoders));
  bench_run ("decode 64 bits", "MB/s", 2000, decoders, G_N_ELEMENTS (decoders));
}
