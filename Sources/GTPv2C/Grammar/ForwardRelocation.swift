/// Forward Relocation Request (TS 29.274 §7.3.1): a UE is to be handed over to a node of another MME, or of an SGSN.
public enum ForwardRelocationRequest {
  /// Absent for an emergency without a SIM alone.
  public static let imsi = OptionalElement<IMSIDigits>("IMSI", .imsi)
  public static let sender = MandatoryElement<FullyQualifiedTEID>("Sender's F-TEID for Control Plane", .fullyQualifiedTEID)
  public static let connection = OptionalElement<PDNConnection>("MME/SGSN/AMF UE EPS PDN Connections", .pdnConnection)
  public static let servingGateway = OptionalElement<FullyQualifiedTEID>(
    "SGW S11/S4 IP Address and TEID for Control Plane", .fullyQualifiedTEID, 1)
  public static let eUTRANContainer = OptionalElement<FullyQualifiedContainer>("E-UTRAN Transparent Container", .fullyQualifiedContainer)
  public static let utranContainer = OptionalElement<FullyQualifiedContainer>("UTRAN Transparent Container", .fullyQualifiedContainer, 1)
  public static let bssContainer = OptionalElement<FullyQualifiedContainer>("BSS Container", .fullyQualifiedContainer, 2)
  public static let target = OptionalElement<TargetIdentification>("Target Identification", .targetIdentification)
  public static let s1APCause = OptionalElement<FullyQualifiedCause>("S1-AP Cause", .fullyQualifiedCause)
  public static let ranapCause = OptionalElement<FullyQualifiedCause>("RANAP Cause", .fullyQualifiedCause, 1)
  public static let selectedPLMN = OptionalElement<PLMNOctets>("Selected PLMN ID", .plmn)
  public static let servingNetwork = OptionalElement<PLMNOctets>("Serving Network", .servingNetwork)

  static let rows: [MessageGrammar.Row] =
    [
      .init(imsi), .init(sender), .init(connection), .init(servingGateway), .init(eUTRANContainer), .init(utranContainer),
      .init(bssContainer), .init(target), .init(s1APCause), .init(ranapCause),
      .init(selectedPLMN), .init(servingNetwork),
    ] + MessageGrammar.Row.mmContexts
}

/// Forward Relocation Response (TS 29.274 §7.3.2).
public enum ForwardRelocationResponse {
  public static let cause = MandatoryElement<ResultCause>("Cause", .cause)
  /// There if the relocation is accepted.
  public static let sender = OptionalElement<FullyQualifiedTEID>("Sender's F-TEID for Control Plane", .fullyQualifiedTEID)
  public static let bearer = OptionalElement<BearerContext>("List of Set-up Bearers", .bearerContext)
  public static let radioBearer = OptionalElement<BearerContext>("List of Set-up RABs", .bearerContext, 1)
  public static let s1APCause = OptionalElement<FullyQualifiedCause>("S1-AP Cause", .fullyQualifiedCause)
  public static let ranapCause = OptionalElement<FullyQualifiedCause>("RANAP Cause", .fullyQualifiedCause, 1)
  public static let eUTRANContainer = OptionalElement<FullyQualifiedContainer>("E-UTRAN Transparent Container", .fullyQualifiedContainer)
  public static let utranContainer = OptionalElement<FullyQualifiedContainer>("UTRAN Transparent Container", .fullyQualifiedContainer, 1)
  public static let bssContainer = OptionalElement<FullyQualifiedContainer>("BSS Container", .fullyQualifiedContainer, 2)

  static let rows: [MessageGrammar.Row] = [
    .init(cause), .init(sender), .init(bearer), .init(radioBearer), .init(s1APCause), .init(ranapCause), .init(eUTRANContainer),
    .init(utranContainer), .init(bssContainer),
  ]
}

/// Forward Access Context Notification (TS 29.274 §7.3.10): the status of the radio bearers, from source to target.
public enum ForwardAccessContextNotification {
  public static let container = OptionalElement<FullyQualifiedContainer>("E-UTRAN Transparent Container", .fullyQualifiedContainer)
}

/// Relocation Cancel Request (TS 29.274 §7.3.16).
public enum RelocationCancelRequest {
  public static let imsi = OptionalElement<IMSIDigits>("IMSI", .imsi)
  /// Type of the cause: S1AP's for a cancel by an MME, RANAP's by an SGSN.
  public static let cause = OptionalElement<FullyQualifiedCause>("RANAP Cause", .fullyQualifiedCause)

  static let rows: [MessageGrammar.Row] = [.init(imsi), .init(cause)]
}
