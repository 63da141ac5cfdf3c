import NASMessages

/// A full EPS security context that came out of an EPS AKA (or was made up for an emergency): native.
public struct NativeSecurityContext: Sendable, Equatable {
  public private(set) var context: SecurityContext

  /// - Returns: nil for a mapped context.
  public init?(_ context: SecurityContext) {
    guard context.type == .native else { return nil }
    self.context = context
  }

  /// - Precondition: the context stays native.
  mutating func change<R>(_ body: (inout SecurityContext) -> R) -> R {
    defer { precondition(context.type == .native, "a native context does not become mapped") }
    return body(&context)
  }
}

/// A full EPS security context that was derived from one of UTRAN, GERAN or N1 mode: mapped.
public struct MappedSecurityContext: Sendable, Equatable {
  public private(set) var context: SecurityContext

  /// - Returns: nil for a native context.
  public init?(_ context: SecurityContext) {
    guard context.type == .mapped else { return nil }
    self.context = context
  }

  /// - Precondition: the context stays mapped.
  mutating func change<R>(_ body: (inout SecurityContext) -> R) -> R {
    defer { precondition(context.type == .mapped, "a mapped context does not become native") }
    return body(&context)
  }
}
