#!/usr/bin/env python3
"""Measures SMTP receiving servers side by side, on loopback. Needs a C compiler and Python's standard library.

  server.py WORKLOAD... [-t NAME[:MODE]=COMMAND]... [--targets FILE] [options]

A COMMAND stays in the foreground and holds {port}; it may hold {mbox} (a file that does not exist yet),
{dir} (an empty folder), {cert} and {key} (an ECDSA P-256 pair made for the run). Every round starts each
server afresh, in turn (A B C A B C ...), warms it up, loads it, and stops it by its pid. A ratio is taken
within a round; the tables show medians over the rounds. Benchmarks/README.md says
what each column means; Benchmarks/run is the selection that `make bench` takes.
"""
import argparse, configparser, json, os, resource, shlex, shutil, signal, socket, statistics, subprocess, sys, tempfile, threading, time

HERE = os.path.dirname(os.path.abspath(__file__))
HZ = os.sysconf('SC_CLK_TCK')
MIB = 1 << 20
MODES = ('discard', 'mbox', 'mbox-sync', 'starttls', 'implicit', 'hooks', 'bdat', 'outputs')

# name: load arguments, warm-up messages, unit, fixed mode, what it is
WORKLOADS = {
    'small':    dict(args='-c 20 -n 10000 -s 2048', warm=1000, what='10k x 2 KiB, 20 sessions, many messages each, lock-step'),
    'session':  dict(args='-c 20 -n 5000 -s 2048 -m 1', warm=500, what='5k x 2 KiB, 20 at a time, a new session for each message'),
    'large':    dict(args='-c 4 -n 100 -s 10485760', warm=2, bulk=True, what='100 x 10 MiB, 4 sessions'),
    'bdat':     dict(args='-c 4 -n 100 -s 10485760 -b', warm=2, bulk=True, mode='bdat', what='100 x 10 MiB with BDAT in one chunk, 4 sessions'),
    'huge':     dict(args='-c 1 -n 1 -s 1073741824', warm=0, bulk=True, what='one message of 1 GiB: is memory flat?'),
    'pipe':     dict(args='-c 20 -n 20000 -s 2048 -P 2', warm=1000, what='20k x 2 KiB, 20 sessions, pipelined (body + next MAIL RCPT DATA in one group)'),
    'rcpt50':   dict(args='-c 20 -n 5000 -s 2048 -P 2 -r 50', warm=300, what='5k x 2 KiB to 50 recipients each, 20 sessions, pipelined'),
    'idle':     dict(idle=5000, what='5,000 idle connections after EHLO'),
    'idle10k':  dict(idle=10000, what='10,000 idle connections after EHLO'),
    'latency':  dict(args='-c 1 -n 1000 -s 2048 -w 20', warm=200, lat=True, what='one client, 1000 transactions in sequence on one connection (4 round trips each)'),
    'latency1': dict(args='-c 1 -n 1000 -s 2048 -w 20', warm=200, lat=True, pin='same', what='latency, client and server on one core (no cross-core wake-up)'),
    'starttls': dict(args='-c 20 -n 2000 -s 2048 -m 1 -t starttls', warm=100, mode='starttls', what='2k sessions: STARTTLS handshake + one 2 KiB message'),
    'implicit': dict(args='-c 20 -n 2000 -s 2048 -m 1 -t implicit', warm=100, mode='implicit', what='2k sessions: implicit TLS handshake + one 2 KiB message'),
    'tlsbulk':  dict(args='-c 4 -n 40 -s 10485760 -t starttls', warm=2, bulk=True, mode='starttls', what='40 x 10 MiB over STARTTLS, 4 sessions'),
}


def sh(cmd):
    r = subprocess.run(cmd, capture_output=True, text=True)
    if r.returncode:
        sys.exit(f'{shlex.join(cmd)}\n{r.stderr}')


def build(where):
    """Compile load.c and limit.c; with libssl when its headers are there. Returns True when TLS is in."""
    os.makedirs(where, exist_ok=True)
    cc = os.environ.get('CC', 'cc')
    probe = subprocess.run([cc, '-E', '-x', 'c', '-'], input='#include <openssl/ssl.h>\n', text=True, capture_output=True)
    tls = probe.returncode == 0
    extra = (['-DTLS'], ['-lssl', '-lcrypto']) if tls else ([], [])
    for p in ('load', 'limit'):
        src, out = f'{HERE}/{p}.c', f'{where}/{p}'
        if not os.path.exists(out) or os.path.getmtime(out) < os.path.getmtime(src):
            sh([cc, '-O2', *extra[0], '-o', out + '.new', src, *extra[1]])
            os.replace(out + '.new', out)
    return tls


# ---------------------------------------------------------------- processes
def tree(root):
    """root and its descendants, from /proc."""
    kids = {}
    for d in os.listdir('/proc'):
        if d.isdigit():
            try:
                with open(f'/proc/{d}/stat') as f:
                    kids.setdefault(int(f.read().rpartition(')')[2].split()[1]), []).append(int(d))
            except OSError:
                pass
    out, todo = [], [root]
    while todo:
        p = todo.pop()
        out.append(p)
        todo += kids.get(p, [])
    return out


def cpu_us(pids):
    """CPU used so far: utime+stime of each process and of the children it has waited for (/proc/PID/stat);
    the live threads' own counters in ns (schedstat) where they say more, stat being in ticks."""
    total = 0.0
    for p in pids:
        try:
            with open(f'/proc/{p}/stat') as f:
                s = f.read().rpartition(')')[2].split()
            ns = 0
            for t in os.listdir(f'/proc/{p}/task'):
                try:
                    with open(f'/proc/{p}/task/{t}/schedstat') as f:
                        ns += int(f.read().split()[0])
                except OSError:
                    pass
        except OSError:
            continue
        total += max((int(s[11]) + int(s[12])) * 1e6 / HZ, ns / 1e3) + (int(s[13]) + int(s[14])) * 1e6 / HZ
    return total


def status_kib(p, key):
    try:
        with open(f'/proc/{p}/status') as f:
            for line in f:
                if line.startswith(key + ':'):
                    return int(line.split()[1])
    except OSError:
        pass
    return 0


def pss_kib(pids):
    total = 0
    for p in pids:
        try:
            with open(f'/proc/{p}/smaps_rollup') as f:
                for line in f:
                    if line.startswith('Pss:'):
                        total += int(line.split()[1])
        except OSError:
            pass
    return total


def free_port():
    """A free port below the range that the kernel hands to outgoing connections."""
    for i in range(4000):
        p = 20000 + (os.getpid() * 7 + free_port.n * 13) % 12000
        free_port.n += 1
        with socket.socket() as s:
            s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                s.bind(('127.0.0.1', p))
                return p
            except OSError:
                pass
    sys.exit('no free port')


free_port.n = 0


class Server:
    def __init__(self, opt, name, command, mode, pin):
        self.name, self.mode = name, mode
        self.dir = tempfile.mkdtemp(prefix='smtpbench-', dir=opt.dir)
        os.chmod(self.dir, 0o777)
        self.port, self.mbox = free_port(), f'{self.dir}/mbox'
        cmd = command
        for k, v in dict(port=self.port, mbox=self.mbox, dir=self.dir, cert=opt.cert, key=opt.key, build=opt.build).items():
            cmd = cmd.replace('{' + k + '}', str(v))
        self.log = open(f'{self.dir}/log', 'wb')

        def pre():
            if pin is not None:
                os.sched_setaffinity(0, pin)
        self.p = subprocess.Popen(shlex.split(cmd), stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log,
                                  start_new_session=True, preexec_fn=pre, cwd=self.dir)
        self.pss_peak, self.stop_sampling = 0, threading.Event()
        try:
            self.wait_ready(mode == 'implicit')
            self.pids = tree(self.p.pid)
            if len(self.pids) > 1 or opt.pss:
                self.sampler = threading.Thread(target=self.sample, daemon=True)
                self.sampler.start()
        except BaseException:
            self.stop()
            raise

    def wait_ready(self, implicit):
        end = time.time() + 20
        while time.time() < end:
            if self.p.poll() is not None:
                raise RuntimeError(f'{self.name}: exited with {self.p.returncode}: {self.tail()}')
            try:
                with socket.create_connection(('127.0.0.1', self.port), 5) as s:
                    if not implicit:
                        s.settimeout(10)
                        if not s.recv(512).startswith(b'220'):
                            raise OSError
                        s.sendall(b'QUIT\r\n')
                        s.recv(512)
                time.sleep(0.15)
                return
            except OSError:
                time.sleep(0.02)
        raise RuntimeError(f'{self.name}: does not answer on port {self.port}: {self.tail()}')

    def tail(self):
        self.log.flush()
        with open(f'{self.dir}/log', 'rb') as f:
            return f.read()[-400:].decode('utf-8', 'replace')

    def sample(self):                      # several processes: shared pages counted once
        while not self.stop_sampling.wait(0.25):
            self.pss_peak = max(self.pss_peak, pss_kib(tree(self.p.pid)))

    def cpu(self):
        return cpu_us(tree(self.p.pid))

    def peak_mib(self):
        pids = tree(self.p.pid)
        if len(pids) > 1 or self.pss_peak:
            return max(self.pss_peak, pss_kib(pids)) / 1024
        return status_kib(self.p.pid, 'VmHWM') / 1024

    def rss_kib(self):
        pids = tree(self.p.pid)
        return sum(status_kib(p, 'VmRSS') for p in pids) if len(pids) == 1 else pss_kib(pids)

    def alive(self):
        return self.p.poll() is None

    def stop(self):
        self.stop_sampling.set()
        if self.p.poll() is None:
            pids = tree(self.p.pid)
            for sig, wait in ((signal.SIGTERM, 3), (signal.SIGKILL, 3)):
                for p in ([self.p.pid] if sig == signal.SIGTERM else pids):
                    try:
                        os.kill(p, sig)
                    except OSError:
                        pass
                try:
                    self.p.wait(wait)
                    break
                except subprocess.TimeoutExpired:
                    pass
            time.sleep(0.05)
            for p in pids[1:]:             # what it left behind, if it is still its own kind of process
                try:
                    if os.getsid(p) == self.p.pid:
                        os.kill(p, signal.SIGKILL)
                except OSError:
                    pass
        self.log.close()

    def clean(self):
        shutil.rmtree(self.dir, ignore_errors=True)


# ---------------------------------------------------------------- one measurement
def load(opt, port, args, limit=None, pin=None, n=None):
    a = shlex.split(args)
    if n is not None:
        a[a.index('-n') + 1] = str(n)
    cmd = [f'{opt.build}/load', '-p', str(port), *a, '-W', str(int((limit or 30) * 1.5 + 20))]
    if limit:
        cmd += ['-T', str(limit)]
    r = subprocess.run(cmd, capture_output=True, text=True, preexec_fn=(lambda: os.sched_setaffinity(0, pin)) if pin else None)
    try:
        return json.loads(r.stdout)
    except ValueError:
        return {'done': 0, 'errors': 1, 'first': (r.stdout + r.stderr)[-200:]}


def smtp_source(opt, port, args, n=None):
    a = shlex.split(args)
    get = lambda k, d: a[a.index(k) + 1] if k in a else d
    n = n or int(get('-n', 1))
    cmd = shlex.split(opt.smtp_source) + ['-4', '-s', get('-c', '1'), '-m', str(n), '-l', get('-s', '2048'), '-f', 'sender@example.test', '-t', 'u0@example.test']
    if '-m' not in a:
        cmd.append('-d')
    t = time.monotonic()
    r = subprocess.run(cmd + [f'127.0.0.1:{port}'], capture_output=True, text=True)
    return {'done': n if r.returncode == 0 else 0, 'wall_s': time.monotonic() - t, 'errors': r.returncode, 'first': r.stderr[-200:]}


def body_of(opt, size):
    f = f'{opt.build}/msg.{size}'
    sh([f'{opt.build}/load', '-s', str(size), '-o', f])
    with open(f, 'rb') as h:
        w = h.read()
    os.unlink(f)
    body = w.partition(b'\r\n\r\n')[2][:-3].replace(b'\r\n', b'\n')
    lines = [l[1:] if l.startswith(b'.') else l for l in body.split(b'\n')]
    return [b'\n'.join(b'>' + l if l.startswith(b'From ') else l for l in lines), b'\n'.join(lines)]


def verify(opt, srv, sent, size):
    try:
        with open(srv.mbox, 'rb') as f:
            data = f.read()
    except OSError:
        return 'no file'
    data = data.replace(b'\r\n', b'\n')
    quoted, plain = body_of(opt, size)
    n = data.count(quoted)
    if n == sent:
        return 'ok'
    m = data.count(plain)
    return f'{m} of {sent}, From lines unquoted' if m else f'{n} of {sent} as sent'


def measure(opt, wl, name, command, mode, rnd):
    w = WORKLOADS[wl]
    how = w.get('pin', opt.pin)
    spin, cpin = {'none': (None, None), 'split': ({1}, {0}), 'same': ({0}, {0})}[how]
    srv = Server(opt, name, command, mode, spin)
    try:
        if 'idle' in w:
            return idle(opt, srv, w['idle'])
        args, scale = w['args'], opt.scale
        n = int(shlex.split(args)[shlex.split(args).index('-n') + 1])
        if w.get('bulk') and mode.startswith('mbox'):
            n //= 5
        if mode == 'mbox-sync' and not w.get('bulk'):
            n //= 5
        n = max(1, int(n * scale))
        warm = max(1, int(w['warm'] * min(1, scale))) if w['warm'] else 0
        gen = (lambda n=None, limit=None: smtp_source(opt, srv.port, args, n)) if opt.smtp_source and wl in ('small', 'session', 'large') \
            else (lambda n=None, limit=None: load(opt, srv.port, args, limit, cpin, n))
        a = gen(n=warm, limit=opt.max_seconds / 4) if warm else {'done': 0}
        if a.get('errors') or not srv.alive():
            return {'error': f"warm-up: {a.get('first')} {srv.tail()[-200:]}"}
        time.sleep(0.1)
        c0 = srv.cpu()
        r = gen(n=n, limit=opt.max_seconds)
        time.sleep(0.05)
        c1 = srv.cpu()
        if r.get('errors') or not r.get('done'):
            return {'error': f"{r.get('first')} after {r.get('done')} {srv.tail()[-200:]}"}
        size = int(shlex.split(args)[shlex.split(args).index('-s') + 1])
        m = {'msgs': r['done'], 'wall_s': r['wall_s'], 'rate': r['done'] / r['wall_s'], 'cpu_us': (c1 - c0) / r['done'],
             'mib_s': r['done'] * size / MIB / r['wall_s'], 'cpu_us_mib': (c1 - c0) / (r['done'] * size / MIB), 'peak_mib': srv.peak_mib(),
             'p50': r.get('p50_us'), 'p99': r.get('p99_us'), 'client_cpu_us': r.get('client_cpu_s', 0) * 1e6 / r['done']}
        if mode.startswith('mbox') and rnd == 0 and '{mbox}' in command and size < 64 * MIB:
            time.sleep(0.3)
            m['mbox'] = verify(opt, srv, r['done'] + a['done'], size)
        return m
    finally:
        srv.stop()
        srv.clean()


def idle(opt, srv, n):
    warm = load(opt, srv.port, '-c 1 -n 100 -s 2048')
    if warm.get('errors'):
        return {'error': f"warm-up: {warm.get('first')}"}
    r0, c0 = srv.rss_kib(), srv.cpu()
    p = subprocess.Popen([f'{opt.build}/load', '-p', str(srv.port), '-i', str(n), '-n', '200', '-s', '2048', '-W', '60'], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        line = p.stdout.readline()
        if not line.startswith('READY'):
            return {'error': line.strip()[:200] + srv.tail()[-120:]}
        ready = json.loads(line[6:])
        if ready['errors']:
            return {'error': f"{ready['first']} after {ready['idle']} connections {srv.tail()[-120:]}"}
        time.sleep(0.5)
        r1, c1 = srv.rss_kib(), srv.cpu()
        p.stdin.write('go\n'); p.stdin.flush()
        m = json.loads(p.stdout.readline() or '{}')
        if m.get('errors', 1) or not m.get('done'):
            return {'error': f"probe: {m.get('first')}"}
        return {'idle': n, 'connect_rate': n / ready['connect_s'], 'rss_per_conn': (r1 - r0) / n * 1024, 'cpu_us': (c1 - c0) / n,
                'p50': m['p50_us'], 'p99': m['p99_us'], 'peak_mib': srv.peak_mib()}
    finally:
        try:
            p.stdin.write('bye\n'); p.stdin.close()
        except OSError:
            pass
        try:
            p.wait(5)
        except subprocess.TimeoutExpired:
            p.kill(); p.wait()


# ---------------------------------------------------------------- tables
def file_system(path):
    """The kind of file system that a path is on, such as ext4."""
    path, best = os.path.realpath(path) + '/', ('', 'unknown')
    with open('/proc/mounts') as f:
        for line in f:
            where, kind = line.split()[1:3]
            if path.startswith(where.rstrip('/') + '/') and len(where) >= len(best[0]):
                best = (where, kind)
    return best[1]


def med(rs, k):
    v = [r[k] for r in rs if r.get(k) is not None]
    return statistics.median(v) if v else None


def ratios(res, name, base, k):
    v = [a[k] / b[k] for a, b in zip(res[name], res.get(base, [])) if 'error' not in a and 'error' not in b and a.get(k) and b.get(k)]
    return v


def num(x):
    return '' if x is None else f'{x:,.0f}' if abs(x) >= 100 else f'{x:.1f}' if abs(x) >= 10 else f'{x:.2f}'


def ratio_cell(res, name, base, k):
    v = ratios(res, name, base, k)
    return f'{num(statistics.median(v))} ({num(min(v))}-{num(max(v))})' if v else ''


def table(wl, mode, res, opt):
    w = WORKLOADS[wl]
    base, lim = opt.baseline, 'limit'
    if not any('error' not in r for r in res.get(base, [])):
        base = lim
    if 'idle' in w:
        cols = [('connects/s', 'connect_rate'), ('RSS B/conn', 'rss_per_conn'), ('CPU us/conn', 'cpu_us'), ('p50 us meanwhile', 'p50'), ('p99 us', 'p99')]
        rk = [('rss_per_conn', base), ('rss_per_conn', lim), ('cpu_us', base)]
    elif w.get('bulk'):
        cols = [('MiB/s', 'mib_s'), ('CPU us/MiB', 'cpu_us_mib'), ('peak MiB', 'peak_mib')]
        rk = [('mib_s', base), ('cpu_us_mib', base), ('cpu_us_mib', lim)]
    elif w.get('lat'):
        cols = [('p50 us', 'p50'), ('p99 us', 'p99'), ('CPU us/msg', 'cpu_us')]
        rk = [('p50', base), ('p99', base), ('cpu_us', base), ('cpu_us', lim)]
    else:
        cols = [('msgs/s', 'rate'), ('CPU us/msg', 'cpu_us'), ('peak MiB', 'peak_mib'), ('p50 us', 'p50'), ('p99 us', 'p99')]
        rk = [('rate', base), ('cpu_us', base), ('cpu_us', lim)]
    short = {'rate': 'rate', 'cpu_us': 'CPU', 'mib_s': 'MiB/s', 'cpu_us_mib': 'CPU', 'p50': 'p50', 'p99': 'p99', 'rss_per_conn': 'RSS'}
    rk = list(dict.fromkeys(rk))
    where = f'; files on {file_system(opt.dir)}' if mode in ('mbox', 'mbox-sync', 'outputs') else ''
    out = [f'### {wl}, {mode}: {w["what"]}{where}', '', f'{opt.rounds} rounds, medians; ratios within a round, in brackets the smallest and largest.', '',
           '| server | ' + ' | '.join(c for c, _ in cols) + ' | ' + ' | '.join(f'{short[k]} x {b}' for k, b in rk) + ' |',
           '|---|' + '---:|' * (len(cols) + len(rk))]
    for name, rs in res.items():
        good = [r for r in rs if 'error' not in r]
        if not good:
            out.append(f'| {name} | failed: {rs[0]["error"].strip()[:160]!r} |' + ' |' * (len(cols) + len(rk) - 1))
            continue
        note = '' if len(good) == len(rs) else f' ({len(rs) - len(good)} failed)'
        if good[0].get('mbox') not in (None, 'ok'):
            note += f" [mbox: {good[0]['mbox']}]"
        out.append(f'| {name}{note} | ' + ' | '.join(num(med(good, k)) for _, k in cols) + ' | ' + ' | '.join(ratio_cell(res, name, b, k) for k, b in rk) + ' |')
    return '\n'.join(out) + '\n'


def targets(opt):
    """{mode: {name: command}}, in the order given."""
    t = {m: {} for m in MODES}
    if not opt.no_limit:
        t['discard']['limit'] = '{build}/limit {port}'
        t['mbox']['limit'] = '{build}/limit -m {mbox} {port}'
        t['mbox-sync']['limit'] = '{build}/limit -m {mbox} -S group {port}'
        t['outputs']['limit-maildir'] = '{build}/limit -d {dir}/limit {port}'
        t['outputs']['limit-exec'] = '{build}/limit -x true {port}'
        t['mbox-sync']['limit-each'] = '{build}/limit -m {mbox} -S each {port}'
        if opt.tls:
            t['starttls']['limit'] = '{build}/limit -C {cert} -K {key} {port}'
            t['implicit']['limit'] = '{build}/limit -C {cert} -K {key} -I {port}'
    if shutil.which('smtp-sink'):
        t['discard']['smtp-sink'] = 'smtp-sink ' + ('-u nobody ' if os.getuid() == 0 else '') + '-m 20000 127.0.0.1:{port} 4096'
    for f in opt.targets:
        c = configparser.ConfigParser(interpolation=None, delimiters=('=',))
        c.optionxform = str
        try:
            with open(f) as h:
                c.read_file(h)
        except (OSError, configparser.Error) as e:
            sys.exit(f'server.py: {e}')
        if set(c.sections()) - set(MODES):
            sys.exit(f'server.py: {f}: a section is one of {", ".join(MODES)}')
        for mode in c.sections():
            for name, command in c.items(mode):
                t[mode][name] = command
    for s in opt.t:
        name, _, command = s.partition('=')
        name, _, mode = name.partition(':')
        if not command or (mode or 'discard') not in MODES:
            sys.exit(f'server.py: -t {s}: NAME[:MODE]=COMMAND, MODE one of {", ".join(MODES)}')
        t[mode or 'discard'][name] = command
    if opt.only:
        keep = opt.only.split(',')
        t = {m: {n: d[n] for n in keep if n in d} for m, d in t.items()}
    return t


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
                                epilog='workloads:\n' + '\n'.join(f'  {k:9} {v["what"]}' for k, v in WORKLOADS.items()) + '\n  all       every one of them; in mode mbox or mbox-sync: small session large pipe')
    p.add_argument('workload', nargs='+', choices=[*WORKLOADS, 'all', 'build'], metavar='WORKLOAD')
    p.add_argument('-t', action='append', default=[], metavar='NAME[:MODE]=COMMAND', help='a server; MODE is ' + ', '.join(MODES) + ' (default discard)')
    p.add_argument('--targets', action='append', default=[], metavar='FILE', help='INI file: a section for each mode, lines NAME = COMMAND')
    p.add_argument('--only', metavar='NAME,NAME', help='these targets only, in this order')
    p.add_argument('--mode', default='discard', choices=('discard', 'mbox', 'mbox-sync', 'hooks', 'outputs'))
    p.add_argument('--baseline', default='smtp-sink')
    p.add_argument('--rounds', type=int, default=5)
    p.add_argument('--scale', type=float, default=1.0, help='multiply the number of messages')
    p.add_argument('--max-seconds', type=float, default=15, help='a load starts no new message after this; what was done counts')
    p.add_argument('--pin', default='none', choices=('none', 'split', 'same'), help='split: server on core 1, load on core 0')
    p.add_argument('--smtp-source', metavar='COMMAND', help='for small, session and large, use this smtp-source as the load')
    p.add_argument('--pss', action='store_true', help='sample PSS for single processes too')
    p.add_argument('--build', default=os.path.join(tempfile.gettempdir(), f'smtp-bench-{os.getuid()}'), help='where load.c and limit.c are compiled')
    p.add_argument('--dir', default=tempfile.gettempdir(), help='where mbox files go (a real disk for mbox-sync)')
    p.add_argument('--no-limit', action='store_true', help='leave the limit server out')
    p.add_argument('--json', metavar='FILE', help='append every round, one JSON object a line')
    p.add_argument('--md', metavar='FILE', help='append the tables')
    opt = p.parse_args()
    signal.signal(signal.SIGTERM, lambda *a: sys.exit(143))     # so that the server under test is stopped too
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    opt.build, opt.dir = os.path.abspath(opt.build), os.path.abspath(opt.dir)
    opt.tls = build(opt.build)
    if 'build' in opt.workload:
        return
    opt.cert, opt.key = f'{opt.build}/cert.pem', f'{opt.build}/key.pem'
    if shutil.which('openssl'):
        sh(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', opt.key, '-out', opt.cert,
            '-days', '2', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'])
        os.chmod(opt.key, 0o644)           # a throw-away key, read by servers that change user
    ts = targets(opt)
    wls = opt.workload
    if 'all' in wls:
        wls = list(WORKLOADS) if opt.mode == 'discard' else ['small', 'session', 'large', 'pipe']
    bad = 0
    for wl in wls:
        mode = WORKLOADS[wl].get('mode', opt.mode)
        if mode in ('starttls', 'implicit') and not opt.tls:
            print(f'{wl}: skipped, libssl headers are missing'); continue
        t = ts[mode]
        if not t:
            print(f'{wl}: no target for mode {mode}'); continue
        res = {n: [] for n in t}
        for rnd in range(opt.rounds):
            for name, command in t.items():
                try:
                    m = measure(opt, wl, name, command, mode, rnd)
                except (RuntimeError, OSError) as e:
                    m = {'error': str(e)}
                res[name].append(m)
                print(f'  {wl} {mode} round {rnd + 1} {name}: ' + (m.get('error') or f"cpu {num(m.get('cpu_us'))} us, p50 {num(m.get('p50'))} us, peak {num(m.get('peak_mib'))} MiB, rate {num(m.get('rate') or m.get('connect_rate'))}/s {m.get('mbox', '')}"), file=sys.stderr, flush=True)
                if opt.json:
                    with open(opt.json, 'a') as f:
                        f.write(json.dumps({'workload': wl, 'mode': mode, 'round': rnd, 'server': name, **m}) + '\n')
        s = table(wl, mode, res, opt)
        print(s, flush=True)
        if opt.md:
            with open(opt.md, 'a') as f:
                f.write(s + '\n')
        bad |= any(all('error' in r for r in rs) for rs in res.values())
    return bad


if __name__ == '__main__':
    sys.exit(main())
