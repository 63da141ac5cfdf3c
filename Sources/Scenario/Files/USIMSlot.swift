import Glibc
import UserEquipment

/// The USIMs of a run, in the phone while it lasts: their files are read at switch-on, written whenever they change, and closed to other
/// runs meanwhile.
///
/// A sequence number that was accepted is on disk before the answer leaves the UE, as in a card; and a context is marked invalid before
/// the first message that is protected under it.
public final class USIMSlot {
  private let directory: USIMStateDirectory
  /// Milliseconds do: since 1970.
  private let wallClock: () -> Duration
  /// Waits a little before the lock is tried again.
  private let pause: () -> Void
  private var cards: [String: Card] = [:]
  /// The first thing that could not be written.
  public private(set) var failure: USIMStateError?

  private struct Card {
    var lock: Int32
    /// As it lay there at switch-on, of an emergency attach that leaves it so.
    var found: USIMStateDirectory.State
    var written: USIMStateDirectory.State
    /// With the times at which timers end in place of what they have left.
    var ends = MobileEquipmentState()
  }

  /// - Parameters:
  ///   - wallClock: time since 1970.
  ///   - pause: what is done between two tries to lock a USIM that seems to be in use; 50 ms of sleep.
  public init(
    _ directory: USIMStateDirectory, wallClock: @escaping () -> Duration, pause: @escaping () -> Void = { usleep(50_000) }
  ) {
    self.directory = directory
    self.wallClock = wallClock
    self.pause = pause
  }

  deinit { for card in cards.values { Glibc.close(card.lock) } }

  /// Reads a USIM's files, as of a new card where there are none. The context stays valid until the UE begins an attach
  /// (TS 24.301 §4.4.2.1); from then on a run that does not come to its end leaves it invalid.
  ///
  /// - Returns: the files, and what the phone goes on with.
  public func insert(imsi: String) throws(USIMStateError) -> (files: USIMFiles, memory: MobileEquipmentState) {
    try directory.files.makeDirectory(directory.path)
    try directory.files.makeDirectory(directory.folder(imsi))
    let lock = try lock(directory.folder(imsi))
    do throws(USIMStateError) {
      let found = try directory.read(imsi: imsi)
      let now = wallClock()
      let left = found.memory.state(at: now)
      var written = found
      written.memory = MobileEquipmentMemory(written: now, state: left)
      // Whether the place can be written shows now, and not when a context is already in use.
      try directory.write(written, imsi: imsi)
      cards[imsi] = Card(lock: lock, found: found, written: written)
      return (found.usim, left)
    } catch {
      Glibc.close(lock)
      throw error
    }
  }

  /// Writes what has changed on a UE's USIM. What fails is told by ``failure``, and the run goes on.
  ///
  /// - Parameter now: the run's time, which timers go by.
  public func keep(_ ue: UE, at now: Duration) {
    let imsi = ue.configuration.imsi
    guard var card = cards[imsi] else { return }
    var state = USIMStateDirectory.State(usim: ue.usimFiles, memory: card.written.memory)
    state.hasEMMInformation = card.found.hasEMMInformation
    // Annex C: of an emergency attach nothing is stored; what lies there stays.
    if ue.configuration.attachesForEmergency { state.usim.location = card.found.usim.location }
    var left = ue.mobileEquipmentState(at: now)
    if ue.configuration.attachesForEmergency {
      let found = card.found.memory.state
      (left.temporaryIdentityInNextUpdate, left.packetRegistration) = (found.temporaryIdentityInNextUpdate, found.packetRegistration)
    }
    let ends = left.moved(by: now)
    let hasEnded = left.t3346 == nil && state.memory.t3346 != nil || left.t3245 == nil && state.memory.state.t3245 != nil
    if ends != card.ends || hasEnded || left.t3396.count != state.memory.state.t3396.count {
      state.memory = MobileEquipmentMemory(written: wallClock(), state: left)
      card.ends = ends
    }
    guard state != card.written else { return }
    do throws(USIMStateError) {
      try directory.write(state, imsi: imsi)
      card.written = state
    } catch { failure = failure ?? error }
    cards[imsi] = card
  }

  /// So often the lock is tried: 1 s in all.
  static let attempts = 20

  /// A card is in one phone at a time.
  ///
  /// A lock belongs to the open file, which a child process that is just being started shares until it executes its program; so it may
  /// outlast a run that has ended by that moment.
  private func lock(_ folder: String) throws(USIMStateError) -> Int32 {
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFiles.failure(folder, "cannot be read") }
    for attempt in 1...USIMSlot.attempts {
      if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
      guard errno == EWOULDBLOCK || errno == EINTR else { break }
      if attempt < USIMSlot.attempts { pause() }
    }
    let why = errno
    Glibc.close(descriptor)
    throw why == EWOULDBLOCK || why == EINTR
      ? .place("\(folder): another run uses this USIM; wait for its end, or name another directory")
      : .place("\(folder): cannot be locked: \(String(cString: strerror(why)))")
  }
}
