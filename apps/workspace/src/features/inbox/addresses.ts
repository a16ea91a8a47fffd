import type { MailAddress } from '@lahko/contract'

const shape = /^[^\s@<>"(),;:]+@[^\s@<>"(),;:]+\.[^\s@<>"(),;:]+$/

/** `Ana <ana@a.example>, bor@b.example` as addresses. Pure. @returns what could not be read as `wrong` */
export function readAddresses(text: string): { addresses: MailAddress[]; wrong: string[] } {
  const addresses: MailAddress[] = []
  const wrong: string[] = []
  for (const part of text.split(/[,;\n]/).map((one) => one.trim())) {
    if (part === '') continue
    const [, name = '', bracketed] = /^(.*?)\s*<([^<>]*)>$/.exec(part) ?? []
    const address = (bracketed ?? part).trim().toLowerCase()
    if (!shape.test(address)) wrong.push(part)
    else if (!addresses.some((one) => one.address === address)) {
      addresses.push({ name: name.replaceAll('"', '').trim(), address })
    }
  }
  return { addresses, wrong }
}

/** The other way round, to be changed by hand. */
export function writeAddresses(addresses: readonly MailAddress[]): string {
  return addresses.map(({ name, address }) => (name ? `${name} <${address}>` : address)).join(', ')
}
