"""The row about instructions."""
from instructions import Slopes, is_there


def instructions(bench):
    what = "instructions per packet of the bulk trace"
    if not is_there():
        bench.table.leave(what, "package valgrind is not installed")
        return
    slopes = Slopes(bench.programs.reprise, bench.traces).measure()
    bench.table.fill(what, slopes.bulk_packet(), "its share of a handshake included")
    bench.table.add("instructions", "instructions per packet behind a handshake", slopes.packet(), "")
    bench.table.add("instructions", "instructions per handshake beyond its packets",
                    slopes.handshake(), "", "stored and reported")
