import NASMessages

/// What a partly ciphered message has ciphered: the value part of the ESM message container or NAS message container of a
/// CONTROL PLANE SERVICE REQUEST; nil where there is none (TS 24.301 §4.4.5, §9.3.1).
///
/// Ciphering leaves the value as long as it was, so that both ends find it in the same way.
func containerValue(of message: [UInt8]) -> Range<Int>? {
  guard let request = try? NASMessage(decoding: message, direction: .uplink), request.type == .controlPlaneServiceRequest else {
    return nil
  }
  if let container = (try? request[ControlPlaneServiceRequest.esmMessageContainer]) ?? nil { return container.octets.indices }
  if let container = (try? request[ControlPlaneServiceRequest.nasMessageContainer]) ?? nil { return container.octets.indices }
  return nil
}
