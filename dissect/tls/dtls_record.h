/* The records of a DTLS datagram: with the plain header of RFC 6347, 4.1, with a connection ID
 * (RFC 9146, 4), or with the unified header of DTLS 1.3's encrypted records (RFC 9147, 4). */
#ifndef REPRISE_DISSECT_TLS_DTLS_RECORD_H
#define REPRISE_DISSECT_TLS_DTLS_RECORD_H

#include "dissect/tls/record.h"

enum {
    DTLS_RECORD_CID = 25, /* tls12_cid: the type is encrypted */
    DTLS_RECORD_ACK = 26, /* RFC 9147, 7 */
    DTLS_RECORD_HEADER_BYTES = 13,
    DTLS_CID_UNKNOWN = 256, /* length of a direction's connection IDs: its offer was not seen */
};

struct dtls_record {
    uint8_t type;      /* 0 with a unified header: it is encrypted */
    bool is_unified;   /* then version and sequence are 0 */
    bool is_cut;       /* body holds less than body_len: the capture cut the datagram */
    uint16_t version;  /* 0xfeff, 0xfefd; 0x0100 of OpenSSL before 0.9.8f */
    uint16_t epoch;    /* of a unified header: its two low bits */
    uint64_t sequence; /* 48 bits */
    uint32_t body_len; /* as the header says */
    uint32_t wire_len; /* header and body_len */
    struct bytes body;
};

/* Whether a datagram's first byte is a DTLS record's, where others share its ports (RFC 7983, 7;
 * RFC 9443, 3): STUN, ZRTP, TURN channels, RTP. */
bool dtls_record_is_first_byte(uint8_t first);

/* Whether a record or hello may carry this version. */
bool dtls_record_is_version(uint16_t version);

/* Splits the next record off a datagram. cid_len: of the connection IDs of this direction; where it
 * is unknown, a record that has one is taken to fill the datagram. False, with *datagram
 * unchanged, when no record begins here. */
MUST_CHECK bool dtls_record_next(struct bytes *datagram, unsigned cid_len, struct dtls_record *out);

/* Takes a MAC off the end of a record that a cipher suite without encryption leaves in clear. */
void dtls_record_drop_mac(struct dtls_record *record, uint8_t mac_len);

#endif
