import NASCrypto
import NASMessages

/// The contexts a UE or MME holds for one UE: at most one current, at most one non-current (TS 24.301 §4.4.2.1).
///
/// What may stand beside what is in the type: a full native context is non-current only beside a mapped one or the null
/// context of an emergency, or alone once that is deleted; beside another native one is room for a partial one alone.
public struct SecurityContexts: Sendable, Equatable {
  /// What may stand beside a mapped context, or alone.
  public enum NonCurrent: Sendable, Equatable {
    /// After AKA, before the SMC that takes it into use.
    case partialNative(PartialNativeSecurityContext)
    /// The native context that a mapped one pushed aside.
    case fullNative(NativeSecurityContext)
  }

  private enum Holding: Sendable, Equatable {
    case noneInForce(NonCurrent?)
    case native(NativeSecurityContext, PartialNativeSecurityContext?)
    case mapped(MappedSecurityContext, NonCurrent?)
    /// The null algorithms of an emergency, over a KASME made up locally.
    case null(NativeSecurityContext, NonCurrent?)
  }

  private var holding: Holding

  /// - Parameters:
  ///   - current: the context in force, native or mapped.
  ///   - partial: what an AKA left beside it.
  public init(current: SecurityContext? = nil, partial: PartialNativeSecurityContext? = nil) {
    holding = SecurityContexts.holding(current, partial.map(NonCurrent.partialNative))
  }

  /// The context in force.
  public var current: SecurityContext? {
    switch holding {
    case .noneInForce: nil
    case .native(let native, _): native.context
    case .mapped(let mapped, _): mapped.context
    case .null(let null, _): null.context
    }
  }

  /// What stands beside it.
  public var nonCurrent: NonCurrent? {
    switch holding {
    case .noneInForce(let beside), .mapped(_, let beside), .null(_, let beside): beside
    case .native(_, let partial): partial.map(NonCurrent.partialNative)
    }
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
    guard case .mapped(_, .fullNative(let native)) = holding else { return nil }
    return native.context.eKSI
  }

  /// (a) AKA succeeded: the new partial native context replaces whatever was non-current.
  public mutating func authenticated(_ partial: PartialNativeSecurityContext) {
    switch holding {
    case .noneInForce: holding = .noneInForce(.partialNative(partial))
    case .native(let native, _): holding = .native(native, partial)
    case .mapped(let mapped, _): holding = .mapped(mapped, .partialNative(partial))
    case .null(let null, _): holding = .null(null, .partialNative(partial))
    }
  }

  /// (b), (c), (f) An SMC took `context` into use: the previous current context is deleted, and where the new one came out of
  /// the non-current place, that is empty. An SMC on the current context leaves what stands beside it.
  public mutating func take(_ context: SecurityContext) {
    var beside = nonCurrent
    switch beside {
    case .partialNative(let partial) where context.type == .native && partial.kasme == context.kasme: beside = nil
    case .fullNative(let native) where context.type == .native && native.context.kasme == context.kasme: beside = nil
    case .partialNative, .fullNative, .none: break
    }
    // A mapped context out of an SMC leaves the native one aside, as a handover does; the text only has the handover.
    if context.type == .mapped, case .native(let native, _) = holding { beside = .fullNative(native) }
    holding = SecurityContexts.holding(context, beside)
  }

  /// (d), (e) A handover from UTRAN, GERAN or N1 mode took `mapped` into use: a native current context steps aside and drives
  /// a partial one out; a mapped one is deleted. Where there was no native current context, a partial one stays.
  ///
  /// A handover that fails is one that is not taken: the caller keeps the value it had (§4.4.2.2).
  public mutating func takeByHandover(_ mapped: MappedSecurityContext) {
    switch holding {
    case .native(let native, _): holding = .mapped(mapped, .fullNative(native))
    case .noneInForce(let beside), .mapped(_, let beside), .null(_, let beside): holding = .mapped(mapped, beside)
    }
  }

  /// Changes the current context in place: COUNTs that move, algorithms that change.
  ///
  /// - Precondition: there is a current context, and it stays native or mapped as it was.
  public mutating func withCurrent<R>(_ body: (inout SecurityContext) -> R) -> R {
    let before = holding
    // Nothing else refers to the context while it changes.
    holding = .noneInForce(nil)
    switch before {
    case .noneInForce: preconditionFailure("no current security context")
    case .native(var native, let partial):
      let result = native.change(body)
      holding = .native(native, partial)
      return result
    case .mapped(var mapped, let beside):
      let result = mapped.change(body)
      holding = .mapped(mapped, beside)
      return result
    case .null(var null, let beside):
      let result = null.change(body)
      holding = SecurityContexts.holding(null.context, beside)
      return result
    }
  }

  /// Changes the full native context that a mapped one pushed aside: its COUNTs move when a SECURITY MODE COMMAND under it
  /// is sent. Does nothing where there is none.
  public mutating func withNonCurrentNative(_ body: (inout SecurityContext) -> Void) {
    switch holding {
    case .noneInForce(.fullNative(var native)):
      native.change(body)
      holding = .noneInForce(.fullNative(native))
    case .mapped(let mapped, .fullNative(var native)):
      native.change(body)
      holding = .mapped(mapped, .fullNative(native))
    case .null(let null, .fullNative(var native)):
      native.change(body)
      holding = .null(null, .fullNative(native))
    case .noneInForce, .native, .mapped, .null: break
    }
  }

  /// Deletes the full native context beside a mapped or null one, as an MME does when the UE does not name it after a handover
  /// (§5.5.3.2.4). Does nothing where there is none.
  public mutating func deleteNonCurrentNative() {
    switch holding {
    case .noneInForce(.fullNative): holding = .noneInForce(nil)
    case .mapped(let mapped, .fullNative): holding = .mapped(mapped, nil)
    case .null(let null, .fullNative): holding = .null(null, nil)
    case .noneInForce, .native, .mapped, .null: break
    }
  }

  /// (g) EMM-REGISTERED was left for EMM-DEREGISTERED: mapped and partial contexts go, a non-current
  /// full native one becomes current in place of a mapped one.
  public mutating func deregistered() {
    switch holding {
    case .native(let native, _), .noneInForce(.fullNative(let native)), .mapped(_, .fullNative(let native)),
      .null(_, .fullNative(let native)):
      holding = .native(native, nil)
    case .null(let null, _): holding = .null(null, nil)
    case .noneInForce, .mapped: holding = .noneInForce(nil)
    }
  }

  /// Deletes the current context's eKSI and with it the context; what stands beside it stays (§4.4.3.5).
  public mutating func deleteCurrent() { holding = .noneInForce(nonCurrent) }

  /// Deletes the current context's eKSI and with it the context, and the one beside it, as rejects demand.
  public mutating func deleteAll() { holding = .noneInForce(nil) }

  /// A full native context beside a native one is none: it would be the one that was deleted (b).
  private static func holding(_ current: SecurityContext?, _ beside: NonCurrent?) -> Holding {
    guard let current else { return .noneInForce(beside) }
    if let mapped = MappedSecurityContext(current) { return .mapped(mapped, beside) }
    guard let native = NativeSecurityContext(current) else { return .noneInForce(beside) }
    if current.algorithms == .null { return .null(native, beside) }
    return if case .partialNative(let partial) = beside { .native(native, partial) } else { .native(native, nil) }
  }
}
