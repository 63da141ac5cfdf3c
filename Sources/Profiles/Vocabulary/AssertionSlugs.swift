import TestNetwork

/// The slugs that verdicts have, for profiles that name them.
public enum AssertionSlugs {
  /// Of whole assertions.
  public static let assertions: [String] = [
    "nas-context", "kenb-explained", "nh-genealogy", "nh-never-reused", "rekey-owed", "rekey-smc-order", "relocation-waits",
    "silent-source", "smc-owed-after-non-delivery", "forward-both-contexts", "count-per-transmission", "count-estimation",
    "forgery-inert", "eksi-consistent", "protection-by-state", "capabilities-replayed", "hashmme", "context-in-force",
    "null-algorithms", "self-check",
  ]

  /// Of the attributes of `nas-context`.
  public static let attributes: [String] = [
    "eksi", "kasme", "ciphering-algorithm", "integrity-algorithm", "uplink-nas-count", "downlink-nas-count",
  ].map { "nas-context/\($0)" }

  public static let all: [String] = assertions + attributes
}
