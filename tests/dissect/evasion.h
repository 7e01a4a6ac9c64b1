/* The same handshake, told by ever other segments: scripts of one TCP connection that a case of
 * the evasion test bends before they are played. */
#ifndef REPRISE_TESTS_DISSECT_EVASION_H
#define REPRISE_TESTS_DISSECT_EVASION_H

#include "dissect/dissector.h"

enum { EVASION_CLIENT, EVASION_SERVER };
enum { EVASION_PACKETS_MAX = 4096, EVASION_PAYLOAD_MAX = 1400 };

struct evasion_packet {
    unsigned from;
    uint8_t flags;
    uint32_t sequence;
    uint32_t acknowledgement;
    uint16_t urgent;
    uint16_t len;
    uint8_t payload[EVASION_PAYLOAD_MAX];
};

struct evasion_script {
    size_t count;
    struct evasion_packet *packets; /* EVASION_PACKETS_MAX */
    uint32_t next[2];               /* while it is written: sequence numbers, by sender */
};

/* SYN, SYN/ACK, ACK, a handshake of this verdict (any but unknown), some data, two FINs. */
void evasion_write(struct evasion_script *script, enum verdict verdict, const uint32_t first[2]);

/* Plays it a millisecond apart, from this time on. Returns the time after it. */
int64_t evasion_play(const struct evasion_script *script, struct dissector *dissector,
                     uint16_t client_port, int64_t now_ns);

/* What cases are made of. */
enum { EVASION_SYN_AT, EVASION_SYN_ACK_AT, EVASION_ACK_AT, EVASION_HELLO_AT };

void evasion_insert(struct evasion_script *script, size_t at, const struct evasion_packet *packet);
void evasion_remove(struct evasion_script *script, size_t at);
void evasion_swap(struct evasion_script *script, size_t a, size_t b);
void evasion_reverse(struct evasion_script *script, size_t begin, size_t end);
bool evasion_has_data(const struct evasion_script *script, size_t at);

/* The end of the run of packets with data from the same side that begins at `at`. */
size_t evasion_flight_end(const struct evasion_script *script, size_t at);

/* Part of a packet's data, as a packet. */
struct evasion_packet evasion_part(const struct evasion_packet *packet, uint16_t from,
                                   uint16_t len);

/* The packet's data with each bit turned over. */
struct evasion_packet evasion_garbled(const struct evasion_packet *packet);

/* A packet without data that the sender of packet `at` could send right after it. */
struct evasion_packet evasion_bare(const struct evasion_script *script, size_t at, uint8_t flags);

#endif
