reprise_fuzz(client_hello LINK reprise_tls)
reprise_fuzz(server_hello LINK reprise_tls)
reprise_fuzz(tls_reader LINK reprise_tls)
reprise_fuzz(dtls_reader LINK reprise_tls)
