#include "report/savings.h"

#include <inttypes.h>
#include <math.h>

static const char *const missed_words[MISSED_COUNT] = {
    [MISSED_NOT_OFFERED] = "not offered",
    [MISSED_REFUSED] = "refused",
};

/* Whole bytes, with their sign. */
static void put_bytes(double bytes, char out[FORMAT_BYTES])
{
    char size[FORMAT_BYTES];

    if (isnan(bytes)) {
        (void)snprintf(out, FORMAT_BYTES, "-");
        return;
    }
    double whole = round(fabs(bytes));
    (void)format_count(whole < 1e18 ? (uint64_t)whole : UINT64_MAX, size);
    (void)snprintf(out, FORMAT_BYTES, "%s%.20s", bytes <= -0.5 ? "-" : "", size);
}

void savings_cell_median(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_ms(figures->saved.measured_median.value, out);
}

void savings_cell_interval(const struct figures *figures, char out[FORMAT_BYTES])
{
    const struct estimate_median *median = &figures->saved.measured_median;
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (median->has_interval) {
        (void)snprintf(out, FORMAT_BYTES, "%.20s to %.20s", format_ms(median->low, low),
                       format_ms(median->high, high));
    } else {
        (void)snprintf(out, FORMAT_BYTES, "-");
    }
}

void savings_cell_bytes_each(const struct figures *figures, char out[FORMAT_BYTES])
{
    put_bytes(figures->saved.bytes.median.value, out);
}

void savings_cell_bytes(const struct figures *figures, char out[FORMAT_BYTES])
{
    const struct mean *bytes = &figures->saved.bytes.mean;
    put_bytes(bytes->samples > 0 ? bytes->sum : (double)NAN, out);
}

void savings_cell_stalled(const struct figures *figures, char out[FORMAT_BYTES])
{
    const struct mean *stalled = &figures->saved.stalled;

    if (stalled->samples > 0) {
        double sum = fabs(stalled->sum) < 0.05 ? 0 : stalled->sum; /* no "-0.0" */
        (void)snprintf(out, FORMAT_BYTES, "%.1f", sum);
    } else {
        (void)snprintf(out, FORMAT_BYTES, "-");
    }
}

/* Of all causes. */
struct gain {
    uint64_t handshakes;
    uint64_t samples; /* those with a gain */
    double ns;
};

static struct gain gain_of(const struct figures *figures)
{
    struct gain sum = {0, 0, 0};

    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        const struct figures_gain *gain = &figures->gains[missed];
        sum.handshakes += gain->handshakes;
        sum.samples += gain->headline_samples;
        sum.ns += gain->headline_ns;
    }
    return sum;
}

void savings_cell_missed(const struct figures *figures, char out[FORMAT_BYTES])
{
    (void)format_count(gain_of(figures).handshakes, out);
}

void savings_cell_gain_each(const struct figures *figures, char out[FORMAT_BYTES])
{
    struct gain gain = gain_of(figures);
    (void)format_ms(gain.samples > 0 ? gain.ns / (double)gain.samples : (double)NAN, out);
}

void savings_cell_gain(const struct figures *figures, char out[FORMAT_BYTES])
{
    struct gain gain = gain_of(figures);
    (void)format_duration(gain.samples > 0 ? gain.ns : (double)NAN, out);
}

bool savings_has_row(const struct figures *figures)
{
    const struct figures_saved *saved = &figures->saved;

    return saved->measured.samples > 0 || saved->bytes.mean.samples > 0 ||
           gain_of(figures).handshakes > 0;
}

void savings_add_median(const struct figures *total, struct text_sentence *out)
{
    const struct estimate_median *median = &total->saved.measured_median;
    char middle[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (median->has_interval) {
        text_page_add(out, "%s saved each, of those measured; %s to %s (95 %% confidence)",
                      format_duration(median->value, middle), format_duration(median->low, low),
                      format_duration(median->high, high));
    }
}

void savings_add_bytes(const struct figures *total, struct text_sentence *out)
{
    const struct estimate *bytes = &total->saved.bytes;
    char all[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (bytes->mean.samples == 0) {
        return;
    }
    put_bytes(bytes->mean.sum, all);
    text_page_add(out, "%s saved over %" PRIu64 " of %" PRIu64 " resumed handshakes", all,
                  bytes->mean.samples, total->resumed);
    put_bytes(bytes->median.value, all);
    text_page_add(out, "; median %s", all);
    if (bytes->median.has_interval) {
        put_bytes(bytes->median.low, low);
        put_bytes(bytes->median.high, high);
        text_page_add(out, ", %s to %s (95 %% confidence)", low, high);
    }
}

/* A certificate chain that does not fit the first flight costs a round trip (RFC 6928), and resumed
 * handshakes send none. */
void savings_add_stalled(const struct figures *total, struct text_sentence *out)
{
    const struct figures_saved *saved = &total->saved;
    char all[FORMAT_BYTES];

    if (saved->stalled.samples == 0 || fabs(saved->stalled.sum) < 0.05) {
        return;
    }
    text_page_add(out, "%.1f round trips inside flights %s in %" PRIu64 " resumed handshakes",
                  fabs(saved->stalled.sum), saved->stalled.sum > 0 ? "saved" : "more",
                  saved->stalled.samples);
    if (saved->stalled_ns.samples > 0) {
        text_page_add(out, ", %s (measured has them, modelled does not)",
                      format_duration(fabs(saved->stalled_ns.sum), all));
    }
}

static void add_gain(const struct figures_gain *gain, const char *words, struct text_sentence *out)
{
    const struct estimate *measured = &gain->measured;
    char all[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (gain->handshakes == 0) {
        return;
    }
    text_page_add(out, "%s%s: ", out->text[0] != '\0' ? "; " : "", words);
    if (gain->headline == HEADLINE_NONE) {
        text_page_add(out, "not known how much in %" PRIu64 " full handshakes", gain->handshakes);
        return;
    }
    text_page_add(out, "%s in %" PRIu64 " of %" PRIu64 " full handshakes",
                  format_duration(gain->headline_ns, all), gain->headline_samples,
                  gain->handshakes);
    if (gain->headline == HEADLINE_MODELLED) {
        text_page_add(out, " (modelled)");
    } else {
        text_page_add(out, " (measured; mean %s to %s with 95 %% confidence)",
                      format_duration(measured->low, low), format_duration(measured->high, high));
    }
}

void savings_add_gains(const struct figures *total, struct text_sentence *out)
{
    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        add_gain(&total->gains[missed], missed_words[missed], out);
    }
}

void savings_add_headline(const struct figures *total, struct text_sentence *out)
{
    struct gain gain = gain_of(total);
    char all[FORMAT_BYTES];

    if (gain.samples > 0 && gain.ns > 0) {
        text_page_add(out,
                      " Another %s could have been saved in %" PRIu64
                      " full handshake%s of clients that held a session.",
                      format_duration(gain.ns, all), gain.samples, gain.samples == 1 ? "" : "s");
    }
}
