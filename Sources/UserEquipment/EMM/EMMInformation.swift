import NASMessages

extension UE {
  /// §5.4.5: names and time of the network; nothing is answered.
  mutating func informed(_ information: NASMessage, into outputs: inout [Output]) {
    let full = (try? information[EMMInformation.fullNameForNetwork]) ?? nil
    let short = (try? information[EMMInformation.shortNameForNetwork]) ?? nil
    outputs.append(.event(.networkNamed(full: full?.text, short: short?.text)))
  }
}
