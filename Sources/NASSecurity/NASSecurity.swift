// Room: NASSecurity
