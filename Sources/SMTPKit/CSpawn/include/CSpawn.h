// Starts programs.
#ifndef SMTPKIT_CSPAWN_H
#define SMTPKIT_CSPAWN_H

// How smtpkit_spawn starts a program.
struct smtpkit_spawn_settings {
    // Its standard input, or -1 for that of this process.
    int input;
    // Its descriptor 3, or -1 for none.
    int extra;
    // Whether it gets no other descriptors than these and 1 and 2; else it gets all that are not closed on exec.
    int closes_others;
    // Whether it leads a process group of its own.
    int leads_group;
    // Its soft limit on open files, or -1 for that of this process.
    long long open_files;
    // A signal that it ignores, or 0.
    int ignored_signal;
};

// Starts a program. No signal is blocked in it, and none ignored but the one named.
// Returns 0 or an error number.
//
// posix_spawn cannot set limits, so this uses vfork as that does: until the program runs, its process borrows the memory of
// this one, and does nothing but system calls. All signals are blocked meanwhile, so no handler runs in it.
int smtpkit_spawn(
    int *process, const char *program, char *const arguments[], char *const environment[],
    const struct smtpkit_spawn_settings *settings);

#endif
