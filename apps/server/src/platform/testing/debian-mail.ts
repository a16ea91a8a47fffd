import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** Debian's postfix, which takes mail and sends bounces, and its dovecot, which shows the mailbox `feedback@shop.test`. */
export type DebianMail = { smtpUrl: string; imapUrl: string; close(): Promise<void> }

const nobody = 65_534

/**
 * Starts both in a folder and on ports of their own; what is installed on the machine is left alone.
 * @param buyerPort of the mail server of `buyer.test` on this machine
 * @throws Error that says what to install, or that root is needed
 */
export async function openDebianMail(buyerPort: number): Promise<DebianMail> {
  const missing = ['/usr/sbin/postfix', '/usr/sbin/dovecot'].filter((program) => !existsSync(program))
  if (missing.length > 0) {
    throw new Error(
      'Install Debian’s postfix and dovecot first: apt-get install --no-install-recommends postfix dovecot-imapd',
    )
  }
  if (process.getuid?.() !== 0) throw new Error('Debian’s postfix starts as root only: run this lane as root')
  const folder = await mkdtemp(join(tmpdir(), 'lahko-mail-'))
  await chmod(folder, 0o755)
  await mkdir(join(folder, 'mail'))
  await chown(join(folder, 'mail'), nobody, nobody)
  const [smtpPort, imapPort] = [await freePort(), await freePort()]
  const stopPostfix = await startPostfix(join(folder, 'postfix'), join(folder, 'mail'), smtpPort, buyerPort)
  const stopDovecot = await startDovecot(join(folder, 'dovecot'), join(folder, 'mail'), imapPort)
  return {
    smtpUrl: `smtp://127.0.0.1:${smtpPort}`,
    imapUrl: `imap://feedback:secret@127.0.0.1:${imapPort}/INBOX`,
    async close() {
      stopPostfix()
      await stopDovecot()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function startPostfix(folder: string, mail: string, port: number, buyerPort: number): Promise<() => void> {
  for (const part of ['', 'queue', 'data']) await mkdir(join(folder, part), { recursive: true })
  const owner = Number(execFileSync('id', ['-u', 'postfix'], { encoding: 'utf8' }))
  await chown(join(folder, 'data'), owner, owner)
  await writeFile(join(folder, 'main.cf'), postfixSettings(folder, mail, buyerPort))
  const services = await readFile('/usr/share/postfix/master.cf.dist', 'utf8')
  await writeFile(join(folder, 'master.cf'), services.replace(/^smtp(\s+inet)/m, `127.0.0.1:${port}$1`))
  for (const file of ['postfix-files', 'postfix-script', 'post-install', 'makedefs.out', 'dynamicmaps.cf']) {
    if (existsSync(`/etc/postfix/${file}`)) await cp(`/etc/postfix/${file}`, join(folder, file))
  }
  execFileSync('/usr/sbin/postconf', ['-c', folder, '-F', '*/*/chroot=n'])
  execFileSync('/usr/sbin/postfix', ['-c', folder, 'start'], { stdio: 'ignore' })
  return () => void execFileSync('/usr/sbin/postfix', ['-c', folder, 'stop'], { stdio: 'ignore' })
}

/** Takes everything for `buyer.test`, and only then hears what the server there says of it. */
function postfixSettings(folder: string, mail: string, buyerPort: number): string {
  return `compatibility_level = 3.6
queue_directory = ${folder}/queue
data_directory = ${folder}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
maillog_file = ${folder}/log
maillog_file_prefixes = ${folder}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.shop.test
mydestination =
mynetworks = 127.0.0.0/8
alias_maps =
alias_database =
recipient_delimiter = +
virtual_mailbox_domains = shop.test
virtual_mailbox_base = ${mail}
virtual_mailbox_maps = inline:{ {feedback@shop.test = feedback/} }
virtual_uid_maps = static:${nobody}
virtual_gid_maps = static:${nobody}
transport_maps = inline:{ {buyer.test = smtp:[127.0.0.1]:${buyerPort}} }
`
}

async function startDovecot(folder: string, mail: string, port: number): Promise<() => Promise<void>> {
  await mkdir(folder)
  const settings = join(folder, 'dovecot.conf')
  await writeFile(settings, dovecotSettings(folder, mail, port))
  const child = spawn('/usr/sbin/dovecot', ['-F', '-c', settings], { stdio: 'ignore' })
  const ended = once(child, 'exit')
  for (let tries = 0; tries < 50 && !existsSync(join(folder, 'run', 'master.pid')); tries++) await sleep(100)
  return async () => {
    child.kill('SIGTERM')
    await ended
  }
}

function dovecotSettings(folder: string, mail: string, port: number): string {
  return `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/log
protocols = imap
listen = 127.0.0.1
ssl = no
disable_plaintext_auth = no
mail_location = maildir:${mail}/feedback
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${nobody} gid=${nobody} home=${mail}/feedback
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = 0
  }
}
`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
