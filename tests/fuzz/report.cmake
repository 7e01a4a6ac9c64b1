reprise_fuzz(formats LINK reprise_report)
