/* What is open, in the order it was last used: the oldest is the first to be given up. An item
 * carries its link as its first member, and is in at most one list. Owns nothing. */
#ifndef REPRISE_DISSECT_AGE_LIST_H
#define REPRISE_DISSECT_AGE_LIST_H

#include <stdbool.h>
#include <stdint.h>

struct age_list;

struct age_link {
    struct age_link *newer;
    struct age_link *older;
    struct age_list *list;
    int64_t last_ns; /* the latest time of a use: clocks may go back */
};

/* Zero-initialised but for its timeout. */
struct age_list {
    struct age_link *newest;
    struct age_link *oldest;
    int64_t timeout_ns;
};

/* The link, which is in no list, becomes the newest. */
void age_list_add(struct age_list *list, struct age_link *link, int64_t now_ns);
void age_list_remove(struct age_link *link);

/* The link, which may be in this list or another, becomes the newest of this one. */
void age_list_touch(struct age_list *list, struct age_link *link, int64_t now_ns);

/* Whether the link was used longer ago than its list allows. */
bool age_list_is_overdue(const struct age_link *link, int64_t now_ns);

#endif
