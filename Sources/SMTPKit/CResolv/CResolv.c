#include "CResolv.h"

#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* What fits into one answer over TCP (RFC 1035, section 4.2.2). */
#define MAXIMUM_ANSWER 65535

/* Makes a state ask one name server in place of those of resolv.conf. 0, or an errno. */
static int set_server(res_state state, const char *server, uint16_t port) {
    struct sockaddr_in v4 = {.sin_family = AF_INET, .sin_port = htons(port)};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6, .sin6_port = htons(port)};
    state->nscount = 1;
    /* The library takes its private copy of the list anew. */
    state->_u._ext.nscount = 0;
    if (inet_pton(AF_INET, server, &v4.sin_addr) == 1) {
        state->nsaddr_list[0] = v4;
        return 0;
    }
    if (inet_pton(AF_INET6, server, &v6.sin6_addr) != 1) return EAFNOSUPPORT;
    /* An IPv6 server stands in memory that the library frees, and an empty place in the list says so. */
    if (state->_u._ext.nsaddrs[0] == NULL) state->_u._ext.nsaddrs[0] = malloc(sizeof v6);
    if (state->_u._ext.nsaddrs[0] == NULL) return ENOMEM;
    *state->_u._ext.nsaddrs[0] = v6;
    memset(&state->nsaddr_list[0], 0, sizeof state->nsaddr_list[0]);
    return 0;
}

/* Sends a question. The length of the answer, whatever its code, or an errno below zero. */
static int send_question(res_state state, const unsigned char *question, int length, unsigned char *answer) {
    errno = 0;
    int received = res_nsend(state, question, length, answer, MAXIMUM_ANSWER);
    if (received >= 0) return received < MAXIMUM_ANSWER ? received : MAXIMUM_ANSWER;
    return errno == 0 ? -ETIMEDOUT : -errno;
}

static int ask(res_state state, const char *name, int type, unsigned char *answer) {
    unsigned char question[NS_PACKETSZ];
    int length = res_nmkquery(state, ns_o_query, name, ns_c_in, type, NULL, 0, NULL, question, sizeof question);
    if (length < 0) return -EINVAL;
    struct timespec start, end;
    clock_gettime(CLOCK_MONOTONIC, &start);
    int result = send_question(state, question, length, answer);
    clock_gettime(CLOCK_MONOTONIC, &end);
    /* An answer that says SERVFAIL or REFUSED makes the library try the next server, and in the end looks like none.
     * Asked as dig asks, the library hands it over. */
    if (result == -ETIMEDOUT && end.tv_sec - start.tv_sec < state->retrans) {
        state->pfcode = RES_PRF_HEAD1;
        result = send_question(state, question, length, answer);
    }
    return result;
}

/* Writes a record out. 1, 0 when it is of another type, -1 when it is not well formed. */
static int write_out(ns_msg message, ns_rr record, int type, struct smtp_dns_record *to) {
    if ((int)ns_rr_type(record) != type || ns_rr_class(record) != ns_c_in) return 0;
    const unsigned char *data = ns_rr_rdata(record);
    to->preference = 0;
    switch (type) {
    case ns_t_a:
        return ns_rr_rdlen(record) == 4 && inet_ntop(AF_INET, data, to->text, sizeof to->text) != NULL ? 1 : -1;
    case ns_t_aaaa:
        return ns_rr_rdlen(record) == 16 && inet_ntop(AF_INET6, data, to->text, sizeof to->text) != NULL ? 1 : -1;
    case ns_t_mx:
        if (ns_rr_rdlen(record) < 3) return -1;
        to->preference = (uint16_t)(data[0] << 8 | data[1]);
        return dn_expand(ns_msg_base(message), ns_msg_end(message), data + 2, to->text, sizeof to->text) < 0 ? -1 : 1;
    default: return 0;
    }
}

/* Takes an answer apart. */
static int read_answer(const unsigned char *answer, int length, int type, struct smtp_dns_record *records, int capacity,
                       int *code) {
    ns_msg message;
    if (ns_initparse(answer, length, &message) != 0) return -EBADMSG;
    *code = (int)ns_msg_getflag(message, ns_f_rcode);
    int count = 0;
    for (int index = 0; index < ns_msg_count(message, ns_s_an) && count < capacity; index++) {
        ns_rr record;
        if (ns_parserr(&message, ns_s_an, index, &record) != 0) return -EBADMSG;
        int found = write_out(message, record, type, &records[count]);
        if (found < 0) return -EBADMSG;
        count += found;
    }
    return count;
}

int smtp_dns_ask(const char *name, int type, const char *server, uint16_t port, int seconds,
                 struct smtp_dns_record *records, int capacity, int *code) {
    struct __res_state state;
    memset(&state, 0, sizeof state);
    unsigned char *answer = malloc(MAXIMUM_ANSWER);
    if (answer == NULL) return -ENOMEM;
    int result = -ENOMEM;
    if (res_ninit(&state) == 0) {
        state.retrans = seconds;
        state.retry = 2;
        result = server == NULL ? 0 : -set_server(&state, server, port);
        if (result == 0) result = ask(&state, name, type, answer);
        if (result >= 0) result = read_answer(answer, result, type, records, capacity, code);
        res_nclose(&state);
    }
    free(answer);
    return result;
}
