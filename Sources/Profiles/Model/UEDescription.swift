public import UserEquipment

/// A UE as a profile describes it.
public struct UEDescription: Sendable {
  /// What is stored on its USIM, where the profile says so itself.
  public struct Card: Sendable, Equatable {
    public var imsi: String
    public var k: String
    public var opc: String?
    public var op: String?
    public var amf: String?
    public var sqn: String?
    public var algorithm: String?
    public var place: ProfilePlace
    /// Where each key's value stands.
    public var places: [String: ProfilePlace] = [:]
  }

  /// The name of a UE that is the only one.
  public static let onlyName = "ue"

  public var name: String = onlyName
  /// `default`, or the IMSI of one of the subscribers that the command was given.
  public var subscriber = "default"
  public var subscriberPlace: ProfilePlace?
  /// Where its IMSI is said, or its subscriber, or it itself; nil: nowhere.
  public var identityPlace: ProfilePlace?
  public var card: Card?
  /// EPS integrity and encryption algorithms that it has; nil: the ordinary ones.
  public var eia: [Int]?
  public var eea: [Int]?
  /// 16 digits.
  public var imeisv: String?
  public var accessPointName: String?
  /// Holds APN and PCO back until they are asked for under protection.
  public var transfersESMInformationProtected = false
  /// Octets of MS network capability.
  public var msNetworkCapability: [UInt8]?
  public var attachesForEmergency = false
  public var deviations: Set<Deviation> = []

  init() {}

  static let shape = Shape.map(
    [
      .init("subscriber", .text("default, or the IMSI of a subscriber given to the command")),
      .init(
        "usim",
        .map(
          [
            .init("imsi", .spelled("^[0-9]{6,15}$", "6 to 15 digits"), required: true),
            .init("k", .text("32 hex digits"), required: true),
            .init("opc", .text("32 hex digits")), .init("op", .text("32 hex digits, instead of opc")),
            .init("amf", .text("4 hex digits")), .init("sqn", .text("12 hex digits: what the HSS used last")),
            .init("algorithm", .word(["milenage", "tuak", "xor"], "an authentication algorithm")),
          ], "usim")),
      .init("eia", .list(of: .integer(0...7, "a number of an algorithm"), atLeast: 0, "EPS integrity algorithms that the UE has")),
      .init("eea", .list(of: .integer(0...7, "a number of an algorithm"), atLeast: 0, "EPS encryption algorithms that the UE has")),
      .init("imeisv", .spelled("^[0-9]{16}$", "16 digits")),
      .init("apn", .text("the access point name to ask for")),
      .init("esm information", .word(["at once", "protected"], "when APN and PCO are told")),
      .init("ms network capability", .octets("its octets")),
      .init("emergency", .boolean("whether it attaches for emergency bearer services")),
      .init(
        "deviations",
        .list(
          of: .word(Deviation.allCases.map(\.rawValue), "a deviation (`nasue explain deviations`)"), atLeast: 1,
          "where the UE departs from TS 24.301")),
    ], "ue")

  /// - Throws: where a value cannot be coded in the messages that carry it.
  init(_ value: ProfileValue, name: String) throws(ProfileError) {
    try Self.check(value)
    self.name = name
    subscriber = value["subscriber"]?.text ?? "default"
    subscriberPlace = value["subscriber"]?.place
    if let card = value["usim"], let imsi = card["imsi"]?.text, let k = card["k"]?.text {
      self.card = Card(
        imsi: imsi, k: k, opc: card["opc"]?.text, op: card["op"]?.text, amf: card["amf"]?.text, sqn: card["sqn"]?.text,
        algorithm: card["algorithm"]?.text, place: card.place,
        places: Dictionary(card.entries.map { ($0.key, $0.value.place) }) { first, _ in first })
    }
    identityPlace = value["usim"]?["imsi"]?.place ?? value["subscriber"]?.place ?? value.place
    eia = value["eia"].map { $0.elements.compactMap(\.integer) }
    eea = value["eea"].map { $0.elements.compactMap(\.integer) }
    imeisv = value["imeisv"]?.text
    accessPointName = value["apn"]?.text
    transfersESMInformationProtected = value["esm information"]?.text == "protected"
    msNetworkCapability = value["ms network capability"]?.octets
    attachesForEmergency = value["emergency"]?.boolean ?? false
    deviations = Set((value["deviations"]?.texts ?? []).compactMap { Deviation(rawValue: $0) })
  }
}
