/* What Swift cannot import from OpenSSL 3 by itself: macros with arguments, variadic functions, unions,
 * constants that are computed, and the typed stacks. One wrapper for each, named smtp_ and the thing's own name. */
#ifndef SMTPKIT_COPENSSL_SHIM_H
#define SMTPKIT_COPENSSL_SHIM_H

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>

/* Contexts */

static inline int smtp_SSL_CTX_set_min_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_min_proto_version(ctx, version);
}
static inline int smtp_SSL_CTX_set_max_proto_version(SSL_CTX *ctx, int version) {
    return (int)SSL_CTX_set_max_proto_version(ctx, version);
}
static inline void smtp_SSL_CTX_set_mode(SSL_CTX *ctx, long mode) { SSL_CTX_set_mode(ctx, mode); }
static inline void smtp_SSL_CTX_set_session_cache_mode(SSL_CTX *ctx, long mode) {
    SSL_CTX_set_session_cache_mode(ctx, mode);
}
static inline int smtp_SSL_CTX_set1_groups_list(SSL_CTX *ctx, const char *list) {
    return (int)SSL_CTX_set1_groups_list(ctx, list);
}
static inline int smtp_SSL_CTX_add1_chain_cert(SSL_CTX *ctx, X509 *certificate) {
    return (int)SSL_CTX_add1_chain_cert(ctx, certificate);
}
static inline void smtp_SSL_CTX_set_servername_callback(SSL_CTX *ctx, int (*f)(SSL *, int *, void *), void *argument) {
    SSL_CTX_set_tlsext_servername_callback(ctx, f);
    SSL_CTX_set_tlsext_servername_arg(ctx, argument);
}
static inline uint64_t smtp_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t smtp_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }
static inline uint64_t smtp_SSL_OP_NO_TICKET(void) { return SSL_OP_NO_TICKET; }
static inline uint64_t smtp_SSL_OP_CIPHER_SERVER_PREFERENCE(void) { return SSL_OP_CIPHER_SERVER_PREFERENCE; }

/* Connections */

static inline int smtp_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}
static inline int smtp_SSL_get_extms_support(SSL *ssl) { return (int)SSL_get_extms_support(ssl); }
static inline void smtp_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void smtp_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }
static inline void smtp_BIO_set_close(BIO *bio, int flag) { (void)BIO_set_close(bio, flag); }
static inline size_t smtp_BIO_get_mem_data(BIO *bio, const char **data) { return (size_t)BIO_get_mem_data(bio, data); }

/* Errors: the words for one entry of the error queue. */

static inline void smtp_ERR_reason(unsigned long code, char *text, size_t size) {
    const char *reason = ERR_reason_error_string(code);
    if (reason == NULL && ERR_SYSTEM_ERROR(code)) reason = strerror(ERR_GET_REASON(code));
    if (reason != NULL) {
        strncpy(text, reason, size - 1);
        text[size - 1] = '\0';
    } else {
        ERR_error_string_n(code, text, size);
    }
}
static inline int smtp_ERR_library(unsigned long code) { return ERR_GET_LIB(code); }
static inline int smtp_ERR_reason_code(unsigned long code) { return ERR_GET_REASON(code); }

/* Certificates */

static inline EVP_PKEY *smtp_EVP_EC_gen(const char *curve) { return EVP_EC_gen(curve); }
static inline EVP_PKEY *smtp_EVP_RSA_gen(unsigned int bits) { return EVP_RSA_gen(bits); }
static inline int smtp_sk_X509_num(const STACK_OF(X509) *stack) { return sk_X509_num(stack); }
static inline X509 *smtp_sk_X509_value(const STACK_OF(X509) *stack, int index) { return sk_X509_value(stack, index); }
static inline void smtp_X509_up_ref(X509 *certificate) { (void)X509_up_ref(certificate); }

static inline const EVP_MD *smtp_EVP_get_digestbynid(int nid) { return EVP_get_digestbynid(nid); }
static inline unsigned long smtp_XN_FLAG_RFC2253(void) { return XN_FLAG_RFC2253; }
static inline void smtp_OPENSSL_free(void *memory) { OPENSSL_free(memory); }

/* The subject alternative names: pushed and walked without their unions. */

static inline GENERAL_NAMES *smtp_alternative_names(const X509 *certificate) {
    return (GENERAL_NAMES *)X509_get_ext_d2i(certificate, NID_subject_alt_name, NULL, NULL);
}
static inline int smtp_sk_GENERAL_NAME_num(const GENERAL_NAMES *names) { return sk_GENERAL_NAME_num(names); }
/* The kind (GEN_DNS, GEN_EMAIL, GEN_URI, GEN_IPADD or another), and for these four the octets. */
static inline int smtp_GENERAL_NAME_get(const GENERAL_NAMES *names, int index, const unsigned char **data, int *count) {
    const GENERAL_NAME *name = sk_GENERAL_NAME_value(names, index);
    const ASN1_STRING *text = NULL;
    switch (name->type) {
    case GEN_DNS: text = name->d.dNSName; break;
    case GEN_EMAIL: text = name->d.rfc822Name; break;
    case GEN_URI: text = name->d.uniformResourceIdentifier; break;
    case GEN_IPADD: text = name->d.iPAddress; break;
    default: break;
    }
    *data = text ? ASN1_STRING_get0_data(text) : NULL;
    *count = text ? ASN1_STRING_length(text) : 0;
    return name->type;
}
static inline GENERAL_NAMES *smtp_GENERAL_NAMES_new(void) { return GENERAL_NAMES_new(); }
static inline int smtp_GENERAL_NAMES_push_dns(GENERAL_NAMES *names, const char *text, int count) {
    GENERAL_NAME *name = GENERAL_NAME_new();
    ASN1_IA5STRING *value = ASN1_IA5STRING_new();
    if (name == NULL || value == NULL || !ASN1_STRING_set(value, text, count)) goto failed;
    GENERAL_NAME_set0_value(name, GEN_DNS, value);
    value = NULL;
    if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
failed:
    ASN1_IA5STRING_free(value);
    GENERAL_NAME_free(name);
    return 0;
}
/* 0 when the text is not an IP address. */
static inline int smtp_GENERAL_NAMES_push_ip(GENERAL_NAMES *names, const char *text) {
    ASN1_OCTET_STRING *value = a2i_IPADDRESS(text);
    GENERAL_NAME *name = GENERAL_NAME_new();
    if (value == NULL || name == NULL) goto failed;
    GENERAL_NAME_set0_value(name, GEN_IPADD, value);
    value = NULL;
    if (sk_GENERAL_NAME_push(names, name) > 0) return 1;
failed:
    ASN1_OCTET_STRING_free(value);
    GENERAL_NAME_free(name);
    return 0;
}
static inline int smtp_X509_add_names(X509 *certificate, GENERAL_NAMES *names) {
    return X509_add1_ext_i2d(certificate, NID_subject_alt_name, names, 0, X509V3_ADD_REPLACE);
}
/* An extension in OpenSSL's configuration language; the certificate is its own issuer. */
static inline int smtp_X509_add_extension(X509 *certificate, int nid, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, nid, value);
    if (extension == NULL) return 0;
    int done = X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
    return done;
}

#endif
