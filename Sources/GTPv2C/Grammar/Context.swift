/// Context Request (TS 29.274 §7.3.5): a UE has come that another node served.
public enum ContextRequest {
  public static let imsi = OptionalElement<IMSIDigits>("IMSI", .imsi)
  /// By which the UE named itself.
  public static let guti = OptionalElement<GUTIValue>("GUTI", .guti)
  /// As it came from the UE, for the node whose context can verify it.
  public static let request = OptionalElement<CompleteRequestMessage>("Complete TAU Request Message", .completeRequestMessage)
  public static let sender = OptionalElement<FullyQualifiedTEID>("S3/S16/S10 Address and TEID for Control Plane", .fullyQualifiedTEID)
  public static let ratType = OptionalElement<NumberOctet>("RAT Type", .ratType)
  /// MSV: the node that asks has checked who the UE is.
  public static let indication = OptionalElement<FlagOctets>("Indication", .indication)
  public static let targetPLMN = OptionalElement<PLMNOctets>("Target PLMN ID", .servingNetwork)

  static let rows: [MessageGrammar.Row] = [
    .init(imsi), .init(guti), .init(request), .init(sender), .init(ratType), .init(indication), .init(targetPLMN),
  ]
}

/// Context Response (TS 29.274 §7.3.6).
public enum ContextResponse {
  public static let cause = MandatoryElement<ResultCause>("Cause", .cause)
  public static let imsi = OptionalElement<IMSIDigits>("IMSI", .imsi)
  public static let connection = OptionalElement<PDNConnection>("MME/SGSN/AMF UE EPS PDN Connections", .pdnConnection)
  public static let sender = OptionalElement<FullyQualifiedTEID>("Sender F-TEID for Control Plane", .fullyQualifiedTEID)
  public static let servingGateway = OptionalElement<FullyQualifiedTEID>(
    "SGW S11/S4 IP Address and TEID for Control Plane", .fullyQualifiedTEID, 1)

  static let rows: [MessageGrammar.Row] =
    [
      .init(cause), .init(imsi), .init(connection), .init(sender), .init(servingGateway),
    ] + MessageGrammar.Row.mmContexts
}

/// Context Acknowledge (TS 29.274 §7.3.7).
public enum ContextAcknowledge {
  public static let cause = MandatoryElement<ResultCause>("Cause", .cause)
}

/// Identification Request (TS 29.274 §7.3.8): the same for an attach.
public enum IdentificationRequest {
  public static let guti = OptionalElement<GUTIValue>("GUTI", .guti)
  public static let request = OptionalElement<CompleteRequestMessage>("Complete Attach Request Message", .completeRequestMessage)
  public static let targetPLMN = OptionalElement<PLMNOctets>("Target PLMN ID", .servingNetwork)

  static let rows: [MessageGrammar.Row] = [.init(guti), .init(request), .init(targetPLMN)]
}

/// Identification Response (TS 29.274 §7.3.9).
public enum IdentificationResponse {
  public static let cause = MandatoryElement<ResultCause>("Cause", .cause)
  public static let imsi = OptionalElement<IMSIDigits>("IMSI", .imsi)

  static let rows: [MessageGrammar.Row] = [.init(cause), .init(imsi)] + MessageGrammar.Row.mmContexts
}
