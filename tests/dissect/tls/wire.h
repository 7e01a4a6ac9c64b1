/* Writes wire bytes for fixtures: integers, vectors, TLS records and handshake messages. */
#ifndef REPRISE_TESTS_DISSECT_TLS_WIRE_H
#define REPRISE_TESTS_DISSECT_TLS_WIRE_H

#include "dissect/bytes.h"

struct wire {
    size_t len;
    uint8_t data[192 * 1024];
};

/* An empty one; exits when there is no memory. To be freed with free(). */
struct wire *wire_new(void);

void wire_u8(struct wire *wire, unsigned value);
void wire_u16(struct wire *wire, unsigned value);
void wire_u24(struct wire *wire, unsigned value);
void wire_u32(struct wire *wire, uint32_t value);
void wire_fill(struct wire *wire, uint8_t value, size_t count);
void wire_text(struct wire *wire, const char *text);

/* Digits in pairs, white space between them where it helps reading. */
void wire_hex(struct wire *wire, const char *digits);

/* A vector: the length of what is written between the two, in `width` bytes. */
size_t wire_open(struct wire *wire, unsigned width);
void wire_close(struct wire *wire, size_t mark, unsigned width);

/* type u8, version 0x0303, length u16 / type u8, length u24. */
size_t wire_open_record(struct wire *wire, unsigned type);
void wire_close_record(struct wire *wire, size_t mark);
size_t wire_open_message(struct wire *wire, unsigned type);
void wire_close_message(struct wire *wire, size_t mark);

/* A record with `len` bytes of value; one with a message of `len` bytes of value. */
void wire_record(struct wire *wire, unsigned type, uint8_t value, size_t len);
void wire_message(struct wire *wire, unsigned type, uint8_t value, size_t len);
void wire_message_record(struct wire *wire, unsigned type, uint8_t value, size_t len);

/* A Certificate whose list fills its body of `len` bytes. */
void wire_certificate_record(struct wire *wire, size_t len);

/* The fixed part of a ClientHello's or ServerHello's body: random 00..1f, session ID 20..3f,
 * one cipher suite 0x1301, no compression. */
void wire_client_hello_start(struct wire *wire, unsigned version);
void wire_server_hello_start(struct wire *wire, unsigned version);

/* Whole records: a TLS 1.3 ClientHello for "shop.example" and a ServerHello, with nothing else. */
void wire_client_hello_record(struct wire *wire);
void wire_server_hello_record(struct wire *wire);
void wire_hello_retry_record(struct wire *wire);

/* A copy in a heap block of exactly its size, so that a sanitizer sees one byte too far. To be
 * freed with wire_free_exact(). */
struct bytes wire_exact(const void *data, size_t len);
void wire_free_exact(struct bytes exact);

#endif
