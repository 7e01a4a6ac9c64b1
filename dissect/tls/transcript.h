/* The order of everything seen in clear, as a compact string (`messages` in SPEC 6): for each
 * event '>' (client) or '<' (server) and a word, separated by spaces:
 *
 *   CH SH HRR HVR HREQ NST CERT SKE CREQ SHD CVER CKE CSTAT  handshake messages; of SSL 2.0
 *                  CH, SH and, for CLIENT-MASTER-KEY, CKE
 *   HS(n)          another handshake message, by its type
 *   CCS            ChangeCipherSpec
 *   FIN            TLS <= 1.2: the first encrypted handshake record after it, the Finished
 *   ENC            another encrypted handshake record
 *   APP            application data; in TLS 1.3 also the encrypted part of the handshake
 *   ALERT(name)    alert in clear; EALERT an encrypted one; HB heartbeat
 *   GAP            bytes lost; NOTLS what follows is not TLS; END FIN seen; RST reset
 *
 * Repetitions of one word by one side are written once. */
#ifndef REPRISE_DISSECT_TLS_TRANSCRIPT_H
#define REPRISE_DISSECT_TLS_TRANSCRIPT_H

#include "dissect/tls/event.h"

#include <stddef.h>

/* Appends an event to a terminated string of len bytes, with room for `size`, and returns its new
 * length; "..." stands for what has no room. is_finished: this encrypted handshake record is the
 * side's first after its ChangeCipherSpec. */
size_t transcript_add(char *transcript, size_t size, size_t len, const struct tls_event *event,
                      bool is_finished);

#endif
