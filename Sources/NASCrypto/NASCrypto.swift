// Room: NASCrypto
