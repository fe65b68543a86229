internal import Markup
internal import News

extension PageMetadata {
    /// What a page's `meta` elements reserve, whatever stands in its header.
    static func readReservations(_ tree: HTMLTree, _ nodes: [HTMLTree.Node]) -> [Reservation] {
        var robots: [String] = []
        var (mining, policy): (String?, String?) = (nil, nil)
        for node in nodes {
            guard let name = tree.attribute(.name, of: node)?.lowercased(),
                let content = tree.attribute(.content, of: node)
            else { continue }
            switch name {
            case "robots": robots.append(content)
            case "tdm-reservation": mining = mining ?? content
            case "tdm-policy": policy = policy ?? content
            default: break
            }
        }
        // In a page a directive is for all robots: none is named before it.
        return Reservation.robots(robots, by: .robotsMeta, for: "")
            + [Reservation.mining(mining, policy: policy, by: .miningMeta)].compactMap { $0 }
    }
}
