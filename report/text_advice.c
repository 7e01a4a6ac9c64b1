#include "report/text_advice.h"

#include "report/advice.h"
#include "report/escape.h"
#include "report/text_page.h"

/* One host may have several findings in a row. */
static void print_host(FILE *out, const struct advice_host *host)
{
    if (host->name_len == 0) {
        fputs("(not known)", out);
    } else {
        (void)escape_terminal_cut(out, host->name, host->name_len, TEXT_PAGE_COLUMNS);
    }
    fputc('\n', out);
}

static void print_method(FILE *out, const struct advice *advice, size_t further)
{
    struct text_sentence method = {0};

    advice_method(advice, further, &method);
    fputc('\n', out);
    text_page_paragraph(out, &method);
}

void text_advice(FILE *out, const struct summary *summary, const struct report_options *options)
{
    const size_t shown = formats_shown(summary, options);
    const struct advice_host *before = NULL;
    struct advice_finding finding;
    size_t found = 0;

    for (size_t i = 0; i < advice_count(options->advice); i++) {
        const struct advice_host *host = advice_at(options->advice, i, &finding);
        if (host->place >= shown || found++ >= ADVICE_TEXT_MAX) {
            continue;
        }
        if (before == NULL) {
            text_page_heading(out, "ADVICE", options->use_color);
        }
        if (host != before) {
            print_host(out, host);
        }
        text_page_row(out, advice_certainty_name(finding.certainty), &finding.sentence);
        before = host;
    }
    if (found > 0) {
        print_method(out, options->advice, found > ADVICE_TEXT_MAX ? found - ADVICE_TEXT_MAX : 0);
    }
}
