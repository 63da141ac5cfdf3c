import NASCrypto

/// A subscriber as text, from a file or from the command line; checked when it is turned into credentials.
public struct SubscriberOptions: Sendable {
  /// 6 to 15 decimal digits.
  public var imsi: String?
  /// 32 hex digits, or 64 with TUAK.
  public var k: String?
  /// 32 hex digits; with MILENAGE, instead of `op`.
  public var opc: String?
  /// 32 hex digits; with MILENAGE, instead of `opc`.
  public var op: String?
  /// 64 hex digits; with TUAK, instead of `top`.
  public var topc: String?
  /// 64 hex digits; with TUAK, instead of `topc`.
  public var top: String?
  /// At most 4 hex digits; 8000 if nil.
  public var amf: String?
  /// At most 12 hex digits: what the HSS used last; 0 if nil.
  public var sqn: String?
  /// `milenage` (also if nil), `tuak` or `xor`.
  public var algorithm: String?

  public init(
    imsi: String? = nil, k: String? = nil, opc: String? = nil, op: String? = nil, topc: String? = nil, top: String? = nil,
    amf: String? = nil, sqn: String? = nil, algorithm: String? = nil
  ) {
    self.imsi = imsi
    self.k = k
    self.opc = opc
    self.op = op
    self.topc = topc
    self.top = top
    self.amf = amf
    self.sqn = sqn
    self.algorithm = algorithm
  }

  /// What is wrong, and with which key.
  public struct Fault: Error, Equatable, Sendable {
    /// The option or YAML key that is wrong.
    public var key: String
    /// What was expected and what was found; never a key itself.
    public var message: String
  }

  /// Checks every part. OPc and TOPc are computed where OP or TOP is given.
  public func credentials(using engine: inout CryptoEngine) throws(Fault) -> SubscriberCredentials {
    guard let imsi else { throw Fault(key: "imsi", message: "'imsi' is missing") }
    guard (6...15).contains(imsi.utf8.count), imsi.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      throw Fault(key: "imsi", message: "IMSI '\(imsi)': expected 6 to 15 digits")
    }
    let name = algorithm?.lowercased() ?? "milenage"
    let key = try octets(k, "k", counts: name == "tuak" ? [16, 32] : [16])
    let amfValue = if let amf { try number(amf, "amf", digits: 4) } else { UInt64(0x8000) }
    let sqnValue = if let sqn { try number(sqn, "sqn", digits: 12) } else { UInt64(0) }
    let functions: AuthenticationFunctionSet
    switch name {
    case "milenage":
      if let opc {
        guard op == nil else { throw Fault(key: "op", message: "both 'op' and 'opc' given, expected one") }
        functions = .milenage(opc: try octets(opc, "opc", counts: [16]))
      } else if op != nil {
        functions = .milenage(op: try octets(op, "op", counts: [16]), k: key, using: &engine)
      } else {
        throw Fault(key: "opc", message: "'opc' (or 'op') is missing")
      }
    case "tuak":
      if let topc {
        functions = .tuak(topc: try octets(topc, "topc", counts: [32]), configuration: TUAKConfiguration())
      } else if top != nil {
        functions = .tuak(top: try octets(top, "top", counts: [32]), k: key, using: &engine)
      } else {
        throw Fault(key: "topc", message: "'topc' (or 'top') is missing")
      }
    case "xor":
      functions = .testXOR
    default:
      throw Fault(key: "algorithm", message: "algorithm '\(name)': expected milenage, tuak or xor")
    }
    do throws(CredentialError) {
      return try SubscriberCredentials(imsi: imsi, k: key, functions: functions, amf: UInt16(amfValue), sqn: sqnValue)
    } catch {
      throw Fault(key: "imsi", message: error.description)
    }
  }

  private func octets(_ text: String?, _ key: String, counts: [Int]) throws(Fault) -> KeyMaterial {
    let expected = counts.map { "\($0 * 2)" }.joined(separator: " or ")
    guard let text else { throw Fault(key: key, message: "'\(key)' is missing: expected \(expected) hex digits") }
    guard let material = KeyMaterial(hex: text), counts.contains(material.count) else {
      // The value is not repeated: it is, or was meant to be, a key.
      throw Fault(key: key, message: "'\(key)': expected \(expected) hex digits, found \(text.count) characters")
    }
    return material
  }

  private func number(_ text: String, _ key: String, digits: Int) throws(Fault) -> UInt64 {
    let bare = text.hasPrefix("0x") ? String(text.dropFirst(2)) : text
    guard bare.count <= digits, !bare.hasPrefix("+"), !bare.hasPrefix("-"), let value = UInt64(bare, radix: 16) else {
      throw Fault(key: key, message: "'\(key)' is '\(text)': expected at most \(digits) hex digits")
    }
    return value
  }
}
