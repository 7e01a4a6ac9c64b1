/* Holds the records of a harmed capture against those of the whole one. */
#ifndef REPRISE_TESTS_LOSS_JUDGE_H
#define REPRISE_TESTS_LOSS_JUDGE_H

#include "tests/loss/records.h"

enum fate {
    FATE_KEPT,       /* the same verdict, as certain or less */
    FATE_UNKNOWN,    /* what would prove it is lost */
    FATE_GONE,       /* no record at all: its hellos are lost */
    FATE_LIKELY,     /* another verdict, but no resumption, and said to be likely */
    FATE_ENDED,      /* failed, by an alert or a reset that is in the capture */
    FATE_END_UNSEEN, /* no longer failed, but full: the alert or reset is lost */
    FATE_WRONG,      /* another class */
    FATE_FALSE,      /* a resumption that was none, however likely */
    FATE_COUNT,
};

struct judge {
    size_t total; /* records of whole captures */
    size_t fates[FATE_COUNT];
};

/* What became of one record; harmed NULL: nothing. */
enum fate judge_fate(const struct handshake *whole, const struct handshake *harmed);

/* Matches records by endpoints and nearest time; names each wrong one on stderr, under a title. */
void judge_add(struct judge *judge, const struct records *whole, const struct records *harmed,
               const char *title);

#endif
