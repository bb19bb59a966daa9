/* release-tests/buffer/model.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Random sequences of operations, done to buffers and to a simple model of them. What the model does
 * is what the reference promises: who sees a change, who gets memory of its own, what fails. It
 * knows nothing of room, capacity and addresses.
 */

#include "config.h"

#include <release/release.h>

#include <string.h>

#define RANDOM_STEPS 30000
#define MAX_BUFFERS 6
#define MAX_KEPT 6
#define MAX_STEP_BYTES 200

typedef struct _Bytes Bytes;

/* Bytes that one or more models show; never empty, so that they have an address. */
struct _Bytes
{
  int       ref_count;
  int       n_pins;         /* GBytes that show them, and bytes that are those of such a GBytes */
  gboolean  is_constant;    /* they are those of a GBytes */
  Bytes    *pinned;         /* (nullable): which that GBytes shows */
  guint8   *data;
};

/* A buffer, and what it should be. */
typedef struct
{
  ReleaseBuffer *buffer;
  Bytes         *bytes;
  gsize          offset;
  gsize          length;
  gsize          limit;
} Pair;

/* A GBytes that was made of a buffer, and what it has to stay. */
typedef struct
{
  GBytes *bytes;
  guint8 *expected;
  gsize   length;
  Bytes  *pinned;           /* (nullable) */
} Kept;

typedef struct
{
  GArray *pairs;
  GArray *kept;
} World;

static const guint8 nothing[1];

static Bytes *
bytes_new (gsize length)
{
  Bytes *self = g_new0 (Bytes, 1);

  self->ref_count = 1;
  self->data = g_malloc0 (length + 1);
  return self;
}

static Bytes *
bytes_ref (Bytes *self)
{
  self->ref_count++;
  return self;
}

/* (nullable) (transfer full) */
static Bytes *
bytes_pin (Bytes *self)
{
  if (self == NULL)
    return NULL;

  self->n_pins++;
  return bytes_ref (self);
}

static void
bytes_unref (Bytes *self)
{
  if (--self->ref_count > 0)
    return;

  if (self->pinned != NULL)
    {
      self->pinned->n_pins--;
      bytes_unref (self->pinned);
    }
  g_free (self->data);
  g_free (self);
}

/* @self: (nullable) */
static void
bytes_unpin (Bytes *self)
{
  if (self == NULL)
    return;

  self->n_pins--;
  bytes_unref (self);
}

static gsize
up_to (gsize max)
{
  return g_test_rand_int_range (0, max + 1);
}

static guint8 *
data_of (Pair *self)
{
  return self->bytes->data + self->offset;
}

/* Bytes of its own, with @length more at @at. */
static void
pair_own (Pair         *self,
          gsize         at,
          const guint8 *data,
          gsize         length)
{
  Bytes *own = bytes_new (self->length + length);

  memcpy (own->data, data_of (self), at);
  memcpy (own->data + at, data, length);
  memcpy (own->data + at + length, data_of (self) + at, self->length - at);
  bytes_unref (self->bytes);
  self->bytes = own;
  self->offset = 0;
  self->length += length;
}

/* Nobody changes what a GBytes shows: who wants to has bytes of its own first. */
static void
pair_make_writable (Pair *self)
{
  if (self->length > 0 && (self->bytes->n_pins > 0 || self->bytes->is_constant))
    pair_own (self, 0, nothing, 0);
}

static void
pair_consume (Pair  *self,
              gsize  length)
{
  self->offset += length;
  self->length -= length;
}

static gboolean
fits (Pair  *self,
      gsize  length)
{
  return self->limit == 0 || (length <= self->limit && self->length <= self->limit - length);
}

static void
assert_grown (gboolean  done,
              gboolean  expected,
              GError   *error)
{
  g_assert_cmpint (done, ==, expected);
  if (expected)
    g_assert_no_error (error);
  else
    g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
}

static void
assert_refused (gboolean   done,
                GError   **error)
{
  g_assert_false (done);
  g_assert_error (*error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
  g_clear_error (error);
}

static Pair *
any_pair (World *world)
{
  return &g_array_index (world->pairs, Pair, up_to (world->pairs->len - 1));
}

static void
add_pair (World         *world,
          ReleaseBuffer *buffer,
          Bytes         *bytes,
          gsize          offset,
          gsize          length,
          gsize          limit)
{
  Pair pair = { buffer, bytes, offset, length, limit };

  g_assert_nonnull (buffer);
  g_array_append_val (world->pairs, pair);
}

static void
step_grow (World *world)
{
  Pair *pair = any_pair (world);
  gsize at = up_to (pair->length);
  gsize n = up_to (MAX_STEP_BYTES);
  guint8 data[MAX_STEP_BYTES];
  guint8 *added;
  gboolean done;
  g_autoptr(GError) error = NULL;

  for (gsize i = 0; i < sizeof data; i++)
    data[i] = up_to (255);

  switch (up_to (3))
    {
    case 0:
      at = pair->length;
      done = release_buffer_append_data (pair->buffer, data, n, &error);
      break;

    case 1:
      done = release_buffer_insert (pair->buffer, at, data, n, &error);
      break;

    case 2:
      at = pair->length;
      added = release_buffer_extend (pair->buffer, n, &error);
      done = added != NULL;
      if (done)
        memcpy (added, data, n);
      break;

    default:
      at = pair->length;
      n = 1;
      done = release_buffer_append_byte (pair->buffer, data[0], &error);
    }

  assert_grown (done, n == 0 || fits (pair, n), error);
  if (done && n > 0)
    pair_own (pair, at, data, n);
}

static void
step_append_buffer (World *world)
{
  Pair *pair = any_pair (world);
  Pair *other = any_pair (world);
  gsize n = other->length;
  g_autofree guint8 *data = NULL;
  gboolean done;
  g_autoptr(GError) error = NULL;

  /* Bounded, for a buffer that is added to itself doubles. */
  if (pair->length + n > 20 * MAX_STEP_BYTES)
    return;

  data = g_memdup2 (data_of (other), n + 1);
  done = release_buffer_append_buffer (pair->buffer, other->buffer, &error);
  assert_grown (done, n == 0 || fits (pair, n), error);
  if (done && n > 0)
    pair_own (pair, pair->length, data, n);
}

static void
step_shrink (World *world)
{
  Pair *pair = any_pair (world);
  gsize n = up_to (3) == 0 ? pair->length : up_to (pair->length);

  if (up_to (2) == 0)
    {
      g_assert_true (release_buffer_truncate (pair->buffer, n, NULL));
      pair->length = n;
    }
  else
    {
      g_assert_true (release_buffer_consume (pair->buffer, n, NULL));
      pair_consume (pair, n);
      if (pair->length == 0)
        pair_own (pair, 0, nothing, 0);
    }
}

static void
step_change (World *world)
{
  Pair *pair = any_pair (world);
  gsize at = up_to (pair->length);
  gsize length = up_to (pair->length - at);
  guint8 byte = up_to (255);
  guint8 *lent;

  switch (up_to (2))
    {
    case 0:
      g_assert_true (release_buffer_fill (pair->buffer, at, length, byte, NULL));
      break;

    case 1:
      lent = release_buffer_map (pair->buffer, at, length, NULL);
      g_assert_nonnull (lent);
      memset (lent, byte, length);
      break;

    default:
      if (at == pair->length)
        return;
      length = 1;
      release_buffer_set_byte (pair->buffer, at, byte);
    }

  pair_make_writable (pair);
  memset (data_of (pair) + at, byte, length);
}

static void
step_blit (World *world)
{
  Pair *from = any_pair (world);
  Pair *to = any_pair (world);
  gsize length = up_to (MIN (from->length, to->length));
  gsize at = up_to (from->length - length);
  gsize to_at = up_to (to->length - length);

  g_assert_true (release_buffer_blit (from->buffer, at, to->buffer, to_at, length, NULL));
  pair_make_writable (to);
  memmove (data_of (to) + to_at, data_of (from) + at, length);
}

static void
step_look (World *world)
{
  Pair *pair = any_pair (world);
  Pair *other = any_pair (world);
  gsize at = up_to (pair->length);
  guint8 byte = up_to (255);
  const guint8 *found = memchr (data_of (pair) + at, byte, pair->length - at);
  gsize common = MIN (pair->length, other->length);
  int order = memcmp (data_of (pair), data_of (other), common);
  gssize index;

  g_assert_true (release_buffer_index_from (pair->buffer, at, byte, &index, NULL));
  g_assert_cmpint (index, ==, found != NULL ? found - data_of (pair) : -1);
  if (at < pair->length)
    g_assert_cmpuint (release_buffer_get_byte (pair->buffer, at), ==, data_of (pair)[at]);

  if (order == 0)
    order = pair->length < other->length ? -1 : pair->length > other->length ? 1 : 0;
  g_assert_cmpint (CLAMP (release_buffer_compare (pair->buffer, other->buffer), -1, 1), ==,
                   CLAMP (order, -1, 1));
}

static void
step_multiply (World *world)
{
  Pair *pair = any_pair (world);
  gsize at = up_to (pair->length);
  gsize length = up_to (pair->length - at);
  Bytes *copy;

  if (world->pairs->len == MAX_BUFFERS)
    return;

  if (up_to (3) > 0)
    {
      ReleaseBuffer *view = release_buffer_sub (pair->buffer, at, length, NULL);

      if (length > 0)
        add_pair (world, view, bytes_ref (pair->bytes), pair->offset + at, length, pair->limit);
      else
        add_pair (world, view, bytes_new (0), 0, 0, pair->limit);
      return;
    }

  copy = bytes_new (pair->length);
  memcpy (copy->data, data_of (pair), pair->length);
  add_pair (world, release_buffer_dup (pair->buffer), copy, 0, pair->length, pair->limit);
}

static void
step_drop (World *world)
{
  guint at = up_to (world->pairs->len - 1);
  Pair *pair = &g_array_index (world->pairs, Pair, at);

  if (world->pairs->len == 1)
    return;

  release_buffer_unref (pair->buffer);
  bytes_unref (pair->bytes);
  g_array_remove_index_fast (world->pairs, at);
}

static void
step_limit (World *world)
{
  Pair *pair = any_pair (world);

  pair->limit = up_to (2) == 0 ? 0 : up_to (4 * MAX_STEP_BYTES);
  release_buffer_set_limit (pair->buffer, pair->limit);
  g_assert_cmpuint (release_buffer_get_limit (pair->buffer), ==, pair->limit);
}

static void
step_keep (World *world)
{
  Pair *pair = any_pair (world);
  Kept kept = { NULL, g_memdup2 (data_of (pair), pair->length + 1), pair->length, NULL };
  gboolean is_shared;

  kept.bytes = release_buffer_to_bytes (pair->buffer);
  /* Whether so little is worth sharing is the buffer's choice. */
  is_shared = kept.length > 0 && g_bytes_get_data (kept.bytes, NULL) ==
                                 release_buffer_get_data (pair->buffer, NULL);
  if (is_shared)
    kept.pinned = bytes_pin (pair->bytes->is_constant ? pair->bytes->pinned : pair->bytes);
  g_array_append_val (world->kept, kept);
}

static void
drop_kept (World *world,
           guint  at)
{
  Kept *kept = &g_array_index (world->kept, Kept, at);

  g_bytes_unref (kept->bytes);
  g_free (kept->expected);
  bytes_unpin (kept->pinned);
  g_array_remove_index_fast (world->kept, at);
}

static void
step_kept (World *world)
{
  guint at;
  Kept *kept;
  Bytes *constant;

  if (world->kept->len < MAX_KEPT && up_to (1) == 0)
    step_keep (world);
  if (world->kept->len == 0)
    return;

  at = up_to (world->kept->len - 1);
  kept = &g_array_index (world->kept, Kept, at);
  if (world->pairs->len < MAX_BUFFERS && up_to (1) == 0)
    {
      constant = bytes_new (kept->length);
      constant->is_constant = TRUE;
      constant->pinned = bytes_pin (kept->pinned);
      memcpy (constant->data, kept->expected, kept->length);
      add_pair (world, release_buffer_new_from_bytes (kept->bytes), constant, 0, kept->length, 0);
    }
  if (up_to (1) == 0)
    drop_kept (world, at);
}

/* As the definition has it, byte for byte. */
static guint64
load (const guint8     *bytes,
      gsize             size,
      ReleaseByteOrder  order)
{
  guint64 value = 0;

  for (gsize i = 0; i < size; i++)
    value = value << 8 | bytes[order == RELEASE_BYTE_ORDER_BIG ? i : size - 1 - i];
  return value;
}

static void
store (guint8           *bytes,
       guint64           value,
       gsize             size,
       ReleaseByteOrder  order)
{
  for (gsize i = 0; i < size; i++)
    bytes[order == RELEASE_BYTE_ORDER_BIG ? size - 1 - i : i] = value >> 8 * i;
}

#define STEP_INTEGER(name, type, ...)                                                             \
  static void                                                                                     \
  step_##name (World *world)                                                                      \
  {                                                                                               \
    Pair *pair = any_pair (world);                                                                \
    ReleaseByteOrder order G_GNUC_UNUSED =                                                        \
      up_to (1) == 0 ? RELEASE_BYTE_ORDER_BIG : RELEASE_BYTE_ORDER_LITTLE;                        \
    gsize at = up_to (pair->length);                                                              \
    gboolean is_inside = pair->length - at >= sizeof (type);                                      \
    type value = (type) g_test_rand_int () * 0x9e3779b1;                                          \
    type seen = 0;                                                                                \
    guint8 bytes[sizeof (type)];                                                                  \
    gboolean done;                                                                                \
    g_autoptr(GError) error = NULL;                                                               \
                                                                                                  \
    store (bytes, value, sizeof value, order);                                                    \
    switch (up_to (4))                                                                            \
      {                                                                                           \
      case 0:                                                                                     \
        done = release_buffer_read_##name##_at (pair->buffer, at __VA_OPT__ (,) __VA_ARGS__,      \
                                                &seen, &error);                                   \
        g_assert_cmpint (done, ==, is_inside);                                                    \
        if (done)                                                                                 \
          g_assert_true (seen == (type) load (data_of (pair) + at, sizeof seen, order));          \
        break;                                                                                    \
                                                                                                  \
      case 1:                                                                                     \
      case 2:                                                                                     \
        done = release_buffer_read_##name (pair->buffer __VA_OPT__ (,) __VA_ARGS__, &seen,        \
                                           &error);                                               \
        g_assert_cmpint (done, ==, pair->length >= sizeof seen);                                  \
        if (done)                                                                                 \
          {                                                                                       \
            g_assert_true (seen == (type) load (data_of (pair), sizeof seen, order));             \
            pair_consume (pair, sizeof seen);                                                     \
          }                                                                                       \
        break;                                                                                    \
                                                                                                  \
      case 3:                                                                                     \
        done = release_buffer_write_##name##_at (pair->buffer, at, value                          \
                                                 __VA_OPT__ (,) __VA_ARGS__, &error);             \
        g_assert_cmpint (done, ==, is_inside);                                                    \
        if (done)                                                                                 \
          {                                                                                       \
            pair_make_writable (pair);                                                            \
            memcpy (data_of (pair) + at, bytes, sizeof bytes);                                    \
          }                                                                                       \
        break;                                                                                    \
                                                                                                  \
      default:                                                                                    \
        done = release_buffer_write_##name (pair->buffer, value __VA_OPT__ (,) __VA_ARGS__,       \
                                            &error);                                              \
        assert_grown (done, fits (pair, sizeof value), error);                                    \
        if (done)                                                                                 \
          pair_own (pair, pair->length, bytes, sizeof bytes);                                     \
        return;                                                                                   \
      }                                                                                           \
                                                                                                  \
    if (!done)                                                                                    \
      g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);            \
  }

STEP_INTEGER (uint8, guint8)
STEP_INTEGER (int16, gint16, order)
STEP_INTEGER (uint32, guint32, order)
STEP_INTEGER (int64, gint64, order)

/* What is outside fails, however large the numbers are, and what comes after sees no trace of it. */
static void
step_outside (World *world)
{
  Pair *pair = any_pair (world);
  Pair *other = any_pair (world);
  gsize length = pair->length;
  const gsize outside[] = { length + 1, length + 1 + up_to (100), G_MAXSSIZE, G_MAXSIZE - length,
                            G_MAXSIZE - 15, G_MAXSIZE };
  gsize far = outside[up_to (G_N_ELEMENTS (outside) - 1)];
  gsize near = up_to (length);
  /* From any place in it on, too many; from 1 on all of these overflow, or nearly. */
  gsize much = MAX (far, length - near + 1);
  gsize n = MIN (other->length, 1);
  guint64 value = 0;
  gssize index = 7;
  g_autoptr(GError) error = NULL;

  assert_refused (release_buffer_check_range (pair->buffer, near, much, &error), &error);
  assert_refused (release_buffer_sub (pair->buffer, far, 0, &error) != NULL, &error);
  assert_refused (release_buffer_sub (pair->buffer, near, much, &error) != NULL, &error);
  assert_refused (release_buffer_fill (pair->buffer, near, much, 1, &error), &error);
  assert_refused (release_buffer_map (pair->buffer, near, much, &error) != NULL, &error);
  assert_refused (release_buffer_peek (pair->buffer, far, 0, &error) != NULL, &error);
  assert_refused (release_buffer_peek (pair->buffer, near, much, &error) != NULL, &error);
  assert_refused (release_buffer_blit (other->buffer, 0, pair->buffer, far, n, &error), &error);
  assert_refused (release_buffer_blit (pair->buffer, near, other->buffer, 0, much, &error), &error);
  assert_refused (release_buffer_insert (pair->buffer, far, (const guint8 *) "x", 1, &error),
                  &error);
  assert_refused (release_buffer_index_from (pair->buffer, far, 1, &index, &error), &error);
  assert_refused (release_buffer_truncate (pair->buffer, far, &error), &error);
  assert_refused (release_buffer_consume (pair->buffer, far, &error), &error);
  assert_refused (release_buffer_read_uint64_at (pair->buffer, far, RELEASE_BYTE_ORDER_BIG, &value,
                                                 &error), &error);
  assert_refused (release_buffer_write_uint64_at (pair->buffer, far, 1, RELEASE_BYTE_ORDER_BIG,
                                                  &error), &error);
  g_assert_cmpint (index, ==, 7);
  g_assert_cmpuint (value, ==, 0);

  g_assert_null (release_buffer_extend (pair->buffer, G_MAXSIZE - up_to (length), &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
}

static void
world_check (World *world)
{
  for (guint i = 0; i < world->pairs->len; i++)
    {
      Pair *pair = &g_array_index (world->pairs, Pair, i);
      gsize length;
      const guint8 *data = release_buffer_get_data (pair->buffer, &length);

      g_assert_cmpmem (data, length, data_of (pair), pair->length);
      g_assert_cmpuint (release_buffer_get_length (pair->buffer), ==, length);
      g_assert_cmpuint (release_buffer_get_capacity (pair->buffer), >=, length);
    }
  for (guint i = 0; i < world->kept->len; i++)
    {
      Kept *kept = &g_array_index (world->kept, Kept, i);

      g_assert_cmpmem (g_bytes_get_data (kept->bytes, NULL), g_bytes_get_size (kept->bytes),
                       kept->expected, kept->length);
    }
}

static void
test_model_random (void)
{
  static void (*const steps[]) (World *) = {
    step_grow, step_grow, step_append_buffer, step_shrink, step_change, step_blit, step_look,
    step_multiply, step_drop, step_limit, step_kept, step_outside, step_uint8, step_int16,
    step_uint32, step_int64,
  };
  World world = { g_array_new (FALSE, FALSE, sizeof (Pair)),
                  g_array_new (FALSE, FALSE, sizeof (Kept)) };

  g_test_summary ("Any sequence of operations does what a simple model of them does");

  add_pair (&world, release_buffer_new (0), bytes_new (0), 0, 0, 0);
  for (guint i = 0; i < RANDOM_STEPS; i++)
    {
      steps[up_to (G_N_ELEMENTS (steps) - 1)] (&world);
      world_check (&world);
    }

  while (world.kept->len > 0)
    drop_kept (&world, 0);
  while (world.pairs->len > 1)
    step_drop (&world);
  release_buffer_unref (g_array_index (world.pairs, Pair, 0).buffer);
  bytes_unref (g_array_index (world.pairs, Pair, 0).bytes);
  g_array_unref (world.pairs);
  g_array_unref (world.kept);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/buffer/model/random-operations", test_model_random);

  return g_test_run ();
}
