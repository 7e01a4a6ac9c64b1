/* A packet made for libndpi, which reads nothing else: IPv4 and TCP headers around what one side of
 * a connection said. */
#ifndef REPRISE_DISSECT_LABEL_LABEL_PACKET_H
#define REPRISE_DISSECT_LABEL_LABEL_PACKET_H

#include "dissect/handshake.h"

#include <stddef.h>

enum { LABEL_PACKET_BYTES = 40 + CARRIER_SPEECH_BYTES };

/* from_server: the other way round. Returns the packet's length. */
size_t label_packet_make(const struct carrier_speech *speech, bool from_server,
                         uint8_t out[LABEL_PACKET_BYTES]);

#endif
