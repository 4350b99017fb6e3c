/* Internationalized domain names (IDNA 2008). */
#ifndef SMTPKIT_CIDN2_SHIM_H
#define SMTPKIT_CIDN2_SHIM_H

#include <idn2.h>

/* The flags of a look-up: composed characters, and the rules of IDNA 2008 for `ß` and its like. */
static const int smtp_idn2_flags = IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL;

#endif
