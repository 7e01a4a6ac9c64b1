#include "tests/dissect/evasion.h"

#include <assert.h>
#include <string.h>

enum { LINK_RAW = 101, HEADER_BYTES = 40, SERVER_PORT = 443 };

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
static void put_packet(const struct evasion_packet *packet, uint16_t client_port, uint8_t *out)
{
    const uint8_t address[2][4] = {{10, 0, 0, 1}, {10, 0, 0, 2}};
    const unsigned port[2] = {client_port, SERVER_PORT};
    const unsigned from = packet->from;

    memset(out, 0, HEADER_BYTES);
    out[0] = 0x45;
    put_u16(out + 2, HEADER_BYTES + packet->len);
    out[8] = 64;
    out[9] = 6;
    memcpy(out + 12, address[from], 4);
    memcpy(out + 16, address[1 - from], 4);
    put_u16(out + 20, port[from]);
    put_u16(out + 22, port[1 - from]);
    put_u32(out + 24, packet->sequence);
    put_u32(out + 28, packet->acknowledgement);
    out[32] = 0x50;
    out[33] = packet->flags;
    put_u16(out + 34, 65535);
    put_u16(out + 38, packet->urgent);
    memcpy(out + HEADER_BYTES, packet->payload, packet->len);
}

int64_t evasion_play(const struct evasion_script *script, struct dissector *dissector,
                     uint16_t client_port, int64_t now_ns)
{
    uint8_t data[HEADER_BYTES + EVASION_PAYLOAD_MAX];

    for (size_t i = 0; i < script->count; i++, now_ns += 1000000) {
        const uint32_t len = HEADER_BYTES + script->packets[i].len;
        const struct frame frame = {now_ns, len, len, LINK_RAW, data};
        put_packet(&script->packets[i], client_port, data);
        dissector_feed(dissector, &frame);
    }
    return now_ns;
}

/* ---- The handshakes ---- */

static void send(struct evasion_script *script, unsigned from, uint8_t flags, const uint8_t *data,
                 size_t len)
{
    struct evasion_packet *packet = &script->packets[script->count++];

    assert(len <= EVASION_PAYLOAD_MAX);
    *packet = (struct evasion_packet){
        .from = from,
        .flags = flags,
        .sequence = script->next[from],
        .acknowledgement = (flags & TCP_ACK) != 0 ? script->next[1 - from] : 0,
        .len = (uint16_t)len,
    };
    if (len > 0) {
        memcpy(packet->payload, data, len);
    }
    script->next[from] += (uint32_t)len + ((flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0);
}

static void send_record(struct evasion_script *script, unsigned from, uint8_t type, uint8_t fill,
                        size_t len)
{
    uint8_t record[EVASION_PAYLOAD_MAX] = {type, 3, 3};

    put_u16(record + 3, (unsigned)len);
    memset(record + 5, fill, len);
    send(script, from, TCP_ACK | TCP_PSH, record, len + 5);
}

/* 16 03 03 len16, type, len24, body */
static void send_message(struct evasion_script *script, unsigned from, uint8_t type,
                         const uint8_t *body, size_t len)
{
    uint8_t record[EVASION_PAYLOAD_MAX] = {22, 3, 3};

    put_u16(record + 3, (unsigned)(len + 4));
    record[5] = type;
    put_u16(record + 7, (unsigned)len);
    if (len > 0) {
        memcpy(record + 9, body, len);
    }
    send(script, from, TCP_ACK | TCP_PSH, record, len + 9);
}

/* version, random, session_id, then what differs: ciphers (one of them in a ServerHello),
 * compression, extensions. */
static void send_hello(struct evasion_script *script, unsigned from, uint8_t id_len,
                       struct bytes rest)
{
    uint8_t body[400] = {3, 3};
    uint8_t *end = body + 34;

    memset(body + 2, 0x5a, 32);
    *end++ = id_len;
    memset(end, 0x1d, id_len);
    end += id_len;
    memcpy(end, rest.data, rest.len);
    send_message(script, from, from == EVASION_CLIENT ? 1 : 2, body,
                 (size_t)(end - body) + rest.len);
}

static void send_finished(struct evasion_script *script, unsigned from)
{
    const uint8_t change[] = {20, 3, 3, 0, 1, 1};

    send(script, from, TCP_ACK | TCP_PSH, change, sizeof(change));
    send_record(script, from, 22, 0xe7, 40);
}

static void write_full(struct evasion_script *script)
{
    const uint8_t offer[] = {0, 2, 0xc0, 0x2f, 1, 0};
    const uint8_t answer[] = {0xc0, 0x2f, 0};
    const uint8_t certificate[300] = {0};

    send_hello(script, EVASION_CLIENT, 0, (struct bytes){offer, sizeof(offer)});
    send_hello(script, EVASION_SERVER, 32, (struct bytes){answer, sizeof(answer)});
    send_message(script, EVASION_SERVER, 11, certificate, sizeof(certificate));
    send_message(script, EVASION_SERVER, 14, NULL, 0);
    send_message(script, EVASION_CLIENT, 16, certificate, 66);
    send_finished(script, EVASION_CLIENT);
    send_finished(script, EVASION_SERVER);
}

static void write_resumed_id(struct evasion_script *script)
{
    const uint8_t offer[] = {0, 2, 0xc0, 0x2f, 1, 0};
    const uint8_t answer[] = {0xc0, 0x2f, 0};

    send_hello(script, EVASION_CLIENT, 32, (struct bytes){offer, sizeof(offer)});
    send_hello(script, EVASION_SERVER, 32, (struct bytes){answer, sizeof(answer)});
    send_finished(script, EVASION_SERVER);
    send_finished(script, EVASION_CLIENT);
}

static void write_resumed_ticket(struct evasion_script *script)
{
    /* session_ticket (35) of 20 bytes; the server will send another */
    const uint8_t offer[32] = {0, 2, 0xc0, 0x2f, 1, 0, 0, 24, 0, 35, 0, 20, 0x71, 0x72};
    const uint8_t answer[] = {0xc0, 0x2f, 0, 0, 4, 0, 35, 0, 0};
    const uint8_t ticket[4 + 2 + 30] = {0, 0, 1, 44, 0, 30, 0x73};

    send_hello(script, EVASION_CLIENT, 32, (struct bytes){offer, sizeof(offer)});
    send_hello(script, EVASION_SERVER, 32, (struct bytes){answer, sizeof(answer)});
    send_message(script, EVASION_SERVER, 4, ticket, sizeof(ticket));
    send_finished(script, EVASION_SERVER);
    send_finished(script, EVASION_CLIENT);
}

static void write_resumed_psk(struct evasion_script *script)
{
    /* supported_versions 1.3; psk_dhe_ke; one identity of 8 bytes with age 7; a binder of 32 */
    const uint8_t offer[76] = {0, 2,  0x13, 0x01, 1, 0, 0, 68, 0, 43, 0, 3,  2,  3, 4,
                               0, 45, 0,    2,    1, 1, 0, 41, 0, 51, 0, 14, 0,  8, 1,
                               2, 3,  4,    5,    6, 7, 8, 0,  0, 0,  7, 0,  33, 32};
    /* key_share is not offered: what counts is pre_shared_key */
    const uint8_t answer[] = {0x13, 0x01, 0, 0, 12, 0, 43, 0, 2, 3, 4, 0, 41, 0, 2, 0, 0};

    send_hello(script, EVASION_CLIENT, 32, (struct bytes){offer, sizeof(offer)});
    send_hello(script, EVASION_SERVER, 32, (struct bytes){answer, sizeof(answer)});
    send_record(script, EVASION_SERVER, 23, 0xa1, 90);
    send_record(script, EVASION_CLIENT, 23, 0xa2, 4 + 32 + 17);
}

static void write_failed(struct evasion_script *script)
{
    const uint8_t offer[] = {0, 2, 0xc0, 0x2f, 1, 0};
    const uint8_t alert[] = {21, 3, 3, 0, 2, 2, 40};

    send_hello(script, EVASION_CLIENT, 32, (struct bytes){offer, sizeof(offer)});
    send(script, EVASION_SERVER, TCP_ACK | TCP_PSH, alert, sizeof(alert));
}

static void write_handshake(struct evasion_script *script, enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_FULL:
        write_full(script);
        break;
    case VERDICT_RESUMED_ID:
        write_resumed_id(script);
        break;
    case VERDICT_RESUMED_TICKET:
        write_resumed_ticket(script);
        break;
    case VERDICT_RESUMED_PSK:
        write_resumed_psk(script);
        break;
    case VERDICT_FAILED:
        write_failed(script);
        break;
    case VERDICT_UNKNOWN:
    case VERDICT_COUNT:
        assert(false);
    }
}

void evasion_write(struct evasion_script *script, enum verdict verdict, const uint32_t first[2])
{
    script->count = 0;
    script->next[0] = first[0];
    script->next[1] = first[1];
    send(script, EVASION_CLIENT, TCP_SYN, NULL, 0);
    send(script, EVASION_SERVER, TCP_SYN | TCP_ACK, NULL, 0);
    send(script, EVASION_CLIENT, TCP_ACK, NULL, 0);
    write_handshake(script, verdict);
    if (verdict != VERDICT_FAILED) {
        send_record(script, EVASION_CLIENT, 23, 0xd1, 100);
        send_record(script, EVASION_SERVER, 23, 0xd2, 200);
    }
    send(script, EVASION_CLIENT, TCP_FIN | TCP_ACK, NULL, 0);
    send(script, EVASION_SERVER, TCP_FIN | TCP_ACK, NULL, 0);
    send(script, EVASION_CLIENT, TCP_ACK, NULL, 0);
}

/* ---- What cases are made of ---- */

void evasion_insert(struct evasion_script *script, size_t at, const struct evasion_packet *packet)
{
    const struct evasion_packet copy = *packet;

    assert(script->count < EVASION_PACKETS_MAX && at <= script->count);
    memmove(&script->packets[at + 1], &script->packets[at],
            (script->count - at) * sizeof(*script->packets));
    script->packets[at] = copy;
    script->count++;
}

void evasion_remove(struct evasion_script *script, size_t at)
{
    assert(at < script->count);
    script->count--;
    memmove(&script->packets[at], &script->packets[at + 1],
            (script->count - at) * sizeof(*script->packets));
}

void evasion_swap(struct evasion_script *script, size_t a, size_t b)
{
    const struct evasion_packet packet = script->packets[a];

    script->packets[a] = script->packets[b];
    script->packets[b] = packet;
}

void evasion_reverse(struct evasion_script *script, size_t begin, size_t end)
{
    for (; begin + 1 < end; begin++, end--) {
        evasion_swap(script, begin, end - 1);
    }
}

bool evasion_has_data(const struct evasion_script *script, size_t at)
{
    return at < script->count && script->packets[at].len > 0;
}

size_t evasion_flight_end(const struct evasion_script *script, size_t at)
{
    const unsigned from = script->packets[at].from;

    while (evasion_has_data(script, at) && script->packets[at].from == from) {
        at++;
    }
    return at;
}

struct evasion_packet evasion_part(const struct evasion_packet *packet, uint16_t from, uint16_t len)
{
    struct evasion_packet part = *packet;

    assert(from + len <= packet->len);
    part.sequence += from;
    part.len = len;
    memmove(part.payload, packet->payload + from, len);
    return part;
}

struct evasion_packet evasion_garbled(const struct evasion_packet *packet)
{
    struct evasion_packet garbled = *packet;

    for (uint16_t i = 0; i < garbled.len; i++) {
        garbled.payload[i] ^= 0xff;
    }
    return garbled;
}

struct evasion_packet evasion_bare(const struct evasion_script *script, size_t at, uint8_t flags)
{
    const struct evasion_packet *packet = &script->packets[at];
    const uint32_t syn_or_fin = (packet->flags & (TCP_SYN | TCP_FIN)) != 0 ? 1 : 0;
    const struct evasion_packet bare = {.from = packet->from,
                                        .flags = flags,
                                        .sequence = packet->sequence + packet->len + syn_or_fin,
                                        .acknowledgement = packet->acknowledgement};

    return bare;
}
