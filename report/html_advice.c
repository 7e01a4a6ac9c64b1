#include "report/advice.h"
#include "report/html_parts.h"

/* One host may have several findings in a row. */
static void print_finding(const struct html_page *page, size_t i, const struct advice_host **before)
{
    struct advice_finding finding;
    const struct advice_host *host = advice_at(page->options->advice, i, &finding);

    if (host != *before) {
        fputs("<dt>", page->out);
        html_name(page->out, host->name, host->name_len);
        fputs("</dt>\n", page->out);
    }
    fprintf(page->out, "<dd><b>%s:</b> %s</dd>\n",
            finding.certainty == ADVICE_CERTAIN ? "Certain" : "Likely", finding.sentence.text);
    *before = host;
}

static void print_findings(const struct html_page *page, size_t count)
{
    const struct advice_host *before = NULL;

    fputs("<dl>\n", page->out);
    for (size_t i = 0; i < count; i++) {
        print_finding(page, i, &before);
    }
    fputs("</dl>\n", page->out);
}

void html_advice(const struct html_page *page)
{
    const size_t count = advice_count(page->options->advice);
    const size_t shown = count < ADVICE_HTML_MAX ? count : ADVICE_HTML_MAX;
    struct text_sentence method = {0};

    if (count == 0) {
        return;
    }
    fputs("<section id=\"advice\" aria-labelledby=\"advice-heading\">\n"
          "<h2 id=\"advice-heading\">Advice</h2>\n<div class=\"method\">\n",
          page->out);
    print_findings(page, shown);
    advice_method(page->options->advice, count - shown, &method);
    fprintf(page->out, "<p>%s</p>\n</div>\n</section>\n", method.text);
}
