import NASMessages

/// A PDN connection's default EPS bearer context as the UE holds it (TS 24.301 §6.4.1).
public struct DefaultBearer: Sendable, Equatable {
  public let epsBearerIdentity: UInt8
  public let accessPointName: AccessPointName
  public let address: PDNAddress
  public internal(set) var qos: EPSQoS
  /// What the UE asked for. T3396 goes by it (§6.3.5).
  var requested = Requested.accessPoint(nil)
  /// Only a modification brings one; without it the bearer takes whatever no other does.
  public internal(set) var trafficFlowTemplate: TrafficFlowTemplate?
  /// What the network told of the access point's aggregate bit rate.
  public internal(set) var apnAMBR: APNAMBR?

  enum Requested: Sendable, Equatable {
    /// nil where the UE left the choice to the network.
    case accessPoint(AccessPointName?)
    /// Emergency bearer services, for which no access point is named and none held back.
    case emergency
  }

  /// Of the PDN connection for emergency bearer services.
  public var isForEmergency: Bool { requested == .emergency }

  /// Reads the ACTIVATE DEFAULT EPS BEARER CONTEXT REQUEST that answers the PDN CONNECTIVITY REQUEST of `transaction`.
  init(answering transaction: UInt8, in container: ESMMessageContainer) throws(DefaultBearerError) {
    do {
      let request = try container.message()
      guard request.type == .activateDefaultEPSBearerContextRequest else { throw DefaultBearerError.otherMessage(request.type.name) }
      guard request.procedureTransactionIdentity == transaction else {
        throw DefaultBearerError.otherTransaction(request.procedureTransactionIdentity)
      }
      // 0 is "none", 1 to 4 are reserved where both sides do not know 15 bearers (§9.3.2, §7.3.2 g).
      guard request.epsBearerIdentity >= 5 else { throw DefaultBearerError.reservedIdentity(request.epsBearerIdentity) }
      epsBearerIdentity = request.epsBearerIdentity
      accessPointName = try request[ActivateDefaultEPSBearerContextRequest.accessPointName]
      address = try request[ActivateDefaultEPSBearerContextRequest.pdnAddress]
      qos = try request[ActivateDefaultEPSBearerContextRequest.epsQoS]
      apnAMBR = (try? request[ActivateDefaultEPSBearerContextRequest.apnAMBR]) ?? nil
    } catch let error as DefaultBearerError {
      throw error
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// The answer: the bearer's identity, and PTI 0 (§8.3.4, §7.3.1).
  var activationAccept: NASMessage {
    NASMessage(.activateDefaultEPSBearerContextAccept, procedureTransactionIdentity: 0, epsBearerIdentity: epsBearerIdentity)
  }
}

/// Why the ESM message of an ATTACH ACCEPT gives no default bearer.
enum DefaultBearerError: Error, CustomStringConvertible {
  case otherMessage(String)
  case otherTransaction(UInt8)
  case reservedIdentity(UInt8)
  case unreadable(String)

  var description: String {
    switch self {
    case .otherMessage(let name): "ATTACH ACCEPT brought \(name), not a default bearer"
    case .otherTransaction(let identity): "ATTACH ACCEPT answers procedure transaction \(identity), which is not ours"
    case .reservedIdentity(let identity): "ATTACH ACCEPT brought EPS bearer identity \(identity), which is no bearer's"
    case .unreadable(let what): "the ESM message of ATTACH ACCEPT: \(what)"
    }
  }
}
