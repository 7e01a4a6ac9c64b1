#include "report/html_parts.h"

#include <inttypes.h>
#include <math.h>

static void print_pictures(struct html_page *page, const struct html_group *group)
{
    fputs("<div class=\"charts\">\n", page->out);
    html_time_picture(page, group);
    html_cost_picture(page, group);
    html_age_picture(page, group);
    fputs("</div>\n", page->out);
}

void html_overview(struct html_page *page)
{
    struct html_group all = {.place = SUMMARY_ALL, .figures = *page->total};

    summary_total_series(page->summary, &page->scale, &all.series);
    fputs("<section id=\"overview\" aria-labelledby=\"overview-heading\">\n"
          "<h2 id=\"overview-heading\">At a glance</h2>\n",
          page->out);
    print_pictures(page, &all);
    fputs("<div class=\"pair\">\n", page->out);
    html_verdicts(page, &all);
    html_offers(page, &all);
    fputs("</div>\n</section>\n", page->out);
}

static void begin_fact(FILE *out, const char *label)
{
    fprintf(out, "<div><dt>%s</dt><dd>", label);
}

static void end_fact(FILE *out)
{
    fputs("</dd></div>\n", out);
}

static void print_handshakes(FILE *out, const struct figures *figures)
{
    char all[FORMAT_BYTES];
    char evaluated[FORMAT_BYTES];
    char rate[FORMAT_BYTES];

    begin_fact(out, "Handshakes");
    fprintf(out, "%s; %s of %s full or resumed ones were resumed",
            html_count(figures->handshakes, all), format_rate(figures->rate, rate),
            html_count(figures->evaluated, evaluated));
    end_fact(out);
}

static void print_mean(FILE *out, const struct mean *mean)
{
    if (mean->samples == 0) {
        fputc('-', out);
    } else {
        fprintf(out, "%.1f", mean_value(mean));
    }
}

static void print_bytes(FILE *out, const struct mean *mean)
{
    char number[FORMAT_BYTES];

    if (mean->samples == 0) {
        fputc('-', out);
    } else {
        fputs(html_count((uint64_t)fmax(0, round(mean_value(mean))), number), out);
    }
}

static void print_costs(FILE *out, const struct figures *figures)
{
    char full[FORMAT_BYTES];
    char resumed[FORMAT_BYTES];

    begin_fact(out, "Time");
    fprintf(out, "%s full, %s resumed (medians)", html_duration(figures->full_cost.median_ns, full),
            html_duration(figures->resumed_cost.median_ns, resumed));
    end_fact(out);
    begin_fact(out, "Round trips");
    print_mean(out, &figures->full_cost.rtts_tls);
    fputs(" full, ", out);
    print_mean(out, &figures->resumed_cost.rtts_tls);
    fputs(" resumed (means)", out);
    end_fact(out);
    begin_fact(out, "Bytes");
    print_bytes(out, &figures->full_cost.bytes);
    fputs(" full, ", out);
    print_bytes(out, &figures->resumed_cost.bytes);
    fputs(" resumed (means)", out);
    end_fact(out);
}

static const char *age_words(int64_t age_s, char out[FORMAT_BYTES])
{
    if (age_s == HANDSHAKE_NULL) {
        (void)snprintf(out, FORMAT_BYTES, "not known");
        return out;
    }
    return format_seconds(age_s, out);
}

static void print_lifetimes(FILE *out, const struct figures *figures)
{
    char hints[FORMAT_BYTES];
    char accepted[FORMAT_BYTES];
    char refused[FORMAT_BYTES];

    begin_fact(out, "Lifetime");
    fprintf(out, "%s%s; oldest accepted %s, youngest refused %s",
            figures->hint_min_s == HANDSHAKE_NULL ? "no hint seen" : "hint ",
            figures->hint_min_s == HANDSHAKE_NULL ? "" : html_hints(figures, hints),
            age_words(figures->largest_accepted_age_s, accepted),
            age_words(figures->smallest_refused_age_s, refused));
    end_fact(out);
}

static void print_issued(FILE *out, const struct figures *figures)
{
    char tickets[FORMAT_BYTES];
    char renewed[FORMAT_BYTES];
    char ids[FORMAT_BYTES];

    begin_fact(out, "Issued in clear");
    fprintf(out, "%s ticket%s, %s of them as renewals; %s session ID%s",
            html_count(figures->tickets_issued, tickets), html_plural(figures->tickets_issued),
            html_count(figures->tickets_renewed, renewed), html_count(figures->ids_issued, ids),
            html_plural(figures->ids_issued));
    end_fact(out);
}

static void print_facts(FILE *out, const struct figures *figures)
{
    fputs("<dl class=\"facts\">\n", out);
    print_handshakes(out, figures);
    print_costs(out, figures);
    print_lifetimes(out, figures);
    print_issued(out, figures);
    fputs("</dl>\n", out);
}

static void print_change(FILE *out, const struct drift_change *change)
{
    char time[FORMAT_BYTES];
    char before[FORMAT_BYTES];
    char after[FORMAT_BYTES];
    char count_before[FORMAT_BYTES];
    char count_after[FORMAT_BYTES];

    fprintf(
        out,
        "<p class=\"say\">Its rate went from %s (of %s) to %s (of %s) about <time>%s</time>.</p>\n",
        format_rate(proportion_rate(&change->before), before),
        html_count(change->before.of, count_before),
        format_rate(proportion_rate(&change->after), after),
        html_count(change->after.of, count_after), format_second(change->time_ns, time));
}

static void print_changes(const struct html_page *page, size_t place)
{
    for (size_t i = 0; i < summary_changes(page->summary); i++) {
        const struct summary_change *change = summary_change(page->summary, i);
        if (change->place == place) {
            print_change(page->out, &change->change);
        }
    }
}

static void print_group(struct html_page *page, size_t place)
{
    struct html_group group = {.place = place};

    group.name = summary_name(page->summary, place, &group.name_len);
    summary_figures(page->summary, place, &group.figures);
    summary_series(page->summary, place, &page->scale, &group.series);
    fprintf(page->out,
            "<section class=\"group\" id=\"g%zu\" aria-labelledby=\"n%zu\">\n<h3 id=\"n%zu\">",
            place, place, place);
    html_name(page->out, group.name, group.name_len);
    fputs("</h3>\n<p class=\"say\">", page->out);
    html_saving(page->out, &group.figures);
    fputs("</p>\n", page->out);
    print_changes(page, place);
    print_facts(page->out, &group.figures);
    print_pictures(page, &group);
    fputs("<div class=\"pair\">\n", page->out);
    html_offers(page, &group);
    html_mechanisms(page, &group);
    fputs("</div>\n", page->out);
    html_conduct(page, &group);
    fprintf(page->out, "<p class=\"back\"><a href=\"#r%zu\">Back to its row</a></p>\n</section>\n",
            place);
}

static const char *sort_words(const struct report_options *options)
{
    if (!options->has_sort) {
        return "busiest";
    }
    switch (options->sort) {
    case REPORT_SORT_HANDSHAKES:
        return "busiest";
    case REPORT_SORT_NAME:
        return "first by name";
    case REPORT_SORT_RATE:
        return "with the lowest rates";
    case REPORT_SORT_REFUSED:
        return "with the most refusals";
    case REPORT_SORT_SAVED:
        return "that saved most";
    }
    return "first";
}

/* Which groups have a section, and how to get others. */
static void print_choice(const struct html_page *page)
{
    const size_t groups = summary_groups(page->summary);
    const char *word = html_groups_word(page->options->by);
    char shown[FORMAT_BYTES];
    char all[FORMAT_BYTES];

    if (page->detailed == groups) {
        return;
    }
    fprintf(page->out,
            "<p>The %s %s %s of %s. <code>--top N</code> shows more or fewer, "
            "<code>--sort</code> others.</p>\n",
            html_count(page->detailed, shown), word, sort_words(page->options),
            html_count(groups, all));
}

void html_details(struct html_page *page)
{
    if (page->detailed == 0) {
        return;
    }
    fputs("<section id=\"details\" aria-labelledby=\"details-heading\">\n"
          "<h2 id=\"details-heading\">In detail</h2>\n",
          page->out);
    print_choice(page);
    for (size_t place = 0; place < page->detailed; place++) {
        print_group(page, place);
    }
    fputs("</section>\n", page->out);
}
