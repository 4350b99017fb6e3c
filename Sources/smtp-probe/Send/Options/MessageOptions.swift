import ArgumentParser
import CommandLineSupport

/// Options for the message.
struct MessageOptions: ParsableArguments {
    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A header field, which replaces the one that would have been made; may be given several times. \\n begins another "
                + "field.",
            valueName: "Name: value"),
        transform: InputSource.parse)
    var header: [InputSource] = []

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("The subject. (default: a test and the date)", valueName: "text"),
        transform: InputSource.parse)
    var subject: InputSource?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "The text of the message, \\n for a line end, @FILE, or - for standard input. (default: a line that says it is "
                + "a test)",
            valueName: "text"),
        completion: .file(), transform: InputSource.parse)
    var body: InputSource?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "A whole message, header and all: @FILE, - for standard input, or a text with \\n for line ends. It is sent as it "
                + "is, of any size.",
            valueName: "message"),
        completion: .file(), transform: InputSource.parse)
    var data: InputSource?

    @Option(
        parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A file to attach: FILE[;type=TYPE][;name=NAME]; may be given several times.",
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
