/** The addresses that let their reader in: what invites a member, sets a password or signs in. */
const link = /\/app\/(join|password|enter)\//
const encoded = /^[A-Za-z0-9+/]+={0,2}$/

/** Whether a message brings back a link that lets its reader in: as it was written, or encoded for its way. */
export function holdsEntryLink(raw: Buffer): boolean {
  const text = raw.toString('latin1')
  if (link.test(text.replaceAll(/=\r?\n/g, ''))) return true
  const lines = text.split('\n').map((line) => line.trim())
  return link.test(Buffer.from(lines.filter((line) => encoded.test(line)).join(''), 'base64').toString('latin1'))
}
