#include "report/html_parts.h"
#include "report/sentences.h"

#include <inttypes.h>

static const char *const meanings[REFUSAL_CAUSE_COUNT] = {
    [REFUSAL_CAUSE_EXPIRED] = "older than the lifetime hint",
    [REFUSAL_CAUSE_KEY_CHANGED] = "the host issues under another ticket key by now",
    [REFUSAL_CAUSE_OTHER_SERVER] = "issued by another server of the host",
    [REFUSAL_CAUSE_NAME_CHANGED] = "issued under another name",
    [REFUSAL_CAUSE_EMS_CHANGED] = "extended master secret differs",
    [REFUSAL_CAUSE_NEVER_SEEN] = "its issue was not seen",
    [REFUSAL_CAUSE_UNEXPLAINED] = "none of these explains it",
};

const char *html_cause_meaning(enum refusal_cause cause)
{
    return meanings[cause];
}

bool html_has_refusals(const struct html_page *page)
{
    const struct refusals *refusals = &summary_coverage(page->summary)->refusals;

    return refusals->count > 0 ||
           refusals->missed[MISSED_NOT_OFFERED] + refusals->missed[MISSED_REFUSED] > 0;
}

static void print_cause(FILE *out, const struct refusals *refusals, enum refusal_cause which)
{
    const struct occurrences *cause = &refusals->causes[which];
    char count[FORMAT_BYTES];
    char rate[FORMAT_BYTES];
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fprintf(out, "<tr><th scope=\"row\"><b>%s</b> %s</th><td>%s</td><td class=\"p%u\">%s</td>",
            refusal_cause_name(which), meanings[which], html_count(cause->count, count),
            html_share(cause->count, refusals->count),
            format_rate((double)cause->count / (double)refusals->count, rate));
    fprintf(out, "<td><time>%s</time></td><td><time>%s</time></td>",
            format_second(cause->first_ns, first), format_second(cause->last_ns, last));
    html_examples(out, cause);
    fputs("</tr>\n", out);
}

static void print_causes(const struct html_page *page, const struct refusals *refusals)
{
    html_table_begin(page, "causes",
                     "Refused offers by cause, the first that holds. Examples are ids, as "
                     "<code>reprise handshakes --format json</code> has them.");
    fputs("<thead><tr><th scope=\"col\">Cause</th><th scope=\"col\">Offers</th>"
          "<th scope=\"col\">Share</th><th scope=\"col\">First</th><th scope=\"col\">Last</th>"
          "<th scope=\"col\">Examples</th></tr></thead>\n<tbody>\n",
          page->out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (refusals->causes[cause].count > 0) {
            print_cause(page->out, refusals, (enum refusal_cause)cause);
        }
    }
    fputs("</tbody>\n", page->out);
    html_table_end(page);
}

void html_refusals(const struct html_page *page)
{
    const struct refusals *refusals = &summary_coverage(page->summary)->refusals;
    struct text_sentence missed = {0};

    if (!html_has_refusals(page)) {
        return;
    }
    fputs("<section id=\"refusals\" aria-labelledby=\"refusals-heading\">\n"
          "<h2 id=\"refusals-heading\">Refusals</h2>\n",
          page->out);
    if (refusals->count > 0) {
        print_causes(page, refusals);
    }
    sentences_missed(refusals, &missed);
    if (missed.text[0] != '\0') {
        fprintf(page->out, "<p>Missed: %s.</p>\n", missed.text);
    }
    fputs("</section>\n", page->out);
}
