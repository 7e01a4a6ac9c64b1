#include "report/text_refusals.h"

#include "report/format.h"
#include "report/sentences.h"
#include "report/text_page.h"

#include <inttypes.h>

enum { CAUSE_COLUMNS = 14, COUNT_COLUMNS = 9, SHARE_COLUMNS = 9, TIME_COLUMNS = 22 };

static void print_examples(FILE *out, const struct occurrences *cause)
{
    for (size_t i = 0; i < occurrences_examples(cause); i++) {
        fprintf(out, "%s%" PRId64, i > 0 ? ", " : "  such as ", cause->examples[i]);
    }
    fputc('\n', out);
}

static void print_cause(FILE *out, const struct refusals *refusals, enum refusal_cause which)
{
    const struct occurrences *cause = &refusals->causes[which];
    char count[FORMAT_BYTES];
    char share[FORMAT_BYTES];
    char first[FORMAT_BYTES];
    char last[FORMAT_BYTES];

    fprintf(out, "%-*s%*s%*s%*s%*s", CAUSE_COLUMNS, refusal_cause_name(which), COUNT_COLUMNS,
            format_count(cause->count, count), SHARE_COLUMNS,
            format_rate((double)cause->count / (double)refusals->count, share), TIME_COLUMNS,
            format_second(cause->first_ns, first), TIME_COLUMNS,
            format_second(cause->last_ns, last));
    fputc('\n', out);
    print_examples(out, cause);
}

static void print_causes(FILE *out, const struct refusals *refusals, bool use_color)
{
    text_page_bold(out, use_color);
    fprintf(out, "%-*s%*s%*s%*s%*s", CAUSE_COLUMNS, "cause, ids", COUNT_COLUMNS, "offers",
            SHARE_COLUMNS, "share", TIME_COLUMNS, "first", TIME_COLUMNS, "last");
    text_page_plain(out, use_color);
    fputc('\n', out);
    for (int cause = REFUSAL_CAUSE_NONE + 1; cause < REFUSAL_CAUSE_COUNT; cause++) {
        if (refusals->causes[cause].count > 0) {
            print_cause(out, refusals, (enum refusal_cause)cause);
        }
    }
}

static void print_missed(FILE *out, const struct refusals *refusals)
{
    struct text_sentence sentence = {0};

    sentences_missed(refusals, &sentence);
    if (sentence.text[0] != '\0') {
        text_page_row(out, "missed", &sentence);
    }
}

void text_refusals(FILE *out, const struct refusals *refusals, bool use_color)
{
    const uint64_t *missed = refusals->missed;

    if (refusals->count == 0 && missed[MISSED_NOT_OFFERED] + missed[MISSED_REFUSED] == 0) {
        return;
    }
    text_page_heading(out, "REFUSALS", use_color);
    if (refusals->count > 0) {
        print_causes(out, refusals, use_color);
    }
    print_missed(out, refusals);
}
