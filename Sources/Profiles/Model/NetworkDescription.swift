public import NASCrypto
public import TestNetwork

/// A cell, of an eNB of its own.
public struct CellDescription: Sendable {
  public var name: String
  /// Macro eNB ID, 20 bits.
  public var enbID: UInt32
  public var trackingAreaCode: UInt16
  /// The name of the MME that its eNB is connected to.
  public var mme = MMEDescription.onlyName
  public var physicalCellIdentity: UInt16
  public var downlinkEARFCN: UInt32 = 3350

  static let shape = Shape.map(
    [
      .init("enb", .integer(0...0xFFFFF, "a macro eNB ID")),
      .init("tac", .integer(0...0xFFFF, "a tracking area code")),
      .init("mme", .definition(.mme, "the MME that its eNB is connected to")),
      .init("pci", .integer(0...503, "a physical cell identity")),
      .init("earfcn", .integer(0...262_143, "a downlink EARFCN")),
    ], "cell")

  init(name: String, index: Int) {
    self.name = name
    enbID = 0x101 + UInt32(truncatingIfNeeded: index)
    trackingAreaCode = 1
    physicalCellIdentity = UInt16(truncatingIfNeeded: (1 + index) % 504)
  }

  init(_ value: ProfileValue, name: String, index: Int) {
    self.init(name: name, index: index)
    if let number = value["enb"]?.integer { enbID = UInt32(truncatingIfNeeded: number) }
    if let number = value["tac"]?.integer { trackingAreaCode = UInt16(truncatingIfNeeded: number) }
    if let text = value["mme"]?.text { mme = text }
    if let number = value["pci"]?.integer { physicalCellIdentity = UInt16(truncatingIfNeeded: number) }
    if let number = value["earfcn"]?.integer { downlinkEARFCN = UInt32(truncatingIfNeeded: number) }
  }
}

/// An MME of the test network; of a real network only its name is used.
public struct MMEDescription: Sendable {
  public static let onlyName = "mme"

  public var name: String
  public var group: UInt16?
  public var code: UInt8?
  /// In addition to those of the network as a whole.
  public var defects: Set<Defect> = []

  static let shape = Shape.map(
    [
      .init("group", .integer(0...0xFFFF, "an MME group ID")),
      .init("code", .integer(0...0xFF, "an MME code")),
      .init("defects", NetworkDescription.defects),
    ], "mme")

  init(name: String) { self.name = name }

  init(_ value: ProfileValue, name: String) {
    self.name = name
    group = value["group"]?.integer.map { UInt16(truncatingIfNeeded: $0) }
    code = value["code"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    defects = Set((value["defects"]?.texts ?? []).compactMap { Defect(rawValue: $0) })
  }
}

/// What the test network is told; a real network does as it is configured.
public struct NetworkDescription: Sendable {
  /// MCC and MNC; nil: what the command was told.
  public var plmn: String?
  /// By preference.
  public var eea: [CipheringAlgorithm]?
  public var eia: [IntegrityAlgorithm]?
  public var defects: Set<Defect> = []
  /// Authenticates even a UE whose initial message it could verify.
  public var authenticatesKnownUEs = false
  /// EMM causes with which it rejects.
  public var attachRejection: UInt8?
  public var updateRejection: UInt8?
  public var serviceRejection: UInt8?

  /// Why no other network will do, in words; nil where one does. Algorithms are left to what UE and network have in common.
  public var whyOnlyTestNetwork: String? {
    if !defects.isEmpty { return "it tells the MME what to do wrong" }
    if attachRejection != nil || updateRejection != nil || serviceRejection != nil { return "it tells the MME what to reject" }
    return authenticatesKnownUEs ? "it tells the MME when to authenticate" : nil
  }

  static let defects = Shape.list(
    of: .word(Defect.allCases.map(\.rawValue), "a defect (`nasue mme --list-defects`)"), atLeast: 1, "what the MME does wrong on purpose")

  static let shape = Shape.map(
    [
      .init("plmn", .spelled("^[0-9]{5,6}$", "5 or 6 digits")),
      .init("eea", .list(of: .integer(0...3, "a number of an algorithm"), atLeast: 1, "encryption algorithms by preference")),
      .init("eia", .list(of: .integer(1...3, "a number of an algorithm"), atLeast: 1, "integrity algorithms by preference")),
      .init("defects", defects),
      .init("authenticates known ues", .boolean("whether a UE is authenticated though its initial message verified")),
      .init(
        "rejects",
        .map(
          [
            .init("attach", .integer(0...255, "an EMM cause")), .init("update", .integer(0...255, "an EMM cause")),
            .init("service", .integer(0...255, "an EMM cause")),
          ], "rejects")),
    ], "test network")

  init(_ value: ProfileValue?) {
    guard let value else { return }
    plmn = value["plmn"]?.text
    eea = value["eea"].map { $0.elements.compactMap(\.integer).compactMap { CipheringAlgorithm(rawValue: UInt8(truncatingIfNeeded: $0)) } }
    eia = value["eia"].map { $0.elements.compactMap(\.integer).compactMap { IntegrityAlgorithm(rawValue: UInt8(truncatingIfNeeded: $0)) } }
    defects = Set((value["defects"]?.texts ?? []).compactMap { Defect(rawValue: $0) })
    authenticatesKnownUEs = value["authenticates known ues"]?.boolean ?? false
    attachRejection = value["rejects"]?["attach"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    updateRejection = value["rejects"]?["update"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
    serviceRejection = value["rejects"]?["service"]?.integer.map { UInt8(truncatingIfNeeded: $0) }
  }
}
