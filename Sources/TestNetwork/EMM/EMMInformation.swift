import NASCrypto
import NASMessages

/// EMM INFORMATION (TS 24.301 §5.4.5): names of the network and the time, no answer.
extension MME {
  mutating func send(_ information: NetworkInformation, on id: UInt32, using engine: inout CryptoEngine) {
    var message = NASMessage(.emmInformation)
    message.set(EMMInformation.fullNameForNetwork, information.fullName.map { NetworkName($0) })
    message.set(EMMInformation.shortNameForNetwork, information.shortName.map { NetworkName($0) })
    message.set(EMMInformation.localTimeZone, information.localTimeZone)
    message.set(EMMInformation.universalTimeAndLocalTimeZone, information.universalTime)
    message.set(EMMInformation.networkDaylightSavingTime, information.daylightSavingTime)
    send(message, on: id, using: &engine)
  }

  /// Names alone, those of the configuration.
  mutating func sendInformation(on id: UInt32, using engine: inout CryptoEngine) {
    var message = NASMessage(.emmInformation)
    let name = NetworkName(configuration.networkName)
    message.set(EMMInformation.fullNameForNetwork, name)
    message.set(EMMInformation.shortNameForNetwork, name)
    send(message, on: id, using: &engine)
  }
}
