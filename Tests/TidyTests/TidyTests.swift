internal import Testing

/// The house rules, applied to this checkout. What each rule finds in a text that breaks it is
/// tested beside it, in the other files of this folder.
struct TidyTests {
    private static let files = Checkout.this.swiftFiles

    private func expectNone(
        _ violations: [Violation], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(
            violations.isEmpty, Comment(rawValue: listed(violations)),
            sourceLocation: sourceLocation)
    }

    /// A wrong root would make every other test here pass for nothing.
    @Test func theCheckoutIsFound() {
        #expect(Checkout.this.sources.contains { $0.path == "Sources/News/Instant.swift" })
        #expect(Checkout.this.tests.contains { $0.path == "Tests/TidyTests/TidyTests.swift" })
        #expect(Checkout.this.paths.contains("Package.swift"))
    }

    @Test func filesAreShort() {
        expectNone(Self.files.flatMap(Rules.fileLength))
        expectNone(Rules.usualFileLength(Self.files))
    }

    @Test func functionsAreShort() { expectNone(Self.files.flatMap(Rules.functionLength)) }

    @Test func linesAreShort() { expectNone(Self.files.flatMap(Rules.lineLength)) }

    @Test func targetsImportOnlyWhatStandsBelowThem() {
        expectNone(Self.files.flatMap(ImportRule.violations))
    }

    @Test func nothingCrashesOnPurpose() { expectNone(Self.files.flatMap(Rules.crashes)) }

    @Test func atMostOneFileHasUncheckedSendables() {
        let found = Self.files.flatMap(Rules.uncheckedSendables)
        #expect(Set(found.map(\.path)).count <= 1, Comment(rawValue: listed(found)))
    }

    @Test func onlyTheCommandLinePrints() { expectNone(Self.files.flatMap(Rules.prints)) }

    @Test func noWorkRunsOnGlobalQueues() { expectNone(Self.files.flatMap(Rules.globalQueues)) }

    @Test func timeIsAParameter() { expectNone(Self.files.flatMap(Rules.clocks)) }

    @Test func pureTargetsArePure() { expectNone(Self.files.flatMap(Rules.impurities)) }

    @Test func testsDoNotSleep() { expectNone(Self.files.flatMap(Rules.sleeps)) }

    @Test func namesSaySomething() { expectNone(Self.files.flatMap(Rules.emptyNames)) }

    @Test func nothingIsLeftUnfinished() { expectNone(Self.files.flatMap(Rules.unfinished)) }

    @Test func whatOthersUseIsDocumented() {
        expectNone(Self.files.flatMap(DocumentationRule.violations))
    }

    @Test func everyTargetIsTested() {
        let checkout = Checkout.this
        expectNone(
            RepositoryRules.missingTests(
                targets: checkout.targets, testTargets: checkout.testTargets))
    }

    @Test func everyTargetIsExplained() {
        let checkout = Checkout.this
        expectNone(
            RepositoryRules.unexplained(
                targets: checkout.targets,
                architecture: checkout.text(of: "Sources/ARCHITECTURE.md")))
    }

    @Test func noFileKnowsTheMachineItWasWrittenOn() {
        let checkout = Checkout.this
        expectNone(
            checkout.paths.filter(RepositoryRules.isText).flatMap { path in
                RepositoryRules.machinePaths(in: checkout.text(of: path) ?? "", of: path)
            })
    }

    @Test func everyConfigurationKeyIsDocumented() throws {
        let path = "Sources/tamis/Configuration/ConfigurationFile.swift"
        let file = try #require(Checkout.this.sources.first { $0.path == path })
        let keys = RepositoryRules.configurationKeys(in: file)
        #expect(!keys.isEmpty, "no enum of keys in \(path)")
        expectNone(
            RepositoryRules.undocumented(
                keys, of: path, in: Checkout.this.text(of: "config/tamis.toml") ?? ""))
    }
}
