#include "report/json_advice.h"

#include "report/advice.h"
#include "report/json_members.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

static void print_figures(FILE *out, const struct advice_finding *finding)
{
    struct value value;

    fprintf(out, ", \"figures\": {\"count\": %" PRIu64 ", \"samples\": %" PRIu64,
            finding->part.part, finding->part.of);
    value_set_rounded(&value, finding->gain_ns > 0 ? finding->gain_ns / 1000 : (double)NAN);
    json_member(out, "gain_us", &value);
    for (size_t i = 0; i < finding->figure_count; i++) {
        value_set_integer(&value, finding->figures[i].value);
        json_member(out, finding->figures[i].name, &value);
    }
    fputs("}", out);
}

static void print_finding(FILE *out, const struct advice_host *host,
                          const struct advice_finding *finding)
{
    struct value value;

    fputs("{\"host\": ", out);
    value_set_text(&value, host->name, host->name_len);
    value_print_json(out, &value);
    fprintf(out, ", \"rule\": \"%s\", \"certainty\": \"%s\"", finding->rule,
            advice_certainty_name(finding->certainty));
    value_set_text(&value, finding->sentence.text, strlen(finding->sentence.text));
    json_member(out, "sentence", &value);
    print_figures(out, finding);
    fputs("}", out);
}

void json_advice(FILE *out, const struct summary *summary, const struct report_options *options)
{
    const size_t shown = formats_shown(summary, options);
    struct advice_finding finding;
    bool is_first = true;

    fputs("  \"advice\": [", out);
    for (size_t i = 0; i < advice_count(options->advice); i++) {
        const struct advice_host *host = advice_at(options->advice, i, &finding);
        if (host->place < shown) {
            fputs(is_first ? "\n    " : ",\n    ", out);
            print_finding(out, host, &finding);
            is_first = false;
        }
    }
    fprintf(out, "%s],\n  \"hosts_not_advised\": %zu,\n", is_first ? "" : "\n  ",
            advice_hosts_left_out(options->advice));
}
