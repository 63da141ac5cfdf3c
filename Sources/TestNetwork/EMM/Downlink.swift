import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// How NAS messages leave the MME: protected and ciphered under the current context once secure exchange is established,
/// plain before (TS 24.301 §4.4.4.1, §4.4.5). Every transmission takes a COUNT of its own.
extension MME {
  mutating func send(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let octets = protect(message, on: id, using: &engine) else { return }
    if message.type == .emmInformation, configuration.defects.contains(.downlinkOutOfOrder), connections[id]?.heldBack == nil {
      connections[id]?.heldBack = octets
      return
    }
    transport(octets, on: id)
  }

  /// The octets to send; nil where the COUNT is used up and the connection had to go (§4.4.3.5).
  mutating func protect(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) -> [UInt8]? {
    guard let connection = connections[id], !connection.isReleasing else { return nil }
    let octets = protected(message, on: connection, using: &engine)
    if let octets { connections[id]?.sentMessages.append(message, as: octets) }
    return octets
  }

  private mutating func protected(_ message: NASMessage, on connection: S1Connection, using engine: inout CryptoEngine) -> [UInt8]? {
    let plain = message.encoded()
    if configuration.defects.contains(.plainAuthenticationRequest), message.type == .authenticationRequest { return plain }
    guard connection.isSecure, let index = connection.subject.verified, var context = ues[index].security.current else {
      return plain
    }
    do {
      let isAccept = message.type == .attachAccept || message.type == .trackingAreaUpdateAccept
      let header: SecurityHeaderType =
        isAccept && configuration.defects.contains(.acceptNotCiphered) ? .integrityProtected : .integrityProtectedAndCiphered
      let octets = try context.protect(plain, as: header, using: &engine)
      let reusesCount = configuration.defects.contains(.countReuse) && message.type == .emmInformation
      if !reusesCount { ues[index].security.withCurrent { $0 = context } }
      return octets
    } catch {
      countExhausted(on: connection.identifier, index)
      return nil
    }
  }

  mutating func countExhausted(on id: UInt32, _ index: Int) {
    discard("downlink NAS COUNT used up: the connection is released", "TS 24.301 §4.4.3.5", ue: index)
    release(id, cause: .normalRelease)
  }

  /// DOWNLINK NAS TRANSPORT.
  mutating func transport(_ octets: [UInt8], on id: UInt32) {
    guard let connection = connections[id], !connection.isReleasing else { return }
    if connection.isSilent, !configuration.defects.contains(.downlinkNASAfterRelocation) {
      return discard("a downlink NAS message after FORWARD RELOCATION REQUEST", "TS 33.401 §7.2.10", ue: connection.subject.index)
    }
    send(.downlinkNAS(octets, mme: id, eNB: connection.eNB), to: connection)
    if let held = connection.heldBack {
      connections[id]?.heldBack = nil
      send(.downlinkNAS(held, mme: id, eNB: connection.eNB), to: connection)
    }
  }
}
