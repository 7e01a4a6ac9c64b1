/* The DTLS reader of one direction: datagrams in, events out, as tls_reader.h tells them of TCP.
 *
 * Each message is told once, in the order of message_seq, however its fragments came: split,
 * overlapping, overtaken, sent again (RFC 6347, 4.2.2 to 4.2.4). A ChangeCipherSpec waits until all
 * records since the hello have come, the Finished until the ChangeCipherSpec. What waits for
 * something that the capture has lost is told, behind a TLS_GAP, when the direction is given up:
 * when it sends an alert or much application data itself, or when the caller says so, because the
 * other side has answered (nobody answers a flight that is not whole) or because nothing more will
 * come.
 *
 * Only the first encrypted handshake record of TLS <= 1.2 is told: those after it are as a rule the
 * same Finished again. In DTLS 1.3 epochs tell handshake from application data; records of the size
 * of an ACK (RFC 9147, 7) are not told.
 *
 * Messages wait in at most DTLS_READER_WAITING places, with the bodies of those that are parsed in
 * blocks of the readers' pools. */
#ifndef REPRISE_DISSECT_TLS_DTLS_READER_H
#define REPRISE_DISSECT_TLS_DTLS_READER_H

#include "dissect/tls/dtls_assembly.h"
#include "dissect/tls/dtls_order.h"
#include "dissect/tls/dtls_record.h"

enum { DTLS_READER_WAITING = 8 };

/* A record that is told after what belongs before it. */
struct dtls_mark {
    bool is_set;
    struct tls_event event;
    uint64_t sequence;
};

struct dtls_reader {
    struct dtls_assembly waiting[DTLS_READER_WAITING]; /* by message_seq modulo their number */
    struct dtls_assembly spent;                        /* its block is borrowed by the last event */
    struct dtls_order order;
    struct dtls_mark change_cipher_spec;
    struct dtls_mark finished;
    struct dtls_mark application; /* data that has overtaken the Finished */
    struct dtls_mark last;        /* told after all that can be told before it */
    uint64_t hello_record;        /* record number of the latest hello */
    uint32_t stream_bytes;        /* in records, sent again or not; stays at its maximum */
    unsigned cid_len;             /* of connection IDs in this direction */
    uint16_t next_message;        /* the message_seq to be told next */
    uint16_t clear_epoch; /* for all, before the first datagram: whose records are in clear ... */
    uint8_t mac_len;      /* for all: ... with a MAC of so many bytes behind them */
    uint8_t waiting_count;
    uint8_t overtaking_count; /* records of application data before the Finished */
    bool has_hello;
    bool has_told_ccs;
    bool has_told_finished;
    bool is_given_up;   /* what waits is told now, holes or not */
    bool has_told_gap;  /* ... and the hole before it has been */
    bool has_dropped;   /* a message too far ahead had no place */
    bool has_restarted; /* a ClientHello of another association came */
    bool has_random;
    uint8_t random[HELLO_RANDOM_BYTES]; /* of the ClientHello */
};

void dtls_reader_init(struct dtls_reader *reader);
void dtls_reader_clear(struct dtls_reader *reader, const struct reader_pools *pools);

/* One datagram; the reader consumes from it. */
struct dtls_input {
    struct bytes records;
    struct bytes messages; /* what is left of the record being read */
    struct dtls_record record;
    int64_t time_ns;
};

void dtls_input_init(struct dtls_input *input, struct bytes datagram, int64_t time_ns);

/* The next event; false when the input is used up. `from` is left to the caller; what the event
 * borrows lies in the datagram or in a block, and is valid until the next call. */
MUST_CHECK bool dtls_reader_next(struct dtls_reader *reader, const struct reader_pools *pools,
                                 struct dtls_input *input, struct tls_event *out);

/* What waits is to be told by the next calls of dtls_reader_next(). */
void dtls_reader_give_up(struct dtls_reader *reader);

#endif
