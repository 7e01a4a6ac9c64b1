#include "tests/bench/certificate.h"

#include <assert.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Universal and context tags, X.690, 8.1.2. */
enum {
    DER_INTEGER = 0x02,
    DER_BIT_STRING = 0x03,
    DER_OCTET_STRING = 0x04,
    DER_UTF8 = 0x0c,
    DER_UTC_TIME = 0x17,
    DER_SEQUENCE = 0x30,
    DER_SET = 0x31,
    DER_DNS_NAME = 0x82,
    DER_VERSION = 0xa0,
    DER_EXTENSIONS = 0xa3,
};

enum { KEY_BYTES = 256, SERIAL_BYTES = 16 };

/* Object identifiers, tag and length included. */
static const char oid_common_name[] = "\x06\x03\x55\x04\x03";
static const char oid_organisation[] = "\x06\x03\x55\x04\x0a";
static const char oid_alternative_name[] = "\x06\x03\x55\x1d\x11";
static const char oid_timestamps[] = "\x06\x0a\x2b\x06\x01\x04\x01\xd6\x79\x02\x04\x02";
static const char oid_rsa_and_null[] = "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
static const char oid_rsa_sha256_and_null[] =
    "\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00";

static size_t der_begin(struct wire *out, uint8_t tag)
{
    wire_uint(out, tag, 1);
    wire_uint(out, 0x82, 1);
    return wire_begin(out, 2);
}

/* DER wants the shortest length (X.690, 10.1): 1, 2 or the 3 bytes that were left room for. */
static void der_end(struct wire *out, size_t begun)
{
    const size_t len = out->len - begun;
    const size_t spare = len < 0x80 ? 2 : len < 0x100 ? 1 : 0;
    uint8_t *body = out->data + begun;

    if (spare == 0) {
        wire_end(out, begun, 2);
        return;
    }
    memmove(body - spare, body, len);
    out->len -= spare;
    if (spare == 1) {
        body[-3] = 0x81;
    }
    body[-1 - (ptrdiff_t)spare] = (uint8_t)len;
}

static void der_put(struct wire *out, uint8_t tag, const void *data, size_t len)
{
    const size_t begun = der_begin(out, tag);

    wire_bytes(out, data, len);
    der_end(out, begun);
}

/* A positive integer or a string of bits without unused ones: both begin with a zero. */
static void der_put_noise(struct wire *out, uint8_t tag, struct random *random, size_t len)
{
    const size_t begun = der_begin(out, tag);

    wire_uint(out, 0, 1);
    wire_uint(out, 0x80 | random_below(random, 0x80), 1);
    wire_random(out, random, len - 1);
    der_end(out, begun);
}

static void put_algorithm(struct wire *out, const char *oid_and_null)
{
    der_put(out, DER_SEQUENCE, oid_and_null, sizeof(oid_rsa_and_null) - 1);
}

static void put_attribute(struct wire *out, const char *oid, const char *text)
{
    const size_t set = der_begin(out, DER_SET);
    const size_t pair = der_begin(out, DER_SEQUENCE);

    wire_bytes(out, oid, sizeof(oid_common_name) - 1);
    der_put(out, DER_UTF8, text, strlen(text));
    der_end(out, pair);
    der_end(out, set);
}

static void put_name(struct wire *out, const char *common_name)
{
    const size_t name = der_begin(out, DER_SEQUENCE);

    put_attribute(out, oid_organisation, "Example Trust Services");
    put_attribute(out, oid_common_name, common_name);
    der_end(out, name);
}

static void put_validity(struct wire *out)
{
    const size_t validity = der_begin(out, DER_SEQUENCE);

    der_put(out, DER_UTC_TIME, "231101000000Z", 13);
    der_put(out, DER_UTC_TIME, "250101000000Z", 13);
    der_end(out, validity);
}

/* algorithm, then modulus and exponent within a string of bits (RFC 3279, 2.3.1). */
static void put_public_key(struct wire *out, struct random *random)
{
    const size_t key_info = der_begin(out, DER_SEQUENCE);

    put_algorithm(out, oid_rsa_and_null);
    const size_t bits = der_begin(out, DER_BIT_STRING);
    wire_uint(out, 0, 1);
    const size_t key = der_begin(out, DER_SEQUENCE);
    der_put_noise(out, DER_INTEGER, random, KEY_BYTES);
    der_put(out, DER_INTEGER, "\x01\x00\x01", 3);
    der_end(out, key);
    der_end(out, bits);
    der_end(out, key_info);
}

/* list<u16> of two { version, log, time, extensions<u16>, hash, signature, signature<u16> }
 * (RFC 6962, 3.3). */
static void put_timestamps(struct wire *out, struct random *random)
{
    const size_t list = wire_begin(out, 2);

    for (int i = 0; i < 2; i++) {
        const size_t one = wire_begin(out, 2);
        wire_uint(out, 0, 1);
        wire_random(out, random, 32);
        wire_uint(out, 1698796800000, 8);
        wire_uint(out, 0, 2);
        wire_uint(out, 0x0403, 2);
        wire_uint(out, 71, 2);
        wire_random(out, random, 71);
        wire_end(out, one, 2);
    }
    wire_end(out, list, 2);
}

/* subjectAltName with the host's name, and what certificate transparency adds. */
static void put_extensions(struct wire *out, struct random *random, const char *host_name)
{
    const size_t tagged = der_begin(out, DER_EXTENSIONS);
    const size_t list = der_begin(out, DER_SEQUENCE);
    const size_t alternative = der_begin(out, DER_SEQUENCE);

    wire_bytes(out, oid_alternative_name, sizeof(oid_alternative_name) - 1);
    const size_t value = der_begin(out, DER_OCTET_STRING);
    const size_t names = der_begin(out, DER_SEQUENCE);
    der_put(out, DER_DNS_NAME, host_name, strlen(host_name));
    der_end(out, names);
    der_end(out, value);
    der_end(out, alternative);
    const size_t timestamps = der_begin(out, DER_SEQUENCE);
    wire_bytes(out, oid_timestamps, sizeof(oid_timestamps) - 1);
    const size_t wrapped = der_begin(out, DER_OCTET_STRING);
    const size_t inner = der_begin(out, DER_OCTET_STRING);
    put_timestamps(out, random);
    der_end(out, inner);
    der_end(out, wrapped);
    der_end(out, timestamps);
    der_end(out, list);
    der_end(out, tagged);
}

static void put_certificate(struct wire *out, struct random *random, const char *issuer,
                            const char *subject, bool has_extensions)
{
    const size_t certificate = der_begin(out, DER_SEQUENCE);
    const size_t to_be_signed = der_begin(out, DER_SEQUENCE);

    if (has_extensions) {
        der_put(out, DER_VERSION, "\x02\x01\x02", 3);
    }
    der_put_noise(out, DER_INTEGER, random, SERIAL_BYTES);
    put_algorithm(out, oid_rsa_sha256_and_null);
    put_name(out, issuer);
    put_validity(out);
    put_name(out, subject);
    put_public_key(out, random);
    if (has_extensions) {
        put_extensions(out, random, subject);
    }
    der_end(out, to_be_signed);
    put_algorithm(out, oid_rsa_sha256_and_null);
    der_put_noise(out, DER_BIT_STRING, random, KEY_BYTES);
    der_end(out, certificate);
}

size_t certificate_host_name(uint32_t host, char out[64])
{
    const int len = snprintf(out, 64, "www.shop-%u.example", host);

    assert(len > 0 && len < 64);
    return (size_t)len;
}

void certificate_leaf(uint32_t host, struct wire *out)
{
    struct random random = random_of(host, 1);
    char name[64];

    (void)certificate_host_name(host, name);
    put_certificate(out, &random, "Example Issuing Authority 1", name, true);
}

void certificate_issuer(struct wire *out)
{
    struct random random = random_of(0, 2);

    put_certificate(out, &random, "Example Root Authority", "Example Issuing Authority 1", false);
}
