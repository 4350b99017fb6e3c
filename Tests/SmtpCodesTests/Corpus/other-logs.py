#!/usr/bin/env python3
"""Writes log lines of programs that are no mail servers, with numbers that look like status codes.

    other-logs.py [COUNT]       10,000 lines on standard output; the same ones each time

smtp-codes should find a code in none of them. `CorpusTests` counts the lines where it does.
"""
import random
import sys

random.seed(20260303)
pick, number = random.choice, random.randint


def address():
    return pick(["192.0.2.%d", "198.51.100.%d", "203.0.113.%d"]) % number(1, 254)


def status():
    return pick([200, 201, 204, 206, 301, 302, 304, 307, 400, 401, 403, 404, 405, 421, 429, 450, 451, 500, 502, 503, 504, 521, 550, 554])


def three():
    return number(200, 599)


def syslog(program):
    return "%s %2d %02d:%02d:%02d web1 %s[%d]: " % (
        pick(["Jan", "Apr", "Jul", "Nov"]), number(1, 28), number(0, 23), number(0, 59), number(0, 59), program, number(200, 32000))


def path():
    return "/" + pick(["", "api/v2.1.5/users", "wp-login.php", "img/logo.5.1.1.png", "download?id=550", "mail/", "admin/421", "v5.0.1/x.js", "status/554"])


def browser():
    return pick(["Mozilla/5.0 (X11; Linux x86_64)", "curl/8.5.0", "Go-http-client/1.1", "python-requests/2.31.0", "Chrome/122.0.6261.5", "-"])


def http_common():
    return '%s - %s [03/Mar/2026:10:%02d:%02d +0000] "%s %s HTTP/%s" %d %d' % (
        address(), pick(["-", "bob", "ann"]), number(0, 59), number(0, 59), pick(["GET", "POST", "HEAD", "PUT"]), path(), pick(["1.0", "1.1", "2.0"]),
        status(), pick([number(0, 90000), three()]))


def http_combined():
    return http_common() + ' "%s" "%s"' % (pick(["-", "https://www.example.org/450/", "https://example.net/?e=5.7.1"]), browser())


def nginx_error():
    return "2026/03/03 10:%02d:%02d [error] %d#%d: *%d %s, client: %s, server: www.example.org, request: \"GET %s HTTP/1.1\", upstream: \"http://127.0.0.1:8080%s\"" % (
        number(0, 59), number(0, 59), three(), three(), number(1, 99999),
        pick(["connect() failed (111: Connection refused) while connecting to upstream", "upstream timed out (110: Connection timed out) while reading response header",
              "open() \"/srv/www/404.html\" failed (2: No such file or directory)", "upstream prematurely closed connection", "limiting requests, excess: 5.500 by zone \"one\""]),
        address(), path(), path())


def nginx_json():
    return '{"time":"2026-03-03T10:%02d:%02d+00:00","remote_addr":"%s","method":"GET","uri":"%s","status":%d,"bytes":%d,"request_time":0.%d,"ua":"%s"}' % (
        number(0, 59), number(0, 59), address(), path(), status(), three(), three(), browser())


def application():
    return pick([
        "%s ERROR http: request to https://api.example.com%s failed with status code %d" % ("2026-03-03T10:11:12Z", path(), status()),
        "[10:11:12] INFO  GET %s -> %d in %d ms" % (path(), status(), three()),
        "level=warn ts=2026-03-03T10:11:12Z msg=\"unexpected HTTP status\" code=%d url=https://example.org%s" % (status(), path()),
        "Started GET \"%s\" for %s at 2026-03-03 10:11:12; Completed %d in %dms (Views: %d.%dms)" % (path(), address(), status(), three(), three(), number(1, 9)),
        "HTTP request sent, awaiting response... %d" % status(),
        "requests.exceptions.HTTPError: %d Server Error for url: https://example.org%s" % (status(), path()),
        "E0303 10:11:12.%d %d reflector.go:%d] failed to list pods: the server returned %d" % (number(100000, 999999), three(), three(), three()),
    ])


def modsecurity():
    return '[Tue Mar 03 10:11:12 2026] [:error] [pid %d] [client %s] ModSecurity: Access denied with code %d (phase 2). Operator GE matched 5 at TX:anomaly_score. [file "/etc/modsecurity/crs/RESPONSE-%d.conf"] [line "%d"] [id "9%05d"] [severity "2"]' % (
        number(200, 9000), address(), status(), three(), three(), number(0, 99999))


def apache_error():
    return "[Tue Mar 03 10:11:12.%06d 2026] [%s:error] [pid %d:tid %d] [client %s:%d] %s" % (
        number(0, 999999), pick(["php", "core", "proxy", "authz_core"]), three(), three(), address(), number(1024, 65000),
        pick(["AH01071: Got error 'Primary script unknown'", "AH00124: Request exceeded the limit of 10 internal redirects", "File does not exist: /var/www/550",
              "PHP Notice:  Undefined index: code in /var/www/x.php on line %d" % three(), "script '/var/www/mail-5.1.1.php' not found or unable to stat"]))


def php():
    return "[03-Mar-2026 10:11:12 UTC] PHP %s:  %s in /var/www/app/%s.php on line %d" % (
        pick(["Warning", "Notice", "Fatal error", "Deprecated"]), pick(["Undefined variable $code", "Uncaught Exception: error 550", "Allowed memory size of 268435456 bytes exhausted", "Division by zero"]),
        pick(["index", "send", "status"]), three())


def cron():
    return syslog("CRON") + pick(["(root) CMD (/usr/local/bin/backup --keep 550)", "pam_unix(cron:session): session opened for user root(uid=0) by (uid=%d)" % three(),
                                  "(ann) CMD (test -x /usr/sbin/run-%d && run-%d)" % (three(), three())])


def sshd():
    return syslog("sshd") + pick([
        "Failed password for invalid user admin from %s port %d ssh2" % (address(), number(400, 599)), "Accepted publickey for ann from %s port 5%04d ssh2: RSA SHA256:x%dy" % (address(), number(0, 999), three()),
        "Received disconnect from %s port 450:11: Bye Bye [preauth]" % address(), "error: maximum authentication attempts exceeded for root from %s port 554 ssh2 [preauth]" % address(),
        "Connection closed by authenticating user root %s port %d [preauth]" % (address(), three()), "Bad protocol version identification '421' from %s" % address()])


def dns():
    return syslog(pick(["named", "unbound", "dnsmasq"])) + pick([
        "client @0x7f%d %s#%d (mx.example.org): query: mx.example.org IN MX -E(0)DC (192.0.2.53)" % (three(), address(), three()),
        "info: %s example.org. MX IN NOERROR 0.%d 1 %d" % (address(), three(), three()), "query[MX] 550.example.org from %s" % address(),
        "REFUSED unexpected RCODE resolving 'example.net/MX/IN': %s#53" % address(), "[%d:0] notice: init module 0: validator" % three(),
        "zone example.org/IN: loaded serial 2026030%d (DNSSEC signed) 5.1.1" % number(1, 9), "info: server stats for thread 0: %d queries, %d answers from cache, %d recursions" % (three(), three(), three())])


def system():
    return pick([
        syslog("systemd") + "backup.service: Main process exited, code=exited, status=%d/n/a" % number(200, 245), syslog("systemd") + "Started Session %d of User ann." % three(),
        syslog("systemd") + "logrotate.service: Consumed %d.%dms CPU time." % (three(), three()), syslog("kernel") + "[%d.%d] usb 5-1.1: new high-speed USB device number 5 using xhci_hcd" % (three(), three()),
        syslog("kernel") + "Out of memory: Killed process %d (java) total-vm:%dkB, anon-rss:550kB" % (three(), three()), syslog("kernel") + "EXT4-fs error (device sda1): ext4_lookup:%d: inode #%d: comm find" % (three(), three()),
        syslog("sudo") + "ann : TTY=pts/0 ; PWD=/srv/550 ; USER=root ; COMMAND=/usr/bin/kill %d" % three(), syslog("dockerd") + 'level=info msg="Container failed to exit within %ds of signal 15 - using the force"' % three(),
        syslog("ntpd") + "adjusting local clock by -0.%ds" % three(), syslog("dhcpd") + "DHCPACK on 192.0.2.%d to 52:54:00:12:34:56 via eth0" % number(200, 254),
        syslog("smartd") + "Device: /dev/sda [SAT], SMART Usage Attribute: 194 Temperature changed from 5 to 4.5.1", syslog("mysqld") + "2026-03-03T10:11:12.%dZ %d [Warning] Aborted connection %d to db: 'mail' user: 'mail' (Got timeout reading communication packets)" % (three(), three(), three()),
        "postgres[%d]: [%d-1] ERROR:  duplicate key value violates unique constraint \"codes_pkey\" (550)" % (three(), number(1, 9)), syslog("vsftpd") + "[ann] OK UPLOAD: Client \"%s\", \"/in/550.txt\", %d bytes, 4.2.2Kbyte/sec" % (address(), three()),
        syslog("apt") + "Unpacked libssl3 (3.0.%d-1~deb12u2) over (3.0.%d)" % (number(1, 20), number(1, 20)), syslog("haproxy") + "%s:%d [03/Mar/2026:10:11:12.%d] www~ app/web1 0/0/1/%d/%d %d %d - - ---- 5/5/0/0/0 0/0 \"GET %s HTTP/1.1\"" % (
            address(), three(), three(), three(), three(), status(), three(), path()),
        "%d.%d %d %s TCP_MISS/%d %d GET http://example.org%s - HIER_DIRECT/192.0.2.80 text/html" % (number(1700000000, 1799999999), three(), three(), address(), status(), three(), path()),
    ])


kinds = [http_combined, http_common, nginx_error, nginx_json, application, modsecurity, apache_error, php, cron, sshd, dns, system]
for index in range(int(sys.argv[1]) if len(sys.argv) > 1 else 10000):
    print(kinds[index % len(kinds)]())
