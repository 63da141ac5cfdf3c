/// What travels in an S1AP NAS-PDU, without any cryptography: plain, protected, or SERVICE REQUEST.
public enum NASPDU: Sendable, Equatable {
  case plain(NASMessage)
  case protected(SecurityProtectedNAS)
  case serviceRequest(ServiceRequest)

  /// - Parameter direction: who sent it; see ``NASMessage/init(decoding:direction:)``.
  /// - Throws: what is wrong with the envelope, or with a plain message.
  public init(parsing octets: [UInt8], direction: NASDirection? = nil) throws(NASDecodingError) {
    let first = octets.first ?? 0
    if first & 0x0F == ProtocolDiscriminator.epsMobilityManagement.rawValue, first >> 4 != 0 {
      if first >> 4 >= 12 {
        self = .serviceRequest(try ServiceRequest(parsing: octets))
      } else {
        self = .protected(try SecurityProtectedNAS(parsing: octets))
      }
    } else {
      self = .plain(try NASMessage(decoding: octets, direction: direction))
    }
  }

  /// The PDU as octets: what was parsed.
  public func encoded() -> [UInt8] {
    switch self {
    case .plain(let message): message.encoded()
    case .protected(let message): message.octets
    case .serviceRequest(let request): request.encoded()
    }
  }
}
