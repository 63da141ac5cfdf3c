// Room: Alignment
