internal import Testing

struct LexerTests {
    private func words(_ text: String) -> [String] {
        Lexer.tokens(of: text).filter { $0.kind == .word }.map(\.text)
    }
    private func literals(_ text: String) -> [String] {
        Lexer.tokens(of: text).filter { $0.kind == .literal }.map(\.text)
    }

    @Test func stringsAreNotCode() {
        #expect(words(#"let a = "try! b \" c" + d"#) == ["let", "a", "d"])
        #expect(literals(#"let a = "try! b""#) == ["try! b"])
    }

    @Test func multiLineAndRawStringsAreNotCode() {
        #expect(words("f(\"\"\"\n  a \"b\" c\n  \"\"\", d)") == ["f", "d"])
        #expect(words(##"f(#"a "b" \(c)"#, d)"##) == ["f", "d"])
        #expect(words(##"f(#"a \#(c) b"#, d)"##) == ["f", "c", "d"])
    }

    @Test func interpolationsAreCode() {
        #expect(words(#"f("a \(b("c \(d) e")) g") + h"#) == ["f", "b", "d", "h"])
    }

    @Test func commentsAreToldFromCodeAndFromDocumentation() {
        let kinds = Lexer.tokens(
            of: """
                /// a
                // b
                //// c
                /* d /* e */ f */ g
                /** h */
                """
        ).map(\.kind)
        #expect(kinds == [.docComment, .comment, .comment, .comment, .word, .docComment])
    }

    @Test func regexLiteralsAreNotCode() {
        #expect(words(#"let a = /b "c \/ d/ ; e"#) == ["let", "a", "e"])
        #expect(words(#"let a = #/b " c/# ; e"#) == ["let", "a", "e"])
        #expect(words("a / b / c") == ["a", "b", "c"])
    }

    @Test func whatStandsRightBehindAWordIsKnown() {
        let tokens = Lexer.tokens(of: "try! a; try !b(\"c\", \"d\")")
        #expect(
            tokens.filter(\.isJoined).map(\.text) == ["!", ";", "b", "(", "c", ",", ")"])
    }

    @Test func linesAreCounted() {
        let tokens = Lexer.tokens(of: "a\n\"\"\"\n b\n \"\"\" /* c\n d */\ne")
        #expect(tokens.map(\.line) == [1, 2, 4, 6])
    }

    @Test(arguments: ["\"", "\"\"\"", "/*", "#\"", "\"\\(", "/a", "#/a", "\"\\", ")"])
    func whatIsNeverClosedEnds(text: String) {
        #expect(Lexer.tokens(of: text).count <= 2)
    }
}
