/* release/ipc/release-ipc-descriptors.c
 * SPDX-FileCopyrightText: 2026 The Release authors
 * SPDX-License-Identifier: LGPL-2.1-or-later
 */

#include "config.h"

#include "release/ipc/release-ipc-descriptors-private.h"

#include "release/io/release-io-fd-private.h"
#include "release/ipc/release-ipc-error.h"

#include <string.h>

static void
refuse_all (ReleaseIpcDescriptors *self,
            const int             *fds,
            guint                  n_fds)
{
  self->n_refused += n_fds;
  release_io_close_elsewhere (fds, n_fds);
}

/* Keeps the descriptors that came with @message, if it may bring as many; else closes them all.
 * There is control data of RELEASE_IPC_DESCRIPTORS_CONTROL_SIZE at most. */
gboolean
release_ipc_descriptors_collect (ReleaseIpcDescriptors  *self,
                                 struct msghdr          *message,
                                 GError                **error)
{
  int fds[RELEASE_IPC_DESCRIPTORS_CONTROL_SIZE / sizeof (int)];
  guint n_fds = 0;

  for (struct cmsghdr *cmsg = CMSG_FIRSTHDR (message); cmsg != NULL;
       cmsg = CMSG_NXTHDR (message, cmsg))
    {
      if (cmsg->cmsg_level == SOL_SOCKET && cmsg->cmsg_type == SCM_RIGHTS)
        {
          guint n = (cmsg->cmsg_len - CMSG_LEN (0)) / sizeof (int);

          memcpy (fds + n_fds, CMSG_DATA (cmsg), n * sizeof (int));
          n_fds += n;
        }
    }

  if ((message->msg_flags & MSG_CTRUNC) != 0)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "Descriptors came of which the system could hand over only %u", n_fds);
  else if (n_fds > 0 && self->max == 0)
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "%u descriptors came on a channel that accepts none", n_fds);
  else if (n_fds > self->max || self->n + n_fds > G_N_ELEMENTS (self->fds))
    g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
                 "%u descriptors came where the limit is %u", self->n + n_fds, self->max);
  else
    {
      memcpy (self->fds + self->n, fds, n_fds * sizeof (int));
      self->n += n_fds;
      return TRUE;
    }

  refuse_all (self, fds, n_fds);
  return FALSE;
}

/* Checks, after all whole frames that were read have claimed theirs, that what is left can still be
 * claimed by the frame that is arriving. */
gboolean
release_ipc_descriptors_check (ReleaseIpcDescriptors  *self,
                               gboolean                is_between_frames,
                               GError                **error)
{
  if (self->n <= (is_between_frames ? 0 : self->max))
    return TRUE;

  g_set_error (error, RELEASE_IPC_ERROR, RELEASE_IPC_ERROR_PROTOCOL,
               "%u descriptors came with a message that does not claim them", self->n);
  return FALSE;
}

/* The descriptor that has waited longest, which the caller then owns, or -1. */
int
release_ipc_descriptors_claim (ReleaseIpcDescriptors *self)
{
  int fd;

  if (self->n == 0)
    return -1;

  fd = self->fds[0];
  self->n--;
  memmove (self->fds, self->fds + 1, self->n * sizeof (int));

  return fd;
}

/* Closes a descriptor that was claimed and is not what it was to be. */
void
release_ipc_descriptors_refuse (ReleaseIpcDescriptors *self,
                                int                    fd)
{
  refuse_all (self, &fd, 1);
}

/* Closes what nobody has claimed. */
void
release_ipc_descriptors_clear (ReleaseIpcDescriptors *self)
{
  refuse_all (self, self->fds, self->n);
  self->n = 0;
}
