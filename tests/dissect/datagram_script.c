#include "tests/dissect/datagram_script.h"

#include "dissect/tls/hello.h"
#include "dissect/tls/message.h"
#include "dissect/tls/record.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define MS INT64_C(1000000)

enum { FINISHED_BYTES = 61, FLIGHT_BYTES = 100, EPOCH_EARLY = 0x2d, EPOCH_HANDSHAKE = 0x2e };

#define RANDOM "5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a"
#define RETRY_RANDOM "cf21ad74e59a6111be1d8c021e65b891c2a211167abb8c5e079e09e2c8a8339c"
#define VERSIONS "002b 0003 02 fefc"
#define SELECTED "002b 0002 fefc"
#define KEY_SHARE "0033 0006 001d 0002 abcd"
#define PSK_SELECTED "0029 0002 0000"
#define EARLY_DATA "002a 0000"
#define BINDER "20 bb11223344556677 8899aabbccddeeff 0011223344556677 8899aabbccddeeff"
/* One identity of age 7; two, the second of age 9. */
#define PSK "0029 002f 000a 0004 61626364 00000007 0021 " BINDER
#define TWO_PSKS "0029 005a 0014 0004 61626364 00000007 0004 65666768 00000009 0042 " BINDER BINDER

void datagram_script_init(struct datagram_script *script, struct wire *wire, int64_t start_ns)
{
    const size_t fragment_bytes = script->fragment_bytes;

    memset(script, 0, sizeof(*script));
    script->fragment_bytes = fragment_bytes;
    script->wire = wire;
    script->now_ns = start_ns;
    wire->len = 0;
}

/* ---- Records and datagrams ---- */

static void send(struct datagram_script *script, unsigned from)
{
    struct datagram *datagram = &script->datagrams[script->count++];

    assert(script->count < DATAGRAMS_MAX && script->wire->len <= DATAGRAM_BYTES_MAX);
    datagram->from = from;
    datagram->time_ns = script->now_ns;
    datagram->len = script->wire->len;
    memcpy(datagram->data, script->wire->data, script->wire->len);
    script->wire->len = 0;
}

/* The other side has heard of it, and answers. */
static void turn(struct datagram_script *script, unsigned from)
{
    if (script->wire->len > 0) {
        send(script, from);
    }
    script->now_ns +=
        from == DATAGRAM_CLIENT ? DATAGRAM_TO_SERVER_MS * MS : DATAGRAM_TO_CLIENT_MS * MS;
}

static size_t open_record(struct datagram_script *script, unsigned from, unsigned type,
                          unsigned epoch)
{
    wire_u8(script->wire, type);
    wire_u16(script->wire, DTLS_1_2);
    wire_u16(script->wire, epoch);
    wire_u16(script->wire, 0);
    wire_u32(script->wire, epoch == 0 ? script->record[from]++ : 0);
    return wire_open(script->wire, 2);
}

static void write_part(struct datagram_script *script, unsigned from, unsigned type,
                       struct bytes body, struct bytes part)
{
    const size_t mark = open_record(script, from, RECORD_HANDSHAKE, 0);

    wire_u8(script->wire, type);
    wire_u24(script->wire, (unsigned)body.len);
    wire_u16(script->wire, script->message[from]);
    wire_u24(script->wire, (unsigned)(part.data - body.data));
    wire_u24(script->wire, (unsigned)part.len);
    for (size_t i = 0; i < part.len; i++) {
        wire_u8(script->wire, part.data[i]);
    }
    wire_close(script->wire, mark, 2);
}

static void write_message(struct datagram_script *script, unsigned from, unsigned type,
                          const char *digits)
{
    struct wire *text = wire_new();

    wire_hex(text, digits);
    const struct bytes body = {text->data, text->len};
    const size_t step = script->fragment_bytes > 0 ? script->fragment_bytes : body.len;
    for (size_t at = 0; at < body.len || at == 0; at += step > 0 ? step : 1) {
        const size_t left = body.len - at;
        write_part(script, from, type, body,
                   (struct bytes){body.data + at, left < step ? left : step});
        if (script->fragment_bytes > 0) {
            send(script, from);
        }
    }
    script->message[from]++;
    free(text);
}

static void write_record(struct datagram_script *script, unsigned from, unsigned type,
                         unsigned epoch, size_t len)
{
    const size_t mark = open_record(script, from, type, epoch);

    wire_fill(script->wire, 1, len);
    wire_close(script->wire, mark, 2);
}

static void write_finish(struct datagram_script *script, unsigned from)
{
    write_record(script, from, RECORD_CHANGE_CIPHER_SPEC, 0, 1);
    write_record(script, from, RECORD_HANDSHAKE, 1, 40);
}

/* A record of DTLS 1.3: first byte, [cid], sequence_number u16, length u16 (RFC 9147, 4). */
static void write_unified(struct datagram_script *script, unsigned first, const char *cid,
                          size_t len)
{
    wire_u8(script->wire, cid[0] != '\0' ? first | 0x10 : first);
    wire_hex(script->wire, cid);
    wire_u16(script->wire, 0x7777);
    wire_u16(script->wire, (unsigned)len);
    wire_fill(script->wire, 0xee, len);
}

/* ---- Messages ---- */

/* The body: its beginning, and extensions<u16>. */
static void write_hello(struct datagram_script *script, unsigned from, const char *beginning,
                        const char *extensions)
{
    struct wire *text = wire_new();
    char digits[2 * DATAGRAM_BYTES_MAX + 1];

    wire_hex(text, beginning);
    const size_t mark = wire_open(text, 2);
    wire_hex(text, extensions);
    wire_close(text, mark, 2);
    assert(text->len <= DATAGRAM_BYTES_MAX);
    for (size_t i = 0; i < text->len; i++) {
        static const char hex[] = "0123456789abcdef";
        digits[2 * i] = hex[text->data[i] >> 4];
        digits[2 * i + 1] = hex[text->data[i] & 15];
    }
    digits[2 * text->len] = '\0';
    write_message(script, from,
                  from == DATAGRAM_CLIENT ? MESSAGE_CLIENT_HELLO : MESSAGE_SERVER_HELLO, digits);
    free(text);
}

static void offer_13(struct datagram_script *script, const char *extensions)
{
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM "00 00 0002 1301 01 00", extensions);
}

static void answer_13(struct datagram_script *script, const char *extensions)
{
    write_hello(script, DATAGRAM_SERVER, "fefd" RANDOM "00 1301 00", extensions);
}

static void retry_13(struct datagram_script *script)
{
    write_hello(script, DATAGRAM_SERVER, "fefd" RETRY_RANDOM "00 1301 00",
                SELECTED "0033 0002 0017");
}

/* After the ServerHello: the server's flight, and the client's Finished. */
static void finish_13(struct datagram_script *script, const char *client_cid,
                      const char *server_cid)
{
    write_unified(script, EPOCH_HANDSHAKE, client_cid, FLIGHT_BYTES);
    turn(script, DATAGRAM_SERVER);
    write_unified(script, EPOCH_HANDSHAKE, server_cid, FINISHED_BYTES);
    turn(script, DATAGRAM_CLIENT);
}

static void write_13(struct datagram_script *script, const char *offer, const char *answer)
{
    offer_13(script, offer);
    turn(script, DATAGRAM_CLIENT);
    answer_13(script, answer);
    finish_13(script, "", "");
}

/* ---- Handshakes ---- */

#define ID "20 1d1d1d1d1d1d1d1d 1d1d1d1d1d1d1d1d 1d1d1d1d1d1d1d1d 1d1d1d1d1d1d1d1d"

static void verify(struct datagram_script *script)
{
    turn(script, DATAGRAM_CLIENT);
    write_message(script, DATAGRAM_SERVER, MESSAGE_HELLO_VERIFY_REQUEST, "fefd 03 c1c2c3");
    turn(script, DATAGRAM_SERVER);
}

void datagram_write_id_after_verify(struct datagram_script *script)
{
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM ID "00 0002 c02f 01 00", "");
    verify(script);
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM ID "03 c1c2c3 0002 c02f 01 00", "");
    turn(script, DATAGRAM_CLIENT);
    write_hello(script, DATAGRAM_SERVER, "fefd" RANDOM ID "c02f 00", "");
    write_finish(script, DATAGRAM_SERVER);
    turn(script, DATAGRAM_SERVER);
    write_finish(script, DATAGRAM_CLIENT);
    turn(script, DATAGRAM_CLIENT);
}

static void rest_of_full_12(struct datagram_script *script)
{
    write_message(script, DATAGRAM_SERVER, MESSAGE_CERTIFICATE,
                  "000021 00001e 300000000000000000000000000000000000000000000000000000000000");
    write_message(script, DATAGRAM_SERVER, MESSAGE_SERVER_HELLO_DONE, "");
    turn(script, DATAGRAM_SERVER);
    write_message(script, DATAGRAM_CLIENT, MESSAGE_CLIENT_KEY_EXCHANGE, "20" RANDOM);
}

void datagram_write_full_12(struct datagram_script *script)
{
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM "00 00 0002 c02f 01 00", "");
    verify(script);
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM "00 03 c1c2c3 0002 c02f 01 00", "");
    turn(script, DATAGRAM_CLIENT);
    write_hello(script, DATAGRAM_SERVER, "fefd" RANDOM ID "c02f 00", "");
    rest_of_full_12(script);
    write_finish(script, DATAGRAM_CLIENT);
    turn(script, DATAGRAM_CLIENT);
    write_finish(script, DATAGRAM_SERVER);
    turn(script, DATAGRAM_SERVER);
}

void datagram_write_full_13(struct datagram_script *script)
{
    write_13(script, VERSIONS KEY_SHARE, SELECTED KEY_SHARE);
}

void datagram_write_psk(struct datagram_script *script)
{
    write_13(script, VERSIONS KEY_SHARE PSK, SELECTED KEY_SHARE PSK_SELECTED);
}

void datagram_write_psk_without_key_share(struct datagram_script *script)
{
    write_13(script, VERSIONS PSK, SELECTED PSK_SELECTED);
}

void datagram_write_psk_refused(struct datagram_script *script)
{
    write_13(script, VERSIONS KEY_SHARE PSK, SELECTED KEY_SHARE);
}

static void offer_early_data(struct datagram_script *script)
{
    offer_13(script, VERSIONS KEY_SHARE EARLY_DATA PSK);
    if (script->wire->len > 0) {
        send(script, DATAGRAM_CLIENT);
    }
    write_unified(script, EPOCH_EARLY, "", 200);
    turn(script, DATAGRAM_CLIENT);
}

void datagram_write_early_data(struct datagram_script *script)
{
    offer_early_data(script);
    answer_13(script, SELECTED KEY_SHARE PSK_SELECTED);
    finish_13(script, "", "");
}

void datagram_write_early_data_refused(struct datagram_script *script)
{
    offer_early_data(script);
    answer_13(script, SELECTED KEY_SHARE);
    finish_13(script, "", "");
}

void datagram_write_early_data_before_retry(struct datagram_script *script)
{
    offer_early_data(script);
    retry_13(script);
    turn(script, DATAGRAM_SERVER);
    write_13(script, VERSIONS KEY_SHARE PSK, SELECTED KEY_SHARE PSK_SELECTED);
}

void datagram_write_psk_after_retry(struct datagram_script *script)
{
    offer_13(script, VERSIONS KEY_SHARE PSK);
    turn(script, DATAGRAM_CLIENT);
    retry_13(script);
    turn(script, DATAGRAM_SERVER);
    write_13(script, VERSIONS KEY_SHARE PSK, SELECTED KEY_SHARE PSK_SELECTED);
}

void datagram_write_second_identity(struct datagram_script *script)
{
    write_13(script, VERSIONS KEY_SHARE TWO_PSKS, SELECTED KEY_SHARE "0029 0002 0001");
}

/* The server's records carry c1c2, the client's none. After the ChangeCipherSpec: type 25, version,
 * epoch, sequence number, cid, length (RFC 9146, 4). */
void datagram_write_connection_id_12(struct datagram_script *script)
{
    write_hello(script, DATAGRAM_CLIENT, "fefd" RANDOM ID "00 0002 c02f 01 00",
                "0036 0003 02 c1c2");
    turn(script, DATAGRAM_CLIENT);
    write_hello(script, DATAGRAM_SERVER, "fefd" RANDOM ID "c02f 00", "0036 0001 00");
    write_record(script, DATAGRAM_SERVER, RECORD_CHANGE_CIPHER_SPEC, 0, 1);
    wire_hex(script->wire, "19 fefd 0001 000000000000 c1c2 0020 " RANDOM);
    turn(script, DATAGRAM_SERVER);
    write_finish(script, DATAGRAM_CLIENT);
    turn(script, DATAGRAM_CLIENT);
}

void datagram_write_connection_id_13(struct datagram_script *script)
{
    offer_13(script, VERSIONS KEY_SHARE "0036 0003 02 c1c2" PSK);
    turn(script, DATAGRAM_CLIENT);
    answer_13(script, SELECTED KEY_SHARE PSK_SELECTED "0036 0004 03 d1d2d3");
    finish_13(script, "c1c2", "d1d2d3");
}
