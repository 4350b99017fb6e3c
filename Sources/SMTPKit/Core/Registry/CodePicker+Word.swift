extension CodePicker {
    /// One word of a line, compared in lower case with the words that give a number its meaning.
    struct Word {
        private let line: UnsafeBufferPointer<UInt8>
        private let start: Int
        private let end: Int

        init(_ line: UnsafeBufferPointer<UInt8>, endingAt end: Int) {
            var start = end
            while start > 0, end - start < 32, Self.isWordByte(line[start - 1]) { start -= 1 }
            self.line = line
            self.start = start
            self.end = end
        }

        init(_ line: UnsafeBufferPointer<UInt8>, startingAt start: Int) {
            var end = min(start, line.count)
            let start = end
            while end < line.count, end - start < 32, ASCII.isLetter(line[end]) { end += 1 }
            self.line = line
            self.start = start
            self.end = end
        }

        /// Whether the word is one of a set.
        func isAmong(_ vocabulary: Vocabulary) -> Bool {
            end > start && vocabulary.words.contains { matches($0, whole: true) }
        }

        /// Whether the word names a program or a version, so that what follows is no status.
        var namesProgram: Bool {
            end > start && (Vocabulary.programs.words.contains { matches($0, whole: false) } || isVersionMark)
        }

        /// Whether the word is what a number counts; a capital letter begins the text of a reply instead.
        var isUnit: Bool {
            guard end > start, end - start <= 3 || line[start] & 0x20 != 0 else { return false }
            return isAmong(.units)
        }

        var isNumber: Bool {
            end > start && (start..<end).allSatisfy { ASCII.isDigit(line[$0]) }
        }

        /// Whether the word is a name of a version, such as `x-mailman-version`.
        var namesVersion: Bool { end - start >= 7 && ends("version") }

        /// `v`, `ver` and the like, which would be too short to compare by their beginning.
        private var isVersionMark: Bool {
            Vocabulary.versionMarks.words.contains { matches($0, whole: true) }
                || (end - start >= 6 && (ends("mailer") || ends("milter") || ends("daemon")))
        }

        private func ends(_ tail: StaticString) -> Bool {
            tail.withUTF8Buffer { tail in
                (0..<tail.count).allSatisfy { line[end - tail.count + $0] | 0x20 == tail[$0] }
            }
        }

        private func matches(_ word: StaticString, whole: Bool) -> Bool {
            word.withUTF8Buffer { word in
                guard whole ? word.count == end - start : word.count <= end - start else { return false }
                for index in 0..<word.count where line[start + index] | 0x20 != word[index] { return false }
                return true
            }
        }

        private static func isWordByte(_ byte: UInt8) -> Bool {
            ASCII.isLetter(byte) || ASCII.isDigit(byte) || byte == UInt8(ascii: "-")
        }
    }

    /// Words that tell what the number beside them is.
    struct Vocabulary {
        let words: [StaticString]

        /// Names of fields that hold an enhanced code.
        static let statusKeys = Vocabulary(words: ["status", "dsn", "stat", "enhanced", "esc", "code"])
        /// Names of fields that hold a reply code.
        static let replyKeys = Vocabulary(words: [
            "reply", "reject", "response", "code", "stat", "led", "smtp", "c", "responsecode", "statuscode", "smtpcode",
        ])
        /// Words that end the description of a step of the dialogue, before the answer to it.
        static let dialogue = Vocabulary(words: ["data", "said", "replied", "responded", "says", "eod", "smtp", "lmtp"])
        /// Names of protocols.
        static let protocols = Vocabulary(words: ["smtp", "esmtp", "lmtp", "x-unix", "x-postfix", "x-xwall"])
        /// Words after a version.
        static let versionWords = Vocabulary(words: ["release", "beta", "alpha", "version", "build", "stable"])
        /// Words after which a reply code is quoted.
        static let replyWords = Vocabulary(words: [
            "said", "error", "code", "reply", "response", "returned", "replied", "answered", "rejected", "smtp", "got",
            "responsecode", "statuscode", "smtpcode", "errorcode",
        ])
        /// Names of fields that hold a quantity.
        static let measures = Vocabulary(words: [
            "size", "port", "pid", "uid", "gid", "line", "lines", "length", "content-length", "bytes", "count", "limit",
            "timeout", "delay", "id", "queue", "messages", "rcpts", "nrcpt", "nrcpts", "recipients", "score", "total",
            "ttl", "age", "interval", "number", "seq", "msgid", "message-id", "ip", "addr", "address", "server",
            "serial", "x-spam-score", "bit", "bits",
        ])
        /// The units that a number counts.
        static let units = Vocabulary(words: [
            "b", "byte", "bytes", "k", "kb", "mb", "gb", "kib", "mib", "ms", "s", "sec", "secs", "second", "seconds",
            "min", "mins", "minute", "minutes", "h", "hour", "hours", "hrs", "day", "days", "messages",
            "msgs", "mails", "recipients", "times", "lines", "connections", "items", "octets", "chars", "characters",
            "percent", "jobs", "attempts", "entries", "users", "addresses", "hits", "files", "processes", "of", "bit",
            "bits", "from", "in", "requests", "packets", "rows", "records", "errors", "warnings", "queries", "threads",
            "points",
        ])
        /// Beginnings of program names that are followed by a version.
        static let programs = Vocabulary(words: [
            "exim", "postfix", "sendmail", "dovecot", "spamassassin", "amavis", "rspamd", "clam", "opendkim",
            "opendmarc", "openarc", "perl", "python", "php", "openssl", "gnutls", "libressl", "kernel", "linux",
            "mailscanner", "mimedefang", "roundcube", "thunderbird", "outlook", "build", "firefox", "java", "mutt",
            "nginx", "haproxy", "milter", "version", "release", "revision", "firmware", "postgrey", "policyd",
            "mailman", "majordomo", "sympa", "procmail", "fetchmail", "getmail", "msmtp", "mailx", "zimbra", "horde",
            "squirrelmail", "cyrus", "courier", "qmail", "powermta", "node", "ruby", "curl", "glibc", "debian",
            "ubuntu", "centos", "freebsd", "openbsd", "macos", "ios", "android", "windows", "mysql", "mariadb",
            "postgres", "redis", "docker", "swaks", "javamail", "eudora", "lotus", "domino", "groupwise", "mdaemon",
            "mozilla", "chrome", "safari", "claws", "evolution", "kmail", "alpine", "pine", "library", "api", "rev",
        ])
        /// Words for a version itself.
        static let versionMarks = Vocabulary(words: ["v", "ver", "vers", "ip", "host", "oid", "section", "rfc"])
    }
}
