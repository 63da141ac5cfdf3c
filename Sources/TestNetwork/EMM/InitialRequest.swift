import NASCrypto
import NASMessages
import NASSecurity
import S1AP

/// What ATTACH REQUEST and TRACKING AREA UPDATE REQUEST have in common: the message as it came, what it claims of the UE's
/// capabilities, and how far security has got for it. Until security is established it is the claim of whoever sent it.
struct InitialRequest: Sendable {
  var message: NASMessage
  let protection: Protection
  /// nil where a TRACKING AREA UPDATE REQUEST leaves it out: the stored one holds.
  var networkCapability: UENetworkCapability?
  var msNetworkCapability: MSNetworkCapability?
  var additionalCapability: UEAdditionalSecurityCapability?
  /// An AKA has succeeded during this procedure and its KASME waits for the SMC.
  var hasFreshKASME = false
  var mustAuthenticate: Bool
  /// An SMC of this procedure has asked for the UE radio capability ID, if it was wanted.
  var wasAskedRadioCapabilityID = false
}

extension SpecificProcedure {
  var initial: InitialRequest? {
    switch self {
    case .attach(let attach): attach.initial
    case .trackingAreaUpdate(let update): update.initial
    case .serviceRequest, .detachByUE, .networkDetach: nil
    }
  }
}

extension MME {
  /// Notes a step of the running attach or tracking area update.
  mutating func updateInitial(on id: UInt32, _ change: (inout InitialRequest) -> Void) {
    switch connections[id]?.specific {
    case .attach(var attach):
      change(&attach.initial)
      connections[id]?.specific = .attach(attach)
    case .trackingAreaUpdate(var update):
      change(&update.initial)
      connections[id]?.specific = .trackingAreaUpdate(update)
    case .serviceRequest, .detachByUE, .networkDetach, nil: break
    }
  }

  /// A claim takes the place of what was known of the connection; a UE that was verified on it is idle from now.
  mutating func claim(_ subject: S1Connection.Subject, on id: UInt32) {
    leave(id)
    connections[id]?.subject = subject
    if configuration.defects.contains(.unprovenReleases), case .claimed(let index, _) = subject, let other = ues[index].connection {
      release(other, cause: .normalRelease)
    }
  }

  /// The request that the UE really sent, from SECURITY MODE COMPLETE: it takes the place of what arrived (§5.4.3.4).
  mutating func replaceRequest(with original: NASMessage, on id: UInt32, using engine: inout CryptoEngine) {
    guard let specific = connections[id]?.specific, let initial = specific.initial else { return }
    guard original.type == initial.message.type else {
      return abort("the replayed NAS message container holds \(original.type.name)", on: id, using: &engine)
    }
    do {
      switch specific {
      case .attach:
        connections[id]?.specific = .attach(try Attach(original, protection: initial.protection, mustAuthenticate: false))
      case .trackingAreaUpdate(let arrived):
        var update = try TrackingAreaUpdate(original, protection: initial.protection, mustAuthenticate: false)
        // Where the UE came from was settled before: its context has proved itself.
        update.isFromElsewhere = arrived.isFromElsewhere
        update.detach = arrived.detach
        connections[id]?.specific = .trackingAreaUpdate(update)
      case .serviceRequest, .detachByUE, .networkDetach: return
      }
    } catch {
      return abort("the replayed NAS message container: \(error)", on: id, using: &engine)
    }
    updateInitial(on: id) { $0.wasAskedRadioCapabilityID = true }
    reportProcedure("\(original.type.name) taken from the replayed NAS message container", on: id)
  }
}
