/* release-tests/ipc/payload.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Payloads in memfds: how they are made, and how they leave.
 */

#include "config.h"

#include "release-tests/ipc/memfd-harness.h"

#include <sys/eventfd.h>
#include <sys/resource.h>

#define NOBODY 65534

/* Reads what is there, at most @length bytes, and the descriptor that comes with it, or -1. */
static gssize
receive (int      peer,
         gpointer data,
         gsize    length,
         int     *fd)
{
  _Alignas (struct cmsghdr) char control[CMSG_SPACE (sizeof (int) * 253)];
  struct iovec iov = { data, length };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1,
                            .msg_control = control, .msg_controllen = sizeof control };
  gssize n = recvmsg (peer, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
  struct cmsghdr *cmsg;

  *fd = -1;
  if (n < 0)
    return n;

  cmsg = CMSG_FIRSTHDR (&message);
  if (cmsg != NULL)
    {
      g_assert_cmpint (cmsg->cmsg_type, ==, SCM_RIGHTS);
      g_assert_cmpuint (cmsg->cmsg_len, ==, CMSG_LEN (sizeof (int)));
      memcpy (fd, CMSG_DATA (cmsg), sizeof (int));
    }

  return n;
}

/* The next message is an event in a memfd, alone and whole. */
static void
expect_memfd (int   peer,
              gsize size)
{
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE + 1];
  guint8 expected[RELEASE_IPC_MEMFD_FRAME_SIZE];
  struct stat status;
  int fd;

  settle ();
  pack_frame (expected, RELEASE_IPC_KIND_EVENT, 0, size);
  g_assert_cmpint (receive (peer, frame, sizeof expected, &fd), ==, sizeof expected);
  g_assert_cmpmem (frame, sizeof expected, expected, sizeof expected);
  g_assert_cmpint (fd, >=, 0);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & ALL_SEALS, ==, ALL_SEALS);
  g_assert_no_errno (fstat (fd, &status));
  g_assert_cmpint (status.st_size, ==, size);
  close (fd);
}

/* The next message is an event whose bytes stand behind it. */
static void
expect_bytes (int   peer,
              gsize size)
{
  g_autoptr(GBytes) bytes = NULL;
  gsize length = 0;
  g_autofree char *payload = peer_read (peer, &length);

  g_assert_cmpmem (payload, 3, "\5\0\0", 3);
  bytes = g_bytes_new (payload + RELEASE_IPC_ENVELOPE_SIZE, length - RELEASE_IPC_ENVELOPE_SIZE);
  assert_pattern (bytes, size);
}

static GBytes *
new_payload (gsize size)
{
  g_autofree guint8 *data = make_pattern (size);
  g_autoptr(GError) error = NULL;
  GBytes *payload = release_ipc_payload_new_memfd (data, size, &error);

  g_assert_no_error (error);
  return payload;
}

static void
send_event (ReleaseIpcChannel *channel,
            GBytes            *bytes)
{
  g_autoptr(GError) error = NULL;

  release_ipc_channel_send_event_bytes (channel, bytes, &error);
  g_assert_no_error (error);
}

static void
test_payload_leaves (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES);
  Fixture f;

  g_test_summary ("A payload in a memfd leaves as twenty bytes with its descriptor, in order with "
                  "what is sent before and after it");

  set_up (&f);
  for (guint i = 0; i < 3; i++)
    {
      g_assert_true (release_ipc_channel_send_event_string (f.channel, "before", NULL));
      send_event (f.channel, payload);
      send_event (f.channel, payload);
      g_assert_true (release_ipc_channel_send_event_string (f.channel, "after", NULL));
      peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
      expect_memfd (f.peer, SIZE_BYTES);
      expect_memfd (f.peer, SIZE_BYTES);
      peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
    }
  g_assert_cmpuint (f.channel->writer.queued, ==, 0);
  g_assert_cmpuint (f.channel->writer.written, ==, f.channel->writer.accepted);
  tear_down (&f);
}

static void
test_payload_leaves_queued (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES);
  g_autofree guint8 *pattern = make_pattern (3 * 1024 * 1024);
  g_autoptr(GBytes) large = g_bytes_new (pattern, 3 * 1024 * 1024);
  Fixture f;

  g_test_summary ("Behind bytes that wait for the peer the descriptor waits for its turn, and "
                  "counts with all its bytes");

  set_up (&f);
  send_event (f.channel, large);
  g_assert_cmpuint (f.channel->writer.queued, >, 0);
  for (guint i = 0; i < 3; i++)
    {
      gsize before = f.channel->writer.queued;

      send_event (f.channel, payload);
      g_assert_cmpuint (f.channel->writer.queued - before, ==, 16 + SIZE_BYTES);
    }
  g_assert_true (release_ipc_channel_send_event_string (f.channel, "after", NULL));
  expect_bytes (f.peer, 3 * 1024 * 1024);
  for (guint i = 0; i < 3; i++)
    expect_memfd (f.peer, SIZE_BYTES);
  peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
  g_assert_cmpuint (f.channel->writer.queued, ==, 0);
  g_assert_cmpuint (f.channel->writer.written, ==, f.channel->writer.accepted);
  tear_down (&f);
}

static void
test_payload_before_hello (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES);
  Fixture f;

  g_test_summary ("What is sent before the peer's hello travels as the hello allows");

  for (guint i = 0; i < 4; i++)
    {
      set_up_for (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
      release_ipc_channel_start (f.channel);
      g_assert_true (release_ipc_channel_send_event_string (f.channel, "before", NULL));
      send_event (f.channel, payload);
      g_assert_true (release_ipc_channel_send_event_string (f.channel, "after", NULL));
      peer_expect (f.peer, RELEASE_IPC_KIND_HELLO, NULL);
      say_hello (f.peer, (i & 1) != 0 ? RELEASE_IPC_FEATURE_MEMFD : 0xfffffffe, (i & 2) != 0);
      peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
      if (i == 3)
        expect_memfd (f.peer, SIZE_BYTES);
      else
        expect_bytes (f.peer, SIZE_BYTES);
      peer_expect (f.peer, RELEASE_IPC_KIND_EVENT, NULL);
      send_event (f.channel, payload);
      if (i == 3)
        expect_memfd (f.peer, SIZE_BYTES);
      else
        expect_bytes (f.peer, SIZE_BYTES);
      g_assert_cmpuint (f.channel->writer.written, ==, f.channel->writer.accepted);
      tear_down (&f);
    }
}

static void
test_payload_as_bytes (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES + 10);
  g_autoptr(GBytes) part = g_bytes_new_from_bytes (payload, 0, SIZE_BYTES);
  g_autoptr(GBytes) small = new_payload (SIZE_BYTES - 1);
  gsize length = 0;
  g_autofree char *text = NULL;
  Fixture f;

  g_test_summary ("A part of a payload, a small one, and any on a plain channel travel as bytes");

  set_up (&f);
  send_event (f.channel, part);
  expect_bytes (f.peer, SIZE_BYTES);
  send_event (f.channel, small);
  expect_bytes (f.peer, SIZE_BYTES - 1);
  tear_down (&f);

  set_up_for (&f, RELEASE_IPC_FRAMING_PLAIN);
  release_ipc_channel_start (f.channel);
  send_event (f.channel, payload);
  text = peer_read (f.peer, &length);
  g_assert_cmpmem (text, length, g_bytes_get_data (payload, NULL), g_bytes_get_size (payload));
  tear_down (&f);
}

/* Reads events of @size until the peer has as many; tells how many came as descriptors. */
static guint
read_events (int   peer,
             guint n,
             gsize size)
{
  g_autoptr(GByteArray) stream = g_byte_array_new ();
  guint n_fds = 0;
  guint n_read = 0;

  while (n_read < n)
    {
      guint8 chunk[4096];
      gsize at = 0;
      int fd;
      gssize got = receive (peer, chunk, sizeof chunk, &fd);

      if (got < 0)
        {
          g_assert_cmpint (errno, ==, EAGAIN);
          g_main_context_iteration (NULL, TRUE);
          continue;
        }
      g_assert_cmpint (got, >, 0);
      if (fd >= 0)
        close (fd);
      n_fds += fd >= 0;
      g_byte_array_append (stream, chunk, got);
      while (stream->len - at >= 4 &&
             stream->len - at - 4 >= release_ipc_length_unpack (stream->data + at))
        {
          gsize length = 4 + release_ipc_length_unpack (stream->data + at);

          g_assert_cmpint (stream->data[at + 4], ==, RELEASE_IPC_KIND_EVENT);
          g_assert_cmpuint (length, ==, stream->data[at + 5] == 0 ? 16 + size : 20);
          at += length;
          n_read++;
        }
      g_byte_array_remove_range (stream, 0, at);
    }
  g_assert_cmpuint (stream->len, ==, 0);

  return n_fds;
}

static void
test_payload_not_read (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES);
  g_autoptr(GError) error = NULL;
  guint n = 0;
  Fixture f;

  g_test_summary ("A peer that does not read gets so many descriptors, then bytes, which its queue "
                  "bounds; once it has read, descriptors again");

  set_up (&f);
  release_ipc_channel_set_max_queue_size (f.channel, 10 * SIZE_BYTES);
  while (release_ipc_channel_send_event_bytes (f.channel, payload, &error))
    g_assert_cmpuint (n++, <, 100);
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_LIMIT);
  g_assert_cmpuint (f.channel->writer.queued, <=, 10 * SIZE_BYTES);
  g_assert_cmpuint (f.channel->writer.passed.n, ==, RELEASE_IPC_PASSED_MAX);
  g_assert_cmpuint (n, >, RELEASE_IPC_PASSED_MAX + 8);
  g_assert_cmpuint (count_fds (), ==, f.n_fds + 2);
  g_assert_cmpuint (read_events (f.peer, n, SIZE_BYTES), >=, RELEASE_IPC_PASSED_MAX);

  for (guint i = 0; i < 3 * RELEASE_IPC_PASSED_MAX; i++)
    {
      send_event (f.channel, payload);
      expect_memfd (f.peer, SIZE_BYTES);
    }
  g_assert_cmpuint (f.closed.n, ==, 0);
  tear_down (&f);
}

static void
test_payload_passed_bytes (void)
{
  g_autoptr(GBytes) payload = new_payload (10 * 1024 * 1024);
  Fixture f;

  g_test_summary ("What a peer may leave unread is bounded in bytes of payloads, too");

  set_up (&f);
  for (guint i = 0; i < 4; i++)
    send_event (f.channel, payload);
  g_assert_cmpuint (f.channel->writer.passed.n, ==, 3);
  g_assert_cmpuint (f.channel->writer.queued, >, 0);
  g_assert_cmpuint (read_events (f.peer, 4, 10 * 1024 * 1024), ==, 3);
  tear_down (&f);
}

static void
test_payload_too_many_references (void)
{
  g_autoptr(GBytes) payload = new_payload (SIZE_BYTES);
  struct rlimit old, low;
  uid_t uid = geteuid ();
  guint n = RELEASE_IPC_PASSED_MAX;
  guint n_fds;
  Fixture f;

  g_test_summary ("Where the system passes no more descriptors the bytes travel, and the channel "
                  "lives");

  set_up (&f);
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &old));
  low = old;
  low.rlim_cur = RELEASE_IPC_PASSED_MAX / 2;
  g_assert_cmpuint (count_fds (), <, low.rlim_cur);
  /* A process that may exceed its resources has no such limit. */
  if (uid == 0)
    g_assert_no_errno (seteuid (NOBODY));
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &low));
  for (guint i = 0; i < n; i++)
    send_event (f.channel, payload);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &old));
  g_assert_no_errno (seteuid (uid));

  n_fds = f.channel->writer.passed.n;
  g_assert_cmpuint (n_fds, <=, RELEASE_IPC_PASSED_MAX / 2 + 1);
  g_assert_cmpuint (f.channel->writer.queued, >, 0);
  g_assert_cmpuint (read_events (f.peer, n, SIZE_BYTES), >=, n_fds);
  g_assert_cmpuint (f.closed.n, ==, 0);
  send_event (f.channel, payload);
  expect_memfd (f.peer, SIZE_BYTES);
  tear_down (&f);
}

static void
bytes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  GBytes **answer = user_data;

  *answer = release_ipc_channel_call_bytes_finish (RELEASE_IPC_CHANNEL (source), result, &error);
  g_assert_no_error (error);
}

static void
test_payload_both_ways (void)
{
  g_autoptr(GBytes) request = new_payload (SIZE_BYTES);
  g_autoptr(GBytes) response = new_payload (3 * SIZE_BYTES + 5);
  g_autoptr(GPtrArray) invocations = new_invocations ();
  Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);

  g_test_summary ("Requests and responses carry payloads, as bytes of the API and as descriptors "
                  "on the wire");

  release_ipc_channel_set_copy_memfds (pair.asker, FALSE);
  release_ipc_channel_serve (pair.server, keep_cb, invocations, NULL);
  for (guint i = 0; i < 3; i++)
    {
      ReleaseIpcInvocation *invocation;
      g_autoptr(GBytes) answer = NULL;
      guint n_mapped = count_mappings ();

      release_ipc_channel_call_bytes_async (pair.asker, request, -1, NULL, bytes_cb, &answer);
      wait_until (invocations->len == 1);
      invocation = invocations->pdata[0];
      assert_pattern (release_ipc_invocation_get_bytes (invocation), SIZE_BYTES);
      g_assert_cmpuint (pair.server->memfds.tally->n, ==, 1);
      g_assert_true (release_ipc_invocation_return_bytes (invocation, response, NULL));
      g_ptr_array_set_size (invocations, 0);
      wait_until (answer != NULL);
      assert_pattern (answer, 3 * SIZE_BYTES + 5);
      g_assert_cmpuint (pair.asker->memfds.tally->size, ==, 3 * SIZE_BYTES + 5);
      g_assert_cmpuint (count_mappings (), ==, n_mapped + 1);
    }
  g_assert_cmpuint (pair.asker->memfds.tally->n, ==, 0);
  g_assert_cmpuint (pair.server->memfds.tally->n, ==, 0);
  free_pair (&pair);
}

static void
test_payload_text (void)
{
  g_autofree char *text = g_strnfill (SIZE_BYTES, 'x');
  g_autoptr(GBytes) payload = release_ipc_payload_new_memfd (text, SIZE_BYTES, NULL);
  Fixture f;

  g_test_summary ("A request in a memfd can be read as text, with a NUL at its end that was not "
                  "sent");

  for (guint copies = 0; copies < 2; copies++)
    {
      Pair pair = new_pair (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
      g_autoptr(GBytes) answer = NULL;
      const char *got;

      f.invocations = new_invocations ();
      release_ipc_channel_set_copy_memfds (pair.server, copies);
      release_ipc_channel_serve (pair.server, keep_cb, f.invocations, NULL);
      release_ipc_channel_call_bytes_async (pair.asker, payload, -1, NULL, bytes_cb, &answer);
      wait_until (f.invocations->len == 1);
      g_assert_cmpuint (pair.server->memfds.tally->n, ==, 1);
      got = release_ipc_invocation_get_string (f.invocations->pdata[0]);
      g_assert_cmpstr (got, ==, text);
      g_assert_true (got == release_ipc_invocation_get_string (f.invocations->pdata[0]));
      answer_at (f.invocations, 0, "done");
      wait_until (answer != NULL);
      g_ptr_array_unref (f.invocations);
      free_pair (&pair);
    }
}

static void
test_payload_many (void)
{
  g_autoptr(GBytes) payload = new_payload (1024 * 1024);
  Fixture fixtures[8];
  guint before;

  g_test_summary ("One payload goes to many channels with one descriptor");

  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    set_up (&fixtures[i]);
  before = count_fds ();
  for (guint i = 0; i < G_N_ELEMENTS (fixtures); i++)
    send_event (fixtures[i].channel, payload);
  g_assert_cmpuint (count_fds (), ==, before);
  for (guint i = G_N_ELEMENTS (fixtures); i-- > 0;)
    {
      expect_memfd (fixtures[i].peer, 1024 * 1024);
      fixtures[i].n_fds = 0;
      tear_down (&fixtures[i]);
    }
}

static void
test_payload_new (void)
{
  guint n_fds = count_fds ();
  GBytes *payload = new_payload (SIZE_BYTES + 3);
  int fd = release_ipc_payload_find_memfd (g_bytes_get_data (payload, NULL), SIZE_BYTES + 3);

  g_test_summary ("A new payload is a sealed memfd that nobody can change or execute, and ends "
                  "with its last reference");

  assert_pattern (payload, SIZE_BYTES + 3);
  g_assert_cmpuint (count_fds (), ==, n_fds + 1);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & ALL_SEALS, ==, ALL_SEALS);
  g_assert_cmpint (fcntl (fd, F_GETFD) & FD_CLOEXEC, ==, FD_CLOEXEC);
  g_assert_cmpint (pwrite (fd, "x", 1, 0), <, 0);
  g_assert_cmpint (ftruncate (fd, 0), <, 0);
  g_bytes_unref (payload);
  g_assert_cmpuint (count_fds (), ==, n_fds);
  g_assert_cmpuint (count_mappings (), ==, 0);

  payload = new_payload (0);
  g_assert_cmpuint (g_bytes_get_size (payload), ==, 0);
  g_bytes_unref (payload);
}

static void
test_payload_new_for_memfd (void)
{
  g_autofree guint8 *pattern = make_pattern (SIZE_BYTES);
  guint n_fds = count_fds ();
  GBytes *payload;
  g_autoptr(GError) error = NULL;
  gpointer map;
  int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING);
  int other;

  g_test_summary ("A memfd that was filled in place becomes a payload; one that is still mapped "
                  "for writing, cannot be sealed or is none does not");

  g_assert_no_errno (ftruncate (fd, SIZE_BYTES));
  map = mmap (NULL, SIZE_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  memcpy (map, pattern, SIZE_BYTES);
  g_assert_null (release_ipc_payload_new_for_memfd (fd, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BUSY);
  g_clear_error (&error);
  munmap (map, SIZE_BYTES);

  payload = release_ipc_payload_new_for_memfd (fd, &error);
  g_assert_no_error (error);
  g_assert_cmpint (fcntl (fd, F_GET_SEALS) & ALL_SEALS, ==, ALL_SEALS);
  assert_pattern (payload, SIZE_BYTES);
  g_assert_cmpuint (count_fds (), ==, n_fds + 2);
  close (fd);
  assert_pattern (payload, SIZE_BYTES);
  g_bytes_unref (payload);

  other = memfd_create ("test", MFD_CLOEXEC);
  g_assert_null (release_ipc_payload_new_for_memfd (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED);
  g_clear_error (&error);
  close (other);

  other = eventfd (0, EFD_CLOEXEC);
  g_assert_null (release_ipc_payload_new_for_memfd (other, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);
  close (other);

  g_assert_null (release_ipc_payload_new_for_memfd (-1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_FAILED);
  g_assert_cmpuint (count_fds (), ==, n_fds);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/payload/leaves", test_payload_leaves);
  g_test_add_func ("/payload/leaves-queued", test_payload_leaves_queued);
  g_test_add_func ("/payload/before-hello", test_payload_before_hello);
  g_test_add_func ("/payload/as-bytes", test_payload_as_bytes);
  g_test_add_func ("/payload/not-read", test_payload_not_read);
  g_test_add_func ("/payload/passed-bytes", test_payload_passed_bytes);
  g_test_add_func ("/payload/too-many-references", test_payload_too_many_references);
  g_test_add_func ("/payload/both-ways", test_payload_both_ways);
  g_test_add_func ("/payload/text", test_payload_text);
  g_test_add_func ("/payload/many", test_payload_many);
  g_test_add_func ("/payload/new", test_payload_new);
  g_test_add_func ("/payload/new-for-memfd", test_payload_new_for_memfd);

  return g_test_run ();
}
