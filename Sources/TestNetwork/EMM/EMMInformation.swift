import NASCrypto
import NASMessages

/// EMM INFORMATION (TS 24.301 §5.4.5): names of the network, no answer. Without a clock there is no time in it.
extension MME {
  mutating func sendInformation(on id: UInt32, using engine: inout CryptoEngine) {
    var message = NASMessage(.emmInformation)
    let name = NetworkName(configuration.networkName)
    message.set(EMMInformation.fullNameForNetwork, name)
    message.set(EMMInformation.shortNameForNetwork, name)
    send(message, on: id, using: &engine)
  }
}
