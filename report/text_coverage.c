#include "report/text_coverage.h"

#include "report/format.h"
#include "report/text_page.h"

#include "dissect/tls/names.h"

#include <inttypes.h>

enum { COUNT_COLUMNS = 9, MAX_NAMES = 16 /* of what is not analysed */ };

static void print_row(FILE *out, uint64_t count, const char *what)
{
    char number[FORMAT_BYTES];
    fprintf(out, "%*s  %s\n", TEXT_PAGE_LABEL_COLUMNS + COUNT_COLUMNS, format_count(count, number),
            what);
}

static void print_share(FILE *out, const char *label, uint64_t count, uint64_t of,
                        const char *remark)
{
    char number[FORMAT_BYTES];
    char share[FORMAT_BYTES];

    fprintf(out, "%-*s%*s", TEXT_PAGE_LABEL_COLUMNS, label, COUNT_COLUMNS,
            format_count(count, number));
    if (count > 0) {
        fprintf(out, "  (%s of all handshakes; %s)", format_rate((double)count / (double)of, share),
                remark);
    }
    fputc('\n', out);
}

static void print_unknown(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    print_share(out, "unknown", total->verdicts[VERDICT_UNKNOWN], total->handshakes, "in no rate");
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

    print_share(out, "failed", total->verdicts[VERDICT_FAILED], total->handshakes, "in no rate");
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

/* The full and resumed ones among them are in the rates. */
static void print_likely(FILE *out, const struct coverage *coverage, const struct figures *total)
{
    uint64_t sum = 0;

    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        sum += coverage->likely[verdict];
    }
    print_share(out, "likely", sum, total->handshakes, "not certain");
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        if (coverage->likely[verdict] > 0) {
            print_row(out, coverage->likely[verdict], verdict_name((enum verdict)verdict));
        }
    }
    if (coverage->outer_hellos > 0) {
        print_share(out, "outer hellos", coverage->outer_hellos, total->handshakes,
                    "encrypted ClientHello: in TLS 1.3 only likely");
    }
}

/* "12 words"; "words not known" where no run knew. */
static void add_count(struct text_sentence *sentence, int64_t count, const char *words)
{
    const char *comma = sentence->text[0] == '\0' ? "" : ", ";

    if (count == HANDSHAKE_NULL) {
        text_page_add(sentence, "%s%s not known", comma, words);
    } else {
        text_page_add(sentence, "%s%" PRId64 " %s", comma, count, words);
    }
}

static void print_capture(FILE *out, const struct coverage_runs *runs)
{
    struct text_sentence period = {0};
    struct text_sentence packets = {0};
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    text_page_add(&period, "%" PRIu64 " run%s", runs->count, runs->count == 1 ? "" : "s");
    if (runs->first_frame_ns != HANDSHAKE_NULL && runs->last_frame_ns != HANDSHAKE_NULL) {
        text_page_add(&period, ", frames from %s to %s", format_second(runs->first_frame_ns, first),
                      format_second(runs->last_frame_ns, last));
    }
    text_page_row(out, "captured", &period);
    add_count(&packets, runs->packets_captured, "captured");
    if (runs->packets_dropped_kernel == HANDSHAKE_NULL &&
        runs->packets_dropped_interface == HANDSHAKE_NULL) {
        text_page_add(&packets, ", drops not recorded");
    } else {
        add_count(&packets, runs->packets_dropped_kernel, "dropped by kernel");
        add_count(&packets, runs->packets_dropped_interface, "dropped by interface");
    }
    add_count(&packets, runs->packets_undecodable, "undecodable");
    text_page_row(out, "packets", &packets);
}

static void print_not_analysed(FILE *out, const struct coverage *coverage)
{
    const size_t count = coverage->not_analysed_count;
    struct text_sentence names = {0};
    int64_t others = 0;

    for (size_t i = 0; i < count; i++) {
        if (i < MAX_NAMES) {
            add_count(&names, coverage->not_analysed[i].packets, coverage->not_analysed[i].name);
        } else {
            others = coverage_sum(others, coverage->not_analysed[i].packets);
        }
    }
    if (count > MAX_NAMES) {
        text_page_add(&names, ", %" PRId64 " of %zu other kinds", others, count - MAX_NAMES);
    }
    if (count > 0) {
        text_page_row(out, "not analysed", &names);
    }
}

static void print_conversations(FILE *out, const struct coverage_runs *runs)
{
    struct text_sentence conversations = {0};
    struct text_sentence bytes = {0};
    struct text_sentence files = {0};

    add_count(&conversations, runs->conversations, "in all");
    add_count(&conversations, runs->not_tls, "not TLS");
    add_count(&conversations, runs->mid_stream_tls, "past the handshake already");
    add_count(&conversations, runs->evicted_conversations, "evicted");
    text_page_row(out, "conversations", &conversations);
    add_count(&bytes, runs->not_reassembled_bytes, "not reassembled");
    text_page_row(out, "bytes", &bytes);
    if (runs->damaged_files > 0 || runs->unreadable_files > 0) {
        add_count(&files, runs->damaged_files, "damaged or cut short");
        add_count(&files, runs->unreadable_files, "unreadable");
        text_page_row(out, "files", &files);
    }
}

void text_coverage(FILE *out, const struct coverage *coverage, const struct figures *total,
                   bool use_color)
{
    if (total->handshakes == 0 && coverage->runs.count == 0) {
        return;
    }
    text_page_heading(out, "COVERAGE", use_color);
    if (total->handshakes > 0) {
        print_unknown(out, coverage, total);
        print_failed(out, coverage, total);
        print_likely(out, coverage, total);
    }
    if (coverage->runs.count > 0) {
        print_capture(out, &coverage->runs);
        print_not_analysed(out, coverage);
        print_conversations(out, &coverage->runs);
    }
}

void text_coverage_method(FILE *out)
{
    struct text_sentence sentence = {0};

    text_page_add(&sentence,
                  "Rate: resumed / (full + resumed), likely ones too; unknown and failed are left "
                  "out. Measured: median full handshake of the same "
                  "host and version (of the same client /24 or /48 where it has five) less each "
                  "resumed one; the interval is of the mean. Modelled: round trips saved x "
                  "round-trip time; a group's figure where fewer than five are measured. Times "
                  "are UTC.");
    fputc('\n', out);
    text_page_paragraph(out, &sentence);
}
