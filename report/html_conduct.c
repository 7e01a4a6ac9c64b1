#include "report/html_parts.h"
#include "report/sentences.h"

#include <inttypes.h>

/* The end of a row: when, and where to look. */
static void end_row(FILE *out, const struct occurrences *seen)
{
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fprintf(out, "<td><time>%s</time></td><td><time>%s</time></td>",
            format_second(seen->first_ns, first), format_second(seen->last_ns, last));
    html_examples(out, seen);
    fputs("</tr>\n", out);
}

/* what: of our own words. */
static void print_row(FILE *out, const char *what, const char *meaning,
                      const struct occurrences *seen)
{
    char count[FORMAT_BYTES];

    fprintf(out, "<tr><th scope=\"row\"><b>%s</b> %s</th><td>%s</td><td>-</td>", what, meaning,
            html_count(seen->count, count));
    end_row(out, seen);
}

static void print_refusals(FILE *out, const struct conduct_host *host)
{
    char what[FORMAT_BYTES];

    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (host->refusals[cause].count > 0) {
            (void)snprintf(what, sizeof(what), "refused, %s",
                           refusal_cause_name((enum refusal_cause)cause));
            print_row(out, what, html_cause_meaning((enum refusal_cause)cause),
                      &host->refusals[cause]);
        }
    }
}

static void print_findings(FILE *out, const struct conduct_host *host)
{
    char count[FORMAT_BYTES];

    for (int which = 0; which < CONDUCT_FINDINGS; which++) {
        const struct conduct_found *found = &host->findings[which];
        if (found->seen.count == 0) {
            continue;
        }
        struct text_sentence age = {0};
        sentences_conduct_age(found, (enum conduct_finding)which, &age);
        fprintf(out, "<tr><th scope=\"row\"><b>%s</b> %s%s%s</th>",
                conduct_finding_name((enum conduct_finding)which),
                conduct_finding_words((enum conduct_finding)which), age.text[0] == '\0' ? "" : "; ",
                age.text);
        fprintf(out, "<td>%s</td>", html_count(found->seen.count, count));
        fprintf(out, "<td>%s</td>", html_count(found->clients, count));
        end_row(out, &found->seen);
    }
}

static void print_faults(FILE *out, const struct conduct_host *host)
{
    for (int which = 0; which < CONDUCT_FAULTS; which++) {
        if (host->faults[which].count > 0) {
            print_row(out, conduct_fault_name((enum conduct_fault)which),
                      conduct_fault_words((enum conduct_fault)which), &host->faults[which]);
        }
    }
}

void html_conduct(const struct html_page *page, const struct html_group *group)
{
    struct conduct_host host;

    if (page->ledger == NULL || page->ledger->conduct == NULL ||
        !conduct_find(page->ledger->conduct, group->name, group->name_len, &host)) {
        return;
    }
    html_table_begin(page, "causes", "What went wrong");
    fputs("<thead><tr><th scope=\"col\">What</th><th scope=\"col\">Number</th>"
          "<th scope=\"col\">Clients</th><th scope=\"col\">First</th><th scope=\"col\">Last</th>"
          "<th scope=\"col\">Examples</th></tr></thead>\n<tbody>\n",
          page->out);
    print_refusals(page->out, &host);
    print_findings(page->out, &host);
    print_faults(page->out, &host);
    fputs("</tbody>\n", page->out);
    html_table_end(page);
}
