#include "report/html_parts.h"
#include "report/html_spread.h"

/* Nanoseconds. */
static const struct spread_tick time_ticks[] = {
    {1000, "1 \xc2\xb5s"},     {10000, "10 \xc2\xb5s"}, {100000, "0.1 ms"},
    {1000000, "1 ms"},         {10000000, "10 ms"},     {100000000, "100 ms"},
    {1000000000, "1 s"},       {10000000000, "10 s"},   {100000000000, "100 s"},
    {1000000000000, "1000 s"}, {86400000000000, "1 d"}, {8640000000000000, "100 d"},
    {200000, "0.2 ms"},        {500000, "0.5 ms"},      {2000000, "2 ms"},
    {5000000, "5 ms"},         {20000000, "20 ms"},     {50000000, "50 ms"},
    {200000000, "200 ms"},     {500000000, "500 ms"},   {2000000000, "2 s"},
    {5000000000, "5 s"},       {20000000000, "20 s"},   {50000000000, "50 s"},
};

/* Seconds. */
static const struct spread_tick age_ticks[] = {
    {1, "1 s"},      {10, "10 s"},    {60, "1 min"},     {600, "10 min"},   {3600, "1 h"},
    {86400, "1 d"},  {604800, "7 d"}, {2592000, "30 d"}, {31536000, "1 y"}, {315360000, "10 y"},
    {21600, "6 h"},  {30, "30 s"},    {300, "5 min"},    {1800, "30 min"},  {7200, "2 h"},
    {43200, "12 h"}, {172800, "2 d"}, {2, "2 s"},        {5, "5 s"},        {120, "2 min"},
    {10800, "3 h"},
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

static void describe_time(int64_t value, char out[FORMAT_BYTES])
{
    (void)format_duration((double)value, out);
}

static void describe_age(int64_t value, char out[FORMAT_BYTES])
{
    (void)format_seconds(value, out);
}

static const struct spread cost = {
    .caption = "Handshake time, full and resumed",
    .description = "Two histograms on one logarithmic scale of time, as the client lives it: full "
                   "handshakes above, resumed ones below, the median of each marked. The table "
                   "below has the numbers.",
    .none = "No handshake has a known time.",
    .band_words = {"full", "resumed"},
    .band_looks = {{"k-full", NULL}, {"k-ticket", NULL}},
    .kind = SPREAD_TIMES,
    .describe = describe_time,
    .zero = "0",
    .ticks = time_ticks,
    .tick_count = COUNT_OF(time_ticks),
};

static const struct spread age = {
    .caption = "Age of sessions when offered",
    .description = "Two histograms on one logarithmic scale of age: offers that were accepted "
                   "above, refused ones below, the lifetime hints of tickets marked by dashed "
                   "lines. The table below has the numbers.",
    .none = "Of no session offered was it seen when it was issued.",
    .band_words = {"accepted", "refused"},
    .band_looks = {{"k-ticket", NULL}, {"k-failed", "s-failed"}},
    .kind = SPREAD_AGES,
    .describe = describe_age,
    .zero = "0 s",
    .ticks = age_ticks,
    .tick_count = COUNT_OF(age_ticks),
};

void html_cost_picture(struct html_page *page, const struct html_group *group)
{
    static const struct spread_marks none = {.count = 0};
    html_spread(page, group, &cost, &none);
}

/* A hint of 0 promises nothing (RFC 5077, 3.3) and has no place on the scale. */
static void add_hint(struct spread_marks *marks, int64_t hint_s, const char *word)
{
    char text[FORMAT_BYTES];

    if (hint_s > 0) {
        marks->values[marks->count] = hint_s;
        (void)snprintf(marks->labels[marks->count], FORMAT_BYTES, "%s %.40s", word,
                       format_seconds(hint_s, text));
        marks->count++;
    }
}

void html_age_picture(struct html_page *page, const struct html_group *group)
{
    struct spread_marks marks = {.count = 0};
    const struct figures *figures = &group->figures;

    if (figures->hint_min_s == figures->hint_max_s) {
        add_hint(&marks, figures->hint_max_s, "hint");
    } else {
        add_hint(&marks, figures->hint_min_s, "least hint");
        add_hint(&marks, figures->hint_max_s, "largest hint");
    }
    html_spread(page, group, &age, &marks);
}
