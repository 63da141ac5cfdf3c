/// Two hexadecimal digits.
func hexOctet(_ octet: UInt8) -> String {
  let digits = String(octet, radix: 16)
  return digits.count == 1 ? "0" + digits : digits
}

/// Octets as hexadecimal digits.
func hexString(_ octets: some Sequence<UInt8>) -> String {
  var text = ""
  for octet in octets { text += hexOctet(octet) }
  return text
}

/// A value with a fixed number of hexadecimal digits.
func hexDigits(_ value: some BinaryInteger, _ count: Int) -> String {
  let digits = String(value, radix: 16)
  return digits.count >= count ? digits : String(repeating: "0", count: count - digits.count) + digits
}
