/* release-tests/ipc/server.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "server-harness.h"

#include <sys/stat.h>

/* Requests that a client sends without waiting for an answer. */
#define N_PIPELINED 1000

static void
test_server_foreign (Fixture       *fixture,
                     gconstpointer  data)
{
  static const guint8 request[] = { 0, 0, 0, 3, 'a', 'b', 'c' };
  static const guint8 expected[] = { 0, 0, 0, 3, 'A', 'B', 'C' };
  guint8 answer[sizeof expected];
  int fd;

  g_test_summary ("A client that knows the protocol alone is answered byte for byte");

  start (fixture);
  fd = client_new (fixture);
  send_bytes (fd, request, sizeof request);
  g_assert_true (read_bytes (fd, answer, sizeof answer));
  g_assert_cmpmem (answer, sizeof answer, expected, sizeof expected);

  /* Nothing is a message, too; and bytes may come one by one. */
  ask (fd, "");
  assert_answer (fd, "");
  for (guint i = 0; i < sizeof request; i++)
    {
      send_bytes (fd, &request[i], 1);
      for (guint j = 0; j < 3; j++)
        g_main_context_iteration (NULL, FALSE);
    }
  assert_answer (fd, "ABC");
  close (fd);
  wait_for_connections (fixture, 0);
}

static void
subprocess_done_cb (GObject      *object,
                    GAsyncResult *result,
                    gpointer      user_data)
{
  g_autoptr(GError) error = NULL;
  int *status = user_data;

  *status = g_subprocess_wait_finish (G_SUBPROCESS (object), result, &error)
            ? g_subprocess_get_status (G_SUBPROCESS (object)) : -2;
  g_assert_no_error (error);
}

static void
test_server_python (Fixture       *fixture,
                    gconstpointer  data)
{
  static const char script[] =
    "import socket, struct, sys\n"
    "s = socket.socket(socket.AF_UNIX)\n"
    "s.settimeout(30)\n"
    "s.connect(sys.argv[1])\n"
    "f = s.makefile('rwb')\n"
    "for text in [b'one', b'two' * 1000]:\n"
    "    f.write(struct.pack('>I', len(text)) + text)\n"
    "    f.flush()\n"
    "    n, = struct.unpack('>I', f.read(4))\n"
    "    assert f.read(n) == text.upper()\n";
  g_autoptr(GSubprocess) python = NULL;
  g_autoptr(GError) error = NULL;
  int status = -1;

  g_test_summary ("Ten lines of Python are a client");

  start (fixture);
  python = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, "python3", "-c", script,
                             fixture->path, NULL);
  if (g_error_matches (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    {
      g_test_skip ("needs python3");
      return;
    }
  g_assert_no_error (error);
  g_subprocess_wait_async (python, NULL, subprocess_done_cb, &status);
  wait_for (status != -1);
  g_assert_cmpint (status, ==, 0);
}

static void
test_server_credentials (Fixture       *fixture,
                         gconstpointer  data)
{
  uid_t uid = geteuid () == 0 ? 65534 : geteuid ();
  pid_t pid;

  g_test_summary ("A handler learns user and PID of who connected");

  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  g_object_set (fixture->server, "mode", 0666, NULL);
  start (fixture);
  pid = fork_client (fixture, uid, 1);
  wait_for (fixture->n_requests == 1);
  g_assert_cmpint (fixture->uid, ==, uid);
  g_assert_cmpint (fixture->pid, ==, pid);
  end_child (pid, 0);

  assert_serves (fixture);
  g_assert_cmpint (fixture->uid, ==, geteuid ());
  g_assert_cmpint (fixture->pid, ==, getpid ());
}

static void
test_server_mode (Fixture       *fixture,
                  gconstpointer  data)
{
  pid_t pid;
  struct stat st;

  g_test_summary ("With the mode that it has unless told otherwise, only its own user gets in");

  if (geteuid () != 0)
    {
      g_test_skip ("needs root");
      return;
    }

  g_assert_cmpint (g_chmod (fixture->folder, 0755), ==, 0);
  start (fixture);
  g_assert_cmpint (stat (fixture->path, &st), ==, 0);
  g_assert_cmpuint (st.st_mode, ==, S_IFSOCK | 0600);

  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      struct sockaddr_un address = { .sun_family = AF_UNIX };
      int fd = new_socket ();

      strcpy (address.sun_path, fixture->path);
      if (setgid (65534) < 0 || setuid (65534) < 0)
        _exit (1);
      _exit (connect (fd, (struct sockaddr *) &address, sizeof address) < 0 && errno == EACCES
             ? 0 : 2);
    }
  end_child (pid, 0);
  g_assert_cmpuint (n_connections (fixture), ==, 0);
}

static void
test_server_unhandled (Fixture       *fixture,
                       gconstpointer  data)
{
  g_autoptr(ReleaseIpcCodec) codec = NULL;
  int first, second;

  g_test_summary ("A request that nobody takes, or no codec reads, ends its connection only");

  start (fixture);
  first = client_new (fixture);
  second = client_new (fixture);
  ask (first, "before");
  ask (first, "refused");
  assert_answer (first, "BEFORE");
  assert_ended (first);
  ask (second, "hello");
  assert_answer (second, "HELLO");
  close (first);

  /* From now on text must be UTF-8. */
  g_object_set (fixture->server, "codec", release_ipc_string_codec_get_default (), NULL);
  first = client_new (fixture);
  ask (first, "\xff");
  assert_ended (first);
  ask (second, "hello");
  assert_answer (second, "HELLO");
  close (first);
  close (second);
}

typedef enum
{
  AT_CONNECTED,
  AT_REQUEST,
  AT_NOTIFY,
  AT_CLOSED,
  AT_CANCELLED,
  AT_EVICTED,
  N_MOMENTS
} Moment;

typedef enum
{
  DO_CLOSE,
  DO_STOP,
  DO_UNREF,
  DO_RESTART,
  N_DEEDS
} Deed;

typedef struct
{
  Fixture           *fixture;
  Moment             moment;
  Deed               deed;
  ReleaseIpcChannel *channel;     /* (owned) (nullable): of the last connection */
  GPtrArray         *kept;
  guint              n_done;
} Plan;

static void
act (Plan   *plan,
     Moment  moment)
{
  g_autoptr(GError) error = NULL;

  if (moment != plan->moment || plan->n_done > 0)
    return;

  plan->n_done++;
  switch (plan->deed)
    {
    case DO_CLOSE:
      release_ipc_channel_close (plan->channel);
      break;

    case DO_STOP:
      release_ipc_server_stop (plan->fixture->server);
      break;

    case DO_UNREF:
      g_clear_object (&plan->fixture->server);
      break;

    case DO_RESTART:
      release_ipc_server_stop (plan->fixture->server);
      g_assert_true (release_ipc_server_start (plan->fixture->server, &error));
      g_assert_no_error (error);
      break;

    default:
      g_assert_not_reached ();
    }
}

static void
plan_closed_cb (ReleaseIpcChannel *channel,
                const GError      *error,
                Plan              *plan)
{
  act (plan, plan->moment == AT_EVICTED ? AT_EVICTED : AT_CLOSED);
}

static void
plan_connected_cb (ReleaseIpcServer  *server,
                   ReleaseIpcChannel *channel,
                   Plan              *plan)
{
  g_set_object (&plan->channel, channel);
  g_signal_connect (channel, "closed", G_CALLBACK (plan_closed_cb), plan);
  act (plan, AT_CONNECTED);
}

static void
plan_cancelled_cb (GCancellable *cancellable,
                   Plan         *plan)
{
  act (plan, AT_CANCELLED);
}

static gboolean
plan_request_cb (ReleaseIpcServer     *server,
                 ReleaseIpcInvocation *invocation,
                 Plan                 *plan)
{
  if (plan->moment == AT_CANCELLED)
    {
      g_cancellable_connect (release_ipc_invocation_get_cancellable (invocation),
                             G_CALLBACK (plan_cancelled_cb), plan, NULL);
      g_ptr_array_add (plan->kept, release_ipc_invocation_ref (invocation));
      return TRUE;
    }

  act (plan, AT_REQUEST);
  return FALSE;
}

static void
plan_notify_cb (GObject    *server,
                GParamSpec *pspec,
                Plan       *plan)
{
  if (plan->channel != NULL || plan->deed != DO_CLOSE)
    act (plan, AT_NOTIFY);
}

static void
run_plan (Fixture *fixture,
          Moment   moment,
          Deed     deed)
{
  Plan plan = { .fixture = fixture, .moment = moment, .deed = deed };
  gpointer alive;
  int first, second;

  plan.kept = g_ptr_array_new_with_free_func ((GDestroyNotify) release_ipc_invocation_unref);
  fixture->server = g_object_new (RELEASE_TYPE_IPC_SERVER, "path", fixture->path,
                                  "max-connections", moment == AT_EVICTED ? 1 : 2, NULL);
  alive = fixture->server;
  g_object_add_weak_pointer (G_OBJECT (fixture->server), &alive);
  g_signal_connect (fixture->server, "connected", G_CALLBACK (plan_connected_cb), &plan);
  g_signal_connect (fixture->server, "notify::n-connections", G_CALLBACK (plan_notify_cb), &plan);
  g_signal_connect (fixture->server, "request", G_CALLBACK (plan_request_cb), &plan);
  start (fixture);

  first = client_new (fixture);
  if (moment != AT_EVICTED)
    ask (first, "hello");
  second = -1;
  if (moment == AT_EVICTED)
    {
      wait_for (plan.channel != NULL);
      second = client_new (fixture);
    }
  else if (moment == AT_CANCELLED)
    {
      wait_for (plan.kept->len == 1);
      shutdown (first, SHUT_RDWR);
    }

  wait_for (plan.n_done == 1 && is_ended (first));
  close (first);
  if (second >= 0)
    close (second);
  if (deed == DO_UNREF)
    {
      wait_for (alive == NULL);
    }
  else
    {
      wait_for (n_connections (fixture) == 0);
      g_assert_cmpint (g_file_test (fixture->path, G_FILE_TEST_EXISTS), ==, deed != DO_STOP);
    }

  if (deed == DO_CLOSE || deed == DO_RESTART)
    {
      g_signal_handlers_disconnect_by_data (fixture->server, &plan);
      g_signal_connect (fixture->server, "request", G_CALLBACK (on_request), fixture);
      assert_serves (fixture);
      wait_for (n_connections (fixture) == 0);
    }

  g_ptr_array_unref (plan.kept);
  if (plan.channel != NULL)
    g_signal_handlers_disconnect_by_data (plan.channel, &plan);
  g_clear_object (&plan.channel);
  if (fixture->server != NULL)
    release_ipc_server_stop (fixture->server);
  g_clear_object (&fixture->server);
  wait_for (alive == NULL);
  g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
}

static void
test_server_deeds (Fixture       *fixture,
                   gconstpointer  data)
{
  g_test_summary ("Every handler may close the channel, stop, drop or restart the server");

  g_clear_object (&fixture->server);
  for (guint moment = 0; moment < N_MOMENTS; moment++)
    for (guint deed = 0; deed < N_DEEDS; deed++)
      {
        g_test_message ("moment %u, deed %u", moment, deed);
        run_plan (fixture, moment, deed);
      }
}

static void
test_server_half_close (Fixture       *fixture,
                        gconstpointer  data)
{
  int fd, later;

  g_test_summary ("A client that has said all it had to say still gets its answers");

  start (fixture);
  fd = client_new (fixture);
  ask (fd, "one");
  ask (fd, "two");
  shutdown (fd, SHUT_WR);
  assert_answer (fd, "ONE");
  assert_answer (fd, "TWO");
  assert_ended (fd);
  close (fd);

  later = client_new (fixture);
  ask (later, "later");
  shutdown (later, SHUT_WR);
  wait_for (fixture->kept->len == 1);
  assert_quiet ();
  answer_kept (fixture, 0);
  assert_answer (later, "at last");
  assert_ended (later);
  close (later);
  wait_for_connections (fixture, 0);
}

static void
test_server_pipelined (Fixture       *fixture,
                       gconstpointer  data)
{
  GString *batch = g_string_new (NULL);
  int fd;

  g_test_summary ("Pipelined requests are answered in order, whatever the handler's order");

  for (guint i = 0; i < N_PIPELINED; i++)
    {
      g_string_append_len (batch, "\0\0\0\4", 4);
      g_string_append_printf (batch, "n%03u", i);
    }
  start (fixture);
  fd = client_new (fixture);
  send_bytes (fd, batch->str, batch->len);
  g_string_free (batch, TRUE);
  for (guint i = 0; i < N_PIPELINED; i++)
    {
      g_autofree char *text = g_strdup_printf ("N%03u", i);

      assert_answer (fd, text);
    }

  ask (fd, "later");
  ask (fd, "second");
  ask (fd, "later");
  ask (fd, "fourth");
  wait_for (fixture->n_requests == N_PIPELINED + 4);
  answer_kept (fixture, 1);
  answer_kept (fixture, 0);
  assert_answer (fd, "at last");
  assert_answer (fd, "SECOND");
  assert_answer (fd, "at last");
  assert_answer (fd, "FOURTH");
  close (fd);
}

static void
text_done_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  char **text = user_data;
  g_autoptr(GError) error = NULL;

  *text = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (object), result, &error);
  g_assert_no_error (error);
}

static void
keep_channel_cb (ReleaseIpcServer   *server,
                 ReleaseIpcChannel  *channel,
                 ReleaseIpcChannel **kept)
{
  *kept = g_object_ref (channel);
}

static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          guint             *n)
{
  (*n)++;
}

static gboolean
client_request_cb (ReleaseIpcChannel    *channel,
                   ReleaseIpcInvocation *invocation,
                   gpointer              user_data)
{
  return release_ipc_invocation_return_string (invocation, "me too", NULL);
}

static void
test_server_multiplexed (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(ReleaseIpcChannel) client = NULL;
  g_autoptr(ReleaseIpcChannel) accepted = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *own_answer = NULL;
  guint n_events = 0;

  g_test_summary ("With multiplexed framing both sides ask, and the server tells its clients");

  g_object_set (fixture->server, "framing", RELEASE_IPC_FRAMING_MULTIPLEXED, NULL);
  g_signal_connect (fixture->server, "connected", G_CALLBACK (keep_channel_cb), &accepted);
  start (fixture);
  client = release_ipc_channel_new (client_new (fixture), RELEASE_IPC_FRAMING_MULTIPLEXED, NULL,
                                    &error);
  g_assert_no_error (error);
  g_signal_connect (client, "event", G_CALLBACK (event_cb), &n_events);
  g_signal_connect (client, "request", G_CALLBACK (client_request_cb), NULL);
  release_ipc_channel_call_string_async (client, "hello", -1, NULL, text_done_cb, &answer);
  wait_for (answer != NULL);
  g_assert_cmpstr (answer, ==, "HELLO");

  g_assert_true (release_ipc_channel_send_event_string (accepted, "news", &error));
  g_assert_no_error (error);
  release_ipc_channel_call_string_async (accepted, "and you?", -1, NULL, text_done_cb, &own_answer);
  wait_for (own_answer != NULL && n_events == 1);
  g_assert_cmpstr (own_answer, ==, "me too");

  release_ipc_channel_close (client);
  wait_for_connections (fixture, 0);
  g_assert_finalize_object (g_steal_pointer (&accepted));
}

static int
listen_at (const char *path,
           int         type)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, type, 0);

  strcpy (address.sun_path, path);
  g_assert_cmpint (bind (fd, (struct sockaddr *) &address, sizeof address), ==, 0);
  if (type != SOCK_DGRAM)
    g_assert_cmpint (listen (fd, 10), ==, 0);
  return fd;
}

static void
test_server_for_fd (Fixture       *fixture,
                    gconstpointer  data)
{
  int fd, client;

  g_test_summary ("A socket that listens already is served, closed at the end, its file left");

  g_clear_object (&fixture->server);
  fd = listen_at (fixture->path, SOCK_STREAM);
  fixture->server = release_ipc_server_new_for_fd (fd, NULL);
  g_signal_connect (fixture->server, "request", G_CALLBACK (on_request), fixture);
  g_assert_null (release_ipc_server_get_path (fixture->server));
  start (fixture);
  g_assert_cmpint (fcntl (fd, F_GETFD), ==, FD_CLOEXEC);
  assert_serves (fixture);

  /* Stopped, clients wait; started, they are served. */
  release_ipc_server_stop (fixture->server);
  client = client_new (fixture);
  ask (client, "hello");
  start (fixture);
  assert_answer (client, "HELLO");
  close (client);

  /* Somebody who shares the socket shuts it down. */
  shutdown (fd, SHUT_RDWR);
  assert_quiet ();

  g_assert_finalize_object (g_steal_pointer (&fixture->server));
  g_assert_cmpint (fcntl (fd, F_GETFD), <, 0);
  g_assert_cmpint (g_unlink (fixture->path), ==, 0);
}

static void
test_server_wrong_fd (Fixture       *fixture,
                      gconstpointer  data)
{
  int fds[5], pair[2];

  g_test_summary ("A descriptor that does not listen for streams is refused by number");

  g_clear_object (&fixture->server);
  fds[0] = open ("/dev/null", O_RDWR);
  fds[1] = new_socket ();
  fds[2] = listen_at (fixture->path, SOCK_DGRAM);
  g_unlink (fixture->path);
  fds[3] = listen_at (fixture->path, SOCK_SEQPACKET);
  g_unlink (fixture->path);
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM, 0, pair), ==, 0);
  fds[4] = pair[0];
  for (guint i = 0; i < G_N_ELEMENTS (fds); i++)
    {
      g_autoptr(ReleaseIpcServer) server = release_ipc_server_new_for_fd (fds[i], NULL);
      g_autofree char *number = g_strdup_printf ("%d", fds[i]);
      g_autoptr(GError) error = NULL;

      g_assert_false (release_ipc_server_start (server, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
      g_assert_nonnull (strstr (error->message, number));
    }
  close (pair[1]);

  {
    g_autoptr(ReleaseIpcServer) server = release_ipc_server_new_for_fd (1000000, NULL);
    g_autoptr(GError) error = NULL;

    g_assert_false (release_ipc_server_start (server, &error));
    g_assert_nonnull (error);
    g_assert_nonnull (strstr (error->message, "1000000"));
  }
}

static void
test_server_restart (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autofree char *lock_path = g_strconcat (fixture->path, ".lock", NULL);

  g_test_summary ("A server starts and stops again and again; its clients see the end");

  for (guint i = 0; i < 5; i++)
    {
      int fd;

      start (fixture);
      start (fixture);
      fd = client_new (fixture);
      ask (fd, "later");
      wait_for (fixture->kept->len == i + 1);
      release_ipc_server_stop (fixture->server);
      g_assert_cmpuint (n_connections (fixture), ==, 0);
      g_assert_false (g_file_test (fixture->path, G_FILE_TEST_EXISTS));
      g_assert_false (g_file_test (lock_path, G_FILE_TEST_EXISTS));
      assert_ended (fd);
      close (fd);
      release_ipc_server_stop (fixture->server);
    }
}

static void
test_server_start_fails (Fixture       *fixture,
                         gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  int stranger = listen_at (fixture->path, SOCK_STREAM);

  g_test_summary ("A start that fails can be tried again");

  g_assert_false (release_ipc_server_start (fixture->server, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_nonnull (strstr (error->message, fixture->path));
  close (stranger);
  start (fixture);
  assert_serves (fixture);
}

static void
test_server_child (Fixture       *fixture,
                   gconstpointer  data)
{
  pid_t pid;
  int fd;

  g_test_summary ("A child of the server's process that drops it harms neither files nor server");

  start (fixture);
  fd = client_new (fixture);
  ask (fd, "before");
  assert_answer (fd, "BEFORE");
  pid = fork ();
  g_assert_cmpint (pid, >=, 0);
  if (pid == 0)
    {
      g_object_unref (fixture->server);
      _exit (0);
    }

  end_child (pid, 0);
  ask (fd, "after");
  assert_answer (fd, "AFTER");
  close (fd);
  assert_serves (fixture);
}

static void
test_server_context (Fixture       *fixture,
                     gconstpointer  data)
{
  g_autoptr(GMainContext) context = g_main_context_new ();
  int fd;

  g_test_summary ("A server lives in the context that was the default when it was started");

  g_main_context_push_thread_default (context);
  start (fixture);
  g_main_context_pop_thread_default (context);

  fd = client_new (fixture);
  ask (fd, "hello");
  while (g_main_context_iteration (NULL, FALSE));
  g_assert_cmpuint (n_connections (fixture), ==, 0);
  for (guint i = 0; fixture->n_requests == 0; i++)
    {
      g_assert_cmpuint (i, <, 1000);
      g_main_context_iteration (context, TRUE);
    }
  assert_answer (fd, "HELLO");
  close (fd);
  release_ipc_server_stop (fixture->server);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  add ("/server/foreign", test_server_foreign);
  add ("/server/credentials", test_server_credentials);
  add ("/server/mode", test_server_mode);
  add ("/server/unhandled", test_server_unhandled);
  add ("/server/handlers-do-anything", test_server_deeds);
  add ("/server/half-close", test_server_half_close);
  add ("/server/pipelined", test_server_pipelined);
  add ("/server/multiplexed", test_server_multiplexed);
  add ("/server/for-fd", test_server_for_fd);
  add ("/server/wrong-fd", test_server_wrong_fd);
  add ("/server/restart", test_server_restart);
  add ("/server/start-fails", test_server_start_fails);
  add ("/server/child", test_server_child);
  add ("/server/context", test_server_context);
  /* The last: it leaves a thread of GLib's behind, which children should not be forked beside. */
  add ("/server/python", test_server_python);

  return g_test_run ();
}
