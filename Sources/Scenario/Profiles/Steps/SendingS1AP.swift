import NASCrypto
import Profiles
import RadioAccess
import S1AP
import Trace

/// `send` of S1AP messages: an eNB says something that it would not say, and hears what comes of it as ever.
extension SendStep {
  func beginS1AP(_ run: ProfileRun) -> StepActivity {
    let index = run.ueIndex(ue)
    let radio = run.driver.radioNetwork
    let given = cell.map { run.cellIndex($0) }
    let place = cell.map { ", cell \($0)" } ?? ""
    switch content {
    case .s1apOctets(let octets):
      let pdu = try? S1APPDU(decoding: octets)
      run.mark("send S1AP octets\(pdu.map { ", \($0.message.title)" } ?? "")\(place)")
      run.driver.send(s1ap: octets, stream: pdu?.stream ?? 0, fromENB: given ?? radio.servingENB(ofUE: index))
    case .replay(let name):
      guard case .s1ap(let message) = name.kind, let last = run.lastSent(message, ue: index, eNB: nil) else {
        return .ended(.failed("no eNB has sent a \(name)" + (run.hasSeveralUEs ? " of this UE" : "")))
      }
      guard let octets = try? last.pdu.encoded() else { return .ended(.failed("\(name) cannot be written again")) }
      run.mark("send \(name) (replay\(place))")
      run.driver.send(s1ap: octets, stream: last.pdu.stream, fromENB: given ?? last.leg.eNB)
    case .s1ap(let message):
      let eNB = given ?? radio.servingENB(ofUE: index)
      let octets: [UInt8]
      do throws(MakingFailure) {
        octets = try message.octets(
          of: radio, ue: index, eNB: eNB,
          last: run.lastSent(message.message, ue: index, eNB: eNB) ?? run.lastSent(message.message, ue: index, eNB: nil))
      } catch {
        return .ended(.failed(error.reason))
      }
      let words = (message.deviations.isEmpty ? "" : ", " + message.deviations) + place
      run.mark("send \(message.name)" + (words.isEmpty ? "" : " (\(words.dropFirst(2)))"))
      run.driver.send(s1ap: octets, stream: (try? S1APPDU(decoding: octets))?.stream ?? 0, fromENB: eNB)
    case .octets, .badMAC, .message: break
    }
    return .ended()
  }
}

extension S1APPDU {
  /// 0 for what concerns no UE (TS 36.412 §7).
  fileprivate var stream: UInt16 { self[.eNBUES1APID] == nil && self[.mmeUES1APID] == nil ? 0 : 1 }
}

/// Why a message cannot be made.
private struct MakingFailure: Error {
  var reason: String
}

extension SentS1APMessage {
  /// - Parameter last: what was sent of that name last, by this eNB or another.
  fileprivate func octets(
    of radio: RadioNetwork, ue: Int, eNB: Int, last: SeenMessage?
  ) throws(MakingFailure) -> [UInt8] {
    // In the order of the table, whatever is in it.
    let deviations: S1APBuilder.Deviations = [.missingIEs, .unknownIEs, .repeatedIEs]
    var builder = last.map { S1APBuilder($0.pdu, deviations: deviations) } ?? S1APBuilder(message, deviations: deviations)
    let table = message.elements
    let isTold = { (id: ProtocolIEID) in elements.contains { $0.identity == id } }
    var known = Set(last?.pdu.informationElements.compactMap(\.identity) ?? [])
    func put(_ id: ProtocolIEID, _ write: (inout S1APBuilder) -> Void) {
      guard !isTold(id), table.contains(where: { $0.identity == id }) else { return }
      builder.remove(id)
      write(&builder)
      known.insert(id)
    }
    let isServing = eNB == radio.servingENB(ofUE: ue)
    if let identifiers = radio.identifiers(ofUE: ue) {
      if isServing {
        put(.eNBUES1APID) { $0.add(.eNBUES1APID, .integer(UInt64(identifiers.eNB))) }
      } else if last?.leg.eNB != eNB {
        put(.eNBUES1APID) { $0.add(.eNBUES1APID, .integer(Self.strangersIdentity)) }
      }
      if let mme = identifiers.mme {
        put(.mmeUES1APID) { $0.add(.mmeUES1APID, .integer(UInt64(mme))) }
        put(.sourceMMEUES1APID) { $0.add(.sourceMMEUES1APID, .integer(UInt64(mme))) }
      }
    }
    let configuration = radio.configuration(ofENB: eNB)
    let plmn = configuration.plmn
    put(.tai) { $0.add(.tai, TAI(plmn: plmn, tac: configuration.trackingAreaCode)) }
    put(.eutranCGI) {
      $0.add(.eutranCGI, EUTRANCGI(plmn: plmn, cell: configuration.enbID << 8 | UInt32(configuration.cell.identifier)))
    }
    if !known.contains(.cause) { put(.cause) { $0.add(.cause, Cause.unspecifiedRadioNetwork) } }
    for element in elements {
      builder.remove(element.identity)
      switch element.value {
      case .absent: break
      case .octets(let octets): builder.add(element.identity, .opaque(octets))
      case .number(let number): builder.add(element.identity, .integer(number))
      case .word(let word): builder.add(element.identity, .enumerated(word))
      }
    }
    let open = table.filter { $0.presence == .mandatory && !known.contains($0.identity) && !isTold($0.identity) }.map(
      \.identity.description)
    guard open.isEmpty else {
      throw MakingFailure(
        reason: "\(name): no eNB has sent one of this UE, so with must say what stands in \(open.joined(separator: ", ")), or absent")
    }
    do throws(S1APError) { return try builder.encoded() } catch { throw MakingFailure(reason: "\(name) cannot be written: \(error)") }
  }

  /// An eNB UE S1AP ID that an eNB has given to nobody: of the last ones.
  private static let strangersIdentity: UInt64 = 0xFF_FF00
}

extension ProfileRun {
  /// The S1AP message of that type that was sent last for a UE, or for none, by this eNB or any.
  fileprivate func lastSent(_ type: S1APMessage, ue: Int, eNB: Int?) -> SeenMessage? {
    for case .message(let message) in sightings.reversed().map(\.body)
    where message.direction == .uplink && message.pdu.message == type && (message.ue == nil || message.ue == ue) {
      if eNB == nil || eNB == message.leg.eNB { return message }
    }
    return nil
  }

  fileprivate var hasSeveralUEs: Bool { profile.ues.count > 1 }
}
