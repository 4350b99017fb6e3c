/* Tells ThreadSanitizer how threads that wait for a Swift `Mutex` follow each other. `make test-tsan` preloads this.
 *
 * `Mutex` takes and gives back a lock that no other thread waits for in code that is compiled into its user, which
 * ThreadSanitizer sees. Where a thread waits, it calls two functions of libswiftSynchronization, which is not
 * compiled for ThreadSanitizer. Without this, two threads that change a value one after the other under such a lock are
 * reported as a race. Nothing is suppressed: accesses without the lock are reported as before. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stddef.h>
#include <stdint.h>

#define SWIFTCALL __attribute__((swiftcall))
#define SWIFT_SELF __attribute__((swift_context))
#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

typedef SWIFTCALL void lock_function(uint32_t thread, SWIFT_SELF void *handle);
typedef SWIFTCALL void unlock_function(SWIFT_SELF void *handle);

SWIFTCALL void lock_slowly(uint32_t thread, SWIFT_SELF void *handle) __asm__(LOCK);
SWIFTCALL void unlock_slowly(SWIFT_SELF void *handle) __asm__(UNLOCK);

/* Calls a function of ThreadSanitizer, where the program has it. */
static void tell(const char *name, void *handle) {
    void (*function)(void *) = (void (*)(void *))dlsym(RTLD_DEFAULT, name);
    if (function != NULL) function(handle);
}

SWIFTCALL void lock_slowly(uint32_t thread, SWIFT_SELF void *handle) {
    ((lock_function *)dlsym(RTLD_NEXT, LOCK))(thread, handle);
    tell("__tsan_acquire", handle);
}

SWIFTCALL void unlock_slowly(SWIFT_SELF void *handle) {
    tell("__tsan_release", handle);
    ((unlock_function *)dlsym(RTLD_NEXT, UNLOCK))(handle);
}
