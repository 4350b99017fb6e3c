extension Mailbox {
    /// Parses an address without angle brackets: `ann@example.net`, `"Ann Lee"@example.net`, `joe@[192.0.2.1]`.
    ///
    ///     let mailbox = try Mailbox("ann@example.net", policy: .strict)
    ///
    /// UTF-8 is accepted in both parts, as SMTPUTF8 allows. The whole text must be the address: blanks around it, names
    /// before it and source routes are errors.
    ///
    /// - Parameters:
    ///   - text: the address.
    ///   - policy: `.strict` accepts what RFC 5321, section 4.1.2 allows. `.lenient` also accepts dots at the ends of a
    ///     local part or doubled, underscores in domains, and a trailing dot, which it drops.
    /// - Throws: ``SyntaxError/invalidPath`` if the text is not an address, ``SyntaxError/pathTooLong`` if it or a part
    ///   of it is longer than ``Limits`` allows.
    public init(_ text: some StringProtocol, policy: SyntaxPolicy = .lenient) throws(SyntaxError) {
        guard case .mailbox(let mailbox) = try PathParser.parseAddress(text, policy) else {
            throw .invalidPath
        }
        self = mailbox
    }
}

extension ReversePath {
    /// Parses a sender, with or without angle brackets. The empty text and `<>` are ``null``.
    ///
    /// - Parameters:
    ///   - text: the path.
    ///   - policy: as for ``Mailbox/init(_:policy:)``. With angle brackets, `.lenient` also accepts blanks inside them
    ///     and a name before them.
    /// - Throws: ``SyntaxError/invalidPath`` if the text is not a path, ``SyntaxError/pathTooLong`` if it or a part of
    ///   it is longer than ``Limits`` allows.
    public init(_ text: some StringProtocol, policy: SyntaxPolicy = .lenient) throws(SyntaxError) {
        guard !text.isEmpty else {
            self = .null
            return
        }
        switch try PathParser.parsePath(text, policy) {
        case .null: self = .null
        case .mailbox(let mailbox): self = .mailbox(mailbox)
        case .local: throw .invalidPath
        }
    }
}

extension ForwardPath {
    /// Parses a recipient, with or without angle brackets. `postmaster` needs no domain.
    ///
    /// - Parameters:
    ///   - text: the path.
    ///   - policy: as for ``Mailbox/init(_:policy:)``. With angle brackets, `.lenient` also accepts blanks inside them
    ///     and a name before them.
    /// - Throws: ``SyntaxError/invalidPath`` if the text is not a path, ``SyntaxError/pathTooLong`` if it or a part of
    ///   it is longer than ``Limits`` allows.
    public init(_ text: some StringProtocol, policy: SyntaxPolicy = .lenient) throws(SyntaxError) {
        switch try PathParser.parsePath(text, policy) {
        case .null: throw .invalidPath
        case .mailbox(let mailbox): self = .mailbox(mailbox)
        case .local(let name):
            guard name.lowercased() == "postmaster" else { throw .invalidPath }
            self = .postmaster(name)
        }
    }
}

extension PathParser {
    /// Reads a text that is one address without angle brackets.
    fileprivate static func parseAddress(
        _ text: some StringProtocol, _ policy: SyntaxPolicy
    ) throws(SyntaxError) -> Path {
        let parser = PathParser(policy: policy, limits: Limits())
        let octets = Array(text.utf8)
        // The limit includes the two brackets of a path.
        guard octets.count <= parser.maximumPath - 2 else { throw .pathTooLong }
        var position = 0
        let path = try parser.readMailbox(octets.span, at: &position)
        guard position == octets.count else { throw .invalidPath }
        return path
    }

    /// Reads a text that is one path: an address, or a path in angle brackets.
    fileprivate static func parsePath(
        _ text: some StringProtocol, _ policy: SyntaxPolicy
    ) throws(SyntaxError) -> Path {
        let octets = Array(text.utf8)
        guard octets.last == UInt8(ascii: ">") else { return try parseAddress(text, policy) }
        var position = 0
        let path = try PathParser(policy: policy, limits: Limits()).parse(octets.span, at: &position).path
        guard position == octets.count else { throw .invalidPath }
        return path
    }
}
