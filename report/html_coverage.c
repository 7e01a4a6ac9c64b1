#include "report/escape.h"
#include "report/html_parts.h"
#include "report/sentences.h"

#include <string.h>

static void begin(const struct html_page *page, const char *caption, const char *head,
                  const char *unit)
{
    html_table_begin(page, "counts", caption);
    fprintf(page->out,
            "<thead><tr><th scope=\"col\">%s</th><th scope=\"col\">%s</th></tr></thead>\n<tbody>\n",
            head, unit);
}

static void end(const struct html_page *page)
{
    fputs("</tbody>\n", page->out);
    html_table_end(page);
}

static void print_row(const struct html_page *page, const char *words, uint64_t count)
{
    char number[FORMAT_BYTES];

    fprintf(page->out, "<tr><th scope=\"row\">%s</th><td>%s</td></tr>\n", words,
            html_count(count, number));
}

/* Cause by cause, then all. */
static void print_causes(const struct html_page *page, enum verdict verdict, const char *caption)
{
    struct sentences_cause cause = {.next = 0};

    begin(page, caption, "Reason", "Handshakes");
    while (sentences_next_cause(summary_coverage(page->summary), verdict, &cause)) {
        print_row(page, cause.words, cause.handshakes);
    }
    print_row(page, "all", page->total->verdicts[verdict]);
    end(page);
}

static void print_sum(const struct html_page *page, const char *words, int64_t sum)
{
    if (sum == HANDSHAKE_NULL) {
        fprintf(page->out, "<tr><th scope=\"row\">%s</th><td>not known</td></tr>\n", words);
    } else {
        print_row(page, words, (uint64_t)sum);
    }
}

static void print_capture(const struct html_page *page, const struct coverage_runs *runs)
{
    const struct {
        const char *words;
        int64_t sum;
    } sums[] = {
        {"packets captured", runs->packets_captured},
        {"packets dropped by the kernel", runs->packets_dropped_kernel},
        {"packets dropped by the interface", runs->packets_dropped_interface},
        {"packets that could not be decoded", runs->packets_undecodable},
        {"conversations", runs->conversations},
        {"conversations that were not TLS", runs->not_tls},
        {"TLS conversations joined after their start", runs->mid_stream_tls},
        {"conversations given up for want of room", runs->evicted_conversations},
        {"bytes not reassembled", runs->not_reassembled_bytes},
        {"files damaged or cut short", runs->damaged_files},
        {"files that could not be read", runs->unreadable_files},
    };

    begin(page, "What the capture saw", "Of all runs in the period", "Number");
    print_row(page, "runs", runs->count);
    for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
        print_sum(page, sums[i].words, sums[i].sum);
    }
    end(page);
}

/* The full and resumed ones among them are in the rates. */
static void print_likely(const struct html_page *page, const struct coverage *coverage)
{
    begin(page, "Likely: judged, but not certain", "Verdict", "Handshakes");
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (coverage->likely[verdict] > 0) {
            print_row(page, verdict_name((enum verdict)verdict), coverage->likely[verdict]);
        }
    }
    print_row(page, "all", coverage_likely(coverage));
    if (coverage->outer_hellos > 0) {
        print_row(page, "with an encrypted ClientHello: only the outer one was seen",
                  coverage->outer_hellos);
    }
    end(page);
}

/* What a damaged database has in a name's place is escaped. */
static void print_not_analysed(const struct html_page *page, const struct coverage *coverage)
{
    char number[FORMAT_BYTES];

    if (coverage->not_analysed_count == 0) {
        return;
    }
    begin(page, "Not analysed: what packets ended in", "Name", "Packets");
    for (size_t i = 0; i < coverage->not_analysed_count; i++) {
        const struct run_not_analysed *row = &coverage->not_analysed[i];
        fputs("<tr><th scope=\"row\">", page->out);
        escape_html(page->out, row->name, strnlen(row->name, sizeof(row->name)));
        fprintf(page->out, "</th><td>%s</td></tr>\n",
                html_count(row->packets < 0 ? 0 : (uint64_t)row->packets, number));
    }
    end(page);
}

static void print_method(FILE *out)
{
    struct text_sentence sentence = {0};

    sentences_method(&sentence);
    fputs("<h3>Method</h3>\n<div class=\"method\">\n"
          "<p>Reprise watches packets and decrypts nothing. Each handshake is judged by the "
          "messages it was seen to have: what was not seen is never taken for resumption, so lost "
          "packets make handshakes unknown and do not raise the rate.</p>\n<p>",
          out);
    escape_html(out, sentence.text, strlen(sentence.text));
    fputs("</p>\n<dl>\n"
          "<dt>Time</dt><dd>from the ClientHello until the client may send application data, as "
          "the client lives it, wherever the packets were captured. What is saved can be "
          "negative.</dd>\n"
          "<dt>TLS 1.3</dt><dd>a handshake without early data has its one round trip either way: "
          "resumption saves it bytes and computing, and none of this time.</dd>\n"
          "<dt>Refused</dt><dd>the client offered a session, the version could have used it, and "
          "the handshake was full.</dd>\n"
          "<dt>Age</dt><dd>from when a session was seen to be issued until it was offered. TLS 1.3 "
          "issues sessions encrypted; their ages are not known.</dd>\n"
          "</dl>\n</div>\n",
          out);
}

void html_coverage(const struct html_page *page)
{
    const struct coverage *coverage = summary_coverage(page->summary);
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fputs("<section id=\"coverage\" aria-labelledby=\"coverage-heading\">\n"
          "<h2 id=\"coverage-heading\">Coverage and method</h2>\n",
          page->out);
    if (coverage->runs.first_frame_ns != HANDSHAKE_NULL &&
        coverage->runs.last_frame_ns != HANDSHAKE_NULL) {
        fprintf(page->out, "<p>Packets from <time>%s</time> to <time>%s</time>.</p>\n",
                format_second(coverage->runs.first_frame_ns, first),
                format_second(coverage->runs.last_frame_ns, last));
    }
    fputs("<div class=\"pair\">\n", page->out);
    if (page->total->handshakes > 0) {
        print_causes(page, VERDICT_UNKNOWN, "Unknown: why handshakes could not be judged");
        print_causes(page, VERDICT_FAILED, "Failed: what ended the handshakes");
        print_likely(page, coverage);
    }
    print_capture(page, &coverage->runs);
    print_not_analysed(page, coverage);
    fputs("</div>\n", page->out);
    print_method(page->out);
    fputs("</section>\n", page->out);
}
