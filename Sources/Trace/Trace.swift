// Room: Trace
