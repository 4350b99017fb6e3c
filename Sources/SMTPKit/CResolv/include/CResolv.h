/* Questions to the system's stub resolver, whose state and macros Swift cannot import.
 *
 * The system's own headers stay out of this one: what they declare would belong to this module as well as to Glibc. */
#ifndef SMTPKIT_CRESOLV_H
#define SMTPKIT_CRESOLV_H

#include <stdint.h>

/* The types of records that can be asked for (RFC 1035, section 3.2.2; RFC 3596, section 2.1). */
enum { smtp_dns_a = 1, smtp_dns_mx = 15, smtp_dns_aaaa = 28 };

/* An address, or the host and the preference of an MX. A name has no escapes that would make it longer than this. */
struct smtp_dns_record {
    uint16_t preference;
    char text[256];
};

/* Asks for the records of a name, as it is, twice at most.
 *
 * server    the address of the name server to ask; those of resolv.conf when NULL
 * port      the port of that server
 * seconds   how long to wait for an answer each time
 * records   where to put what the answer holds, as many as `capacity`
 * code      the answer's code (RFC 1035, section 4.1.1), 0 when the name exists
 *
 * The number of records, or an errno below zero: EINVAL, this cannot be a name; EBADMSG, the answer is not well formed;
 * ETIMEDOUT, there is none. */
int smtp_dns_ask(const char *name, int type, const char *server, uint16_t port, int seconds,
                 struct smtp_dns_record *records, int capacity, int *code);

#endif
