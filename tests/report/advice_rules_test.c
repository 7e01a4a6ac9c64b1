#include "report/advice_rules.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const int64_t day_ns = 86400LL * 1000000000;

/* A host with nothing to say against it. */
static struct advice_host plain(void)
{
    struct advice_host host = {.name = "www.example.com", .name_len = 15};

    host.figures.hint_min_s = HANDSHAKE_NULL;
    host.figures.hint_max_s = HANDSHAKE_NULL;
    host.counts.refused_id_age_s = HANDSHAKE_NULL;
    host.counts.accepted_id_age_s = HANDSHAKE_NULL;
    host_keys_init(&host.keys);
    return host;
}

static void offers(struct advice_host *host, uint64_t count)
{
    host->figures.outcomes[OUTCOME_ACCEPTED] = count;
    host->figures.tickets_issued = count;
}

/* Of the offers; a refusal gains 40 ms. */
static void refuse(struct advice_host *host, enum refusal_cause cause, uint64_t count)
{
    struct figures_gain *gain = &host->figures.gains[MISSED_REFUSED];

    host->figures.outcomes[OUTCOME_ACCEPTED] -= count;
    host->figures.outcomes[OUTCOME_REFUSED] += count;
    host->counts.refused[cause] += count;
    gain->handshakes += count;
    gain->headline_samples += count;
    gain->headline_ns += (double)count * 40e6;
    gain->headline = HEADLINE_MEASURED;
}

static void hint(struct advice_host *host, int64_t min_s, int64_t max_s)
{
    host->figures.hint_min_s = min_s;
    host->figures.hint_max_s = max_s;
}

static void split_by_server(struct advice_host *host)
{
    host->keys.keys = 2;
    host->keys.split = HOST_KEYS_BY_SERVER;
    host->keys.servers[0] = records_endpoint("192.0.2.7", 443);
    host->keys.servers[1] = records_endpoint("192.0.2.8", 443);
}

/* ---- Hosts that one rule fires for, from so many samples on ---- */

static void two_servers(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_KEY_CHANGED, 6);
    refuse(host, REFUSAL_CAUSE_OTHER_SERVER, 6);
    split_by_server(host);
}

static void one_address(struct advice_host *host, uint64_t samples)
{
    two_servers(host, samples);
    host->keys.split = HOST_KEYS_ONE_ADDRESS;
}

static void other_server(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_OTHER_SERVER, 12);
}

static void expired(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_EXPIRED, 12);
    host->figures.saved.headline_samples = 8;
    host->figures.saved.headline_ns = 8 * 30e6;
    hint(host, 300, 300);
}

static void rotating(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_KEY_CHANGED, 12);
    hint(host, 3600, 86400);
    host->keys.keys = 4;
    host->keys.rotation_ns = 1800 * records_s;
    host->keys.rotations = 3;
}

static void forgetful(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_UNEXPLAINED, 12);
    hint(host, 300, 300);
}

static void without_cache(struct advice_host *host, uint64_t samples)
{
    offers(host, samples);
    refuse(host, REFUSAL_CAUSE_UNEXPLAINED, 12);
    host->counts.unexplained_ids = 12;
    host->counts.refused_id_age_s = 600;
}

static void forgetful_of_ids(struct advice_host *host, uint64_t samples)
{
    without_cache(host, samples);
    host->figures.verdicts[VERDICT_RESUMED_ID] = 1;
    host->counts.accepted_id_age_s = 300;
}

static void generous(struct advice_host *host, uint64_t samples)
{
    hint(host, 300, 300);
    host->figures.accepted_aged = samples;
    host->figures.accepted_past = 12;
}

static void not_asked(struct advice_host *host, uint64_t samples)
{
    host->figures.evaluated = samples;
    host->figures.tickets_issued = samples;
    host->counts.missed[MISSED_NOT_OFFERED] = samples - 2;
}

static void mute(struct advice_host *host, uint64_t samples)
{
    host->counts.full_in_clear = samples;
}

static void faithful(struct advice_host *host, uint64_t samples)
{
    host->keys.keys = 1;
    host->keys.issued = samples;
    host->keys.span_ns = 30 * day_ns;
}

static void zero_named(struct advice_host *host, uint64_t samples)
{
    host->keys.warnings = (uint8_t)(samples << TICKET_WARNING_ZERO_NAME);
}

static void legible(struct advice_host *host, uint64_t samples)
{
    host->keys.warnings = (uint8_t)(samples << TICKET_WARNING_PLAINTEXT);
}

static void repeating(struct advice_host *host, uint64_t samples)
{
    host->keys.warnings = (uint8_t)(samples << TICKET_WARNING_REPEATED_IV);
}

static void large(struct advice_host *host, uint64_t samples)
{
    host->counts.full_flights = samples;
    host->counts.full_stalled = 12;
    for (int i = 0; i < 12; i++) {
        mean_add(&host->counts.stalled_ns, 25e6);
    }
}

static void unlike(struct advice_host *host, uint64_t samples)
{
    host->counts.tls13 = samples;
    host->counts.retried = 12;
    mean_add(&host->counts.retried_ns, 25e6);
}

/* Shares are of 30: 12 of them are 40.0 %, 28 are 93.3 %. */
static const struct {
    const char *rule;
    uint64_t samples_min;
    void (*make)(struct advice_host *host, uint64_t samples);
    const char *sentence;
} cases[] = {
    {"share-ticket-key", 30, two_servers,
     "40.0 % of 30 offers were of sessions issued by another server, or under another ticket key, "
     "than the one that refused them; the servers 192.0.2.7 and 192.0.2.8 issue under different "
     "keys at the same time: share one ticket key between all servers; that would save about 40.0 "
     "ms in each of 12 handshakes."},
    {"share-ticket-key", 30, one_address,
     "40.0 % of 30 offers were of sessions issued by another server, or under another ticket key, "
     "than the one that refused them; two keys are in use side by side at 192.0.2.7, as if "
     "several servers stood behind it: share one ticket key between them; that would save about "
     "40.0 ms in each of 12 handshakes."},
    {"share-sessions", 30, other_server,
     "40.0 % of 30 offers were refused at another server address than the one that issued the "
     "session: share the session cache, or the ticket key, between servers; that would save about "
     "40.0 ms in each of 12 handshakes."},
    {"lengthen-lifetime", 30, expired,
     "40.0 % of 30 offers were of sessions older than their lifetime hint (5 min) and refused: "
     "clients return later than sessions live; keep them longer and raise the hint, where policy "
     "allows; that would save about 30.0 ms in each of 12 handshakes."},
    {"keep-old-keys", 30, rotating,
     "40.0 % of 30 offers were of tickets under a former key, refused before their lifetime hint "
     "(1 h to 1 d) was over; a new key comes every 30.0 min (median of 3): go on accepting "
     "tickets under old keys for as long as the hint; that would save about 40.0 ms in each of 12 "
     "handshakes."},
    {"keep-promise", 30, forgetful,
     "40.0 % of 30 offers were of tickets refused before their lifetime hint (5 min) was over, by "
     "the server that issued them and without a change of key seen: accept them for as long as "
     "is promised, or lower the hint; that would save about 40.0 ms in each of 12 handshakes."},
    {"keep-ids", 30, without_cache,
     "40.0 % of 30 offers were of session IDs refused by the server that issued them, and no ID "
     "was accepted: it hands them out but seems to keep no sessions; turn on its session cache; "
     "that would save about 40.0 ms in each of 12 handshakes."},
    {"keep-ids-longer", 30, forgetful_of_ids,
     "40.0 % of 30 offers were of session IDs refused by the server that issued them (the "
     "youngest refused was 10 min old, the oldest accepted 5 min): its cache lets sessions go "
     "before clients return; give it a longer timeout, or more room; that would save about 40.0 "
     "ms in each of 12 handshakes."},
    {"raise-hint", 30, generous,
     "40.0 % of 30 accepted offers were of sessions more than twice as old as the lifetime hint "
     "(5 min): clients that keep to the hint throw sessions away that would be accepted; raise "
     "it."},
    {"clients-do-not-offer", 30, not_asked,
     "93.3 % of 30 handshakes were full because a client that had been given a session did not "
     "offer it, and none was resumed: have the programs of clients keep sessions and offer them, "
     "unless one address is many clients."},
    {"issue-sessions", 30, mute,
     "All 30 full handshakes up to TLS 1.2 issued neither a session ID nor a ticket: turn on a "
     "session cache or tickets."},
    {"change-ticket-key", 30, faithful,
     "the name of the ticket key did not change for 30 d, over 30 tickets: change the key more "
     "often; whoever gets hold of it can decrypt all of these sessions."},
    {"zero-key-name", 1, zero_named,
     "the name of a ticket key is all zero, as if none had been set: set a random key."},
    {"plaintext-tickets", 1, legible,
     "a ticket is not encrypted, for it holds a long run of text or of one byte: encrypt tickets; "
     "whoever sees one can read what is in it."},
    {"repeated-iv", 1, repeating,
     "two tickets under one key have the same IV, which can give away what is in them: replace "
     "the program or the random numbers that make them."},
    {"shorten-chain", 30, large,
     "40.0 % of 30 full handshakes waited for a further round trip inside a flight, as with "
     "certificates too large for it: shorten the certificate chain; resumption avoids it, too; "
     "that would save about 25.0 ms in each of 12 handshakes."},
    {"match-groups", 30, unlike,
     "40.0 % of 30 TLS 1.3 handshakes took a HelloRetryRequest, which costs a round trip: let the "
     "server accept a group that clients send a key share of, or clients send one of the "
     "server's; that would save about 25.0 ms in each of 12 handshakes."},
};

enum { CASES = sizeof(cases) / sizeof(cases[0]) };

/* The only finding of a host; false: there is none. */
static bool only_finding(const struct advice_host *host, struct advice_finding *out)
{
    struct advice_finding finding;
    size_t count = 0;

    *out = (struct advice_finding){0};
    for (size_t rule = 0; rule < advice_rules_count(); rule++) {
        if (advice_rules_apply(rule, host, &finding)) {
            *out = finding;
            count++;
        }
    }
    assert_in_range(count, 0, 1);
    return count == 1;
}

static void each_rule_fires_alone_from_its_minimum_on(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct advice_host host = plain();
        struct advice_finding finding;
        cases[i].make(&host, cases[i].samples_min);
        assert_true(only_finding(&host, &finding));
        assert_string_equal(finding.rule, cases[i].rule);
        assert_string_equal(finding.sentence.text, cases[i].sentence);
    }
}

static void no_rule_fires_below_its_minimum(void **state)
{
    (void)state;
    for (size_t i = 0; i < CASES; i++) {
        struct advice_host host = plain();
        struct advice_finding finding;
        cases[i].make(&host, cases[i].samples_min - 1);
        assert_false(only_finding(&host, &finding));
    }
}

static void every_rule_is_tested(void **state)
{
    (void)state;
    for (size_t rule = 0; rule < advice_rules_count(); rule++) {
        size_t i = 0;
        while (i < CASES && strcmp(cases[i].rule, advice_rules_name(rule)) != 0) {
            i++;
        }
        assert_true(i < CASES);
    }
}

static void a_host_without_anything_is_not_advised(void **state)
{
    (void)state;
    const struct advice_host host = plain();
    struct advice_finding finding;

    assert_false(only_finding(&host, &finding));
}

/* Wilson's interval of 4 of 30 begins at 5.3 %, that of 3 of 30 at 3.5 %. */
static void shares_that_may_be_chance_are_not_advised_on(void **state)
{
    (void)state;
    for (uint64_t refused = 3; refused <= 4; refused++) {
        struct advice_host host = plain();
        struct advice_finding finding;
        offers(&host, 30);
        refuse(&host, REFUSAL_CAUSE_OTHER_SERVER, refused);
        assert_int_equal(only_finding(&host, &finding), refused == 4);
    }
}

static void a_hint_left_open_promises_nothing(void **state)
{
    (void)state;
    void (*const about_hints[])(struct advice_host *, uint64_t) = {rotating, forgetful, generous};

    for (size_t i = 0; i < 3; i++) {
        struct advice_host host = plain();
        struct advice_finding finding;
        about_hints[i](&host, 30);
        host.figures.hint_min_s = 0;
        assert_false(only_finding(&host, &finding));
    }
}

static void a_key_is_old_after_seven_days_and_when_it_is_the_only_one(void **state)
{
    (void)state;
    struct advice_host host = plain();
    struct advice_finding finding;

    faithful(&host, 30);
    host.keys.span_ns = 7 * day_ns;
    assert_false(only_finding(&host, &finding));
    host.keys.span_ns++;
    assert_true(only_finding(&host, &finding));
    host.keys.keys = 2;
    assert_false(only_finding(&host, &finding));
}

/* 12 refusals in 4 days. */
static void handshakes_are_told_by_the_day_where_there_are_days(void **state)
{
    (void)state;
    struct advice_host host = plain();
    struct advice_finding finding;

    other_server(&host, 30);
    host.span_ns = 4 * day_ns;
    assert_true(only_finding(&host, &finding));
    assert_non_null(strstr(finding.sentence.text,
                           "; that would save about 40.0 ms in each of 3 handshakes a day."));
    assert_int_equal(finding.gain_ns, 480000000);
    host.figures.gains[MISSED_REFUSED].headline_ns = -1; /* resumed ones took longer */
    assert_true(only_finding(&host, &finding));
    assert_null(strstr(finding.sentence.text, "save"));
    assert_int_equal(finding.gain_ns, 0);
}

static void a_client_that_once_resumes_is_not_said_never_to(void **state)
{
    (void)state;
    struct advice_host host = plain();
    struct advice_finding finding;

    not_asked(&host, 30);
    host.figures.resumed = 1;
    assert_true(only_finding(&host, &finding));
    assert_null(strstr(finding.sentence.text, "none was resumed"));
    host.figures.tickets_issued = 0;
    assert_false(only_finding(&host, &finding));
}

static void findings_carry_their_figures(void **state)
{
    (void)state;
    struct advice_host host = plain();
    struct advice_finding finding;

    rotating(&host, 30);
    assert_true(only_finding(&host, &finding));
    assert_int_equal(finding.certainty, ADVICE_LIKELY);
    assert_string_equal(advice_certainty_name(finding.certainty), "likely");
    assert_int_equal(finding.part.part, 12);
    assert_int_equal(finding.part.of, 30);
    assert_int_equal(finding.figure_count, 4);
    assert_string_equal(finding.figures[0].name, "hint_min_s");
    assert_int_equal(finding.figures[0].value, 3600);
    assert_string_equal(finding.figures[2].name, "rotation_s");
    assert_int_equal(finding.figures[2].value, 1800);
}

/* Expired offers are in no figure of what was missed. */
static void what_expired_would_have_saved_what_others_did(void **state)
{
    (void)state;
    struct advice_host host = plain();
    struct advice_finding finding;

    expired(&host, 30);
    assert_true(only_finding(&host, &finding));
    assert_int_equal(finding.gain_ns, 12 * 30000000);
    host.figures.saved.headline_ns = -1; /* resumed ones took longer */
    assert_true(only_finding(&host, &finding));
    assert_int_equal(finding.gain_ns, 0);
    assert_null(strstr(finding.sentence.text, "save"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_rule_fires_alone_from_its_minimum_on),
        cmocka_unit_test(no_rule_fires_below_its_minimum),
        cmocka_unit_test(every_rule_is_tested),
        cmocka_unit_test(a_host_without_anything_is_not_advised),
        cmocka_unit_test(shares_that_may_be_chance_are_not_advised_on),
        cmocka_unit_test(a_hint_left_open_promises_nothing),
        cmocka_unit_test(a_key_is_old_after_seven_days_and_when_it_is_the_only_one),
        cmocka_unit_test(handshakes_are_told_by_the_day_where_there_are_days),
        cmocka_unit_test(a_client_that_once_resumes_is_not_said_never_to),
        cmocka_unit_test(findings_carry_their_figures),
        cmocka_unit_test(what_expired_would_have_saved_what_others_did),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
