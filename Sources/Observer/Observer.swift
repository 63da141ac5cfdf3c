// Room: Observer
