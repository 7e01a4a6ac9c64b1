/* Whatever a packet held, what Prometheus is given is valid, and no host has a label that was not
 * asked for. */
#include "tests/report/exposition.h"
#include "tests/report/hostile.h"
#include "tests/report/summaries.h"

#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const struct query_filter everything = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

/* To be freed. */
static char *written(const struct summary *summary, enum report_by by, unsigned top)
{
    struct report_options options = {.filter = everything, .by = by, .top = top};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    assert_non_null(out);
    prometheus_summary(out, summary, &options);
    assert_int_equal(fclose(out), 0);
    return text;
}

static size_t checked(const char *text)
{
    size_t samples;
    const char *fault = exposition_fault(text, &samples);

    if (fault != NULL) {
        fail_msg("%s in:\n%s", fault, text);
    }
    return samples;
}

static size_t times_in(const char *text, const char *words)
{
    size_t count = 0;

    while ((text = strstr(text, words)) != NULL) {
        count++;
        text++;
    }
    return count;
}

static void check_fault(const char *text, const char *wanted)
{
    size_t samples;
    const char *fault = exposition_fault(text, &samples);

    assert_non_null(fault);
    assert_string_equal(fault, wanted);
}

#define HEAD "# HELP a_total Words.\n# TYPE a_total counter\n"

static void the_checker_refuses_what_is_not_valid(void **state)
{
    (void)state;
    size_t samples;

    assert_null(exposition_fault(HEAD "a_total{x=\"\\\\ \\\" \\n\"} 1.5e3\na_total 0\n", &samples));
    assert_int_equal(samples, 2);
    check_fault(HEAD "a_total 1", "the last line does not end");
    check_fault("a_total 1\n", "a sample apart from its HELP and TYPE");
    check_fault(HEAD "b_total 1\n", "a sample apart from its HELP and TYPE");
    check_fault("# HELP a_total Words.\na_total 1\n", "a sample apart from its HELP and TYPE");
    check_fault("# TYPE a_total counter\n", "TYPE without its HELP before it");
    check_fault(HEAD "# TYPE a_total counter\n", "TYPE without its HELP before it");
    check_fault(HEAD "a_total 1\n" HEAD, "a metric at two places");
    check_fault("# HELP a_total \n", "HELP without name or words");
    check_fault("# HELP a W.\n# TYPE a counter\n", "_total belongs to counters");
    check_fault("# HELP a_total W.\n# TYPE a_total gauge\n", "_total belongs to counters");
    check_fault("# HELP a W.\n# TYPE a histogram\n", "a type that is neither counter nor gauge");
    check_fault(HEAD "a_total{x=\"1\"} 1\na_total{x=\"1\"} 2\n", "a series that is there twice");
    check_fault(HEAD "a_total{x=\"\\x\"} 1\n",
                "a label's value that does not end, or a wrong escape in it");
    check_fault(HEAD "a_total{x=\"1} 1\n",
                "a label's value that does not end, or a wrong escape in it");
    check_fault(HEAD "a_total{1=\"\"} 1\n", "a label without name or value");
    check_fault(HEAD "a_total{x=\"1\" 1\n", "labels that do not end");
    check_fault(HEAD "a_total\n", "no space before the number");
    check_fault(HEAD "a_total nan\n", "a number that is none");
    check_fault(HEAD "a_total 1 1700000000\n", "a number that is none");
    check_fault(HEAD "a_total -1\n", "a counter below 0");
    check_fault(HEAD "\n", "a sample apart from its HELP and TYPE");
    check_fault(HEAD "a_total{x=\"\t\"} 1\n", "a control character");
    check_fault(HEAD "a_total{x=\"\xff\"} 1\n", "not UTF-8");
    check_fault(HEAD "a_total{x=\"\xc3\"} 1\n", "not UTF-8");
}

static struct summary *hostile_summary(enum report_by by)
{
    struct summary *summary = summaries_new(by);
    uint32_t seed = 21;

    for (int i = 0; i < 120; i++) {
        struct record record = hostile_record(&seed);
        summaries_add(summary, &record);
    }
    for (size_t i = 0; hostile_text(i) != NULL; i++) {
        struct record record = summaries_resumed("x", "192.0.2.1", 10);
        record.host = records_text(hostile_text(i), strlen(hostile_text(i)));
        summaries_add(summary, &record);
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static void any_summary_is_valid_with_labels_and_without(void **state)
{
    (void)state;
    for (int by = REPORT_BY_HOST; by <= REPORT_BY_DAY; by++) {
        struct summary *summary = hostile_summary((enum report_by)by);
        char *all = written(summary, (enum report_by)by, 0);
        char *top = written(summary, (enum report_by)by, 1000);
        assert_true(checked(all) > 30);
        assert_true(checked(top) > checked(all));
        free(all);
        free(top);
        summary_free(summary);
    }
}

static void no_host_has_a_label_unless_asked_for(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    static const char *const hosts[] = {"a.example", "b.example", "c.example"};

    for (size_t i = 0; i < 3; i++) {
        for (size_t times = 0; times < 3 - i; times++) {
            summaries_add_full(summary, hosts[i], "192.0.2.1", 10);
        }
    }
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    char *text = written(summary, REPORT_BY_HOST, 0);
    (void)checked(text);
    assert_int_equal(times_in(text, "example"), 0);
    assert_int_equal(times_in(text, "host"), 0);
    assert_int_equal(times_in(text, "reprise_handshakes_total{verdict=\"full\"} 6\n"), 1);
    free(text);
    text = written(summary, REPORT_BY_HOST, 2);
    (void)checked(text);
    assert_int_equal(times_in(text, "c.example"), 0);
    assert_int_equal(
        times_in(text, "reprise_host_handshakes_total{host=\"a.example\",verdict=\"full\"} 3\n"),
        1);
    assert_int_equal(
        times_in(text, "reprise_host_handshakes_total{host=\"b.example\",verdict=\"full\"} 2\n"),
        1);
    assert_int_equal(times_in(text, "reprise_handshakes_total{verdict=\"full\"} 6\n"), 1);
    free(text);
    summary_free(summary);
}

static void labels_name_what_the_groups_are(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_CLIENT);

    summaries_add_full(summary, "a.example", "192.0.2.1", 10);
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    char *text = written(summary, REPORT_BY_CLIENT, 1);
    assert_int_equal(
        times_in(text,
                 "reprise_client_handshakes_total{client=\"192.0.2.1\",verdict=\"full\"} 1\n"),
        1);
    free(text);
    summary_free(summary);
}

static void what_is_not_known_is_not_there(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    char *text = written(summary, REPORT_BY_HOST, 3);
    (void)checked(text);
    assert_int_equal(times_in(text, "reprise_handshakes_total{verdict=\"full\"} 0\n"), 1);
    assert_int_equal(times_in(text, "resumption_ratio"), 0);
    assert_int_equal(times_in(text, "median"), 0);
    assert_int_equal(times_in(text, "packets"), 0);
    assert_int_equal(times_in(text, "timestamp"), 0);
    free(text);
    summary_free(summary);
}

static void durations_are_seconds(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a.example", "192.0.2.1", 61.25);
    assert_true(summary_finish(summary, REPORT_SORT_HANDSHAKES));
    char *text = written(summary, REPORT_BY_HOST, 0);
    assert_int_equal(
        times_in(text, "reprise_handshake_median_seconds{handshake=\"full\"} 0.061250\n"), 1);
    free(text);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_checker_refuses_what_is_not_valid),
        cmocka_unit_test(any_summary_is_valid_with_labels_and_without),
        cmocka_unit_test(no_host_has_a_label_unless_asked_for),
        cmocka_unit_test(labels_name_what_the_groups_are),
        cmocka_unit_test(what_is_not_known_is_not_there),
        cmocka_unit_test(durations_are_seconds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
