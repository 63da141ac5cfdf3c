import Capture
import Trace

extension FuzzTarget {
  /// A whole pcap or pcapng file, followed down to S1AP.
  static let pcap = FuzzTarget(name: "pcap") { file in
    guard let contents = try? CaptureContents(file: file) else { return }
    insist(contents.packetOfEvent.count == contents.log.events.count, "an event without its packet")
    insist((try? CaptureContents(file: file))?.s1apMessages == contents.s1apMessages, "not the same the second time")
  }
}
