/* Frames for the tests of dissect/net: written as hex, kept in exact-size heap blocks, so that a
 * sanitizer sees one byte too far. */
#ifndef REPRISE_TESTS_DISSECT_NET_FIXTURE_H
#define REPRISE_TESTS_DISSECT_NET_FIXTURE_H

#include "dissect/net/packet.h"

/* The datagram the tests put behind other headers: 192.0.2.1:40000 to 198.51.100.2:443, sequence
 * 0x01020304, acknowledgement 0x0a0b0c0d, PSH and ACK, payload "abcd". */
#define FIXTURE_IPV4_TCP                                                                           \
    "45 00 00 2c 12 34 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02"                                  \
    "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00 61 62 63 64"

/* The same from 2001:db8::1 to 2001:db8::2. */
#define FIXTURE_IPV6_TCP                                                                           \
    "60 00 00 00 00 18 06 40"                                                                      \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"                                              \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02"                                              \
    "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00 61 62 63 64"

/* Ethernet in front of IPv4: 02:00:00:00:00:02 from 02:00:00:00:00:01. */
#define FIXTURE_ETHERNET "02 00 00 00 00 02 02 00 00 00 00 01 08 00"

/* IPv4 in front of UDP, lengths left 0 as segmentation offload does, and UDP to a port. */
#define FIXTURE_IPV4_UDP "45 00 00 00 00 00 40 00 40 11 00 00 0a 00 00 01 0a 00 00 02"

struct fixture {
    uint8_t *data;
    size_t len;
};

/* Hex digits and spaces, in pieces, the last of which is NULL. Free with fixture_free. */
struct fixture fixture_hex(const char *hex, ...);
void fixture_free(struct fixture *fixture);

/* Parses the first len bytes of the fixture, from a heap block of just that size. The payload of
 * *out has no address that may be read afterwards. */
enum packet_result fixture_parse(const struct fixture *fixture, size_t len, int link_type,
                                 struct segment *out);

/* The result of parsing a frame given in hex. */
enum packet_result fixture_result(int link_type, const char *hex);

/* That prefix and the IPv4 datagram above lead to its TCP segment, whole; that a frame cut inside
 * the payload says how much was cut; and that one cut before it is refused, at every length. */
void fixture_leads_to_ipv4(int link_type, const char *prefix);
void fixture_leads_to_ipv6(int link_type, const char *prefix);

#endif
