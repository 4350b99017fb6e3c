import ArgumentParser
import CommandLineSupport

/// What is sent.
struct MessageOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A header field, which replaces the one that would have been made; may be given several times.",
            valueName: "Name: value"),
        transform: InputSource.parse)
    var header: [InputSource] = []

    @Option(
        help: ArgumentHelp("The subject. (default: a test and the date)", valueName: "text"),
        transform: InputSource.parse)
    var subject: InputSource?

    @Option(
        help: ArgumentHelp(
            "The text of the message, @FILE, or - for standard input. (default: a line that says it is a test)",
            valueName: "text"),
        completion: .file(), transform: InputSource.parse)
    var body: InputSource?

    @Option(
        help: ArgumentHelp(
            "A whole message, header and all, from @FILE, or - for standard input. It is sent as it is, of any size.",
            valueName: "message"),
        completion: .file(), transform: InputSource.parse)
    var data: InputSource?

    @Option(
        help: ArgumentHelp(
            "A file to attach, with ;type=TYPE and ;name=NAME behind it perhaps; may be given several times.",
            valueName: "file"),
        completion: .file(), transform: Attachment.parse)
    var attach: [Attachment] = []

    @Flag(
        help: """
            Replace tokens such as %DATE% in text that comes from files and standard input as well, up to 1 MiB. In text on \
            the command line they always are.
            """)
    var template = false

    mutating func validate() throws {
        guard data != nil else { return }
        let others = [
            (!header.isEmpty, "--header"), (subject != nil, "--subject"), (body != nil, "--body"),
            (!attach.isEmpty, "--attach"),
        ].filter(\.0).map(\.1)
        if let other = others.first {
            throw ValidationError("--data is a whole message and leaves no place for \(other); give one of them")
        }
    }
}
