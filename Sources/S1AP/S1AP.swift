// Room: S1AP
