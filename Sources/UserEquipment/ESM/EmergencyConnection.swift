import NASCrypto
import NASMessages
import NASSecurity

/// The PDN connection for emergency bearer services, beside others or alone (TS 24.301 §3.1, §6.5.1). A UE whose `attachesForEmergency` is
/// set has no other to begin with; any UE gets there when the others go.
extension UE {
  /// The PDN connection for emergency bearer services is there.
  public var hasEmergencyConnection: Bool { bearers.contains(where: \.isForEmergency) }

  /// It is asked for, or waits for the connection that it is asked for over.
  var isEstablishingEmergencyConnection: Bool {
    awaitsEmergencyConnection || sessions.transactions.contains { $0.request == .connectForEmergency }
  }

  /// It is what a service request or an update runs for, or is to run for.
  var awaitsEmergencyConnection: Bool { sessions.waiting.contains(.connectForEmergency) }

  /// §3.1: the only PDN connection is that for emergency bearer services.
  public var isAttachedForEmergency: Bool {
    configuration.attachesForEmergency || !bearers.isEmpty && bearers.allSatisfy(\.isForEmergency)
  }

  /// With the PDN connections that there are, all that was for emergencies ends: the UE is attached for emergency bearer services, or has a
  /// null context, which only the connection for emergencies allowed.
  var endsWithEmergency: Bool {
    isAttachedForEmergency || hasEmergencyConnection && contexts.current?.algorithms.integrity == .eia0
  }

  /// It is established or being established: what the text makes exceptions for, of integrity (§5.4.3.3), of authentication (§5.4.2.7) and of
  /// back-off (§5.5.3.2.6 l, §5.6.1.6).
  var isInEmergency: Bool { configuration.attachesForEmergency || hasEmergencyConnection || isEstablishingEmergencyConnection }

  /// What a request must not be: a second connection for emergencies (§6.5.1.1), any other beside that of a UE attached for emergency bearer
  /// services (§6.5.1.1), or more resources of the connection for emergencies (§6.5.3.1, §6.5.4.1).
  func isForbiddenInEmergency(_ request: SessionRequest) -> Bool {
    switch request {
    case .connectForEmergency: hasEmergencyConnection || isEstablishingEmergencyConnection
    case .connect: isAttachedForEmergency
    case .disconnect: false
    case .allocate(let bearer, _, _), .modify(let bearer, _, _): isOfEmergencyConnection(bearer)
    }
  }

  /// A bearer of it.
  func isOfEmergencyConnection(_ bearer: UInt8) -> Bool {
    let linked = dedicatedBearers.first { $0.epsBearerIdentity == bearer }?.linkedEPSBearerIdentity ?? bearer
    return bearers.contains { $0.epsBearerIdentity == linked && $0.isForEmergency }
  }

  /// What it was to be begun over is not to be had: who wants the call is told (§5.5.3.2.5A, §5.6.1.5A).
  mutating func dropEmergencyConnection(into outputs: inout [Output]) {
    guard awaitsEmergencyConnection else { return }
    sessions.waiting.removeAll { $0 == .connectForEmergency }
    outputs.append(.event(.sessionFailed(.connectForEmergency, nil)))
  }

  /// §5.4.2.7: the network did not prove itself in time. The UE goes on under the context that it has, and all other PDN connections end:
  /// now, or when the one for emergencies is made.
  mutating func trustInEmergency(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    authentication = AuthenticationProgress()
    restartProcedureTimer(into: &outputs)
    guard !configuration.attachesForEmergency else { return }
    circumstances.keepsEmergencyConnectionAlone = true
    keepEmergencyConnectionAlone(using: &engine, into: &outputs)
  }

  /// What ``trustInEmergency(using:into:)`` left to do, where it can be done.
  mutating func keepEmergencyConnectionAlone(using engine: inout CryptoEngine, into outputs: inout [Output]) {
    guard circumstancesBox != nil, circumstances.keepsEmergencyConnectionAlone, connection == .secured, case .registered = machine,
      !isEstablishingEmergencyConnection
    else { return }
    circumstances.keepsEmergencyConnectionAlone = false
    guard hasEmergencyConnection else { return }
    for bearer in bearers where !bearer.isForEmergency {
      requestSession(.disconnect(linked: bearer.epsBearerIdentity), using: &engine, into: &outputs)
    }
  }
}
