internal import Markup

/// A body out of the gzip that its server left it in; any other as it is.
struct OpenedBody {
    let bytes: [UInt8]
    /// What was wrong with the gzip data, for people.
    let damage: String?

    /// - Throws: `.tooLarge` when there is more than the limits allow, compressed or not.
    init(_ body: [UInt8], limits: FeedLimits) throws(FeedError) {
        guard body.count <= limits.bodyBytesMax else {
            throw .tooLarge(bytes: body.count, bytesMax: limits.bodyBytesMax)
        }
        let (expanded, overflow) = body.count.multipliedReportingOverflow(by: limits.expansionMax)
        let bytesMax = overflow ? limits.bodyBytesMax : min(limits.bodyBytesMax, expanded)
        guard let reading = GzipReading(body, bytesMax: bytesMax) else {
            (bytes, damage) = (body, nil)
            return
        }
        if reading.isTooLarge {
            throw .expandsTooFar(bytes: body.count, expandedBytesMax: bytesMax)
        }
        bytes = reading.bytes
        damage = reading.damage.map(Self.sentence)
    }

    private static func sentence(for damage: GzipReading.Damage) -> String {
        switch damage {
        case .cutOff: "the gzip data ends too early"
        case .malformed: "the gzip data is malformed; what follows the mistake was left out"
        case .unlikeItsChecksum: "the gzip data is not what its checksum says"
        case .trailingBytes: "something follows the gzip data and was left out"
        }
    }
}
