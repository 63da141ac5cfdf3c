// swift-tools-version: 6.2
import PackageDescription

// A package of its own, so that neither the benchmark library nor the interposed malloc weighs on the product's build.
let package = Package(
  name: "nasue-benchmarks",
  dependencies: [
    .package(name: "nasue", path: ".."),
    .package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []),
  ],
  targets: [
    .systemLibrary(name: "CLibcrypto", path: "Sources/CLibcrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .target(name: "CAllocations"),
    .executableTarget(
      name: "Ratios",
      dependencies: ["CAllocations", "CLibcrypto"]
        + [
          "NASCrypto", "NASMessages", "NASSecurity", "S1AP", "UserEquipment", "RadioAccess", "TestNetwork", "Trace", "Alignment",
          "Scenario",
        ].map {
          .product(name: $0, package: "nasue")
        }),
    .executableTarget(
      name: "Traffic",
      dependencies: ["NASCrypto", "NASMessages", "S1AP", "UserEquipment", "RadioAccess", "TestNetwork", "Trace", "Capture", "Scenario"].map
      {
        .product(name: $0, package: "nasue")
      }),
    .executableTarget(
      name: "NASCryptoBenchmark",
      dependencies: [
        .product(name: "NASCrypto", package: "nasue"),
        .product(name: "Benchmark", package: "benchmark"),
      ],
      path: "Benchmarks/NASCryptoBenchmark",
      plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]),
  ],
  swiftLanguageModes: [.v6]
)
