import NASCrypto
import NASMessages
import NASSecurity

@testable import UserEquipment

/// Opens what a UE sends as an MME would that knows its contexts: each protected message has a right MAC under a COUNT of its own, and that
/// is larger than any before (TS 24.301 §4.4.3.1), in messages of 8 bits and of 5.
final class UplinkAudit {
  /// The COUNT sent last, by KASME.
  private var last: [UInt64: NASCount] = [:]
  private(set) var complaint: String?
  /// How many messages had the last COUNT there is.
  private(set) var lastCounts = 0
  private var engine = CryptoEngine(cachedKeys: 16)

  func look(from before: UE, to after: UE, _ outputs: [UE.Output], isTakenBack: Bool) {
    let contexts = [after.contexts.current, before.contexts.current].compactMap { $0 }
    // A message that was never sent has used no COUNT (§4.4.3.1), not even where the next one goes out in the same step.
    if isTakenBack, before.connection == .open, let initial = before.keNBTrigger, last[initial.kasme.id] == initial.count {
      last[initial.kasme.id] = initial.count == .zero ? nil : NASCount(initial.count.value - 1)
    }
    for octets in outputs.uplinks where octets.headerType != .plain {
      // The update of an idle mode change from N1 mode is a message of 5GS in its protection.
      if case .trackingAreaUpdatingInitiated(let attempt) = after.machine, attempt.isFromN1 { continue }
      guard let (context, count) = opened(octets, contexts) else {
        complaint = complaint ?? "an uplink message verifies under no context"
        continue
      }
      guard context.algorithms.integrity != .eia0 else { continue }
      if let previous = last[context.kasme.id], count <= previous { complaint = complaint ?? "COUNT \(count) was sent after \(previous)" }
      last[context.kasme.id] = count
      if count == .maximum { lastCounts += 1 }
    }
    if isTakenBack, let current = after.contexts.current, let next = current.counts.nextToSend {
      last[current.kasme.id] = next == .zero ? nil : last[current.kasme.id].map { min($0, NASCount(next.value - 1)) }
    }
  }

  /// The context that `octets` are protected by, and their COUNT: the largest that was used and has these low bits.
  private func opened(_ octets: [UInt8], _ contexts: [NASSecurity.SecurityContext]) -> (NASSecurity.SecurityContext, NASCount)? {
    guard let parsed = try? NASPDU(parsing: octets, direction: .uplink) else { return nil }
    for context in contexts {
      let largest = context.counts.nextToSend.map { $0.value } ?? 0x100_0000
      // A context that is gone has sent as many as the step has messages, at most, since it was seen.
      for used in largest...min(largest + 2, 0x100_0000) where used > 0 {
        let (sequenceNumber, span): (UInt8, UInt32) =
          switch parsed {
          case .serviceRequest(let request): (request.sequenceNumber5, 0x20)
          case .protected(let pdu): (pdu.sequenceNumber, 0x100)
          case .plain: (0, 0)
          }
        guard span > 0, let count = UplinkAudit.last(before: used, sequenceNumber, span) else { continue }
        let mac: UInt32
        let covered: ArraySlice<UInt8>
        switch parsed {
        case .serviceRequest(let request): (mac, covered) = (UInt32(request.shortMAC), octets[..<2])
        case .protected(let pdu): (mac, covered) = (pdu.mac, octets[5...])
        case .plain: continue
        }
        let own = covered.withUnsafeBytes {
          engine.mac(
            context.algorithms.integrity, key: context.integrityKey, count: count.value, bearer: 0, direction: .uplink, message: $0)
        }
        if own & (span == 0x20 ? 0xFFFF : .max) == mac { return (context, count) }
      }
    }
    return nil
  }

  private static func last(before used: UInt32, _ sequenceNumber: UInt8, _ span: UInt32) -> NASCount? {
    let low = UInt32(sequenceNumber) & (span - 1)
    let top = used - 1
    let base = top & ~(span - 1) | low
    let value = base <= top ? base : base >= span ? base - span : .max
    return value <= 0xFF_FFFF ? NASCount(value) : nil
  }
}
