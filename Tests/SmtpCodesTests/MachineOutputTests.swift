import Foundation
import ProcessSupport
import Testing

@Suite("Output for programs", .blocking)
struct MachineOutputTests {
    static let fields: Set = [
        "input", "code", "reply", "enhanced", "class", "match", "name", "meaning", "action", "advice", "basic_codes",
        "reference", "notes", "deprecated", "sysexit", "warnings", "providers", "title", "reason", "actor",
        "list_hygiene",
        "provider", "used_by", "recipient", "delivery", "remote_host", "diagnostic",
    ]

    private func array(_ arguments: [String], input: String = "") throws -> [[String: Any]] {
        let run = try Tool.run(arguments, input: Data(input.utf8))
        return try #require(try JSONSerialization.jsonObject(with: run.output) as? [[String: Any]])
    }

    @Test func `JSON is one array of objects that have all fields`() throws {
        let objects = try array(["--json", "5.1.1", "550 4.2.2", "X.0.0", "599"])
        #expect(objects.count == 4)
        for object in objects { #expect(Set(object.keys) == Self.fields) }
        #expect(objects[0]["code"] as? String == "5.1.1")
        #expect(objects[0]["basic_codes"] as? [String] == ["451", "550"])
        #expect(objects[0]["reply"] is NSNull)
        #expect(objects[0]["sysexit"] as? Int == 67)
        #expect(objects[1]["reply"] as? String == "550" && objects[1]["enhanced"] as? String == "4.2.2")
        let warnings = try #require(objects[1]["warnings"] as? [[String: String]])
        #expect(warnings.first?["kind"] == "contradiction")
        #expect(objects[2]["class"] is NSNull && objects[2]["action"] is NSNull)
        #expect(objects[3]["match"] as? String == "class")
    }

    @Test func `no input that is a code gives an empty array`() throws {
        let run = try Tool.run("--json", "abc")
        #expect(run.text == "[]\n" && run.status == 2)
    }

    @Test func `providers are an array of objects`() throws {
        let object = try #require(try array(["--json", "--provider", "microsoft", "5.7.610"]).first)
        let row = try #require((object["providers"] as? [[String: Any]])?.first)
        #expect(
            Set(row.keys) == [
                "provider", "code", "code_end", "reply", "tag", "phrase", "meaning", "action", "advice",
                "versus_registry", "source", "source_date",
            ]
        )
        #expect(row["code_end"] as? String == "5.7.649" && row["tag"] is NSNull)
    }

    @Test func `JSON lines are objects, one a line`() throws {
        let run = try Tool.run("--jsonl", "-", input: "550 5.1.1 a\n\n4.2.2\r\n")
        #expect(run.status == 0 && run.lines.count == 2)
        for line in run.lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect(Set(try #require(object).keys) == Self.fields)
        }
    }

    @Test func `whatever was typed is quoted so that it can be read back`() throws {
        let input = "550 5.1.1 \"quoted\" \\ back \u{1}\u{7F}\ttab é 😀"
        let object = try #require(try array(["--json", input]).first)
        #expect(object["input"] as? String == input)
    }

    @Test func `a bad byte in the input becomes a valid text`() throws {
        let run = try Tool.run(["--jsonl", "-"], input: Data("550 5.1.1 ".utf8) + [0xFF, 0xFE, 0x0A])
        #expect(try JSONSerialization.jsonObject(with: run.output) is [String: Any])
    }

    @Test func `TSV has a header and as many columns in each row`() throws {
        let run = try Tool.run("--tsv", "5.1.1", "550 5.1.1 with\ttab\nand line", "5.1.99")
        let rows = run.text.split(separator: "\n").map { $0.split(separator: "\t", omittingEmptySubsequences: false) }
        #expect(rows.count == 4 && rows.allSatisfy { $0.count == 27 })
        #expect(Set(rows[0].map(String.init)) == Self.fields)
        #expect(rows[1][1] == "5.1.1" && rows[1][2].isEmpty)
    }

    @Test(arguments: [["--list"], ["--list", "--basic"], ["--search", "mailbox"], ["--list", "--provider", "gmail"]])
    func `lists and searches have the same forms`(arguments: [String]) throws {
        let plain = try Tool.run(arguments)
        let objects = try array(arguments + ["--json"])
        #expect(objects.count == plain.lines.count)
        #expect(try Tool.run(arguments + ["--jsonl"]).lines.count == objects.count)
        let table = try Tool.run(arguments + ["--tsv"]).lines
        #expect(table.count > 1 && table[0].contains("code\t"))
    }

    @Test func `a count has the same forms`() throws {
        let log = "550 5.1.1 a\n550 5.1.1 b\n421 4.7.0 c\nnothing\n"
        #expect(
            try Tool.run("--count", input: log).text == """
                  2  550 5.1.1  permanent  Bad destination mailbox address
                  1  421 4.7.0  transient  Other or undefined security status

                """
        )
        let objects = try array(["--count", "--json"], input: log)
        #expect(objects.map { $0["count"] as? Int } == [2, 1])
        #expect(try Tool.run("--count", "--tsv", input: log).lines.first == "count\tcode\tclass\tmatch\tname")
        #expect(try Tool.run("--count", input: "nothing\n").status == 1)
    }

    /// Commands that print answers, or rows of providers.
    static let documents: [([String], String)] = [
        (["5.7.1", "550", "550 4.1.1", "X.1.10", "5.7.x", "5xx", "5.99.99", "EX_NOUSER", "354"], ""),
        (["421 4.7.0 [TSS04] Messages temporarily deferred", "5.7.606", "-p", "microsoft"], ""),
        (["--all", "-"], "said: 550 5.1.1 no\nnothing\n\n250 2.0.0 ok\n"),
        (["--list"], ""), (["--list", "--basic"], ""), (["--search", "mailbox"], ""),
        (["--list", "--provider", "microsoft"], ""),
        (
            ["-"],
            """
            From: MAILER-DAEMON@mx.example
            Content-Type: multipart/report; boundary=b

            --b
            Content-Type: message/delivery-status

            Reporting-MTA: dns; mx.example

            Final-Recipient: rfc822; ann@example.org
            Action: failed
            Status: 5.1.1
            Remote-MTA: dns; mx.example.org
            Diagnostic-Code: smtp; 550 5.1.1 User unknown

            Final-Recipient: rfc822; bob@example.org
            Action: delayed

            --b--

            """
        ),
    ]

    @Test(arguments: documents, ["--json", "--jsonl"])
    func `answers are valid by the published schema`(document: ([String], String), format: String) throws {
        let script = """
            import json, sys, jsonschema
            schema = json.load(open(sys.argv[1]))
            validator = jsonschema.Draft202012Validator(schema)
            row = jsonschema.Draft202012Validator({**schema["$defs"]["row"], "$defs": schema["$defs"]})
            text = sys.stdin.buffer.read().decode()
            answers = json.loads(text) if sys.argv[2] == "--json" else [json.loads(line) for line in text.splitlines()]
            for answer in answers:
                (row if answer and "versus_registry" in answer else validator).validate(answer)
            print(len(answers))
            """
        let answers = try Tool.run([format] + document.0, input: Data(document.1.utf8))
        let schema = Tool.root.appendingPathComponent("docs/smtp-codes.schema.json").path
        let run = try Tool.execute(
            ["\(BuiltTool.project)/.build-venv/bin/python", "-c", script, schema, format], input: answers.output)
        #expect(run.status == 0, "\(run.errors)\(answers.errors)")
        #expect(try #require(Int(run.text.dropLast())) > 0)
    }

    @Test func `the schema refuses what is no answer`() throws {
        let script = """
            import json, sys, jsonschema
            validator = jsonschema.Draft202012Validator(json.load(open(sys.argv[1])))
            answer = json.loads(sys.stdin.buffer.read())
            bad = [{**answer, "action": "later"}, {**answer, "new": 1}, {k: answer[k] for k in answer if k != "reason"}]
            print(validator.is_valid(answer), [validator.is_valid(other) for other in bad])
            """
        let schema = Tool.root.appendingPathComponent("docs/smtp-codes.schema.json").path
        let run = try Tool.execute(
            ["\(BuiltTool.project)/.build-venv/bin/python", "-c", script, schema],
            input: Tool.run("--jsonl", "5.1.1").output)
        #expect(run.text == "True [False, False, False]\n", "\(run.errors)")
    }
}
