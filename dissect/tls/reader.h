/* The TLS reader of one direction: contiguous bytes in, events out. Records and handshake
 * messages may be split and joined in every way RFC 8446 5.1 and RFC 5246 6.2.1 allow: several
 * messages in a record, a message over several records, either over any number of chunks.
 *
 * Nothing is copied while a message lies whole in one chunk. Otherwise only the messages that
 * are parsed (hellos, NewSessionTicket, alerts) are collected, in a block of `small` (up to
 * READER_SMALL_BYTES) or `large` (up to READER_LARGE_BYTES); all others are skipped by count.
 *
 * Where a direction does not begin with TLS (STARTTLS, CONNECT, SOCKS, ...), the reader looks for
 * the first ClientHello or ServerHello that begins a segment, in at most READER_SEARCH_BYTES. */
#ifndef REPRISE_DISSECT_TLS_READER_H
#define REPRISE_DISSECT_TLS_READER_H

#include "dissect/tls/event.h"

#include "base/pool.h"

enum {
    READER_SMALL_BYTES = 4 * 1024,
    READER_LARGE_BYTES = 128 * 1024,
    READER_SEARCH_BYTES = 64 * 1024,
};

/* Shared by the readers of one dissector. */
struct reader_pools {
    struct pool *small; /* READER_SMALL_BYTES */
    struct pool *large; /* READER_LARGE_BYTES */
};

/* What the direction is known to be. */
enum reader_phase {
    READER_SEARCHING,   /* no TLS record seen yet */
    READER_RECORD,      /* at, or inside, a record header */
    READER_BODY,        /* inside a record's body */
    READER_STOPPED,     /* not TLS, or told to stop */
};

struct tls_reader {
    enum reader_phase phase;
    bool is_encrypted;      /* a ChangeCipherSpec was seen: handshake records are not clear */
    bool after_gap;         /* bytes were lost: looking for the next record */
    uint8_t header[5];      /* a record header that came in pieces */
    uint8_t header_len;
    uint8_t record_type;
    uint16_t record_version;
    uint16_t record_len;
    uint16_t record_left;   /* body bytes still to come */
    uint8_t message_header[4];
    uint8_t message_header_len;
    uint8_t message_type;
    uint32_t message_len;
    uint32_t message_left;  /* body bytes still to come; the message may go on in later records */
    uint8_t *block;         /* collects the current message, NULL when it is skipped */
    bool block_is_large;
    uint32_t block_len;
    bool block_given_up;    /* wanted, but no block could be had: reported with is_parsed false */
    uint32_t searched;      /* bytes passed over before the first record */
    uint32_t stream_bytes;
    int64_t record_start_ns;
    int64_t message_start_ns;
    uint8_t *spent;         /* block to give back at the next call: the last event borrows it */
    bool spent_is_large;
};

void tls_reader_init(struct tls_reader *reader);
void tls_reader_clear(struct tls_reader *reader, const struct reader_pools *pools);

/* One run of contiguous bytes, or a hole of `missing` bytes. The reader consumes from data. */
struct reader_input {
    struct bytes data;
    uint32_t missing;    /* > 0: a hole; data is empty */
    int64_t time_ns;
    bool starts_segment; /* data begins a captured segment */
};

/* The next event of the input; false when it is used up. After a hole the reader skips the rest
 * of the record the hole ends in if its length tells where that is, else looks for the next
 * plausible record header at the start of a segment. `from` of the event is left to the caller. */
MUST_CHECK bool tls_reader_next(struct tls_reader *reader, const struct reader_pools *pools,
                                struct reader_input *input, struct tls_event *out);

/* TLS 1.3 was negotiated: handshake records after the ServerHello are not clear even though no
 * ChangeCipherSpec came. */
void tls_reader_set_encrypted(struct tls_reader *reader);

/* Nothing more is wanted from this direction; its blocks go back. */
void tls_reader_stop(struct tls_reader *reader, const struct reader_pools *pools);

#endif
