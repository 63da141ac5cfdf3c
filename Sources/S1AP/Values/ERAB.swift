/// E-RAB level QoS parameters (TS 36.413 §9.2.1.15), without the bit rates of GBR bearers.
public struct ERABLevelQoSParameters: Hashable, Sendable, S1APRepresentable {
  /// QoS class identifier, 0 to 255; 1 to 4 are GBR and need bit rates that this type does not have.
  public var qci: UInt8
  /// 1 highest, 14 lowest, 15 no priority.
  public var priorityLevel: UInt8
  /// Whether other bearers may be dropped for this one.
  public var mayTriggerPreemption: Bool
  /// Whether this one may be dropped for others.
  public var isPreemptable: Bool

  public init(qci: UInt8, priorityLevel: UInt8 = 9, mayTriggerPreemption: Bool = false, isPreemptable: Bool = false) {
    self.qci = qci
    self.priorityLevel = priorityLevel
    self.mayTriggerPreemption = mayTriggerPreemption
    self.isPreemptable = isPreemptable
  }

  public init(_ node: S1APNode) throws(S1APError) {
    qci = UInt8(truncatingIfNeeded: try node.requiredNumber("qCI"))
    let priority = try node.required("allocationRetentionPriority")
    priorityLevel = UInt8(truncatingIfNeeded: try priority.requiredNumber("priorityLevel"))
    mayTriggerPreemption = try priority.required("pre-emptionCapability").enumerated == 1
    isPreemptable = try priority.required("pre-emptionVulnerability").enumerated == 1
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("qCI") { $0.number(UInt64(qci)) }
      $0.component("allocationRetentionPriority") {
        $0.sequence {
          $0.component("priorityLevel") { $0.number(UInt64(priorityLevel)) }
          $0.component("pre-emptionCapability") { $0.position(mayTriggerPreemption ? 1 : 0) }
          $0.component("pre-emptionVulnerability") { $0.position(isPreemptable ? 1 : 0) }
        }
      }
    }
  }
}

/// UE aggregate maximum bit rates (TS 36.413 §9.2.1.20), bits per second.
public struct UEAggregateMaximumBitrate: Hashable, Sendable, S1APRepresentable {
  /// Bits per second, up to 10,000,000,000.
  public var downlink: UInt64
  /// Bits per second, up to 10,000,000,000.
  public var uplink: UInt64

  public init(downlink: UInt64, uplink: UInt64) {
    self.downlink = downlink
    self.uplink = uplink
  }

  public init(_ node: S1APNode) throws(S1APError) {
    downlink = try node.requiredNumber("uEaggregateMaximumBitRateDL")
    uplink = try node.requiredNumber("uEaggregateMaximumBitRateUL")
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("uEaggregateMaximumBitRateDL") { $0.number(downlink) }
      $0.component("uEaggregateMaximumBitRateUL") { $0.number(uplink) }
    }
  }
}

/// One bearer of INITIAL CONTEXT SETUP REQUEST (TS 36.413 §9.1.4.1).
public struct ERABToBeSetupItem: Hashable, Sendable, S1APRepresentable {
  /// 0 to 15.
  public var eRABID: UInt8
  /// What the bearer is entitled to.
  public var qos: ERABLevelQoSParameters
  /// 4 octets (IPv4), 16 (IPv6) or 20 (both, IPv4 first).
  public var transportLayerAddress: [UInt8]
  /// GTP-U tunnel endpoint, 32 bits.
  public var gtpTEID: UInt32
  /// NAS message to be delivered with the bearer.
  public var nasPDU: [UInt8]?

  public init(eRABID: UInt8, qos: ERABLevelQoSParameters, transportLayerAddress: [UInt8], gtpTEID: UInt32, nasPDU: [UInt8]? = nil) {
    self.eRABID = eRABID
    self.qos = qos
    self.transportLayerAddress = transportLayerAddress
    self.gtpTEID = gtpTEID
    self.nasPDU = nasPDU
  }

  public init(_ node: S1APNode) throws(S1APError) {
    eRABID = UInt8(truncatingIfNeeded: try node.requiredNumber("e-RAB-ID"))
    qos = try ERABLevelQoSParameters(node.required("e-RABlevelQoSParameters"))
    transportLayerAddress = try node.requiredAddress("transportLayerAddress")
    gtpTEID = UInt32(truncatingIfNeeded: try node.requiredNumber("gTP-TEID"))
    nasPDU = node["nAS-PDU"]?.octets.map { Array($0) }
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("e-RAB-ID") { $0.number(UInt64(eRABID)) }
      $0.component("e-RABlevelQoSParameters") { $0.value(qos) }
      $0.component("transportLayerAddress") { $0.bits(transportLayerAddress, count: transportLayerAddress.count * 8) }
      $0.component("gTP-TEID") { $0.octets(UInt64(gtpTEID), count: 4) }
      if let nasPDU { $0.component("nAS-PDU") { $0.octets(nasPDU) } }
    }
  }
}

/// One bearer of INITIAL CONTEXT SETUP RESPONSE (TS 36.413 §9.1.4.3).
public struct ERABSetupItem: Hashable, Sendable, S1APRepresentable {
  /// 0 to 15.
  public var eRABID: UInt8
  /// 4 octets (IPv4), 16 (IPv6) or 20 (both, IPv4 first).
  public var transportLayerAddress: [UInt8]
  /// GTP-U tunnel endpoint, 32 bits.
  public var gtpTEID: UInt32

  public init(eRABID: UInt8, transportLayerAddress: [UInt8], gtpTEID: UInt32) {
    self.eRABID = eRABID
    self.transportLayerAddress = transportLayerAddress
    self.gtpTEID = gtpTEID
  }

  public init(_ node: S1APNode) throws(S1APError) {
    eRABID = UInt8(truncatingIfNeeded: try node.requiredNumber("e-RAB-ID"))
    transportLayerAddress = try node.requiredAddress("transportLayerAddress")
    gtpTEID = UInt32(truncatingIfNeeded: try node.requiredNumber("gTP-TEID"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("e-RAB-ID") { $0.number(UInt64(eRABID)) }
      $0.component("transportLayerAddress") { $0.bits(transportLayerAddress, count: transportLayerAddress.count * 8) }
      $0.component("gTP-TEID") { $0.octets(UInt64(gtpTEID), count: 4) }
    }
  }
}

/// A bearer and why it failed or is to be released (TS 36.413 §9.2.1.36).
public struct ERABItem: Hashable, Sendable, S1APRepresentable {
  /// 0 to 15.
  public var eRABID: UInt8
  /// Why it failed, or is released.
  public var cause: Cause

  public init(eRABID: UInt8, cause: Cause) {
    self.eRABID = eRABID
    self.cause = cause
  }

  public init(_ node: S1APNode) throws(S1APError) {
    eRABID = UInt8(truncatingIfNeeded: try node.requiredNumber("e-RAB-ID"))
    cause = try Cause(node.required("cause"))
  }

  public func write(to writer: inout S1APWriter) {
    writer.sequence {
      $0.component("e-RAB-ID") { $0.number(UInt64(eRABID)) }
      $0.component("cause") { $0.value(cause) }
    }
  }
}
