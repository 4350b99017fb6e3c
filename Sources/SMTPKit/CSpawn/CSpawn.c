#define _GNU_SOURCE
#include "CSpawn.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <unistd.h>

int smtpkit_spawn(
    int *process, const char *program, char *const arguments[], char *const environment[],
    const struct smtpkit_spawn_settings *settings)
{
    sigset_t all, before;
    volatile int failure = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    pid_t child = vfork();
    if (child == 0) {
        struct sigaction action = { .sa_handler = SIG_DFL };
        for (int number = 1; number < NSIG; number++) {
            if (number == SIGKILL || number == SIGSTOP) continue;
            action.sa_handler = number == settings->ignored_signal ? SIG_IGN : SIG_DFL;
            sigaction(number, &action, NULL);
        }
        if (settings->leads_group) setpgid(0, 0);
        struct rlimit limit;
        if (settings->open_files >= 0 && getrlimit(RLIMIT_NOFILE, &limit) == 0) {
            limit.rlim_cur = (rlim_t)settings->open_files;
            setrlimit(RLIMIT_NOFILE, &limit);
        }
        if (settings->input >= 0 && dup2(settings->input, 0) < 0) { failure = errno; _exit(127); }
        if (settings->extra >= 0) {
            if (dup2(settings->extra, 3) < 0) { failure = errno; _exit(127); }
            fcntl(3, F_SETFD, 0);
        }
        if (settings->closes_others) {
            int first = settings->extra >= 0 ? 4 : 3;
            if (close_range(first, ~0U, 0) != 0) {
                for (int number = first; number < 65536; number++) close(number);
            }
        }
        sigset_t none;
        sigemptyset(&none);
        pthread_sigmask(SIG_SETMASK, &none, NULL);
        execvpe(program, arguments, environment);
        failure = errno;
        _exit(127);
    }
    int number = child < 0 ? errno : failure;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (number == 0) *process = child;
    return number;
}
