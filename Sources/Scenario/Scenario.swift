// Room: Scenario
