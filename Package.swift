// swift-tools-version: 6.2
import PackageDescription

// Our own targets are built with warnings as errors where it is asked for (CI, Scripts/test); a user's newer compiler must not fail his build.
let strict = Context.environment["CI"] != nil || Context.environment["NASUE_STRICT"] != nil

let settings: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (strict ? [.treatAllWarnings(as: .error)] : [])

let deque: Target.Dependency = .product(name: "DequeModule", package: "swift-collections")
let heap: Target.Dependency = .product(name: "HeapModule", package: "swift-collections")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")
let yams: Target.Dependency = .product(name: "Yams", package: "Yams")
let arguments: Target.Dependency = .product(name: "ArgumentParser", package: "swift-argument-parser")

/// A room: a target under Sources/ and its test target of the same name under Tests/.
func room(
  _ name: String, _ dependencies: [Target.Dependency] = [], testing: [Target.Dependency] = [], resources: [Resource] = []
)
  -> [Target]
{
  [
    .target(name: name, dependencies: dependencies, exclude: [], swiftSettings: settings),
    .testTarget(
      name: name + "Tests", dependencies: [.target(name: name)] + dependencies + testing, resources: resources,
      swiftSettings: settings),
  ]
}

let rooms: [Target] =
  room("NASCrypto", ["COpenSSL"], resources: [.copy("Resources")])
  + room("NASMessages", resources: [.copy("Resources")])
  + room("NASSecurity", ["NASCrypto", "NASMessages"])
  + room("RadioInterface", ["NASCrypto"])
  + room("UserEquipment", ["NASSecurity", "NASCrypto", "NASMessages", "RadioInterface"])
  + room("S1AP", resources: [.copy("Resources")])
  + room("RadioAccess", ["S1AP", "NASCrypto", "RadioInterface"])
  + room("Transport", ["CLinux"])
  + room("GTPv2C")
  + room("Trace", ["S1AP", "NASMessages", "NASCrypto"])
  + room("Observer", ["Trace", "NASCrypto", "NASMessages", "S1AP"])
  + room("Alignment", ["Observer", "Trace", "NASCrypto", "NASMessages", "S1AP", "GTPv2C", deque])
  + room("TestNetwork", ["NASSecurity", "NASCrypto", "NASMessages", "S1AP", "GTPv2C"])
  + room(
    "Capture", ["Trace", "NASCrypto", "NASMessages", "GTPv2C", deque], testing: ["Observer", "Alignment", "S1AP"],
    resources: [.copy("Resources")])
  + room("Reporting", ["Trace", "Observer", "Alignment", "S1AP", "NASMessages", "NASCrypto", "GTPv2C"])
  + room("Profiles", ["TestNetwork", "UserEquipment", "NASCrypto", "NASMessages", "S1AP", "GTPv2C", yams])
  + room(
    "Scenario",
    [
      "Profiles", "UserEquipment", "RadioAccess", "RadioInterface", "TestNetwork", "Alignment", "Observer", "Trace", "Transport",
      "NASSecurity", "NASCrypto", "NASMessages", "S1AP", "GTPv2C", deque, heap, logging, yams,
    ], testing: ["Capture", "CLinux"])

let package = Package(
  name: "nasue",
  products: [
    .executable(name: "nasue", targets: ["nasue"])
  ]
    + [
      "NASCrypto", "NASMessages", "NASSecurity", "RadioInterface", "UserEquipment", "S1AP", "RadioAccess", "Transport", "GTPv2C", "Trace",
      "Observer", "Alignment", "TestNetwork", "Capture", "Reporting", "Profiles", "Scenario",
    ].map { .library(name: $0, targets: [$0]) },
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
    .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
    .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
  ],
  targets: rooms + [
    .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "CLinux"),
    .executableTarget(
      name: "nasue",
      dependencies: [
        "Scenario", "Profiles", "UserEquipment", "RadioAccess", "TestNetwork", "Alignment", "Observer", "Trace", "Transport", "Capture",
        "Reporting", "NASSecurity", "NASCrypto", "NASMessages", "S1AP", "GTPv2C", arguments, logging,
      ],
      swiftSettings: settings),
    // For the stage nas-differential of Scripts/test: messages for other codecs to read.
    .executableTarget(
      name: "nas-corpus", dependencies: ["NASMessages", "S1AP", "Capture", "Trace", "NASCrypto"], swiftSettings: settings),
    .testTarget(name: "nasueTests", dependencies: ["nasue"], swiftSettings: settings),
  ]
)
