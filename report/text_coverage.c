#include "report/text_coverage.h"

#include "report/format.h"
#include "report/text_page.h"

#include "dissect/tls/names.h"

#include <inttypes.h>

enum { LABEL_COLUMNS = 14, COUNT_COLUMNS = 9 };

static void print_label(FILE *out, const char *label)
{
    fprintf(out, "%-*s", LABEL_COLUMNS, label);
}

static const char *count_or_unknown(int64_t count, char text[FORMAT_BYTES])
{
    if (count < 0) {
        (void)snprintf(text, FORMAT_BYTES, "an unknown number");
        return text;
    }
    (void)snprintf(text, FORMAT_BYTES, "%" PRId64, count);
    return text;
}

static void print_row(FILE *out, uint64_t count, const char *what)
{
    char number[FORMAT_BYTES];
    fprintf(out, "%*s  %s\n", LABEL_COLUMNS + COUNT_COLUMNS, format_count(count, number), what);
}

static void print_share(FILE *out, const char *label, uint64_t count, uint64_t of)
{
    char number[FORMAT_BYTES];
    char share[FORMAT_BYTES];

    print_label(out, label);
    fprintf(out, "%*s", COUNT_COLUMNS, format_count(count, number));
    if (count > 0) {
        fprintf(out, "  (%s of all handshakes)", format_rate((double)count / (double)of, share));
    }
    fputc('\n', out);
}

static void print_unknown(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    print_share(out, "unknown", total->verdicts[VERDICT_UNKNOWN], total->handshakes);
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        const char *words = reason_name((enum reason)reason);
        if (coverage->unknown[reason] > 0) {
            print_row(out, coverage->unknown[reason], words == NULL ? "no reason known" : words);
        }
    }
}

/* Alerts one by one, the other reasons as they are. */
static void print_failed(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    char words[FORMAT_BYTES];

    print_share(out, "failed", total->verdicts[VERDICT_FAILED], total->handshakes);
    for (int alert = 0; alert < COVERAGE_ALERTS; alert++) {
        if (coverage->alerts[alert] > 0) {
            print_row(out, coverage->alerts[alert],
                      format_reason(REASON_ALERT, (uint8_t)alert, words));
        }
    }
    for (int reason = 0; reason < REASON_COUNT; reason++) {
        if (reason != REASON_ALERT && coverage->failed[reason] > 0) {
            const char *name = reason_name((enum reason)reason);
            print_row(out, coverage->failed[reason], name == NULL ? "no reason known" : name);
        }
    }
}

static void print_capture(FILE *out, const struct coverage_runs *runs)
{
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    print_label(out, "captured");
    fprintf(out, "%" PRIu64 " run%s", runs->count, runs->count == 1 ? "" : "s");
    if (runs->first_frame_ns != HANDSHAKE_NULL && runs->last_frame_ns != HANDSHAKE_NULL) {
        fprintf(out, ", frames from %s to %s", format_second(runs->first_frame_ns, first),
                format_second(runs->last_frame_ns, last));
    }
    fputc('\n', out);
    print_label(out, "packets");
    fprintf(out, "%s, dropped by kernel: ", count_or_unknown(runs->packets_captured, first));
    fprintf(out, "%s, by interface: ", count_or_unknown(runs->packets_dropped_kernel, first));
    fprintf(out, "%s\n", count_or_unknown(runs->packets_dropped_interface, first));
}

static void print_pair(FILE *out, int64_t count, const char *singular, const char *plural)
{
    char text[FORMAT_BYTES];
    fprintf(out, "%s %s", count_or_unknown(count, text), count == 1 ? singular : plural);
}

static void print_losses(FILE *out, const struct coverage_runs *runs)
{
    print_label(out, "not seen");
    print_pair(out, runs->packets_undecodable, "frame undecodable", "frames undecodable");
    fputs(", ", out);
    print_pair(out, runs->not_reassembled_bytes, "byte not reassembled", "bytes not reassembled");
    fputs(",\n", out);
    print_label(out, "");
    print_pair(out, runs->evicted_conversations, "conversation evicted", "conversations evicted");
    fputs(", ", out);
    print_pair(out, runs->mid_stream_tls, "TLS connection joined after its start",
               "TLS connections joined after their start");
    fputc('\n', out);
    if (runs->damaged_files > 0 || runs->unreadable_files > 0) {
        print_label(out, "files");
        print_pair(out, runs->damaged_files, "damaged or cut short", "damaged or cut short");
        fputs(", ", out);
        print_pair(out, runs->unreadable_files, "unreadable", "unreadable");
        fputc('\n', out);
    }
}

void text_coverage(FILE *out, const struct coverage *coverage, const struct figures *total,
                   bool use_color)
{
    fputc('\n', out);
    text_page_heading(out, "COVERAGE", use_color);
    if (total->handshakes > 0) {
        print_unknown(out, coverage, total);
        print_failed(out, coverage, total);
    }
    if (coverage->runs.count > 0) {
        print_capture(out, &coverage->runs);
        print_losses(out, &coverage->runs);
    }
}

void text_coverage_method(FILE *out)
{
    fputc('\n', out);
    text_page_paragraph(
        out, "Rate: resumed / (full + resumed). Measured: median full handshake of the same host "
             "and version (of the same client /24 or /48 where it has five) less each resumed one; "
             "interval: 95 %, of the mean. Modelled: round trips saved x round-trip time, shown "
             "where fewer than five were measured. All times are UTC.");
}
