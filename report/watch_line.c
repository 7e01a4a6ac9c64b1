#include "report/format.h"
#include "report/report.h"
#include "report/text_rows.h"

#include <math.h>
#include <string.h>

enum { ENDS_COLUMNS = 34, NOTES_BYTES = 160 };

/* Appends ", words" or the first words; what does not fit is left out. */
static void add_note(char notes[NOTES_BYTES], const char *words)
{
    size_t len = strlen(notes);

    if (len + 2 + strlen(words) < NOTES_BYTES) {
        (void)snprintf(notes + len, NOTES_BYTES - len, "%s%s", len > 0 ? ", " : "", words);
    }
}

static void add_offer_note(char notes[NOTES_BYTES], const struct handshake *handshake)
{
    char words[FORMAT_BYTES];
    const char *offer = offer_name(handshake->offered);
    const char *outcome = NULL;

    if (handshake->outcome == OUTCOME_REFUSED) {
        outcome = "refused";
    } else if (handshake->outcome == OUTCOME_NOT_APPLICABLE) {
        outcome = "n/a";
    }
    if (offer != NULL && outcome != NULL) {
        (void)snprintf(words, sizeof(words), "%s %s", offer, outcome);
        add_note(notes, words);
    }
}

static void add_early_data_note(char notes[NOTES_BYTES], enum early_data early_data)
{
    if (early_data == EARLY_DATA_ACCEPTED) {
        add_note(notes, "early data");
    } else if (early_data == EARLY_DATA_REFUSED) {
        add_note(notes, "early data refused");
    }
}

static void write_notes(const struct record *record, char notes[NOTES_BYTES])
{
    const struct handshake *handshake = &record->handshake;
    char text[FORMAT_BYTES];
    char age[FORMAT_BYTES];

    notes[0] = '\0';
    if (handshake->reason != REASON_NONE) {
        add_note(notes, format_reason(handshake->reason, handshake->alert, text));
    }
    add_offer_note(notes, handshake);
    if (handshake->renewed) {
        add_note(notes, "renewed");
    }
    add_early_data_note(notes, handshake->early_data);
    if (record->age_s != HANDSHAKE_NULL) {
        (void)snprintf(text, sizeof(text), "age %.40s", format_seconds(record->age_s, age));
        add_note(notes, text);
    }
}

void report_watch_line(FILE *out, const struct record *record, bool use_color)
{
    const struct handshake *handshake = &record->handshake;
    bool has_time = handshake->handshake_ns != HANDSHAKE_NULL;
    char text[FORMAT_BYTES];
    char notes[NOTES_BYTES];

    write_notes(record, notes);
    fprintf(out, "%s ", format_time_of_day(handshake->time_ns, text));
    text_rows_ends(out, record, ENDS_COLUMNS);
    fprintf(out, " %-7s ", format_version(handshake->version, text));
    text_rows_verdict(out, handshake->verdict, TEXT_ROWS_VERDICT_COLUMNS, use_color);
    fputc(' ', out);
    text_rows_rtts(out, handshake);
    fprintf(out, " rtt %5s ms%s%s\n",
            format_ms(has_time ? (double)handshake->handshake_ns : (double)NAN, text),
            notes[0] == '\0' ? "" : " ", notes);
}
