#include "app/labels.h"

void labels_clear(struct labels *labels)
{
    label_free(labels->library);
    *labels = (struct labels){.library = NULL};
}

/* A label is a convenience: without memory for it there is none. */
static bool make(struct labels *labels)
{
    struct error ignored;

    if (labels->library == NULL && !labels->is_missing) {
        labels->library = label_new(&ignored);
        labels->is_missing = labels->library == NULL;
    }
    return labels->library != NULL;
}

void labels_carrier(struct labels *labels, struct handshake *handshake)
{
    if (handshake->carrier == CARRIER_OTHER && make(labels)) {
        (void)label_carrier(labels->library, &handshake->carrier_client, &handshake->carrier_server,
                            handshake->carrier_guess);
    }
}

static void look_up(struct labels *labels, const struct wire_text *host, char out[LABEL_BYTES])
{
    out[0] = '\0';
    if (label_is_name(host->text, host->len) && make(labels)) {
        (void)label_app(labels->library, host->text, host->len, out);
    }
}

bool labels_hosts(struct labels *labels, struct store *store, struct error *error)
{
    struct host_record host;
    char app[LABEL_BYTES];

    while (store_next_unlabelled(store, &host, error)) {
        if (host.id == 0) {
            return true;
        }
        look_up(labels, &host.name, app);
        if (!store_label(store, &host, app, error)) {
            return false;
        }
    }
    return false;
}
