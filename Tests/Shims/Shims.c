/* Calls each function of the C shims with usual and with odd values, for UndefinedBehaviorSanitizer and
 * AddressSanitizer: `make test-ubsan`. Swift compiles these functions without sanitizers. */
#include "CCrypt/shim.h"
#include "CGNUExtensions/shim.h"
#include "CIDN2/shim.h"
#include "COpenSSL/shim.h"
#include "CSpawn.h"
#include "CUnistring/shim.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

static int failures;

static void expect(int holds, const char *what) {
    if (holds) return;
    failures++;
    fprintf(stderr, "shims: %s\n", what);
}

static void test_crypt(void) {
    char space[128];
    const char *setting = "$6$rounds=1000$salt$";
    expect(smtp_crypt("secret", setting, space, sizeof space) && space[0] == '$', "SHA-512-crypt has no hash");
    char again[128];
    expect(smtp_crypt("secret", space, again, sizeof again) && strcmp(space, again) == 0, "the hash is another one");
    expect(smtp_crypt("", setting, space, sizeof space), "an empty password has no hash");
    expect(!smtp_crypt("secret", setting, space, 20), "a hash fits into too little space");
    expect(!smtp_crypt("secret", "", space, sizeof space), "an empty setting is understood");
    expect(!smtp_crypt("secret", "*0", space, sizeof space), "a failure token is understood");
    expect(smtp_crypt_knows(setting) && !smtp_crypt_knows("$99$x") && !smtp_crypt_knows(""), "kinds are mistaken");
}

static void test_unistring(void) {
    static const char *const texts[] = {"", "a", "\xef\xac\x81", "e\xcc\x81", "\xef\xbf\xbd", "\xf0\x9f\x98\x80"};
    for (size_t index = 0; index < sizeof texts / sizeof *texts; index++) {
        size_t length = 0;
        uint8_t *form = smtp_unistring_nfkc((const uint8_t *)texts[index], strlen(texts[index]), &length);
        expect(form != NULL || texts[index][0] == 0, "a text has no form");
        free(form);
    }
}

static void test_idn(void) {
    char *form = NULL;
    expect(idn2_to_ascii_8z("m\xc3\xbcnchen.example", &form, smtp_idn2_flags) == IDN2_OK, "a name has no ASCII form");
    expect(form != NULL && strcmp(form, "xn--mnchen-3ya.example") == 0, "the ASCII form is another one");
    idn2_free(form);
}

static void test_errors(void) {
    static const unsigned long codes[] = {0, 1, 0x0A000126, ULONG_MAX, 0x80000000UL | ENOENT, 0x80000000UL, 0xFFFFFFFFUL};
    for (size_t index = 0; index < sizeof codes / sizeof *codes; index++) {
        char text[40], small[1];
        memset(text, 'x', sizeof text);
        smtp_ERR_reason(codes[index], text, sizeof text);
        expect(memchr(text, 0, sizeof text) != NULL, "a reason has no end");
        smtp_ERR_reason(codes[index], small, sizeof small);
        expect(small[0] == 0, "a reason does not fit into one byte");
        (void)smtp_ERR_library(codes[index]);
        (void)smtp_ERR_reason_code(codes[index]);
    }
}

/* A certificate with names of each kind. */
static X509 *make_certificate(void) {
    X509 *certificate = X509_new();
    GENERAL_NAMES *names = smtp_GENERAL_NAMES_new();
    expect(smtp_GENERAL_NAMES_push_dns(names, "mail.example", 12), "a host name is refused");
    expect(smtp_GENERAL_NAMES_push_dns(names, "", 0), "an empty name is refused");
    expect(smtp_GENERAL_NAMES_push_ip(names, "192.0.2.1"), "an IPv4 address is refused");
    expect(smtp_GENERAL_NAMES_push_ip(names, "2001:db8::1"), "an IPv6 address is refused");
    expect(!smtp_GENERAL_NAMES_push_ip(names, "mail.example"), "a name is taken for an address");
    expect(!smtp_GENERAL_NAMES_push_ip(names, ""), "nothing is taken for an address");
    expect(smtp_X509_add_names(certificate, names) == 1, "the names are not added");
    GENERAL_NAMES_free(names);
    expect(smtp_X509_add_extension(certificate, NID_basic_constraints, "critical,CA:TRUE"), "an extension is refused");
    expect(!smtp_X509_add_extension(certificate, NID_basic_constraints, "nonsense"), "nonsense is an extension");
    expect(!smtp_X509_add_extension(certificate, NID_undef, ""), "nothing is an extension");
    return certificate;
}

static void test_names(X509 *certificate) {
    GENERAL_NAMES *names = smtp_alternative_names(certificate);
    GENERAL_NAME *other = GENERAL_NAME_new();
    ASN1_OBJECT *object = OBJ_txt2obj("1.2.3.4", 1);
    GENERAL_NAME_set0_value(other, GEN_RID, object);
    sk_GENERAL_NAME_push(names, other);
    expect(smtp_sk_GENERAL_NAME_num(names) == 5, "there are not five names");
    static const int lengths[] = {12, 0, 4, 16, 0};
    for (int index = 0; index < smtp_sk_GENERAL_NAME_num(names); index++) {
        const unsigned char *data;
        int count;
        int kind = smtp_GENERAL_NAME_get(names, index, &data, &count);
        expect(count == lengths[index], "a name has another length");
        expect((kind == GEN_RID) == (index == 4), "a name has another kind");
    }
    GENERAL_NAMES_free(names);
    X509 *bare = X509_new();
    expect(smtp_alternative_names(bare) == NULL, "a certificate without names has some");
    X509_free(bare);
}

static int ignore_name(SSL *ssl, int *alert, void *argument) {
    (void)ssl, (void)alert, (void)argument;
    return SSL_TLSEXT_ERR_OK;
}

static void test_openssl(void) {
    EVP_PKEY *key = smtp_EVP_EC_gen("P-256");
    expect(key != NULL && smtp_EVP_EC_gen("nonsense") == NULL, "curves are mistaken");
    EVP_PKEY *rsa = smtp_EVP_RSA_gen(1024);
    expect(rsa != NULL, "there is no RSA key");
    X509 *certificate = make_certificate();
    test_names(certificate);
    X509_set_pubkey(certificate, key);
    SSL_CTX *context = SSL_CTX_new(TLS_method());
    expect(smtp_SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION), "TLS 1.2 is refused");
    expect(smtp_SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION), "TLS 1.3 is refused");
    expect(!smtp_SSL_CTX_set_min_proto_version(context, 12345), "an unknown version is taken");
    smtp_SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS);
    smtp_SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
    expect(smtp_SSL_CTX_set1_groups_list(context, "X25519:P-256"), "groups are refused");
    expect(!smtp_SSL_CTX_set1_groups_list(context, "nonsense"), "nonsense is a group");
    (void)smtp_SSL_CTX_add1_chain_cert(context, certificate);
    smtp_SSL_CTX_set_servername_callback(context, ignore_name, NULL);
    expect(smtp_SSL_OP_NO_RENEGOTIATION() && smtp_SSL_OP_NO_COMPRESSION() && smtp_SSL_OP_NO_TICKET()
               && smtp_SSL_OP_CIPHER_SERVER_PREFERENCE(), "an option is nothing");
    SSL *ssl = SSL_new(context);
    expect(smtp_SSL_set_tlsext_host_name(ssl, "mail.example"), "a host name is refused");
    (void)smtp_SSL_get_extms_support(ssl);
    SSL_free(ssl);
    SSL_CTX_free(context);

    BIO *bio = BIO_new(BIO_s_mem());
    const char *data = NULL;
    expect(smtp_BIO_get_mem_data(bio, &data) == 0, "an empty BIO has data");
    BIO_write(bio, "abc", 3);
    expect(smtp_BIO_get_mem_data(bio, &data) == 3 && memcmp(data, "abc", 3) == 0, "the data is another one");
    smtp_BIO_set_retry_read(bio);
    smtp_BIO_clear_retry_flags(bio);
    smtp_BIO_set_close(bio, BIO_CLOSE);
    BIO_free(bio);

    STACK_OF(X509) *stack = sk_X509_new_null();
    sk_X509_push(stack, certificate);
    smtp_X509_up_ref(certificate);
    expect(smtp_sk_X509_num(stack) == 1 && smtp_sk_X509_value(stack, 0) == certificate, "the stack is another one");
    expect(smtp_sk_X509_value(stack, 1) == NULL && smtp_sk_X509_value(stack, -1) == NULL, "the stack has no bounds");
    sk_X509_free(stack);
    X509_free(certificate);
    X509_free(certificate);
    EVP_PKEY_free(key);
    EVP_PKEY_free(rsa);
    expect(smtp_EVP_get_digestbynid(NID_sha256) != NULL, "SHA-256 is unknown");
    (void)smtp_EVP_get_digestbynid(-1);
    expect(smtp_XN_FLAG_RFC2253() != 0, "the flags are nothing");
    smtp_OPENSSL_free(OPENSSL_malloc(8));
    smtp_OPENSSL_free(NULL);
}

static int run(const char *script, struct smtpkit_spawn_settings settings) {
    char *const arguments[] = {"sh", "-c", (char *)script, NULL};
    char *const environment[] = {"PATH=/usr/bin:/bin", NULL};
    int process = 0, status = -1;
    int error = smtpkit_spawn(&process, "sh", arguments, environment, &settings);
    if (error != 0) return -error;
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {}
    return WIFEXITED(status) ? WEXITSTATUS(status) : 255;
}

static void test_spawn(void) {
    struct smtpkit_spawn_settings usual = {.input = -1, .extra = -1, .open_files = -1};
    expect(run("exit 3", usual) == 3, "the status is another one");
    char *const none[] = {"x", NULL};
    int process = 0;
    expect(smtpkit_spawn(&process, "/nonexistent/x", none, none + 1, &usual) == ENOENT, "a missing program starts");
    int pipes[2];
    expect(pipe(pipes) == 0, "there is no pipe");
    struct smtpkit_spawn_settings all = {
        .input = pipes[0], .extra = pipes[1], .closes_others = 1, .leads_group = 1, .open_files = 64,
        .ignored_signal = SIGPIPE,
    };
    expect(run("test \"$(ulimit -n)\" = 64 && test -e /dev/fd/3 && ! test -e /dev/fd/20", all) == 0, "settings are lost");
    all.open_files = 0;
    (void)run("exit 0", all);
    all.open_files = LLONG_MAX;
    (void)run("exit 0", all);
    all.input = 9999;
    expect(run("exit 0", all) == -EBADF, "a closed descriptor is an input");
    close(pipes[0]);
    close(pipes[1]);
}

int main(void) {
    test_crypt();
    test_unistring();
    test_idn();
    test_errors();
    test_openssl();
    test_spawn();
    expect(malloc_trim(0) >= 0, "memory cannot be given back");
    expect(renameat2(AT_FDCWD, "/nonexistent/a", AT_FDCWD, "/nonexistent/b", 1) < 0, "a missing file is renamed");
    if (failures == 0) puts("shims: no fault");
    return failures != 0;
}
