// What glibc declares for GNU sources alone, which Swift does not see.
#ifndef SMTPKIT_CSPAWN_SHIM_H
#define SMTPKIT_CSPAWN_SHIM_H

#include <spawn.h>

// Closes every descriptor from one on in a program that is started (glibc 2.34).
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

#endif
