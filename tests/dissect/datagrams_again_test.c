/* Several handshakes on one UDP flow: each in clear has a record of its own. */
#include "dissect/datagram_flows.h"

#include "tests/dissect/datagram_feed.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { CLIENT, SERVER };
enum { RANDOM_AT = 13 + 12 + 2, HELLO_BYTES = 13 + 12 + 42, SHA1_BYTES = 20 };

struct desk {
    struct reader_pools pools;
    struct keyed_hash *hash;
    struct datagram_flows *flows;
    uint64_t begun;
    uint64_t evicted;
    struct finished finished;
    bool has_finished;
    int64_t now_ns;
    bool is_busy;
    uint8_t records[2]; /* by sender: number of the next one, in all epochs */
};

static int set_up(void **state)
{
    static const uint8_t key[16];
    struct desk *desk = calloc(1, sizeof(*desk));
    struct error error;

    if (desk == NULL) {
        return -1;
    }
    desk->pools.small = pool_new(READER_SMALL_BYTES, 4);
    desk->pools.large = pool_new(READER_LARGE_BYTES, 4);
    desk->hash = keyed_hash_new(key, &error);
    desk->finished.has_any = &desk->has_finished;
    const struct datagram_flows_options options = {.max_flows = 2,
                                                   .idle_timeout_ns = INT64_MAX / 2,
                                                   .pools = &desk->pools,
                                                   .session_hash = desk->hash,
                                                   .finished = &desk->finished,
                                                   .begun = &desk->begun,
                                                   .evicted = &desk->evicted,
                                                   .is_busy = &desk->is_busy};
    desk->flows = datagram_flows_new(&options);
    *state = desk;
    return desk->flows == NULL;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    datagram_flows_free(desk->flows);
    keyed_hash_free(desk->hash);
    pool_free(desk->pools.small);
    pool_free(desk->pools.large);
    free(desk);
    return 0;
}

/* An exact-size copy, gone afterwards. */
static void send(struct desk *desk, unsigned from, const uint8_t *data, size_t len)
{
    const struct endpoint ends[2] = {{.address = {10}, .port = 4000},
                                     {.address = {20}, .port = 443}};
    uint8_t *copy = malloc(len > 0 ? len : 1);

    assert_non_null(copy);
    memcpy(copy, data, len);
    const struct segment segment = {.time_ns = ++desk->now_ns,
                                    .source = ends[from],
                                    .destination = ends[1 - from],
                                    .transport = SEGMENT_UDP,
                                    .payload_len = (uint32_t)len,
                                    .payload = {copy, len}};
    datagram_feed(desk->flows, &segment);
    free(copy);
}

/* type, version, epoch, sequence_number, length. */
static size_t put_record(uint8_t *number, uint8_t *out, uint8_t type, uint8_t epoch, size_t len)
{
    const uint8_t header[] = {
        type, 0xfe, 0xfd, 0, epoch, 0, 0, 0, 0, 0, (*number)++, (uint8_t)(len >> 8), (uint8_t)len};

    memcpy(out, header, sizeof(header));
    return sizeof(header);
}

/* msg_type, length, message_seq, fragment_offset 0, fragment_length. */
static size_t put_message(uint8_t *out, uint8_t type, uint8_t seq, uint8_t len)
{
    const uint8_t header[] = {type, 0, 0, len, 0, seq, 0, 0, 0, 0, 0, len};

    memcpy(out, header, sizeof(header));
    return sizeof(header);
}

struct voice {
    struct desk *desk;
    uint8_t epoch;
    uint8_t mac_len;
};

static void say(const struct voice *voice, unsigned from, uint8_t type, uint8_t seq,
                struct bytes body)
{
    uint8_t datagram[512] = {0};
    uint8_t *end = datagram;

    end += put_record(&voice->desk->records[from], end, 22, voice->epoch,
                      12 + body.len + voice->mac_len);
    end += put_message(end, type, seq, (uint8_t)body.len);
    memcpy(end, body.data, body.len);
    end += body.len;
    memset(end, 0xa9, voice->mac_len);
    end += voice->mac_len;
    send(voice->desk, from, datagram, (size_t)(end - datagram));
}

static void say_hello(const struct voice *voice, unsigned from, uint8_t random)
{
    /* version, random, no session ID; then no cookie, one suite and null compression, or a suite */
    uint8_t client[42] = {0xfe, 0xfd, [37] = 2, 0xc0, 0x2f, 1, 0};
    uint8_t server[38] = {0xfe, 0xfd, [35] = 0xc0, 0x2f, 0};

    memset(client + 2, random, HELLO_RANDOM_BYTES);
    if (from == CLIENT) {
        say(voice, CLIENT, 1, 0, (struct bytes){client, sizeof(client)});
    } else {
        say(voice, SERVER, 2, 0, (struct bytes){server, sizeof(server)});
    }
}

static void finish(const struct voice *voice, unsigned from)
{
    uint8_t datagram[256] = {0};
    uint8_t *end = datagram;

    end +=
        put_record(&voice->desk->records[from], end, 20, voice->epoch, 1 + (size_t)voice->mac_len);
    *end = 1;
    end += 1 + voice->mac_len;
    end += put_record(&voice->desk->records[from], end, 22, (uint8_t)(voice->epoch + 1), 64);
    end += 64;
    send(voice->desk, from, datagram, (size_t)(end - datagram));
}

static void say_full(const struct voice *voice, uint8_t random)
{
    const uint8_t nothing[64] = {0};

    say_hello(voice, CLIENT, random);
    say_hello(voice, SERVER, random);
    say(voice, SERVER, 11, 1, (struct bytes){nothing, sizeof(nothing)});
    say(voice, SERVER, 14, 2, (struct bytes){nothing, 0});
    say(voice, CLIENT, 16, 1, (struct bytes){nothing, sizeof(nothing)});
    finish(voice, CLIENT);
    finish(voice, SERVER);
}

static void expect_full(struct desk *desk)
{
    struct handshake handshake = {0};

    assert_true(datagram_next(desk->flows, &desk->finished, false, &handshake));
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_string_equal(handshake.messages, ">CH <SH <CERT <SHD >CKE >CCS >FIN <CCS <FIN");
}

static void expect_nothing_more(struct desk *desk)
{
    struct handshake handshake = {0};

    assert_false(datagram_next(desk->flows, &desk->finished, true, &handshake));
}

static void another_random_on_the_same_ports_is_another_handshake(void **state)
{
    struct desk *desk = *state;
    const struct voice voice = {desk, 0, 0};

    say_full(&voice, 0x11);
    expect_full(desk);
    say_full(&voice, 0x22);
    expect_full(desk);
    expect_nothing_more(desk);
    assert_int_equal(desk->begun, 2);
}

static void the_hello_of_a_handshake_that_is_over_begins_nothing_when_it_comes_again(void **state)
{
    struct desk *desk = *state;
    const struct voice voice = {desk, 0, 0};

    say_full(&voice, 0x11);
    expect_full(desk);
    say_hello(&voice, CLIENT, 0x11);
    expect_nothing_more(desk);
    assert_int_equal(desk->begun, 1);
}

/* A peer that sends everything back (RFC 8842, 5.2: both may take themselves for the client). */
static void the_same_hello_from_the_other_side_is_another_handshake(void **state)
{
    struct desk *desk = *state;
    const struct voice voice = {desk, 0, 0};
    uint8_t client[42] = {0xfe, 0xfd, [37] = 2, 0xc0, 0x2f, 1, 0};
    struct handshake handshake = {0};

    memset(client + 2, 0x11, HELLO_RANDOM_BYTES);
    say_hello(&voice, CLIENT, 0x11);
    say(&voice, SERVER, 1, 0, (struct bytes){client, sizeof(client)});
    assert_true(datagram_next(desk->flows, &desk->finished, true, &handshake));
    assert_int_equal(handshake.client.port, 4000);
    assert_true(datagram_next(desk->flows, &desk->finished, true, &handshake));
    assert_int_equal(handshake.client.port, 443);
    expect_nothing_more(desk);
}

static void a_handshake_that_is_open_ends_when_another_begins(void **state)
{
    struct desk *desk = *state;
    const struct voice voice = {desk, 0, 0};
    struct handshake first;

    say_hello(&voice, CLIENT, 0x11);
    say_hello(&voice, SERVER, 0x11);
    say_full(&voice, 0x22);
    assert_true(datagram_next(desk->flows, &desk->finished, false, &first));
    assert_int_equal(first.verdict, VERDICT_UNKNOWN);
    expect_full(desk);
    expect_nothing_more(desk);
}

/* Epoch 1 is not encrypted under a cipher suite that only authenticates. */
static void a_renegotiation_in_clear_has_a_record_of_its_own(void **state)
{
    struct desk *desk = *state;
    struct voice voice = {desk, 0, 0};

    say_full(&voice, 0x11);
    expect_full(desk);
    for (uint8_t epoch = 1; epoch <= 3; epoch++) {
        voice = (struct voice){desk, epoch, SHA1_BYTES};
        say_full(&voice, (uint8_t)(0x20 + epoch));
        expect_full(desk);
    }
    expect_nothing_more(desk);
}

/* The server's Finished is lost. */
static void also_while_the_first_one_is_open(void **state)
{
    struct desk *desk = *state;
    const struct voice first = {desk, 0, 0};
    const struct voice second = {desk, 1, SHA1_BYTES};
    struct handshake handshake = {0};

    say_hello(&first, CLIENT, 0x11);
    say_hello(&first, SERVER, 0x11);
    say(&first, SERVER, 14, 1, (struct bytes){(const uint8_t *)"", 0});
    finish(&first, CLIENT);
    say_full(&second, 0x22);
    assert_true(datagram_next(desk->flows, &desk->finished, false, &handshake));
    assert_int_equal(handshake.verdict, VERDICT_FULL);
    assert_string_equal(handshake.messages, ">CH <SH <SHD >CCS >FIN");
    expect_full(desk);
    expect_nothing_more(desk);
}

/* Ciphertext of epoch 1 is not taken for a hello: one thing wrong at a time, and all truncations.
 */
static void what_is_not_quite_a_hello_in_clear_begins_nothing(void **state)
{
    struct desk *desk = *state;
    const struct voice voice = {desk, 0, 0};
    static const struct {
        size_t offset;
        uint8_t value;
    } wrong[] = {{0, 23}, {1, 3},  {12, 73}, {12, 75}, {13, 2}, {13, 20}, {16, 41},
                 {18, 1}, {21, 1}, {24, 41}, {25, 3},  {26, 3}, {59, 33}};
    uint8_t datagram[HELLO_BYTES + SHA1_BYTES] = {0};
    uint8_t *end =
        datagram + put_record(&desk->records[CLIENT], datagram, 22, 1, sizeof(datagram) - 13);

    end += put_message(end, 1, 0, 42);
    end[0] = 0xfe;
    end[1] = 0xfd;
    memset(datagram + RANDOM_AT, 0x33, HELLO_RANDOM_BYTES);
    say_full(&voice, 0x11);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        uint8_t other[sizeof(datagram)];
        memcpy(other, datagram, sizeof(other));
        other[wrong[i].offset] = wrong[i].value;
        send(desk, CLIENT, other, sizeof(other));
    }
    for (size_t len = 0; len < RANDOM_AT + HELLO_RANDOM_BYTES + 1; len++) {
        send(desk, CLIENT, datagram, len);
    }
    assert_int_equal(desk->begun, 1);
    send(desk, CLIENT, datagram, sizeof(datagram));
    assert_int_equal(desk->begun, 2);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(another_random_on_the_same_ports_is_another_handshake),
        TEST(the_hello_of_a_handshake_that_is_over_begins_nothing_when_it_comes_again),
        TEST(the_same_hello_from_the_other_side_is_another_handshake),
        TEST(a_handshake_that_is_open_ends_when_another_begins),
        TEST(a_renegotiation_in_clear_has_a_record_of_its_own),
        TEST(also_while_the_first_one_is_open),
        TEST(what_is_not_quite_a_hello_in_clear_begins_nothing),
    };
#undef TEST

    return cmocka_run_group_tests(tests, NULL, NULL);
}
