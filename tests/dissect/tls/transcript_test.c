#include "dissect/tls/transcript.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

static void add(char *transcript, size_t size, enum tls_side from, enum tls_event_kind kind)
{
    const struct tls_event event = {.kind = kind, .from = from};

    const size_t len = transcript_add(transcript, size, strnlen(transcript, size), &event, false);

    assert_int_equal(len, strnlen(transcript, size));
}

static void words_keep_their_order_and_their_side(void **state)
{
    (void)state;
    char text[64] = "";
    add(text, sizeof(text), TLS_CLIENT, TLS_CLIENT_HELLO);
    add(text, sizeof(text), TLS_SERVER, TLS_SERVER_HELLO);
    add(text, sizeof(text), TLS_SERVER, TLS_CHANGE_CIPHER_SPEC);
    assert_string_equal(text, ">CH <SH <CCS");
}

static void a_first_encrypted_handshake_record_is_the_finished(void **state)
{
    (void)state;
    char text[64] = "";
    const struct tls_event event = {.kind = TLS_ENCRYPTED_HANDSHAKE, .from = TLS_SERVER};
    size_t len = transcript_add(text, sizeof(text), 0, &event, true);
    assert_int_equal(len, strlen("<FIN"));
    len = transcript_add(text, sizeof(text), len, &event, false);
    assert_int_equal(len, strlen("<FIN <ENC"));
    assert_string_equal(text, "<FIN <ENC");
}

static void a_word_repeated_by_one_side_is_written_once(void **state)
{
    (void)state;
    char text[64] = "";
    add(text, sizeof(text), TLS_CLIENT, TLS_APPLICATION_DATA);
    add(text, sizeof(text), TLS_CLIENT, TLS_APPLICATION_DATA);
    add(text, sizeof(text), TLS_SERVER, TLS_APPLICATION_DATA);
    add(text, sizeof(text), TLS_CLIENT, TLS_APPLICATION_DATA);
    assert_string_equal(text, ">APP <APP >APP");
}

static void alerts_and_unusual_messages_say_which(void **state)
{
    (void)state;
    char text[128] = "";
    const struct tls_event known = {.kind = TLS_ALERT, .from = TLS_SERVER, .alert_description = 40};
    const struct tls_event unknown = {
        .kind = TLS_ALERT, .from = TLS_CLIENT, .alert_description = 7};
    const struct tls_event message = {
        .kind = TLS_OTHER_MESSAGE, .from = TLS_SERVER, .message_type = 25};
    size_t len = transcript_add(text, sizeof(text), 0, &known, false);
    len = transcript_add(text, sizeof(text), len, &unknown, false);
    len = transcript_add(text, sizeof(text), len, &message, false);
    assert_int_equal(len, strlen(text));
    assert_string_equal(text, "<ALERT(handshake_failure) >ALERT(7) <HS(25)");
}

static void every_kind_has_a_word_of_its_own(void **state)
{
    (void)state;
    char words[TLS_EVENT_KIND_COUNT][64];
    for (int kind = 0; kind < TLS_EVENT_KIND_COUNT; kind++) {
        words[kind][0] = '\0';
        add(words[kind], sizeof(words[kind]), TLS_CLIENT, (enum tls_event_kind)kind);
        assert_true(strlen(words[kind]) > 1);
        for (int other = 0; other < kind; other++) {
            assert_string_not_equal(words[kind], words[other]);
        }
    }
}

static void what_has_no_room_is_three_dots_and_never_more(void **state)
{
    (void)state;
    for (size_t size = 6; size < 40; size++) {
        char text[40];
        memset(text, '#', sizeof(text));
        text[0] = '\0';
        for (int i = 0; i < 30; i++) {
            add(text, size, i % 2 == 0 ? TLS_CLIENT : TLS_SERVER, TLS_CHANGE_CIPHER_SPEC);
        }
        assert_true(strlen(text) < size);
        assert_string_equal(text + strlen(text) - 3, "...");
        for (size_t i = size; i < sizeof(text); i++) {
            assert_int_equal(text[i], '#');
        }
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(words_keep_their_order_and_their_side),
    cmocka_unit_test(a_first_encrypted_handshake_record_is_the_finished),
    cmocka_unit_test(a_word_repeated_by_one_side_is_written_once),
    cmocka_unit_test(alerts_and_unusual_messages_say_which),
    cmocka_unit_test(every_kind_has_a_word_of_its_own),
    cmocka_unit_test(what_has_no_room_is_three_dots_and_never_more),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
