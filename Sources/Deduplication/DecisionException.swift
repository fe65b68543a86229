internal import News

/// Thresholds that hold for one language or one outlet in place of the general ones.
package struct DecisionException: Hashable, Sendable {
    /// The primary language of the articles meant (BCP 47); nil for any.
    package var language: String?
    /// Their host or a domain above it; nil for any.
    package var outlet: String?
    package var copyContainment: Double?
    package var excerptContainment: Double?
    package var storyThreshold: Double?

    package init(
        language: String? = nil, outlet: String? = nil, copyContainment: Double? = nil,
        excerptContainment: Double? = nil, storyThreshold: Double? = nil
    ) {
        self.language = language?.lowercased()
        self.outlet = outlet?.lowercased()
        self.copyContainment = copyContainment
        self.excerptContainment = excerptContainment
        self.storyThreshold = storyThreshold
    }

    func isMeant(_ article: Article) -> Bool {
        if let language {
            let spoken = article.language?.prefix { $0 != "-" && $0 != "_" }.lowercased()
            guard spoken == language else { return false }
        }
        guard let outlet else { return true }
        guard let host = article.url?.host.lowercased() else { return false }
        return host == outlet || host.hasSuffix("." + outlet)
    }
}

extension DecisionOptions {
    /// What the article is held against: of several exceptions that mean it, the later wins.
    func applied(to article: Article) -> DecisionOptions {
        var options = self
        options.exceptions = []
        for exception in exceptions where exception.isMeant(article) {
            options.copyContainment = exception.copyContainment ?? options.copyContainment
            options.excerptContainment = exception.excerptContainment ?? options.excerptContainment
            options.storyThreshold = exception.storyThreshold ?? options.storyThreshold
        }
        return options
    }
}
