#include "report/thresholds.h"

#include "report/escape.h"
#include "report/proportion.h"

#include <inttypes.h>
#include <math.h>

/* A line begins like every sentence of the program on standard error. */
static void begin_line(FILE *said, const struct summary *summary, size_t place)
{
    size_t len;
    const char *name = summary_name(summary, place, &len);

    fputs("reprise: ", said);
    escape_terminal(said, name, len);
    fputs(": ", said);
}

static double percent_of(const struct proportion *proportion)
{
    return 100 * proportion_rate(proportion);
}

static bool misses_rate(const struct report_judgement *judgement, const struct proportion *resumed)
{
    return !isnan(judgement->least_rate) && resumed->of >= PROPORTION_ENOUGH &&
           percent_of(resumed) < judgement->least_rate;
}

static bool misses_refused(const struct report_judgement *judgement,
                           const struct proportion *refused)
{
    return !isnan(judgement->most_refused) && refused->of >= PROPORTION_ENOUGH &&
           percent_of(refused) > judgement->most_refused;
}

/* Groups left out by either threshold. */
struct left_out {
    size_t rate;
    size_t refused;
};

static void judge(const struct summary *summary, size_t place, struct report_judgement *judgement,
                  struct left_out *left_out)
{
    struct figures figures;

    summary_figures(summary, place, &figures);
    const struct proportion resumed = {figures.resumed, figures.evaluated};
    const struct proportion refused = figures_refused(&figures);
    bool is_low = misses_rate(judgement, &resumed);
    bool is_refusing = misses_refused(judgement, &refused);

    if (is_low) {
        begin_line(judgement->said, summary, place);
        fprintf(judgement->said,
                "%.2f %% resumed, %" PRIu64 " of %" PRIu64 "; asked for at least %g %%\n",
                percent_of(&resumed), resumed.part, resumed.of, judgement->least_rate);
    }
    if (is_refusing) {
        begin_line(judgement->said, summary, place);
        fprintf(judgement->said,
                "%.2f %% of offers refused, %" PRIu64 " of %" PRIu64 "; asked for at most %g %%\n",
                percent_of(&refused), refused.part, refused.of, judgement->most_refused);
    }
    judgement->missed += is_low || is_refusing;
    left_out->rate += resumed.of < PROPORTION_ENOUGH;
    left_out->refused += refused.of < PROPORTION_ENOUGH;
}

static void tell_left_out(FILE *said, size_t count, const char *option, const char *of_what)
{
    if (count > 0) {
        fprintf(said, "reprise: %s leaves out %zu host%s with fewer than %d %s\n", option, count,
                count == 1 ? "" : "s", PROPORTION_ENOUGH, of_what);
    }
}

void thresholds_judge(const struct summary *summary, struct report_judgement *judgement)
{
    struct left_out left_out = {0, 0};

    judgement->missed = 0;
    for (size_t place = 0; place < summary_groups(summary); place++) {
        judge(summary, place, judgement, &left_out);
    }
    if (!isnan(judgement->least_rate)) {
        tell_left_out(judgement->said, left_out.rate, "--fail-under", "evaluated handshakes");
    }
    if (!isnan(judgement->most_refused)) {
        tell_left_out(judgement->said, left_out.refused, "--fail-over-refused",
                      "offers that were accepted or refused");
    }
}
