/* Exit statuses of the program (docs/reprise.1, EXIT STATUS). */
#ifndef REPRISE_APP_STATUS_H
#define REPRISE_APP_STATUS_H

enum status {
    STATUS_DONE = 0,
    STATUS_FAILED = 1,    /* it could not be done */
    STATUS_USAGE = 2,     /* wrong usage */
    STATUS_THRESHOLD = 3, /* a threshold asked for was missed: report --fail-under and the like */
    STATUS_DAMAGED = 4,   /* a capture was damaged or cut short; what could be read was kept */
    STATUS_DATABASE = 5,  /* the database */
};

#endif
