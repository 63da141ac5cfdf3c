import NASMessages

/// Values of a UE that end in elements of fixed or bounded length: what cannot be coded is told where it stands, not when it is sent.
extension UEDescription {
  static func check(_ value: ProfileValue) throws(ProfileError) {
    try value.allowOne(of: [["subscriber"], ["usim"]])
    try value["usim"]?.allowOne(of: [["opc"], ["op"]])
    if let digits = value["imeisv"], !isDecimal(digits.text ?? "", 16...16) {
      throw ProfileError(digits.place, "'\(digits.text ?? "")': expected an IMEISV, 16 digits")
    }
    if let digits = value["usim"]?["imsi"], !isDecimal(digits.text ?? "", 6...15) {
      throw ProfileError(digits.place, "'\(digits.text ?? "")': expected an IMSI, 6 to 15 digits")
    }
    if let name = value["apn"], let text = name.text {
      // TS 23.003 §9.1; with the length of each label it has 100 octets at most (TS 24.008 §10.5.6.1).
      let labels = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
      guard labels.allSatisfy({ 1...63 ~= $0.count }), text.utf8.count < 100 else {
        throw ProfileError(
          name.place, "'\(text)': expected an access point name, labels of 1 to 63 octets between dots, 99 octets in all")
      }
    }
    if let capability = value["ms network capability"], let octets = capability.octets {
      let allowed = AttachRequest.msNetworkCapability.row.valueLength
      guard allowed.contains(octets.count) else {
        throw ProfileError(
          capability.place,
          "\(octets.count) octets: expected MS network capability, \(allowed.lowerBound) to \(allowed.upperBound) octets")
      }
    }
  }

  private static func isDecimal(_ text: String, _ length: ClosedRange<Int>) -> Bool {
    length.contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
  }
}
