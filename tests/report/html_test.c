/* What the HTML report holds for whom; that it is HTML is tests/report/html_valid.py's, what a
 * browser makes of it tests/system/html's. */
#include "tests/report/hostile.h"
#include "tests/report/summaries.h"

#include "report/formats.h"
#include "report/html_page.h"
#include "report/html_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct query_filter no_filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

/* The page of a summary, which is finished and freed; to be freed. */
static char *page_of(struct summary *summary, const struct report_options *options)
{
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    assert_true(summary_finish(summary, options->sort));
    html_summary(out, summary, options);
    assert_int_equal(fclose(out), 0);
    summary_free(summary);
    return text;
}

static size_t count_of(const char *text, const char *wanted)
{
    size_t count = 0;

    for (const char *at = strstr(text, wanted); at != NULL; at = strstr(at + 1, wanted)) {
        count++;
    }
    return count;
}

static struct summary *hosts(size_t count)
{
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    char name[64];

    for (size_t i = 0; i < count; i++) {
        (void)snprintf(name, sizeof(name), "host-%zu.example", i);
        summaries_add_full(summary, name, "192.0.2.1", 20);
    }
    return summary;
}

static void all_groups_have_a_row_and_fifty_a_section(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    char *text = page_of(hosts(60), &options);

    assert_int_equal(count_of(text, "<tr id=\"r"), 60);
    assert_int_equal(count_of(text, "<section class=\"group\""), 50);
    assert_non_null(strstr(text, "The 50 hosts busiest of 60."));
    free(text);
}

static void top_says_how_many_have_a_section(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter, .top = 3};
    char *text = page_of(hosts(5), &options);

    assert_int_equal(count_of(text, "<tr id=\"r"), 5);
    assert_int_equal(count_of(text, "<section class=\"group\""), 3);
    free(text);
    options.top = 9;
    text = page_of(hosts(5), &options);
    assert_int_equal(count_of(text, "<section class=\"group\""), 5);
    assert_null(strstr(text, " of 5. <code>--top"));
    free(text);
}

static void hours_have_rows_and_no_sections(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter, .by = REPORT_BY_HOUR};
    struct summary *summary = summaries_new(REPORT_BY_HOUR);

    summaries_add_full(summary, "a.example", "192.0.2.1", 20);
    char *text = page_of(summary, &options);
    assert_int_equal(count_of(text, "<tr id=\"r"), 1);
    assert_null(strstr(text, "id=\"details\""));
    free(text);
}

static void an_empty_period_is_a_page_that_says_so(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    char *text = page_of(summaries_new(REPORT_BY_HOST), &options);

    assert_non_null(strstr(text, "<h1>No handshakes in this period</h1>"));
    assert_null(strstr(text, "<figure"));
    assert_non_null(strstr(text, "</html>\n"));
    free(text);
}

/* Five refused offers, each a round trip of 10 ms more than need be, and too few at one host to be
 * measured. */
static void what_could_still_be_saved_is_told(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (int i = 0; i < 6; i++) {
        summaries_add_full(summary, "a.example", "192.0.2.1", 20);
        summaries_add_resumed(summary, "a.example", "192.0.2.1", 10);
    }
    for (int i = 0; i < 5; i++) {
        struct record record = summaries_full(i < 4 ? "a.example" : "b.example", "192.0.2.1", 20);
        record.handshake.offered = OFFER_TICKET;
        record.handshake.outcome = OUTCOME_REFUSED;
        record.missed = MISSED_REFUSED;
        summaries_add(summary, &record);
    }
    char *text = page_of(summary, &options);
    assert_non_null(strstr(text, "<h1>Resumption saved 60.0 ms of waiting</h1>"));
    assert_non_null(strstr(text, "5 offers of a session were refused. Another 50.0 ms could have "
                                 "been saved in 5 full handshakes"));
    free(text);
}

/* Forty full handshakes and then forty resumed ones, a minute apart: Fisher's test has no doubt. */
static void a_rate_that_changed_is_told_and_drawn(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (int i = 0; i < 80; i++) {
        struct record record = i < 40 ? summaries_full("a.example", "192.0.2.1", 20)
                                      : summaries_resumed("a.example", "192.0.2.1", 10);
        record.handshake.time_ns += i * SERIES_MINUTE_NS;
        summaries_add(summary, &record);
    }
    char *text = page_of(summary, &options);
    assert_non_null(strstr(text, "Its rate went from 0.0 % (of 40) to 100.0 % (of 40) about "
                                 "<time>2026-03-01T10:40:00Z</time>."));
    assert_int_equal(count_of(text, "<line class=\"mark\""), 1);
    free(text);
}

/* A refusal of each of two causes at 10:00 and 10:05 and another of the first at 10:10. */
static void refusals_are_told_by_cause_with_their_times_and_examples(void **state)
{
    (void)state;
    static const enum refusal_cause causes[] = {REFUSAL_CAUSE_KEY_CHANGED, REFUSAL_CAUSE_EXPIRED,
                                                REFUSAL_CAUSE_KEY_CHANGED};
    struct report_options options = {.filter = no_filter};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (int i = 0; i < 3; i++) {
        struct record record = summaries_full("a.example", "192.0.2.1", 20);
        record.id = 40 + i;
        record.handshake.time_ns += INT64_C(5) * i * SERIES_MINUTE_NS;
        record.handshake.offered = OFFER_TICKET;
        record.handshake.outcome = OUTCOME_REFUSED;
        record.refusal_cause = causes[i];
        record.missed = MISSED_REFUSED;
        summaries_add(summary, &record);
    }
    char *text = page_of(summary, &options);
    assert_non_null(strstr(text, "<b>key-changed</b> the host issues under another ticket key by "
                                 "now</th><td>2</td><td class=\"p67\">66.7 %</td><td><time>"
                                 "2026-03-01T10:00:00Z</time></td><td><time>2026-03-01T10:10:00Z"
                                 "</time></td><td>40, 42</td></tr>"));
    assert_non_null(strstr(text, "<td>1</td><td class=\"p33\">33.3 %</td>"));
    assert_non_null(strstr(text, "Missed: 3 full handshakes of clients that held a session of the "
                                 "host: in 0 nothing was offered, in 3 the offer was refused."));
    assert_non_null(strstr(text, "<a href=\"#refusals\">"));
    free(text);
    text = page_of(hosts(1), &options);
    assert_null(strstr(text, "refusals-heading"));
    free(text);
}

static void coverage_tells_what_is_likely_and_what_was_not_analysed(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    const struct run_not_analysed row = {"<b>QUIC", 4321};
    struct record record = summaries_full("a.example", "192.0.2.1", 20);

    record.handshake.certainty = CERTAINTY_LIKELY;
    record.handshake.anomalies = 1U << ANOMALY_ENCRYPTED_CLIENT_HELLO;
    summaries_add(summary, &record);
    summary_add_not_analysed(summary, &row);
    char *text = page_of(summary, &options);
    assert_non_null(strstr(text, "Likely: judged, but not certain"));
    assert_non_null(strstr(text, "<tr><th scope=\"row\">full</th><td>1</td></tr>\n"
                                 "<tr><th scope=\"row\">all</th><td>1</td></tr>\n"
                                 "<tr><th scope=\"row\">with an encrypted ClientHello"));
    assert_non_null(strstr(text, "&lt;b&gt;QUIC</th><td>4\xe2\x80\xaf"
                                 "321</td>"));
    assert_non_null(strstr(text, "<p>Rate: resumed / (full + resumed), likely ones too;"));
    free(text);
}

static void add_key(struct report_keys *keys, const char *host, const char *name, int64_t minute)
{
    struct key_use_record use = {
        .key = name[0],
        .warnings = name[0] == '<' ? 1U << TICKET_WARNING_ZERO_NAME : 0,
        .host = records_text(host, strlen(host)),
        .server = records_endpoint("198.51.100.1", 443),
        .first_seen_ns = records_start_ns + minute * SERIES_MINUTE_NS,
        .last_seen_ns = records_start_ns + (minute + 5) * SERIES_MINUTE_NS,
        .issued_count = 1,
    };

    (void)snprintf(use.name, sizeof(use.name), "%s", name);
    assert_true(key_history_add(keys->history, &use));
    assert_true(key_timeline_add(keys->timeline, &use));
}

/* Two keys at one host, the second one's name from a file that anybody may have written. */
static void ticket_keys_are_drawn_over_time(void **state)
{
    (void)state;
    struct report_options options = {.filter = no_filter};
    struct report_keys keys = {key_history_new(), key_timeline_new(), NULL};
    struct summary *summary = hosts(1);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    add_key(&keys, "<i>", "26c1cf114d24fc4ccbc3cda1f37d9ddd", 0);
    add_key(&keys, "<i>", "<script>alert(1)</script>", 4);
    add_key(&keys, "<b>bold.example", "<script>alert(1)</script>", 5);
    assert_true(report_keys_finish(&keys));
    assert_true(summary_finish(summary, options.sort));
    const struct report_ledger ledger = {NULL, NULL, keys};
    options.ledger = &ledger;
    html_summary(out, summary, &options);
    assert_int_equal(fclose(out), 0);
    assert_non_null(
        strstr(text, "<h3>&lt;i&gt;</h3>\n<p class=\"say\">2 keys, at most 2 at once; "
                     "1 shared with other hosts; a new one after 4.00 min (median of 1).</p>\n"
                     "<p class=\"say\">Shared with &lt;b&gt;bold.example.</p>\n"
                     "<p><b>Warning:</b> the key's name is all zero.</p>"));
    assert_non_null(strstr(text, ">198.51.100.1 port 443</text>"));
    assert_non_null(strstr(text, ">26c1cf11</text>"));
    assert_int_equal(count_of(text, "<script>"), 1);
    free(text);
    report_keys_clear(&keys);
    summary_free(summary);
}

static struct conduct *conduct_of(const char *host)
{
    static const uint8_t key[NAME_TABLE_KEY_BYTES] = {7};
    struct conduct *conduct = conduct_new(key);
    struct record refused = {.id = 71,
                             .host = records_text(host, strlen(host)),
                             .refusal_cause = REFUSAL_CAUSE_OTHER_SERVER};
    const struct offer_record late = {.id = 72,
                                      .host = refused.host,
                                      .client = "192.0.2.1",
                                      .outcome = OUTCOME_ACCEPTED,
                                      .age_s = 400,
                                      .lifetime_hint_s = 300};

    refused.handshake.anomalies = 1U << ANOMALY_TICKETBLEED;
    assert_non_null(conduct);
    assert_true(conduct_add_handshake(conduct, &refused));
    assert_true(conduct_add_offer(conduct, &late));
    assert_true(conduct_finish(conduct));
    return conduct;
}

/* At one of two hosts. */
static void a_host_s_section_says_what_went_wrong_there(void **state)
{
    (void)state;
    struct report_ledger ledger = {conduct_of("host-1.example"), NULL, {NULL, NULL, NULL}};
    struct report_options options = {.filter = no_filter, .ledger = &ledger};
    char *text = page_of(hosts(2), &options);
    const char *section = strstr(text, "id=\"n1\">host-1.example");

    assert_non_null(section);
    assert_int_equal(count_of(text, "<caption>What went wrong</caption>"), 1);
    const char *table = strstr(section, "<caption>What went wrong</caption>");
    assert_non_null(table);
    assert_non_null(strstr(table, "<b>refused, other-server</b> issued by another server of the "
                                  "host</th><td>1</td><td>-</td>"));
    assert_non_null(strstr(table, "<b>accepted-late</b> accepted after its lifetime hint was over; "
                                  "oldest 100 s past its hint of 5 min</th><td>1</td><td>1</td>"));
    assert_non_null(strstr(table, "<b>ticketbleed</b> "));
    assert_non_null(strstr(table, "<td>71</td></tr>"));
    free(text);
    report_ledger_clear(&ledger);
}

/* Only these characters could begin or end markup. */
static void hostile_names_are_text(void **state)
{
    (void)state;
    struct report_options options = {
        .filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, "</b><script>alert(1)</script>"}};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (size_t i = 0; hostile_text(i) != NULL; i++) {
        struct record record = summaries_full("x", "192.0.2.1", 10);
        record.host = records_text(hostile_text(i), strlen(hostile_text(i)));
        summaries_add(summary, &record);
    }
    char *text = page_of(summary, &options);
    assert_null(strstr(text, "<img"));
    assert_null(strstr(text, "\x1b"));
    assert_int_equal(count_of(text, "<script>"), 1);
    /* Its row, its heading, and the titles of its two pictures. */
    assert_int_equal(count_of(text, "&lt;img src=x onerror=alert(1)&gt;"), 4);
    free(text);
}

/* Numbers at their limits and names of any bytes: the sanitizers watch. */
static void records_of_a_damaged_database_make_a_page(void **state)
{
    (void)state;
    uint32_t seed = 5;

    for (int by = REPORT_BY_HOST; by <= REPORT_BY_DAY; by++) {
        struct report_options options = {.filter = no_filter, .by = (enum report_by)by};
        struct summary *summary = summaries_new(options.by);
        for (int i = 0; i < 60; i++) {
            struct record record = hostile_record(&seed);
            summaries_add(summary, &record);
        }
        char *text = page_of(summary, &options);
        assert_non_null(strstr(text, "</html>\n"));
        free(text);
    }
}

static void counts_have_narrow_spaces(void **state)
{
    (void)state;
    char text[FORMAT_BYTES];

    assert_string_equal(html_count(0, text), "0");
    assert_string_equal(html_count(999, text), "999");
    assert_string_equal(html_count(1000, text), "1\xe2\x80\xaf"
                                                "000");
    assert_string_equal(html_count(UINT64_MAX, text), "18\xe2\x80\xaf"
                                                      "446\xe2\x80\xaf"
                                                      "744\xe2\x80\xaf"
                                                      "073\xe2\x80\xaf"
                                                      "709\xe2\x80\xaf"
                                                      "551\xe2\x80\xaf"
                                                      "615");
}

static void a_bar_is_there_if_anything_is(void **state)
{
    (void)state;
    assert_int_equal(html_share(0, 10), 0);
    assert_int_equal(html_share(1, 0), 0);
    assert_int_equal(html_share(1, 1000000), 1);
    assert_int_equal(html_share(1, 3), 33);
    assert_int_equal(html_share(10, 10), 100);
}

/* b.example: 2 handshakes, none resumed; a.example: 3, one resumed of 2. By name a is first, by
 * lowest rate b; the page has a first. */
static void rules_hold_the_place_of_each_row_in_each_order(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct html_rules rules;

    summaries_add_full(summary, "b.example", "192.0.2.1", 20);
    summaries_add_full(summary, "b.example", "192.0.2.1", 20);
    summaries_add_full(summary, "b.example", "192.0.2.1", 20);
    summaries_add_full(summary, "a.example", "192.0.2.1", 30);
    summaries_add_resumed(summary, "a.example", "192.0.2.1", 10);
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    html_rules_make(&rules, summary);
    assert_true(rules.has_orders);
    assert_int_equal(rules.len, strlen(rules.text));
    assert_non_null(strstr(rules.text, "#by-rate:checked~.wide tbody tr{order:var(--r)}\n"));
    assert_non_null(strstr(rules.text, "#r0{--n:1;--r:0;--f:1;--s:1;--t:1}\n")); /* b.example */
    assert_non_null(strstr(rules.text, "#r1{--n:0;--r:1;--f:0;--s:0;--t:0}\n"));
    assert_non_null(strstr(rules.text, ".p100{--p:100%}"));
    html_rules_clear(&rules);
    summary_free(summary);
}

static void too_many_rows_are_in_one_order(void **state)
{
    (void)state;
    struct summary *summary = hosts(HTML_RULES_GROUPS_MAX + 1);
    struct html_rules rules;

    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    html_rules_make(&rules, summary);
    assert_false(rules.has_orders);
    assert_null(strstr(rules.text, "order:"));
    html_rules_clear(&rules);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_groups_have_a_row_and_fifty_a_section),
        cmocka_unit_test(top_says_how_many_have_a_section),
        cmocka_unit_test(hours_have_rows_and_no_sections),
        cmocka_unit_test(an_empty_period_is_a_page_that_says_so),
        cmocka_unit_test(what_could_still_be_saved_is_told),
        cmocka_unit_test(a_rate_that_changed_is_told_and_drawn),
        cmocka_unit_test(refusals_are_told_by_cause_with_their_times_and_examples),
        cmocka_unit_test(coverage_tells_what_is_likely_and_what_was_not_analysed),
        cmocka_unit_test(ticket_keys_are_drawn_over_time),
        cmocka_unit_test(a_host_s_section_says_what_went_wrong_there),
        cmocka_unit_test(hostile_names_are_text),
        cmocka_unit_test(records_of_a_damaged_database_make_a_page),
        cmocka_unit_test(counts_have_narrow_spaces),
        cmocka_unit_test(a_bar_is_there_if_anything_is),
        cmocka_unit_test(rules_hold_the_place_of_each_row_in_each_order),
        cmocka_unit_test(too_many_rows_are_in_one_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
