import NASCrypto
import NASMessages
import NASSecurity

/// What SECURITY MODE COMMAND says (TS 24.301 §5.4.3.2), whichever context it takes into use.
extension MME {
  /// - Parameters:
  ///   - capability: what the UE can do, from its request or from its record.
  ///   - initial: the request that this is done for, if any.
  func securityModeCommand(
    _ algorithms: NASAlgorithms, eKSI: NASKeySetIdentifier, _ capability: UENetworkCapability, for index: Int, _ initial: InitialRequest?,
    using engine: inout CryptoEngine
  ) -> NASMessage {
    var command = NASMessage(.securityModeCommand)
    command.set(
      SecurityModeCommand.selectedNASSecurityAlgorithms,
      NASSecurityAlgorithms(ciphering: algorithms.ciphering.rawValue, integrity: algorithms.integrity.rawValue))
    command.set(SecurityModeCommand.nasKeySetIdentifier, named(eKSI))
    // Capabilities come together: where the request brought the UE's, the others are its word too.
    let isNew = initial?.networkCapability != nil
    let msCapability = isNew ? initial?.msNetworkCapability : ues[index].msNetworkCapability
    command.set(SecurityModeCommand.replayedUESecurityCapabilities, replay(capability, msCapability))
    if configuration.requestsIMEISV { command.set(SecurityModeCommand.imeisvRequest, .requested) }
    command.set(
      SecurityModeCommand.replayedUEAdditionalSecurityCapability, isNew ? initial?.additionalCapability : ues[index].additionalCapability)
    if let initial, configuration.sendsHashMME, !initial.protection.isVerified {
      command.set(SecurityModeCommand.hashMME, hashMME(of: initial.message.encoded(), using: &engine))
    }
    if let initial, needsRadioCapabilityID(initial, of: index) {
      command.set(SecurityModeCommand.ueRadioCapabilityIDRequest, .requested)
    }
    return command
  }

  /// RACS (§5.3.22, §5.4.3.2): an attach has the ID asked for in any case, a tracking area update where it is not known.
  func needsRadioCapabilityID(_ initial: InitialRequest, of index: Int) -> Bool {
    guard configuration.usesRadioCapabilityIDs, !initial.wasAskedRadioCapabilityID, initial.offersRadioCapabilityID else { return false }
    return initial.message.type == .attachRequest || ues[index].radioCapabilityID == nil
  }
}

extension InitialRequest {
  /// URCIDA is set (and with it RACS, since a UE without RACS leaves the element out).
  fileprivate var offersRadioCapabilityID: Bool {
    let availability =
      message.type == .attachRequest
      ? try? message[AttachRequest.ueRadioCapabilityIDAvailability]
      : try? message[TrackingAreaUpdateRequest.ueRadioCapabilityIDAvailability]
    return availability?.isAvailable == true
  }
}
