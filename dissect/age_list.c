#include "dissect/age_list.h"

#include <stddef.h>

void age_list_add(struct age_list *list, struct age_link *link, int64_t now_ns)
{
    link->list = list;
    link->last_ns = now_ns;
    link->newer = NULL;
    link->older = list->newest;
    if (list->newest != NULL) {
        list->newest->newer = link;
    } else {
        list->oldest = link;
    }
    list->newest = link;
}

void age_list_remove(struct age_link *link)
{
    if (link->newer != NULL) {
        link->newer->older = link->older;
    } else {
        link->list->newest = link->older;
    }
    if (link->older != NULL) {
        link->older->newer = link->newer;
    } else {
        link->list->oldest = link->newer;
    }
}

void age_list_touch(struct age_list *list, struct age_link *link, int64_t now_ns)
{
    /* A clock that went back and returns has not let anybody be silent meanwhile. */
    const int64_t last_ns = now_ns > link->last_ns ? now_ns : link->last_ns;

    if (list->newest == link) {
        link->last_ns = last_ns;
        return;
    }
    age_list_remove(link);
    age_list_add(list, link, last_ns);
}

bool age_list_is_overdue(const struct age_link *link, int64_t now_ns)
{
    return now_ns - link->last_ns >= link->list->timeout_ns;
}
