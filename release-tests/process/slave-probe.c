/* release-tests/process/slave-probe.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

/* A slave whose first argument says how it behaves; see the functions below. */

#include <release/release.h>

#include <dirent.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static void
tell (ReleaseSlave *slave,
      const char   *text)
{
  g_autoptr(GError) error = NULL;

  if (!release_ipc_channel_send_event_string (release_slave_get_channel (slave), text, &error))
    g_printerr ("Cannot tell: %s\n", error->message);
}

static gboolean
request_cb (ReleaseIpcChannel    *channel,
            ReleaseIpcInvocation *invocation,
            gpointer              user_data)
{
  g_autofree char *answer = NULL;

  answer = g_ascii_strup (release_ipc_invocation_get_string (invocation), -1);
  return release_ipc_invocation_return_string (invocation, answer, NULL);
}

/* Echoes events and answers requests in upper case. */
static void
event_cb (ReleaseIpcChannel *channel,
          ReleaseIpcMessage *message,
          ReleaseSlave      *slave)
{
  g_autofree char *text = g_strdup_printf ("echo:%s", release_ipc_message_get_string (message));

  tell (slave, text);
}

static void
on_serve (ReleaseSlave *slave)
{
  g_signal_connect (release_slave_get_channel (slave), "event", G_CALLBACK (event_cb), slave);
  g_signal_connect (release_slave_get_channel (slave), "request", G_CALLBACK (request_cb), slave);
}

/* Asks the master and tells it the answer, which on a plain channel is another question. */
static void
on_ask (ReleaseSlave *slave)
{
  g_autoptr(GError) error = NULL;
  g_autofree char *answer = NULL;
  g_autofree char *text = NULL;

  answer = release_ipc_channel_call_string (release_slave_get_channel (slave), "question", 10000,
                                            NULL, &error);
  text = g_strdup_printf ("answer:%s", answer != NULL ? answer : error->message);
  if (release_slave_get_framing (slave) == RELEASE_IPC_FRAMING_MULTIPLEXED)
    tell (slave, text);
  else
    g_free (release_ipc_channel_call_string (release_slave_get_channel (slave), text, 10000, NULL,
                                             NULL));
}

/* Does not care for SIGTERM. */
static void
on_stubborn (ReleaseSlave *slave)
{
  signal (SIGTERM, SIG_IGN);
  tell (slave, "stubborn");
}

/* Tells its descriptors, ids, limit and the environment. */
static void
on_report (ReleaseSlave *slave)
{
  g_autoptr(GString) fds = g_string_new ("fds:");
  g_autofree char *ids = g_strdup_printf ("ids:%d:%d", getuid (), getgid ());
  g_auto(GStrv) environment = g_get_environ ();
  g_autofree char *variables = g_strjoinv ("\n", environment);
  g_autofree char *text = g_strdup_printf ("env:\n%s\n", variables);
  g_autofree char *folder = g_get_current_dir ();
  g_autofree char *where = g_strdup_printf ("cwd:%s", folder);
  struct rlimit nofile;
  g_autofree char *limit = NULL;

  for (int fd = 0; fd < 64; fd++)
    {
      g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
      char target[256] = "";

      if (readlink (path, target, sizeof target - 1) > 0 &&
          (g_str_has_prefix (target, "socket:") || fd == 0))
        g_string_append_printf (fds, " %s", fd == 0 ? target : "socket");
    }

  getrlimit (RLIMIT_NOFILE, &nofile);
  limit = g_strdup_printf ("nofile:%" G_GUINT64_FORMAT, (guint64) nofile.rlim_cur);
  tell (slave, fds->str);
  tell (slave, ids);
  tell (slave, limit);
  tell (slave, where);
  tell (slave, text);
}

/* Tells whether other processes of its user may look into it. */
static void
on_dumpable (ReleaseSlave *slave)
{
  g_autofree char *text = g_strdup_printf ("dumpable:%d", prctl (PR_GET_DUMPABLE));

  tell (slave, text);
}

/* Leaves a child in its process group. */
static void
on_child (ReleaseSlave *slave)
{
  g_autofree char *text = NULL;
  pid_t pid = fork ();

  if (pid == 0)
    {
      execl ("/bin/sleep", "sleep", "1000", NULL);
      _exit (127);
    }

  text = g_strdup_printf ("child:%d", pid);
  tell (slave, text);
}

/* Tells on which path the socket that it was passed listens, and whether it gets it twice. */
static void
on_control (ReleaseSlave *slave)
{
  int fd = release_slave_steal_fd (slave, "control");
  int again = release_slave_steal_fd (slave, "control");
  struct sockaddr_un address = { 0 };
  socklen_t length = sizeof address;
  g_autofree char *text = NULL;

  if (fd < 0 || getsockname (fd, (struct sockaddr *) &address, &length) < 0)
    text = g_strdup ("control:none");
  else
    text = g_strdup_printf ("control:%s again:%d", address.sun_path, again);
  tell (slave, text);
}

static void
on_nothing (ReleaseSlave *slave)
{
}

/* Tells something, as a slave in one call. */
static void
on_me (ReleaseIpcChannel *channel,
       gpointer           user_data)
{
  release_ipc_channel_send_event_string (channel, user_data, NULL);
}

static const struct
{
  const char  *name;
  void       (*on_main) (ReleaseSlave *slave);
} modes[] = {
  { "serve", on_serve },
  { "ask", on_ask },
  { "stubborn", on_stubborn },
  { "report", on_report },
  { "dumpable", on_dumpable },
  { "child", on_child },
  { "control", on_control },
  { "user", on_report },
  { "nothing", on_nothing },
};

/* Tells something without the help of the library, as a plain frame. */
static void
tell_plain (const char *text)
{
  guint32 length = GUINT32_TO_BE (strlen (text));

  if (write (STDIN_FILENO, &length, sizeof length) != sizeof length ||
      write (STDIN_FILENO, text, strlen (text)) != (gssize) strlen (text))
    abort ();
}

/* Its descriptors as they are at the very start. */
static void
show_descriptors (void)
{
  DIR *folder = opendir ("/proc/self/fd");
  g_autoptr(GString) text = g_string_new ("start:");
  g_auto(GStrv) environment = g_get_environ ();
  const char *fds = g_environ_getenv (environment, "RELEASE_FDS");
  const char *framing = g_environ_getenv (environment, "RELEASE_IPC");
  struct dirent *entry;
  sigset_t mask;

  while ((entry = readdir (folder)) != NULL)
    if (entry->d_name[0] != '.' && atoi (entry->d_name) != dirfd (folder))
      g_string_append_printf (text, " %s", entry->d_name);
  closedir (folder);

  sigprocmask (SIG_BLOCK, NULL, &mask);
  g_string_append_printf (text, " ipc=%s passed=%s session=%d group=%d usr1-ignored=%d "
                          "usr1-blocked=%d", framing, fds != NULL ? fds : "none",
                          getsid (0) == getpid (), getpgrp () == getpid (),
                          signal (SIGUSR1, SIG_DFL) == SIG_IGN, sigismember (&mask, SIGUSR1));

  tell_plain (text->str);
  for (;;)
    pause ();
}

int
main (int    argc,
      char **argv)
{
  const char *mode = argc > 1 ? argv[1] : "serve";
  const char *user = strcmp (mode, "user") == 0 ? argv[2] : NULL;
  g_autoptr(ReleaseSlave) slave = NULL;

  if (strcmp (mode, "die") == 0)
    return 3;
  if (strcmp (mode, "last-words") == 0)
    {
      tell_plain ("last words");
      return 5;
    }
  if (strcmp (mode, "descriptors") == 0)
    show_descriptors ();
  if (strcmp (mode, "hang-up") == 0)
    {
      close (STDIN_FILENO);
      for (;;)
        pause ();
    }
  if (strcmp (mode, "deaf") == 0)
    {
      for (;;)
        pause ();
    }

  if (strcmp (mode, "me") == 0)
    return release_me (FALSE, NULL, on_me, (gpointer) "me");

  slave = release_slave_new (user, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    if (strcmp (mode, modes[i].name) == 0)
      g_signal_connect (slave, "main", G_CALLBACK (modes[i].on_main), NULL);

  return release_slave_run (slave);
}
