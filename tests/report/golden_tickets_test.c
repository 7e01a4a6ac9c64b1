/* `reprise tickets` of a fixed set of records, byte for byte; as in golden_test.c. */
#include "tests/report/paper.h"
#include "tests/report/records.h"
#include "tests/report/summaries.h"

#include "report/formats.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void write_host(const struct formats_sessions *writer, FILE *out, size_t from, size_t to,
                       struct formats_state *state)
{
    struct session_record first = records_golden_session(from);
    struct host_sessions host;
    struct chains chains = {NULL};

    host_sessions_init(&host, &first.host);
    writer->begin_host(out, &first.host, state);
    for (size_t i = from; i < to; i++) {
        struct session_record session = records_golden_session(i);
        host_sessions_add(&host, &session);
        assert_true(chains_add(&chains, &session));
        writer->session(out, &session, i == from);
    }
    chains_finish(&chains, &host.chains);
    writer->end_host(out, &host, state);
    chains_clear(&chains);
}

static void write_keys(const struct formats_sessions *writer, FILE *out,
                       struct formats_state *state)
{
    struct report_keys keys = summaries_golden_keys();

    writer->keys(out, &keys, state);
    report_keys_clear(&keys);
}

static void write_conduct(const struct formats_sessions *writer, FILE *out,
                          struct formats_state *state)
{
    struct conduct *conduct = summaries_golden_conduct(false);

    if (writer->conduct != NULL) {
        writer->conduct(out, conduct, state);
    }
    conduct_free(conduct);
}

static void write_mechanisms(const struct formats_sessions *writer, FILE *out,
                             struct formats_state *state)
{
    struct mechanisms *mechanisms = summaries_golden_mechanisms();

    if (writer->mechanisms != NULL) {
        writer->mechanisms(out, mechanisms, state);
    }
    mechanisms_free(mechanisms);
}

static void check_sessions(const struct formats_sessions *writer, unsigned columns,
                           const char *name)
{
    struct formats_state state = {.columns = columns};
    struct paper paper;

    open_paper(&paper);
    writer->begin(paper.stream, &state);
    write_host(writer, paper.stream, 0, 3, &state);
    write_host(writer, paper.stream, 3, 5, &state);
    write_host(writer, paper.stream, 5, 6, &state);
    write_conduct(writer, paper.stream, &state);
    write_keys(writer, paper.stream, &state);
    write_mechanisms(writer, paper.stream, &state);
    writer->end(paper.stream, &state);
    close_paper(&paper, name);
}

static void tickets_are_as_written_down(void **state)
{
    (void)state;
    check_sessions(&text_sessions, 80, "tickets.txt");
    check_sessions(&text_sessions, 100, "tickets-100.txt");
    check_sessions(&text_sessions, 140, "tickets-140.txt");
    check_sessions(&json_sessions, 0, "tickets.json");
    check_sessions(&csv_sessions, 0, "tickets.csv");
    check_sessions(&markdown_sessions, 0, "tickets.md");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tickets_are_as_written_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
