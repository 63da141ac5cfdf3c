import Synchronization
import Testing

@testable import NASCrypto

@Suite("Key material", .serialized)
struct KeyMaterialTests {
  @Test("Hexadecimal in and out; anything else is refused")
  func hexadecimal() {
    #expect(KeyMaterial(hex: "00 0A:ff\n10")?.hex() == "000aff10")
    #expect(KeyMaterial(hex: "")?.count == 0)
    for text in ["0", "0g", "000", "0x00", "é0"] { #expect(KeyMaterial(hex: text) == nil) }
  }

  @Test("Equality goes by octets, identity by instance")
  func equality() {
    let one = KeyMaterial([1, 2, 3])
    let two = KeyMaterial([1, 2, 3])
    #expect(one == two && one.id != two.id)
    #expect(one != KeyMaterial([1, 2, 4]) && one != KeyMaterial([1, 2]) && one != KeyMaterial([1, 2, 3, 0]))
  }

  @Test("What is printed of a key is the first 32 bits of its SHA-256, never the key")
  func printing() {
    let abc = KeyMaterial(Array("abc".utf8))
    #expect(abc.fingerprint == "ba7816bf")
    var dumped = ""
    dump(abc, to: &dumped)
    for text in [abc.description, "\(abc)", String(reflecting: abc), dumped] {
      #expect(text.contains("ba7816bf") && !text.contains("616263"))
    }
  }

  @Test("Ids are unique across threads")
  func uniqueIDs() async {
    let ids = await withTaskGroup(of: [UInt64].self) { group in
      for _ in 0..<4 { group.addTask { (0..<1000).map { _ in KeyMaterial([1]).id } } }
      return await group.reduce(into: [UInt64]()) { $0 += $1 }
    }
    #expect(Set(ids).count == 4000)
  }

  @Test("The memory of a key holds zeros when it is released, and is released with the last reference")
  func cleansing() {
    let seen = Mutex<[UInt64: [UInt8]]>([:])
    KeyMaterial.setReleaseObserver(.init { id, octets in seen.withLock { $0[id] = Array(octets) } })
    defer { KeyMaterial.setReleaseObserver(nil) }
    var key: KeyMaterial? = KeyMaterial([UInt8](repeating: 0x5a, count: 32))
    let id = key?.id ?? 0
    var copy = key
    key = nil
    #expect(seen.withLock { $0[id] } == nil && copy?.hex().hasPrefix("5a5a") == true)
    copy = nil
    #expect(seen.withLock { $0[id] } == [UInt8](repeating: 0, count: 32))
  }

  @Test("Derived keys are cleansed too, and the engine keeps none of them alive")
  func derivedKeysAreReleased() {
    let seen = Mutex<[UInt64: [UInt8]]>([:])
    KeyMaterial.setReleaseObserver(.init { id, octets in seen.withLock { $0[id] = Array(octets) } })
    defer { KeyMaterial.setReleaseObserver(nil) }
    var engine = CryptoEngine()
    var ids: [UInt64] = []
    do {
      let kasme = KeyMaterial([UInt8](repeating: 1, count: 32))
      let derived = engine.deriveNASIntegrityKey(kasme: kasme, .eia2)
      _ = engine.mac(.eia2, key: derived, count: 0, bearer: 0, direction: .uplink, message: [1, 2, 3])
      ids = [kasme.id, derived.id]
    }
    #expect(seen.withLock { all in ids.map { all[$0] } } == [[UInt8](repeating: 0, count: 32), [UInt8](repeating: 0, count: 16)])
  }
}
