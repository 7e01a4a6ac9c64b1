#include "dissect/handshake.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

typedef const char *(*name_at)(int value);

static const char *transport_at(int value)
{
    return transport_name((enum transport)value);
}

static const char *verdict_at(int value)
{
    return verdict_name((enum verdict)value);
}

static const char *certainty_at(int value)
{
    return certainty_name((enum certainty)value);
}

static const char *offer_at(int value)
{
    return offer_name((enum offer)value);
}

static const char *outcome_at(int value)
{
    return outcome_name((enum outcome)value);
}

static const char *early_data_at(int value)
{
    return early_data_name((enum early_data)value);
}

static const char *reason_at(int value)
{
    return reason_name((enum reason)value);
}

static const char *anomaly_at(int value)
{
    return anomaly_name((enum anomaly)value);
}

static const char *carrier_at(int value)
{
    return carrier_name((enum carrier)value);
}

static const char *layout_at(int value)
{
    return ticket_layout_name((enum ticket_layout)value);
}

static const char *warning_at(int value)
{
    return ticket_warning_name((enum ticket_warning)value);
}

static const char *cause_at(int value)
{
    return refusal_cause_name((enum refusal_cause)value);
}

static const char *missed_at(int value)
{
    return missed_name((enum missed)value);
}

/* Values from `first` on have names, all different. */
static void assert_names(name_at name, int first, int count)
{
    for (int value = first; value < count; value++) {
        assert_non_null(name(value));
        for (int other = first; other < value; other++) {
            assert_string_not_equal(name(value), name(other));
        }
    }
}

static void every_value_has_a_name_of_its_own(void **state)
{
    (void)state;
    assert_names(transport_at, 0, TRANSPORT_COUNT);
    assert_names(verdict_at, 0, VERDICT_COUNT);
    assert_names(certainty_at, 0, CERTAINTY_COUNT);
    assert_names(offer_at, OFFER_NONE, OFFER_COUNT);
    assert_names(outcome_at, 0, OUTCOME_COUNT);
    assert_names(early_data_at, 0, EARLY_DATA_COUNT);
    assert_names(reason_at, REASON_NONE + 1, REASON_COUNT);
    assert_names(anomaly_at, 0, ANOMALY_COUNT);
    assert_names(carrier_at, CARRIER_NONE + 1, CARRIER_COUNT);
    assert_names(layout_at, 0, TICKET_LAYOUT_COUNT);
    assert_names(warning_at, 0, TICKET_WARNING_COUNT);
    assert_names(cause_at, REFUSAL_CAUSE_NONE + 1, REFUSAL_CAUSE_COUNT);
    assert_names(missed_at, MISSED_NOT + 1, MISSED_COUNT);
}

static void what_is_unknown_has_no_name(void **state)
{
    (void)state;
    assert_null(offer_name(OFFER_UNKNOWN));
    assert_null(reason_name(REASON_NONE));
    assert_null(carrier_name(CARRIER_NONE));
    assert_null(refusal_cause_name(REFUSAL_CAUSE_NONE));
    assert_null(missed_name(MISSED_NOT));
}

static void a_carrier_is_read_back_by_its_name(void **state)
{
    (void)state;
    for (int carrier = CARRIER_NONE + 1; carrier < CARRIER_COUNT; carrier++) {
        assert_int_equal(carrier_parse(carrier_at(carrier)), carrier);
    }
    assert_int_equal(carrier_parse(""), CARRIER_NONE);
    assert_int_equal(carrier_parse("smtps"), CARRIER_NONE);
}

static void sets_fit_their_bits(void **state)
{
    (void)state;
    assert_true(ANOMALY_COUNT <= 32);
    assert_true(TICKET_LAYOUT_COUNT <= 16);
    assert_true(TICKET_WARNING_COUNT <= 8);
}

static void only_the_three_resumptions_are_resumed(void **state)
{
    (void)state;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        const bool expected = verdict == VERDICT_RESUMED_ID || verdict == VERDICT_RESUMED_TICKET ||
                              verdict == VERDICT_RESUMED_PSK;
        assert_int_equal(verdict_is_resumed((enum verdict)verdict), expected);
    }
}

static void a_fresh_handshake_knows_nothing(void **state)
{
    (void)state;
    struct handshake handshake;
    handshake_init(&handshake);
    assert_int_equal(handshake.verdict, VERDICT_UNKNOWN);
    assert_int_equal(handshake.offered, OFFER_UNKNOWN);
    assert_int_equal(handshake.rtts_tcp, HANDSHAKE_RTTS_NULL);
    assert_int_equal(handshake.rtts_tls, HANDSHAKE_RTTS_NULL);
    assert_true(handshake.handshake_ns == HANDSHAKE_NULL);
    assert_true(handshake.lifetime_hint_s == HANDSHAKE_NULL);
    assert_false(handshake.session_offered.is_set);
    assert_string_equal(handshake.messages, "");
}

static void a_figure_that_is_not_known_is_neither_smaller_nor_larger(void **state)
{
    (void)state;
    assert_int_equal(handshake_smaller(3, -4), -4);
    assert_int_equal(handshake_smaller(HANDSHAKE_NULL, 5), 5);
    assert_int_equal(handshake_smaller(5, HANDSHAKE_NULL), 5);
    assert_int_equal(handshake_smaller(HANDSHAKE_NULL, HANDSHAKE_NULL), HANDSHAKE_NULL);
    assert_int_equal(handshake_larger(3, -4), 3);
    assert_int_equal(handshake_larger(HANDSHAKE_NULL, -5), -5);
    assert_int_equal(handshake_larger(-5, HANDSHAKE_NULL), -5);
    assert_int_equal(handshake_larger(HANDSHAKE_NULL, HANDSHAKE_NULL), HANDSHAKE_NULL);
}

/* All that is no text is 0x5a, texts are as long as said. */
static void fill(struct handshake *out, enum carrier carrier, size_t text_len)
{
    memset(out, 0x5a, sizeof(*out));
    out->carrier = carrier;
    memset(out->messages, 'm', sizeof(out->messages));
    out->messages[text_len < sizeof(out->messages) ? text_len : sizeof(out->messages) - 1] = '\0';
    out->sni.len = (uint8_t)text_len;
    out->alpn.len = (uint8_t)(text_len / 2);
    out->carrier_client.len = CARRIER_SPEECH_BYTES;
    out->carrier_server.len = CARRIER_SPEECH_BYTES - 1;
    memcpy(out->carrier_guess, "vnc", 4);
}

static void assert_copied(const struct handshake *copy, const struct handshake *handshake)
{
    assert_memory_equal(copy, handshake, offsetof(struct handshake, messages));
    assert_string_equal(copy->messages, handshake->messages);
    assert_int_equal(copy->sni.len, handshake->sni.len);
    assert_memory_equal(copy->sni.text, handshake->sni.text, handshake->sni.len);
    assert_int_equal(copy->alpn.len, handshake->alpn.len);
    assert_memory_equal(copy->alpn.text, handshake->alpn.text, handshake->alpn.len);
}

static void a_copy_has_all_there_is_of_each_text(void **state)
{
    (void)state;
    static const size_t lens[] = {0, 1, 17, HANDSHAKE_MESSAGES_BYTES - 1, 255};

    for (size_t i = 0; i < sizeof(lens) / sizeof(lens[0]); i++) {
        struct handshake handshake;
        struct handshake copy;
        fill(&handshake, CARRIER_NONE, lens[i]);
        memset(&copy, 0xc3, sizeof(copy));
        handshake_copy(&copy, &handshake);
        assert_copied(&copy, &handshake);
    }
}

static void a_copy_has_what_an_unknown_carrier_said(void **state)
{
    (void)state;
    struct handshake handshake;
    struct handshake copy;

    fill(&handshake, CARRIER_OTHER, 9);
    memset(&copy, 0xc3, sizeof(copy));
    handshake_copy(&copy, &handshake);
    assert_copied(&copy, &handshake);
    assert_memory_equal(&copy.carrier_client, &handshake.carrier_client,
                        sizeof(copy.carrier_client));
    assert_memory_equal(&copy.carrier_server, &handshake.carrier_server,
                        sizeof(copy.carrier_server));
    assert_string_equal(copy.carrier_guess, "vnc");

    fill(&handshake, CARRIER_SMTP, 9);
    handshake_copy(&copy, &handshake);
    assert_int_equal(copy.carrier_client.len, 0);
    assert_int_equal(copy.carrier_server.len, 0);
    assert_string_equal(copy.carrier_guess, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_figure_that_is_not_known_is_neither_smaller_nor_larger),
        cmocka_unit_test(every_value_has_a_name_of_its_own),
        cmocka_unit_test(what_is_unknown_has_no_name),
        cmocka_unit_test(a_carrier_is_read_back_by_its_name),
        cmocka_unit_test(sets_fit_their_bits),
        cmocka_unit_test(only_the_three_resumptions_are_resumed),
        cmocka_unit_test(a_copy_has_all_there_is_of_each_text),
        cmocka_unit_test(a_copy_has_what_an_unknown_carrier_said),
        cmocka_unit_test(a_fresh_handshake_knows_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
