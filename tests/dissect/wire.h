/* Builds frames for tests of the dissector: one TCP connection, written as a story. */
#ifndef REPRISE_TESTS_DISSECT_WIRE_H
#define REPRISE_TESTS_DISSECT_WIRE_H

#include "dissect/dissector.h"

enum { WIRE_CLIENT, WIRE_SERVER };

/* A connection between 10.0.0.1:client_port and 10.0.0.2:443, as seen by the dissector it feeds. */
struct wire {
    struct dissector *dissector;
    uint8_t client[4]; /* address */
    uint16_t client_port;
    uint32_t next[2]; /* sequence numbers, by sender */
    int64_t now_ns;   /* capture time of the next frame */
    uint8_t random;   /* each byte of the next ClientHello's */
    uint8_t mac_len;  /* the cipher suite in use does not encrypt: a MAC of this ends each record */
};

void wire_init(struct wire *wire, struct dissector *dissector, uint16_t client_port);

/* Sends one segment with these TCP flags now; a SYN or FIN counts as one byte. */
void wire_send(struct wire *wire, unsigned from, uint8_t flags, const uint8_t *payload, size_t len);

/* The same as if it never reached the capture. */
void wire_lose(struct wire *wire, size_t len, unsigned from);

/* SYN, SYN/ACK, ACK: 20 ms to the server and back, 10 ms to the client. */
void wire_connect(struct wire *wire);

/* TLS <= 1.2 in single segments. id_len: 0, or up to 32 bytes of `id`. */
void wire_client_hello(struct wire *wire, uint8_t id, uint8_t id_len);
void wire_server_hello(struct wire *wire, uint8_t id, uint8_t id_len);
void wire_server_flight(struct wire *wire); /* Certificate, ServerHelloDone */
void wire_client_key_exchange(struct wire *wire);
void wire_finished(struct wire *wire, unsigned from); /* ChangeCipherSpec, Finished */
void wire_alert(struct wire *wire, unsigned from, uint8_t level, uint8_t description);
void wire_application_data(struct wire *wire, unsigned from, size_t len);

/* The hellos of TLS 1.3 under TLS_AES_128_GCM_SHA256, 20 ms apart. Without a PSK. */
void wire_hellos_13(struct wire *wire);

/* Whole handshakes, without the connection's beginning and end. */
void wire_full(struct wire *wire, uint8_t new_id);
void wire_resume(struct wire *wire, uint8_t id);

#endif
