import NASMessages
import NASSecurity
import RadioInterface

@testable import NASCrypto
@testable import UserEquipment

/// Sees every key that a UE derives, holds and gives out, and of which KASME it comes.
///
/// The access stratum alone may stay on a KASME that NAS deleted, until a key change tells it to leave (TS 33.401 §7.2.10): its own chain
/// grows out of it, and nothing begins with it anew.
final class KeyAudit {
  /// KASMEs that the UE had, or tried, and has no more.
  private(set) var deleted: Set<UInt64> = []
  /// The KASME at the root of every key derived of one.
  private var root: [UInt64: UInt64] = [:]
  /// Keys that were made, by function code: how far the sequences reached.
  private(set) var made: [UInt8: Int] = [:]
  private(set) var complaint: String?

  private enum Code {
    static let keNB: UInt8 = 0x11
    static let nextHop: UInt8 = 0x12
    static let keNBStar: UInt8 = 0x13
    static let algorithmKey: UInt8 = 0x15
    static let handoverToUTRAN: UInt8 = 0x16
    static let token: UInt8 = 0x17
    static let idleToUTRAN: UInt8 = 0x1B
    /// KASME of an AKA, and mapped ones.
    static let kasmes: Set<UInt8> = [0x10, 0x18, 0x19, 0x73, 0x74]
    /// Of 5GS: its own matter.
    static let fiveG: Set<UInt8> = [0x69]
  }

  /// Looks at one step of the UE.
  func look(at derivations: [Derivation], from before: UE, to after: UE, _ outputs: [UE.Output]) {
    let had = UE.kasmes(before)
    let has = UE.kasmes(after)
    let roots = Set([before, after].flatMap { Self.roots($0) })
    let gone = deleted
    var born: Set<UInt64> = []
    for derivation in derivations {
      made[derivation.functionCode, default: 0] += 1
      let parent = derivation.from.id
      if Code.kasmes.contains(derivation.functionCode) {
        born.insert(derivation.key.id)
        continue
      }
      if Code.fiveG.contains(derivation.functionCode) { continue }
      let ancestor = root[parent] ?? parent
      root[derivation.key.id] = ancestor
      switch derivation.functionCode {
      case Code.keNB, Code.handoverToUTRAN, Code.token, Code.idleToUTRAN:
        // What is given out comes of a KASME that is held, and still is when the step is over.
        if !has.contains(parent) { complain("a key of function 0x\(hex(derivation.functionCode)) comes of a KASME that is not held") }
      case Code.nextHop:
        if !roots.contains(parent) { complain("NH comes of a KASME that the access stratum is not on") }
      case Code.keNBStar:
        if !roots.contains(ancestor) && !has.contains(ancestor) { complain("KeNB* comes of no chain that is in use") }
      case Code.algorithmKey where root[parent] == nil:
        // NAS keys, also those of a context that is only tried.
        if !had.contains(parent), !has.contains(parent) { born.insert(parent) }
        if deleted.contains(parent) { complain("NAS keys of a deleted KASME") }
      case Code.algorithmKey:
        if !roots.contains(ancestor) && !has.contains(ancestor) { complain("RRC or UP keys of no chain that is in use") }
      default: complain("a key of function 0x\(hex(derivation.functionCode)), which no UE makes")
      }
    }
    deleted.formUnion(had.union(born).subtracting(has))
    if !deleted.isDisjoint(with: has) { complain("a deleted KASME is held again") }
    lookAtHeld(before, after)
    for output in outputs { lookAt(output, derivations, has, roots, gone) }
  }

  private func lookAtHeld(_ before: UE, _ after: UE) {
    let nonCurrent: NASSecurity.SecurityContext? =
      switch after.contexts.nonCurrent {
      case .fullNative(let native): native.context
      case .partialNative, .none: nil
      }
    for context in [after.contexts.current, nonCurrent, after.arrival?.mapped.context].compactMap({ $0 }) where !isOfItsKASME(context) {
      complain("NAS keys that are not of the context's KASME")
    }
    if let trigger = after.keNBTrigger, after.contexts.current?.kasme.id != trigger.kasme.id {
      complain("KeNB would come of a KASME that is not the current context's")
    }
    if let arrival = after.arrival, arrival.serving.keys.kasme.id != arrival.mapped.context.kasme.id {
      complain("AS keys of an arrival that are not of its mapped context")
    }
    for serving in Self.servings(after) {
      let kasme = serving.keys.kasme.id
      let keys = [serving.keys.keNB, serving.keys.rootKeNB, serving.security.keNB, serving.security.rrcIntegrityKey]
      if keys.contains(where: { root[$0.id] != kasme }) || serving.keys.nextHop.map({ root[$0.id] != kasme }) ?? false {
        complain("AS keys that are not of their chain's KASME")
      }
      if deleted.contains(kasme), !Self.roots(before).contains(kasme) {
        complain("an AS key chain begins with a deleted KASME")
      }
    }
  }

  private func lookAt(_ output: UE.Output, _ derivations: [Derivation], _ has: Set<UInt64>, _ roots: Set<UInt64>, _ gone: Set<UInt64>) {
    switch output {
    case .keNB(let key, _):
      if root[key.id].map({ !has.contains($0) }) ?? true { complain("a KeNB of no KASME that is held was given out") }
    case .radio(.keys(let key, _, _)):
      if root[key.id].map({ !roots.contains($0) }) ?? true { complain("a KeNB* of no chain that is in use was given out") }
    case .radio(.leave(let umts)):
      let octets = umts.ck.hex() + umts.ik.hex()
      if !derivations.contains(where: { $0.functionCode == Code.handoverToUTRAN && $0.key.hex() == octets }) {
        complain("CK' and IK' that were not derived now were given out")
      }
    case .event(.leftWithNASToken(let token)):
      let octets = token.hex()
      if !derivations.contains(where: { $0.functionCode == Code.token && $0.key.hex().hasSuffix(octets) }) {
        complain("a NAS token that was not derived now was given out")
      }
    case .securityContexts(let contexts, _):
      if !UE.kasmes(contexts).isDisjoint(with: gone) { complain("a deleted context was told of") }
    default: break
    }
  }

  private func isOfItsKASME(_ context: NASSecurity.SecurityContext) -> Bool {
    [context.encryptionKey, context.integrityKey].allSatisfy { root[$0.id] == context.kasme.id }
  }

  private static func servings(_ ue: UE) -> [AccessStratum.Serving] {
    [ue.accessStratum?.serving, ue.accessStratum?.source, ue.arrival?.serving].compactMap { $0 }
  }

  private static func roots(_ ue: UE) -> [UInt64] { servings(ue).map(\.keys.kasme.id) }

  private func complain(_ reason: String) { complaint = complaint ?? reason }

  private func hex(_ octet: UInt8) -> String { String(octet, radix: 16) }
}
