import NASMessages
import S1AP

/// The NAS security transparent containers of inter-RAT handovers, which S1AP carries as octet strings (TS 36.413 §9.2.3.30, §9.2.3.31).
struct DecodeNestedValue {
  let name: String
  /// What the value says, or why it says nothing.
  let words: String
  /// Whether the octets are a value.
  let isReadable: Bool

  /// nil for octets that hold something else.
  init?(_ nested: NestedOctets) {
    guard let octets = nested.node.octets else { return nil }
    let read: (ValuePart) throws(NASDecodingError) -> String
    switch nested.contents {
    case .nasSecurityParametersFromEUTRA:
      name = "NAS security parameters from E-UTRA"
      read = { (part) throws(NASDecodingError) in try NASSecurityParametersFromEUTRA(decoding: part).description }
    case .nasSecurityParametersToEUTRA:
      name = "NAS security parameters to E-UTRA"
      read = { (part) throws(NASDecodingError) in try NASSecurityParametersToEUTRA(decoding: part).description }
    case .nas, .pdu, .value: return nil
    }
    let result: (words: String, isReadable: Bool)
    do throws(NASDecodingError) {
      result = (try read(ValuePart(octets)), true)
    } catch {
      result = (error.described(within: nested.node.path, at: octets.startIndex), false)
    }
    (words, isReadable) = result
  }
}
