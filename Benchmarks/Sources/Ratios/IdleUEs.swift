import CAllocations
import NASCrypto
import NASMessages
import RadioAccess
import S1AP
import Scenario
import TestNetwork
import UserEquipment

#if canImport(Glibc)
  import Glibc
#endif

/// What a registered idle UE may take, in octets.
private let idleBound = 2048

/// Attaches `count` UEs, each with its own IMSI and key over its own S1AP, lets each become idle, keeps them all, and prints what one of
/// them takes; exits 1 if that is more than the bound.
func measureIdleUEs(_ count: Int) {
  let box = EngineBox()
  // The code and whatever is made once must not count.
  var warm: [UE] = []
  for index in 0..<200 { warm.append(idleUE(900_000 + index, box)) }
  warm.removeAll()
  var ues: [UE] = []
  ues.reserveCapacity(count)
  let heap = Int(heap_octets())
  let resident = residentOctets()
  for index in 0..<count { ues.append(idleUE(index, box)) }
  let heapEach = Double(Int(heap_octets()) - heap) / Double(count)
  let residentEach = Double(residentOctets() - resident) / Double(count)
  let before = allocation_count()
  var copy = ues[count / 2]
  var outputs: [UE.Output] = []
  copy.handle(.requestService, at: .zero, using: &box.engine, into: &outputs)
  guard ues.allSatisfy({ $0.state == .registered && !$0.isConnected && $0.contexts.current != nil && $0.registration.guti != nil }),
    outputs.contains(where: { if case .establishConnection = $0 { true } else { false } })
  else { fatalError("not registered and idle") }
  print("\(count) registered idle UEs")
  print("  the value itself            \(MemoryLayout<UE>.size) octets (stride \(MemoryLayout<UE>.stride))")
  print("  heap beside it, each        \(Int(heapEach.rounded())) octets in use (mallinfo2)")
  print("  resident, each              \(Int(residentEach.rounded())) octets, bound \(idleBound)")
  print("  a service request from idle \(allocation_count() - before) allocations")
  let isWithin = residentEach <= Double(idleBound)
  print(isWithin ? "pass" : "FAIL")
  if !isWithin { exit(1) }
}

/// A UE as an attach and the release after it leave it.
private func idleUE(_ index: Int, _ box: EngineBox) -> UE {
  let digits = String(index)
  let imsi = "001010" + String(repeating: "0", count: 9 - digits.count) + digits
  var random = SeededRandom(seed: UInt64(index))
  guard let plmn = PLMN("00101"),
    let credentials = try? SubscriberCredentials(
      imsi: imsi, k: KeyMaterial(random.octets(16)), functions: .milenage(opc: KeyMaterial(random.octets(16))))
  else { fatalError("bad constants") }
  let ue = UE(configuration: UEConfiguration(imsi: imsi, plmn: plmn, accessPointName: "internet"), usim: USIM(credentials: credentials))
  // The network's subscriber is another object, so that no key of the UE is shared with it.
  guard
    let known = try? SubscriberCredentials(
      imsi: imsi, k: credentials.k.withUnsafeBytes { KeyMaterial($0) }, functions: credentials.functions)
  else { fatalError("bad constants") }
  let radio = RadioNetwork(ues: [ue], eNBs: [(ENodeBConfiguration(plmn: PLMNIdentity(plmn)), 0)])
  let mme = MME(configuration: MMEConfiguration(plmns: [plmn]), subscribers: [known], seed: UInt64(index))
  var world = World(radio: radio, core: CoreNetwork(mmes: [mme]))
  world.isTracing = false
  world.connect(using: &box.engine)
  world.settle(using: &box.engine)
  world.command(.powerOn, ue: 0, using: &box.engine)
  world.command(.attach, ue: 0, using: &box.engine)
  world.settle(using: &box.engine)
  world.command(.release, imsi: imsi, using: &box.engine)
  world.settle(using: &box.engine)
  return world.radio.ue(0)
}

/// What of this process lies in memory.
private func residentOctets() -> Int {
  guard let file = fopen("/proc/self/statm", "r") else { fatalError("no /proc") }
  defer { fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  guard fgets(&line, Int32(line.count), file) != nil else { fatalError("no /proc/self/statm") }
  let fields = String(decoding: line.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self).split(separator: " ")
  guard fields.count > 1, let pages = Int(fields[1]) else { fatalError("no resident size") }
  return pages * Int(sysconf(Int32(_SC_PAGESIZE)))
}
