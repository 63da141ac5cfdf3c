// Room: RadioAccess
