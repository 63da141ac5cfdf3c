// Room: NASMessages
import Testing

@testable import NASMessages
