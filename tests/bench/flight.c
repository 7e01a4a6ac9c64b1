#include "tests/bench/flight.h"

#include "tests/bench/certificate.h"
#include "tests/bench/hello.h"

enum {
    TAG_BYTES = 16,         /* AES-GCM's */
    FINISHED_12 = 40,       /* explicit nonce 8, header 4, verify_data 12, tag 16 */
    FINISHED_13 = 53,       /* header 4, verify_data 32, content type 1, tag 16 */
    END_OF_EARLY_DATA = 21, /* header 4, content type 1, tag 16 */
    TICKET_LIFETIME_S = 7200,
    DATA_RECORD_BYTES = 5 + 16384 + 1 + TAG_BYTES,
    DATA_HEADER_BYTES = 5,
};

typedef void part(const struct plan *plan, struct wire *out);

/* A record whose body looks encrypted. */
static void put_encrypted(const struct plan *plan, struct wire *out, uint8_t type, size_t len)
{
    struct random random = random_of(plan->seed, PLAN_TAG_SERVER + out->len);

    wire_uint(out, type, 1);
    wire_uint(out, 0x0303, 2);
    wire_uint(out, len, 2);
    wire_random(out, &random, len);
}

static void change_cipher_spec(const struct plan *plan, struct wire *out)
{
    (void)plan;
    wire_uint(out, TLS_RECORD_CCS, 1);
    wire_uint(out, 0x0303, 2);
    wire_uint(out, 1, 2);
    wire_uint(out, 1, 1);
}

static void finished_12(const struct plan *plan, struct wire *out)
{
    put_encrypted(plan, out, TLS_RECORD_HANDSHAKE, FINISHED_12);
}

/* Certificate: list<u24> of { certificate<u24> } (RFC 5246, 7.4.2). */
static void certificates(const struct plan *plan, struct wire *out)
{
    const struct hello_message message = hello_message_begin(out, 11);
    const size_t chain = wire_begin(out, 3);
    const size_t leaf = wire_begin(out, 3);

    certificate_leaf(plan->host, out);
    wire_end(out, leaf, 3);
    const size_t issuer = wire_begin(out, 3);
    certificate_issuer(out);
    wire_end(out, issuer, 3);
    wire_end(out, chain, 3);
    hello_message_end(out, message);
}

/* named_curve x25519, its point, an RSA signature of 2048 bits (RFC 8422, 5.4). */
static void server_key_exchange(const struct plan *plan, struct wire *out)
{
    const struct hello_message message = hello_message_begin(out, 12);
    struct random random = random_of(plan->seed, PLAN_TAG_SERVER);

    wire_uint(out, 0x03001d, 3);
    wire_uint(out, 32, 1);
    wire_random(out, &random, 32);
    wire_uint(out, 0x0804, 2);
    wire_uint(out, 256, 2);
    wire_random(out, &random, 256);
    hello_message_end(out, message);
}

static void server_hello_done(const struct plan *plan, struct wire *out)
{
    (void)plan;
    hello_message_end(out, hello_message_begin(out, 14));
}

static void client_key_exchange(const struct plan *plan, struct wire *out)
{
    const struct hello_message message = hello_message_begin(out, 16);
    struct random random = random_of(plan->seed, PLAN_TAG_CLIENT);

    wire_uint(out, 32, 1);
    wire_random(out, &random, 32);
    hello_message_end(out, message);
}

/* lifetime hint, ticket<u16> (RFC 5077, 3.3). */
static void new_session_ticket(const struct plan *plan, struct wire *out)
{
    const struct hello_message message = hello_message_begin(out, 4);

    wire_uint(out, TICKET_LIFETIME_S, 4);
    const size_t ticket = wire_begin(out, 2);
    hello_put_ticket(out, plan->seed, plan->host);
    wire_end(out, ticket, 2);
    hello_message_end(out, message);
}

/* EncryptedExtensions and Finished; accepted early data adds its empty extension. */
static void server_flight_psk(const struct plan *plan, struct wire *out)
{
    const size_t early_data_bytes = plan->kind == PLAN_13_EARLY_DATA ? 4 : 0;

    put_encrypted(plan, out, TLS_RECORD_DATA, 15 + early_data_bytes + 1 + TAG_BYTES);
    put_encrypted(plan, out, TLS_RECORD_DATA, FINISHED_13);
}

/* The same with Certificate and CertificateVerify between. */
static void server_flight_13(const struct plan *plan, struct wire *out)
{
    struct random random = random_of(plan->host, PLAN_TAG_SERVER);

    put_encrypted(plan, out, TLS_RECORD_DATA, 15 + 1 + TAG_BYTES);
    put_encrypted(plan, out, TLS_RECORD_DATA, 1900 + random_below(&random, 1400));
    put_encrypted(plan, out, TLS_RECORD_DATA, 264 + 1 + TAG_BYTES);
    put_encrypted(plan, out, TLS_RECORD_DATA, FINISHED_13);
}

static void finished_13(const struct plan *plan, struct wire *out)
{
    put_encrypted(plan, out, TLS_RECORD_DATA, FINISHED_13);
}

static void end_of_early_data(const struct plan *plan, struct wire *out)
{
    put_encrypted(plan, out, TLS_RECORD_DATA, END_OF_EARLY_DATA);
}

static void tickets_13(const struct plan *plan, struct wire *out)
{
    put_encrypted(plan, out, TLS_RECORD_DATA, 250);
    put_encrypted(plan, out, TLS_RECORD_DATA, 250);
}

static void request(const struct plan *plan, struct wire *out)
{
    put_encrypted(plan, out, TLS_RECORD_DATA, 150 + plan->seed % 400);
}

/* fatal handshake_failure (RFC 8446, 6). */
static void alert(const struct plan *plan, struct wire *out)
{
    (void)plan;
    wire_uint(out, TLS_RECORD_ALERT, 1);
    wire_uint(out, 0x0303, 2);
    wire_uint(out, 2, 2);
    wire_uint(out, 0x0228, 2);
}

struct flight {
    enum side from;
    part *parts[5]; /* NULL after the last */
};

enum { FLIGHTS_MAX = 7 };

/* In the order of the wire; a kind's flights end at the first that has no parts. */
static const struct flight full_12[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, certificates, server_key_exchange, server_hello_done}},
    {SIDE_CLIENT, {client_key_exchange, change_cipher_spec, finished_12}},
    {SIDE_SERVER, {change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {request}},
};

static const struct flight full_12_ticket[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, certificates, server_key_exchange, server_hello_done}},
    {SIDE_CLIENT, {client_key_exchange, change_cipher_spec, finished_12}},
    {SIDE_SERVER, {new_session_ticket, change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {request}},
};

static const struct flight abbreviated[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {request}},
};

static const struct flight abbreviated_ticket[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, new_session_ticket, change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {change_cipher_spec, finished_12}},
    {SIDE_CLIENT, {request}},
};

static const struct flight full_13[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, change_cipher_spec, server_flight_13}},
    {SIDE_CLIENT, {change_cipher_spec, finished_13}},
    {SIDE_CLIENT, {request}},
    {SIDE_SERVER, {tickets_13}},
};

static const struct flight psk_13[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_server, change_cipher_spec, server_flight_psk}},
    {SIDE_CLIENT, {change_cipher_spec, finished_13}},
    {SIDE_CLIENT, {request}},
    {SIDE_SERVER, {tickets_13}},
};

static const struct flight early_13[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client, change_cipher_spec, request}},
    {SIDE_SERVER, {hello_server, change_cipher_spec, server_flight_psk}},
    {SIDE_CLIENT, {end_of_early_data, finished_13}},
    {SIDE_SERVER, {tickets_13}},
};

static const struct flight retry_13[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {hello_retry_request, change_cipher_spec}},
    {SIDE_CLIENT, {change_cipher_spec, hello_client_again}},
    {SIDE_SERVER, {hello_server, server_flight_13}},
    {SIDE_CLIENT, {finished_13}},
    {SIDE_CLIENT, {request}},
    {SIDE_SERVER, {tickets_13}},
};

static const struct flight failed[FLIGHTS_MAX] = {
    {SIDE_CLIENT, {hello_client}},
    {SIDE_SERVER, {alert}},
};

static const struct flight *const flights_of[PLAN_KIND_COUNT] = {
    [PLAN_12_FULL_TICKET] = full_12_ticket,
    [PLAN_12_FULL_ID] = full_12,
    [PLAN_12_ID] = abbreviated,
    [PLAN_12_TICKET] = abbreviated,
    [PLAN_12_TICKET_RENEWED] = abbreviated_ticket,
    [PLAN_12_ID_REFUSED] = full_12,
    [PLAN_12_TICKET_REFUSED] = full_12_ticket,
    [PLAN_13_FULL] = full_13,
    [PLAN_13_PSK] = psk_13,
    [PLAN_13_EARLY_DATA] = early_13,
    [PLAN_13_PSK_REFUSED] = full_13,
    [PLAN_13_RETRY] = retry_13,
    [PLAN_13_TICKET_OF_12] = full_13,
    [PLAN_FAILED] = failed,
};

uint32_t flight_count(const struct plan *plan)
{
    const struct flight *flights = flights_of[plan->kind];
    uint32_t count = 0;

    while (count < FLIGHTS_MAX && flights[count].parts[0] != NULL) {
        count++;
    }
    return count;
}

enum side flight_side(const struct plan *plan, uint32_t index)
{
    return flights_of[plan->kind][index].from;
}

void flight_write(const struct plan *plan, uint32_t index, struct wire *out)
{
    const struct flight *flight = &flights_of[plan->kind][index];

    for (uint32_t i = 0; flight->parts[i] != NULL; i++) {
        flight->parts[i](plan, out);
    }
}

/* One byte of a record's header: type, version, length of what is left, at most a full record. */
static uint8_t data_header_byte(const struct plan *plan, uint32_t record, uint32_t position)
{
    const uint32_t left = plan->data_bytes - record * DATA_RECORD_BYTES;
    const uint32_t len =
        (left < DATA_RECORD_BYTES ? left : (uint32_t)DATA_RECORD_BYTES) - DATA_HEADER_BYTES;
    const uint8_t header[DATA_HEADER_BYTES] = {TLS_RECORD_DATA, 3, 3, (uint8_t)(len >> 8),
                                               (uint8_t)len};

    return header[position];
}

uint32_t flight_whole_records(uint32_t bytes)
{
    const uint32_t last = bytes % DATA_RECORD_BYTES;

    return last > 0 && last < DATA_HEADER_BYTES + 1 + TAG_BYTES ? bytes + 64 : bytes;
}

void flight_write_data(const struct plan *plan, uint32_t offset, uint32_t len, struct wire *out)
{
    struct random random = random_of(plan->seed, offset);
    const size_t begun = out->len;

    wire_random(out, &random, len);
    for (uint32_t i = 0; i < len; i++) {
        const uint32_t position = (offset + i) % DATA_RECORD_BYTES;
        if (position < DATA_HEADER_BYTES) {
            out->data[begun + i] =
                data_header_byte(plan, (offset + i) / DATA_RECORD_BYTES, position);
        }
    }
}
