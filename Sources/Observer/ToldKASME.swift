public import NASCrypto

/// A KASME that is known though K is not: from a log of the network or of the UE. It says of which challenge it is, by RAND, or whose.
public struct ToldKASME: Sendable {
  public var kasme: KeyMaterial
  /// RAND of its challenge, 16 octets. Nil: any challenge of the subscriber.
  public var rand: [UInt8]?
  /// Nil where RAND tells.
  public var imsi: String?
  /// 0-6; nil: any.
  public var eKSI: UInt8?

  public init(kasme: KeyMaterial, rand: [UInt8]? = nil, imsi: String? = nil, eKSI: UInt8? = nil) {
    self.kasme = kasme
    self.rand = rand
    self.imsi = imsi
    self.eKSI = eKSI
  }
}

/// The KASMEs that are told, by what they are found with.
struct ToldKASMEs: Sendable {
  private var byRAND: [[UInt8]: ToldKASME] = [:]
  private var byIMSI: [String: [ToldKASME]] = [:]

  init(_ all: [ToldKASME]) {
    for told in all {
      if let rand = told.rand {
        byRAND[rand] = told
      } else if let imsi = told.imsi {
        byIMSI[imsi, default: []].append(told)
      }
    }
  }

  var isEmpty: Bool { byRAND.isEmpty && byIMSI.isEmpty }

  func has(imsi: String) -> Bool { byIMSI[imsi] != nil }

  /// Those that a challenge may have made: the one with its RAND, else the subscriber's, which a protected message then tells apart.
  func candidates(rand: [UInt8], imsi: String?, eKSI: UInt8) -> [ToldKASME] {
    if let told = byRAND[rand] { return [told] }
    return imsi.flatMap { byIMSI[$0] }?.filter { $0.eKSI == nil || $0.eKSI == eKSI } ?? []
  }
}

extension Observer {
  /// KASMEs tried for one challenge.
  private static let maximumCandidates = 6

  /// A challenge of a UE whose K is not known: a context of each KASME that may be its own.
  mutating func toldChallenge(
    rand: [UInt8], eKSI: UInt8, ue index: Int, _ place: Place, into observations: inout [Observation]
  ) {
    let candidates = kasmes.candidates(rand: rand, imsi: ues[index].imsi, eKSI: eKSI)
    guard !candidates.isEmpty else { return }
    // The same again is a retransmission.
    if var known = ues[index].contexts.last(where: { $0.rand == rand && $0.eKSI == eKSI }) {
      guard !known.isFull else { return }
      known.challengeEvent = place.event
      ues[index].store(known)
      return observe(.challenge(known), place, index, into: &observations)
    }
    let used = ues[index].contexts.filter(\.isFull).map(\.kasme)
    let none = KeyMaterial([UInt8](repeating: 0, count: 16))
    var first: ObservedContext?
    for told in candidates.filter({ !used.contains($0.kasme) }).prefix(Self.maximumCandidates) {
      let context = ObservedContext(
        id: nextContextID, eKSI: eKSI, servingNetwork: ues[index].servingNetwork, kasme: told.kasme, rand: rand,
        challengeEvent: place.event,
        isNetworkAuthenticated: false, expectedResponse: [], ck: none, ik: none, sqnXorAK: [])
      nextContextID += 1
      add(context, to: index)
      first = first ?? context
    }
    if let first { observe(.challenge(first), place, index, into: &observations) }
  }
}
