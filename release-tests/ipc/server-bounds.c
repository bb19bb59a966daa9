/* release-tests/ipc/server-bounds.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "server-harness.h"

#include "release-tests/ipc/lingering.h"

#include <sys/resource.h>

static void
test_server_max_connections (Fixture       *fixture,
                             gconstpointer  data)
{
  int fds[4], more;

  g_test_summary ("Above the limit the connection that is idle longest makes room");

  g_object_set (fixture->server, "max-connections", 4, NULL);
  start (fixture);
  for (guint i = 0; i < 4; i++)
    {
      fds[i] = client_new (fixture);
      ask (fds[i], "hello");
      assert_answer (fds[i], "HELLO");
    }
  ask (fds[0], "again");
  assert_answer (fds[0], "AGAIN");

  more = client_new (fixture);
  ask (more, "hello");
  assert_answer (more, "HELLO");
  assert_ended (fds[1]);
  g_assert_cmpuint (n_connections (fixture), ==, 4);
  for (guint i = 0; i < 4; i++)
    if (i != 1)
      {
        ask (fds[i], "still here");
        assert_answer (fds[i], "STILL HERE");
      }

  for (guint i = 0; i < 4; i++)
    close (fds[i]);
  close (more);
  wait_for_connections (fixture, 0);
}

static void
test_server_all_busy (Fixture       *fixture,
                      gconstpointer  data)
{
  int fds[3], more;

  g_test_summary ("A request in flight or half a frame keeps its place; a new one is turned away");

  g_object_set (fixture->server, "max-connections", 3, "frame-timeout", -1, NULL);
  start (fixture);
  for (guint i = 0; i < 3; i++)
    fds[i] = client_new (fixture);
  wait_for_connections (fixture, 3);
  ask (fds[0], "later");
  wait_for (fixture->kept->len == 1);
  send_bytes (fds[1], "\0", 1);
  send_length (fds[2], 5);
  send_bytes (fds[2], "h", 1);
  assert_quiet ();

  more = client_new (fixture);
  assert_ended (more);
  close (more);
  assert_quiet ();

  answer_kept (fixture, 0);
  assert_answer (fds[0], "at last");
  send_bytes (fds[1], "\0\0\2hi", 5);
  assert_answer (fds[1], "HI");
  send_bytes (fds[2], "ello", 4);
  assert_answer (fds[2], "HELLO");
  for (guint i = 0; i < 3; i++)
    close (fds[i]);
}

static void
test_server_lingering (Fixture       *fixture,
                       gconstpointer  data)
{
  int busy, more, peer;

  g_test_summary ("A client that is turned away cannot block the server with what it sent before");

  g_object_set (fixture->server, "max-connections", 1, NULL);
  start (fixture);
  busy = client_new (fixture);
  ask (busy, "later");
  wait_for (fixture->kept->len == 1);

  more = client_new (fixture);
  send_lingering (more, "x", 1, &peer);
  assert_ended (more);
  close (more);

  answer_kept (fixture, 0);
  assert_answer (busy, "at last");
  close (busy);
  close (peer);
}

static void
test_server_unread (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("A connection whose bytes are still unread is not the one that makes room");

  g_object_set (fixture->server, "max-connections", 1, NULL);
  start (fixture);
  for (guint i = 0; i < 50; i++)
    {
      int first = client_new (fixture);
      int second;

      wait_for_connections (fixture, 1);
      /* Both are there when the main loop next looks. */
      second = client_new (fixture);
      ask (first, "hello");
      assert_answer (first, "HELLO");
      close (first);
      close (second);
      wait_for_connections (fixture, 0);
    }
}

static void
test_server_per_user (Fixture       *fixture,
                      gconstpointer  data)
{
  int mine, fds[4];
  pid_t pid;

  g_test_summary ("A user above its own limit loses its own connections, nobody else's");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_object_set (fixture->server, "mode", 0666, "max-connections-per-user", 3, NULL);
  start (fixture);
  mine = client_new (fixture);
  wait_for_connections (fixture, 1);

  /* It keeps all of them open; only the last one matters to it. */
  pid = fork_client (fixture, 65534, 10);
  end_child (pid, 0);
  ask (mine, "hello");
  assert_answer (mine, "HELLO");

  for (guint i = 0; i < 4; i++)
    {
      fds[i] = client_new (fixture);
      ask (fds[i], "hello");
      assert_answer (fds[i], "HELLO");
    }
  assert_ended (mine);
  assert_ended (fds[0]);
  for (guint i = 0; i < 4; i++)
    close (fds[i]);
  close (mine);
  wait_for_connections (fixture, 0);
}

static void
test_server_silent (Fixture       *fixture,
                    gconstpointer  data)
{
  GArray *silent = g_array_new (FALSE, FALSE, sizeof (int));
  struct rlimit limit;
  int good;
  guint n = 1000;

  g_test_summary ("A thousand silent clients do not keep a good one from being served");

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);
  n = MIN (n, limit.rlim_cur - 200);

  start (fixture);
  good = client_new (fixture);
  for (guint i = 0; i < n; i++)
    {
      int fd = client_new (fixture);

      g_array_append_val (silent, fd);
      if (i % 10 == 9)
        {
          ask (good, "hello");
          assert_answer (good, "HELLO");
        }
      if (i % 100 == 99)
        assert_serves (fixture);
    }
  wait_for (n_connections (fixture) == 16);
  assert_quiet ();

  for (guint i = 0; i < silent->len; i++)
    close (g_array_index (silent, int, i));
  g_array_unref (silent);
  close (good);
  wait_for_connections (fixture, 0);
}

static void
test_server_slow (Fixture       *fixture,
                  gconstpointer  data)
{
  int fd, header;
  guint n = 0;

  g_test_summary ("A frame that drips in byte by byte ends its connection at the frame timeout");

  g_object_set (fixture->server, "frame-timeout", 100, NULL);
  start (fixture);
  header = client_new (fixture);
  send_bytes (header, "\0\0", 2);
  fd = client_new (fixture);
  send_length (fd, 60000);

  /* Ten bytes in the time of the timeout: it is from the first byte, not from the last. */
  while (!is_ended (fd))
    {
      gint64 next = g_get_monotonic_time () + 10 * G_TIME_SPAN_MILLISECOND;

      if (send (fd, "x", 1, MSG_NOSIGNAL) == 1)
        g_assert_cmpuint (++n, <, 1000);
      wait_for (g_get_monotonic_time () >= next);
    }
  g_assert_cmpuint (n, >, 0);
  assert_ended (header);
  close (fd);
  close (header);

  /* Between two frames a client may wait as long as it likes. */
  fd = client_new (fixture);
  ask (fd, "one");
  assert_answer (fd, "ONE");
  assert_quiet ();
  ask (fd, "two");
  assert_answer (fd, "TWO");
  close (fd);
}

static void
test_server_oversize (Fixture       *fixture,
                      gconstpointer  data)
{
  static const guint32 lengths[] = { 65537, 0x7fffffff, 0x80000000, 0xffffffff };
  g_autofree char *largest = g_strnfill (65536, 'a');
  g_autofree char *answer = NULL;
  int good, fd;

  g_test_summary ("A frame above the limit ends its own connection; the largest one passes");

  start (fixture);
  good = client_new (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (lengths); i++)
    {
      fd = client_new (fixture);
      ask (fd, "before");
      send_length (fd, lengths[i]);
      assert_answer (fd, "BEFORE");
      assert_ended (fd);
      close (fd);
    }

  ask (good, largest);
  answer = read_answer (good);
  g_assert_cmpuint (strlen (answer), ==, 65536);
  close (good);
}

static void
test_server_garbage (Fixture       *fixture,
                     gconstpointer  data)
{
  g_test_summary ("Garbage harms nobody else, with either framing");

  for (guint framing = 0; framing < 2; framing++)
    {
      int good = -1;

      g_object_set (fixture->server, "framing", framing, "frame-timeout", 20, NULL);
      start (fixture);
      if (framing == RELEASE_IPC_FRAMING_PLAIN)
        good = client_new (fixture);
      for (guint i = 0; i < 200; i++)
        {
          int fd = client_new (fixture);
          guint8 noise[256];

          for (guint j = 0; j < sizeof noise; j++)
            noise[j] = g_test_rand_int ();
          /* Now and then the length is one that is believed. */
          if (i % 2 == 0)
            memset (noise, 0, 3);
          send_bytes (fd, noise, sizeof noise);
          while (g_main_context_iteration (NULL, FALSE));
          if (i % 3 == 0)
            shutdown (fd, SHUT_WR);
          close (fd);
        }
      if (good >= 0)
        {
          ask (good, "hello");
          assert_answer (good, "HELLO");
          close (good);
        }
      wait_for_connections (fixture, 0);
      release_ipc_server_stop (fixture->server);
    }
}

static void
test_server_never_reads (Fixture       *fixture,
                         gconstpointer  data)
{
  static const char frame[] = "\0\0\0\5large";
  GString *batch = g_string_new (NULL);
  guint n_asked = 0;
  int fd;

  g_test_summary ("A client that reads no answers is not read any more, then ended");

  for (guint i = 0; i < 100; i++)
    g_string_append_len (batch, frame, sizeof frame - 1);
  fixture->stall_timeout = 300;
  start (fixture);
  fd = client_new (fixture);
  while (send (fd, batch->str, batch->len, MSG_NOSIGNAL | MSG_DONTWAIT) == (gssize) batch->len)
    {
      n_asked += 100;
      g_main_context_iteration (NULL, FALSE);
    }
  /* Answers of 60000 bytes: what fits in the socket and in the queue, not what was asked. */
  g_assert_cmpuint (n_asked, >, 1000);
  g_assert_cmpuint (fixture->n_requests, <, 50);
  assert_quiet ();

  assert_serves (fixture);
  wait_for_connections (fixture, 0);
  close (fd);
  g_string_free (batch, TRUE);
}

static void
test_server_killed (Fixture       *fixture,
                    gconstpointer  data)
{
  g_test_summary ("Clients that are killed in the middle of anything leave nothing behind");

  start (fixture);
  for (guint i = 0; i < 4; i++)
    {
      pid_t parent = getpid ();
      pid_t pid = fork ();

      g_assert_cmpint (pid, >=, 0);
      if (pid == 0)
        {
          int fd = client_new (fixture);

          if (i == 1)
            send_bytes (fd, "\0\0\0\5he", 6);
          if (i == 2)
            ask (fd, "later");
          if (i == 3)
            ask (fd, "large");
          while (getppid () == parent)
            g_usleep (10000);
          _exit (0);
        }

      wait_for_connections (fixture, 1);
      if (i >= 2)
        wait_for (fixture->n_requests == i - 1);
      kill (pid, SIGKILL);
      end_child (pid, SIGKILL);
      wait_for_connections (fixture, 0);
    }

  /* The answer that nobody wants any more is dropped. */
  g_assert_cmpuint (fixture->kept->len, ==, 1);
  g_assert_true (release_ipc_invocation_return_string (g_ptr_array_index (fixture->kept, 0), "",
                                                       NULL));
  assert_serves (fixture);
}

static void
test_server_no_descriptors (Fixture       *fixture,
                            gconstpointer  data)
{
  struct rlimit before, limit;
  int good, fds[3], next;

  g_test_summary ("Without descriptors new clients wait, old ones are served, and nothing spins");

  if (strstr (g_getenv ("LD_PRELOAD") != NULL ? g_getenv ("LD_PRELOAD") : "", "vgpreload") != NULL)
    {
      g_test_skip ("valgrind accepts a connection and closes it where the system lets it wait");
      return;
    }

  start (fixture);
  good = client_new (fixture);
  wait_for_connections (fixture, 1);
  for (guint i = 0; i < 3; i++)
    fds[i] = new_socket ();

  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  next = dup (0);
  close (next);
  limit = before;
  limit.rlim_cur = next;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      connect_socket (fds[i], fixture->path);
      ask (fds[i], "hello");
    }
  assert_quiet ();
  g_assert_cmpuint (n_connections (fixture), ==, 1);
  ask (good, "hello");
  assert_answer (good, "HELLO");
  assert_quiet ();

  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  for (guint i = 0; i < 3; i++)
    {
      assert_answer (fds[i], "HELLO");
      close (fds[i]);
    }
  close (good);

  /* Stopping while it waits is no problem either. */
  wait_for_connections (fixture, 0);
  fds[0] = new_socket ();
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  connect_socket (fds[0], fixture->path);
  for (guint i = 0; i < 10; i++)
    g_main_context_iteration (NULL, FALSE);
  release_ipc_server_stop (fixture->server);
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  close (fds[0]);
}

static void
test_server_many (Fixture       *fixture,
                  gconstpointer  data)
{
  guint n_fds;

  g_test_summary ("Five thousand connections later there are as many descriptors as before");

  start (fixture);
  assert_serves (fixture);
  wait_for_connections (fixture, 0);
  n_fds = count_fds ();
  for (guint i = 0; i < 5000; i++)
    assert_serves (fixture);
  wait_for_connections (fixture, 0);
  g_assert_cmpuint (count_fds (), ==, n_fds);
  g_assert_cmpuint (fixture->n_requests, ==, 5001);
}

static void
test_server_sent_descriptors (Fixture       *fixture,
                              gconstpointer  data)
{
  guint n_fds;

  g_test_summary ("Descriptors that a client sends are closed, and its connection ends");

  start (fixture);
  assert_serves (fixture);
  wait_for_connections (fixture, 0);
  n_fds = count_fds ();
  for (guint i = 0; i < 20; i++)
    {
      int fd = client_new (fixture);
      union { char bytes[CMSG_SPACE (sizeof (int))]; struct cmsghdr align; } control;
      struct iovec iov = { .iov_base = (char *) "\0\0\0\2hi", .iov_len = 6 };
      struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                                .msg_controllen = sizeof control.bytes };
      struct cmsghdr *cmsg = CMSG_FIRSTHDR (&message);

      memset (&control, 0, sizeof control);
      cmsg->cmsg_level = SOL_SOCKET;
      cmsg->cmsg_type = SCM_RIGHTS;
      cmsg->cmsg_len = CMSG_LEN (sizeof (int));
      memcpy (CMSG_DATA (cmsg), &fd, sizeof fd);
      g_assert_cmpint (sendmsg (fd, &message, MSG_NOSIGNAL), ==, 6);
      assert_ended (fd);
      close (fd);
    }
  wait_for (count_fds () == n_fds);
}

static void
test_server_idle_timeout (Fixture       *fixture,
                          gconstpointer  data)
{
  int idle, busy;

  g_test_summary ("A client that asks nothing is ended, one that waits for its answer is not");

  g_object_set (fixture->server, "idle-timeout", 50, NULL);
  start (fixture);
  busy = client_new (fixture);
  ask (busy, "later");
  wait_for (fixture->kept->len == 1);
  idle = client_new (fixture);
  assert_ended (idle);
  close (idle);
  assert_quiet ();
  g_assert_false (is_ended (busy));
  answer_kept (fixture, 0);
  assert_answer (busy, "at last");
  assert_ended (busy);
  close (busy);

  /* Taken back while a connection is busy. */
  busy = client_new (fixture);
  ask (busy, "later");
  wait_for (fixture->kept->len == 2);
  g_object_set (fixture->server, "idle-timeout", -1, NULL);
  assert_quiet ();
  answer_kept (fixture, 1);
  assert_answer (busy, "at last");
  close (busy);
}

static gboolean
serve_cb (ReleaseIpcChannel    *channel,
          ReleaseIpcInvocation *invocation,
          gpointer              user_data)
{
  return release_ipc_invocation_return_string (invocation, "served", NULL);
}

static void
serve_connected_cb (ReleaseIpcServer  *server,
                    ReleaseIpcChannel *channel,
                    gpointer           user_data)
{
  release_ipc_channel_serve (channel, serve_cb, NULL, NULL);
}

static void
test_server_served (Fixture       *fixture,
                    gconstpointer  data)
{
  gint64 end;
  int good, fds[3];

  g_test_summary ("A client whom a handler serves by itself does not count as idle");

  g_signal_connect (fixture->server, "connected", G_CALLBACK (serve_connected_cb), NULL);
  g_object_set (fixture->server, "max-connections", 3, "idle-timeout", 500, NULL);
  start (fixture);
  good = client_new (fixture);
  wait_for_connections (fixture, 1);
  for (guint i = 0; i < 3; i++)
    {
      fds[i] = client_new (fixture);
      ask (good, "hello");
      assert_answer (good, "served");
    }
  assert_ended (fds[0]);

  end = g_get_monotonic_time () + 1200 * G_TIME_SPAN_MILLISECOND;
  while (g_get_monotonic_time () < end)
    {
      ask (good, "hello");
      assert_answer (good, "served");
    }
  g_assert_cmpuint (fixture->n_requests, ==, 0);
  assert_ended (good);
  for (guint i = 0; i < 3; i++)
    close (fds[i]);
  close (good);
}

static void
test_server_connection_timeout (Fixture       *fixture,
                                gconstpointer  data)
{
  int fd;

  g_test_summary ("A connection ends at its time, busy or not");

  g_object_set (fixture->server, "connection-timeout", 50, NULL);
  start (fixture);
  fd = client_new (fixture);
  ask (fd, "later");
  wait_for (fixture->kept->len == 1);
  assert_ended (fd);
  close (fd);
  wait_for_connections (fixture, 0);
  assert_quiet ();
}

static void
test_server_unread_frame (Fixture       *fixture,
                          gconstpointer  data)
{
  GString *batch = g_string_new (NULL);
  int fd;

  g_test_summary ("The frame timeout does not hit a client whom the server itself does not read");

  /* More than one read takes, so that the reading stops in the middle of a frame. */
  while (batch->len < 100000)
    g_string_append_len (batch, "\0\0\0\5later", 9);
  g_object_set (fixture->server, "frame-timeout", 20, NULL);
  start (fixture);
  fd = client_new (fixture);
  send_bytes (fd, batch->str, batch->len);
  g_string_free (batch, TRUE);
  wait_for (fixture->kept->len == 256);
  assert_quiet ();
  g_assert_false (is_ended (fd));
  for (guint i = 0; i < 256; i++)
    {
      answer_kept (fixture, i);
      assert_answer (fd, "at last");
    }
  close (fd);
}

static void
test_server_hostile_quiet (Fixture       *fixture,
                           gconstpointer  data)
{
  GString *batch = g_string_new (NULL);
  int fds[5];

  g_test_summary ("Whatever clients leave hanging, the main loop sleeps");

  g_object_set (fixture->server, "frame-timeout", -1, NULL);
  start (fixture);
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    fds[i] = client_new (fixture);
  send_bytes (fds[1], "\0\0", 2);
  send_length (fds[2], 1000);
  /* More requests than may be open at once, none of them answered. */
  for (guint i = 0; i < 600; i++)
    g_string_append_len (batch, "\0\0\0\5later", 9);
  send_bytes (fds[3], batch->str, batch->len);
  g_string_free (batch, TRUE);
  ask (fds[4], "later");
  shutdown (fds[4], SHUT_WR);
  wait_for (fixture->kept->len >= 257);
  assert_quiet ();
  g_assert_cmpuint (fixture->kept->len, ==, 257);

  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    close (fds[i]);
  wait_for_connections (fixture, 0);
  assert_quiet ();
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/server-bounds/max-connections", test_server_max_connections);
  add ("/server-bounds/all-busy", test_server_all_busy);
  add ("/server-bounds/lingering", test_server_lingering);
  add ("/server-bounds/unread", test_server_unread);
  add ("/server-bounds/per-user", test_server_per_user);
  add ("/server-bounds/silent", test_server_silent);
  add ("/server-bounds/slow", test_server_slow);
  add ("/server-bounds/oversize", test_server_oversize);
  add ("/server-bounds/garbage", test_server_garbage);
  add ("/server-bounds/never-reads", test_server_never_reads);
  add ("/server-bounds/killed", test_server_killed);
  add ("/server-bounds/no-descriptors", test_server_no_descriptors);
  add ("/server-bounds/many", test_server_many);
  add ("/server-bounds/sent-descriptors", test_server_sent_descriptors);
  add ("/server-bounds/idle-timeout", test_server_idle_timeout);
  add ("/server-bounds/served", test_server_served);
  add ("/server-bounds/connection-timeout", test_server_connection_timeout);
  add ("/server-bounds/unread-frame", test_server_unread_frame);
  add ("/server-bounds/hostile-quiet", test_server_hostile_quiet);

  return g_test_run ();
}
