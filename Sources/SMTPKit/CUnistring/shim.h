/* Unicode normalization and bidirectional categories. */
#ifndef SMTPKIT_CUNISTRING_SHIM_H
#define SMTPKIT_CUNISTRING_SHIM_H

#include <stddef.h>
#include <stdint.h>
#include <unictype.h>
#include <uninorm.h>

/* The NFKC form of UTF-8 text, allocated with malloc; NULL on failure. The form itself is a macro that Swift cannot see. */
static inline uint8_t *smtp_unistring_nfkc(const uint8_t *text, size_t count, size_t *length) {
    return u8_normalize(UNINORM_NFKC, text, count, NULL, length);
}

#endif
