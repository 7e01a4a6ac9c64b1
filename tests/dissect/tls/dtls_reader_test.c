#include "dissect/tls/dtls_reader.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A reader, the datagram being written, and what it told, a letter per event. */
struct desk {
    struct reader_pools pools;
    struct dtls_reader reader;
    struct wire *wire;
    struct tls_event last; /* must not be followed into what it borrows */
    uint64_t record;       /* number of the next record */
    int64_t now_ns;
    size_t told;
    char story[256];
};

static const char letters[TLS_EVENT_KIND_COUNT] = {
    [TLS_CLIENT_HELLO] = 'C',        [TLS_SERVER_HELLO] = 'S',
    [TLS_HELLO_RETRY_REQUEST] = 'R', [TLS_HELLO_VERIFY_REQUEST] = 'V',
    [TLS_NEW_SESSION_TICKET] = 'T',  [TLS_CERTIFICATE] = 'c',
    [TLS_SERVER_HELLO_DONE] = 'd',   [TLS_CLIENT_KEY_EXCHANGE] = 'k',
    [TLS_CHANGE_CIPHER_SPEC] = '!',  [TLS_ENCRYPTED_HANDSHAKE] = 'F',
    [TLS_APPLICATION_DATA] = 'A',    [TLS_ALERT] = 'x',
    [TLS_ENCRYPTED_ALERT] = 'X',     [TLS_GAP] = '-',
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));

    if (desk == NULL) {
        return -1;
    }
    desk->pools.small = pool_new(READER_SMALL_BYTES, 8);
    desk->pools.large = pool_new(READER_LARGE_BYTES, 8);
    desk->wire = wire_new();
    dtls_reader_init(&desk->reader);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    dtls_reader_clear(&desk->reader, &desk->pools);
    assert_int_equal(pool_taken(desk->pools.small), 0);
    assert_int_equal(pool_taken(desk->pools.large), 0);
    pool_free(desk->pools.small);
    pool_free(desk->pools.large);
    free(desk->wire);
    free(desk);
    return 0;
}

static void take_down(struct desk *desk, struct bytes datagram)
{
    struct dtls_input input;
    struct tls_event event;

    dtls_input_init(&input, datagram, ++desk->now_ns);
    while (dtls_reader_next(&desk->reader, &desk->pools, &input, &event)) {
        assert_true(letters[event.kind] != 0);
        assert_true(event.start_ns <= event.time_ns);
        assert_true(desk->told + 2 < sizeof(desk->story));
        desk->story[desk->told++] = letters[event.kind];
        if ((event.kind == TLS_CLIENT_HELLO || event.kind == TLS_SERVER_HELLO) &&
            !event.is_parsed) {
            desk->story[desk->told++] = '?';
        }
        desk->last = event;
    }
}

/* Sends the datagram that was written, from a block of its exact size. */
static void send(struct desk *desk)
{
    const struct bytes exact = wire_exact(desk->wire->data, desk->wire->len);

    take_down(desk, exact);
    wire_free_exact(exact);
    desk->wire->len = 0;
}

static void give_up(struct desk *desk)
{
    const struct bytes nothing = {NULL, 0};

    dtls_reader_give_up(&desk->reader);
    take_down(desk, nothing);
}

static size_t open_record(struct desk *desk, unsigned type, unsigned epoch)
{
    wire_u8(desk->wire, type);
    wire_u16(desk->wire, DTLS_1_2);
    wire_u16(desk->wire, epoch);
    wire_u16(desk->wire, 0);
    wire_u32(desk->wire, (uint32_t)desk->record++);
    return wire_open(desk->wire, 2);
}

static void write_record(struct desk *desk, unsigned type, unsigned epoch, size_t len)
{
    const size_t mark = open_record(desk, type, epoch);

    wire_fill(desk->wire, 1, len);
    wire_close(desk->wire, mark, 2);
}

/* The part [from, to) of a message. */
struct part {
    unsigned type;
    unsigned seq;
    struct bytes body;
    size_t from;
    size_t to;
};

/* A record with one part of a message. */
static void write_part(struct desk *desk, struct part part)
{
    const size_t mark = open_record(desk, RECORD_HANDSHAKE, 0);
    const size_t len = part.to - part.from;

    wire_u8(desk->wire, part.type);
    wire_u24(desk->wire, (unsigned)part.body.len);
    wire_u16(desk->wire, part.seq);
    wire_u24(desk->wire, (unsigned)part.from);
    wire_u24(desk->wire, (unsigned)len);
    memcpy(desk->wire->data + desk->wire->len, part.body.data + part.from, len);
    desk->wire->len += len;
    wire_close(desk->wire, mark, 2);
}

static struct bytes hello_of(unsigned type, uint8_t random)
{
    struct wire *wire = wire_new();

    wire_u16(wire, DTLS_1_2);
    wire_fill(wire, random, HELLO_RANDOM_BYTES);
    wire_hex(wire, type == MESSAGE_CLIENT_HELLO ? "00 00 0002 c02f 01 00" : "02 aabb c02f 00");
    const struct bytes exact = wire_exact(wire->data, wire->len);
    free(wire);
    return exact;
}

static void write_message(struct desk *desk, unsigned type, unsigned seq)
{
    static const uint8_t filling[40];
    const bool is_hello = type == MESSAGE_CLIENT_HELLO || type == MESSAGE_SERVER_HELLO;
    const struct bytes body = is_hello ? hello_of(type, 7) : (struct bytes){filling, 40};

    write_part(desk, (struct part){type, seq, body, 0, body.len});
    if (is_hello) {
        wire_free_exact(body);
    }
}

static void write_finish(struct desk *desk)
{
    write_record(desk, RECORD_CHANGE_CIPHER_SPEC, 0, 1);
    write_record(desk, RECORD_HANDSHAKE, 1, 40);
}

static void tells_each_message_once_however_often_it_is_sent(void **state)
{
    struct desk *desk = *state;

    for (unsigned round = 0; round < 3; round++) {
        write_message(desk, MESSAGE_SERVER_HELLO, 0);
        write_finish(desk);
        send(desk);
    }
    assert_string_equal(desk->story, "S!F");
}

static void tells_messages_in_order_whatever_order_they_come_in(void **state)
{
    struct desk *desk = *state;
    static const unsigned orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                         {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const unsigned types[] = {MESSAGE_SERVER_HELLO, MESSAGE_CERTIFICATE,
                                     MESSAGE_SERVER_HELLO_DONE};

    for (size_t row = 0; row < sizeof(orders) / sizeof(orders[0]); row++) {
        dtls_reader_clear(&desk->reader, &desk->pools);
        dtls_reader_init(&desk->reader);
        desk->told = 0;
        memset(desk->story, 0, sizeof(desk->story));
        for (unsigned i = 0; i < 3; i++) {
            write_message(desk, types[orders[row][i]], orders[row][i]);
            send(desk);
        }
        assert_string_equal(desk->story, "Scd");
    }
}

/* Each byte in a datagram of its own, the last first. */
static void puts_a_hello_together_from_single_bytes(void **state)
{
    struct desk *desk = *state;
    const struct bytes hello = hello_of(MESSAGE_CLIENT_HELLO, 7);

    for (size_t at = hello.len; at-- > 0;) {
        write_part(desk, (struct part){MESSAGE_CLIENT_HELLO, 0, hello, at, at + 1});
        send(desk);
        assert_int_equal(desk->told, at == 0);
    }
    assert_string_equal(desk->story, "C");
    assert_int_equal(desk->last.start_ns, 1);
    assert_int_equal(desk->last.time_ns, (int64_t)hello.len);
    wire_free_exact(hello);
}

/* SPEC 1, rule 4: only an unbroken way from hello to ChangeCipherSpec is abbreviated. */
static void change_cipher_spec_waits_for_every_record_before_it(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    send(desk);
    desk->record++; /* a record of the server is not in the capture */
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "S");
    give_up(desk);
    assert_string_equal(desk->story, "S-!F");
}

static void change_cipher_spec_may_overtake(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    send(desk);
    desk->record = 2;
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "S");
    desk->record = 1;
    write_message(desk, MESSAGE_CERTIFICATE, 1);
    send(desk);
    assert_string_equal(desk->story, "Sc!F");
}

/* The first flight lost its middle, the same flight sent again has it. */
static void a_flight_sent_again_closes_the_hole(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    send(desk);
    desk->record++;
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "S");
    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "S!F");
}

static void every_hole_is_told_when_it_is_given_up(void **state)
{
    struct desk *desk = *state;
    const struct bytes hello = hello_of(MESSAGE_SERVER_HELLO, 7);

    write_part(desk, (struct part){MESSAGE_SERVER_HELLO, 0, hello, 0, 10});
    send(desk);
    desk->record++;
    write_message(desk, MESSAGE_SERVER_HELLO_DONE, 3);
    send(desk);
    desk->record++;
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "");
    give_up(desk);
    assert_string_equal(desk->story, "-S?-d-!F");
    wire_free_exact(hello);
}

static void much_application_data_gives_up_what_waits(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 1); /* the HelloVerifyRequest is not captured */
    for (unsigned i = 0; i < 8; i++) {
        write_record(desk, RECORD_APPLICATION_DATA, 1, 30);
    }
    send(desk);
    assert_string_equal(desk->story, "");
    write_record(desk, RECORD_APPLICATION_DATA, 1, 30);
    send(desk);
    assert_string_equal(desk->story, "-SAA");
}

static void application_data_may_overtake_the_finished(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    write_record(desk, RECORD_APPLICATION_DATA, 1, 30);
    send(desk);
    assert_string_equal(desk->story, "S");
    write_finish(desk);
    send(desk);
    assert_string_equal(desk->story, "S");
    desk->record = 1; /* what the numbers above left out */
    write_message(desk, MESSAGE_NEW_SESSION_TICKET, 1);
    send(desk);
    assert_string_equal(desk->story, "ST!FA");
}

static void an_alert_in_clear_is_told(void **state)
{
    struct desk *desk = *state;
    const size_t mark = open_record(desk, RECORD_ALERT, 0);

    wire_hex(desk->wire, "02 28");
    wire_close(desk->wire, mark, 2);
    send(desk);
    assert_string_equal(desk->story, "x");
    assert_int_equal(desk->last.alert_level, 2);
    assert_int_equal(desk->last.alert_description, 40);
    write_record(desk, RECORD_ALERT, 1, 26);
    send(desk);
    assert_string_equal(desk->story, "xX");
}

static void another_hello_with_the_first_number_is_a_restart(void **state)
{
    struct desk *desk = *state;
    const struct bytes other = hello_of(MESSAGE_CLIENT_HELLO, 8);

    write_message(desk, MESSAGE_CLIENT_HELLO, 0);
    send(desk);
    write_message(desk, MESSAGE_CLIENT_HELLO, 0);
    send(desk);
    assert_false(desk->reader.has_restarted);
    write_part(desk, (struct part){MESSAGE_CLIENT_HELLO, 0, other, 0, other.len});
    send(desk);
    assert_true(desk->reader.has_restarted);
    assert_string_equal(desk->story, "C");
    wire_free_exact(other);
}

/* RFC 9147, 6.1: 2 handshake, 3 application data; 19 + 16 n bytes may be an ACK (7). */
static void epochs_of_dtls13_tell_what_is_encrypted(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    wire_hex(desk->wire, "2e 0001 0023");
    wire_fill(desk->wire, 9, 35); /* an ACK of one record */
    wire_hex(desk->wire, "2e 0002 003d");
    wire_fill(desk->wire, 9, 61); /* a Finished */
    wire_hex(desk->wire, "2f 0001");
    wire_hex(desk->wire, "0003 aabbcc");
    send(desk);
    assert_string_equal(desk->story, "SFA");
    assert_int_equal(desk->last.dtls13_epoch, DTLS13_EPOCH_APPLICATION);
    assert_int_equal(desk->last.record_len, 3);
}

static void the_first_record_with_a_connection_id_is_the_finished(void **state)
{
    struct desk *desk = *state;

    desk->reader.cid_len = 1;
    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    write_record(desk, RECORD_CHANGE_CIPHER_SPEC, 0, 1);
    wire_hex(desk->wire, "19 fefd 0001 000000000000 c1 0003 aabbcc");
    wire_hex(desk->wire, "19 fefd 0001 000000000001 c1 0003 aabbcc");
    send(desk);
    assert_string_equal(desk->story, "S!F");
}

static void message_numbers_beyond_the_window_are_dropped(void **state)
{
    struct desk *desk = *state;

    write_message(desk, MESSAGE_CERTIFICATE, DTLS_READER_WAITING);
    send(desk);
    give_up(desk);
    assert_string_equal(desk->story, "");
    write_message(desk, MESSAGE_CERTIFICATE, DTLS_READER_WAITING - 1);
    send(desk);
    give_up(desk);
    assert_string_equal(desk->story, "-c");
}

/* However a flight is cut short, nothing is read beyond it, and nothing is told that was not. */
static void no_truncation_makes_more_of_a_datagram(void **state)
{
    struct desk *desk = *state;
    struct wire *whole = wire_new();

    write_message(desk, MESSAGE_SERVER_HELLO, 0);
    write_message(desk, MESSAGE_CERTIFICATE, 1);
    write_finish(desk);
    memcpy(whole, desk->wire, sizeof(*whole));
    for (size_t len = 0; len <= whole->len; len++) {
        dtls_reader_clear(&desk->reader, &desk->pools);
        dtls_reader_init(&desk->reader);
        desk->told = 0;
        memset(desk->story, 0, sizeof(desk->story));
        memcpy(desk->wire->data, whole->data, len);
        desk->wire->len = len;
        send(desk);
        assert_true(strncmp("Sc!F", desk->story, strlen(desk->story)) == 0);
    }
    assert_string_equal(desk->story, "Sc!F");
    free(whole);
}

/* With a reader of its own. */
#define FRESH(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FRESH(tells_each_message_once_however_often_it_is_sent),
        FRESH(tells_messages_in_order_whatever_order_they_come_in),
        FRESH(puts_a_hello_together_from_single_bytes),
        FRESH(change_cipher_spec_waits_for_every_record_before_it),
        FRESH(change_cipher_spec_may_overtake),
        FRESH(a_flight_sent_again_closes_the_hole),
        FRESH(every_hole_is_told_when_it_is_given_up),
        FRESH(much_application_data_gives_up_what_waits),
        FRESH(application_data_may_overtake_the_finished),
        FRESH(an_alert_in_clear_is_told),
        FRESH(another_hello_with_the_first_number_is_a_restart),
        FRESH(epochs_of_dtls13_tell_what_is_encrypted),
        FRESH(the_first_record_with_a_connection_id_is_the_finished),
        FRESH(message_numbers_beyond_the_window_are_dropped),
        FRESH(no_truncation_makes_more_of_a_datagram),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
