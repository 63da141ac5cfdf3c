import NASCrypto
import NASMessages
import NASSecurity

/// ESM information request (TS 24.301 §6.6.1.2): state while it is unanswered.
struct ESMInformation: Sendable {
  /// PTI of the PDN CONNECTIVITY REQUEST.
  let transaction: UInt8
  var transmissions = 1

  /// T3489 is repeated twice, the third expiry aborts (§6.6.1.2.4).
  static let retransmissions = 2

  var request: NASMessage { NASMessage(.esmInformationRequest, procedureTransactionIdentity: transaction) }
}

extension MME {
  mutating func requestESMInformation(_ connectivity: PDNConnectivity, on id: UInt32, using engine: inout CryptoEngine) {
    let information = ESMInformation(transaction: connectivity.transaction)
    connections[id]?.esmInformation = information
    send(information.request, on: id, using: &engine)
    start(.t3489, on: id)
  }

  mutating func esmInformationResponse(_ message: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let information = connections[id]?.esmInformation,
      message.procedureTransactionIdentity == information.transaction, message.epsBearerIdentity == 0
    else { return drop(.notCompatibleWithState("ESM INFORMATION RESPONSE without a request"), on: id) }
    stop(.t3489, on: id)
    connections[id]?.esmInformation = nil
    let name = PDNConnectivity.usable(try? message[ESMInformationResponse.accessPointName])
    if var connectivity = connections[id]?.connectivity {
      connections[id]?.connectivity = nil
      connectivity.needsInformation = false
      if let name { connectivity.accessPointName = name }
      connect(connectivity, information.transaction, on: id, using: &engine)
      return runQueue(on: id, using: &engine)
    }
    updateAttach(on: id) {
      $0.connectivity.needsInformation = false
      if let name { $0.connectivity.accessPointName = name }
    }
    proceed(id, using: &engine)
  }

  mutating func esmInformationExpired(_ information: ESMInformation, on id: UInt32, using engine: inout CryptoEngine) {
    guard information.transmissions <= ESMInformation.retransmissions else {
      connections[id]?.esmInformation = nil
      if let connectivity = connections[id]?.connectivity {
        connections[id]?.connectivity = nil
        send(connectivity.reject(.esmInformationNotReceived), on: id, using: &engine)
        return runQueue(on: id, using: &engine)
      }
      guard case .attach(let attach) = connections[id]?.specific else { return }
      return rejectAttach(
        on: id, cause: .esmFailure, esm: attach.connectivity.reject(.esmInformationNotReceived), using: &engine)
    }
    var next = information
    next.transmissions += 1
    connections[id]?.esmInformation = next
    send(next.request, on: id, using: &engine)
    start(.t3489, on: id)
  }
}
