reprise_fuzz(flow_table LINK reprise_net)
reprise_fuzz(packet LINK reprise_net)
reprise_fuzz(fragments LINK reprise_net)
reprise_fuzz(stream LINK reprise_net)
