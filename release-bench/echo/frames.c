/* release-bench/echo/frames.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release-bench/echo/frames.h"

#include <string.h>

#define SIZE_MIN (256 * 1024)

void
frames_init (Frames *frames,
             Echo   *echo)
{
  frames->size = MAX (SIZE_MIN, 2 * (ECHO_HEADER_SIZE + echo->size));
  frames->data = g_malloc (frames->size);
  frames->begin = frames->end = 0;
}

void
frames_clear (Frames *frames)
{
  g_clear_pointer (&frames->data, g_free);
}

guint8 *
frames_get_room (Frames *frames,
                 gsize  *length)
{
  memmove (frames->data, frames->data + frames->begin, frames->end - frames->begin);
  frames->end -= frames->begin;
  frames->begin = 0;

  *length = frames->size - frames->end;
  return frames->data + frames->end;
}

void
frames_add (Frames *frames,
            gsize   length)
{
  frames->end += length;
}

guint8 *
frames_take (Frames *frames,
             gsize  *frame_size)
{
  guint8 *frame = frames->data + frames->begin;
  guint32 length;

  if (frames->end - frames->begin < ECHO_HEADER_SIZE)
    return NULL;

  memcpy (&length, frame, sizeof length);
  *frame_size = sizeof length + GUINT32_FROM_BE (length);
  if (*frame_size < ECHO_HEADER_SIZE || *frame_size > frames->size)
    echo_fail ("A frame of %" G_GSIZE_FORMAT " bytes", *frame_size);
  if (frames->end - frames->begin < *frame_size)
    return NULL;

  frames->begin += *frame_size;
  return frame;
}

void
frames_answer (EchoSlot     *slot,
               const guint8 *frame,
               gsize         frame_size)
{
  echo_answer (slot, frame + ECHO_HEADER_SIZE, frame_size - ECHO_HEADER_SIZE);
}

gboolean
frames_ask (EchoSlot *slot)
{
  guint32 length = GUINT32_TO_BE (slot->echo->frame_size - sizeof length);

  if (!echo_ask (slot))
    return FALSE;

  memcpy (slot->frame, &length, sizeof length);
  return TRUE;
}
