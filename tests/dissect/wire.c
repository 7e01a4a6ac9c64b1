#include "tests/dissect/wire.h"

#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

enum { LINK_RAW = 101, HEADER_BYTES = 40, SERVER_PORT = 443 };

void wire_init(struct wire *wire, struct dissector *dissector, uint16_t client_port)
{
    memset(wire, 0, sizeof(*wire));
    wire->dissector = dissector;
    wire->client_port = client_port;
    memcpy(wire->client, (const uint8_t[4]){10, 0, 0, 1}, sizeof(wire->client));
    wire->next[WIRE_CLIENT] = 1000;
    wire->next[WIRE_SERVER] = 5000;
    wire->now_ns = 1000 * MS;
}

static void put_u16(uint8_t *out, unsigned value)
{
    out[0] = (uint8_t)(value >> 8);
    out[1] = (uint8_t)value;
}

static void put_u32(uint8_t *out, uint32_t value)
{
    put_u16(out, value >> 16);
    put_u16(out + 2, value & 0xffff);
}

/* IPv4 and TCP without options; checksums are not looked at. */
static void put_headers(const struct wire *wire, unsigned from, uint8_t flags, size_t len,
                        uint8_t *out)
{
    const uint8_t server[4] = {10, 0, 0, 2};
    const uint8_t *const address[2] = {wire->client, server};
    const unsigned port[2] = {wire->client_port, SERVER_PORT};

    memset(out, 0, HEADER_BYTES);
    out[0] = 0x45;
    put_u16(out + 2, (unsigned)(HEADER_BYTES + len));
    out[8] = 64;
    out[9] = 6;
    memcpy(out + 12, address[from], 4);
    memcpy(out + 16, address[1 - from], 4);
    put_u16(out + 20, port[from]);
    put_u16(out + 22, port[1 - from]);
    put_u32(out + 24, wire->next[from]);
    put_u32(out + 28, (flags & TCP_ACK) != 0 ? wire->next[1 - from] : 0);
    out[32] = 0x50;
    out[33] = flags;
    put_u16(out + 34, 65535);
}

void wire_send(struct wire *wire, unsigned from, uint8_t flags, const uint8_t *payload, size_t len)
{
    uint8_t *data = malloc(HEADER_BYTES + len);
    struct frame frame = {.time_ns = wire->now_ns,
                          .captured_len = (uint32_t)(HEADER_BYTES + len),
                          .wire_len = (uint32_t)(HEADER_BYTES + len),
                          .link_type = LINK_RAW};

    if (data == NULL) {
        abort();
    }
    put_headers(wire, from, flags, len, data);
    if (len > 0) {
        memcpy(data + HEADER_BYTES, payload, len);
    }
    frame.data = data;
    dissector_feed(wire->dissector, &frame);
    free(data);
    wire->next[from] += (uint32_t)len + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
}

void wire_lose(struct wire *wire, size_t len, unsigned from)
{
    wire->next[from] += (uint32_t)len;
}

void wire_connect(struct wire *wire)
{
    wire_send(wire, WIRE_CLIENT, TCP_SYN, NULL, 0);
    wire->now_ns += 20 * MS;
    wire_send(wire, WIRE_SERVER, TCP_SYN | TCP_ACK, NULL, 0);
    wire->now_ns += 10 * MS;
    wire_send(wire, WIRE_CLIENT, TCP_ACK, NULL, 0);
}

/* A record of one message: 16 03 03 len16, type, len24, body. */
static void send_message(struct wire *wire, unsigned from, uint8_t type, const uint8_t *body,
                         size_t len)
{
    uint8_t record[1024] = {22, 3, 3};

    put_u16(record + 3, (unsigned)(len + 4 + wire->mac_len));
    record[5] = type;
    put_u16(record + 7, (unsigned)len);
    memcpy(record + 9, body, len);
    memset(record + 9 + len, 0xa9, wire->mac_len);
    wire_send(wire, from, TCP_ACK | TCP_PSH, record, len + 9 + wire->mac_len);
}

void wire_client_hello(struct wire *wire, uint8_t id, uint8_t id_len)
{
    /* version, random, session_id, one cipher suite, null compression, no extensions */
    uint8_t body[80] = {3, 3};
    uint8_t *end = body + 34;

    memset(body + 2, wire->random, 32);
    *end++ = id_len;
    memset(end, id, id_len);
    end += id_len;
    const uint8_t rest[] = {0, 2, 0xc0, 0x2f, 1, 0};
    memcpy(end, rest, sizeof(rest));
    send_message(wire, WIRE_CLIENT, 1, body, (size_t)(end - body) + sizeof(rest));
}

void wire_server_hello(struct wire *wire, uint8_t id, uint8_t id_len)
{
    /* version, random, session_id, cipher suite, null compression */
    uint8_t body[80] = {3, 3};
    uint8_t *end = body + 34;

    *end++ = id_len;
    memset(end, id, id_len);
    end += id_len;
    const uint8_t rest[] = {0xc0, 0x2f, 0};
    memcpy(end, rest, sizeof(rest));
    send_message(wire, WIRE_SERVER, 2, body, (size_t)(end - body) + sizeof(rest));
}

void wire_hellos_13(struct wire *wire)
{
    /* version, random, session_id, one cipher suite, null compression, supported_versions */
    uint8_t client[80] = {3, 3};
    const uint8_t offer[] = {0, 0, 2, 0x13, 0x01, 1, 0, 0, 7, 0, 43, 0, 3, 2, 3, 4};
    /* version, random, session_id, cipher suite, null compression, supported_versions */
    uint8_t server[80] = {3, 3};
    const uint8_t answer[] = {0, 0x13, 0x01, 0, 0, 6, 0, 43, 0, 2, 3, 4};

    memcpy(client + 34, offer, sizeof(offer));
    send_message(wire, WIRE_CLIENT, 1, client, 34 + sizeof(offer));
    wire->now_ns += 20 * MS;
    memcpy(server + 34, answer, sizeof(answer));
    send_message(wire, WIRE_SERVER, 2, server, 34 + sizeof(answer));
}

void wire_server_flight(struct wire *wire)
{
    const uint8_t certificate[300] = {0};

    send_message(wire, WIRE_SERVER, 11, certificate, sizeof(certificate));
    send_message(wire, WIRE_SERVER, 14, certificate, 0);
}

void wire_client_key_exchange(struct wire *wire)
{
    const uint8_t key[66] = {65};

    send_message(wire, WIRE_CLIENT, 16, key, sizeof(key));
}

void wire_finished(struct wire *wire, unsigned from)
{
    uint8_t records[6 + UINT8_MAX + 5 + 40] = {20, 3, 3, 0, (uint8_t)(1 + wire->mac_len), 1};
    const uint8_t header[] = {22, 3, 3, 0, 40};
    uint8_t *end = records + 6;

    memset(end, 0xa9, wire->mac_len);
    end += wire->mac_len;
    memcpy(end, header, sizeof(header));
    end += sizeof(header);
    memset(end, 0xe7, 40);
    end += 40;
    wire_send(wire, from, TCP_ACK | TCP_PSH, records, (size_t)(end - records));
}

void wire_alert(struct wire *wire, unsigned from, uint8_t level, uint8_t description)
{
    const uint8_t record[] = {21, 3, 3, 0, 2, level, description};

    wire_send(wire, from, TCP_ACK | TCP_PSH, record, sizeof(record));
}

void wire_application_data(struct wire *wire, unsigned from, size_t len)
{
    uint8_t record[1024] = {23, 3, 3};

    put_u16(record + 3, (unsigned)len);
    memset(record + 5, 0xd4, len);
    wire_send(wire, from, TCP_ACK | TCP_PSH, record, len + 5);
}

void wire_full(struct wire *wire, uint8_t new_id)
{
    wire_client_hello(wire, 0, 0);
    wire->now_ns += 20 * MS;
    wire_server_hello(wire, new_id, 32);
    wire_server_flight(wire);
    wire->now_ns += 10 * MS;
    wire_client_key_exchange(wire);
    wire_finished(wire, WIRE_CLIENT);
    wire->now_ns += 20 * MS;
    wire_finished(wire, WIRE_SERVER);
}

void wire_resume(struct wire *wire, uint8_t id)
{
    wire_client_hello(wire, id, 32);
    wire->now_ns += 20 * MS;
    wire_server_hello(wire, id, 32);
    wire_finished(wire, WIRE_SERVER);
    wire->now_ns += 10 * MS;
    wire_finished(wire, WIRE_CLIENT);
}
