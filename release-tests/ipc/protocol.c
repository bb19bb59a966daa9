/* release-tests/ipc/protocol.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * A typed protocol through all its functions: two numbers there, their sum back. What it refuses
 * to compile is in protocol-types.py.
 */

#include "config.h"

#include "release/release.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

typedef struct { int a, b; } AddRequest;
typedef struct { int sum; } AddResponse;

static guint n_values = 0;    /* that are allocated now */

static void
value_free (gpointer value)
{
  n_values--;
  g_free (value);
}

static GBytes *
add_request_to_bytes (const AddRequest  *request,
                      GError           **error)
{
  char *text;

  if (request->a < 0)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_FAULT, "Negative");
      return NULL;
    }
  /* One that fails without a word. */
  if (request->b < 0)
    return NULL;

  text = g_strdup_printf ("%d %d", request->a, request->b);
  return g_bytes_new_take (text, strlen (text));
}

static AddRequest *
add_request_from_bytes (GBytes  *bytes,
                        GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  AddRequest request;
  AddRequest *copy;

  if (text == NULL || sscanf (text, "%d %d", &request.a, &request.b) != 2)
    {
      g_set_error_literal (error, G_FILE_ERROR, G_FILE_ERROR_INVAL, "Not two numbers");
      return NULL;
    }

  n_values++;
  copy = g_new (AddRequest, 1);
  *copy = request;
  return copy;
}

static GBytes *
add_response_to_bytes (const AddResponse  *response,
                       GError            **error)
{
  char *text;

  if (response->sum > 1000000)
    return NULL;

  text = g_strdup_printf ("%d", response->sum);
  return g_bytes_new_take (text, strlen (text));
}

static AddResponse *
add_response_from_bytes (GBytes  *bytes,
                         GError **error)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  AddResponse *response;

  /* Fails without a word. */
  if (text == NULL || !g_ascii_isdigit (text[0]))
    return NULL;

  n_values++;
  response = g_new (AddResponse, 1);
  response->sum = atoi (text);
  return response;
}

RELEASE_DECLARE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse)

RELEASE_DEFINE_IPC_PROTOCOL (AddIpc, add_ipc, AddRequest, AddResponse,
                             add_request_to_bytes, add_request_from_bytes, value_free,
                             add_response_to_bytes, add_response_from_bytes, value_free)

typedef struct
{
  ReleaseIpcChannel *asker;
  ReleaseIpcChannel *server;
  AddIpcInvocation  *kept;       /* (nullable): a request that is answered later */
  guint              n_freed;    /* how often the data of a handler was freed */
} Fixture;

typedef struct
{
  guint   n;
  int     sum;
  GError *error;    /* (nullable) */
} Outcome;

static void
serve_cb (AddIpcInvocation *invocation,
          const AddRequest *request,
          gpointer          user_data)
{
  Fixture *f = user_data;
  AddResponse response = { request->a + request->b };
  AddResponse wrong = { 1000001 };
  g_autoptr(GError) error = NULL;

  g_assert_true (add_ipc_invocation_get_channel (invocation) == f->server);
  if (request->a == 13)
    {
      f->kept = add_ipc_invocation_ref (invocation);
    }
  else if (request->a == 14)
    {
      error = g_error_new_literal (G_FILE_ERROR, 1, "Fourteen");
      g_assert_true (add_ipc_return_error (invocation, error, NULL));
    }
  else
    {
      g_assert_false (add_ipc_return (invocation, &wrong, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
      g_assert_nonnull (strstr (error->message, "AddIpc"));
      g_clear_error (&error);
      g_assert_true (add_ipc_return (invocation, &response, &error));
      g_assert_false (add_ipc_return (invocation, &response, &error));
      g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_ANSWERED);
    }
}

static void
freed_cb (gpointer user_data)
{
  ((Fixture *) user_data)->n_freed++;
}

static void
call_cb (GObject      *source,
         GAsyncResult *result,
         gpointer      user_data)
{
  Outcome *outcome = user_data;
  AddResponse *response;

  response = add_ipc_call_finish (RELEASE_IPC_CHANNEL (source), result, &outcome->error);
  outcome->n++;
  if (response != NULL)
    {
      outcome->sum = response->sum;
      value_free (response);
    }
}

static void
set_up (Fixture           *f,
        ReleaseIpcFraming  framing)
{
  g_autoptr(GError) error = NULL;
  int fds[2];

  memset (f, 0, sizeof *f);
  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  f->asker = release_ipc_channel_new (fds[0], framing, NULL, &error);
  f->server = release_ipc_channel_new (fds[1], framing, NULL, &error);
  g_assert_no_error (error);
  add_ipc_serve (f->server, serve_cb, f, freed_cb);
}

static void
tear_down (Fixture *f)
{
  release_ipc_channel_close (f->asker);
  release_ipc_channel_close (f->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_assert_finalize_object (f->asker);
  g_assert_finalize_object (f->server);
  g_assert_cmpuint (f->n_freed, ==, 1);
  g_assert_cmpuint (n_values, ==, 0);
}

static void
call_func_cb (ReleaseIpcChannel *channel,
              const AddResponse *response,
              const GError      *error,
              gpointer           user_data)
{
  Outcome *outcome = user_data;

  g_assert_true ((response == NULL) == (error != NULL));
  outcome->n++;
  if (response != NULL)
    outcome->sum = response->sum;
  else
    outcome->error = g_error_copy (error);
}

/* In both forms, which must agree. */
static void
call (Fixture *f,
      int      a,
      int      b,
      Outcome *outcome)
{
  AddRequest request = { a, b };
  Outcome plain = { 0 };
  guint before = outcome->n;

  g_clear_error (&outcome->error);
  add_ipc_call_async (f->asker, &request, 60000, NULL, call_cb, outcome);
  while (outcome->n == before)
    g_main_context_iteration (NULL, TRUE);

  add_ipc_call_func (f->asker, &request, 60000, NULL, call_func_cb, &plain);
  g_assert_cmpuint (plain.n, ==, 0);
  while (plain.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (plain.sum, ==, outcome->error == NULL ? outcome->sum : 0);
  g_assert_cmpstr (plain.error != NULL ? plain.error->message : NULL, ==,
                   outcome->error != NULL ? outcome->error->message : NULL);
  g_clear_error (&plain.error);
}

static void
test_protocol_async (gconstpointer framing)
{
  Fixture f;
  Outcome outcome = { 0 };

  g_test_summary ("A typed request gets its typed response");

  set_up (&f, GPOINTER_TO_INT (framing));
  for (int i = 0; i < 10; i++)
    {
      call (&f, i, 2 * i, &outcome);
      g_assert_no_error (outcome.error);
      g_assert_cmpint (outcome.sum, ==, 3 * i);
    }
  tear_down (&f);
}

static void
test_protocol_later (void)
{
  Fixture f;
  Outcome outcome = { 0 };
  AddRequest request = { 13, 4 };
  AddResponse response = { 17 };

  g_test_summary ("A request that is kept is answered later; another is answered with an error");

  set_up (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
  add_ipc_call_async (f.asker, &request, -1, NULL, call_cb, &outcome);
  while (f.kept == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (add_ipc_return (f.kept, &response, NULL));
  add_ipc_invocation_unref (f.kept);
  while (outcome.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_cmpint (outcome.sum, ==, 17);

  call (&f, 14, 1, &outcome);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE);
  g_clear_error (&outcome.error);
  tear_down (&f);
}

static void
test_protocol_bad_request (void)
{
  Fixture f;
  Outcome outcome = { 0 };
  AddRequest negative = { -1, 0 };
  g_autoptr(GError) error = NULL;

  g_test_summary ("A request that cannot be converted fails where it is made, with the error of "
                  "the conversion or one that names the protocol");

  set_up (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
  g_assert_null (add_ipc_call (f.asker, &negative, -1, NULL, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_FAULT);
  call (&f, -1, 0, &outcome);
  g_assert_error (outcome.error, G_FILE_ERROR, G_FILE_ERROR_FAULT);
  call (&f, 0, -1, &outcome);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_nonnull (strstr (outcome.error->message, "AddIpc"));
  g_clear_error (&outcome.error);
  tear_down (&f);
}

static void
string_cb (GObject      *source,
           GAsyncResult *result,
           gpointer      user_data)
{
  Outcome *outcome = user_data;
  g_autofree char *text = NULL;

  text = release_ipc_channel_call_string_finish (RELEASE_IPC_CHANNEL (source), result,
                                                 &outcome->error);
  g_assert_null (text);
  outcome->n++;
}

static void
test_protocol_bad_bytes (void)
{
  Fixture f;
  Outcome outcome = { 0 };

  g_test_summary ("A request of a peer that does not convert is answered with the error, and the "
                  "handler never sees it");

  set_up (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
  release_ipc_channel_call_string_async (f.asker, "no numbers", -1, NULL, string_cb, &outcome);
  while (outcome.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_REMOTE);
  g_assert_nonnull (strstr (outcome.error->message, "Not two numbers"));
  g_clear_error (&outcome.error);
  tear_down (&f);
}

static gboolean
nonsense_cb (ReleaseIpcChannel    *channel,
             ReleaseIpcInvocation *invocation,
             gpointer              user_data)
{
  return release_ipc_invocation_return_string (invocation, "nonsense", NULL);
}

static void
test_protocol_bad_response (void)
{
  Fixture f;
  Outcome outcome = { 0 };

  g_test_summary ("A response that does not convert is an error that names the protocol");

  set_up (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
  release_ipc_channel_serve (f.server, nonsense_cb, NULL, NULL);
  g_assert_cmpuint (f.n_freed, ==, 1);
  call (&f, 1, 2, &outcome);
  g_assert_error (outcome.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_nonnull (strstr (outcome.error->message, "AddIpc"));
  g_clear_error (&outcome.error);
  tear_down (&f);
}

static void
test_protocol_sync (void)
{
  /* The answer to the first request of a plain channel, before it is asked. */
  static const char answer[] = "\0\0\0\0023\n";
  AddRequest request = { 1, 2 };
  AddResponse *response;
  g_autoptr(GError) error = NULL;
  ReleaseIpcChannel *channel;
  int fds[2];

  g_test_summary ("The synchronous form returns the typed response, or the error");

  g_assert_no_errno (socketpair (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds));
  channel = release_ipc_channel_new (fds[0], RELEASE_IPC_FRAMING_PLAIN, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (send (fds[1], answer, 6, MSG_NOSIGNAL), ==, 6);
  response = add_ipc_call (channel, &request, -1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpint (response->sum, ==, 3);
  value_free (response);
  g_assert_null (add_ipc_call (channel, &request, 1, NULL, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_finalize_object (channel);
  g_assert_true (g_close (fds[1], NULL));
}

static void
test_protocol_func_ends (void)
{
  Fixture f;
  Outcome late = { 0 }, cancelled = { 0 }, closed = { 0 }, refused = { 0 };
  g_autoptr(GCancellable) cancellable = g_cancellable_new ();
  AddRequest request = { 13, 4 };

  g_test_summary ("The form with a plain callback ends once, by whatever ends it: its time, its "
                  "cancellable, the channel; on a closed channel, after it has returned");

  set_up (&f, RELEASE_IPC_FRAMING_MULTIPLEXED);
  add_ipc_call_func (f.asker, &request, 1, NULL, call_func_cb, &late);
  while (late.n == 0 || f.kept == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (late.error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  add_ipc_invocation_unref (g_steal_pointer (&f.kept));

  add_ipc_call_func (f.asker, &request, -1, cancellable, call_func_cb, &cancelled);
  while (f.kept == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (cancelled.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (cancelled.error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  add_ipc_invocation_unref (g_steal_pointer (&f.kept));

  add_ipc_call_func (f.asker, &request, -1, NULL, call_func_cb, &closed);
  while (f.kept == NULL)
    g_main_context_iteration (NULL, TRUE);
  release_ipc_channel_close (f.asker);
  while (closed.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (closed.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);
  add_ipc_invocation_unref (g_steal_pointer (&f.kept));

  add_ipc_call_func (f.asker, &request, -1, NULL, call_func_cb, &refused);
  g_assert_cmpuint (refused.n, ==, 0);
  while (refused.n == 0)
    g_main_context_iteration (NULL, TRUE);
  g_assert_error (refused.error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CLOSED);

  tear_down (&f);
  g_assert_cmpuint (late.n + cancelled.n + closed.n + refused.n, ==, 4);
  g_error_free (late.error);
  g_error_free (cancelled.error);
  g_error_free (closed.error);
  g_error_free (refused.error);
}

static void
test_protocol_codec (void)
{
  g_autoptr(ReleaseIpcCodec) codec = add_ipc_new_codec ();
  g_autoptr(GBytes) good = g_bytes_new_static ("1 2", 3);
  g_autoptr(GBytes) bad = g_bytes_new_static ("x", 1);
  g_autoptr(GBytes) encoded = NULL;
  g_auto(GValue) value = G_VALUE_INIT;
  g_auto(GValue) null = G_VALUE_INIT;
  g_autoptr(GError) error = NULL;

  g_test_summary ("The codec of a protocol lets through what the protocol understands");

  g_assert_true (release_ipc_codec_get_request_type (codec) == G_TYPE_BYTES);
  g_assert_true (release_ipc_codec_get_response_type (codec) == G_TYPE_BYTES);
  g_value_init (&value, G_TYPE_BYTES);
  g_value_set_boxed (&value, good);
  encoded = release_ipc_codec_encode_request (codec, &value, &error);
  g_assert_no_error (error);
  g_assert_true (encoded == good);
  g_value_set_boxed (&value, bad);
  g_assert_null (release_ipc_codec_encode_request (codec, &value, &error));
  g_assert_error (error, G_FILE_ERROR, G_FILE_ERROR_INVAL);
  g_clear_error (&error);
  g_assert_null (release_ipc_codec_encode_response (codec, &value, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_clear_error (&error);
  g_value_init (&null, G_TYPE_BYTES);
  g_assert_null (release_ipc_codec_encode_response (codec, &null, &error));
  g_assert_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_CODEC);
  g_assert_cmpuint (n_values, ==, 0);
  g_assert_finalize_object (g_steal_pointer (&codec));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_data_func ("/protocol/async/plain", GINT_TO_POINTER (RELEASE_IPC_FRAMING_PLAIN),
                        test_protocol_async);
  g_test_add_data_func ("/protocol/async/multiplexed",
                        GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED), test_protocol_async);
  g_test_add_func ("/protocol/later", test_protocol_later);
  g_test_add_func ("/protocol/bad-request", test_protocol_bad_request);
  g_test_add_func ("/protocol/bad-bytes", test_protocol_bad_bytes);
  g_test_add_func ("/protocol/bad-response", test_protocol_bad_response);
  g_test_add_func ("/protocol/sync", test_protocol_sync);
  g_test_add_func ("/protocol/func-ends", test_protocol_func_ends);
  g_test_add_func ("/protocol/codec", test_protocol_codec);

  return g_test_run ();
}
