/* The TLS reader of one direction: contiguous bytes in, events out. Records and handshake
 * messages may be split and joined in every way RFC 8446 5.1 and RFC 5246 6.2.1 allow: several
 * messages in a record, a message over several records, either over any number of chunks.
 *
 * Nothing is copied while a message lies whole in one chunk. Otherwise only the messages that
 * are parsed (hellos, NewSessionTicket) are collected, in a block of `small` (up to
 * READER_SMALL_BYTES) or `large` (up to READER_LARGE_BYTES); all others are skipped by count.
 *
 * Where a direction does not begin with TLS (STARTTLS, CONNECT, SOCKS, ...), the reader looks for
 * the first ClientHello or ServerHello that begins a segment, or follows a carrier's last words
 * (carrier.h) inside one, in at most READER_SEARCH_BYTES. A PROXY protocol header at the very start
 * is passed over, also inside a segment. The first bytes of a direction may be any record: the
 * capture may have begun in the middle. In SSL 2.0 it stops, without a word, after the first
 * message that decides, or at the first record that is not in clear.
 *
 * A handshake message that can no longer be read to its end (a gap over its end, a record of
 * another type in its middle) is told all the same, with is_parsed false: it was there. */
#ifndef REPRISE_DISSECT_TLS_READER_H
#define REPRISE_DISSECT_TLS_READER_H

#include "dissect/tls/collector.h"
#include "dissect/tls/event.h"
#include "dissect/tls/lookahead.h"
#include "dissect/tls/message.h"
#include "dissect/tls/prefix.h"
#include "dissect/tls/record.h"

enum { READER_SEARCH_BYTES = 64 * 1024 };

/* What the direction is known to be. */
enum reader_phase {
    READER_SEARCHING, /* no TLS record found yet, or again after a gap */
    READER_HEADER,    /* at, or inside, a record header */
    READER_BODY,      /* inside a record's body */
    READER_STOPPED,   /* not TLS, or told to stop */
};

/* How the body of the current record is read. */
enum reader_body {
    READER_BODY_COUNTED,   /* skipped by count, told as an event at its end */
    READER_BODY_SKIPPED,   /* skipped by count, not told */
    READER_BODY_SHORT,     /* a ChangeCipherSpec or alert of one or two bytes */
    READER_BODY_UNDECIDED, /* handshake: whether it is clear depends on its first bytes */
    READER_BODY_MESSAGES,  /* handshake messages in clear */
};

struct tls_reader {
    enum reader_phase phase;
    enum reader_body body;
    bool has_begun;       /* a TLS record was found: stream_bytes counts */
    bool may_start;       /* searching: at the first bytes of the direction */
    bool may_follow;      /* searching: right behind a carrier's last words */
    bool is_ssl2;         /* records are those of SSL 2.0 (ssl2_record.h) */
    bool may_be_ssl2;     /* the next record tells: a ClientHello of both worlds was read */
    bool is_encrypted;    /* a ChangeCipherSpec was seen: handshake records are not clear */
    bool is_unsure;       /* a ChangeCipherSpec may have been missed: records must look clear */
    bool after_gap;       /* bytes were lost: nonsense means to search again, not to stop */
    bool short_body_lost; /* READER_BODY_SHORT: part of it fell into a gap */
    uint8_t short_body_len;
    uint8_t header_len;
    uint8_t message_header_len; /* > 0: a message is being read */
    uint8_t short_body[2];
    uint8_t header[RECORD_HEADER_BYTES];
    uint8_t message_header[MESSAGE_HEADER_BYTES];
    struct record_header record;
    struct message_header message;
    uint32_t record_left;  /* body bytes still to come */
    uint8_t mac_len;       /* the cipher suite in use does not encrypt: records end with a MAC */
    uint8_t mac_left;      /* ... still to come */
    uint32_t message_left; /* body bytes still to come; the message may go on in later records */
    uint32_t hole_left;    /* lost bytes still to be passed over */
    uint32_t prefix_left;  /* bytes of a PROXY header still to come */
    bool prefix_is_line;   /* ... at most; it ends with a line feed */
    uint32_t searched;     /* bytes passed over before a record was found */
    uint32_t stream_bytes; /* from the first record on; stays at its maximum */
    int64_t record_start_ns;
    int64_t message_start_ns;
    struct collector collector;
    struct lookahead lookahead; /* from here on tls_reader_init() sets no more than it must */
    struct prefix prefix;       /* for all: what was said before TLS */
};

void tls_reader_init(struct tls_reader *reader);

/* The records up to the next ChangeCipherSpec are in clear, but each ends with a MAC of so many
 * bytes (message_is_client_hello()). Before the first byte is read. */
void tls_reader_expect_mac(struct tls_reader *reader, uint8_t mac_len);

void tls_reader_clear(struct tls_reader *reader, const struct reader_pools *pools);

/* One run of contiguous bytes, or a hole of `missing` bytes. The reader consumes from data. */
struct reader_input {
    struct bytes data;
    uint32_t missing; /* > 0: a hole; data is empty */
    int64_t time_ns;
    bool starts_segment; /* data begins a captured segment */
};

/* The next event of the input; false when it is used up. After a hole the reader skips the rest
 * of the record the hole ends in if its length tells where that is, else looks for the next
 * plausible record header at the start of a segment. `from` of the event is left to the caller. */
MUST_CHECK bool tls_reader_next(struct tls_reader *reader, const struct reader_pools *pools,
                                struct reader_input *input, struct tls_event *out);

/* Whether a ClientHello has begun that no more bytes will complete: tells it, with is_parsed false.
 * For the end of a capture; the reader does not change. */
MUST_CHECK bool tls_reader_partial_hello(const struct tls_reader *reader, struct tls_event *out);

/* TLS 1.3 was negotiated: handshake records after the ServerHello are not clear even though no
 * ChangeCipherSpec came. */
void tls_reader_set_encrypted(struct tls_reader *reader);

/* Nothing more is wanted from this direction; its blocks go back. */
void tls_reader_stop(struct tls_reader *reader, const struct reader_pools *pools);

#endif
