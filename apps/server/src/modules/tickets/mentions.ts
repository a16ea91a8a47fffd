/** Somebody who can be named. */
export type Nameable = { id: string; name: string }

/**
 * The members whom a note names by `@` and their whole name, or by a first name that only one of them has. Pure.
 */
export function mentionsIn(text: string, members: readonly Nameable[]): string[] {
  const said = text.normalize('NFC').toLowerCase()
  const names = members.map(({ id, name }) => ({ id, name: name.normalize('NFC').trim().toLowerCase() }))
  const first = Map.groupBy(names, ({ name }) => name.split(/\s+/)[0]!)
  return names
    .filter(({ name }) => {
      if (name === '') return false
      const short = name.split(/\s+/)[0]!
      return isNamed(said, name) || (first.get(short)!.length === 1 && isNamed(said, short))
    })
    .map(({ id }) => id)
}

function isNamed(said: string, name: string): boolean {
  const letters = String.raw`[\p{L}\p{N}_]`
  return new RegExp(
    `(?<!${letters})@${name.replaceAll(/[$()*+./?[\\\]^{|}]/g, String.raw`\$&`)}(?!${letters})`,
    'u',
  ).test(said)
}
