import NASMessages

extension UE {
  /// §5.4.5: names and time of the network; nothing is answered.
  mutating func informed(_ information: NASMessage, into outputs: inout [Output]) throws(NASDecodingError) {
    let full = try information[EMMInformation.fullNameForNetwork]
    let short = try information[EMMInformation.shortNameForNetwork]
    outputs.append(.event(.networkNamed(full: full?.text, short: short?.text)))
  }
}
