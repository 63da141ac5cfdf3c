// Room: TestNetwork
