// release-tests/integration/version.vala
// SPDX-FileCopyrightText: 2026 The Release authors
// SPDX-License-Identifier: LGPL-2.1-or-later

int main () {
  print ("Release %u.%u.%u\n", Release.get_major_version (), Release.get_minor_version (),
         Release.get_micro_version ());

  return Release.get_major_version () == Release.MAJOR_VERSION ? 0 : 1;
}
