// What glibc declares for GNU sources alone, which Swift does not see.
#ifndef SMTPKIT_CGNUEXTENSIONS_SHIM_H
#define SMTPKIT_CGNUEXTENSIONS_SHIM_H

#include <spawn.h>

// Closes every descriptor from one on in a program that is started (glibc 2.34).
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// Renames a file, with flags (glibc 2.28, Linux 3.15).
int renameat2(int folder, const char *name, int newFolder, const char *newName, unsigned int flags);

// Gives free memory back to the system.
int malloc_trim(unsigned long keep);

#endif
