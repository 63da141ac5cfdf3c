// Room: Capture
