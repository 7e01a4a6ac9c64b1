#include "report/html_chart.h"
#include "report/html_parts.h"

static void begin(const struct html_page *page, const char *caption, const char *head)
{
    html_table_begin(page, "bars", caption);
    fprintf(page->out,
            "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">Number</th>"
            "<th scope=\"col\">Share</th></tr></thead>\n<tbody>\n",
            head);
}

static void end(const struct html_page *page)
{
    fputs("</tbody>\n", page->out);
    html_table_end(page);
}

/* class_name: of the row, which may stand below another as a part of it; "": none. */
static void print_row(const struct html_page *page, const char *words, uint64_t count, uint64_t all)
{
    char number[FORMAT_BYTES];
    char rate[FORMAT_BYTES];
    const unsigned share = html_share(count, all);

    fprintf(page->out, "<tr><th scope=\"row\">%s</th><td>%s</td>", words,
            html_count(count, number));
    if (share > 0) {
        fprintf(page->out, "<td class=\"p%u\">%s</td></tr>\n", share,
                format_rate((double)count / (double)all, rate));
    } else {
        fputs("<td>-</td></tr>\n", page->out);
    }
}

void html_verdicts(const struct html_page *page, const struct html_group *group)
{
    static const struct {
        enum verdict verdict;
        const char *words;
    } rows[] = {
        {VERDICT_FULL, "full"},
        {VERDICT_RESUMED_ID, "resumed by session ID"},
        {VERDICT_RESUMED_TICKET, "resumed by ticket"},
        {VERDICT_RESUMED_PSK, "resumed by PSK (TLS 1.3)"},
        {VERDICT_FAILED, "failed"},
        {VERDICT_UNKNOWN, "unknown"},
    };

    begin(page, "What the handshakes were", "Verdict");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_row(page, rows[i].words, group->figures.verdicts[rows[i].verdict],
                  group->figures.handshakes);
    }
    end(page);
}

void html_offers(const struct html_page *page, const struct html_group *group)
{
    static const struct {
        enum outcome outcome;
        const char *words;
    } rows[] = {
        {OUTCOME_ACCEPTED, "accepted"},
        {OUTCOME_REFUSED, "refused"},
        {OUTCOME_NOT_APPLICABLE, "not applicable to the version"},
        {OUTCOME_FAILED, "failed"},
        {OUTCOME_NONE, "nothing offered"},
        {OUTCOME_UNKNOWN, "unknown"},
    };

    begin(page, "What became of sessions offered", "Offer");
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        print_row(page, rows[i].words, group->figures.outcomes[rows[i].outcome],
                  group->figures.handshakes);
    }
    end(page);
}
