import NASCrypto
import NASMessages
import NASSecurity

extension UE {
  /// §5.4.1.3.
  mutating func gutiReallocated(
    _ command: NASMessage, using engine: inout CryptoEngine, into outputs: inout [Output]
  )
    throws(NASDecodingError)
  {
    switch machine {
    case .registered, .serviceRequestInitiated: break
    case .trackingAreaUpdatingInitiated:
      return discard(
        .notCompatibleWithState("ignored while a tracking area update is running (§5.5.3.2.6 g)"), command.type.name, into: &outputs)
    case .null, .deregistered, .registeredInitiated, .deregisteredInitiated:
      return notCompatible(command, using: &engine, into: &outputs)
    }
    let identity = try command[GUTIReallocationCommand.guti]
    let areas = (try? command[GUTIReallocationCommand.taiList]) ?? nil
    guard case .guti(let guti) = identity else {
      return status(.invalidMandatoryInformation, about: command, using: &engine, into: &outputs)
    }
    registration.guti = guti
    if let areas {
      registration.trackingAreas = areas
      admit(areas, into: &outputs)
    }
    let news = takeRadioCapabilityID(
      (try? command[GUTIReallocationCommand.ueRadioCapabilityID]) ?? nil,
      deleting: (try? command[GUTIReallocationCommand.ueRadioCapabilityIDDeletionIndication]) ?? nil)
    send(NASMessage(.gutiReallocationComplete).encoded(), using: &engine, into: &outputs)
    updateAfterDeletion(news, using: &engine, into: &outputs)
  }
}
