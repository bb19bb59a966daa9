/* release-bench/bench-buffer.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Bytes through a queue: pieces are added behind and taken off in front, while some stay in it.
 */

#include "config.h"

#include "release-bench/bench.h"

#include <string.h>

#define PIECE_BYTES 64
#define N_WAITING 64
#define PIECES_PER_TURN 1024

static const guint8 piece[PIECE_BYTES] = { 1 };

static guint64
queue_release (guint n_turns)
{
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);

  for (guint i = 0; i < N_WAITING; i++)
    release_buffer_append_data (buffer, piece, PIECE_BYTES, NULL);

  bench_begin ();
  for (guint i = 0; i < n_turns * PIECES_PER_TURN; i++)
    {
      release_buffer_append_data (buffer, piece, PIECE_BYTES, NULL);
      release_buffer_consume (buffer, PIECE_BYTES, NULL);
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

static guint64
queue_byte_array (guint n_turns)
{
  g_autoptr(GByteArray) array = g_byte_array_new ();

  for (guint i = 0; i < N_WAITING; i++)
    g_byte_array_append (array, piece, PIECE_BYTES);

  bench_begin ();
  for (guint i = 0; i < n_turns * PIECES_PER_TURN; i++)
    {
      g_byte_array_append (array, piece, PIECE_BYTES);
      g_byte_array_remove_range (array, 0, PIECE_BYTES);
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

/* A ring whose size is known and whose ends need no checks: the least that it can cost. */
static guint64
queue_memcpy (guint n_turns)
{
  guint8 ring[2 * N_WAITING * PIECE_BYTES];

  bench_begin ();
  for (guint i = 0; i < n_turns * PIECES_PER_TURN; i++)
    {
      memcpy (ring + i % (2 * N_WAITING) * PIECE_BYTES, piece, PIECE_BYTES);
      BENCH_KEEP (ring);
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

static guint64
append_release (guint n_turns)
{
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);

      for (guint j = 0; j < PIECES_PER_TURN; j++)
        release_buffer_append_data (buffer, piece, PIECE_BYTES, NULL);
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

static guint64
append_byte_array (guint n_turns)
{
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      g_autoptr(GByteArray) array = g_byte_array_new ();

      for (guint j = 0; j < PIECES_PER_TURN; j++)
        g_byte_array_append (array, piece, PIECE_BYTES);
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

static guint64
append_memcpy (guint n_turns)
{
  bench_begin ();
  for (guint i = 0; i < n_turns; i++)
    {
      g_autofree guint8 *memory = g_malloc (PIECES_PER_TURN * PIECE_BYTES);

      for (guint j = 0; j < PIECES_PER_TURN; j++)
        {
          memcpy (memory + j * PIECE_BYTES, piece, PIECE_BYTES);
          BENCH_KEEP (memory);
        }
    }
  return (guint64) n_turns * PIECES_PER_TURN * PIECE_BYTES;
}

void
bench_buffer (void)
{
  static const BenchContender queues[] = {
    { "ReleaseBuffer", queue_release },
    { "GByteArray", queue_byte_array },
    { "plain memcpy into a ring", queue_memcpy },
  };
  static const BenchContender appends[] = {
    { "ReleaseBuffer", append_release },
    { "GByteArray", append_byte_array },
    { "plain memcpy, size known before", append_memcpy },
  };

  bench_run ("append and consume 64 bytes", "MB/s", 1000, queues, G_N_ELEMENTS (queues));
  bench_run ("append 64 bytes, growing", "MB/s", 1000, appends, G_N_ELEMENTS (appends));
}
