import Testing

@testable import S1AP
