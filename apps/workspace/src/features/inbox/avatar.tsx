type Props = { name: string; member?: boolean; size?: 'small' | 'large' }

/** Initials in a circle; the name stands beside it, so nobody is read them. */
export function Avatar({ name, member, size }: Props) {
  return (
    <span className="avatar" data-kind={member ? 'member' : undefined} data-size={size} aria-hidden="true">
      {initialsOf(name)}
    </span>
  )
}

/** The first letters of the first and the last name; of an address, its first letter. */
function initialsOf(name: string): string {
  const words = name
    .replace(/@.*/, '')
    .split(/[\s._-]+/)
    .filter((word) => /\p{L}|\p{N}/u.test(word))
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '')
  return letters.join('').toLocaleUpperCase() || '?'
}
