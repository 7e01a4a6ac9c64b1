/* The TLS record header (RFC 8446, 5.1): five bytes that say how many follow. */
#ifndef REPRISE_DISSECT_TLS_RECORD_H
#define REPRISE_DISSECT_TLS_RECORD_H

#include "dissect/bytes.h"

enum record_type {
    RECORD_CHANGE_CIPHER_SPEC = 20,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_APPLICATION_DATA = 23,
    RECORD_HEARTBEAT = 24,
};

enum {
    RECORD_HEADER_BYTES = 5,
    RECORD_BODY_MAX = 16384 + 2048, /* TLSCiphertext of TLS <= 1.2 (RFC 5246, 6.2.3) */
};

struct record_header {
    uint8_t type;
    uint16_t version; /* legacy_record_version: says little about the version negotiated */
    uint16_t len;     /* of the body */
};

static inline bool record_is_plausible(const struct record_header *record)
{
    if (record->type < RECORD_CHANGE_CIPHER_SPEC || record->type > RECORD_HEARTBEAT) {
        return false;
    }
    /* Only application data may be empty (RFC 8446, 5.1; RFC 5246, 6.2.1). */
    return record->version >> 8 == 3 && record->len <= RECORD_BODY_MAX &&
           (record->len > 0 || record->type == RECORD_APPLICATION_DATA);
}

/* Reads a record header. False, with *b unchanged, when there are fewer than five bytes or when
 * they cannot be one: another type, another major version, a length no record may have.
 *
 * type u8, version u16, length u16. */
MUST_CHECK static inline bool record_header_parse(struct bytes *b, struct record_header *out)
{
    struct bytes rest = *b;
    struct record_header record;

    if (!bytes_u8(&rest, &record.type) || !bytes_u16(&rest, &record.version) ||
        !bytes_u16(&rest, &record.len) || !record_is_plausible(&record)) {
        return false;
    }
    *b = rest;
    *out = record;
    return true;
}

#endif
