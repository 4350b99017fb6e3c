/* limit.c: the least an SMTP receiver can do; the "physical limit" that Benchmarks/server.py measures against.
 *
 *   cc -O2 -o limit limit.c                                plain TCP only
 *   cc -O2 -DTLS -o limit limit.c -lssl -lcrypto           with STARTTLS and implicit TLS
 *
 * One thread, epoll, one shared read buffer, all replies to one read in one write. It looks at the first
 * letters of a command and at nothing else: no address is parsed, no sequence kept, no limit enforced.
 * It is NOT a usable server. It listens on 127.0.0.1 only.
 *
 *   limit [-m MBOX | -d DIR | -x COMMAND] [-S none|each|group] [-C CERT -K KEY [-I]] PORT
 *     -m MBOX   append messages (dots unstuffed, LF line ends, 'From ' quoted, one write(2) a message; past
 *               256 KiB by way of an unnamed spool file, so that memory stays flat)
 *     -d DIR    write each message to a file in DIR/tmp and rename it to DIR/new
 *     -x CMD    run a command for each message, one after another, with the message as its standard input
 *     -S        none: no sync; each: fdatasync before each 250; group: one fdatasync for all the messages
 *               that one epoll round brought, then their replies
 *     -I        implicit TLS; with -C and -K alone, STARTTLS is offered
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <emmintrin.h>
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#ifdef TLS
#include <openssl/ssl.h>
static SSL_CTX *ctx;
#endif
#define CARRY 1024

struct conn {
    int fd; unsigned char data, bol, quit, shaking, pend;  /* bol: 0 mid-line, 1 after CR, 2 after CRLF, 3 '.', 4 '.' CR */
    unsigned short ncarry; char *carry;                    /* a command that came in part */
    char *msg; size_t n, cap;                              /* the message, with -m: what is not yet in the spool */
    int spool; size_t nspool;                              /* its beginning, when it is large; -1: none */
    char *out; size_t nout;                                /* replies held back, with -S group or a full socket */
#ifdef TLS
    SSL *ssl; unsigned char want;
#endif
};
enum { S_NONE, S_EACH, S_GROUP };
static const char *mdir, *program;
static int tmp = -1, new = -1;
static int mbox = -1, sync_ = S_NONE, implicit_, have_tls, ep, dirty;
static char rbuf[1 << 18], obuf[1 << 16]; static size_t on;
static struct conn *held[1024]; static int nheld;
static const char EHLO[] = "250-limit\r\n250-PIPELINING\r\n250-SIZE\r\n250 8BITMIME\r\n", EHLOT[] = "250-limit\r\n250-PIPELINING\r\n250-SIZE\r\n250-STARTTLS\r\n250 8BITMIME\r\n";

static void put(const char *s, size_t n) { if (on + n <= sizeof obuf) { memcpy(obuf + on, s, n); on += n; } }
#define PUT(s) put(s, sizeof(s) - 1)
static void keep(struct conn *c, const char *p, size_t n) {
    if (c->n + n > c->cap) { c->cap = (c->n + n) * 2 < 8192 ? 8192 : (c->n + n) * 2; c->msg = realloc(c->msg, c->cap); }
    memcpy(c->msg + c->n, p, n); c->n += n;
}
/* the end of the content in [p,e): the first CRLF '.' CRLF, whatever lay before. Returns the byte after it, or NULL */
static const char *find_end(struct conn *c, const char *p, const char *e) {
    while (p < e && c->bol) {                                /* a state carried over from the last read */
        char b = *p++;
        if (c->bol == 4 && b == '\n') { c->bol = 0; return p; }
        if (c->bol == 3 && b == '\r') c->bol = 4;
        else if (c->bol == 2 && b == '.') c->bol = 3;
        else if (c->bol == 1 && b == '\n') c->bol = 2;
        else c->bol = b == '\r' ? 1 : 0;
        if (!c->bol) break;
    }
    if (p >= e) return NULL;
    const char *q = p;
    const __m128i dot = _mm_set1_epi8('.'), lf = _mm_set1_epi8('\n');
    for (; q + 17 <= e; q += 16) {
        unsigned m = _mm_movemask_epi8(_mm_and_si128(_mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)(q + 1)), dot), _mm_cmpeq_epi8(_mm_loadu_si128((const __m128i *)q), lf)));
        while (m) {
            const char *d = q + __builtin_ctz(m);           /* at the LF; d[1] is the dot */
            m &= m - 1;
            if (d > p && d[-1] == '\r' && e - d >= 4 && d[2] == '\r' && d[3] == '\n') return d + 4;
        }
    }
    for (; q + 4 <= e; q++) if (q > p && q[0] == '\n' && q[1] == '.' && q[2] == '\r' && q[3] == '\n' && q[-1] == '\r') return q + 4;
    const char *t = e - 4 < p ? p : e - 4;                  /* the state at the end of this read */
    c->bol = 0;
    for (; t < e; t++) {
        char b = *t;
        if (c->bol == 3 && b == '\r') c->bol = 4;
        else if (c->bol == 2 && b == '.') c->bol = 3;
        else if (c->bol == 1 && b == '\n') c->bol = 2;
        else c->bol = b == '\r' ? 1 : 0;
    }
    return NULL;
}
static off_t mpos;                                           /* the end of the mbox; nothing else writes to it */
static char *wbuf; static size_t wcap;
static void append(int fd, const char *p, size_t n, off_t at) {
    while (n) { ssize_t r = pwrite(fd, p, n, at); if (r <= 0) { perror("write"); exit(1); } p += r; at += r; n -= r; }
}
static char *convert(const char *p, const char *e, char *o) { /* whole lines: unstuffed, LF, 'From ' quoted */
    while (p < e) {
        const char *l = memchr(p, '\n', e - p); if (!l) break;
        if (*p == '.') p++;
        size_t k = l - p; if (k && p[k - 1] == '\r') k--;
        const char *g = p; while (g < l && *g == '>') g++;
        if (l - g >= 5 && !memcmp(g, "From ", 5)) *o++ = '>';
        memcpy(o, p, k); o += k; *o++ = '\n'; p = l + 1;
    }
    return o;
}
static char *room(size_t n) { if (n > wcap) { free(wbuf); wbuf = malloc(wcap = n); } return wbuf; }
static void spill(struct conn *c) {                          /* move the whole lines to the spool */
    const char *l = memrchr(c->msg, '\n', c->n); if (!l) return;
    if (c->spool < 0) { c->spool = open(mdir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600); if (c->spool < 0) { perror(mdir); exit(1); } }
    size_t used = l + 1 - c->msg; char *w = room(c->n + c->n / 4 + 128), *o = convert(c->msg, l + 1, w);
    append(c->spool, w, o - w, c->nspool); c->nspool += o - w;
    memmove(c->msg, c->msg + used, c->n - used); c->n -= used;
}
static void deliver(struct conn *c) {                        /* c->msg ends with CRLF '.' CRLF, or is '.' CRLF after a spill */
    char *w = room(c->n + c->n / 4 + 128), *o = w;
    time_t t = time(NULL); struct tm tm; gmtime_r(&t, &tm);
    o += sprintf(o, "From sender@example.test "); o += strftime(o, 40, "%a %b %e %H:%M:%S %Y\n", &tm);
    if (c->nspool) {
        append(mbox, w, o - w, mpos); mpos += o - w; o = w;
        off_t from = 0;
        while (c->nspool) { ssize_t r = copy_file_range(c->spool, &from, mbox, &mpos, c->nspool, 0); if (r <= 0) { perror("copy_file_range"); exit(1); } c->nspool -= r; }
        if (ftruncate(c->spool, 0)) perror("ftruncate");
    }
    o = convert(c->msg, c->msg + c->n - 3, o);
    *o++ = '\n';
    append(mbox, w, o - w, mpos); mpos += o - w;
    c->n = 0;
    if (sync_ == S_EACH) fdatasync(mbox); else if (sync_ == S_GROUP) dirty = 1;
}
static void deliver_file(struct conn *c) {
    static unsigned serial; char name[64];
    char *w = room(c->n + c->n / 4 + 128), *o = convert(c->msg, c->msg + c->n - 3, w);
    sprintf(name, "%ld.M%06uP%d.limit", (long)time(NULL), serial++, (int)getpid());
    int fd = openat(tmp, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0 || write(fd, w, o - w) != o - w || close(fd) || renameat2(tmp, name, new, name, RENAME_NOREPLACE)) { perror(name); exit(1); }
    c->n = 0;
}
static void deliver_command(struct conn *c) {
    extern char **environ;
    char *w = room(c->n + c->n / 4 + 128), *o = convert(c->msg, c->msg + c->n - 3, w), *args[] = { (char *)program, NULL };
    int fd = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600), status; pid_t pid;
    posix_spawn_file_actions_t actions; posix_spawn_file_actions_init(&actions); posix_spawn_file_actions_adddup2(&actions, fd, 0);
    if (fd < 0 || pwrite(fd, w, o - w, 0) != o - w || posix_spawnp(&pid, program, &actions, NULL, args, environ) || waitpid(pid, &status, 0) < 0 || status) { perror(program); exit(1); }
    posix_spawn_file_actions_destroy(&actions); close(fd);
    c->n = 0;
}
static void command(struct conn *c, const char *p, size_t n) {
    (void)n;
    switch (p[0] & 0x5f) {
    case 'E': if (have_tls && !implicit_
#ifdef TLS
        && !c->ssl
#endif
        ) PUT(EHLOT); else PUT(EHLO); break;
    case 'H': PUT("250 limit\r\n"); break;
    case 'M': case 'R': PUT("250 2.0.0 Ok\r\n"); break;
    case 'D': PUT("354 End data with <CR><LF>.<CR><LF>\r\n"); c->data = 1; c->bol = 2; c->n = c->nspool = 0; break;
    case 'S': PUT("220 2.0.0 Ready\r\n"); c->shaking = 1; break;
    case 'Q': PUT("221 2.0.0 Bye\r\n"); c->quit = 1; break;
    default: PUT("250 2.0.0 Ok\r\n");
    }
}
static void eat(struct conn *c, const char *p, size_t n) {
    const char *e = p + n;
    while (p < e && !c->quit && !c->shaking) {
        if (c->data) {
            const char *q = find_end(c, p, e);
            if (mbox >= 0 || tmp >= 0 || program) { keep(c, p, (q ? q : e) - p); if (!q && mbox >= 0 && c->n > sizeof rbuf) spill(c); }
            if (!q) return;
            c->data = 0; p = q;
            if (mbox >= 0) deliver(c); else if (tmp >= 0) deliver_file(c); else if (program) deliver_command(c);
            PUT("250 2.0.0 Ok\r\n");
            continue;
        }
        const char *l = memchr(p, '\n', e - p);
        if (!l) {
            if (!c->carry) c->carry = malloc(CARRY);
            size_t k = e - p; if (c->ncarry + k > CARRY) k = CARRY - c->ncarry;
            memcpy(c->carry + c->ncarry, p, k); c->ncarry += k; return;
        }
        if (c->ncarry) { command(c, c->carry, c->ncarry); c->ncarry = 0; free(c->carry); c->carry = NULL; }
        else command(c, p, l - p);
        p = l + 1;
    }
}
static void bye(struct conn *c) {
#ifdef TLS
    if (c->ssl) { SSL_shutdown(c->ssl); SSL_free(c->ssl); }
#endif
    if (c->spool >= 0) close(c->spool);
    close(c->fd); free(c->carry); free(c->msg); free(c->out); free(c);
}
static int raw(struct conn *c, const char *p, size_t n) {    /* replies are small: a full socket means a client that does not read */
    if (!n) return 0;
#ifdef TLS
    if (c->ssl) return SSL_write(c->ssl, p, (int)n) == (int)n ? 0 : -1;
#endif
    return send(c->fd, p, n, MSG_NOSIGNAL) == (ssize_t)n ? 0 : -1;
}
/* send what obuf holds, or hold it until the group's sync is done */
static int out(struct conn *c) {
    if (!on) return 0;
    if (dirty && !c->shaking) {
        c->out = realloc(c->out, c->nout + on); memcpy(c->out + c->nout, obuf, on); c->nout += on; on = 0;
        if (!c->pend) { c->pend = 1; held[nheld++] = c; }
        return 0;
    }
    int r = raw(c, obuf, on); on = 0; return r;
}
/* returns -1 when the connection is done with */
static int serve(struct conn *c) {
#ifdef TLS
    if (c->shaking) {
        if (!c->ssl) { c->ssl = SSL_new(ctx); SSL_set_fd(c->ssl, c->fd); SSL_set_accept_state(c->ssl); }
        int r = SSL_accept(c->ssl);
        if (r <= 0) { int e = SSL_get_error(c->ssl, r); return e == SSL_ERROR_WANT_READ || e == SSL_ERROR_WANT_WRITE ? 0 : -1; }
        c->shaking = 0;
        if (implicit_) { PUT("220 limit ESMTP\r\n"); if (out(c)) return -1; }
    }
    if (c->ssl) {
        for (;;) {
            int r = SSL_read(c->ssl, rbuf, sizeof rbuf);
            if (r <= 0) { int e = SSL_get_error(c->ssl, r); if (out(c)) return -1; return e == SSL_ERROR_WANT_READ ? (c->quit && !c->pend ? -1 : 0) : -1; }
            eat(c, rbuf, r);
        }
    }
#endif
    ssize_t r = recv(c->fd, rbuf, sizeof rbuf, 0);
    if (r < 0) return errno == EAGAIN ? 0 : -1;
    if (r == 0) return -1;
    eat(c, rbuf, r);
    if (out(c)) return -1;
    return c->quit && !c->pend ? -1 : 0;
}
int main(int argc, char **argv) {
    const char *cert = NULL, *key = NULL; int o;
    while ((o = getopt(argc, argv, "m:d:x:S:C:K:I")) != -1) switch (o) {
        case 'm': mbox = open(optarg, O_WRONLY | O_CREAT | O_CLOEXEC, 0600); if (mbox < 0) { perror(optarg); return 1; }
                  mpos = lseek(mbox, 0, SEEK_END); mdir = dirname(strdup(optarg)); break;
        case 'd': mkdir(optarg, 0700); if (chdir(optarg)) { perror(optarg); return 1; }
                  mkdir("tmp", 0700); mkdir("new", 0700); tmp = open("tmp", O_DIRECTORY | O_CLOEXEC); new = open("new", O_DIRECTORY | O_CLOEXEC); break;
        case 'x': program = optarg; break;
        case 'S': sync_ = *optarg == 'e' ? S_EACH : *optarg == 'g' ? S_GROUP : S_NONE; break;
        case 'C': cert = optarg; break; case 'K': key = optarg; break; case 'I': implicit_ = 1; break; default: return 2;
    }
    if (optind >= argc) { fprintf(stderr, "limit [-m MBOX | -d DIR | -x COMMAND] [-S none|each|group] [-C CERT -K KEY [-I]] PORT\n"); return 2; }
    signal(SIGPIPE, SIG_IGN);
    if (cert) {
#ifdef TLS
        ctx = SSL_CTX_new(TLS_server_method()); have_tls = 1;
        SSL_CTX_set_mode(ctx, SSL_MODE_RELEASE_BUFFERS); SSL_CTX_set_num_tickets(ctx, 0); SSL_CTX_set_session_cache_mode(ctx, SSL_SESS_CACHE_OFF);
        if (SSL_CTX_use_certificate_chain_file(ctx, cert) != 1 || SSL_CTX_use_PrivateKey_file(ctx, key, SSL_FILETYPE_PEM) != 1) { fprintf(stderr, "limit: certificate\n"); return 1; }
#else
        (void)key; fprintf(stderr, "limit: built without TLS\n"); return 2;
#endif
    }
    struct rlimit rl; getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl);
    int ls = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), one = 1;
    setsockopt(ls, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one); setsockopt(ls, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    struct sockaddr_in sa = { .sin_family = AF_INET, .sin_port = htons(atoi(argv[optind])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(ls, (struct sockaddr *)&sa, sizeof sa) || listen(ls, 4096)) { perror("listen"); return 1; }
    ep = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event ev = { .events = EPOLLIN, .data.ptr = NULL }; epoll_ctl(ep, EPOLL_CTL_ADD, ls, &ev);
    for (;;) {
        struct epoll_event evs[256]; int n = epoll_wait(ep, evs, 256, -1);
        for (int i = 0; i < n; i++) {
            struct conn *c = evs[i].data.ptr;
            if (c) { if (serve(c)) { on = 0; if (c->pend) c->quit = 2; else bye(c); } continue; }
            for (int fd; (fd = accept4(ls, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
                c = calloc(1, sizeof *c); c->fd = fd; c->spool = -1;
                struct epoll_event e = { .events = EPOLLIN, .data.ptr = c }; epoll_ctl(ep, EPOLL_CTL_ADD, fd, &e);
                if (implicit_) c->shaking = 1; else if (send(fd, "220 limit ESMTP\r\n", 17, MSG_NOSIGNAL) < 0) bye(c);
            }
        }
        if (nheld) {                                        /* one sync for the whole round, then its replies */
            fdatasync(mbox); dirty = 0;
            for (int i = 0; i < nheld; i++) {
                struct conn *c = held[i]; int r = raw(c, c->out, c->nout);
                free(c->out); c->out = NULL; c->nout = 0; c->pend = 0;
                if (r || c->quit) bye(c);
            }
            nheld = 0;
        }
        dirty = 0;
    }
}
