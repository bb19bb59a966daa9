/* release/ipc/release-ipc-payload.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-payload-private.h"

#include "release/base/release-error-private.h"
#include "release/io/release-io-fd-private.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

/**
 * SECTION:release-ipc-payload
 * @title: Large payloads
 * @short_description: bytes that travel as a descriptor
 *
 * A payload of 64 KiB or more need not be copied through a socket, once for
 * each receiver. If it lies in a memfd, a file without a name that is nothing
 * but memory, then a message carries the descriptor of the memfd, and the
 * receiver maps the same memory. The memfd is sealed first: from then on nobody,
 * its maker included, can change its bytes or its length.
 *
 * Such a payload is a #GBytes, and every function that sends bytes takes it:
 *
 * |[<!-- language="C" -->
 *   g_autoptr(GBytes) table = release_ipc_payload_new_memfd (data, size, &error);
 *
 *   if (table != NULL)
 *     receipts = release_master_broadcast_bytes (master, table);
 * ]|
 *
 * To make a memfd costs more than to send the bytes once. It pays for a payload
 * that goes to several receivers or more than once, and for one that is made in
 * the memfd to begin with, see release_ipc_payload_new_for_memfd().
 *
 * Whether the descriptor travels or the bytes do is no concern of the user: the
 * bytes do on a plain channel, on one that is no Unix socket, to a peer that
 * takes no memfds or has left many unread, and where the system refuses to pass
 * more descriptors. Only the whole of such a #GBytes travels as a descriptor, a
 * part of it as bytes. A payload that was received travels on as bytes.
 *
 * The receiver need not trust the sender. It takes only a memfd that is sealed
 * against writing, shrinking and growing, before it asks anything else of the
 * descriptor; that lies on tmpfs; that has 64 KiB or more, and exactly as many
 * bytes as its message says, within #ReleaseIpcChannel:max-message-size. How
 * many it holds at once is bounded by #ReleaseIpcChannel:max-memfds and
 * #ReleaseIpcChannel:max-memfd-size. Whatever else arrives is closed, never read
 * or waited for, and ends that channel alone. So a mapped payload cannot change
 * between a check and a use, and reading it cannot end the process for want of
 * bytes. What is left to the sender is the memory itself: pages of it that were
 * never written, or that were swapped out, are provided when the receiver first
 * touches them, and if the system has no memory left then, that ends the process
 * that touches them. A process whose effective user is root therefore copies
 * payloads as they arrive, by system calls that fail with an error instead,
 * unless #ReleaseIpcChannel:copy-memfds is set otherwise; a #ReleaseSlave maps
 * what its master sends. The sender trusts the receiver with nothing but a
 * descriptor of bytes that cannot be changed.
 *
 * These functions may be called in any thread.
 */

#define MEMFD_NAME "release-payload"

/* Since Linux 6.3, younger than some headers: no program is ever executed from it. */
#ifndef MFD_NOEXEC_SEAL
# define MFD_NOEXEC_SEAL 0x0008U
#endif

/* A memfd of this process, owned by the bytes that stand for it. */
typedef struct
{
  int      fd;
  gpointer data;
  gsize    size;
} Memfd;

G_LOCK_DEFINE_STATIC (memfds);
static GHashTable *memfds = NULL;    /* Memfd.data -> Memfd (unowned) */

static void
memfd_free (gpointer user_data)
{
  Memfd *self = user_data;

  G_LOCK (memfds);
  g_hash_table_remove (memfds, self->data);
  G_UNLOCK (memfds);

  munmap (self->data, self->size);
  release_io_close (&self->fd);
  g_free (self);
}

/* The descriptor of the payload that is exactly these bytes, or -1. It stays that of the bytes, and
 * open as long as they live. */
int
release_ipc_payload_find_memfd (gconstpointer data,
                                gsize         size)
{
  Memfd *memfd;
  int fd = -1;

  G_LOCK (memfds);
  memfd = memfds != NULL ? g_hash_table_lookup (memfds, data) : NULL;
  if (memfd != NULL && memfd->size == size)
    fd = memfd->fd;
  G_UNLOCK (memfds);

  return fd;
}

/* Not so: hugetlbfs, whose pages are a resource of their own. */
gboolean
release_ipc_payload_is_on_tmpfs (int fd)
{
  struct statfs system = { 0 };

  return fstatfs (fd, &system) == 0 && system.f_type == TMPFS_MAGIC;
}

/* Maps a sealed memfd. Before Linux 6.7 one that is sealed against writing cannot be mapped shared;
 * a private mapping that nobody may write to has the same pages. */
gpointer
release_ipc_payload_map (int      fd,
                         gsize    size,
                         GError **error)
{
  gpointer data = mmap (NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);

  if (data != MAP_FAILED)
    return data;

  release_set_error_from_errno (error, errno, "Cannot map a memfd of %" G_GSIZE_FORMAT " bytes",
                                size);
  return NULL;
}

static int
create_memfd (GError **error)
{
  int fd = memfd_create (MEMFD_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING | MFD_NOEXEC_SEAL);

  if (fd < 0 && errno == EINVAL)
    fd = memfd_create (MEMFD_NAME, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (fd < 0)
    release_set_error_from_errno (error, errno, "Cannot create a memfd");

  return fd;
}

static gboolean
write_all (int            fd,
           const guint8  *data,
           gsize          size,
           GError       **error)
{
  while (size > 0)
    {
      gssize n = write (fd, data, size);

      if (n < 0 && errno == EINTR)
        continue;
      if (n < 0)
        return release_set_error_from_errno (error, errno, "Cannot write to a memfd");
      data += n;
      size -= n;
    }

  return TRUE;
}

static gboolean
seal (int      fd,
      GError **error)
{
  int seals = fcntl (fd, F_GET_SEALS);

  if (seals < 0 || !release_ipc_payload_is_on_tmpfs (fd))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "The descriptor of a payload is no memfd of ordinary pages");
      return FALSE;
    }
  if ((seals & RELEASE_IPC_PAYLOAD_SEALS) == RELEASE_IPC_PAYLOAD_SEALS)
    return TRUE;

  if (fcntl (fd, F_ADD_SEALS, RELEASE_IPC_PAYLOAD_SEALS | F_SEAL_SEAL) < 0)
    return release_set_error_from_errno (error, errno, "Cannot seal a memfd");

  return TRUE;
}

/* @fd: stolen on success: seals the memfd, and makes bytes of its mapping */
static GBytes *
new_sealed (int     *fd,
            GError **error)
{
  Memfd *self;
  struct stat status;
  gpointer data;

  if (!seal (*fd, error))
    return NULL;

  if (fstat (*fd, &status) < 0)
    {
      release_set_error_from_errno (error, errno, "Cannot get the size of a memfd");
      return NULL;
    }
  if (status.st_size == 0)
    return g_bytes_new (NULL, 0);
  if ((guint64) status.st_size > G_MAXSSIZE)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                   "A memfd of %" G_GINT64_FORMAT " bytes is too large for a payload",
                   (gint64) status.st_size);
      return NULL;
    }

  data = release_ipc_payload_map (*fd, status.st_size, error);
  if (data == NULL)
    return NULL;

  self = g_new (Memfd, 1);
  self->fd = g_steal_fd (fd);
  self->data = data;
  self->size = status.st_size;
  G_LOCK (memfds);
  if (memfds == NULL)
    memfds = g_hash_table_new (NULL, NULL);
  g_hash_table_insert (memfds, data, self);
  G_UNLOCK (memfds);

  return g_bytes_new_with_free_func (data, self->size, memfd_free, self);
}

/**
 * release_ipc_payload_new_memfd:
 * @data: (transfer none) (array length=size) (element-type guint8) (nullable): the bytes
 * @size: how many
 * @error: return location for a #GError, or %NULL
 *
 * Copies @data into a sealed memfd, so that it can be sent any number of times
 * as a descriptor. The bytes that are returned are those of the memfd; with the
 * last reference it is closed. Fewer than %RELEASE_IPC_PAYLOAD_MEMFD_MIN bytes
 * become ordinary bytes.
 *
 * Fails with the #GIOErrorEnum of the system if there is no descriptor left or
 * not enough memory.
 *
 * Returns: (transfer full): the payload, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_payload_new_memfd (gconstpointer   data,
                               gsize           size,
                               GError        **error)
{
  GBytes *bytes = NULL;
  int fd;

  g_return_val_if_fail (data != NULL || size == 0, NULL);

  if (size < RELEASE_IPC_PAYLOAD_MEMFD_MIN)
    return g_bytes_new (data, size);

  fd = create_memfd (error);
  if (fd >= 0 && write_all (fd, data, size, error))
    bytes = new_sealed (&fd, error);
  release_io_close (&fd);

  return bytes;
}

/**
 * release_ipc_payload_new_for_memfd:
 * @fd: a memfd that was made with `MFD_ALLOW_SEALING`; it stays the caller's
 * @error: return location for a #GError, or %NULL
 *
 * Makes a payload of all bytes of a memfd, without a copy: make one with
 * memfd_create(), write to its descriptor or to a mapping of it, unmap it, and
 * call this. It seals the memfd for good against writing, shrinking and growing;
 * @fd may be closed or kept for reading.
 *
 * Fails with %G_IO_ERROR_INVALID_ARGUMENT if @fd is no memfd of ordinary pages,
 * and with the #GIOErrorEnum of the system if it cannot be sealed:
 * %G_IO_ERROR_BUSY while somebody has mapped it for writing,
 * %G_IO_ERROR_PERMISSION_DENIED if it was made to take no seals.
 *
 * Returns: (transfer full): the payload, or %NULL with @error set
 *
 * Since: 0.1
 */
GBytes *
release_ipc_payload_new_for_memfd (int      fd,
                                   GError **error)
{
  GBytes *bytes;
  int own_fd = fcntl (fd, F_DUPFD_CLOEXEC, 3);

  if (own_fd < 0)
    {
      release_set_error_from_errno (error, errno, "Cannot use descriptor %d as a payload", fd);
      return NULL;
    }

  bytes = new_sealed (&own_fd, error);
  release_io_close (&own_fd);

  return bytes;
}
