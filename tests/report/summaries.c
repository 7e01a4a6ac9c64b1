#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

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
    struct report_keys keys = {key_history_new(), key_timeline_new(), NULL};

    assert_non_null(keys.history);
    assert_non_null(keys.timeline);
    for (size_t i = 0; i < records_golden_keys(); i++) {
        const struct key_use_record use = records_golden_key(i);
        assert_true(key_history_add(keys.history, &use));
        assert_true(key_timeline_add(keys.timeline, &use));
    }
    assert_true(report_keys_finish(&keys));
    return keys;
}

/* FNV-1a: the same name, the same id. */
static int64_t id_of(const struct wire_text *name)
{
    uint64_t hash = 0xcbf29ce484222325;

    for (size_t i = 0; i < name->len; i++) {
        hash = (hash ^ (uint8_t)name->text[i]) * 0x100000001b3;
    }
    return (int64_t)hash;
}

void summaries_add_session(struct mechanisms *mechanisms, const struct session_record *session)
{
    const struct host_record host = {id_of(&session->host), session->host};
    struct session_figures figures = {
        .host_id = host.id,
        .kind = session->kind,
        .issued_ns = session->issued_ns,
        .lifetime_hint_s = session->lifetime_hint_s,
        .bytes = session->bytes,
        .largest_accepted_age_s = session->largest_accepted_age_s,
        .client_number = HANDSHAKE_NULL,
    };

    memcpy(figures.client, session->client, sizeof(figures.client));
    assert_true(mechanisms_add_session(mechanisms, &figures));
    assert_true(mechanisms_name_host(mechanisms, &host));
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
        summaries_add_session(mechanisms, &session);
    }
    assert_true(mechanisms_finish(mechanisms));
    return mechanisms;
}

#define HOSTILE "=HYPERLINK(\"x\")\x1b[2J\xe2\x80\xae\xff,\\"

/* Offers of golden hosts that did not go as was promised. */
static const struct {
    const char *host;
    const char *client;
    int64_t at_s;
    enum outcome outcome;
    int64_t age_s;
    int64_t hint_s;
    bool is_replaced;
} golden_offers[] = {
    {"www.example.com", "192.0.2.7", 7300, OUTCOME_ACCEPTED, 7300, 7200, false},
    {"www.example.com", "192.0.2.8", 7400, OUTCOME_REFUSED, 7400, 7200, false},
    {"www.example.com", "192.0.2.7", 100, OUTCOME_REFUSED, 100, 7200, true},
    {HOSTILE, "192.0.2.9", 50, OUTCOME_ACCEPTED, HANDSHAKE_NULL, HANDSHAKE_NULL, true},
};

/* Of hosts that the golden handshakes show nothing of. */
static const struct {
    const char *host;
    int64_t at_s;
    enum refusal_cause cause;
    uint32_t anomalies;
} golden_deeds[] = {
    {HOSTILE, 60, REFUSAL_CAUSE_OTHER_SERVER, 0},
    {HOSTILE, 70, REFUSAL_CAUSE_OTHER_SERVER, 1U << ANOMALY_TICKETBLEED},
    {HOSTILE, 99000, REFUSAL_CAUSE_UNEXPLAINED, 0},
    {"legacy.intranet.example", 80, REFUSAL_CAUSE_NONE, 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION},
    {"legacy.intranet.example", 90, REFUSAL_CAUSE_NONE, 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION},
};

static void add_deeds(struct conduct *conduct)
{
    for (size_t i = 0; i < sizeof(golden_deeds) / sizeof(golden_deeds[0]); i++) {
        struct record record = {
            .id = (int64_t)i + 40,
            .host = records_text(golden_deeds[i].host, strlen(golden_deeds[i].host)),
            .refusal_cause = golden_deeds[i].cause,
        };
        record.handshake.time_ns = records_start_ns + golden_deeds[i].at_s * records_s;
        record.handshake.anomalies = golden_deeds[i].anomalies;
        assert_true(conduct_add_handshake(conduct, &record));
    }
}

struct conduct *summaries_golden_conduct(bool has_handshakes)
{
    struct conduct *conduct = conduct_new(key);

    assert_non_null(conduct);
    for (size_t i = 0; has_handshakes && i < records_golden_count(); i++) {
        const struct record record = records_golden(i);
        assert_true(conduct_add_handshake(conduct, &record));
    }
    if (has_handshakes) {
        add_deeds(conduct);
    }
    for (size_t i = 0; i < sizeof(golden_offers) / sizeof(golden_offers[0]); i++) {
        struct offer_record offer = {
            .id = (int64_t)i + 30,
            .host = records_text(golden_offers[i].host, strlen(golden_offers[i].host)),
            .time_ns = records_start_ns + golden_offers[i].at_s * records_s,
            .outcome = golden_offers[i].outcome,
            .age_s = golden_offers[i].age_s,
            .lifetime_hint_s = golden_offers[i].hint_s,
            .is_replaced = golden_offers[i].is_replaced,
        };
        (void)snprintf(offer.client, sizeof(offer.client), "%s", golden_offers[i].client);
        assert_true(conduct_add_offer(conduct, &offer));
    }
    assert_true(conduct_finish(conduct));
    return conduct;
}

struct report_ledger summaries_golden_ledger(void)
{
    return (struct report_ledger){summaries_golden_conduct(true), summaries_golden_mechanisms(),
                                  summaries_golden_keys()};
}
