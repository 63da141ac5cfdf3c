/// TS 24.301 §9.9.3.21: four bits.
public struct NASKeySetIdentifier: InformationElementValue, Hashable {
  /// The TSC flag. It does not apply where there is no key.
  public enum TypeOfSecurityContext: UInt8, Sendable {
    /// KSI_ASME.
    case native = 0
    /// KSI_SGSN.
    case mapped = 1
  }

  /// Native or mapped.
  public var typeOfSecurityContext: TypeOfSecurityContext
  /// 0 to 6, or 7: no key is available.
  public let value: UInt8

  /// - Parameter value: 0 to 7.
  public init(_ typeOfSecurityContext: TypeOfSecurityContext = .native, value: UInt8) {
    precondition(value < 8, "a NAS key set identifier is 0 to 7")
    self.typeOfSecurityContext = typeOfSecurityContext
    self.value = value
  }

  /// No key is available (UE to network).
  public static let noKey = NASKeySetIdentifier(.native, value: 7)
  /// No key is available (UE to network).
  public var isNoKey: Bool { value == 7 }

  public init(decoding part: ValuePart) throws(NASDecodingError) {
    typeOfSecurityContext = part.halfOctet & 0x08 == 0 ? .native : .mapped
    value = part.halfOctet & 0x07
  }

  @inlinable
  public func encode(into octets: inout OctetWriter) { octets.append(typeOfSecurityContext.rawValue << 3 | value) }

  public var description: String {
    isNoKey ? "no key is available (7)" : typeOfSecurityContext == .native ? "native, KSI_ASME \(value)" : "mapped, KSI_SGSN \(value)"
  }
}
