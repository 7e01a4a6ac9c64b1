/* Advice about hosts of a summary: whose, in which order, and as every format prints it. */
#include "report/advice.h"
#include "report/formats.h"
#include "report/text_advice.h"
#include "tests/report/hostile.h"
#include "tests/report/paper.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {7};

struct advised {
    struct summary *summary;
    struct host_counts_table *counts;
    struct advice *advice;
};

static void begin(struct advised *advised)
{
    advised->summary = summaries_new(REPORT_BY_HOST);
    advised->counts = host_counts_table_new(key);
    assert_non_null(advised->counts);
}

static void add(struct advised *advised, const struct record *record)
{
    summaries_add(advised->summary, record);
    assert_true(host_counts_table_add(advised->counts, record));
}

/* So many full handshakes of a host, a minute between them, and as many resumed ones. */
static void add_refused(struct advised *advised, struct wire_text host, enum refusal_cause cause,
                        int count)
{
    for (int i = 0; i < count; i++) {
        struct record full = summaries_full("x", "192.0.2.1", 61);
        struct record resumed = summaries_resumed("x", "192.0.2.1", 20);
        full.host = host;
        full.refusal_cause = cause;
        full.handshake.offered = OFFER_TICKET;
        full.handshake.outcome = OUTCOME_REFUSED;
        full.handshake.issued_ticket.is_set = true;
        full.handshake.lifetime_hint_s = 7200;
        full.handshake.time_ns += 60 * records_s * i;
        resumed.host = host;
        add(advised, &full);
        add(advised, &resumed);
    }
}

static struct wire_text named(const char *name)
{
    return records_text(name, strlen(name));
}

static void make(struct advised *advised, enum report_sort sort)
{
    assert_true(summary_finish(advised->summary, sort));
    advised->advice = advice_new(advised->summary, advised->counts);
    assert_non_null(advised->advice);
}

static void add_key(struct advised *advised, const char *host, const char *server, int64_t number)
{
    const struct key_use_record use = {
        .key = number,
        .host = records_text(host, strlen(host)),
        .server = records_endpoint(server, 443),
        .first_seen_ns = records_start_ns,
        .last_seen_ns = records_start_ns + 3600 * records_s,
        .issued_count = 20,
        .warnings = number == 9 ? 1U << TICKET_WARNING_ZERO_NAME : 0,
    };
    assert_true(advice_add_key(advised->advice, &use));
}

static void end(struct advised *advised)
{
    advice_free(advised->advice);
    host_counts_table_free(advised->counts);
    summary_free(advised->summary);
}

static void check_finding(const struct advised *advised, size_t i, const char *host,
                          const char *rule)
{
    struct advice_finding finding;
    const struct advice_host *of = advice_at(advised->advice, i, &finding);

    assert_int_equal(of->name_len, strlen(host));
    assert_memory_equal(of->name, host, of->name_len);
    assert_string_equal(finding.rule, rule);
}

/* 41 ms are gained by each refusal: 40 of them are more than 20. The keys' hosts come by name. */
static void what_gains_most_comes_first(void **state)
{
    (void)state;
    struct advised advised;

    begin(&advised);
    add_refused(&advised, named("b"), REFUSAL_CAUSE_KEY_CHANGED, 20);
    add_refused(&advised, named("a"), REFUSAL_CAUSE_KEY_CHANGED, 40);
    make(&advised, REPORT_SORT_NAME);
    add_key(&advised, "a", "192.0.2.7", 9);
    add_key(&advised, "b", "192.0.2.7", 1);
    add_key(&advised, "b", "192.0.2.8", 2);
    add_key(&advised, "stranger", "192.0.2.8", 9);
    assert_true(advice_finish(advised.advice));
    assert_int_equal(advice_count(advised.advice), 3);
    check_finding(&advised, 0, "a", "keep-old-keys");
    check_finding(&advised, 1, "b", "share-ticket-key");
    check_finding(&advised, 2, "a", "zero-key-name");
    assert_int_equal(advice_hosts_left_out(advised.advice), 0);
    end(&advised);
}

/* The hint is 2 h: 4 h and a second are past its double, 4 h are not. */
static void long_lived_sessions_are_counted_from_twice_the_hint_on(void **state)
{
    (void)state;
    for (int64_t age_s = 14400; age_s <= 14401; age_s++) {
        struct advised advised;
        begin(&advised);
        for (int i = 0; i < 30; i++) {
            struct record resumed = summaries_resumed("a", "192.0.2.1", 20);
            resumed.age_s = age_s;
            resumed.handshake.issued_ticket.is_set = true;
            resumed.handshake.lifetime_hint_s = 7200;
            add(&advised, &resumed);
        }
        make(&advised, REPORT_SORT_NAME);
        assert_true(advice_finish(advised.advice));
        assert_int_equal(advice_count(advised.advice), age_s == 14401 ? 1 : 0);
        end(&advised);
    }
}

static void only_the_busiest_hosts_are_advised(void **state)
{
    (void)state;
    struct advised advised;
    char name[16];

    begin(&advised);
    for (int i = 0; i < ADVICE_HOSTS; i++) {
        (void)snprintf(name, sizeof(name), "host%d", i);
        add_refused(&advised, named(name), REFUSAL_CAUSE_NEVER_SEEN, 1);
    }
    add_refused(&advised, named("zz-busy"), REFUSAL_CAUSE_OTHER_SERVER, 30);
    make(&advised, REPORT_SORT_NAME);
    assert_true(advice_finish(advised.advice));
    assert_int_equal(advice_hosts_left_out(advised.advice), 1);
    assert_int_equal(advice_count(advised.advice), 1);
    check_finding(&advised, 0, "zz-busy", "share-sessions");
    end(&advised);
}

typedef void summary_writer(FILE *out, const struct summary *summary,
                            const struct report_options *options);

static void check_written(const struct advised *advised, summary_writer *write, const char *name)
{
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL},
                                     .advice = advised->advice};
    struct paper paper;

    open_paper(&paper);
    write(paper.stream, advised->summary, &options);
    close_paper(&paper, name);
}

static void advice_is_as_written_down(void **state)
{
    (void)state;
    struct advised advised;
    const struct wire_text hostile = records_text("<b>|`\x1b[2J\xe2\x80\xae", 11);

    begin(&advised);
    add_refused(&advised, named("api.example"), REFUSAL_CAUSE_OTHER_SERVER, 40);
    add_refused(&advised, named("www.example"), REFUSAL_CAUSE_KEY_CHANGED, 30);
    add_refused(&advised, hostile, REFUSAL_CAUSE_EXPIRED, 30);
    make(&advised, REPORT_SORT_HANDSHAKES);
    add_key(&advised, "api.example", "192.0.2.7", 1);
    add_key(&advised, "api.example", "192.0.2.8", 2);
    add_key(&advised, "www.example", "192.0.2.9", 9);
    assert_true(advice_finish(advised.advice));
    check_written(&advised, text_advice, "report-advice.txt");
    check_written(&advised, json_summary, "report-advice.json");
    check_written(&advised, markdown_summary, "report-advice.md");
    check_written(&advised, html_summary, "report-advice.html");
    end(&advised);
}

/* Of a hundred and one hosts a hundred are; each has a name that no markup comes out of. */
static void page_advises_on_what_gains_most(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct advised advised;
    char name[32];
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    begin(&advised);
    for (int i = 0; i < 101; i++) {
        (void)snprintf(name, sizeof(name), "<i>%03d&\"", i);
        add_refused(&advised, named(name), REFUSAL_CAUSE_EXPIRED, i == 7 ? 30 : 31);
    }
    make(&advised, REPORT_SORT_HANDSHAKES);
    assert_true(advice_finish(advised.advice));
    options.advice = advised.advice;
    html_summary(out, advised.summary, &options);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "<li><a href=\"#advice\">Advice</a></li>"));
    assert_non_null(
        strstr(text, "<dt>&lt;i&gt;006&amp;&quot;</dt>\n<dd><b>Certain:</b> 50.0 % of"));
    assert_null(strstr(text, "<dt>&lt;i&gt;007&amp;"));
    assert_null(strstr(text, "<i>"));
    assert_non_null(strstr(text, "<p>1 further finding has less to gain"));
    free(text);
    end(&advised);
}

static void page_without_advice_has_no_word_of_it(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct advised advised;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    begin(&advised);
    add_refused(&advised, named("a.example"), REFUSAL_CAUSE_EXPIRED, 10);
    make(&advised, REPORT_SORT_HANDSHAKES);
    assert_true(advice_finish(advised.advice));
    options.advice = advised.advice;
    html_summary(out, advised.summary, &options);
    text_summary(out, advised.summary, &options);
    assert_int_equal(fclose(out), 0);
    assert_null(strstr(text, "#advice"));
    assert_null(strstr(text, "Advice"));
    assert_null(strstr(text, "ADVICE"));
    free(text);
    end(&advised);
}

/* 21 hosts with a finding each; of those with the least to gain the last by name. */
static void text_advises_on_what_gains_most(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct advised advised;
    char name[32];
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    begin(&advised);
    for (int i = 0; i <= ADVICE_TEXT_MAX; i++) {
        (void)snprintf(name, sizeof(name), "host%03d", i);
        add_refused(&advised, named(name), REFUSAL_CAUSE_EXPIRED, 30);
    }
    make(&advised, REPORT_SORT_HANDSHAKES);
    assert_true(advice_finish(advised.advice));
    options.advice = advised.advice;
    text_advice(out, advised.summary, &options);
    markdown_summary(out, advised.summary, &options);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "host019\ncertain "));
    assert_null(strstr(text, "host020\ncertain "));
    assert_non_null(strstr(text, "\n1 further finding has less to gain: the JSON report"));
    assert_non_null(strstr(text, "- `host019` (certain)"));
    assert_null(strstr(text, "- `host020` (certain)"));
    free(text);
    end(&advised);
}

/* Of two hosts the first one is shown. */
static void hosts_that_are_not_shown_are_not_advised_about(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}, .top = 1};
    struct advised advised;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    begin(&advised);
    add_refused(&advised, named("one.example"), REFUSAL_CAUSE_OTHER_SERVER, 40);
    add_refused(&advised, named("two.example"), REFUSAL_CAUSE_OTHER_SERVER, 30);
    make(&advised, REPORT_SORT_HANDSHAKES);
    assert_true(advice_finish(advised.advice));
    options.advice = advised.advice;
    text_summary(out, advised.summary, &options);
    json_summary(out, advised.summary, &options);
    markdown_summary(out, advised.summary, &options);
    assert_int_equal(fclose(out), 0);
    assert_non_null(strstr(text, "ADVICE\none.example\n"));
    assert_null(strstr(text, "two.example"));
    free(text);
    end(&advised);
}

/* Characters of a line, none of them a control character. */
static size_t columns_of(const char *line, size_t len)
{
    size_t columns = 0;

    for (size_t i = 0; i < len; i++) {
        const unsigned char byte = (unsigned char)line[i];
        assert_true(byte >= 0x20 && byte != 0x7f);
        columns += (byte & 0xc0) != 0x80;
    }
    return columns;
}

static void hostile_hosts_keep_to_the_page(void **state)
{
    (void)state;
    struct report_options options = {.filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL}};
    struct advised advised;
    uint32_t seed = 5;
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    begin(&advised);
    for (int i = 0; i < 50; i++) {
        add_refused(&advised, hostile_name(&seed), REFUSAL_CAUSE_OTHER_SERVER, 30);
    }
    make(&advised, REPORT_SORT_HANDSHAKES);
    assert_true(advice_finish(advised.advice));
    options.advice = advised.advice;
    text_summary(out, advised.summary, &options);
    assert_int_equal(fclose(out), 0);
    const char *line = strstr(text, "ADVICE\n");
    assert_non_null(line);
    for (; *line != '\0'; line += strcspn(line, "\n") + 1) {
        assert_in_range(columns_of(line, strcspn(line, "\n")), 0, 80);
    }
    free(text);
    end(&advised);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_gains_most_comes_first),
        cmocka_unit_test(long_lived_sessions_are_counted_from_twice_the_hint_on),
        cmocka_unit_test(only_the_busiest_hosts_are_advised),
        cmocka_unit_test(advice_is_as_written_down),
        cmocka_unit_test(text_advises_on_what_gains_most),
        cmocka_unit_test(page_advises_on_what_gains_most),
        cmocka_unit_test(page_without_advice_has_no_word_of_it),
        cmocka_unit_test(hosts_that_are_not_shown_are_not_advised_about),
        cmocka_unit_test(hostile_hosts_keep_to_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
