#include "report/advice.h"
#include "report/escape.h"
#include "report/formats.h"
#include "report/html/assets.h"
#include "report/html_chart.h"
#include "report/html_parts.h"

#include "base/digest.h"

#include <string.h>

static void print_bytes(FILE *out, const void *bytes, size_t len)
{
    (void)fwrite(bytes, 1, len, out);
}

static void print_source(FILE *out, const void *block, size_t len)
{
    char hash[DIGEST_TEXT_BYTES];

    digest_sha256(block, len, hash);
    fprintf(out, " 'sha256-%s'", hash);
}

/* Nothing may be loaded, nothing run or styled but the blocks below, by their hashes (W3C Content
 * Security Policy Level 3, 2.3.1): what a name could smuggle in would stay dead. */
static void print_policy(FILE *out, const struct html_rules *rules)
{
    fputs("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; base-uri "
          "'none'; form-action 'none'; style-src",
          out);
    print_source(out, html_css, html_css_bytes);
    if (rules->text != NULL) {
        print_source(out, rules->text, rules->len);
    }
    fputs("; script-src", out);
    print_source(out, html_js, html_js_bytes);
    fputs("\">\n", out);
}

static void print_style(FILE *out, const void *text, size_t len)
{
    fputs("<style>", out);
    print_bytes(out, text, len);
    fputs("</style>\n", out);
}

static void print_head(const struct html_page *page, const struct html_rules *rules)
{
    fputs("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n", page->out);
    print_policy(page->out, rules);
    fputs("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
          "<meta name=\"referrer\" content=\"no-referrer\">\n"
          "<title>TLS session resumption: Reprise report</title>\n",
          page->out);
    print_style(page->out, html_css, html_css_bytes);
    if (rules->text != NULL) {
        print_style(page->out, rules->text, rules->len);
    }
    fputs("</head>\n", page->out);
}

static void print_contents(const struct html_page *page)
{
    const char *groups = html_groups_word(page->options->by);

    fputs("<nav aria-label=\"Contents\"><ul>\n", page->out);
    if (advice_count(page->options->advice) > 0) {
        fputs("<li><a href=\"#advice\">Advice</a></li>\n", page->out);
    }
    fputs("<li><a href=\"#overview\">At a glance</a></li>\n", page->out);
    fprintf(page->out, "<li><a href=\"#groups\">All %s</a></li>\n", groups);
    if (html_has_refusals(page)) {
        fputs("<li><a href=\"#refusals\">Refusals</a></li>\n", page->out);
    }
    if (html_has_keys(page)) {
        fputs("<li><a href=\"#keys\">Ticket keys</a></li>\n", page->out);
    }
    if (page->detailed > 0) {
        fprintf(page->out, "<li><a href=\"#details\">In detail</a></li>\n");
    }
    fputs("<li><a href=\"#coverage\">Coverage and method</a></li>\n</ul></nav>\n", page->out);
}

static void print_figures(struct html_page *page)
{
    if (page->total->handshakes > 0) {
        html_advice(page);
        html_overview(page);
        html_groups(page);
        html_refusals(page);
        html_keys(page);
        html_details(page);
    }
    html_coverage(page);
}

static void print_body(struct html_page *page)
{
    fputs("<body>\n<a class=\"skip\" href=\"#main\">Skip to the report</a>\n", page->out);
    html_chart_clip(page->out);
    fputs("<header>\n", page->out);
    html_headline(page);
    if (page->total->handshakes > 0) {
        print_contents(page);
    }
    fputs("</header>\n<main id=\"main\">\n", page->out);
    print_figures(page);
    fputs("</main>\n<script>", page->out);
    print_bytes(page->out, html_js, html_js_bytes);
    fputs("</script>\n</body>\n</html>\n", page->out);
}

void html_summary(FILE *out, const struct summary *summary, const struct report_options *options)
{
    struct figures total;
    struct html_rules rules;
    struct html_page page = {
        .out = out,
        .summary = summary,
        .options = options,
        .total = &total,
        .ledger = options->ledger,
        .detailed = formats_detailed(summary, options),
    };

    summary_total(summary, &total);
    summary_scale(summary, 0, &page.scale);
    html_rules_make(&rules, summary);
    page.can_be_ordered = rules.has_orders;
    print_head(&page, &rules);
    print_body(&page);
    html_rules_clear(&rules);
}
