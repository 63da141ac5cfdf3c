import Testing

@testable import NASMessages
