/* What each of several dissectors may use. */
#ifndef REPRISE_APP_SHARE_H
#define REPRISE_APP_SHARE_H

#include "dissect/dissector.h"

/* All dissectors together have what one would have, but that of several none looks inside frames:
 * that is done before they are shared out. */
struct dissector_options share_of_options(const struct dissector_options *whole, unsigned jobs);

#endif
