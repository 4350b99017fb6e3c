/* The system's password hashing. Its working memory, 32 KiB, is too large for a thread's stack in Swift. */
#ifndef SMTPKIT_CCRYPT_SHIM_H
#define SMTPKIT_CCRYPT_SHIM_H

#include <crypt.h>
#include <stdlib.h>
#include <string.h>

/* Puts the hash of a password, made as `setting` says, into `space`. 0 when the setting is not understood. */
static inline int smtp_crypt(const char *password, const char *setting, char *space, size_t size) {
    struct crypt_data *data = (struct crypt_data *)calloc(1, sizeof *data);
    if (data == NULL) return 0;
    const char *hash = crypt_r(password, setting, data);
    int done = hash != NULL && hash[0] != '*' && strlen(hash) < size;
    if (done) strcpy(space, hash);
    /* The password is in it. */
    explicit_bzero(data, sizeof *data);
    free(data);
    return done;
}

/* Whether a hash is of a kind that the library has. */
static inline int smtp_crypt_knows(const char *setting) {
    switch (crypt_checksalt(setting)) {
    case CRYPT_SALT_OK:
    case CRYPT_SALT_METHOD_LEGACY:
    case CRYPT_SALT_TOO_CHEAP: return 1;
    default: return 0;
    }
}

#endif
