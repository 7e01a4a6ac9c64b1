#include "store/facts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <string.h>

static const struct facts nothing = {
    .rtts_tls = HANDSHAKE_RTTS_NULL,
    .rtts_tcp = HANDSHAKE_RTTS_NULL,
    .rtts_stalled = HANDSHAKE_RTTS_NULL,
};

static void assert_equal(const struct facts *a, const struct facts *b)
{
    assert_int_equal(a->verdict, b->verdict);
    assert_int_equal(a->certainty, b->certainty);
    assert_int_equal(a->offered, b->offered);
    assert_int_equal(a->outcome, b->outcome);
    assert_int_equal(a->early_data, b->early_data);
    assert_int_equal(a->missed, b->missed);
    assert_int_equal(a->transport, b->transport);
    assert_int_equal(a->reason, b->reason);
    assert_int_equal(a->renewed, b->renewed);
    assert_int_equal(a->has_session_offered, b->has_session_offered);
    assert_int_equal(a->has_issued_id, b->has_issued_id);
    assert_int_equal(a->has_issued_ticket, b->has_issued_ticket);
    assert_int_equal(a->rtts_tls, b->rtts_tls);
    assert_int_equal(a->rtts_tcp, b->rtts_tcp);
    assert_int_equal(a->rtts_stalled, b->rtts_stalled);
    assert_int_equal(a->alert, b->alert);
    assert_int_equal(a->hello_retries, b->hello_retries);
    assert_int_equal(a->has_plain_durations, b->has_plain_durations);
}

static void assert_comes_back(const struct facts *facts)
{
    struct facts out;

    assert_true(facts_pack(facts) >= 0);
    facts_unpack(facts_pack(facts), &out);
    assert_equal(&out, facts);
}

/* The places are those of docs/schema.md and of the view handshake_plain. */
static void every_field_has_a_place_of_its_own(void **state)
{
    (void)state;
    const struct facts facts = {
        .verdict = VERDICT_FAILED,        /* 5 */
        .certainty = CERTAINTY_LIKELY,    /* 1 << 3 */
        .offered = OFFER_PSK,             /* 4 << 4 */
        .outcome = OUTCOME_FAILED,        /* 5 << 7 */
        .early_data = EARLY_DATA_UNKNOWN, /* 3 << 10 */
        .renewed = true,                  /* 1 << 12 */
        .missed = MISSED_REFUSED,         /* 2 << 13 */
        .transport = TRANSPORT_QUIC,      /* 2 << 15 */
        .has_session_offered = true,      /* 1 << 17 */
        .has_issued_id = false,
        .has_issued_ticket = true,           /* 1 << 19 */
        .rtts_tls = 2,                       /* 3 << 20 */
        .rtts_tcp = 1,                       /* 2 << 28 */
        .rtts_stalled = HANDSHAKE_RTTS_NULL, /* 0 << 36 */
        .reason = REASON_ALERT,              /* 256 | 40 << 44 */
        .alert = 40,
        .hello_retries = 1,          /* 1 << 53 */
        .has_plain_durations = true, /* 1 << 61 */
    };

    assert_int_equal(facts_pack(&facts), 0x5 | 0x8 | 0x40 | 0x280 | 0xc00 | 0x1000 | 0x4000 |
                                             0x10000 | 0x20000 | 0x80000 | 0x300000 | 0x20000000 |
                                             (INT64_C(0x128) << 44) | (INT64_C(1) << 53) |
                                             (INT64_C(1) << 61));
    assert_comes_back(&facts);
    assert_int_equal(facts_pack(&nothing), 0);
    assert_comes_back(&nothing);
}

static void every_value_of_every_field_comes_back(void **state)
{
    (void)state;
    for (int i = 0; i <= UINT8_MAX; i++) {
        struct facts facts = {
            .verdict = (enum verdict)(i % VERDICT_COUNT),
            .certainty = (enum certainty)(i % CERTAINTY_COUNT),
            .offered = (enum offer)(i % OFFER_COUNT),
            .outcome = (enum outcome)(i % OUTCOME_COUNT),
            .early_data = (enum early_data)(i % EARLY_DATA_COUNT),
            .missed = (enum missed)(i % MISSED_COUNT),
            .transport = (enum transport)(i % TRANSPORT_COUNT),
            .reason = (enum reason)(i % REASON_COUNT),
            .renewed = i % 2 != 0,
            .has_session_offered = i % 3 != 0,
            .has_issued_id = i % 5 != 0,
            .has_issued_ticket = i % 7 != 0,
            .rtts_tls = (int8_t)(i / 2 - (i < 128)), /* -1 to 127 */
            .rtts_tcp = (int8_t)(127 - i / 2),
            .rtts_stalled = (int8_t)(i % 129 - 1),
            .hello_retries = (uint8_t)(UINT8_MAX - i),
            .has_plain_durations = i % 11 == 0,
        };
        if (facts.reason != REASON_ALERT) {
            assert_comes_back(&facts);
        }
        facts.alert = (uint8_t)i;
        facts.reason = REASON_ALERT;
        assert_comes_back(&facts);
    }
}

static void numbers_that_mean_nothing_become_unknown(void **state)
{
    (void)state;
    struct facts out;

    facts_unpack(-1, &out); /* all ones */
    assert_int_equal(out.verdict, VERDICT_UNKNOWN);
    assert_int_equal(out.offered, OFFER_UNKNOWN);
    assert_int_equal(out.outcome, OUTCOME_UNKNOWN);
    assert_int_equal(out.missed, MISSED_NOT);
    assert_int_equal(out.transport, TRANSPORT_TCP);
    assert_int_equal(out.reason, REASON_ALERT);
    assert_int_equal(out.alert, 255);
    assert_int_equal(out.rtts_tls, HANDSHAKE_RTTS_NULL);
    assert_int_equal(out.rtts_tcp, HANDSHAKE_RTTS_NULL);
    assert_int_equal(out.rtts_stalled, HANDSHAKE_RTTS_NULL);
    facts_unpack(INT64_C(0xff) << 44, &out); /* no alert, and no reason of that number */
    assert_equal(&out, &nothing);
    facts_unpack(INT64_MIN, &out);
    assert_equal(&out, &nothing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_field_has_a_place_of_its_own),
        cmocka_unit_test(every_value_of_every_field_comes_back),
        cmocka_unit_test(numbers_that_mean_nothing_become_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
