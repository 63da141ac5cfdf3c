/// Unused authentication vectors of an MM context (TS 29.274 §8.38, figures 8.38-7 to 8.38-9).
public enum AuthenticationVectors {
  /// GSM.
  public struct Triplet: Sendable, Equatable {
    /// 16 octets.
    public var rand: [UInt8]
    /// 4 octets.
    public var sres: [UInt8]
    /// 8 octets.
    public var kc: [UInt8]

    public init(rand: [UInt8], sres: [UInt8], kc: [UInt8]) {
      self.rand = rand
      self.sres = sres
      self.kc = kc
    }
  }

  /// UMTS.
  public struct Quintuplet: Sendable, Equatable {
    /// 16 octets.
    public var rand: [UInt8]
    /// 4 ... 16 octets.
    public var xres: [UInt8]
    /// 16 octets.
    public var ck: [UInt8]
    /// 16 octets.
    public var ik: [UInt8]
    /// 16 octets.
    public var autn: [UInt8]

    public init(rand: [UInt8], xres: [UInt8], ck: [UInt8], ik: [UInt8], autn: [UInt8]) {
      self.rand = rand
      self.xres = xres
      self.ck = ck
      self.ik = ik
      self.autn = autn
    }
  }

  /// EPS.
  public struct Quadruplet: Sendable, Equatable {
    /// 16 octets.
    public var rand: [UInt8]
    /// 4 ... 16 octets.
    public var xres: [UInt8]
    /// 16 octets.
    public var autn: [UInt8]
    /// 32 octets.
    public var kasme: [UInt8]

    public init(rand: [UInt8], xres: [UInt8], autn: [UInt8], kasme: [UInt8]) {
      self.rand = rand
      self.xres = xres
      self.autn = autn
      self.kasme = kasme
    }
  }
}

extension AuthenticationVectors.Triplet {
  init(_ reader: inout OctetReader) throws(GTPv2CError) {
    self.init(rand: try reader.octets(16, "RAND"), sres: try reader.octets(4, "SRES"), kc: try reader.octets(8, "Kc"))
  }

  var encoded: [UInt8] { rand + sres + kc }
}

extension AuthenticationVectors.Quintuplet {
  init(_ reader: inout OctetReader) throws(GTPv2CError) {
    let rand = try reader.octets(16, "RAND")
    let xres = try reader.octets(Int(try reader.octet("XRES length")), "XRES")
    let ck = try reader.octets(16, "CK")
    let ik = try reader.octets(16, "IK")
    self.init(rand: rand, xres: xres, ck: ck, ik: ik, autn: try reader.octets(Int(try reader.octet("AUTN length")), "AUTN"))
  }

  var encoded: [UInt8] {
    var octets = rand
    octets.appendCounted(xres)
    octets += ck + ik
    octets.appendCounted(autn)
    return octets
  }
}

extension AuthenticationVectors.Quadruplet {
  init(_ reader: inout OctetReader) throws(GTPv2CError) {
    let rand = try reader.octets(16, "RAND")
    let xres = try reader.octets(Int(try reader.octet("XRES length")), "XRES")
    let autn = try reader.octets(Int(try reader.octet("AUTN length")), "AUTN")
    self.init(rand: rand, xres: xres, autn: autn, kasme: try reader.octets(32, "KASME"))
  }

  var encoded: [UInt8] {
    var octets = rand
    octets.appendCounted(xres)
    octets.appendCounted(autn)
    return octets + kasme
  }
}
