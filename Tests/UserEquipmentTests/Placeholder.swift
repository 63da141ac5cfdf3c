import Testing

@testable import UserEquipment
