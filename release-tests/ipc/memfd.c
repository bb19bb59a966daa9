/* release-tests/ipc/memfd.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * Payloads that arrive as descriptors: what is accepted, and what a peer gets that sends anything
 * else.
 */

#include "config.h"

#include "release-tests/ipc/memfd-harness.h"

#include <glib/gstdio.h>
#include <sys/eventfd.h>
#include <sys/resource.h>

#define HUGE_PAGE_BYTES (2 * 1024 * 1024)

static void
send_memfd (int            peer,
            ReleaseIpcKind kind,
            guint32        serial,
            int            fd,
            guint32        size)
{
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE];

  pack_frame (frame, kind, serial, size);
  send_fds (peer, frame, sizeof frame, &fd, 1);
}

/* The channel has ended with this error; so many descriptors were closed, and nothing is mapped. */
static void
expect_end (Fixture    *self,
            int         code,
            const char *pattern,
            guint       n_refused)
{
  wait_until (self->closed.n > 0);
  g_assert_error (self->closed.reason, RELEASE_IPC_ERROR, code);
  if (!g_pattern_match_simple (pattern, self->closed.reason->message))
    g_error ("“%s” does not match “%s”", self->closed.reason->message, pattern);
  g_assert_cmpuint (release_ipc_channel_get_n_refused_fds (self->channel), ==, n_refused);
  g_assert_cmpuint (count_mappings (), ==, 0);
}

static void
test_memfd_arrives (void)
{
  const gsize sizes[] = { SIZE_BYTES, SIZE_BYTES + 1, 1024 * 1024 + 17 };
  Fixture f;

  g_test_summary ("A sealed memfd arrives as the bytes in it, mapped or copied, and its descriptor "
                  "is closed at once");

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    for (guint copies = 0; copies < 2; copies++)
      {
        int fd = make_memfd (sizes[i], 0, ALL_SEALS);

        set_up (&f);
        release_ipc_channel_set_copy_memfds (f.channel, copies);
        send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, sizes[i]);
        peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "next");
        wait_until (f.events->len == 2);
        assert_pattern (f.events->pdata[0], sizes[i]);
        g_assert_cmpuint (g_bytes_get_size (f.events->pdata[1]), ==, 4);
        g_assert_cmpuint (count_fds (), ==, f.n_fds + 2);
        g_assert_cmpuint (count_mappings (), ==, copies ? 0 : 1);
        g_ptr_array_set_size (f.events, 0);
        g_assert_cmpuint (count_mappings (), ==, 0);
        g_assert_cmpuint (release_ipc_channel_get_n_refused_fds (f.channel), ==, 0);
        close (fd);
        f.n_fds--;
        tear_down (&f);
      }
}

static void
test_memfd_default (void)
{
  Fixture f;

  g_test_summary ("A process that is root copies unless told otherwise, others map");

  f.channel = new_channel (RELEASE_IPC_FRAMING_MULTIPLEXED, NULL, &f.peer);
  g_assert_true (release_ipc_channel_get_copy_memfds (f.channel) == (geteuid () == 0));
  close (f.peer);
  free_channel (f.channel);
}

static void
test_memfd_in_turns (void)
{
  const gsize size = 5 * 1024 * 1024 + 7;
  int fd = make_memfd (size, 0, ALL_SEALS);
  Fixture f;

  g_test_summary ("A large body is copied in several turns of the main loop, what follows it "
                  "waits, and the channel may end meanwhile");

  for (guint i = 0; i < 2; i++)
    {
      guint n_turns = 0;

      set_up (&f);
      release_ipc_channel_set_copy_memfds (f.channel, TRUE);
      send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, size);
      peer_send_message (f.peer, RELEASE_IPC_KIND_EVENT, 0, "next");
      wait_until (f.channel->frames.length > 0);
      g_assert_nonnull (((ReleaseIpcFrame *) f.channel->frames.head->data)->copy);
      g_assert_cmpuint (f.channel->memfds.tally->n, ==, 1);
      if (i == 1)
        {
          release_ipc_channel_close (f.channel);
          g_assert_cmpuint (f.channel->memfds.tally->n, ==, 0);
          g_assert_cmpuint (f.events->len, ==, 0);
          tear_down (&f);
          break;
        }

      while (f.events->len == 0)
        n_turns += g_main_context_iteration (NULL, TRUE);
      g_assert_cmpuint (n_turns, >=, 5);
      assert_pattern (f.events->pdata[0], size);
      wait_until (f.events->len == 2);
      tear_down (&f);
    }
  close (fd);
}

/* The peer of a synchronous call: answers the first request with a memfd. */
typedef struct
{
  int   peer;
  int   fd;
  gsize size;
} Answerer;

static gpointer
answer_thread (gpointer data)
{
  Answerer *self = data;
  guint8 request[17];

  g_assert_cmpint (recv (self->peer, request, sizeof request, MSG_WAITALL), ==, sizeof request);
  send_memfd (self->peer, RELEASE_IPC_KIND_RESPONSE, release_ipc_length_unpack (request + 8),
              self->fd, self->size);
  return NULL;
}

static void
test_memfd_sync (void)
{
  Answerer answerer = { .size = 3 * 1024 * 1024 + 7 };

  g_test_summary ("A synchronous call gets the whole body at once, copied or mapped");

  answerer.fd = make_memfd (answerer.size, 0, ALL_SEALS);
  for (guint copies = 0; copies < 2; copies++)
    {
      g_autoptr(GBytes) request = g_bytes_new_static ("x", 1);
      g_autoptr(GBytes) answer = NULL;
      g_autoptr(GError) error = NULL;
      GThread *thread;
      Fixture f;

      set_up (&f);
      release_ipc_channel_set_copy_memfds (f.channel, copies);
      answerer.peer = f.peer;
      thread = g_thread_new ("answer", answer_thread, &answerer);
      answer = release_ipc_channel_call_bytes (f.channel, request, -1, NULL, &error);
      g_thread_join (thread);
      g_assert_no_error (error);
      assert_pattern (answer, answerer.size);
      tear_down (&f);
    }
  close (answerer.fd);
}

static void
test_memfd_in_pieces (void)
{
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE];
  int fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  Fixture f;

  g_test_summary ("A descriptor belongs to the frame that begins with it, however the bytes "
                  "arrive");

  for (guint i = 1; i < sizeof frame; i++)
    {
      set_up (&f);
      pack_frame (frame, RELEASE_IPC_KIND_EVENT, 0, SIZE_BYTES);
      send_fds (f.peer, frame, i, &fd, 1);
      settle ();
      g_assert_cmpuint (f.events->len, ==, 0);
      /* The rest comes in one read with the beginning of the next, which has another. */
      send_fds (f.peer, frame + i, sizeof frame - i, NULL, 0);
      send_fds (f.peer, frame, i, &fd, 1);
      settle ();
      g_assert_cmpuint (f.events->len, ==, 1);
      send_fds (f.peer, frame + i, sizeof frame - i, NULL, 0);
      wait_until (f.events->len == 2);
      assert_pattern (f.events->pdata[1], SIZE_BYTES);
      tear_down (&f);
    }
  close (fd);
}

/* Descriptors that are none of a sealed memfd, each with what is to be said of it. */
enum
{
  UNSEALED,
  WRITABLE,
  SHRINKABLE,
  GROWABLE,
  FUTURE_WRITE,
  NOT_SEALABLE,
  SHORTER,
  LONGER,
  WRITE_ONLY,
  PATH_ONLY,
  HUGE_PAGES,
  SHM_FILE,
  PLAIN_FILE,
  FIFO,
  DIRECTORY,
  SOCKET,
  EVENT,
  EPOLL,
  N_BAD
};

static const char *const bad_patterns[] = {
  [UNSEALED] = "*not sealed*lacks 0xe",
  [WRITABLE] = "*not sealed*lacks 0x8",
  [SHRINKABLE] = "*not sealed*lacks 0x2",
  [GROWABLE] = "*not sealed*lacks 0x4",
  [FUTURE_WRITE] = "*not sealed*lacks 0x8",
  [NOT_SEALABLE] = "*not sealed*lacks 0xe",
  [SHORTER] = "The memfd of a payload has 65535 bytes, and 65536 were announced",
  [LONGER] = "The memfd of a payload has 65537 bytes, and 65536 were announced",
  [WRITE_ONLY] = "* is not open for reading",
  [PATH_ONLY] = "* is no memfd",
  [HUGE_PAGES] = "* is not on tmpfs",
  [SHM_FILE] = "*not sealed*",
  [PLAIN_FILE] = "*",
  [FIFO] = "* is no memfd",
  [DIRECTORY] = "*",
  [SOCKET] = "* is no memfd",
  [EVENT] = "* is no memfd",
  [EPOLL] = "* is no memfd",
};

static int
open_again (int fd,
            int flags)
{
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  int again = open (path, flags | O_CLOEXEC);

  g_assert_no_errno (again);
  close (fd);
  return again;
}

static int
open_file (const char *folder,
           int         flags)
{
  g_autofree char *path = g_build_filename (folder, "release-test-XXXXXX", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return -1;
  g_assert_no_errno (ftruncate (fd, SIZE_BYTES));
  g_assert_no_errno (unlink (path));
  return fd;
}

static int
open_fifo (const char *folder)
{
  g_autofree char *path = g_build_filename (folder, "fifo", NULL);
  int fd;

  g_assert_no_errno (mkfifo (path, 0600));
  fd = open (path, O_RDWR | O_CLOEXEC);
  g_assert_no_errno (fd);
  g_assert_no_errno (unlink (path));
  return fd;
}

/* One end of a pair; the other is not kept. */
static int
open_socket (void)
{
  int fds[2];

  make_sockets (fds);
  close (fds[1]);
  return fds[0];
}

static int
open_huge (void)
{
  int fd = memfd_create ("test", MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_HUGETLB);

  if (fd < 0)
    return -1;
  g_assert_no_errno (ftruncate (fd, HUGE_PAGE_BYTES));
  g_assert_no_errno (fcntl (fd, F_ADD_SEALS, ALL_SEALS));
  return fd;
}

static int
open_bad (guint       which,
          const char *folder)
{
  int fd;

  switch (which)
    {
    case UNSEALED:
      return make_memfd (SIZE_BYTES, 0, 0);

    case WRITABLE:
      return make_memfd (SIZE_BYTES, 0, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);

    case SHRINKABLE:
      return make_memfd (SIZE_BYTES, 0, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SEAL);

    case GROWABLE:
      return make_memfd (SIZE_BYTES, 0, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_SEAL);

    case FUTURE_WRITE:
      return make_memfd (SIZE_BYTES, 0,
                         F_SEAL_FUTURE_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);

    case NOT_SEALABLE:
      fd = memfd_create ("test", MFD_CLOEXEC);
      g_assert_no_errno (ftruncate (fd, SIZE_BYTES));
      return fd;

    case SHORTER:
      return make_memfd (SIZE_BYTES - 1, 0, ALL_SEALS);

    case LONGER:
      return make_memfd (SIZE_BYTES + 1, 0, ALL_SEALS);

    case WRITE_ONLY:
      return open_again (make_memfd (SIZE_BYTES, 0, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE),
                         O_WRONLY);

    case PATH_ONLY:
      return open_again (make_memfd (SIZE_BYTES, 0, ALL_SEALS), O_PATH);

    case HUGE_PAGES:
      return open_huge ();

    case SHM_FILE:
      return open_file ("/dev/shm", 0);

    case PLAIN_FILE:
      return open_file (folder, 0);

    case FIFO:
      return open_fifo (folder);

    case DIRECTORY:
      return open (folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    case SOCKET:
      return open_socket ();

    case EVENT:
      return eventfd (0, EFD_CLOEXEC);

    default:
      return epoll_create1 (EPOLL_CLOEXEC);
    }
}

static void
test_memfd_bad (void)
{
  g_autofree char *folder = g_dir_make_tmp ("release-memfd-XXXXXX", NULL);
  Fixture f, others[2];

  g_test_summary ("Whatever is no sealed memfd of the announced size is closed, and ends its "
                  "channel alone, with an error that says why");

  /* With these a main context has the descriptors that it has for several channels. */
  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    set_up (&others[i]);

  for (guint i = 0; i < N_BAD; i++)
    for (guint copies = 0; copies < 2; copies++)
      {
        int fd = open_bad (i, folder);

        if (fd < 0)
          {
            g_test_message ("Case %u is not to be had here", i);
            continue;
          }

        set_up (&f);
        release_ipc_channel_set_copy_memfds (f.channel, copies);
        send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, i == HUGE_PAGES ? HUGE_PAGE_BYTES
                                                                          : SIZE_BYTES);
        expect_end (&f, RELEASE_IPC_ERROR_PROTOCOL, bad_patterns[i], 1);
        g_assert_cmpuint (f.events->len, ==, 0);
        peer_expect_eof (f.peer);
        close (fd);
        f.n_fds--;
        tear_down (&f);
      }

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      peer_send_message (others[i].peer, RELEASE_IPC_KIND_EVENT, 0, "alive");
      wait_until (others[i].events->len == 1);
      others[i].n_fds = 0;
      tear_down (&others[i]);
    }
  g_assert_no_errno (rmdir (folder));
}

static void
test_memfd_bad_frames (void)
{
  static const struct
  {
    guint8      kind, flags, n_fds;
    gsize       body_len;
    guint32     size;
    guint       n_sent;         /* descriptors that really come with it */
    int         code;
    const char *pattern;
    guint       n_refused;
  } cases[] = {
    { 5, 0, 0, 0, 0, 1, 4, "1 descriptors came with a message that does not claim them", 1 },
    { 5, 0, 1, 0, 0, 1, 4, "The peer announced 1 descriptors on a message that has none", 1 },
    { 5, 1, 0, 4, SIZE_BYTES, 0, 4,
      "The peer announced 0 descriptors on a message that has one", 0 },
    { 5, 1, 2, 4, SIZE_BYTES, 2, 4, "2 descriptors came where the limit is 1", 2 },
    { 5, 1, 2, 4, SIZE_BYTES, 1, 4,
      "The peer announced 2 descriptors on a message that has one", 1 },
    { 5, 1, 1, 4, SIZE_BYTES, 0, 4, "The descriptor of a message did not come with it", 0 },
    { 5, 1, 1, 4, SIZE_BYTES, 253, 4, "253 descriptors came where the limit is 1", 253 },
    { 5, 1, 1, 4, SIZE_BYTES - 1, 1, 4, "A payload of 65535 bytes is too small for a memfd", 1 },
    { 5, 1, 1, 4, 0xffffffff, 1, 3,
      "Message of 4294967307 bytes exceeds the limit of 16777216", 1 },
    { 5, 1, 1, 0, 0, 1, 4, "Announcement of a memfd has 0 bytes", 1 },
    { 5, 1, 1, 8, SIZE_BYTES, 1, 4, "Announcement of a memfd has 8 bytes", 1 },
    { 1, 1, 1, 4, SIZE_BYTES, 1, 4, "A message of kind 1 came with descriptors", 1 },
    { 4, 1, 1, 4, SIZE_BYTES, 1, 4, "A message of kind 4 came with descriptors", 1 },
    { 6, 0, 1, 0, 0, 1, 4, "A message of kind 6 came with descriptors", 1 },
    { 3, 1, 1, 4, SIZE_BYTES, 1, 4, "The peer answered a request 0 that is not open", 0 },
  };
  g_autofree int *fds = g_new (int, 253);
  Fixture f;

  g_test_summary ("Descriptors that are not announced, too many, too few, never claimed, or "
                  "announced where they cannot be, are closed and end the channel");

  fds[0] = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  for (guint i = 1; i < 253; i++)
    fds[i] = fds[0];

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      guint8 frame[32] = { 0 };
      gsize length = 16 + cases[i].body_len;

      set_up (&f);
      release_ipc_length_pack (length - 4, frame);
      frame[4] = cases[i].kind;
      frame[5] = cases[i].flags;
      frame[6] = cases[i].n_fds;
      release_ipc_length_pack (cases[i].size, frame + 16);
      send_fds (f.peer, frame, length, fds, cases[i].n_sent);
      expect_end (&f, cases[i].code, cases[i].pattern, cases[i].n_refused);
      /* The message of the first is whole without the descriptor that came with it. */
      g_assert_cmpuint (f.events->len, ==, i == 0 ? 1 : 0);
      tear_down (&f);
    }
  close (fds[0]);
}

static void
test_memfd_never_claimed (void)
{
  int fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  guint8 frame[RELEASE_IPC_MEMFD_FRAME_SIZE];
  Fixture f;

  g_test_summary ("A descriptor whose frame never becomes whole is closed with the channel; a "
                  "second one meanwhile ends it");

  pack_frame (frame, RELEASE_IPC_KIND_EVENT, 0, SIZE_BYTES);
  for (guint i = 0; i < 3; i++)
    {
      set_up (&f);
      send_fds (f.peer, frame, sizeof frame - 1, &fd, 1);
      settle ();
      g_assert_cmpuint (f.closed.n, ==, 0);
      g_assert_cmpuint (f.channel->reader.descriptors.n, ==, 1);
      if (i == 0)
        shutdown (f.peer, SHUT_WR);
      else if (i == 1)
        release_ipc_channel_close (f.channel);
      else
        {
          /* A long frame that brings one after the other. */
          tear_down (&f);
          set_up (&f);
          peer_send_bytes (f.peer, "\0\0\377\377", 4);
          send_fds (f.peer, "x", 1, &fd, 1);
          settle ();
          g_assert_cmpuint (f.closed.n, ==, 0);
          send_fds (f.peer, "x", 1, &fd, 1);
        }
      wait_until (f.closed.n > 0);
      if (i == 0)
        expect_end (&f, RELEASE_IPC_ERROR_TRUNCATED, "*", 1);
      else if (i == 2)
        expect_end (&f, RELEASE_IPC_ERROR_PROTOCOL, "2 descriptors came *", 2);
      g_assert_cmpuint (release_ipc_channel_get_n_refused_fds (f.channel), ==, i == 2 ? 2 : 1);
      tear_down (&f);
    }
  close (fd);
}

static void
test_memfd_unwanted (void)
{
  int fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  Fixture f;

  g_test_summary ("A plain channel, one with a limit of none, and one whose messages are small "
                  "accept no descriptor, and the hello says so");

  for (guint i = 0; i < 3; i++)
    {
      set_up_for (&f, i == 0 ? RELEASE_IPC_FRAMING_PLAIN : RELEASE_IPC_FRAMING_MULTIPLEXED);
      if (i == 1)
        release_ipc_channel_set_max_memfds (f.channel, 0);
      else if (i == 2)
        release_ipc_channel_set_max_message_size (f.channel, SIZE_BYTES + 11);
      release_ipc_channel_start (f.channel);
      if (i > 0)
        {
          gsize length = 0;
          g_autofree char *payload = peer_read (f.peer, &length);

          say_hello (f.peer, RELEASE_IPC_FEATURE_MEMFD, 1);
          g_assert_cmpmem (payload + 12 + 8, 4, "\0\0\0\0", 4);
          g_assert_cmpmem (payload + 12 + 20, 4, "\0\0\0\0", 4);
        }
      send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, SIZE_BYTES);
      expect_end (&f, RELEASE_IPC_ERROR_PROTOCOL,
                  "1 descriptors came on a channel that accepts none", 1);
      tear_down (&f);
    }
  close (fd);
}

static void
test_memfd_limits (void)
{
  int fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  Fixture f;

  g_test_summary ("As many payloads and bytes as allowed are held at once, copied or mapped; those "
                  "let go of make room; one more ends the channel");

  for (guint i = 0; i < 4; i++)
    {
      set_up_for (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
      if (i < 2)
        release_ipc_channel_set_max_memfds (f.channel, 2);
      else
        release_ipc_channel_set_max_memfd_size (f.channel, 2 * SIZE_BYTES + 100);
      release_ipc_channel_set_copy_memfds (f.channel, i % 2 == 1);
      release_ipc_channel_start (f.channel);
      say_hello (f.peer, 0, 0);

      for (guint j = 1; j <= 20; j++)
        {
          send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, SIZE_BYTES);
          wait_until (f.events->len == MIN (j, 2));
          if (j < 20 && f.events->len == 2)
            g_ptr_array_remove_index (f.events, 0);
        }
      send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, SIZE_BYTES);
      wait_until (f.closed.n == 1);
      g_assert_cmpuint (count_mappings (), ==, i % 2 == 1 ? 0 : 2);
      g_ptr_array_set_size (f.events, 0);
      expect_end (&f, RELEASE_IPC_ERROR_LIMIT,
                  i < 2 ? "A payload came in a memfd while 2 are held, which is the limit"
                        : "A payload of 65536 bytes came in a memfd while 131072 bytes are held, "
                          "and the limit is 131172", 1);
      tear_down (&f);
    }
  close (fd);
}

static gpointer
unref_thread (gpointer data)
{
  g_bytes_unref (data);
  return NULL;
}

static void
test_memfd_outlives_channel (void)
{
  int fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  GBytes *bytes;
  Fixture f;

  g_test_summary ("A payload outlives its channel and its sender, and may end in another thread");

  set_up (&f);
  send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, SIZE_BYTES);
  close (fd);
  wait_until (f.events->len == 1);
  bytes = g_bytes_ref (f.events->pdata[0]);
  f.n_fds--;
  tear_down (&f);
  assert_pattern (bytes, SIZE_BYTES);
  g_thread_join (g_thread_new ("unref", unref_thread, bytes));
  g_assert_cmpuint (count_mappings (), ==, 0);
}

static void
test_memfd_no_descriptors_left (void)
{
  struct rlimit old, low;
  Fixture f;
  int probe, fd;

  g_test_summary ("Descriptors that the system cannot hand over end the channel");

  fd = make_memfd (SIZE_BYTES, 0, ALL_SEALS);
  set_up (&f);
  send_memfd (f.peer, RELEASE_IPC_KIND_EVENT, 0, fd, SIZE_BYTES);
  probe = dup (fd);
  close (probe);
  g_assert_no_errno (getrlimit (RLIMIT_NOFILE, &old));
  low = old;
  low.rlim_cur = probe;
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &low));
  wait_until (f.closed.n > 0);
  g_assert_no_errno (setrlimit (RLIMIT_NOFILE, &old));
  expect_end (&f, RELEASE_IPC_ERROR_PROTOCOL,
              "Descriptors came of which the system could hand over only 0", 0);
  close (fd);
  f.n_fds--;
  tear_down (&f);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/memfd/arrives", test_memfd_arrives);
  g_test_add_func ("/memfd/default", test_memfd_default);
  g_test_add_func ("/memfd/in-turns", test_memfd_in_turns);
  g_test_add_func ("/memfd/sync", test_memfd_sync);
  g_test_add_func ("/memfd/in-pieces", test_memfd_in_pieces);
  g_test_add_func ("/memfd/bad", test_memfd_bad);
  g_test_add_func ("/memfd/bad-frames", test_memfd_bad_frames);
  g_test_add_func ("/memfd/never-claimed", test_memfd_never_claimed);
  g_test_add_func ("/memfd/unwanted", test_memfd_unwanted);
  g_test_add_func ("/memfd/limits", test_memfd_limits);
  g_test_add_func ("/memfd/outlives-channel", test_memfd_outlives_channel);
  g_test_add_func ("/memfd/no-descriptors-left", test_memfd_no_descriptors_left);

  return g_test_run ();
}
