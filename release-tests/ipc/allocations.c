/* release-tests/ipc/allocations.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 *
 * What a request costs in allocations, without those of the user's own conversions: none for either
 * side of a lean call, and one for each object that a form hands out. This program stands between
 * the library and malloc (), and GLib's slices are off.
 */

#include "config.h"

#include "release-tests/ipc/ipc-test.h"

#define BODY "sixteen bytes..."
#define BODY_SIZE 16
#define N_WARM 100
#define N_COUNTED 1000

extern void *__libc_malloc (size_t size);
extern void *__libc_calloc (size_t n, size_t size);
extern void *__libc_realloc (void *memory, size_t size);

static gboolean counts = FALSE;
static guint n_allocations = 0;

void *
malloc (size_t size)
{
  n_allocations += counts;
  return __libc_malloc (size);
}

void *
calloc (size_t n,
        size_t size)
{
  n_allocations += counts;
  return __libc_calloc (n, size);
}

void *
realloc (void   *memory,
         size_t  size)
{
  n_allocations += counts;
  return __libc_realloc (memory, size);
}

/* A protocol whose conversions allocate nothing. */

typedef struct { char text[BODY_SIZE + 1]; } Text;

static GBytes *the_bytes = NULL;
static Text the_text = { BODY };

static GBytes *
text_to_bytes (const Text  *text,
               GError     **error)
{
  return g_bytes_ref (the_bytes);
}

static Text *
text_from_bytes (GBytes  *bytes,
                 GError **error)
{
  g_assert_true (g_bytes_equal (bytes, the_bytes));
  return &the_text;
}

static void
text_free (Text *text)
{
}

RELEASE_DECLARE_IPC_PROTOCOL (TextIpc, text_ipc, Text, Text)
RELEASE_DEFINE_IPC_PROTOCOL (TextIpc, text_ipc, Text, Text,
                             text_to_bytes, text_from_bytes, text_free,
                             text_to_bytes, text_from_bytes, text_free)

static guint n_ended = 0;

static void
data_cb (ReleaseIpcChannel *channel,
         gconstpointer      data,
         gsize              length,
         const GError      *error,
         gpointer           user_data)
{
  g_assert_cmpmem (data, length, BODY, BODY_SIZE);
  n_ended++;
}

static void
ask_data (ReleaseIpcChannel *channel)
{
  release_ipc_channel_call_data (channel, BODY, BODY_SIZE, 60000, NULL, data_cb, NULL);
}

static void
ask_bytes_func (ReleaseIpcChannel *channel)
{
  release_ipc_channel_call_bytes_func (channel, the_bytes, 60000, NULL, data_cb, NULL);
}

static void
typed_func_cb (ReleaseIpcChannel *channel,
               const Text        *response,
               const GError      *error,
               gpointer           user_data)
{
  g_assert_true (response == &the_text);
  n_ended++;
}

static void
ask_typed_func (ReleaseIpcChannel *channel)
{
  text_ipc_call_func (channel, &the_text, 60000, NULL, typed_func_cb, NULL);
}

static void
bytes_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GBytes) answer = NULL;

  answer = release_ipc_channel_call_bytes_finish (RELEASE_IPC_CHANNEL (source), result, NULL);
  g_assert_true (g_bytes_equal (answer, the_bytes));
  n_ended++;
}

static void
ask_bytes (ReleaseIpcChannel *channel)
{
  release_ipc_channel_call_bytes_async (channel, the_bytes, 60000, NULL, bytes_cb, NULL);
}

static void
typed_cb (GObject      *source,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_assert_true (text_ipc_call_finish (RELEASE_IPC_CHANNEL (source), result, NULL) == &the_text);
  n_ended++;
}

static void
ask_typed (ReleaseIpcChannel *channel)
{
  text_ipc_call_async (channel, &the_text, 60000, NULL, typed_cb, NULL);
}

static void
ask_sync (ReleaseIpcChannel *channel)
{
  g_autoptr(GBytes) answer = NULL;

  answer = release_ipc_channel_call_bytes (channel, the_bytes, 60000, NULL, NULL);
  g_assert_true (g_bytes_equal (answer, the_bytes));
  n_ended++;
}

static gboolean
serve_data_cb (ReleaseIpcChannel    *channel,
               ReleaseIpcInvocation *invocation,
               gpointer              user_data)
{
  gsize length;
  gconstpointer data = release_ipc_invocation_get_data (invocation, &length);

  return release_ipc_invocation_return_data (invocation, data, length, NULL);
}

static void
serve_data (ReleaseIpcChannel *channel)
{
  release_ipc_channel_serve (channel, serve_data_cb, NULL, NULL);
}

static void
serve_typed_cb (TextIpcInvocation *invocation,
                const Text        *request,
                gpointer           user_data)
{
  g_assert_true (text_ipc_return (invocation, request, NULL));
}

static void
serve_typed (ReleaseIpcChannel *channel)
{
  text_ipc_serve (channel, serve_typed_cb, NULL, NULL);
}

typedef struct
{
  const char *name;
  void      (*func) (ReleaseIpcChannel *channel);
  guint       max;
  gboolean    is_sync;
} Form;

static const Form asking_forms[] = {
  { "data", ask_data, 0 },
  { "bytes-func", ask_bytes_func, 0 },
  { "typed-func", ask_typed_func, 1 },
  { "bytes-async", ask_bytes, 1 },
  { "typed-async", ask_typed, 1 },
  { "sync", ask_sync, 2, TRUE },
};

static const Form serving_forms[] = {
  { "data", serve_data, 0 },
  { "typed", serve_typed, 1 },
};

static gsize
get_frame_size (ReleaseIpcChannel *channel)
{
  return RELEASE_IPC_LENGTH_SIZE + BODY_SIZE +
         (channel->framing == RELEASE_IPC_FRAMING_MULTIPLEXED ? RELEASE_IPC_ENVELOPE_SIZE : 0);
}

static void
peer_send_body (ReleaseIpcChannel *channel,
                int                peer,
                ReleaseIpcKind     kind,
                guint32            serial)
{
  guint8 frame[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE + BODY_SIZE];
  ReleaseIpcEnvelope envelope = { .kind = kind, .serial = serial };
  gsize size = get_frame_size (channel);

  release_ipc_length_pack (size - RELEASE_IPC_LENGTH_SIZE, frame);
  release_ipc_envelope_pack (&envelope, frame + RELEASE_IPC_LENGTH_SIZE);
  memcpy (frame + size - BODY_SIZE, BODY, BODY_SIZE);
  peer_send_bytes (peer, frame, size);
}

static void
peer_read_body (ReleaseIpcChannel *channel,
                int                peer)
{
  guint8 frame[RELEASE_IPC_LENGTH_SIZE + RELEASE_IPC_ENVELOPE_SIZE + BODY_SIZE];
  gsize size = get_frame_size (channel);

  g_assert_true (peer_read_bytes (peer, frame, size));
  g_assert_cmpmem (frame + size - BODY_SIZE, BODY_SIZE, BODY, BODY_SIZE);
}

static void
ask_once (ReleaseIpcChannel *channel,
          int                peer,
          const Form        *form)
{
  guint before = n_ended;

  /* Whoever asks and waits needs an answer that is there. */
  if (form->is_sync)
    peer_send_body (channel, peer, RELEASE_IPC_KIND_RESPONSE, channel->next_serial);
  form->func (channel);
  peer_read_body (channel, peer);
  if (!form->is_sync)
    peer_send_body (channel, peer, RELEASE_IPC_KIND_RESPONSE, channel->next_serial - 1);
  wait_until (n_ended > before);
}

static void
serve_once (ReleaseIpcChannel *channel,
            int                peer,
            guint32            serial)
{
  peer_send_body (channel, peer, RELEASE_IPC_KIND_REQUEST, serial);
  peer_read_body (channel, peer);
}

static void
count_form (const Form        *form,
            gboolean           is_server,
            ReleaseIpcFraming  framing)
{
  int peer;
  ReleaseIpcChannel *channel = new_channel (framing, NULL, &peer);
  guint n;

  if (is_server)
    form->func (channel);
  else
    release_ipc_channel_start (channel);
  if (framing == RELEASE_IPC_FRAMING_MULTIPLEXED)
    {
      peer_send_hello (peer);
      peer_expect (peer, RELEASE_IPC_KIND_HELLO, NULL);
      settle ();
    }

  for (guint i = 0; i < N_WARM + N_COUNTED; i++)
    {
      if (i == N_WARM)
        {
          n_allocations = 0;
          counts = TRUE;
        }
      if (is_server)
        serve_once (channel, peer, i + 1);
      else
        ask_once (channel, peer, form);
    }
  counts = FALSE;
  n = n_allocations;

  g_test_message ("%s %s: %.2f allocations", is_server ? "serving" : "asking", form->name,
                  (double) n / N_COUNTED);
  g_assert_cmpuint (n, <=, form->max * N_COUNTED);
  close (peer);
  free_channel (channel);
}

static void
test_allocations_counted (void)
{
  g_test_summary ("An allocation of GLib, and one of a slice, is counted");

  n_allocations = 0;
  counts = TRUE;
  g_free (g_malloc (1));
  g_slice_free1 (1, g_slice_alloc (1));
  counts = FALSE;
  g_assert_cmpuint (n_allocations, ==, 2);
}

static void
test_allocations_asking (gconstpointer framing)
{
  g_test_summary ("A call allocates no more than its form may");

  for (guint i = 0; i < G_N_ELEMENTS (asking_forms); i++)
    count_form (&asking_forms[i], FALSE, GPOINTER_TO_INT (framing));
}

static void
test_allocations_serving (gconstpointer framing)
{
  g_test_summary ("Answering a request allocates no more than its form may");

  for (guint i = 0; i < G_N_ELEMENTS (serving_forms); i++)
    count_form (&serving_forms[i], TRUE, GPOINTER_TO_INT (framing));
}

int
main (int    argc,
      char **argv)
{
  gpointer plain = GINT_TO_POINTER (RELEASE_IPC_FRAMING_PLAIN);
  gpointer multiplexed = GINT_TO_POINTER (RELEASE_IPC_FRAMING_MULTIPLEXED);
  int status;

  g_test_init (&argc, &argv, NULL);
  g_assert_cmpstr (g_getenv ("G_SLICE"), ==, "always-malloc");
  the_bytes = g_bytes_new_static (BODY, BODY_SIZE);

  g_test_add_func ("/allocations/counted", test_allocations_counted);
  g_test_add_data_func ("/allocations/asking/plain", plain, test_allocations_asking);
  g_test_add_data_func ("/allocations/asking/multiplexed", multiplexed, test_allocations_asking);
  g_test_add_data_func ("/allocations/serving/plain", plain, test_allocations_serving);
  g_test_add_data_func ("/allocations/serving/multiplexed", multiplexed, test_allocations_serving);

  status = g_test_run ();
  g_bytes_unref (the_bytes);
  return status;
}
