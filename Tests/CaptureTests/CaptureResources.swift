import Foundation

@testable import Capture

/// The captures of real networks that lie beside the tests.
enum CaptureResources {
  static let names = [
    "open5gs/attach_detach", "open5gs/s1_handover", "open5gs/service_request", "open5gs/smc_then_ho", "open5gs/smc_then_ho_eea0",
    "open5gs/x2_path_switch", "srsepc/attach_detach_eia1_eea1", "srsepc/attach_detach_eia2_eea0", "srsepc/attach_detach_eia2_eea2",
    "srsepc/attach_detach_eia3_eea3", "srsepc/fasferraz_enb_eia2_eea2", "srsepc/guti_reattach_eia2_eea2",
    "srsepc/paging_service_request_eia2_eea2", "srsepc/service_request_eia2_eea2",
  ]

  static func octets(_ name: String, _ type: String = "pcap") throws -> [UInt8] {
    let folder = Bundle.module.bundleURL.appendingPathComponent("Resources")
    let url = folder.appendingPathComponent("\(name).\(type)")
    return Array(try Data(contentsOf: url))
  }

  static func text(_ name: String) throws -> String { String(decoding: try octets(name, "txt"), as: UTF8.self) }
}
