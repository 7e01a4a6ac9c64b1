/* What a file is, told by its first four bytes, unpacked where they are compressed: to pass over
 * what lies beside captures in a directory (a README, a checksum) without a word. */
#ifndef REPRISE_CAPTURE_MAGIC_H
#define REPRISE_CAPTURE_MAGIC_H

#include <stdbool.h>

/* False only for a file that can be read and surely is no capture: one that is too short to tell,
 * or may not be opened, is left to the one who opens it in earnest and can say why not. */
bool magic_may_be_capture(const char *path);

#endif
