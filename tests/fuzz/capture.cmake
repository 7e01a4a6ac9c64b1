reprise_fuzz(pcap_file LINK reprise_capture)
reprise_fuzz(pcapng LINK reprise_capture)
reprise_fuzz(unpack LINK reprise_capture)
