// Room: UserEquipment
