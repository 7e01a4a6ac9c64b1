#include "report/html_parts.h"
#include "report/sentences.h"

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

static void print_method(FILE *out)
{
    fputs("<h3>Method</h3>\n<div class=\"method\">\n"
          "<p>Reprise watches packets and decrypts nothing. Each handshake is judged by the "
          "messages it was seen to have: what was not seen is never taken for resumption, so lost "
          "packets make handshakes unknown and do not raise the rate.</p>\n"
          "<dl>\n"
          "<dt>Rate</dt><dd>resumed / (full + resumed). Failed and unknown handshakes are in "
          "neither.</dd>\n"
          "<dt>Time</dt><dd>from the ClientHello until the client may send application data, as "
          "the client lives it, wherever the packets were captured.</dd>\n"
          "<dt>Saved, measured</dt><dd>for each resumed handshake the median full one of the same "
          "host and version (of the same client network, /24 or /48, where that has five) less its "
          "own time; it can be negative. The interval is of the mean, with 95 % confidence.</dd>\n"
          "<dt>Saved, modelled</dt><dd>round trips saved x round-trip time, where fewer than five "
          "are measured. A TLS 1.3 handshake without early data has its one round trip either way: "
          "resumption saves it bytes and computing, and none of this time.</dd>\n"
          "<dt>Refused</dt><dd>the client offered a session, the version could have used it, and "
          "the handshake was full.</dd>\n"
          "<dt>Age</dt><dd>from when a session was seen to be issued until it was offered. TLS 1.3 "
          "issues sessions encrypted; their ages are not known.</dd>\n"
          "</dl>\n<p>Times are UTC.</p>\n</div>\n",
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
    }
    print_capture(page, &coverage->runs);
    fputs("</div>\n", page->out);
    print_method(page->out);
    fputs("</section>\n", page->out);
}
