/// The message of `:send`, as far as it was said.
struct Draft {
    var sender: String?
    var recipients: [String] = []
    var header: [String] = []
    var body: String?
    var attachments: [String] = []
}
