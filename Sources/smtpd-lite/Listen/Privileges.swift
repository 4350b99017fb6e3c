import Dispatch
import Glibc

/// The privileges that root gives up once the sockets are bound: access to most files, and being root.
struct Privileges {
    /// The folder that becomes the root of all paths.
    let folder: String?
    /// The user that the process becomes.
    let user: String?

    /// Gives them up, for good.
    ///
    /// - Throws: ``PrivilegeError`` when that cannot be done.
    func drop() throws {
        guard folder != nil || user != nil else { return }
        guard getuid() == 0 else {
            throw PrivilegeError(
                "\(folder == nil ? "--user" : "--chroot") needs root, who alone can do that; leave it out")
        }
        // The files that know users may be out of sight then.
        let account = try user.map(Account.init)
        if let folder {
            Self.startThreadPool()
            guard chroot(folder) == 0, chdir("/") == 0 else {
                throw PrivilegeError("cannot make \(folder) the root folder: \(String(cString: strerror(errno)))")
            }
        }
        guard let account else { return }
        guard setgroups(account.groups.count, account.groups) == 0, setgid(account.group) == 0,
            setuid(account.number) == 0, account.number == 0 || setuid(0) != 0
        else { throw PrivilegeError("cannot become \(account.name): \(String(cString: strerror(errno)))") }
    }

    /// Starts the threads on which tasks run, and waits until they have been counted for the first time.
    ///
    /// Once a second, and when it starts, libdispatch opens `/proc/ID/stat` of each of these threads if there is work
    /// that none of them has taken. It ends the process when there is no such file, as after `chroot`. At the start,
    /// there would be such work. Later there is none, because the server does its work on the threads of its loops.
    private static func startThreadPool() {
        let hasStarted = DispatchSemaphore(value: 0)
        DispatchQueue.global().async { hasStarted.signal() }
        hasStarted.wait()
        // One thread of libdispatch looks after all timers. Between two turns of this one, it does all that is due.
        let turns = DispatchSemaphore(value: 0)
        let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "smtpd-lite.start"))
        timer.schedule(deadline: .now() + .milliseconds(1), repeating: .milliseconds(1))
        timer.setEventHandler { turns.signal() }
        timer.activate()
        for _ in 0..<3 { turns.wait() }
        timer.cancel()
    }

    /// A user of the system.
    private struct Account {
        let name: String
        let number: uid_t
        let group: gid_t
        let groups: [gid_t]

        init(_ name: String) throws {
            guard let entry = getpwnam(name) else {
                throw PrivilegeError("there is no user \(name), whom --user names")
            }
            self.name = name
            number = entry.pointee.pw_uid
            group = entry.pointee.pw_gid
            var count: Int32 = 0
            getgrouplist(name, group, nil, &count)
            var groups = [gid_t](repeating: 0, count: Int(max(count, 1)))
            count = Int32(groups.count)
            guard getgrouplist(name, group, &groups, &count) >= 0 else {
                throw PrivilegeError("cannot learn the groups of \(name)")
            }
            self.groups = Array(groups.prefix(Int(count)))
        }
    }
}

/// Why privileges could not be given up.
struct PrivilegeError: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}
