#include "app/nothing_found.h"

#include "report/escape.h"
#include "report/format.h"

#include <string.h>

/* In the first period with a handshake, or else in the last one. */
static bool find(struct query *query, const struct report_options *report, struct query_found *out,
                 struct error *error)
{
    struct query_filter filter = report->filter;

    if (report->period_count == 0) {
        return query_find(query, &filter, out, error);
    }
    for (unsigned i = 0; i < report->period_count; i++) {
        filter.since_ns = report->periods[i].since_ns;
        filter.until_ns = report->periods[i].until_ns;
        if (!query_find(query, &filter, out, error)) {
            return false;
        }
        if (out->presence == PRESENCE_SOME) {
            return true;
        }
    }
    return true;
}

static void print_hosts(const struct report_options *report, FILE *said)
{
    if (report->filter.host_glob != NULL) {
        fputs(" of hosts like ", said);
        escape_terminal(said, report->filter.host_glob, strlen(report->filter.host_glob));
    }
}

static void print_reason(const struct report_options *report, const struct query_found *found,
                         FILE *said)
{
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    switch (found->presence) {
    case PRESENCE_SOME:
        break;
    case PRESENCE_NO_HANDSHAKE:
        fputs("it holds no handshakes", said);
        break;
    case PRESENCE_NO_HOST:
        fputs("no host is like ", said);
        escape_terminal(said, report->filter.host_glob, strlen(report->filter.host_glob));
        break;
    case PRESENCE_NOT_THEN:
        fputs("no handshakes", said);
        print_hosts(report, said);
        fprintf(said, " in %s; it holds some from %s to %s",
                report->period_count == 0 ? "this period" : "these periods",
                format_second(found->first_ns, first), format_second(found->last_ns, last));
        break;
    }
}

bool nothing_found_tell(struct query *query, const struct settings *settings, FILE *said,
                        struct error *error)
{
    struct query_found found;

    if (!find(query, &settings->report, &found, error)) {
        return false;
    }
    if (found.presence != PRESENCE_SOME) {
        fprintf(said, "reprise: %s: ", settings->database);
        print_reason(&settings->report, &found, said);
        fputc('\n', said);
    }
    return true;
}
