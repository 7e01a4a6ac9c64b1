/* The figures of one group of handshakes: SPEC's sections 2 to 5 as arithmetic. Pure.
 *
 * Which handshakes a figure counts is part of its name: a mean or median is of those that have the
 * value, and says how many they were. */
#ifndef REPRISE_REPORT_FIGURES_H
#define REPRISE_REPORT_FIGURES_H

#include "report/estimate.h"
#include "report/proportion.h"
#include "report/saving.h"
#include "report/statistics.h"

enum {
    FIGURES_MEASURED_MIN = 5, /* samples from which the measured saving is the headline */
    FIGURES_PAST = 2,
    FIGURES_P90_MIN = 10, /* samples from which there is a ninetieth percentile */
};

/* Of the full, or of the resumed, handshakes. */
struct figures_cost {
    uint64_t timed;    /* those with a handshake time */
    int64_t median_ns; /* of these; HANDSHAKE_NULL if none */
    int64_t p90_ns;    /* likewise; HANDSHAKE_NULL below FIGURES_P90_MIN */
    struct mean rtts_tls;
    struct mean bytes; /* both directions */
};

enum figures_headline { HEADLINE_NONE, HEADLINE_MODELLED, HEADLINE_MEASURED };

/* Saved by the resumed handshakes: latency in nanoseconds, bytes. */
struct figures_saved {
    struct mean rtts;     /* rtts_saved */
    struct mean modelled; /* rtts_saved x rtt */
    struct mean measured; /* the cell's median less its own time: report/saving.h */
    bool has_interval;    /* of the mean measured saving: report/estimate.h, as its median */
    double low_ns;
    double high_ns;
    struct estimate_median measured_median;
    enum figures_headline headline; /* measured from five samples on, else modelled */
    double headline_ns;             /* its sum; 0 without one */
    uint64_t headline_samples;
    uint64_t without_round_trip; /* TLS 1.3 PSK that saved 0: bytes and computing only */
    struct estimate bytes; /* median bytes of the host's and version's full ones less its own */
    /* Round trips lost inside flights (rtts_stalled): the mean of the host's and version's full
     * handshakes less its own, and that times the path's round trip. It is part of what is
     * measured, and not of what is modelled. */
    struct mean stalled;
    struct mean stalled_ns;
};

/* What full handshakes that need not have been any could have saved. */
struct figures_gain {
    uint64_t handshakes;
    struct mean rtts;               /* its round trips less those of the host's resumed ones */
    struct mean modelled;           /* that x rtt */
    struct estimate measured;       /* its time less the median of the cell of resumed ones */
    enum figures_headline headline; /* as of what was saved */
    double headline_ns;
    uint64_t headline_samples;
};

struct figures {
    uint64_t handshakes;
    uint64_t verdicts[VERDICT_COUNT];
    uint64_t resumed;
    uint64_t evaluated; /* full and resumed; unknown and failed are neither */
    double rate;        /* resumed / evaluated; NAN if none was evaluated */
    uint64_t outcomes[OUTCOME_COUNT];
    uint64_t early_data[EARLY_DATA_COUNT];
    struct figures_cost full_cost;
    struct figures_cost resumed_cost;
    struct figures_saved saved;
    struct figures_gain gains[MISSED_COUNT]; /* by why it was missed; the first is none */
    uint64_t tickets_issued;
    uint64_t tickets_renewed; /* those of them issued in a resumed handshake */
    uint64_t ids_issued;
    int64_t hint_min_s; /* 0: left open by the server; HANDSHAKE_NULL: none seen, as below */
    int64_t hint_max_s;
    int64_t largest_accepted_age_s;
    int64_t smallest_refused_age_s;
    uint64_t accepted_aged; /* offers accepted of sessions whose age is known */
    uint64_t accepted_past; /* those older than FIGURES_PAST times the longest hint */
};

/* What handshakes of a host and version cost in round trips (report/baseline.h). */
struct figures_rtts {
    int full; /* HANDSHAKE_RTTS_NULL: not known, as the next */
    int resumed;
};

/* The samples a figure is made of, and where to work. */
struct figures_input {
    const struct sample *samples;
    const uint32_t *order; /* indices of the group's samples */
    size_t count;
    const struct saving_cells *full_cells;
    const struct saving_cells *resumed_cells;
    const struct saving_costs *costs;
    const struct figures_rtts *rtts; /* by sample.baseline */
    struct estimate_work *work;      /* room for `count`, and for all references */
};

void figures_of(const struct figures_input *input, struct figures *out);

/* Nothing counted yet. */
void figures_init(struct figures *figures);

/* Adds what can be added: counts, sums, extremes. Medians, intervals and headlines stay as they
 * are. */
void figures_add(struct figures *sum, const struct figures *part);

/* What follows from the rest: the rate, headlines. */
void figures_conclude(struct figures *figures);

/* Whether an age is past FIGURES_PAST times the longest hint, which is known by now. */
bool figures_is_past(const struct figures *figures, int64_t age_s);

/* Offers refused, of those that were accepted or refused. */
struct proportion figures_refused(const struct figures *figures);

#endif
