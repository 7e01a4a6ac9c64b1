#include "report/markdown_conduct.h"

#include "report/escape.h"
#include "report/sentences.h"

#include <inttypes.h>

static void print_name(FILE *out, const struct conduct_host *host)
{
    fputs("| ", out);
    if (host->name_len == 0) {
        fputs("(not known)", out);
    } else {
        escape_markdown(out, host->name, host->name_len);
    }
    fputs(" |", out);
}

static void print_seen(FILE *out, const struct occurrences *seen)
{
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fprintf(out, " %s | %s |", format_second(seen->first_ns, first),
            format_second(seen->last_ns, last));
    for (size_t i = 0; i < occurrences_examples(seen); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : " ", seen->examples[i]);
    }
    fputs(" |\n", out);
}

static size_t shown_of(size_t hosts, unsigned top)
{
    const size_t most = top > 0 ? top : MARKDOWN_CONDUCT_HOSTS;

    return hosts < most ? hosts : most;
}

static void print_not_shown(FILE *out, size_t hosts, size_t shown)
{
    if (shown < hosts) {
        fprintf(out, "\n%zu more host%s: `--format json` has all.\n", hosts - shown,
                hosts - shown == 1 ? "" : "s");
    }
}

static void print_refusals(FILE *out, const struct conduct *conduct, size_t hosts, unsigned top)
{
    const size_t shown = shown_of(hosts, top);
    struct conduct_host host;

    fputs("\n| host | refused |", out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        fprintf(out, " %s |", refusal_cause_name((enum refusal_cause)cause));
    }
    fputs("\n|---|--:|", out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        fputs("--:|", out);
    }
    fputc('\n', out);
    for (size_t place = 0; place < shown; place++) {
        conduct_host(conduct, place, &host);
        print_name(out, &host);
        fprintf(out, " %" PRIu64 " |", host.refused);
        for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
            fprintf(out, " %" PRIu64 " |", host.refusals[cause].count);
        }
        fputc('\n', out);
    }
    print_not_shown(out, hosts, shown);
}

static void print_faults_of(FILE *out, const struct conduct_host *host)
{
    for (int which = 0; which < CONDUCT_FAULTS; which++) {
        if (host->faults[which].count > 0) {
            print_name(out, host);
            fprintf(out, " %s: %s | %" PRIu64 " |", conduct_fault_name((enum conduct_fault)which),
                    conduct_fault_words((enum conduct_fault)which), host->faults[which].count);
            print_seen(out, &host->faults[which]);
        }
    }
}

static void print_faults(FILE *out, const struct conduct *conduct, size_t hosts, unsigned top)
{
    const size_t most = shown_of(hosts, top);
    struct conduct_host host;
    size_t shown = 0;

    fputs("\n## Server anomalies\n\n| host | anomaly | handshakes | first | last | examples (id) "
          "|\n|---|---|--:|--:|--:|---|\n",
          out);
    for (size_t place = 0; place < conduct_hosts(conduct) && shown < most; place++) {
        conduct_host(conduct, place, &host);
        print_faults_of(out, &host);
        shown += host.faulty > 0;
    }
    print_not_shown(out, hosts, most);
}

void markdown_conduct_report(FILE *out, const struct conduct *conduct,
                             const struct report_options *options)
{
    struct conduct_totals totals;

    conduct_totals(conduct, &totals);
    if (totals.refusing > 1) {
        print_refusals(out, conduct, totals.refusing, options->top);
    }
    if (totals.faulty > 0) {
        print_faults(out, conduct, totals.faulty, options->top);
    }
}

static void print_age(FILE *out, int64_t seconds)
{
    if (seconds == HANDSHAKE_NULL) {
        fputs(" - |", out);
    } else {
        fprintf(out, " %" PRId64 " |", seconds);
    }
}

static void print_findings_of(FILE *out, const struct conduct_host *host)
{
    for (int which = 0; which < CONDUCT_FINDINGS; which++) {
        const struct conduct_found *found = &host->findings[which];
        if (found->seen.count > 0) {
            print_name(out, host);
            fprintf(out, " %s | %" PRIu64 " | %" PRIu64 " |",
                    conduct_finding_name((enum conduct_finding)which), found->seen.count,
                    found->clients);
            print_age(out, found->age_s);
            print_age(out, found->hint_s);
            print_seen(out, &found->seen);
        }
    }
}

void markdown_conduct(FILE *out, const struct conduct *conduct, struct formats_state *state)
{
    struct text_sentence method = {0};
    struct conduct_host host;

    (void)state;
    if (conduct_hosts(conduct) == 0) {
        return;
    }
    fputs(
        "\n## Conduct\n\n| host | what | offers | clients | age, s | its hint, s | first | last | "
        "examples (id) |\n|---|---|--:|--:|--:|--:|--:|--:|---|\n",
        out);
    for (size_t place = 0; place < conduct_hosts(conduct); place++) {
        conduct_host(conduct, place, &host);
        print_findings_of(out, &host);
    }
    sentences_conduct(&method);
    fprintf(out, "\n%s\n", method.text);
}
