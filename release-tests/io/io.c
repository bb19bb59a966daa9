/* release-tests/io/io.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include <release/release.h>

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <termios.h>
#include <unistd.h>

#define LARGE_BYTES (1024 * 1024)

/* Every behaviour is asked of both forms. */
typedef enum
{
  SYNC,
  ASYNC,
} Form;

static void
store_result_cb (GObject      *source,
                 GAsyncResult *result,
                 gpointer      user_data)
{
  *(GAsyncResult **) user_data = g_object_ref (result);
}

static void
wait_for_result (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
}

static gssize
do_read_once (Form            form,
              int             fd,
              ReleaseBuffer  *buffer,
              gsize           offset,
              gsize           max_length,
              GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (form == SYNC)
    return release_io_read_once (fd, buffer, offset, max_length, NULL, error);

  release_io_read_once_async (fd, buffer, offset, max_length, NULL, store_result_cb, &result);
  wait_for_result (&result);
  return release_io_read_once_finish (result, error);
}

static gboolean
do_read (Form            form,
         int             fd,
         ReleaseBuffer  *buffer,
         gsize           length,
         int             timeout_msec,
         GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (form == SYNC)
    return release_io_read (fd, buffer, length, timeout_msec, NULL, error);

  release_io_read_async (fd, buffer, length, timeout_msec, NULL, store_result_cb, &result);
  wait_for_result (&result);
  return release_io_read_finish (result, error);
}

static gboolean
do_write (Form            form,
          int             fd,
          ReleaseBuffer  *buffer,
          int             timeout_msec,
          GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (form == SYNC)
    return release_io_write (fd, buffer, timeout_msec, NULL, error);

  release_io_write_async (fd, buffer, timeout_msec, NULL, store_result_cb, &result);
  wait_for_result (&result);
  return release_io_write_finish (result, error);
}

static gboolean
do_send_fds (Form            form,
             int             fd,
             ReleaseBuffer  *buffer,
             GUnixFDList    *fds,
             GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (form == SYNC)
    return release_io_send_fds (fd, buffer, fds, -1, NULL, error);

  release_io_send_fds_async (fd, buffer, fds, -1, NULL, store_result_cb, &result);
  wait_for_result (&result);
  return release_io_send_fds_finish (result, error);
}

static GUnixFDList *
do_receive_fds (Form            form,
                int             fd,
                ReleaseBuffer  *buffer,
                gsize           max_length,
                guint           max_fds,
                GError        **error)
{
  g_autoptr(GAsyncResult) result = NULL;

  if (form == SYNC)
    return release_io_receive_fds (fd, buffer, max_length, max_fds, -1, NULL, error);

  release_io_receive_fds_async (fd, buffer, max_length, max_fds, -1, NULL, store_result_cb,
                                &result);
  wait_for_result (&result);
  return release_io_receive_fds_finish (result, error);
}

static void
make_sockets (int *fds)
{
  g_assert_cmpint (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), ==, 0);
}

/* fds[1] is written to, fds[0] read from; both block. */
static void
make_pipe (int *fds)
{
  g_assert_cmpint (pipe2 (fds, O_CLOEXEC), ==, 0);
}

static void
make_terminal (int *fds)
{
  struct termios termios;

  fds[0] = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (fds[0], >=, 0);
  g_assert_cmpint (grantpt (fds[0]), ==, 0);
  g_assert_cmpint (unlockpt (fds[0]), ==, 0);
  fds[1] = open (ptsname (fds[0]), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (fds[1], >=, 0);
  g_assert_cmpint (tcgetattr (fds[1], &termios), ==, 0);
  cfmakeraw (&termios);
  g_assert_cmpint (tcsetattr (fds[1], TCSANOW, &termios), ==, 0);
}

typedef struct
{
  const char  *name;
  void       (*make) (int *fds);
  gsize        length;
} Channel;

static const Channel channels[] = {
  { "socket", make_sockets, LARGE_BYTES },
  { "pipe", make_pipe, LARGE_BYTES },
  { "terminal", make_terminal, 100 * 1024 },
};

static ReleaseBuffer *
make_noise (gsize length)
{
  ReleaseBuffer *buffer = release_buffer_new (length);

  for (gsize i = 0; i < length; i++)
    g_assert_true (release_buffer_append_byte (buffer, g_test_rand_int_range (0, 256), NULL));

  return buffer;
}

static void
assert_text (const ReleaseBuffer *buffer,
             const char          *expected)
{
  gsize length;
  const guint8 *data = release_buffer_get_data (buffer, &length);

  g_assert_cmpmem (data, length, expected, strlen (expected));
}

static void
put_text (int         fd,
          const char *text)
{
  g_assert_cmpint (write (fd, text, strlen (text)), ==, strlen (text));
}

static void
close_both (int *fds)
{
  close (fds[0]);
  close (fds[1]);
}

static void
test_io_read_once (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  int fds[2];

  g_test_summary ("What there is replaces what is at the offset, and goes on behind the end");

  make_sockets (fds);
  put_text (fds[1], "hello world");
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 0, 5, NULL), ==, 5);
  assert_text (buffer, "hello");
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 1, 2, NULL), ==, 2);
  assert_text (buffer, "h wlo");
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 3, 100, NULL), ==, 4);
  assert_text (buffer, "h world");

  /* The limit holds, and takes what fits. */
  put_text (fds[1], "12345");
  release_buffer_set_limit (buffer, 10);
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 7, 100, NULL), ==, 3);
  assert_text (buffer, "h world123");

  close (fds[1]);
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 0, 100, NULL), ==, 2);
  assert_text (buffer, "45world123");
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 0, 100, NULL), ==, 0);
  assert_text (buffer, "45world123");
  close (fds[0]);
}

static void
test_io_read_once_errors (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_filled (3, '-');
  g_autoptr(GError) error = NULL;
  int fds[2];

  g_test_summary ("An offset past the end, or no room within the limit, reads nothing");

  make_sockets (fds);
  put_text (fds[1], "hello");
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 4, 1, &error), ==, -1);
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_OUT_OF_RANGE);
  g_clear_error (&error);
  release_buffer_set_limit (buffer, 3);
  g_assert_cmpint (do_read_once (form, fds[0], buffer, 3, 1, &error), ==, -1);
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
  g_clear_error (&error);
  g_assert_false (do_read (form, fds[0], buffer, 1, -1, &error));
  g_assert_error (error, RELEASE_BUFFER_ERROR, RELEASE_BUFFER_ERROR_LIMIT);
  assert_text (buffer, "---");
  close_both (fds);
}

static void
test_io_ends (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);

  g_test_summary ("The end before the first byte is told from the end in the middle");

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
      g_autoptr(GError) error = NULL;
      int fds[2];

      channels[i].make (fds);
      put_text (fds[1], "hello");
      close (fds[1]);
      g_assert_true (do_read (form, fds[0], buffer, 2, -1, &error));
      g_assert_no_error (error);
      g_assert_false (do_read (form, fds[0], buffer, 8, -1, &error));
      g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TRUNCATED);
      g_assert_nonnull (strstr (error->message, "after 3 of 8 bytes"));
      assert_text (buffer, "hello");
      g_clear_error (&error);
      g_assert_false (do_read (form, fds[0], buffer, 8, -1, &error));
      g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF);
      g_clear_error (&error);
      g_assert_true (do_read (form, fds[0], buffer, 0, 0, &error));
      assert_text (buffer, "hello");
      close (fds[0]);
    }
}

typedef struct
{
  int fd;
  int stop;  /* (atomic) */
} Dripper;

static gpointer
drip (gpointer data)
{
  Dripper *dripper = data;

  while (!g_atomic_int_get (&dripper->stop))
    {
      put_text (dripper->fd, ".");
      g_usleep (5 * 1000);
    }

  return NULL;
}

static void
test_io_deadline (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);

  g_test_summary ("A timeout is one for the whole, whoever drips in between; what came is kept");

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
      g_autoptr(GError) error = NULL;
      Dripper dripper = { 0 };
      GThread *thread;
      int fds[2];

      channels[i].make (fds);
      dripper.fd = fds[1];
      thread = g_thread_new ("drip", drip, &dripper);
      g_assert_false (do_read (form, fds[0], buffer, 100000, 100, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_cmpuint (release_buffer_get_length (buffer), >, 0);
      g_assert_cmpuint (release_buffer_get_length (buffer), <, 100000);
      g_atomic_int_set (&dripper.stop, TRUE);
      g_thread_join (thread);
      close_both (fds);
    }
}

static void
test_io_write_deadline (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) noise = release_buffer_new_filled (8 * LARGE_BYTES, 'x');

  g_test_summary ("A write to one who does not read times out, on descriptors that block too");

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(GError) error = NULL;
      int fds[2];

      channels[i].make (fds);
      g_assert_false (do_write (form, fds[1], noise, 20, &error));
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
      g_assert_false (do_write (form, fds[1], noise, 0, NULL));
      close_both (fds);
    }
}

typedef struct
{
  int            fd;
  ReleaseBuffer *noise;
} Writer;

static gpointer
write_noise (gpointer data)
{
  Writer *writer = data;
  g_autoptr(GError) error = NULL;

  g_assert_true (release_io_write (writer->fd, writer->noise, -1, NULL, &error));
  g_assert_no_error (error);
  return NULL;
}

static void
ignore_signal (int signum)
{
}

static void
test_io_interrupted (void)
{
  struct sigaction action = { .sa_handler = ignore_signal };
  struct sigaction ignore = { .sa_handler = SIG_IGN };
  struct itimerval often = { { 0, 500 }, { 0, 500 } };
  struct itimerval never = { { 0, 0 }, { 0, 0 } };

  g_test_summary ("Signals in between change nothing: all bytes come, in order");

  sigaction (SIGALRM, &action, NULL);
  setitimer (ITIMER_REAL, &often, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(ReleaseBuffer) noise = make_noise (channels[i].length);
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
      g_autoptr(GError) error = NULL;
      Writer writer = { -1, noise };
      GThread *thread;
      int fds[2];

      channels[i].make (fds);
      writer.fd = fds[1];
      thread = g_thread_new ("write", write_noise, &writer);
      g_assert_true (release_io_read (fds[0], buffer, channels[i].length, -1, NULL, &error));
      g_assert_no_error (error);
      g_thread_join (thread);
      g_assert_true (release_buffer_equal (buffer, noise));
      close_both (fds);
    }
  setitimer (ITIMER_REAL, &never, NULL);
  /* One may be on its way yet. */
  sigaction (SIGALRM, &ignore, NULL);
}

static void
test_io_loop_goes_on (void)
{
  g_test_summary ("Both ends in one main loop, on descriptors that block: neither blocks the loop");

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(ReleaseBuffer) noise = make_noise (channels[i].length);
      g_autoptr(ReleaseBuffer) sent = release_buffer_dup (noise);
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
      g_autoptr(GAsyncResult) written = NULL;
      g_autoptr(GAsyncResult) read_result = NULL;
      g_autoptr(GError) error = NULL;
      int fds[2];

      channels[i].make (fds);
      release_io_write_async (fds[1], sent, -1, NULL, store_result_cb, &written);
      /* What is written was settled by the call. */
      g_assert_true (release_buffer_fill (sent, 0, channels[i].length, 0, NULL));
      release_io_read_async (fds[0], buffer, channels[i].length, 60000, NULL, store_result_cb,
                             &read_result);
      wait_for_result (&read_result);
      wait_for_result (&written);
      g_assert_true (release_io_write_finish (written, &error));
      g_assert_no_error (error);
      g_assert_true (release_io_read_finish (read_result, &error));
      g_assert_no_error (error);
      g_assert_true (release_buffer_equal (buffer, noise));
      close_both (fds);
    }
}

static void
test_io_files (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) noise = make_noise (LARGE_BYTES);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GError) error = NULL;
  g_autofree char *path = NULL;
  int fd, zero;

  g_test_summary ("Files and devices that poll does not know are read and written too");

  fd = g_file_open_tmp ("release-io-XXXXXX", &path, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unlink (path), ==, 0);
  g_assert_true (do_write (form, fd, noise, -1, &error));
  g_assert_no_error (error);
  g_assert_cmpint (lseek (fd, 0, SEEK_SET), ==, 0);
  g_assert_true (do_read (form, fd, buffer, LARGE_BYTES, 60000, &error));
  g_assert_no_error (error);
  g_assert_true (release_buffer_equal (buffer, noise));
  g_assert_cmpint (do_read_once (form, fd, buffer, 0, 10, &error), ==, 0);
  close (fd);

  zero = open ("/dev/zero", O_RDWR | O_CLOEXEC);
  g_assert_true (do_read (form, zero, buffer, LARGE_BYTES, -1, &error));
  g_assert_no_error (error);
  g_assert_true (do_write (form, zero, noise, -1, &error));
  g_assert_no_error (error);
  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 2 * LARGE_BYTES);
  g_assert_cmpint (release_buffer_get_byte (buffer, 2 * LARGE_BYTES - 1), ==, 0);
  close (zero);
}

static void
test_io_gone_reader (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) noise = release_buffer_new_filled (100, 'x');
  g_autoptr(GError) error = NULL;
  int fds[2];

  g_test_summary ("A socket whose peer is gone gives an error, and SIGPIPE kills nobody");

  make_sockets (fds);
  close (fds[0]);
  g_assert_false (do_write (form, fds[1], noise, -1, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_BROKEN_PIPE);
  close (fds[1]);
}

static void
test_io_bad_descriptors (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  int closed = open ("/dev/null", O_RDWR | O_CLOEXEC);
  int folder = open ("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  int null = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  int bad[] = { closed, -1, folder };
  g_autoptr(GError) error = NULL;
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_filled (3, '-');

  g_test_summary ("A descriptor that is closed, or a directory's, is an error that names it");

  close (closed);
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_autofree char *name = g_strdup_printf ("escriptor %d: ", bad[i]);
      g_autoptr(GError) errors_read = NULL;
      g_autoptr(GError) errors_write = NULL;
      g_autoptr(GError) errors_once = NULL;
      g_autoptr(GError) errors_fds = NULL;
      const GError *errors[4];

      g_assert_false (do_read (form, bad[i], buffer, 1, -1, &errors_read));
      g_assert_false (do_write (form, bad[i], buffer, -1, &errors_write));
      g_assert_cmpint (do_read_once (form, bad[i], buffer, 0, 1, &errors_once), ==, -1);
      g_assert_null (do_receive_fds (form, bad[i], buffer, 1, 1, &errors_fds));
      errors[0] = errors_read;
      errors[1] = errors_write;
      errors[2] = errors_once;
      errors[3] = errors_fds;
      for (guint j = 0; j < G_N_ELEMENTS (errors); j++)
        {
          g_assert_nonnull (errors[j]);
          g_assert_true (errors[j]->domain == G_IO_ERROR);
          g_assert_nonnull (strstr (errors[j]->message, name));
          if (bad[i] == folder)
            g_assert_cmpint (errors[j]->code, ==, G_IO_ERROR_IS_DIRECTORY);
        }
    }
  assert_text (buffer, "---");

  g_assert_false (do_write (form, null, buffer, -1, &error));
  g_assert_nonnull (error);
  g_clear_error (&error);
  g_assert_null (do_receive_fds (form, null, buffer, 1, 1, &error));
  g_assert_nonnull (error);
  close (null);
  close (folder);
}

static void
test_io_announced_length (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GError) error = NULL;
  int fds[2];

  g_test_summary ("Memory grows with what arrives, not with what was asked for");

  make_sockets (fds);
  put_text (fds[1], "hello");
  close (fds[1]);
  g_assert_false (do_read (form, fds[0], buffer, G_MAXSSIZE, -1, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TRUNCATED);
  assert_text (buffer, "hello");
  g_assert_cmpuint (release_buffer_get_capacity (buffer), <=, 256 * 1024);
  close (fds[0]);
}

static gpointer
cancel_soon (gpointer data)
{
  g_usleep (20 * 1000);
  g_cancellable_cancel (data);
  return NULL;
}

static void
test_io_cancel_from_thread (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);

  g_test_summary ("Another thread cancels, at any time");

  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    {
      g_autoptr(GCancellable) cancellable = g_cancellable_new ();
      g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
      g_autoptr(GAsyncResult) result = NULL;
      g_autoptr(GError) error = NULL;
      GThread *thread;
      int fds[2];

      channels[i].make (fds);
      thread = g_thread_new ("cancel", cancel_soon, cancellable);
      if (form == SYNC)
        {
          g_assert_false (release_io_read (fds[0], buffer, 1, -1, cancellable, &error));
        }
      else
        {
          release_io_read_async (fds[0], buffer, 1, -1, cancellable, store_result_cb, &result);
          wait_for_result (&result);
          g_assert_false (release_io_read_finish (result, &error));
        }
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
      g_thread_join (thread);
      close_both (fds);
    }
}

static void
test_io_cancel_and_close (void)
{
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(ReleaseBuffer) other_buffer = release_buffer_new (0);
  g_autoptr(GAsyncResult) result = NULL;
  g_autoptr(GAsyncResult) other = NULL;
  g_autoptr(GAsyncResult) late = NULL;
  g_autoptr(GError) error = NULL;
  int fds[2];
  int again[2];

  g_test_summary ("Whoever has cancelled may close at once: the next owner of the number is safe");

  make_sockets (fds);
  release_io_read_async (fds[0], buffer, 1, -1, cancellable, store_result_cb, &result);
  g_cancellable_cancel (cancellable);
  close_both (fds);
  make_sockets (again);
  g_assert_cmpint (again[0], ==, fds[0]);
  release_io_read_async (again[0], other_buffer, 5, -1, NULL, store_result_cb, &other);
  release_io_read_async (again[0], buffer, 5, -1, cancellable, store_result_cb, &late);
  wait_for_result (&result);
  wait_for_result (&late);
  g_assert_false (release_io_read_finish (result, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 0);
  g_assert_null (other);

  put_text (again[1], "hello");
  wait_for_result (&other);
  g_assert_true (release_io_read_finish (other, NULL));
  assert_text (other_buffer, "hello");
  close_both (again);
}

static void
test_io_both_ways (void)
{
  g_autoptr(ReleaseBuffer) noise = make_noise (LARGE_BYTES);
  g_autoptr(ReleaseBuffer) ours = release_buffer_new (0);
  g_autoptr(ReleaseBuffer) theirs = release_buffer_new (0);
  GAsyncResult *results[4] = { NULL };
  int fds[2];

  g_test_summary ("One descriptor is read and written at the same time");

  make_sockets (fds);
  release_io_read_async (fds[0], ours, LARGE_BYTES, -1, NULL, store_result_cb, &results[0]);
  release_io_write_async (fds[0], noise, -1, NULL, store_result_cb, &results[1]);
  release_io_read_async (fds[1], theirs, LARGE_BYTES, -1, NULL, store_result_cb, &results[2]);
  release_io_write_async (fds[1], noise, -1, NULL, store_result_cb, &results[3]);
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    wait_for_result (&results[i]);
  g_assert_true (release_buffer_equal (ours, noise));
  g_assert_true (release_buffer_equal (theirs, noise));
  for (guint i = 0; i < G_N_ELEMENTS (results); i++)
    g_clear_object (&results[i]);
  close_both (fds);
}

static guint
count_descriptors (void)
{
  g_autoptr(GDir) folder = g_dir_open ("/proc/self/fd", 0, NULL);
  guint n = 0;

  g_assert_nonnull (folder);
  while (g_dir_read_name (folder) != NULL)
    n++;

  return n;
}

static GUnixFDList *
make_fds (guint n)
{
  GUnixFDList *fds = g_unix_fd_list_new ();
  int null = open ("/dev/null", O_RDWR | O_CLOEXEC);

  for (guint i = 0; i < n; i++)
    g_assert_cmpint (g_unix_fd_list_append (fds, null, NULL), ==, i);
  close (null);
  return fds;
}

static void
test_io_fds (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) hello = release_buffer_new_from_data ((const guint8 *) "hello", 5);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GUnixFDList) sent = make_fds (3);
  g_autoptr(GUnixFDList) received = NULL;
  g_autoptr(GUnixFDList) none = NULL;
  g_autoptr(GError) error = NULL;
  int fds[2];

  g_test_summary ("Descriptors arrive with their bytes, closed on exec");

  make_sockets (fds);
  g_assert_true (do_send_fds (form, fds[1], hello, sent, &error));
  g_assert_no_error (error);
  received = do_receive_fds (form, fds[0], buffer, 100, 3, &error);
  g_assert_no_error (error);
  assert_text (buffer, "hello");
  g_assert_cmpint (g_unix_fd_list_get_length (received), ==, 3);
  for (int i = 0; i < 3; i++)
    g_assert_cmpint (fcntl (g_unix_fd_list_peek_fds (received, NULL)[i], F_GETFD), ==, FD_CLOEXEC);

  put_text (fds[1], "!");
  none = do_receive_fds (form, fds[0], buffer, 100, 0, &error);
  g_assert_no_error (error);
  assert_text (buffer, "hello!");
  g_assert_cmpint (g_unix_fd_list_get_length (none), ==, 0);

  close (fds[1]);
  g_assert_null (do_receive_fds (form, fds[0], buffer, 100, 3, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF);
  close (fds[0]);
}

static void
test_io_too_many_fds (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) hello = release_buffer_new_from_data ((const guint8 *) "hello", 5);
  g_autoptr(ReleaseBuffer) nothing = release_buffer_new (0);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GUnixFDList) four = make_fds (4);
  g_autoptr(GUnixFDList) most = make_fds (RELEASE_IO_MAX_FDS);
  g_autoptr(GUnixFDList) more = make_fds (RELEASE_IO_MAX_FDS + 1);
  g_autoptr(GUnixFDList) received = NULL;
  g_autoptr(GError) error = NULL;
  guint n_before;
  int fds[2];

  g_test_summary ("More descriptors than allowed are an error, and none of them stays open");

  make_sockets (fds);
  n_before = count_descriptors ();
  g_assert_true (do_send_fds (form, fds[1], hello, four, NULL));
  g_assert_null (do_receive_fds (form, fds[0], buffer, 100, 3, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS);
  g_clear_error (&error);
  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 0);
  /* The asynchronous form has its main loop's own by now. */
  while (count_descriptors () > n_before + (form == ASYNC ? 2 : 0))
    g_usleep (1000);

  g_assert_false (do_send_fds (form, fds[1], hello, more, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS);
  g_clear_error (&error);
  g_assert_false (do_send_fds (form, fds[1], nothing, four, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT);
  g_clear_error (&error);

  g_assert_true (do_send_fds (form, fds[1], hello, most, &error));
  g_assert_no_error (error);
  received = do_receive_fds (form, fds[0], buffer, 100, RELEASE_IO_MAX_FDS, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unix_fd_list_get_length (received), ==, RELEASE_IO_MAX_FDS);
  close_both (fds);
}

static void
test_io_fds_without_bytes (gconstpointer data)
{
  Form form = GPOINTER_TO_INT (data);
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new (0);
  g_autoptr(GUnixFDList) received = NULL;
  g_autoptr(GError) error = NULL;
  union
  {
    struct cmsghdr header;
    guint8         space[CMSG_SPACE (sizeof (int))];
  } control = { 0 };
  struct iovec iov = { 0 };
  struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control,
                            .msg_controllen = sizeof control };
  int fds[2];

  g_test_summary ("A packet of descriptors alone is not the end, and leaks none of them");

  g_assert_cmpint (socketpair (AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, fds), ==, 0);
  control.header.cmsg_level = SOL_SOCKET;
  control.header.cmsg_type = SCM_RIGHTS;
  control.header.cmsg_len = CMSG_LEN (sizeof (int));
  memcpy (CMSG_DATA (&control.header), &fds[1], sizeof (int));

  for (guint i = 0; i < 2; i++)
    g_assert_cmpint (sendmsg (fds[1], &message, MSG_NOSIGNAL), ==, 0);
  received = do_receive_fds (form, fds[0], buffer, 100, 1, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_unix_fd_list_get_length (received), ==, 1);
  g_assert_cmpuint (release_buffer_get_length (buffer), ==, 0);
  g_assert_null (do_receive_fds (form, fds[0], buffer, 100, 0, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS);
  g_clear_error (&error);

  /* The end comes once nobody has the other end: a descriptor that was left open would keep it. */
  g_clear_object (&received);
  close (fds[1]);
  g_assert_null (do_receive_fds (form, fds[0], buffer, 100, 1, &error));
  g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_EOF);
  close (fds[0]);
}

/* Takes all descriptors that this process may have. (transfer full) */
static GArray *
take_all_descriptors (void)
{
  GArray *taken = g_array_new (FALSE, FALSE, sizeof (int));
  int fd;

  while ((fd = open ("/dev/null", O_RDWR | O_CLOEXEC)) >= 0)
    g_array_append_val (taken, fd);
  g_assert_cmpint (errno, ==, EMFILE);
  return taken;
}

static void
test_io_no_descriptors_left (void)
{
  struct rlimit before;
  struct rlimit low;
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  g_autoptr(ReleaseBuffer) buffer = release_buffer_new_from_data ((const guint8 *) "x", 1);
  g_autoptr(GUnixFDList) sent = make_fds (3);
  g_autoptr(GUnixFDList) received = NULL;
  g_autoptr(GArray) taken = NULL;
  g_autoptr(GError) error = NULL;
  GThread *thread;
  int fds[2];

  g_test_summary ("Without a free descriptor a read can be cancelled, and descriptors are refused");

  make_sockets (fds);
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &before), ==, 0);
  low = before;
  low.rlim_cur = count_descriptors () + 16;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &low), ==, 0);
  taken = take_all_descriptors ();

  thread = g_thread_new ("cancel", cancel_soon, cancellable);
  g_assert_false (release_io_read (fds[0], buffer, 1, -1, cancellable, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  g_clear_error (&error);
  g_thread_join (thread);

  g_assert_true (release_io_send_fds (fds[1], buffer, sent, -1, NULL, &error));
  g_assert_no_error (error);
  received = release_io_receive_fds (fds[0], buffer, 1, 3, -1, NULL, &error);
  /* All or nothing; all under valgrind, which keeps descriptors back for itself. */
  if (received != NULL)
    g_assert_cmpint (g_unix_fd_list_get_length (received), ==, 3);
  else
    g_assert_error (error, RELEASE_IO_ERROR, RELEASE_IO_ERROR_TOO_MANY_FDS);
  assert_text (buffer, received != NULL ? "xx" : "x");

  for (guint i = 0; i < taken->len; i++)
    close (g_array_index (taken, int, i));
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &before), ==, 0);
  close_both (fds);
}

static void
add_both (const char     *path,
          GTestDataFunc   func)
{
  g_autofree char *sync_path = g_strconcat ("/io/sync/", path, NULL);
  g_autofree char *async_path = g_strconcat ("/io/async/", path, NULL);

  g_test_add_data_func (sync_path, GINT_TO_POINTER (SYNC), func);
  g_test_add_data_func (async_path, GINT_TO_POINTER (ASYNC), func);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);
  add_both ("read-once", test_io_read_once);
  add_both ("read-once-errors", test_io_read_once_errors);
  add_both ("end-and-truncated", test_io_ends);
  add_both ("deadline-of-the-whole", test_io_deadline);
  add_both ("write-deadline", test_io_write_deadline);
  add_both ("files-and-devices", test_io_files);
  add_both ("no-sigpipe", test_io_gone_reader);
  add_both ("bad-descriptors", test_io_bad_descriptors);
  add_both ("announced-length", test_io_announced_length);
  add_both ("cancel-from-thread", test_io_cancel_from_thread);
  add_both ("descriptors", test_io_fds);
  add_both ("too-many-descriptors", test_io_too_many_fds);
  add_both ("descriptors-without-bytes", test_io_fds_without_bytes);
  g_test_add_func ("/io/sync/no-descriptors-left", test_io_no_descriptors_left);
  g_test_add_func ("/io/sync/interrupted", test_io_interrupted);
  g_test_add_func ("/io/async/loop-goes-on", test_io_loop_goes_on);
  g_test_add_func ("/io/async/cancel-and-close", test_io_cancel_and_close);
  g_test_add_func ("/io/async/both-ways", test_io_both_ways);

  return g_test_run ();
}
