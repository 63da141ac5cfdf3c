import Benchmark
import NASCrypto

/// The usual workflow (histograms, baselines, comparisons between branches). The bounds are judged by `Ratios`, not here.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(metrics: [.cpuTotal, .throughput], scalingFactor: .kilo)

  let key = KeyMaterial([UInt8](repeating: 7, count: 16))
  let kasme = KeyMaterial([UInt8](repeating: 7, count: 32))

  for algorithm in IntegrityAlgorithm.allCases where algorithm != .eia0 {
    Benchmark("\(algorithm), 64 octets") { benchmark in
      var engine = CryptoEngine()
      let message = [UInt8](repeating: 1, count: 64)
      benchmark.startMeasurement()
      for count in benchmark.scaledIterations {
        blackHole(
          engine.mac(
            algorithm, key: key, count: UInt32(truncatingIfNeeded: count), bearer: 0, direction: .uplink, message: message))
      }
    }
  }
  for algorithm in CipheringAlgorithm.allCases where algorithm != .eea0 {
    Benchmark("\(algorithm), 64 octets") { benchmark in
      var engine = CryptoEngine()
      var data = [UInt8](repeating: 1, count: 64)
      benchmark.startMeasurement()
      for count in benchmark.scaledIterations {
        engine.applyKeystream(
          algorithm, key: key, count: UInt32(truncatingIfNeeded: count), bearer: 0, direction: .uplink, to: &data)
      }
      blackHole(data)
    }
  }
  Benchmark("KDF (KNASint)") { benchmark in
    var engine = CryptoEngine()
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations { blackHole(engine.deriveNASIntegrityKey(kasme: kasme, .eia2)) }
  }
  Benchmark("MILENAGE f1 to f5*") { benchmark in
    var engine = CryptoEngine()
    benchmark.startMeasurement()
    for count in benchmark.scaledIterations {
      blackHole(
        engine.milenage(k: key, opc: key, rand: Block(high: UInt64(count), low: 1), sqn: 1, amf: 0x8000))
    }
  }
}
