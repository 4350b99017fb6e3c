/* load.c: SMTP load client for Benchmarks/server.py. One thread, epoll, no allocation per message.
 *
 *   cc -O2 -o load load.c                                  plain TCP only
 *   cc -O2 -DTLS -o load load.c -lssl -lcrypto             with STARTTLS and implicit TLS
 *
 * It sends to 127.0.0.0/8 only, and stops by itself (-n messages, or -T seconds, or -W watchdog).
 * Prints one JSON object on standard output.
 *
 *   -p PORT       server port (required)      -a ADDR   address, default 127.0.0.1
 *   -c N          parallel connections        -n N      messages in all
 *   -m N          messages per connection (0: as many as come; 1: a new session for each message)
 *   -s BYTES      message size                -r N      recipients per message
 *   -P 0|1|2      0: wait for each reply; 1: MAIL RCPT.. DATA in one group (RFC 2920);
 *                 2: also body + '.' + the next MAIL RCPT.. DATA in one group
 *   -t none|starttls|implicit                 -e        send EHLO (default) / -H send HELO
 *   -T SECONDS    start no new message after this; counts what was done
 *   -W SECONDS    watchdog: give up, exit 3 (default 300)
 *   -w N          leave the first N messages out of the latency figures
 *   -i N          idle mode: open N connections, EHLO on each, print 'READY {json}', wait for a
 *                 line on stdin, then run -n messages on one further connection and print JSON
 *   -o FILE       write the message as it goes over the wire to FILE and exit (to look at)
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/err.h>
#include <openssl/ssl.h>
static SSL_CTX *ctx;
#endif

enum { NONE, STARTTLS, IMPLICIT };
struct seg { const char *p; size_t n; };
struct conn {
    int fd, tls, shaking, wantout, parked;
    struct seg seg[4]; int nseg, cur;
    char *exp; int eh, et;             /* expected replies, a ring of expcap */
    int col, code, sep;                /* reply parser */
    int left, rc, gone, greeted;       /* messages left on this connection; next recipient */
    uint64_t t0, t0next;               /* start of the transaction under way, and of the next */
#ifdef TLS
    SSL *ssl;
#endif
};

static int port, nconn = 1, permsg = 0, rcpts = 1, pipe_ = 0, tls = NONE, idle = 0, warm = 0, helo = 0, chunk = 0;
static char bdat[40];                  /* -b, in lock-step: the whole content in one chunk */
static long nmsg = 1, taken, done, errors_, sessions, replies;
static size_t size_ = 2048;
static double limit_s = 0, watch_s = 300;
static const char *addr = "127.0.0.1";
static struct sockaddr_in sa;
static int ep, expcap, active, waiting, idle_up, idle_dead;   /* waiting: dialled, no greeting yet */
static char *group; static size_t group_n, mail_n, *rcpt_off;
static char *body; static size_t body_n;
static uint32_t *lat; static long nlat;
static uint64_t start_, deadline;
static char firsterr[200];

static uint64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void die(const char *m) { fprintf(stderr, "load: %s: %s\n", m, strerror(errno)); exit(2); }

/* ---- the message: a header, then lines of 12 to 76 characters of words; one line in 64 begins with a
 * dot (stuffed on the wire), one in 211 with 'From ', some are empty, some have bytes above 127 ---- */
static uint32_t rng = 12345;
static uint32_t rnd(void) { rng ^= rng << 13; rng ^= rng >> 17; rng ^= rng << 5; return rng; }
static void make_body(void) {
    static const char *w[] = { "the", "quarterly", "figures", "arrive", "from", "Lisbon", "on", "Tuesday", "and", "are", "checked",
        "by", "two", "people", "before", "anyone", "sees", "them", "please", "reply", "with", "attachment", "budget", "(draft)",
        "e.g.", "http://example.test/x?id=42", "caf\xc3\xa9", "--", "100%", "naive", "meeting", "at", "09:30" };
    char *b = malloc(size_ + 4096); size_t n = 0; long line = 0;
    n += sprintf(b, "Received: from client.example.test (client.example.test [127.0.0.1])\r\n\tby mx.example.test with ESMTP id 4F7A21C0\r\n"
        "\tfor <u0@example.test>; Sat, 22 Nov 2025 12:00:00 +0000\r\nMessage-ID: <20251122120000.4F7A21C0@example.test>\r\n"
        "Date: Sat, 22 Nov 2025 12:00:00 +0000\r\nFrom: \"Sender, A.\" <sender@example.test>\r\nTo: u0@example.test\r\n"
        "Subject: Quarterly figures\r\nMIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    while (n < size_) {
        size_t want = 12 + rnd() % 65, k = 0;
        line++;
        if (line % 64 == 11) { b[n++] = '.'; b[n++] = '.'; k = 1; }
        else if (line % 211 == 19) { memcpy(b + n, "From ", 5); n += 5; k = 5; }
        else if (line % 17 == 0) want = 0;
        while (k < want) {
            const char *s = w[rnd() % (sizeof w / sizeof *w)]; size_t l = strlen(s);
            memcpy(b + n, s, l); n += l; k += l;
            if (k < want) { b[n++] = ' '; k++; }
        }
        b[n++] = '\r'; b[n++] = '\n';
    }
    memcpy(b + n, ".\r\n", 3); n += 3;
    body = b; body_n = n;
}
static void make_group(void) {
    group = malloc(128 + 64 * (size_t)rcpts); rcpt_off = malloc(sizeof(size_t) * (rcpts + 2));
    group_n = mail_n = sprintf(group, "MAIL FROM:<sender@example.test>\r\n");
    for (int i = 0; i < rcpts; i++) { rcpt_off[i] = group_n; group_n += sprintf(group + group_n, "RCPT TO:<u%d@example.test>\r\n", i); }
    rcpt_off[rcpts] = group_n; group_n += sprintf(group + group_n, "DATA\r\n");
}

static void arm(struct conn *c, int out) {
    if (c->wantout == out) return;
    c->wantout = out;
    struct epoll_event e = { .events = EPOLLIN | (out ? EPOLLOUT : 0), .data.ptr = c };
    epoll_ctl(ep, EPOLL_CTL_MOD, c->fd, &e);
}
static void expect(struct conn *c, char k) { c->exp[c->et] = k; c->et = (c->et + 1) % expcap; }
static void push(struct conn *c, const char *p, size_t n) {
    if (c->cur == c->nseg) c->cur = c->nseg = 0;
    c->seg[c->nseg].p = p; c->seg[c->nseg].n = n; c->nseg++;
}
static void say(struct conn *c, const char *s, char k) { push(c, s, strlen(s)); expect(c, k); }
static void drop(struct conn *c, const char *why, int code) {
    if (c->gone) return;
    c->gone = 1;
    if (why) { errors_++; if (!*firsterr) snprintf(firsterr, sizeof firsterr, "%s (%d)", why, code); }
#ifdef TLS
    if (c->ssl) { if (!why) SSL_shutdown(c->ssl); SSL_free(c->ssl); c->ssl = NULL; }
#endif
    close(c->fd); active--; waiting -= !c->greeted;
    if (c->parked) idle_dead++;
}
static int flush_(struct conn *c) {
    while (c->cur < c->nseg) {
        ssize_t r;
#ifdef TLS
        if (c->ssl) {
            r = SSL_write(c->ssl, c->seg[c->cur].p, (int)c->seg[c->cur].n);
            if (r <= 0) {
                int e = SSL_get_error(c->ssl, (int)r);
                if (e == SSL_ERROR_WANT_WRITE) { arm(c, 1); return 0; }
                if (e == SSL_ERROR_WANT_READ) return 0;
                drop(c, "TLS write", e); return -1;
            }
        } else
#endif
        {
            struct iovec v[4]; int n = 0;
            for (int i = c->cur; i < c->nseg; i++) { v[n].iov_base = (void *)c->seg[i].p; v[n++].iov_len = c->seg[i].n; }
            struct msghdr m = { .msg_iov = v, .msg_iovlen = n };
            r = sendmsg(c->fd, &m, MSG_NOSIGNAL);
            if (r < 0) {
                if (errno == EAGAIN || errno == ENOTCONN) { arm(c, 1); return 0; }
                drop(c, "send", errno); return -1;
            }
        }
        while (r > 0 && c->cur < c->nseg) {
            size_t k = (size_t)r < c->seg[c->cur].n ? (size_t)r : c->seg[c->cur].n;
            c->seg[c->cur].p += k; c->seg[c->cur].n -= k; r -= k;
            if (!c->seg[c->cur].n) c->cur++;
        }
    }
    c->cur = c->nseg = 0;
    arm(c, 0);
    return 0;
}

static int take(struct conn *c) {
    if (c->left == 0 || taken >= nmsg || (deadline && now() > deadline)) return 0;
    taken++; if (c->left > 0) c->left--;
    return 1;
}
static void group_out(struct conn *c) {
    push(c, group, group_n);
    expect(c, 'M'); for (int i = 0; i < rcpts; i++) expect(c, 'R'); expect(c, 'D');
}
static void next(struct conn *c) {
    if (idle && c->parked == 0 && idle_up < idle) { c->parked = 1; idle_up++; return; }
    if (!take(c)) { say(c, "QUIT\r\n", 'Q'); return; }
    c->t0 = now(); c->rc = 0;
    if (pipe_) group_out(c); else { push(c, group, mail_n); expect(c, 'M'); }
}
static void rcpt_or_data(struct conn *c) {
    if (c->rc < rcpts) { push(c, group + rcpt_off[c->rc], rcpt_off[c->rc + 1] - rcpt_off[c->rc]); c->rc++; expect(c, 'R'); }
    else if (chunk) { push(c, bdat, strlen(bdat)); push(c, body, body_n - 3); expect(c, 'B'); }
    else say(c, "DATA\r\n", 'D');
}
static void shake(struct conn *c) {
#ifdef TLS
    int r = SSL_connect(c->ssl);
    if (r == 1) {
        c->shaking = 0; c->tls = 1; arm(c, 0);
        if (tls == STARTTLS) { say(c, "EHLO client.example.test\r\n", 'E'); flush_(c); }
        return;
    }
    int e = SSL_get_error(c->ssl, r);
    if (e == SSL_ERROR_WANT_READ) arm(c, 0);
    else if (e == SSL_ERROR_WANT_WRITE) arm(c, 1);
    else drop(c, "TLS handshake", e);
#else
    drop(c, "built without TLS", 0);
#endif
}
static void tls_start(struct conn *c) {
#ifdef TLS
    c->ssl = SSL_new(ctx); SSL_set_fd(c->ssl, c->fd); SSL_set_connect_state(c->ssl);
#endif
    c->shaking = 1; shake(c);
}

/* one whole reply has come */
static void reply(struct conn *c, int code) {
    replies++;
    if (c->eh == c->et) { drop(c, "reply not asked for", code); return; }
    char k = c->exp[c->eh]; c->eh = (c->eh + 1) % expcap;
    int ok = k == 'G' || k == 'S' ? code == 220 : k == 'D' ? code == 354 : k == 'Q' ? 1 : code == 250;
    if (!ok) { char m[40]; snprintf(m, sizeof m, "bad reply to %c", k); drop(c, m, code); return; }
    switch (k) {
    case 'G': c->greeted = 1; waiting--; if (helo) say(c, "HELO client.example.test\r\n", 'E'); else say(c, "EHLO client.example.test\r\n", 'E'); break;
    case 'E': if (tls == STARTTLS && !c->tls) say(c, "STARTTLS\r\n", 'S'); else next(c); break;
    case 'S': tls_start(c); return;
    case 'M': if (!pipe_) rcpt_or_data(c); break;
    case 'R': if (!pipe_) rcpt_or_data(c); break;
    case 'D':
        push(c, body, body_n); expect(c, 'B');
        if (pipe_ == 2 && take(c)) { c->t0next = now(); group_out(c); c->rc = -1; } else c->rc = 0;
        break;
    case 'B':
        done++;
        if (done > warm && lat) lat[nlat++] = (uint32_t)((now() - c->t0) / 100);
        if (c->rc == -1) { c->t0 = c->t0next; c->rc = 0; } else next(c);
        break;
    case 'Q': drop(c, NULL, 0); break;
    }
}
static char rbuf[1 << 16];
static void feed(struct conn *c, const char *p, size_t n) {
    for (size_t i = 0; i < n && !c->gone; i++) {
        unsigned char b = p[i];
        if (b == '\n') {
            int code = c->code, last = c->sep != '-';
            c->col = c->code = c->sep = 0;
            if (last) { reply(c, code); if (c->shaking) return; }
        } else {
            if (c->col < 3) c->code = c->code * 10 + (b - '0'); else if (c->col == 3) c->sep = b;
            c->col++;
        }
    }
    if (!c->gone && c->cur < c->nseg) flush_(c);
}
static void readable(struct conn *c) {
    for (;;) {
        if (c->gone) return;
        if (c->shaking) { shake(c); if (c->shaking || c->gone) return; }
        ssize_t r;
#ifdef TLS
        if (c->ssl) {
            r = SSL_read(c->ssl, rbuf, sizeof rbuf);
            if (r <= 0) {
                int e = SSL_get_error(c->ssl, (int)r);
                if (e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE) return;
                drop(c, "TLS read", e); return;
            }
            feed(c, rbuf, r);
            continue;
        }
#endif
        r = recv(c->fd, rbuf, sizeof rbuf, 0);
        if (r < 0) { if (errno == EAGAIN) return; drop(c, "recv", errno); return; }
        if (r == 0) { drop(c, "server closed", 0); return; }
        feed(c, rbuf, r);
        if (r < (ssize_t)sizeof rbuf && !c->shaking) return;
    }
}
static void dial(struct conn *c) {
    char *e = c->exp; memset(c, 0, sizeof *c); c->exp = e;
    c->fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (c->fd < 0) die("socket");
    int one = 1; setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    c->left = permsg ? permsg : -1;
    active++; waiting++; sessions++;
    struct epoll_event ev = { .events = EPOLLIN | (tls == IMPLICIT ? EPOLLOUT : 0), .data.ptr = c };
    c->wantout = tls == IMPLICIT;
    int r = connect(c->fd, (struct sockaddr *)&sa, sizeof sa);
    epoll_ctl(ep, EPOLL_CTL_ADD, c->fd, &ev);
    if (r < 0 && errno != EINPROGRESS) { drop(c, "connect", errno); return; }
    expect(c, 'G');
    if (tls == IMPLICIT) c->shaking = 2;       /* begins when writable */
}
static void turn(int ms) {
    struct epoll_event ev[256];
    int n = epoll_wait(ep, ev, 256, ms);
    for (int i = 0; i < n; i++) {
        struct conn *c = ev[i].data.ptr;
        if (c->gone) continue;
        if (c->shaking == 2) { if (ev[i].events & EPOLLOUT) { c->shaking = 0; tls_start(c); } else if (ev[i].events & (EPOLLERR | EPOLLHUP)) drop(c, "connect", 0); continue; }
        if (ev[i].events & EPOLLOUT) { if (c->shaking) shake(c); else flush_(c); }
        if (!c->gone && (ev[i].events & (EPOLLIN | EPOLLERR | EPOLLHUP))) readable(c);
    }
    if (now() - start_ > watch_s * 1e9) { printf("{\"error\":\"watchdog\",\"done\":%ld,\"errors\":%ld,\"first\":\"%s\"}\n", done, errors_, firsterr); exit(3); }
}
static int cmp(const void *a, const void *b) { uint32_t x = *(uint32_t *)a, y = *(uint32_t *)b; return x < y ? -1 : x > y; }
static double pct(double p) { return nlat ? lat[(long)(p * (nlat - 1))] / 10.0 : 0; }
static void report(double s) {
    struct rusage u; getrusage(RUSAGE_SELF, &u);
    double cpu = u.ru_utime.tv_sec + u.ru_stime.tv_sec + (u.ru_utime.tv_usec + u.ru_stime.tv_usec) / 1e6;
    qsort(lat, nlat, sizeof *lat, cmp);
    printf("{\"done\":%ld,\"wall_s\":%.6f,\"sessions\":%ld,\"errors\":%ld,\"first\":\"%s\",\"wire_bytes\":%zu,\"client_cpu_s\":%.4f,"
        "\"p50_us\":%.1f,\"p90_us\":%.1f,\"p99_us\":%.1f,\"max_us\":%.1f}\n",
        done, s, sessions, errors_, firsterr, body_n, cpu, pct(.5), pct(.9), pct(.99), pct(1));
    fflush(stdout);
}

int main(int argc, char **argv) {
    int o; const char *dump = NULL;
    while ((o = getopt(argc, argv, "a:p:c:n:m:s:r:P:t:T:W:w:i:o:eHb")) != -1) switch (o) {
        case 'a': addr = optarg; break; case 'p': port = atoi(optarg); break; case 'c': nconn = atoi(optarg); break;
        case 'n': nmsg = atol(optarg); break; case 'm': permsg = atoi(optarg); break; case 's': size_ = strtoul(optarg, 0, 10); break;
        case 'r': rcpts = atoi(optarg); break; case 'P': pipe_ = atoi(optarg); break; case 'T': limit_s = atof(optarg); break;
        case 'W': watch_s = atof(optarg); break; case 'w': warm = atoi(optarg); break; case 'i': idle = atoi(optarg); break;
        case 'o': dump = optarg; break; case 'e': break; case 'H': helo = 1; break; case 'b': chunk = 1; break;
        case 't': tls = !strcmp(optarg, "starttls") ? STARTTLS : !strcmp(optarg, "implicit") ? IMPLICIT : NONE; break;
        default: return 2;
    }
    signal(SIGPIPE, SIG_IGN);
    make_body(); make_group();
    snprintf(bdat, sizeof bdat, "BDAT %zu LAST\r\n", body_n - 3);
    if (dump) { FILE *f = fopen(dump, "wb"); if (!f) die(dump); fwrite(body, 1, body_n, f); return fclose(f) != 0; }
    sa.sin_family = AF_INET; sa.sin_port = htons(port);
    if (!port || inet_pton(AF_INET, addr, &sa.sin_addr) != 1 || (ntohl(sa.sin_addr.s_addr) >> 24) != 127) { fprintf(stderr, "load: -p PORT, and an address in 127.0.0.0/8\n"); return 2; }
#ifdef TLS
    ctx = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
    SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_mode(ctx, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
#else
    if (tls) { fprintf(stderr, "load: built without TLS\n"); return 2; }
#endif
    struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
    ep = epoll_create1(0);
    expcap = rcpts + 8;
    int slots = idle ? idle + 1 : nconn;
    struct conn *cs = calloc(slots, sizeof *cs);
    for (int i = 0; i < slots; i++) { cs[i].exp = malloc(expcap); cs[i].gone = 1; }
    lat = malloc(sizeof *lat * (nmsg + 1));
    start_ = now();
    if (idle) {
        int opened = 0;
        while (idle_up < idle && errors_ == 0) {
            while (opened < idle && opened - idle_up < 100) dial(&cs[opened++]);
            turn(1000);
        }
        double s = (now() - start_) / 1e9;
        printf("READY {\"idle\":%d,\"connect_s\":%.6f,\"errors\":%ld,\"first\":\"%s\"}\n", idle_up, s, errors_, firsterr); fflush(stdout);
        if (errors_) return 1;
        char line[16]; if (!fgets(line, sizeof line, stdin)) return 1;
        start_ = now(); long before = errors_; struct conn *c = &cs[idle];
        dial(c);
        while (!c->gone) turn(1000);
        if (errors_ > before && done < nmsg) { report((now() - start_) / 1e9); return 1; }
        report((now() - start_) / 1e9);
        if (!fgets(line, sizeof line, stdin)) return 1;
        return 0;
    }
    if (limit_s > 0) deadline = start_ + (uint64_t)(limit_s * 1e9);
    for (;;) {
        int more = taken < nmsg && !(deadline && now() > deadline) && errors_ < 50;
        if (more) for (int i = 0; i < slots && active < nconn && active < nmsg - taken + active; i++)
            if (cs[i].gone && (permsg != 1 || active < nconn)) dial(&cs[i]);
        if (!active) { if (!more || errors_) break; continue; }
        if (done >= nmsg && active == waiting) break;   /* a full accept queue lost these */
        turn(1000);
    }
    report((now() - start_) / 1e9);
    return errors_ ? 1 : 0;
}
