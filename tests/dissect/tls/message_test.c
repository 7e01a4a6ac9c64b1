#include "dissect/tls/message.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct bytes from_hex(const char *digits)
{
    struct wire *wire = wire_new();

    wire_hex(wire, digits);
    const struct bytes exact = wire_exact(wire->data, wire->len);
    free(wire);
    return exact;
}

static void reads_a_header(void **state)
{
    (void)state;
    const uint8_t wire[] = {0x0b, 0x01, 0x02, 0x03, 0xaa};

    for (size_t len = 0; len <= sizeof(wire); len++) {
        const struct bytes cut = wire_exact(wire, len);
        struct bytes b = cut;
        struct message_header header = {.type = 77};
        assert_int_equal(message_header_parse(&b, &header), len >= 4);
        assert_int_equal(b.len, len >= 4 ? len - 4 : len);
        assert_int_equal(header.type, len >= 4 ? 11 : 77);
        if (len >= 4) {
            assert_int_equal(header.len, 0x010203);
        }
        wire_free_exact(cut);
    }
}

static void only_hellos_and_tickets_are_wanted(void **state)
{
    (void)state;

    for (unsigned type = 0; type <= 255; type++) {
        const bool is_expected = type == 1 || type == 2 || type == 4 || type == 6;
        assert_int_equal(message_is_wanted((uint8_t)type), is_expected);
    }
}

static void every_type_has_its_kind(void **state)
{
    (void)state;
    static const struct {
        uint8_t type;
        enum tls_event_kind kind;
    } cases[] = {
        {0, TLS_HELLO_REQUEST},        {1, TLS_CLIENT_HELLO},         {2, TLS_SERVER_HELLO},
        {3, TLS_HELLO_VERIFY_REQUEST}, {4, TLS_NEW_SESSION_TICKET},   {5, TLS_OTHER_MESSAGE},
        {6, TLS_HELLO_RETRY_REQUEST},  {8, TLS_OTHER_MESSAGE},        {11, TLS_CERTIFICATE},
        {12, TLS_SERVER_KEY_EXCHANGE}, {13, TLS_CERTIFICATE_REQUEST}, {14, TLS_SERVER_HELLO_DONE},
        {15, TLS_CERTIFICATE_VERIFY},  {16, TLS_CLIENT_KEY_EXCHANGE}, {20, TLS_OTHER_MESSAGE},
        {22, TLS_CERTIFICATE_STATUS},  {255, TLS_OTHER_MESSAGE},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(message_event_kind(cases[i].type), cases[i].kind);
    }
}

/* What each beginning of a record looks like, once it can be told. */
static const struct {
    const char *begin;
    uint16_t record_len;
    enum message_look look;
} looks[] = {
    {"01 000100 0303", 0x104, MESSAGE_LOOKS_CLEAR},
    {"01 000100 0303", 0x105, MESSAGE_LOOKS_NO},   /* nothing follows a ClientHello */
    {"01 000100 0303", 0x40, MESSAGE_LOOKS_CLEAR}, /* goes on in the next record */
    {"01 000100 0305", 0x104, MESSAGE_LOOKS_NO},   /* no such version */
    {"01 000001 03", 5, MESSAGE_LOOKS_NO},         /* too short for a hello */
    {"01 030000 0303", 0x4000, MESSAGE_LOOKS_NO},  /* too long */
    {"02 000050 0303", 0x54, MESSAGE_LOOKS_CLEAR},
    {"02 000050 7f12", 0x54, MESSAGE_LOOKS_CLEAR},  /* a draft of TLS 1.3 */
    {"02 000050 0303", 0x400, MESSAGE_LOOKS_CLEAR}, /* Certificate follows */
    {"02 000050 0303", 0x57, MESSAGE_LOOKS_NO},     /* three bytes are no message */
    {"00 000000", 4, MESSAGE_LOOKS_CLEAR},
    {"00 000000", 40, MESSAGE_LOOKS_NO}, /* an explicit nonce of AES-GCM often is zero */
    {"04 0000b6", 0xba, MESSAGE_LOOKS_CLEAR},
    {"04 0000b6", 0xb0, MESSAGE_LOOKS_NO}, /* so short a record is no first part */
    {"0b 000203 000200", 0x207, MESSAGE_LOOKS_CLEAR},
    {"0b 000203 000201", 0x207, MESSAGE_LOOKS_NO}, /* length of the list */
    {"0b 008003 008000", 0x4000, MESSAGE_LOOKS_CLEAR},
    {"0c 00006f", 0x73, MESSAGE_LOOKS_CLEAR},
    {"0d 000009", 0x11, MESSAGE_LOOKS_CLEAR}, /* ServerHelloDone follows */
    {"0e 000000", 4, MESSAGE_LOOKS_CLEAR},
    {"0e 000000", 44, MESSAGE_LOOKS_NO},
    {"0e 000001", 5, MESSAGE_LOOKS_NO},
    {"0f 000046", 0x4a, MESSAGE_LOOKS_CLEAR},
    {"10 000021", 0x25, MESSAGE_LOOKS_CLEAR},
    {"10 010000", 0x4000, MESSAGE_LOOKS_NO},
    {"16 0001d5", 0x1d9, MESSAGE_LOOKS_CLEAR},
    {"14 00000c", 16, MESSAGE_LOOKS_NO}, /* Finished is never clear */
    {"5a", 40, MESSAGE_LOOKS_NO},
    {"01", 1, MESSAGE_LOOKS_CLEAR}, /* a hello cut into tiny records */
    {"5a", 1, MESSAGE_LOOKS_NO},
};

static void tells_clear_messages_from_the_rest(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        const struct bytes begin = from_hex(looks[i].begin);
        const size_t len = begin.len < looks[i].record_len ? begin.len : looks[i].record_len;
        assert_int_equal(message_look((struct bytes){begin.data, len}, looks[i].record_len),
                         looks[i].look);
        wire_free_exact(begin);
    }
}

/* With fewer bytes the answer may be "more", but never the opposite one. */
static void a_shorter_look_never_contradicts_a_longer_one(void **state)
{
    (void)state;

    for (size_t i = 0; i < sizeof(looks) / sizeof(looks[0]); i++) {
        const struct bytes begin = from_hex(looks[i].begin);
        for (size_t len = 0; len < begin.len && len < looks[i].record_len; len++) {
            const struct bytes cut = wire_exact(begin.data, len);
            const enum message_look look = message_look(cut, looks[i].record_len);
            assert_true(look == MESSAGE_LOOKS_MORE || look == looks[i].look);
            wire_free_exact(cut);
        }
        wire_free_exact(begin);
    }
}

/* The first MESSAGE_LOOK_BYTES of a ClientHello message of 0x100 bytes. */
static const char hello_begin[] = "01 0000fc 0303 0001020304050607 08090a0b0c0d0e0f"
                                  "1011121314151617 18191a1b1c1d1e1f 20";

static void a_hello_after_change_cipher_spec_is_clear(void **state)
{
    (void)state;
    const struct bytes begin = from_hex(hello_begin);

    assert_int_equal(begin.len, MESSAGE_LOOK_BYTES);
    for (size_t len = 0; len < begin.len; len++) {
        const struct bytes cut = wire_exact(begin.data, len);
        assert_int_equal(message_look_hello(cut, 0x100), MESSAGE_LOOKS_MORE);
        wire_free_exact(cut);
    }
    assert_int_equal(message_look_hello(begin, 0x100), MESSAGE_LOOKS_CLEAR);
    wire_free_exact(begin);
}

static void the_first_part_of_a_long_hello_is_clear_too(void **state)
{
    (void)state;
    const struct bytes begin = from_hex("01 004000 0303 0001020304050607 08090a0b0c0d0e0f"
                                        "1011121314151617 18191a1b1c1d1e1f 00");

    assert_int_equal(message_look_hello(begin, 0x4000), MESSAGE_LOOKS_CLEAR);
    assert_int_equal(message_look_hello(begin, 0x80), MESSAGE_LOOKS_NO);
    wire_free_exact(begin);
}

/* One thing wrong at a time. */
static void what_is_not_quite_a_hello_is_encrypted(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint8_t value;
        uint16_t record_len;
    } wrong[] = {
        {0, 0x14, 0x100},  {0, 0x04, 0x100}, {3, 0xfb, 0x100}, {4, 0x02, 0x100}, {5, 0x04, 0x100},
        {38, 0x21, 0x100}, {0, 0x01, 0x101}, {0, 0x01, 0xff},  {0, 0x01, 38},
    };

    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        struct wire *wire = wire_new();
        wire_hex(wire, hello_begin);
        wire->data[wrong[i].offset] = wrong[i].value;
        const struct bytes begin = wire_exact(wire->data, wire->len);
        assert_int_equal(message_look_hello(begin, wrong[i].record_len), MESSAGE_LOOKS_NO);
        wire_free_exact(begin);
        free(wire);
    }
}

/* Two million records of noise, of the sizes that encrypted handshake records have. */
static void noise_is_never_taken_for_a_hello(void **state)
{
    (void)state;
    uint64_t seed = 0x9e3779b97f4a7c15;

    for (unsigned i = 0; i < 2000000; i++) {
        uint64_t noise[5];
        struct hello_start start;
        for (size_t k = 0; k < 5; k++) {
            seed ^= seed << 13; /* xorshift64 */
            seed ^= seed >> 7;
            seed ^= seed << 17;
            noise[k] = seed;
        }
        const struct bytes begin = {(const uint8_t *)noise, MESSAGE_LOOK_BYTES};
        const uint16_t record_len = (uint16_t)(40 + seed % 4096);
        assert_int_equal(message_look_hello(begin, record_len), MESSAGE_LOOKS_NO);
        assert_false(message_is_client_hello(begin, record_len, &start));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_header),
        cmocka_unit_test(only_hellos_and_tickets_are_wanted),
        cmocka_unit_test(every_type_has_its_kind),
        cmocka_unit_test(tells_clear_messages_from_the_rest),
        cmocka_unit_test(a_shorter_look_never_contradicts_a_longer_one),
        cmocka_unit_test(a_hello_after_change_cipher_spec_is_clear),
        cmocka_unit_test(the_first_part_of_a_long_hello_is_clear_too),
        cmocka_unit_test(what_is_not_quite_a_hello_is_encrypted),
        cmocka_unit_test(noise_is_never_taken_for_a_hello),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
