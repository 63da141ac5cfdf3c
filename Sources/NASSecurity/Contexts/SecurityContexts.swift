import NASCrypto
import NASMessages

/// The contexts a UE or MME holds for one UE: at most one current, at most one non-current (TS 24.301 §4.4.2.1).
public struct SecurityContexts: Sendable, Equatable {
  /// What may stand beside the current context.
  public enum NonCurrent: Sendable, Equatable {
    /// After AKA, before the SMC that takes it into use.
    case partialNative(PartialNativeSecurityContext)
    /// The native context that a mapped one pushed aside.
    case fullNative(SecurityContext)
  }

  public internal(set) var current: SecurityContext?
  public internal(set) var nonCurrent: NonCurrent?

  public init(current: SecurityContext? = nil, nonCurrent: NonCurrent? = nil) {
    if case .fullNative(let native) = nonCurrent { precondition(native.type == .native) }
    self.current = current
    self.nonCurrent = nonCurrent
  }

  /// The partial native context, when there is one.
  public var partialNative: PartialNativeSecurityContext? {
    if case .partialNative(let context) = nonCurrent { context } else { nil }
  }

  /// The eKSI to state in an initial NAS message: the current context's, else "no key is available" (§9.9.3.21).
  public var eKSI: NASKeySetIdentifier { current?.eKSI ?? .noKey }

  /// The key set identifier of a native context beside a mapped current one, for TRACKING AREA UPDATE REQUEST
  /// (TS 24.301 §5.5.3.2.2); nil where there is none.
  public var nonCurrentNativeKeySetIdentifier: NASKeySetIdentifier? {
    guard current?.type == .mapped, case .fullNative(let native) = nonCurrent else { return nil }
    return native.eKSI
  }

  /// (a) AKA succeeded: the new partial native context replaces whatever was non-current.
  public mutating func authenticated(_ partial: PartialNativeSecurityContext) { nonCurrent = .partialNative(partial) }

  /// (b), (f) An SMC took `context` into use: the previous current context is deleted, and where the new one came out of
  /// the non-current place, that is empty. An SMC on the current context leaves what stands beside it.
  public mutating func take(_ context: SecurityContext) {
    switch nonCurrent {
    case .partialNative(let partial) where context.type == .native && partial.kasme == context.kasme: nonCurrent = nil
    case .fullNative(let native) where context.type == .native && native.kasme == context.kasme: nonCurrent = nil
    case .partialNative, .fullNative, .none: break
    }
    // A mapped context out of an SMC leaves the native one aside, as a handover does; the text only has the handover.
    if context.type == .mapped, let native = current, native.type == .native { nonCurrent = .fullNative(native) }
    current = context
  }

  /// (d), (e) A handover from UTRAN, GERAN or N1 mode took `context` into use: a native current context steps aside and drives
  /// a partial one out; a mapped one is deleted. Where there was no native current context, a partial one stays.
  ///
  /// A handover that fails is one that is not taken: the caller keeps the value it had (§4.4.2.2).
  ///
  /// - Precondition: the context is mapped, or has the null algorithms of an emergency.
  public mutating func takeByHandover(_ context: SecurityContext) {
    precondition(context.type == .mapped || context.algorithms == .null, "a handover brings a mapped context")
    if let native = current, native.type == .native { nonCurrent = .fullNative(native) }
    current = context
  }

  /// Changes the current context in place: COUNTs that move, algorithms that change.
  ///
  /// - Precondition: there is a current context.
  public mutating func withCurrent<R>(_ body: (inout SecurityContext) -> R) -> R {
    guard current != nil else { preconditionFailure("no current security context") }
    return body(&current!)
  }

  /// (g) EMM-REGISTERED was left for EMM-DEREGISTERED: mapped and partial contexts go, a non-current
  /// full native one becomes current in place of a mapped one.
  public mutating func deregistered() {
    if case .fullNative(let native) = nonCurrent, current?.type != .native { current = native }
    if current?.type == .mapped { current = nil }
    nonCurrent = nil
  }

  /// Deletes the current context's eKSI and with it the context; what stands beside it stays (§4.4.3.5).
  public mutating func deleteCurrent() { current = nil }

  /// Deletes the current context's eKSI and with it the context, and the one beside it, as rejects demand.
  public mutating func deleteAll() {
    current = nil
    nonCurrent = nil
  }
}
