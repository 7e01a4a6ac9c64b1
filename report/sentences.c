#include "report/sentences.h"

#include "report/formats.h"
#include "report/mechanisms.h"
#include "report/savings.h"

#include <inttypes.h>
#include <math.h>

enum { MAX_NAMES = 16 }; /* of what is not analysed */

static const char *plural(uint64_t count)
{
    return count == 1 ? "" : "s";
}

void sentences_period(const struct query_filter *filter, const struct coverage *coverage,
                      struct text_sentence *out)
{
    int64_t from = filter->since_ns != HANDSHAKE_NULL ? filter->since_ns : coverage->first_ns;
    int64_t to = filter->until_ns != HANDSHAKE_NULL ? filter->until_ns : coverage->last_ns;
    char text[FORMAT_BYTES];

    if (from != HANDSHAKE_NULL) {
        text_page_add(out, "from %s", format_second(from, text));
    }
    if (to != HANDSHAKE_NULL) {
        text_page_add(out, "%sto %s", from != HANDSHAKE_NULL ? " " : "", format_second(to, text));
    }
}

void sentences_not_shown(const struct summary *summary, const struct report_options *options,
                         struct text_sentence *out)
{
    size_t hidden = summary_groups(summary) - formats_shown(summary, options);

    if (hidden > 0) {
        text_page_add(out, "%zu more %s%s not shown.", hidden, report_by_name(options->by),
                      hidden == 1 ? " is" : "s are");
    }
}

/* What the figure rests on; a mean that may as well be 0 must not look like a result. */
static void add_basis(struct text_sentence *sentence, const struct figures_saved *saved)
{
    bool may_be_nothing = saved->has_interval && saved->low_ns <= 0 && saved->high_ns >= 0;

    if (saved->headline == HEADLINE_MODELLED) {
        text_page_add(sentence, " (modelled).");
    } else if (may_be_nothing) {
        text_page_add(sentence, " (measured, but may be chance).");
    } else {
        text_page_add(sentence, " (measured).");
    }
}

static void add_saved(struct text_sentence *sentence, const struct figures_saved *saved)
{
    double size = fabs(saved->headline_ns);
    char all[FORMAT_BYTES];
    char each[FORMAT_BYTES];

    text_page_add(sentence,
                  "Resumption %s %s of waiting: %s on average in %" PRIu64 " resumed handshake%s",
                  saved->headline_ns < 0 ? "cost" : "saved", format_duration(size, all),
                  format_duration(size / (double)saved->headline_samples, each),
                  saved->headline_samples, plural(saved->headline_samples));
    add_basis(sentence, saved);
}

void sentences_headline(const struct figures *total, struct text_sentence *out)
{
    if (total->resumed == 0) {
        text_page_add(out, "No handshake was resumed.");
    } else if (total->saved.headline == HEADLINE_NONE) {
        text_page_add(out, "Handshakes were resumed, but what latency that saved is not known.");
    } else {
        add_saved(out, &total->saved);
    }
    savings_add_headline(total, out);
}

void sentences_method(struct text_sentence *out)
{
    text_page_add(out,
                  "Rate: resumed / (full + resumed), likely ones too; unknown and failed are left "
                  "out. Measured: median full handshake of the same "
                  "host and version (of the same client /24 or /48 where it has five) less each "
                  "resumed one; the interval is of the mean. Modelled: round trips saved x "
                  "round-trip time; a group's figure where fewer than five are measured. Bytes: "
                  "median full handshake less each resumed one. To gain: a full handshake that "
                  "need not have been one less the median resumed one. Times are UTC.");
}

static void add_verdicts(const struct figures *total, struct text_sentence *out)
{
    text_page_add(out,
                  "%" PRIu64 ": %" PRIu64 " full, %" PRIu64 " resumed, %" PRIu64 " failed, %" PRIu64
                  " unknown",
                  total->handshakes, total->verdicts[VERDICT_FULL], total->resumed,
                  total->verdicts[VERDICT_FAILED], total->verdicts[VERDICT_UNKNOWN]);
}

static void add_rate(const struct figures *total, struct text_sentence *out)
{
    char text[FORMAT_BYTES];

    if (total->evaluated > 0) {
        text_page_add(out, "%s of the %" PRIu64 " that were full or resumed",
                      format_rate(total->rate, text), total->evaluated);
    } else {
        text_page_add(out, "no rate: none was full or resumed");
    }
}

static void add_offers(const struct figures *total, struct text_sentence *out)
{
    const uint64_t *outcomes = total->outcomes;
    uint64_t offers = total->handshakes - outcomes[OUTCOME_NONE] - outcomes[OUTCOME_UNKNOWN];

    if (offers > 0) {
        text_page_add(out,
                      "%" PRIu64 ": %" PRIu64 " accepted, %" PRIu64 " refused, %" PRIu64
                      " not applicable to the version, %" PRIu64 " failed",
                      offers, outcomes[OUTCOME_ACCEPTED], outcomes[OUTCOME_REFUSED],
                      outcomes[OUTCOME_NOT_APPLICABLE], outcomes[OUTCOME_FAILED]);
    }
}

static void add_early_data(const struct figures *total, struct text_sentence *out)
{
    const uint64_t *early_data = total->early_data;

    if (early_data[EARLY_DATA_ACCEPTED] > 0 || early_data[EARLY_DATA_REFUSED] > 0) {
        text_page_add(out, "accepted in %" PRIu64 ", refused in %" PRIu64,
                      early_data[EARLY_DATA_ACCEPTED], early_data[EARLY_DATA_REFUSED]);
    }
}

/* Both ways of counting, and what they rest on. */
static void add_measured(const struct figures *total, struct text_sentence *out)
{
    const struct figures_saved *saved = &total->saved;
    char all[FORMAT_BYTES];
    char low[FORMAT_BYTES];
    char high[FORMAT_BYTES];

    if (total->resumed == 0) {
        return;
    }
    text_page_add(out, "%s over %" PRIu64 " of %" PRIu64 " resumed handshakes",
                  format_duration(saved->measured.sum, all), saved->measured.samples,
                  total->resumed);
    if (saved->has_interval) {
        text_page_add(out, "; mean %s to %s (95 %% confidence)",
                      format_duration(saved->low_ns, low), format_duration(saved->high_ns, high));
    }
}

static void add_modelled(const struct figures *total, struct text_sentence *out)
{
    const struct mean *modelled = &total->saved.modelled;
    char all[FORMAT_BYTES];

    if (total->resumed > 0) {
        text_page_add(out, "%s over %" PRIu64 " of %" PRIu64 " resumed handshakes",
                      format_duration(modelled->sum, all), modelled->samples, total->resumed);
    }
}

/* TLS 1.3 has its one round trip either way (RFC 8446, 2.2): this must not be left unsaid. */
static void add_round_trips(const struct figures *total, struct text_sentence *out)
{
    const struct figures_saved *saved = &total->saved;

    if (saved->rtts.samples == 0) {
        return;
    }
    text_page_add(out, "%.0f saved in %" PRIu64 " resumed handshake%s", saved->rtts.sum,
                  saved->rtts.samples, plural(saved->rtts.samples));
    if (saved->without_round_trip > 0) {
        text_page_add(out,
                      "; %" PRIu64 " by TLS 1.3 without early data saved none, only bytes and "
                      "computing",
                      saved->without_round_trip);
    }
}

static const struct {
    const char *label;
    void (*add)(const struct figures *total, struct text_sentence *out);
} total_rows[] = {
    {"handshakes", add_verdicts},     {"resumed", add_rate},
    {"offers", add_offers},           {"early data", add_early_data},
    {"measured", add_measured},       {"median saved", savings_add_median},
    {"modelled", add_modelled},       {"round trips", add_round_trips},
    {"stalled", savings_add_stalled}, {"bytes saved", savings_add_bytes},
    {"to gain", savings_add_gains},
};

size_t sentences_total_rows(void)
{
    return sizeof(total_rows) / sizeof(total_rows[0]);
}

const char *sentences_total(size_t row, const struct figures *total, struct text_sentence *out)
{
    *out = (struct text_sentence){0};
    total_rows[row].add(total, out);
    return total_rows[row].label;
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

static void add_period(const struct coverage *coverage, struct text_sentence *out)
{
    const struct coverage_runs *runs = &coverage->runs;
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    text_page_add(out, "%" PRIu64 " run%s", runs->count, plural(runs->count));
    if (runs->first_frame_ns != HANDSHAKE_NULL && runs->last_frame_ns != HANDSHAKE_NULL) {
        text_page_add(out, ", frames from %s to %s", format_second(runs->first_frame_ns, first),
                      format_second(runs->last_frame_ns, last));
    }
}

static void add_packets(const struct coverage *coverage, struct text_sentence *out)
{
    const struct coverage_runs *runs = &coverage->runs;

    add_count(out, runs->packets_captured, "captured");
    if (runs->packets_dropped_kernel == HANDSHAKE_NULL &&
        runs->packets_dropped_interface == HANDSHAKE_NULL) {
        text_page_add(out, ", drops not recorded");
    } else {
        add_count(out, runs->packets_dropped_kernel, "dropped by kernel");
        add_count(out, runs->packets_dropped_interface, "dropped by interface");
    }
    add_count(out, runs->packets_undecodable, "undecodable");
}

static void add_not_analysed(const struct coverage *coverage, struct text_sentence *out)
{
    const size_t count = coverage->not_analysed_count;
    int64_t others = 0;

    for (size_t i = 0; i < count; i++) {
        if (i < MAX_NAMES) {
            add_count(out, coverage->not_analysed[i].packets, coverage->not_analysed[i].name);
        } else {
            others = coverage_sum(others, coverage->not_analysed[i].packets);
        }
    }
    if (count > MAX_NAMES) {
        text_page_add(out, ", %" PRId64 " of %zu other kinds", others, count - MAX_NAMES);
    }
}

static void add_conversations(const struct coverage *coverage, struct text_sentence *out)
{
    const struct coverage_runs *runs = &coverage->runs;

    add_count(out, runs->conversations, "in all");
    add_count(out, runs->not_tls, "not TLS");
    add_count(out, runs->mid_stream_tls, "past the handshake already");
    add_count(out, runs->evicted_conversations, "evicted");
}

static void add_bytes(const struct coverage *coverage, struct text_sentence *out)
{
    add_count(out, coverage->runs.not_reassembled_bytes, "not reassembled");
}

static void add_files(const struct coverage *coverage, struct text_sentence *out)
{
    const struct coverage_runs *runs = &coverage->runs;

    if (runs->damaged_files > 0 || runs->unreadable_files > 0) {
        add_count(out, runs->damaged_files, "damaged or cut short");
        add_count(out, runs->unreadable_files, "unreadable");
    }
}

static const struct {
    const char *label;
    void (*add)(const struct coverage *coverage, struct text_sentence *out);
} runs_rows[] = {
    {"captured", add_period},
    {"packets", add_packets},
    {"not analysed", add_not_analysed},
    {"conversations", add_conversations},
    {"bytes", add_bytes},
    {"files", add_files},
};

size_t sentences_runs_rows(void)
{
    return sizeof(runs_rows) / sizeof(runs_rows[0]);
}

const char *sentences_runs(size_t row, const struct coverage *coverage, struct text_sentence *out)
{
    *out = (struct text_sentence){0};
    runs_rows[row].add(coverage, out);
    return runs_rows[row].label;
}

/* Places 0 to 255 are alerts, then come the reasons: that an alert was the reason is told by then.
 */
static uint64_t cause_at(const struct coverage *coverage, enum verdict verdict, int place)
{
    int reason = place - COVERAGE_ALERTS;

    if (verdict == VERDICT_UNKNOWN) {
        return reason < 0 ? 0 : coverage->unknown[reason];
    }
    if (reason < 0) {
        return coverage->alerts[place];
    }
    return reason == REASON_ALERT ? 0 : coverage->failed[reason];
}

static void name_cause(int place, char words[FORMAT_BYTES])
{
    int reason = place - COVERAGE_ALERTS;

    if (reason < 0) {
        (void)format_reason(REASON_ALERT, (uint8_t)place, words);
    } else {
        const char *name = reason_name((enum reason)reason);
        (void)snprintf(words, FORMAT_BYTES, "%s", name == NULL ? "no reason known" : name);
    }
}

bool sentences_next_cause(const struct coverage *coverage, enum verdict verdict,
                          struct sentences_cause *cause)
{
    while (cause->next < COVERAGE_ALERTS + REASON_COUNT) {
        int place = cause->next++;
        cause->handshakes = cause_at(coverage, verdict, place);
        if (cause->handshakes > 0) {
            name_cause(place, cause->words);
            return true;
        }
    }
    return false;
}

void sentences_missed(const struct refusals *refusals, struct text_sentence *out)
{
    const uint64_t *missed = refusals->missed;
    const uint64_t all = missed[MISSED_NOT_OFFERED] + missed[MISSED_REFUSED];

    if (all > 0) {
        text_page_add(out,
                      "%" PRIu64 " full handshake%s of clients that held a session of the host: in "
                      "%" PRIu64 " nothing was offered, in %" PRIu64 " the offer was refused",
                      all, plural(all), missed[MISSED_NOT_OFFERED], missed[MISSED_REFUSED]);
    }
}

const char *sentences_ticket_warning(enum ticket_warning warning)
{
    static const char *const words[TICKET_WARNING_COUNT] = {
        [TICKET_WARNING_ZERO_NAME] = "the key's name is all zero",
        [TICKET_WARNING_PLAINTEXT] = "a ticket is not encrypted: long runs of text or of one byte",
        [TICKET_WARNING_REPEATED_IV] = "two tickets have the same IV",
        [TICKET_WARNING_SEVERAL_CLIENTS] =
            "one ticket was issued to two client addresses (one client that moved, perhaps)",
    };

    return words[warning];
}

void sentences_conduct(struct text_sentence *out)
{
    text_page_add(
        out, "Offered late: by a client, when the session was older than its own lifetime "
             "hint. Offered old: a ticket, by a client that a resumption had given a newer one "
             "for it. Accepted late, refused early: by the host, after and before that hint "
             "was over; the largest and the smallest age. Sessions without a hint promise "
             "nothing. Clients are told by address. Ids are those of reprise handshakes.");
}

void sentences_conduct_age(const struct conduct_found *found, enum conduct_finding which,
                           struct text_sentence *out)
{
    char age[FORMAT_BYTES];
    char hint[FORMAT_BYTES];

    if (which == CONDUCT_OFFERED_OLD || found->age_s == HANDSHAKE_NULL || found->hint_s <= 0) {
        return;
    }
    (void)format_seconds(found->hint_s, hint);
    if (which == CONDUCT_REFUSED_EARLY) {
        text_page_add(out, "youngest %s old, its hint %s", format_seconds(found->age_s, age), hint);
    } else {
        text_page_add(out, "oldest %s past its hint of %s",
                      format_seconds(found->age_s - found->hint_s, age), hint);
    }
}

void sentences_mechanisms(struct text_sentence *out)
{
    text_page_add(
        out,
        "Offered, refused: of those the handshakes accepted or refused. Cache memory: the IDs "
        "live at once at the peak x %d bytes, an assumption, as servers do not tell; an ID is live "
        "for %d s, or as long as the oldest one that the host accepted. On wire: tickets issued in "
        "clear, tickets and PSK identities offered. Held: by a client, told by address, at its own "
        "peak, the most and the median over clients; a session is held until its hint is over "
        "(%d s without one). What TLS 1.3 issues is encrypted: it is in "
        "neither.",
        MECHANISMS_SESSION_BYTES, MECHANISMS_LIFETIME_S, MECHANISMS_LIFETIME_S);
}

void sentences_ticket_estimates(struct text_sentence *out)
{
    text_page_add(
        out,
        "TLS 1.3 encrypts its tickets: how many were issued, and how long, is an estimate from the "
        "lengths of what the server says next, in those of the handshakes where these lengths tell "
        "(known). Confirm: handshakes with an estimated ticket after which the same client "
        "address offered the host an identity whose length fits. Fit none: identities that a "
        "client offered after such a handshake and whose length fits none of its estimates; one "
        "of them is wrong, or the ticket came where there was no estimate.");
}
