#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3, 4};

void summaries_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%f instead of %f", value, wanted);
    }
}

struct summary *summaries_new(enum report_by by)
{
    struct summary *summary = summary_new(by, key);
    assert_non_null(summary);
    return summary;
}

void summaries_add(struct summary *summary, const struct record *record)
{
    assert_true(summary_add(summary, record));
}

struct record summaries_full(const char *host, const char *client, double ms)
{
    const struct records_spec spec = {host, client, 0x0303, VERDICT_FULL, OFFER_NONE, OUTCOME_NONE,
                                      2,    ms,     10};
    return records_make(&spec);
}

struct record summaries_resumed(const char *host, const char *client, double ms)
{
    const struct records_spec spec = {
        host, client, 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, ms, 10};
    return records_make(&spec);
}

void summaries_add_full(struct summary *summary, const char *host, const char *client, double ms)
{
    struct record record = summaries_full(host, client, ms);
    summaries_add(summary, &record);
}

void summaries_add_resumed(struct summary *summary, const char *host, const char *client, double ms)
{
    struct record record = summaries_resumed(host, client, ms);
    summaries_add(summary, &record);
}

struct figures summaries_total(struct summary *summary)
{
    struct figures figures;
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    summary_total(summary, &figures);
    summary_free(summary);
    return figures;
}

struct report_keys summaries_golden_keys(void)
{
    struct report_keys keys = {key_history_new(), key_timeline_new()};

    assert_non_null(keys.history);
    assert_non_null(keys.timeline);
    for (size_t i = 0; i < records_golden_keys(); i++) {
        const struct key_use_record use = records_golden_key(i);
        assert_true(key_history_add(keys.history, &use));
        assert_true(key_timeline_add(keys.timeline, &use));
    }
    assert_true(key_history_finish(keys.history));
    return keys;
}

struct mechanisms *summaries_golden_mechanisms(void)
{
    const struct query_filter filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct mechanisms *mechanisms = mechanisms_new(&filter, key);

    assert_non_null(mechanisms);
    for (size_t i = 0; i < records_golden_count(); i++) {
        const struct record record = records_golden(i);
        assert_true(mechanisms_add_handshake(mechanisms, &record));
    }
    for (size_t i = 0; i < records_golden_sessions(); i++) {
        const struct session_record session = records_golden_session(i);
        assert_true(mechanisms_add_session(mechanisms, &session));
    }
    assert_true(mechanisms_finish(mechanisms));
    return mechanisms;
}
