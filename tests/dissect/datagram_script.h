/* DTLS handshakes as datagrams, written as a script that a test may bend before it is played: rows
 * 24 and 40 to 47 of SPEC's truth table, and what RFC 9146 and RFC 9147 add. */
#ifndef REPRISE_TESTS_DISSECT_DATAGRAM_SCRIPT_H
#define REPRISE_TESTS_DISSECT_DATAGRAM_SCRIPT_H

#include "tests/dissect/tls/wire.h"

enum { DATAGRAM_CLIENT, DATAGRAM_SERVER };
enum { DATAGRAMS_MAX = 256, DATAGRAM_BYTES_MAX = 512 };

struct datagram {
    unsigned from;
    int64_t time_ns;
    size_t len;
    uint8_t data[DATAGRAM_BYTES_MAX];
};

struct datagram_script {
    size_t count;
    struct datagram datagrams[DATAGRAMS_MAX];
    /* While it is written. */
    struct wire *wire;     /* the datagram at hand */
    int64_t now_ns;        /* its time */
    size_t fragment_bytes; /* > 0: messages go in parts of so many bytes, each in a datagram */
    unsigned message[2];   /* message_seq of the next message, by sender */
    uint32_t record[2];    /* sequence number of the next record of epoch 0 */
};

/* The times between the flights of a script: the monitor is nearer to the client. */
enum { DATAGRAM_TO_SERVER_MS = 20, DATAGRAM_TO_CLIENT_MS = 10 };

/* Empties the script; it begins at this time. wire is borrowed. */
void datagram_script_init(struct datagram_script *script, struct wire *wire, int64_t start_ns);

/* ---- Handshakes; the script was just emptied ---- */

void datagram_write_id_after_verify(struct datagram_script *script);         /* row 24 */
void datagram_write_full_12(struct datagram_script *script);                 /* with a cookie */
void datagram_write_full_13(struct datagram_script *script);                 /* row 40 */
void datagram_write_psk(struct datagram_script *script);                     /* row 41 */
void datagram_write_psk_without_key_share(struct datagram_script *script);   /* row 42 */
void datagram_write_psk_refused(struct datagram_script *script);             /* row 43 */
void datagram_write_early_data(struct datagram_script *script);              /* row 44 */
void datagram_write_early_data_refused(struct datagram_script *script);      /* row 45 */
void datagram_write_early_data_before_retry(struct datagram_script *script); /* row 45 */
void datagram_write_psk_after_retry(struct datagram_script *script);         /* row 46 */
void datagram_write_second_identity(struct datagram_script *script);         /* row 47 */
void datagram_write_connection_id_12(struct datagram_script *script);        /* RFC 9146 */
void datagram_write_connection_id_13(struct datagram_script *script);        /* RFC 9147, 9 */

#endif
