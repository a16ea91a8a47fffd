import { argon2, createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const argon2id = promisify(argon2)
// OWASP's password storage cheat sheet: Argon2id with 19 MiB, two passes, one lane.
const cost = { memory: 19456, passes: 2, parallelism: 1, tagLength: 32 }

/** 32 random bytes in base64url: 43 characters that fit into an address. */
export function newToken(bytes = 32): string {
  return randomBytes(bytes).toString('base64url')
}

/** How a token is stored: SHA-256, so that a stolen database opens nothing. */
export function hashToken(token: string): Buffer {
  return createHash('sha256').update(token).digest()
}

/** A password as a PHC string, `$argon2id$v=19$m=…,t=…,p=…$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const nonce = randomBytes(16)
  const tag = await argon2id('argon2id', { message: password.normalize('NFKC'), nonce, ...cost })
  const [salt, hash] = [nonce, tag].map((bytes) => Buffer.from(bytes).toString('base64').replace(/=+$/, ''))
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.parallelism}$${salt}$${hash}`
}

/** Whether `password` is the one behind a PHC string; a string that cannot be read matches nothing. */
export async function verifyPassword(password: string, phc: string): Promise<boolean> {
  const parts = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]+)\$([^$]+)$/.exec(phc)
  if (!parts) return false
  const expected = Buffer.from(parts[5]!, 'base64')
  const tag = await argon2id('argon2id', {
    message: password.normalize('NFKC'),
    nonce: Buffer.from(parts[4]!, 'base64'),
    memory: Number(parts[1]),
    passes: Number(parts[2]),
    parallelism: Number(parts[3]),
    tagLength: expected.length,
  })
  return timingSafeEqual(Buffer.from(tag), expected)
}
