import SMTPKit

@main
struct SMTPDLite {
    static func main() {}
}
