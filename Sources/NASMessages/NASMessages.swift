// Room: NASMessages
