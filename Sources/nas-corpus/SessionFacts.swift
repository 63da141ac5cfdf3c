import NASMessages

extension Facts {
  /// Facts of ESM elements beyond causes, bearers and the EPS QoS.
  mutating func addSession(_ value: any InformationElementValue) {
    switch value {
    case let name as AccessPointName: add("APN", text: name.name)
    case let type as PDNType: add("PDN type", type.rawValue & 7)
    case let type as RequestType: add("request type", type.rawValue & 7)
    case let flag as ESMInformationTransferFlag: add("transfer flag", flag.rawValue & 1)
    case let rates as APNAMBR:
      for (name, octet) in zip(["", " ext", " ext2"].flatMap { ["ambrDown" + $0, "ambrUp" + $0] }, rates.octets) { add(name, octet) }
    case let options as ProtocolConfigurationOptions: add(options.containers)
    case let options as ExtendedProtocolConfigurationOptions: add(options.containers)
    case let options as NetworkExtendedProtocolConfigurationOptions: add(options.containers)
    case let template as TrafficFlowTemplate: add(template)
    case let quality as QualityOfService: add(quality)
    case let container as NBIFOMContainer:
      for parameter in container.parameters {
        add("nbifom parameter", parameter.identifier)
        for rule in parameter.routingRules ?? [] {
          add("nbifom rule", rule.identifier)
          add("nbifom access", rule.routingAccess)
          add("nbifom operation", rule.operation)
          add("nbifom priority", rule.priority)
        }
      }
    case let configuration as HeaderCompressionConfiguration:
      for profile in [0x0002, 0x0003, 0x0004, 0x0006, 0x0102, 0x0103, 0x0104] as [UInt16] {
        add("rohc \(profile)", configuration.profiles.contains(profile) ? 1 : 0)
      }
      add("MAX_CID", configuration.maximumCID)
    case let status as HeaderCompressionConfigurationStatus:
      for bearer in 1..<16 as Range<UInt8> { add("hc unused \(bearer)", status.unused.contains(bearer) ? 1 : 0) }
    case let status as EPSBearerContextStatus:
      for bearer in 1..<16 as Range<UInt8> { add("active \(bearer)", status.active.contains(bearer) ? 1 : 0) }
    case let control as ServingPLMNRateControl: add("rate control", control.value)
    case let identifier as TransactionIdentifier:
      add("TI flag", identifier.flag ? 1 : 0)
      if let value = identifier.value { add("TI", value) }
    case let identifier as LLCServiceAccessPointIdentifier: add("SAPI", identifier.value)
    case let identifier as PacketFlowIdentifier: add("PFI", identifier.value)
    case let priority as RadioPriority: add("radio priority", priority.rawValue & 7)
    case let type as ConnectivityType: add("connectivity type", type.rawValue)
    case let acceptability as WLANOffloadAcceptability:
      add("offload E-UTRAN", acceptability.eutran ? 1 : 0)
      add("offload UTRAN", acceptability.utran ? 1 : 0)
    case let indication as ControlPlaneOnlyIndication: add("control plane only", indication.isControlPlaneOnly ? 1 : 0)
    case let indication as ReleaseAssistanceIndication: add("downlink data expected", indication.downlinkDataExpected)
    case let indicator as NotificationIndicator: add("notification", indicator.rawValue)
    case let indicator as ReattemptIndicator:
      add("re-attempt modes", indicator.forbidsOtherModes ? 1 : 0)
      add("re-attempt PLMNs", indicator.forbidsEquivalentPLMNs ? 1 : 0)
    case let rates as ExtendedAPNAMBR:
      add("ext ambrDown unit", rates.octets[0])
      add("ext ambrUp unit", rates.octets[3])
    case let quality as ExtendedQoS:
      add("ext mbr unit", quality.octets[0])
      add("ext gbr unit", quality.octets[5])
    default: break
    }
  }

  private mutating func add(_ containers: [ProtocolConfigurationOptions.Container]) {
    for container in containers {
      add("pco", container.identifier)
      if let address = container.address { add("pco \(container.name ?? "")", text: address) }
      if let number = container.number { add("pco \(container.name ?? "")", number) }
      for option in container.ipcpOptions ?? [] {
        add("ipcp option", option.type)
      }
    }
  }

  private mutating func add(_ template: TrafficFlowTemplate) {
    add("tft operation", template.operation.rawValue)
    add("tft filters", template.packetFilterCount)
    for filter in template.packetFilters {
      add("filter", filter.identifier)
      add("filter direction", filter.direction.rawValue)
      add("filter precedence", filter.precedence)
      for component in filter.components { add("filter component", component.kind.rawValue) }
    }
    for filter in template.deletedFilters { add("filter", filter & 0x0F) }
    for parameter in template.parameters ?? [] { add("tft parameter", parameter.identifier) }
  }

  private mutating func add(_ quality: QualityOfService) {
    add("qos delay", quality.delayClass)
    add("qos reliability", quality.reliabilityClass)
    add("qos peak", quality.peakThroughput)
    add("qos precedence", quality.precedenceClass)
    add("qos mean", quality.meanThroughput)
    if let value = quality.trafficClass { add("qos traffic", value) }
    if let value = quality.deliveryOrder { add("qos order", value) }
    if let value = quality.deliveryOfErroneousSDUs { add("qos erroneous", value) }
    if let value = quality.residualBitErrorRate { add("qos ber", value) }
    if let value = quality.sduErrorRatio { add("qos sdu", value) }
    if let value = quality.trafficHandlingPriority { add("qos priority", value) }
    if let value = quality.isOptimisedForSignalling { add("qos signalling", value ? 1 : 0) }
    if let value = quality.sourceStatisticsDescriptor { add("qos source", value) }
  }
}
